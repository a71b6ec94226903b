import { describe, expect, it } from 'vitest';
import { withoutEcho } from '../../src/engine/echo.ts';
import { fc } from '../property.ts';
import { pipelineOf, worldOf } from './world.ts';

async function* streamOf(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts;
}

describe('what a provider says about a batch', () => {
  it('stays as it is when it quotes nothing', async () => {
    const said = 'token_limit_exceeded: the enqueued tokens of this model are used up';
    expect(await withoutEcho(said, streamOf(['How many in 1?', 'token', '']))).toBe(said);
  });

  it('ends where it begins to quote a prompt', async () => {
    const prompt = 'Describe the secret plan of the third quarter in two sentences.';
    const said = `invalid_value (line 3): "${prompt}" is too long`;
    const told = await withoutEcho(said, streamOf(['other', prompt, 'another']));
    expect(told).toMatch(/^invalid_value.*\[left out: it quotes the request\]$/);
    expect(told).not.toContain('secret');
  });

  it.each([
    [
      'in another alphabet, as escapes',
      'Опиши тайный план на квартал',
      String.raw`bad: \u041e\u043f\u0438\u0448\u0438 \u0442\u0430\u0439\u043d\u044b\u0439`,
    ],
    [
      'in short lines, told in one',
      'alpha beta\ngamma delta\nepsilon zeta',
      'bad: alpha beta gamma delta epsilon zeta',
    ],
    [
      'as a JSON string',
      'say "the word"\nand then "another"',
      String.raw`bad: say \"the word\"\nand then \"another\"`,
    ],
  ])('recognises a quotation %s', async (_, prompt, said) => {
    const told = await withoutEcho(said, streamOf([prompt]));
    expect(told).toMatch(/^(bad: ?)?\[left out: it quotes the request\]$/);
  });

  it('never keeps 23 characters of a prompt, wherever they stand', async () => {
    const text = fc.string({ minLength: 23, maxLength: 60, unit: 'grapheme-ascii' });
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.string({ maxLength: 60 }),
        fc.string({ maxLength: 40 }),
        async (prompt, a, b) => {
          const told = await withoutEcho(`${a}${prompt}${b}`, streamOf([prompt]));
          const kept = inOneLine(told.replace('[left out: it quotes the request]', ''));
          const asked = inOneLine(prompt);
          for (let at = 0; at + 23 <= asked.length; at++)
            expect(kept).not.toContain(asked.slice(at, at + 23));
        },
      ),
    );
  });

  it('reaches no journal with a prompt in it', async () => {
    const world = await worldOf(
      pipelineOf(
        3,
        {},
        { templates: { ask: 'Tell me all about the marker-in-a-prompt number {{ _repetition_id }}' } },
      ),
      { submit: () => ({ kind: 'rejected', why: 'bad: "all about the marker-in-a-prompt number 2"' }) },
    );
    await (await world.open()).tick();
    const { events } = await world.journal.read();
    expect(JSON.stringify(events)).toContain('left out');
    expect(JSON.stringify(events)).not.toContain('marker-in-a-prompt');
  });
});

/** A text as messages are told, each run of blanks as one: blanks alone tell nobody anything of a prompt. */
function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

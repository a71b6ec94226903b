// What the simulated model says under each fault of its text, read back by what reads real answers.

import { describe, expect, test } from 'vitest';
import { stringifyJson } from '../../src/expression/json.ts';
import type { AnswerContext } from '../../src/ports/provider.ts';
import { answerQuestion, type Question, tokensOf } from '../../src/simulator/answer.ts';
import type { FaultKind } from '../../src/simulator/faults.ts';
import { extractJson } from '../../src/validation/extract.ts';
import { fc } from '../property.ts';
import { customIdOf } from './world.ts';

const question = (changes: Partial<Question> = {}): Question => ({
  customId: customIdOf(1, 1),
  model: 'm',
  prompt: 'Tell it.',
  schema: null,
  maxTokens: 1000,
  ...changes,
});

/** A context that answers with the given value under one name. */
const saying = (value: unknown): AnswerContext => ({
  customId: customIdOf(1, 1),
  seed: '1',
  fields: JSON.stringify({ said: value }),
  simulate: [{ name: 'answer', expr: 'said' }],
  schema: null,
});

const answered = (context: AnswerContext | null, fault: FaultKind | null, variant = 0, asked = question()) =>
  answerQuestion(asked, context, { fault, variant }, 0);

const textOf = (...given: Parameters<typeof answered>): string => {
  const answer = answered(...given);
  return answer.kind === 'text' ? answer.text : '';
};

const read = (text: string) => {
  const found = extractJson(text);
  return found.kind === 'found' ? stringifyJson(found.value) : null;
};

const values = fc.oneof(fc.string({ maxLength: 40 }), fc.integer(), fc.array(fc.string({ maxLength: 9 })));
const awkward = ['a\nb\tc', 'back\\slash\\n', '"', '{"x": [', '```json', ''];

describe('an answer', () => {
  test.each(['fenced', 'prose', 'control', 'verbose'] as const)(
    'that is %s means what it would mean without',
    (fault) => {
      const holds = (value: unknown) => {
        const context = saying(value);
        const plain = read(textOf(context, null));
        expect(plain).not.toBeNull();
        expect(read(textOf(context, fault))).toBe(plain);
      };
      for (const value of awkward) holds(value);
      fc.assert(fc.property(values, holds), { numRuns: 60 });
    },
  );

  test('with control characters has them raw', () => {
    expect(textOf(saying('a\nb'), 'control')).toContain('a\nb');
    expect(() => JSON.parse(textOf(saying('a\nb'), 'control')) as unknown).toThrow();
  });

  test('that is malformed cannot be read', () => {
    fc.assert(
      fc.property(values, fc.nat(5), (value, variant) => {
        expect(read(textOf(saying(value), 'malformed', variant))).toBeNull();
      }),
      { numRuns: 60 },
    );
  });

  test('never has more tokens than are allowed, whatever happens to it', () => {
    const faults = fc.constantFrom<(FaultKind | null)[]>(
      null,
      'verbose',
      'prose',
      'fenced',
      'malformed',
      'refused',
    );
    fc.assert(
      fc.property(
        faults,
        fc.integer({ min: 1, max: 60 }),
        fc.string({ unit: 'grapheme' }),
        (fault, most, said) => {
          for (const context of [saying(said), null]) {
            const answer = answered(context, fault, 0, question({ maxTokens: most }));
            if (answer.kind === 'errored') throw new Error(answer.message);
            expect(answer.output).toBeLessThanOrEqual(most);
            expect(answer.output).toBe(tokensOf(answer.text));
            if (fault === 'verbose') expect(answer.output).toBe(most);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('may have been read from a cache in part', () => {
    const asked = question({ prompt: 'x'.repeat(400) });
    expect(answerQuestion(asked, null, { fault: null, variant: 0 }, 0.25)).toMatchObject({
      input: 100,
      cached: 25,
    });
  });
});

import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../src/commands/evaluate.ts';
import { answerLines } from '../../src/commands/json-lines.ts';
import { createRenderer } from '../../src/commands/render-lines.ts';
import { readPythonSeed } from '../../src/simulation/mersenne.ts';

const DEFAULTS = { seed: readPythonSeed('0'), rng: 'tychei' } as const;
const evaluate = createEvaluator(DEFAULTS);
const render = createRenderer(DEFAULTS);

function evaluated(expr: string, rest: object = {}): unknown {
  return JSON.parse(evaluate(JSON.stringify({ expr, ...rest })));
}

function rendered(template: string, rest: object = {}): unknown {
  return JSON.parse(render(JSON.stringify({ template, ...rest })));
}

describe('a line of eval', () => {
  test('gives the value as JSON and as Python prints it', () => {
    expect(evaluate('{"expr":"[x, x / 2, None]","context":{"x":4}}')).toBe(
      `{"value":[4,2.0,null],"repr":"[4, 2.0, None]"}`,
    );
    expect(evaluate('{"expr":"d","context":{"d":{"10":1,"2":[true]}}}')).toBe(
      `{"value":{"10":1,"2":[true]},"repr":"{'10': 1, '2': [True]}"}`,
    );
  });

  test('gives tuples, sets and views as arrays, and null where JSON has no form', () => {
    expect(evaluated("({'a'}, {1: 2}.items())")).toEqual({
      value: [['a'], [[1, 2]]],
      repr: "({'a'}, dict_items([(1, 2)]))",
    });
    expect(evaluated("float('inf')")).toEqual({ value: null, repr: 'inf' });
    expect(evaluated("[1, float('nan')]")).toEqual({ value: null, repr: '[1, nan]' });
    expect(evaluated('{(1, 2): 3}')).toEqual({ value: null, repr: '{(1, 2): 3}' });
  });

  test("gives an error with Python's class first, and its place", () => {
    expect(evaluated("1 + {}['Z']")).toEqual({ error: "KeyError: 'Z'", at: [1, 5] });
    expect(evaluated('1 +')).toMatchObject({ error: expect.stringMatching(/^SyntaxError: /), at: [1, 4] });
    expect(evaluated('lambda *a: a')).toMatchObject({ error: expect.stringMatching(/^SyntaxError: /) });
    expect(evaluated('nobody')).toMatchObject({ error: expect.stringMatching(/^NameError: /), at: [1, 1] });
    expect(evaluated('[0] * 10**9')).toMatchObject({ error: expect.stringMatching(/^LimitError: /) });
    expect(evaluated("['a' * 1000000] * 100000")).toMatchObject({
      error: expect.stringMatching(/^LimitError: /),
    });
  });

  test('that is broken gives an error without a place', () => {
    for (const line of [
      '',
      'nope',
      '[]',
      '{}',
      '{"expr":1}',
      '{"expr":"1","context":[]}',
      '{"expr":"1","seed":1.5}',
      '{"expr":"1","seed":true}',
      '{"expr":"1","rng":"xorshift"}',
    ]) {
      expect(JSON.parse(evaluate(line)), line).toEqual({
        error: expect.stringMatching(/^InputError: /),
        at: null,
      });
    }
  });

  test('draws from its own seed and generator', () => {
    const roll = 'random.randint(1, 6)';
    // random.Random(42), random.Random('42') and random.Random(2**70) of CPython
    expect(evaluated(roll, { seed: 42, rng: 'python' })).toEqual({ value: 6, repr: '6' });
    expect(evaluated('random.random()', { seed: '42', rng: 'python' })).toMatchObject({
      value: 0.473659421919327,
    });
    expect(evaluate(`{"expr":"random.random()","rng":"python","seed":${2n ** 70n}}`)).toContain(
      '0.2327882718301838',
    );
    expect(evaluated('random.random()', { seed: 1 })).toEqual(evaluated('random.random()', { seed: '1' }));
    expect(evaluated('random.random()', { seed: 1 })).not.toEqual(evaluated('random.random()', { seed: 2 }));
    expect(evaluated('random.random()')).toEqual(evaluated('random.random()', { seed: 0, rng: 'tychei' }));
  });

  test('is not changed by the lines before it', () => {
    const line = '{"expr":"[x.append(1), x, random.random()]","context":{"x":[0]},"seed":5}';
    const first = evaluate(line);
    for (let i = 0; i < 3000; i++) evaluated(`${i} + 1`);
    expect(evaluate(line)).toBe(first);
  });
});

describe('a line of render', () => {
  test('gives the text, with the templates it brings', () => {
    expect(
      rendered('{% include "b" %} {{ a }}\n', {
        context: { a: [true, '5'] },
        templates: { b: 'B{{ a[1] }}' },
      }),
    ).toEqual({ text: "B5 [True, '5']\n" });
    expect(rendered('{% include "b" %}', { templates: { b: 'other' } })).toEqual({ text: 'other' });
  });

  test('gives an error with its place, and the template when it is another', () => {
    expect(rendered('a\n {{ nope }}')).toEqual({ error: "UndefinedError: 'nope' is undefined", at: [2, 5] });
    expect(rendered('{% if %}')).toMatchObject({ error: expect.stringMatching(/^TemplateSyntaxError: /) });
    expect(rendered('{% include "b" %}', { templates: { b: '{{ nope }}' } })).toMatchObject({
      at: [1, 4],
      template: 'b',
    });
    expect(rendered('{% include "c" %}', { templates: { b: '' } })).toMatchObject({
      error: expect.stringMatching(/^TemplateNotFound: /),
    });
  });

  test('that is broken gives an error without a place', () => {
    for (const line of ['{}', '{"template":"","templates":{"b":1}}', '{"template":"","context":1}']) {
      expect(JSON.parse(render(line)), line).toEqual({
        error: expect.stringMatching(/^InputError: /),
        at: null,
      });
    }
  });

  test('draws from its own seed and generator', () => {
    const shuffled = (rest: object): unknown => rendered('{{ [1, 2, 3, 4, 5, 6]|random }}', rest);
    expect(shuffled({ seed: 42, rng: 'python' })).toEqual({ text: '6' });
    expect(shuffled({ seed: 1 })).toEqual(shuffled({ seed: 1 }));
  });
});

describe('lines from a stream', () => {
  const never = new AbortController().signal;

  function collector(): { output: Writable; text: () => string } {
    let text = '';
    const output = new Writable({
      write(chunk, _, done) {
        text += chunk;
        done();
      },
    });
    return { output, text: () => text };
  }

  async function answered(chunks: readonly Uint8Array[]): Promise<string> {
    const { output, text } = collector();
    await answerLines(Readable.from(chunks, { objectMode: true }), output, (line) => `<${line}>`, never);
    return text();
  }

  test('are answered in order wherever the chunks are cut, also inside a character', async () => {
    const bytes = new TextEncoder().encode('één\n\nzwei\u2028drei\n🎲\nlast');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await answered([bytes.slice(0, cut), bytes.slice(cut)])).toBe(
        '<één>\n<>\n<zwei\u2028drei>\n<🎲>\n<last>\n',
      );
    }
    expect(await answered([...bytes].map((byte) => Uint8Array.of(byte)))).toContain('<🎲>\n');
    expect(await answered([])).toBe('');
  });

  test('are answered at once, for whoever waits for an answer before writing on', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const done = answerLines(input, output, (line) => line.toUpperCase(), never);
    for (const word of ['one', 'two']) {
      input.write(`${word}\n`);
      expect(String(await new Promise((resolve) => output.once('data', resolve)))).toBe(
        `${word.toUpperCase()}\n`,
      );
    }
    input.end();
    await done;
    expect(output.writableEnded).toBe(false);
  });

  test('are not read ahead of a reader who does not read', async () => {
    const answer = 'x'.repeat(1000);
    let seen = 0;
    const input = Readable.from(
      (function* () {
        for (let i = 0; i < 10_000; i++) yield new TextEncoder().encode('line\n'.repeat(10));
      })(),
    );
    const stop = new AbortController();
    const stuck = new Writable({ highWaterMark: 1 << 16, write() {} });
    const count = (): string => {
      seen++;
      return answer;
    };
    const done = answerLines(input, stuck, count, stop.signal);
    while (seen === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toBeLessThan(1000);
    stop.abort();
    stuck.destroy();
    await done;
  });

  test('end when the program is told to stop, or when nobody reads any more', async () => {
    const stop = new AbortController();
    const stopped = answerLines(new PassThrough(), new PassThrough(), String, stop.signal);
    stop.abort();
    await stopped;
    const closed = new Writable({
      write(_, __, done) {
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    await answerLines(Readable.from([new TextEncoder().encode('a\nb\n')]), closed, String, never);
  });
});

import { describe, expect, test } from 'vitest';
import { stringifyJson } from '../../src/expression/json.ts';
import { parsePlainJson } from '../../src/expression/plain-json.ts';
import { extractJson } from '../../src/validation/extract.ts';
import { fc } from '../property.ts';

function found(text: string): { json: string; notes: readonly string[] } {
  const extraction = extractJson(text);
  if (extraction.kind === 'none') throw new Error(`nothing found: ${extraction.reason}`);
  return { json: stringifyJson(extraction.value), notes: extraction.notes };
}

function reason(text: string): string {
  const extraction = extractJson(text);
  return extraction.kind === 'none' ? extraction.reason : `found ${stringifyJson(extraction.value)}`;
}

describe('extractJson', () => {
  test('takes strict JSON as it stands', () => {
    expect(found('{"b": 1, "a": [2.0, "x"]}')).toEqual({ json: '{"b":1,"a":[2.0,"x"]}', notes: [] });
    expect(found('\ufeff  [1]\n').json).toBe('[1]');
  });

  test('leaves strings alone that look like fences, trailing commas or signed numbers', () => {
    const text = '{"code": "```json\\n{\\"a\\": 1}\\n```", "tel": "tel, +1555", "list": "[1, 2,]"}';
    expect(found(text)).toEqual({
      json: '{"code":"```json\\n{\\"a\\": 1}\\n```","tel":"tel, +1555","list":"[1, 2,]"}',
      notes: [],
    });
  });

  test.each([
    ['```json\n{"a": 1}\n```', '{"a":1}'],
    ['```\n{"a": "x\\n```\\ny"}\n```', '{"a":"x\\n```\\ny"}'],
    ['~~~ JSON\n[1, 2]\n~~~', '[1,2]'],
    ['```json\nHere: {"a": 1,}\n```', '{"a":1}'],
  ])('takes %j out of its fence', (text, json) => {
    expect(found(text).json).toBe(json);
    expect(found(text).notes[0]).toBe('took the JSON out of its code fence');
  });

  test.each([
    ['Sure! Here it is:\n```json\n{"a": 1}\n```\nHope that helps {smile}.', '{"a":1}'],
    [
      'The set {x, y} gives {"a": "a } brace and a \\" quote"} as asked.',
      '{"a":"a } brace and a \\" quote"}',
    ],
    ['As noted in [1] and [2, 3]: {"a": 1}', '{"a":1}'],
    ['On [0, 1) the answer is {"a": 1}', '{"a":1}'],
    ['It is "{ not this" but {"a": 1}', '{"a":1}'],
    ['Scores: [3, 4]', '[3,4]'],
    ['Start with {} and end with {"a": 1}', '{"a":1}'],
    ['{"a": 1} and again {"a": 1.0}', '{"a":1}'],
  ])('finds the one value in %j', (text, json) => {
    expect(found(text).json).toBe(json);
    expect(found(text).notes[0]).toBe('took the JSON out of the text around it');
  });

  test.each([
    ['{"a": 1,}', '{"a":1}', 'removed 1 comma before a closing bracket'],
    [
      '{"a": [1, 2, ], "b": {"c": 3,\n},}',
      '{"a":[1,2],"b":{"c":3}}',
      'removed 3 commas before a closing bracket',
    ],
    ['{"a": +5, "b": [+1.5, -2]}', '{"a":5,"b":[1.5,-2]}', 'removed 2 plus signs before a number'],
    ['{"a": "line one\nline\ttwo"}', '{"a":"line one\\nline\\ttwo"}', 'escaped 2 control characters in text'],
  ])('mends %j', (text, json, note) => {
    expect(found(text)).toEqual({ json, notes: [note] });
  });

  test('mends around strings without touching what is in them', () => {
    expect(found('{"a": "x,} +5 ,]", "b": +5,}').json).toBe('{"a":"x,} +5 ,]","b":5}');
  });

  test.each([
    ['', 'it is empty'],
    ['I would rather not.', 'it holds no JSON value'],
    ['{"a": {"b": 1}, "c": "unfini', 'the JSON breaks off before it is complete'],
    ['Here you are: {"a": {"b": 1}, "c"', 'the JSON breaks off before it is complete'],
    ['[{"a": 1}, {"b": 2}, ', 'the JSON breaks off before it is complete'],
    ['["a", {"b": 2}, ', 'the JSON breaks off before it is complete'],
    ['{"a": 1}\n{"a": 2}', 'it holds 2 different JSON values, and one was asked for'],
    ['{a: 1}', 'a name in double quotes was expected at line 1, column 2'],
    ['{"a": 1 "b": 2}', "',' or '}' was expected at line 1, column 9"],
    [
      'Look: {"a": {"b": 1} "c": 2}',
      "the JSON in it is broken: ',' or '}' was expected at line 1, column 16",
    ],
    ['{"a": NaN}', 'a value was expected at line 1, column 7'],
    ['{"a": 1e999}', 'the number is too large at line 1, column 7'],
  ])('refuses %j', (text, expected) => {
    expect(reason(text)).toBe(expected);
  });

  test('refuses what is nested deeper than 60 levels or longer than 4 MB', () => {
    expect(reason(`${'['.repeat(60)}${']'.repeat(60)}`)).toMatch(/^found/);
    expect(reason(`${'['.repeat(61)}${']'.repeat(61)}`)).toContain('nested deeper than 60 levels');
    expect(reason(`"${'x'.repeat(4 * 1024 * 1024)}"`)).toBe('it is longer than 4 MB');
  });

  test.each(['{', '[', '{"', '["', '[1,', '{}', '[x', '{ ', '"[', '{"a":', '```\n', '[{"a":1},'])(
    'gives up on a megabyte of %j in bounded work',
    (piece) => {
      expect(['none', 'found']).toContain(extractJson(piece.repeat(1_000_000 / piece.length)).kind);
    },
  );

  test('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '+',
      '5',
      'a',
      '\n',
      '```',
      ' ',
      'true',
      '"k":',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        expect(['none', 'found']).toContain(extractJson(parts.join('')).kind);
      }),
      { numRuns: 2000 },
    );
  });

  test('gives any strict JSON back unchanged, alone, in a fence and in prose', () => {
    const tricky = fc.constantFrom(
      '```',
      '```json\n{"a":1}\n```',
      ',]',
      ',}',
      '+5',
      '{"',
      '}',
      '\n',
      '"',
      '\\',
    );
    const text = fc.array(fc.oneof(tricky, fc.string()), { maxLength: 4 }).map((parts) => parts.join(''));
    const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    const object = fc.dictionary(text, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });
    fc.assert(
      fc.property(object, fc.boolean(), (data, pretty) => {
        const json = JSON.stringify(data, null, pretty ? 2 : 0);
        const expected = extractJson(json);
        if (expected.kind === 'none') throw new Error(expected.reason);
        expect(expected.notes).toEqual([]);
        expect(parsePlainJson(stringifyJson(expected.value))).toEqual(data);
        for (const around of [`\`\`\`json\n${json}\n\`\`\``, `Here it is:\n${json}\nDone.`]) {
          expect(found(around).json).toBe(stringifyJson(expected.value));
        }
      }),
      { numRuns: 500 },
    );
  });
});

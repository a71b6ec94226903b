import { describe, expect, test } from 'vitest';
import { parsePlainJson } from '../../src/expression/plain-json.ts';
import { fc } from '../property.ts';

describe('parsePlainJson', () => {
  test('keeps keys that are written with escapes, whatever was read before', () => {
    // On Node 24 JSON.parse reads the second text as {"h":1,"\\":2}.
    parsePlainJson('{"h":[],"\\\\":0}');
    expect(Object.keys(parsePlainJson('{"h":1,"\\"":2}') as object)).toEqual(['h', '"']);
  });

  test('reads what was written, with any keys', () => {
    const key = fc.array(fc.constantFrom('"', '\\', '\n', ':', 'a', '":', '}'), { maxLength: 3 });
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(0, 'x', '"a": 1', '\\', true, null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          key.map((parts) => parts.join('')),
          tie('value'),
          { maxKeys: 3 },
        ),
      ),
    }));
    fc.assert(
      fc.property(value, (data) => {
        const text = JSON.stringify(data);
        expect(JSON.stringify(parsePlainJson(text))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses what is no JSON', () => {
    for (const text of ['', '{', '{"\\n":}', '{"a":1}}']) expect(() => parsePlainJson(text)).toThrow();
  });
});

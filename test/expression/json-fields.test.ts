import { describe, expect, it } from 'vitest';
import { fieldsFromJson, JsonError, parseJson, stringifyJson } from '../../src/expression/json.ts';
import { dictEntries, type PyDict } from '../../src/expression/values.ts';
import { fc } from '../property.ts';

/** JSON with some of its characters changed: most of it is none any more. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\ 01.eE-tn\n\u0001')), { maxLength: 3 }),
  )
  .map(([json, changes]) => {
    let text = `{"unit_id":"a","x":${json},"_m":{"n":[1,2.50,-0.1e3,null]}}`;
    for (const [at, character] of changes) {
      const place = at % text.length;
      text = `${text.slice(0, place)}${character}${text.slice(place + 1)}`;
    }
    return text;
  });

/** What comes of a text: fields as text, or the error. */
function readAll(
  text: string,
  only: ReadonlySet<string> | null,
): readonly (readonly [string, string])[] | string {
  try {
    return [...fieldsFromJson(text, only)].map(([name, value]) => [name, stringifyJson(value)] as const);
  } catch (error) {
    if (error instanceof JsonError) return error.toString();
    throw error;
  }
}

/** The same by the reader of any value. */
function reference(text: string): readonly (readonly [string, string])[] | string {
  try {
    const value = parseJson(text) as PyDict;
    return [...dictEntries(value)].map(([name, one]) => [String(name), stringifyJson(one)] as const);
  } catch (error) {
    if (error instanceof JsonError) return error.toString();
    throw error;
  }
}

describe('the fields of a JSON object', () => {
  it('are those of the reader of any value, with its errors, whether some are read over or not', () => {
    fc.assert(
      fc.property(nearlyJson, (text) => {
        const all = reference(text);
        expect(readAll(text, null)).toEqual(all);
        const some = readAll(text, new Set(['unit_id', '_m']));
        if (typeof all === 'string') expect(some).toBe(all);
        else {
          expect((some as typeof all).map(([name]) => name)).toEqual(all.map(([name]) => name));
          const exact = (pairs: typeof all) => pairs.filter(([name]) => name === 'unit_id' || name === '_m');
          expect(exact(some as typeof all)).toEqual(exact(all));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('keep their names apart when the text before had others at their places', () => {
    expect(readAll('{"ab":1,"c":2}', null)).toEqual([
      ['ab', '1'],
      ['c', '2'],
    ]);
    expect(readAll('{"a":1,"cd":2}', null)).toEqual([
      ['a', '1'],
      ['cd', '2'],
    ]);
    expect(readAll('{"a\\"":1,"a\\\\":2}', null)).toEqual([
      ['a"', '1'],
      ['a\\', '2'],
    ]);
    expect(readAll('{"a\\"":1,"a":2,"a":3}', null)).toEqual([
      ['a"', '1'],
      ['a', '3'],
    ]);
  });

  it('that are read over may not be nested deeper than others, nor be numbers that cannot be read', () => {
    const deep = `{"x":${'['.repeat(61)}${']'.repeat(61)}}`;
    expect(readAll(deep, new Set())).toMatch('nested deeper');
    expect(readAll('{"x":1e999}', new Set())).toMatch('too large');
    expect(readAll(`{"x":${'9'.repeat(5000)}}`, new Set())).toMatch('digits');
    expect(readAll('[1]', new Set())).toMatch('an object was expected');
  });
});

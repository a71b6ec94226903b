import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import {
  fieldsFromJson,
  fieldsToJson,
  fromPlain,
  JsonError,
  parseJson,
  stringifyJson,
  toPlain,
} from '../../src/expression/json.ts';
import {
  dictGet,
  dictOf,
  listItems,
  listOf,
  makeFloat,
  PyDict,
  typeName,
} from '../../src/expression/values.ts';
import { fc } from '../property.ts';

function evaluated(source: string) {
  return compileExpression(source).evaluate(new Map(), createEvaluation({ random: null }));
}

function problemOf(text: string): JsonError {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('JSON', () => {
  test('comes back unchanged: key order, floats, big integers', () => {
    for (const text of [
      '{"b":1,"a":2.0,"10":3,"2":[1.5,-0.0,1e+300]}',
      '[9007199254740993,-123456789012345678901234567890,0,-1,1e-07,0.0001]',
      '{"__proto__":{"constructor":1},"toString":null}',
      '"\\u0000\\u001f\\"\\\\ é 😀 \\ud800"',
      '{"":{},"a":[]}',
      '[true,false,null]',
    ]) {
      expect(stringifyJson(parseJson(text))).toBe(text);
    }
  });

  test('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const plain = (value: unknown) =>
          JSON.stringify(value, (_key, item) => (Object.is(item, -0) ? 0 : item));
        expect(plain(toPlain(parseJson(text)))).toBe(plain(JSON.parse(text)));
      }),
    );
  });

  test('writes what it reads, for every double', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(parseJson(stringifyJson(makeFloat(x)))).toEqual(makeFloat(x));
      }),
    );
  });

  test('keeps the first place and the last value of a repeated key', () => {
    expect(stringifyJson(parseJson('{"a":1,"b":2,"a":3}'))).toBe('{"a":3,"b":2}');
  });

  test.each([
    ['', 1, 1],
    ['{"a":1,}', 1, 8],
    ['[1,\n 2,\n oops]', 3, 2],
    ['{"a" 1}', 1, 6],
    ['[1 2]', 1, 4],
    ['01', 1, 1],
    ['1.', 1, 2],
    ['-', 1, 2],
    ['+1', 1, 1],
    ['NaN', 1, 1],
    ['Infinity', 1, 1],
    ['"a\nb"', 1, 3],
    ['"\\x41"', 1, 2],
    ['"\\u12"', 1, 2],
    ["{'a':1}", 1, 2],
    ['[1]x', 1, 4],
    ['1e999', 1, 1],
    ['tru', 1, 1],
    ['{"a":1', 1, 7],
    ['"abc', 1, 5],
  ])('%j is refused at line %i, column %i', (text, line, column) => {
    const problem = problemOf(text);
    expect([problem.line, problem.column]).toEqual([line, column]);
  });

  test('writes tuples, sets and ranges as arrays, and keys as Python makes them text', () => {
    expect(stringifyJson(evaluated('(1, (2,), range(3), {4})'))).toBe('[1,[2],[0,1,2],[4]]');
    expect(stringifyJson(evaluated('{True: 1, None: 2, 2.0: 3, 7: 4, 2.5: 5}'))).toBe(
      '{"true":1,"null":2,"2.0":3,"7":4,"2.5":5}',
    );
  });

  test.each(["float('nan')", "[float('inf')]", '{(1, 2): 3}', 'len', '[lambda: 1]'])(
    'has no form for %s',
    (source) => {
      expect(() => stringifyJson(evaluated(source))).toThrow(ExpressionError);
    },
  );

  test('fields are an object and nothing else', () => {
    const text = '{"2":1,"1":{"b":2.0}}';
    expect(fieldsToJson(fieldsFromJson(text))).toBe(text);
    expect(() => fieldsFromJson('[1]')).toThrow(JsonError);
  });
});

describe('plain data', () => {
  test('has objects without a prototype', () => {
    const plain = toPlain(parseJson('{"__proto__":1,"a":{"b":[2.0]}}')) as Record<string, unknown>;
    expect(Object.getPrototypeOf(plain)).toBeNull();
    expect(Object.keys(plain)).toEqual(['__proto__', 'a']);
  });

  test('becomes values: whole numbers int, the rest float', () => {
    expect(typeName(fromPlain(5))).toBe('int');
    expect(typeName(fromPlain(5.5))).toBe('float');
    expect(stringifyJson(fromPlain({ a: [1, 'x', null, true], b: 1e21 }))).toBe(
      '{"a":[1,"x",null,true],"b":1000000000000000000000}',
    );
    expect(
      stringifyJson(
        fromPlain(
          new Map([
            ['10', 1],
            ['9', 2],
          ]),
        ),
      ),
    ).toBe('{"10":1,"9":2}');
  });
});

describe('values', () => {
  test('dicts keep the order and place of their keys', () => {
    const dict = dictOf([
      ['b', 1],
      ['a', 2],
      ['b', 3],
    ]);
    expect(dict).toBeInstanceOf(PyDict);
    expect(stringifyJson(dict)).toBe('{"b":3,"a":2}');
    expect(dictGet(dict, 'b')).toBe(3);
    expect(dictGet(dict, 'toString')).toBeUndefined();
  });

  test('items of a list are a copy', () => {
    const list = listOf([1, 2]);
    expect(listItems(list)).toEqual([1, 2]);
    expect(listItems(list)).not.toBe(list.items);
  });
});

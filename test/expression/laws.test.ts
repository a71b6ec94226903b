import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { stringifyJson } from '../../src/expression/json.ts';
import { sha256Hex } from '../../src/expression/sha256.ts';
import { type Fields, listOf, type Value } from '../../src/expression/values.ts';
import { fc } from '../property.ts';

function evaluated(source: string, fields: Fields = new Map()): Value {
  return compileExpression(source).evaluate(fields, createEvaluation({ random: null }));
}

const bound = fc.option(fc.integer({ min: -8, max: 8 }), { nil: null });

describe('laws of the language', () => {
  test('a slice equals indexing by the range of the same bounds', () => {
    const step = fc.integer({ min: -3, max: 3 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(fc.array(fc.integer(), { maxLength: 7 }), bound, bound, step, (items, from, to, by) => {
        const fields = new Map<string, Value>([['xs', listOf([...items])]]);
        const slice = `${from ?? ''}:${to ?? ''}:${by}`;
        const places = `range(len(xs))[${slice}]`;
        expect(evaluated(`xs[${slice}] == [xs[i] for i in ${places}]`, fields)).toBe(true);
        expect(evaluated(`tuple(xs)[${slice}] == tuple(xs[${slice}])`, fields)).toBe(true);
      }),
    );
  });

  test('division and remainder belong together', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
        fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
        (a, b) => {
          fc.pre(b !== 0n);
          expect(evaluated(`(${a} // ${b}) * ${b} + ${a} % ${b} == ${a}`)).toBe(true);
          expect(evaluated(`divmod(${a}, ${b}) == (${a} // ${b}, ${a} % ${b})`)).toBe(true);
        },
      ),
    );
  });

  test('integer arithmetic never loses a digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
        fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }),
        (a, b) => {
          expect(stringifyJson(evaluated(`${a} + ${b}`))).toBe(String(a + b));
          expect(stringifyJson(evaluated(`${a} - (${b})`))).toBe(String(a - b));
          expect(stringifyJson(evaluated(`(${a}) * (${b})`))).toBe(String(a * b));
          expect(evaluated(`(${a} < ${b}, ${a} == ${b})[0]`)).toBe(a < b);
        },
      ),
    );
  });

  test('a formatted number reads back as the rounded one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.integer({ min: 0, max: 12 }),
        (x, digits) => {
          const fields = new Map<string, Value>([['x', x === 0 ? 0 : x]]);
          expect(evaluated(`float(f'{x:.${digits}f}') == round(float(x), ${digits})`, fields)).toBe(true);
          expect(evaluated(`f'{x:,.${digits}f}'.replace(',', '') == f'{x:.${digits}f}'`, fields)).toBe(true);
          expect(evaluated(`len(f'{x:>30.${digits}f}') >= 30`, fields)).toBe(true);
        },
      ),
    );
  });

  test('the repr of a string is an expression for it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const source = evaluated('repr(s)', new Map([['s', text]])) as string;
        fc.pre(!source.includes('\0'));
        expect(evaluated(source)).toBe(text);
      }),
    );
  });

  test('sorting keeps every item, in order, equal ones in place', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer())), (pairs) => {
        const fields = new Map<string, Value>([['xs', listOf(pairs.map((pair) => listOf([...pair])))]]);
        const sorted = stringifyJson(evaluated('sorted(xs, key=lambda p: p[0])', fields));
        expect(sorted).toBe(JSON.stringify([...pairs].sort((a, b) => a[0] - b[0])));
      }),
    );
  });

  test('split and join undo each other', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-c]{0,3}$/), { minLength: 1 }), (words) => {
        const fields = new Map<string, Value>([['xs', listOf([...words])]]);
        expect(evaluated("'-'.join(xs).split('-') == xs and '-'.join(xs).rsplit('-') == xs", fields)).toBe(
          true,
        );
      }),
    );
  });

  test('no text makes the parser fail otherwise than with its own error', () => {
    const piece = fc.constantFrom(
      ...'( ) [ ] { } , : . + - * / % ** // == != < in not is and or if else for lambda x y 1 2.5 "a" f"{ }" \' \\ # := = ! \n'.split(
        ' ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          compileExpression(pieces.join(' '));
        } catch (error) {
          expect(error).toMatchObject({ kind: 'syntax' });
        }
      }),
      { numRuns: 500 },
    );
  });

  test('SHA-256 equals the platform', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });
});

import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { stringifyJson } from '../../src/expression/json.ts';
import { drawBelow, sampleItems, shuffleItems } from '../../src/expression/random.ts';
import { toNumber } from '../../src/expression/values.ts';
import { fc } from '../property.ts';
import { countingSource } from './sources.ts';

describe('draws', () => {
  test('need a stream', () => {
    const evaluate = () =>
      compileExpression('random.random()').evaluate(new Map(), createEvaluation({ random: null }));
    expect(evaluate).toThrow(ExpressionError);
  });

  test('below a limit stay below it and reach every value', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(1000), (limit, seed) => {
        const source = countingSource(seed);
        const seen = new Set(Array.from({ length: limit * 30 }, () => drawBelow(source, limit)));
        return Math.min(...seen) >= 0 && Math.max(...seen) < limit && seen.size > limit * 0.8;
      }),
      { numRuns: 50 },
    );
  });

  test('below limits beyond 2^32 stay below them', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(1000), (n, seed) => {
        const limit = Math.max(1, n);
        return drawBelow(countingSource(seed), limit) < limit;
      }),
    );
  });

  test('shuffle and sample lose and invent nothing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { maxLength: 60 }), fc.nat(1000), (items, seed) => {
        const shuffled = [...items];
        shuffleItems(countingSource(seed), shuffled);
        const sampled = sampleItems(countingSource(seed), items, items.length >> 1);
        expect([...shuffled].sort()).toEqual([...items].sort());
        expect(new Set(sampled).size).toBe(items.length >> 1);
        expect(sampled.every((item) => items.includes(item))).toBe(true);
      }),
    );
  });

  test('from the Poisson distribution have its mean and variance', () => {
    const evaluation = createEvaluation({ random: countingSource(3), limits: { fuel: 1e9 } });
    const expression = compileExpression('[random.poissonvariate(70) for _ in range(4000)]');
    const values = JSON.parse(stringifyJson(expression.evaluate(new Map(), evaluation))) as number[];
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 70)).toBeLessThan(0.6);
    expect(Math.abs(variance - 70)).toBeLessThan(8);
  });

  test('shadowed by a field named random belong to the field', () => {
    const fields = new Map([['random', 5]]);
    const evaluate = () =>
      compileExpression('random + 1').evaluate(fields, createEvaluation({ random: null }));
    expect(toNumber(evaluate())).toBe(6);
  });
});

import { expect, test } from 'vitest';
import { multiplyDecimals, parseUsd } from '../../src/analysis/money.ts';
import { boundOfRequest, costOfRequest } from '../../src/analysis/price.ts';
import type { TokenPrice } from '../../src/pipeline/pipeline.ts';
import { fc } from '../property.ts';

const plain: TokenPrice = { input: '0.15', output: '0.6', cachedInput: '0.075', above: null, source: 'test' };
const tiered: TokenPrice = {
  ...plain,
  above: { inputTokens: 200_000, input: '0.3', output: '0.9', cachedInput: '0.15' },
};

test('cached tokens cost their own price, and are never more than the input', () => {
  expect(costOfRequest({ input: 1000, output: 10, cached: 400 }, plain)).toBe(
    90_000_000n + 6_000_000n + 30_000_000n,
  );
  expect(costOfRequest({ input: 10, output: 0, cached: 99 }, plain)).toBe(750_000n);
  expect(costOfRequest({ input: 10, output: 0, cached: 9 }, { ...plain, cachedInput: null })).toBe(
    1_500_000n,
  );
});

test('a request past the limit pays the dearer price for all its tokens', () => {
  expect(costOfRequest({ input: 200_000, output: 1 }, tiered)).toBe(30_000_600_000n);
  expect(costOfRequest({ input: 200_001, output: 1 }, tiered)).toBe(60_001_200_000n);
});

test('no answer within its limits costs more than its bound', () => {
  const count = fc.nat({ max: 500_000 });
  fc.assert(
    fc.property(
      count,
      count,
      fc.double({ min: 0, max: 1, noNaN: true }),
      count,
      (bytes, most, share, cached) => {
        for (const price of [plain, tiered]) {
          const tokens = { input: Math.floor(bytes * share), output: Math.floor(most * share), cached };
          expect(costOfRequest(tokens, price) <= boundOfRequest(bytes, most, price)).toBe(true);
        }
      },
    ),
  );
});

test('decimals multiply exactly, without floats', () => {
  expect(multiplyDecimals('0.15', '0.5')).toBe('0.075');
  expect(multiplyDecimals('3', '0.5')).toBe('1.5');
  expect(multiplyDecimals('2', '0.50')).toBe('1');
  expect(multiplyDecimals('0.1', '0.2')).toBe('0.02');
  expect(multiplyDecimals('0', '0.5')).toBe('0');
  expect(multiplyDecimals('-1', '2')).toBeNull();
  expect(multiplyDecimals('1', 'half')).toBeNull();
  fc.assert(
    fc.property(fc.nat(), fc.nat({ max: 1000 }), (a, b) => {
      const product = multiplyDecimals(String(a), `0.${String(b).padStart(4, '0')}`);
      expect(parseUsd(product ?? '')).toBe(BigInt(a) * BigInt(b) * 100_000_000n);
    }),
  );
});

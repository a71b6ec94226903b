import { expect, test } from 'vitest';
import { costOf, formatMoney, parseUsd, usdText } from '../../src/analysis/money.ts';
import { fc } from '../property.ts';

test('a price per million tokens is exact per token', () => {
  expect(costOf({ input: 1, output: 0 }, { input: '0.075', output: '0.30' })).toBe(75_000n);
  expect(costOf({ input: 301_000, output: 118_000 }, { input: '0.075', output: '0.30' })).toBe(
    57_975_000_000n,
  );
});

test('adding up a million calls gives what one call of their sum gives', () => {
  const price = { input: '0.1', output: '0.4' };
  const one = costOf({ input: 137, output: 41 }, price) ?? 0n;
  expect(one * 1_000_000n).toBe(costOf({ input: 137_000_000, output: 41_000_000 }, price));
});

test('what a picodollar cannot hold is rounded up, never away', () => {
  expect(costOf({ input: 1, output: 0 }, { input: '0.0000001', output: '0' })).toBe(1n);
  expect(parseUsd('0.0000000000001')).toBe(1n);
});

test('a price that is no amount has no cost', () => {
  for (const text of ['', '-1', '1e3', 'free', '1.', '.5', 'NaN', '1,5']) {
    expect(parseUsd(text)).toBeNull();
    expect(costOf({ input: 1, output: 1 }, { input: text, output: '1' })).toBeNull();
  }
});

test('amounts read well at every size', () => {
  const read = (text: string) => formatMoney(parseUsd(text) ?? -1n);
  expect(
    ['0', '0.00000001', '0.0007', '0.057', '0.0573', '0.06', '0.99999', '1', '1234.5', '1234567'].map(read),
  ).toEqual([
    '$0.00',
    'under $0.0001',
    '$0.0007',
    '$0.057',
    '$0.0573',
    '$0.06',
    '$1.00',
    '$1.00',
    '$1,234.50',
    '$1,234,567.00',
  ]);
});

test('exact text and money are the same thing', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 24n }), (money) => parseUsd(usdText(money)) === money),
  );
});

import { expect, test } from 'vitest';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  roughly,
} from '../../src/analysis/numbers.ts';
import { fc } from '../property.ts';

test('what is not all is never written as 100%, and what is not nothing never as 0%', () => {
  expect(formatPercent(0.9996, 1)).toBe('99.96%');
  expect(formatPercent(0.0004, 0)).toBe('0.04%');
  expect([formatPercent(0), formatPercent(1, 2), formatPercent(0.5, 1)]).toEqual(['0%', '100%', '50.0%']);
});

test('numbers have thousands, a real minus sign and no negative zero', () => {
  expect(formatNumber(-1234.5, 1)).toBe('−1,234.5');
  expect(formatNumber(-0.001, 1)).toBe('0.0');
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect([1e21, 1e-9, 0.1 + 0.2, -2].map(formatPlain)).toEqual(['1.000e21', '1e−9', '0.3', '−2']);
});

test('an error shows two significant digits', () => {
  expect([0.62, 12.3, 0.0031, 0].map(errorDecimals)).toEqual([2, 0, 4, 2]);
});

test('rough counts are rounded up, to two digits', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1e9 }), (n) => roughly(n) >= n && roughly(n) <= n * 1.11));
  expect([7, 402, 1787].map(roughly)).toEqual([7, 410, 1800]);
});

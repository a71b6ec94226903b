import { expect, test } from 'vitest';
import { openTokenCounter } from '../../src/adapters/tokens.ts';

const count = await openTokenCounter();

test('tokens are those of the newer OpenAI models', () => {
  expect(count('')).toBe(0);
  expect(count('Hello, world!')).toBe(4);
});

test('what looks like a special token is text', () => {
  expect(count('<|endoftext|>')).toBeGreaterThan(1);
});

test('a long text is counted from its pieces, close to the whole', () => {
  const line = 'The sailor takes a step to the left, and then another one to the right. ';
  const each = count(line + line) - count(line);
  for (const lines of [10, 100, 2_000]) {
    const share = count(line.repeat(lines)) / (each * lines);
    expect(share).toBeGreaterThan(0.97);
    expect(share).toBeLessThan(1.03);
  }
});

test('a long text without word ends is no trouble', () => {
  expect(count('a'.repeat(3_000_000))).toBeGreaterThan(300_000);
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { compileExpression } from '../../src/expression/expression.ts';

function messageOf(source: string): string {
  try {
    compileExpression(source);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    return `${error.line}:${error.column} ${error.message}`;
  }
}

const MISTAKES: readonly string[] = readFileSync(
  new URL('../golden/expression/mistakes.txt', import.meta.url),
  'utf8',
)
  .trim()
  .split('\n\n');

describe('the parser', () => {
  test('says what is wrong, where, and what was meant', async () => {
    const shown = MISTAKES.map((block) => {
      const source = block.split('\n=> ')[0]!;
      return `${source}\n=> ${messageOf(source)}`;
    });
    await expect(`${shown.join('\n\n')}\n`).toMatchFileSnapshot('../golden/expression/mistakes.txt');
  });

  test('refuses what Python has and the language has not, by name', () => {
    for (const source of [
      '...',
      "b'x'",
      '1j',
      'a @ b',
      'lambda *a: a',
      '[x for *x, y in z]',
      'await x',
      'x.__class__',
    ]) {
      expect(messageOf(source)).not.toBe('accepted');
    }
  });

  test('takes what Python 3.12 allows in f-strings', () => {
    const source = "f'{d['k']} {'\\n'.join(xs)}'";
    expect(messageOf(source)).toBe('accepted');
  });

  test('goes over lines inside brackets and behind a backslash', () => {
    expect(messageOf('(1 +\n 2)')).toBe('accepted');
    expect(messageOf('1 + \\\n 2')).toBe('accepted');
    expect(messageOf('\n  1 + 2\n\n')).toBe('accepted');
    expect(messageOf('1 + 2  # a remark\n')).toBe('accepted');
  });

  test('knows the names an expression reads from outside', () => {
    const namesOf = (source: string) => [...compileExpression(source).names];
    expect(namesOf('a + b * a')).toEqual(['a', 'b']);
    expect(namesOf('[x for x in xs if x > y]')).toEqual(['xs', 'y']);
    expect(namesOf('x + sum(x for x in x)')).toEqual(['x', 'sum']);
    expect(namesOf('(lambda q, r=s: q + r + t)(u)')).toEqual(['t', 's', 'u']);
    expect(namesOf("f'{a:>{w}} {b!r}'")).toEqual(['a', 'w', 'b']);
    expect(namesOf('(n := k) + n')).toEqual(['k']);
    expect(namesOf('[(a, b) for a in p for b in a]')).toEqual(['p']);
  });
});

import { describe, expect, test } from 'vitest';
import { compilePattern, PatternError } from '../../src/validation/pattern.ts';

describe('compilePattern', () => {
  test.each([
    ['^\\d{3}-\\d{4}$', ['555-1234'], ['5551234', '٣٣٣-1234']],
    ['b', ['abc'], ['xyz']],
    ['^[\\w-]+$', ['a_b-c'], ['a b', 'é']],
    ['^\\S+$', ['word'], ['two words', 'no\u00a0break']],
    ['^a\\sb$', ['a b', 'a\u00a0b', 'a\vb'], ['ab']],
    ['^[\\s\\S]$', ['\n', 'x'], ['xy']],
    ['^\\p{Letter}+$', ['Grüße'], ['a1']],
    ['^\\p{Script=Greek}+$', ['αβγ'], ['abc']],
    ['^\\P{L}$', ['1'], ['a']],
    ['^\\u0041\\x42\\u{43}$', ['ABC'], ['abc']],
    ['^\\uD83D\\uDE00$', ['😀'], ['😁']],
    ['^.$', ['😀', 'a'], ['ab']],
    ['^[[:alpha:]]$', ['a]', ':]', '[]'], ['b']],
    ['^(?<year>\\d{4})$', ['2026'], ['26']],
    ['^a\\/b\\.c$', ['a/b.c'], ['a/bxc']],
    ['\\Aab\\Z', ['ab'], ['xab']],
    ['^\\cA\\0$', ['\u0001\u0000'], ['A0']],
    ['^[\\b]$', ['\b'], ['b']],
    ['(?i)^yes$', ['YES'], ['no']],
  ])('%s', (source, matching, others) => {
    const pattern = compilePattern(source);
    for (const text of matching) expect(pattern.test(text), text).toBe(true);
    for (const text of others) expect(pattern.test(text), text).toBe(false);
  });

  test.each([
    ['(?=a)b', 'uses look-ahead or look-behind'],
    ['(?!a)b', 'uses look-ahead or look-behind'],
    ['(?<=a)b', 'uses look-ahead or look-behind'],
    ['(?<!a)b', 'uses look-ahead or look-behind'],
    ['(a)\\1', 'uses a back-reference'],
    ['(?<n>a)\\k<n>', 'uses a back-reference'],
    ['[', 'cannot be used: missing closing ]'],
    ['(a', 'cannot be used: missing closing )'],
    ['a{1,5000}', 'cannot be used: invalid repeat count'],
    ['((a{100}){100}){100}', 'cannot be used: invalid repeat count'],
    ['\\p{Klingon}', 'cannot be used'],
    ['\\p', 'uses \\p without'],
    ['\\u12', 'uses \\u or \\x without'],
    ['\\q', 'uses the unknown escape \\q'],
    ['a\\', 'ends with a lone backslash'],
    ['a'.repeat(1001), 'is longer than 1000 characters'],
  ])('refuses %s', (source, message) => {
    expect(() => compilePattern(source)).toThrow(PatternError);
    expect(() => compilePattern(source)).toThrow(message);
  });

  test.each(['^(a+)+$', '(x+x+)+y', '^(\\w+\\s?)*$', '(a|a)*$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'answers %s on a hundred thousand characters that stall a backtracking engine',
    (source) => {
      expect(compilePattern(source).test(`${'a'.repeat(100_000)}!`)).toBe(source === '(a|a)*$');
    },
  );
});

// Patterns of paths: what they match, and that they match what the plain definition says.

import { describe, expect, test } from 'vitest';
import { matchesName, matchesPath } from '../../src/action/glob.ts';
import { fc } from '../property.ts';

const path = (text: string): string[] => (text === '' ? [] : text.split('/'));
const matches = (pattern: string, text: string): boolean => matchesPath(path(pattern), path(text));

/** The definition, which tries everything. */
function slowly(pattern: readonly string[], names: readonly string[]): boolean {
  const [part, ...parts] = pattern;
  if (part === undefined) return names.length === 0;
  const [name, ...others] = names;
  if (part !== '**') return name !== undefined && matchesName(part, name) && slowly(parts, others);
  return slowly(parts, names) || (name !== undefined && !name.startsWith('.') && slowly(pattern, others));
}

describe('a pattern', () => {
  test.each([
    ['pipelines/*', 'pipelines/sailor', 'pipelines', 'pipelines/a/b', 'other/a', 'pipelines/.git'],
    ['pipelines/s?ilor', 'pipelines/sailor', 'pipelines/silor', 'pipelines/saailor'],
    ['sims/**', 'sims/a/b', 'other', 'sims/.a/b'],
    ['**/sim', 'sim', 'a/simx', '.a/sim'],
    ['a/**/b', 'a/x/y/b', 'a/x/y/c', 'b'],
    ['.github/*', '.github/sim', 'github/sim'],
    ['a*c*e', 'abcde', 'abcd', 'bcde'],
  ])('%s matches %s and not the others', (pattern, yes, ...no) => {
    expect(matches(pattern, yes)).toBe(true);
    for (const one of no) expect(matches(pattern, one), one).toBe(false);
  });

  test('** stands for no folder too', () => {
    expect(matches('a/**/b', 'a/b')).toBe(true);
    expect(matches('sims/**', 'sims')).toBe(true);
    expect(matches('**', '')).toBe(true);
  });

  test('matches what its definition says', () => {
    const part = fc.constantFrom('**', '*', 'a', 'b', '?', '.*', '.a', 'a*');
    const name = fc.constantFrom('a', 'b', '.a', '.b', 'ab');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.array(name, { maxLength: 7 }), (pattern, names) => {
        expect(matchesPath(pattern, names)).toBe(slowly(pattern, names));
      }),
      { numRuns: 2000 },
    );
  });

  test('of a name matches what a regular expression says', () => {
    const sign = fc.constantFrom('*', '?', 'a', 'b');
    fc.assert(
      fc.property(
        fc.array(sign, { maxLength: 7 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }),
        (signs, letters) => {
          const source = signs.map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one)).join('');
          expect(matchesName(signs.join(''), letters.join(''))).toBe(
            new RegExp(`^${source}$`).test(letters.join('')),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('that is made to be slow is not', () => {
    expect(matchesName(`${'*a'.repeat(200)}b`, 'a'.repeat(5000))).toBe(false);
    expect(matches(`${'**/*a/'.repeat(30)}b`, 'a/'.repeat(2000).slice(0, -1))).toBe(false);
  });
});

// Names of branches, as git and GitHub take them.
import { describe, expect, test } from 'vitest';
import { isBranchName } from '../../src/action/branch-name.ts';

describe('the name of a branch', () => {
  test.each(['main', 'release/2.x', 'a-b_c', 'ci/état', '$(id)', 'a@b', 'x.locked', 'MAIN', '#1', '日本'])(
    'can be %s',
    (name) => {
      expect(isBranchName(name)).toBe(true);
    },
  );

  test.each([
    '',
    '@',
    'HEAD',
    '-x',
    '/x',
    'x/',
    'x.',
    '.x',
    'a/.b',
    'a//b',
    'a..b',
    'a b',
    'a\tb',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[b',
    'a\\b',
    'a@{1}',
    'x.lock',
    'x.lock/y',
    'refs/heads/main',
    '\u007f',
    '\ud800',
    'a'.repeat(300),
    '0123456789abcdef0123456789abcdef01234567',
  ])('cannot be %j', (name) => {
    expect(isBranchName(name)).toBe(false);
  });
});

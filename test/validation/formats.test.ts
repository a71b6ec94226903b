import { describe, expect, test } from 'vitest';
import { findFormat } from '../../src/validation/formats.ts';

const CASES: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['date', ['2024-02-29', '1999-12-31'], ['2023-02-29', '2024-13-01', '2024-1-1', '06/19/1963']],
  ['time', ['08:30:06Z', '08:30:06.5+02:00', '23:59:60Z'], ['24:00:00Z', '08:30:06', '12:59:60Z']],
  ['date-time', ['2024-02-29T08:30:06Z', '2024-02-29t08:30:06z'], ['2024-02-30T08:30:06Z', '2024-02-29']],
  ['duration', ['P1Y2M3DT4H5M6S', 'P2W', 'PT36H'], ['P', 'PT', 'P1YT', '1D', 'P1D2H']],
  [
    'email',
    ['ada@example.com', 'a.b+c@x.y', '"a b"@x.y', 'a@[127.0.0.1]'],
    ['ada', 'a..b@x.y', 'a@', '@x.y', 'a@-x.y'],
  ],
  ['hostname', ['example.com', 'a-b.c'], ['-a.b', 'a_b', `${'a'.repeat(64)}.b`, 'a..b']],
  ['ipv4', ['127.0.0.1'], ['127.0.0.256', '127.0.1', '01.2.3.4']],
  [
    'ipv6',
    ['::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '::'],
    ['1::2::3', '12345::', '1:2:3:4:5:6:7', ':::'],
  ],
  ['uuid', ['2EB8AA08-aa98-11ea-b4aa-73b441d16380'], ['2eb8aa08-aa98-11ea-b4aa-73b441d1638']],
  ['uri', ['https://a.b/c?d=e#f', 'urn:x:y'], ['//a.b/c', 'a b:c', 'http://a/%zz']],
  ['uri-reference', ['/a/b', '#x'], ['\\\\windows', 'a b', '#a#b']],
  ['json-pointer', ['', '/a/~0b/~1c'], ['a', '/~2', '/~']],
  ['regex', ['^a+$'], ['^(abc]']],
];

describe('formats', () => {
  test.each(CASES)('%s', (name, valid, invalid) => {
    const format = findFormat(name)!;
    for (const text of valid) expect(format(text), text).toBe(true);
    for (const text of invalid) expect(format(text), text).toBe(false);
  });

  test('an unknown name is only a note', () => {
    expect(findFormat('color')).toBeNull();
    expect(findFormat('constructor')).toBeNull();
  });

  test.each(CASES)('%s answers on a hundred thousand characters', (name) => {
    for (const piece of ['a', '1', 'a.', 'a-', ':', '/', '%41', 'a@', '"', '1:']) {
      expect(typeof findFormat(name)!(piece.repeat(100_000 / piece.length))).toBe('boolean');
    }
  });
});

import { describe, expect, test } from 'vitest';
import {
  escapeHtml,
  fence,
  inline,
  isInert,
  log,
  logText,
  manyLines,
  oneLine,
  plainName,
} from '../../src/report/escape.ts';
import { fc } from '../property.ts';

const INVISIBLE = /[\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Cs}]|(?!\n)\p{Cc}/u;
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          '`',
          '``',
          '```',
          '~~~',
          '|',
          '\\',
          '<',
          '>',
          '<!--',
          '-->',
          '<img src=x>',
          '</details>',
          '@octocat',
        ],
        ...[
          '#12',
          'GH-7',
          'http://a.b',
          'www.a.b',
          '[x](y)',
          '![i](j)',
          ':tada:',
          '$x$',
          '\u202e',
          '\u200b',
          '\u0000',
        ],
        ...[
          '\n',
          '\r\n',
          '\u2028',
          '\t',
          ' ',
          '  ',
          '::error::x',
          '##[error]',
          '#',
          '##',
          '[',
          'a',
          'deadbeef',
          '_',
          '*',
        ],
        ...['\ud800', '\ue000', '\u{e0041}', '\u001b[31m'],
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join('')),
);

/** The opening run of backticks must meet no run of its own length before its end: then all of it is one code span. */
function isOneCodeSpan(text: string): boolean {
  const ticks = /^`+/.exec(text)?.[0] ?? '';
  if (ticks === '' || !text.endsWith(ticks) || text.length < 2 * ticks.length + 1) return false;
  const inside = text.slice(ticks.length, -ticks.length);
  const runs = inside.match(/`+/g) ?? [];
  return !inside.startsWith('`') && !inside.endsWith('`') && runs.every((run) => run.length !== ticks.length);
}

describe('whatever the text', () => {
  test('a code span is one code span, on one line, with no table bar and no invisible character', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const out = inline(text);
        expect(isOneCodeSpan(out)).toBe(true);
        expect(out).not.toMatch(/[|\n\r]/);
        expect(out).not.toMatch(INVISIBLE);
        expect([...out].length).toBeLessThan(80 + 2 * 80 + 4);
      }),
      { numRuns: 1000 },
    );
  });

  test('a fenced block closes only at its end', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const lines = fence(text).split('\n');
        const ticks = /^(`{3,})text$/.exec(lines[0] ?? '')?.[1] ?? '';
        expect(ticks).not.toBe('');
        expect(lines.at(-1)).toBe(ticks);
        for (const line of lines.slice(1, -1)) expect(line).not.toContain(ticks);
        expect(lines.join('')).not.toMatch(INVISIBLE);
      }),
      { numRuns: 1000 },
    );
  });

  test('no log line is a workflow command', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const line of log(text).split('\n')) {
          expect(line.trimStart()).not.toMatch(/^::/);
          expect(line).not.toContain('##[');
          expect(line).not.toMatch(INVISIBLE);
        }
        expect(logText(text)).not.toMatch(/^\s*::|##\[|\n/);
      }),
      { numRuns: 1000 },
    );
  });

  test('a name is plain words or a code span, never anything between', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const out = plainName(text);
        expect(out === text ? /^[A-Za-z0-9 ,._-]+$/.test(out) : isOneCodeSpan(out)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test('ordinary names stay words; what GitHub would link or format becomes code', () => {
  for (const name of [
    'drunken-sailor',
    'the ship is reached about half the time',
    'net_per_hand',
    'v2 0.5',
  ]) {
    expect(isInert(name)).toBe(true);
  }
  const odd = [
    '@octocat',
    '#12',
    'GH-12',
    'www.example',
    'example.com',
    'a1b2c3d',
    '_it_',
    '*x*',
    'a__b',
    'a|b',
    '',
  ];
  for (const name of odd) expect(plainName(name)).toMatch(/^`/);
});

test('text is cut by code points, and long texts say how much is missing', () => {
  expect(oneLine('🐙'.repeat(100), 10)).toBe(`${'🐙'.repeat(9)}…`);
  expect(fence('a\nb\nc\nd', 2)).toBe('```text\na\nb\n… 2 more lines\n```');
  expect(inline('')).toBe('`(empty)`');
});

test('HTML text has no way to be markup, and keeps its lines', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const out = escapeHtml(text);
      expect(out).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(out).not.toMatch(INVISIBLE);
    }),
    { numRuns: 500 },
  );
  expect(escapeHtml('a <b>\n& "c"')).toBe('a &lt;b&gt;\n&amp; &quot;c&quot;');
});

test('a text of several lines keeps its indent, is cut where it is too long, and says so', () => {
  expect(manyLines('{\r\n\t"a": 1\u202e\n}', 100)).toBe('{\n  "a": 1\\u{202e}\n}');
  expect(manyLines('abcdef', 6)).toBe('abcdef');
  expect(manyLines('abcdefg', 6)).toBe('abcdef\n… cut here');
  expect(manyLines('🐙'.repeat(9), 9)).toBe('🐙'.repeat(9));
});

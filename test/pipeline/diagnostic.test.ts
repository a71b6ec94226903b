// Diagnostics are one line each, sorted, said once, and harmless to print.
import { describe, expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { Mistakes } from '../../src/pipeline/mistakes.ts';
import { nearest, suggestion } from '../../src/pipeline/suggest.ts';

describe('a diagnostic', () => {
  const at = { file: 'p/pipeline.yaml', what: 'is wrong', fix: 'mend it' };

  test('is one line with the place it has', () => {
    expect(formatDiagnostic({ ...at, line: 3, column: 7 })).toBe('p/pipeline.yaml:3:7  is wrong  (mend it)');
    expect(formatDiagnostic({ ...at, line: 3, column: null })).toBe('p/pipeline.yaml:3  is wrong  (mend it)');
    expect(formatDiagnostic({ ...at, line: null, column: null })).toBe(
      'p/pipeline.yaml  is wrong  (mend it)',
    );
  });

  test('carries no line break, terminal code or hidden character of an untrusted file', () => {
    const what = "key 'a\nb\u001B[31m\u202Ec\u200Bd\u0085'";
    expect(formatDiagnostic({ ...at, what, line: null, column: null })).toBe(
      "p/pipeline.yaml  key 'a b\\u{1b}[31m\\u{202e}c\\u{200b}d\\u{85}'  (mend it)",
    );
  });

  test('is cut when an untrusted file makes it long', () => {
    const line = formatDiagnostic({ ...at, what: 'x'.repeat(100_000), line: null, column: null });
    expect(line.length).toBeLessThan(1100);
  });
});

describe('mistakes', () => {
  test('come sorted by file and position, each once', () => {
    const mistakes = new Mistakes();
    mistakes.add({ file: 'b', line: 1, column: 1 }, 'four', '');
    mistakes.add({ file: 'a', line: 10, column: 1 }, 'three', '');
    mistakes.add({ file: 'a', line: 9, column: 2 }, 'two', '');
    mistakes.add({ file: 'a', line: 9, column: 1 }, 'one', '');
    mistakes.add({ file: 'a', line: 9, column: 1 }, 'one', '');
    expect(mistakes.list().map(({ what }) => what)).toEqual(['one', 'two', 'three', 'four']);
    expect(() => mistakes.throwIfAny()).toThrow(ConfigurationError);
  });
});

describe('did you mean', () => {
  const known = ['prompt', 'schema', 'simulate', 'retry_from', 'init'];

  test.each([
    ['promt', 'prompt'],
    ['Prompt', 'prompt'],
    ['shcema', 'schema'],
    ['retryfrom', 'retry_from'],
    ['int', 'init'],
    ['colour', null],
    ['x', null],
    ['', null],
  ])('%j: %j', (word, expected) => {
    expect(nearest(word, known)).toBe(expected);
  });

  test('lists what is known when nothing is near', () => {
    expect(suggestion('colour', known, 'known keys')).toBe(
      'known keys: prompt, schema, simulate, retry_from, init',
    );
    expect(suggestion('colour', [], 'steps')).toBe('there are no steps');
  });
});

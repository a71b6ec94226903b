// YAML texts as trees: what scalars mean, against PyYAML's own answers, and where nodes stand.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { floatRepr } from '../../src/expression/decimal.ts';
import { stringifyJson } from '../../src/expression/json.ts';
import {
  dictEntries,
  isFloat,
  listItems,
  PyDict,
  PyList,
  toNumber,
  type Value,
} from '../../src/expression/values.ts';
import { Mistakes } from '../../src/pipeline/mistakes.ts';
import { placeInScalar } from '../../src/pipeline/positions.ts';
import { plainScalar, type YamlVersion } from '../../src/pipeline/scalars.ts';
import { SourceText } from '../../src/pipeline/source-text.ts';
import { type Tree, toValue } from '../../src/pipeline/tree.ts';
import { CONFIG_LIMITS, readTree } from '../../src/pipeline/tree-reader.ts';

type Shown = Readonly<Record<string, unknown>>;
const golden = JSON.parse(
  readFileSync(new URL('../golden/pipeline/pyyaml.json', import.meta.url), 'utf8'),
) as { scalars: [string, Shown][]; documents: [string, Shown][] };

function shown(value: Value): Shown {
  if (value instanceof PyDict) {
    return { dict: [...dictEntries(value)].map(([key, item]) => [key, shown(item)]) };
  }
  if (value instanceof PyList) return { list: listItems(value).map(shown) };
  if (value === null || typeof value === 'string') return { [value === null ? 'NoneType' : 'str']: value };
  if (typeof value === 'boolean') return { bool: value ? 'True' : 'False' };
  if (isFloat(value)) return { float: floatRepr(toNumber(value)!) };
  return { int: String(value) };
}

function tree(text: string, version: YamlVersion): Tree {
  const mistakes = new Mistakes();
  const read = readTree(new SourceText('file.yaml', text), version, CONFIG_LIMITS, mistakes);
  expect(mistakes.list()).toEqual([]);
  return read!;
}

function mistake(text: string, version: YamlVersion = '1.2'): string {
  const mistakes = new Mistakes();
  readTree(new SourceText('file.yaml', text), version, CONFIG_LIMITS, mistakes);
  const [first] = mistakes.list();
  return first === undefined ? 'none' : `${first.line}:${first.column} ${first.what}`;
}

describe('YAML 1.1', () => {
  test('reads plain scalars as PyYAML does', () => {
    expect(golden.scalars.length).toBeGreaterThan(90);
    for (const [text, expected] of golden.scalars) {
      expect([text, shown(plainScalar(text, '1.1'))]).toEqual([text, expected]);
    }
  });

  test('reads documents as PyYAML does: merges, keys, folding, quotes, tags', () => {
    for (const [text, expected] of golden.documents) {
      expect([text, shown(toValue(tree(text, '1.1')))]).toEqual([text, expected]);
    }
  });
});

describe('YAML 1.2', () => {
  test.each([
    ['yes', '"yes"'],
    ['010', '10'],
    ['0o10', '8'],
    ['1e5', '100000.0'],
    ['5.0', '5.0'],
    ['1_000', '"1_000"'],
    ['1:30', '"1:30"'],
    ['True', 'true'],
    ['12345678901234567890', '12345678901234567890'],
    ['+7', '7'],
  ])('reads %s as %s', (text, json) => {
    expect(stringifyJson(plainScalar(text, '1.2'))).toBe(json);
  });

  test('keeps the order of keys that look like numbers', () => {
    expect(stringifyJson(toValue(tree('{ 10: a, 2: b, 1: c }', '1.2')))).toBe('{"10":"a","2":"b","1":"c"}');
  });

  test('keeps a key named __proto__ a key', () => {
    expect(stringifyJson(toValue(tree('__proto__: { a: 1 }', '1.2')))).toBe('{"__proto__":{"a":1}}');
  });
});

describe('a hostile YAML text', () => {
  test('cannot make the reader expand aliases without end', () => {
    let text = 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n';
    for (let i = 1; i < 9; i++)
      text += `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]\n`;
    expect(mistake(text)).toBe('6:9 more than 200000 values once aliases are written out');
  });

  test('cannot use more than 100 aliases', () => {
    expect(mistake(`a: &a 1\nb: [${Array(101).fill('*a').join(', ')}]\n`)).toContain('more than 100 aliases');
  });

  test('cannot nest through aliases deeper than through brackets', () => {
    let text = 'a0: &a0 [x]\n';
    for (let i = 1; i < 70; i++) text += `a${i}: &a${i} [*a${i - 1}]\n`;
    expect(mistake(text)).toContain('nested too deeply');
  });

  test.each([
    ['['.repeat(20_000), 'nested too deeply'],
    ['- '.repeat(5_000), 'nested too deeply'],
    ['? '.repeat(3_000), 'nested too deeply'],
    ['a: &a [*a]', 'inside the value it stands for'],
    ['a: !!python/object/apply:os.system [ls]', 'the tag !!python/object/apply:os.system is not used'],
    ['? [1, 2]\n: x', 'a key must be text'],
  ])('%#: ends in one line', (text, what) => {
    expect(mistake(text)).toContain(what);
  });
});

describe('a place inside a scalar', () => {
  function placeOf(text: string, decodedOffset: number): string {
    const root = tree(text, '1.2');
    const scalar = root.kind === 'map' ? root.entries.get('e')!.tree : root;
    if (scalar.kind !== 'scalar') throw new Error('no scalar');
    const place = placeInScalar(scalar, decodedOffset);
    return `${place.line}:${place.column}`;
  }

  test.each([
    ['plain', 'e: a + b', 4, '1:8'],
    ['single quotes', "e: 'x == ''y'' z'", 6, '1:12'],
    ['double quotes', 'e: "a \\"b\\" \\u00e9 c"', 8, '1:20'],
    ['a literal block', 'e: |\n  one\n  two x\n', 8, '3:7'],
    ['a literal block that is indented more', 'e: |\n    one\n\n    two\n', 5, '4:5'],
    ['a folded block: its start', 'e: >\n  one\n  two\n', 5, '1:4'],
    ['a plain scalar over two lines: its start', 'e: one\n  two\n', 5, '1:4'],
    ['code points before it count one each', 'e: "😀 x"', 3, '1:7'],
  ])('%s', (_, text, offset, expected) => {
    expect(placeOf(text, offset)).toBe(expected);
  });
});

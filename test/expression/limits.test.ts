// What people read about the language says what the code holds.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { BUILTINS } from '../../src/expression/builtins.ts';
import { DEFAULT_LIMITS } from '../../src/expression/limits.ts';
import { RANDOM } from '../../src/expression/random-functions.ts';

test('src/README.md lists every limit with its value, and gives a reason', () => {
  const text = readFileSync(new URL('../../src/README.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| ([\d,]+) \| (.+) \|$/gm)];
  const listed = rows.map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))]);
  expect(listed).toEqual(Object.entries(DEFAULT_LIMITS));
  for (const [, , , reason] of rows) expect(reason!.length).toBeGreaterThan(20);
});

test('docs/expressions.md names every builtin, every name of math and every draw', () => {
  const text = readFileSync(new URL('../../docs/expressions.md', import.meta.url), 'utf8');
  const missing = [...BUILTINS.keys(), ...RANDOM.members.keys()].filter(
    (name) => !text.includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});

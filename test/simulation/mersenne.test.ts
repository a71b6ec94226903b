import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { stringifyJson } from '../../src/expression/json.ts';
import { createMersenneTwister, readPythonSeed } from '../../src/simulation/mersenne.ts';
import { openPythonStream } from '../../src/simulation/stream.ts';

interface Draw {
  readonly seed: string;
  readonly expr: string;
  readonly json: string;
}

const draws = readFileSync(new URL('../golden/simulation/python-draws.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Draw => JSON.parse(line));

function draw(expr: string, seed: string): string {
  const random = openPythonStream(() => readPythonSeed(seed));
  return stringifyJson(compileExpression(expr).evaluate(new Map(), createEvaluation({ random })));
}

test('every function draws what CPython draws, bit for bit, from ints of any size and from text', () => {
  expect(new Set(draws.map(({ seed }) => seed)).size).toBeGreaterThanOrEqual(20);
  expect(new Set(draws.map(({ expr }) => expr)).size).toBeGreaterThanOrEqual(35);
  const different = draws
    .map((row) => ({ ...row, mine: draw(row.expr, row.seed) }))
    .filter(({ json, mine }) => json !== mine);
  expect(different).toEqual([]);
});

test('a seed of more words than the state has is used to its end', () => {
  // random.Random(2**20000 + 1).getrandbits(32)
  expect(createMersenneTwister(2n ** 20000n + 1n).int32() >>> 0).toBe(3004471996);
});

test('a seed in digits is an int, as Python writes it; anything else is text', () => {
  expect(['0', '-7', '12345678901234567890'].map(readPythonSeed)).toEqual([0n, -7n, 12345678901234567890n]);
  expect(['', '007', '-0', '+1', '1.0', '1e3', ' 1'].map(readPythonSeed)).toEqual([
    '',
    '007',
    '-0',
    '+1',
    '1.0',
    '1e3',
    ' 1',
  ]);
});

test('the seed is not asked for before the first draw', () => {
  let asked = 0;
  const stream = openPythonStream(() => {
    asked++;
    return 1;
  });
  expect(asked).toBe(0);
  stream.double();
  stream.uint32();
  expect(asked).toBe(1);
});

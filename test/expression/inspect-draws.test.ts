import { describe, expect, test } from 'vitest';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { drawsIn, MIRRORED_DRAWS, SPREAD_DRAWS } from '../../src/expression/inspect-draws.ts';
import { parseExpression } from '../../src/expression/parse.ts';
import type { RandomSource } from '../../src/expression/random.ts';
import { RANDOM } from '../../src/expression/random-functions.ts';
import { toNumber } from '../../src/expression/values.ts';

describe('the draws of a tree', () => {
  const names = (source: string) => drawsIn(parseExpression(source)).map(({ name }) => name);

  test('are found wherever they stand, called or handed on', () => {
    expect(names('random.random() + sum(random.gauss() for i in range(3))')).toEqual(['random', 'gauss']);
    expect(names('list(map(random.choice, [[1], [2]]))')).toEqual(['choice']);
    expect(names("f'{random.uniform(0, 1):.2f}' if x else (lambda: random.randint(1, 6))()")).toEqual([
      'uniform',
      'randint',
    ]);
  });

  test('are unnamed where the module itself is handed on, and none where a loop hides it', () => {
    expect(names('(lambda r: r.shuffle(x))(random)')).toEqual([null]);
    expect(names('[random.x for random in rows]')).toEqual([]);
    expect(names('choice + x.random')).toEqual([]);
  });
});

describe('draws that may be mirrored or spread', () => {
  test('exist', () => {
    for (const name of [...MIRRORED_DRAWS, ...SPREAD_DRAWS])
      expect([...RANDOM.members.keys()]).toContain(name);
  });

  // Every uniform number is the same, so that a function of one number is seen as such.
  const at = (u: number): RandomSource => ({
    double: () => u,
    uint32: () => Math.floor(u * 2 ** 32),
    below: (limit) => Math.floor(u * limit),
  });
  const CALLS: Readonly<Record<string, string>> = {
    random: 'random.random()',
    uniform: 'random.uniform(-2, 3)',
    triangular: 'random.triangular(0, 10, 3)',
    expovariate: 'random.expovariate(2)',
    paretovariate: 'random.paretovariate(3)',
    weibullvariate: 'random.weibullvariate(2, 1.5)',
    choice: 'random.choice(range(50))',
    choices: 'random.choices(range(4), [1, 5, 2, 9])[0]',
    randint: 'random.randint(1, 60)',
    randrange: 'random.randrange(0, 300, 7)',
  };

  test.each([...SPREAD_DRAWS])('rise with their uniform number: %s', (name) => {
    const draw = compileExpression(CALLS[name]!);
    const values = Array.from(
      { length: 101 },
      (_, i) => toNumber(draw.evaluate(new Map(), createEvaluation({ random: at(i / 101) })))!,
    );
    for (const [i, value] of values.entries()) expect(value).toBeGreaterThanOrEqual(values[i - 1] ?? value);
    expect(values.at(-1)!).toBeGreaterThan(values[0]!);
  });
});

// Gates that can never pass, found before anything is run.
import { describe, expect, it } from 'vitest';
import { newcombe } from '../../src/analysis/compare-shares.ts';
import { decide, smallestPassing } from '../../src/analysis/decision.ts';
import { hopelessGates } from '../../src/analysis/feasible.ts';
import { confidenceAtLook } from '../../src/analysis/look.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';

const fair = '{ name: fair, share: heads, between: [0.45, 0.55], confidence: 0.99 }';

function load(gate: string, top: string, overrides: Overrides = {}) {
  const step = '{ name: toss, expressions: { heads: random.random() < 0.5, side: "1" } }';
  const text = `items: [{ id: a }, { id: b }]\n${top}\nsteps: [${step}]\ngates: [${gate}]\n`;
  return loadPipeline(memoryFolder({ 'pipeline.yaml': text }), overrides, () => null, null, hopelessGates);
}

async function mistakesOf(gate: string, top: string, overrides: Overrides = {}): Promise<string[]> {
  try {
    await load(gate, top, overrides);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.diagnostics.map(({ what, fix }) => `${what} | ${fix}`);
    throw error;
  }
}

describe('a gate on a share', () => {
  it('is refused below the smallest number that could pass it, and taken from there on', async () => {
    const smallest = smallestPassing({ atLeast: 0.45, atMost: 0.55 }, 0.99)!;
    const [refused] = await mistakesOf(fair, `repeat: ${smallest / 2 - 1}`);
    expect(refused).toContain(`takes ${smallest} units at least`);
    expect(refused).toContain(`set repeat: ${smallest / 2} or more`);
    expect(await mistakesOf(fair, `repeat: ${smallest / 2}`)).toEqual([]);
  });

  it('counts the units that are run, not those that could be', async () => {
    const [refused] = await mistakesOf(fair, 'repeat: 1000\nmax_units: 100');
    expect(refused).toContain('set max_units: 680 or more');
  });

  it('is measured at the level of the last look when the run is looked at several times', async () => {
    const last = smallestPassing({ atLeast: 0.8, atMost: null }, confidenceAtLook(0.95, 5, 5))!;
    const gate = '{ name: often, share: heads, at_least: 0.8 }';
    const stop = (repeat: number) =>
      `repeat: ${repeat}\nstop: { every: ${Math.ceil(repeat / 5)}, gates: true }`;
    expect(smallestPassing({ atLeast: 0.8, atMost: null }, 0.95)).toBeLessThan(last);
    expect(await mistakesOf(gate, stop(10))).toEqual([]);
    expect((await mistakesOf(gate, stop(8)))[0]).toContain(`takes ${last} units at least`);
  });

  it('is only doubted when a flag lowers the units: to try with few is no mistake', async () => {
    const { warnings } = await load(fair, 'repeat: 1000', { repeat: 5 });
    expect(warnings.map(({ what }) => what)).toEqual([
      expect.stringContaining("the gate 'fair' can never pass"),
    ]);
    expect((await load(fair, 'repeat: 1000', { maxUnits: 700 })).warnings).toEqual([]);
  });
});

describe('other gates', () => {
  const difference = (bounds: string) =>
    `{ name: alike, share: heads, difference: { by: side, of: left, minus: right, ${bounds} } }`;

  it('on a difference are refused where no two groups of that size could show it', async () => {
    const [refused] = await mistakesOf(difference('between: [-0.05, 0.05]'), 'repeat: 20');
    const smallest = Number(/takes ([0-9,]+) units/.exec(refused!)![1]!.replace(',', '')) / 2;
    const passes = (n: number) =>
      Array.from({ length: n + 1 }, (_, x) => x).some((x) =>
        Array.from({ length: n + 1 }, (_, y) => y).some(
          (y) => decide(newcombe({ x, n }, { x: y, n }, 0.95), { atLeast: -0.05, atMost: 0.05 }) === 'pass',
        ),
      );
    expect(passes(smallest)).toBe(true);
    expect(passes(smallest - 1)).toBe(false);
    expect(await mistakesOf(difference('between: [-0.05, 0.05]'), `repeat: ${smallest}`)).toEqual([]);
    expect(await mistakesOf(difference('at_least: 0'), 'repeat: 20')).toEqual([]);
    expect((await mistakesOf(difference('between: [0, 0]'), 'repeat: 20'))[0]).toContain(
      'no number of units',
    );
  });

  it('on a mean need two units, of a difference two a group', async () => {
    expect(await mistakesOf('{ name: m, mean: heads, at_least: 0 }', 'max_units: 1')).toHaveLength(1);
    expect(await mistakesOf('{ name: m, mean: heads, at_least: 0 }', 'repeat: 1')).toEqual([]);
    const apart = '{ name: m, mean: heads, difference: { by: side, of: a, minus: b, at_least: 0 } }';
    expect(await mistakesOf(apart, 'repeat: 1')).toHaveLength(1);
  });

  it('on a change can always pass, as nothing may have changed', async () => {
    expect(
      await mistakesOf('{ name: same, share: heads, change: { at_least: -0.001 } }', 'repeat: 1'),
    ).toEqual([]);
  });

  it('on the cost are not a matter of numbers', async () => {
    expect(await mistakesOf('{ name: cheap, cost: { at_most: 1 } }', 'repeat: 1')).toEqual([]);
  });
});

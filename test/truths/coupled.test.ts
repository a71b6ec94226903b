// Draws that hang together leave what is true as it is: the same pipelines, mirrored, spread and shared. What each brought
// is printed with OCTOBATCH_ALL_TRUTHS.
import { describe, expect, it } from 'vitest';
import { type CoupledSample, gainOf } from '../../src/analysis/variance-gain.ts';
import type { Coupling } from '../../src/pipeline/pipeline.ts';
import { simulate } from './simulate.ts';
import { quantityOf, TRUTHS } from './truths.ts';

const ALL = process.env.OCTOBATCH_ALL_TRUTHS === '1';
const UNITS = ALL ? 100_000 : 2_000;
const STRATA = 10;
/** As in truths.test.ts. */
const FURTHEST = 5;
const NONE: Coupling = { streamBy: null, antithetic: false, stratify: null };

/** Values of each truth of a pipeline, by repetition. */
async function valuesOf(pipeline: string, coupling: Coupling) {
  const rows = TRUTHS.filter((truth) => truth.pipeline === pipeline).map((truth) => ({
    truth,
    values: new Float64Array(UNITS),
  }));
  await simulate(
    pipeline,
    UNITS,
    (unit, fields) => {
      for (const { truth, values } of rows) {
        if (truth.item === unit.item) values[unit.repetition] = quantityOf(truth, fields);
      }
    },
    coupling,
  );
  return rows;
}

function check(name: string, sample: CoupledSample, mean: number): void {
  const gain = gainOf(sample)!;
  const distance = (gain.estimate - mean) / gain.error;
  const told = `${gain.estimate.toFixed(5)} truth ${mean.toFixed(5)} distance ${distance.toFixed(2)} errors`;
  const line = `${name} ${told}, gain ${gain.factor.toFixed(2)}`;
  if (ALL) console.log(line);
  expect(Math.abs(distance), line).toBeLessThan(FURTHEST);
}

describe.each(['gamblers-ruin', 'craps', 'monty-hall'])('%s stays true', (pipeline) => {
  it('where every second repetition mirrors the one before', async () => {
    for (const { truth, values } of await valuesOf(pipeline, { ...NONE, antithetic: true })) {
      const pairs = Array.from(
        { length: UNITS / 2 },
        (_, k) => [values[2 * k]!, values[2 * k + 1]!] as const,
      );
      check(
        `${pipeline}, ${truth.item}, antithetic: ${truth.quantity}`,
        { kind: 'antithetic', pairs },
        truth.mean,
      );
    }
  });

  it('where first draws are spread over their range', async () => {
    for (const { truth, values } of await valuesOf(pipeline, { ...NONE, stratify: STRATA })) {
      const strata = Array.from({ length: STRATA }, (_, h) => [...values].filter((_, r) => r % STRATA === h));
      check(
        `${pipeline}, ${truth.item}, stratified: ${truth.quantity}`,
        { kind: 'stratified', strata },
        truth.mean,
      );
    }
  });
});

describe('a difference stays true where two groups share their streams', () => {
  const shared: Coupling = { ...NONE, streamBy: "'all'" };

  it('and is found sooner where the same luck helps both: two gamblers', async () => {
    const [fair, , roulette] = await valuesOf('gamblers-ruin', shared);
    const pairs = [...fair!.values].map((ruined, r) => [ruined, roulette!.values[r]!] as const);
    const mean = fair!.truth.mean - roulette!.truth.mean;
    check('gamblers-ruin, fair less roulette, shared: ruined', { kind: 'common', pairs }, mean);
    expect(gainOf({ kind: 'common', pairs })!.factor).toBeGreaterThan(1.3);
  });

  it('and later where it helps one against the other: to stay wins exactly when to switch loses', async () => {
    const [stay, switching] = await valuesOf('monty-hall', shared);
    const pairs = [...switching!.values].map((won, r) => [won, stay!.values[r]!] as const);
    check('monty-hall, switch less stay, shared: won', { kind: 'common', pairs }, 1 / 3);
    expect(gainOf({ kind: 'common', pairs })!.factor).toBeCloseTo(0.5, 1);
  });
});

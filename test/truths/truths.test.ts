// Pipelines whose truth is known give it. Everyday runs simulate 2,000 units of each item; with OCTOBATCH_ALL_TRUTHS it is
// 100,000, and what came out is printed.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.ts';
import { dealerBust, quantityOf, TRUTHS, type Truth } from './truths.ts';

const ALL = process.env.OCTOBATCH_ALL_TRUTHS === '1';
const UNITS = ALL ? 100_000 : 2_000;
/** Units of one batch, and bounds for how much more or less the means of batches may spread than independent draws'. */
const BATCH = UNITS / 100;
const SPREAD = { least: 0.5, most: 1.6 };
/**
 * Standard errors an estimate may be off: one set of these quantities in some 50,000 goes beyond by chance. The seeds are
 * fixed, so that a test that passes always does.
 */
const FURTHEST = 5;
const PIPELINES = [...new Set(TRUTHS.map(({ pipeline }) => pipeline))];

/** Running sums of one quantity, and those of the batch under way. */
class Tally {
  n = 0;
  private sum = 0;
  private squares = 0;
  private batch = 0;
  private batchSquares = 0;
  private readonly centre: number;

  constructor(centre: number) {
    this.centre = centre;
  }

  add(value: number): void {
    const distance = value - this.centre;
    this.sum += distance;
    this.squares += distance ** 2;
    this.batch += distance;
    if (++this.n % BATCH !== 0) return;
    this.batchSquares += (this.batch / BATCH) ** 2;
    this.batch = 0;
  }

  get estimate(): number {
    return this.centre + this.sum / this.n;
  }

  get error(): number {
    const variance = (this.squares - this.sum ** 2 / this.n) / (this.n - 1);
    return Math.sqrt(variance / this.n);
  }

  /** Variance between the batches' means over what it is for independent draws: overlapping streams show here. */
  get spread(): number {
    const batches = this.n / BATCH;
    const between = (this.batchSquares - (this.sum ** 2 / this.n ** 2) * batches) / (batches - 1);
    return between / (this.error ** 2 * batches);
  }
}

async function tallies(pipeline: string): Promise<(readonly [Truth, Tally])[]> {
  const rows = TRUTHS.filter((truth) => truth.pipeline === pipeline).map(
    (truth) => [truth, new Tally(truth.mean)] as const,
  );
  await simulate(pipeline, UNITS, (unit, fields) => {
    for (const [truth, tally] of rows) if (truth.item === unit.item) tally.add(quantityOf(truth, fields));
  });
  return rows;
}

describe(`${UNITS} units of an item`, () => {
  it.each(PIPELINES)(
    'of %s come to what is true, and batches of them spread as they should',
    async (pipeline) => {
      const rows = await tallies(pipeline);
      const lines = rows.map(([{ item, quantity, mean }, tally]) => {
        const distance = ((tally.estimate - mean) / tally.error).toFixed(2);
        const figures = `${tally.estimate.toFixed(5)} truth ${mean.toFixed(5)} distance ${distance} errors`;
        return `${pipeline}, ${item}: ${quantity} ${figures}, spread ${tally.spread.toFixed(2)}`;
      });
      if (ALL) console.log(lines.join('\n'));
      for (const [i, [{ mean }, tally]] of rows.entries()) {
        expect(tally.n, lines[i]).toBe(UNITS);
        expect(Math.abs(tally.estimate - mean), lines[i]).toBeLessThan(FURTHEST * tally.error);
        expect(tally.spread, lines[i]).toBeGreaterThan(SPREAD.least);
        expect(tally.spread, lines[i]).toBeLessThan(SPREAD.most);
      }
    },
    600_000,
  );
});

describe('the truths', () => {
  it('are known for every folder', () => {
    const folders = readdirSync(fileURLToPath(new URL('.', import.meta.url)), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect([...PIPELINES].sort()).toEqual(folders.sort());
  });

  it('about the dealer are those of the published table for an endless shoe', () => {
    const table = [0.3536, 0.3739, 0.3945, 0.4164, 0.4232, 0.2623, 0.2447, 0.2284, 0.2121];
    const found = [2, 3, 4, 5, 6, 7, 8, 9, 10].map((up) => dealerBust(up, false));
    for (const [i, bust] of found.entries()) expect(bust).toBeCloseTo(table[i]!, 4);
    expect(dealerBust(1, true)).toBeCloseTo(0.1153, 4);
  });
});

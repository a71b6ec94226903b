// How often the interval of one run's own figure holds the truth, as the report and the gates compute it: shares, means
// and quantiles, of independent units and of items that repeat.

import { ResamplingWork } from '../../../src/analysis/figure-work.ts';
import {
  type Dependence,
  exactShareInterval,
  shareInterval,
  tInterval,
} from '../../../src/analysis/intervals.ts';
import { quantile, quantileRanks } from '../../../src/analysis/quantiles.ts';
import { rateInterval } from '../../../src/analysis/rates.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { skewedInterval } from '../../../src/analysis/skewed-mean.ts';
import { binomialCdf, binomialProbability, logGamma, normalQuantile } from '../../../src/analysis/special.ts';
import { normalTail } from '../../../src/analysis/tails.ts';
import { NumberTally, ShareTally, shareBounds } from '../../../src/analysis/tally.ts';
import {
  atConfidence,
  binomial,
  type Experiment,
  exponential,
  holds,
  normal,
  poisson,
  sample,
} from './experiment.ts';

/** Every interval of a figure at one confidence. */
export function estimatesCover(confidence: number): Experiment[] {
  return atConfidence(confidence, [
    ...shares(confidence),
    ...means(confidence),
    ...repeatedMeans(confidence),
    ...repeatedShares(confidence),
    ...quantiles(confidence),
    ...rates(confidence),
    ...coupled(confidence),
    ...skewed(confidence),
    dropped(),
  ]);
}

/** No truth is one that an end can equal. */
function shares(confidence: number): Experiment[] {
  const cases = [
    { n: 20, p: 0.0503 },
    { n: 50, p: 0.301 },
    { n: 400, p: 0.8007 },
    { n: 1000, p: 0.00101 },
  ];
  return cases.flatMap(({ n, p }) =>
    (['Wilson', 'Clopper-Pearson'] as const).map((name): Experiment => {
      const interval = name === 'Wilson' ? shareInterval : exactShareInterval;
      const held = Array.from({ length: n + 1 }, (_, x) =>
        holds(interval(x, n, { size: n, items: null }, confidence), p),
      );
      const rate = held.reduce((sum, is, x) => sum + (is ? binomialProbability(x, n, p) : 0), 0);
      return {
        name: `${name}, ${n} units at ${p}`,
        theory: { kind: 'is', rate },
        times: 10_000,
        happens: (draw) => held[binomial(draw, n, p)] as boolean,
      };
    }),
  );
}

function holdsMean(tally: NumberTally, truth: number, confidence: number): boolean {
  const { error, degrees } = tally.meanError()!;
  return holds(tInterval(tally.mean, error, degrees, confidence), truth);
}

function means(confidence: number): Experiment[] {
  const held = (n: number, make: (draw: Draw) => number, truth: number) => (draw: Draw) => {
    const tally = new NumberTally(false, false);
    for (let i = 0; i < n; i++) tally.add(0, make(draw));
    return holdsMean(tally, truth, confidence);
  };
  return [
    {
      name: 't, 15 units',
      theory: { kind: 'is', rate: confidence },
      times: 20_000,
      happens: held(15, normal, 0),
    },
    {
      name: 't, 2 units',
      theory: { kind: 'is', rate: confidence },
      times: 20_000,
      happens: held(2, normal, 0),
    },
    {
      name: 't, 100 skewed units',
      // Right to first order only: skew takes a part of it.
      theory: { kind: 'near', rate: confidence, within: 0.015 },
      times: 10_000,
      happens: held(100, exponential, 1),
    },
  ];
}

/** Units of items that each have a mean of their own, with that part of the variance between items. */
function addRepeated(tally: NumberTally, draw: Draw, items: number, repeat: number, between: number): void {
  for (let item = 0; item < items; item++) {
    const own = Math.sqrt(between) * normal(draw);
    for (let i = 0; i < repeat; i++) tally.add(item, own + Math.sqrt(1 - between) * normal(draw));
  }
}

function repeatedMeans(confidence: number): Experiment[] {
  const held = (items: number, between: number) => (draw: Draw) => {
    const tally = new NumberTally(true, false);
    addRepeated(tally, draw, items, 5, between);
    return holdsMean(tally, 0, confidence);
  };
  return [
    {
      name: 't clustered by 24 items of 5 units, half of the variance between items',
      theory: { kind: 'is', rate: confidence },
      times: 10_000,
      happens: held(24, 0.5),
    },
    {
      name: 'the same when items do not differ',
      theory: { kind: 'at least', rate: confidence },
      times: 10_000,
      happens: held(24, 0),
    },
    {
      name: 'the same as if its units were independent draws',
      // Design effect 1 + 4 / 2: the interval is too short by the root of 3.
      theory: { kind: 'near', rate: naive(confidence, 3), within: 0.01 },
      times: 10_000,
      happens: (draw) => {
        const tally = new NumberTally(true, false);
        addRepeated(tally, draw, 24, 5, 0.5);
        const error = tally.deviation()! / Math.sqrt(tally.n);
        return holds(tInterval(tally.mean, error, tally.n - 1, confidence), 0);
      },
    },
    {
      name: 't of 4 items of 50 units, about these items',
      theory: { kind: 'at least', rate: confidence },
      times: 5_000,
      happens: (draw) => {
        const tally = new NumberTally(true, false);
        for (let i = 0; i < 200; i++) tally.add(i % 4, (i % 4) + normal(draw));
        return holdsMean(tally, 1.5, confidence);
      },
    },
  ];
}

/** What a normal interval covers that is too short by the root of `factor`. */
function naive(confidence: number, factor: number): number {
  return 1 - 2 * normalTail(normalQuantile((1 + confidence) / 2) / Math.sqrt(factor));
}

/** Items whose shares are uniform powers: of mean 1 / (power + 1). */
function repeatedShares(confidence: number): Experiment[] {
  const held =
    (
      interval: (
        x: number,
        n: number,
        dependence: Dependence,
        confidence: number,
      ) => { low: number; high: number },
      items: number,
      power: number,
    ) =>
    (draw: Draw) => {
      const tally = new ShareTally(true);
      for (let item = 0; item < items; item++) {
        const own = draw() ** power;
        for (let i = 0; i < 10; i++) tally.add(item, draw() < own);
      }
      return holds(interval(tally.x, tally.n, tally.dependence(), confidence), 1 / (power + 1));
    };
  return [
    { method: 'Wilson', interval: shareInterval },
    { method: 'Clopper-Pearson', interval: exactShareInterval },
  ].flatMap(({ method, interval }): Experiment[] => [
    {
      name: `${method} clustered by 40 items of 10 units, shares between 0 and 1`,
      theory: { kind: 'near', rate: confidence, within: 0.012 },
      times: 10_000,
      happens: held(interval, 40, 1),
    },
    {
      name: `${method} clustered by 40 items of 10 units, a tenth on average`,
      theory: { kind: 'near', rate: confidence, within: 0.03 },
      times: 10_000,
      happens: held(interval, 40, 9),
    },
  ]);
}

function quantiles(confidence: number): Experiment[] {
  return [
    { n: 30, q: 0.5 },
    { n: 101, q: 0.5 },
    { n: 200, q: 0.05 },
  ].map(({ n, q }) => {
    const ranks = quantileRanks(n, q, confidence);
    const rate = ranks === null ? 0 : binomialCdf(ranks.high - 1, n, q) - binomialCdf(ranks.low - 1, n, q);
    return {
      name: `order statistics, the ${q * 100}% quantile of ${n} units`,
      theory: { kind: 'is', rate },
      times: 5_000,
      happens: (draw) => {
        const values = sample(n, () => exponential(draw)).sort();
        const interval = quantile(values, q, confidence)?.interval ?? null;
        return interval !== null && holds(interval, -Math.log1p(-q));
      },
    };
  });
}

function rates(confidence: number): Experiment[] {
  return [0.21, 40.3].map((mean) => {
    let rate = 0;
    for (let k = 0; k < 200; k++)
      if (holds(rateInterval(k, 5, confidence), mean / 5))
        rate += Math.exp(k * Math.log(mean) - mean - logGamma(k + 1));
    return {
      name: `Garwood, ${mean} events`,
      theory: { kind: 'is', rate },
      times: 10_000,
      happens: (draw) => holds(rateInterval(poisson(draw, mean), 5, confidence), mean / 5),
    };
  });
}

/** Units whose hits fail ten times as often as the others: only bounds hold the share of all units. */
function dropped(): Experiment {
  return {
    name: 'worst-case bounds of units that were dropped because of their outcome, the share of all units',
    theory: { kind: 'is', rate: 1 },
    times: 2_000,
    happens: (draw) => {
      const n = 200;
      const hits = binomial(draw, n, 0.7);
      const lost = binomial(draw, hits, 0.2);
      const others = binomial(draw, n - hits, 0.02);
      const bounds = shareBounds(hits - lost, n - lost - others, lost + others);
      return bounds === null || holds(bounds, hits / n);
    },
  };
}

/** Units on the same draws: mirror images of each other, or two items on one stream. */
function coupled(confidence: number): Experiment[] {
  const pairs = 100;
  const meanHeld =
    (kind: 'pairs' | 'draws', made: (draw: number) => number, truth: number) => (draw: Draw) => {
      const tally = new NumberTally(kind, false);
      for (let pair = 0; pair < pairs; pair++) {
        const luck = draw();
        tally.add(pair, made(luck));
        tally.add(pair, made(kind === 'pairs' ? 1 - luck : luck) + (kind === 'pairs' ? 0 : draw()));
      }
      return holdsMean(tally, truth, confidence);
    };
  const shareHeld = (kind: 'pairs' | 'draws') => (draw: Draw) => {
    const tally = new ShareTally(kind);
    for (let pair = 0; pair < pairs; pair++) {
      const luck = draw();
      tally.add(pair, luck < 0.3);
      tally.add(pair, (kind === 'pairs' ? 1 - luck : luck + 0.2 * draw()) < 0.3);
    }
    const truth = kind === 'pairs' ? 0.3 : (0.3 + 0.2) / 2;
    return holds(exactShareInterval(tally.x, tally.n, tally.dependence(), confidence), truth);
  };
  return [
    {
      name: 't of 100 mirrored pairs',
      theory: { kind: 'near', rate: confidence, within: 0.005 },
      times: 5_000,
      happens: meanHeld('pairs', Math.exp, Math.E - 1),
    },
    {
      name: 't of 100 streams that two items share',
      theory: { kind: 'near', rate: confidence, within: 0.005 },
      times: 5_000,
      happens: meanHeld('draws', Math.exp, Math.E - 1 + 0.25),
    },
    {
      name: 'Clopper-Pearson of 100 mirrored pairs',
      theory: { kind: 'near', rate: confidence, within: 0.02 },
      times: 5_000,
      happens: shareHeld('pairs'),
    },
    {
      name: 'Clopper-Pearson of 100 streams that two items share',
      theory: { kind: 'near', rate: confidence, within: 0.01 },
      times: 5_000,
      happens: shareHeld('draws'),
    },
  ];
}

/** As a report shows a mean: by t, or by bootstrap where the values lean too much for it. */
function skewed(confidence: number): Experiment[] {
  const held = (n: number, make: (draw: Draw) => number, truth: number) => (draw: Draw) => {
    const values = sample(n, () => make(draw));
    const of = { field: 'x', group: null, confidence };
    const found = skewedInterval(values.toSorted(), of, new ResamplingWork(String(draw())));
    const tally = new NumberTally(false, false);
    for (const value of values) tally.add(0, value);
    return found === null ? holdsMean(tally, truth, confidence) : holds(found, truth);
  };
  return [
    {
      name: 't or BCa, 40 exponential units',
      theory: { kind: 'near', rate: confidence, within: 0.03 },
      times: 1_000,
      happens: held(40, exponential, 1),
    },
    {
      name: 't or BCa, 150 very skewed units',
      theory: { kind: 'near', rate: confidence, within: 0.05 },
      times: 500,
      happens: held(150, (draw) => exponential(draw) ** 2, 2),
    },
  ];
}

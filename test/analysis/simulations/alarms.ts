// How often each test calls a change where there is none, and finds one that is there, beside what theory says.
import { compareCategories, stuartMaxwell } from '../../../src/analysis/compare-categories.ts';
import { kolmogorovSmirnov } from '../../../src/analysis/compare-distributions.ts';
import { compareRanks, signedRanks } from '../../../src/analysis/compare-ranks.ts';
import { anytimeMcNemar, fisherExact, mcnemar, newcombe } from '../../../src/analysis/compare-shares.ts';
import { benjaminiHochberg, decideHolm } from '../../../src/analysis/multiplicity.ts';
import { signFlip } from '../../../src/analysis/permutation.ts';
import { unitsPaired, unitsUnpaired } from '../../../src/analysis/power.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { crossingChances, obrienFleming } from '../../../src/analysis/sequential.ts';
import { binomialProbability, normalQuantile } from '../../../src/analysis/special.ts';
import { binomial, type Experiment, exponential, multinomial, normal, sample } from './experiment.ts';

/** Every test at one level. */
export function alarmsAt(alpha: number): Experiment[] {
  return [
    ...shares(alpha),
    ...orders(alpha),
    ...categories(alpha),
    ...families(alpha),
    ...looks(alpha),
    ...powers(alpha),
  ].map((experiment) => ({ ...experiment, name: `${experiment.name}, level ${alpha}` }));
}

function shares(alpha: number): Experiment[] {
  const n = 30;
  let fisher = 0;
  for (let x = 0; x <= n; x++)
    for (let y = 0; y <= n; y++)
      if (fisherExact({ x, n }, { x: y, n }) <= alpha)
        fisher += binomialProbability(x, n, 0.4) * binomialProbability(y, n, 0.4);
  const rate = { exact: 0, mid: 0 };
  for (let moved = 0; moved <= 100; moved++)
    for (let b = 0; b <= moved; b++) {
      const chance = binomialProbability(moved, 100, 0.2) * binomialProbability(b, moved, 0.5);
      const found = mcnemar(b, moved - b);
      if (found.exact <= alpha) rate.exact += chance;
      if (found.mid <= alpha) rate.mid += chance;
    }
  return [
    {
      name: 'Fisher, 30 units each at 40 %',
      theory: { kind: 'is', rate: fisher },
      times: 20_000,
      happens: (draw) =>
        fisherExact({ x: binomial(draw, n, 0.4), n }, { x: binomial(draw, n, 0.4), n }) <= alpha,
    },
    ...(['exact', 'mid'] as const).map(
      (kind): Experiment => ({
        name: `McNemar (${kind}), 100 units of which a fifth change`,
        theory: { kind: 'is', rate: rate[kind] },
        times: 20_000,
        happens: (draw) => {
          const moved = binomial(draw, 100, 0.2);
          const b = binomial(draw, moved, 0.5);
          return mcnemar(b, moved - b)[kind] <= alpha;
        },
      }),
    ),
    {
      name: 'anytime McNemar, looked at after each of 500 changes',
      theory: { kind: 'at most', rate: alpha },
      times: 4_000,
      happens: (draw) => {
        let up = 0;
        for (let i = 1; i <= 500; i++) {
          if (draw() < 0.5) up++;
          if (anytimeMcNemar(i - up, up) >= 1 / alpha) return true;
        }
        return false;
      },
    },
  ];
}

function orders(alpha: number): Experiment[] {
  return [
    {
      name: 'Mann-Whitney, exact, 8 and 9 units',
      theory: { kind: 'at most', rate: alpha },
      times: 5_000,
      happens: (draw) => compareRanks(sample(8, draw), sample(9, draw), 0.95)!.p <= alpha,
    },
    {
      name: 'Mann-Whitney, normal, 60 and 80 units with five values',
      theory: { kind: 'near', rate: alpha, within: 0.005 },
      times: 10_000,
      happens: (draw) => {
        const five = () => Math.floor(5 * draw() * draw());
        return compareRanks(sample(60, five), sample(80, five), 0.95)!.p <= alpha;
      },
    },
    {
      name: 'signed ranks, exact, 15 units',
      theory: { kind: 'at most', rate: alpha },
      times: 10_000,
      happens: (draw) => signedRanks(sample(15, () => normal(draw))).p <= alpha,
    },
    {
      name: 'sign flips, exact, 12 units',
      // Of the 2^11 distances every one is as likely to be the one seen.
      theory: { kind: 'is', rate: Math.floor(alpha * 2 ** 11) / 2 ** 11 },
      times: 10_000,
      happens: (draw) =>
        signFlip(
          sample(12, () => either(draw) * exponential(draw)),
          draw,
        ).p <= alpha,
    },
    {
      name: 'sign flips, drawn, 25 units',
      theory: { kind: 'is', rate: alpha },
      times: 2_000,
      happens: (draw) =>
        signFlip(
          sample(25, () => either(draw) * exponential(draw)),
          draw,
        ).p <= alpha,
    },
    {
      name: 'Kolmogorov-Smirnov, 25 and 20 units',
      theory: { kind: 'at most', rate: alpha },
      times: 1_000,
      happens: (draw) => kolmogorovSmirnov(sample(25, draw), sample(20, draw), draw)!.p <= alpha,
    },
  ];
}

function either(draw: Draw): number {
  return draw() < 0.5 ? -1 : 1;
}

function categories(alpha: number): Experiment[] {
  return [
    {
      name: 'chi-square, three categories of 100 units',
      theory: { kind: 'near', rate: alpha, within: 0.005 },
      times: 10_000,
      happens: (draw) => {
        const chances = [0.5, 0.3, 0.2];
        return (
          compareCategories(multinomial(draw, 100, chances), multinomial(draw, 100, chances), draw).p <= alpha
        );
      },
    },
    {
      name: 'Freeman-Halton, four categories of 12 units',
      theory: { kind: 'at most', rate: alpha },
      times: 3_000,
      happens: (draw) => {
        const chances = [0.5, 0.3, 0.1, 0.1];
        return (
          compareCategories(multinomial(draw, 12, chances), multinomial(draw, 12, chances), draw).p <= alpha
        );
      },
    },
    {
      name: 'Stuart-Maxwell, three categories, 300 units of which a third move',
      theory: { kind: 'near', rate: alpha, within: 0.005 },
      times: 10_000,
      happens: (draw) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = multinomial(
          draw,
          300,
          [0.07, 0.07, 0.04, 0.04, 0.05, 0.05, 0.68],
        );
        return (
          stuartMaxwell([
            [90, a, c],
            [b, 90, e],
            [d, f, 24],
          ]).p <= alpha
        );
      },
    },
  ];
}

function families(alpha: number): Experiment[] {
  const questions = 8;
  return [
    {
      name: 'Holm, any of 8 questions',
      theory: { kind: 'is', rate: 1 - (1 - alpha / questions) ** questions },
      times: 50_000,
      happens: (draw) => decideHolm([...sample(questions, draw)], alpha).some(({ rejected }) => rejected),
    },
    {
      name: 'Benjamini-Hochberg, any of 8 questions',
      theory: { kind: 'is', rate: alpha },
      times: 50_000,
      happens: (draw) => benjaminiHochberg([...sample(questions, draw)]).some((p) => p <= alpha),
    },
  ];
}

/** The largest distance of a growing sum from its bound, over equally many units between looks. */
function crosses(draw: Draw, bounds: readonly number[], drift: number): boolean {
  let sum = 0;
  return bounds.some((bound, look) => {
    sum += normal(draw) + drift / Math.sqrt(bounds.length);
    return Math.abs(sum) / Math.sqrt(look + 1) >= bound;
  });
}

function looks(alpha: number): Experiment[] {
  const once = normalQuantile(1 - alpha / 2);
  const careful = obrienFleming(5, alpha);
  const careless = new Array<number>(5).fill(once);
  const drift = once + normalQuantile(0.8);
  return [
    { name: 'five looks without a correction', bounds: careless, drift: 0 },
    { name: "five looks by O'Brien and Fleming", bounds: careful, drift: 0 },
    { name: 'the same, a change that one look finds four times of five', bounds: careful, drift },
  ].map(({ name, bounds, drift }) => ({
    name,
    theory: { kind: 'is', rate: crossingChances(bounds, drift).reduce((sum, chance) => sum + chance, 0) },
    times: 50_000,
    happens: (draw) => crosses(draw, bounds, drift),
  }));
}

/** The plans are normal approximations, held to three points. */
function powers(alpha: number): Experiment[] {
  const aim = { alpha, power: 0.8 };
  const n = unitsUnpaired(0.8, 0.7, aim);
  const pairs = unitsPaired(0.2, 0.1, aim);
  return [
    {
      name: `80 to 70 % found by Newcombe with the ${n} units planned for 80 % power`,
      theory: { kind: 'near', rate: 0.8, within: 0.03 },
      times: 4_000,
      happens: (draw) => {
        const found = newcombe({ x: binomial(draw, n, 0.8), n }, { x: binomial(draw, n, 0.7), n }, 1 - alpha);
        return found.high < 0;
      },
    },
    {
      name: `ten points found by McNemar with the ${pairs} pairs planned for 80 % power`,
      theory: { kind: 'near', rate: 0.8, within: 0.03 },
      times: 10_000,
      happens: (draw) => {
        const [down = 0, up = 0] = multinomial(draw, pairs, [0.15, 0.05, 0.8]);
        return mcnemar(down, up).mid <= alpha;
      },
    },
  ];
}

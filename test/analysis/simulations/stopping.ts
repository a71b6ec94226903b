// What stopping early does to chance, through the scales that weigh a run: false alarms of gates looked at several times,
// the truth of intervals that said when to stop, and whether a search finds the best and tells how good it is.
import type { BaseResult } from '../../../src/analysis/against.ts';
import type { UnitRecord } from '../../../src/analysis/record.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { crossingChances, obrienFleming } from '../../../src/analysis/sequential.ts';
import { binomialCdf, binomialProbability, normalQuantile } from '../../../src/analysis/special.ts';
import { createScale, type Weighed } from '../../../src/analysis/stop.ts';
import { fromPlain } from '../../../src/expression/json.ts';
import type { Gate, StopSpec } from '../../../src/pipeline/pipeline.ts';
import { repeatedId } from '../../../src/simulation/unit-stream.ts';
import { pipelineOf } from '../../report/fixture.ts';
import { binomial, type Experiment, holds, normal } from './experiment.ts';

/** Every rule. */
export function stoppingEarly(): Experiment[] {
  return [...gates(), ...widths(), ...searches()];
}

function recordOf(item: string, repetition: number, x: number | boolean): UnitRecord {
  const fields = new Map([['x', fromPlain(x)]]);
  const unit = repeatedId(item, repetition);
  return { kind: 'valid', unit, item, attempts: 1, capped: false, loops: new Map(), fields };
}

/** Weighs these units as a run does at this look; `base` is what it is held against. */
function weigh(
  stop: StopSpec,
  looks: number,
  look: number,
  records: readonly UnitRecord[],
  left: readonly number[] = [],
  base: BaseResult | null = null,
): Weighed {
  const gates = stop.rule.kind === 'gates' ? stop.rule.gates : [];
  const pipeline = pipelineOf({ repeat: 10_000, stop, gates });
  const groupOf = (item: string) => Number(item);
  const scale = createScale({ pipeline, stop, look, looks, left, groupOf, base });
  for (const record of records) scale.add(record);
  const planned = records.length;
  return scale.weigh({ planned, valid: planned, failed: 0, inFlight: 0, steps: [] });
}

/** The look at which a rule has enough; null: it never has. `lookAs` says as which look each is weighed. */
function stopsAt(
  stop: StopSpec,
  looks: number,
  draw: () => number | boolean,
  lookAs: (look: number) => { readonly look: number; readonly looks: number },
  base: BaseResult | null = null,
): { readonly look: number | null; readonly weighed: Weighed } {
  const records: UnitRecord[] = [];
  for (let look = 1; ; look++) {
    for (let i = 0; i < stop.every; i++) records.push(recordOf('0', records.length, draw()));
    const as = lookAs(look);
    const weighed = weigh(stop, as.looks, as.look, records, [], base);
    if (weighed.enough) return { look, weighed };
    if (look === looks) return { look: null, weighed };
  }
}

const sum = (chances: readonly number[]) => chances.reduce((all, chance) => all + chance, 0);

/** Part of the most units that is run, when stopping at each look has such a chance. */
function partRun(chances: readonly number[]): number {
  const looks = chances.length;
  return sum(chances.map((chance, at) => (chance * (at + 1)) / looks)) + 1 - sum(chances);
}

/** A gate at its bound that is decided either way was decided wrongly; away from it, it should be. */
function gates(): Experiment[] {
  const alpha = 0.05;
  const every = 60;
  const gate: Gate = {
    kind: 'mean',
    name: 'claim',
    expr: 'x',
    region: { atLeast: 0, atMost: null },
    confidence: 1 - alpha,
  };
  const stop: StopSpec = { every, rule: { kind: 'gates', gates: [gate] } };
  const decidedAt = (looks: number, truth: number, isCareful: boolean) => (draw: Draw) =>
    stopsAt(
      stop,
      looks,
      () => truth + normal(draw),
      (look) => (isCareful ? { look, looks } : { look: 1, looks: 1 }),
    ).look;
  const careless = [5, 10, 20].map((looks): Experiment => {
    const bounds = new Array<number>(looks).fill(normalQuantile(1 - alpha / 2));
    return {
      name: `a gate at its bound, decided at one of ${looks} looks as if it were the only one`,
      theory: { kind: 'near', rate: sum(crossingChances(bounds, 0)), within: 0.01 },
      times: 500,
      happens: (draw) => decidedAt(looks, 0, false)(draw) !== null,
    };
  });
  const looks = 5;
  const change: Gate = { ...gate, kind: 'mean_change', region: { atLeast: null, atMost: 0 } };
  const bounds = obrienFleming(looks, alpha);
  const drift = normalQuantile(1 - alpha / 2) + normalQuantile(0.8);
  const truth = drift / Math.sqrt(every * looks);
  const chances = crossingChances(bounds, drift);
  return [
    ...careless,
    {
      name: "the same by O'Brien and Fleming, 5 looks",
      theory: { kind: 'near', rate: alpha, within: 0.003 },
      times: 3_000,
      happens: (draw) => decidedAt(looks, 0, true)(draw) !== null,
    },
    {
      name: 'the same, 20 looks',
      theory: { kind: 'near', rate: alpha, within: 0.003 },
      times: 500,
      happens: (draw) => decidedAt(20, 0, true)(draw) !== null,
    },
    {
      name: 'the same, 5 looks, a truth that one look finds four times of five',
      theory: { kind: 'near', rate: sum(chances), within: 0.01 },
      times: 2_000,
      happens: (draw) => decidedAt(looks, truth, true)(draw) !== null,
    },
    {
      name: 'the same, part of the units that was run',
      theory: { kind: 'near', rate: partRun(chances), within: 0.01 },
      times: 2_000,
      happens: (draw) => (decidedAt(looks, truth, true)(draw) ?? looks) / looks,
    },
    {
      name: 'the same at its bound, part of the units that was run',
      theory: { kind: 'near', rate: partRun(crossingChances(bounds, 0)), within: 0.01 },
      times: 1_000,
      happens: (draw) => (decidedAt(looks, 0, true)(draw) ?? looks) / looks,
    },
    {
      name: "a gate on a change at its bound, decided by O'Brien and Fleming, 5 looks",
      // It passes by chance half as often as its confidence leaves, and fails as often as false_alarms says.
      theory: { kind: 'near', rate: alpha / 2 + 0.01, within: 0.003 },
      times: 400,
      happens: (draw) => {
        const rule = { kind: 'gates', gates: [change] } as const;
        const again = () => normal(draw);
        return (
          stopsAt({ every, rule }, looks, again, (look) => ({ look, looks }), zeros(every * looks)).look !==
          null
        );
      },
    },
  ];
}

/** A base whose units all came to 0. */
function zeros(units: number): BaseResult {
  const values = new Array<number>(units).fill(0);
  const column = { kind: 'mean', name: 'claim', isGate: true, labels: [], values } as const;
  return { name: 'main', reason: null, isSame: false, values: { units, columns: [column] }, overall: null };
}

/** Stopping when an interval is narrow stops sooner where the estimate happens to lie at an end of the scale. */
function widths(): Experiment[] {
  const looks = 30;
  return [
    { p: 0.5, atMost: 0.05, every: 50 },
    { p: 0.1, atMost: 0.03, every: 50 },
    { p: 0.021, atMost: 0.02, every: 30 },
  ].flatMap(({ p, atMost, every }): Experiment[] => {
    const rule = { kind: 'half_width', of: { kind: 'share', expr: 'x' }, atMost, confidence: 0.95 } as const;
    const stopped = (draw: Draw) =>
      stopsAt(
        { every, rule },
        looks,
        () => draw() < p,
        (look) => ({ look, looks }),
      );
    return [
      {
        name: `the truth ${p} lies in an interval that ended the run at ±${atMost}`,
        theory: { kind: 'near', rate: 0.95, within: 0.025 },
        times: 1_000,
        happens: (draw) => {
          const { weighed } = stopped(draw);
          if (weighed.kind !== 'half_width') return false;
          return holds({ low: weighed.figure.low!, high: weighed.figure.high! }, p);
        },
      },
      {
        name: `the same had Wald's interval ended it`,
        theory: { kind: 'is', rate: waldHolds(p, atMost, every, looks) },
        times: 5_000,
        happens: (draw) => {
          let x = 0;
          for (let n = every; ; n += every) {
            x += binomial(draw, every, p);
            const half = waldHalf(x, n);
            if (half <= atMost || n === every * looks) return Math.abs(x / n - p) <= half;
          }
        },
      },
    ];
  });
}

function waldHalf(x: number, n: number): number {
  return normalQuantile(0.975) * Math.sqrt(((x / n) * (1 - x / n)) / n);
}

/** Counted look by look over every count that is still open. */
function waldHolds(p: number, atMost: number, every: number, looks: number): number {
  const steps = Array.from({ length: every + 1 }, (_, x) => binomialProbability(x, every, p));
  let open = new Map([[0, 1]]);
  let held = 0;
  for (let look = 1; look <= looks; look++) {
    const next = new Map<number, number>();
    for (const [x, chance] of open)
      for (const [more, step] of steps.entries())
        next.set(x + more, (next.get(x + more) ?? 0) + chance * step);
    open = new Map();
    for (const [x, chance] of next) {
      const n = look * every;
      const half = waldHalf(x, n);
      if (half > atMost && look < looks) open.set(x, chance);
      else if (Math.abs(x / n - p) <= half) held += chance;
    }
  }
  return held;
}

/** Eight groups; one is better, or all are alike. */
const GROUPS = 8;
const EVERY = 80;
const FRESH = 200;
/** What equal shares of the units that halving runs before its fresh ones are for each group: 14 waves of 8 groups. */
const EQUAL = (EVERY * (8 + 4 + 2)) / GROUPS;

const BEST: StopSpec = {
  every: EVERY,
  rule: { kind: 'best', of: { kind: 'share', expr: 'x' }, by: 'g', wants: 'highest', fresh: FRESH },
};

interface Found {
  readonly winner: number;
  /** The share by which it was chosen, and that of its fresh units with their interval. */
  readonly chosenBy: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function search(draw: Draw, shares: readonly number[]): Found {
  const records: UnitRecord[] = [];
  const looks = Math.log2(GROUPS) + 1;
  let left = shares.map((_, group) => group);
  let chosenBy = 0;
  for (let look = 1; ; look++) {
    const isLast = look === looks;
    for (let i = 0; i < (isLast ? FRESH : EVERY); i++)
      for (const group of [...left].sort((a, b) => a - b))
        records.push(recordOf(String(group), (look - 1) * EVERY + i, draw() < shares[group]!));
    const weighed = weigh(BEST, looks, look, records, left);
    if (weighed.kind !== 'best') throw new Error(weighed.kind);
    const first = weighed.groups[0]!;
    if (weighed.enough) {
      return { winner: first.group, chosenBy, value: first.value!, low: first.low!, high: first.high! };
    }
    left = [...weighed.left];
    chosenBy = first.value!;
  }
}

/** The chance that the count of the best of equal shares is above all others, or drawn by lot among the highest. */
function equalSharesFind(best: number, rest: number): number {
  let found = 0;
  for (let x = 0; x <= EQUAL; x++) {
    const tie = binomialProbability(x, EQUAL, rest);
    const below = binomialCdf(x - 1, EQUAL, rest);
    // Of the other seven, k are as good: then one of k + 1 is taken.
    let wins = 0;
    for (let k = 0; k < GROUPS; k++) {
      const ways =
        binomialProbability(k, GROUPS - 1, tie / (tie + below || 1)) * (tie + below) ** (GROUPS - 1);
      wins += ways / (k + 1);
    }
    found += binomialProbability(x, EQUAL, best) * wins;
  }
  return found;
}

/** The mean of the highest of eight equal shares of n units. */
function highestOfEqual(share: number, n: number): number {
  let mean = 0;
  for (let x = 0; x < n; x++) mean += 1 - binomialCdf(x, n, share) ** GROUPS;
  return mean / n;
}

function searches(): Experiment[] {
  const alike = new Array<number>(GROUPS).fill(0.7);
  // The best one does not stand first, where ties would favour it.
  const oneBetter = alike.map((share, group) => (group === 5 ? 0.8 : share));
  const equally = (draw: Draw, shares: readonly number[], n: number) =>
    shares.map((share) => binomial(draw, n, share) / n);
  return [
    {
      name: 'the best of eight, 0.80 against 0.70, is found by halving',
      theory: { kind: 'at least', rate: equalSharesFind(0.8, 0.7) },
      times: 1_000,
      happens: (draw) => search(draw, oneBetter).winner === 5,
    },
    {
      name: 'the same by equal shares of as many units',
      theory: { kind: 'is', rate: equalSharesFind(0.8, 0.7) },
      times: 10_000,
      happens: (draw) => {
        const found = equally(draw, oneBetter, EQUAL);
        const others = found.filter((share, group) => group !== 5 && share === found[5]);
        return Math.max(...found) === found[5] && draw() * (others.length + 1) < 1;
      },
    },
    {
      name: 'of eight alike at 0.70, the share of the best by 100 units each',
      theory: { kind: 'is', rate: highestOfEqual(0.7, 100) },
      times: 10_000,
      happens: (draw) => Math.max(...equally(draw, alike, 100)),
    },
    {
      name: 'the same, by what halving chose it',
      theory: { kind: 'at least', rate: 0.7 },
      times: 1_000,
      happens: (draw) => search(draw, alike).chosenBy,
    },
    {
      name: 'the same, by its fresh units, as it is reported',
      theory: { kind: 'is', rate: 0.7 },
      times: 1_000,
      happens: (draw) => search(draw, alike).value,
    },
    {
      name: 'the same, 0.70 lies in the 95% interval of its fresh units',
      theory: { kind: 'near', rate: 0.95, within: 0.01 },
      times: 1_000,
      happens: (draw) => holds(search(draw, alike), 0.7),
    },
  ];
}

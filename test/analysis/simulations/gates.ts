// How often gates on a run's own figures pass and fail, as a function of what is true, beside what theory says: a gate at
// its bound is wrong either way as often as its confidence allows, and away from it finds what there is to find.
import { evaluateGates, type GateSituation, type GateTally } from '../../../src/analysis/gates.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { binomialProbability, normalQuantile } from '../../../src/analysis/special.ts';
import { normalTail } from '../../../src/analysis/tails.ts';
import { NumberTally, ShareTally } from '../../../src/analysis/tally.ts';
import type { Gate, Region } from '../../../src/pipeline/pipeline.ts';
import { binomial, type Experiment, normal, type Theory } from './experiment.ts';

type State = 'pass' | 'fail' | 'inconclusive';

const ENDS = ['pass', 'fail'] as const;

/** Every gate on a run's own figures. */
export function gatesDecide(): Experiment[] {
  return [...shares(), ...means(), ...repeated(), ...dropped()];
}

function stateOf(gate: Gate, tally: GateTally, valid: number, failed: number): State {
  const planned = valid + failed;
  const situation: GateSituation = { planned, valid, failed, inFlight: 0, cost: 0n, uncertain: 0n };
  return evaluateGates([gate], [tally], situation)[0]!.state;
}

function shareTally(x: number, n: number): GateTally {
  const tally = new ShareTally(false);
  for (let i = 0; i < n; i++) tally.add(0, i < x);
  return { kind: 'share', tally, errors: 0, firstError: null };
}

/** Remembers what a gate says of a count, for it is asked thousands of times. */
function remembered<Count extends string | number>(state: (count: Count) => State): (count: Count) => State {
  const known = new Map<Count, State>();
  return (count) => {
    const found = known.get(count) ?? state(count);
    known.set(count, found);
    return found;
  };
}

/**
 * What a gate says of x of n by the tests that Clopper and Pearson's interval turns around: the share lies above a bound
 * where x or more had at most half of what the confidence leaves if the bound were true, below it where x or fewer had.
 */
function decisions(n: number, { atLeast, atMost }: Region, confidence: number): State[] {
  const half = (1 - confidence) / 2;
  const tails = (bound: number) => {
    let below = 0;
    return Array.from({ length: n + 1 }, (_, x) => {
      const chance = binomialProbability(x, n, bound);
      below += chance;
      return { isAbove: 1 - below + chance <= half, isBelow: below <= half };
    });
  };
  const [low, high] = [atLeast, atMost].map((bound) => (bound === null ? null : tails(bound)));
  return Array.from({ length: n + 1 }, (_, x) => {
    const [atLow, atHigh] = [low?.[x], high?.[x]];
    if (atLow?.isBelow || atHigh?.isAbove) return 'fail';
    return (atLow?.isAbove ?? true) && (atHigh?.isBelow ?? true) ? 'pass' : 'inconclusive';
  });
}

function shares(): Experiment[] {
  const atLeast = { atLeast: 0.8, atMost: null };
  const cases = [
    ...[0.7, 0.75, 0.8, 0.85, 0.9].map((p) => ({ n: 400, p, region: atLeast, confidence: 0.95 })),
    ...[0.75, 0.8, 0.85].map((p) => ({ n: 400, p, region: atLeast, confidence: 0.99 })),
    // With this many a fair coin passes nine times of ten.
    { n: 1787, p: 0.5, region: { atLeast: 0.45, atMost: 0.55 }, confidence: 0.99 },
    { n: 1787, p: 0.55, region: { atLeast: 0.45, atMost: 0.55 }, confidence: 0.99 },
  ];
  return cases.flatMap(({ n, p, region, confidence }) => {
    const decided = decisions(n, region, confidence);
    const claim = { name: 'claim', region, confidence };
    const share = remembered((x: number) =>
      stateOf({ kind: 'share', expr: 'x', ...claim }, shareTally(x, n), n, 0),
    );
    const valid = remembered((x: number) =>
      stateOf({ kind: 'valid_share', ...claim }, { kind: 'none' }, x, n - x),
    );
    const where = `${region.atLeast}${region.atMost === null ? ' or more' : ` to ${region.atMost}`}`;
    const about = `${where} at ${confidence * 100}%, ${n} units, truth ${p}`;
    return ENDS.flatMap((end): Experiment[] => {
      const rate = decided.reduce((sum, is, x) => sum + (is === end ? binomialProbability(x, n, p) : 0), 0);
      const theory: Theory = { kind: 'is', rate };
      const times = 3_000;
      return [
        {
          name: `share ${about}: ${end}`,
          theory,
          times,
          happens: (draw) => share(binomial(draw, n, p)) === end,
        },
        ...(p === 0.8
          ? [
              {
                name: `valid share ${about}: ${end}`,
                theory,
                times,
                happens: (draw: Draw) => valid(binomial(draw, n, p)) === end,
              },
            ]
          : []),
      ];
    });
  });
}

/** Normal values with a spread of 1: an interval's end is beyond the bound as often as a t is. */
function means(): Experiment[] {
  const n = 100;
  return [0.95, 0.99].flatMap((confidence) =>
    [-0.4, 0, 0.4].flatMap((truth) =>
      ENDS.map((end): Experiment => {
        const gate: Gate = {
          kind: 'mean',
          name: 'claim',
          expr: 'x',
          region: { atLeast: 0, atMost: null },
          confidence,
        };
        const away = (end === 'pass' ? truth : -truth) * Math.sqrt(n);
        const rate = normalTail(normalQuantile((1 + confidence) / 2) - away);
        return {
          name: `mean 0 or more at ${confidence * 100}%, ${n} units, truth ${truth}: ${end}`,
          // Of the bound it is exact; away from it the normal curve stands in for a noncentral t.
          theory:
            truth === 0 ? { kind: 'is', rate: (1 - confidence) / 2 } : { kind: 'near', rate, within: 0.02 },
          times: 10_000,
          happens: (draw) => {
            const tally = new NumberTally(false, false);
            for (let i = 0; i < n; i++) tally.add(0, truth + normal(draw));
            return stateOf(gate, { kind: 'mean', tally, errors: 0, firstError: null }, n, 0) === end;
          },
        };
      }),
    ),
  );
}

/** Items that differ, each ten times: a gate must not take repetitions for independent draws. */
function repeated(): Experiment[] {
  const confidence = 0.99;
  const items = 40;
  const region = { atLeast: 0.5, atMost: null };
  const claim = { name: 'claim', expr: 'x', region, confidence };
  return ENDS.flatMap((end): Experiment[] => [
    {
      name: `share 0.5 or more at 99%, 40 items of 10 units, truth 0.5: ${end}`,
      theory: { kind: 'near', rate: 0.005, within: 0.003 },
      times: 10_000,
      happens: (draw) => {
        const tally = new ShareTally(true);
        for (let item = 0; item < items; item++) {
          const own = draw();
          for (let i = 0; i < 10; i++) tally.add(item, draw() < own);
        }
        const counted: GateTally = { kind: 'share', tally, errors: 0, firstError: null };
        return stateOf({ kind: 'share', ...claim }, counted, tally.n, 0) === end;
      },
    },
    {
      name: `mean 0.5 or more at 99%, 40 items of 10 units, truth 0.5: ${end}`,
      theory: { kind: 'near', rate: 0.005, within: 0.002 },
      times: 5_000,
      happens: (draw) => {
        const tally = new NumberTally(true, false);
        for (let item = 0; item < items; item++) {
          const own = 0.5 + normal(draw);
          for (let i = 0; i < 10; i++) tally.add(item, own + normal(draw));
        }
        const counted: GateTally = { kind: 'mean', tally, errors: 0, firstError: null };
        return stateOf({ kind: 'mean', ...claim }, counted, tally.n, 0) === end;
      },
    },
  ]);
}

/** Misses drop out seven times as often as hits: what is left looks better than the whole. */
function dropped(): Experiment[] {
  const n = 400;
  const region = { atLeast: 0.8, atMost: null };
  const gate: Gate = { kind: 'share', name: 'claim', expr: 'x', region, confidence: 0.95 };
  const decide = (looksAway: boolean) => {
    const state = remembered((count: string) => {
      const [x = 0, valid = 0] = count.split(' ').map(Number);
      return stateOf(gate, shareTally(x, valid), valid, looksAway ? 0 : n - valid);
    });
    return (draw: Draw) => {
      const hits = binomial(draw, n, 0.78);
      const x = hits - binomial(draw, hits, 0.04);
      return state(`${x} ${x + n - hits - binomial(draw, n - hits, 0.28)}`);
    };
  };
  const careful = decide(false);
  const careless = decide(true);
  return [
    {
      name: 'share 0.8 or more, truth 0.78, misses drop out seven times as often: pass',
      theory: { kind: 'at most', rate: 0.025 },
      times: 4_000,
      happens: (draw) => careful(draw) === 'pass',
    },
    {
      name: 'the same had it looked at valid units only',
      theory: { kind: 'at least', rate: 0.1 },
      times: 4_000,
      happens: (draw) => careless(draw) === 'pass',
    },
  ];
}

// How often gates on changes and on differences between groups pass and fail, as a function of what is true, and how
// often any of a family fails when nothing changed.
import { DifferenceTally } from '../../../src/analysis/difference-tally.ts';
import { decideChanges, pairedChangeOf } from '../../../src/analysis/gate-changes.ts';
import { unpairedChangeOf } from '../../../src/analysis/gate-changes-unpaired.ts';
import { undecided } from '../../../src/analysis/gate-held.ts';
import { type ChangeGate, estimatedOf } from '../../../src/analysis/gate-sides.ts';
import { evaluateGates, type GateResult } from '../../../src/analysis/gates.ts';
import type { Draw } from '../../../src/analysis/resampling.ts';
import { normalQuantile } from '../../../src/analysis/special.ts';
import { normalTail } from '../../../src/analysis/tails.ts';
import { NumberTally } from '../../../src/analysis/tally.ts';
import type { Gate, Region } from '../../../src/pipeline/pipeline.ts';
import { type Experiment, normal, type Theory } from './experiment.ts';

const FALSE_ALARMS = 0.01;
const CONFIDENCE = 0.95;
/** Chance that a normal estimate lies more than a confidence's reach above a bound that is true. */
const WRONG = (1 - CONFIDENCE) / 2;

/** Every gate on a change or a difference. */
export function changesDecide(): Experiment[] {
  return [...shares(), ...means(), ...dropped(), ...families(), ...differences()];
}

function gateOf(kind: ChangeGate['kind'], region: Region): ChangeGate {
  return { kind, name: 'claim', expr: 'x', region, confidence: CONFIDENCE };
}

type Values = readonly (number | null)[];

/** Each gate over its own values of the same units; all of them one family. */
function decided(
  gates: readonly ChangeGate[],
  values: readonly { readonly base: Values; readonly head: Values }[],
  items: readonly number[] | null = null,
): readonly GateResult[] {
  const changes = gates.map((gate, at) => {
    const open = undecided(gate, 'open');
    return { gate, open, held: pairedChangeOf(gate, { ...values[at]!, items, isIdentical: false }, open) };
  });
  return decideChanges(changes, FALSE_ALARMS);
}

const UNITS = 300;
const NO_DROP = gateOf('share_change', { atLeast: 0, atMost: null });
const SMALL_DROP = gateOf('share_change', { atLeast: -0.05, atMost: null });

/** Three units of ten are drawn anew, the others have the luck they had: as when a part of a pipeline was changed. */
function sharePairs(draw: Draw, change: number): { readonly base: number[]; readonly head: number[] } {
  const base: number[] = [];
  const head: number[] = [];
  for (let i = 0; i < UNITS; i++) {
    const luck = draw();
    base.push(luck < 0.7 ? 1 : 0);
    head.push((draw() < 0.3 ? draw() : luck) < 0.7 + change ? 1 : 0);
  }
  return { base, head };
}

/** Spread of one unit's difference: which changed up, and which down. */
function spreadOf(change: number): number {
  const after = 0.7 + change;
  const shared = Math.abs(change);
  const up = 0.3 * 0.3 * after + (change > 0 ? 0.7 * shared : 0);
  const down = 0.3 * 0.7 * (1 - after) + (change < 0 ? 0.7 * shared : 0);
  return Math.sqrt(up + down - change ** 2);
}

function shares(): Experiment[] {
  const reach = normalQuantile(1 - WRONG);
  const strict = normalQuantile(1 - FALSE_ALARMS);
  return [NO_DROP, SMALL_DROP].flatMap((gate) =>
    [0, -0.05, -0.15].flatMap((change) => {
      const margin = gate.region.atLeast!;
      const away = ((change - margin) / spreadOf(change)) * Math.sqrt(UNITS);
      const about = `a share's change of ${margin} or more, ${UNITS} pairs, truth ${change}`;
      const ends = { pass: normalTail(reach - away), fail: normalTail(strict + away) };
      return (['pass', 'fail'] as const).map(
        (end): Experiment => ({
          name: `${about}: ${end}`,
          // At its bound the gate may be wrong, and no more often than it says.
          theory:
            change === margin
              ? { kind: 'at most', rate: end === 'pass' ? WRONG : FALSE_ALARMS }
              : { kind: 'near', rate: ends[end], within: 0.04 },
          times: 3_000,
          happens: (draw) => decided([gate], [sharePairs(draw, change)])[0]!.state === end,
        }),
      );
    }),
  );
}

const SAME_LENGTH = gateOf('mean_change', { atLeast: -1, atMost: 1 });
const NO_LONGER = gateOf('mean_change', { atLeast: null, atMost: 0 });

function means(): Experiment[] {
  const pairs = 100;
  const spread = 4;
  const made = (draw: Draw, change: number) => {
    const base = Array.from({ length: pairs }, () => 20 + 10 * normal(draw));
    return { base, head: base.map((value) => value + change + spread * normal(draw)) };
  };
  const error = spread / Math.sqrt(pairs);
  const passes = (change: number): Theory => {
    const reach = normalQuantile(1 - WRONG) * error;
    const [low, high] = [-1 + reach - change, 1 - reach - change];
    const rate = normalTail(low / error) - normalTail(high / error);
    return change === 1 ? { kind: 'at most', rate: WRONG } : { kind: 'near', rate, within: 0.03 };
  };
  const alone = (draw: Draw, change: number) => {
    const tally = (mean: number) => {
      const numbers = new NumberTally(false, false);
      for (let i = 0; i < pairs; i++) numbers.add(0, mean + spread * normal(draw));
      const counted = { kind: 'mean', tally: numbers, errors: 0, firstError: null } as const;
      return { estimated: estimatedOf(counted)!, dropped: 0 };
    };
    const open = undecided(NO_LONGER, 'open');
    const held = unpairedChangeOf(NO_LONGER, tally(20), tally(20 + change), open);
    return decideChanges([{ gate: NO_LONGER, open, held }], FALSE_ALARMS)[0]!;
  };
  return [
    ...[0, 1].map(
      (change): Experiment => ({
        name: `a mean's change of -1 to +1, ${pairs} pairs that spread by 4, truth ${change}: pass`,
        theory: passes(change),
        times: 5_000,
        happens: (draw) => decided([SAME_LENGTH], [made(draw, change)])[0]!.state === 'pass',
      }),
    ),
    {
      name: `a mean's change of -1 to +1, ${pairs} pairs that spread by 4, truth 1: fail`,
      // Half of the level stands at each bound.
      theory: { kind: 'is', rate: FALSE_ALARMS / 2 },
      times: 5_000,
      happens: (draw) => decided([SAME_LENGTH], [made(draw, 1)])[0]!.state === 'fail',
    },
    {
      name: `a mean's change of 0 or less, two samples of ${pairs}, truth 0: fail`,
      theory: { kind: 'is', rate: FALSE_ALARMS },
      times: 10_000,
      happens: (draw) => alone(draw, 0).state === 'fail',
    },
    {
      name: `a mean's change of 0 or less, two samples of ${pairs}, truth 2: fail`,
      theory: {
        kind: 'near',
        rate: normalTail(normalQuantile(1 - FALSE_ALARMS) - 2 / (error * Math.SQRT2)),
        within: 0.02,
      },
      times: 5_000,
      happens: (draw) => alone(draw, 2).state === 'fail',
    },
  ];
}

/** The head's misses drop out, which makes a drop of eight points look like none. */
function dropped(): Experiment[] {
  const made = (draw: Draw) => {
    const { base, head } = sharePairs(draw, -0.08);
    return { base, head: head.map((hit) => (hit === 0 && draw() < 0.5 ? null : hit)) };
  };
  return [
    {
      name: "a share's change of -0.05 or more, truth -0.08, misses drop out: pass",
      theory: { kind: 'at most', rate: WRONG },
      times: 2_000,
      happens: (draw) => decided([SMALL_DROP], [made(draw)])[0]!.state === 'pass',
    },
    {
      name: 'the same had it looked at pairs only',
      theory: { kind: 'at least', rate: 0.1 },
      times: 2_000,
      happens: (draw) => {
        const { base, head } = made(draw);
        const kept = head.flatMap((hit, at) => (hit === null ? [] : [{ hit, before: base[at]! }]));
        const pairs = { base: kept.map(({ before }) => before), head: kept.map(({ hit }) => hit) };
        return decided([SMALL_DROP], [pairs])[0]!.state === 'pass';
      },
    },
  ];
}

/** Gates at the bound, on figures that have nothing or most of their chance in common. */
function families(): Experiment[] {
  const pairs = 60;
  return [1, 3, 10].flatMap((size) =>
    [0, 0.9].map((shared): Experiment => {
      const gates = Array.from({ length: size }, () => NO_LONGER);
      const base = new Array<number>(pairs).fill(0);
      const rate = 1 - (1 - FALSE_ALARMS / size) ** size;
      return {
        name: `any of ${size} gates on no change, figures ${shared === 0 ? 'of their own' : 'nearly the same'}`,
        theory: shared === 0 ? { kind: 'is', rate } : { kind: 'at most', rate: FALSE_ALARMS },
        times: size === 10 ? 4_000 : 10_000,
        happens: (draw) => {
          const common = Array.from({ length: pairs }, () => normal(draw));
          const values = gates.map(() => ({
            base,
            head: common.map((one) => Math.sqrt(shared) * one + Math.sqrt(1 - shared) * normal(draw)),
          }));
          return decided(gates, values).some(({ state }) => state === 'fail');
        },
      };
    }),
  );
}

const COUPLINGS = ['of independent units', 'paired by what they drew', 'of the same 30 items'] as const;

/** Two groups of one run, 150 units each. */
function differences(): Experiment[] {
  const tallied = (draw: Draw, coupling: (typeof COUPLINGS)[number], apart: number, isShare: boolean) => {
    const byItem = coupling === 'of the same 30 items';
    const tally = new DifferenceTally(
      byItem ? true : coupling === 'paired by what they drew' ? 'draws' : false,
    );
    let own = 0;
    for (let i = 0; i < 150; i++) {
      // An item is as easy or hard for both groups.
      if (i % 5 === 0) own = byItem ? normal(draw) : 0;
      const shared = coupling === 'paired by what they drew' ? normal(draw) : 0;
      for (const side of ['of', 'minus'] as const) {
        const luck = own + shared + normal(draw) + (side === 'of' ? apart : 0);
        tally.add(side, byItem ? Math.floor(i / 5) : i, isShare ? Number(luck > 0.3) : luck);
      }
    }
    return tally;
  };
  const stateOf = (kind: 'share_difference' | 'mean_difference', tally: DifferenceTally) => {
    const region = { atLeast: 0, atMost: null };
    const gate: Gate = {
      kind,
      name: 'claim',
      expr: 'x',
      by: 'g',
      of: 'a',
      minus: 'b',
      region,
      confidence: CONFIDENCE,
    };
    const situation = { planned: 300, valid: 300, failed: 0, inFlight: 0, cost: 0n, uncertain: 0n };
    const counted = { kind: 'difference', tally, errors: 0, firstError: null } as const;
    return evaluateGates([gate], [counted], situation)[0]!.state;
  };
  return COUPLINGS.flatMap((coupling) =>
    (['share', 'mean'] as const).flatMap((what) => {
      const about = `a ${what} of one group less that of another, 0 or more, ${coupling}`;
      const happens = (end: string, apart: number) => (draw: Draw) =>
        stateOf(`${what}_difference`, tallied(draw, coupling, apart, what === 'share')) === end;
      return [
        ...(['pass', 'fail'] as const).map(
          (end): Experiment => ({
            name: `${about}, truth 0: ${end}`,
            theory: { kind: 'near', rate: WRONG, within: 0.006 },
            times: 4_000,
            happens: happens(end, 0),
          }),
        ),
        {
          name: `${about}, truly above: pass`,
          theory: { kind: 'at least', rate: what === 'mean' ? 0.8 : 0.5 },
          times: 1_000,
          happens: happens('pass', 0.4),
        } satisfies Experiment,
      ];
    }),
  );
}

// A run held against another: what moved, and what the gates on changes say to it. It reads two runs' figures and knows
// neither where the other one is kept nor how anything is shown.
import type { Pipeline } from '../pipeline/pipeline.ts';
import { alignUnits } from './align-units.ts';
import type { Analysis } from './analysis.ts';
import { compareSlices, compareUnits } from './comparison.ts';
import type { Comparison } from './comparison-change.ts';
import type { Slice } from './estimate.ts';
import {
  type ChangedValues,
  decideChanges,
  type HeldChange,
  pairedChangeOf,
  sameRun,
} from './gate-changes.ts';
import { type EstimatedSide, unpairedChangeOf } from './gate-changes-unpaired.ts';
import { askedField, type ChangeGate, estimatedIn } from './gate-sides.ts';
import type { GateResult } from './gates.ts';
import type { UnitColumn, UnitValues } from './unit-values.ts';

/** Another run, as far as it is known. */
export interface BaseResult {
  /** A branch, or a run's id; untrusted. */
  readonly name: string;
  /** Why no change between the two means anything, in a few words; null: it does. */
  readonly reason: string | null;
  /** The base is this very run. */
  readonly isSame: boolean;
  /** What each of its units came to; null: not known. The same place is the same unit, or ids say which one is. */
  readonly values: (Pick<UnitValues, 'units' | 'columns'> & Partial<Pick<UnitValues, 'ids'>>) | null;
  /** Its estimates; null: not known. */
  readonly overall: Slice | null;
  /** Where it was analysed by the same gates: what each gate on a change rests on there. Absent: the estimates say it. */
  readonly sides?: readonly (EstimatedSide | null)[];
}

/** What came of holding a run against another. */
export interface Against {
  readonly name: string;
  readonly reason: string | null;
  readonly isSame: boolean;
  /** Null: nothing could be compared. */
  readonly comparison: Comparison | null;
}

/** How often a change that is none may fail a gate, unless the pipeline says it. */
export const FALSE_ALARMS = 0.01;

/** The analysis with the changes, and with the gates on changes decided. `base` null: there is none, or none yet. */
export function holdAgainst(analysis: Analysis, pipeline: Pipeline, base: BaseResult | null): Analysis {
  if (base === null) return analysis;
  const { name, reason, isSame } = base;
  const comparison = reason === null && !isSame ? compare(base, analysis) : null;
  // A model that gave the same answers once more is a sample of one that does; draws of equal streams are no chance.
  const isComputed = pipeline.steps.every(({ kind }) => kind !== 'llm');
  const gates = decideGates(analysis, pipeline, base, isComputed && comparison?.isSame === true);
  return { ...analysis, gates, against: { name, reason, isSame, comparison } };
}

function compare(base: BaseResult, { values, overall }: Analysis): Comparison | null {
  const aligned = base.values === null || values === null ? null : alignUnits(base.values, values);
  if (aligned !== null) {
    const { baseOnly, headOnly } = aligned;
    const compared = compareUnits(aligned.base, aligned.head);
    return baseOnly + headOnly === 0
      ? compared
      : { ...compared, isSame: false, unpaired: { base: baseOnly, head: headOnly } };
  }
  return base.overall === null ? null : compareSlices(base.overall, overall);
}

function decideGates(
  analysis: Analysis,
  pipeline: Pipeline,
  base: BaseResult,
  isIdentical: boolean,
): readonly GateResult[] {
  if (analysis.accounting.inFlight > 0) return analysis.gates;
  const changes = pipeline.gates.flatMap((gate, at) => {
    if (gate.kind !== 'share_change' && gate.kind !== 'mean_change') return [];
    const open = analysis.gates[at]!;
    if (base.reason !== null)
      return [
        { gate, at, open: because(open, `the two runs cannot be compared: ${base.reason}`), held: null },
      ];
    const held = hold(gate, at, analysis, base, isIdentical);
    return [
      typeof held === 'string'
        ? { gate, at, open: because(open, held), held: null }
        : { gate, at, open, held },
    ];
  });
  const decided = decideChanges(changes, pipeline.falseAlarms ?? FALSE_ALARMS);
  const byPlace = new Map(changes.map(({ at }, turn) => [at, decided[turn]!]));
  return analysis.gates.map((gate, at) => byPlace.get(at) ?? gate);
}

/** Units without a result, at the most: one that failed before its fan-out stands for all it could have given. */
export function droppedIn({ accounting, unsplit }: Pick<Analysis, 'accounting' | 'unsplit'>): number {
  return accounting.failed + (unsplit === undefined ? 0 : unsplit.most - unsplit.units);
}

function because(open: GateResult, reason: string): GateResult {
  return { ...open, reason };
}

/** What a gate on a change can be held by, or why there is nothing. */
function hold(
  gate: ChangeGate,
  at: number,
  analysis: Analysis,
  base: BaseResult,
  isIdentical: boolean,
): HeldChange | string {
  const open = analysis.gates[at]!;
  const here = open.sides?.of ?? null;
  if (here === null) return 'no unit gave a value here';
  if (base.isSame) return sameRun(here, open);
  const values = pairedValues(gate, analysis.values, base.values, isIdentical);
  if (values !== null) return pairedChangeOf(gate, values, open) ?? 'too few units have a value in both runs';
  const estimated = analysis.sides?.[at] ?? null;
  const there = base.sides?.[at] ?? (base.overall === null ? null : estimatedIn(base.overall, gate));
  if (estimated === null || there === null) return 'nothing is known of it in the run it is compared with';
  const head = { estimated, dropped: droppedIn(analysis) + open.errors };
  return unpairedChangeOf(gate, there, head, open) ?? 'too few units have a value in both runs';
}

function pairedValues(
  gate: ChangeGate,
  head: UnitValues | null,
  base: BaseResult['values'],
  isIdentical: boolean,
): ChangedValues | null {
  const aligned = head === null || base === null ? null : alignUnits(base, head);
  return aligned === null ? null : valuesIn(gate, aligned.head, aligned.base, isIdentical);
}

function valuesIn(
  gate: ChangeGate,
  head: UnitValues,
  base: Pick<UnitValues, 'units' | 'columns'>,
  isIdentical: boolean,
): ChangedValues | null {
  const here = gateColumn(head.columns, gate)?.values;
  const there = gateColumn(base.columns, gate)?.values ?? shownValues(base.columns, gate);
  if (here === undefined || there === null) return null;
  // Of a run that went on for longer the first units are the same ones.
  const units = Math.min(head.units, base.units);
  return {
    base: there.slice(0, units),
    head: here.slice(0, units),
    items: head.items?.slice(0, units) ?? null,
    coupled: head.coupled,
    isIdentical,
  };
}

function gateColumn(columns: readonly UnitColumn[], { kind, name }: ChangeGate): UnitColumn | undefined {
  const kept = kind === 'share_change' ? 'share' : 'mean';
  return columns.find((column) => column.isGate && column.kind === kept && column.name === name);
}

/** The values of an outcome or metric that is just what the gate asks: a gate that is new has none of its own there. */
function shownValues(columns: readonly UnitColumn[], gate: ChangeGate): UnitColumn['values'] | null {
  const asked = askedField(gate);
  if (asked === null) return null;
  const kind = asked.label === null ? 'mean' : 'category';
  const column = columns.find((one) => !one.isGate && one.kind === kind && one.name === asked.field);
  if (column === undefined || asked.label === null) return column?.values ?? null;
  const place = column.labels.indexOf(asked.label);
  return column.values.map((value) => (value === null ? null : value === place ? 1 : 0));
}

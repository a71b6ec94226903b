// Which units two results have in common, and what each of them was and is. It brings both into one order, and estimates
// nothing.
import { chooseUnits } from '../analysis/align-units.ts';
import type { UnitRecord } from '../analysis/record.ts';
import { textAt } from '../analysis/unit-differences.ts';
import {
  MOST_KEPT_UNITS,
  sameColumn,
  type UnitColumn,
  type UnitValues,
  valueAt,
} from '../analysis/unit-values.ts';
import type { ChangedUnit } from '../report/layout-comparison.ts';

/** What is kept of one side: its units in order, and of what kind the failure was of those that failed. */
export interface SideUnits {
  readonly ids: readonly string[];
  readonly failures: ReadonlyMap<string, string>;
}

/** Collects them while records go by; gives up where there are too many to be kept. */
export class SideCollector {
  private readonly ids: string[] = [];
  private readonly failures = new Map<string, string>();
  private units = 0;

  add(record: UnitRecord): void {
    if (++this.units > MOST_KEPT_UNITS) return;
    this.ids.push(record.unit);
    if (record.kind === 'failed') this.failures.set(record.unit, record.failure.kind);
  }

  /** Null: there were too many. */
  finish(): SideUnits | null {
    return this.units > MOST_KEPT_UNITS ? null : { ids: this.ids, failures: this.failures };
  }
}

/** Both sides over their common units, in the order of the head. */
export interface CommonUnits {
  readonly ids: readonly string[];
  readonly base: UnitValues;
  readonly head: UnitValues;
  /** Units that only one side has. */
  readonly baseOnly: number;
  readonly headOnly: number;
}

/** Joins two sides by the ids of their units; a string says why they cannot be. */
export function joinUnits(
  base: { readonly units: SideUnits; readonly values: UnitValues },
  head: { readonly units: SideUnits; readonly values: UnitValues },
): CommonUnits | string {
  const places = new Map(base.units.ids.map((id, place) => [id, place]));
  const unique = new Set(head.units.ids).size === head.units.ids.length;
  if (!unique || places.size !== base.units.ids.length || places.has(''))
    return 'units without an id of their own';
  const common = head.units.ids.flatMap((id, place) => {
    const before = places.get(id);
    return before === undefined ? [] : [{ id, place, before }];
  });
  if (common.length === 0) return 'no unit in common';
  return {
    ids: common.map(({ id }) => id),
    base: chooseUnits(
      base.values,
      common.map(({ before }) => before),
    ),
    head: chooseUnits(
      head.values,
      common.map(({ place }) => place),
    ),
    baseOnly: base.units.ids.length - common.length,
    headOnly: head.units.ids.length - common.length,
  };
}

/**
 * The common units of which any quantity, or whether they failed, differs; each with what differs only. What a gate asks is
 * told where nothing else of the unit differs.
 */
export function listChanged(
  { ids, base, head }: CommonUnits,
  before: SideUnits,
  after: SideUnits,
): readonly ChangedUnit[] {
  const pairs = head.columns.flatMap((column): Pair[] => {
    const other = sameColumn(base, column);
    return other === undefined ? [] : [{ other, column }];
  });
  return ids.flatMap((unit, place): ChangedUnit[] => {
    const differs = pairs.filter(({ other, column }) => valueAt(other, place) !== valueAt(column, place));
    const was = before.failures.get(unit);
    const is = after.failures.get(unit);
    if (differs.length === 0 && was === is) return [];
    const open = differs.filter(({ column }) => !column.isGate);
    const told = open.length > 0 ? open : differs;
    const say = (failure: string | undefined, side: keyof Pair): string =>
      failure === undefined
        ? told.map((pair) => `${pair[side].name} ${textAt(pair[side], place) ?? 'none'}`).join(', ')
        : `failed (${failure})`;
    return [{ unit, before: say(was, 'other'), after: say(is, 'column') }];
  });
}

interface Pair {
  readonly other: UnitColumn;
  readonly column: UnitColumn;
}

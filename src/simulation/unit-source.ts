// What a run's units are made of, as plain data: small enough to be given to each worker, which then needs only numbers.
// Runs with many or large items are not described so; their units travel one by one.
import type { Items } from '../pipeline/pipeline.ts';
import { itemsFromLines, itemsToLines } from '../pipeline/snapshot.ts';
import { planUnits, type UnitPlan, type UnitTable } from './units.ts';

/** Characters that are kept in every worker at the most. */
const MOST_TEXT = 1_000_000;

/** A plan and its items as lines of JSON. */
export interface UnitSource {
  readonly plan: UnitPlan;
  readonly items: readonly string[];
}

/** Describes the units of a pipeline; null: they are made of too much. */
export function describeUnits(
  { form, strategy, repeat, maxUnits, only }: UnitPlan,
  items: Items,
): UnitSource | null {
  const plan: UnitPlan = { form, strategy, repeat, maxUnits, ...(only === undefined ? {} : { only }) };
  let room = MOST_TEXT - JSON.stringify(plan).length;
  const lines: string[] = [];
  for (const line of itemsToLines(items)) {
    room -= line.length;
    if (room < 0) return null;
    lines.push(line);
  }
  return { plan, items: lines };
}

/** Plans the units of a description. */
export function planDescribed({ plan, items }: UnitSource): UnitTable {
  return planUnits(plan, itemsFromLines(items));
}

// Chooses and reads the units that the page of a run lists: those that came out otherwise than on the base, those that
// failed, those that were tried again, and the first of the others. A few of each are told in full. Units are known by
// their places, see levels.ts.
import type { BaseResult } from '../analysis/against.ts';
import type { Analysis } from '../analysis/analysis.ts';
import { type UnitDifference, unitDifferences } from '../analysis/unit-differences.ts';
import {
  collectUnits,
  type Difference,
  LISTED,
  type ListedUnit,
  type Sort,
} from '../report/html-unit-list.ts';
import { placesOf, roomOf } from './levels.ts';
import { readAttempts } from './perform-attempts.ts';
import type { RunContext } from './perform-context.ts';
import { finishedPlaces, readRecords } from './perform-results.ts';
import type { RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Units of each sort that are told in full. */
const TOLD = 80;

/** The units to list, of a run that was held against `base` or nothing. */
export async function listUnits(
  context: RunContext,
  analysis: Pick<Analysis, 'values' | 'against'>,
  base: Pick<BaseResult, 'values'> | null,
): Promise<readonly ListedUnit[]> {
  const differences = differencesOf(analysis, base);
  const { state } = context;
  const finished = finishedPlaces(state);
  const differing = atPlaces(finished, differences);
  const sorts = Object.entries(sortsOf(state, finished, differing)) as [Sort, UnitSet][];
  const listed = UnitSet.unionOf(sorts.map(([sort, units]) => units.take(LISTED[sort])));
  const told = UnitSet.unionOf(sorts.map(([, units]) => units.take(TOLD)));
  const attempts = state.finished ? await readAttempts(context, told) : null;
  const collector = collectUnits();
  const indices = listed[Symbol.iterator]();
  for await (const record of readRecords(context, listed)) {
    const unit = indices.next().value!;
    const isTold = attempts !== null && told.has(unit);
    collector.add(
      record,
      (differing.get(unit) ?? []).map(written),
      isTold ? (attempts.get(unit) ?? []) : null,
    );
  }
  return collector.list();
}

/** What is other than on the base, by place among the finished units; nothing unless they are the same units. */
function differencesOf(
  { values, against }: Pick<Analysis, 'values' | 'against'>,
  base: Pick<BaseResult, 'values'> | null,
): ReadonlyMap<number, readonly UnitDifference[]> {
  const before = base?.values ?? null;
  const isPaired = against?.comparison?.pairing === 'paired';
  if (!isPaired || before === null || values === null) return new Map();
  return unitDifferences(before, values, LISTED.differing + LISTED.moved);
}

/** Each unit is of the first sort it belongs to. */
function sortsOf(
  state: RunState,
  finished: UnitSet,
  differences: ReadonlyMap<number, readonly UnitDifference[]>,
): Readonly<Record<Sort, UnitSet>> {
  const { steps } = state;
  const roomAt = (step: number): number => roomOf(steps, step, steps.length);
  const all = [...differences];
  const differing = UnitSet.of(
    all.flatMap(([unit, some]) => (some.some(({ isMetric }) => !isMetric) ? unit : [])),
  );
  const failed = UnitSet.unionOf(steps.map((step, i) => placesOf(step.failed, roomAt(i)))).minus(differing);
  const first = differing.union(failed);
  const moved = UnitSet.of(differences.keys()).minus(first);
  const before = first.union(moved);
  // What was tried again before it was divided, all its children were tried again with.
  const retried = UnitSet.unionOf(steps.map((step, i) => step.retried.children(roomAt(i))))
    .intersect(finished)
    .minus(before);
  return { differing, failed, moved, retried, others: finished.minus(before).minus(retried) };
}

/** By unit what is known by its place among the finished ones. */
function atPlaces<T>(finished: UnitSet, places: ReadonlyMap<number, T>): ReadonlyMap<number, T> {
  const found = new Map<number, T>();
  if (places.size === 0) return found;
  let at = 0;
  for (const unit of finished) {
    const value = places.get(at++);
    if (value !== undefined) found.set(unit, value);
  }
  return found;
}

function written({ name, isMetric, base, head }: UnitDifference): Difference {
  return { name, isMetric, base: base ?? 'no value', head: head ?? 'no value' };
}

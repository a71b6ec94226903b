// The numbers of units that are children of others: each fan-out begins a level, in which unit `i` of the level before has
// the numbers from `i * width` on. So canonical order is parents in order, and nothing depends on who came first.
import type { StepState } from './state.ts';
import { UnitSet } from './unit-set.ts';

type Widths = readonly Pick<StepState, 'width'>[];

/** How many numbers at step `before` one number at step `from` has room for. */
export function roomOf(steps: Widths, from: number, before: number): number {
  let room = 1;
  for (const { width } of steps.slice(from, before)) room *= width ?? 1;
  return room;
}

/**
 * Units by the first number they have room for in the last level: so those that failed before a fan-out and those that
 * came through it have one order. `room` is that of their own level.
 */
export function placesOf(units: UnitSet, room: number): UnitSet {
  if (room === 1) return units;
  function* places(): Generator<number> {
    for (const unit of units) yield unit * room;
  }
  return UnitSet.of(places());
}

/** What units at step `from` are there and at each step after it, as far as they have come, in the numbers of each. */
export function reachOf(
  steps: readonly Pick<StepState, 'kind' | 'width' | 'made'>[],
  from: number,
  units: UnitSet,
): readonly UnitSet[] {
  let here = units;
  return steps.slice(from).map((step) => {
    const before = here;
    if (step.kind === 'fan_out') here = step.made.intersect(here.children(step.width ?? 1));
    return before;
  });
}

/** Those of `units` whose place is among `places`. */
export function unitsAt(units: UnitSet, room: number, places: UnitSet): UnitSet {
  if (room === 1) return units.intersect(places);
  function* found(): Generator<number> {
    for (const unit of units) if (places.has(unit * room)) yield unit;
  }
  return UnitSet.of(found());
}

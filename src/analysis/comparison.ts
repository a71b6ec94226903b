// Two runs held against each other, quantity by quantity: how far it moved, how sure that is, and what it would take to be
// sure. A change is this run's value minus the base's; it decides nothing about gates.
import { bundlingOf } from './clusters.ts';
import { stuartMaxwell } from './compare-categories.ts';
import type { Change, ChangeTest, Comparison, OutcomeChange } from './comparison-change.ts';
import { changesByGroup, type GroupChanges } from './comparison-groups.ts';
import { pairedChange } from './comparison-paired.ts';
import { type ComparedUnits, type Outcome, outcomesOf, quantitiesOf } from './comparison-quantities.ts';
import { sampleCategories, sampleChange } from './comparison-samples.ts';
import { sliceChanges } from './comparison-slices.ts';
import { stepsOf } from './comparison-tests.ts';
import type { Slice } from './estimate.ts';
import { benjaminiHochberg } from './multiplicity.ts';
import { sameColumn, valueAt } from './unit-values.ts';

/**
 * Compares two runs of the same units; `head` is this one. The same place is the same unit; units that only one of them
 * has are left out. Tests that draw are seeded by the quantity's name, and bounded.
 */
export function compareUnits(base: ComparedUnits, head: ComparedUnits): Comparison {
  const units = Math.min(base.units, head.units);
  const [before, after] = [firstUnits(base, units), firstUnits(head, units)];
  const quantities = quantitiesOf(before, after);
  const items = after.items ?? null;
  const steps = stepsOf(quantities, items);
  const changes = quantities.flatMap((quantity) => pairedChange(quantity, after, steps) ?? []);
  const outcomes = isClustered(after)
    ? []
    : outcomesOf(before, after).map((outcome) => aboutOutcome(outcome, pairedCategories(outcome)));
  return {
    pairing: 'paired',
    ...inFamily(withoutRepeats(changes), outcomes, changesByGroup(before, after, quantities, true)),
    dropped: countDropped(before, after, units),
    units,
    isSame: base.units === head.units && isSame(before, after),
  };
}

/** Compares two runs whose units are not the same: of another seed, other items, or another number of them. */
export function compareSamples(base: ComparedUnits, head: ComparedUnits): Comparison {
  const quantities = quantitiesOf(base, head);
  const steps = stepsOf(quantities, null);
  const changes = quantities.flatMap((quantity) => sampleChange(quantity, { base, head }, steps) ?? []);
  const outcomes =
    isClustered(base) || isClustered(head)
      ? []
      : outcomesOf(base, head).map((outcome) => aboutOutcome(outcome, sampleCategories(outcome)));
  return {
    pairing: 'unpaired',
    ...inFamily(withoutRepeats(changes), outcomes, changesByGroup(base, head, quantities, false)),
    dropped: countDropped(base, base, base.units) + countDropped(head, head, head.units),
    units: head.units,
    isSame: false,
  };
}

/** Compares two runs of which only the estimates are known. */
export function compareSlices(base: Slice, head: Slice): Comparison {
  return {
    pairing: 'estimates',
    ...inFamily(sliceChanges(base, head), [], { groups: [], moreGroups: 0 }),
    dropped: base.dropped + head.dropped,
    units: head.units + head.dropped,
    isSame: false,
  };
}

function firstUnits(run: ComparedUnits, units: number): ComparedUnits {
  if (run.units === units) return run;
  const { groups, items } = run;
  return {
    ...run,
    units,
    columns: run.columns.map((column) => ({ ...column, values: column.values.slice(0, units) })),
    groups: groups ? { ...groups, values: groups.values.slice(0, units) } : null,
    items: items?.slice(0, units) ?? null,
  };
}

/** An outcome that a gate is about says the same once more. */
function withoutRepeats(changes: readonly Change[]): readonly Change[] {
  const gates = changes.filter(({ isGate }) => isGate);
  return changes.filter((one) => one.isGate || !gates.some((gate) => isEqual(one, gate)));
}

function isEqual(one: Change, other: Change): boolean {
  const keys = ['base', 'head', 'gained', 'lost', 'baseUnits', 'headUnits'] as const;
  return one.kind === other.kind && keys.every((key) => one[key] === other[key]);
}

/** Tests that take units for independent say nothing where they hang together. */
function isClustered({ items = null, coupled }: ComparedUnits): boolean {
  if (items === null) return false;
  const { fewest, of } = bundlingOf(items, coupled ?? true);
  const size = new Set(items.map(of)).size;
  return size >= fewest && size < items.length;
}

function aboutOutcome({ name, labels }: Outcome, test: ChangeTest): OutcomeChange {
  return { name, values: labels.length, test, adjusted: test.p };
}

/** Which value each unit had there and has here, by Stuart and Maxwell. */
function pairedCategories({ labels, base, head }: Outcome): ChangeTest {
  const places = new Map(labels.map((label, place) => [label, place]));
  const table = labels.map(() => labels.map(() => 0));
  head.values.forEach((_, at) => {
    const [from, to] = [valueAt(base, at), valueAt(head, at)].map((label) => places.get(String(label)));
    if (from !== undefined && to !== undefined) table[from]![to]!++;
  });
  return { name: 'Stuart-Maxwell', p: stuartMaxwell(table).p, draws: 0, effect: null };
}

/** Corrects the first p of each question without a gate for all of them, groups included. */
function inFamily(
  changes: readonly Change[],
  outcomes: readonly OutcomeChange[],
  { groups, moreGroups }: GroupChanges,
): Pick<Comparison, 'changes' | 'outcomes' | 'groups' | 'moreGroups' | 'looked'> {
  const asked: number[] = [];
  const ask = (p: number): number => asked.push(p) - 1;
  const askChange = (change: Change) => {
    const first = change.isGate ? undefined : change.tests[0];
    return { change, at: first === undefined ? null : ask(first.p) };
  };
  const overall = changes.map(askChange);
  const omnibus = outcomes.map((outcome) => ({ outcome, at: ask(outcome.test.p) }));
  const within = groups.map(({ group, changes }) => ({ group, changes: changes.map(askGroup) }));
  // A gate by group is not decided by any gate: it is only looked at.
  function askGroup(change: Change): { change: Change; at: number | null } {
    return askChange({ ...change, isGate: false });
  }
  const adjusted = benjaminiHochberg(asked);
  const told = ({ change, at }: { change: Change; at: number | null }): Change => ({
    ...change,
    adjusted: at === null ? null : adjusted[at]!,
  });
  return {
    changes: overall.map(told),
    outcomes: omnibus.map(({ outcome, at }) => ({ ...outcome, adjusted: adjusted[at]! })),
    groups: within.map(({ group, changes }) => ({ group, changes: changes.map(told) })),
    moreGroups,
    looked: asked.length,
  };
}

/** Units without a value in some quantity that both runs have. */
function countDropped(base: ComparedUnits, head: ComparedUnits, units: number): number {
  const pairs = head.columns.flatMap((column) => {
    const other = sameColumn(base, column);
    return other === undefined ? [] : [[other.values, column.values] as const];
  });
  let dropped = 0;
  for (let at = 0; at < units; at++) {
    if (pairs.some(([before, after]) => (before[at] ?? null) === null || (after[at] ?? null) === null))
      dropped++;
  }
  return dropped;
}

/** True when every quantity that both have is the same, unit by unit. */
function isSame(base: ComparedUnits, head: ComparedUnits): boolean {
  return head.columns.every((column) => {
    const other = sameColumn(base, column);
    return other === undefined || column.values.every((_, at) => valueAt(column, at) === valueAt(other, at));
  });
}

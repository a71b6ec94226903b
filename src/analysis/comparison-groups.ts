// One quantity in each group of both runs. The groups are what the runs say they are; nothing is decided about any.

import type { Change, GroupChange } from './comparison-change.ts';
import { pairedChange } from './comparison-paired.ts';
import type { ComparedUnits, Quantity } from './comparison-quantities.ts';
import { sampleChange } from './comparison-samples.ts';
import { NO_STEPS } from './comparison-tests.ts';
import { byGroupName } from './group-order.ts';
import type { UnitGroups, Values } from './unit-values.ts';

/** Groups whose changes are kept. */
const MOST_GROUPS = 200;

/** What changed in each group, in order of their names; none below two groups. */
export interface GroupChanges {
  readonly groups: readonly GroupChange[];
  readonly moreGroups: number;
}

const NONE: GroupChanges = { groups: [], moreGroups: 0 };

/** `pairs`: the same place is the same unit. */
export function changesByGroup(
  base: ComparedUnits,
  head: ComparedUnits,
  quantities: readonly Quantity[],
  pairs: boolean,
): GroupChanges {
  const quantity = quantityOfGroups(quantities);
  if (quantity === null || !head.groups) return NONE;
  const then = placesOf(base.groups ?? (pairs ? head.groups : null));
  const here = placesOf(head.groups);
  const names = [...here.keys()].filter((name) => then.has(name)).sort(byGroupName);
  if (names.length < 2) return NONE;
  const isPaired = pairs && areStable(base.groups ?? null, head.groups);
  const changeOf = (name: string): Change | null => {
    const [before, after] = [then.get(name)!, here.get(name)!];
    if (!isPaired) {
      const part = { ...quantity, base: pick(quantity.base, before), head: pick(quantity.head, after) };
      return sampleChange(part, { base: pickItems(base, before), head: pickItems(head, after) }, NO_STEPS);
    }
    // Who failed on one side may be placed by the other.
    const places = [...new Set([...before, ...after])].sort((a, b) => a - b);
    const part = { ...quantity, base: pick(quantity.base, places), head: pick(quantity.head, places) };
    return pairedChange(part, pickItems(head, places), NO_STEPS);
  };
  const groups = names.slice(0, MOST_GROUPS).flatMap((group) => {
    const change = changeOf(group);
    return change === null ? [] : [{ group, changes: [change] }];
  });
  return { groups, moreGroups: Math.max(0, names.length - MOST_GROUPS) };
}

/** What is on balance, else the first outcome, else the first metric, else the first gate. */
function quantityOfGroups(quantities: readonly Quantity[]): Quantity | null {
  const shown = quantities.filter(({ isGate }) => !isGate);
  // A field's name holds no blank: this is the net of an outcome.
  const net = shown.find(({ name }) => name.startsWith('net '));
  return net ?? shown.find(({ label }) => label !== null) ?? shown[0] ?? quantities[0] ?? null;
}

function placesOf(groups: UnitGroups | null): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  groups?.values.forEach((value, at) => {
    const name = value === null ? undefined : groups.labels[value];
    if (name === undefined) return;
    const known = places.get(name);
    if (known === undefined) places.set(name, [at]);
    else known.push(at);
  });
  return places;
}

/** False when a unit is in one group there and in another here: the groups are then results themselves. */
function areStable(base: UnitGroups | null, head: UnitGroups): boolean {
  if (base === null) return true;
  return head.values.every((value, at) => {
    const other = base.values[at] ?? null;
    return value === null || other === null || head.labels[value] === base.labels[other];
  });
}

function pick(values: Values, places: readonly number[]): Values {
  return places.map((place) => values[place] ?? null);
}

function pickItems(
  { items, coupled }: ComparedUnits,
  places: readonly number[],
): Pick<ComparedUnits, 'items' | 'coupled'> {
  const own = items ? places.map((place) => items[place]!) : null;
  return coupled === undefined ? { items: own } : { items: own, coupled };
}

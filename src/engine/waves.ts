// Which units the waves of a run hold: whole repetitions in canonical order, so that everybody who has weighed the same
// wave opens the same units. Pure; when to stop is decided elsewhere.
import type { Weighed } from '../analysis/stop.ts';
import { FEWEST_UNITS } from '../analysis/stop-width.ts';
import type { StopSpec } from '../pipeline/pipeline.ts';
import { groupLabel, halvingRounds } from '../pipeline/stop-groups.ts';
import type { UnitTable } from '../simulation/units.ts';
import { UnitSet } from './unit-set.ts';

/** Groups of the combinations of items: labels in the order of items, and for each combination its group's place. */
export interface ItemGroups {
  readonly labels: readonly string[];
  readonly of: readonly number[];
}

/** The groups into which a field of the items divides them. */
export function itemGroups(units: UnitTable, by: string): ItemGroups {
  const places = new Map<string, number>();
  const of = Array.from({ length: Math.min(units.combinations, units.count) }, (_, index) => {
    const label = groupLabel(units.unit(index).fields.get(by));
    if (!places.has(label)) places.set(label, places.size);
    return places.get(label)!;
  });
  return { labels: [...places.keys()], of };
}

/** How many units wait at first: the first wave, of all items. */
export function firstWave({ every }: StopSpec, units: UnitTable): number {
  return Math.min(units.count, every * units.combinations);
}

/** After how many waves a run is weighed at the most, the last one included. */
export function countLooks(stop: StopSpec, units: UnitTable): number {
  const { rule } = stop;
  if (rule.kind === 'best') return halvingRounds(itemGroups(units, rule.by).labels.length) + 1;
  return Math.ceil(units.count / Math.max(1, firstWave(stop, units)));
}

/** The fewest and the most units the waves of a run may have. */
export function rangeOfUnits(
  stop: StopSpec,
  units: UnitTable,
): { readonly least: number; readonly most: number } {
  const { every, rule } = stop;
  const wave = firstWave(stop, units);
  if (rule.kind === 'gates') return { least: wave, most: units.count };
  if (rule.kind === 'half_width') {
    const waves = Math.ceil(FEWEST_UNITS / Math.max(1, wave));
    return { least: Math.min(units.count, waves * wave), most: units.count };
  }
  // Which groups go on is not known, but how many: the smallest at the least, the largest at the most.
  const { labels, of } = itemGroups(units, rule.by);
  const sizes = new Array<number>(labels.length).fill(0);
  for (const group of of) sizes[group]!++;
  const total = (ascending: readonly number[]): number => {
    let sum = 0;
    for (let left = labels.length; left > 1; left = Math.ceil(left / 2))
      sum += every * sumOfFirst(ascending, left);
    return Math.min(units.count, sum + rule.fresh * sumOfFirst(ascending, 1));
  };
  const sorted = sizes.toSorted((a, b) => a - b);
  return { least: total(sorted), most: total(sorted.toReversed()) };
}

function sumOfFirst(sizes: readonly number[], count: number): number {
  return sizes.slice(0, count).reduce((sum, size) => sum + size, 0);
}

/** How many units it would be without stopping; of a search for the best, with all groups run as often as the winner. */
export function unitsWithoutStop({ every, rule }: StopSpec, units: UnitTable): number {
  if (rule.kind !== 'best') return units.count;
  const rounds = halvingRounds(itemGroups(units, rule.by).labels.length);
  return Math.min(units.count, (rounds * every + rule.fresh) * units.combinations);
}

/** The units that a run opens once its wave number `look` (from 1) was weighed; empty: it has all it wants. */
export function nextWave(stop: StopSpec, units: UnitTable, look: number, weighed: Weighed): UnitSet {
  const { every, rule } = stop;
  if (weighed.enough) return UnitSet.empty;
  const first = every * look;
  if (rule.kind !== 'best' || weighed.kind !== 'best') {
    const edge = (repetition: number) =>
      UnitSet.firstOf(Math.min(units.count, repetition * units.combinations));
    return edge(first + every).minus(edge(first));
  }
  const { of } = itemGroups(units, rule.by);
  const left = new Set(weighed.left);
  const repetitions = left.size === 1 ? rule.fresh : every;
  const members = of.flatMap((group, combination) => (left.has(group) ? [combination] : []));
  const wave = Array.from({ length: repetitions }, (_, i) =>
    members.map((combination) => (first + i) * units.combinations + combination),
  );
  return UnitSet.of(wave.flat().filter((unit) => unit < units.count));
}

// Which units the waves of a run hold: whole repetitions in canonical order, so that everybody who has weighed the same
// wave opens the same units. Pure; when to stop is decided elsewhere.
import type { Weighed } from '../analysis/stop.ts';
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

/**
 * The most units a run may have. Of a search for the best, what all groups would take if each were run as often as the
 * winner is: that is what the search spares.
 */
export function mostUnits({ every, rule }: StopSpec, units: UnitTable): number {
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

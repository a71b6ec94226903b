// Which units changed between two runs over the same units: their places, so that a page can show them first. It counts
// all of them, lists a bounded number, and judges nothing.
import type { UnitColumn } from './unit-values.ts';

/** Places listed each way. */
export const MOST_DISCORDANT = 100;

/**
 * Units that changed, by their places in canonical order, at most 100 each way. `gained`: they have it here only, or
 * their number rose; `lost`: they have it there only, or their number fell. The counts are of all.
 */
export interface DiscordantUnits {
  readonly gained: readonly number[];
  readonly lost: readonly number[];
  readonly gainedCount: number;
  readonly lostCount: number;
}

/** One unit whose value differs; of a category the values are labels. */
export interface ChangedUnit {
  readonly place: number;
  readonly before: number | string;
  readonly after: number | string;
}

type Columns = { readonly columns: readonly UnitColumn[] };

/** The same quantity in another run; undefined: it is not there. */
export function sameColumn(
  { columns }: Columns,
  column: Pick<UnitColumn, 'kind' | 'name' | 'isGate'>,
): UnitColumn | undefined {
  const { kind, name, isGate } = column;
  const alike = columns.filter((one) => one.name === name && one.kind === kind);
  return alike.find((one) => one.isGate === isGate) ?? alike[0];
}

/**
 * The units that changed in one quantity of both runs. Of a category `label` says which value is gained and lost; it is
 * not asked otherwise. Nothing where the base does not have the quantity.
 */
export function discordantUnits(
  base: Columns,
  head: Columns,
  column: Pick<UnitColumn, 'kind' | 'name' | 'isGate'>,
  label: string | null = null,
): DiscordantUnits {
  const gained: number[] = [];
  const lost: number[] = [];
  let gainedCount = 0;
  let lostCount = 0;
  const [before, after] = [sameColumn(base, column), sameColumn(head, column)];
  after?.values.forEach((_, place) => {
    const [b, h] = [sizeAt(before, place, label), sizeAt(after, place, label)];
    if (b === null || h === null || b === h) return;
    if (h > b) {
      gainedCount++;
      if (gained.length < MOST_DISCORDANT) gained.push(place);
    } else {
      lostCount++;
      if (lost.length < MOST_DISCORDANT) lost.push(place);
    }
  });
  return { gained, lost, gainedCount, lostCount };
}

function sizeAt(column: UnitColumn | undefined, place: number, label: string | null): number | null {
  const value = column?.values[place] ?? null;
  if (column === undefined || value === null || column.kind !== 'category') return value;
  return column.labels[value] === label ? 1 : 0;
}

/** Every unit whose value in one quantity differs, with both values; at most `most` of them, in canonical order. */
export function changedUnits(
  base: Columns,
  head: Columns,
  column: Pick<UnitColumn, 'kind' | 'name' | 'isGate'>,
  most: number,
): readonly ChangedUnit[] {
  const changed: ChangedUnit[] = [];
  const [other, same] = [sameColumn(base, column), sameColumn(head, column)];
  for (let place = 0; place < (same?.values.length ?? 0) && changed.length < most; place++) {
    const [before, after] = [valueAt(other, place), valueAt(same, place)];
    if (before !== null && after !== null && before !== after) changed.push({ place, before, after });
  }
  return changed;
}

/** A unit's number, or the label of its category; null: it has none. */
export function valueAt(column: UnitColumn | undefined, place: number): number | string | null {
  const value = column?.values[place] ?? null;
  if (column === undefined || value === null || column.kind !== 'category') return value;
  return column.labels[value] ?? null;
}

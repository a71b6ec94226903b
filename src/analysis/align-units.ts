// Brings the units of two runs into one order. Where units fan out, lists may have another length on the other side, so that
// the same place is not the same unit; ids say which one it is. It compares no values.
import type { UnitValues } from './unit-values.ts';

type Placed = Pick<UnitValues, 'units' | 'ids'>;
type Chosen = Pick<UnitValues, 'units' | 'columns'> & Partial<Pick<UnitValues, 'ids' | 'items' | 'groups'>>;

/** Two runs place by place, and the units that only one of them has. */
export interface AlignedUnits<Base, Head> {
  readonly base: Base;
  readonly head: Head;
  readonly baseOnly: number;
  readonly headOnly: number;
}

/** Both sides over their common units, in the order of the head; null: nothing says which units are the same. */
export function alignUnits<Base extends Chosen, Head extends Chosen>(
  base: Base,
  head: Head,
): AlignedUnits<Base, Head> | null {
  // Without fan-outs the same place is the same unit; the run with more of them went on for longer.
  if (base.ids === undefined && head.ids === undefined) return { base, head, baseOnly: 0, headOnly: 0 };
  const partner = partnersOf(base, head);
  if (partner === null) return null;
  const common = Array.from({ length: head.units }, (_, place) => ({ place, other: partner(place) })).filter(
    (pair): pair is { place: number; other: number } => pair.other !== null,
  );
  if (common.length === 0) return null;
  return {
    base: chooseUnits(
      base,
      common.map(({ other }) => other),
    ),
    head: chooseUnits(
      head,
      common.map(({ place }) => place),
    ),
    baseOnly: base.units - common.length,
    headOnly: head.units - common.length,
  };
}

/** Tells at which place of the base a unit of the head is, null where it is at none; null: nothing tells. */
export function partnersOf(base: Placed, head: Placed): ((place: number) => number | null) | null {
  const { ids } = head;
  if (base.ids === undefined && ids === undefined) return (place) => (place < base.units ? place : null);
  if (base.ids === undefined || ids === undefined) return null;
  const places = new Map(base.ids.map((id, place) => [id, place]));
  return (place) => places.get(ids[place] ?? '') ?? null;
}

/** The units at some places. */
export function chooseUnits<Values extends Chosen>(values: Values, places: readonly number[]): Values {
  const pick = <T>(all: readonly T[]): readonly T[] => places.map((place) => all[place]!);
  const { ids, items, groups, columns } = values;
  return {
    ...values,
    units: places.length,
    columns: columns.map((column) => ({ ...column, values: pick(column.values) })),
    ...(ids === undefined ? {} : { ids: pick(ids) }),
    ...(items ? { items: pick(items) } : {}),
    ...(groups ? { groups: { ...groups, values: pick(groups.values) } } : {}),
  };
}

/** Ids as one text: each as what it shares with the one before, in characters (base 36), and the rest. */
export function writeIds(ids: readonly string[]): string {
  let before = '';
  return ids
    .map((id) => {
      let shared = 0;
      while (shared < id.length && id[shared] === before[shared]) shared++;
      before = id;
      return `${shared.toString(36)} ${id.slice(shared)}`;
    })
    .join('\n');
}

/** Reads them back; null for anything else, and where an id comes twice. */
export function readIds(text: unknown, units: number): readonly string[] | null {
  if (typeof text !== 'string') return null;
  const lines = units === 0 ? [] : text.split('\n');
  if (lines.length !== units) return null;
  let before = '';
  const ids: string[] = [];
  for (const line of lines) {
    const [, shared, rest] = /^([0-9a-z]{1,4}) (.*)$/su.exec(line) ?? [];
    if (shared === undefined || rest === undefined) return null;
    const length = Number.parseInt(shared, 36);
    if (length > before.length || length + rest.length > LONGEST_ID) return null;
    before = before.slice(0, length) + rest;
    ids.push(before);
  }
  return new Set(ids).size === ids.length ? ids : null;
}

/** Characters of one id. */
const LONGEST_ID = 2_000;

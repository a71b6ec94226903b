// What every unit came to, for whatever is estimated: one column for a gate, an outcome or a metric, one place for a unit
// in canonical order. Two runs over the same units are compared place by place. It reads records and judges nothing.
import { fieldsOf } from '../expression/plain-json.ts';
import { readIds, writeIds } from './align-units.ts';
import type { Clustering } from './clusters.ts';
import type { Bounds } from './estimate.ts';
import { listValues, PackedValues, type ValueRow } from './packed-values.ts';

/** What each unit came to, in canonical order; null: it has no value. */
export type Values = readonly (number | null)[];

/**
 * One quantity. Of a `share` each value is 0 or 1, of a `mean` a number, of a `category` the place of a label; null: the
 * unit has none, because it failed or its expression did.
 */
export interface UnitColumn {
  readonly kind: 'share' | 'mean' | 'category';
  /** Of a gate its name, of the others the field. */
  readonly name: string;
  readonly isGate: boolean;
  /** Of a figure a digest of what it counts, 16 hex digits: under one name it may come to count something else. */
  readonly asks?: string;
  readonly labels: readonly string[];
  readonly values: Values;
}

/** Which group each unit is in: the place of a label; null: it is not known. */
export interface UnitGroups {
  readonly labels: readonly string[];
  readonly values: Values;
}

/**
 * The columns of one run. `items`: which item each unit is of, numbered as they appear; null: no item repeats. `coupled`:
 * they are bundles of units that drew together instead, or the units they were before fan-outs, as in `Clustering`. `groups`: null without `group_by`.
 */
export interface UnitValues {
  readonly units: number;
  readonly items: readonly number[] | null;
  readonly coupled?: Coupled;
  readonly groups: UnitGroups | null;
  readonly columns: readonly UnitColumn[];
  /** Where units fan out, the id of each: what is at the same place elsewhere may be another one. Absent otherwise. */
  readonly ids?: readonly string[];
}

/** The columns of a run for curves, read place by place: also of a run whose units are too many to be compared. */
export interface DrawnValues extends Pick<UnitValues, 'units' | 'coupled'> {
  readonly items: ValueRow | null;
  readonly columns: readonly DrawnColumn[];
}

/** One quantity for curves. */
export interface DrawnColumn extends Omit<UnitColumn, 'values'> {
  readonly values: ValueRow;
}

/** The same quantity in another run; undefined: it is not there. A gate may have the name of a field, and ask something else. */
export function sameColumn(
  { columns }: Pick<UnitValues, 'columns'>,
  { kind, name, isGate, asks }: Omit<UnitColumn, 'values'>,
): UnitColumn | undefined {
  return columns.find(
    (one) => one.name === name && one.kind === kind && one.isGate === isGate && one.asks === asks,
  );
}

/** A unit's number, or the label of its category; null: it has none. */
export function valueAt({ kind, labels, values }: UnitColumn, place: number): number | string | null {
  const value = values[place] ?? null;
  return value === null || kind !== 'category' ? value : (labels[value] ?? null);
}

/** The smallest and the largest value on any side; infinities where there is none. */
export function rangeOf(...sides: readonly Values[]): Bounds {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const values of sides) {
    for (const value of values) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return { low, high };
}

/** True where no side has another value than 0 and 1, so that a mean is a share. */
export function isZeroOrOne(...sides: readonly Values[]): boolean {
  return sides.every((values) => values.every((value) => value === null || value === 0 || value === 1));
}

/** How units hang together that are not just repetitions of items. */
export type Coupled = Exclude<Clustering, boolean>;

/** Units whose values are kept; a larger run is compared by its estimates. */
export const MOST_KEPT_UNITS = 20_000;

/** Units whose values are held while a run is analysed, for the curves of its page. */
export const MOST_DRAWN_UNITS = 200_000;

/** Characters of all columns as text. */
const MOST_TEXT = 300_000;

interface Draft {
  readonly labels: string[];
  readonly places: Map<string, number>;
  readonly values: PackedValues;
}

/** A column that is asked for: the key of its values, and what they are. */
export type WantedColumn = { readonly key: string } & Omit<UnitColumn, 'labels' | 'values'>;

/** Collects columns while records go by, each in the same order. */
export class UnitValueCollector {
  private units = 0;
  private items: PackedValues | null;
  private readonly clustering: Clustering;
  private readonly most: number;
  private readonly columns = new Map<string, Draft>();
  private ids: string[] | null;

  /** `hasIds`: the same place need not be the same unit elsewhere. */
  constructor(clustering: Clustering, hasIds: boolean, most: number = MOST_KEPT_UNITS) {
    this.ids = hasIds ? [] : null;
    this.clustering = clustering;
    this.items = clustering === false ? null : new PackedValues();
    this.most = most;
  }

  /** Begins the next unit; false when there are too many to keep any. */
  next(item: number, id = ''): boolean {
    this.units++;
    if (this.units > this.most) {
      // Once: the tables of a map that is cleared again and again keep one another alive for long.
      if (this.units === this.most + 1) this.giveUp();
      return false;
    }
    this.items?.push(item);
    // What is only drawn is held against no other run.
    if (this.units <= MOST_KEPT_UNITS) this.ids?.push(id);
    else this.ids = null;
    return true;
  }

  /** The present unit's value; a text is a label. */
  set(key: string, value: number | string): void {
    let column = this.columns.get(key);
    if (column === undefined) {
      column = { labels: [], places: new Map(), values: new PackedValues() };
      this.columns.set(key, column);
    }
    column.values.fill(this.units - 1);
    column.values.push(typeof value === 'number' ? value : placeOf(column, value));
  }

  /** The columns with these keys, as the caller names them, to be drawn; null when the run was too large. */
  drawn(wanted: readonly WantedColumn[]): DrawnValues | null {
    if (this.units > this.most) return null;
    const { units, items } = this;
    return {
      units,
      items,
      ...this.coupled,
      columns: wanted.map(({ key, ...about }) => ({ ...about, ...this.whole(key) })),
    };
  }

  /** The same to be compared, which takes fewer units; `groups`: the key of theirs. */
  finish(wanted: readonly WantedColumn[], groups: string | null): UnitValues | null {
    if (this.units > Math.min(this.most, MOST_KEPT_UNITS)) return null;
    const listed = (key: string): UnitGroups => {
      const { labels, values } = this.whole(key);
      return { labels, values: listValues(values) };
    };
    return {
      units: this.units,
      // Every unit has an item.
      items: this.items === null ? null : (listValues(this.items) as readonly number[]),
      ...this.coupled,
      ...(this.ids === null ? {} : { ids: this.ids }),
      groups: groups === null ? null : listed(groups),
      columns: wanted.map(({ key, ...about }) => ({ ...about, ...listed(key) })),
    };
  }

  private giveUp(): void {
    this.columns.clear();
    this.items = null;
    this.ids = null;
  }

  private get coupled(): { readonly coupled?: Coupled } {
    return typeof this.clustering === 'boolean' ? {} : { coupled: this.clustering };
  }

  private whole(key: string): Draft {
    const column = this.columns.get(key) ?? { labels: [], places: new Map(), values: new PackedValues() };
    column.values.fill(this.units);
    return column;
  }
}

function placeOf({ labels, places }: Draft, label: string): number {
  const known = places.get(label);
  if (known !== undefined) return known;
  places.set(label, labels.length);
  return labels.push(label) - 1;
}

/**
 * The columns as short JSON values: numbers between commas, nothing where there is none. What does not fit is left out, the
 * groups first; where ids do not, nothing is written.
 */
export function writeUnitValues({ units, columns, groups, ids }: UnitValues): unknown {
  const named = ids === undefined ? null : writeIds(ids);
  let room = MOST_TEXT - (named?.length ?? 0);
  if (room < 0) return null;
  const fits = ({
    labels,
    values,
  }: {
    readonly labels: readonly string[];
    readonly values: string;
  }): boolean => {
    room -= values.length + JSON.stringify(labels).length;
    return room >= 0;
  };
  const written = columns.map((column) => ({ ...column, values: writePlaces(column.values) })).filter(fits);
  const grouped = groups === null ? null : { labels: groups.labels, values: writePlaces(groups.values) };
  const kept = { units, columns: written, groups: grouped !== null && fits(grouped) ? grouped : null };
  return named === null ? kept : { ...kept, ids: named };
}

function writePlaces(values: Values): string {
  return values.map((value) => (value === null ? '' : String(value))).join(',');
}

/** Reads them back, without items, which are this run's too; null for anything else. */
export function parseUnitValues(
  value: unknown,
): Pick<UnitValues, 'units' | 'columns' | 'groups' | 'ids'> | null {
  const { units, columns, groups, ids } = fieldsOf(value);
  if (!Number.isInteger(units) || (units as number) < 0 || (units as number) > MOST_KEPT_UNITS) return null;
  if (!Array.isArray(columns) || columns.length > 500) return null;
  const read = columns.map((column) => readColumn(column, units as number));
  if (!read.every((column) => column !== null)) return null;
  const named = ids === undefined ? undefined : readIds(ids, units as number);
  if (named === null) return null;
  const kept = {
    units: units as number,
    columns: read,
    groups: readLabelled(groups, units as number, 'category'),
  };
  return named === undefined ? kept : { ...kept, ids: named };
}

function readColumn(value: unknown, units: number): UnitColumn | null {
  const { kind, name, isGate, asks } = fieldsOf(value);
  if (kind !== 'share' && kind !== 'mean' && kind !== 'category') return null;
  if (typeof name !== 'string' || typeof isGate !== 'boolean') return null;
  const read = readLabelled(value, units, kind);
  if (read === null) return null;
  return { kind, name, isGate, ...(typeof asks === 'string' ? { asks } : {}), ...read };
}

/** Labels and values; null unless each value is one that its kind can have. */
function readLabelled(value: unknown, units: number, kind: UnitColumn['kind']): UnitGroups | null {
  const { labels, values } = fieldsOf(value);
  if (!Array.isArray(labels) || !labels.every((label) => typeof label === 'string')) return null;
  if (typeof values !== 'string') return null;
  const numbers = units === 0 ? [] : values.split(',').map((text) => (text === '' ? null : Number(text)));
  const isRight = (one: number): boolean => {
    if (kind === 'share') return one === 0 || one === 1;
    return kind === 'mean' ? Number.isFinite(one) : Object.hasOwn(labels, one) && Number.isInteger(one);
  };
  const isWhole = numbers.length === units && numbers.every((one) => one === null || isRight(one));
  return isWhole ? { labels: labels as string[], values: numbers } : null;
}

// What every unit came to, for whatever is estimated: one column for a gate, an outcome or a metric, one place for a unit
// in canonical order. Two runs over the same units are compared place by place. It reads records and judges nothing.

/**
 * One quantity. Of a `share` each value is 0 or 1, of a `mean` a number, of a `category` the place of a label; null: the
 * unit has none, because it failed or its expression did.
 */
export interface UnitColumn {
  readonly kind: 'share' | 'mean' | 'category';
  /** Of a gate its name, of the others the field. */
  readonly name: string;
  readonly isGate: boolean;
  readonly labels: readonly string[];
  readonly values: readonly (number | null)[];
}

/** Which group each unit is in: the place of a label; null: it is not known. */
export interface UnitGroups {
  readonly labels: readonly string[];
  readonly values: readonly (number | null)[];
}

/**
 * The columns of one run. `items`: which item each unit is of, numbered as they appear; null: no item repeats. `groups`:
 * null without `group_by`.
 */
export interface UnitValues {
  readonly units: number;
  readonly items: readonly number[] | null;
  readonly groups: UnitGroups | null;
  readonly columns: readonly UnitColumn[];
}

/** Units whose values are kept; a larger run is compared by its estimates. */
export const MOST_KEPT_UNITS = 20_000;

/** Characters of all columns as text. */
const MOST_TEXT = 300_000;

type Draft = { readonly labels: string[]; readonly places: Map<string, number>; values: (number | null)[] };

/** Collects columns while records go by, each in the same order. */
export class UnitValueCollector {
  private units = 0;
  private readonly items: number[] | null;
  private readonly columns = new Map<string, Draft>();

  constructor(clustered: boolean) {
    this.items = clustered ? [] : null;
  }

  /** Begins the next unit; false when there are too many to keep any. */
  next(item: number): boolean {
    this.units++;
    if (this.units > MOST_KEPT_UNITS) {
      this.columns.clear();
      return false;
    }
    this.items?.push(item);
    return true;
  }

  /** The present unit's value; a text is a label. */
  set(key: string, value: number | string): void {
    let column = this.columns.get(key);
    if (column === undefined) {
      column = { labels: [], places: new Map(), values: [] };
      this.columns.set(key, column);
    }
    while (column.values.length < this.units - 1) column.values.push(null);
    column.values.push(typeof value === 'number' ? value : placeOf(column, value));
  }

  /** The columns with these keys, as the caller names them; null when the run was too large. `groups`: the key of theirs. */
  finish(
    wanted: readonly {
      readonly key: string;
      readonly kind: UnitColumn['kind'];
      readonly name: string;
      readonly isGate: boolean;
    }[],
    groups: string | null,
  ): UnitValues | null {
    if (this.units > MOST_KEPT_UNITS) return null;
    const whole = (key: string) => {
      const { labels, values } = this.columns.get(key) ?? { labels: [], values: [] };
      const rest = new Array<null>(this.units - values.length).fill(null);
      return { labels, values: [...values, ...rest] };
    };
    const columns = wanted.map(({ key, ...about }): UnitColumn => ({ ...about, ...whole(key) }));
    return { units: this.units, items: this.items, groups: groups === null ? null : whole(groups), columns };
  }
}

function placeOf({ labels, places }: Draft, label: string): number {
  const known = places.get(label);
  if (known !== undefined) return known;
  places.set(label, labels.length);
  return labels.push(label) - 1;
}

/** The columns as short JSON values: numbers between commas, nothing where there is none. Too long a column is left out. */
export function writeUnitValues({ units, columns }: UnitValues): unknown {
  let room = MOST_TEXT;
  const written = columns.flatMap(({ values, ...about }) => {
    const text = values.map((value) => (value === null ? '' : String(value))).join(',');
    room -= text.length;
    return room < 0 ? [] : [{ ...about, values: text }];
  });
  return { units, columns: written };
}

/** Reads them back; null for anything else. */
export function parseUnitValues(value: unknown): Pick<UnitValues, 'units' | 'columns'> | null {
  const { units, columns } = fieldsOf(value);
  if (!Number.isInteger(units) || (units as number) < 0 || (units as number) > MOST_KEPT_UNITS) return null;
  if (!Array.isArray(columns) || columns.length > 500) return null;
  const read = columns.map((column) => readColumn(column, units as number));
  return read.every((column) => column !== null) ? { units: units as number, columns: read } : null;
}

function readColumn(value: unknown, units: number): UnitColumn | null {
  const { kind, name, isGate, labels, values } = fieldsOf(value);
  const isLabelled = Array.isArray(labels) && labels.every((label) => typeof label === 'string');
  if (!['share', 'mean', 'category'].includes(kind as string) || typeof name !== 'string' || !isLabelled)
    return null;
  if (typeof values !== 'string' || typeof isGate !== 'boolean') return null;
  const numbers = units === 0 ? [] : values.split(',').map((text) => (text === '' ? null : Number(text)));
  const isWhole = numbers.length === units && numbers.every((one) => one === null || Number.isFinite(one));
  if (!isWhole) return null;
  const about = { kind: kind as UnitColumn['kind'], name, isGate, labels: labels as string[] };
  return { ...about, values: numbers };
}

function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

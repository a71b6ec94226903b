// Reads a tree by the keys of a zod schema's input type, forgivingly: what is absent or of the wrong kind is null,
// because the schema has already reported it. So one run finds every mistake, not only the first.
import { toNumber, type Value } from '../expression/values.ts';
import type { Place } from './mistakes.ts';
import { type MapEntry, placeOf, type ScalarTree, type Tree, toValue } from './tree.ts';

type KeyOf<T> = T extends readonly unknown[] ? never : T extends object ? keyof T & string : never;
type At<T, K extends string> = T extends object ? (K extends keyof T ? NonNullable<T[K]> : never) : never;
type Element<T> = T extends readonly (infer E)[] ? E : never;
type Entry<T> = T extends readonly unknown[] ? never : T extends object ? T[keyof T] : never;

/** One named entry of a mapping. */
export interface NamedCursor<T> {
  readonly name: string;
  readonly namePlace: Place;
  readonly cursor: Cursor<T>;
}

/** A node of the user's file, or the absence of one, seen through the input type T. */
export class Cursor<T> {
  readonly tree: Tree | null;
  private readonly parentPlace: Place;

  constructor(tree: Tree | null, parentPlace: Place) {
    this.tree = tree;
    this.parentPlace = parentPlace;
  }

  /** True when something stands here; an empty value or `null` counts as absent. */
  get present(): boolean {
    return this.tree !== null && !(this.tree.kind === 'scalar' && this.tree.value === null);
  }

  /** Where the value stands; for an absent one, where its parent does. */
  get place(): Place {
    return this.tree === null ? this.parentPlace : placeOf(this.tree);
  }

  /** The value under a key. */
  at<K extends KeyOf<T>>(key: K): Cursor<At<T, K>> {
    return new Cursor(
      this.tree?.kind === 'map' ? (this.tree.entries.get(key)?.tree ?? null) : null,
      this.place,
    );
  }

  /** The scalar that stands here, or null. */
  get scalar(): ScalarTree | null {
    return this.tree?.kind === 'scalar' && this.tree.value !== null ? this.tree : null;
  }

  /** Text as such; null for numbers and everything else. */
  text(): string | null {
    const value = this.scalar?.value;
    return typeof value === 'string' ? value : null;
  }

  /** A whole number. */
  integer(): number | null {
    const value = this.number();
    return value !== null && Number.isSafeInteger(value) ? value : null;
  }

  number(): number | null {
    const scalar = this.scalar;
    return scalar === null ? null : toNumber(scalar.value);
  }

  boolean(): boolean | null {
    const value = this.scalar?.value;
    return typeof value === 'boolean' ? value : null;
  }

  /** The items of a list; none when there is no list. */
  list(): Cursor<Element<T>>[] {
    if (this.tree?.kind !== 'list') return [];
    return this.tree.items.map((item) => new Cursor<Element<T>>(item, this.place));
  }

  /** The entries of a mapping, in order; none when there is no mapping. */
  entries(): NamedCursor<Entry<T>>[] {
    if (this.tree?.kind !== 'map') return [];
    return [...this.tree.entries].map(([name, entry]: [string, MapEntry]) => ({
      name,
      namePlace: entry.keySource.placeAt(entry.keyStart),
      cursor: new Cursor<Entry<T>>(entry.tree, this.place),
    }));
  }

  /** The whole value below here; null when absent. */
  value(): Value {
    return this.tree === null ? null : toValue(this.tree);
  }
}

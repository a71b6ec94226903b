// A set of unit indices as sorted, disjoint, inclusive ranges: the journal stores it as text such as `0-99,105`.
// Immutable; its size in memory and in the journal follows the number of gaps, not the number of units.

type Range = readonly [from: number, to: number];

/** An immutable set of unit indices (whole numbers from 0). */
export class UnitSet {
  static readonly empty = new UnitSet([]);
  /** First and last of each range in turn: units that are children leave a gap behind nearly every range. */
  private readonly edges: readonly number[];
  /** How many units are in the set. */
  readonly size: number;

  private constructor(edges: readonly number[]) {
    this.edges = edges;
    let size = 0;
    for (let i = 0; i < edges.length; i += 2) size += edges[i + 1]! - edges[i]! + 1;
    this.size = size;
  }

  /** The units 0 to count - 1. */
  static firstOf(count: number): UnitSet {
    return count === 0 ? UnitSet.empty : new UnitSet([0, count - 1]);
  }

  /** From indices in any order; doubles count once. */
  static of(units: Iterable<number>): UnitSet {
    const sorted = [...units];
    if (sorted.some((unit, i) => i > 0 && unit < sorted[i - 1]!)) sorted.sort((a, b) => a - b);
    const edges: number[] = [];
    for (const unit of sorted) addRange(edges, unit, unit);
    return new UnitSet(edges);
  }

  /** All units of these sets. */
  static unionOf(sets: readonly UnitSet[]): UnitSet {
    let all = [...sets];
    while (all.length > 1) {
      all = Array.from({ length: Math.ceil(all.length / 2) }, (_, i) =>
        all[2 * i]!.union(all[2 * i + 1] ?? UnitSet.empty),
      );
    }
    return all[0] ?? UnitSet.empty;
  }

  /** Reads the text form; throws a RangeError when it is not one. */
  static parse(text: string): UnitSet {
    if (text === '') return UnitSet.empty;
    let last = -1;
    const edges: number[] = [];
    for (const part of text.split(',')) {
      const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part);
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      if (match === null || from > to || from <= last) throw new RangeError(`"${part}" is no unit range`);
      last = to;
      addRange(edges, from, to);
    }
    return new UnitSet(edges);
  }

  toString(): string {
    return this.spans()
      .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
      .join(',');
  }

  has(unit: number): boolean {
    const { edges } = this;
    let low = 0;
    let high = edges.length / 2 - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (unit < edges[2 * middle]!) high = middle - 1;
      else if (unit > edges[2 * middle + 1]!) low = middle + 1;
      else return true;
    }
    return false;
  }

  union(other: UnitSet): UnitSet {
    if (other.size === 0) return this;
    if (this.size === 0) return other;
    const [a, b] = this.edges[0]! <= other.edges[0]! ? [this.edges, other.edges] : [other.edges, this.edges];
    // The usual case by far: work goes through the units in their order.
    if (a.at(-1)! + 1 < b[0]!) return new UnitSet(a.concat(b));
    const out: number[] = [];
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      if (j >= b.length || (i < a.length && a[i]! <= b[j]!)) {
        addRange(out, a[i]!, a[i + 1]!);
        i += 2;
      } else {
        addRange(out, b[j]!, b[j + 1]!);
        j += 2;
      }
    }
    return new UnitSet(out);
  }

  intersect(other: UnitSet): UnitSet {
    if (this.isApartFrom(other)) return UnitSet.empty;
    const [a, b] = [this.edges, other.edges];
    const out: number[] = [];
    let [i, j] = [firstReaching(a, b[0]!), firstReaching(b, a[0]!)];
    while (i < a.length && j < b.length) {
      const from = Math.max(a[i]!, b[j]!);
      const to = Math.min(a[i + 1]!, b[j + 1]!);
      if (from <= to) out.push(from, to);
      if (a[i + 1]! < b[j + 1]!) i += 2;
      else j += 2;
    }
    return new UnitSet(out);
  }

  minus(other: UnitSet): UnitSet {
    if (this.isApartFrom(other)) return this;
    const [a, b] = [this.edges, other.edges];
    const start = firstReaching(a, b[0]!);
    const out = a.slice(0, start);
    let j = firstReaching(b, a[start] ?? 0);
    for (let i = start; i < a.length; i += 2) {
      const to = a[i + 1]!;
      let next = a[i]!;
      while (j < b.length && b[j + 1]! < next) j += 2;
      for (let k = j; k < b.length && b[k]! <= to; k += 2) {
        if (b[k]! > next) out.push(next, b[k]! - 1);
        next = b[k + 1]! + 1;
      }
      if (next <= to) out.push(next, to);
    }
    return new UnitSet(out);
  }

  /** The first `count` units in order. */
  take(count: number): UnitSet {
    const out: number[] = [];
    let left = count;
    for (let i = 0; i < this.edges.length && left > 0; i += 2) {
      const from = this.edges[i]!;
      const to = Math.min(this.edges[i + 1]!, from + left - 1);
      out.push(from, to);
      left -= to - from + 1;
    }
    return new UnitSet(out);
  }

  /** The units of which these are children, where each has room for `width`. */
  parents(width: number): UnitSet {
    if (width === 1) return this;
    const out: number[] = [];
    for (const [from, to] of this.ranges()) addRange(out, Math.floor(from / width), Math.floor(to / width));
    return new UnitSet(out);
  }

  /** All units that these have room for, `width` each. */
  children(width: number): UnitSet {
    return width === 1
      ? this
      : new UnitSet(this.edges.map((edge, i) => edge * width + (i % 2) * (width - 1)));
  }

  equals(other: UnitSet): boolean {
    const { edges } = this;
    return edges.length === other.edges.length && edges.every((edge, i) => edge === other.edges[i]);
  }

  /** The ranges in order, both ends included. */
  spans(): readonly Range[] {
    return [...this.ranges()];
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [from, to] of this.ranges()) for (let unit = from; unit <= to; unit++) yield unit;
  }

  private *ranges(): Generator<Range> {
    for (let i = 0; i < this.edges.length; i += 2) yield [this.edges[i]!, this.edges[i + 1]!];
  }

  private isApartFrom(other: UnitSet): boolean {
    if (this.size === 0 || other.size === 0) return true;
    return this.edges.at(-1)! < other.edges[0]! || other.edges.at(-1)! < this.edges[0]!;
  }
}

/** Adds a range that begins nowhere before the last one. */
function addRange(edges: number[], from: number, to: number): void {
  const last = edges.length - 1;
  if (last >= 0 && from <= edges[last]! + 1) edges[last] = Math.max(edges[last]!, to);
  else edges.push(from, to);
}

/** Where the first range stands that ends at `unit` or behind it. */
function firstReaching(edges: readonly number[], unit: number): number {
  let low = 0;
  let high = edges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[2 * middle + 1]! < unit) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

// A set of unit indices as sorted, disjoint, inclusive ranges: the journal stores it as text such as `0-99,105`.
// Immutable; its size in memory and in the journal follows the number of gaps, not the number of units.

type Range = readonly [from: number, to: number];

/** An immutable set of unit indices (whole numbers from 0). */
export class UnitSet {
  static readonly empty = new UnitSet([]);
  private readonly ranges: readonly Range[];
  /** How many units are in the set. */
  readonly size: number;

  private constructor(ranges: readonly Range[]) {
    this.ranges = ranges;
    let size = 0;
    for (const [from, to] of ranges) size += to - from + 1;
    this.size = size;
  }

  /** The units 0 to count - 1. */
  static firstOf(count: number): UnitSet {
    return count === 0 ? UnitSet.empty : new UnitSet([[0, count - 1]]);
  }

  /** From indices in any order; doubles count once. */
  static of(units: Iterable<number>): UnitSet {
    const sorted = [...units].sort((a, b) => a - b);
    return new UnitSet(joinRanges(sorted.map((unit): Range => [unit, unit])));
  }

  /** Reads the text form; throws a RangeError when it is not one. */
  static parse(text: string): UnitSet {
    if (text === '') return UnitSet.empty;
    let last = -1;
    const ranges = text.split(',').map((part): Range => {
      const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part);
      const from = Number(match?.[1]);
      const to = Number(match?.[2] ?? match?.[1]);
      if (match === null || from > to || from <= last) throw new RangeError(`"${part}" is no unit range`);
      last = to;
      return [from, to];
    });
    return new UnitSet(joinRanges(ranges));
  }

  toString(): string {
    return this.ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
  }

  has(unit: number): boolean {
    let low = 0;
    let high = this.ranges.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [from, to] = this.ranges[middle]!;
      if (unit < from) high = middle - 1;
      else if (unit > to) low = middle + 1;
      else return true;
    }
    return false;
  }

  union(other: UnitSet): UnitSet {
    if (other.size === 0) return this;
    if (this.size === 0) return other;
    return new UnitSet(joinRanges([...this.ranges, ...other.ranges].sort((a, b) => a[0] - b[0])));
  }

  intersect(other: UnitSet): UnitSet {
    const out: Range[] = [];
    let j = 0;
    for (const [from, to] of this.ranges) {
      while (j < other.ranges.length && other.ranges[j]![1] < from) j++;
      for (let k = j; k < other.ranges.length && other.ranges[k]![0] <= to; k++) {
        out.push([Math.max(from, other.ranges[k]![0]), Math.min(to, other.ranges[k]![1])]);
      }
    }
    return new UnitSet(out);
  }

  minus(other: UnitSet): UnitSet {
    if (other.size === 0 || this.size === 0) return this;
    const out: Range[] = [];
    let j = 0;
    for (const [from, to] of this.ranges) {
      while (j < other.ranges.length && other.ranges[j]![1] < from) j++;
      let next = from;
      for (let k = j; k < other.ranges.length && other.ranges[k]![0] <= to; k++) {
        if (other.ranges[k]![0] > next) out.push([next, other.ranges[k]![0] - 1]);
        next = other.ranges[k]![1] + 1;
      }
      if (next <= to) out.push([next, to]);
    }
    return new UnitSet(out);
  }

  /** The first `count` units in order. */
  take(count: number): UnitSet {
    const out: Range[] = [];
    let left = count;
    for (const [from, to] of this.ranges) {
      if (left <= 0) break;
      out.push([from, Math.min(to, from + left - 1)]);
      left -= to - from + 1;
    }
    return new UnitSet(out);
  }

  equals(other: UnitSet): boolean {
    return this.size === other.size && this.toString() === other.toString();
  }

  /** The ranges in order, both ends included. */
  spans(): readonly Range[] {
    return this.ranges;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [from, to] of this.ranges) for (let unit = from; unit <= to; unit++) yield unit;
  }
}

function joinRanges(sorted: readonly Range[]): Range[] {
  const out: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = out[out.length - 1];
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

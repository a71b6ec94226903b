// A set of unit indices as sorted, disjoint, inclusive ranges: the journal stores it as text such as `0-99,105`.
// Immutable; its size in memory and in the journal follows the number of gaps, not the number of units. Ranges lie in
// blocks, which sets share: the children of a million units leave a million gaps, and work adds a thousand units at a time.

type Range = readonly [from: number, to: number];

/** First and last of each range in turn. */
type Edges = readonly number[];

interface Block {
  readonly edges: Edges;
  /** How many units its ranges hold. */
  readonly size: number;
}

/** Edges of one block at the most. */
const BLOCK = 1024;

/** An immutable set of unit indices (whole numbers from 0). */
export class UnitSet {
  static readonly empty = new UnitSet([]);
  private readonly blocks: readonly Block[];
  /** How many units are in the set. */
  readonly size: number;

  private constructor(blocks: readonly Block[]) {
    this.blocks = blocks;
    let size = 0;
    for (const block of blocks) size += block.size;
    this.size = size;
  }

  /** The units 0 to count - 1. */
  static firstOf(count: number): UnitSet {
    return count === 0 ? UnitSet.empty : new UnitSet(blocksOf([0, count - 1]));
  }

  /** From indices in any order; doubles count once. */
  static of(units: Iterable<number>): UnitSet {
    const sorted = [...units];
    if (sorted.some((unit, i) => i > 0 && unit < sorted[i - 1]!)) sorted.sort((a, b) => a - b);
    const edges: number[] = [];
    for (const unit of sorted) addRange(edges, unit, unit);
    return new UnitSet(blocksOf(edges));
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
    return new UnitSet(blocksOf(edges));
  }

  toString(): string {
    return this.spans()
      .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
      .join(',');
  }

  has(unit: number): boolean {
    const { blocks } = this;
    let low = 0;
    let high = blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lastOf(blocks[middle]!) < unit) low = middle + 1;
      else high = middle;
    }
    const block = blocks[low];
    return block !== undefined && block.edges[firstReaching(block.edges, unit)]! <= unit;
  }

  union(other: UnitSet): UnitSet {
    if (other.size === 0) return this;
    if (this.size === 0) return other;
    const [a, b] = [this.blocks, other.blocks];
    const out: Block[] = [];
    let [i, j] = [0, 0];
    while (i < a.length && j < b.length) {
      if (lastOf(a[i]!) + 1 < firstOf(b[j]!)) addBlock(out, a[i++]!);
      else if (lastOf(b[j]!) + 1 < firstOf(a[i]!)) addBlock(out, b[j++]!);
      else {
        // Blocks that overlap or touch, one another or through others.
        const [startA, startB] = [i, j];
        let end = Math.max(lastOf(a[i++]!), lastOf(b[j++]!));
        for (;;) {
          if (i < a.length && firstOf(a[i]!) <= end + 1) end = Math.max(end, lastOf(a[i++]!));
          else if (j < b.length && firstOf(b[j]!) <= end + 1) end = Math.max(end, lastOf(b[j++]!));
          else break;
        }
        addEdges(out, unite(edgesOf(a.slice(startA, i)), edgesOf(b.slice(startB, j))));
      }
    }
    for (; i < a.length; i++) addBlock(out, a[i]!);
    for (; j < b.length; j++) addBlock(out, b[j]!);
    return new UnitSet(out);
  }

  intersect(other: UnitSet): UnitSet {
    return this.combine(other, (block, edges, out) => {
      if (edges.length > 0) addEdges(out, intersect(block.edges, edges));
    });
  }

  minus(other: UnitSet): UnitSet {
    if (this.isApartFrom(other)) return this;
    return this.combine(other, (block, edges, out) => {
      if (edges.length === 0) addBlock(out, block);
      else addEdges(out, subtract(block.edges, edges));
    });
  }

  /** The first `count` units in order. */
  take(count: number): UnitSet {
    const out: Block[] = [];
    let left = count;
    for (const block of this.blocks) {
      if (left <= 0) break;
      if (block.size <= left) out.push(block);
      else addEdges(out, firstUnits(block.edges, left));
      left -= block.size;
    }
    return new UnitSet(out);
  }

  /** The units of which these are children, where each has room for `width`. */
  parents(width: number): UnitSet {
    if (width === 1) return this;
    const out: number[] = [];
    for (const [from, to] of this.ranges()) addRange(out, Math.floor(from / width), Math.floor(to / width));
    return new UnitSet(blocksOf(out));
  }

  /** All units that these have room for, `width` each. */
  children(width: number): UnitSet {
    if (width === 1) return this;
    return new UnitSet(
      this.blocks.map(({ edges, size }) => ({
        edges: edges.map((edge, i) => edge * width + (i % 2) * (width - 1)),
        size: size * width,
      })),
    );
  }

  equals(other: UnitSet): boolean {
    if (this.size !== other.size) return false;
    const edges = edgesOf(other.blocks);
    return edgesOf(this.blocks).every((edge, i) => edge === edges[i]);
  }

  /** The ranges in order, both ends included. */
  spans(): readonly Range[] {
    return [...this.ranges()];
  }

  *[Symbol.iterator](): Iterator<number> {
    for (const [from, to] of this.ranges()) for (let unit = from; unit <= to; unit++) yield unit;
  }

  private *ranges(): Generator<Range> {
    for (const { edges } of this.blocks)
      for (let i = 0; i < edges.length; i += 2) yield [edges[i]!, edges[i + 1]!];
  }

  private isApartFrom(other: UnitSet): boolean {
    const [a, b] = [this.blocks, other.blocks];
    if (a.length === 0 || b.length === 0) return true;
    return lastOf(a.at(-1)!) < firstOf(b[0]!) || lastOf(b.at(-1)!) < firstOf(a[0]!);
  }

  /** Block by block, each with the edges of the other set's blocks that reach into it. */
  private combine(other: UnitSet, add: (block: Block, edges: Edges, out: Block[]) => void): UnitSet {
    if (this.isApartFrom(other)) return UnitSet.empty;
    const out: Block[] = [];
    let j = 0;
    for (const block of this.blocks) {
      while (j < other.blocks.length && lastOf(other.blocks[j]!) < firstOf(block)) j++;
      let end = j;
      while (end < other.blocks.length && firstOf(other.blocks[end]!) <= lastOf(block)) end++;
      add(block, edgesOf(other.blocks.slice(j, end)), out);
    }
    return new UnitSet(out);
  }
}

function firstOf({ edges }: Block): number {
  return edges[0]!;
}

function lastOf({ edges }: Block): number {
  return edges[edges.length - 1]!;
}

function edgesOf(blocks: readonly Block[]): Edges {
  return blocks.length === 1 ? blocks[0]!.edges : blocks.flatMap(({ edges }) => edges);
}

function blocksOf(edges: Edges): Block[] {
  const out: Block[] = [];
  addEdges(out, edges);
  return out;
}

/** Adds ranges that lie behind all blocks so far and touch none. */
function addEdges(out: Block[], edges: Edges): void {
  for (let start = 0; start < edges.length; start += BLOCK) {
    const part = edges.length <= BLOCK ? edges : edges.slice(start, start + BLOCK);
    let size = 0;
    for (let i = 0; i < part.length; i += 2) size += part[i + 1]! - part[i]! + 1;
    addBlock(out, { edges: part, size });
  }
}

/** Adds a block that lies behind all others and touches none; small ones become one. */
function addBlock(out: Block[], block: Block): void {
  const last = out[out.length - 1];
  if (last !== undefined && last.edges.length + block.edges.length <= BLOCK) {
    out[out.length - 1] = { edges: last.edges.concat(block.edges), size: last.size + block.size };
  } else out.push(block);
}

/** Adds a range that begins nowhere before the last one. */
function addRange(edges: number[], from: number, to: number): void {
  const last = edges.length - 1;
  if (last >= 0 && from <= edges[last]! + 1) edges[last] = Math.max(edges[last]!, to);
  else edges.push(from, to);
}

function unite(a: Edges, b: Edges): number[] {
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
  return out;
}

function intersect(a: Edges, b: Edges): number[] {
  const out: number[] = [];
  let [i, j] = [firstReaching(a, b[0]!), firstReaching(b, a[0]!)];
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i]!, b[j]!);
    const to = Math.min(a[i + 1]!, b[j + 1]!);
    if (from <= to) out.push(from, to);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

function subtract(a: Edges, b: Edges): number[] {
  const out: number[] = [];
  let j = firstReaching(b, a[0]!);
  for (let i = 0; i < a.length; i += 2) {
    const to = a[i + 1]!;
    let next = a[i]!;
    while (j < b.length && b[j + 1]! < next) j += 2;
    for (let k = j; k < b.length && b[k]! <= to; k += 2) {
      if (b[k]! > next) out.push(next, b[k]! - 1);
      next = b[k + 1]! + 1;
    }
    if (next <= to) out.push(next, to);
  }
  return out;
}

function firstUnits(edges: Edges, count: number): number[] {
  const out: number[] = [];
  let left = count;
  for (let i = 0; i < edges.length && left > 0; i += 2) {
    const to = Math.min(edges[i + 1]!, edges[i]! + left - 1);
    out.push(edges[i]!, to);
    left -= to - edges[i]! + 1;
  }
  return out;
}

/** Where the first range stands that ends at `unit` or behind it. */
function firstReaching(edges: Edges, unit: number): number {
  let low = 0;
  let high = edges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[2 * middle + 1]! < unit) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

// Numbers in a row, some of them missing, in as few bytes as each row takes. It grows by pieces and moves none that is full; a
// number that is in it cannot be changed.

/** Values that are read by their places, from 0; past the end there is none. A list of them is one. */
export interface ValueRow {
  readonly length: number;
  at(place: number): number | null | undefined;
}

/** Values of a piece: a power of 2, so that a place is found by its bits. */
const PIECE_BITS = 14;
const PIECE = 2 ** PIECE_BITS;
/** Values of the first piece at first, which most rows are done with. */
const FEW = 64;

type Piece = Uint8Array | Int32Array | Float64Array;

/** How values are stored: from the least to the most bytes. `none` stands for a value that is missing. */
interface Form {
  readonly none: number;
  readonly make: (length: number) => Piece;
  readonly holds: (value: number) => boolean;
}

const isWhole = (value: number): boolean => (value | 0) === value && !Object.is(value, -0);

const FORMS: readonly Form[] = [
  {
    none: 255,
    make: (length) => new Uint8Array(length),
    holds: (value) => isWhole(value) && value >= 0 && value < 255,
  },
  {
    none: -(2 ** 31),
    make: (length) => new Int32Array(length),
    holds: (value) => isWhole(value) && value !== -(2 ** 31),
  },
  { none: Number.NaN, make: (length) => new Float64Array(length), holds: () => true },
];

/** A row of numbers that grows at its end. Shares and small counts take a byte each, other whole numbers four, the rest eight. */
export class PackedValues implements ValueRow {
  length = 0;
  private level = 0;
  private pieces: Piece[] = [];

  /** Appends a value; null and NaN: none. */
  push(value: number | null): void {
    while (value !== null && !this.form.holds(value)) this.widen();
    const piece = this.room();
    piece[this.length & (PIECE - 1)] = value ?? this.form.none;
    this.length++;
  }

  /** Appends places without a value, until there are so many places. */
  fill(length: number): void {
    while (this.length < length) this.push(null);
  }

  at(place: number): number | null | undefined {
    if (place >= this.length) return undefined;
    const value = this.pieces[place >> PIECE_BITS]![place & (PIECE - 1)]!;
    return this.isNone(value) ? null : value;
  }

  private get form(): Form {
    return FORMS[this.level]!;
  }

  private isNone(value: number): boolean {
    return this.level === 2 ? Number.isNaN(value) : value === this.form.none;
  }

  /** The piece that the next value belongs to. */
  private room(): Piece {
    const last = this.pieces.at(-1);
    const used = this.length - (this.pieces.length - 1) * PIECE;
    if (last !== undefined && used < last.length) return last;
    const isFirst = last === undefined || last.length < PIECE;
    const piece = this.form.make(isFirst ? Math.min(PIECE, (last?.length ?? FEW / 4) * 4) : PIECE);
    if (isFirst && last !== undefined) {
      piece.set(last);
      this.pieces.pop();
    }
    this.pieces.push(piece);
    return piece;
  }

  private widen(): void {
    const { none } = this.form;
    this.level++;
    const { form } = this;
    this.pieces = this.pieces.map((piece) => {
      const wider = form.make(piece.length);
      for (let i = 0; i < piece.length; i++) wider[i] = piece[i] === none ? form.none : piece[i]!;
      return wider;
    });
  }
}

/** All values of a row. */
export function listValues(row: ValueRow): readonly (number | null)[] {
  return Array.from({ length: row.length }, (_, place) => row.at(place) ?? null);
}

/** The values that are there, in ascending order. */
export function sortValues(row: ValueRow): Float64Array {
  const all = new Float64Array(row.length);
  let n = 0;
  for (let place = 0; place < row.length; place++) {
    const value = row.at(place) ?? null;
    if (value !== null) all[n++] = value;
  }
  return all.subarray(0, n).sort();
}

// Lines of a blob gathered into pieces on their way to the store: each step of an asynchronous chain costs more than
// the line that goes through it. It keeps no more than one piece.

/** Text of one piece in UTF-16 units. */
const PIECE_TEXT = 1 << 16;

/** Gathers lines; a piece is given when it is large enough. */
export class TextPieces {
  private lines: string[] = [];
  private length = 0;

  /** The piece that this line makes full; null: it is not full yet. */
  add(line: string): string | null {
    this.lines.push(line);
    this.length += line.length;
    return this.length < PIECE_TEXT ? null : this.rest();
  }

  /** What is gathered and not given yet. */
  rest(): string {
    const text = this.lines.join('');
    this.lines = [];
    this.length = 0;
    return text;
  }
}

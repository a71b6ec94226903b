// One text file as people know it: its name, and the line and column of every offset.
import type { Place } from './mistakes.ts';

/** A text and the name people know its file by. Line ends are \n. */
export class SourceText {
  readonly file: string;
  readonly text: string;
  private starts: number[] | null = null;

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text.replace(/\r\n?/g, '\n');
  }

  /** The place of an offset; the column counts code points. */
  placeAt(offset: number): Place {
    this.starts ??= lineStarts(this.text);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const column = [...this.text.slice(this.starts[low]!, offset)].length + 1;
    return { file: this.file, line: low + 1, column };
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}

// A template's text with its line ends normalised, and the positions in it that people are told.
// It refuses to interpret: offsets in, lines and columns out.

/** The text of one template; every offset in the syntax tree points into `text`. */
export interface TemplateSource {
  /** The name it was loaded under, as messages print it. */
  readonly name: string;
  /** The text with every line end turned into `\n`. */
  readonly text: string;
}

/** A place in a template for people: line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Normalises line ends, as Jinja does before it reads a template. */
export function templateSource(name: string, text: string): TemplateSource {
  return { name, text: text.replace(/\r\n|\r/g, '\n') };
}

/** The line and column of an offset; walks the text, so it is for errors only. */
export function positionAt(source: TemplateSource, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (
    let end = source.text.indexOf('\n');
    end >= 0 && end < offset;
    end = source.text.indexOf('\n', lineStart)
  ) {
    line++;
    lineStart = end + 1;
  }
  const column = Array.from(source.text.slice(lineStart, offset)).length + 1;
  return { line, column };
}

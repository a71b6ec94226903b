// The two ways an expression can fail, as typed errors with a place. They carry no stack: the author's mistake is
// not a bug of this program, and a unit may fail a million times.

/** The text is not an expression of the language. Line and column count from 1, `offset` from 0 in UTF-16 units. */
export class ExpressionSyntaxError {
  readonly kind = 'syntax';
  readonly message: string;
  readonly offset: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;

  constructor(message: string, source: string, offset: number, end: number = offset + 1) {
    const place = placeOf(source, offset);
    this.message = message;
    this.offset = offset;
    this.end = end;
    this.line = place.line;
    this.column = place.column;
  }

  toString(): string {
    return `SyntaxError: ${this.message}`;
  }
}

/**
 * An expression failed while it ran. `type` is Python's exception class, or `LimitError` for a limit of the sandbox;
 * `message` is what Python prints after the class. The place is set where the failing operation is known.
 */
export class ExpressionError {
  readonly kind = 'evaluation';
  readonly type: string;
  readonly message: string;
  line: number | null = null;
  column: number | null = null;
  /** Name of the assignment that failed, when the expression is part of a program. */
  assignment: string | null = null;

  constructor(type: string, message: string) {
    this.type = type;
    this.message = message;
  }

  toString(): string {
    return this.message === '' ? this.type : `${this.type}: ${this.message}`;
  }
}

/** Throws an ExpressionError of a Python exception class. */
export function raise(type: string, message: string): never {
  throw new ExpressionError(type, message);
}

/** Throws the error of a sandbox limit. */
export function raiseLimit(message: string): never {
  throw new ExpressionError('LimitError', message);
}

/** Line and column of an offset, both from 1; the column counts code points. */
export function placeOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  let line = 1;
  for (let i = before.indexOf('\n'); i >= 0; i = before.indexOf('\n', i + 1)) line++;
  return { line, column: [...before.slice(lineStart)].length + 1 };
}

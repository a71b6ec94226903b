// Collects everything wrong with a pipeline folder, so that a person sees all of it at once. Decides nothing.
import { ConfigurationError, type Diagnostic } from './diagnostic.ts';

/** A place in a file; line and column count from 1, null when there is none. */
export interface Place {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** The mistakes found so far. */
export class Mistakes {
  private readonly found: Diagnostic[] = [];

  add(place: Place, what: string, fix: string): void {
    this.found.push({ file: place.file, line: place.line, column: place.column, what, fix });
  }

  get count(): number {
    return this.found.length;
  }

  /** All mistakes by file and position, each said once. */
  list(): readonly Diagnostic[] {
    const sorted = [...this.found].sort(
      (a, b) =>
        (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    );
    return sorted.filter((mistake, i) => i === 0 || !same(mistake, sorted[i - 1]!));
  }

  /** Throws ConfigurationError when there is any mistake. */
  throwIfAny(): void {
    if (this.found.length > 0) throw new ConfigurationError(this.list());
  }
}

function same(a: Diagnostic, b: Diagnostic): boolean {
  return a.file === b.file && a.line === b.line && a.column === b.column && a.what === b.what;
}

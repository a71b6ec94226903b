// What is wrong with something the user wrote: where, what, and how to mend it. Wording only; never a stack trace.

/** One mistake in a user's file. `line` and `column` count from 1; null when the mistake has no place in a text. */
export interface Diagnostic {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly what: string;
  readonly fix: string;
}

/** Thrown when the configuration or the command line cannot be used; carries every mistake found, in file order. */
export class ConfigurationError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join('\n'));
    this.name = 'ConfigurationError';
    this.diagnostics = diagnostics;
  }
}

/** One line for a person: `file:line:column  what  (how to mend it)`. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, what, fix } = diagnostic;
  const place = line === null ? file : column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
  return `${place}  ${what}  (${fix})`.replace(/[\r\n]+/g, ' ');
}

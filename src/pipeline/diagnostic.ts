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
  return lineOf(diagnostic, '');
}

/** The same for what is doubtful and stops nothing: `file:line:column  warning: what  (how to mend it)`. */
export function formatWarning(diagnostic: Diagnostic): string {
  return lineOf(diagnostic, 'warning: ');
}

function lineOf({ file, line, column, what, fix }: Diagnostic, kind: string): string {
  const place = line === null ? file : column === null ? `${file}:${line}` : `${file}:${line}:${column}`;
  return printable(`${place}  ${kind}${what}  (${fix})`);
}

const MAX_LINE = 1000;

// Names and expressions of an untrusted folder are quoted here: no terminal code and no second line comes out.
function printable(text: string): string {
  const line = text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}...` : line;
}

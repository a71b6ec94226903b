// Mistakes in the user's files as annotations at their lines. GitHub shows ten of a step; the others go to the log.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import * as core from '@actions/core';
import { shownPath } from '../commands/shown-path.ts';
import { type Diagnostic, formatDiagnostic } from '../pipeline/diagnostic.ts';
import { log, oneLine } from '../report/escape.ts';

/** GitHub's own limit is ten errors a step; one is left for the last word. */
const SHOWN = 9;

/** Tells of mistakes, as annotations while they are shown. */
export type Annotate = (diagnostics: readonly Diagnostic[]) => void;

/** An `Annotate` for one job; `workspace` is the repository's folder. */
export function createAnnotate(workspace: string): Annotate {
  let left = SHOWN;
  return (diagnostics) => {
    for (const diagnostic of diagnostics) {
      const text = oneLine(formatDiagnostic(diagnostic), 1000);
      if (left-- > 0) core.error(text, placeOf(diagnostic, workspace));
      else core.info(log(text, 1, 1000));
    }
  };
}

/** Where GitHub draws it: at the line, at the first line of a file that is wrong as a whole, or nowhere. */
function placeOf({ file, line, column }: Diagnostic, workspace: string): core.AnnotationProperties {
  const path = shownPath(file, workspace);
  if (path === resolve(file) || (line === null && !existsSync(file))) return {};
  return { file: path, startLine: line ?? 1, ...(column === null ? {} : { startColumn: column }) };
}

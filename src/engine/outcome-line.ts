// One unit's outcome as a line of a blob: a small JSON head, then one column per step with that step's fields as JSON
// text, joined by tabs (JSON text holds none). Fields are spliced as text, so that unchanged numbers stay unchanged.
import type { LoopRecord } from '../analysis/record.ts';
import type { Failure, Issue } from '../validation/failure.ts';

/** The head of an outcome line. `failure` is set when the unit stopped; its step tells where. */
export interface OutcomeHead {
  readonly unit: number;
  readonly id: string;
  readonly attempt: number;
  readonly failure: Failure | null;
  readonly warnings: readonly Issue[];
  /** One entry per column; null for steps without a loop. */
  readonly loops: readonly (LoopRecord | null)[];
}

/** A parsed outcome line: its head, and the fields each step gave, as JSON texts. */
export interface OutcomeLine {
  readonly head: OutcomeHead;
  readonly columns: readonly string[];
}

/** Writes an outcome line, without its line end. */
export function formatOutcome(head: OutcomeHead, columns: readonly string[]): string {
  return [JSON.stringify(head), ...columns].join('\t');
}

/** Reads an outcome line written by `formatOutcome`. */
export function parseOutcome(line: string): OutcomeLine {
  const [head, ...columns] = line.split('\t');
  return { head: JSON.parse(head!) as OutcomeHead, columns };
}

/** The unit index of an outcome line, without parsing the rest. */
export function unitOfLine(line: string): number {
  return Number.parseInt(line.slice('{"unit":'.length, '{"unit":'.length + 16), 10);
}

/** Joins JSON object texts into one; a later value of the same name wins when the text is read. */
export function joinObjects(texts: readonly string[]): string {
  const parts: string[] = [];
  for (const text of texts) {
    const inner = text.slice(1, -1);
    if (inner !== '') parts.push(inner);
  }
  return `{${parts.join(',')}}`;
}

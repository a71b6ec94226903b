// Local work that ends as the lines of an outcome blob, so that whoever recorded it before only has to write them. What
// else must be known of a unit comes beside its line, and only where there is something.
import type { LoopRecord } from '../analysis/record.ts';
import type { LocalFailure, LocalOutcome, LocalUnit, LocalWork } from '../simulation/local-chunk.ts';
import type { UnitSource } from '../simulation/unit-source.ts';
import { formatOutcome } from './outcome-line.ts';

/** A unit by its number in the run beside its id. */
export interface NumberedUnit extends LocalUnit {
  readonly unit: number;
}

/** Consecutive expression steps, in an attempt. `source`: what units are made of that come as numbers. */
export interface OutcomeWork extends LocalWork {
  readonly attempt: number;
  readonly source: UnitSource | null;
}

/** A unit to be brought through the steps: itself, or its number among those that the work's source describes. */
export type OutcomeUnit = NumberedUnit | number;

/** What must be known of a unit beside its line. */
export interface UnitNote {
  readonly unit: number;
  /** Columns of steps whose loop reached `max_iterations`. */
  readonly capped: readonly number[];
  /** Which of the steps failed, counted from 0, and why. */
  readonly stopped: { readonly column: number; readonly failure: LocalFailure } | null;
}

/**
 * Outcome lines with their line ends, as one text in pieces, and the units with which there is more; both in order. Pieces
 * are bytes: they change threads without being copied, and are written as they are.
 */
export interface OutcomeLines {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly notes: readonly UnitNote[];
}

const utf8 = new TextEncoder();

/** Gathers the lines of units in their order. */
export class LineGatherer {
  private readonly steps: OutcomeWork['steps'];
  private readonly attempt: number;
  private readonly lines: string[] = [];
  private readonly notes: UnitNote[] = [];

  constructor({ steps, attempt }: OutcomeWork) {
    this.steps = steps;
    this.attempt = attempt;
  }

  /** Adds a unit that came out this way. */
  add({ unit, id }: Omit<NumberedUnit, 'fields'>, outcome: LocalOutcome): void {
    const { attempt } = this;
    const done = outcome.kind === 'done' ? outcome.steps : outcome.done;
    const loops = done.map((one, column): LoopRecord | null =>
      this.steps[column]!.loopUntil === null ? null : { iterations: one.iterations, capped: one.timedOut },
    );
    const failure = outcome.kind === 'failed' ? outcome.failure : null;
    const warnings = done.flatMap((one) => one.warnings);
    const head = { unit, id, attempt, failure, warnings, loops };
    const columns = done.map((one) => one.fields);
    this.lines.push(`${formatOutcome(head, columns)}\n`);
    const capped = done.flatMap((one, column) => (one.timedOut ? [column] : []));
    if (failure === null && capped.length === 0) return;
    this.notes.push({
      unit,
      capped,
      stopped: failure === null ? null : { column: done.length, failure },
    });
  }

  /** All that was added. */
  gathered(): OutcomeLines {
    return { pieces: [utf8.encode(this.lines.join(''))], notes: this.notes };
  }
}

/**
 * Units as one text, a line each: to another thread a text travels far more cheaply than objects. JSON text holds neither
 * tabs nor line ends.
 */
export function packUnits(units: readonly NumberedUnit[]): string {
  return units.map(({ unit, id, fields }) => `${unit}\t${JSON.stringify(id)}\t${fields}`).join('\n');
}

/** Units of a text by `packUnits`. */
export function unpackUnits(text: string): NumberedUnit[] {
  return text.split('\n').map((line) => {
    const [unit = '', id = '', fields = ''] = line.split('\t');
    return { unit: Number(unit), id: JSON.parse(id) as string, fields };
  });
}

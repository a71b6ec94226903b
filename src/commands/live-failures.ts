// The last units of a run that failed for good, read from its outcome blobs: a little of the newest, never all of them.
import { parseOutcome, unitOfLine } from '../engine/outcome-line.ts';
import type { RunState } from '../engine/state.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import type { Issue } from '../validation/failure.ts';
import type { LiveFailure } from './live-picture.ts';

/** Remembers what it has read. */
export interface FailureReader {
  /** The last failures, newest first, as far as they are read. */
  readonly last: () => readonly LiveFailure[];
  /**
   * Reads what is new in a state; true when there is more to show. Never rejects: a blob that cannot be read is the
   * business of whoever works on it.
   */
  follow(state: RunState): Promise<boolean>;
}

const KEPT = 5;
/** Failures taken from one blob, and lines looked at for them: blobs may have as many lines as the run has units. */
const PER_BLOB = 3;
const MOST_LINES = 2_000;

/** A reader over a run's blobs. */
export function createFailureReader(blobs: Pick<Blobs, 'lines'>): FailureReader {
  let kept: readonly LiveFailure[] = [];
  const newest = new Map<number, string>();
  let isReading = false;

  return {
    last: () => kept,
    async follow(state) {
      if (isReading) return false;
      isReading = true;
      const before = kept;
      try {
        for (const [index, { name, failureBlobs }] of state.steps.entries()) {
          const blob = failureBlobs.at(-1);
          if (blob === undefined || newest.get(index) === blob.outcomes) continue;
          newest.set(index, blob.outcomes);
          const found = await readFailures(name, blobs.lines(blob.outcomes as Digest), blob.units);
          kept = [...found.reverse(), ...kept].slice(0, KEPT);
        }
      } catch {
        // See above.
      } finally {
        isReading = false;
      }
      return kept !== before;
    },
  };
}

async function readFailures(
  step: string,
  lines: AsyncIterable<string>,
  failed: Iterable<number>,
): Promise<LiveFailure[]> {
  const wanted = new Set<number>();
  for (const unit of failed) {
    if (wanted.size === PER_BLOB) break;
    wanted.add(unit);
  }
  const found: LiveFailure[] = [];
  let looked = 0;
  for await (const line of lines) {
    if (wanted.has(unitOfLine(line))) {
      const { id, failure } = parseOutcome(line).head;
      // Behind a fan-out units are counted anew: the same number may be another unit of another step.
      if (failure?.step === step) {
        wanted.delete(unitOfLine(line));
        found.push({
          kind: logText(failure.kind, 20),
          step: logText(step, 64),
          unit: logText(id, 60),
          issue: sayFirst(failure.issues),
        });
      }
    }
    if (wanted.size === 0 || ++looked === MOST_LINES) break;
  }
  return found;
}

function sayFirst([first]: readonly Issue[]): string {
  if (first === undefined) return '';
  return logText(first.path === '' ? first.message : `${first.path}: ${first.message}`, 160);
}

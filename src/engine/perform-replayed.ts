// What a replayed unit fails for when its answer was not accepted and the recording has no further one: the reason it
// would have been asked again, rather than the want of an answer. It asks nothing.
import type { Failure } from '../validation/failure.ts';
import type { RunContext } from './perform-context.ts';
import { isUncovered, UNRECORDED_RULE } from './recording.ts';
import { readLines } from './records.ts';
import type { OpenBatch } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** By unit, why a batch asks it again. Empty for a run that is not replayed. */
export type ReasonsBefore = ReadonlyMap<number, Failure>;

/** Reads why the units of a batch are asked again. */
export async function readReasonsBefore(context: RunContext, batch: OpenBatch): Promise<ReasonsBefore> {
  const reasons = new Map<number, Failure>();
  if (context.state.settings.replays === null) return reasons;
  for (const { units: text, feedback } of batch.groups) {
    if (feedback === null) continue;
    // Of units that were taken out of it since, a blob that was made again says nothing.
    const units = UnitSet.parse(text).intersect(batch.units);
    for await (const { head } of readLines([{ units, outcomes: feedback }], units, context.bunches)) {
      if (head.failure !== null) reasons.set(head.unit, head.failure);
    }
  }
  return reasons;
}

/** The failure of a unit, with the reason before when all that is new is that the recording ends. */
export function standingFailure(failure: Failure, before: Failure | undefined): Failure {
  const end = failure.issues.find(({ message }) => isUncovered(message));
  if (end === undefined || before === undefined) return failure;
  const issues = [...before.issues, { ...end, rule: UNRECORDED_RULE }];
  return { ...before, step: failure.step, issues };
}

// What becomes of open batches whose requests or answers nobody has: they are taken apart, or some of their calls are to be
// made again, and what they may have cost counts. It plans events; what units became is planned elsewhere (perform-lose).
import type { Blobs, Digest } from '../ports/blobs.ts';
import { CALLS_PER_ATTEMPT } from './budget.ts';
import type { BlobDigest, JournalEvent } from './events.ts';
import { readRequests } from './request-line.ts';
import { isUnsent, type OpenBatch, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Plans what befalls the open batches of `state`, in their order; `apart`: those that are taken apart. */
export async function loseBatches(
  blobs: Blobs,
  before: readonly JournalEvent[],
  state: RunState,
  lost: ReadonlySet<BlobDigest>,
  at: number,
): Promise<{ readonly events: readonly JournalEvent[]; readonly apart: readonly OpenBatch[] }> {
  const apart: OpenBatch[] = [];
  const events: JournalEvent[] = [];
  for (const batch of state.batches.values()) {
    const { key, phase } = batch;
    if (lost.has(batch.requests) || (phase.kind === 'collected' && lost.has(phase.answers))) {
      apart.push(batch);
      const spent = await spentOn(blobs, batch, allUnits(batch));
      events.push({ type: 'batch_lost', batch: key, ...spent, at });
    } else if (phase.kind === 'calling') {
      const answers = phase.answers.filter((digest) => lost.has(digest));
      if (answers.length === 0) continue;
      const units = answeredIn(before, key, answers);
      const silent = phase.again ? batch.units.minus(phase.answered) : UnitSet.empty;
      const spent = await spentOn(blobs, batch, units, silent);
      events.push({ type: 'answers_lost', batch: key, answers, units: units.toString(), ...spent, at });
    }
  }
  return { events, apart };
}

function answeredIn(before: readonly JournalEvent[], key: string, answers: readonly BlobDigest[]): UnitSet {
  const units = before.flatMap((event) =>
    event.type === 'calls_answered' && event.batch === key && answers.includes(event.answers)
      ? [UnitSet.parse(event.units)]
      : [],
  );
  return UnitSet.unionOf(units);
}

/**
 * The most that requests whose answers are lost may have cost. `silent`: units that were called twice without an answer
 * and are called with the others a third time, where the books of a batch know of two.
 */
async function spentOn(
  blobs: Blobs,
  batch: OpenBatch,
  units: UnitSet,
  silent = UnitSet.empty,
): Promise<{ uncertain: string; uncertainRequests: number }> {
  const { phase, submittedAt, mode } = batch;
  // One of which nobody could tell whether it was created is `lost`, and may have run.
  const wasRejected =
    mode === 'batch' && phase.kind === 'collected' && submittedAt === null && phase.status !== 'lost';
  if (isUnsent(batch) || wasRejected) return { uncertain: '0', uncertainRequests: 0 };
  try {
    let sum = 0n;
    for await (const { line } of readRequests(blobs.lines(batch.requests as Digest))) {
      if (units.has(line.unit)) sum += BigInt(line.callBound) * CALLS_PER_ATTEMPT[mode];
      else if (silent.has(line.unit)) sum += BigInt(line.callBound);
    }
    return { uncertain: sum.toString(), uncertainRequests: units.size };
  } catch {
    return { uncertain: batch.reserved.toString(), uncertainRequests: units.size };
  }
}

/** Also units that were taken out of it since: they were asked with the others. */
function allUnits({ groups }: OpenBatch): UnitSet {
  return UnitSet.unionOf(groups.map(({ units }) => UnitSet.parse(units)));
}

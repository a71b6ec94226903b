// Makes the outcomes of settled work again, where their blob is lost: the journal up to that event, the draws and the
// recorded answers say all that is needed, and the same work gives the same bytes. It asks nobody, and appends nothing.
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { Journal } from '../ports/journal.ts';
import type { RunPorts } from '../ports/session.ts';
import type { NamedBlob } from './audit.ts';
import type { JournalEvent, Settlement } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import type { Origin } from './losses.ts';
import { abandon } from './perform-abandon.ts';
import { RunContext } from './perform-context.ts';
import { makeChildren } from './perform-fan-out.ts';
import { compute } from './perform-local.ts';
import { settle } from './perform-settle.ts';
import { requestHash } from './request-id.ts';
import type { OpenBatch } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Makes a lost blob of outcomes again. False: what it was made from is lost as well, or it came from no such work. */
export async function recompute(
  ports: RunPorts,
  loaded: LoadedPipeline,
  events: readonly JournalEvent[],
  { digest, event: place }: Pick<NamedBlob, 'digest' | 'event'>,
): Promise<boolean> {
  const event = events[place];
  const fold = new JournalFold();
  fold.apply(events.slice(0, place));
  try {
    if (event?.type === 'batch_settled') await settleAgain(ports, loaded, fold, event.batch, []);
    else if (event?.type === 'work_settled') {
      const { settlement } = event;
      await redo(ports, loaded, fold, { settlement, batch: null }, UnitSet.parse(settlement.units));
    }
  } catch {
    // Its inputs are lost; whoever asked tells so.
    return false;
  }
  return isWhole(ports, digest as Digest);
}

/**
 * Does a piece of work again for some of its units, which wait for it in `fold`: local work, or the check of answers that
 * are recorded. Gives what it came to; null: it was neither. Throws where something that it was made from is lost.
 */
export async function redo(
  ports: RunPorts,
  loaded: LoadedPipeline,
  fold: JournalFold,
  { settlement, batch }: Origin,
  units: UnitSet,
): Promise<Settlement | null> {
  const { step, through, attempt, stops } = settlement;
  const appended: JournalEvent[] = [];
  if (batch !== null) {
    const { declared, collected, group } = batch;
    const { reserved: _, released: __, ...rest } = group;
    const groups = [{ ...rest, units: units.toString() }];
    fold.apply([{ ...declared, groups }, collected]);
    await settleAgain(ports, loaded, fold, declared.batch, appended);
    const [event] = appended;
    return event?.type === 'batch_settled' ? (event.settlements[0] ?? null) : null;
  }
  // What waits at the step is nobody's business now.
  const runner = { ...ports.runner, ahead: 0 };
  const context = new RunContext({ ...ports, runner, journal: journalOfOne(appended) }, loaded, fold, 0);
  const group = { units, attempt, feedback: null, kept: 0n };
  const { kind } = context.step(step);
  try {
    // No local work fails like this: its units were given up.
    if (stops.some(({ kinds }) => kinds.canceled !== undefined))
      await abandon(context, { kind: 'abandon', step, group });
    else if (kind === 'expression') await compute(context, { kind: 'compute', step, through, group });
    else if (kind === 'fan_out') await makeChildren(context, { kind: 'fan_out', step, group });
  } finally {
    await context.openBlobs.close();
  }
  const [event] = appended;
  return event?.type === 'work_settled' ? event.settlement : null;
}

async function settleAgain(
  ports: RunPorts,
  loaded: LoadedPipeline,
  fold: JournalFold,
  key: string,
  appended: JournalEvent[],
): Promise<void> {
  const batch = fold.state()?.batches.get(key);
  if (batch === undefined) return;
  let context: RunContext | null = null;
  const bunches = (digest: Digest): AsyncIterable<readonly string[]> =>
    digest === batch.requests && context !== null
      ? freeRequests(context, batch)
      : ports.blobs.bunches(digest);
  const blobs = { ...ports.blobs, bunches };
  context = new RunContext({ ...ports, blobs, journal: journalOfOne(appended) }, loaded, fold, 0);
  await settle(context, key);
}

/** The requests of a batch as far as they are needed: what they may cost was reckoned when they were settled. */
async function* freeRequests(context: RunContext, batch: OpenBatch): AsyncGenerator<readonly string[]> {
  yield ['{}'];
  for (const { attempt, units } of batch.groups)
    for (const unit of UnitSet.parse(units)) {
      const { id } = context.unitAt(batch.step, unit);
      const hash = requestHash(id, context.step(batch.step).name, attempt);
      yield [JSON.stringify({ unit, id, attempt, hash, callBound: '0', retryBound: '0' })];
    }
}

/** A journal that takes what is appended, and keeps it nowhere else. */
function journalOfOne(appended: JournalEvent[]): Journal {
  return {
    isDear: false,
    read: async () => ({ events: [], version: 0 }),
    readAfter: async () => ({ events: [], version: 0 }),
    append: async (events) => {
      appended.push(...events);
      return { kind: 'appended', version: 1 };
    },
  };
}

async function isWhole({ blobs }: RunPorts, digest: Digest): Promise<boolean> {
  try {
    for await (const _ of blobs.lines(digest));
    return true;
  } catch {
    return false;
  }
}

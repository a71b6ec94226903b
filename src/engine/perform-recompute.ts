// Makes lost blobs again that need nobody to be asked: outcomes of settled work, requests, answers that stand elsewhere
// too. The journal up to the event, the draws and the recorded answers say all that is needed, and the same work gives the
// same bytes. It asks nobody, and appends nothing.
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import type { Journal } from '../ports/journal.ts';
import type { RunPorts } from '../ports/session.ts';
import type { NamedBlob } from './audit.ts';
import type { BlobDigest, JournalEvent, Settlement } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import type { Origin } from './losses.ts';
import { abandon } from './perform-abandon.ts';
import { RunContext } from './perform-context.ts';
import { makeChildren } from './perform-fan-out.ts';
import { compute } from './perform-local.ts';
import { answerAgain, collectAgain, declareAgain } from './perform-recompute-batch.ts';
import { settle } from './perform-settle.ts';
import { requestHash } from './request-id.ts';
import type { OpenBatch } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** `changed`: all that a blob was made from is there, and comes out otherwise. `lost`: that is lost too, or there is no way. */
export type Remade = 'made' | 'changed' | 'lost';

/**
 * Makes lost blobs again, in the order of the journal: what comes later may be made from what came before. Throws only where
 * the system fails to store one.
 */
export async function recompute(
  ports: RunPorts,
  loaded: LoadedPipeline,
  events: readonly JournalEvent[],
  blobs: readonly Pick<NamedBlob, 'digest' | 'event'>[],
): Promise<ReadonlyMap<BlobDigest, Remade>> {
  const remade = new Map<BlobDigest, Remade>();
  // What units had may stand in other blobs since.
  const moved = events.filter(({ type }) => type === 'outcomes_remade');
  const fold = new JournalFold();
  let at = 0;
  for (const { digest, event: place } of blobs.toSorted((a, b) => a.event - b.event)) {
    fold.apply(events.slice(at, place));
    at = place;
    let is: Remade = (await isWhole(ports, digest as Digest)) ? 'made' : 'lost';
    for (const later of moved.length === 0 ? [[]] : [[], moved]) {
      if (is === 'made') break;
      const before = fold.fork();
      before.apply(later);
      const isDone = await workAgain(ports, loaded, before, events, place);
      if (await isWhole(ports, digest as Digest)) is = 'made';
      else if (isDone) is = 'changed';
    }
    remade.set(digest, is);
  }
  return remade;
}

/** Does again what an event tells of, on the journal before it. False: what that needs is lost, or it cannot be. */
async function workAgain(
  given: RunPorts,
  loaded: LoadedPipeline,
  fold: JournalFold,
  events: readonly JournalEvent[],
  place: number,
): Promise<boolean> {
  const event = events[place];
  const unread = new WeakSet<object>();
  const ports = { ...given, journal: journalOfOne([]), blobs: noting(given.blobs, unread) };
  try {
    switch (event?.type) {
      case 'work_settled': {
        const { settlement } = event;
        const origin = { settlement, batch: null };
        return (await redo(ports, loaded, fold, origin, UnitSet.parse(settlement.units))) !== null;
      }
      case 'batch_settled':
        await settleAgain(ports, loaded, fold, event.batch, []);
        return true;
      case 'batch_declared':
        await declareAgain(ports, loaded, fold, event.step, event.groups);
        return true;
      case 'batch_collected':
        await collectAgain(ports, loaded, fold, event);
        return false;
      case 'calls_answered':
        await answerAgain(ports, events, event);
        return false;
      default:
        return false;
    }
  } catch (error) {
    // Its inputs are lost; whoever asked tells so. A disk that takes nothing is no reason to give anything up.
    if (isOfSystem(error) && !unread.has(error)) throw error;
    return false;
  }
}

/** The same blobs; what reading them fails with is noted. */
function noting(blobs: Blobs, unread: WeakSet<object>): Blobs {
  const note = (error: unknown): never => {
    if (error instanceof Error) unread.add(error);
    throw error;
  };
  async function* noted<T>(parts: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* parts;
    } catch (error) {
      note(error);
    }
  }
  return {
    ...blobs,
    text: (digest) => blobs.text(digest).catch(note),
    lines: (digest) => noted(blobs.lines(digest)),
    bunches: (digest) => noted(blobs.bunches(digest)),
  };
}

/** True when the disk or the machine failed, with a code of the system: what it was about is not lost for that. */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
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
  // No local work fails like this.
  const isGivenUp = stops.some(({ kinds }) => kinds.canceled !== undefined);
  if (loaded.pipeline.steps[step]?.kind === 'llm' && !isGivenUp) {
    // Prompts that could not be rendered.
    const groups = [{ attempt, units: units.toString(), feedback: null }];
    await declareAgain({ ...ports, journal: journalOfOne(appended) }, loaded, fold, step, groups);
    return settledIn(appended);
  }
  // What waits at the step is nobody's business now.
  const runner = { ...ports.runner, ahead: 0 };
  const context = new RunContext({ ...ports, runner, journal: journalOfOne(appended) }, loaded, fold, 0);
  const group = { units, attempt, feedback: null, kept: 0n };
  const { kind } = context.step(step);
  try {
    if (isGivenUp) await abandon(context, { kind: 'abandon', step, group });
    else if (kind === 'expression') await compute(context, { kind: 'compute', step, through, group });
    else if (kind === 'fan_out') await makeChildren(context, { kind: 'fan_out', step, group });
  } finally {
    await context.openBlobs.close();
  }
  return settledIn(appended);
}

function settledIn([event]: readonly JournalEvent[]): Settlement | null {
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

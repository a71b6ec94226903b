// Makes the outcomes of settled work again, where their blob is lost: the journal up to that event, the draws and the
// recorded answers say all that is needed, and the same work gives the same bytes. It asks nobody, and appends nothing.
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { Journal } from '../ports/journal.ts';
import type { RunPorts } from '../ports/session.ts';
import type { NamedBlob } from './audit.ts';
import type { JournalEvent, Settlement } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import { abandon } from './perform-abandon.ts';
import { RunContext } from './perform-context.ts';
import { makeChildren } from './perform-fan-out.ts';
import { compute } from './perform-local.ts';
import { settle } from './perform-settle.ts';
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
  const journal = journalOfOne(place);
  const context = new RunContext({ ...ports, journal }, loaded, fold, place);
  try {
    if (event?.type === 'batch_settled') await settle(context, event.batch);
    else if (event?.type === 'work_settled') await workAgain(context, event.settlement);
  } catch {
    // Its inputs are lost; whoever asked tells so.
    return false;
  }
  return isWhole(ports, digest as Digest);
}

async function workAgain(context: RunContext, settlement: Settlement): Promise<void> {
  const { step, through, attempt, units, stops } = settlement;
  const group = { units: UnitSet.parse(units), attempt, feedback: null, kept: 0n };
  const { kind } = context.step(step);
  // No local work fails like this: its units were given up.
  if (stops.some(({ kinds }) => kinds.canceled !== undefined))
    return abandon(context, { kind: 'abandon', step, group });
  if (kind === 'expression') await compute(context, { kind: 'compute', step, through, group });
  if (kind === 'fan_out') await makeChildren(context, { kind: 'fan_out', step, group });
}

/** A journal that takes what is appended and keeps nothing. */
function journalOfOne(version: number): Journal {
  return {
    isDear: false,
    read: async () => ({ events: [], version }),
    readAfter: async () => ({ events: [], version }),
    append: async () => ({ kind: 'appended', version: version + 1 }),
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

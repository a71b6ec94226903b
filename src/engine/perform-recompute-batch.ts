// Makes the requests of a batch again, and answers of single calls where they stand in another blob too. Requests follow
// from the journal up to their declaration, the pipeline and the draws. It asks nobody: its provider answers nothing.
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { ProviderSession, RunPorts } from '../ports/session.ts';
import { isPaid } from './budget.ts';
import type { BatchGroup, JournalEvent } from './events.ts';
import type { JournalFold } from './journal-fold.ts';
import { endCalls } from './perform-calls.ts';
import { RunContext } from './perform-context.ts';
import { declare, textBytes } from './perform-prompts.ts';
import { TextPieces } from './text-pieces.ts';
import { UnitSet } from './unit-set.ts';

/** Declares units that wait at a step in `fold`, in one batch: their requests are stored, what is refused is settled. */
export async function declareAgain(
  ports: RunPorts,
  loaded: LoadedPipeline,
  fold: JournalFold,
  step: number,
  groups: readonly BatchGroup[],
): Promise<void> {
  const waiting = groups.map(({ attempt, units, feedback }) => {
    return { units: UnitSet.parse(units), attempt, feedback, kept: 0n };
  });
  const count = waiting.reduce((sum, { units }) => sum + units.size, 0);
  // That there was money for them was seen to when they were declared.
  fold.apply([{ type: 'cap_changed', cap: null, at: 0 }]);
  const provider = async (): Promise<ProviderSession> => {
    const asked = context.modelOf(context.llmStep(step));
    return mute(isPaid(context.state, asked.provider, asked.model, asked.mode), count);
  };
  const context: RunContext = new RunContext({ ...ports, provider }, loaded, fold, 0);
  try {
    await declare(context, { kind: 'declare', step, groups: waiting });
  } finally {
    await context.openBlobs.close();
  }
}

/** A provider that takes so many requests at once, and is never asked. */
function mute(paid: boolean, count: number): ProviderSession {
  const refuse = (): never => {
    throw new Error('What is made again is asked of nobody.');
  };
  const asked = { find: refuse, submit: refuse, check: refuse, collect: refuse, cancel: refuse };
  const limits = { maxRequests: count, maxBytes: Number.POSITIVE_INFINITY };
  return {
    batches: { name: 'mute', limits, sizeOf: textBytes, ...asked },
    realtime: { name: 'mute', concurrency: count, ask: refuse },
    ...{ contexts: null, paid, maxBatchAgeMs: null, queueTokens: null, pollMs: 0 },
    prepare: () => {},
    health: async () => ({ kind: 'ok' }),
  };
}

type Collected = Extract<JournalEvent, { type: 'batch_collected' }>;
type Answered = Extract<JournalEvent, { type: 'calls_answered' }>;

/** Stores the answers of a batch whose single calls are over in `fold`, from those that were stored as they came. */
export async function collectAgain(
  ports: RunPorts,
  loaded: LoadedPipeline,
  fold: JournalFold,
  { batch, rows }: Collected,
): Promise<void> {
  if (rows === 0) await ports.blobs.put([]);
  else await endCalls(new RunContext(ports, loaded, fold, 0), batch);
}

/** Stores answers of single calls from those of their whole batch, which holds them in the order of the journal. */
export async function answerAgain(
  { blobs }: RunPorts,
  events: readonly JournalEvent[],
  event: Answered,
): Promise<void> {
  const own = events.filter((one) => 'batch' in one && one.batch === event.batch);
  const gone = new Set(own.flatMap((one) => (one.type === 'answers_lost' ? one.answers : [])));
  const whole = own.find((one) => one.type === 'batch_collected');
  if (whole === undefined || gone.has(event.answers)) return;
  let first = 0;
  for (const one of own) {
    if (one === event) break;
    if (one.type === 'calls_answered' && !gone.has(one.answers)) first += UnitSet.parse(one.units).size;
  }
  const last = first + UnitSet.parse(event.units).size;
  async function* part(): AsyncGenerator<string> {
    const pieces = new TextPieces();
    let place = 0;
    for await (const line of blobs.lines(whole!.answers as Digest)) {
      const piece = place >= first && place < last ? pieces.add(`${line}\n`) : null;
      if (piece !== null) yield piece;
      place++;
    }
    yield pieces.rest();
  }
  await blobs.put(part());
}

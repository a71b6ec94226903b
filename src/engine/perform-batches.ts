// Performs everything a declared batch goes through at its provider: claim, find, submit, check, collect.
// Only a claim's owner submits, and whoever cannot be sure that it was never submitted searches first.
import { fieldsFromJson, fieldsToJson } from '../expression/json.ts';
import type { Digest } from '../ports/blobs.ts';
import type { AnswerContext, FindResult, ModelRequest } from '../ports/provider.ts';
import type { ProviderSession } from '../ports/session.ts';
import { withoutEcho } from './echo.ts';
import type { JournalEvent } from './events.ts';
import { joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { claimNow } from './perform-prompts.ts';
import { isDeclared } from './perform-verify.ts';
import { answerLine } from './recorded-answer.ts';
import { readOutputBunches } from './records.ts';
import { customId } from './request-id.ts';
import {
  OrderedRequests,
  type RequestLine,
  readRequestBunches,
  readRequests,
  toModelRequest,
} from './request-line.ts';
import { type OpenBatch, queueName, type RunState } from './state.ts';
import { TextPieces } from './text-pieces.ts';
import { UnitSet } from './unit-set.ts';

/** How long to wait before a provider that could not answer is asked again (ms), doubled each time up to the longest. */
const TROUBLE_MS = 2_000;
const LONGEST_TROUBLE_MS = 10 * 60_000;

/** How long a provider may deny a batch it has accepted before that counts as lost (ms). */
const UNKNOWN_GRACE_MS = 60 * 60_000;

/** How long the rows of a batch that is over may be out of reach before the run goes on without them (ms). */
const ROWS_GRACE_MS = 24 * 3_600_000;

/** How long a provider may be unable to tell whether a batch exists: by then any batch would be over (ms). */
const UNSURE_GRACE_MS = 72 * 3_600_000;

/** The same when the run is cancelled (ms). */
const CANCEL_GRACE_MS = 10 * 60_000;

/** How long a cancelled run waits for a provider to confirm the end of a batch (ms); batches end by themselves in a day. */
const CANCEL_LIMIT_MS = 25 * 3_600_000;

/** The longest a create can be under way (ms): adapters give up before. */
const CREATE_LIMIT_MS = 11 * 60_000;

/** How long to wait before a busy provider is asked again when it does not say (ms), doubled each time. */
const BUSY_MS = 30_000;
const LONGEST_BUSY_MS = 15 * 60_000;

/** How long a full queue is left alone when it does not say: in polls, doubled each time, and at the most (ms). */
const QUEUE_POLLS = 5;
const LONGEST_QUEUE_MS = 3_600_000;

type BatchEnd = Extract<JournalEvent, { type: 'batch_collected' }>['status'];

/** Takes over a declared batch. */
export async function claim(context: RunContext, key: string): Promise<void> {
  await context.record([{ type: 'batch_claimed', batch: key, claim: claimNow(context) }]);
}

/** Searches for a batch that may exist; adopts it, submits it, or waits while unsure. */
export async function findOrSubmit(context: RunContext, key: string): Promise<void> {
  const found = await find(context, openBatch(context, key));
  switch (found.kind) {
    case 'found':
      return recordSubmitted(context, key, found.providerBatch);
    case 'absent':
      // Decided anew with that knowledge: it may not be wanted any more.
      return postpone(context, key, 'busy', 'it was not created', 0);
    case 'unsure':
      if (await outlasts(context, openBatch(context, key), 'unsure', found.why, UNSURE_GRACE_MS))
        return recordEnd(context, openBatch(context, key), 'lost', found.why, []);
      return postponeLook(context, key, 0, found.why);
    default:
      found satisfies never;
  }
}

async function find(context: RunContext, batch: OpenBatch): Promise<FindResult> {
  const { key, phase, creating, count, declaredAt, trouble } = batch;
  const { batches } = await context.session(batch.provider);
  // The last create was this process's, which knows when it was over, or whoever sent it is gone since the claim.
  const { first, last } = creating ?? { first: declaredAt, last: declaredAt };
  const claimedAt = phase.kind === 'claimed' ? phase.claim.at : last;
  const ended = context.attempted.get(key) ?? Number.NEGATIVE_INFINITY;
  const until = ended >= last ? ended : Math.min(claimedAt, last + CREATE_LIMIT_MS);
  // By a clock that was ahead then, and is right since, the batch is older than its own beginning.
  const from = Math.min(first, claimedAt, trouble?.since ?? claimedAt);
  const others: string[] = [];
  for (const other of context.state.batches.values()) {
    if (other.provider === batch.provider && other.phase.kind === 'submitted')
      others.push(other.phase.providerBatch);
  }
  return batches.find(key, { from, until, count, others });
}

/** Submits a batch that certainly does not exist yet. */
export async function submit(context: RunContext, key: string): Promise<void> {
  const batch = openBatch(context, key);
  if (!(await isDeclared(context, batch))) return;
  const session = await context.session(batch.provider);
  if (session.contexts !== null) await session.contexts.register(answerContexts(context, batch));
  const result = await session.batches.submit({
    key,
    model: batch.model,
    requests: modelRequests(context, batch),
    count: batch.count,
    digest: batch.requests as Digest,
    mayCreate: () => beginCreate(context, key),
  });
  context.attempted.set(key, context.ports.clock.now());
  switch (result.kind) {
    case 'submitted':
      return recordSubmitted(context, key, result.providerBatch);
    case 'later':
      return postpone(
        context,
        key,
        'busy',
        await unquoted(context, batch, result.why),
        result.retryAfterMs ?? growing(context, key, BUSY_MS, LONGEST_BUSY_MS),
      );
    case 'blocked':
      return postpone(context, key, 'blocked', await unquoted(context, batch, result.why), 0);
    case 'queue_full':
      return giveBack(context, batch, session, 'queue_full', result, isMine(context, key));
    case 'rejected':
      return recordEnd(context, batch, 'rejected', await unquoted(context, batch, result.why), []);
    case 'unsure':
      return postponeLook(context, key, 0, await unquoted(context, batch, result.why));
    default:
      result satisfies never;
  }
}

/**
 * The last moment before a create: the journal says that the batch may exist from now on, under a claim that outlasts
 * the create. False when it is somebody else's, or not wanted any more.
 */
async function beginCreate(context: RunContext, key: string): Promise<boolean> {
  await context.follow();
  const isWanted = (state: RunState): boolean => isMine(context, key)(state) && !state.canceling;
  const phase = context.state.batches.get(key)?.phase;
  const { now } = context.ports.clock;
  if (!isWanted(context.state) || phase?.kind !== 'claimed' || phase.claim.expires <= now()) return false;
  return context.record([{ type: 'batch_creating', batch: key, claim: claimNow(context) }], isWanted);
}

/** Looks at a submitted batch, and collects it when it is over. */
export async function check(context: RunContext, key: string): Promise<void> {
  const batch = openBatch(context, key);
  if (batch.phase.kind !== 'submitted') return;
  const session = await context.session(batch.provider);
  const { providerBatch } = batch.phase;
  const result = await session.batches.check(providerBatch);
  if (batch.trouble?.kind === 'unknown' && result.kind !== 'unknown' && result.kind !== 'later')
    await noteTrouble(context, batch, null, '');
  switch (result.kind) {
    case 'running': {
      context.troubles.delete(key);
      const asked = context.state.canceling ? batch.cancelAsked : null;
      if (asked !== null && context.ports.clock.now() - asked.at > CANCEL_LIMIT_MS)
        return recordEnd(context, batch, 'lost', 'its end was asked for a day ago and never confirmed', []);
      return postponeLook(context, key, session.pollMs, null);
    }
    case 'later': {
      // Nobody waits for ever for a provider that does not answer: the end of the run is wanted.
      const why = await unquoted(context, batch, result.why);
      if (context.state.canceling && (await outlasts(context, batch, 'unknown', why, UNKNOWN_GRACE_MS)))
        return recordEnd(context, batch, 'lost', why, []);
      return postponeLook(context, key, session.pollMs, result.why);
    }
    case 'unknown': {
      const why = await unquoted(context, batch, result.why);
      if (await outlasts(context, batch, 'unknown', why, UNKNOWN_GRACE_MS))
        return recordEnd(context, batch, 'lost', why, []);
      return postponeLook(context, key, session.pollMs, why);
    }
    case 'queue_full':
    case 'blocked':
      return giveBack(context, batch, session, result.kind, result, (state) =>
        isStillSo(context, batch, state),
      );
    case 'ended':
      return collect(context, batch, session, providerBatch, result);
    default:
      result satisfies never;
  }
}

/** Asks the provider to end a batch; what it answered until then is collected when the end is confirmed. */
export async function cancel(context: RunContext, key: string, why: 'age' | 'run'): Promise<void> {
  const batch = openBatch(context, key);
  if (batch.phase.kind !== 'submitted') return;
  const session = await context.session(batch.provider);
  try {
    await session.batches.cancel(batch.phase.providerBatch);
  } catch (error) {
    // It may be over, or not known any more: a look tells, and sets the time of the next try.
    const why = messageOf(error);
    const pauseMs = context.pauses.get(key);
    await check(context, key);
    if (pauseMs !== undefined) context.pauses.set(key, pauseMs);
    if (context.state.batches.get(key)?.phase.kind === 'submitted') postponeLook(context, key, 0, why);
    return;
  }
  context.notBefore.delete(key);
  const at = context.ports.clock.now();
  await context.record([{ type: 'batch_cancel_asked', batch: key, why, at }], (state) => {
    return state.batches.get(key)?.cancelAsked === null;
  });
}

/** The run is cancelled: a batch that exists is adopted, to be cancelled; one that does not is ended unsent. */
export async function findOrDrop(context: RunContext, key: string): Promise<void> {
  const batch = openBatch(context, key);
  const found = await find(context, batch);
  switch (found.kind) {
    case 'found':
      return recordSubmitted(context, key, found.providerBatch);
    case 'absent':
      return drop(context, key);
    case 'unsure': {
      // Nobody waits for ever for a provider that cannot tell: what it may have cost is counted.
      if (await outlasts(context, batch, 'unsure', found.why, ROWS_GRACE_MS))
        return recordEnd(context, batch, 'lost', found.why, []);
      return postponeLook(context, key, 0, found.why);
    }
    default:
      found satisfies never;
  }
}

/** Ends a batch that was certainly not sent. */
export async function drop(context: RunContext, key: string): Promise<void> {
  await recordEnd(context, openBatch(context, key), 'canceled', 'the run was cancelled', []);
}

async function postpone(
  context: RunContext,
  key: string,
  cause: 'busy' | 'blocked',
  why: string,
  afterMs: number,
): Promise<void> {
  const retryAt = context.ports.clock.now() + afterMs;
  context.troubles.set(key, why);
  await context.record([{ type: 'batch_postponed', batch: key, cause, why, retryAt }], isMine(context, key));
}

/** Nothing of the batch ran: it is dissolved, and its units are packed again when there is room, or money. */
async function giveBack(
  context: RunContext,
  { key, step, requests, provider, model }: OpenBatch,
  session: ProviderSession,
  cause: 'queue_full' | 'blocked',
  { why, retryAfterMs = null }: { readonly why: string; readonly retryAfterMs?: number | null },
  stillRight: (state: RunState) => boolean,
): Promise<void> {
  const told = await unquoted(context, { requests }, why);
  const at = context.ports.clock.now();
  const before = context.state.queues.get(queueName({ provider, model }))?.alone ?? 0;
  const patience = Math.min(LONGEST_QUEUE_MS, session.pollMs * QUEUE_POLLS * 2 ** Math.min(before, 20));
  const retryAt = at + (retryAfterMs ?? patience);
  context.notBefore.delete(key);
  context.troubles.delete(key);
  await context.record([{ type: 'batch_returned', batch: key, cause, why: told, retryAt, at }], stillRight);
  if (cause === 'blocked') context.blocks.set(step, { kind: 'blocked', provider, why: told });
}

async function collect(
  context: RunContext,
  batch: OpenBatch,
  session: ProviderSession,
  providerBatch: string,
  end: { readonly status: 'completed' | 'failed' | 'expired' | 'canceled'; readonly reason: string | null },
): Promise<void> {
  let broken: string | null = null;
  async function* rows(): AsyncGenerator<string> {
    try {
      for await (const answer of session.batches.collect(providerBatch)) yield answerLine(answer);
    } catch (error) {
      broken = messageOf(error);
      throw error;
    }
  }
  const reason = end.reason === null ? null : await unquoted(context, batch, end.reason);
  try {
    await recordEnd(context, batch, end.status, reason, rows());
  } catch (error) {
    // A broken download is the provider's trouble and is repeated; a failed state write is ours and fatal.
    if (broken === null) throw error;
    const why = await unquoted(context, batch, broken);
    const graceMs = context.state.canceling ? CANCEL_GRACE_MS : ROWS_GRACE_MS;
    if (!(await outlasts(context, batch, 'rows', why, graceMs)))
      return postponeLook(context, batch.key, session.pollMs, why);
    // The rows that can be read count; the others are missing, and may have been billed.
    await recordEnd(context, batch, end.status, reason, untilBroken(rows()));
  }
}

async function* untilBroken(rows: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* rows;
  } catch {
    // What broke is told in the journal already.
  }
}

/** Whether a trouble has lasted longer than `graceMs`; the first time it is seen is kept in the journal. */
async function outlasts(
  context: RunContext,
  batch: OpenBatch,
  kind: 'unknown' | 'rows' | 'unsure',
  why: string,
  graceMs: number,
): Promise<boolean> {
  const { trouble } = batch;
  if (trouble?.kind === kind) return context.ports.clock.now() - trouble.since > graceMs;
  await noteTrouble(context, batch, kind, why);
  return false;
}

async function noteTrouble(
  context: RunContext,
  batch: OpenBatch,
  trouble: 'unknown' | 'rows' | 'unsure' | null,
  why: string,
): Promise<void> {
  const at = context.ports.clock.now();
  await context.record([{ type: 'batch_troubled', batch: batch.key, trouble, why, at }], (state) =>
    isStillSo(context, batch, state),
  );
}

/** Records that a batch is over, with its answers, one per line. */
export async function recordEnd(
  context: RunContext,
  batch: OpenBatch,
  status: BatchEnd,
  reason: string | null,
  rows: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  let count = 0;
  async function* counted(): AsyncGenerator<string> {
    const pieces = new TextPieces();
    for await (const row of rows) {
      count++;
      const piece = pieces.add(row);
      if (piece !== null) yield piece;
    }
    yield pieces.rest();
  }
  const answers = await context.ports.blobs.put(counted());
  context.notBefore.delete(batch.key);
  context.troubles.delete(batch.key);
  const at = context.ports.clock.now();
  await context.record(
    [{ type: 'batch_collected', batch: batch.key, status, reason, answers, rows: count, at }],
    (state) => isStillSo(context, batch, state),
  );
}

/** The batch stands where it stood, and nobody else claimed it: what this process found out about it is still true. */
function isStillSo(context: RunContext, batch: OpenBatch, state: RunState): boolean {
  const phase = state.batches.get(batch.key)?.phase;
  if (phase?.kind !== batch.phase.kind) return false;
  const isClaimed = phase.kind === 'claimed' || phase.kind === 'calling';
  return !isClaimed || phase.claim.owner === context.ports.owners.self;
}

async function recordSubmitted(context: RunContext, key: string, providerBatch: string): Promise<void> {
  context.troubles.delete(key);
  context.notBefore.delete(key);
  const at = context.ports.clock.now();
  await context.record([{ type: 'batch_submitted', batch: key, providerBatch, at }], isMine(context, key));
}

/** What the provider says, without what it was asked. */
function unquoted(context: RunContext, batch: Pick<OpenBatch, 'requests'>, why: string): Promise<string> {
  async function* texts(): AsyncGenerator<string> {
    for await (const { line } of readRequests(context.lines(batch.requests))) {
      yield line.prompt;
      if (line.system !== null) yield line.system;
    }
  }
  return withoutEcho(why, texts());
}

/** True while the batch waits for the outcome of a submission, whoever claims it now. */
function isMine(context: RunContext, key: string): (state: RunState) => boolean {
  return (state) => {
    const phase = state.batches.get(key)?.phase;
    return phase?.kind === 'claimed' && phase.claim.owner === context.ports.owners.self;
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A pause twice as long as the last one for this batch. */
function growing(context: RunContext, key: string, firstMs: number, longestMs: number): number {
  const before = context.pauses.get(key);
  const pauseMs = before === undefined ? firstMs : Math.min(longestMs, Math.max(firstMs, before * 2));
  context.pauses.set(key, pauseMs);
  return pauseMs;
}

/** Looks again after a while; after one that grows each time when there is a trouble to tell. */
function postponeLook(context: RunContext, key: string, pollMs: number, why: string | null): void {
  let pauseMs = pollMs;
  if (why === null) context.pauses.delete(key);
  else {
    context.troubles.set(key, why);
    pauseMs = Math.max(pollMs, growing(context, key, TROUBLE_MS, LONGEST_TROUBLE_MS));
  }
  context.notBefore.set(key, context.ports.clock.now() + pauseMs);
}

/** The requests of a batch as a provider is asked, in the order they were packed. */
export async function* modelRequests(context: RunContext, batch: OpenBatch): AsyncGenerator<ModelRequest> {
  const { key, requests } = batch;
  for await (const { head, lines } of readRequestBunches(context.bunches(requests)))
    for (const line of lines) yield toModelRequest(key, head, line);
}

/** What the simulator is told about each request of a batch. */
export async function* answerContexts(context: RunContext, batch: OpenBatch): AsyncGenerator<AnswerContext> {
  const { seed } = context.pipeline;
  const { simulate, schema } = context.llmStep(batch.step);
  const globals = fieldsToJson(fieldsFromJson(context.pipeline.globals));
  const requests = new OrderedRequests(context.bunches(batch.requests));
  const isVoid = ({ unit }: RequestLine): boolean => !batch.units.has(unit);
  try {
    for (const group of batch.groups) {
      const units = UnitSet.parse(group.units).intersect(batch.units);
      for await (const bunch of readOutputBunches(context.state.steps, batch.step, units, context.bunches)) {
        const lines = await requests.take(bunch, isVoid);
        for (const [place, { unit, steps }] of bunch.entries()) {
          const own = context.itemFields(batch.step, unit);
          const fields = joinObjects([globals, own, ...steps.map((one) => one.fields)]);
          yield { customId: customId(batch.key, lines[place]!.hash), seed, fields, simulate, schema };
        }
      }
    }
  } finally {
    await requests.close();
  }
}

/** A batch that is not settled yet; throws when there is none. */
export function openBatch(context: RunContext, key: string): OpenBatch {
  const batch = context.state.batches.get(key);
  if (batch === undefined) throw new Error(`Batch ${key} is not open.`);
  return batch;
}

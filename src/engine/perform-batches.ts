// Performs everything a declared batch goes through at its provider: claim, find, submit, check, collect.
// Only a claim's owner submits, and whoever cannot be sure that it was never submitted searches first.
import { fieldsFromJson, fieldsToJson } from '../expression/json.ts';
import type { Digest } from '../ports/blobs.ts';
import type { AnswerContext, FindResult, ModelRequest } from '../ports/provider.ts';
import type { ProviderSession } from '../ports/session.ts';
import { withoutEcho } from './echo.ts';
import { joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { claimNow } from './perform-prompts.ts';
import { answerLine } from './recorded-answer.ts';
import { readOutputs } from './records.ts';
import { customId, requestHash } from './request-id.ts';
import { readRequests, toModelRequest } from './request-line.ts';
import type { OpenBatch, RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** How long to wait before a provider that could not answer is asked again (ms). */
const TROUBLE_MS = 2_000;

/** How long a provider may not know a batch it has accepted, before the batch counts as lost (ms). */
const UNKNOWN_GRACE_MS = 10 * 60_000;

/** How long to wait before a busy provider is asked again when it does not say (ms), and a full queue, in polls. */
const BUSY_MS = 30_000;
const QUEUE_POLLS = 5;

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
      return submit(context, key);
    case 'unsure':
      return postponeLook(context, key, TROUBLE_MS, found.why);
    default:
      found satisfies never;
  }
}

async function find(context: RunContext, batch: OpenBatch): Promise<FindResult> {
  const { key, phase, firstClaimedAt: from, count } = batch;
  const { batches } = await context.session(batch.provider);
  // Whoever claimed it before is gone since this process claimed it; this process knows when it tried last.
  const until = context.attempted.get(key) ?? (phase.kind === 'claimed' ? phase.claim.at : from);
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
  const session = await context.session(batch.provider);
  context.attempted.set(key, context.ports.clock.now());
  if (session.contexts !== null) await session.contexts.register(answerContexts(context, batch));
  const result = await session.batches.submit({
    key,
    model: batch.model,
    requests: modelRequests(context, batch),
    count: batch.count,
    digest: batch.requests as Digest,
    async mayCreate() {
      await context.follow();
      const phase = context.state.batches.get(key)?.phase;
      const claim = phase?.kind === 'claimed' ? phase.claim : null;
      return claim?.owner === context.ports.owners.self && context.ports.clock.now() < claim.expires;
    },
  });
  switch (result.kind) {
    case 'submitted':
      return recordSubmitted(context, key, result.providerBatch);
    case 'later':
      return postpone(
        context,
        key,
        'busy',
        await unquoted(context, batch, result.why),
        result.retryAfterMs ?? BUSY_MS,
      );
    case 'blocked':
      return postpone(context, key, 'blocked', await unquoted(context, batch, result.why), 0);
    case 'queue_full':
      return giveBack(context, batch, session, result.why, result.retryAfterMs, isMine(context, key));
    case 'rejected':
      return recordEnd(context, batch, 'rejected', await unquoted(context, batch, result.why), []);
    case 'unsure':
      return postponeLook(context, key, TROUBLE_MS, await unquoted(context, batch, result.why));
    default:
      result satisfies never;
  }
}

/** Looks at a submitted batch, and collects it when it is over. */
export async function check(context: RunContext, key: string): Promise<void> {
  const batch = openBatch(context, key);
  if (batch.phase.kind !== 'submitted') return;
  const session = await context.session(batch.provider);
  const { providerBatch, at } = batch.phase;
  const result = await session.batches.check(providerBatch);
  switch (result.kind) {
    case 'running':
      context.troubles.delete(key);
      return postponeLook(context, key, session.pollMs, null);
    case 'later':
      return postponeLook(context, key, Math.max(TROUBLE_MS, session.pollMs), result.why);
    case 'unknown':
      if (context.ports.clock.now() - at < UNKNOWN_GRACE_MS) {
        return postponeLook(context, key, Math.max(TROUBLE_MS, session.pollMs), result.why);
      }
      return recordEnd(context, batch, 'failed', await unquoted(context, batch, result.why), []);
    case 'queue_full':
      return giveBack(context, batch, session, result.why, null, (state) => {
        return state.batches.get(key)?.phase.kind === 'submitted';
      });
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
    return postponeLook(context, key, Math.max(TROUBLE_MS, session.pollMs), messageOf(error));
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
    case 'unsure':
      return postponeLook(context, key, TROUBLE_MS, found.why);
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

/** The provider's queue was full: the batch is dissolved, and its units are packed again when there is room. */
async function giveBack(
  context: RunContext,
  { key, requests }: OpenBatch,
  session: ProviderSession,
  why: string,
  retryAfterMs: number | null,
  stillRight: (state: RunState) => boolean,
): Promise<void> {
  const told = await unquoted(context, { requests }, why);
  const at = context.ports.clock.now();
  const retryAt = at + (retryAfterMs ?? session.pollMs * QUEUE_POLLS);
  context.notBefore.delete(key);
  context.troubles.delete(key);
  await context.record([{ type: 'batch_returned', batch: key, why: told, retryAt, at }], stillRight);
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
  try {
    const reason = end.reason === null ? null : await unquoted(context, batch, end.reason);
    await recordEnd(context, batch, end.status, reason, rows());
  } catch (error) {
    // A broken download is the provider's trouble and is repeated; a failed state write is ours and fatal.
    if (broken === null) throw error;
    postponeLook(context, batch.key, Math.max(TROUBLE_MS, session.pollMs), broken);
  }
}

/** Records that a batch is over, with its answers, one per line. */
export async function recordEnd(
  context: RunContext,
  batch: OpenBatch,
  status: 'completed' | 'failed' | 'expired' | 'canceled' | 'rejected',
  reason: string | null,
  rows: Iterable<string> | AsyncIterable<string>,
): Promise<void> {
  let count = 0;
  async function* counted(): AsyncGenerator<string> {
    for await (const row of rows) {
      count++;
      yield row;
    }
  }
  const answers = await context.ports.blobs.put(counted());
  context.notBefore.delete(batch.key);
  context.troubles.delete(batch.key);
  const at = context.ports.clock.now();
  await context.record(
    [{ type: 'batch_collected', batch: batch.key, status, reason, answers, rows: count, at }],
    (state) => state.batches.get(batch.key)?.phase.kind === batch.phase.kind,
  );
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

function postponeLook(context: RunContext, key: string, afterMs: number, why: string | null): void {
  context.notBefore.set(key, context.ports.clock.now() + afterMs);
  if (why !== null) context.troubles.set(key, why);
}

/** The requests of a batch as a provider is asked, in the order they were packed. */
export async function* modelRequests(context: RunContext, batch: OpenBatch): AsyncGenerator<ModelRequest> {
  for await (const { head, line } of readRequests(context.lines(batch.requests))) {
    yield toModelRequest(batch.key, head, line);
  }
}

/** What the simulator is told about each request of a batch. */
export async function* answerContexts(context: RunContext, batch: OpenBatch): AsyncGenerator<AnswerContext> {
  const step = context.llmStep(batch.step);
  const globals = fieldsToJson(fieldsFromJson(context.pipeline.globals));
  for (const group of batch.groups) {
    const units = UnitSet.parse(group.units);
    for await (const { unit, steps } of readOutputs(context.state.steps, batch.step, units, context.lines)) {
      const { id } = context.units.unit(unit);
      yield {
        customId: customId(batch.key, requestHash(id, step.name, group.attempt)),
        seed: context.pipeline.seed,
        fields: joinObjects([globals, context.itemFields(unit), ...steps.map((one) => one.fields)]),
        simulate: step.simulate,
        schema: step.schema,
      };
    }
  }
}

/** A batch that is not settled yet; throws when there is none. */
export function openBatch(context: RunContext, key: string): OpenBatch {
  const batch = context.state.batches.get(key);
  if (batch === undefined) throw new Error(`Batch ${key} is not open.`);
  return batch;
}

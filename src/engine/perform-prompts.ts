// Performs the declaration of a batch: has prompts of waiting units rendered until the batch is full, stores the
// requests, and declares and claims it in one append. Units whose prompt cannot be rendered are settled as failures
// with it.

import type { LlmStep, Mode } from '../pipeline/pipeline.ts';
import type { ModelRequest } from '../ports/provider.ts';
import type { PromptOutcome } from '../ports/runner.ts';
import type { ProviderSession } from '../ports/session.ts';
import type { Failure } from '../validation/failure.ts';
import { feedbackText } from '../validation/feedback.ts';
import {
  type BoundRule,
  boundOfAttempt,
  boundOfCall,
  boundOfRetry,
  estimateTokens,
  freeMoney,
  least,
  mostBytes,
  priceOf,
} from './budget.ts';
import { BunchReader } from './chunk-reader.ts';
import { type Block, type Command, LOCAL_CHUNK } from './decide.ts';
import { type BatchGroup, type JournalEvent, NOTHING_ASKED, type Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { promptWork } from './prompt-chunk.ts';
import { readLines, readOutputBunches } from './records.ts';
import { batchKey, requestHash } from './request-id.ts';
import { type RequestHead, type RequestLine, toModelRequest } from './request-line.ts';
import { isTellable } from './retry-policy.ts';
import type { ReadyGroup } from './state.ts';
import { StopsBuilder } from './stops.ts';
import { TextPieces } from './text-pieces.ts';
import { UnitSet } from './unit-set.ts';

/** How long a claim lasts (ms): far longer than an upload takes, so that a living owner never loses it. */
const CLAIM_MS = 15 * 60_000;

/** Prompts rendered in one go: at first while their size is not known, then at the most, and at the most in bytes. */
const FIRST_CHUNK = 50;
const CHUNK = 500;
const CHUNK_BYTES = 8_000_000;

/** A claim by this process, from now on. */
export function claimNow(context: RunContext): { owner: string; at: number; expires: number } {
  const at = context.ports.clock.now();
  return { owner: context.ports.owners.self, at, expires: at + CLAIM_MS };
}

/** Refused before a run is created; one from elsewhere, or under a new limit, could still come with it. */
const UNPRICED = {
  why: 'its price is not known, so the limit of the run cannot be promised',
  fix: "state it under 'prices:' and begin a new run, or remove the limit",
};

/** Declares one batch of a step's waiting units, as many as fit. */
export async function declare(
  context: RunContext,
  command: Extract<Command, { kind: 'declare' }>,
): Promise<void> {
  const step = context.llmStep(command.step);
  const { provider, model, mode } = context.modelOf(step);
  const session = await context.session(provider);
  const unusable = await context.healthBlock(provider, model);
  if (unusable !== null) {
    context.blocks.set(command.step, unusable);
    return;
  }
  const rule = boundRule(context, step, session);
  if (session.paid && rule.price === null && context.state.cap !== null) {
    context.blocks.set(command.step, { kind: 'unusable', provider, model, ...UNPRICED });
    return;
  }
  const head: RequestHead = {
    model,
    maxTokens: step.maxTokens,
    temperature: step.temperature,
    schema: step.schema,
  };
  const packing = new Packing(packingLimits(context, command, session, mode), step.retry.maxAttempts);
  const sizeOf = (request: ModelRequest): number =>
    mode === 'batch' ? session.batches.sizeOf(request) : textBytes(request);
  const work = promptWork(context.pipeline, step);
  async function* requestLines(): AsyncGenerator<string> {
    const pieces = new TextPieces();
    yield `${JSON.stringify(head)}\n`;
    for (const group of command.groups) {
      const { attempt } = group;
      const waiting = new BunchReader(waitingUnits(context, command.step, step, group), fieldsLength);
      const begin = async (count: number): Promise<Rendering> => {
        const chunk = await waiting.take(count);
        const units = chunk.map(({ id, fields }) => ({ id, fields }));
        const outcomes = chunk.length === 0 ? [] : context.ports.runner.render({ ...work, units });
        // Both take a while.
        session.prepare();
        return { chunk, outcomes: await outcomes };
      };
      try {
        let next: Promise<Rendering> | null = null;
        for (;;) {
          const { chunk, outcomes } = await (next ?? begin(packing.worthRendering(0)));
          if (chunk.length === 0) break;
          // The next ones are rendered while these are packed; in vain, when these fill the batch.
          const more = packing.worthRendering(chunk.length);
          next = more === 0 ? null : begin(more);
          next?.catch(() => {});
          for (const [position, { unit, id, feedback, wasCutOff }] of chunk.entries()) {
            const outcome = outcomes[position]!;
            if (outcome.kind === 'failed') {
              packing.refuse(group, unit, id, outcome.failure);
              if (packing.refusals >= LOCAL_CHUNK) return yield pieces.rest();
              continue;
            }
            const { system } = outcome;
            const prompt = feedback === null ? outcome.prompt : `${outcome.prompt}\n\n${feedback}`;
            const hash = requestHash(id, step.name, attempt);
            const bytes = textBytes({ system, prompt });
            const maxTokens = wasCutOff ? longerAnswer(step, attempt) : step.maxTokens;
            const callBound = boundOfCall(rule, bytes, maxTokens).toString();
            const retryBound = boundOfRetry(rule, textBytes(outcome)).toString();
            const line: RequestLine = {
              ...{ unit, id, attempt, hash, system, prompt, callBound, retryBound },
              ...(maxTokens === step.maxTokens ? {} : { maxTokens }),
            };
            const size = {
              bytes: sizeOf(toModelRequest('00000000', head, line)),
              tokens: estimateTokens(bytes + rule.schemaBytes),
              attempt: boundOfAttempt(rule, bytes, maxTokens),
              retry: BigInt(retryBound),
            };
            if (!packing.admit(group, unit, size)) return yield pieces.rest();
            const piece = pieces.add(`${JSON.stringify(line)}\n`);
            if (piece !== null) yield piece;
          }
        }
      } finally {
        await waiting.close();
      }
    }
    yield pieces.rest();
  }
  const requests = await context.ports.blobs.put(requestLines());
  if (
    packing.block?.kind === 'budget' &&
    packing.refused.size === 0 &&
    isTooFew(context, command, packing.count)
  ) {
    context.blocks.set(command.step, packing.block);
    return;
  }
  const events: JournalEvent[] = [];
  for (const [attempt, refused] of packing.refused) {
    events.push(await settleRefused(context, command.step, attempt, refused));
  }
  const groups = packing.groups();
  if (groups.length > 0) {
    const batch = batchKey(
      context.state.nonce,
      step.name,
      groups,
      context.state.steps[command.step]!.returned,
    );
    context.declared.add(batch);
    events.push({
      type: 'batch_declared',
      batch,
      step: command.step,
      provider,
      model,
      mode,
      reserved: packing.reserved.toString(),
      tokens: packing.tokens,
      groups,
      requests,
      count: packing.count,
      claim: claimNow(context),
    });
  }
  if (events.length > 0) await context.record(events);
  else if (packing.block !== null) context.blocks.set(command.step, packing.block);
}

/** A batch that money keeps small, while others are under way whose end frees more, takes at least this share. */
const LEAST_SHARE = 8;

function isTooFew(
  context: RunContext,
  command: Extract<Command, { kind: 'declare' }>,
  count: number,
): boolean {
  const waiting = command.groups.reduce((sum, group) => sum + group.units.size, 0);
  return context.state.batches.size > 0 && count * LEAST_SHARE < waiting;
}

/** How requests of a step are bounded: nothing is, where nothing is paid. */
export function boundRule(
  context: RunContext,
  step: LlmStep,
  session: Pick<ProviderSession, 'paid'>,
  mode: Mode = context.modelOf(step).mode,
): BoundRule {
  const { provider, model } = context.modelOf(step);
  const price = session.paid ? priceOf(context.state, provider, model, mode) : null;
  const { schema, retry } = step;
  const schemaBytes = schema === null ? 0 : mostBytes(schema);
  const maxTokensLater = Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
  return { price, mode, maxTokensLater, schemaBytes, feedback: retry.feedback };
}

/** The limit of output tokens after an answer was cut off: doubled with every attempt, up to the ceiling. */
function longerAnswer(step: LlmStep, attempt: number): number {
  return Math.max(step.maxTokens, Math.min(step.maxTokensCeiling ?? 0, step.maxTokens * 2 ** (attempt - 1)));
}

/** Calls of one wave: enough to keep all lanes busy, few enough that a crash repeats little. */
const CALLS_PER_LANE = 8;

function packingLimits(
  context: RunContext,
  command: Extract<Command, { kind: 'declare' }>,
  session: ProviderSession,
  mode: Mode,
): PackingLimits {
  const { state, pipeline } = context;
  const { provider, model } = context.modelOf(context.llmStep(command.step));
  const lanes = session.realtime?.concurrency ?? 1;
  const { maxRequests, maxBytes } =
    mode === 'batch'
      ? session.batches.limits
      : { maxRequests: lanes * CALLS_PER_LANE, maxBytes: Number.POSITIVE_INFINITY };
  const learned = state.steps[command.step]!.mostRequests ?? Number.POSITIVE_INFINITY;
  let queued = 0;
  let others = 0;
  for (const batch of state.batches.values()) {
    if (batch.provider !== provider || batch.model !== model || batch.phase.kind === 'collected') continue;
    queued += batch.tokens;
    others++;
  }
  const free = freeMoney(state);
  return {
    maxRequests: Math.max(
      1,
      Math.min(pipeline.chunkSize ?? maxRequests, maxRequests, mode === 'batch' ? learned : maxRequests),
    ),
    maxBytes,
    maxTokens:
      session.queueTokens === null || mode === 'realtime'
        ? Number.POSITIVE_INFINITY
        : session.queueTokens - queued,
    isAlone: others === 0,
    money: free === null || !session.paid ? null : { free, cap: state.cap ?? 0n },
    kept: state.steps[command.step]!.ready.filter((group) => group.kept > 0n),
  };
}

/** UTF-8 bytes of a request's texts, at the most. */
export function textBytes({
  prompt,
  system,
}: {
  readonly prompt: string;
  readonly system: string | null;
}): number {
  return mostBytes(prompt) + (system === null ? 0 : mostBytes(system));
}

/** A unit whose prompt is to be rendered. `feedback`: what it is told about its last answer, or null. */
interface WaitingUnit {
  readonly unit: number;
  readonly id: string;
  readonly fields: string;
  readonly feedback: string | null;
  /** Its last answer was cut off by the limit of output tokens. */
  readonly wasCutOff: boolean;
}

function fieldsLength({ fields }: WaitingUnit): number {
  return fields.length;
}

async function* waitingUnits(
  context: RunContext,
  index: number,
  step: LlmStep,
  group: ReadyGroup,
): AsyncGenerator<readonly WaitingUnit[]> {
  const outcomes = step.retry.feedback || step.maxTokensCeiling !== null ? group.feedback : null;
  const before =
    outcomes === null ? null : readLines([{ units: group.units, outcomes }], group.units, context.bunches);
  const outputs = readOutputBunches(context.state.steps, index, group.units, context.openBlobs);
  try {
    for await (const bunch of outputs) {
      const waiting: WaitingUnit[] = [];
      for (const { unit, steps } of bunch) {
        const { id } = context.unitAt(index, unit);
        const fields = joinObjects([context.itemFields(index, unit), ...steps.map((one) => one.fields)]);
        const failure = before === null ? null : ((await before.next()).value?.head.failure ?? null);
        const isTold = step.retry.feedback && failure !== null && isTellable(failure);
        const feedback = isTold ? feedbackText(failure) : null;
        waiting.push({ unit, id, fields, feedback, wasCutOff: failure?.kind === 'truncated' });
      }
      yield waiting;
    }
  } finally {
    await before?.return(undefined);
  }
}

/** Units in the order in which they wait, and what rendering their prompts came to. */
interface Rendering {
  readonly chunk: readonly WaitingUnit[];
  readonly outcomes: readonly PromptOutcome[];
}

type Refused = { readonly unit: number; readonly id: string; readonly failure: Failure };

async function settleRefused(
  context: RunContext,
  index: number,
  attempt: number,
  refused: readonly Refused[],
): Promise<JournalEvent> {
  const stops = new StopsBuilder(context.pipeline.steps, attempt);
  // Readers go through the units in their order, whatever the order of the groups was.
  const inOrder = refused.toSorted((a, b) => a.unit - b.unit);
  const lines = inOrder.map(({ unit, id, failure }) => {
    stops.add(unit, index, failure);
    return `${formatOutcome({ unit, id, attempt, failure, warnings: [], loops: [] }, [])}\n`;
  });
  const settlement: Settlement = {
    step: index,
    through: index,
    attempt,
    units: UnitSet.of(refused.map((one) => one.unit)).toString(),
    outcomes: await context.ports.blobs.put(lines),
    stops: stops.build(),
    capped: [0],
    ...NOTHING_ASKED,
  };
  return { type: 'work_settled', settlement, at: context.ports.clock.now() };
}

/** What one batch may hold. `money` null: no limit. */
interface PackingLimits {
  readonly maxRequests: number;
  readonly maxBytes: number;
  /** Estimated tokens that still fit into the queue. */
  readonly maxTokens: number;
  /** Nothing else of this model is queued: then even a request that is too large is tried. */
  readonly isAlone: boolean;
  readonly money: { readonly free: bigint; readonly cap: bigint } | null;
  /** Waiting units for which money is kept: the batch that takes them takes it over. */
  readonly kept: readonly ReadyGroup[];
}

/** Counts what goes into a batch until it is full. A request too large on its own still gets a batch of its own. */
class Packing {
  count = 0;
  refusals = 0;
  tokens = 0;
  reserved = 0n;
  /** Why not even one request was admitted. */
  block: Block | null = null;
  readonly refused = new Map<number, Refused[]>();
  private bytes = 0;
  private readonly limits: PackingLimits;
  private readonly maxAttempts: number;
  private drawn = 0n;
  private readonly admitted = new Map<
    ReadyGroup,
    { readonly units: number[]; reserved: bigint; released: bigint }
  >();
  /** What the admitted units of each group for which money is kept need. */
  private readonly needs = new Map<ReadyGroup, bigint>();

  constructor(limits: PackingLimits, maxAttempts: number) {
    this.limits = limits;
    this.maxAttempts = maxAttempts;
  }

  /**
   * Whether the request goes into this batch. `bytes` are those of the upload, `attempt` and `retry` the most that this
   * attempt, and one more, can cost.
   */
  admit(
    group: ReadyGroup,
    unit: number,
    size: {
      readonly bytes: number;
      readonly tokens: number;
      readonly attempt: bigint;
      readonly retry: bigint;
    },
  ): boolean {
    const { bytes, tokens, attempt, retry } = size;
    const { maxRequests, maxBytes, maxTokens, isAlone, money } = this.limits;
    if (this.count > 0 && (this.count >= maxRequests || this.bytes + bytes > maxBytes)) return false;
    if (this.tokens + tokens > maxTokens && !(isAlone && this.count === 0)) {
      this.block = { kind: 'queue' };
      return false;
    }
    const attemptsLeft = BigInt(Math.max(0, this.maxAttempts - group.attempt));
    const needs = attempt + retry * attemptsLeft;
    const source = this.limits.kept.find((one) => one.attempt === group.attempt && one.units.has(unit));
    const drawn = source === undefined ? 0n : this.drawMore(source, needs);
    if (money !== null && needs - drawn > money.free - (this.reserved - this.drawn)) {
      this.block = {
        kind: 'budget',
        needs,
        left: money.free - this.reserved + this.drawn + drawn,
        cap: money.cap,
      };
      return false;
    }
    this.count++;
    this.bytes += bytes;
    this.tokens += tokens;
    this.reserved += needs;
    this.drawn += drawn;
    if (source !== undefined) this.needs.set(source, (this.needs.get(source) ?? 0n) + needs);
    const admitted = this.admitted.get(group) ?? { units: [], reserved: 0n, released: 0n };
    admitted.units.push(unit);
    admitted.reserved += needs;
    admitted.released += drawn;
    this.admitted.set(group, admitted);
    return true;
  }

  /** How much more of what is kept for a group its units take over when one of them needs so much. */
  private drawMore(source: ReadyGroup, needs: bigint): bigint {
    const before = this.needs.get(source) ?? 0n;
    return least(source.kept, before + needs) - least(source.kept, before);
  }

  /**
   * How many units to render next, by the size of the requests so far. `pending` are rendered and not yet packed; when
   * there are none it is at least one, to see that it does not fit.
   */
  worthRendering(pending: number): number {
    const { maxRequests, maxBytes } = this.limits;
    if (this.count === 0) return pending > 0 ? 0 : Math.min(FIRST_CHUNK, maxRequests);
    const size = this.bytes / this.count;
    const fitting = Math.ceil(Math.min(CHUNK_BYTES, maxBytes - this.bytes - pending * size) / size);
    const worth = Math.min(CHUNK, maxRequests - this.count - pending, fitting);
    return Math.max(pending > 0 ? 0 : 1, worth);
  }

  refuse(group: ReadyGroup, unit: number, id: string, failure: Failure): void {
    const refused = this.refused.get(group.attempt) ?? [];
    refused.push({ unit, id, failure });
    this.refusals++;
    this.refused.set(group.attempt, refused);
  }

  groups(): readonly BatchGroup[] {
    return [...this.admitted].map(([{ attempt, feedback }, { units, reserved, released }]) => ({
      attempt,
      units: UnitSet.of(units).toString(),
      feedback,
      reserved: reserved.toString(),
      released: released.toString(),
    }));
  }
}

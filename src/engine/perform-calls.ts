// Performs the single calls of a declared batch: several at once, each answer recorded as soon as the journal takes it.
// A call cannot be found again, so the journal says that calls begin before the first is made; one that was not
// answered, or whose answer died with its process, is repeated once and counts as spent.
import { sha256Hex } from '../expression/sha256.ts';
import type { Digest } from '../ports/blobs.ts';
import type { ModelRequest, RealtimeProvider } from '../ports/provider.ts';
import type { JournalEvent } from './events.ts';
import { answerContexts, openBatch, recordEnd } from './perform-batches.ts';
import type { RunContext } from './perform-context.ts';
import { claimNow } from './perform-prompts.ts';
import { isDeclared } from './perform-verify.ts';
import { answerLine, type RecordedAnswer } from './recorded-answer.ts';
import { readRequests, toModelRequest } from './request-line.ts';
import { type BatchPhase, JournalError, type OpenBatch, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

type CallingPhase = Extract<BatchPhase, { kind: 'calling' }>;

/** Pauses before a call that could not be made is tried again (ms): at first, and the longest one waited out here. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/** Tries of one call that a busy provider turned away, before the rest is left for later. */
const TRIES = 6;

/** How long the rest is left alone then (ms): doubled with every wave without an answer, and at the most. */
const BUSY_MS = 30_000;
const LONGEST_BUSY_MS = 15 * 60_000;

/** A claim with less than this left (ms) is renewed before another call is made: a call may take minutes. */
const CLAIM_MARGIN_MS = 12 * 60_000;

/** Makes the calls of a batch that have no answer yet. `again`: they were made before, and this is the last time. */
export async function call(
  context: RunContext,
  key: string,
  again: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const batch = openBatch(context, key);
  if (!(await isDeclared(context, batch))) return;
  const { realtime, contexts } = await context.session(batch.provider);
  if (realtime === null)
    throw new JournalError(
      `The provider ${batch.provider} takes batches only; this run asks it call by call.`,
    );
  const targets = targetsOf(batch);
  context.attempted.set(key, context.ports.clock.now());
  if (contexts !== null) await contexts.register(answerContexts(context, batch));
  const begun: JournalEvent = { type: 'calls_begun', batch: key, again, at: context.ports.clock.now() };
  if (!(await context.record([begun], isMine(context, key)))) return;
  const calls = new Calls(context, key, realtime, again, signal);
  const uncalled = await calls.make(requestsOf(context, batch, targets));
  if (calls.isLost) return;
  if (calls.stop !== null) {
    const { cause, why, retryAt } = calls.stop;
    context.troubles.set(key, why);
    const at = context.ports.clock.now();
    await context.record(
      [
        {
          type: 'calls_stopped',
          batch: key,
          uncalled: UnitSet.of(uncalled).toString(),
          cause,
          why,
          retryAt,
          at,
        },
      ],
      isMine(context, key),
    );
    return;
  }
  const { phase, units } = openBatch(context, key);
  if (phase.kind === 'calling' && units.minus(phase.answered).size === 0) await endCalls(context, key);
}

/** Ends a batch whose calls are over: those without an answer count as spent, those never made as canceled. */
export async function endCalls(context: RunContext, key: string): Promise<void> {
  const batch = openBatch(context, key);
  if (batch.phase.kind !== 'calling') return;
  const { phase } = batch;
  const isCut = context.state.canceling && batch.units.minus(phase.answered).size > 0;
  const status = isCut ? 'canceled' : 'completed';
  await recordEnd(
    context,
    batch,
    status,
    isCut ? 'the run was cancelled' : null,
    answersOf(context, batch, phase),
  );
}

async function* answersOf(
  context: RunContext,
  batch: OpenBatch,
  phase: CallingPhase,
): AsyncGenerator<string> {
  for (const digest of phase.answers)
    for await (const line of context.ports.blobs.lines(digest as Digest)) yield `${line}\n`;
  // Also of units that were taken out of the batch since: their calls may be on the bill.
  const all = UnitSet.unionOf(batch.groups.map(({ units }) => UnitSet.parse(units)));
  const rest = all.minus(phase.answered);
  const uncalled = phase.stopped?.uncalled ?? UnitSet.empty;
  for await (const { unit, request } of requestsOf(context, batch, rest)) {
    const called = !uncalled.has(unit);
    const times = (called ? 1 : 0) + (phase.again ? 1 : 0);
    if (times === 0 && context.state.canceling) continue;
    const turnedAway = `the provider turned the call away: ${phase.stopped?.why ?? 'it gave no reason'}`;
    yield answerLine({
      kind: 'error',
      customId: request.customId,
      failure: 'transport',
      message: times === 0 ? turnedAway : `the call was not answered${times > 1 ? ', twice' : ''}`,
      raw: '',
      billed: times === 0 ? 'no' : 'unknown',
      unanswered: Math.max(0, times - 1),
    });
  }
}

/** Units whose calls are to be made now. */
function targetsOf(batch: OpenBatch): UnitSet {
  const { phase } = batch;
  if (phase.kind !== 'calling') return batch.units;
  return (phase.stopped?.uncalled ?? batch.units.minus(phase.answered)).intersect(batch.units);
}

interface Call {
  readonly unit: number;
  readonly request: ModelRequest;
}

async function* requestsOf(context: RunContext, batch: OpenBatch, units: UnitSet): AsyncGenerator<Call> {
  if (units.size === 0) return;
  for await (const { head, line } of readRequests(context.lines(batch.requests))) {
    if (units.has(line.unit)) yield { unit: line.unit, request: toModelRequest(batch.key, head, line) };
  }
}

function isMine(context: RunContext, key: string): (state: RunState) => boolean {
  return (state) => {
    const phase = state.batches.get(key)?.phase;
    const claim = phase?.kind === 'claimed' || phase?.kind === 'calling' ? phase.claim : null;
    return claim?.owner === context.ports.owners.self;
  };
}

/** Calls under way at once, and their answers on the way to the journal. Whatever it writes, it writes one by one. */
class Calls {
  /** Why no more calls are made for now; null: nothing stands against it. */
  stop: { cause: 'busy' | 'blocked'; why: string; retryAt: number } | null = null;
  /** Another process has the batch now: nothing more may be written about it. */
  isLost = false;
  private readonly context: RunContext;
  private readonly key: string;
  private readonly provider: RealtimeProvider;
  private readonly again: boolean;
  /** Ends the making of further calls; those under way are waited for, for they are paid. */
  private readonly signal: AbortSignal | undefined;
  private readonly abort = new AbortController();
  private waiting: { unit: number; answer: RecordedAnswer }[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(
    context: RunContext,
    key: string,
    provider: RealtimeProvider,
    again: boolean,
    signal: AbortSignal | undefined,
  ) {
    this.signal = signal;
    this.context = context;
    this.key = key;
    this.provider = provider;
    this.again = again;
  }

  /** Makes the calls; gives the units whose calls were certainly not made. */
  async make(calls: AsyncGenerator<Call>): Promise<number[]> {
    const uncalled: number[] = [];
    const lane = async (): Promise<void> => {
      for (;;) {
        const next = await calls.next();
        if (next.done === true) return;
        const { unit, request } = next.value;
        if (this.isOver() || !(await this.one(unit, request))) uncalled.push(unit);
      }
    };
    const lanes = Array.from({ length: Math.max(1, this.provider.concurrency) }, lane);
    const ends = await Promise.allSettled(lanes);
    await this.flush();
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return uncalled;
  }

  private isOver(): boolean {
    if (this.signal?.aborted)
      this.stop ??= {
        cause: 'busy',
        why: 'the program was stopped',
        retryAt: this.context.ports.clock.now(),
      };
    return this.stop !== null || this.isLost;
  }

  /** One call, tried again while the provider turns it away unheard. False: it was certainly not made. */
  private async one(unit: number, request: ModelRequest): Promise<boolean> {
    const { clock } = this.context.ports;
    for (let attempt = 1; ; attempt++) {
      if (this.isOver()) return false;
      await this.keepClaim();
      if (this.isOver()) return false;
      const result = await this.provider.ask(request, this.abort.signal);
      switch (result.kind) {
        case 'answered':
          this.take(unit, this.again ? { ...result.answer, unanswered: 1 } : result.answer);
          return true;
        case 'unanswered':
          this.context.troubles.set(this.key, result.why);
          return true;
        case 'blocked':
          this.stop ??= { cause: 'blocked', why: result.why, retryAt: clock.now() };
          return false;
        case 'later': {
          const pauseMs = Math.max(result.retryAfterMs ?? 0, backoff(request.customId, attempt));
          if (attempt >= TRIES || pauseMs > LONGEST_PAUSE_MS) {
            const retryAt = clock.now() + Math.max(pauseMs, this.patienceMs());
            this.stop ??= { cause: 'busy', why: result.why, retryAt };
            return false;
          }
          await clock.sleep(pauseMs, this.abort.signal);
          break;
        }
        default:
          result satisfies never;
      }
    }
  }

  /** How long the rest is left alone: longer with every wave that was stopped without an answer. */
  private patienceMs(): number {
    const phase = this.context.state.batches.get(this.key)?.phase;
    const stops = phase?.kind === 'calling' ? phase.stops : 0;
    return Math.min(LONGEST_BUSY_MS, BUSY_MS * 2 ** Math.min(stops, 20));
  }

  private take(unit: number, answer: RecordedAnswer): void {
    this.waiting.push({ unit, answer });
    // What arrives while the journal is busy travels together with the next write.
    if (this.waiting.length === 1) this.flush().catch(() => {});
  }

  private flush(): Promise<void> {
    return this.write(async () => {
      const answers = this.waiting;
      if (answers.length === 0 || this.isLost) return;
      this.waiting = [];
      const { ports } = this.context;
      const blob = await ports.blobs.put(answers.map(({ answer }) => answerLine(answer)));
      const units = UnitSet.of(answers.map(({ unit }) => unit)).toString();
      const at = ports.clock.now();
      const event: JournalEvent = { type: 'calls_answered', batch: this.key, answers: blob, units, at };
      if (!(await this.context.record([event], isMine(this.context, this.key)))) this.lose();
    });
  }

  private async keepClaim(): Promise<void> {
    if (!this.isClaimShort()) return;
    await this.write(async () => {
      if (!this.isClaimShort()) return;
      const event: JournalEvent = { type: 'batch_claimed', batch: this.key, claim: claimNow(this.context) };
      if (!(await this.context.record([event], isMine(this.context, this.key)))) this.lose();
    });
  }

  private isClaimShort(): boolean {
    const phase = this.context.state.batches.get(this.key)?.phase;
    return (
      phase?.kind !== 'calling' || phase.claim.expires - this.context.ports.clock.now() < CLAIM_MARGIN_MS
    );
  }

  private lose(): void {
    this.isLost = true;
    this.abort.abort();
  }

  /** One write after the other; after one that failed there are no more. */
  private write(work: () => Promise<void>): Promise<void> {
    const done = this.writing.then(work);
    this.writing = done;
    done.catch(() => this.lose());
    return done;
  }
}

/** Doubles with every try, and differs between requests, so that those turned away together do not return together. */
function backoff(customId: string, attempt: number): number {
  const chance = Number.parseInt(sha256Hex(`${customId}/${attempt}`).slice(0, 4), 16) / 0xffff;
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + chance);
}

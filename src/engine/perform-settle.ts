// Performs the settling of a collected batch: matches answers to requests, has them checked, and says what follows.
// Purely local and repeatable: the stored answers alone decide, in whatever order they came.
import type { Answer } from '../ports/provider.ts';
import type { Failure } from '../validation/failure.ts';
import { type AnsweredUnit, type AnswerOutcome, type AnswerWork, answerWork } from './answer-chunk.ts';
import { BunchReader } from './chunk-reader.ts';
import type { JournalEvent, Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { type ReasonsBefore, readReasonsBefore, standingFailure } from './perform-replayed.ts';
import { type RecordedAnswer, UNANSWERED_RULE } from './recorded-answer.ts';
import { readOutputBunches } from './records.ts';
import { customId } from './request-id.ts';
import { OrderedRequests, type RequestLine } from './request-line.ts';
import { Bill, type RequestBounds } from './settlement-bill.ts';
import type { BatchPhase, OpenBatch } from './state.ts';
import { StopsBuilder } from './stops.ts';
import { UnitSet } from './unit-set.ts';

type CollectedPhase = Extract<BatchPhase, { kind: 'collected' }>;

/** Settles a collected batch. */
export async function settle(context: RunContext, key: string): Promise<void> {
  const batch = context.state.batches.get(key);
  if (batch?.phase.kind !== 'collected') return;
  const { phase } = batch;
  const event: JournalEvent = {
    type: 'batch_settled',
    batch: key,
    ...(await settleGroups(context, batch, phase).catch(async (error: unknown) => {
      // What cannot be read, or does not fit together, may be damaged, and that is the better answer.
      for (const digest of [batch.requests, phase.answers]) for await (const _ of context.bunches(digest));
      throw error;
    })),
    at: context.ports.clock.now(),
  };
  await context.record([event], (state) => {
    const now = state.batches.get(key);
    // A repair may have taken units out of it meanwhile.
    return now?.phase.kind === 'collected' && now.units.equals(batch.units);
  });
}

async function settleGroups(
  context: RunContext,
  batch: OpenBatch,
  phase: CollectedPhase,
): Promise<{ settlements: Settlement[]; strayRows: number }> {
  const answers = new AnswerTable();
  for await (const lines of context.bunches(phase.answers)) for (const line of lines) answers.add(line);
  const settlements: Settlement[] = [];
  const reasons = await readReasonsBefore(context, batch);
  const requests = new OrderedRequests(context.bunches(batch.requests));
  try {
    for (const group of batch.groups) {
      const units = UnitSet.parse(group.units);
      settlements.push(
        await settleGroup(context, batch, phase, group.attempt, units, answers, reasons, requests),
      );
    }
  } finally {
    await requests.close();
  }
  return { settlements, strayRows: answers.stray };
}

async function settleGroup(
  context: RunContext,
  batch: OpenBatch,
  phase: CollectedPhase,
  attempt: number,
  units: UnitSet,
  answers: AnswerTable,
  reasons: ReasonsBefore,
  requests: OrderedRequests,
): Promise<Settlement> {
  const step = context.llmStep(batch.step);
  const work = answerWork(context.pipeline, step);
  // A run that is cancelled tries nothing again: what failed last is how its units end.
  const steps = context.state.canceling ? [] : context.pipeline.steps;
  const stops = new StopsBuilder(steps, attempt);
  const bill = new Bill(context.state, batch, step.retry.maxAttempts - attempt);
  const live = units.intersect(batch.units);
  let voids = units.size - live.size;
  // What it was asked with is lost: it is paid, and asked again.
  const isVoid = (line: RequestLine): boolean => {
    if (live.has(line.unit)) return false;
    voids--;
    bill.add(answers.take(customId(batch.key, line.hash)), boundsOf(line));
    return true;
  };
  async function* answered(): AsyncGenerator<readonly Answered[]> {
    for await (const bunch of readOutputBunches(context.state.steps, batch.step, live, context.bunches)) {
      const lines = await requests.take(bunch, isVoid);
      yield bunch.map(({ unit, steps }, place) => ({
        unit,
        id: context.unitAt(batch.step, unit).id,
        fields: joinObjects([context.itemFields(batch.step, unit), ...steps.map((one) => one.fields)]),
        answer: answers.take(customId(batch.key, lines[place]!.hash)),
        bounds: boundsOf(lines[place]!),
      }));
    }
    while (voids > 0) isVoid(await requests.next());
  }
  async function* outcomeLines(): AsyncGenerator<string> {
    const reader = new BunchReader(answered(), answeredLength);
    try {
      for (;;) {
        const chunk = await reader.take(CHUNK);
        if (chunk.length === 0) return;
        const checked = await checkTexts(context, work, chunk);
        const lines: string[] = [];
        for (const { unit, id, answer, bounds } of chunk) {
          bill.add(answer, bounds);
          const head = { unit, id, attempt, warnings: [], loops: [null] };
          const outcome = checked.get(unit);
          if (outcome?.kind === 'valid') {
            const { fields, warnings } = outcome;
            lines.push(`${formatOutcome({ ...head, failure: null, warnings }, [fields])}\n`);
          } else {
            const found = outcome?.failure ?? unchecked(step.name, batch, phase, answer);
            const failure = standingFailure(found, reasons.get(unit));
            const fate = stops.add(unit, batch.step, failure);
            if (fate.kind === 'retry' && fate.step === batch.step) bill.keep(bounds);
            lines.push(`${formatOutcome({ ...head, failure }, [])}\n`);
          }
        }
        yield lines.join('');
      }
    } finally {
      await reader.close();
    }
  }
  const outcomes = await context.ports.blobs.put(outcomeLines());
  return {
    step: batch.step,
    through: batch.step,
    attempt,
    units: live.toString(),
    outcomes,
    stops: stops.build(),
    capped: [0],
    ...bill.sum(),
  };
}

function boundsOf({ callBound, retryBound }: RequestLine): RequestBounds {
  return { call: BigInt(callBound), retry: BigInt(retryBound) };
}

/** A unit of a batch with the answer to its request; null: there is none. */
interface Answered {
  readonly unit: number;
  readonly id: string;
  readonly fields: string;
  readonly answer: RecordedAnswer | null;
  readonly bounds: RequestBounds;
}

/** Requests looked at in one go. */
const CHUNK = 500;

function answeredLength({ fields, answer }: Answered): number {
  return fields.length + (answer?.kind === 'text' ? answer.text.length : 0);
}

/** What became of the answers that are a text, by unit. */
async function checkTexts(
  context: RunContext,
  work: AnswerWork,
  chunk: readonly Answered[],
): Promise<ReadonlyMap<number, AnswerOutcome>> {
  const indices: number[] = [];
  const units: AnsweredUnit[] = [];
  for (const { unit, id, fields, answer } of chunk) {
    if (answer?.kind !== 'text') continue;
    indices.push(unit);
    units.push({ id, fields, answer: answer.text });
  }
  if (units.length === 0) return new Map();
  const outcomes = await context.ports.runner.check({ ...work, units });
  return new Map(indices.map((unit, position) => [unit, outcomes[position]!]));
}

/** Why a request has no answer that could be checked. */
function unchecked(
  step: string,
  batch: OpenBatch,
  phase: CollectedPhase,
  answer: RecordedAnswer | null,
): Failure {
  if (answer === null) return unanswered(step, phase);
  if (answer.kind === 'text') throw new Error('The runner gave no outcome for an answer.');
  const isSilence = batch.mode === 'realtime' && answer.kind === 'error' && answer.billed === 'unknown';
  return unusable(step, answer, isSilence ? UNANSWERED_RULE : null);
}

/** Why a request without a row failed. */
function unanswered(step: string, phase: CollectedPhase): Failure {
  const [kind, message] = ((): [Failure['kind'], string] => {
    switch (phase.status) {
      case 'expired':
        return ['expired', 'the batch expired before this request was answered'];
      case 'canceled':
        return ['canceled', 'the batch was canceled before this request was answered'];
      case 'lost':
        return [
          'missing',
          `the provider does not know the batch any more: ${phase.reason ?? 'it gave no reason'}`,
        ];
      case 'rejected':
      case 'failed':
        return ['rejected', `the provider did not run the batch: ${phase.reason ?? 'it gave no reason'}`];
      default:
        return ['missing', 'the provider returned no row for this request'];
    }
  })();
  return { kind, step, issues: [{ path: '', rule: kind, message }], raw: null };
}

/** Why an answer cannot even be validated. */
function unusable(step: string, answer: Exclude<Answer, { kind: 'text' }>, rule: string | null): Failure {
  switch (answer.kind) {
    case 'truncated': {
      const message = `the answer was cut off after ${answer.usage.output} output tokens`;
      return {
        kind: 'truncated',
        step,
        issues: [{ path: '', rule: 'truncated', message }],
        raw: answer.text,
      };
    }
    case 'refused': {
      const message = 'the model declined to answer';
      return { kind: 'refused', step, issues: [{ path: '', rule: 'refused', message }], raw: answer.text };
    }
    case 'error': {
      const { failure: kind, message, raw } = answer;
      return { kind, step, issues: [{ path: '', rule: rule ?? kind, message }], raw };
    }
    default:
      return answer satisfies never;
  }
}

/**
 * The answers of one batch by custom id, as the lines they came in: a large batch has tens of thousands, and they are
 * wanted one by one. Doubled rows are resolved the same way in whatever order they come.
 */
class AnswerTable {
  private readonly lines = new Map<string, string>();
  private contradictions = 0;

  add(line: string): void {
    const answer = JSON.parse(line) as RecordedAnswer;
    const { customId } = answer;
    const known = this.lines.get(customId);
    if (known === undefined) {
      this.lines.set(customId, line);
      return;
    }
    const other = JSON.parse(known) as RecordedAnswer;
    const [a, b] = [JSON.stringify(other), JSON.stringify(answer)];
    if (a !== b) this.contradictions++;
    if (rank(answer) < rank(other) || (rank(answer) === rank(other) && b < a)) this.lines.set(customId, line);
  }

  /** The answer to a request; each is taken once. */
  take(id: string): RecordedAnswer | null {
    const line = this.lines.get(id);
    this.lines.delete(id);
    return line === undefined ? null : (JSON.parse(line) as RecordedAnswer);
  }

  /** Rows nobody asked for, and rows that contradict another row for the same request. Ask when all are taken. */
  get stray(): number {
    return this.lines.size + this.contradictions;
  }
}

/** A usable answer wins over an unusable one. */
function rank(answer: Answer): number {
  return ['text', 'truncated', 'refused', 'error'].indexOf(answer.kind);
}

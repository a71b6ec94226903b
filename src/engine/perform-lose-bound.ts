// The most that asking lost units again can cost, from the longest prompts of their steps so far. It reads requests that
// were declared; it renders none, and asks nobody.
import type { Digest } from '../ports/blobs.ts';
import { boundOfAttempt, boundOfRetry, CALLS_PER_ATTEMPT, freeMoney, isPaid } from './budget.ts';
import { attemptsAt, BYTES_OF_TOKEN } from './cost-estimate.ts';
import type { JournalEvent } from './events.ts';
import { reachOf, roomOf } from './levels.ts';
import type { RunContext } from './perform-context.ts';
import type { LossPlan } from './perform-lose.ts';
import { boundRule, textBytes } from './perform-prompts.ts';
import { readRequests } from './request-line.ts';
import { isUnsent, type OpenBatch, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/**
 * The most (picodollars) that a plan's units can cost at steps where they were asked before, each unit once a step. `before`:
 * the state it was planned on. Null: a price, or every prompt of a step, is not known.
 */
export async function boundOfLoss(
  context: RunContext,
  before: RunState,
  events: readonly JournalEvent[],
  plan: LossPlan,
): Promise<bigint | null> {
  const reaches = plan.back.map(({ step, groups }) => {
    return reachOf(before.steps, step, UnitSet.unionOf(groups.map(({ units }) => UnitSet.parse(units))));
  });
  const longest = new Map<number, number | null>();
  let most = await boundOfBatches(context, before, plan, reaches);
  for (const [place, { step: from, groups }] of plan.back.entries()) {
    /** Tokens of the answers that a prompt may be longer by. */
    let earlier = 0;
    for (const [offset, reached] of reaches[place]!.entries()) {
      const index = from + offset;
      const step = context.step(index);
      if (step.kind !== 'llm' || askedAt(before, index).intersect(reached).size === 0) continue;
      const { provider, model, mode } = context.modelOf(step);
      if (!isPaid(before, provider, model, mode)) continue;
      const rule = boundRule(context, step, { paid: true });
      if (!longest.has(index)) longest.set(index, await longestPrompt(context, events, index));
      const prompt = longest.get(index) ?? null;
      if (rule.price === null || prompt === null) return null;
      const bytes = prompt + earlier * BYTES_OF_TOKEN;
      const attempts = attemptsAt(context.pipeline.steps, index);
      const retry = boundOfRetry(rule, bytes);
      const room = BigInt(roomOf(before.steps, from, index));
      for (const { attempt, units: text } of groups) {
        const isFirst = offset > 0 || attempt === 1;
        const left = BigInt(Math.max(0, attempts - (offset > 0 ? 1 : attempt)));
        const one = (isFirst ? boundOfAttempt(rule, bytes, step.maxTokens) : retry) + retry * left;
        most += one * BigInt(UnitSet.parse(text).size) * room;
      }
      earlier += Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
    }
  }
  return most;
}

/**
 * What is left of the limit for a plan's units once it is carried out (picodollars): what nobody else was promised.
 * `after`: the state then. Null: there is no limit.
 */
export function leftForLoss(after: RunState, { events, batches }: LossPlan): bigint | null {
  let left = freeMoney(after);
  if (left === null) return null;
  // Calls that are made again are so within what their batch was promised.
  for (const event of events)
    if (event.type === 'answers_lost') left += after.batches.get(event.batch)?.reserved ?? 0n;
  for (const [index, { ready }] of after.steps.entries()) {
    const apart = UnitSet.unionOf(batches.filter(({ step }) => step === index).map(({ units }) => units));
    for (const { units, kept } of ready) if (units.intersect(apart).size > 0) left += kept;
  }
  return left > 0n ? left : 0n;
}

/** Of open batches what is asked again, without units that are asked from an earlier step on. */
async function boundOfBatches(
  context: RunContext,
  before: RunState,
  { events, back, batches }: LossPlan,
  reaches: readonly (readonly UnitSet[])[],
): Promise<bigint> {
  const again = new Map<string, UnitSet>(batches.map(({ key, units }) => [key, units]));
  for (const event of events) {
    if (event.type !== 'answers_lost') continue;
    const { units, phase } = before.batches.get(event.batch)!;
    const silent = phase.kind === 'calling' && phase.again ? units.minus(phase.answered) : UnitSet.empty;
    again.set(event.batch, UnitSet.parse(event.units).intersect(units).union(silent));
  }
  let most = 0n;
  for (const [key, units] of again) {
    const batch = before.batches.get(key)!;
    const elsewhere = back.map(({ step }, place) => reaches[place]![batch.step - step] ?? UnitSet.empty);
    most += await boundOfUnits(context, batch, units.minus(UnitSet.unionOf(elsewhere)));
  }
  return most;
}

/** What was promised for some units of a batch; where its requests are lost too, for all of them. */
async function boundOfUnits(context: RunContext, batch: OpenBatch, units: UnitSet): Promise<bigint> {
  if (units.size === 0 || batch.reserved === 0n) return 0n;
  const { maxAttempts } = context.llmStep(batch.step).retry;
  try {
    let sum = 0n;
    for await (const { line } of readRequests(context.lines(batch.requests))) {
      if (!units.has(line.unit)) continue;
      const left = BigInt(Math.max(0, maxAttempts - line.attempt));
      sum += BigInt(line.callBound) * CALLS_PER_ATTEMPT[batch.mode] + BigInt(line.retryBound) * left;
    }
    return sum;
  } catch {
    return batch.reserved;
  }
}

/** Units that were asked at a step, also those that wait for the answer. */
function askedAt({ steps, batches }: RunState, step: number): UnitSet {
  const sent = [...batches.values()].filter((batch) => batch.step === step && !isUnsent(batch));
  return UnitSet.unionOf([steps[step]!.tried, ...sent.map(({ units }) => units)]);
}

/** UTF-8 bytes of the longest prompt of a step in requests that can be read, at the most; null: there is none. */
async function longestPrompt(
  { ports }: RunContext,
  events: readonly JournalEvent[],
  step: number,
): Promise<number | null> {
  let longest: number | null = null;
  for (const event of events) {
    if (event.type !== 'batch_declared' || event.step !== step) continue;
    try {
      for await (const { line } of readRequests(ports.blobs.lines(event.requests as Digest)))
        longest = Math.max(longest ?? 0, textBytes(line));
    } catch {
      // Lost too: the others tell.
    }
  }
  return longest;
}

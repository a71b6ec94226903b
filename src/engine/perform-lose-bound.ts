// The most that asking lost units again can cost, from the longest prompts of their steps so far. It reads requests that
// were declared; it renders none, and asks nobody.
import type { Digest } from '../ports/blobs.ts';
import { boundOfAttempt, boundOfRetry, isPaid } from './budget.ts';
import { attemptsAt, BYTES_OF_TOKEN } from './cost-estimate.ts';
import type { JournalEvent } from './events.ts';
import { reachOf, roomOf } from './levels.ts';
import type { RunContext } from './perform-context.ts';
import type { LossPlan } from './perform-lose.ts';
import { boundRule, textBytes } from './perform-prompts.ts';
import { readRequests } from './request-line.ts';
import { isUnsent, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/**
 * The most (picodollars) that a plan's units can cost at steps where they were asked before. `before`: the state it was
 * planned on. Null: a price, or every prompt of a step, is not known.
 */
export async function boundOfLoss(
  context: RunContext,
  before: RunState,
  events: readonly JournalEvent[],
  plan: LossPlan,
): Promise<bigint | null> {
  const { back } = plan;
  let most = reservedFor(before, plan);
  for (const { step: from, groups } of back) {
    const units = UnitSet.unionOf(groups.map((group) => UnitSet.parse(group.units)));
    const reach = reachOf(before.steps, from, units);
    /** Tokens of the answers that a prompt may be longer by. */
    let earlier = 0;
    for (const [offset, reached] of reach.entries()) {
      const index = from + offset;
      const step = context.step(index);
      if (step.kind !== 'llm' || askedAt(before, index).intersect(reached).size === 0) continue;
      const { provider, model, mode } = context.modelOf(step);
      if (!isPaid(before, provider, model, mode)) continue;
      const rule = boundRule(context, step, { paid: true });
      const longest = await longestPrompt(context, events, index);
      if (rule.price === null || longest === null) return null;
      const bytes = longest + earlier * BYTES_OF_TOKEN;
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

/** What was reserved for open batches that are asked again, or some of whose calls are made again. */
function reservedFor({ batches: open }: RunState, { events, batches }: LossPlan): bigint {
  const keys = new Set(batches.map(({ key }) => key));
  for (const event of events) if (event.type === 'answers_lost') keys.add(event.batch);
  return [...keys].reduce((sum, key) => sum + (open.get(key)?.reserved ?? 0n), 0n);
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

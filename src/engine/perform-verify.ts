// Holds a declared batch that another process left behind against the pipeline, before it is sent: a journal may have
// come from somebody else, and what it asks is paid with this process's key.
import { boundOfAttempt, boundOfCall, boundOfRetry, isPaid } from './budget.ts';
import type { RunContext } from './perform-context.ts';
import { boundRule, textBytes } from './perform-prompts.ts';
import { readRequests } from './request-line.ts';
import type { OpenBatch } from './state.ts';
import { UnitSet } from './unit-set.ts';

/**
 * False, with the reason in `context.refused`, when the batch asks another model, asks for more, or reserves less than
 * the pipeline would.
 */
export async function isDeclared(context: RunContext, batch: OpenBatch): Promise<boolean> {
  if (context.declared.has(batch.key)) return true;
  const why = await strangeness(context, batch);
  if (why === null) context.declared.add(batch.key);
  else
    context.refused.set(
      batch.key,
      `batch ${batch.key} in the journal is not one that this pipeline declares: ${why}. Cancel the run, or begin a new one`,
    );
  return why === null;
}

async function strangeness(context: RunContext, batch: OpenBatch): Promise<string | null> {
  const step = context.llmStep(batch.step);
  const { provider, model } = context.modelOf(step);
  const { mode } = batch;
  if (batch.provider !== provider || batch.model !== model || !context.wasAskedIn(step, mode))
    return `it asks ${batch.provider}/${batch.model} (${mode})`;
  const rule = boundRule(context, step, await context.session(provider), mode);
  if (isPaid(context.state, provider, model, mode) && rule.price === null && context.state.cap !== null)
    return 'its price is not known, so the limit of the run cannot be promised';
  const groups = batch.groups.map(({ attempt, units }) => ({ attempt, units: UnitSet.parse(units) }));
  let count = 0;
  let reserved = 0n;
  for await (const { head, line } of readRequests(context.lines(batch.requests))) {
    const isSteps =
      head.model === model && head.schema === step.schema && head.temperature === step.temperature;
    const maxTokens = line.maxTokens ?? head.maxTokens;
    const isLimited = Number.isSafeInteger(maxTokens) && maxTokens >= 1 && maxTokens <= rule.maxTokensLater;
    const isAsked = groups.some(({ attempt, units }) => attempt === line.attempt && units.has(line.unit));
    if (!isSteps || !isLimited || !isAsked) return 'it asks in another way';
    const bytes = textBytes(line);
    const call = amountOf(line.callBound);
    const retry = amountOf(line.retryBound);
    const isBounded = call !== null && call >= boundOfCall(rule, bytes, maxTokens);
    if (!isBounded || retry === null || retry > boundOfRetry(rule, bytes))
      return 'it bounds its requests falsely';
    const attemptsLeft = BigInt(Math.max(0, step.retry.maxAttempts - line.attempt));
    reserved += boundOfAttempt(rule, bytes, maxTokens) + retry * attemptsLeft;
    count++;
  }
  if (count !== batch.count) return `it holds ${count} requests instead of ${batch.count}`;
  const shares = batch.groups.reduce((sum, group) => sum + BigInt(group.reserved ?? '0'), 0n);
  return reserved > batch.reserved || shares !== batch.reserved ? 'it reserves less than it may cost' : null;
}

function amountOf(text: string): bigint | null {
  return /^[0-9]{1,40}$/.test(text) ? BigInt(text) : null;
}

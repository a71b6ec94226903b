// Holds a declared batch that another process left behind against the pipeline, before it is sent: a journal may have
// come from somebody else, and what it asks is paid with this process's key.
import { boundOfAttempt, boundOfCall } from './budget.ts';
import type { RunContext } from './perform-context.ts';
import { boundRule, textBytes } from './perform-prompts.ts';
import { readRequests } from './request-line.ts';
import { JournalError, type OpenBatch } from './state.ts';

/** Throws a JournalError when the batch asks another model, asks for more, or reserves less than the pipeline would. */
export async function verifyDeclared(context: RunContext, batch: OpenBatch): Promise<void> {
  if (context.declared.has(batch.key)) return;
  const step = context.llmStep(batch.step);
  const { provider, model, mode } = context.modelOf(step);
  if (batch.provider !== provider || batch.model !== model || batch.mode !== mode)
    throw strange(batch, `it asks ${batch.provider}/${batch.model} (${batch.mode})`);
  const rule = boundRule(context, step, await context.session(provider));
  let count = 0;
  let reserved = 0n;
  for await (const { head, line } of readRequests(context.lines(batch.requests))) {
    const isSteps =
      head.model === model && head.schema === step.schema && head.temperature === step.temperature;
    const maxTokens = line.maxTokens ?? head.maxTokens;
    if (!isSteps || !(maxTokens <= rule.maxTokensLater)) throw strange(batch, 'it asks in another way');
    const bytes = textBytes(line);
    const attempt = boundOfAttempt(rule, bytes, maxTokens);
    const retry = BigInt(line.retryBound);
    if (BigInt(line.callBound) < boundOfCall(rule, bytes, maxTokens) || retry < 0n)
      throw strange(batch, 'it bounds its requests too low');
    reserved += attempt + retry * BigInt(Math.max(0, step.retry.maxAttempts - line.attempt));
    count++;
  }
  if (count !== batch.count) throw strange(batch, `it holds ${count} requests instead of ${batch.count}`);
  if (reserved > batch.reserved) throw strange(batch, 'it reserves less than it may cost');
  context.declared.add(batch.key);
}

function strange(batch: OpenBatch, why: string): JournalError {
  return new JournalError(
    `Batch ${batch.key} in the journal is not one that this run's pipeline declares: ${why}. Nothing was sent. Cancel the run, or begin a new one.`,
  );
}

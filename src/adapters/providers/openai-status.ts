// What a batch of OpenAI's says about itself, in the port's words. It asks nothing.
import type { OpenAI } from 'openai';
import type { CheckResult } from '../../ports/provider.ts';
import type { Service } from './openai-client.ts';
import { LIVE } from './openai-live.ts';

/** A batch as the SDK types it; compatible services leave fields out or null, so all of them are doubted. */
export type Batch = OpenAI.Batches.Batch;

/** A batch's status in the port's words. */
export function checkOf(service: Service, batch: Batch): CheckResult {
  switch (batch.status) {
    case 'completed':
      return { kind: 'ended', status: 'completed', reason: null };
    case 'failed':
      return failureOf(service, batch);
    case 'expired':
      return { kind: 'ended', status: 'expired', reason: 'the completion window passed' };
    case 'cancelled':
      return { kind: 'ended', status: 'canceled', reason: 'the batch was cancelled' };
    case 'validating':
    case 'in_progress':
    case 'finalizing':
    case 'cancelling':
      return { kind: 'running', status: batch.status, completed: batch.request_counts?.completed ?? null };
    default:
      // A status this version does not know is no reason to give a paid batch up.
      return { kind: 'running', status: String(batch.status satisfies never), completed: null };
  }
}

/** Whether nothing more will happen to it. */
export function isOver(service: Service, batch: Batch): boolean {
  const { kind } = checkOf(service, batch);
  return kind === 'ended' || kind === 'queue_full' || kind === 'blocked';
}

/** Why a batch failed, the telling error first, its code in front, e.g. `model_mismatch: ...`. */
function failureOf(service: Service, batch: Batch): CheckResult {
  const errors = batch.errors?.data ?? [];
  const spent = errors.find((one) => LIVE.spentCodes.includes(one.code ?? ''));
  const full = errors.find(
    (one) => one.code === LIVE.queueFullCode || LIVE.queueFullWords.test(one.message ?? ''),
  );
  const urgent = spent ?? full ?? errors[0];
  const answered = (batch.request_counts?.completed ?? 0) > 0 || Boolean(batch.output_file_id);
  if (urgent === undefined) {
    return { kind: 'ended', status: 'failed', reason: 'failed: the provider gives no reason' };
  }
  const place = typeof urgent.line === 'number' ? ` (line ${urgent.line} of the batch file)` : '';
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  const reason = `${service.tell(`${urgent.code ?? 'failed'}: ${urgent.message ?? 'no message'}`)}${place}${more}`;
  if (spent !== undefined && !answered) return { kind: 'blocked', why: reason };
  if (full !== undefined && !answered) return { kind: 'queue_full', why: reason };
  return { kind: 'ended', status: 'failed', reason };
}

/** Over, and with answers to be had, but without the file they belong in. */
export function lacksFiles(service: Service, batch: Batch): boolean {
  if (batch.output_file_id || !isOver(service, batch)) return false;
  const { completed = 0, failed = 0, total = 1 } = batch.request_counts ?? {};
  if (completed > 0) return true;
  return !batch.error_file_id && (failed > 0 || (batch.status === 'completed' && total > 0));
}

// A batch as the service describes it, an operation of Google's with the batch in its metadata, in the port's words.
// Every field is doubted, and a state that is not known is no reason to give a paid batch up.
import type { CheckResult } from '../../ports/provider.ts';
import { fieldOf } from '../provider-errors.ts';
import { isExhausted, speaksOfAccount } from './gemini-errors.ts';
import { LIVE } from './gemini-live.ts';

/** What is known of a batch. Counts are null when they are not told. */
export interface Job {
  /** Without its prefix, e.g. `RUNNING`. */
  readonly state: string;
  readonly error: unknown;
  /** Requests answered. */
  readonly answered: number | null;
  /** Requests answered or failed: the rows that there should be. */
  readonly ended: number | null;
  /** Name of the file that holds the rows. */
  readonly output: string | null;
}

/** Reads an operation. */
export function readJob(operation: unknown): Job {
  const metadata = fieldOf(operation, 'metadata');
  const stats = fieldOf(metadata, 'batchStats');
  const response = fieldOf(operation, 'response');
  const error = fieldOf(operation, 'error') ?? fieldOf(metadata, 'error');
  const answered = countOf(fieldOf(stats, 'successfulRequestCount'));
  const failed = countOf(fieldOf(stats, 'failedRequestCount'));
  const output = [fieldOf(metadata, 'output'), response, fieldOf(response, 'output')]
    .map((place) => fieldOf(place, 'responsesFile'))
    .find((name) => typeof name === 'string' && name !== '');
  return {
    state: stateOf(
      fieldOf(metadata, 'state') ?? fieldOf(operation, 'state'),
      fieldOf(operation, 'done') === true,
      error,
    ),
    error,
    answered,
    ended: answered === null && failed === null ? null : (answered ?? 0) + (failed ?? 0),
    output: (output as string | undefined) ?? null,
  };
}

function stateOf(state: unknown, done: boolean, error: unknown): string {
  const told = typeof state === 'string' ? state.replace(/^(?:BATCH|JOB)_STATE_/, '') : '';
  if (told !== '' && told !== 'UNSPECIFIED') return told;
  if (!done) return 'UNSPECIFIED';
  return error === null ? 'SUCCEEDED' : 'FAILED';
}

/** A batch's state in the port's words; `tell` makes a service's words fit to be told. */
export function checkOf(job: Job, tell: (words: string) => string): CheckResult {
  switch (job.state) {
    case 'SUCCEEDED':
    case 'PARTIALLY_SUCCEEDED':
      return { kind: 'ended', status: 'completed', reason: null };
    case 'FAILED': {
      const why = tell(reasonOf(job.error));
      const untouched = (job.answered ?? 0) === 0 && job.output === null;
      if (untouched && speaksOfAccount(fieldOf(job.error, 'message'))) return { kind: 'blocked', why };
      if (untouched && isExhausted(job.error)) return { kind: 'queue_full', why };
      return { kind: 'ended', status: 'failed', reason: why };
    }
    case 'EXPIRED':
      return {
        kind: 'ended',
        status: 'expired',
        reason: 'it was not finished within the time the service gives',
      };
    case 'CANCELLED':
      return { kind: 'ended', status: 'canceled', reason: 'the batch was cancelled' };
    default:
      return { kind: 'running', status: job.state.toLowerCase(), completed: job.ended };
  }
}

/** Why a batch failed, its code first, e.g. `INVALID_ARGUMENT: ...`. */
function reasonOf(error: unknown): string {
  const code = fieldOf(error, 'code');
  const word = fieldOf(error, 'status') ?? LIVE.codeWords[Number(code)] ?? code ?? 'failed';
  const message = fieldOf(error, 'message');
  return `${word}: ${typeof message === 'string' && message !== '' ? message : 'the provider gives no reason'}`;
}

/** A count; protobuf writes 64-bit integers as text. */
function countOf(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(count) ? (count as number) : null;
}

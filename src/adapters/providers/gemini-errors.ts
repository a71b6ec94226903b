// Errors of Google's API as it tells them: an HTTP status, a word, and details as data, and what each means
// for a run. It sends and repeats nothing.
import { fieldOf, headersOf, retryAfterOf } from '../provider-errors.ts';
import { LIVE } from './gemini-live.ts';

/** Most of a service's words that are kept, in UTF-16 units. */
const MAX_WORDS = 4000;

/** A quota that was used up, as the service names it. */
export interface Violation {
  readonly id: string;
  readonly metric: string;
  /** The quota itself; null when it is not told. */
  readonly value: string | null;
}

/** An answer that is not 2xx. The message is the service's and may echo what it was sent. */
export class GeminiError extends Error {
  override readonly name = 'GeminiError';
  readonly status: number;
  readonly headers: Headers;
  /** The status in words, e.g. `RESOURCE_EXHAUSTED`; empty when the answer was not Google's. */
  readonly word: string;
  /** Reasons of `ErrorInfo`. */
  readonly reasons: readonly string[];
  readonly violations: readonly Violation[];
  /** `RetryInfo`, in milliseconds; null when absent. */
  readonly retryDelayMs: number | null;

  constructor(status: number, headers: Headers, body: string) {
    const error = errorOf(body);
    const said = fieldOf(error, 'message');
    const word = stringOf(fieldOf(error, 'status'));
    super(`${word || status}: ${stringOf(said).slice(0, MAX_WORDS) || silence(status)}`);
    const details = arrayOf(fieldOf(error, 'details'));
    this.status = status;
    this.headers = headers;
    this.word = word;
    this.reasons = details
      .map((detail) => stringOf(fieldOf(detail, 'reason')))
      .filter((reason) => reason !== '');
    this.violations = details
      .flatMap((detail) => arrayOf(fieldOf(detail, 'violations')))
      .map((violation) => ({
        id: stringOf(fieldOf(violation, 'quotaId')),
        metric: stringOf(fieldOf(violation, 'quotaMetric')),
        value: stringOf(fieldOf(violation, 'quotaValue')) || null,
      }));
    this.retryDelayMs =
      details.map((detail) => durationOf(fieldOf(detail, 'retryDelay'))).find((ms) => ms !== null) ?? null;
  }
}

function silence(status: number): string {
  return status < 400 ? 'the service redirects to another address; correct its base URL' : 'no reason given';
}

/** What a 429 is about. `queue`: room comes when batches end; `spent`: waiting alone does not help; `rate`: it does. */
export type Quota = 'queue' | 'spent' | 'rate';

/** Which quota a 429 speaks of; `creating`: it answers the create of a batch. */
export function quotaOf(error: GeminiError, creating: boolean): Quota {
  const { violations } = error;
  if (LIVE.spentWords.test(error.message)) return 'spent';
  if (violations.some((one) => LIVE.dailyQuota.test(one.id) || one.value === '0')) return 'spent';
  if (!creating) return 'rate';
  if (violations.length === 0) return error.retryDelayMs === null ? 'queue' : 'rate';
  const lasting = violations.filter((one) => !LIVE.minuteQuota.test(one.id));
  return lasting.some((one) => LIVE.queueQuota.test(`${one.id} ${one.metric}`)) ? 'queue' : 'rate';
}

/** Whether the service refuses the key or the account, not the request. */
export function isRefusedKey(error: unknown): boolean {
  if (!(error instanceof GeminiError) || isMissingFile(error)) return false;
  if ([401, 402, 403, 407].includes(error.status)) return true;
  if (error.status !== 400) return false;
  return (
    error.reasons.some((reason) => LIVE.keyReasons.includes(reason)) ||
    LIVE.keyWords.test(error.message) ||
    (error.word === 'FAILED_PRECONDITION' && LIVE.accountWords.test(error.message))
  );
}

/** Whether a create was refused because its input file is not to be seen, or not ready. */
export function isMissingFile(error: unknown): boolean {
  if (!(error instanceof GeminiError) || ![400, 403, 404].includes(error.status)) return false;
  // A 404 that does not speak of the model means the only other thing a create names.
  return error.status === 404
    ? !LIVE.modelWords.test(error.message)
    : LIVE.missingFileWords.test(error.message);
}

/** When the service asks to come again, in milliseconds; null when it does not say. */
export function comeAgainOf(error: unknown): number | null {
  const asked = [retryAfterOf(headersOf(error)), error instanceof GeminiError ? error.retryDelayMs : null];
  const known = asked.filter((ms) => ms !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** Whether the error of a failed batch says that the queue was full. */
export function isExhausted(error: unknown): boolean {
  return LIVE.exhausted.includes(fieldOf(error, 'status')) || LIVE.exhausted.includes(fieldOf(error, 'code'));
}

/** Whether words of the service say that the key, or the account's money, is at fault, not the request. */
export function speaksOfAccount(words: unknown): boolean {
  if (typeof words !== 'string') return false;
  return [LIVE.spentWords, LIVE.accountWords, LIVE.keyWords].some((known) => known.test(words));
}

/** The error in a body: Google sends `{error: {...}}`, now and then in a list; a gateway sends anything. */
function errorOf(body: string): unknown {
  try {
    const json: unknown = JSON.parse(body);
    return fieldOf(Array.isArray(json) ? json[0] : json, 'error');
  } catch {
    return null;
  }
}

/** A duration as protobuf writes it in JSON, `"3.5s"`, in milliseconds. */
function durationOf(value: unknown): number | null {
  const seconds = typeof value === 'string' ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  return seconds === undefined ? null : Math.ceil(Number(seconds) * 1000);
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

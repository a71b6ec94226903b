// What the failures of any provider's service mean, and how they are told to people. It knows no SDK, and it lets no
// key, prompt or answer into a message.

/** Longest message told, in UTF-16 units. */
const MAX_MESSAGE = 300;

/** Most of a service's words that are looked through at all. */
const MAX_READ = 2000;

/** An echo of a private text is recognised when it is at least so long, in UTF-16 units. */
const MIN_ECHO = 16;

const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** What became of a single call that failed. `unanswered`: it may have been answered and billed. */
export type CallFate = 'later' | 'blocked' | 'rejected' | 'unanswered';

/**
 * The fate of a single call by its HTTP status; null: no answer came. Assumed of every service, and of none verified:
 * 500, 503 and 529 come before an answer exists, while 502, 504, Cloudflare's 52x and a timeout (408) may come from a
 * gateway that gave up on work that went on; a redirect or a refused key is the account's or the configuration's fault.
 */
export function callFateOf(status: number | null): CallFate {
  if (status === null) return 'unanswered';
  if (status === 429 || status === 409 || status === 500 || status === 503 || status === 529) return 'later';
  if (status === 408 || status >= 500 || status < 300) return 'unanswered';
  if (status < 400 || status === 401 || status === 402 || status === 403 || status === 407) return 'blocked';
  return 'rejected';
}

/** Whether a create that failed so certainly created nothing; false leaves doubt. */
export function createdNothing(status: number | null): boolean {
  return status !== null && status >= 300 && status < 500 && status !== 408 && status !== 409;
}

/** Whether a read that failed so may work a moment later. */
export function isPassing(status: number | null): boolean {
  return status === null || status >= 500 || status === 408 || status === 409 || status === 429;
}

/** What Node says when no connection was made, so that nothing was sent. */
const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** Whether the call certainly never left, because no connection to the service could be made. */
export function wasNeverSent(error: unknown): boolean {
  let one = error;
  for (let depth = 0; depth < 8 && one instanceof Error; depth++) {
    const code = fieldOf(one, 'code');
    if (typeof code === 'string' && NO_CONNECTION.has(code)) return true;
    one = one.cause;
  }
  return false;
}

/** The HTTP status of an SDK's error; null when there was no answer. */
export function statusOf(error: unknown): number | null {
  const status = fieldOf(error, 'status');
  return typeof status === 'number' ? status : null;
}

/** The answer's headers as an SDK's error keeps them, or null. */
export function headersOf(error: unknown): Headers | null {
  const headers = fieldOf(error, 'headers');
  return headers instanceof Headers ? headers : null;
}

/** A field of anything, or null. */
export function fieldOf(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : null;
}

/** How long the service asks to wait (ms, a day at most): `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterOf(headers: Headers | null, now: number = Date.now()): number | null {
  const bounded = (ms: number) => (ms >= 0 ? Math.min(Math.ceil(ms), MAX_RETRY_AFTER_MS) : null);
  const ms = numberOf(headers?.get('retry-after-ms'));
  if (ms !== null) return bounded(ms);
  const text = headers?.get('retry-after') ?? null;
  const seconds = numberOf(text);
  if (seconds !== null) return bounded(seconds * 1000);
  const date = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : bounded(Math.max(0, date - now));
}

function numberOf(text: string | null | undefined): number | null {
  return text != null && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

/** How failures are told, without what must not be told. */
export interface Telling {
  /** An error in one line: its message with keys masked, echoes of `privates` (prompts) left out, and bounded. */
  tell(error: unknown, privates?: readonly string[]): string;
  /** A text as it is, but with the secrets masked: for what is stored as evidence. */
  mask(text: string): string;
}

/** `secrets`: the key, and the values of configured headers. */
export function createTelling(secrets: readonly string[]): Telling {
  // The longest first: one secret may be part of another.
  const known = secrets.filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length);

  function mask(text: string): string {
    let masked = text;
    for (const secret of known) masked = masked.replaceAll(secret, '[key]');
    // Services repeat the key they were given, some with its middle starred out.
    masked = masked.replace(/\b(?:sk|gsk|rk|pk|xai|AIza)[-_][\w*.-]{4,}|\bAIza[\w*-]{8,}/g, '[key]');
    return masked.includes('***') ? masked.replace(/[\w.-]{0,64}\*{3,}[\w*.-]{0,64}/g, '[key]') : masked;
  }

  function tell(error: unknown, privates: readonly string[] = []): string {
    const words = withoutEchoes(mask(messageOf(error).slice(0, MAX_READ)), privates);
    // Control characters would reach a terminal or a log.
    const line = words.replace(/[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
    return line.length <= MAX_MESSAGE
      ? line
      : `${line.slice(0, MAX_MESSAGE).replace(/[\uD800-\uDBFF]$/, '')}...`;
  }

  return { tell, mask };
}

/** The error's message and, when it says more, that of its cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
}

function withoutEchoes(words: string, privates: readonly string[]): string {
  // A service quotes what it was sent as it is, or escaped as in JSON.
  const texts = privates.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
  const short = texts.filter((text) => text.trim() !== '' && text.length < MIN_ECHO);
  const long = texts.filter((text) => text.length >= MIN_ECHO);
  let kept = '';
  for (let place = 0; place < words.length; ) {
    const window = words.slice(place, place + MIN_ECHO);
    const text = window.length < MIN_ECHO ? undefined : long.find((one) => one.includes(window));
    if (text === undefined) {
      kept += words[place++];
      continue;
    }
    let end = place + MIN_ECHO;
    while (end < words.length && text.includes(words.slice(place, end + 1))) end++;
    kept += '[...]';
    place = end;
  }
  // A short private text may be an ordinary word; it is left out where it stands in quotes.
  for (const text of short) {
    for (const quote of ['"', "'", '`'])
      kept = kept.replaceAll(`${quote}${text}${quote}`, `${quote}[...]${quote}`);
  }
  return kept;
}

// What a protocol of the simulator is: a prefix, a handler and its way to say no. What is the same for all of them,
// batches over time, rows, calls, the bill, lives in `batches.ts`, `rows.ts`, `calls.ts` and `ledger.ts`.
//
// A protocol file only translates shapes. It makes `openBatches(parts, form)` and `openCalls(parts, name)`, answers
// its paths, throws `Refusal` for a no, and never looks at faults or mishaps: the core applies them, partly by throwing.
import type { Batches } from './batches.ts';
import type { ContextShelf } from './contexts.ts';
import type { Exchange } from './http.ts';
import type { Ledger } from './ledger.ts';
import type { CallName, ProtocolName } from './mishaps.ts';
import type { Settings } from './settings.ts';
import type { Store } from './store.ts';

/** What a protocol works with. */
export interface ServiceParts {
  readonly store: Store;
  readonly contexts: ContextShelf;
  readonly ledger: Ledger;
  /** The settings in force now. */
  settings(): Promise<Settings>;
}

/** One provider's protocol. */
export interface Protocol {
  readonly name: ProtocolName;
  /** Start of all its paths, e.g. `/anthropic`; OpenAI's are at the root: the empty text. */
  readonly prefix: string;
  readonly batches: Batches;
  /** What a request asks for, or null. The path comes without the prefix and without a slash at its end. */
  callOf(method: string, path: string): CallName | null;
  /** Answers; false when there is no such path. May throw a Refusal or a LostAnswer. */
  handle(exchange: Exchange): Promise<boolean>;
  /** A no in the protocol's shape. */
  errorOf(refusal: Refusal): ErrorAnswer;
}

/** An error on the wire. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** Why the answer is no. A protocol has a status, a type and a code for each. */
export type RefusalKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limit'
  /** Too much is queued already. */
  | 'queue_full'
  /** The account's money or quota is used up. */
  | 'spend_limit'
  | 'overloaded'
  | 'failed';

/** A no. `status` and `code` are null where the protocol's own for this kind apply. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  readonly status: number | null;
  readonly code: string | null;
  readonly retryAfterMs: number | null;
  /** Sent besides the protocol's own. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    kind: RefusalKind,
    message: string,
    more: {
      readonly status?: number | null;
      readonly code?: string | null;
      readonly retryAfterMs?: number | null;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.kind = kind;
    this.status = more.status ?? null;
    this.code = more.code ?? null;
    this.retryAfterMs = more.retryAfterMs ?? null;
    this.headers = more.headers ?? {};
  }
}

/** Everything was done, but the connection is cut before the answer. */
export class LostAnswer extends Error {}

/** The one API key that no protocol accepts. */
export const BAD_KEY = 'bad-key';

/** The one model that no protocol knows. */
export const UNKNOWN_MODEL = 'unknown-model';

/** What a status that a test asked for means. */
export function kindOfStatus(status: number): RefusalKind {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 409:
      return 'conflict';
    case 413:
      return 'too_large';
    case 429:
      return 'rate_limit';
    case 529:
      return 'overloaded';
    default:
      return status >= 500 ? 'failed' : 'invalid';
  }
}

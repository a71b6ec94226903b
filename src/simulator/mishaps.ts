// What may go wrong between a client and the simulator, once or a few times. Mishaps asked for on the control endpoint
// are held in this process; those of a scenario happen to the nth call of the whole directory.
import { createHash } from 'node:crypto';
import type { Store } from './store.ts';

/** The protocols the simulator speaks. */
export const PROTOCOL_NAMES = ['openai', 'anthropic', 'gemini'] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

/** What a request asks a provider for. */
export const CALL_NAMES = [
  'upload',
  'create',
  'list',
  'retrieve',
  'content',
  'cancel',
  'ask',
  'model',
] as const;
export type CallName = (typeof CALL_NAMES)[number];

/** What happens. Each kind has calls it can happen to; `fail`, `hang` and `headers` happen to any. */
export type Mishap =
  /** The request does nothing and is answered with this status, in the protocol's shape. */
  | {
      readonly kind: 'fail';
      readonly status: number;
      readonly code: string | null;
      readonly message: string | null;
      readonly headers: Readonly<Record<string, string>>;
    }
  /** No answer and nothing done, until the client gives up. */
  | { readonly kind: 'hang' }
  /** The answer bears these headers too, e.g. rate limits. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'rate_limit'; readonly retryAfterMs: number | null }
  | { readonly kind: 'overloaded' }
  /** The account's money is used up. */
  | { readonly kind: 'spend_limit' }
  /** A batch is created, then the connection is cut before the answer. */
  | { readonly kind: 'lose_create_answer' }
  /** A batch is created, and the answer is this status (503 when not given). */
  | { readonly kind: 'create_5xx_after'; readonly status: number }
  /** The batch created is missing from lists and unknown by its id for so long. */
  | { readonly kind: 'late_visibility'; readonly ms: number }
  /** The batch created has no output for so long after it is over. */
  | { readonly kind: 'late_file'; readonly ms: number }
  /** Too much is queued: the batch fails at once, or is refused, as the protocol does it. */
  | { readonly kind: 'queue_full' }
  /** The batch fails after validation; without a code it says no reason. Protocols whose batches cannot fail ignore it. */
  | { readonly kind: 'fail_batch'; readonly code: string | null }
  /** The batch takes so much longer. */
  | { readonly kind: 'stuck'; readonly ms: number }
  /** A single call is answered and billed, but the connection is cut before the answer. */
  | { readonly kind: 'lose_call_answer' }
  /** A download is cut after so many bytes. */
  | { readonly kind: 'cut_download'; readonly afterBytes: number };

export type MishapKind = Mishap['kind'];

/** Which calls a mishap waits for; null: any. `path` is the start of the whole path. */
interface Filter {
  readonly protocol: ProtocolName | null;
  readonly call: CallName | null;
  readonly method: string | null;
  readonly path: string | null;
}

/** A mishap with the number of times it happens, and to what. */
export interface WaitingMishap {
  readonly mishap: Mishap;
  readonly times: number;
  readonly filter: Filter;
}

/** A mishap of a scenario: it happens to the matching calls number `nth` (from 1) to `nth + times - 1`. */
export interface ScheduledMishap {
  readonly call: CallName;
  readonly protocol: ProtocolName | null;
  readonly nth: number;
  readonly times: number;
  readonly mishap: Mishap;
}

/** One incoming call, as far as mishaps look at it. */
export interface Incoming {
  readonly protocol: ProtocolName;
  readonly call: CallName | null;
  readonly method: string;
  readonly path: string;
}

/** What goes wrong with one call. */
export interface CallMishaps {
  /** The first mishap of a kind that is due; it has then happened once more. */
  take<K extends MishapKind>(kind: K): Extract<Mishap, { kind: K }> | null;
}

/** The mishaps still to come. */
export interface Mishaps {
  add(mishap: WaitingMishap): void;
  /** Counts the call and says what is due for it. */
  open(incoming: Incoming, scheduled: readonly ScheduledMishap[]): Promise<CallMishaps>;
}

/** The calls each kind can happen to; a kind that is absent happens to any. */
export const CALLS_OF: Partial<Record<MishapKind, readonly CallName[]>> = {
  rate_limit: ['create', 'ask'],
  overloaded: ['create', 'ask'],
  spend_limit: ['create', 'ask'],
  lose_create_answer: ['create'],
  create_5xx_after: ['create'],
  late_visibility: ['create'],
  late_file: ['create'],
  queue_full: ['create'],
  fail_batch: ['create'],
  stuck: ['create'],
  lose_call_answer: ['ask'],
  cut_download: ['content'],
};

/** The mishaps of one process over a store. */
export function createMishaps(store: Store): Mishaps {
  const waiting: { entry: WaitingMishap; left: number }[] = [];
  const counted = new Map<string, number>();

  /** The number of this call among its like in the whole directory: the first name nobody has taken yet. */
  async function ordinal(folder: string, key: string): Promise<number> {
    for (let number = (counted.get(`${folder}/${key}`) ?? 0) + 1; ; number++) {
      counted.set(`${folder}/${key}`, number);
      if (await store.claim(folder, `${key}-${number}`)) return number;
    }
  }

  /** Scheduled mishaps that fall on this call. What no scheduled mishap waits for any more is not counted. */
  async function dueNow(incoming: Incoming, scheduled: readonly ScheduledMishap[]): Promise<Mishap[]> {
    const fitting = scheduled.filter(
      (one) => one.call === incoming.call && (one.protocol === null || one.protocol === incoming.protocol),
    );
    if (fitting.length === 0) return [];
    // Another scenario counts anew.
    const folder = `calls-${createHash('sha256').update(JSON.stringify(scheduled)).digest('hex').slice(0, 16)}`;
    const due: Mishap[] = [];
    for (const scope of [null, incoming.protocol]) {
      const own = fitting.filter((one) => one.protocol === scope);
      const last = Math.max(0, ...own.map((one) => one.nth + one.times - 1));
      const key = `${scope ?? 'any'}.${incoming.call}`;
      if ((counted.get(`${folder}/${key}`) ?? 0) >= last) continue;
      const number = await ordinal(folder, key);
      for (const one of own) {
        if (number >= one.nth && number < one.nth + one.times) due.push(one.mishap);
      }
    }
    return due;
  }

  return {
    add(entry) {
      waiting.push({ entry, left: entry.times });
    },
    async open(incoming, scheduled) {
      const due = await dueNow(incoming, scheduled);
      return {
        take<K extends MishapKind>(kind: K) {
          const place = due.findIndex((mishap) => mishap.kind === kind);
          if (place >= 0) return due.splice(place, 1)[0] as Extract<Mishap, { kind: K }>;
          const next = waiting.find(
            ({ entry, left }) => left > 0 && entry.mishap.kind === kind && fits(entry, incoming),
          );
          if (next === undefined) return null;
          next.left--;
          return next.entry.mishap as Extract<Mishap, { kind: K }>;
        },
      };
    },
  };
}

function fits({ mishap, filter }: WaitingMishap, incoming: Incoming): boolean {
  const usual = CALLS_OF[mishap.kind];
  const called =
    filter.call === null
      ? usual === undefined || (incoming.call !== null && usual.includes(incoming.call))
      : filter.call === incoming.call;
  return (
    called &&
    (filter.protocol === null || filter.protocol === incoming.protocol) &&
    (filter.method === null || filter.method === incoming.method) &&
    (filter.path === null || incoming.path.startsWith(filter.path))
  );
}

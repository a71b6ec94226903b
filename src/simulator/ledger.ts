// What the simulator would charge for: single calls in a file that only grows, each batch in a file of its own that is
// written once, whoever computes it. So nothing is billed twice by several processes or a restart; a request that
// stands there twice was answered twice.
//
// Billed is what was executed: answers of every kind (cut, refused and malformed ones too), also when their row is
// missing, damaged or doubled, when a batch was cancelled or expired after it reached them, and when the connection was
// cut before a call's answer. Not billed is what expired or was cancelled before, and what ended in an error.
import { createReadStream } from 'node:fs';
import type { SimulatedTokens } from './answer.ts';
import { readLines } from './lines.ts';
import type { ProtocolName } from './mishaps.ts';
import type { SimulatedPrice } from './settings.ts';
import type { Store, Upload } from './store.ts';

/** One request billed. `from` is the batch's id, or the call's. */
export interface BillEntry extends SimulatedTokens {
  readonly protocol: ProtocolName;
  readonly model: string;
  readonly mode: 'batch' | 'realtime';
  readonly from: string;
  readonly request: string;
}

/** Sums over what was asked of one model in one mode. `cost` in US dollars, null without a price. */
export interface BillTotal extends SimulatedTokens {
  readonly protocol: ProtocolName;
  readonly model: string;
  readonly mode: 'batch' | 'realtime';
  readonly requests: number;
  readonly cost: number | null;
}

/** All that was billed so far. */
export interface Bill {
  readonly totals: readonly BillTotal[];
  /** Of all totals; null when a model among them has no price. */
  readonly cost: number | null;
  /** Requests billed more than once, and how often. */
  readonly repeated: readonly { readonly request: string; readonly times: number }[];
}

/** The ledger of a store. */
export interface Ledger {
  addCall(entry: BillEntry): Promise<void>;
  /** Files the entries of a batch, once and for all. */
  addBatch(batch: string, entries: Upload): Promise<void>;
  entries(): AsyncIterable<BillEntry>;
}

const CALLS = 'calls.log';
const BATCHES = 'bills';

/** Opens the ledger of a store. */
export function openLedger(store: Store): Ledger {
  return {
    addCall: (entry) => store.append(CALLS, entry),
    addBatch: (batch, entries) => store.place(entries, BATCHES, batch),
    async *entries() {
      for (const name of await store.names(BATCHES)) {
        for await (const { text } of readLines(createReadStream(store.path(BATCHES, name)))) {
          yield JSON.parse(text) as BillEntry;
        }
      }
      for await (const { text } of readLines(store.appended(CALLS))) yield JSON.parse(text) as BillEntry;
    },
  };
}

/** What batches cost of the price of single calls. */
const BATCH_SHARE = 0.5;

/** Adds the entries up. */
export async function billOf(
  entries: AsyncIterable<BillEntry>,
  prices: Readonly<Record<string, SimulatedPrice>>,
): Promise<Bill> {
  const sums = new Map<string, Omit<BillTotal, 'cost'>>();
  const times = new Map<string, number>();
  for await (const entry of entries) {
    const { protocol, model, mode } = entry;
    const key = JSON.stringify([protocol, model, mode]);
    const sum = sums.get(key) ?? { protocol, model, mode, requests: 0, input: 0, output: 0, cached: 0 };
    sums.set(key, {
      ...sum,
      requests: sum.requests + 1,
      input: sum.input + entry.input,
      output: sum.output + entry.output,
      cached: sum.cached + entry.cached,
    });
    times.set(entry.request, (times.get(entry.request) ?? 0) + 1);
  }
  const keys = [...sums.keys()].sort();
  const totals = keys.map((key) => priced(sums.get(key) as Omit<BillTotal, 'cost'>, prices));
  const repeated = [...times].filter(([, count]) => count > 1).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    totals,
    cost: totals.reduce<number | null>(
      (all, { cost }) => (all === null || cost === null ? null : all + cost),
      0,
    ),
    repeated: repeated.map(([request, count]) => ({ request, times: count })),
  };
}

/** Cached input is charged as any input: an upper bound. */
function priced(sum: Omit<BillTotal, 'cost'>, prices: Readonly<Record<string, SimulatedPrice>>): BillTotal {
  const price = Object.hasOwn(prices, sum.model) ? prices[sum.model] : undefined;
  if (price === undefined) return { ...sum, cost: null };
  const share = sum.mode === 'batch' ? BATCH_SHARE : 1;
  return { ...sum, cost: (share * (sum.input * price.input + sum.output * price.output)) / 1e6 };
}

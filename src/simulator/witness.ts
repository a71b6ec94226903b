// What the simulator saw, for tests: the log, and the requests that were sent again although an answer was pending or
// had been given.
import { readLines } from './lines.ts';
import type { Store } from './store.ts';
import { stateOf } from './timeline.ts';

/** A request hash submitted again, with the ids of the earlier and the later batch or call. */
export interface DoubleSubmission {
  readonly request: string;
  readonly earlier: string;
  readonly later: string;
}

interface CreateEntry {
  readonly at: number;
  readonly event: 'create';
  readonly batch: string;
  readonly requests: readonly string[];
}

interface AnswerEntry {
  readonly at: number;
  readonly event: 'answer';
  readonly call: string;
  readonly request: string;
}

/** The log's lines, without the creates that did not come to be. */
export async function* witnessLines(store: Store): AsyncGenerator<string> {
  for await (const { text } of readLines(store.readLog())) {
    const entry = JSON.parse(text) as { event: string; batch?: string };
    if (entry.event === 'create' && (await store.batch(entry.batch ?? '')) === null) continue;
    yield `${text}\n`;
  }
}

/**
 * Every double submission: a request in a later batch, or answered in a later call, while an earlier batch still had
 * it to answer, or after a batch or a call had answered it. A batch that failed, or ended before it reached the
 * request, leaves the request free to be sent again; so does a call that was not answered.
 */
export async function doubleSubmissions(store: Store): Promise<DoubleSubmission[]> {
  const doubles: DoubleSubmission[] = [];
  const earlier = new Map<string, { id: string; index: number | null }[]>();

  async function enter(request: string, id: string, index: number | null, atMs: number): Promise<void> {
    const places = earlier.get(request) ?? [];
    for (const place of places) {
      if (place.index === null || (await holds(store, place.id, place.index, atMs))) {
        doubles.push({ request, earlier: place.id, later: id });
      }
    }
    places.push({ id, index });
    earlier.set(request, places);
  }

  for await (const line of witnessLines(store)) {
    const entry = JSON.parse(line) as CreateEntry | AnswerEntry | { event: null };
    if (entry.event === 'answer') await enter(entry.request, entry.call, null, entry.at);
    if (entry.event !== 'create') continue;
    for (const [index, request] of entry.requests.entries()) {
      await enter(request, entry.batch, index, entry.at);
    }
  }
  return doubles;
}

/** Whether a batch had answered, or was still going to answer, its request number `index` at that time. */
async function holds(store: Store, id: string, index: number, atMs: number): Promise<boolean> {
  const record = await store.batch(id);
  if (record === null) return false;
  const state = stateOf(record, await store.cancelTime(id), atMs);
  if (state.status === 'failed') return false;
  const ended = state.status === 'cancelled' || state.status === 'expired' || state.status === 'cancelling';
  return !ended || index < state.executed;
}

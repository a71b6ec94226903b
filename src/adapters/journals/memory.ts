// A journal in memory, for tests and for dry thinking. It behaves like any other: versions, conflicts, durable order.
import type { JournalEvent } from '../../engine/events.ts';
import type { Journal } from '../../ports/journal.ts';

/** A journal that lives as long as the object; it begins with `events` when there are any. */
export function createMemoryJournal(events: readonly JournalEvent[] = []): Journal {
  const appends: (readonly JournalEvent[])[] = events.length === 0 ? [] : [events];
  const readAfter = async (version: number) => ({
    events: appends
      .slice(version)
      .flat()
      .map((event) => structuredClone(event)),
    version: appends.length,
  });
  return {
    isDear: false,
    read: () => readAfter(0),
    readAfter,
    async append(events, expectedVersion) {
      if (expectedVersion !== appends.length) return { kind: 'conflict' };
      appends.push(events.map((event) => structuredClone(event)));
      return { kind: 'appended', version: appends.length };
    },
  };
}

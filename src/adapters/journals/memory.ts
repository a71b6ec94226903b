// A journal in memory, for tests and for dry thinking. It behaves like any other: versions, conflicts, durable order.
import type { JournalEvent } from '../../engine/events.ts';
import type { Journal } from '../../ports/journal.ts';

/** An empty journal that lives as long as the object. */
export function createMemoryJournal(): Journal {
  const appends: (readonly JournalEvent[])[] = [];
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

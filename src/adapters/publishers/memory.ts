// Publishes the files of a run into a map, for tests.
import type { Publisher } from '../../ports/publisher.ts';

/** A publisher whose files can be read back. */
export function createMemoryPublisher(): Publisher & { readonly files: ReadonlyMap<string, string> } {
  const files = new Map<string, string>();
  return {
    files,
    async file(name, chunks) {
      let text = '';
      for await (const chunk of chunks) text += chunk;
      files.set(name, text);
    },
  };
}

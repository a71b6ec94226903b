// Where the worker's file lies, seen from the entry that starts it: a build and the bundle keep it in different places.
import { existsSync } from 'node:fs';

/** The compiled worker for an entry's `import.meta.url`, or null where there is none, as when sources run directly. */
export function workerEntry(entry: string): URL | null {
  const places = ['./worker.js', '../worker/index.js'].map((path) => new URL(path, entry));
  return places.find((url) => existsSync(url)) ?? null;
}

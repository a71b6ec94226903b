// A pipeline folder in memory: the PipelineFiles port for tests that need no disk.
import type { PipelineFiles } from '../../src/pipeline/files.ts';

/** A folder of texts by path. */
export function memoryFolder(
  texts: Readonly<Record<string, string>>,
  folder = 'pipelines/test',
): PipelineFiles {
  const files = new Map(Object.entries(texts));
  return {
    folder,
    async read(path) {
      if (path.startsWith('/') || path.split('/').includes('..')) return { kind: 'outside' };
      const text = files.get(path);
      return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
    },
    async *lines(path) {
      const lines = (files.get(path) ?? '').split('\n');
      if (lines.at(-1) === '') lines.pop();
      yield* lines;
    },
    async exists(path) {
      return files.has(path);
    },
    async list(path) {
      return [...files.keys()].filter((name) => path === '' || name.startsWith(`${path}/`)).sort();
    },
  };
}

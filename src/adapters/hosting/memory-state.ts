// A state branch in memory, for tests. Several handles share it as several jobs do: each knows what it read last, until
// it looks again. It keeps nothing.
import type { StateBranch, StateChange } from '../../ports/state-branch.ts';

/** The branch, and handles on it. */
export interface MemoryState {
  /** A handle with a knowledge of its own, as a process has. */
  open(): StateBranch;
  /** What is on the branch now. */
  files(): ReadonlyMap<string, string>;
  /** The messages of its commits, oldest first. */
  commits(): readonly string[];
}

/** An empty branch. A handle uses what it read for 10 seconds by `now`; without a clock, until it is told to look. */
export function createMemoryState(now: () => number = () => 0): MemoryState {
  let files: ReadonlyMap<string, string> = new Map();
  const commits: string[] = [];

  function open(): StateBranch {
    let known: { readonly files: ReadonlyMap<string, string>; readonly at: number } | null = null;

    async function current(): Promise<ReadonlyMap<string, string>> {
      if (known === null || now() - known.at >= 10_000) known = { files, at: now() };
      return known.files;
    }

    return {
      files: async (folder) => new Map([...(await current())].filter(([path]) => isAt(path, folder)).sort()),
      file: async (path) => (await current()).get(path) ?? null,
      names: async (folder) => {
        const paths = [...(await current()).keys()].filter((path) => path !== folder && isAt(path, folder));
        const names = paths.map((path) => path.slice(folder.length + 1).split('/')[0]!);
        return [...new Set(names)].sort();
      },
      refresh: () => {
        known = null;
      },
      commit: async (change) => {
        const expected = known?.files ?? files;
        const isAsExpected = change.expects.every((place) => sameAt(expected, files, place));
        known = { files, at: now() };
        if (!isAsExpected || overwrites(files, change)) return 'conflict';
        const after = new Map(files);
        for (const path of change.remove) after.delete(path);
        for (const [path, text] of change.write) after.set(path, text);
        files = after;
        known = { files, at: now() };
        commits.push(change.message);
        return 'committed';
      },
    };
  }

  return { open, files: () => files, commits: () => commits };
}

function isAt(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

function sameAt(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
  place: string,
): boolean {
  const at = (files: ReadonlyMap<string, string>) =>
    JSON.stringify([...files].filter(([path]) => isAt(path, place)).sort());
  return at(one) === at(other);
}

function overwrites(files: ReadonlyMap<string, string>, { write, expects }: StateChange): boolean {
  return [...write.keys()].some(
    (path) => files.has(path) && expects.some((place) => path !== place && isAt(path, place)),
  );
}

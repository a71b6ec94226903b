// The part of compose that opens where runs are kept between jobs, and where they are shown. It decides nothing about runs.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDirectoryBlobs } from './adapters/blobs/directory.ts';
import { createSystemClock } from './adapters/clock.ts';
import { replaceFile } from './adapters/durable.ts';
import { openGithubHosting } from './adapters/hosting/github.ts';
import { openGithubClient } from './adapters/hosting/github-client.ts';
import { openDirectoryJournal } from './adapters/journals/directory.ts';
import { createProcessOwners } from './adapters/owners.ts';
import type { JournalEvent } from './engine/events.ts';
import type { Hosting } from './ports/hosting.ts';
import type { RunStore } from './ports/run-store.ts';

/** What a job needs to speak to the host of its repository. */
export interface HostingAccess {
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly apiUrl: string;
}

/** Opens where runs are shown. */
export function openHosting(access: HostingAccess): Hosting {
  const clock = createSystemClock();
  return openGithubHosting(openGithubClient(access, clock), clock);
}

/** Written into a run's directory when its end has been shown. */
const PUT_AWAY = 'put-away';

/** Runs in the folders below `root`, for a job whose workflow carries the folder from one job to the next, or does not. */
export function openFolderStore(root: string): RunStore {
  const runs = join(root, 'runs');
  const directoryOf = (run: string): string => join(runs, run);
  const names = async (isPutAway: boolean): Promise<string[]> => {
    if (!existsSync(runs)) return [];
    const found = (await readdir(runs)).filter((run) => existsSync(join(directoryOf(run), 'journal')));
    return found.filter((run) => existsSync(join(directoryOf(run), PUT_AWAY)) === isPutAway).sort();
  };
  return {
    async unfinished() {
      const journals = new Map<string, readonly JournalEvent[] | Error>();
      for (const run of await names(false)) {
        try {
          journals.set(run, (await openDirectoryJournal(join(directoryOf(run), 'journal')).read()).events);
        } catch (error) {
          journals.set(run, error as Error);
        }
      }
      return journals;
    },
    finished: () => names(true),
    async open(_run, directory) {
      return {
        journal: openDirectoryJournal(join(directory, 'journal')),
        blobs: openDirectoryBlobs(join(directory, 'blobs')),
        owners: createProcessOwners(),
      };
    },
    async putAway(run, results) {
      for (const [path, text] of results) await replaceFile(join(root, path), [text]);
      await replaceFile(join(directoryOf(run), PUT_AWAY), ['']);
      return 'done';
    },
    async result(path) {
      const file = join(root, path);
      return existsSync(file) ? readFile(file, 'utf8') : null;
    },
  };
}

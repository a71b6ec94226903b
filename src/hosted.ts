// The part of compose that opens where runs are kept between jobs, and where they are shown. It decides nothing about runs.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from './adapters/artifacts.ts';
import { type ArtifactBlobs, openArtifactBlobs } from './adapters/blobs/artifacts.ts';
import { blobPath, openDirectoryBlobs } from './adapters/blobs/directory.ts';
import { createSystemClock } from './adapters/clock.ts';
import { replaceFile } from './adapters/durable.ts';
import { openGithubHosting } from './adapters/hosting/github.ts';
import { openArtifactState } from './adapters/hosting/github-artifact-state.ts';
import { openGithubClient } from './adapters/hosting/github-client.ts';
import { openGithubState } from './adapters/hosting/github-state.ts';
import { type KeptBlobs, openBranchJournal } from './adapters/journals/branch.ts';
import {
  addToArchived,
  archiveRun,
  listArchived,
  readArchived,
  readRuns,
  readShown,
  reopenRun,
  writeShown,
} from './adapters/journals/branch-archive.ts';
import { mergeRuns } from './adapters/journals/branch-merging.ts';
import { pruneArchive } from './adapters/journals/branch-pruning.ts';
import { runFolder } from './adapters/journals/branch-segments.ts';
import { openDirectoryJournal } from './adapters/journals/directory.ts';
import { createMemoryJournal } from './adapters/journals/memory.ts';
import { createProcessOwners } from './adapters/owners.ts';
import { createGithubOwners } from './adapters/owners-github.ts';
import { openUploads } from './adapters/uploads.ts';
import type { JournalEvent } from './engine/events.ts';
import type { Blobs } from './ports/blobs.ts';
import type { Hosting, Uploads } from './ports/hosting.ts';
import type { Journal } from './ports/journal.ts';
import type { Owners } from './ports/owners.ts';
import type { RunStore } from './ports/run-store.ts';
import type { StateBranch } from './ports/state-branch.ts';

/** The job as its host knows it, and what it needs to speak there. */
export interface HostedPlace {
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly workflowRun: number;
  readonly attempt: number;
  /** Days for which artifacts are kept; null: not known. */
  readonly retentionDays: number | null;
  /** A folder for downloads that are under way. */
  readonly temporary: string;
}

/** Everything of a host that a job can use. */
export interface OpenedHost {
  readonly hosting: Hosting;
  readonly uploads: Uploads;
  /** Runs on a branch of the repository, their blobs in artifacts. */
  branchStore(branch: string): RunStore;
  /** Runs in artifacts that jobs of the workflow with this path have made. */
  artifactStore(workflow: string, warn: (sentence: string) => void): RunStore;
  /** Requests sent so far to the host's API. */
  calls(): number;
}

/** What artifacts with the state of runs are called. */
const STATE_NAME = 'octobatch-state';

/** Journals that are put away are kept at least as long as the artifacts with their answers; in days. */
const KEPT_DAYS = 90;
const DAY_MS = 86_400_000;

/** Opens a host; nothing is sent yet. */
export function openHost(place: HostedPlace): OpenedHost {
  const clock = createSystemClock();
  const client = openGithubClient(place, clock);
  const hosting = openGithubHosting(client, clock);
  const artifacts = openArtifacts({ ...place, clock });
  const owners = createGithubOwners({ ...place, isOver: hosting.isOver, clock });
  const session = `${place.attempt}-${randomUUID().slice(0, 8)}`;
  const keepMs = (place.retentionDays ?? KEPT_DAYS) * DAY_MS;

  function openBlobs(run: string, directory: string): ArtifactBlobs {
    const folder = join(directory, 'blobs');
    return openArtifactBlobs({
      local: openDirectoryBlobs(folder),
      directory: folder,
      pathOf: (digest) => blobPath(folder, digest),
      name: `octobatch-blobs-${run}`,
      session,
      workflowRun: place.workflowRun,
      artifacts,
    });
  }

  const storeOver = (branch: StateBranch): RunStore => openBranchStore(branch, { openBlobs, owners, keepMs });
  return {
    hosting,
    uploads: openUploads(artifacts, place),
    branchStore: (name) => storeOver(openGithubState(client, name, clock)),
    artifactStore: (workflow, warn) =>
      storeOver(openArtifactState({ ...place, client, artifacts, clock, workflow, warn, name: STATE_NAME })),
    calls: client.calls,
  };
}

/** What a store over a state branch stands on. */
export interface BranchStoreParts {
  /** The blobs of a run, and the folder it has in this job. */
  openBlobs(run: string, directory: string): Blobs & KeptBlobs;
  readonly owners: Owners;
  /** How long runs that are put away are kept (ms). */
  readonly keepMs: number;
}

/** Runs on a state branch. */
export function openBranchStore(
  branch: StateBranch,
  { openBlobs, owners, keepMs }: BranchStoreParts,
): RunStore {
  const opened = new Map<string, KeptBlobs>();
  /** Journals of runs that were put away when this job opened them, and how many events they had. */
  const away = new Map<string, { readonly journal: Journal; readonly count: number }>();
  const newsOf = async (run: string): Promise<readonly JournalEvent[]> => {
    const known = away.get(run);
    return known === undefined ? [] : (await known.journal.read()).events.slice(known.count);
  };
  const isOpen = async (run: string): Promise<boolean> => (await branch.names(runFolder(run))).length > 0;
  return {
    async unfinished() {
      const runs = await readRuns(branch);
      return new Map(
        [...runs].map(([run, stored]) => [run, stored instanceof Error ? stored : stored.events]),
      );
    },
    finished: () => listArchived(branch),
    async open(run, directory) {
      const blobs = openBlobs(run, directory);
      opened.set(run, blobs);
      const archived = (await isOpen(run)) ? null : await readArchived(branch, run);
      if (archived === null) return { journal: openBranchJournal(branch, run, blobs), blobs, owners };
      blobs.learn(archived.places);
      const journal = createMemoryJournal(archived.events);
      away.set(run, { journal, count: archived.events.length });
      return { journal, blobs, owners };
    },
    async putAway(run, results, shown) {
      const isAway = !(await isOpen(run)) && (await listArchived(branch)).includes(run);
      if (!isAway)
        return (await archiveRun(branch, run, results, shown)) === 'committed' ? 'done' : 'conflict';
      const news = await newsOf(run);
      // Who asked for it once more is nothing that a later job needs; what was done for them would be done again.
      const isDone = news.some(({ type }) => type === 'post_process_ended');
      const since = isDone ? { news, places: (await opened.get(run)?.save()) ?? [] } : null;
      return (await addToArchived(branch, run, results, since)) === 'committed' ? 'done' : 'conflict';
    },
    async takeBack(run) {
      const places = (await opened.get(run)?.save()) ?? [];
      return (await reopenRun(branch, run, await newsOf(run), places)) === 'committed' ? 'done' : 'conflict';
    },
    merge: async (run, parts, events) =>
      (await mergeRuns(branch, run, parts, events)) === 'committed' ? 'done' : 'conflict',
    shown: () => readShown(branch),
    noteShown: (runs) => writeShown(branch, runs),
    tidy: (now) => pruneArchive(branch, { now, keepMs }),
    result: (path) => branch.file(path),
  };
}

/** Written into a run's directory when its end has been shown. */
const PUT_AWAY = 'put-away';
/** Written into it when it is shown as it stands: the number of events it had. */
const SHOWN = 'shown';

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
    async putAway(run, results, shown) {
      const journal = openDirectoryJournal(join(directoryOf(run), 'journal'));
      if ((await journal.read()).events.length !== shown) return 'conflict';
      for (const [path, text] of results) await replaceFile(join(root, path), [text]);
      await replaceFile(join(directoryOf(run), PUT_AWAY), ['']);
      return 'done';
    },
    async takeBack(run) {
      await rm(join(directoryOf(run), PUT_AWAY), { force: true });
      return 'done';
    },
    merge: null,
    async shown() {
      const counts = new Map<string, number>();
      for (const run of await names(false)) {
        const file = join(directoryOf(run), SHOWN);
        if (existsSync(file)) counts.set(run, Number.parseInt(await readFile(file, 'utf8'), 10));
      }
      return counts;
    },
    async noteShown(shown) {
      for (const [run, count] of shown) await replaceFile(join(directoryOf(run), SHOWN), [`${count}\n`]);
    },
    tidy: async () => [],
    async result(path) {
      const file = join(root, path);
      return existsSync(file) ? readFile(file, 'utf8') : null;
    },
  };
}

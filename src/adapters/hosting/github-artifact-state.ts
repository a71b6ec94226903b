// The state of runs where the job may not write to the repository: all of it is one artifact, and each commit makes the
// next. Within a workflow run a number is taken once. Between workflow runs only a `concurrency` group keeps two writers
// apart: one who finds another beside its upload gives way, but for some seconds others may read what was not to stand.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePlainJson } from '../../expression/plain-json.ts';
import type { Artifacts, KeptArtifact } from '../../ports/artifacts.ts';
import type { Clock } from '../../ports/clock.ts';
import { HostingError } from '../../ports/hosting.ts';
import type { StateBranch, StateChange } from '../../ports/state-branch.ts';
import { type ArtifactTrust, type ListedState, openStateList } from './github-artifact-list.ts';
import type { GithubClient } from './github-client.ts';
import { contentsAt, isAt, overwrites, sameContents } from './github-state-tree.ts';

/** How to reach the state, and what to believe. */
export interface ArtifactStateAccess extends ArtifactTrust {
  readonly client: GithubClient;
  readonly artifacts: Artifacts;
  readonly clock: Clock;
  /** A folder for what is on its way. */
  readonly temporary: string;
  /** Told about artifacts that bear the name and are not believed. */
  readonly warn: (text: string) => void;
}

/** Version of the text in an artifact. A higher one is refused untouched. */
const STATE_VERSION = 1;
const STATE_FILE = 'state.json';
/** Bytes of that file: it travels whole with each commit. */
const MOST_BYTES = 1 << 26;

/** What was read is used again for so long (ms), as with the branch. */
const FRESH_MS = 10_000;
/** Rounds of one change against other writers. */
const ROUNDS = 20;
const PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 8000;
/** Looks for an artifact that GitHub does not list yet, or that somebody has begun and not ended. */
const LOOKS = 4;

type Files = ReadonlyMap<string, string>;

/** What this process knows; `id` null: there is nothing yet. `asked` counts the wishes to look anew that it has met. */
interface Known {
  readonly number: number;
  readonly id: number | null;
  readonly files: Files;
  readonly at: number;
  readonly asked: number;
}

type Attempt =
  | { readonly kind: 'committed' }
  | { readonly kind: 'lost'; readonly hides: boolean }
  /** The number is taken in this workflow run. */
  | { readonly kind: 'taken' };

/** The state of that name in the client's repository; made by the first commit. */
export function openArtifactState(access: ArtifactStateAccess): StateBranch {
  const { artifacts, clock } = access;
  const newestStates = openStateList(access.client, access, access.warn);
  let known: Known = { number: 0, id: null, files: new Map(), at: Number.NEGATIVE_INFINITY, asked: 0 };
  let asked = 0;
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time, so that an older answer never replaces newer knowledge. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function look(): Promise<Known> {
    const when = { at: clock.now(), asked };
    const newest = firstOf(await newestStates());
    // A list without what this process has written lags behind; a rival of the same number writes again by itself.
    if (newest === null || newest.number <= known.number) {
      known = { ...known, ...when };
    } else {
      known = { number: newest.number, id: newest.id, files: await readFiles(newest), ...when };
    }
    return known;
  }

  async function current(): Promise<Known> {
    return known.asked === asked && clock.now() - known.at < FRESH_MS ? known : await look();
  }

  async function readFiles({ id, workflowRun }: ListedState): Promise<Files> {
    const opened = await artifacts.open(id, workflowRun);
    try {
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const bytes of opened.content(STATE_FILE)) {
        size += bytes.length;
        if (size > MOST_BYTES)
          throw new HostingError(`Artifact ${id} is too large for the state of runs.`, null);
        parts.push(bytes);
      }
      return filesIn(Buffer.concat(parts).toString('utf8'), `Artifact ${id} of workflow run ${workflowRun}`);
    } finally {
      await opened.close();
    }
  }

  /** Uploads; null when the number is taken in this workflow run. Variants of a number are rivals like any others. */
  async function send(number: number, variant: number, files: Files): Promise<KeptArtifact | null> {
    const text = JSON.stringify({ state: STATE_VERSION, files: [...files].sort() });
    if (Buffer.byteLength(text) > MOST_BYTES) {
      throw new HostingError(
        'The state of runs is too large for an artifact. Keep it on a branch: state: branch, with the permission "contents: write".',
        null,
      );
    }
    await mkdir(access.temporary, { recursive: true });
    const folder = await mkdtemp(join(access.temporary, '.state-'));
    try {
      const file = join(folder, STATE_FILE);
      await writeFile(file, text);
      const name = `${access.name}-${String(number).padStart(8, '0')}`;
      const nameOf = (attempt: number, before: 'taken' | 'broken' | null): string | null => {
        if (before === 'taken') return null;
        return variant + attempt === 0 ? name : `${name}-${variant + attempt + 1}`;
      };
      return await artifacts.upload(nameOf, [file], folder, 'zip');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** All states from a number on, as soon as the one just uploaded is among them. */
  async function statesFrom(number: number, id: number): Promise<readonly ListedState[]> {
    for (let looks = 1; looks <= LOOKS; looks++) {
      const states = await newestStates();
      if (states.some((one) => one.id === id)) return states.filter((one) => one.number >= number);
      await clock.sleep(PAUSE_MS * looks);
    }
    throw new HostingError(`GitHub does not list artifact ${id}, which holds the state of runs.`, null);
  }

  /**
   * One try on top of what is known. Whoever sees a rival cannot know whether the rival has seen him, so he gives way,
   * and from then on knows what the rival wrote. `hides`: others read ours until something newer is written.
   */
  async function attempt(base: Known, files: Files, variant: number): Promise<Attempt> {
    const when = { at: clock.now(), asked };
    const number = base.number + 1;
    const kept = await send(number, variant, files);
    if (kept === null) return { kind: 'taken' };
    const states = await statesFrom(number, kept.id);
    const rival = firstOf(states.filter(({ id }) => id !== kept.id));
    if (rival === null) {
      known = { number, id: kept.id, files, ...when };
      return { kind: 'committed' };
    }
    known = { number: rival.number, id: rival.id, files: await readFiles(rival), ...when };
    return { kind: 'lost', hides: firstOf(states)?.id === kept.id };
  }

  async function commit(change: StateChange, given: Files | null): Promise<'committed' | 'conflict'> {
    const first = await current();
    const expected = given ?? contentsAt(first.files, change.expects);
    let taken = 0;
    let hides = false;
    for (let round = 1; round <= ROUNDS; round++) {
      const base = known;
      const files = changed(base.files, change);
      // An upload whose answer was lost may be what another writer went on from.
      if ((round > 1 || change.write.size === 0) && sameContents(base.files, files)) return 'committed';
      if (!sameContents(contentsAt(base.files, change.expects), expected) || overwrites(base.files, change)) {
        if (hides) await send(base.number + 1, 0, base.files);
        return 'conflict';
      }
      // A number that stays taken without an artifact belongs to an upload that broke off.
      const outcome = await attempt(base, files, Math.floor(taken / LOOKS));
      switch (outcome.kind) {
        case 'committed':
          return 'committed';
        case 'lost':
          hides = outcome.hides;
          taken = 0;
          break;
        case 'taken':
          await clock.sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (round - 1)));
          taken = (await look()).number === base.number ? taken + 1 : 0;
          break;
        default:
          throw outcome satisfies never;
      }
    }
    throw new HostingError(
      `The state of runs could not be written: others were faster ${ROUNDS} times. Give the workflow a concurrency group. A later job can go on.`,
      null,
    );
  }

  return {
    files: (folder) => inTurn(async () => sorted(contentsAt((await current()).files, [folder]))),
    file: (path) => inTurn(async () => (await current()).files.get(path) ?? null),
    names: (folder) =>
      inTurn(async () => {
        const paths = [...(await current()).files.keys()].filter(
          (path) => path !== folder && isAt(path, folder),
        );
        return [...new Set(paths.map((path) => path.slice(folder.length + 1).split('/')[0]!))].sort();
      }),
    refresh: () => {
      asked++;
    },
    commit: (change) => {
      // What the caller could have read is what it expects, whatever is learnt until it is its turn.
      const given = known.at < 0 ? null : contentsAt(known.files, change.expects);
      return inTurn(() => commit(change, given));
    },
  };
}

/** What everybody reads: of the highest number the one that was begun first. */
function firstOf(states: readonly ListedState[]): ListedState | null {
  return [...states].sort((one, other) => other.number - one.number || one.id - other.id)[0] ?? null;
}

function changed(files: Files, { write, remove }: StateChange): Files {
  const after = new Map(files);
  for (const path of remove) after.delete(path);
  for (const [path, text] of write) after.set(path, text);
  return after;
}

function sorted(files: Files): Files {
  return new Map([...files].sort());
}

function filesIn(text: string, where: string): Files {
  const no = new HostingError(`${where} does not hold the state of runs.`, null);
  let value: unknown;
  try {
    value = parsePlainJson(text);
  } catch {
    throw no;
  }
  const { state, files } = (value ?? {}) as { readonly state?: unknown; readonly files?: unknown };
  if (typeof state === 'number' && state > STATE_VERSION) {
    throw new HostingError(
      `${where} has format ${state}, and this version of Octobatch reads up to ${STATE_VERSION}. Use the version that wrote it, or a newer one.`,
      null,
    );
  }
  if (state !== STATE_VERSION || !Array.isArray(files)) throw no;
  const isFile = (one: unknown): one is [string, string] =>
    Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === 'string');
  if (!files.every(isFile)) throw no;
  return new Map(files);
}

// The state of runs as text files on a git branch of GitHub. Every change is one commit on the head this process knows,
// and on no other; when the answer is lost, the branch is read to see whether the commit is there. It forces nothing.
import type { Clock } from '../../ports/clock.ts';
import { HostingError } from '../../ports/hosting.ts';
import type { StateBranch, StateChange } from '../../ports/state-branch.ts';
import { type GithubClient, GraphqlRefusal, isUnclear } from './github-client.ts';
import { createStateBranch } from './github-state-birth.ts';
import { readTexts, readTree, type Texts } from './github-state-reading.ts';
import {
  type Contents,
  changed,
  contentsAt,
  isAt,
  isDone,
  overwrites,
  type StateTree,
  sameContents,
} from './github-state-tree.ts';

/** What was read is used again for so long (ms). */
const FRESH_MS = 10_000;
/** Rounds of one change against other writers: each that is lost was won by somebody. */
const ROUNDS = 60;
/** Rounds of one change in which GitHub gave no clear answer. */
const UNCLEAR_ROUNDS = 5;
/** The first and the longest pause between rounds (ms). */
const PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8000;

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

/** What this process knows of the branch. `asked` counts the wishes to look anew that it has met. */
interface Known extends StateTree {
  readonly at: number;
  readonly asked: number;
}

/** The branch of that name in the client's repository; made by the first commit. */
export function openGithubState(client: GithubClient, branch: string, clock: Clock): StateBranch {
  let known: Known | null = null;
  let asked = 0;
  const texts: Texts = new Map();
  /** Heads that were read before another one: either a copy that shows them again lags behind, or the other one did. */
  const passed = new Set<string>();
  /** Heads the branch has certainly moved on from: this job wrote on them, or GitHub did not let it. */
  const older = new Set<string>();
  let last: Promise<unknown> = Promise.resolve();

  /** One at a time, so that an older answer never replaces newer knowledge. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  function learn(tree: StateTree, when: { readonly at: number; readonly asked: number }): Known {
    if (known !== null && known.head !== tree.head) {
      if (known.head !== null) passed.add(known.head);
      const named = new Set(tree.files.values());
      for (const oid of texts.keys()) if (!named.has(oid)) texts.delete(oid);
    }
    known = { ...tree, ...when };
    return known;
  }

  /** Asks GitHub; the texts of the folder come with the answer when none of them is known. */
  async function look(folder: string | null = null): Promise<Known> {
    const when = { at: clock.now(), asked };
    const answer = await readTree(client, branch, folder);
    const { head } = answer.tree;
    const isInDoubt = head !== null && passed.has(head) && !older.has(known?.head ?? '');
    const lags = head !== null && (older.has(head) || isInDoubt);
    const now = learn(lags && known !== null ? known : answer.tree, when);
    for (const [oid, text] of answer.texts) texts.set(oid, text);
    return now;
  }

  async function current(folder: string | null = null): Promise<Known> {
    if (known !== null && known.asked === asked && clock.now() - known.at < FRESH_MS) return known;
    const before = folder === null ? [] : [...contentsAt(known?.files ?? new Map(), [folder]).values()];
    return await look(before.some((oid) => texts.has(oid)) ? null : folder);
  }

  async function withTexts(files: Contents): Promise<Map<string, string>> {
    const missing = [...new Set(files.values())].filter((oid) => !texts.has(oid));
    for (const [oid, text] of await readTexts(client, branch, missing)) texts.set(oid, text);
    const paths = [...files.keys()].sort();
    return new Map(paths.map((path) => [path, texts.get(files.get(path)!) ?? '']));
  }

  /** Sends one commit. Resolves when it is certainly there. */
  async function send({ head, files }: StateTree, { message, write, remove }: StateChange): Promise<string> {
    const additions = [...write].map(([path, text]) => ({
      path,
      contents: Buffer.from(text).toString('base64'),
    }));
    const deletions = remove.filter((path) => files.has(path)).map((path) => ({ path }));
    const headline = `octobatch: ${message.replace(/\s+/g, ' ').slice(0, 200)} [skip ci]`;
    const input = {
      branch: { repositoryNameWithOwner: `${client.owner}/${client.repo}`, branchName: branch },
      message: { headline },
      expectedHeadOid: head,
      fileChanges: { additions, deletions },
    };
    const { createCommitOnBranch } = await client.graphql<{
      readonly createCommitOnBranch: { readonly commit: { readonly oid: string } };
    }>(
      COMMIT,
      { input },
      { what: `write the state branch ${branch}`, permission: 'contents: write', repeat: 'never' },
    );
    return createCommitOnBranch.commit.oid;
  }

  /** One try; where there is no branch yet, to make one. */
  async function attempt(tree: StateTree, change: StateChange): Promise<'committed' | 'moved' | 'unclear'> {
    const when = { at: clock.now(), asked };
    try {
      if (tree.head === null) {
        const made = await createStateBranch(client, branch);
        if (made !== null) learn(made, when);
        return 'moved';
      }
      const head = await send(tree, change);
      older.add(tree.head);
      learn({ head, files: changed(tree.files, change) }, when);
      for (const [path, text] of change.write) texts.set(known!.files.get(path)!, text);
      return 'committed';
    } catch (error) {
      // The branch may have been deleted: that is seen when it is looked at.
      if (isUnclear(error) || isRefusal(error, 'NOT_FOUND')) return 'unclear';
      if (isRefusal(error, 'STALE_DATA')) {
        older.add(tree.head ?? '');
        return 'moved';
      }
      throw explained(error, branch);
    }
  }

  async function commit(change: StateChange, given: Contents | null): Promise<'committed' | 'conflict'> {
    const first = known ?? (await look());
    const expected = given ?? contentsAt(first.files, change.expects);
    let inDoubt = 0;
    for (let round = 1; ; round++) {
      const tree: StateTree = known ?? first;
      if ((inDoubt > 0 || change.write.size === 0) && isDone(tree.files, change)) return 'committed';
      if (!sameContents(contentsAt(tree.files, change.expects), expected)) return 'conflict';
      if (overwrites(tree.files, change)) return 'conflict';
      const outcome = await attempt(tree, change);
      if (outcome === 'committed') return 'committed';
      if (outcome === 'unclear') inDoubt++;
      if (round >= ROUNDS || inDoubt >= UNCLEAR_ROUNDS) throw givenUp(branch, inDoubt);
      // This process just made the branch: there is nothing to look at.
      if (known !== tree) continue;
      await clock.sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** (round - 1)));
      await look();
    }
  }

  return {
    files: (folder) =>
      inTurn(async () => {
        const tree = await current(folder);
        return await withTexts(contentsAt(tree.files, [folder]));
      }),
    file: (path) =>
      inTurn(async () => {
        const tree = await current();
        const oid = tree.files.get(path);
        return oid === undefined ? null : ((await withTexts(new Map([[path, oid]]))).get(path) ?? null);
      }),
    names: (folder) =>
      inTurn(async () => {
        const { files } = await current();
        const names = [...files.keys()]
          .filter((path) => path !== folder && isAt(path, folder))
          .map((path) => path.slice(folder.length + 1).split('/')[0]!);
        return [...new Set(names)].sort();
      }),
    refresh: () => {
      asked++;
    },
    commit: (change) => {
      // What the caller could have read is what it expects, whatever is learnt until it is its turn.
      const given = known === null ? null : contentsAt(known.files, change.expects);
      return inTurn(() => commit(change, given));
    },
  };
}

function isRefusal(error: unknown, type: string): boolean {
  return error instanceof GraphqlRefusal && error.types.includes(type);
}

function explained(error: unknown, branch: string): unknown {
  if (!(error instanceof HostingError) || !/rule violation|protected/i.test(error.message)) return error;
  return new HostingError(
    `A rule of this repository locks the branch "${branch}", where the state of runs is kept. Exempt this branch from the rule, or name another one with the input state-branch. (${error.message})`,
    error.status,
  );
}

function givenUp(branch: string, unclear: number): HostingError {
  const why =
    unclear >= UNCLEAR_ROUNDS
      ? 'GitHub gave no clear answer'
      : `others were faster ${ROUNDS} times, or the branch was moved back while this job ran`;
  return new HostingError(
    `The state branch "${branch}" could not be written: ${why}. A later job can.`,
    null,
  );
}

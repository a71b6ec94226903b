// A host in memory, with what a test puts into it and a record of what it was asked. It has no permissions and no limits
// of its own: a test says what is refused.
import {
  type CheckRun,
  type CommitStatus,
  type HostedComment,
  type Hosting,
  HostingError,
  type PullFacts,
} from '../../ports/hosting.ts';

/** Calls of the port that a test can make fail. */
export type HostingCall = keyof Hosting;

/** The host, and what it holds. A test may write everything directly. */
export interface MemoryHosting extends Hosting {
  readonly pulls: Map<number, PullFacts>;
  /** In the order they were made; `pull` is where they stand. */
  readonly written: (HostedComment & { readonly pull: number })[];
  /** In the order they were set, the newest last. */
  readonly statuses: (CommitStatus & { readonly commit: string })[];
  readonly checks: Map<string, CheckRun>;
  readonly files: Map<string, string>;
  /** `run/attempt` of workflow runs that are over. */
  readonly over: Set<string>;
  /** Every call, as `name(arguments)` without bodies. */
  readonly calls: string[];
  /** From now on the call fails like this; null: not any more. */
  fail(call: HostingCall, error: Error | null): void;
}

/** An empty host; its token writes as `login`. */
export function createMemoryHosting(login: string = 'github-actions[bot]', branch = 'main'): MemoryHosting {
  const failures = new Map<HostingCall, Error>();
  const calls: string[] = [];
  const pulls = new Map<number, PullFacts>();
  const written: (HostedComment & { readonly pull: number })[] = [];
  const statuses: (CommitStatus & { readonly commit: string })[] = [];
  const checks = new Map<string, CheckRun>();
  const files = new Map<string, string>();
  const over = new Set<string>();

  function called(call: HostingCall, ...details: readonly (string | number)[]): void {
    calls.push(`${call}(${details.join(', ')})`);
    const failure = failures.get(call);
    if (failure !== undefined) throw failure;
  }

  return {
    pulls,
    written,
    statuses,
    checks,
    files,
    over,
    calls,
    fail(call, error) {
      if (error === null) failures.delete(call);
      else failures.set(call, error);
    },
    async author() {
      called('author');
      return login;
    },
    async pull(number) {
      called('pull', number);
      return pulls.get(number) ?? null;
    },
    async comments(pull) {
      called('comments', pull);
      return written.filter((comment) => comment.pull === pull);
    },
    async createComment(pull, body) {
      called('createComment', pull);
      const id = Math.max(0, ...written.map((one) => one.id)) + 1;
      const comment = { id, pull, author: login, body, url: `https://github.com/o/r/pull/${pull}#${id}` };
      written.push(comment);
      return comment;
    },
    async editComment(id, body) {
      called('editComment', id);
      const place = written.findIndex((comment) => comment.id === id);
      if (place < 0) throw new HostingError('There is no such comment.', 404);
      const comment = { ...written[place]!, body };
      written[place] = comment;
      return comment;
    },
    async deleteComment(id) {
      called('deleteComment', id);
      const place = written.findIndex((comment) => comment.id === id);
      if (place >= 0) written.splice(place, 1);
    },
    async status(commit, context) {
      called('status', commit.slice(0, 7), context);
      const found = statuses.findLast((one) => one.commit === commit && one.context === context);
      if (found === undefined) return null;
      const { commit: _, ...status } = found;
      return status;
    },
    async setStatus(commit, status) {
      called('setStatus', commit.slice(0, 7), status.state);
      statuses.push({ ...status, commit });
    },
    async setCheck(commit, check) {
      called('setCheck', commit.slice(0, 7), check.conclusion ?? 'in progress');
      const key = `${commit} ${check.name}`;
      checks.set(key, check);
      return `https://github.com/o/r/runs/${[...checks.keys()].indexOf(key) + 1}`;
    },
    async workflows() {
      called('workflows');
      return files;
    },
    async defaultBranch() {
      called('defaultBranch');
      return branch;
    },
    async isOver(run, attempt) {
      called('isOver', run, attempt);
      return over.has(`${run}/${attempt}`);
    },
  };
}

// The checks of a run that a maintainer pays for a stranger's commit: it is the commit that was read, it is what was
// checked out, and it is still the newest. It asks nobody: the pull request's facts are handed in.
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { usageError } from '../commands/arguments.ts';
import type { PullFacts } from '../ports/hosting.ts';
import type { Job } from './job.ts';

/** Why a paid run must not start, in a sentence with the fix; null: it may, or it is none. */
export function refuseMovedHead(facts: PullFacts | null, { paidFor }: Job): string | null {
  if (paidFor === null) return null;
  const { pull, commit } = paidFor;
  if (facts === null || facts.number !== pull) {
    return `There is no pull request ${pull} in this repository: start the workflow again with its number as pr.`;
  }
  if (!facts.isOpen) return `Pull request ${pull} is closed: nothing is paid for it.`;
  if (facts.head.commit === commit) return null;
  return (
    `Pull request ${pull} has another newest commit than the one that was read, ${commit}: ` +
    `read its changes, then start the workflow again with -f sha=${facts.head.commit}`
  );
}

/** The same job, with the branch that its pull request shall be merged into; only a paid run does not know it yet. */
export function withPull(job: Job, facts: PullFacts): Job {
  if (job.paidFor === null || job.target === null) return job;
  const { branch } = facts.base;
  return { ...job, target: { ...job.target, branch }, baseBranch: branch };
}

/**
 * In a paid run, what is checked out at `folder` (or around it) must be the commit that was asked for. Throws a
 * ConfigurationError when it is another one, or when that cannot be told.
 */
export function checkCheckout({ paidFor }: Job, folder: string): void {
  if (paidFor === null) return;
  const commit = checkedOut(folder);
  if (commit === paidFor.commit) return;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a workflow spells it.
  const fix = 'write `ref: ${{ inputs.sha }}` at actions/checkout';
  const what =
    commit === null
      ? 'nobody can tell which commit this is'
      : `commit ${commit} is checked out, and ${paidFor.commit} was asked for`;
  throw usageError(`checkout ${folder}`, what, fix);
}

/**
 * Why a result must not be shown for the commit that a job is about: something else is checked out at `folder`. Null: it
 * may be, or nobody can tell. `sha` is what GitHub says that is to be checked out: of a pull request the merge.
 */
export function noteOtherCheckout({ target }: Job, folder: string, sha: string): string | null {
  if (target === null || !existsSync(join(folder, '.git'))) return null;
  const commit = checkedOut(folder);
  if (commit === null || commit === target.commit || commit === sha) return null;
  return (
    `Commit ${commit} is checked out, and this job is about ${target.commit}: the result is in the job summary only, ` +
    'and later ones are not compared with it. Leave `ref` out at actions/checkout.'
  );
}

/**
 * Why a paid run must not start on a checkout that brings a folder of runs along: whoever wrote the commit could have
 * written their results too. Null: it brings none. `root` is where the job keeps its runs while it works.
 */
export function refuseBroughtRuns({ paidFor }: Job, workspace: string, root: string): string | null {
  const path = relative(realpathSync(workspace), resolve(root)).split(sep).join('/');
  if (paidFor === null || path.startsWith('..') || isAbsolute(path)) return null;
  // The index names every file of the commit; an earlier step of this job may have left a folder that is in none.
  const index =
    readBytes(join(workspace, '.git', 'index'))
      ?.toString('latin1')
      .toLowerCase() ?? null;
  const name = Buffer.from(path).toString('latin1').toLowerCase();
  const brings =
    index === null ? existsSync(resolve(root)) : index.includes(`${name}/`) || index.includes(`${name}\0`);
  if (!brings) return null;
  return `Commit ${paidFor.commit} holds a folder ${path}, where runs are kept, so that its results could be anybody's invention: nothing is run for it.`;
}

/** Commit of the checkout that a folder is in; null when there is none, or it cannot be told. */
function checkedOut(folder: string): string | null {
  const git = gitFolder(resolve(folder));
  if (git === null) return null;
  const head = readText(join(git, 'HEAD'))?.trim() ?? '';
  const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
  if (ref === undefined) return wholeCommit(head);
  if (ref.split('/').includes('..')) return null;
  const loose = readText(join(git, ref));
  return wholeCommit(loose !== null ? loose.trim() : packedCommit(git, ref));
}

function gitFolder(start: string): string | null {
  for (let folder = start; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    const info = statSync(git, { throwIfNoEntry: false });
    // A file in its place leads elsewhere: such a checkout is not what actions/checkout makes.
    if (info !== undefined) return info.isDirectory() ? git : null;
    if (folder === dirname(folder)) return null;
  }
}

/** `<commit> <ref>` in the file of refs that have no file of their own. */
function packedCommit(git: string, ref: string): string {
  const lines = (readText(join(git, 'packed-refs')) ?? '').split('\n');
  return lines.find((line) => line.slice(41) === ref)?.slice(0, 40) ?? '';
}

function wholeCommit(text: string): string | null {
  return /^[0-9a-f]{40}$/.test(text) ? text : null;
}

function readText(path: string): string | null {
  return readBytes(path)?.toString('utf8') ?? null;
}

function readBytes(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

// What a commit's result is seen beside: the base branch's result, the last one of its pull request, and whether a newer
// commit has taken the comment. It reads the store and GitHub, and writes nothing.
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import type { PublishedBase } from '../engine/perform-publish.ts';
import type { KnownTarget, RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import type { Base, LastComplete } from '../report/comment-notes.ts';
import { baseOf, baseResultOf, type KeptResult, parseKeptResult } from '../report/kept-result.ts';
import type { Report } from '../report/report.ts';
import { beforePath, type HostedJob, resultPath } from './hosted.ts';
import type { Judged } from './terms.ts';

/** The comment is for the newest commit of the pull request that waits for a result of this pipeline. */
export async function ownsComment(job: HostedJob, state: RunState, target: KnownTarget): Promise<boolean> {
  if (target.pull === null || state.cancelReason?.kind === 'superseded') return false;
  const head = await readHead(job, target.pull);
  if (head === target.commit) return true;
  // A job that is late, or was started again, asks for an older commit after a newer one did.
  const isNewer = (other: KnownTarget): boolean =>
    other.pull === target.pull &&
    other.pipeline === target.pipeline &&
    (other.commit === head || other.addedAt > target.addedAt);
  if (state.targets.some(isNewer)) return false;
  for (const [run, events] of await job.store.unfinished()) {
    if (run === state.run || events instanceof Error) continue;
    if (targetsOf(events).some(isNewer)) return false;
  }
  return true;
}

/** What is beside a commit's result: `base` what is said of it, `result` what it is held against. */
export interface Beside {
  readonly base: Base;
  /** Null: there is none. */
  readonly result: PublishedBase | null;
}

/** A commit that waits, or will. */
type Waiting = Omit<KnownTarget, 'addedAt'>;

const NOTHING: Beside = { base: { kind: 'none' }, result: null };

/** What a commit's result is compared with; `now`: by what this run is judged. */
export async function readBeside(job: HostedJob, target: Waiting, run: string, now: Judged): Promise<Beside> {
  const { baseline } = target.shown ?? job.shown;
  if (baseline.kind === 'none') return NOTHING;
  const branch = baseline.kind === 'branch' ? baseline.branch : target.branch;
  // What a branch's own commits are held against is what it had before them.
  const isBefore = target.pull === null && branch === target.branch;
  const path = resultPath({ name: now.name, path: target.pipeline }, { pull: null, branch });
  const kept = await readKept(job, path, isBefore ? { run, target } : null);
  if (kept === null && isBefore) return NOTHING;
  if (kept === null && (await isUnderWay(job, branch, target.pipeline)))
    return { base: { kind: 'missing', branch, isUnderWay: true }, result: null };
  const base = baseOf(branch, kept, run, now);
  return {
    base: base.kind === 'found' || base.kind === 'not_comparable' ? { ...base, isBefore } : base,
    result: kept === null ? null : { ...baseResultOf(branch, kept, run, now), report: kept.funnel },
  };
}

/** The result kept at a path; for a commit of that very branch the last one from before it. Null: there is none. */
async function readKept(
  job: HostedJob,
  path: string,
  own: { readonly run: string; readonly target: Waiting } | null,
): Promise<KeptResult | null> {
  const kept = parseKeptResult(await job.store.result(path), ENGINE_VERSION);
  if (own === null || kept === null) return kept;
  const { run, target } = own;
  if (!isResultOf(kept, run, target)) return kept.asked < target.workflowRun ? kept : null;
  // Its own result is there already, since the job was started again.
  const before = parseKeptResult(await job.store.result(beforePath(path)), ENGINE_VERSION);
  return before !== null && before.asked < target.workflowRun ? before : null;
}

/** True for what was kept of this very run for this very commit. */
export function isResultOf(kept: KeptResult, run: string, { commit }: Pick<KnownTarget, 'commit'>): boolean {
  return kept.run === run && kept.line.commit === commit;
}

/** True when a run waits for its result on that branch itself. */
async function isUnderWay(job: HostedJob, branch: string, pipeline: string): Promise<boolean> {
  const isThere = (one: KnownTarget): boolean =>
    one.pull === null && one.branch === branch && one.pipeline === pipeline;
  for (const events of (await job.store.unfinished()).values())
    if (!(events instanceof Error) && targetsOf(events).some(isThere)) return true;
  return false;
}

/** The last complete result of a pull request, with its report; null: there is none. */
export async function readLast(
  job: HostedJob,
  target: KnownTarget,
  report: Report,
): Promise<LastComplete | null> {
  if (target.pull === null) return null;
  const pipeline = { name: report.pipeline, path: target.pipeline };
  const kept = parseKeptResult(await job.store.result(resultPath(pipeline, target)), ENGINE_VERSION);
  return kept === null || kept.report === null ? null : { commit: kept.line.commit, report: kept.report };
}

/** The newest commit of a pull request; null: GitHub does not say. */
export async function readHead(job: HostedJob, pull: number): Promise<string | null> {
  try {
    return (await job.hosting?.pull(pull))?.head.commit ?? null;
  } catch (error) {
    if (error instanceof PermissionError || error instanceof HostingError) return null;
    throw error;
  }
}

/** By journal: a job that goes over hundreds of runs asks each time what all of them wait for. */
const knownTargets = new WeakMap<readonly JournalEvent[], readonly KnownTarget[]>();

/** The targets of a journal; none when it makes no sense to this engine. */
function targetsOf(events: readonly JournalEvent[]): readonly KnownTarget[] {
  const targets = knownTargets.get(events) ?? readTargets(events);
  knownTargets.set(events, targets);
  return targets;
}

function readTargets(events: readonly JournalEvent[]): readonly KnownTarget[] {
  try {
    return foldJournal(events)?.targets ?? [];
  } catch {
    return [];
  }
}

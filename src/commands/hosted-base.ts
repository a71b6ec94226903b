// What a commit's result is seen beside: the base branch's result, the last one of its pull request, and whether a newer
// commit has taken the comment. It reads the store and GitHub, and writes nothing.
import type { BaselineWish } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import type { KnownTarget, RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import type { Base, LastComplete } from '../report/comment-notes.ts';
import { baseOf, type Compared, parseKeptResult } from '../report/kept-result.ts';
import type { Report } from '../report/report.ts';
import { type HostedJob, resultPath } from './hosted.ts';

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

/** What a commit's result is compared with. `now` is what of this run is compared. */
export async function readBase(
  job: HostedJob,
  baseline: BaselineWish,
  target: KnownTarget,
  report: Report,
  now: Compared,
): Promise<Base> {
  if (baseline.kind === 'none') return { kind: 'none' };
  const branch = baseline.kind === 'branch' ? baseline.branch : target.branch;
  const pipeline = { name: report.pipeline, path: target.pipeline };
  const text = await job.store.result(resultPath(pipeline, { pull: null, branch }));
  const kept = parseKeptResult(text, ENGINE_VERSION);
  // A run is not compared with itself, and a branch's first result with nothing.
  const isOwn = kept?.run === report.provenance.runId && target.pull === null;
  if (isOwn || (kept === null && target.pull === null && baseline.kind === 'event')) return { kind: 'none' };
  if (kept === null && (await isUnderWay(job, branch, target.pipeline)))
    return { kind: 'missing', branch, isUnderWay: true };
  const base = baseOf(branch, kept, report.provenance.runId, now);
  const isBefore = target.pull === null && branch === target.branch;
  return base.kind === 'found' || base.kind === 'not_comparable' ? { ...base, isBefore } : base;
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

/** The targets of a journal; none when it makes no sense to this engine. */
function targetsOf(events: Parameters<typeof foldJournal>[0]): readonly KnownTarget[] {
  try {
    return foldJournal(events)?.targets ?? [];
  } catch {
    return [];
  }
}

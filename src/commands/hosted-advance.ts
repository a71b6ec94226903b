// Moves one run as far as this job can, and shows every commit that waits for it where it stands: what starting and
// collecting have in common. A run is put away only when its end is shown, so that a job that dies leaves that to the next.
import { join } from 'node:path';
import type { RunPlace } from '../compose.ts';
import type { BaselineWish, Target } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { submitShard } from '../engine/perform-shard.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { isSameTarget, type KnownTarget, type RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { HostingError, PermissionError, type UploadedFile } from '../ports/hosting.ts';
import { claimsOf } from '../report/claims.ts';
import type { Surroundings } from '../report/comment.ts';
import { pipelineKey } from '../report/comment-marker.ts';
import type { Base, LastComplete } from '../report/comment-notes.ts';
import { resultLine } from '../report/history.ts';
import { baseOf, type Compared, parseKeptResult, writeKeptResult } from '../report/kept-result.ts';
import type { Report } from '../report/report.ts';
import { announce } from './announce.ts';
import { type HostedJob, type HostedOutcome, resultPath } from './hosted.ts';
import { readTerms } from './hosted-terms.ts';
import { type Outcome, workAndPublish } from './outcome.ts';
import { timeText } from './pending.ts';
import { findCommand } from './workflow-command.ts';

/** What a run is advanced with. */
export interface AdvanceOptions {
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly only: 'work' | 'report';
  /** The commit that this job is about; null: it goes over runs. */
  readonly own: Target | null;
}

/** Files of a run that are kept together with the workflow run. */
const FILES = ['results.jsonl', 'failures.jsonl', 'results.csv', 'report.json', 'report.md'];

/** Works on an opened run, shows it, and puts it away at its end. The caller closes the place. */
export async function advance(
  job: HostedJob,
  run: string,
  place: RunPlace,
  options: AdvanceOptions,
): Promise<HostedOutcome> {
  const progress = job.follow(run);
  const showing = createShowing(job, place, options.own);
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs: options.waitMs,
      signal: options.signal,
      only: options.only,
      seen: (state) => progress.seen(state),
      launcher: job.launcher,
      shownDirectory: null,
      judgedBy: (state) => judgeOf(state, aboutWhom(state, options.own)),
      beforeWaiting: async (waiting) => {
        if (waiting.state.shard === null) await showing.show(waiting, null);
      },
    });
  } finally {
    progress.stop();
  }
  const { state } = outcome;
  if (state.shard !== null) {
    // What the parts come to is told when they are merged.
    if (options.only === 'work' && !options.signal.aborted && !state.finished)
      await submitShard(place.ports.journal, place.ports.clock);
    return { ...outcome, reportUrl: null, surroundings: null };
  }
  const isOver = state.finished;
  const html = isOver ? await keepFiles(job, outcome, null) : null;
  const isShown = await showing.show(outcome, html);
  if (isOver) await close(job, run, place, outcome, isShown ? await showing.results(outcome) : null);
  return { ...outcome, reportUrl: html?.url ?? null, surroundings: showing.around() };
}

/** Puts a finished run away; `results` null: it is not shown everywhere, and the next job tries again. */
async function close(
  { store, say }: HostedJob,
  run: string,
  { ports }: RunPlace,
  { state }: Outcome,
  results: ReadonlyMap<string, string> | null,
): Promise<void> {
  const { events } = await ports.journal.read();
  if (results === null) {
    await store.takeBack(run, events);
    return;
  }
  // Somebody may have asked for the result since it was shown.
  const isAll = foldJournal(events)?.targets.length === state.targets.length;
  if (!isAll || (await store.putAway(run, results, events.length)) === 'conflict')
    say(`Another job has worked on ${run} at the same time; the next one puts it away.`);
}

/** The commit whose report this job shows as its own: the one it is about, else the one that asked last. */
function aboutWhom(state: RunState, own: Target | null): KnownTarget | null {
  return (
    state.targets.find((target) => own !== null && isSameTarget(target, own)) ?? state.targets.at(-1) ?? null
  );
}

/** The snapshot with the gates that a commit brought along; null: nobody waits, and it is the run's as it is now. */
function judgeOf(state: RunState, target: KnownTarget | null): string | null {
  return target === null ? null : (target.judgedBy ?? state.snapshot);
}

/**
 * Keeps the files of a finished run with the workflow run; what cannot be kept is a warning. `judgedBy`: only the page,
 * of the same results under other gates.
 */
async function keepFiles(
  job: HostedJob,
  { report, directory, state }: Outcome,
  judgedBy: string | null,
): Promise<UploadedFile | null> {
  if (job.uploads === null || state.cancelReason?.kind === 'superseded') return null;
  const { slug, hash } = pipelineKey(report.pipeline, report.provenance.path);
  const name = `octobatch-${slug}-${hash}${judgedBy === null ? '' : `-${judgedBy.slice(0, 8)}`}`;
  const at = (file: string): string => join(directory, file);
  try {
    if (judgedBy === null) await job.uploads.upload(`${name}-results`, FILES.map(at), directory, 'zip');
    return await job.uploads.upload(`${name}.html`, [at('report.html')], directory, 'single');
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
    const again = job.isKept ? ' `command: report` with this commit makes them again.' : '';
    job.warn(
      `The files of this run are only in this job, they could not be kept as artifacts: ${error.message}${again}`,
    );
    return null;
  }
}

interface Showing {
  /** Shows the run for every commit that waits; true when nothing more can be shown for any. */
  show(outcome: Outcome, html: UploadedFile | null): Promise<boolean>;
  /** What was shown around the job's own report; null: no commit waits. */
  around(): Surroundings | null;
  /** The results to keep, text by path. */
  results(outcome: Outcome): Promise<ReadonlyMap<string, string>>;
}

function createShowing(job: HostedJob, place: RunPlace, own: Target | null): Showing {
  const compared = new Map<string, Promise<Omit<Compared, 'values'>>>();
  /** What of the run is held against others; its gates are the commit's own. */
  const comparedOf = async ({ state, values }: Outcome, target: KnownTarget): Promise<Compared> => {
    const by = target.judgedBy ?? state.snapshot;
    const known =
      compared.get(by) ??
      readSnapshot(place.ports.blobs, by).then((loaded) => ({
        terms: readTerms(loaded),
        claims: claimsOf(loaded.pipeline),
      }));
    compared.set(by, known);
    return { ...(await known), values: state.finished ? values : null };
  };
  const now = (): number => place.ports.clock.now();
  let around: Surroundings | null = null;
  const judged = new WeakMap<Outcome, Map<string, Outcome>>();
  const pages = new WeakMap<Outcome, UploadedFile | null>();

  /** The run as a commit's own gates judge it: commits that share results need not share gates. */
  async function asJudged(outcome: Outcome, target: KnownTarget): Promise<Outcome> {
    const { state } = outcome;
    const by = target.judgedBy ?? state.snapshot;
    if (by === judgeOf(state, aboutWhom(state, own))) return outcome;
    const others = judged.get(outcome) ?? new Map<string, Outcome>();
    judged.set(outcome, others);
    const view = others.get(by) ?? (await outcome.judge(by));
    others.set(by, view);
    if (state.finished && !pages.has(view)) pages.set(view, await keepFiles(job, view, by));
    return view;
  }
  return {
    around: () => around,
    async show(outcome, html) {
      const { hosting } = job;
      const { state } = outcome;
      const about = aboutWhom(state, own);
      const command = state.finished || state.canceling ? null : await findCommand(job, 'cancel');
      const common = {
        cancel: command === null ? null : command(state.run),
        time: timeText(now()),
      };
      let isWhole = true;
      for (const target of state.targets) {
        const { baseline, ...shownAs } = target.shown ?? job.shown;
        const view = await asJudged(outcome, target);
        const { report } = view;
        const page = view === outcome ? html : (pages.get(view) ?? null);
        const base = await readBase(job, baseline, target, report, await comparedOf(view, target));
        const { commit } = target;
        const links = { report: page?.url ?? null, run: job.runUrl, check: null };
        if (target === about)
          around = { ...common, commit, standing: { kind: 'current' }, base, links, fork: null };
        if (hosting === null) continue;
        const shown = await announce(hosting, {
          report,
          links,
          pipeline: { name: report.pipeline, path: target.pipeline },
          target,
          isFinal: state.finished,
          supersededBy: state.cancelReason?.kind === 'superseded' ? state.cancelReason.by : null,
          ownsComment: await ownsComment(job, state, target),
          base,
          last: state.finished ? null : await readLast(job, target, report),
          ...common,
          ...shownAs,
        });
        for (const warning of shown.warnings) job.warn(warning);
        isWhole &&= shown.isWhole || !state.finished;
      }
      return isWhole;
    },
    async results(outcome) {
      const { state } = outcome;
      const kept = new Map<string, string>();
      for (const target of state.targets) {
        // A merge queue's branch lives for minutes; what it says is said of the branch itself by the push that follows.
        if (target.pull === null && target.branch.startsWith('gh-readonly-queue/')) continue;
        const view = await asJudged(outcome, target);
        const { report } = view;
        const pipeline = { name: report.pipeline, path: target.pipeline };
        const path = resultPath(pipeline, target);
        const there = parseKeptResult(await job.store.result(path), ENGINE_VERSION);
        const isThere = there?.run === state.run && there.line.commit === target.commit;
        if (isThere || (there !== null && there.asked > target.workflowRun)) continue;
        const line = resultLine(report, target.commit);
        const times = { at: now(), asked: target.workflowRun };
        const text = writeKeptResult(report, line, await comparedOf(view, target), times);
        if (text !== null) kept.set(path, text);
      }
      return kept;
    },
  };
}

/** The comment is for the newest commit of the pull request that waits for a result of this pipeline. */
async function ownsComment(job: HostedJob, state: RunState, target: KnownTarget): Promise<boolean> {
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

async function readBase(
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
  return baseOf(branch, kept, report.provenance.runId, now);
}

/** True when a run waits for its result on that branch itself. */
async function isUnderWay(job: HostedJob, branch: string, pipeline: string): Promise<boolean> {
  const isThere = (one: KnownTarget): boolean =>
    one.pull === null && one.branch === branch && one.pipeline === pipeline;
  for (const events of (await job.store.unfinished()).values())
    if (!(events instanceof Error) && targetsOf(events).some(isThere)) return true;
  return false;
}

async function readLast(job: HostedJob, target: KnownTarget, report: Report): Promise<LastComplete | null> {
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

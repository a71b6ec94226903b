// Moves one run as far as this job can, and shows every commit that waits for it where it stands: what starting and
// collecting have in common. A run is put away only when its end is shown, so that a job that dies leaves that to the next.
import { join } from 'node:path';
import type { RunPlace } from '../compose.ts';
import type { BaselineWish } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { submitShard } from '../engine/perform-shard.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import type { KnownTarget, RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { HostingError, PermissionError, type UploadedFile } from '../ports/hosting.ts';
import type { Surroundings } from '../report/comment.ts';
import { pipelineKey } from '../report/comment-marker.ts';
import type { Base, LastComplete } from '../report/comment-notes.ts';
import { resultLine } from '../report/history.ts';
import { baseOf, parseKeptResult, type Terms, writeKeptResult } from '../report/kept-result.ts';
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
  const showing = createShowing(job, place);
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs: options.waitMs,
      signal: options.signal,
      only: options.only,
      seen: (state) => progress.seen(state),
      launcher: job.launcher,
      shownDirectory: null,
      beforeWaiting: async (waiting) => {
        if (waiting.state.shard === null) await showing.show(waiting, null);
      },
    });
  } finally {
    progress.stop();
  }
  const { state, report } = outcome;
  if (state.shard !== null) {
    // What the parts come to is told when they are merged.
    if (options.only === 'work' && !options.signal.aborted)
      await submitShard(place.ports.journal, place.ports.clock);
    return { ...outcome, reportUrl: null, surroundings: null };
  }
  const isOver = state.finished;
  const html = isOver ? await keepFiles(job, outcome) : null;
  const isShown = await showing.show(outcome, html);
  if (isOver && isShown) {
    const results = await showing.results(outcome);
    if ((await job.store.putAway(run, results)) === 'conflict')
      job.say(
        `Another job has worked on ${report.provenance.runId} at the same time; the next one puts it away.`,
      );
  }
  return { ...outcome, reportUrl: html?.url ?? null, surroundings: showing.around() };
}

/** Keeps the files of a finished run with the workflow run; what cannot be kept is a warning. */
async function keepFiles(
  job: HostedJob,
  { report, directory, state }: Outcome,
): Promise<UploadedFile | null> {
  if (job.uploads === null || state.cancelReason?.kind === 'superseded') return null;
  const { slug, hash } = pipelineKey(report.pipeline, report.provenance.path);
  const name = `octobatch-${slug}-${hash}`;
  const at = (file: string): string => join(directory, file);
  try {
    await job.uploads.upload(`${name}-results`, FILES.map(at), directory, 'zip');
    return await job.uploads.upload(`${name}.html`, [at('report.html')], directory, 'single');
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
    job.warn(
      `The files of this run are only in this job, they could not be kept as artifacts: ${error.message}`,
    );
    return null;
  }
}

interface Showing {
  /** Shows the run for every commit that waits; true when nothing more can be shown for any. */
  show(outcome: Outcome, html: UploadedFile | null): Promise<boolean>;
  /** What was shown around the report of the newest commit; null: no commit waits. */
  around(): Surroundings | null;
  /** The results to keep, text by path. */
  results(outcome: Outcome): Promise<ReadonlyMap<string, string>>;
}

function createShowing(job: HostedJob, place: RunPlace): Showing {
  let terms: Promise<Terms> | null = null;
  const termsOf = (state: RunState): Promise<Terms> => {
    terms ??= readSnapshot(place.ports.blobs, state.snapshot).then(readTerms);
    return terms;
  };
  const now = (): number => place.ports.clock.now();
  let around: Surroundings | null = null;
  return {
    around: () => around,
    async show({ report, state }, html) {
      const { hosting } = job;
      const command = state.finished || state.canceling ? null : await findCommand(job, 'cancel');
      const common = {
        links: { report: html?.url ?? null, run: job.runUrl },
        cancel: command === null ? null : command(state.run),
        time: timeText(now()),
      };
      let isWhole = true;
      for (const target of state.targets) {
        const { baseline, ...shownAs } = target.shown ?? job.shown;
        const base = await readBase(job, baseline, target, report, await termsOf(state));
        const { commit } = target;
        const links = { ...common.links, check: null };
        around = { ...common, commit, standing: { kind: 'current' }, base, links, fork: null };
        if (hosting === null) continue;
        const shown = await announce(hosting, {
          report,
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
    async results({ report, state }) {
      const kept = new Map<string, string>();
      for (const target of state.targets) {
        // A merge queue's branch lives for minutes; what it says is said of the branch itself by the push that follows.
        if (target.pull === null && target.branch.startsWith('gh-readonly-queue/')) continue;
        const pipeline = { name: report.pipeline, path: target.pipeline };
        const path = resultPath(pipeline, target);
        const there = parseKeptResult(await job.store.result(path), ENGINE_VERSION);
        const isThere = there?.run === state.run && there.line.commit === target.commit;
        if (isThere || (there !== null && there.asked > target.workflowRun)) continue;
        const line = resultLine(report, target.commit);
        const times = { at: now(), asked: target.workflowRun };
        const text = writeKeptResult(report, line, await termsOf(state), times);
        if (text !== null) kept.set(path, text);
      }
      return kept;
    },
  };
}

/** The comment is for the newest commit of the pull request that waits for a result of this pipeline. */
async function ownsComment(job: HostedJob, state: RunState, target: KnownTarget): Promise<boolean> {
  if (target.pull === null || state.cancelReason?.kind === 'superseded') return false;
  const isNewer = (other: KnownTarget): boolean =>
    other.pull === target.pull && other.pipeline === target.pipeline && other.addedAt > target.addedAt;
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
  terms: Terms,
): Promise<Base> {
  if (baseline.kind === 'none') return { kind: 'none' };
  const branch = baseline.kind === 'branch' ? baseline.branch : target.branch;
  const pipeline = { name: report.pipeline, path: target.pipeline };
  const text = await job.store.result(resultPath(pipeline, { pull: null, branch }));
  const kept = parseKeptResult(text, ENGINE_VERSION);
  // A run is not compared with itself, and a branch's first result with nothing.
  const isOwn = kept?.run === report.provenance.runId && target.pull === null;
  if (isOwn || (kept === null && target.pull === null && baseline.kind === 'event')) return { kind: 'none' };
  return baseOf(branch, kept, terms);
}

async function readLast(job: HostedJob, target: KnownTarget, report: Report): Promise<LastComplete | null> {
  if (target.pull === null) return null;
  const pipeline = { name: report.pipeline, path: target.pipeline };
  const kept = parseKeptResult(await job.store.result(resultPath(pipeline, target)), ENGINE_VERSION);
  return kept === null || kept.report === null ? null : { commit: kept.line.commit, report: kept.report };
}

/** The targets of a journal; none when it makes no sense to this engine. */
function targetsOf(events: Parameters<typeof foldJournal>[0]): readonly KnownTarget[] {
  try {
    return foldJournal(events)?.targets ?? [];
  } catch {
    return [];
  }
}

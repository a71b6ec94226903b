// Shows a run to every commit that waits for it, each judged by its own gates and held against its own base, and says what
// of it is kept for those that come later.
import type { RunPlace } from '../compose.ts';
import type { Target } from '../engine/events.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { isSameTarget, type KnownTarget, type RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import type { UploadedFile } from '../ports/hosting.ts';
import { claimsOf } from '../report/claims.ts';
import type { Surroundings } from '../report/comment.ts';
import { resultLine } from '../report/history.ts';
import { type Compared, parseKeptResult, writeKeptResult } from '../report/kept-result.ts';
import { announce } from './announce.ts';
import { type HostedJob, resultPath } from './hosted.ts';
import { ownsComment, readBase, readLast } from './hosted-base.ts';
import { keepFiles } from './hosted-files.ts';
import { readTerms } from './hosted-terms.ts';
import type { Outcome } from './outcome.ts';
import { timeText } from './pending.ts';
import { findCommand } from './workflow-command.ts';

/** How long a finished run is shown again where it could not be (ms). */
const PATIENCE_MS = 24 * 3_600_000;

/** The commit whose report this job shows as its own: the one it is about, else the one that asked last. */
export function aboutWhom(state: RunState, own: Target | null): KnownTarget | null {
  return (
    state.targets.find((target) => own !== null && isSameTarget(target, own)) ?? state.targets.at(-1) ?? null
  );
}

/** The snapshot with the gates that a commit brought along; null: nobody waits, and it is the run's as it is now. */
export function judgeOf(state: RunState, target: KnownTarget | null): string | null {
  return target === null ? null : (target.judgedBy ?? state.snapshot);
}

/** A run on display. */
export interface Showing {
  /** Shows the run for every commit that waits; true when nothing more can be shown for any. */
  show(outcome: Outcome, html: UploadedFile | null): Promise<boolean>;
  /** What was shown around the job's own report; null: no commit waits. */
  around(): Surroundings | null;
  /** The results to keep, text by path. */
  results(outcome: Outcome): Promise<ReadonlyMap<string, string>>;
}

export function createShowing(job: HostedJob, place: RunPlace, own: Target | null): Showing {
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
          isLater: target.workflowRun !== job.workflowRun,
          supersededBy: state.cancelReason?.kind === 'superseded' ? state.cancelReason.by : null,
          ownsComment: await ownsComment(job, state, target),
          base,
          last: state.finished ? null : await readLast(job, target, report),
          ...common,
          ...shownAs,
        });
        for (const warning of shown.warnings) job.warn(warning);
        // Nobody tries for ever: after a day the run is put away as it is.
        isWhole &&= shown.isWhole || !state.finished || now() - state.lastEventAt > PATIENCE_MS;
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

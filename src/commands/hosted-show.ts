// Shows a run to every commit that waits for it, each judged by its own gates and held against its own base, and says what
// of it is kept for those that come later.
import type { BaseResult } from '../analysis/against.ts';
import type { RunPlace } from '../compose.ts';
import type { Target } from '../engine/events.ts';
import { readBase } from '../engine/perform-base.ts';
import type { PublishedBase } from '../engine/perform-publish.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { scopeOf } from '../engine/post-process-plan.ts';
import { isSameTarget, type KnownTarget, type RunState } from '../engine/state.ts';
import { ENGINE_VERSION } from '../engine/version.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { UploadedFile } from '../ports/hosting.ts';
import type { Surroundings } from '../report/comment.ts';
import { resultLine, writeResult } from '../report/history.ts';
import { parseKeptResult, writeKeptResult } from '../report/kept-result.ts';
import { announce } from './announce.ts';
import { beforePath, type HostedJob, resultPath } from './hosted.ts';
import { type Beside, isResultOf, ownsComment, readBeside, readLast } from './hosted-base.ts';
import { keepFiles } from './hosted-files.ts';
import type { Outcome, View } from './outcome.ts';
import { timeText } from './pending.ts';
import { describeJudged, type Judged } from './terms.ts';
import { findCommand } from './workflow-command.ts';

/** How long a finished run is shown again where it could not be (ms). */
const PATIENCE_MS = 24 * 3_600_000;

/** The commit whose report this job shows as its own: the one it is about, else the one that asked last. */
function aboutWhom(state: RunState, own: Target | null): KnownTarget | null {
  return (
    state.targets.find((target) => own !== null && isSameTarget(target, own)) ?? state.targets.at(-1) ?? null
  );
}

/** The snapshot with the gates that a commit brought along. */
function judgeOf(state: RunState, target: KnownTarget): string {
  return target.judgedBy ?? state.snapshot;
}

/**
 * The commit whose look at the run the scripts get that this one has: the one for which somebody vouched for them. One
 * that anybody can make with the same content would else choose by its branch what they are told.
 */
function voucherOf(state: RunState, target: KnownTarget): KnownTarget {
  const { postProcess, targets } = state;
  const by = judgeOf(state, target);
  const name =
    scopeOf(state, by).kind === 'own' ? postProcess.target : (postProcess.joined.get(by)?.target ?? null);
  const voucher = name === null ? undefined : targets.find((one) => isSameTarget(one, name));
  // It may have brought other content by now.
  return voucher !== undefined && judgeOf(state, voucher) === by ? voucher : target;
}

/** A run on display. */
export interface Showing {
  /** How the job's own report looks at the run: as the commit it is about does. */
  view(state: RunState): View;
  /** Shows the run for every commit that waits; true when nothing more can be shown for any. */
  show(outcome: Outcome, html: UploadedFile | null): Promise<boolean>;
  /** What was shown around the job's own report; null: no commit waits. */
  around(): Surroundings | null;
  /** The results to keep, text by path. */
  results(outcome: Outcome): Promise<ReadonlyMap<string, string>>;
}

/** For whom a job shows a run. */
export interface ShowingOptions {
  /** The commit that the job is about; null: it goes over runs. */
  readonly own: Target | null;
  /** The run was put away when the job came to it: whoever waited for it has been shown it. */
  readonly isAway: boolean;
}

export function createShowing(job: HostedJob, place: RunPlace, { own, isAway }: ShowingOptions): Showing {
  // Scripts that are run, or tried again, for one commit are nothing to those that have their result.
  const targetsOf = ({ targets, postProcess }: RunState): readonly KnownTarget[] =>
    isAway && own !== null && (postProcess.trusted !== null || postProcess.joined.size > 0)
      ? targets.filter((target) => isSameTarget(target, own))
      : targets;
  const known = new Map<string, Promise<Judged>>();
  /** By what a commit judges the run. */
  const judgedFor = (by: string): Promise<Judged> => {
    const judged = known.get(by) ?? readSnapshot(place.ports.blobs, by).then(describeJudged);
    known.set(by, judged);
    return judged;
  };
  // What is beside a finished run is read once: what a report says is what its comment says.
  const found = new Map<string, Promise<Beside>>();
  const besideOf = (state: RunState, target: KnownTarget): Promise<Beside> => {
    const { pipeline, pull, commit } = target;
    const key = JSON.stringify([state.finished, pipeline, pull, commit]);
    const beside = (state.finished ? found.get(key) : undefined) ?? readIt(state, target);
    found.set(key, beside);
    return beside;
  };
  const readIt = async (state: RunState, target: KnownTarget): Promise<Beside> => {
    const beside = await readBeside(job, target, state.run, await judgedFor(judgeOf(state, target)));
    const weighed = state.finished ? await readBase(place.ports.blobs, state.settings) : null;
    const { base, result } = beside;
    const isFound = base.kind === 'found' || base.kind === 'not_comparable';
    if (weighed === null || result === null || !isFound || weighed.name !== result.name) return beside;
    const isMoved = weighed.reason !== result.reason || factsOf(weighed) !== factsOf(result);
    return { ...beside, base: { ...base, isMoved } };
  };
  const now = (): number => place.ports.clock.now();
  let around: Surroundings | null = null;
  const views = new WeakMap<Outcome, Map<string, Outcome>>();
  const pages = new WeakMap<Outcome, UploadedFile | null>();

  const viewFor = (state: RunState, target: KnownTarget): View => ({
    judgedBy: judgeOf(state, target),
    base: async () => (await besideOf(state, target)).result,
    madeAgainst: async () => (await besideOf(state, voucherOf(state, target))).result,
  });
  /** What tells one commit's look at the run from another's: its gates, and what it is held against. */
  const keyOf = async (state: RunState, target: KnownTarget): Promise<string> => {
    const result = state.finished ? (await besideOf(state, target)).result : null;
    return JSON.stringify([judgeOf(state, target), result === null ? null : digestOf(result)]);
  };

  /** The run as a commit looks at it: commits that share results need share neither gates nor a base. */
  async function asSeenBy(outcome: Outcome, target: KnownTarget): Promise<Outcome> {
    const { state } = outcome;
    const about = aboutWhom(state, own);
    const key = await keyOf(state, target);
    if (about === null || key === (await keyOf(state, about))) return outcome;
    const others = views.get(outcome) ?? new Map<string, Outcome>();
    views.set(outcome, others);
    const mark = sha256Hex(key).slice(0, 8);
    const seen = others.get(key) ?? (await outcome.judge(viewFor(state, target), `judged-${mark}`));
    others.set(key, seen);
    if (state.finished && !pages.has(seen)) pages.set(seen, await keepFiles(job, seen, mark));
    return seen;
  }
  return {
    around: () => around,
    view(state) {
      const about = aboutWhom(state, own);
      // What the parts of a run come to is judged when they are merged.
      const isPart = state.shard !== null;
      return about === null || isPart ? { judgedBy: null, base: null } : viewFor(state, about);
    },
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
      for (const target of targetsOf(state)) {
        const { comment, check, failOn } = target.shown ?? job.shown;
        const view = await asSeenBy(outcome, target);
        const { report } = view;
        const page = view === outcome ? html : (pages.get(view) ?? null);
        const { base } = await besideOf(state, target);
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
          comment,
          check,
          failOn,
        });
        for (const warning of shown.warnings) job.warn(warning);
        // Nobody tries for ever: after a day the run is put away as it is.
        isWhole &&= shown.isShown || (state.finished && now() - state.lastEventAt > PATIENCE_MS);
      }
      return isWhole;
    },
    async results(outcome) {
      const { state } = outcome;
      const kept = new Map<string, string>();
      for (const target of targetsOf(state)) {
        // A merge queue's branch lives for minutes; what it says is said of the branch itself by the push that follows.
        if (target.pull === null && target.branch.startsWith('gh-readonly-queue/')) continue;
        const { report, values, sides } = await asSeenBy(outcome, target);
        const path = resultPath({ name: report.pipeline, path: target.pipeline }, target);
        const line = resultLine(report, target.commit);
        const there = await job.store.result(path);
        const last = parseKeptResult(there, ENGINE_VERSION);
        const isOwn = last !== null && isResultOf(last, state.run, target);
        // Started again after its base had a result, it may have come to another verdict.
        const isThere = isOwn && line !== null && writeResult(last.line) === writeResult(line);
        if (isThere || (last !== null && last.asked > target.workflowRun)) continue;
        const { terms, claims, gates } = await judgedFor(judgeOf(state, target));
        const times = { at: now(), asked: target.workflowRun };
        const text = writeKeptResult(report, line, { terms, claims, gates, values, sides }, times);
        if (text === null) continue;
        kept.set(path, text);
        if (last !== null && !isOwn && target.pull === null) kept.set(beforePath(path), there!);
      }
      return kept;
    },
  };
}

/** What a result says under whatever gates it is read by. */
function factsOf({ values, overall }: BaseResult): string {
  return JSON.stringify([overall, values?.columns.filter(({ isGate }) => !isGate)]);
}

function digestOf(result: PublishedBase): string {
  return sha256Hex(JSON.stringify(result));
}

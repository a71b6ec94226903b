// Shows one report for one commit that waits for it: comment, commit status, check run. Each part fails alone, with one
// sentence. It decides nothing about the run and keeps nothing.
import type { Target } from '../engine/events.ts';
import { type Hosting, HostingError, PermissionError, type PullFacts } from '../ports/hosting.ts';
import { type Surroundings, summaryBody, timeless } from '../report/comment.ts';
import { statusContext } from '../report/comment-marker.ts';
import type { Base, LastComplete, Links, Standing } from '../report/comment-notes.ts';
import { isComplete } from '../report/history.ts';
import type { Report } from '../report/report.ts';
import { type CommentDone, type CommentMode, showComment } from './announce-comment.ts';
import { type Signal, signalOf } from './announce-status.ts';
import { isForGood, type Part, StaleError, type Trouble, warningsOf } from './announce-warnings.ts';
import type { FailOn } from './exit-code.ts';

/** What is shown, for whom, and how much of it is wanted. */
export interface AnnounceRequest {
  readonly report: Report;
  /** The path in the repository is the identity. */
  readonly pipeline: { readonly name: string; readonly path: string };
  readonly target: Pick<Target, 'pull' | 'commit'>;
  /** True: nothing comes after this report, so that the target may be closed when it is shown. */
  readonly isFinal: boolean;
  /** The commit that took this one's place in its pull request before there was a result; null: none did. */
  readonly supersededBy: string | null;
  /** True: an earlier job may have called this pending. */
  readonly isLater?: boolean;
  /** False: a newer commit of the same pull request waits for a result of this pipeline, and the comment is its own. */
  readonly ownsComment: boolean;
  readonly base: Base;
  /** The last complete result of the pull request, shown while this report is not complete. */
  readonly last: LastComplete | null;
  readonly links: Pick<Links, 'report' | 'run'>;
  /** The command that ends the run at the provider; null when there is nothing to end. */
  readonly cancel: string | null;
  /** Now, as it is shown. */
  readonly time: string;
  readonly comment: CommentMode;
  readonly check: boolean;
  readonly failOn: FailOn;
}

/** What was done. */
export interface Announced {
  readonly comment: CommentDone;
  /** What the commit's status now says; null: none is written, or it could not be. */
  readonly status: Signal['state'] | null;
  readonly checkUrl: string | null;
  /** Sentences for the log, one for each cause. The same cause gives the same sentence for every pipeline. */
  readonly warnings: readonly string[];
  /** The end is shown wherever it can be: the target may be closed. False: another try may show more. */
  readonly isWhole: boolean;
  /** The same of a report that is not the end. */
  readonly isShown: boolean;
}

/** Characters of a check run's summary; GitHub refuses 65,536. */
const SUMMARY_LIMIT = 60_000;

/** Where a pull request stands: `unread` when GitHub did not say, `hidden` when the token may not ask. */
type Seen =
  | { readonly kind: 'none' | 'gone' | 'unread' | 'hidden' }
  | { readonly kind: 'seen'; readonly facts: PullFacts };

/** Shows what there is to show. It never throws for a part that fails. */
export async function announce(hosting: Hosting, request: AnnounceRequest): Promise<Announced> {
  const troubles: Trouble[] = [];
  const shown: Part[] = [];
  let isStale = false;
  const note: Note = (part, error) => {
    if (error instanceof StaleError) {
      isStale = true;
      note(part, error.cause);
      return;
    }
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
    troubles.push({ part, error });
  };
  async function attempt<T>(part: Part, act: () => Promise<T>): Promise<T | null> {
    try {
      const result = await act();
      shown.push(part);
      return result;
    } catch (error) {
      note(part, error);
      return null;
    }
  }

  const { report, target, pipeline } = request;
  const by = supersededBy(request);
  const signal = signalOf(report, by, request.failOn);
  const seen = await look(hosting, request, signal !== null, note);
  const around: Surroundings = {
    commit: target.commit,
    standing: standingOf(seen, target.commit, by),
    base: request.base,
    links: { ...request.links, check: null },
    fork: null,
    cancel: request.cancel,
    time: request.time,
  };
  const checkUrl =
    signal === null || !request.check
      ? null
      : await attempt('check', () => showCheck(hosting, request, signal, around));
  const comment =
    !wantsComment(request) || target.pull === null || seen.kind === 'gone' || seen.kind === 'unread'
      ? null
      : await attempt('comment', () =>
          showComment(hosting, {
            pull: target.pull!,
            pipeline,
            report,
            surroundings: { ...around, links: { ...around.links, check: checkUrl } },
            last: request.last,
            head: seen.kind === 'seen' ? seen.facts.head.commit : null,
            isOpen: seen.kind === 'seen' ? seen.facts.isOpen : true,
            mode: request.comment,
            isLater: request.isLater ?? false,
          }),
        );
  const status =
    signal === null
      ? null
      : await attempt('status', () => showStatus(hosting, request, signal, comment?.url ?? null));
  const isShown = !isStale && troubles.every(({ error }) => isForGood(error));
  return {
    comment: comment ?? { did: 'nothing', url: null },
    status,
    checkUrl,
    warnings: warningsOf(troubles, shown),
    isWhole: request.isFinal && isShown,
    isShown,
  };
}

/** A commit that had its result before the next one came is older than the head, not superseded. */
function supersededBy({ report, supersededBy: by }: AnnounceRequest): string | null {
  if (isComplete(report)) return null;
  return by ?? (report.error?.kind === 'superseded' ? report.error.by : null);
}

function wantsComment({ comment, ownsComment }: AnnounceRequest): boolean {
  return comment !== 'never' && ownsComment;
}

/** Keeps what went wrong with a part; what is no trouble of GitHub's is thrown on. */
type Note = (part: Part, error: unknown) => void;

async function look(
  hosting: Hosting,
  request: AnnounceRequest,
  hasSignal: boolean,
  note: Note,
): Promise<Seen> {
  const { pull } = request.target;
  const isNeeded = wantsComment(request) || (request.check && hasSignal);
  if (pull === null || !isNeeded) return { kind: 'none' };
  try {
    const facts = await hosting.pull(pull);
    return facts === null ? { kind: 'gone' } : { kind: 'seen', facts };
  } catch (error) {
    // A token that may not ask may still write: the comment is tried. When GitHub is silent it is not.
    const isHidden = error instanceof PermissionError;
    note(isHidden || !wantsComment(request) ? 'head' : 'comment', error);
    return { kind: isHidden ? 'hidden' : 'unread' };
  }
}

function standingOf(seen: Seen, commit: string, by: string | null): Standing {
  if (by !== null) return { kind: 'superseded', by };
  if (seen.kind !== 'seen' || seen.facts.head.commit === commit) return { kind: 'current' };
  return { kind: 'stale', head: seen.facts.head.commit };
}

/** A commit takes 1,000 statuses of one context, so that one is written only when it says something new. */
async function showStatus(
  hosting: Hosting,
  { target, pipeline, links }: AnnounceRequest,
  { state, text }: Signal,
  commentUrl: string | null,
): Promise<Signal['state']> {
  const context = statusContext(pipeline.name, pipeline.path);
  // A token that may not look may still write.
  const now = await hosting.status(target.commit, context).catch((error: unknown) => {
    if (error instanceof PermissionError) return null;
    throw error;
  });
  if (now?.state !== state || now.description !== text) {
    const url = commentUrl ?? links.report ?? links.run;
    try {
      await hosting.setStatus(target.commit, { state, context, description: text, url });
    } catch (error) {
      // Another job could write it, so that one more try, with its permissions, is of use.
      throw now?.state === 'pending' && error instanceof PermissionError ? new StaleError(error) : error;
    }
  }
  return state;
}

/** What is written there holds no reading of a clock, so that it stays as it is while nothing happens. */
function showCheck(
  hosting: Hosting,
  { report, target, pipeline, links }: AnnounceRequest,
  { conclusion, text }: Signal,
  around: Surroundings,
): Promise<string> {
  return hosting.setCheck(target.commit, {
    // Not the name of the status: a branch rule that requires that one would wait for both.
    name: `${statusContext(pipeline.name, pipeline.path)}/report`,
    conclusion,
    title: text,
    summary: summaryBody(timeless(report), SUMMARY_LIMIT, { ...around, time: null }),
    url: links.run ?? links.report,
  });
}

// The one comment of a pipeline on a pull request: when it is made, when it is brought up to date, when it is left as it
// is. It touches no comment that another account wrote.
import { type HostedComment, type Hosting, HostingError, PermissionError } from '../ports/hosting.ts';
import { commentBody, isSameBody, type Surroundings } from '../report/comment.ts';
import { readHistory } from '../report/comment-data.ts';
import { commentMarker, findDoubles, findOwnComment } from '../report/comment-marker.ts';
import type { Base, LastComplete } from '../report/comment-notes.ts';
import { type ResultLine, resultLine } from '../report/history.ts';
import type { Report } from '../report/report.ts';
import { StaleError } from './announce-warnings.ts';

/** When a pull request gets its first comment. One that is there is brought up to date, except by `never`. */
export type CommentMode = 'always' | 'changes' | 'failures' | 'never';

/** What the comment says and where. `head`: the newest commit of the pull request; null: not known. */
export interface CommentWish {
  readonly pull: number;
  readonly pipeline: { readonly name: string; readonly path: string };
  readonly report: Report;
  readonly surroundings: Surroundings;
  readonly last: LastComplete | null;
  readonly head: string | null;
  readonly isOpen: boolean;
  readonly mode: CommentMode;
  /** True: an earlier job may have written one. */
  readonly isLater: boolean;
}

/** What was done; the address of the comment that is there, or null. */
export interface CommentDone {
  readonly did: 'created' | 'edited' | 'nothing';
  readonly url: string | null;
}

/** Shows the comment. Errors: PermissionError, HostingError. */
export async function showComment(hosting: Hosting, wish: CommentWish): Promise<CommentDone> {
  const marker = commentMarker(wish.pipeline.name, wish.pipeline.path);
  const author = await hosting.author();
  const comments = await list(hosting, wish);
  const own = findOwnComment(comments, { author, marker });
  for (const { id } of findDoubles(comments, { author, marker })) await hosting.deleteComment(id);
  const history = own === null ? [] : readHistory(own.body, marker);
  if (own === null ? !isWanted(wish) : showsNewer(wish, history) || showsReal(wish, own.body, history)) {
    return { did: 'nothing', url: own?.url ?? null };
  }
  const { report, surroundings, last } = wish;
  const body = commentBody({ report, surroundings, marker, history, last });
  if (own !== null) {
    if (isSameBody(own.body, body)) return { did: 'nothing', url: own.url };
    const edited = await edit(hosting, own, body);
    if (edited !== null) return { did: 'edited', url: edited.url };
  }
  const { url } = await hosting.createComment(wish.pull, body);
  return { did: 'created', url };
}

/** Null: somebody deleted it since it was listed. */
async function edit(hosting: Hosting, own: HostedComment, body: string): Promise<HostedComment | null> {
  try {
    return await hosting.editComment(own.id, body);
  } catch (error) {
    if (error instanceof HostingError && error.status === 404) return null;
    // Another job could write it, so that one more try, with its permissions, is of use.
    throw error instanceof PermissionError && isPending(own.body) ? new StaleError(error) : error;
  }
}

/** What an earlier job wrote may be there, though this one may not look. */
async function list(hosting: Hosting, { pull, isLater }: CommentWish): Promise<readonly HostedComment[]> {
  try {
    return await hosting.comments(pull);
  } catch (error) {
    throw error instanceof PermissionError && isLater ? new StaleError(error) : error;
  }
}

function isPending(body: string): boolean {
  return /^### ⏳/m.test(body);
}

/** The comment has a result of the newest commit, and this one is of an older. */
function showsNewer({ head, surroundings }: CommentWish, history: readonly ResultLine[]): boolean {
  if (head === null || head === surroundings.commit) return false;
  return history.some((line) => line.commit === head);
}

/** Invented answers never take the place of what real ones say, or will say, about the same commit. */
function showsReal(
  { report, surroundings: { commit } }: CommentWish,
  body: string,
  history: readonly ResultLine[],
): boolean {
  if (!report.simulated) return false;
  const isAwaited = isPending(body) && body.includes(`For commit \`${commit.slice(0, 7)}\``);
  return isAwaited || history.some((line) => line.commit === commit && line.verdict !== 'dry_run');
}

/** Whether a pull request without a comment gets one. */
function isWanted({ mode, isOpen, report, surroundings }: CommentWish): boolean {
  // Nobody waits on a closed pull request.
  if (!isOpen) return false;
  switch (mode) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'failures':
      return ['fail', 'error', 'inconclusive'].includes(report.verdict);
    case 'changes':
      return isChanged(report, surroundings.commit, surroundings.base);
    default:
      return mode satisfies never;
  }
}

/**
 * True when the verdict or a figure differs from the base's, or there is nothing to compare with. Cost is no such figure:
 * fresh answers never cost quite the same.
 */
function isChanged(report: Report, commit: string, base: Base): boolean {
  if (base.kind !== 'found') return true;
  if (report.verdict === 'pending') return false;
  const now = resultLine(report, commit);
  if (now === null) return true;
  const { verdict, valid, planned, figure, gate } = base.result;
  const [first] = report.gates;
  // The base's own change was against something else.
  const isFigureSame = first?.kind.endsWith('_change') ? first.value === 0 : now.figure === figure;
  const isSame =
    now.verdict === verdict &&
    now.valid === valid &&
    now.planned === planned &&
    isFigureSame &&
    now.gate === gate;
  return !isSame;
}

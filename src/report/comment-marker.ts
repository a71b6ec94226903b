// How our one comment is known among all comments of a pull request. It trusts no comment that another account wrote.
import { sha256Hex } from '../expression/sha256.ts';

/** A comment as GitHub lists it. `author` is the login; null when the account is gone. */
export interface ListedComment {
  readonly id: number;
  readonly author: string | null;
  readonly body: string | null;
}

/**
 * What a pipeline is called where its name may not stand: words of a-z, 0-9 and hyphens, then 8 hex digits of its path
 * in the repository, which is its identity.
 */
export function pipelineKey(name: string, path: string): { readonly slug: string; readonly hash: string } {
  const slug = name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return { slug: slug || 'pipeline', hash: sha256Hex(path).slice(0, 8) };
}

/** The first line of a pipeline's comment. `path` is the pipeline's folder in the repository, its identity. */
export function commentMarker(name: string, path: string): string {
  const { slug, hash } = pipelineKey(name, path);
  return `<!-- octobatch ${slug} ${hash} -->`;
}

/** The context of a pipeline's commit status: what a branch rule requires. */
export function statusContext(name: string, path: string): string {
  const { slug, hash } = pipelineKey(name, path);
  return `octobatch/${slug}-${hash}`;
}

/** True when the text is a marker. */
export function isMarker(text: string): boolean {
  return /^<!-- octobatch [a-z0-9]+(?:-[a-z0-9]+)* [0-9a-f]{8} -->$/.test(text);
}

/** True when both are markers of the pipeline at one path, whatever it was called by then. */
export function isSamePipeline(a: string, b: string): boolean {
  const hash = (marker: string) => marker.slice(-'01234567 -->'.length);
  return isMarker(a) && isMarker(b) && hash(a) === hash(b);
}

/**
 * The comment to edit: written by `author`, its first line a marker of the same path. Of several one with the name as it
 * is now, and the oldest, which has the smallest id; null when there is none. A marker that somebody else wrote, or that
 * stands further down, counts for nothing.
 */
export function findOwnComment<C extends ListedComment>(
  comments: Iterable<C>,
  own: { readonly author: string; readonly marker: string },
): C | null {
  let found: C | null = null;
  const isExact = (comment: C): boolean => firstLine(comment.body ?? '') === own.marker;
  for (const comment of comments) {
    if (comment.author !== own.author || !isSamePipeline(firstLine(comment.body ?? ''), own.marker)) continue;
    const isBetter = found !== null && isExact(comment) !== isExact(found) ? isExact(comment) : null;
    if (isBetter ?? (found === null || comment.id < found.id)) found = comment;
  }
  return found;
}

/** Comments of the very same marker beside the one to edit: two jobs may have made one each at the same moment. */
export function findDoubles<C extends ListedComment>(
  comments: Iterable<C>,
  own: { readonly author: string; readonly marker: string },
): readonly C[] {
  const all = [...comments];
  const kept = findOwnComment(all, own);
  return all.filter(
    (one) => one !== kept && one.author === own.author && firstLine(one.body ?? '') === own.marker,
  );
}

/** The first line without its end. */
export function firstLine(body: string): string {
  return /^[^\r\n]*/.exec(body)?.[0] ?? '';
}

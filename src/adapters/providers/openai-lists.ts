// Lists of OpenAI's services, page by page. It takes nothing for an empty list that is not one.
import { parsePlainJson } from '../../expression/plain-json.ts';
import { fieldOf } from '../provider-errors.ts';
import { objectOf } from './openai-json.ts';

/** One page of a list. */
export interface ListPage<T> {
  readonly data: readonly T[];
  readonly has_more: boolean;
}

/**
 * A page as it came: the SDK takes an answer that is no list at all for an empty one, and a batch that exists would
 * count as absent.
 */
export async function pageOf<T>(response: Response): Promise<ListPage<T>> {
  const page = objectOf(parsePlainJson(await response.text()));
  const data = page?.data;
  if (!Array.isArray(data) || !data.every((one) => typeof fieldOf(one, 'id') === 'string')) {
    throw new Error('the answer is no list');
  }
  return { data: data as T[], has_more: page?.has_more === true };
}

/**
 * The entries of a list, page by page, until all of a page were created before `earliest` (ms). Throws when a service
 * gives a page again, which would go on for ever.
 */
export async function* entriesOf<T extends { readonly id: string; readonly created_at: number }>(
  list: (after: { readonly after?: string }) => Promise<ListPage<T>>,
  earliest: number,
): AsyncGenerator<T> {
  const cursors = new Set<string>();
  for (let after: string | undefined; ; ) {
    const { data, has_more } = await list(after === undefined ? {} : { after });
    yield* data;
    after = data.at(-1)?.id;
    // Only a list that is sorted by time, newest first, can be left early.
    const isNewestFirst = data.every((one, at) => at === 0 || one.created_at <= data[at - 1]!.created_at);
    const isPast = isNewestFirst && data.length > 1 && data.every((one) => one.created_at * 1000 < earliest);
    if (after === undefined || !has_more || isPast) return;
    if (cursors.has(after)) throw new Error('the list gives the same page again');
    cursors.add(after);
  }
}

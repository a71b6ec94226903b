// Pages of OpenAI's lists. It holds no list.
import { Refusal } from './protocol.ts';

/** A part of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** The page a query asks for with `limit` and `after`. Throws a Refusal when it asks for none. */
export function pageOf<T extends { id: string }>(
  all: readonly T[],
  query: URLSearchParams,
  usual: number,
  most: number,
): Page<T> {
  const limit = query.has('limit') ? Number(query.get('limit')) : usual;
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new Refusal('invalid', `Invalid 'limit': an integer from 1 to ${most}.`);
  }
  const after = query.get('after');
  const start = after === null ? 0 : all.findIndex((one) => one.id === after) + 1;
  if (after !== null && start === 0) {
    throw new Refusal('invalid', `Invalid 'after': no object with id '${after}'.`);
  }
  return { items: all.slice(start, start + limit), hasMore: start + limit < all.length };
}

/** A page in OpenAI's shape; `data` are its items as shown. */
export function listOf(data: readonly object[], page: Page<{ id: string }>): object {
  return {
    object: 'list',
    data,
    first_id: page.items[0]?.id ?? '',
    last_id: page.items.at(-1)?.id ?? '',
    has_more: page.hasMore,
  };
}

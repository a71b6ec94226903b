// Fields of the JSON OpenAI's services answer with, each doubted: compatible services leave some out. It judges nothing.
import type { Usage } from '../../ports/provider.ts';
import { type Json, objectOf } from '../provider-http.ts';

export { type Json, objectOf } from '../provider-http.ts';

/** The good content of an answer, or why it cannot be used. */
export type Reading =
  | { readonly kind: 'text' | 'truncated' | 'refused'; readonly text: string; readonly usage: Usage }
  | { readonly kind: 'unusable'; readonly why: string };

/** The objects of a list; none when it is no list. */
export function objectsOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf).filter((one) => one !== null) : [];
}

/** The usage under the names one API gives its counts. */
export function usageOf(usage: Json | null, names: { input: string; output: string }): Usage {
  const count = (value: unknown) => (Number.isSafeInteger(value) ? Math.max(0, value as number) : 0);
  const input = count(usage?.[names.input]);
  const cached = Math.min(input, count(objectOf(usage?.[`${names.input}_details`])?.cached_tokens));
  return { input, output: count(usage?.[names.output]), ...(cached > 0 ? { cached } : {}) };
}

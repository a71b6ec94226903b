// What a batch costs as a share of single calls, by provider: our own dated table, for the price lists do not say it.
// Nothing here could be tried against a bill: it is what the named pages said on the day it was read.

/** One provider's discount. `share` is decimal text; `cachedToo`: cached input is discounted on top, by its page. */
export interface BatchDiscount {
  readonly share: string;
  readonly cachedToo: boolean;
  readonly page: string;
}

/** The day on which the pages were read. */
export const BATCH_DISCOUNTS_READ = '2026-11-22';

/** By provider name. A provider that is not here has no known batch price. */
export const BATCH_DISCOUNTS: ReadonlyMap<string, BatchDiscount> = new Map([
  ['openai', { share: '0.5', cachedToo: false, page: 'platform.openai.com/docs/guides/batch' }],
  [
    'anthropic',
    { share: '0.5', cachedToo: true, page: 'platform.claude.com/docs/en/build-with-claude/batch-processing' },
  ],
  ['gemini', { share: '0.5', cachedToo: false, page: 'ai.google.dev/gemini-api/docs/batch-api' }],
  [
    'azure',
    { share: '0.5', cachedToo: false, page: 'learn.microsoft.com/azure/ai-foundry/openai/how-to/batch' },
  ],
  ['groq', { share: '0.5', cachedToo: false, page: 'console.groq.com/docs/batch' }],
]);

// What a pipeline and a policy both say about providers and prices, as zod schemas.
import { z } from 'zod';
import { OWN_PROTOCOLS } from './resolve.ts';
import { strict } from './schema-keys.ts';

/** An amount: a number, or a decimal as text. */
export const decimal = z.union([
  z.number().min(0),
  z.string().regex(/^[0-9]+(\.[0-9]+)?$/, 'write a decimal number'),
]);

/** A model as its provider names it. */
export const modelText = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'write the name the provider gives it, without spaces');

// Texts that may hold a key are checked where they are read: a refusal here would print them.
const provider = strict({
  protocol: z
    .enum(OWN_PROTOCOLS)
    .describe('Whose protocol it speaks. Default: that of its name; needed for any other name.')
    .optional(),
  base_url: z.string().describe('Its address: https, or http on this machine.').optional(),
  key_env: z
    .string()
    .describe('Name of the environment variable that holds the key, such as OPENAI_API_KEY. Never the key.')
    .optional(),
  headers: z
    .record(z.string(), z.unknown())
    .describe('More headers of every request, none of them secret.')
    .optional(),
  api: z
    .enum(['chat', 'responses'])
    .describe('Protocol openai: chat completions or responses. Default chat.')
    .optional(),
  completion_window: z
    .string()
    .regex(/^[1-9][0-9]{0,3}[hd]$/, 'write hours or days, such as 24h')
    .describe('Protocol openai: how long a batch may take. Default 24h.')
    .optional(),
  max_requests: z.int().min(1).max(1_000_000).describe('Requests in one batch at the most.').optional(),
  max_bytes: z.int().min(10_000).max(2_000_000_000).describe('Bytes of one batch at the most.').optional(),
  queue_tokens: z
    .int()
    .min(1)
    .describe('Estimated input tokens of one model that may be queued at once.')
    .optional(),
  batch_discount: z
    .union([
      z.number().min(0).max(1),
      z.string().regex(/^(0(\.[0-9]+)?|1(\.0+)?)$/, 'write a share such as 0.5'),
    ])
    .describe('What a batch costs as a share of the price of single calls, such as 0.5.')
    .optional(),
  concurrency: z.int().min(1).max(256).describe('Single calls under way at once. Default 8.').optional(),
  batch_max_age_hours: z
    .number()
    .gt(0)
    .max(1000)
    .describe('Hours after which a batch that is not over is cancelled and the rest sent again. Default 26.')
    .optional(),
});

/** How providers are reached, and what their models cost. */
export const payKeys = {
  prices: z
    .record(
      z.string(),
      strict({
        input: decimal.describe('Input tokens.'),
        output: decimal.describe('Output tokens.'),
      }),
    )
    .describe(
      'US dollars per million tokens, as billed, by `model` or `provider/model`; with the suffix /batch or /realtime for one mode only.',
    )
    .optional(),
  providers: z
    .record(
      z
        .string()
        .regex(
          /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/,
          "use letters, digits, '-', '_' and '.', at most 64 characters",
        ),
      provider,
    )
    .describe('How providers are reached and what they take, by name.')
    .optional(),
};

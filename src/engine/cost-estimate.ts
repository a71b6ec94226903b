// What the requests of a step may use and cost before any is sent: a likely range, and a bound that holds whatever is
// answered. Pure arithmetic over the sizes of prompts; it renders and counts nothing itself.
import { costOfRequest, OVERHEAD_TOKENS } from '../analysis/price.ts';
import type { LlmStep, Step, TokenPrice } from '../pipeline/pipeline.ts';
import type { ResolvedModel } from '../pipeline/resolve.ts';
import { type BoundRule, boundOfAttempt, boundOfRetry, mostBytes } from './budget.ts';

/** From the least to the most, both included. */
export interface Range<T> {
  readonly least: T;
  readonly most: T;
}

/** How many units there are at a place of the pipeline. `bound`: no run has more, whatever is answered. */
export interface Population extends Range<number> {
  readonly bound: number;
}

/** So many units, and no others. */
export function exactly(units: number): Population {
  return { least: units, most: units, bound: units };
}

/** What the prompts of a step were read from: as they will be, with stand-ins for earlier answers, or not at all. */
export type PromptBasis = 'rendered' | 'placeholders' | 'template';

/** Sizes of a step's prompts. `bytes`: UTF-8 bytes of each prompt looked at, its system prompt included. */
export interface PromptSizes {
  readonly basis: PromptBasis;
  readonly bytes: readonly number[];
  /** Tokens of some of them, by OpenAI's newer tokenizer. */
  readonly tokens: readonly number[];
}

/** Everything an estimate is made from. `units`: those that are asked. `earlier`: most tokens of the answers before. */
export interface EstimateInput {
  readonly step: LlmStep;
  readonly asked: ResolvedModel;
  readonly price: TokenPrice | null;
  readonly units: Population;
  readonly attempts: number;
  readonly sizes: PromptSizes;
  readonly schemaTokens: number;
  readonly shortestAnswer: number;
  readonly earlier: number;
}

/** One step's estimate. Money in picodollars; null: a price is not known. */
export interface StepEstimate {
  readonly requests: Range<number>;
  readonly inputTokens: Range<number>;
  readonly outputTokens: Range<number>;
  readonly cost: Range<bigint> | null;
  /** The hard bound. `certain`: every prompt was measured, so that nothing can cost more. */
  readonly bound: { readonly money: bigint; readonly certain: boolean } | null;
}

/** Whose tokens the tokenizer counts exactly enough. */
const SAME_TOKENIZER: ReadonlySet<string> = new Set(['openai', 'azure']);

/** Others' tokens of the same text as a share of these: a margin taken from their guides, never measured here. */
export const OTHER_TOKENIZERS: Range<number> = { least: 0.9, most: 1.35 };

/** Tokens around a prompt: its role and separators. */
const WRAPPING_TOKENS = 8;

/** Tokens of being told what was wrong with an answer, when that is long. */
const FEEDBACK_TOKENS = 300;

/** UTF-8 bytes of one token of an answer, when it comes back in a later prompt. */
export const BYTES_OF_TOKEN = 5;

/**
 * The most attempts a unit can take at a step: failing a later step may lead back to it, up to the next fan-out, behind
 * which it is its children.
 */
export function attemptsAt(steps: readonly Step[], index: number): number {
  const split = steps.findIndex(({ kind }, at) => at >= index && kind === 'fan_out');
  const own = steps.slice(index, split < 0 ? undefined : split + 1);
  return Math.max(1, ...own.map((step) => step.retry.maxAttempts));
}

/** Estimates one step. Least: every answer valid at once and short. Most: every attempt used, every answer at its limit. */
export function estimateStep(input: EstimateInput): StepEstimate {
  const { step, asked, price, units, attempts, schemaTokens, shortestAnswer, earlier } = input;
  const margin = SAME_TOKENIZER.has(asked.provider) ? { least: 1, most: 1 } : OTHER_TOKENIZERS;
  const { mean, error } = meanOf(input.sizes.tokens, units.most);
  const short = Math.round(Math.max(0, mean - 2 * error) * margin.least) + WRAPPING_TOKENS;
  const long = Math.ceil((mean + 2 * error + schemaTokens + earlier) * margin.most) + WRAPPING_TOKENS;
  const again = long + (step.retry.feedback ? FEEDBACK_TOKENS : 0);
  const longest = Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
  const leastOutput = Math.min(shortestAnswer, step.maxTokens);
  const { least, most } = units;
  const retries = most * (attempts - 1);
  return {
    requests: { least, most: most + retries },
    inputTokens: { least: least * short, most: most * long + retries * again },
    outputTokens: { least: least * leastOutput, most: most * step.maxTokens + retries * longest },
    cost:
      price === null
        ? null
        : {
            least: costOfRequest({ input: short, output: leastOutput }, price) * BigInt(least),
            most:
              costOfRequest({ input: long, output: step.maxTokens }, price) * BigInt(most) +
              costOfRequest({ input: again, output: longest }, price) * BigInt(retries),
          },
    bound: price === null ? null : boundOfStep(input, price, longest),
  };
}

/** Every prompt in bytes, every attempt, every answer at its limit, as the engine reserves it. */
function boundOfStep(input: EstimateInput, price: TokenPrice, longest: number): StepEstimate['bound'] {
  const { step, asked, units, attempts, sizes, earlier } = input;
  const rule: BoundRule = {
    price,
    mode: asked.mode,
    maxTokensLater: longest,
    schemaBytes: step.schema === null ? 0 : mostBytes(step.schema),
    feedback: step.retry.feedback,
  };
  const boundOf = (bytes: number): bigint =>
    boundOfAttempt(rule, bytes, step.maxTokens) + boundOfRetry(rule, bytes) * BigInt(attempts - 1);
  if (sizes.basis === 'rendered' && sizes.bytes.length === units.bound) {
    return { money: sizes.bytes.reduce((sum, bytes) => sum + boundOf(bytes), 0n), certain: true };
  }
  const longestPrompt = sizes.bytes.reduce((most, bytes) => Math.max(most, bytes), 0);
  return { money: boundOf(longestPrompt + earlier * BYTES_OF_TOKEN) * BigInt(units.bound), certain: false };
}

/** The mean and its standard error; that of all units is exact. */
function meanOf(values: readonly number[], population: number): { mean: number; error: number } {
  const n = values.length;
  if (n === 0) return { mean: OVERHEAD_TOKENS, error: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2 || n >= population) return { mean, error: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt((squares / (n - 1) / n) * (1 - n / population)) };
}

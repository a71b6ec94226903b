// What the simulated model says to one request, whatever protocol asked. The answer depends on the request's hash and
// its registered context alone: not on the batch, its order, the process or the time.

import { ExpressionError, ExpressionSyntaxError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { fieldsFromJson, fieldsToJson, JsonError, stringifyJson } from '../expression/json.ts';
import type { Value } from '../expression/values.ts';
import type { AnswerContext } from '../ports/provider.ts';
import { openStream } from '../simulation/stream.ts';
import { type Fate, requestHashOf } from './faults.ts';
import { answerFromSchema } from './schema-answer.ts';

/** A request as far as its answer depends on it. `schema` is the one in the request itself, as JSON text. */
export interface Question {
  readonly customId: string;
  readonly model: string;
  /** All text the model is sent, for the token count. */
  readonly prompt: string;
  readonly schema: string | null;
  readonly maxTokens: number | null;
}

/** Tokens are `tokensOf` the texts; `cached` of the input were read from a cache. */
export interface SimulatedTokens {
  readonly input: number;
  readonly output: number;
  readonly cached: number;
}

/** What the model says. `cut`: it reached the tokens allowed. */
export type ModelAnswer =
  | (SimulatedTokens & { readonly kind: 'text'; readonly text: string; readonly cut: boolean })
  | (SimulatedTokens & { readonly kind: 'refused'; readonly text: string });

/** What comes of a request: an answer, or the service's error, which is not billed. */
export type SimulatedAnswer =
  | ModelAnswer
  | { readonly kind: 'errored'; readonly status: number; readonly code: string; readonly message: string };

/** Simulated token count of a text: its UTF-8 bytes divided by four, rounded up. A plausible number, no tokenizer. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / 4);
}

/**
 * Answers one request; `context` is null for requests of clients that registered none, `cached` the share of the input
 * read from a cache. Faults of rows (missing, duplicate, ...) leave the answer alone.
 */
export function answerQuestion(
  question: Question,
  context: AnswerContext | null,
  fate: Fate,
  cached: number,
): SimulatedAnswer {
  if (fate.fault === 'errored') {
    return {
      kind: 'errored',
      status: 500,
      code: 'server_error',
      message: 'The simulated server had an error.',
    };
  }
  if (fate.fault === 'rejected') {
    return {
      kind: 'errored',
      status: 400,
      code: 'invalid_request',
      message: 'The simulated server refuses this request.',
    };
  }
  const input = tokensOf(question.prompt);
  const counted = (text: string) => ({
    input,
    output: tokensOf(text),
    cached: Math.floor(input * cached),
  });
  if (fate.fault === 'refused') {
    const { text } = limited('I am sorry, but I cannot help with that. (simulated refusal)', question);
    return { kind: 'refused', text, ...counted(text) };
  }
  const whole = compose(question, context);
  if (typeof whole !== 'string') return whole;
  const { text, cut } = limited(disturb(whole, fate, question), question);
  return { kind: 'text', text, cut: cut || fate.fault === 'truncated', ...counted(text) };
}

/** The text up to the tokens allowed. */
function limited(text: string, { maxTokens }: Question): { text: string; cut: boolean } {
  if (maxTokens === null || tokensOf(text) <= maxTokens) return { text, cut: false };
  const bytes = Buffer.from(text, 'utf8').subarray(0, maxTokens * 4);
  return { text: bytes.toString('utf8').replace(/\uFFFD+$/, ''), cut: true };
}

/** The undisturbed answer, or the error row that tells the author of a `simulate:` expression what is wrong. */
function compose(question: Question, context: AnswerContext | null): string | SimulatedAnswer {
  const hash = requestHashOf(question.customId);
  const random = openStream([context?.seed ?? '', 'simulate', hash]);
  const schema = context?.schema ?? question.schema;
  let place = 'the unit fields';
  try {
    const fields = context === null ? new Map<string, Value>() : fieldsFromJson(context.fields);
    if (context?.simulate) {
      const evaluation = createEvaluation({ random });
      const answer = new Map<string, Value>();
      for (const { name, expr } of context.simulate) {
        place = `simulate.${name}`;
        const value = compiled(expr).evaluate(fields, evaluation);
        fields.set(name, value);
        answer.set(name, value);
      }
      return fieldsToJson(answer);
    }
    if (schema === null) return `This is a simulated answer (${hash.slice(0, 8)}); no model was asked.`;
    place = 'the schema';
    return stringifyJson(answerFromSchema(schema, fields, random));
  } catch (error) {
    if (!isTyped(error)) throw error;
    const message = `${place}: ${error.toString()}`;
    return { kind: 'errored', status: 400, code: 'simulate_failed', message };
  }
}

function isTyped(error: unknown): error is ExpressionError | ExpressionSyntaxError | JsonError | SyntaxError {
  return (
    error instanceof ExpressionError ||
    error instanceof ExpressionSyntaxError ||
    error instanceof JsonError ||
    error instanceof SyntaxError
  );
}

const compiledByText = new Map<string, CompiledExpression>();

function compiled(expr: string): CompiledExpression {
  let expression = compiledByText.get(expr);
  if (expression === undefined) {
    if (compiledByText.size >= 1000) compiledByText.clear();
    compiledByText.set(expr, (expression = compileExpression(expr)));
  }
  return expression;
}

/** Disturbs a whole answer. Everything `malformed` gives is beyond repair; the others but `truncated` are not. */
function disturb(text: string, fate: Fate, question: Question): string {
  switch (fate.fault) {
    case 'truncated':
      return cutAt(text, Math.floor(text.length / 2));
    case 'fenced':
      return `Here is the answer:\n\n\`\`\`json\n${text}\n\`\`\``;
    case 'prose':
      return `Sure! Here is what you asked for: ${text}\nTell me if you need anything else.`;
    case 'control':
      // What should be escaped inside a string is not; the value meant is the same.
      return text.replaceAll(/\\[^nt]|\\n|\\t/gs, (pair) => RAW[pair] ?? pair);
    case 'verbose':
      return padded(text, question.maxTokens ?? tokensOf(text) + 250);
    case 'malformed':
      return malformed(text, fate.variant);
    default:
      return text;
  }
}

const RAW: Readonly<Record<string, string>> = { '\\n': '\n', '\\t': '\t' };

function malformed(text: string, variant: number): string {
  // Without a closing bracket no reader, however lenient, can find a whole object or array in it.
  const unclosed = cutAt(text, Math.floor(text.length / 2)).replaceAll(/[}\]]/g, '');
  switch (variant % 3) {
    case 0:
      return `Let me think about it. ${unclosed}`;
    case 1:
      return `\`\`\`json\n${unclosed}`;
    default:
      return 'I would rather describe it in words: it went about as one would expect.';
  }
}

/** The same answer with as many tokens as are allowed: space around JSON, words after anything else. */
function padded(text: string, tokens: number): string {
  const missing = tokens * 4 - Buffer.byteLength(text, 'utf8');
  if (missing <= 0) return text;
  if (/^[{[]/.test(text)) return text + '\n'.repeat(missing);
  return (
    text + ' And so on, in as many words as are allowed.'.repeat(Math.ceil(missing / 44)).slice(0, missing)
  );
}

/** The first `length` UTF-16 units, less one when that would split a pair. */
function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

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
  /** All text the model is sent, for the token count. */
  readonly prompt: string;
  readonly schema: string | null;
  readonly maxTokens: number | null;
}

/** A simulated answer. Tokens are `tokensOf` the texts. */
export type SimulatedAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly cut: boolean;
      readonly input: number;
      readonly output: number;
    }
  | { readonly kind: 'refused'; readonly text: string; readonly input: number; readonly output: number }
  | { readonly kind: 'errored'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: 'missing' };

/** Simulated token count of a text: its UTF-8 bytes divided by four, rounded up. A plausible number, no tokenizer. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / 4);
}

/** Answers one request; `context` is null for requests of clients that registered none. */
export function answerQuestion(
  question: Question,
  context: AnswerContext | null,
  fate: Fate,
): SimulatedAnswer {
  if (fate.fault === 'missing') return { kind: 'missing' };
  if (fate.fault === 'errored') {
    return {
      kind: 'errored',
      status: 500,
      code: 'server_error',
      message: 'The simulated server had an error.',
    };
  }
  const input = tokensOf(question.prompt);
  if (fate.fault === 'refused') {
    const text = 'I am sorry, but I cannot help with that. (simulated refusal)';
    return { kind: 'refused', text, input, output: tokensOf(text) };
  }
  const whole = compose(question, context);
  if (typeof whole !== 'string') return whole;
  let text = fate.fault === null ? whole : disturb(whole, fate);
  let cut = fate.fault === 'truncated';
  if (question.maxTokens !== null && tokensOf(text) > question.maxTokens) {
    text = Buffer.from(text, 'utf8')
      .subarray(0, question.maxTokens * 4)
      .toString('utf8')
      .replace(/\uFFFD+$/, '');
    cut = true;
  }
  return { kind: 'text', text, cut, input, output: tokensOf(text) };
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

/** Damages a whole answer. Everything `malformed` gives is beyond repair; `fenced` is not. */
function disturb(text: string, fate: Fate): string {
  const half = cutAt(text, Math.floor(text.length / 2));
  if (fate.fault === 'truncated') return half;
  if (fate.fault === 'fenced') return `Here is the answer:\n\n\`\`\`json\n${text}\n\`\`\``;
  // Without a closing bracket no reader, however lenient, can find a whole object or array in it.
  const unclosed = half.replaceAll(/[}\]]/g, '');
  switch (fate.variant % 3) {
    case 0:
      return `Let me think about it. ${unclosed}`;
    case 1:
      return `\`\`\`json\n${unclosed}`;
    default:
      return 'I would rather describe it in words: it went about as one would expect.';
  }
}

/** The first `length` UTF-16 units, less one when that would split a pair. */
function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}

// Evaluates one expression, for trying things out: the same language and the same draws as in a pipeline.

import { ExpressionError, ExpressionSyntaxError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { compileExpression } from '../expression/expression.ts';
import { fieldsFromJson, JsonError, stringifyJson } from '../expression/json.ts';
import { pyRepr } from '../expression/text.ts';
import type { Value } from '../expression/values.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import { openStream } from '../simulation/stream.ts';
import { usageError } from './arguments.ts';

/** An expression's value over a JSON object of names, drawing from the stream of a seed: as Python prints it, or JSON. */
export function evaluateExpression(
  source: string,
  context: string,
  seed: string,
  form: 'repr' | 'json',
): string {
  const fields = readContext(context);
  const evaluation = createEvaluation({ random: openStream([seed, 'eval']) });
  try {
    const value = compileExpression(source).evaluate(fields, evaluation);
    const repr = pyRepr(evaluation, value);
    return form === 'repr' ? repr : `{"value":${stringifyJson(value)},"repr":${JSON.stringify(repr)}}`;
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) throw mistake(error, error.message);
    if (error instanceof ExpressionError) throw mistake(error, `${error.type}: ${error.message}`);
    throw error;
  }
}

function readContext(text: string): ReadonlyMap<string, Value> {
  try {
    return fieldsFromJson(text);
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof ExpressionError)) throw error;
    throw usageError('--context', `it is no JSON object: ${error.message}`, `write one, such as '{"x": 1}'`);
  }
}

function mistake(
  at: { readonly line: number | null; readonly column: number | null },
  what: string,
): ConfigurationError {
  const fix = 'change the expression';
  return new ConfigurationError([{ file: 'expression', line: at.line, column: at.column, what, fix }]);
}

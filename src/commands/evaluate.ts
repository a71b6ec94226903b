// Evaluates expressions outside a pipeline, for trying things out and for checking: the same language and the same
// draws.
import { ExpressionError, ExpressionSyntaxError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { fieldsFromJson, JsonError } from '../expression/json.ts';
import { pyRepr } from '../expression/text.ts';
import type { Fields, Value } from '../expression/values.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import { MAX_STEP_TEXT, writeField } from '../simulation/field-text.ts';
import { usageError } from './arguments.ts';
import { type Draws, openDraws } from './draws.ts';
import { answerOrError, CompileCache, readDraws, readLine, readObject, readText } from './line-request.ts';

/** An expression's value over a JSON object of names: as Python prints it, or as `{"value", "repr"}`. */
export function evaluateExpression(
  source: string,
  context: string,
  draws: Draws,
  form: 'repr' | 'json',
): string {
  const fields = readContext(context);
  try {
    const { value, repr } = evaluate(compileExpression(source), fields, draws);
    return form === 'repr' ? repr : valueLine(value, repr);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) throw mistake(error, error.message);
    if (error instanceof ExpressionError) throw mistake(error, error.toString());
    throw error;
  }
}

/**
 * Answers lines `{"expr", "context"?, "seed"?, "rng"?}`: with `{"value", "repr"}`, or with `{"error", "at"}`, Python's
 * exception class first. A value without a JSON form (inf, nan, a function) is null there; its repr tells.
 */
export function createEvaluator(defaults: Draws): (line: string) => string {
  const cache = new CompileCache<CompiledExpression>();
  return (line) =>
    answerOrError(() => {
      const request = readLine(line);
      const source = readText(request, 'expr');
      const fields = readObject(request, 'context');
      const draws = readDraws(request, defaults);
      const compiled = cache.get(source, () => compileExpression(source));
      const { value, repr } = evaluate(compiled, fields, draws);
      return valueLine(value, repr);
    });
}

function evaluate(
  compiled: CompiledExpression,
  fields: Fields,
  draws: Draws,
): { readonly value: Value; readonly repr: string } {
  const evaluation = createEvaluation({ random: openDraws(draws, 'eval') });
  const value = compiled.evaluate(fields, evaluation);
  return { value, repr: pyRepr(evaluation, value) };
}

function valueLine(value: Value, repr: string): string {
  return `{"value":${jsonOrNull(value)},"repr":${JSON.stringify(repr)}}`;
}

function jsonOrNull(value: Value): string {
  try {
    return writeField(value, { left: MAX_STEP_TEXT });
  } catch (error) {
    if (error instanceof ExpressionError && error.type !== 'LimitError') return 'null';
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

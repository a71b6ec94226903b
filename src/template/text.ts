// How values of a template become text and truth, and how escaped text behaves among plain text.
// It refuses to escape on its own: prompts are plain text.
import { isTruthy } from '../expression/comparison.ts';
import { admitText, type Evaluation } from '../expression/evaluation.ts';
import { pyStr } from '../expression/text.ts';
import type { Value } from '../expression/values.ts';
import { defined, Markup, Undefined } from './objects.ts';

/** What `{{ value }}` prints. */
export function toText(evaluation: Evaluation, value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return value.lenient ? '' : value.fail();
  return pyStr(evaluation, value);
}

/** What `{% if value %}` takes it for. */
export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return value.lenient ? false : value.fail();
  if (value instanceof Markup) return value.content !== '';
  return isTruthy(value);
}

/** The value as operators and functions take it: escaped text is text, undefined is an error. */
export function operand(value: Value): Value {
  return value instanceof Markup ? value.content : defined(value);
}

/** `a ~ b`. */
export function concatenate(evaluation: Evaluation, values: readonly Value[]): string {
  let text = '';
  for (const value of values) {
    text += toText(evaluation, value);
    if (text.length > 1024) admitText(evaluation, text.length);
  }
  return text;
}

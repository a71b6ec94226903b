// How values of a template become text and truth, and how escaped text behaves among plain text.
// It refuses to escape on its own: prompts are plain text.
import { add } from '../expression/arithmetic.ts';
import { isTruthy } from '../expression/comparison.ts';
import { admitText, type Evaluation, spend } from '../expression/evaluation.ts';
import { pyStr } from '../expression/text.ts';
import type { Value } from '../expression/values.ts';
import { defined, Markup, TemplateModule, Undefined } from './objects.ts';

/** What `{{ value }}` prints. */
export function toText(evaluation: Evaluation, value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Markup) return value.content;
  if (value instanceof Undefined) return value.lenient ? '' : value.fail();
  if (value instanceof TemplateModule) return value.output;
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

/** An argument, or what stands for it when it was not given; None was given. */
export function given(argument: Value | undefined, fallback: Value): Value {
  return argument === undefined ? fallback : argument;
}

/** An argument taken for true or false. */
export function flag(argument: Value | undefined, fallback: boolean): boolean {
  return argument === undefined ? fallback : isTrue(argument);
}

/** `a + b`: escaped text stays escaped, and what is added to it is escaped. */
export function addValues(evaluation: Evaluation, a: Value, b: Value): Value {
  if (!(a instanceof Markup || b instanceof Markup)) return add(evaluation, defined(a), defined(b));
  const left = escapedText(evaluation, a);
  const right = escapedText(evaluation, b);
  if (left === null || right === null) return add(evaluation, operand(a), operand(b));
  admitText(evaluation, left.length + right.length);
  return new Markup(left + right);
}

function escapedText(evaluation: Evaluation, value: Value): string | null {
  if (value instanceof Markup) return value.content;
  return typeof value === 'string' ? escapeMarkup(evaluation, value) : null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** Replaces the five characters that mean something in HTML. */
export function escapeMarkup(evaluation: Evaluation, text: string): string {
  spend(evaluation, text.length);
  const escaped = text.replace(/[&<>'"]/g, (character) => ENTITIES[character]!);
  admitText(evaluation, escaped.length);
  return escaped;
}

/** `a ~ b`. */
export function concatenate(evaluation: Evaluation, values: readonly Value[]): string {
  let text = '';
  spend(evaluation, values.length);
  for (const value of values) {
    text += toText(evaluation, value);
    if (text.length > 1024) admitText(evaluation, text.length);
  }
  return text;
}

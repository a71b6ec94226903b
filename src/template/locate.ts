// Turns what goes wrong inside a rendering into an error with a template, a line and a column.
// It refuses to swallow bugs: an exception it does not know passes through unchanged.
import { ExpressionError } from '../expression/errors.ts';
import { TemplateError, templateErrorAt } from './error.ts';
import type { TemplateSource } from './source.ts';
import type { Span } from './syntax.ts';

/** The error to throw instead: one that has a place keeps it, so the innermost place wins. */
export function locateError(error: unknown, source: TemplateSource, span: Span): unknown {
  if (error instanceof TemplateError) return error;
  if (error instanceof ExpressionError) {
    return templateErrorAt(error.type, error.message, source, span.start, span.end);
  }
  if (isStackOverflow(error)) {
    return templateErrorAt('LimitError', 'calls nested too deeply', source, span.start, span.end);
  }
  return error;
}

/** True for the exception that V8 throws when the stack is full. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

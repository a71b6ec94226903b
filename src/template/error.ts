// The one error this folder throws at people: what is wrong, in which template, at which line and column.
// It refuses to be a bug report: anything that is not a person's mistake stays an ordinary exception.
import { positionAt, type TemplateSource } from './source.ts';

/** A mistake in a template, or one met while rendering it. */
export class TemplateError extends Error {
  /** Python's class for it: `TemplateSyntaxError`, `UndefinedError`, `TypeError`, `LimitError`, ... */
  readonly type: string;
  /** The name of the template in which it happened. */
  readonly template: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
  /** The text of the expression that failed, or null when no single expression did. */
  readonly expression: string | null;

  constructor(
    type: string,
    message: string,
    at: { template: string; line: number; column: number; expression: string | null },
  ) {
    super(message);
    this.name = 'TemplateError';
    this.type = type;
    this.template = at.template;
    this.line = at.line;
    this.column = at.column;
    this.expression = at.expression;
  }
}

/** An error at an offset of a template, with the expression's text when `end` is given. */
export function templateErrorAt(
  type: string,
  message: string,
  source: TemplateSource,
  start: number,
  end: number | null = null,
): TemplateError {
  const expression = end === null ? null : source.text.slice(start, end);
  return new TemplateError(type, message, {
    template: source.name,
    ...positionAt(source, start),
    expression,
  });
}

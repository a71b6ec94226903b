// Compiles f-strings.
import type { Context } from './code.ts';
import { admitText, type Evaluation } from './evaluation.ts';
import { formatField } from './format.ts';
import type { Frame } from './scope.ts';
import type { Field } from './syntax.ts';
import { pyStr } from './text.ts';

type TextCode = (frame: Frame, evaluation: Evaluation) => string;

/** The parts of an f-string, or of a format spec, as one text. */
export function compileFormatted(parts: readonly (string | Field)[], context: Context): TextCode {
  const codes = parts.map((part) => (typeof part === 'string' ? part : compileField(part, context)));
  return (frame, evaluation) => {
    let text = '';
    for (const code of codes) text += typeof code === 'string' ? code : code(frame, evaluation);
    admitText(evaluation, text.length);
    return text;
  };
}

function compileField(field: Field, context: Context): TextCode {
  const value = context.compile(field.value, context);
  const { conversion } = field;
  const at = field.value.start;
  if (conversion === null && field.spec === null) {
    return (frame, evaluation) => {
      const item = value(frame, evaluation);
      evaluation.at = at;
      return pyStr(evaluation, item);
    };
  }
  const spec = compileFormatted(field.spec ?? [], context);
  return (frame, evaluation) => {
    const item = value(frame, evaluation);
    const text = spec(frame, evaluation);
    evaluation.at = at;
    return formatField(evaluation, item, conversion, text);
  };
}

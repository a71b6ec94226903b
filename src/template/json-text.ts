// `tojson`: Python's json.dumps with sorted keys, plain ASCII, and the characters that mean something in HTML escaped.
// It refuses what json.dumps refuses: sets, ranges, functions, undefined.
import { compare } from '../expression/comparison.ts';
import { raise } from '../expression/errors.ts';
import { admitText, type Evaluation, enter, leave, spend } from '../expression/evaluation.ts';
import { pyRepr } from '../expression/text.ts';
import {
  dictEntries,
  isNumber,
  listItems,
  PyDict,
  PyList,
  PyTuple,
  toNumber,
  typeName,
  type Value,
} from '../expression/values.ts';
import { Markup, Undefined } from './objects.ts';

/** JSON text; `indent` null writes it on one line. */
export function toJsonText(evaluation: Evaluation, value: Value, indent: string | null): string {
  const text = new JsonWriter(evaluation, indent).write(value, '\n');
  return text.replace(
    /[<>&']/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

class JsonWriter {
  private readonly evaluation: Evaluation;
  private readonly indent: string | null;
  private written = 0;

  constructor(evaluation: Evaluation, indent: string | null) {
    this.evaluation = evaluation;
    this.indent = indent;
  }

  /** `lineEnd` is the line end and indentation of the line that the value stands on. */
  write(value: Value, lineEnd: string): string {
    if (value instanceof PyList || value instanceof PyTuple) {
      const items = value instanceof PyList ? listItems(value) : value.items;
      return this.wrap('[', ']', items, lineEnd, (item, inner) => this.write(item, inner));
    }
    if (value instanceof PyDict) {
      return this.wrap('{', '}', this.sorted(value), lineEnd, ([key, item], inner) => {
        return `${quote(keyText(this.evaluation, key))}: ${this.write(item, inner)}`;
      });
    }
    return this.count(scalar(this.evaluation, value));
  }

  private wrap<T>(
    open: string,
    close: string,
    items: readonly T[],
    lineEnd: string,
    write: (item: T, lineEnd: string) => string,
  ): string {
    if (items.length === 0) return open + close;
    enter(this.evaluation);
    spend(this.evaluation, items.length);
    const inner = this.indent === null ? '' : lineEnd + this.indent;
    const parts = items.map((item) => this.count(write(item, inner || lineEnd), inner.length));
    leave(this.evaluation);
    if (this.indent === null) return open + parts.join(', ') + close;
    return open + inner + parts.join(`,${inner}`) + lineEnd + close;
  }

  private count(text: string, more = 0): string {
    this.written += text.length + more;
    admitText(this.evaluation, this.written);
    return text;
  }

  private sorted(dict: PyDict): [Value, Value][] {
    return [...dictEntries(dict)].sort(([a], [b]) => {
      if (compare(this.evaluation, '<', a, b)) return -1;
      return compare(this.evaluation, '<', b, a) ? 1 : 0;
    });
  }
}

function scalar(evaluation: Evaluation, value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'string') return quote(value);
  if (value instanceof Markup) return quote(value.content);
  if (isNumber(value)) return numberText(evaluation, value);
  const type = value instanceof Undefined ? 'StrictUndefined' : typeName(value);
  return raise('TypeError', `Object of type ${type} is not JSON serializable`);
}

function numberText(evaluation: Evaluation, value: Value): string {
  const number = toNumber(value);
  if (typeof value === 'number' && number !== null && !Number.isFinite(number)) {
    return Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity';
  }
  return pyRepr(evaluation, value);
}

function keyText(evaluation: Evaluation, key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean' || isNumber(key)) return scalar(evaluation, key);
  return raise('TypeError', `keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

// `pprint`: a value over several lines when it is too long for one, dicts sorted by key, as Python's pprint does it.
// It leaves long strings whole.
import { compare } from '../expression/comparison.ts';
import { ExpressionError } from '../expression/errors.ts';
import { admitText, type Evaluation, enter, leave, spend } from '../expression/evaluation.ts';
import { pyRepr } from '../expression/text.ts';
import {
  dictEntries,
  listItems,
  PyDict,
  PyList,
  PyTuple,
  typeName,
  type Value,
} from '../expression/values.ts';

const WIDTH = 80;

/** The text of a value for people. */
export function prettyText(evaluation: Evaluation, value: Value): string {
  const text = layOut(evaluation, value, 0, 0);
  admitText(evaluation, text.length);
  return text;
}

/** `indent`: columns before the value; `after`: characters that follow on its last line. */
function layOut(evaluation: Evaluation, value: Value, indent: number, after: number): string {
  const flat = flatText(evaluation, value);
  spend(evaluation, 1 + (flat.length >> 4));
  if (flat.length <= WIDTH - indent - after) return flat;
  enter(evaluation);
  const text = layOutParts(evaluation, value, indent, after) ?? flat;
  leave(evaluation);
  return text;
}

function layOutParts(evaluation: Evaluation, value: Value, indent: number, after: number): string | null {
  const separator = `,\n${' '.repeat(indent + 1)}`;
  if (value instanceof PyList || value instanceof PyTuple) {
    const items = value instanceof PyList ? listItems(value) : value.items;
    const [open, close] = value instanceof PyList ? ['[', ']'] : ['(', items.length === 1 ? ',)' : ')'];
    const parts = items.map((item, i) =>
      layOut(evaluation, item, indent + 1, i === items.length - 1 ? after + close.length : 1),
    );
    return open + parts.join(separator) + close;
  }
  if (value instanceof PyDict) {
    const entries = sortedEntries(evaluation, value);
    const parts = entries.map(([key, item], i) => {
      const name = `${pyRepr(evaluation, key)}: `;
      return (
        name + layOut(evaluation, item, indent + 1 + name.length, i === entries.length - 1 ? after + 1 : 1)
      );
    });
    return `{${parts.join(separator)}}`;
  }
  return null;
}

function flatText(evaluation: Evaluation, value: Value): string {
  if (value instanceof PyDict) {
    enter(evaluation);
    const parts = sortedEntries(evaluation, value).map(
      ([key, item]) => `${pyRepr(evaluation, key)}: ${flatText(evaluation, item)}`,
    );
    leave(evaluation);
    return `{${parts.join(', ')}}`;
  }
  if (value instanceof PyList || value instanceof PyTuple) {
    enter(evaluation);
    const items = value instanceof PyList ? listItems(value) : value.items;
    const text = items.map((item) => flatText(evaluation, item)).join(', ');
    leave(evaluation);
    if (value instanceof PyList) return `[${text}]`;
    return items.length === 1 ? `(${text},)` : `(${text})`;
  }
  return pyRepr(evaluation, value);
}

// Keys that cannot be compared are ordered by the name of their type, as pprint does.
function sortedEntries(evaluation: Evaluation, dict: PyDict): [Value, Value][] {
  spend(evaluation, dict.entries.size);
  return [...dictEntries(dict)].sort(([a], [b]) => {
    try {
      return compare(evaluation, '<', a, b) ? -1 : compare(evaluation, '<', b, a) ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ExpressionError) || error.type !== 'TypeError') throw error;
      return typeName(a) < typeName(b) ? -1 : 1;
    }
  });
}

// What `a.b`, `a['b']` and `a(b)` reach: items of dicts and lists, methods of the language's types, the attributes of
// template objects. Never a property of a JavaScript object.
import { callMethod as callMethodOf, findAttribute } from '../expression/attributes.ts';
import { callFunction } from '../expression/calls.ts';
import { ExpressionError, raise } from '../expression/errors.ts';
import { admitItems, type Evaluation } from '../expression/evaluation.ts';
import { getItem as getItemOf } from '../expression/indexing.ts';
import { toItems } from '../expression/iteration.ts';
import { characters, pyRepr } from '../expression/text.ts';
import {
  dictGet,
  type NamedArguments,
  PyDict,
  PyFunction,
  PyHost,
  PyIterator,
  PySet,
  PySlice,
  typeName,
  type Value,
} from '../expression/values.ts';
import { Group, Markup, Undefined } from './objects.ts';
import { operand } from './text.ts';

/** The methods that change a list, dict or set in place. */
const MUTATORS: ReadonlySet<string> = new Set([
  ...[
    'append',
    'extend',
    'insert',
    'pop',
    'remove',
    'clear',
    'sort',
    'reverse',
    'update',
    'setdefault',
    'popitem',
  ],
  ...['add', 'discard', 'difference_update', 'intersection_update', 'symmetric_difference_update'],
]);

/** True for the name of a method that changes its object. */
export function isMutator(name: string): boolean {
  return MUTATORS.has(name);
}

/** `value.name`: an attribute if there is one, else an item of that key, else undefined. */
export function getAttribute(evaluation: Evaluation, value: Value, name: string): Value {
  const attribute = attributeOf(evaluation, value, name);
  if (attribute !== undefined) return attribute;
  const item = value instanceof PyDict ? dictGet(value, name) : undefined;
  return item === undefined ? missing(evaluation, value, name) : item;
}

/** `value[index]`: an item if there is one, else an attribute of that name, else undefined. */
export function getItem(evaluation: Evaluation, value: Value, index: Value): Value {
  if (value instanceof Undefined) return value.fail();
  // Only a dict looks at its key, by hashing it; to anything else an undefined index is one more that does not fit.
  if (index instanceof Undefined && !(value instanceof PyDict)) return missing(evaluation, value, index);
  const key = operand(index);
  if (value instanceof PyDict && typeof key === 'string') {
    const item = dictGet(value, key);
    if (item !== undefined) return item;
  } else if (!(value instanceof PyHost) || value instanceof Markup) {
    const item = itemOf(evaluation, operand(value), key);
    if (item !== undefined) return item;
  }
  // Changing an object takes its method's plain name: only then is the object known to be the template's own copy.
  const attribute =
    typeof key === 'string' && !isMutator(key) ? attributeOf(evaluation, value, key) : undefined;
  return attribute === undefined ? missing(evaluation, value, key) : attribute;
}

/** The attribute of that name, or undefined; items are not looked at. */
export function attributeOf(evaluation: Evaluation, value: Value, name: string): Value | undefined {
  if (value instanceof Undefined) return value.fail();
  const part = value instanceof Group ? value.attribute(name) : undefined;
  if (part !== undefined) return part;
  return findAttribute(evaluation, operand(value), name);
}

function itemOf(evaluation: Evaluation, value: Value, key: Value): Value | undefined {
  try {
    return getItemOf(evaluation, value, key);
  } catch (error) {
    const absent =
      error instanceof ExpressionError &&
      (error.type === 'KeyError' || error.type === 'IndexError' || error.type === 'TypeError');
    // A slice is Python's own; what it cannot do is an error and not a missing item.
    if (!absent || key instanceof PySlice) throw error;
    return undefined;
  }
}

/** The undefined value that says what was looked for and where. */
export function missing(evaluation: Evaluation, value: Value, key: Value): Undefined {
  const owner = value === null ? 'None' : `${typeName(value)} object`;
  return new Undefined(
    typeof key === 'string'
      ? `'${owner}' has no attribute '${key}'`
      : `${owner} has no element ${pyRepr(evaluation, key)}`,
  );
}

/** Calls a value: a function, a method, a macro. */
export function callValue(
  evaluation: Evaluation,
  callee: Value,
  positional: readonly Value[],
  named: NamedArguments | null,
): Value {
  if (callee instanceof PyFunction && positional.some((value) => value instanceof Markup)) {
    positional = positional.map((value) => (value instanceof Markup ? value.content : value));
  }
  return callFunction(evaluation, callee, positional, named);
}

/** `value.name(...)` for the filters that are methods. */
export function callMethod(
  evaluation: Evaluation,
  value: Value,
  name: string,
  args: readonly Value[],
): Value {
  return callMethodOf(evaluation, value, name, args);
}

/** The items from last to first. Throws TypeError for what has no order or can be gone through only once. */
export function reversed(evaluation: Evaluation, value: Value): Value[] {
  if (typeof value === 'string') {
    admitItems(evaluation, value.length);
    return characters(value).reverse();
  }
  if (value instanceof PySet || value instanceof PyIterator || value instanceof PyHost) {
    raise('TypeError', `'${typeName(value)}' object is not reversible`);
  }
  return toItems(evaluation, value).reverse();
}

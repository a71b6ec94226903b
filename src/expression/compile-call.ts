// Compiles subscripts, attributes and calls.
import { callMethod } from './attributes.ts';
import { BUILTINS } from './builtins.ts';
import { callFunction } from './calls.ts';
import type { Code, Context } from './code.ts';
import { compileItems, type ItemsCode } from './compile-display.ts';
import { ExpressionSyntaxError, raise } from './errors.ts';
import { admitItems, type Evaluation, enter, leave, spend } from './evaluation.ts';
import { getItem } from './indexing.ts';
import { RANDOM } from './random-functions.ts';
import type { Frame } from './scope.ts';
import type { NamedArgument, Node } from './syntax.ts';
import { PyDict, PyFunction, PyList, PySlice, PyType, typeName, type Value } from './values.ts';

/** `object[index]`, with the common case of a list and a place in it first. */
export function compileSubscript(objectNode: Node, indexNode: Node, at: number, context: Context): Code {
  const object = context.compile(objectNode, context);
  if (indexNode.kind === 'slice' && indexNode.step === null)
    return compileSlice(object, indexNode, at, context);
  const index = context.compile(indexNode, context);
  return (frame, evaluation) => {
    const container = object(frame, evaluation);
    const key = index(frame, evaluation);
    if (container instanceof PyList && typeof key === 'number' && key >= 0 && key < container.length) {
      const item = container.items[key];
      // A fractional index finds nothing here and fails below.
      if (item !== undefined) return item;
    }
    evaluation.at = at;
    return getItem(evaluation, container, key);
  };
}

// `list[from:to]` with small non-negative bounds is one copy of memory; the rest goes the general way.
function compileSlice(object: Code, node: Node & { kind: 'slice' }, at: number, context: Context): Code {
  const from = node.from === null ? null : context.compile(node.from, context);
  const to = node.to === null ? null : context.compile(node.to, context);
  return (frame, evaluation) => {
    const container = object(frame, evaluation);
    const first = from === null ? null : from(frame, evaluation);
    const last = to === null ? null : to(frame, evaluation);
    evaluation.at = at;
    if (container instanceof PyList) {
      const { items, length } = container;
      const start = first === null ? 0 : first;
      const stop = last === null ? length : last;
      if (isPlace(start) && isPlace(stop)) {
        const end = Math.min(stop, length);
        if (start < end) admitItems(evaluation, end - start);
        return new PyList(start < end ? items.slice(start, end) : []);
      }
    }
    return getItem(evaluation, container, new PySlice(first, last, null));
  };
}

function isPlace(value: Value): value is number {
  return typeof value === 'number' && (value | 0) === value && value >= 0;
}

/** Refuses names with double underscores when the expression is compiled. */
export function refuseDunder(name: string, node: Node, context: Context): void {
  if (name.startsWith('__')) {
    throw new ExpressionSyntaxError(
      `'${name}' is not available: double underscores reach Python's machinery`,
      context.source,
      node.start,
      node.end,
    );
  }
}

type NamedCode = (frame: Frame, evaluation: Evaluation) => Map<string, Value>;

function compileNamed(named: readonly NamedArgument[], context: Context): NamedCode | null {
  if (named.length === 0) return null;
  const codes = named.map(({ name, value }) => ({
    name,
    at: value.start,
    code: context.compile(value, context),
  }));
  return (frame, evaluation) => {
    const result = new Map<string, Value>();
    for (const { name, at, code } of codes) {
      const value = code(frame, evaluation);
      evaluation.at = at;
      if (name !== null) addNamed(result, name, value);
      else {
        if (!(value instanceof PyDict)) {
          raise('TypeError', `argument after ** must be a mapping, not ${typeName(value)}`);
        }
        for (const [key, item] of value.entries) {
          if (typeof key !== 'string') raise('TypeError', 'keywords must be strings');
          addNamed(result, key, item);
        }
      }
    }
    return result;
  };
}

function addNamed(result: Map<string, Value>, name: string, value: Value): void {
  if (result.has(name)) raise('TypeError', `got multiple values for keyword argument '${name}'`);
  result.set(name, value);
}

/** A call of a function or of a method. */
export function compileCall(node: Node & { kind: 'call' }, context: Context): Code {
  const { callee, start: at } = node;
  const positional = node.positional.length === 0 ? () => [] : compileItems(node.positional, context);
  const named = compileNamed(node.named, context);
  if (callee.kind === 'attribute') {
    refuseDunder(callee.name, callee, context);
    return compileMethodCall(callee, positional, named, at, context);
  }
  const known = knownFunction(callee, context);
  if (known !== null) return compileKnownCall(known, positional, named, at);
  const target = context.compile(callee, context);
  return (frame, evaluation) => {
    const value = target(frame, evaluation);
    const items = positional(frame, evaluation);
    const names = named === null ? null : named(frame, evaluation);
    evaluation.at = at;
    return callFunction(evaluation, value, items, names);
  };
}

/** A callable that a name stands for unless the unit has a field of that name in the slot. */
interface KnownFunction {
  readonly slot: number;
  readonly value: PyFunction | PyType;
}

function knownFunction(callee: Node, context: Context): KnownFunction | null {
  if (callee.kind !== 'name') return null;
  const value = BUILTINS.get(callee.name);
  if (!(value instanceof PyFunction || value instanceof PyType)) return null;
  const { depth, slot, isField } = context.scope.find(callee.name);
  return depth === 0 && isField ? { slot, value } : null;
}

function compileKnownCall(
  { slot, value }: KnownFunction,
  positional: ItemsCode,
  named: NamedCode | null,
  at: number,
): Code {
  const { body } = value;
  return (frame, evaluation) => {
    const own = frame.slots[slot];
    const items = positional(frame, evaluation);
    const names = named === null ? null : named(frame, evaluation);
    evaluation.at = at;
    if (own !== undefined) return callFunction(evaluation, own, items, names);
    spend(evaluation, 1);
    enter(evaluation);
    const result = body(evaluation, items, names);
    leave(evaluation);
    return result;
  };
}

function compileMethodCall(
  callee: Node & { kind: 'attribute' },
  positional: ItemsCode,
  named: NamedCode | null,
  at: number,
  context: Context,
): Code {
  const object = context.compile(callee.object, context);
  const { name } = callee;
  // `random.choice` and its like are found once; a field named `random` still wins when there is one.
  const draw =
    callee.object.kind === 'name' && callee.object.name === 'random' ? RANDOM.members.get(name) : undefined;
  return (frame, evaluation) => {
    const receiver = object(frame, evaluation);
    const items = positional(frame, evaluation);
    const names = named === null ? null : named(frame, evaluation);
    evaluation.at = at;
    if (draw !== undefined && receiver === RANDOM) return callFunction(evaluation, draw, items, names);
    return callMethod(evaluation, receiver, name, items, names);
  };
}

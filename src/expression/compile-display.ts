// Compiles displays: `[a, *b]`, `(a, b)`, `{a, b}`, `{k: v, **d}`, and the arguments of calls.
import type { Code, Context } from './code.ts';
import { dictUpdate } from './dict-methods.ts';
import { raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { isIterable, toItems } from './iteration.ts';
import { dictSet } from './keys.ts';
import type { Frame } from './scope.ts';
import type { Node } from './syntax.ts';
import { PyDict, PyList, PyTuple, typeName, type Value } from './values.ts';

/** Code that gives several values. */
export type ItemsCode = (frame: Frame, evaluation: Evaluation) => Value[];

/** The values of a list of nodes, starred ones spread out. */
export function compileItems(nodes: readonly Node[], context: Context): ItemsCode {
  if (nodes.some((node) => node.kind === 'starred')) return compileStarredItems(nodes, context);
  const codes = nodes.map((node) => context.compile(node, context));
  const [first, second] = codes;
  if (codes.length === 1) return (frame, evaluation) => [first!(frame, evaluation)];
  if (codes.length === 2)
    return (frame, evaluation) => [first!(frame, evaluation), second!(frame, evaluation)];
  return (frame, evaluation) => {
    const items: Value[] = [];
    for (let i = 0; i < codes.length; i++) items.push(codes[i]!(frame, evaluation));
    return items;
  };
}

function compileStarredItems(nodes: readonly Node[], context: Context): ItemsCode {
  const parts = nodes.map((node) => ({
    at: node.start,
    starred: node.kind === 'starred',
    code: context.compile(node.kind === 'starred' ? node.value : node, context),
  }));
  return (frame, evaluation) => {
    const items: Value[] = [];
    for (const part of parts) {
      const value = part.code(frame, evaluation);
      if (!part.starred) items.push(value);
      else {
        evaluation.at = part.at;
        if (!isIterable(value))
          raise('TypeError', `Value after * must be an iterable, not ${typeName(value)}`);
        for (const item of toItems(evaluation, value)) items.push(item);
      }
    }
    return items;
  };
}

function constantItems(nodes: readonly Node[]): Value[] | null {
  const values: Value[] = [];
  for (const node of nodes) {
    if (node.kind !== 'constant') return null;
    values.push(node.value);
  }
  return values;
}

/** A tuple; one of constants is made once. */
export function compileTuple(nodes: readonly Node[], context: Context): Code {
  const values = constantItems(nodes);
  if (values !== null) {
    const tuple = new PyTuple(values);
    return () => tuple;
  }
  const items = compileItems(nodes, context);
  return (frame, evaluation) => new PyTuple(items(frame, evaluation));
}

/** A list, new at every evaluation. */
export function compileList(nodes: readonly Node[], context: Context): Code {
  const values = constantItems(nodes);
  if (values !== null) {
    // Each evaluation gives a list of its own over the same items. The spare item at the end keeps `list + [x]` from
    // appending to them.
    const items = [...values, null];
    const { length } = values;
    return () => new PyList(items, length, true);
  }
  const items = compileItems(nodes, context);
  return (frame, evaluation) => new PyList(items(frame, evaluation));
}

/** A dict. */
export function compileDict(
  entries: readonly (readonly [Node | null, Node])[],
  at: number,
  context: Context,
): Code {
  const codes = entries.map(
    ([key, value]) =>
      [key === null ? null : context.compile(key, context), context.compile(value, context)] as const,
  );
  return (frame, evaluation) => {
    const dict = new PyDict();
    for (const [key, value] of codes) {
      if (key !== null) {
        const name = key(frame, evaluation);
        const item = value(frame, evaluation);
        evaluation.at = at;
        dictSet(evaluation, dict, name, item);
      } else {
        const mapping = value(frame, evaluation);
        evaluation.at = at;
        if (!(mapping instanceof PyDict))
          raise('TypeError', `'${typeName(mapping)}' object is not a mapping`);
        dictUpdate(evaluation, dict, [mapping], null);
      }
    }
    return dict;
  };
}

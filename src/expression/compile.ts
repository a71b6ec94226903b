// Compiles a syntax tree to closures. Every closure that can fail notes its place in `evaluation.at` just before the
// failing operation; the boundary turns that into line and column.
import {
  add,
  type BitOperator,
  bitwise,
  divide,
  floorDivide,
  invert,
  modulo,
  multiply,
  negate,
  plus,
  power,
  subtract,
} from './arithmetic.ts';
import { callMethod, getAttribute } from './attributes.ts';
import { BUILTINS } from './builtins.ts';
import { callFunction } from './calls.ts';
import type { Code, Context } from './code.ts';
import { compare, contains, equals, isSame, isTruthy } from './comparison.ts';
import { compileComprehension } from './comprehension.ts';
import { dictUpdate } from './dict-methods.ts';
import { ExpressionSyntaxError, raise } from './errors.ts';
import { admitText, type Evaluation } from './evaluation.ts';
import { formatField } from './format.ts';
import { getItem } from './indexing.ts';
import { isIterable, toItems } from './iteration.ts';
import { dictSet, setAdd } from './keys.ts';
import { compileLambda } from './lambda.ts';
import { RANDOM } from './random-functions.ts';
import { depthBetween, type Frame, type Scope } from './scope.ts';
import type { BinaryOperator, ComparisonOperator, Field, NamedArgument, Node } from './syntax.ts';
import { pyStr } from './text.ts';
import { PyDict, PyList, PySet, PySlice, PyTuple, typeName, type Value } from './values.ts';

/** Compiles an expression's tree. Throws ExpressionSyntaxError for what only names can decide. */
export function compileTree(tree: Node, source: string, scope: Scope): Code {
  return compileNode(tree, { source, scope, inIterable: false, compile: compileNode });
}

function compileNode(node: Node, context: Context): Code {
  const { start: at } = node;
  switch (node.kind) {
    case 'constant': {
      const { value } = node;
      return () => value;
    }
    case 'name':
      return compileName(node.name, at, context);
    case 'formatted':
      return compileFormatted(node.parts, context);
    case 'tuple':
      return compileTuple(node.items, context);
    case 'list':
      return compileList(node.items, context);
    case 'set': {
      const items = compileItems(node.items, context);
      return (frame, evaluation) => {
        const set = new PySet();
        for (const item of items(frame, evaluation)) {
          evaluation.at = at;
          setAdd(evaluation, set, item);
        }
        return set;
      };
    }
    case 'dict':
      return compileDict(node.entries, at, context);
    case 'binary':
      return compileBinary(
        node.operator,
        compileNode(node.left, context),
        compileNode(node.right, context),
        at,
      );
    case 'unary':
      return compileUnary(node.operator, compileNode(node.operand, context), at);
    case 'and':
    case 'or':
      return compileLogical(node.kind, node.operands, context);
    case 'comparison':
      return compileComparison(node.first, node.rest, context);
    case 'conditional': {
      const condition = compileNode(node.condition, context);
      const chosen = compileNode(node.chosen, context);
      const otherwise = compileNode(node.otherwise, context);
      return (frame, evaluation) =>
        isTruthy(condition(frame, evaluation)) ? chosen(frame, evaluation) : otherwise(frame, evaluation);
    }
    case 'call':
      return compileCall(node, context);
    case 'attribute': {
      const object = compileNode(node.object, context);
      const { name } = node;
      refuseDunder(name, node, context);
      return (frame, evaluation) => {
        const value = object(frame, evaluation);
        evaluation.at = at;
        return getAttribute(evaluation, value, name);
      };
    }
    case 'subscript':
      return compileSubscript(node.object, node.index, at, context);
    case 'slice': {
      const parts = [node.from, node.to, node.step].map((part) =>
        part === null ? null : compileNode(part, context),
      );
      const [from, to, step] = parts;
      return (frame, evaluation) =>
        new PySlice(
          from ? from(frame, evaluation) : null,
          to ? to(frame, evaluation) : null,
          step ? step(frame, evaluation) : null,
        );
    }
    case 'starred':
      throw new ExpressionSyntaxError('a starred value is not allowed here', context.source, at, node.end);
    case 'walrus':
      return compileWalrus(node, context);
    case 'lambda':
      return compileLambda(node, context);
    case 'comprehension':
      return compileComprehension(node, context);
    default:
      return node satisfies never;
  }
}

function compileName(name: string, at: number, context: Context): Code {
  const place = context.scope.find(name);
  const { depth, slot } = place;
  const fallback = place.isField ? BUILTINS.get(name) : undefined;
  const missing = (evaluation: Evaluation): Value => {
    if (fallback !== undefined) return fallback;
    evaluation.at = at;
    return raise('NameError', `name '${name}' is not defined`);
  };
  if (depth === 0) {
    return (frame, evaluation) => {
      const value = frame.slots[slot];
      return value !== undefined ? value : missing(evaluation);
    };
  }
  return (frame, evaluation) => {
    let outer: Frame = frame;
    for (let i = 0; i < depth; i++) outer = outer.parent!;
    const value = outer.slots[slot];
    return value !== undefined ? value : missing(evaluation);
  };
}

function compileWalrus(node: Node & { kind: 'walrus' }, context: Context): Code {
  const { scope, source } = context;
  if (context.inIterable) {
    throw new ExpressionSyntaxError(
      "':=' is not allowed in what a comprehension runs over",
      source,
      node.start,
      node.end,
    );
  }
  if (scope.iterates(node.name)) {
    throw new ExpressionSyntaxError(
      `':=' cannot fill the loop variable '${node.name}'`,
      source,
      node.start,
      node.end,
    );
  }
  const target = scope.walrusScope;
  const slot = target.declare(node.name);
  const depth = depthBetween(scope.shape, target.shape);
  const value = compileNode(node.value, context);
  return (frame, evaluation) => {
    let outer: Frame = frame;
    for (let i = 0; i < depth; i++) outer = outer.parent!;
    return (outer.slots[slot] = value(frame, evaluation));
  };
}

// --- displays

type ItemsCode = (frame: Frame, evaluation: Evaluation) => Value[];

function compileItems(nodes: readonly Node[], context: Context): ItemsCode {
  if (nodes.some((node) => node.kind === 'starred')) return compileStarredItems(nodes, context);
  const codes = nodes.map((node) => compileNode(node, context));
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
    code: compileNode(node.kind === 'starred' ? node.value : node, context),
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

function compileTuple(nodes: readonly Node[], context: Context): Code {
  const values = constantItems(nodes);
  if (values !== null) {
    const tuple = new PyTuple(values);
    return () => tuple;
  }
  const items = compileItems(nodes, context);
  return (frame, evaluation) => new PyTuple(items(frame, evaluation));
}

function compileList(nodes: readonly Node[], context: Context): Code {
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

function compileDict(entries: readonly (readonly [Node | null, Node])[], at: number, context: Context): Code {
  const codes = entries.map(
    ([key, value]) => [key === null ? null : compileNode(key, context), compileNode(value, context)] as const,
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

// --- f-strings

type TextCode = (frame: Frame, evaluation: Evaluation) => string;

function compileFormatted(parts: readonly (string | Field)[], context: Context): TextCode {
  const codes = parts.map((part) => (typeof part === 'string' ? part : compileField(part, context)));
  return (frame, evaluation) => {
    let text = '';
    for (const code of codes) text += typeof code === 'string' ? code : code(frame, evaluation);
    admitText(evaluation, text.length);
    return text;
  };
}

function compileField(field: Field, context: Context): TextCode {
  const value = compileNode(field.value, context);
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

// --- operators

type Operation = (evaluation: Evaluation, a: Value, b: Value) => Value;

const OPERATIONS: ReadonlyMap<BinaryOperator, Operation> = new Map<BinaryOperator, Operation>([
  ['+', add],
  ['-', subtract],
  ['*', multiply],
  ['/', divide],
  ['//', floorDivide],
  ['%', modulo],
  ['**', power],
]);

function compileBinary(operator: BinaryOperator, left: Code, right: Code, at: number): Code {
  // Sums of small integers, the hot path of every walk, skip the general operation.
  if (operator === '+') {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = right(frame, evaluation);
      if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a + b;
      evaluation.at = at;
      return add(evaluation, a, b);
    };
  }
  if (operator === '-') {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = right(frame, evaluation);
      if (typeof a === 'number' && typeof b === 'number' && (a | 0) === a && (b | 0) === b) return a - b;
      evaluation.at = at;
      return subtract(evaluation, a, b);
    };
  }
  const operation =
    OPERATIONS.get(operator) ??
    ((evaluation: Evaluation, a: Value, b: Value) => bitwise(evaluation, operator as BitOperator, a, b));
  return (frame, evaluation) => {
    const a = left(frame, evaluation);
    const b = right(frame, evaluation);
    evaluation.at = at;
    return operation(evaluation, a, b);
  };
}

function compileUnary(operator: '-' | '+' | '~' | 'not', operand: Code, at: number): Code {
  if (operator === 'not') return (frame, evaluation) => !isTruthy(operand(frame, evaluation));
  const operation = operator === '-' ? negate : operator === '+' ? plus : invert;
  return (frame, evaluation) => {
    const value = operand(frame, evaluation);
    evaluation.at = at;
    return operation(evaluation, value);
  };
}

function compileLogical(kind: 'and' | 'or', nodes: readonly Node[], context: Context): Code {
  const codes = nodes.map((node) => compileNode(node, context));
  const stopAt = kind === 'or';
  return (frame, evaluation) => {
    let value: Value = null;
    for (let i = 0; i < codes.length; i++) {
      value = codes[i]!(frame, evaluation);
      if (isTruthy(value) === stopAt) return value;
    }
    return value;
  };
}

type Test = (evaluation: Evaluation, a: Value, b: Value) => boolean;

function testOf(operator: ComparisonOperator): Test {
  switch (operator) {
    case '==':
      return equals;
    case '!=':
      return (evaluation, a, b) => !equals(evaluation, a, b);
    case 'in':
      return (evaluation, a, b) => contains(evaluation, b, a);
    case 'not in':
      return (evaluation, a, b) => !contains(evaluation, b, a);
    case 'is':
      return (_evaluation, a, b) => isSame(a, b);
    case 'is not':
      return (_evaluation, a, b) => !isSame(a, b);
    case '<':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a < b : compare(evaluation, '<', a, b);
    case '<=':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a <= b : compare(evaluation, '<=', a, b);
    case '>':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a > b : compare(evaluation, '>', a, b);
    case '>=':
      return (evaluation, a, b) =>
        typeof a === 'number' && typeof b === 'number' ? a >= b : compare(evaluation, '>=', a, b);
    default:
      return operator satisfies never;
  }
}

function compileComparison(
  first: Node,
  rest: readonly { readonly operator: ComparisonOperator; readonly operand: Node }[],
  context: Context,
): Code {
  const left = compileNode(first, context);
  const at = first.start;
  const links = rest.map(({ operator, operand }) => ({
    test: testOf(operator),
    operand: compileNode(operand, context),
  }));
  const [only] = links;
  if (links.length === 1 && only !== undefined) {
    const { test, operand } = only;
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const b = operand(frame, evaluation);
      evaluation.at = at;
      return test(evaluation, a, b);
    };
  }
  return (frame, evaluation) => {
    let a = left(frame, evaluation);
    for (const { test, operand } of links) {
      const b = operand(frame, evaluation);
      evaluation.at = at;
      if (!test(evaluation, a, b)) return false;
      a = b;
    }
    return true;
  };
}

// --- subscripts and calls

function compileSubscript(objectNode: Node, indexNode: Node, at: number, context: Context): Code {
  const object = compileNode(objectNode, context);
  const index = compileNode(indexNode, context);
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

function refuseDunder(name: string, node: Node, context: Context): void {
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
    code: compileNode(value, context),
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

function compileCall(node: Node & { kind: 'call' }, context: Context): Code {
  const { callee, start: at } = node;
  const positional = node.positional.length === 0 ? () => [] : compileItems(node.positional, context);
  const named = compileNamed(node.named, context);
  if (callee.kind === 'attribute') {
    refuseDunder(callee.name, callee, context);
    return compileMethodCall(callee, positional, named, at, context);
  }
  const target = compileNode(callee, context);
  return (frame, evaluation) => {
    const value = target(frame, evaluation);
    const items = positional(frame, evaluation);
    const names = named === null ? null : named(frame, evaluation);
    evaluation.at = at;
    return callFunction(evaluation, value, items, names);
  };
}

function compileMethodCall(
  callee: Node & { kind: 'attribute' },
  positional: ItemsCode,
  named: NamedCode | null,
  at: number,
  context: Context,
): Code {
  const object = compileNode(callee.object, context);
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

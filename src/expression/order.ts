// Finds draws whose result depends on the order of a set or of a dict: the same seed then gives other results as soon
// as that order changes. It follows values through one expression; what fields hold is told by the caller.
import { BUILTINS } from './builtins.ts';
import { type Surroundings, visitTree } from './inspect.ts';
import { children, targetNames } from './scope.ts';
import type { Node } from './syntax.ts';

/**
 * What is known of a value's order. `set` and `dict` are the containers, `of` a sequence that took its order from one;
 * `written` is a dict whose order stands in the source. Null: nothing, or an order that can be relied on.
 */
export type OrderKind = 'set' | 'dict' | 'written' | 'of set' | 'of dict' | null;

/** The order of a name's value; names that a loop or a lambda binds are never asked for. */
export type KindOf = (name: string) => OrderKind;

/** A draw that depends on an order nobody promised. */
export interface UnorderedDraw {
  /** Offset of the draw in the source. */
  readonly start: number;
  /** The draw as called, e.g. `random.choice`. */
  readonly draw: string;
  readonly from: 'set' | 'dict';
}

type Call = Node & { readonly kind: 'call' };

/** Draws that take one of the items they are given. */
const PICKING = new Set(['choice', 'choices', 'sample', 'shuffle']);
/** Functions that hand on the items of their arguments in their order. */
const ORDERED = new Set(['list', 'tuple', 'enumerate', 'reversed', 'iter', 'map', 'filter', 'zip']);
const VIEWS = new Set(['keys', 'values', 'items']);
const SET_METHODS = new Set(['union', 'intersection', 'difference', 'symmetric_difference']);

/** Every draw of a tree that depends on the order of a set or dict. */
export function unorderedDraws(tree: Node, kindOf: KindOf): readonly UnorderedDraw[] {
  const draws: UnorderedDraw[] = [];
  const add = (start: number, draw: string, kind: OrderKind): void => {
    const from = originOf(kind);
    if (from !== null && !draws.some((one) => one.start === start)) draws.push({ start, draw, from });
  };
  visitTree(tree, (node, around) => {
    const kind = (of: Node): OrderKind => orderOf(of, inside(kindOf, around));
    if (node.kind === 'call') {
      const draw = drawOf(node, around);
      const population = node.positional[0] ?? node.named[0]?.value;
      if (draw !== null && PICKING.has(draw) && population !== undefined) {
        add(node.start, `random.${draw}`, kind(population));
      }
      // A function that draws once for each item: sorted(s, key=lambda x: random.random()).
      const taken = node.positional.map(kind).find((one) => originOf(one) !== null) ?? null;
      if (taken !== null) {
        for (const argument of [...node.positional, ...node.named.map(({ value }) => value)]) {
          if (argument.kind === 'lambda') eachDraw(argument.body, (at, name) => add(at, name, taken));
        }
      }
    } else if (node.kind === 'comprehension') {
      const taken = node.clauses.map(({ source }) => kind(source)).find((one) => originOf(one) !== null);
      if (taken === undefined) return;
      const [, ...each] = children(node);
      for (const child of each) eachDraw(child, (at, name) => add(at, name, taken));
    } else if (node.kind === 'subscript' && node.index.kind !== 'slice') {
      const taken = sequenceOf(kind(node.object));
      if (taken !== null) eachDraw(node.index, (at, name) => add(at, name, taken));
    }
  });
  return draws;
}

function inside(kindOf: KindOf, { bound }: Surroundings): KindOf {
  return (name) => (bound.has(name) ? null : kindOf(name));
}

// The name of the function of `random` that a call calls, or null.
function drawOf(node: Call, { bound }: Surroundings): string | null {
  const { callee } = node;
  const isDraw =
    callee.kind === 'attribute' &&
    callee.object.kind === 'name' &&
    callee.object.name === 'random' &&
    !bound.has('random');
  return isDraw ? callee.name : null;
}

function eachDraw(tree: Node, found: (start: number, draw: string) => void): void {
  visitTree(tree, (node, around) => {
    const draw = node.kind === 'call' ? drawOf(node, around) : null;
    if (draw !== null) found(node.start, `random.${draw}`);
  });
}

function originOf(kind: OrderKind): 'set' | 'dict' | null {
  if (kind === 'set' || kind === 'of set') return 'set';
  return kind === 'dict' || kind === 'of dict' ? 'dict' : null;
}

function sequenceOf(kind: OrderKind): OrderKind {
  const origin = originOf(kind);
  return origin === null ? null : `of ${origin}`;
}

/** What is known of the order of an expression's value. */
export function orderOf(node: Node, kindOf: KindOf): OrderKind {
  const of = (child: Node): OrderKind => orderOf(child, kindOf);
  const first = (nodes: readonly Node[]): OrderKind =>
    nodes.map(of).find((kind) => originOf(kind) !== null) ?? null;
  switch (node.kind) {
    case 'name':
      return kindOf(node.name);
    case 'set':
      return node.items.length > 1 || node.items[0]?.kind === 'starred' ? 'set' : null;
    case 'dict':
      return 'written';
    case 'list':
    case 'tuple':
      return sequenceOf(first(node.items.flatMap((item) => (item.kind === 'starred' ? [item.value] : []))));
    case 'comprehension': {
      if (node.form === 'set') return 'set';
      const bound = new Set(node.clauses.flatMap(({ target }) => targetNames(target)));
      const inner: KindOf = (name) => (bound.has(name) ? null : kindOf(name));
      const sources = node.clauses.map(({ source }, i) => orderOf(source, i === 0 ? kindOf : inner));
      const taken = sources.find((kind) => originOf(kind) !== null) ?? null;
      if (node.form !== 'dict') return sequenceOf(taken);
      return taken === null ? 'written' : 'dict';
    }
    case 'call':
      return orderOfCall(node, of);
    case 'binary': {
      const kinds = [of(node.left), of(node.right)];
      if (['|', '&', '-', '^'].includes(node.operator)) {
        if (kinds.includes('set')) return 'set';
        return node.operator === '|' && kinds.includes('dict') ? 'dict' : null;
      }
      return node.operator === '+' || node.operator === '*'
        ? sequenceOf(first([node.left, node.right]))
        : null;
    }
    case 'subscript':
      return node.index.kind === 'slice' ? sequenceOf(of(node.object)) : null;
    case 'conditional':
      return first([node.chosen, node.otherwise]) ?? of(node.chosen);
    case 'and':
    case 'or':
      return first(node.operands);
    case 'walrus':
      return of(node.value);
    default:
      return null;
  }
}

function orderOfCall(node: Call, of: (node: Node) => OrderKind): OrderKind {
  const { callee, positional } = node;
  if (callee.kind === 'name' && BUILTINS.has(callee.name)) {
    if (callee.name === 'set' || callee.name === 'frozenset') return positional.length > 0 ? 'set' : null;
    if (callee.name === 'dict') {
      const given = positional[0] === undefined ? null : of(positional[0]);
      return originOf(given) === null ? 'written' : 'dict';
    }
    if (!ORDERED.has(callee.name)) return null;
    return sequenceOf(positional.map(of).find((kind) => originOf(kind) !== null) ?? null);
  }
  if (callee.kind !== 'attribute') return null;
  const receiver = of(callee.object);
  // Only dicts have these methods, so that a receiver of which nothing is known is one that came from outside.
  if (VIEWS.has(callee.name)) return receiver === 'written' ? null : (sequenceOf(receiver) ?? 'of dict');
  if (SET_METHODS.has(callee.name)) return 'set';
  return callee.name === 'copy' ? receiver : null;
}

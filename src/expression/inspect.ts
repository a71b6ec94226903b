// What an expression's tree says before it runs: the names it reads, whether it is surely true or surely false.
// It refuses to guess: what only the values can tell is left open.
import { BUILTINS } from './builtins.ts';
import { isTruthy } from './comparison.ts';
import { compileTree } from './compile.ts';
import { ExpressionError, ExpressionSyntaxError } from './errors.ts';
import { createEvaluation } from './evaluation.ts';
import { children, Frame, FrameShape, Scope, targetNames, walrusNames } from './scope.ts';
import type { Node } from './syntax.ts';

/** What surrounds a node: the names that loops, lambdas and parameters bind there, and if it runs in any case. */
export interface Surroundings {
  readonly bound: ReadonlySet<string>;
  /** False behind a condition, `and`, `or`, and inside what may run never: lambdas and loops. */
  readonly always: boolean;
}

/** Calls `see` for every node of a tree, each before those below it, in the order of the source. */
export function visitTree(tree: Node, see: (node: Node, around: Surroundings) => void): void {
  visit(tree, { bound: new Set(), always: true }, see);
}

function visit(node: Node, around: Surroundings, see: (node: Node, around: Surroundings) => void): void {
  see(node, around);
  const maybe = around.always ? { ...around, always: false } : around;
  switch (node.kind) {
    case 'and':
    case 'or':
      for (const [i, operand] of node.operands.entries()) visit(operand, i === 0 ? around : maybe, see);
      return;
    case 'comparison':
      visit(node.first, around, see);
      for (const [i, { operand }] of node.rest.entries()) visit(operand, i === 0 ? around : maybe, see);
      return;
    case 'conditional':
      visit(node.chosen, maybe, see);
      visit(node.condition, around, see);
      visit(node.otherwise, maybe, see);
      return;
    case 'lambda': {
      const own = [...node.parameters.map(({ name }) => name), ...walrusNames(node.body)];
      for (const { default: value } of node.parameters) if (value !== null) visit(value, around, see);
      visit(node.body, { bound: new Set([...around.bound, ...own]), always: false }, see);
      return;
    }
    case 'comprehension': {
      const own = node.clauses.flatMap(({ target }) => targetNames(target));
      const inner = { bound: new Set([...around.bound, ...own]), always: false };
      const [source, ...rest] = children(node);
      visit(source!, around, see);
      for (const child of rest) visit(child, inner, see);
      return;
    }
    default:
      for (const child of children(node)) visit(child, around, see);
  }
}

/** One place where an expression reads a name from outside itself. */
export interface NameRead {
  readonly name: string;
  /** Offset into the source. */
  readonly start: number;
  /** True when the expression cannot be evaluated without it. */
  readonly always: boolean;
  /** True when it is called at once: `name(...)`. */
  readonly called: boolean;
}

/** Every read of a name that neither a loop nor a lambda binds, names that `:=` fills included. */
export function nameReads(tree: Node): readonly NameRead[] {
  const reads: NameRead[] = [];
  const callees = new Set<Node>();
  visitTree(tree, (node, { bound, always }) => {
    if (node.kind === 'call') callees.add(node.callee);
    if (node.kind !== 'name' || bound.has(node.name)) return;
    reads.push({ name: node.name, start: node.start, always, called: callees.has(node) });
  });
  return reads;
}

/** Steps spent on finding out what a constant part of a condition is. */
const CONSTANT_FUEL = 10_000;

/**
 * True or false when a condition is so whatever the fields are, else null. `isField` tells which names a unit's field
 * may have, and so hide a builtin.
 */
export function constantTruth(
  tree: Node,
  source: string,
  isField: (name: string) => boolean,
): boolean | null {
  const truth = (node: Node): boolean | null => {
    switch (node.kind) {
      case 'or':
        return joined(node.operands.map(truth), true);
      case 'and':
        return joined(node.operands.map(truth), false);
      case 'unary': {
        const inner = node.operator === 'not' ? truth(node.operand) : null;
        return inner === null ? closedTruth(node, source, isField) : !inner;
      }
      case 'conditional': {
        const condition = truth(node.condition);
        if (condition !== null) return truth(condition ? node.chosen : node.otherwise);
        const chosen = truth(node.chosen);
        return chosen === truth(node.otherwise) ? chosen : null;
      }
      case 'walrus':
        return truth(node.value);
      case 'lambda':
        return true;
      case 'tuple':
      case 'list':
      case 'set':
        return node.items.length === 0 ? false : node.items.some((item) => item.kind !== 'starred') || null;
      case 'dict':
        return node.entries.length === 0 ? false : node.entries.some(([key]) => key !== null) || null;
      default:
        return closedTruth(node, source, isField);
    }
  };
  return truth(tree);
}

function joined(truths: readonly (boolean | null)[], deciding: boolean): boolean | null {
  if (truths.includes(deciding)) return deciding;
  return truths.includes(null) ? null : !deciding;
}

// What reads no field and draws nothing has one value, which evaluating it tells.
function closedTruth(node: Node, source: string, isField: (name: string) => boolean): boolean | null {
  const isOpen = ({ name }: NameRead): boolean => name === 'random' || isField(name) || !BUILTINS.has(name);
  if (nameReads(node).some(isOpen)) return null;
  const evaluation = createEvaluation({ random: null, limits: { fuel: CONSTANT_FUEL } });
  try {
    const shape = new FrameShape(null);
    const code = compileTree(node, source, new Scope('top', shape, null));
    return isTruthy(code(new Frame(shape.size, null), evaluation));
  } catch (error) {
    const isTyped = error instanceof ExpressionError || error instanceof ExpressionSyntaxError;
    if (isTyped || error instanceof RangeError) return null;
    throw error;
  }
}

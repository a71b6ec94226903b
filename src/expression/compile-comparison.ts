// Compiles comparisons. Nearly all of a pipeline's compare small numbers or short texts, often with a constant: those
// take a straight way, everything else the general one.
import type { Code, Context } from './code.ts';
import { compare, contains, equals, isSame } from './comparison.ts';
import type { Evaluation } from './evaluation.ts';
import type { ComparisonOperator, Node } from './syntax.ts';
import { PyTuple, type Value } from './values.ts';

type Link = { readonly operator: ComparisonOperator; readonly operand: Node };
type Test = (evaluation: Evaluation, a: Value, b: Value) => boolean;

/** A comparison or a chain of them. */
export function compileComparison(first: Node, rest: readonly Link[], context: Context): Code {
  const left = context.compile(first, context);
  const [link] = rest;
  if (rest.length === 1 && link !== undefined) return compileOne(left, link, first.start, context);
  return compileChain(left, rest, first.start, context);
}

function compileChain(left: Code, rest: readonly Link[], at: number, context: Context): Code {
  const links = rest.map(({ operator, operand }) => ({
    test: testOf(operator),
    operand: context.compile(operand, context),
  }));
  return (frame, evaluation) => {
    let a = left(frame, evaluation);
    for (let i = 0; i < links.length; i++) {
      const { test, operand } = links[i]!;
      const b = operand(frame, evaluation);
      evaluation.at = at;
      if (!test(evaluation, a, b)) return false;
      a = b;
    }
    return true;
  };
}

function compileOne(left: Code, { operator, operand }: Link, at: number, context: Context): Code {
  const right = context.compile(operand, context);
  switch (operator) {
    case '==':
    case '!=':
      return compileEquality(left, right, operand, operator === '==', at);
    case 'in':
    case 'not in':
      return compileMembership(left, right, operand, operator === 'in', at);
    // One closure for each order: an engine that sees one operator compares two numbers in one instruction.
    case '<':
      return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        if (typeof a === 'number' && typeof b === 'number') return a < b;
        evaluation.at = at;
        return compare(evaluation, '<', a, b);
      };
    case '<=':
      return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        if (typeof a === 'number' && typeof b === 'number') return a <= b;
        evaluation.at = at;
        return compare(evaluation, '<=', a, b);
      };
    case '>':
      return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        if (typeof a === 'number' && typeof b === 'number') return a > b;
        evaluation.at = at;
        return compare(evaluation, '>', a, b);
      };
    case '>=':
      return (frame, evaluation) => {
        const a = left(frame, evaluation);
        const b = right(frame, evaluation);
        if (typeof a === 'number' && typeof b === 'number') return a >= b;
        evaluation.at = at;
        return compare(evaluation, '>=', a, b);
      };
    case 'is':
      return (frame, evaluation) => isSame(left(frame, evaluation), right(frame, evaluation));
    case 'is not':
      return (frame, evaluation) => !isSame(left(frame, evaluation), right(frame, evaluation));
    default:
      return operator satisfies never;
  }
}

function compileEquality(left: Code, right: Code, operand: Node, wanted: boolean, at: number): Code {
  const text = operand.kind === 'constant' && typeof operand.value === 'string' ? operand.value : null;
  if (text !== null && text.length <= CHEAP) {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      if (typeof a === 'string') return (a === text) === wanted;
      evaluation.at = at;
      return equals(evaluation, a, text) === wanted;
    };
  }
  return (frame, evaluation) => {
    const a = left(frame, evaluation);
    const b = right(frame, evaluation);
    if (typeof a === 'number' && typeof b === 'number') return (a === b) === wanted;
    evaluation.at = at;
    return equals(evaluation, a, b) === wanted;
  };
}

/** Texts up to this length are compared without paying for it. */
const CHEAP = 1024;

function compileMembership(left: Code, right: Code, operand: Node, wanted: boolean, at: number): Code {
  const members = constantItems(operand);
  if (members === null) {
    return (frame, evaluation) => {
      const a = left(frame, evaluation);
      const container = right(frame, evaluation);
      evaluation.at = at;
      return contains(evaluation, container, a) === wanted;
    };
  }
  // `card in ['J', 'Q']`: the display is made once, as CPython does, and texts are looked up.
  const tuple = new PyTuple(members);
  const texts = new Set(members.filter((value) => typeof value === 'string'));
  return (frame, evaluation) => {
    const a = left(frame, evaluation);
    if (typeof a === 'string') return texts.has(a) === wanted;
    evaluation.at = at;
    return contains(evaluation, tuple, a) === wanted;
  };
}

function constantItems(node: Node): Value[] | null {
  if (node.kind !== 'list' && node.kind !== 'tuple') return null;
  const values: Value[] = [];
  for (const item of node.items) {
    if (item.kind !== 'constant') return null;
    values.push(item.value);
  }
  return values;
}

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
    case '<=':
    case '>':
    case '>=':
      return (evaluation, a, b) => compare(evaluation, operator, a, b);
    default:
      return operator satisfies never;
  }
}

// Compiles a syntax tree to closures. Every closure that can fail notes its place in `evaluation.at` just before the
// failing operation; the boundary turns that into line and column.
import { getAttribute } from './attributes.ts';
import { BUILTINS } from './builtins.ts';
import type { Code, Context } from './code.ts';
import { isTruthy } from './comparison.ts';
import { compileCall, compileSubscript, refuseDunder } from './compile-call.ts';
import { compileComparison } from './compile-comparison.ts';
import { compileDict, compileItems, compileList, compileTuple } from './compile-display.ts';
import { compileFormatted } from './compile-formatted.ts';
import { compileBinary, compileLogical, compileUnary } from './compile-operator.ts';
import { compileComprehension } from './comprehension.ts';
import { ExpressionSyntaxError, raise } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { setAdd } from './keys.ts';
import { compileLambda } from './lambda.ts';
import { depthBetween, type Frame, type Scope } from './scope.ts';
import type { Node } from './syntax.ts';
import { PySet, PySlice, type Value } from './values.ts';

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

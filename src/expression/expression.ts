// The front door: source text in, something to evaluate out. Whatever fails leaves as one of the two typed errors.
import { compileTree } from './compile.ts';
import { ExpressionError, placeOf } from './errors.ts';
import type { Evaluation } from './evaluation.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Copier, mayChange } from './mutation.ts';
import { parseExpression } from './parse.ts';
import { children, Frame, FrameShape, Scope, targetNames, walrusNames } from './scope.ts';
import type { Node } from './syntax.ts';
import type { Fields, Value } from './values.ts';

/** An expression ready to run. It holds no state: one may be evaluated for any number of units. */
export interface CompiledExpression {
  readonly source: string;
  /** Names it reads that it does not define itself: fields and builtins. */
  readonly names: ReadonlySet<string>;
  /** Its value for a unit's fields, which stay as they are. Throws ExpressionError. */
  evaluate(fields: Fields, evaluation: Evaluation): Value;
}

/** Compiles an expression. Throws ExpressionSyntaxError. */
export function compileExpression(source: string, limits: Limits = DEFAULT_LIMITS): CompiledExpression {
  const tree = parseExpression(source, limits);
  const shape = new FrameShape(null);
  const scope = new Scope('top', shape, null);
  const code = compileTree(tree, source, scope);
  const slots = [...readNames(tree, true)].map((name) => [name, scope.declare(name)] as const);
  const changes = mayChange(tree);
  return {
    source,
    names: freeNames(tree),
    evaluate(fields, evaluation) {
      const frame = new Frame(shape.size, null);
      return guarded(source, evaluation, () => {
        const copier = changes ? new Copier(evaluation) : null;
        for (const [name, slot] of slots) {
          const value = fields.get(name);
          frame.slots[slot] = value === undefined || copier === null ? value : copier.copy(value);
        }
        return code(frame, evaluation);
      });
    },
  };
}

/** Runs compiled code and gives whatever fails its place. A stack that runs out counts as a limit. */
export function guarded<T>(source: string, evaluation: Evaluation, run: () => T): T {
  const { depth } = evaluation;
  try {
    return run();
  } catch (error) {
    throw located(error, source, evaluation);
  } finally {
    evaluation.depth = depth;
  }
}

/** The error with its line and column, when it has none yet. */
export function located(error: unknown, source: string, evaluation: Evaluation): unknown {
  const known = error instanceof RangeError ? new ExpressionError('LimitError', 'nested too deeply') : error;
  if (known instanceof ExpressionError && known.line === null) {
    const place = placeOf(source, evaluation.at);
    known.line = place.line;
    known.column = place.column;
  }
  return known;
}

/** Free names of a tree: read somewhere, and defined neither by a loop, a lambda nor `:=`. */
export function freeNames(tree: Node): Set<string> {
  const names = readNames(tree, true);
  for (const name of walrusNames(tree)) names.delete(name);
  return names;
}

// Names a node reads from outside itself; at the top level those that `:=` fills count too, since they are fields
// until then.
function readNames(node: Node, top: boolean): Set<string> {
  const names = new Set<string>();
  if (node.kind === 'name') names.add(node.name);
  else if (node.kind === 'comprehension') addComprehensionNames(node, names);
  else if (node.kind === 'lambda') {
    const own = new Set([...node.parameters.map((parameter) => parameter.name), ...walrusNames(node.body)]);
    for (const name of readNames(node.body, false)) if (!own.has(name)) names.add(name);
    for (const parameter of node.parameters) {
      if (parameter.default !== null) for (const name of readNames(parameter.default, top)) names.add(name);
    }
  } else for (const child of children(node)) for (const name of readNames(child, top)) names.add(name);
  return names;
}

function addComprehensionNames(node: Node & { kind: 'comprehension' }, names: Set<string>): void {
  const own = new Set(node.clauses.flatMap((clause) => targetNames(clause.target)));
  const [first, ...inner] = [...children(node)];
  for (const name of readNames(first!, false)) names.add(name);
  for (const child of inner) for (const name of readNames(child, false)) if (!own.has(name)) names.add(name);
}

// The types compiled code is made of, shared by the parts of the compiler.
import type { Evaluation } from './evaluation.ts';
import type { Frame, Scope } from './scope.ts';
import type { Node } from './syntax.ts';
import type { Value } from './values.ts';

/** A compiled node. */
export type Code = (frame: Frame, evaluation: Evaluation) => Value;

/** What compiling a node needs to know about its surroundings. */
export interface Context {
  readonly source: string;
  readonly scope: Scope;
  /** Inside the iterable of a comprehension, where Python forbids `:=`. */
  readonly inIterable: boolean;
  /** Compiles a node below, in a context. */
  readonly compile: (node: Node, context: Context) => Code;
}

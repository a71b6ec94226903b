// What running a piece of an expression once costs, so that fuel bounds work and not only the number of loops.
import { children } from './scope.ts';
import type { Node } from './syntax.ts';

/** Steps of one pass over a node: one, and one more for every eight nodes below it. */
export function weight(node: Node): number {
  return 1 + (countNodes(node) >> 3);
}

function countNodes(node: Node): number {
  let count = 1;
  for (const child of children(node)) count += countNodes(child);
  return count;
}

// The draws that stand in a tree, and which functions of `random` keep their meaning when draws are mirrored or spread
// evenly. It says what is written; whether a draw is ever made only a run can tell.
import { visitTree } from './inspect.ts';
import type { Node } from './syntax.ts';

/** A place that draws. `name`: the function of `random`, or null where the module itself is handed on. */
export interface WrittenDraw {
  readonly name: string | null;
  /** Offset into the source. */
  readonly start: number;
}

/** Functions made of one uniform number, which their value rises with. */
const RISING = [
  'random',
  'uniform',
  'triangular',
  'expovariate',
  'paretovariate',
  'weibullvariate',
  'choice',
  'choices',
  'randint',
  'randrange',
];

/** Functions whose draw has a mirror image: 1 - u for u, the item as far from the other end, the other side of a mean. */
export const MIRRORED_DRAWS: ReadonlySet<string> = new Set([
  ...RISING,
  'gauss',
  'getrandbits',
  'lognormvariate',
  'normalvariate',
]);

/** Functions whose values are spread evenly over their range when their uniform numbers are. */
export const SPREAD_DRAWS: ReadonlySet<string> = new Set(RISING);

/** Every draw of a tree, in the order of the source. */
export function drawsIn(tree: Node): readonly WrittenDraw[] {
  const draws: WrittenDraw[] = [];
  const owners = new Set<Node>();
  visitTree(tree, (node, { bound }) => {
    if (bound.has('random')) return;
    if (node.kind === 'attribute' && node.object.kind === 'name' && node.object.name === 'random') {
      owners.add(node.object);
      draws.push({ name: node.name, start: node.start });
    } else if (node.kind === 'name' && node.name === 'random' && !owners.has(node)) {
      draws.push({ name: null, start: node.start });
    }
  });
  return draws;
}

// Where a name lives: which frame, which slot. Names are resolved once, when an expression is compiled; while it runs
// there are only slots.
import type { Node, Target } from './syntax.ts';
import type { Value } from './values.ts';

/** The variables of one running function: the whole expression, a lambda call, a generator. */
export class Frame {
  readonly slots: (Value | undefined)[];
  readonly parent: Frame | null;
  constructor(size: number, parent: Frame | null) {
    this.slots = new Array<Value | undefined>(size).fill(undefined);
    this.parent = parent;
  }
}

/** The shape of a frame: how many slots it needs. */
export class FrameShape {
  readonly parent: FrameShape | null;
  size = 0;
  constructor(parent: FrameShape | null) {
    this.parent = parent;
  }

  allocate(): number {
    return this.size++;
  }
}

/** A name's place: `depth` frames up, slot `slot`. `isField` when it may be a unit's field or a builtin. */
export interface Place {
  readonly depth: number;
  readonly slot: number;
  readonly isField: boolean;
}

/** Names visible together. A comprehension that needs no frame of its own is a scope inside its function's frame. */
export class Scope {
  readonly shape: FrameShape;
  readonly parent: Scope | null;
  readonly kind: 'top' | 'lambda' | 'comprehension';
  private readonly names = new Map<string, number>();

  constructor(kind: 'top' | 'lambda' | 'comprehension', shape: FrameShape, parent: Scope | null) {
    this.kind = kind;
    this.shape = shape;
    this.parent = parent;
  }

  /** Declares a name here and gives its slot; an existing name keeps its own. */
  declare(name: string): number {
    let slot = this.names.get(name);
    if (slot === undefined) {
      slot = this.shape.allocate();
      this.names.set(name, slot);
    }
    return slot;
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  /** Finds a name from the inside out; one that no scope declares is a field or a builtin, kept at the top. */
  find(name: string): Place {
    let scope: Scope = this;
    while (!scope.has(name) && scope.parent !== null) scope = scope.parent;
    return {
      depth: depthBetween(this.shape, scope.shape),
      slot: scope.declare(name),
      isField: scope.kind === 'top',
    };
  }

  /** The scope that `:=` fills: the nearest one that is not a comprehension's. */
  get walrusScope(): Scope {
    let scope: Scope = this;
    while (scope.kind === 'comprehension' && scope.parent !== null) scope = scope.parent;
    return scope;
  }

  /** True when a comprehension between here and the walrus scope iterates over this name. */
  iterates(name: string): boolean {
    for (
      let scope: Scope = this;
      scope.kind === 'comprehension' && scope.parent !== null;
      scope = scope.parent
    ) {
      if (scope.has(name)) return true;
    }
    return false;
  }
}

/** Frames to climb from one shape to another. */
export function depthBetween(inner: FrameShape, outer: FrameShape): number {
  let depth = 0;
  for (let shape: FrameShape = inner; shape !== outer && shape.parent !== null; shape = shape.parent) depth++;
  return depth;
}

/** Names a target assigns. */
export function targetNames(target: Target): string[] {
  return target.kind === 'name' ? [target.name] : target.targets.flatMap(targetNames);
}

/** The nodes directly below a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'constant':
    case 'name':
      return [];
    case 'formatted':
      return node.parts.flatMap(fieldNodes);
    case 'tuple':
    case 'list':
    case 'set':
      return node.items;
    case 'dict':
      return node.entries.flatMap(([key, value]) => (key === null ? [value] : [key, value]));
    case 'binary':
      return [node.left, node.right];
    case 'unary':
      return [node.operand];
    case 'and':
    case 'or':
      return node.operands;
    case 'comparison':
      return [node.first, ...node.rest.map((link) => link.operand)];
    case 'conditional':
      return [node.condition, node.chosen, node.otherwise];
    case 'call':
      return [node.callee, ...node.positional, ...node.named.map((argument) => argument.value)];
    case 'attribute':
      return [node.object];
    case 'subscript':
      return [node.object, node.index];
    case 'slice':
      return [node.from, node.to, node.step].filter((part) => part !== null);
    case 'starred':
    case 'walrus':
      return [node.value];
    case 'lambda':
      return [...node.parameters.flatMap((parameter) => parameter.default ?? []), node.body];
    case 'comprehension': {
      const clauses = node.clauses.flatMap((clause) => [clause.source, ...clause.conditions]);
      return [...clauses, node.item, ...(node.value === null ? [] : [node.value])];
    }
    default:
      return node satisfies never;
  }
}

function fieldNodes(
  part: string | { readonly value: Node; readonly spec: readonly unknown[] | null },
): Node[] {
  if (typeof part === 'string') return [];
  const inner = (part.spec ?? []) as Parameters<typeof fieldNodes>[0][];
  return [part.value, ...inner.flatMap(fieldNodes)];
}

/** Names that `:=` fills in a function's body, comprehensions included, inner lambdas not. */
export function walrusNames(node: Node): string[] {
  if (node.kind === 'lambda') return node.parameters.flatMap((parameter) => walrusNamesOf(parameter.default));
  const below = children(node).flatMap(walrusNames);
  return node.kind === 'walrus' ? [node.name, ...below] : below;
}

function walrusNamesOf(node: Node | null): string[] {
  return node === null ? [] : walrusNames(node);
}

/** True when the node or one below it makes a function or generator, which may outlive the loop around it. */
export function makesClosure(node: Node): boolean {
  if (node.kind === 'lambda' || (node.kind === 'comprehension' && node.form === 'generator')) return true;
  return children(node).some(makesClosure);
}

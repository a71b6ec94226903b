// Compiles comprehensions and generator expressions. Lists, sets and dicts are built at once; a generator is a
// suspended loop with a frame of its own.

import type { Code, Context } from './code.ts';
import { isTruthy } from './comparison.ts';
import { raise } from './errors.ts';
import { admitItems, type Evaluation, spend } from './evaluation.ts';
import { guardedIterator, iterate, unpack } from './iteration.ts';
import { dictSet, setAdd } from './keys.ts';
import { Frame, FrameShape, makesClosure, Scope, targetNames } from './scope.ts';
import type { Clause, Node, Target } from './syntax.ts';
import { PyDict, PyIterator, PyList, PyRange, PySet, type Value } from './values.ts';
import { weight } from './weight.ts';

type Comprehension = Node & { kind: 'comprehension' };
type Assign = (frame: Frame, evaluation: Evaluation, value: Value) => void;

/** One `for` with its filters, compiled. */
interface Loop {
  readonly source: Code;
  readonly at: number;
  /** Slot of the loop variable, or -1 when there are several. */
  readonly slot: number;
  readonly assign: Assign;
  readonly conditions: readonly Code[];
  readonly cost: number;
}

/** Code that builds the collection, or makes the generator. */
export function compileComprehension(node: Comprehension, context: Context): Code {
  // A function made inside the loop must keep this loop's variables: the loop then gets a frame of its own.
  const ownFrame = node.form === 'generator' || makesClosure({ ...node, form: 'list' });
  const shape = ownFrame ? new FrameShape(context.scope.shape) : context.scope.shape;
  const scope = new Scope('comprehension', shape, context.scope);
  const inner: Context = { ...context, scope };

  // The first iterable is evaluated outside, before any loop variable exists.
  const first = context.compile(node.clauses[0]!.source, { ...context, inIterable: true });
  for (const clause of node.clauses) for (const name of targetNames(clause.target)) scope.declare(name);
  const cost = weight(node);
  const loops = node.clauses.map((clause, i) => compileLoop(clause, i === 0 ? first : null, inner, cost));
  const item = context.compile(node.item, inner);
  const value = node.value === null ? null : context.compile(node.value, inner);
  const at = node.start;
  const enterFrame = (frame: Frame) => (ownFrame ? new Frame(shape.size, frame) : frame);

  switch (node.form) {
    case 'generator':
      return (frame, evaluation) => {
        evaluation.at = loops[0]!.at;
        const source = iterate(first(frame, evaluation));
        const inner = enterFrame(frame);
        if (loops.length === 1)
          return new PyIterator(new OneLoop(loops[0]!, item, inner, evaluation, source), 'generator');
        return guardedIterator(generate(loops, item, inner, evaluation, source), 'generator');
      };
    case 'list': {
      const run = nest<Value[]>(loops, collect(loops.at(-1)!, item, isFixed(node)));
      return (frame, evaluation) => {
        const items: Value[] = [];
        run(enterFrame(frame), evaluation, items, first(frame, evaluation));
        return new PyList(items);
      };
    }
    case 'set': {
      const addElement: Emit<PySet> = (frame, evaluation, set) => {
        const element = item(frame, evaluation);
        evaluation.at = at;
        setAdd(evaluation, set, element);
      };
      const run = nest(loops, passes(loops.at(-1)!, addElement));
      return (frame, evaluation) => {
        const set = new PySet();
        run(enterFrame(frame), evaluation, set, first(frame, evaluation));
        return set;
      };
    }
    case 'dict': {
      const addEntry: Emit<PyDict> = (frame, evaluation, dict) => {
        const key = item(frame, evaluation);
        const entry = value!(frame, evaluation);
        evaluation.at = at;
        dictSet(evaluation, dict, key, entry);
      };
      const run = nest(loops, passes(loops.at(-1)!, addEntry));
      return (frame, evaluation) => {
        const dict = new PyDict();
        run(enterFrame(frame), evaluation, dict, first(frame, evaluation));
        return dict;
      };
    }
    default:
      return node.form satisfies never;
  }
}

function compileLoop(clause: Clause, compiled: Code | null, context: Context, cost: number): Loop {
  return {
    source: compiled ?? context.compile(clause.source, { ...context, inIterable: true }),
    at: clause.source.start,
    slot: clause.target.kind === 'name' ? context.scope.declare(clause.target.name) : -1,
    assign: compileTarget(clause.target, context.scope),
    conditions: clause.conditions.map((condition) => context.compile(condition, context)),
    cost,
  };
}

function compileTarget(target: Target, scope: Scope): Assign {
  if (target.kind === 'name') {
    const slot = scope.declare(target.name);
    return (frame, _evaluation, value) => {
      frame.slots[slot] = value;
    };
  }
  const parts = target.targets.map((part) => compileTarget(part, scope));
  const at = target.start;
  return (frame, evaluation, value) => {
    evaluation.at = at;
    const items = unpack(evaluation, value, parts.length);
    for (let i = 0; i < parts.length; i++) parts[i]!(frame, evaluation, items[i]!);
  };
}

function admits(loop: Loop, frame: Frame, evaluation: Evaluation, value: Value): boolean {
  evaluation.at = loop.at;
  spend(evaluation, loop.cost);
  if (loop.slot >= 0) frame.slots[loop.slot] = value;
  else loop.assign(frame, evaluation, value);
  const { conditions } = loop;
  for (let i = 0; i < conditions.length; i++) if (!isTruthy(conditions[i]!(frame, evaluation))) return false;
  return true;
}

type Emit<A> = (frame: Frame, evaluation: Evaluation, result: A) => void;
type Run<A> = (frame: Frame, evaluation: Evaluation, result: A, source: Value) => void;

/** The loops, one inside the other; `last` runs the innermost. */
function nest<A>(loops: readonly Loop[], last: Run<A>): Run<A> {
  const [loop, next] = loops;
  if (next === undefined) return last;
  const inner = nest(loops.slice(1), last);
  return passes(loop!, (frame, evaluation, result) => {
    inner(frame, evaluation, result, next.source(frame, evaluation));
  });
}

/** One loop around `body`. */
function passes<A>(loop: Loop, body: Emit<A>): Run<A> {
  return (frame, evaluation, result, source) => {
    evaluation.at = loop.at;
    if (source instanceof PyList) {
      for (let i = 0; i < source.length; i++) {
        if (admits(loop, frame, evaluation, source.items[i]!)) body(frame, evaluation, result);
      }
    } else if (source instanceof PyRange) {
      for (let i = 0; i < source.length; i++) {
        if (admits(loop, frame, evaluation, source.start + i * source.step)) body(frame, evaluation, result);
      }
    } else {
      for (const value of iterate(source)) {
        if (admits(loop, frame, evaluation, value)) body(frame, evaluation, result);
      }
    }
  };
}

// True when the innermost loop adds the same value each time: `[rank for rank in ranks for _ in range(24)]`.
function isFixed({ item, clauses }: Comprehension): boolean {
  const { target } = clauses.at(-1)!;
  return item.kind === 'name' && target.kind === 'name' && item.name !== target.name;
}

/** The innermost loop of a list. Over a range without filters, as in `for _ in range(24)`, it pays once. */
function collect(loop: Loop, item: Code, fixed: boolean): Run<Value[]> {
  const general = passes<Value[]>(loop, (frame, evaluation, items) => {
    items.push(item(frame, evaluation));
    if (items.length > evaluation.limits.collection) admitItems(evaluation, items.length);
  });
  const { slot, cost } = loop;
  if (slot < 0 || loop.conditions.length > 0) return general;
  return (frame, evaluation, items, source) => {
    const isAffordable =
      source instanceof PyRange &&
      source.length * cost <= evaluation.fuel &&
      items.length + source.length <= evaluation.limits.collection;
    if (!isAffordable) return general(frame, evaluation, items, source);
    const { start, step, length } = source;
    spend(evaluation, length * cost);
    if (fixed && length > 0) {
      const value = item(frame, evaluation);
      for (let i = 0; i < length; i++) items.push(value);
      return;
    }
    for (let i = 0; i < length; i++) {
      frame.slots[slot] = start + i * step;
      items.push(item(frame, evaluation));
    }
  };
}

// A generator expression with one `for`, the usual kind, without a JavaScript generator below it.
class OneLoop implements Iterator<Value> {
  private readonly loop: Loop;
  private readonly item: Code;
  private readonly frame: Frame;
  private readonly evaluation: Evaluation;
  private readonly source: Iterator<Value>;
  private state: 'waiting' | 'running' | 'over' = 'waiting';

  constructor(loop: Loop, item: Code, frame: Frame, evaluation: Evaluation, source: Iterator<Value>) {
    this.loop = loop;
    this.item = item;
    this.frame = frame;
    this.evaluation = evaluation;
    this.source = source;
  }

  next(): IteratorResult<Value> {
    const { loop, frame, evaluation } = this;
    if (this.state === 'running') raise('ValueError', 'generator already executing');
    if (this.state === 'over') return { done: true, value: undefined };
    // A failure leaves it over: whatever is thrown below passes through.
    this.state = 'running';
    try {
      for (let next = this.source.next(); next.done !== true; next = this.source.next()) {
        if (!admits(loop, frame, evaluation, next.value)) continue;
        const value = this.item(frame, evaluation);
        this.state = 'waiting';
        return { done: false, value };
      }
      return { done: true, value: undefined };
    } finally {
      if (this.state === 'running') this.state = 'over';
    }
  }
}

function* generate(
  loops: readonly Loop[],
  item: Code,
  frame: Frame,
  evaluation: Evaluation,
  source: IterableIterator<Value>,
): Generator<Value> {
  const [loop, ...rest] = loops as readonly [Loop, ...Loop[]];
  for (const value of source) {
    if (!admits(loop, frame, evaluation, value)) continue;
    if (rest.length === 0) yield item(frame, evaluation);
    else {
      const inner = rest[0]!.source(frame, evaluation);
      evaluation.at = rest[0]!.at;
      yield* generate(rest, item, frame, evaluation, iterate(inner));
    }
  }
}

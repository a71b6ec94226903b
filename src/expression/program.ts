// A step's assignments as one program: names become slots once, and a unit runs without maps or look-ups.

import type { Code } from './code.ts';
import { isTruthy } from './comparison.ts';
import { compileTree } from './compile.ts';
import { ExpressionError, ExpressionSyntaxError } from './errors.ts';
import { type Evaluation, spend } from './evaluation.ts';
import { freeNames, located } from './expression.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { Copier, isUnchanged, mayChange } from './mutation.ts';
import { parseExpression } from './parse.ts';
import { Frame, FrameShape, Scope } from './scope.ts';
import type { Fields, Value } from './values.ts';
import { weight } from './weight.ts';

/** A name and the source of its value. */
export interface Assignment {
  readonly name: string;
  readonly expr: string;
}

/** What a program is made of. Without `loopUntil` the expressions run exactly once. */
export interface ProgramSource {
  readonly init: readonly Assignment[];
  readonly expressions: readonly Assignment[];
  readonly loopUntil: string | null;
  readonly maxIterations: number;
}

/** What a program did for one unit. */
export interface ProgramResult {
  /** Every assigned field, in the order of first assignment; then fields that were changed in place. */
  readonly assigned: Map<string, Value>;
  readonly iterations: number;
  /** True when `maxIterations` passes did not make `loopUntil` true. */
  readonly timedOut: boolean;
}

/** A compiled program. Holds no unit's state between runs. */
export interface Program {
  /** Names read before the program assigns them: fields it expects, and builtins. */
  readonly names: ReadonlySet<string>;
  /** Runs for one unit. Throws ExpressionError with `assignment` set. */
  run(fields: Fields, evaluation: Evaluation): ProgramResult;
}

/** Where in a program a syntax error stands. */
export interface ProgramProblem {
  readonly part: 'init' | 'expressions' | 'loopUntil';
  /** Index in the part; 0 for loopUntil. */
  readonly index: number;
  readonly name: string;
  readonly error: ExpressionSyntaxError;
}

interface Part {
  readonly name: string;
  readonly source: string;
  readonly code: Code;
  readonly cost: number;
  readonly changes: boolean;
}

/** Every syntax error of a program; empty when it compiles. */
export function programProblems(source: ProgramSource, limits: Limits = DEFAULT_LIMITS): ProgramProblem[] {
  const problems: ProgramProblem[] = [];
  for (const { part, index, name, expr } of listAssignments(source)) {
    try {
      compileOne(name, expr, new Scope('top', new FrameShape(null), null), limits);
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError)) throw error;
      problems.push({ part, index, name, error });
    }
  }
  return problems;
}

function* listAssignments(source: ProgramSource): Generator<Assignment & Omit<ProgramProblem, 'error'>> {
  for (const part of ['init', 'expressions'] as const) {
    for (const [index, { name, expr }] of source[part].entries()) yield { part, index, name, expr };
  }
  if (source.loopUntil !== null) yield { part: 'loopUntil', index: 0, name: LOOP, expr: source.loopUntil };
}

const LOOP = 'loop_until';

/** Compiles a program. Throws ExpressionSyntaxError for its first mistake; `programProblems` lists them all. */
export function compileProgram(source: ProgramSource, limits: Limits = DEFAULT_LIMITS): Program {
  const shape = new FrameShape(null);
  const scope = new Scope('top', shape, null);
  const compileAll = (assignments: readonly Assignment[]) =>
    assignments.map(({ name, expr }) => ({
      ...compileOne(name, expr, scope, limits),
      slot: scope.declare(name),
    }));
  const init = compileAll(source.init);
  const expressions = compileAll(source.expressions);
  const loop = source.loopUntil === null ? null : compileOne(LOOP, source.loopUntil, scope, limits);
  const names = expectedFields(source, limits);
  const readable = allNames(source, limits).map((name) => [name, scope.declare(name)] as const);
  const changes = [...init, ...expressions, ...(loop === null ? [] : [loop])].some((part) => part.changes);
  const readableSlots = new Map(readable);
  const assignedSlots = [
    ...new Map([...init, ...expressions].map(({ name, slot }) => [name, slot] as const)),
  ];

  return {
    names,
    run(fields, evaluation) {
      const frame = new Frame(shape.size, null);
      const copier = changes ? new Copier(evaluation) : null;
      // Units have few fields, programs read many names: those of builtins too.
      for (const [name, value] of fields) {
        const slot = readableSlots.get(name);
        if (slot !== undefined) frame.slots[slot] = copier === null ? value : copier.copy(value);
      }
      for (const assignment of init) perform(assignment, frame, evaluation);
      let iterations = 0;
      let finished = false;
      do {
        for (let i = 0; i < expressions.length; i++) perform(expressions[i]!, frame, evaluation);
        iterations++;
        finished = loop === null || isTruthy(evaluate(loop, frame, evaluation));
      } while (!finished && iterations < source.maxIterations);
      const assigned = new Map<string, Value>();
      for (let i = 0; i < assignedSlots.length; i++) {
        const [name, slot] = assignedSlots[i]!;
        assigned.set(name, frame.slots[slot]!);
      }
      if (changes) addChanged(assigned, fields, readable, frame, evaluation);
      return { assigned, iterations, timedOut: !finished };
    },
  };
}

// A field changed in place counts as assigned: the copy the program worked on is the unit's new value.
function addChanged(
  assigned: Map<string, Value>,
  fields: Fields,
  readable: readonly (readonly [string, number])[],
  frame: Frame,
  evaluation: Evaluation,
): void {
  for (const [name, slot] of readable) {
    const before = fields.get(name);
    const after = frame.slots[slot];
    if (before === undefined || after === undefined || assigned.has(name)) continue;
    if (!isUnchanged(evaluation, before, after)) assigned.set(name, after);
  }
}

function compileOne(name: string, source: string, scope: Scope, limits: Limits): Part {
  const tree = parseExpression(source, limits);
  const code = compileTree(tree, source, scope);
  return { name, source, code, cost: weight(tree), changes: mayChange(tree) };
}

function perform(assignment: Part & { readonly slot: number }, frame: Frame, evaluation: Evaluation): void {
  frame.slots[assignment.slot] = evaluate(assignment, frame, evaluation);
}

function evaluate(assignment: Part, frame: Frame, evaluation: Evaluation): Value {
  const { depth } = evaluation;
  try {
    evaluation.at = 0;
    spend(evaluation, assignment.cost);
    return assignment.code(frame, evaluation);
  } catch (error) {
    evaluation.depth = depth;
    const failure = located(error, assignment.source, evaluation);
    if (failure instanceof ExpressionError) failure.assignment ??= assignment.name;
    throw failure;
  }
}

function namesOf(source: string, limits: Limits): Set<string> {
  return freeNames(parseExpression(source, limits));
}

function allNames(source: ProgramSource, limits: Limits): string[] {
  const names = new Set<string>();
  for (const { expr } of listAssignments(source)) for (const name of namesOf(expr, limits)) names.add(name);
  return [...names];
}

// A name that is assigned before it is first read is the program's own.
function expectedFields(source: ProgramSource, limits: Limits): Set<string> {
  const known = new Set<string>();
  const expected = new Set<string>();
  for (const { name, expr } of listAssignments(source)) {
    for (const read of namesOf(expr, limits)) if (!known.has(read)) expected.add(read);
    known.add(name);
  }
  return expected;
}

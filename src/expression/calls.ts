// Calls: matching arguments to parameters, and calling what can be called.
import { raise } from './errors.ts';
import { type Evaluation, enter, leave, spend } from './evaluation.ts';
import {
  type Body,
  type NamedArguments,
  PyFunction,
  PyHost,
  PyType,
  typeName,
  type Value,
} from './values.ts';

/** The parameters of a builtin. */
export interface Signature {
  readonly name: string;
  /** Parameter names in order; positional ones first. */
  readonly parameters: readonly string[];
  readonly required: number;
  /** How many may be given by position. */
  readonly positional: number;
  /** Index of the first that may be given by name. */
  readonly firstNamed: number;
}

/** Arguments in the order of the parameters; undefined where none was given. */
export type Bound = readonly (Value | undefined)[];

/** Reads a signature in Python's notation: `sorted(iterable, /, *, key?, reverse?)`; `?` marks an optional one. */
export function signature(text: string): Signature {
  const open = text.indexOf('(');
  const parts = text
    .slice(open + 1, -1)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const slash = parts.indexOf('/');
  const star = parts.indexOf('*');
  const names = parts.filter((part) => part !== '/' && part !== '*');
  return {
    name: text.slice(0, open),
    parameters: names.map((name) => name.replace('?', '')),
    required: names.filter((name) => !name.endsWith('?')).length,
    positional: star < 0 ? names.length : star - (slash >= 0 && slash < star ? 1 : 0),
    firstNamed: Math.max(slash, 0),
  };
}

/** Matches arguments to parameters. Throws TypeError as Python does for a wrong call. */
export function bind(target: Signature, positional: readonly Value[], named: NamedArguments | null): Bound {
  const { name, parameters } = target;
  if (positional.length > target.positional) {
    raise(
      'TypeError',
      `${name}() takes at most ${target.positional} positional arguments (${positional.length} given)`,
    );
  }
  if (named === null || named.size === 0) {
    if (positional.length < target.required) missing(target, positional.length);
    return positional;
  }
  const bound: (Value | undefined)[] = [...positional];
  for (const [key, value] of named) {
    const index = parameters.indexOf(key);
    if (index < target.firstNamed)
      raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
    if (bound[index] !== undefined) raise('TypeError', `${name}() got multiple values for argument '${key}'`);
    bound[index] = value;
  }
  for (let i = 0; i < target.required; i++) if (bound[i] === undefined) missing(target, i);
  return bound;
}

function missing(target: Signature, index: number): never {
  return raise('TypeError', `${target.name}() missing required argument: '${target.parameters[index]}'`);
}

/** A builtin function from its signature and its work on bound arguments. */
export function builtin(text: string, run: (evaluation: Evaluation, bound: Bound) => Value): PyFunction {
  const target = signature(text);
  const body: Body = (evaluation, positional, named) => run(evaluation, bind(target, positional, named));
  noteSignature(body, target);
  return new PyFunction(target.name, body);
}

const SIGNATURES = new WeakMap<object, Signature>();

/** The parameters of a builtin's or a method's body; undefined when the body looks at its arguments itself. */
export function signatureOf(body: object): Signature | undefined {
  return SIGNATURES.get(body);
}

/** Remembers a body's parameters, so that calls of it can be checked before they run. */
export function noteSignature(body: object, target: Signature): void {
  SIGNATURES.set(body, target);
}

/** Refuses arguments given by name. */
export function refuseNamed(name: string, named: NamedArguments | null): void {
  if (named !== null && named.size > 0) raise('TypeError', `${name}() takes no keyword arguments`);
}

/** Refuses names other than the given ones. */
export function admitNamed(name: string, named: NamedArguments | null, known: readonly string[]): void {
  for (const key of named?.keys() ?? []) {
    if (!known.includes(key)) raise('TypeError', `${name}() got an unexpected keyword argument '${key}'`);
  }
}

/** Calls a value. Throws TypeError when it cannot be called. */
export function callFunction(
  evaluation: Evaluation,
  callee: Value,
  positional: readonly Value[],
  named: NamedArguments | null = null,
): Value {
  spend(evaluation, 1);
  const body = bodyOf(callee);
  enter(evaluation);
  const result = body(evaluation, positional, named);
  leave(evaluation);
  return result;
}

function bodyOf(callee: Value): Body {
  if (callee instanceof PyFunction || callee instanceof PyType) return callee.body;
  if (callee instanceof PyHost && callee.call !== undefined) return callee.call.bind(callee);
  return raise('TypeError', `'${typeName(callee)}' object is not callable`);
}

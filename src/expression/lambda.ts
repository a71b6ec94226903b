// Compiles lambdas: a frame of their own for every call, parameters first.
import type { Code, Context } from './code.ts';
import { raise } from './errors.ts';
import { type Evaluation, spend } from './evaluation.ts';
import { Frame, FrameShape, Scope, walrusNames } from './scope.ts';
import type { Node } from './syntax.ts';
import { type NamedArguments, PyFunction, type Value } from './values.ts';
import { weight } from './weight.ts';

/** Code that makes the function. Defaults are evaluated then, as in Python. */
export function compileLambda(node: Node & { kind: 'lambda' }, context: Context): Code {
  const defaults = node.parameters.map((parameter) =>
    parameter.default === null ? null : context.compile(parameter.default, context),
  );
  const shape = new FrameShape(context.scope.shape);
  const scope = new Scope('lambda', shape, context.scope);
  const names = node.parameters.map((parameter) => parameter.name);
  for (const name of [...names, ...walrusNames(node.body)]) scope.declare(name);
  const body = context.compile(node.body, { ...context, scope, inIterable: false });
  const cost = weight(node.body);

  return (frame, evaluation) => {
    const given = defaults.map((code) => (code === null ? undefined : code(frame, evaluation)));
    const run = (caller: Evaluation, positional: readonly Value[], named: NamedArguments | null): Value => {
      spend(caller, cost);
      const inner = new Frame(shape.size, frame);
      fill(inner, names, given, positional, named);
      return body(inner, caller);
    };
    return new PyFunction('<lambda>', run, 'lambda');
  };
}

function fill(
  frame: Frame,
  names: readonly string[],
  defaults: readonly (Value | undefined)[],
  positional: readonly Value[],
  named: NamedArguments | null,
): void {
  if (positional.length > names.length) {
    const takes = `${names.length} positional argument${names.length === 1 ? '' : 's'}`;
    raise('TypeError', `<lambda>() takes ${takes} but ${positional.length} were given`);
  }
  for (let i = 0; i < positional.length; i++) frame.slots[i] = positional[i];
  for (const [name, value] of named ?? []) {
    const i = names.indexOf(name);
    if (i < 0) raise('TypeError', `<lambda>() got an unexpected keyword argument '${name}'`);
    if (frame.slots[i] !== undefined)
      raise('TypeError', `<lambda>() got multiple values for argument '${name}'`);
    frame.slots[i] = value;
  }
  for (let i = 0; i < names.length; i++) {
    frame.slots[i] ??= defaults[i];
    if (frame.slots[i] === undefined) {
      raise('TypeError', `<lambda>() missing 1 required positional argument: '${names[i]}'`);
    }
  }
}

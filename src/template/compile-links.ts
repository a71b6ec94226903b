// Statements that reach other templates: extends, blocks, include, import.
// It refuses to read them itself: they come from the rendering.
import { raise } from '../expression/errors.ts';
import { enter, leave } from '../expression/evaluation.ts';
import { toItems } from '../expression/iteration.ts';
import type { Value } from '../expression/values.ts';
import { attributeOf } from './access.ts';
import type { Frame, FrameTools, Write } from './frame.ts';
import { blockAt, defined, TemplateModule, Undefined } from './objects.ts';
import { Context, Output, type Program, type Scope } from './runtime.ts';
import type { BlockStatement, Expression, Statement } from './syntax.ts';
import { toText } from './text.ts';

/** The place of a block: the most derived version of it is written there. */
export function compileBlockUse(tools: FrameTools, frame: Frame, statement: BlockStatement): Write {
  const { name } = statement;
  const locals = statement.scoped ? tools.compileLocals(frame.symbols) : null;
  const write: Write = tools.placed(statement, (scope, out) => {
    const { context, evaluation } = scope.run;
    const versions = context.blocks.get(name)!;
    if (statement.required && versions.length <= 1) {
      raise('TemplateRuntimeError', `Required block '${name}' not found`);
    }
    let target = context;
    if (locals !== null) {
      target = context.derive(locals(scope));
      for (const [key, bodies] of context.blocks) target.blocks.set(key, bodies);
    }
    enter(evaluation);
    versions[0]!(target, out, 0);
    leave(evaluation);
  });
  return frame.top ? tools.unlessExtended(frame, write) : write;
}

/** `extends`: names the parent, which is rendered after this template has run. */
export function compileExtends(
  tools: FrameTools,
  frame: Frame,
  statement: Extract<Statement, { kind: 'extends' }>,
): Write {
  if (!frame.top) tools.fail('cannot use extend from a non top-level scope', statement);
  const find = compileTemplate(tools, frame, statement.template, 'extends', true, false);
  return tools.placed(statement, (scope) => {
    const { run } = scope;
    if (run.parent !== null) raise('TemplateRuntimeError', 'extended multiple times');
    run.parent = find(scope)!;
    run.context.addBlocks(run.parent);
  });
}

/** `include`: the other template is written in place. */
export function compileInclude(
  tools: FrameTools,
  frame: Frame,
  statement: Extract<Statement, { kind: 'include' }>,
): Write {
  const { withContext } = statement;
  const find = compileTemplate(
    tools,
    frame,
    statement.template,
    'include',
    withContext,
    statement.ignoreMissing,
  );
  const locals = tools.compileLocals(frame.symbols);
  return tools.placed(statement, (scope, out) => {
    const program = find(scope);
    if (program === null) return;
    const { context, evaluation } = scope.run;
    if (!withContext) {
      out.write(importModule(context, program, null).output);
      return;
    }
    enter(evaluation);
    program.render(startContext(context.derive(locals(scope)), program), out);
    leave(evaluation);
  });
}

/** `import ... as`: the other template as a value. */
export function compileImport(
  tools: FrameTools,
  frame: Frame,
  statement: Extract<Statement, { kind: 'import' }>,
): Write {
  const load = compileModule(tools, frame, statement);
  const assign = tools.compileAssign(frame, { ...statement, kind: 'name', name: statement.alias });
  return tools.placed(statement, (scope) => {
    assign(scope, load(scope));
    scope.run.context.exported.delete(statement.alias);
  });
}

/** `from ... import`: names of the other template. */
export function compileFrom(
  tools: FrameTools,
  frame: Frame,
  statement: Extract<Statement, { kind: 'from' }>,
): Write {
  const load = compileModule(tools, frame, statement);
  const names = statement.names.map(({ name, alias }) => ({
    name,
    alias,
    assign: tools.compileAssign(frame, { ...statement, kind: 'name', name: alias }),
  }));
  return tools.placed(statement, (scope) => {
    const { evaluation, context } = scope.run;
    const module = load(scope);
    for (const { name, alias, assign } of names) {
      const value = attributeOf(evaluation, module, name);
      const absent = `the template does not export the requested name '${name}'`;
      assign(scope, value === undefined ? new Undefined(absent) : value);
      context.exported.delete(alias);
    }
  });
}

/** Compiles the search for a template; it gives null only for one that may be missing. */
function compileTemplate(
  tools: FrameTools,

  frame: Frame,
  expression: Expression,
  kind: 'include' | 'import' | 'extends',
  withContext: boolean,
  optional: boolean,
): (scope: Scope) => Program | null {
  const literal = literalNames(expression);
  if (literal !== null) {
    const provided = (): Iterable<string> => frame.symbols.storedNames().keys();
    const several = expression.kind !== 'literal';
    tools.links.noteTemplate({ names: literal, several, span: expression, optional, withContext, provided });
  }
  // What another template does to its values is not known here.
  if (literal === null) tools.links.noteMutation();
  const evaluate = tools.expression(frame, expression);
  return (scope) => {
    const { rendering } = scope.run.context;
    const value = defined(evaluate(scope));
    const names = typeof value === 'string' ? [value] : toItems(rendering.evaluation, value);
    if (kind !== 'include' && typeof value !== 'string') raise('TypeError', 'a template is named by a text');
    for (const name of names) {
      const program = rendering.load(toText(rendering.evaluation, name));
      if (program !== null) return program;
    }
    if (optional) return null;
    const wanted = names.map((name) => toText(rendering.evaluation, name)).join(', ');
    return raise(typeof value === 'string' ? 'TemplateNotFound' : 'TemplatesNotFound', wanted);
  };
}

function compileModule(
  tools: FrameTools,

  frame: Frame,
  statement: Extract<Statement, { kind: 'import' | 'from' }>,
): (scope: Scope) => TemplateModule {
  const find = compileTemplate(tools, frame, statement.template, 'import', statement.withContext, false);
  const locals = statement.withContext ? tools.compileLocals(frame.symbols) : null;
  return (scope) => importModule(scope.run.context, find(scope)!, locals === null ? null : locals(scope));
}

/** A context made ready for a template: with its blocks. */
export function startContext(context: Context, program: Program): Context {
  context.addBlocks(program);
  return context;
}

/** Renders a template for its names. Without context it is rendered once and sees only the globals. */
function importModule(
  context: Context,
  program: Program,
  locals: ReadonlyMap<string, Value> | null,
): TemplateModule {
  const { rendering } = context;
  const known = locals === null ? rendering.modules.get(program) : undefined;
  if (known !== undefined) return known;
  const inner = locals === null ? new Context(rendering, new Map()) : context.derive(locals);
  const out = new Output(rendering.evaluation);
  enter(rendering.evaluation);
  program.render(startContext(inner, program), out);
  leave(rendering.evaluation);
  const module = new TemplateModule(program.name, out.text, inner.exports());
  if (locals === null) rendering.modules.set(program, module);
  return module;
}

function literalNames(expression: Expression): string[] | null {
  if (expression.kind === 'literal') {
    return expression.literal.type === 'string' ? [expression.literal.value] : null;
  }
  if (expression.kind !== 'list' && expression.kind !== 'tuple') return null;
  const names = expression.items.map(literalNames);
  return names.every((name) => name?.length === 1) ? names.flatMap((name) => name!) : null;
}

/** A block as a value, from a level of the inheritance on. */
export function referTo(context: Context, name: string, level: number): Value {
  const versions = context.blocks.get(name)!;
  return blockAt(name, versions.length, level, (at) => {
    const { evaluation } = context.rendering;
    const out = new Output(evaluation);
    enter(evaluation);
    versions[at]!(context, out, at);
    leave(evaluation);
    return out.text;
  });
}

// Turns statements into closures that write text, frame by frame, with the scoping rules of Jinja.
// It refuses to find templates: that is asked of `TemplateLinks`.
import { raise, raiseLimit } from '../expression/errors.ts';
import { enter, leave, spend } from '../expression/evaluation.ts';
import { toItems, unpack } from '../expression/iteration.ts';
import type { Value } from '../expression/values.ts';
import { attributeOf } from './access.ts';
import {
  compileBodyFilter,
  compileCallWithCaller,
  compileExpression,
  type Evaluate,
  type ExpressionContext,
} from './compile-expression.ts';
import { templateErrorAt } from './error.ts';
import { locateError } from './locate.ts';
import { readsFirst } from './names.ts';
import {
  blockAt,
  defined,
  Loop,
  Macro,
  type MacroExtras,
  type MacroShape,
  Namespace,
  TemplateModule,
  TemplateReference,
  Undefined,
} from './objects.ts';
import {
  Context,
  compileEnter,
  compileRead,
  type EnterFrame,
  locate,
  Output,
  type Program,
  type Scope,
} from './runtime.ts';
import { type Reference, Symbols } from './symbols.ts';
import type {
  BlockStatement,
  Expression,
  ForStatement,
  IfStatement,
  MacroDefinition,
  Span,
  Statement,
  Target,
} from './syntax.ts';
import { isTrue, toText } from './text.ts';

/** How a template reaches others, and what the compiler notes on its way. */
export interface TemplateLinks extends ExpressionContext {
  /** Called for each template that is named by a literal, with the names of the frame it is used from. */
  readonly noteTemplate: (use: TemplateUse) => void;
  /** Called for each name that some frame takes from the context. */
  readonly noteName: (name: string) => void;
  /** True when the template has an `extends`. */
  readonly extendsAny: boolean;
}

/** One literal reference to another template. */
export interface TemplateUse {
  /** The names, of which the first that exists is taken. */
  readonly names: readonly string[];
  /** True when they were written as a list. */
  readonly several: boolean;
  readonly span: Span;
  /** True for `ignore missing`. */
  readonly optional: boolean;
  /** True when the other template sees the context. */
  readonly withContext: boolean;
  /** Names the frame hands on, which so do not come from the context. */
  readonly provided: () => Iterable<string>;
}

/** Writes part of a template. */
type Write = (scope: Scope, out: Output) => void;

/** What is known of a frame while it is compiled. */
interface Frame {
  readonly symbols: Symbols;
  /** True at the top level of a template, `if` branches included: names set here are exported. */
  readonly top: boolean;
  /** True in the root of a template, outside blocks: a template that extends another writes nothing here. */
  readonly root: boolean;
}

/** A compiled body with its frame. */
export interface CompiledBody {
  readonly enter: EnterFrame;
  readonly write: Write;
  /** Names the root sets, which its blocks see. */
  readonly provides: ReadonlyMap<string, Reference>;
}

/** Compiles the root of a template. */
export function compileRoot(links: TemplateLinks, statements: readonly Statement[]): CompiledBody {
  const compiler = new StatementCompiler(links);
  const symbols = new Symbols(null);
  const self = readsFirst(statements, 'self') ? symbols.declare('self') : null;
  symbols.analyze(statements);
  const write = compiler.compileBody({ symbols, top: true, root: true }, statements);
  return {
    enter: withSelf(enterFrame(links, symbols), self, null, null),
    write,
    provides: symbols.storedNames(),
  };
}

/** Compiles a block; its frame is not inside the template's. */
export function compileBlock(links: TemplateLinks, block: BlockStatement): CompiledBody {
  const compiler = new StatementCompiler(links);
  const symbols = new Symbols(null);
  const self = readsFirst(block.body, 'self') ? symbols.declare('self') : null;
  const parent = readsFirst(block.body, 'super') ? symbols.declare('super') : null;
  symbols.analyze(block.body);
  const write = compiler.compileBody({ symbols, top: false, root: false }, block.body);
  return {
    enter: withSelf(enterFrame(links, symbols), self, parent, block.name),
    write,
    provides: new Map(),
  };
}

function enterFrame(links: TemplateLinks, symbols: Symbols): EnterFrame {
  for (const name of symbols.contextNames()) links.noteName(name);
  return compileEnter(symbols);
}

function withSelf(
  enterPlain: EnterFrame,
  self: Reference | null,
  parent: Reference | null,
  block: string | null,
): EnterFrame {
  if (self === null && parent === null) return enterPlain;
  return (outer, run) => {
    const scope = enterPlain(outer, run);
    if (self !== null) {
      scope.slots[self.slot] = new TemplateReference((name) => {
        return run.context.blocks.has(name) ? referTo(run.context, name, 0) : undefined;
      });
    }
    if (parent !== null) scope.slots[parent.slot] = referTo(run.context, block!, run.level + 1);
    return scope;
  };
}

function referTo(context: Context, name: string, level: number): Value {
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

/** Places of one template that hand their names on to another. */
const MAX_HAND_OVERS = 1_000;

class StatementCompiler {
  private readonly links: TemplateLinks;
  private handOvers = 0;

  constructor(links: TemplateLinks) {
    this.links = links;
  }

  compileBody(frame: Frame, statements: readonly Statement[]): Write {
    const parts = statements.map((statement) => this.compileStatement(frame, statement));
    return (scope, out) => {
      spend(scope.run.evaluation, parts.length);
      for (const part of parts) part(scope, out);
    };
  }

  private expression(frame: Frame, expression: Expression): Evaluate {
    return compileExpression(this.links, frame.symbols, expression);
  }

  /** Gives the errors of a closure their place. */
  private placed<Args extends unknown[], Result>(
    span: Span,
    work: (...args: Args) => Result,
  ): (...args: Args) => Result {
    const { source } = this.links;
    return (...args) => {
      try {
        return work(...args);
      } catch (error) {
        throw locateError(error, source, span);
      }
    };
  }

  /** An expression whose errors are placed at it. */
  private placedExpression(frame: Frame, expression: Expression): Evaluate {
    return this.placed(expression, this.expression(frame, expression));
  }

  private fail(message: string, span: Span): never {
    throw templateErrorAt('TemplateAssertionError', message, this.links.source, span.start);
  }

  private compileStatement(frame: Frame, statement: Statement): Write {
    switch (statement.kind) {
      case 'text': {
        const { text } = statement;
        return this.unlessExtended(frame, (_, out) => out.write(text));
      }
      case 'output': {
        const evaluate = this.expression(frame, statement.expression);
        return this.unlessExtended(
          frame,
          this.placed(statement, (scope, out) => out.write(toText(scope.run.evaluation, evaluate(scope)))),
        );
      }
      case 'if':
        return this.compileIf(frame, statement);
      case 'for':
        return this.compileFor(frame, statement);
      case 'set': {
        const evaluate = this.expression(frame, statement.value);
        const assign = this.compileAssign(frame, statement.target);
        return this.placed(statement, (scope) => assign(scope, evaluate(scope)));
      }
      case 'setBlock':
        return this.compileSetBlock(frame, statement);
      case 'macro': {
        const make = this.compileMacro(frame, statement.definition);
        const assign = this.compileAssign(frame, {
          ...statement,
          kind: 'name',
          name: statement.definition.name!,
        });
        return (scope) => assign(scope, make(scope));
      }
      case 'callBlock': {
        const make = this.compileMacro(frame, statement.definition);
        const call = compileCallWithCaller(this.links, frame.symbols, statement.call);
        return this.placed(statement.call, (scope, out) => {
          out.write(toText(scope.run.evaluation, call(scope, make(scope))));
        });
      }
      case 'filterBlock':
        return this.compileFilterBlock(frame, statement);
      case 'with':
        return this.compileWith(frame, statement);
      case 'scope': {
        const symbols = new Symbols(frame.symbols);
        symbols.analyze(statement.body);
        const write = this.compileBody(inside(frame, symbols), statement.body);
        const enterScope = enterFrame(this.links, symbols);
        return (scope, out) => write(enterScope(scope, scope.run), out);
      }
      case 'block':
        return this.compileBlockUse(frame, statement);
      case 'extends':
        return this.compileExtends(frame, statement);
      case 'include':
        return this.compileInclude(frame, statement);
      case 'import':
        return this.compileImport(frame, statement);
      case 'from':
        return this.compileFrom(frame, statement);
      default:
        return statement satisfies never;
    }
  }

  /** A template that extends another writes nothing outside its blocks. */
  private unlessExtended(frame: Frame, write: Write): Write {
    if (!frame.root || !this.links.extendsAny) return write;
    return (scope, out) => {
      if (scope.run.parent === null) write(scope, out);
    };
  }

  private compileIf(frame: Frame, statement: IfStatement): Write {
    const branches = statement.branches.map(({ test, body }) => {
      const evaluate = this.expression(frame, test);
      return {
        holds: this.placed(test, (scope: Scope) => {
          spend(scope.run.evaluation, 1);
          return isTrue(evaluate(scope));
        }),
        write: this.compileBody(frame, body),
      };
    });
    const otherwise = this.compileBody(frame, statement.otherwise);
    return (scope, out) => {
      const branch = branches.find(({ holds }) => holds(scope));
      (branch?.write ?? otherwise)(scope, out);
    };
  }

  private compileFor(frame: Frame, statement: ForStatement): Write {
    const symbols = new Symbols(frame.symbols);
    const usesLoop =
      statement.recursive || readsFirst(statement.body, 'loop') || hasScopedBlock(statement.body);
    if (targetNames(statement.target).includes('loop')) {
      this.fail("Can't assign to special loop variable in for-loop target", statement.target);
    }
    const loopSlot = usesLoop ? symbols.declare('loop').slot : null;
    symbols.analyzeLoop(statement);
    const body = inside(frame, symbols);
    const assign = this.placed(statement.target, this.compileAssign(body, statement.target));
    const write = this.compileBody(body, statement.body);
    const otherwise = this.compileInner(frame, statement.otherwise);
    const enterScope = enterFrame(this.links, symbols);
    const itemsOf = this.placed(statement.items, (scope: Scope, value: Value) =>
      toItems(scope.run.evaluation, defined(value)),
    );
    const keep =
      statement.filter === null ? null : this.compileLoopFilter(frame, statement, statement.filter);

    const run = (scope: Scope, out: Output, value: Value, depth: number): void => {
      const { evaluation } = scope.run;
      let items = itemsOf(scope, value);
      if (keep !== null) items = items.filter((item) => keep(scope, item));
      if (items.length === 0) otherwise(scope, out);
      const recurse = statement.recursive
        ? (inner: Value, innerDepth: number): string => {
            const text = new Output(evaluation);
            run(scope, text, inner, innerDepth);
            return text.text;
          }
        : null;
      const loop = loopSlot === null ? null : new Loop(evaluation, items, depth, recurse);
      for (let i = 0; i < items.length; i++) {
        spend(evaluation, 1);
        const pass = enterScope(scope, scope.run);
        if (loop !== null) {
          loop.index = i;
          pass.slots[loopSlot!] = loop;
        }
        assign(pass, items[i]!);
        write(pass, out);
      }
    };
    const evaluate = this.placedExpression(frame, statement.items);
    return (scope, out) => run(scope, out, evaluate(scope), 0);
  }

  private compileLoopFilter(
    frame: Frame,
    statement: ForStatement,
    filter: Expression,
  ): (scope: Scope, item: Value) => boolean {
    const symbols = new Symbols(frame.symbols);
    symbols.declareTarget(statement.target);
    symbols.analyzeExpression(filter);
    const test = inside(frame, symbols);
    const assign = this.compileAssign(test, statement.target);
    const evaluate = this.expression(test, filter);
    const enterScope = enterFrame(this.links, symbols);
    return this.placed(filter, (scope, item) => {
      const pass = enterScope(scope, scope.run);
      assign(pass, item);
      return isTrue(evaluate(pass));
    });
  }

  /** Statements with a frame of their own and nothing declared in it. */
  private compileInner(frame: Frame, statements: readonly Statement[]): Write {
    if (statements.length === 0) return () => {};
    const symbols = new Symbols(frame.symbols);
    symbols.analyze(statements);
    const write = this.compileBody(inside(frame, symbols), statements);
    const enterScope = enterFrame(this.links, symbols);
    return (scope, out) => write(enterScope(scope, scope.run), out);
  }

  private compileAssign(frame: Frame, target: Target): (scope: Scope, value: Value) => void {
    switch (target.kind) {
      case 'name': {
        const { slot } = locate(frame.symbols, target.name);
        const { name } = target;
        if (!frame.top) {
          return (scope, value) => {
            scope.slots[slot] = value;
          };
        }
        return (scope, value) => {
          scope.slots[slot] = value;
          scope.run.context.own.set(name, value);
          if (!name.startsWith('_')) scope.run.context.exported.add(name);
        };
      }
      case 'namespace': {
        const read = compileRead(frame.symbols, target.name);
        return (scope, value) => {
          const object = read(scope);
          if (!(object instanceof Namespace)) {
            raise('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
          }
          object.fields.set(target.attribute, value);
        };
      }
      case 'tuple': {
        const assigns = target.items.map((item) => this.compileAssign(frame, item));
        return (scope, value) => {
          const values = unpack(scope.run.evaluation, defined(value), assigns.length);
          assigns.forEach((assign, i) => {
            assign(scope, values[i]!);
          });
        };
      }
      default:
        return target satisfies never;
    }
  }

  private compileSetBlock(frame: Frame, statement: Extract<Statement, { kind: 'setBlock' }>): Write {
    const symbols = new Symbols(frame.symbols);
    symbols.analyze(statement.body);
    if (statement.filter !== null) symbols.analyzeExpression(statement.filter);
    const write = this.compileBody({ symbols, top: false, root: false }, statement.body);
    const filter =
      statement.filter === null ? null : compileBodyFilter(this.links, symbols, statement.filter);
    const assign = this.compileAssign(frame, statement.target);
    const enterScope = enterFrame(this.links, symbols);
    const finish = this.placed(statement.filter ?? statement, (scope: Scope, inner: Scope, text: string) => {
      assign(scope, filter === null ? text : filter(inner, text));
    });
    return (scope) => {
      const inner = enterScope(scope, scope.run);
      const out = new Output(scope.run.evaluation);
      write(inner, out);
      finish(scope, inner, out.text);
    };
  }

  private compileFilterBlock(frame: Frame, statement: Extract<Statement, { kind: 'filterBlock' }>): Write {
    const symbols = new Symbols(frame.symbols);
    symbols.analyze(statement.body);
    symbols.analyzeExpression(statement.filter);
    const write = this.compileBody(inside(frame, symbols), statement.body);
    const filter = compileBodyFilter(this.links, symbols, statement.filter);
    const enterScope = enterFrame(this.links, symbols);
    const finish = this.placed(statement.filter, (inner: Scope, text: string, out: Output) => {
      out.write(toText(inner.run.evaluation, filter(inner, text)));
    });
    return (scope, out) => {
      const inner = enterScope(scope, scope.run);
      const body = new Output(scope.run.evaluation);
      write(inner, body);
      finish(inner, body.text, out);
    };
  }

  private compileWith(frame: Frame, statement: Extract<Statement, { kind: 'with' }>): Write {
    const symbols = new Symbols(frame.symbols);
    for (const { target } of statement.bindings) symbols.declareTarget(target);
    symbols.analyze(statement.body);
    const inner = inside(frame, symbols);
    const bindings = statement.bindings.map(({ target, value }) => ({
      assign: this.placed(target, this.compileAssign(inner, target)),
      evaluate: this.placedExpression(frame, value),
    }));
    const write = this.compileBody(inner, statement.body);
    const enterScope = enterFrame(this.links, symbols);
    return (scope, out) => {
      const pass = enterScope(scope, scope.run);
      for (const { assign, evaluate } of bindings) assign(pass, evaluate(scope));
      write(pass, out);
    };
  }

  private compileMacro(frame: Frame, definition: MacroDefinition): (scope: Scope) => Macro {
    const { body } = definition;
    const parameters = definition.parameters.map(({ name }) => name);
    const uses = (name: string): boolean => readsFirst(body, name) && !parameters.includes(name);
    const explicitCaller = definition.parameters.find(({ name }) => name === 'caller');
    if (explicitCaller !== undefined && explicitCaller.fallback === null && readsFirst(body, 'caller')) {
      this.fail('the parameter "caller" must be left out or be given a default', explicitCaller);
    }
    const shape: MacroShape = {
      name: definition.name,
      parameters,
      usesCaller: uses('caller'),
      usesKwargs: uses('kwargs'),
      usesVarargs: uses('varargs'),
    };
    const symbols = new Symbols(frame.symbols);
    const extras = (['caller', 'kwargs', 'varargs'] as const)
      .filter((name) =>
        name === 'caller' ? shape.usesCaller : name === 'kwargs' ? shape.usesKwargs : shape.usesVarargs,
      )
      .map((name) => ({ name, slot: symbols.declare(name).slot }));
    symbols.analyzeMacro(definition);
    const inner: Frame = { symbols, top: false, root: false };
    const slots = definition.parameters.map(({ name, fallback }) => ({
      name,
      slot: locate(symbols, name).slot,
      fallback: fallback === null ? null : this.placedExpression(inner, fallback),
    }));
    const write = this.compileBody(inner, body);
    const enterScope = enterFrame(this.links, symbols);
    return (scope) =>
      new Macro(shape, (values: readonly (Value | undefined)[], given: MacroExtras) => {
        const pass = enterScope(scope, scope.run);
        for (const { name, slot } of extras) pass.slots[slot] = given[name];
        slots.forEach(({ slot }, i) => {
          pass.slots[slot] = values[i];
        });
        for (const { name, slot, fallback } of slots) {
          if (pass.slots[slot] !== undefined) continue;
          pass.slots[slot] =
            fallback === null ? new Undefined(`parameter '${name}' was not provided`) : fallback(pass);
        }
        const out = new Output(scope.run.evaluation);
        write(pass, out);
        return out.text;
      });
  }

  /** The names set in a frame and around it, with their values: what another template gets to see. */
  private compileLocals(symbols: Symbols): (scope: Scope) => Map<string, Value> {
    if (++this.handOvers > MAX_HAND_OVERS) raiseLimit(`more than ${MAX_HAND_OVERS} uses of other templates`);
    const reads = [...symbols.storedNames().keys()].map((name) => ({
      name,
      read: compileRead(symbols, name),
    }));
    return (scope) => {
      spend(scope.run.evaluation, reads.length);
      const locals = new Map<string, Value>();
      for (const { name, read } of reads) {
        const value = read(scope);
        if (value !== undefined) locals.set(name, value);
      }
      return locals;
    };
  }

  private compileBlockUse(frame: Frame, statement: BlockStatement): Write {
    const { name } = statement;
    const locals = statement.scoped ? this.compileLocals(frame.symbols) : null;
    const write: Write = this.placed(statement, (scope, out) => {
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
    return frame.top ? this.unlessExtended(frame, write) : write;
  }

  private compileExtends(frame: Frame, statement: Extract<Statement, { kind: 'extends' }>): Write {
    if (!frame.top) this.fail('cannot use extend from a non top-level scope', statement);
    const find = this.compileTemplate(frame, statement.template, 'extends', true, false);
    return this.placed(statement, (scope) => {
      const { run } = scope;
      if (run.parent !== null) raise('TemplateRuntimeError', 'extended multiple times');
      run.parent = find(scope)!;
      run.context.addBlocks(run.parent);
    });
  }

  /** Compiles the search for a template; it gives null only for one that may be missing. */
  private compileTemplate(
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
      this.links.noteTemplate({ names: literal, several, span: expression, optional, withContext, provided });
    }
    // What another template does to its values is not known here.
    if (literal === null) this.links.noteMutation();
    const evaluate = this.expression(frame, expression);
    return (scope) => {
      const { rendering } = scope.run.context;
      const value = defined(evaluate(scope));
      const names = typeof value === 'string' ? [value] : toItems(rendering.evaluation, value);
      if (kind !== 'include' && typeof value !== 'string')
        raise('TypeError', 'a template is named by a text');
      for (const name of names) {
        const program = rendering.load(toText(rendering.evaluation, name));
        if (program !== null) return program;
      }
      if (optional) return null;
      const wanted = names.map((name) => toText(rendering.evaluation, name)).join(', ');
      return raise(typeof value === 'string' ? 'TemplateNotFound' : 'TemplatesNotFound', wanted);
    };
  }

  private compileInclude(frame: Frame, statement: Extract<Statement, { kind: 'include' }>): Write {
    const { withContext } = statement;
    const find = this.compileTemplate(
      frame,
      statement.template,
      'include',
      withContext,
      statement.ignoreMissing,
    );
    const locals = this.compileLocals(frame.symbols);
    return this.placed(statement, (scope, out) => {
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

  private compileModule(
    frame: Frame,
    statement: Extract<Statement, { kind: 'import' | 'from' }>,
  ): (scope: Scope) => TemplateModule {
    const find = this.compileTemplate(frame, statement.template, 'import', statement.withContext, false);
    const locals = statement.withContext ? this.compileLocals(frame.symbols) : null;
    return (scope) => importModule(scope.run.context, find(scope)!, locals === null ? null : locals(scope));
  }

  private compileImport(frame: Frame, statement: Extract<Statement, { kind: 'import' }>): Write {
    const load = this.compileModule(frame, statement);
    const assign = this.compileAssign(frame, { ...statement, kind: 'name', name: statement.alias });
    return this.placed(statement, (scope) => {
      assign(scope, load(scope));
      scope.run.context.exported.delete(statement.alias);
    });
  }

  private compileFrom(frame: Frame, statement: Extract<Statement, { kind: 'from' }>): Write {
    const load = this.compileModule(frame, statement);
    const names = statement.names.map(({ name, alias }) => ({
      name,
      alias,
      assign: this.compileAssign(frame, { ...statement, kind: 'name', name: alias }),
    }));
    return this.placed(statement, (scope) => {
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
}

/** A frame inside another: neither top level, nor a different part of the template. */
function inside(frame: Frame, symbols: Symbols): Frame {
  return { symbols, top: false, root: frame.root };
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

function targetNames(target: Target): string[] {
  return target.kind === 'tuple' ? target.items.flatMap(targetNames) : [target.name];
}

function hasScopedBlock(statements: readonly Statement[]): boolean {
  return findBlocks(statements).some((block) => block.scoped);
}

/** Every block of a template, nested ones too, in order. */
export function findBlocks(statements: readonly Statement[]): BlockStatement[] {
  return statements.flatMap((statement): BlockStatement[] => {
    switch (statement.kind) {
      case 'block':
        return [statement, ...findBlocks(statement.body)];
      case 'if':
        return findBlocks([...statement.branches.flatMap(({ body }) => body), ...statement.otherwise]);
      case 'for':
        return findBlocks([...statement.body, ...statement.otherwise]);
      case 'macro':
      case 'callBlock':
        return findBlocks(statement.definition.body);
      case 'setBlock':
      case 'filterBlock':
      case 'with':
      case 'scope':
        return findBlocks(statement.body);
      default:
        return [];
    }
  });
}

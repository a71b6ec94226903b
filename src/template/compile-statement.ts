// Turns statements into closures that write text, frame by frame, with the scoping rules of Jinja.
// It refuses to reach other templates: `compile-links.ts` does that.
import { spend } from '../expression/evaluation.ts';
import { toItems } from '../expression/iteration.ts';
import type { Value } from '../expression/values.ts';
import { compileBodyFilter, compileCallWithCaller } from './compile-expression.ts';
import {
  compileBlockUse,
  compileExtends,
  compileFrom,
  compileImport,
  compileInclude,
  referTo,
} from './compile-links.ts';
import { enterFrame, type Frame, FrameTools, inside, type TemplateLinks, type Write } from './frame.ts';
import { readsFirst } from './names.ts';
import {
  defined,
  Loop,
  Macro,
  type MacroExtras,
  type MacroShape,
  TemplateReference,
  Undefined,
} from './objects.ts';
import { type EnterFrame, locate, Output, type Scope } from './runtime.ts';
import { type Reference, Symbols } from './symbols.ts';
import type {
  BlockStatement,
  Expression,
  ForStatement,
  IfStatement,
  MacroDefinition,
  Statement,
} from './syntax.ts';
import { isTrue, toText } from './text.ts';
import { hasScopedBlock, targetNames } from './tree.ts';

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

class StatementCompiler {
  private readonly tools: FrameTools;

  constructor(links: TemplateLinks) {
    this.tools = new FrameTools(links);
  }

  compileBody(frame: Frame, statements: readonly Statement[]): Write {
    const parts = statements.map((statement) => this.compileStatement(frame, statement));
    return (scope, out) => {
      spend(scope.run.evaluation, parts.length);
      for (const part of parts) part(scope, out);
    };
  }

  private compileStatement(frame: Frame, statement: Statement): Write {
    switch (statement.kind) {
      case 'text': {
        const { text } = statement;
        return this.tools.unlessExtended(frame, (_, out) => out.write(text));
      }
      case 'output': {
        const evaluate = this.tools.expression(frame, statement.expression);
        return this.tools.unlessExtended(
          frame,
          this.tools.placed(statement, (scope, out) =>
            out.write(toText(scope.run.evaluation, evaluate(scope))),
          ),
        );
      }
      case 'if':
        return this.compileIf(frame, statement);
      case 'for':
        return this.compileFor(frame, statement);
      case 'set': {
        const evaluate = this.tools.expression(frame, statement.value);
        const assign = this.tools.compileAssign(frame, statement.target);
        return this.tools.placed(statement, (scope) => assign(scope, evaluate(scope)));
      }
      case 'setBlock':
        return this.compileSetBlock(frame, statement);
      case 'macro': {
        const make = this.compileMacro(frame, statement.definition);
        const assign = this.tools.compileAssign(frame, {
          ...statement,
          kind: 'name',
          name: statement.definition.name!,
        });
        return (scope) => assign(scope, make(scope));
      }
      case 'callBlock': {
        const make = this.compileMacro(frame, statement.definition);
        const call = compileCallWithCaller(this.tools.links, frame.symbols, statement.call);
        return this.tools.placed(statement.call, (scope, out) => {
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
        const enterScope = enterFrame(this.tools.links, symbols);
        return (scope, out) => write(enterScope(scope, scope.run), out);
      }
      case 'block':
        return compileBlockUse(this.tools, frame, statement);
      case 'extends':
        return compileExtends(this.tools, frame, statement);
      case 'include':
        return compileInclude(this.tools, frame, statement);
      case 'import':
        return compileImport(this.tools, frame, statement);
      case 'from':
        return compileFrom(this.tools, frame, statement);
      default:
        return statement satisfies never;
    }
  }

  private compileIf(frame: Frame, statement: IfStatement): Write {
    const branches = statement.branches.map(({ test, body }) => {
      const evaluate = this.tools.expression(frame, test);
      return {
        holds: this.tools.placed(test, (scope: Scope) => {
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
      this.tools.fail("Can't assign to special loop variable in for-loop target", statement.target);
    }
    const loopSlot = usesLoop ? symbols.declare('loop').slot : null;
    symbols.analyzeLoop(statement);
    const body = inside(frame, symbols);
    const assign = this.tools.placed(statement.target, this.tools.compileAssign(body, statement.target));
    const write = this.compileBody(body, statement.body);
    const otherwise = this.compileInner(frame, statement.otherwise);
    const enterScope = enterFrame(this.tools.links, symbols);
    const itemsOf = this.tools.placed(statement.items, (scope: Scope, value: Value) =>
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
    const evaluate = this.tools.placedExpression(frame, statement.items);
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
    const assign = this.tools.compileAssign(test, statement.target);
    const evaluate = this.tools.expression(test, filter);
    const enterScope = enterFrame(this.tools.links, symbols);
    return this.tools.placed(filter, (scope, item) => {
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
    const enterScope = enterFrame(this.tools.links, symbols);
    return (scope, out) => write(enterScope(scope, scope.run), out);
  }

  private compileSetBlock(frame: Frame, statement: Extract<Statement, { kind: 'setBlock' }>): Write {
    const symbols = new Symbols(frame.symbols);
    symbols.analyze(statement.body);
    if (statement.filter !== null) symbols.analyzeExpression(statement.filter);
    const write = this.compileBody({ symbols, top: false, root: false }, statement.body);
    const filter =
      statement.filter === null ? null : compileBodyFilter(this.tools.links, symbols, statement.filter);
    const assign = this.tools.compileAssign(frame, statement.target);
    const enterScope = enterFrame(this.tools.links, symbols);
    const finish = this.tools.placed(
      statement.filter ?? statement,
      (scope: Scope, inner: Scope, text: string) => {
        assign(scope, filter === null ? text : filter(inner, text));
      },
    );
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
    const filter = compileBodyFilter(this.tools.links, symbols, statement.filter);
    const enterScope = enterFrame(this.tools.links, symbols);
    const finish = this.tools.placed(statement.filter, (inner: Scope, text: string, out: Output) => {
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
      assign: this.tools.placed(target, this.tools.compileAssign(inner, target)),
      evaluate: this.tools.placedExpression(frame, value),
    }));
    const write = this.compileBody(inner, statement.body);
    const enterScope = enterFrame(this.tools.links, symbols);
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
      this.tools.fail('the parameter "caller" must be left out or be given a default', explicitCaller);
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
      fallback: fallback === null ? null : this.tools.placedExpression(inner, fallback),
    }));
    const write = this.compileBody(inner, body);
    const enterScope = enterFrame(this.tools.links, symbols);
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
}

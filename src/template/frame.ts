// What compiling any statement needs: the frame it stands in, expressions with their place, assignments.
// It refuses to know one statement from another.
import { raise, raiseLimit } from '../expression/errors.ts';
import { spend } from '../expression/evaluation.ts';
import { unpack } from '../expression/iteration.ts';
import type { Value } from '../expression/values.ts';
import { compileExpression, type Evaluate, type ExpressionContext } from './compile-expression.ts';
import { templateErrorAt } from './error.ts';
import { locateError } from './locate.ts';
import { defined, Namespace } from './objects.ts';
import { compileEnter, compileRead, type EnterFrame, locate, type Output, type Scope } from './runtime.ts';
import type { Symbols } from './symbols.ts';
import type { Expression, Span, Target } from './syntax.ts';

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
export type Write = (scope: Scope, out: Output) => void;

/** What is known of a frame while it is compiled. */
export interface Frame {
  readonly symbols: Symbols;
  /** True at the top level of a template, `if` branches included: names set here are exported. */
  readonly top: boolean;
  /** True in the root of a template, outside blocks: a template that extends another writes nothing here. */
  readonly root: boolean;
}

/** A frame inside another: neither top level, nor a different part of the template. */
export function inside(frame: Frame, symbols: Symbols): Frame {
  return { symbols, top: false, root: frame.root };
}

/** Compiles how a frame is entered, and notes what it takes from the context. */
export function enterFrame(links: TemplateLinks, symbols: Symbols): EnterFrame {
  for (const name of symbols.contextNames()) links.noteName(name);
  return compileEnter(symbols);
}

/** Places of one template that hand their names on to another. */
const MAX_HAND_OVERS = 1_000;

/** The compiler's tools for one template or block. */
export class FrameTools {
  readonly links: TemplateLinks;
  private handOvers = 0;

  constructor(links: TemplateLinks) {
    this.links = links;
  }

  expression(frame: Frame, expression: Expression): Evaluate {
    return compileExpression(this.links, frame.symbols, expression);
  }

  /** Gives the errors of a closure their place. */
  placed<Args extends unknown[], Result>(
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
  placedExpression(frame: Frame, expression: Expression): Evaluate {
    return this.placed(expression, this.expression(frame, expression));
  }

  fail(message: string, span: Span): never {
    throw templateErrorAt('TemplateAssertionError', message, this.links.source, span.start);
  }

  /** A template that extends another writes nothing outside its blocks. */
  unlessExtended(frame: Frame, write: Write): Write {
    if (!frame.root || !this.links.extendsAny) return write;
    return (scope, out) => {
      if (scope.run.parent === null) write(scope, out);
    };
  }

  /** The names set in a frame and around it, with their values: what another template gets to see. */
  compileLocals(symbols: Symbols): (scope: Scope) => Map<string, Value> {
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

  compileAssign(frame: Frame, target: Target): (scope: Scope, value: Value) => void {
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
}

// The values that exist only inside templates: undefined, loop, namespace, macro and their like.
// Each shows the attributes listed here and nothing else.
import { equals } from '../expression/comparison.ts';
import { raise } from '../expression/errors.ts';
import type { Evaluation } from '../expression/evaluation.ts';
import { textRepr } from '../expression/text.ts';
import {
  dictOf,
  type NamedArguments,
  PyFunction,
  PyHost,
  PyTuple,
  type Value,
} from '../expression/values.ts';

/**
 * A value that is not there. Reading one is no error; using it is, except where Jinja says otherwise (`is defined`,
 * `default`). A lenient one prints as nothing and is false: what an inline if without else gives.
 */
export class Undefined extends PyHost {
  readonly typeName = 'Undefined';
  readonly reason: string;
  readonly lenient: boolean;

  constructor(reason: string, lenient = false) {
    super();
    this.reason = reason;
    this.lenient = lenient;
  }

  /** Throws the UndefinedError that says what is missing. */
  fail(): never {
    raise('UndefinedError', this.reason);
  }
  attribute(): never {
    this.fail();
  }
  text(): string {
    return 'Undefined';
  }
  override items(): Iterator<Value> {
    return this.lenient ? [].values() : this.fail();
  }
  override call(): never {
    this.fail();
  }
}

/** An undefined name. */
export function undefinedName(name: string): Undefined {
  return new Undefined(`'${name}' is undefined`);
}

/** The value itself, unless it is undefined, which is an error. */
export function defined(value: Value): Value {
  return value instanceof Undefined ? value.fail() : value;
}

/** Text that `escape` has already been through; it behaves as its text does, but is not escaped again. */
export class Markup extends PyHost {
  readonly typeName = 'Markup';
  readonly content: string;
  constructor(content: string) {
    super();
    this.content = content;
  }
  attribute(): undefined {
    return undefined;
  }
  override items(): Iterator<Value> {
    return this.content[Symbol.iterator]();
  }
  text(): string {
    return `Markup(${textRepr(this.content)})`;
  }
}

/** One group of `groupby`: a pair whose parts also have names. */
export class Group extends PyTuple {
  attribute(name: string): Value | undefined {
    if (name === 'grouper') return this.items[0];
    return name === 'list' ? this.items[1] : undefined;
  }
}

/** Renders the body of a recursive loop over other items, one level deeper. */
export type Recurse = (items: Value, depth: number) => string;

/** `loop` inside a `for`: where in the items we are. */
export class Loop extends PyHost {
  readonly typeName = 'jinja2.runtime.LoopContext';
  private readonly values: readonly Value[];
  private readonly depth: number;
  private readonly recurse: Recurse | null;
  private readonly evaluation: Evaluation;
  private lastChanged: PyTuple | null = null;
  /** Index of the current item, from 0. */
  index = 0;

  constructor(evaluation: Evaluation, values: readonly Value[], depth: number, recurse: Recurse | null) {
    super();
    this.evaluation = evaluation;
    this.values = values;
    this.depth = depth;
    this.recurse = recurse;
  }

  attribute(name: string): Value | undefined {
    const { index, values } = this;
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'revindex':
        return values.length - index;
      case 'revindex0':
        return values.length - index - 1;
      case 'first':
        return index === 0;
      case 'last':
        return index === values.length - 1;
      case 'length':
        return values.length;
      case 'depth':
        return this.depth + 1;
      case 'depth0':
        return this.depth;
      case 'previtem':
        return index > 0 ? values[index - 1] : new Undefined('there is no previous item');
      case 'nextitem':
        return index + 1 < values.length ? values[index + 1] : new Undefined('there is no next item');
      case 'cycle':
        return new PyFunction('cycle', (_, positional) => this.cycle(positional));
      case 'changed':
        return new PyFunction('changed', (_, positional) => this.changed(positional));
      default:
        return undefined;
    }
  }

  private cycle(positional: readonly Value[]): Value {
    if (positional.length === 0) raise('TypeError', 'no items for cycling given');
    return positional[this.index % positional.length]!;
  }

  private changed(positional: readonly Value[]): boolean {
    const now = new PyTuple(positional);
    const changed = this.lastChanged === null || !equals(this.evaluation, this.lastChanged, now);
    if (changed) this.lastChanged = now;
    return changed;
  }

  override call(_evaluation: Evaluation, positional: readonly Value[]): Value {
    if (this.recurse === null) {
      raise('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
    }
    if (positional.length !== 1)
      raise('TypeError', `loop() takes 1 argument but ${positional.length} were given`);
    return this.recurse(positional[0]!, this.depth + 1);
  }

  text(): string {
    return `<LoopContext ${this.index + 1}/${this.values.length}>`;
  }
}

/** `namespace(...)`: the one thing whose attributes a template may set. */
export class Namespace extends PyHost {
  readonly typeName = 'jinja2.utils.Namespace';
  readonly fields: Map<string, Value>;
  constructor(fields: Map<string, Value>) {
    super();
    this.fields = fields;
  }
  attribute(name: string): Value | undefined {
    return this.fields.get(name);
  }
  text(): string {
    raise('TypeError', 'a namespace has no text; print its attributes');
  }
}

/** `cycler(...)`: goes round its items, one at each `next()`. */
export class Cycler extends PyHost {
  readonly typeName = 'jinja2.utils.Cycler';
  private readonly values: readonly Value[];
  private position = 0;
  constructor(values: readonly Value[]) {
    super();
    if (values.length === 0) raise('RuntimeError', 'at least one item has to be provided');
    this.values = values;
  }
  attribute(name: string): Value | undefined {
    switch (name) {
      case 'current':
        return this.values[this.position];
      case 'next':
        return new PyFunction('next', () => this.next());
      case 'reset':
        return new PyFunction('reset', () => {
          this.position = 0;
          return null;
        });
      default:
        return undefined;
    }
  }
  private next(): Value {
    const value = this.values[this.position]!;
    this.position = (this.position + 1) % this.values.length;
    return value;
  }
  text(): string {
    raise('TypeError', 'a cycler has no text; print its current item');
  }
}

/** What a macro takes, and how it is run. */
export interface MacroShape {
  /** Null for the body of a call block. */
  readonly name: string | null;
  readonly parameters: readonly string[];
  /** Whether the body reads `caller`, `kwargs`, `varargs` without having a parameter of that name. */
  readonly usesCaller: boolean;
  readonly usesKwargs: boolean;
  readonly usesVarargs: boolean;
}

/** The special values a macro's body may read. */
export interface MacroExtras {
  readonly caller: Value;
  readonly kwargs: Value;
  readonly varargs: Value;
}

/** A macro, or the body of a call block. */
export class Macro extends PyHost {
  readonly typeName = 'jinja2.runtime.Macro';
  private readonly shape: MacroShape;
  private readonly run: (values: readonly (Value | undefined)[], extras: MacroExtras) => string;

  constructor(
    shape: MacroShape,
    run: (values: readonly (Value | undefined)[], extras: MacroExtras) => string,
  ) {
    super();
    this.shape = shape;
    this.run = run;
  }

  attribute(name: string): Value | undefined {
    switch (name) {
      case 'name':
        return this.shape.name;
      case 'arguments':
        return new PyTuple(this.shape.parameters);
      case 'catch_kwargs':
        return this.shape.usesKwargs;
      case 'catch_varargs':
        return this.shape.usesVarargs;
      case 'caller':
        return this.shape.usesCaller;
      default:
        return undefined;
    }
  }

  override call(_evaluation: Evaluation, positional: readonly Value[], named: NamedArguments | null): Value {
    const { parameters, usesCaller, usesKwargs, usesVarargs } = this.shape;
    const rest = new Map(named);
    const values = parameters.map((parameter, i): Value | undefined => {
      if (i < positional.length) return positional[i];
      const value = rest.get(parameter);
      rest.delete(parameter);
      return value;
    });
    let caller: Value = new Undefined('No caller defined');
    if (usesCaller) {
      // A caller of None counts as none given.
      caller = rest.get('caller') ?? caller;
      rest.delete('caller');
    }
    const [unexpected] = rest.keys();
    if (unexpected !== undefined && !usesKwargs) {
      raise(
        'TypeError',
        unexpected === 'caller' && parameters.includes('caller')
          ? `macro ${this.label()} was invoked with two values for the special caller argument. This is most likely a bug.`
          : `macro ${this.label()} takes no keyword argument '${unexpected}'`,
      );
    }
    if (positional.length > parameters.length && !usesVarargs) {
      raise('TypeError', `macro ${this.label()} takes not more than ${parameters.length} argument(s)`);
    }
    const varargs = new PyTuple(positional.slice(parameters.length));
    return this.run(values, { caller, kwargs: dictOf(rest), varargs });
  }

  private label(): string {
    return this.shape.name === null ? 'None' : `'${this.shape.name}'`;
  }

  text(): string {
    return `<Macro ${this.shape.name === null ? 'anonymous' : this.label()}>`;
  }
}

/** An imported template: its top-level names as attributes, its output as text. */
export class TemplateModule extends PyHost {
  readonly typeName = 'jinja2.environment.TemplateModule';
  readonly output: string;
  private readonly name: string;
  private readonly exported: ReadonlyMap<string, Value>;
  constructor(name: string, output: string, exported: ReadonlyMap<string, Value>) {
    super();
    this.name = name;
    this.output = output;
    this.exported = exported;
  }
  attribute(name: string): Value | undefined {
    return this.exported.get(name);
  }
  text(): string {
    return `<TemplateModule '${this.name}'>`;
  }
}

/** Renders one block as it stands at a level of the inheritance, 0 being the most derived template. */
export type RenderBlock = (level: number) => string;

/** `self.title` and `super`: one block, which is rendered when called. */
export class BlockReference extends PyHost {
  readonly typeName = 'jinja2.runtime.BlockReference';
  private readonly name: string;
  private readonly levels: number;
  private readonly level: number;
  private readonly render: RenderBlock;
  constructor(name: string, levels: number, level: number, render: RenderBlock) {
    super();
    this.name = name;
    this.levels = levels;
    this.level = level;
    this.render = render;
  }
  attribute(name: string): Value | undefined {
    return name === 'super' ? blockAt(this.name, this.levels, this.level + 1, this.render) : undefined;
  }
  override call(): Value {
    return this.render(this.level);
  }
  text(): string {
    raise('TypeError', `block '${this.name}' has no text; call it`);
  }
}

/** The block at a level, or an undefined that says there is none. */
export function blockAt(name: string, levels: number, level: number, render: RenderBlock): Value {
  if (level >= levels) return new Undefined(`there is no parent block called '${name}'.`);
  return new BlockReference(name, levels, level, render);
}

/** `self`: the blocks of the template that is rendered. */
export class TemplateReference extends PyHost {
  readonly typeName = 'jinja2.runtime.TemplateReference';
  private readonly block: (name: string) => Value | undefined;
  constructor(block: (name: string) => Value | undefined) {
    super();
    this.block = block;
  }
  attribute(name: string): Value | undefined {
    return this.block(name);
  }
  text(): string {
    raise('TypeError', 'self has no text; call one of its blocks');
  }
}

// What exists while a template is rendered: contexts, scopes with their slots, the output and its cap.
// It refuses to know the syntax; the compiled closures move these things.
import { raiseLimit } from '../expression/errors.ts';
import { type Evaluation, spend } from '../expression/evaluation.ts';
import type { Fields, Value } from '../expression/values.ts';
import { GLOBALS } from './globals.ts';
import type { TemplateModule } from './objects.ts';
import type { Symbols } from './symbols.ts';

/** Text being rendered. Capped, because a loop writes faster than anyone can read. */
export class Output {
  private readonly evaluation: Evaluation;
  text = '';
  constructor(evaluation: Evaluation) {
    this.evaluation = evaluation;
  }
  write(text: string): void {
    spend(this.evaluation, 1 + (text.length >> 6));
    this.text += text;
    const limit = this.evaluation.limits.templateOutput;
    if (this.text.length > limit) raiseLimit(`template output of more than ${limit} characters`);
  }
}

/** Writes a block's body with the context given. */
export type RenderBody = (context: Context, out: Output, level: number) => void;

/** A compiled template, as other templates see it. */
export interface Program {
  readonly name: string;
  readonly render: (context: Context, out: Output) => void;
  readonly blocks: ReadonlyMap<string, RenderBody>;
  /** Top-level names it may read from its context. */
  readonly names: ReadonlySet<string>;
}

/** One rendering: what all templates that take part in it share. */
export interface Rendering {
  readonly evaluation: Evaluation;
  /** The compiled template of that name, or null when there is none. */
  readonly load: (name: string) => Program | null;
  /** Templates imported without context, rendered once each. */
  readonly modules: Map<Program, TemplateModule>;
}

/** The names one template sees, and what it hands on. */
export class Context {
  readonly rendering: Rendering;
  readonly given: Fields;
  /** Names set at the top level of the template. */
  readonly own: Map<string, Value> = new Map();
  /** Those of them that an importing template sees. */
  readonly exported: Set<string> = new Set();
  /** Every version of each block, the most derived first. */
  readonly blocks: Map<string, RenderBody[]> = new Map();

  constructor(rendering: Rendering, given: Fields) {
    this.rendering = rendering;
    this.given = given;
  }

  resolve(name: string): Value | undefined {
    // None is a value, so `??` would not do.
    let value = this.own.get(name);
    if (value === undefined) value = this.given.get(name);
    return value === undefined ? GLOBALS.get(name) : value;
  }

  /** Adds the blocks of a template below those that are there. */
  addBlocks(program: Program): void {
    for (const [name, body] of program.blocks) {
      const versions = this.blocks.get(name);
      if (versions === undefined) this.blocks.set(name, [body]);
      else versions.push(body);
    }
  }

  /** A context for another template, or for a scoped block: this one's names and those given, as they are now. */
  derive(locals: ReadonlyMap<string, Value>): Context {
    spend(this.rendering.evaluation, 1 + this.given.size + this.own.size);
    const names = new Map(this.given);
    for (const [name, value] of this.own) names.set(name, value);
    for (const [name, value] of locals) names.set(name, value);
    return new Context(this.rendering, names);
  }

  /** The names an importing template sees. */
  exports(): Map<string, Value> {
    return new Map([...this.own].filter(([name]) => this.exported.has(name)));
  }
}

/** One run of a template's body or of one block: the context, and whether a parent was named by `extends`. */
export interface Run {
  readonly context: Context;
  readonly evaluation: Evaluation;
  /** Which version of a block runs: 0 is the most derived. */
  readonly level: number;
  parent: Program | null;
}

/** The slots of one frame while it runs; a slot that is `undefined` has no value yet. */
export class Scope {
  readonly slots: (Value | undefined)[];
  readonly outer: Scope | null;
  readonly run: Run;
  constructor(slots: (Value | undefined)[], outer: Scope | null, run: Run) {
    this.slots = slots;
    this.outer = outer;
    this.run = run;
  }
}

/** Reads one name. */
export type Read = (scope: Scope) => Value | undefined;

/** How a name of `symbols` is reached from a scope of that frame; the name must be known there. */
export function compileRead(symbols: Symbols, name: string): Read {
  const { hops, slot } = locate(symbols, name);
  if (hops === 0) return (scope) => scope.slots[slot];
  if (hops === 1) return (scope) => scope.outer!.slots[slot];
  return (scope) => {
    let at = scope;
    for (let i = 0; i < hops; i++) at = at.outer!;
    return at.slots[slot];
  };
}

/** How many frames out, and in which slot, a name lives. */
export function locate(symbols: Symbols, name: string): { hops: number; slot: number } {
  const reference = symbols.find(name);
  if (reference === undefined) throw new Error(`the name ${name} was not analysed`);
  let hops = 0;
  for (let at: Symbols | null = symbols; at !== null && at.layout !== reference.layout; at = at.parent)
    hops++;
  return { hops, slot: reference.slot };
}

/** Makes the scope of a frame, with the first values of its names. */
export type EnterFrame = (outer: Scope | null, run: Run) => Scope;

/** Compiles how a frame is entered. Call it after everything in the frame was analysed. */
export function compileEnter(symbols: Symbols): EnterFrame {
  const fill: { slot: number; read: (scope: Scope) => Value | undefined }[] = [];
  for (const [slot, load] of symbols.loads) {
    if (load.from === 'context') {
      const { name } = load;
      fill.push({ slot, read: (scope) => scope.run.context.resolve(name) });
    } else if (load.from === 'outer') {
      const { layout, slot: from } = load.reference;
      let hops = 0;
      for (let at: Symbols | null = symbols; at !== null && at.layout !== layout; at = at.parent) hops++;
      fill.push({
        slot,
        read: (scope) => {
          let at = scope;
          for (let i = 0; i < hops; i++) at = at.outer!;
          return at.slots[from];
        },
      });
    }
  }
  const size = symbols.layout.slots.size;
  return (outer, run) => {
    const scope = new Scope(new Array(size).fill(undefined), outer, run);
    for (const { slot, read } of fill) scope.slots[slot] = read(scope);
    return scope;
  };
}

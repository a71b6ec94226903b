// Decides, before anything runs, where each name of a frame lives: a slot of this frame, of an outer one, or the context.
// The rules are Jinja's, oddities included: a name that is set anywhere in a frame belongs to the frame as a whole.
import { raiseLimit } from '../expression/errors.ts';
import { type NameVisitor, visitExpression, visitTarget } from './names.ts';
import type { Expression, ForStatement, IfStatement, MacroDefinition, Statement, Target } from './syntax.ts';

/** Names of one frame. */
const MAX_NAMES = 2_000;

/** The slots of one frame: a number for each name that lives there. */
export class Layout {
  readonly slots: Map<string, number> = new Map();

  slotOf(name: string): number {
    let slot = this.slots.get(name);
    if (slot === undefined) {
      slot = this.slots.size;
      if (slot >= MAX_NAMES) raiseLimit(`more than ${MAX_NAMES} names in one part of a template`);
      this.slots.set(name, slot);
    }
    return slot;
  }
}

/** Where a name lives. */
export interface Reference {
  readonly layout: Layout;
  readonly slot: number;
}

/** How a slot gets its first value when the frame is entered. */
export type Load =
  | { readonly from: 'parameter' }
  | { readonly from: 'nothing' }
  /** `assigned` when the frame itself sets the name on some way to every use, so that the context is the last resort. */
  | { readonly from: 'context'; readonly name: string; readonly assigned: boolean }
  | { readonly from: 'outer'; readonly reference: Reference };

/** The names of one frame, after what stands in it was analysed. */
export class Symbols {
  readonly parent: Symbols | null;
  readonly layout: Layout;
  /** For a branch of an `if`: the symbols it began with. It holds only what it adds to them. */
  private readonly base: Symbols | null;
  private readonly references: Map<string, Reference> = new Map();
  private readonly firstLoads: Map<number, Load> = new Map();
  private readonly stored: Set<string> = new Set();

  constructor(parent: Symbols | null, base: Symbols | null = null) {
    this.parent = parent;
    this.base = base;
    this.layout = base === null ? new Layout() : base.layout;
  }

  /** Slot and first value of every name of this frame. */
  get loads(): ReadonlyMap<number, Load> {
    return this.firstLoads;
  }

  /** Where the name lives, or undefined when neither this frame nor an outer one knows it. */
  find(name: string): Reference | undefined {
    return this.findOwn(name) ?? this.parent?.find(name);
  }

  private findOwn(name: string): Reference | undefined {
    return this.references.get(name) ?? this.base?.findOwn(name);
  }

  private isStored(name: string): boolean {
    return this.stored.has(name) || this.base?.isStored(name) === true;
  }

  private firstLoad(slot: number): Load | undefined {
    return this.firstLoads.get(slot) ?? this.base?.firstLoad(slot);
  }

  /** Makes the name a parameter: it has a value when the frame is entered. */
  declare(name: string): Reference {
    this.stored.add(name);
    return this.define(name, { from: 'parameter' });
  }

  /** The names this frame cannot do without the context for. */
  contextNames(): string[] {
    return [...this.firstLoads.values()].flatMap((load) =>
      load.from === 'context' && !load.assigned ? [load.name] : [],
    );
  }

  /** The names set in this frame or an outer one, with their places: what an included template gets to see. */
  storedNames(): Map<string, Reference> {
    const names = new Map<string, Reference>();
    for (let symbols: Symbols | null = this; symbols !== null; symbols = symbols.parent) {
      for (const name of symbols.stored) {
        const reference = this.find(name);
        if (reference !== undefined && !names.has(name)) names.set(name, reference);
      }
    }
    return names;
  }

  private define(name: string, load: Load): Reference {
    const slot = this.layout.slotOf(name);
    const reference = { layout: this.layout, slot };
    this.references.set(name, reference);
    this.firstLoads.set(slot, load);
    return reference;
  }

  private load(name: string): void {
    if (this.find(name) === undefined) this.define(name, { from: 'context', name, assigned: false });
  }

  private store(name: string): void {
    this.stored.add(name);
    if (this.findOwn(name) !== undefined) return;
    const outer = this.parent?.find(name);
    this.define(name, outer === undefined ? { from: 'nothing' } : { from: 'outer', reference: outer });
  }

  /** Takes the branches of an `if` in: a name that only some of them set keeps its outer value in the others. */
  private merge(branches: readonly Symbols[]): void {
    const added = new Set<string>();
    for (const branch of branches) {
      for (const name of branch.stored) if (!this.isStored(name)) added.add(name);
    }
    for (const branch of branches) {
      for (const [name, reference] of branch.references) this.references.set(name, reference);
      for (const [slot, load] of branch.firstLoads) this.firstLoads.set(slot, load);
      for (const name of branch.stored) this.stored.add(name);
    }
    for (const name of added) {
      const outer = this.parent?.find(name);
      const { slot } = this.find(name)!;
      const before = this.firstLoad(slot);
      const assigned = before?.from !== 'context' || before.assigned;
      this.firstLoads.set(
        slot,
        outer === undefined ? { from: 'context', name, assigned } : { from: 'outer', reference: outer },
      );
    }
  }

  private readonly names: NameVisitor = {
    read: (name) => this.load(name),
    write: (name) => this.store(name),
  };

  /** Analyses statements that stand directly in this frame. */
  analyze(statements: readonly Statement[]): void {
    for (const statement of statements) this.analyzeStatement(statement);
  }

  /** Analyses an expression that is evaluated in this frame. */
  analyzeExpression(expression: Expression): void {
    visitExpression(expression, this.names);
  }

  /** Declares every name of a target as a parameter of this frame. */
  declareTarget(target: Target): void {
    visitTarget(target, { read: (name) => this.load(name), write: (name) => void this.declare(name) });
  }

  /** Analyses a macro: its parameters, their defaults and its body. */
  analyzeMacro(definition: MacroDefinition): void {
    for (const { name } of definition.parameters) this.declare(name);
    for (const { fallback } of definition.parameters) if (fallback !== null) this.analyzeExpression(fallback);
    this.analyze(definition.body);
  }

  /** Analyses a loop's target and body. */
  analyzeLoop(loop: ForStatement): void {
    this.declareTarget(loop.target);
    this.analyze(loop.body);
  }

  private analyzeStatement(statement: Statement): void {
    switch (statement.kind) {
      // What has a frame of its own is analysed when that frame is made.
      case 'text':
      case 'scope':
      case 'block':
        return;
      case 'output':
        this.analyzeExpression(statement.expression);
        return;
      case 'if':
        this.analyzeIf(statement);
        return;
      case 'for':
        this.analyzeExpression(statement.items);
        return;
      case 'set':
        this.analyzeExpression(statement.value);
        visitTarget(statement.target, this.names);
        return;
      case 'setBlock':
        visitTarget(statement.target, this.names);
        return;
      case 'macro':
        this.store(statement.definition.name ?? '');
        return;
      case 'callBlock':
        this.analyzeExpression(statement.call);
        return;
      case 'filterBlock':
        this.analyzeExpression(statement.filter);
        return;
      case 'with':
        for (const { value } of statement.bindings) this.analyzeExpression(value);
        return;
      case 'extends':
      case 'include':
        this.analyzeExpression(statement.template);
        return;
      case 'import':
        this.analyzeExpression(statement.template);
        this.store(statement.alias);
        return;
      case 'from':
        this.analyzeExpression(statement.template);
        for (const { alias } of statement.names) this.store(alias);
        return;
      default:
        statement satisfies never;
    }
  }

  private analyzeIf(statement: IfStatement): void {
    const [first, ...elifs] = statement.branches;
    this.analyzeExpression(first!.test);
    const body = new Symbols(this.parent, this);
    body.analyze(first!.body);
    const others = new Symbols(this.parent, this);
    for (const branch of elifs) others.analyzeIf({ ...statement, branches: [branch], otherwise: [] });
    const otherwise = new Symbols(this.parent, this);
    otherwise.analyze(statement.otherwise);
    this.merge([body, others, otherwise]);
  }
}

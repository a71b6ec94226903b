// Checks one expression against the names that are known at its place. What is surely wrong is a mistake; what only
// seems so, because an answer may hold more than its schema lists, is a warning.
import { BUILTINS } from '../expression/builtins.ts';
import { type NameRead, nameReads } from '../expression/inspect.ts';
import { callProblems } from '../expression/inspect-calls.ts';
import { drawsIn } from '../expression/inspect-draws.ts';
import { type OrderKind, orderOf, unorderedDraws } from '../expression/order.ts';
import type { Cursor } from './cursor.ts';
import type { Scope } from './flow.ts';
import type { Place } from './mistakes.ts';
import type { ExpressionInput, Reading, WrittenExpression } from './reading.ts';
import { nearest } from './suggest.ts';

/** Names that exist somewhere else in the pipeline: each with the sentence that says where, and what to do. */
export type Elsewhere = (name: string) => { readonly what: string; readonly fix: string } | null;

/** What will be assigned after the expression in the same step. */
export interface Soon {
  has(name: string): boolean;
  /** True when the expression runs again after that. */
  readonly loops: boolean;
}

const NOTHING_SOON: Soon = { has: () => false, loops: false };

/** What a checked expression turned out to be. */
export interface CheckedExpression extends WrittenExpression {
  readonly reads: readonly NameRead[];
  readonly order: OrderKind;
}

/** Most unknown names for which a likely one is looked up: comparing names costs, and nobody reads more. */
const MAX_GUESSES = 50;
const MAX_CANDIDATES = 2_000;

/** Checks the expressions of one pipeline. */
export class ExpressionCheck {
  private readonly reading: Reading;
  private readonly elsewhere: Elsewhere;
  private guesses = 0;

  constructor(reading: Reading, elsewhere: Elsewhere) {
    this.reading = reading;
    this.elsewhere = elsewhere;
  }

  /** Checks the expression at a place; null when there is none that can be read. */
  check(
    cursor: Cursor<ExpressionInput>,
    label: string,
    scope: Scope,
    soon: Soon = NOTHING_SOON,
  ): CheckedExpression | null {
    const written = this.reading.written(cursor);
    return written === null ? null : this.checkTree(written, label, scope, soon);
  }

  /** The same for an expression over results, where there is no stream to draw from. */
  checkDrawless(cursor: Cursor<ExpressionInput>, label: string, scope: Scope): void {
    const checked = this.check(cursor, label, scope);
    const [draw] = checked === null || scope.has('random') ? [] : drawsIn(checked.tree);
    if (draw === undefined) return;
    const fix = 'draw in an expression step, and name its field here';
    this.reading.mistakes.add(checked!.placeAt(draw.start), `${label} draws`, fix);
  }

  private checkTree(written: WrittenExpression, label: string, scope: Scope, soon: Soon): CheckedExpression {
    const { tree, stores, placeAt } = written;
    const reads = nameReads(tree);
    const seen = new Set<string>(stores);
    for (const read of reads) {
      if (seen.has(read.name) || scope.has(read.name) || BUILTINS.has(read.name)) continue;
      if (!this.unknownRead(read, label, placeAt(read.start), scope, soon)) continue;
      seen.add(read.name);
    }
    const isField = (name: string): boolean => scope.has(name) || stores.includes(name);
    for (const { start, what, word, known, usage } of callProblems(tree, isField)) {
      const near = word === null ? null : this.likely(word, known);
      const other = usage === null ? `there are: ${listed(known)}` : `write ${usage}`;
      const fix = near === null ? other : `did you mean '${near}'?`;
      this.reading.mistakes.add(placeAt(start), `${label}: ${what}`, fix);
    }
    const kindOf = (name: string): OrderKind => scope.orderOf(name);
    for (const { start, draw, from } of unorderedDraws(tree, kindOf)) {
      const why =
        from === 'set'
          ? 'depends on the order of a set, which Python does not fix'
          : 'depends on the order of a dict, which the data decide';
      this.reading.warnings.add(placeAt(start), `${label}: ${draw} ${why}`, 'draw from sorted(...)');
    }
    return { ...written, reads, order: orderOf(tree, kindOf) };
  }

  /** True when something was said about the name. */
  private unknownRead(read: NameRead, label: string, place: Place, scope: Scope, soon: Soon): boolean {
    const { name } = read;
    if (soon.has(name)) {
      if (soon.loops && !read.always) return false;
      const fix = `assign it before it is read${soon.loops ? ', or give it a start under init' : ''}`;
      this.reading.mistakes.add(place, `${label}: '${name}' has no value yet when it is read here`, fix);
    } else if (read.called) {
      const near = this.likely(name, BUILTINS.keys());
      const fix = near === null ? 'use a function of the language' : `did you mean '${near}'?`;
      this.reading.mistakes.add(place, `${label}: there is no function '${name}'`, fix);
    } else {
      this.unknown(name, label, place, scope, BUILTINS.keys());
    }
    return true;
  }

  /** Says that no field of this name is known here, as loudly as that is sure. `more`: other names that may be meant. */
  unknown(name: string, label: string, place: Place, scope: Scope, more: Iterable<string> = []): void {
    if (scope.extent === 'open') return;
    const near = this.likely(name, scope.names) ?? this.likely(name, more);
    // A misspelt name is surely a mistake; any other may be a field that the schema does not list.
    const found = scope.extent === 'sealed' || near !== null ? this.reading.mistakes : this.reading.warnings;
    const other = near === null ? this.elsewhere(name) : null;
    if (other !== null) found.add(place, `${label}: ${other.what}`, other.fix);
    else {
      const known = [...scope.names].filter((one) => !one.startsWith('_'));
      const fix = near === null ? `known here: ${listed(known)}` : `did you mean '${near}'?`;
      found.add(place, `${label}: nothing here is named '${name}'`, fix);
    }
  }

  // Short names resemble each other by chance.
  private likely(name: string, known: Iterable<string>): string | null {
    if (name.length < 3 || name.length > 64 || ++this.guesses > MAX_GUESSES) return null;
    const candidates: string[] = [];
    for (const one of known) {
      if (one.length >= 3 && candidates.push(one) >= MAX_CANDIDATES) break;
    }
    return nearest(name, candidates);
  }
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, 20).join(', ') || 'none'}${names.length > 20 ? ', ...' : ''}`;
}

// A compiled subschema and the run that holds one answer against it. Every step costs fuel, so that neither a schema
// nor an answer can make the work unbounded; running out is an issue like any other.
import type { Value } from '../expression/values.ts';
import type { Issue } from './failure.ts';
import { type JsonType, jsonTypeOf, typeAllowed } from './json-type.ts';
import type { Pattern } from './pattern.ts';
import { show, typeWords } from './wording.ts';

/** Where in the answer a value stands. */
export interface Place {
  readonly parent: Place | null;
  readonly key: string | number;
}

/** What the keywords at one place have looked at, for `unevaluatedProperties` and `unevaluatedItems`. */
export interface Seen {
  readonly names: Set<string>;
  readonly items: Set<number>;
}

/** One keyword held against a value: true when it holds; otherwise it has reported why. */
export type Assertion = (value: Value, place: Place | null, run: Run, seen: Seen | null) => boolean;

/** A compiled subschema: its assertions in checking order, and its shape, which guides coercion. */
export interface SchemaNode {
  /** JSON pointer of the subschema in the schema document. */
  readonly pointer: string;
  /** Set for the boolean schemas `true` and `false`. */
  always: boolean | null;
  readonly assertions: Assertion[];
  /** Subschemas applied to the same value; they must not lead back here. */
  readonly inPlace: SchemaNode[];
  types: readonly JsonType[] | null;
  /** The values of `enum` or `const`. */
  choices: readonly Value[] | null;
  readonly properties: Map<string, SchemaNode>;
  readonly patternProperties: { readonly pattern: Pattern; readonly node: SchemaNode }[];
  additionalProperties: SchemaNode | null;
  readonly prefixItems: SchemaNode[];
  items: SchemaNode | null;
  /** `$ref` and `allOf`: what also holds here. */
  readonly also: SchemaNode[];
  /** `anyOf` and `oneOf`: each a list of alternatives. */
  readonly alternatives: (readonly SchemaNode[])[];
}

/** A subschema that allows everything, to be filled. */
export function createNode(pointer: string): SchemaNode {
  return {
    pointer,
    always: null,
    assertions: [],
    inPlace: [],
    types: null,
    choices: null,
    properties: new Map(),
    patternProperties: [],
    additionalProperties: null,
    prefixItems: [],
    items: null,
    also: [],
    alternatives: [],
  };
}

/** Most issues reported for one answer. */
export const MAX_ISSUES = 50;
/** Steps one answer may cost; a 4 MB answer under a plain schema costs about 2 million. */
export const MAX_STEPS = 10_000_000;
// 60 levels of data, ten subschemas deep at each; keeps the stack far from its end.
const MAX_DEPTH = 600;

/** Thrown inside a run when its fuel is spent; whoever started the run turns it into an issue. */
export class OutOfSteps extends Error {}

/** One answer being checked. While `issues` is null the run only wants yes or no, and stops at the first no. */
export class Run {
  issues: Issue[] | null;
  /** True when some subschema asks what was looked at. */
  readonly tracks: boolean;
  private steps: number;
  private depth = 0;

  constructor(tracks: boolean, issues: Issue[] | null, steps: number = MAX_STEPS) {
    this.tracks = tracks;
    this.issues = issues;
    this.steps = steps;
  }

  /** Takes fuel; throws OutOfSteps when there is none left. */
  spend(steps: number): void {
    this.steps -= steps;
    if (this.steps < 0) throw new OutOfSteps();
  }

  /** Reports an issue and answers false, so that an assertion can return it. */
  fail(place: Place | null, rule: string, message: () => string): false {
    if (this.issues !== null && this.issues.length < MAX_ISSUES) {
      this.issues.push({ path: pointerOf(place), rule, message: message() });
    }
    return false;
  }

  /** Holds the value against the subschema. */
  check(node: SchemaNode, value: Value, place: Place | null, seen: Seen | null): boolean {
    if (node.always !== null) {
      return node.always || this.fail(place, 'false', () => 'is not allowed here');
    }
    this.spend(1);
    if (++this.depth > MAX_DEPTH) throw new OutOfSteps();
    const holds = this.holds(node, value, place, seen ?? (this.tracks ? createSeen() : null));
    this.depth--;
    return holds;
  }

  private holds(node: SchemaNode, value: Value, place: Place | null, seen: Seen | null): boolean {
    const types = node.types;
    if (types !== null && !typeAllowed(jsonTypeOf(value), types)) {
      // Said first and alone: after a wrong type the other keywords have nothing to add.
      return this.fail(place, 'type', () => `must be ${typeWords(types)}, but is ${show(value)}`);
    }
    let holds = true;
    for (const assertion of node.assertions) {
      if (assertion(value, place, this, seen)) continue;
      if (this.issues === null) return false;
      holds = false;
    }
    return holds;
  }

  /** Holds the value against a subschema applied in place; what it looked at counts only when it holds. */
  checkInPlace(node: SchemaNode, value: Value, place: Place | null, seen: Seen | null): boolean {
    if (seen === null) return this.check(node, value, place, null);
    const inner = createSeen();
    if (!this.check(node, value, place, inner)) return false;
    this.spend(inner.names.size + inner.items.size);
    for (const name of inner.names) seen.names.add(name);
    for (const index of inner.items) seen.items.add(index);
    return true;
  }

  /** Like `checkInPlace`, reporting nothing. */
  tries(node: SchemaNode, value: Value, place: Place | null, seen: Seen | null): boolean {
    const issues = this.issues;
    this.issues = null;
    const holds = this.checkInPlace(node, value, place, seen);
    this.issues = issues;
    return holds;
  }

  /** The issues that a subschema finds, without reporting them. */
  issuesOf(node: SchemaNode, value: Value, place: Place | null): readonly Issue[] {
    const outer = this.issues;
    const inner: Issue[] = [];
    this.issues = inner;
    this.check(node, value, place, null);
    this.issues = outer;
    return inner;
  }
}

function createSeen(): Seen {
  return { names: new Set(), items: new Set() };
}

/** JSON pointer of a place. */
export function pointerOf(place: Place | null): string {
  const parts: string[] = [];
  for (let at = place; at !== null; at = at.parent) parts.push(escapePointer(String(at.key)));
  return parts
    .reverse()
    .map((part) => `/${part}`)
    .join('');
}

/** One name as a part of a JSON pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

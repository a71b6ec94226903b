// What a pipeline tells of the list in a field before anything runs: that it is one, and how many elements it can have.
// It reads schemas, items and lists that are written out; it computes nothing.
import { mayChange } from '../expression/mutation.ts';
import { parseExpression } from '../expression/parse.ts';
import { fieldsOf, isCount, parsePlainJson } from '../expression/plain-json.ts';
import type { Node } from '../expression/syntax.ts';
import { dictGet, listItems, PyDict, PyList, PyTuple, type Value } from '../expression/values.ts';
import { groupsOf } from './items.ts';
import type { Assignment, Items, Step, UnitStrategy } from './pipeline.ts';

/** Where units come from. */
export interface Origin {
  readonly strategy: UnitStrategy;
  readonly items: Items;
}

/** Who gives a field: the step of that name, or the items. `isAnswer`: a model writes it. */
export interface Giver {
  readonly step: string | null;
  readonly isAnswer: boolean;
}

/**
 * What a field surely holds. `list`: of so many elements, `most` null when nothing limits them. `other`: no list, but
 * what `is` says. Null: nobody gives the field, or nothing is known of it.
 */
export type KnownField =
  | ({ readonly kind: 'list'; readonly least: number; readonly most: number | null } & Giver)
  | ({ readonly kind: 'other'; readonly is: string } & Giver)
  | ({ readonly kind: 'unknown' } & Giver);

/** What is known of a field as it leaves the steps given; null: none of them gives it, nor do the items. */
export function knownField(field: string, before: readonly Step[], origin: Origin): KnownField | null {
  const trace = traceOf(field, before, origin);
  if (trace === null) return null;
  const { step, isAnswer } = trace;
  return { step, isAnswer, ...describe(trace) };
}

/** A schema's node for one element of a list that a model writes, as a JSON text; null: not known. */
export function elementSchema(field: string, before: readonly Step[], origin: Origin): string | null {
  const trace = traceOf(field, before, origin);
  if (trace?.source.kind !== 'schema') return null;
  const node = resolve(trace.source.root, fieldsOf(resolve(trace.source.root, trace.source.node)).items);
  return node === undefined ? null : JSON.stringify(node);
}

/** What a field's value is read from. */
type Source =
  | { readonly kind: 'schema'; readonly root: unknown; readonly node: unknown }
  | { readonly kind: 'values'; readonly values: readonly (Value | undefined)[] }
  | { readonly kind: 'written'; readonly tree: Node }
  | { readonly kind: 'unknown' };

type Trace = Giver & { readonly source: Source };
type Description =
  | { readonly kind: 'list'; readonly least: number; readonly most: number | null }
  | { readonly kind: 'other'; readonly is: string }
  | { readonly kind: 'unknown' };

function traceOf(field: string, before: readonly Step[], origin: Origin): Trace | null {
  for (let i = before.length - 1; i >= 0; i--) {
    const step = before[i]!;
    const given = (isAnswer: boolean, source: Source): Trace => ({ step: step.name, isAnswer, source });
    switch (step.kind) {
      case 'fan_out': {
        if (step.childField !== field) break;
        const list = traceOf(step.field, before.slice(0, i), origin);
        return given(list?.isAnswer ?? false, list === null ? { kind: 'unknown' } : elementOf(list.source));
      }
      case 'expression': {
        const all = [...step.init, ...step.expressions];
        const at = all.findLastIndex(({ name }) => name === field);
        if (at >= 0) return given(false, writtenList(all, at, step.loopUntil));
        break;
      }
      case 'llm': {
        const root = step.schema === null ? undefined : parsePlainJson(step.schema);
        const node = ownOf(fieldsOf(resolve(root, root)).properties, field);
        if (node !== undefined) return given(true, { kind: 'schema', root, node });
        const type = ownOf(step.checks.types, field);
        if (type !== undefined) return given(true, { kind: 'schema', root: null, node: { type } });
        if (step.checks.required.includes(field) || step.simulate?.some(({ name }) => name === field))
          return given(true, { kind: 'unknown' });
        break;
      }
      default:
        step satisfies never;
    }
  }
  return traceOfItems(field, origin);
}

function traceOfItems(field: string, { strategy, items }: Origin): Trace | null {
  const given = (values: readonly (Value | undefined)[]): Trace => ({
    ...{ step: null, isAnswer: false },
    source: { kind: 'values', values },
  });
  if (field === 'unit_id') return given(['']);
  if (strategy.kind !== 'direct')
    return strategy.positions.some(({ name }) => name === field) ? given([new PyDict()]) : null;
  const values = groupsOf(strategy).flatMap((group) =>
    (items.get(group) ?? []).map(({ fields }) => dictGet(fields, field)),
  );
  return values.every((value) => value === undefined) ? null : given(values);
}

// A list that is written out, unless something later in the step may change it.
function writtenList(all: readonly Assignment[], at: number, loopUntil: string | null): Source {
  const later = [...all.slice(at + 1).map(({ expr }) => expr), ...(loopUntil === null ? [] : [loopUntil])];
  try {
    if (later.some((expr) => mayChange(parseExpression(expr)))) return { kind: 'unknown' };
    return { kind: 'written', tree: parseExpression(all[at]!.expr) };
  } catch {
    // Said where the expression was read.
    return { kind: 'unknown' };
  }
}

function elementOf(source: Source): Source {
  switch (source.kind) {
    case 'schema': {
      const node = fieldsOf(resolve(source.root, source.node)).items;
      return node === undefined ? { kind: 'unknown' } : { kind: 'schema', root: source.root, node };
    }
    case 'values':
      return { kind: 'values', values: source.values.flatMap((value) => elementsOf(value) ?? []) };
    case 'written':
    case 'unknown':
      return { kind: 'unknown' };
    default:
      return source satisfies never;
  }
}

function describe({ source }: Trace): Description {
  switch (source.kind) {
    case 'schema':
      return describeSchema(resolve(source.root, source.node));
    case 'values':
      return describeValues(source.values);
    case 'written':
      return describeTree(source.tree);
    case 'unknown':
      return source;
    default:
      return source satisfies never;
  }
}

function describeSchema(node: unknown): Description {
  const { type, minItems, maxItems, const: only } = fieldsOf(node);
  if (only !== undefined) {
    if (!Array.isArray(only)) return { kind: 'other', is: JSON.stringify(only).slice(0, 60) };
    return { kind: 'list', least: only.length, most: only.length };
  }
  const types = (Array.isArray(type) ? type : [type]).filter((one) => typeof one === 'string');
  if (types.length > 0 && !types.includes('array'))
    return { kind: 'other', is: `of the type ${types.join(' or ')}` };
  // Without a type its keywords show what is meant.
  if (types.length === 0 && maxItems === undefined && minItems === undefined) return { kind: 'unknown' };
  const least = types.length === 1 && isCount(minItems) ? minItems : 0;
  return { kind: 'list', least, most: isCount(maxItems) ? maxItems : null };
}

function describeValues(values: readonly (Value | undefined)[]): Description {
  const lengths = values.map((value) => elementsOf(value)?.length);
  const known = lengths.filter((length) => length !== undefined);
  if (known.length === 0) return { kind: 'other', is: values.length === 0 ? 'never there' : 'no list' };
  let [least, most] = [known.length < lengths.length ? 0 : Number.POSITIVE_INFINITY, 0];
  for (const length of known) {
    if (length < least) least = length;
    if (length > most) most = length;
  }
  return { kind: 'list', least, most };
}

function describeTree(tree: Node): Description {
  switch (tree.kind) {
    case 'list':
    case 'tuple': {
      if (tree.items.some(({ kind }) => kind === 'starred')) return { kind: 'list', least: 0, most: null };
      return { kind: 'list', least: tree.items.length, most: tree.items.length };
    }
    case 'constant':
    case 'formatted':
    case 'dict':
      return { kind: 'other', is: tree.kind === 'dict' ? 'a dict' : 'a single value' };
    default:
      return { kind: 'unknown' };
  }
}

function elementsOf(value: Value | undefined): readonly Value[] | null {
  if (value instanceof PyList) return listItems(value);
  return value instanceof PyTuple ? value.items : null;
}

/** References that are followed from one node. */
const MOST_REFERENCES = 8;

/** The node that a reference inside the schema leads to; undefined: nowhere, or somewhere else. */
function resolve(root: unknown, node: unknown, left: number = MOST_REFERENCES): unknown {
  const { $ref } = fieldsOf(node);
  if (typeof $ref !== 'string') return node;
  if (left === 0 || !($ref === '#' || $ref.startsWith('#/'))) return undefined;
  let found: unknown = root;
  for (const part of $ref.split('/').slice(1))
    found = ownOf(found, part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return resolve(root, found, left - 1);
}

function ownOf(holder: unknown, key: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, key)
    ? (holder as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

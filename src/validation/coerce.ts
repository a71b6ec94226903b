// Gives an answer the types its schema and checks ask for, where only one reading is possible. A value that is allowed
// as it stands is never touched, so coercing twice changes nothing more. It judges nothing: that comes after.
import { JsonError, parseJson } from '../expression/json.ts';
import { DEFAULT_LIMITS } from '../expression/limits.ts';
import {
  dictEntries,
  dictOf,
  listOf,
  makeFloat,
  makeInt,
  PyDict,
  PyFloat,
  PyList,
  type Value,
} from '../expression/values.ts';
import { nodeForItem, nodesForName } from './applicators.ts';
import { canonicalJson } from './canonical.ts';
import { type JsonType, jsonTypeOf, typeAllowed } from './json-type.ts';
import { OutOfSteps, type Place, pointerOf, type Run, type SchemaNode } from './node.ts';
import { show } from './wording.ts';

/** The value with the types asked for, and what was changed, in words. */
export interface Coercion {
  readonly value: Value;
  readonly notes: readonly string[];
}

// Enough to see what happened; a list of a thousand numbers in quotes needs no thousand lines.
const MAX_NOTES = 10;
// Alternatives within alternatives; keeps the stack far from its end.
const MAX_DEPTH = 600;

/**
 * Coerces an answer under the guidance of subschemas that all hold for it. `run` must report no issues; when its
 * fuel is spent the value comes back as it was.
 */
export function coerce(value: Value, guides: readonly SchemaNode[], run: Run): Coercion {
  const coercer = new Coercer(run);
  try {
    const unwrapped = coercer.unwrap(value, guides);
    return { value: coercer.value(unwrapped, guides, null), notes: coercer.notes };
  } catch (error) {
    if (!(error instanceof OutOfSteps)) throw error;
    return { value, notes: [] };
  }
}

type Alternatives = readonly SchemaNode[];

class Coercer {
  readonly notes: string[] = [];
  private readonly run: Run;
  private depth = 0;

  constructor(run: Run) {
    this.run = run;
  }

  /** `{"response": {...}}` is its content when the schema knows names of the content and not `response`. */
  unwrap(value: Value, guides: readonly SchemaNode[]): Value {
    if (!(value instanceof PyDict) || value.entries.size !== 1) return value;
    const known = new Set(this.gather(guides).flatMap((node) => [...node.properties.keys()]));
    let inner = value;
    while (inner.entries.size === 1) {
      const [[name, content] = ['', null]] = dictEntries(inner);
      if (!(content instanceof PyDict) || known.has(String(name))) return inner;
      const fits = [...dictEntries(content)].some(([key]) => known.has(String(key)));
      if (!fits) return inner;
      this.note(null, `took the answer out of ${show(name)}`);
      inner = content;
    }
    return inner;
  }

  value(value: Value, guides: readonly SchemaNode[], place: Place | null): Value {
    this.run.spend(1);
    if (++this.depth > MAX_DEPTH) throw new OutOfSteps();
    const nodes = this.gather(guides);
    let result = this.shaped(value, nodes, place);
    const settled: Alternatives[] = [];
    for (const node of nodes) {
      for (const alternatives of node.alternatives) {
        result = this.settle(result, alternatives, settled, nodes, place);
        settled.push(alternatives);
      }
    }
    this.depth--;
    return result;
  }

  /** Coerces the value and what it contains, alternatives aside. */
  private shaped(value: Value, nodes: readonly SchemaNode[], place: Place | null): Value {
    const result = this.scalar(value, nodes, place);
    if (result instanceof PyDict) return this.object(result, nodes, place);
    return result instanceof PyList ? this.list(result, nodes, place) : result;
  }

  /** The guides and all that holds beside them: references and `allOf`, each once. */
  private gather(guides: readonly SchemaNode[]): readonly SchemaNode[] {
    const nodes: SchemaNode[] = [];
    const waiting = [...guides].reverse();
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (nodes.includes(node)) continue;
      this.run.spend(1 + nodes.length);
      nodes.push(node);
      waiting.push(...[...node.also].reverse());
    }
    return nodes;
  }

  /** Coerces under the first alternative that this makes fit, unless one fits already or an earlier choice would not. */
  private settle(
    value: Value,
    alternatives: Alternatives,
    settled: readonly Alternatives[],
    nodes: readonly SchemaNode[],
    place: Place | null,
  ): Value {
    if (this.fitsOne(alternatives, value, place)) return value;
    const fitted = settled.filter((earlier) => this.fitsOne(earlier, value, place));
    const noted = this.notes.length;
    for (const node of alternatives) {
      const coerced = this.shaped(this.value(value, [node], place), nodes, place);
      if (
        this.run.tries(node, coerced, place, null) &&
        fitted.every((earlier) => this.fitsOne(earlier, coerced, place))
      ) {
        return coerced;
      }
      this.notes.length = noted;
    }
    return value;
  }

  private fitsOne(alternatives: Alternatives, value: Value, place: Place | null): boolean {
    return alternatives.some((node) => this.run.tries(node, value, place, null));
  }

  private object(dict: PyDict, nodes: readonly SchemaNode[], place: Place | null): PyDict {
    let changed = false;
    const entries: [string, Value][] = [];
    for (const [key, item] of dictEntries(dict)) {
      const name = String(key);
      const children = nodes.flatMap((node) => nodesForName(node, name));
      const coerced = children.length === 0 ? item : this.value(item, children, { parent: place, key: name });
      changed ||= coerced !== item;
      entries.push([name, coerced]);
    }
    return changed ? dictOf(entries) : dict;
  }

  private list(list: PyList, nodes: readonly SchemaNode[], place: Place | null): PyList {
    if (nodes.every((node) => node.items === null && node.prefixItems.length === 0)) return list;
    const items: Value[] = [];
    let changed = false;
    for (let i = 0; i < list.length; i++) {
      const item = list.items[i]!;
      const children = nodes.map((node) => nodeForItem(node, i)).filter((node) => node !== null);
      const coerced = children.length === 0 ? item : this.value(item, children, { parent: place, key: i });
      changed ||= coerced !== item;
      items.push(coerced);
    }
    return changed ? listOf(items) : list;
  }

  /** Changes the value itself (not what it contains) when it is not allowed and one other reading is. */
  private scalar(value: Value, nodes: readonly SchemaNode[], place: Place | null): Value {
    const types = commonTypes(nodes);
    const choices = nodes.map((node) => node.choices).filter((list) => list !== null);
    let result = value;
    if (typeof value === 'string') {
      const chosen = choices.length === 0 ? null : choose(value, choices[0]!);
      if (chosen !== null) result = chosen;
      else if (types !== null && !types.includes('string'))
        result = readText(value, types, DEFAULT_LIMITS.depth - depthOf(place));
    } else if (value instanceof PyFloat && types?.includes('integer') && !types.includes('number')) {
      result = makeInt(BigInt(value.value));
    }
    if (result !== value) this.note(place, `read ${show(value)} as ${show(result)}`);
    // A single text where a list is asked for is a list of one; empty text may mean an empty list, so it stays.
    const unread = typeof result === 'string' && result.trim() !== '';
    if (unread && types?.includes('array') && !types.includes('string')) {
      this.note(place, `put ${show(result)} into a list of one`);
      return listOf([result]);
    }
    return result;
  }

  private note(place: Place | null, what: string): void {
    if (this.notes.length >= MAX_NOTES) return;
    const pointer = pointerOf(place);
    this.notes.push(pointer === '' ? what : `${pointer}: ${what}`);
  }
}

function depthOf(place: Place | null): number {
  let depth = 0;
  for (let at = place; at !== null; at = at.parent) depth++;
  return depth;
}

/** The types that all of them allow, or null when none of them says. Contradicting ones: those of the first. */
function commonTypes(nodes: readonly SchemaNode[]): readonly JsonType[] | null {
  let common: readonly JsonType[] | null = null;
  for (const { types } of nodes) {
    if (types === null) continue;
    if (common === null) {
      common = types;
      continue;
    }
    const narrower: readonly JsonType[] = [
      ...common.filter((type) => typeAllowed(type, types)),
      ...types.filter(
        (type) => type === 'integer' && common?.includes('number') && !common.includes('integer'),
      ),
    ];
    if (narrower.length > 0) common = narrower;
  }
  return common;
}

/** The choice a text means: itself, the one that differs in case only, or the number or boolean it spells. */
function choose(text: string, choices: readonly Value[]): Value | null {
  if (choices.includes(text)) return text;
  const folded = foldCase(text);
  const alike = choices.filter((choice) => typeof choice === 'string' && foldCase(choice) === folded);
  if (alike.length === 1) return alike[0]!;
  if (alike.length > 1) return null;
  const types = choices.filter((choice) => typeof choice !== 'string').map(jsonTypeOf);
  const read = readText(text, types, 0);
  return read !== text && choices.some((choice) => canonicalJson(choice) === canonicalJson(read))
    ? read
    : null;
}

/** Text as choices are compared: without case and without white space around it. */
export function foldCase(text: string): string {
  return text.trim().toLowerCase();
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

/** The text read as one of the types, none of which is text; the text itself when it cannot be. */
function readText(text: string, types: readonly JsonType[], maxDepth: number): Value {
  const trimmed = text.trim();
  if (types.includes('integer') || types.includes('number')) {
    const number = readNumber(trimmed);
    if (number !== null && typeAllowed(jsonTypeOf(number), types)) {
      return number instanceof PyFloat && !types.includes('number') ? makeInt(BigInt(number.value)) : number;
    }
  }
  if (types.includes('boolean')) {
    const boolean = BOOLEANS.get(trimmed.toLowerCase());
    if (boolean !== undefined) return boolean;
  }
  if (types.includes('null') && trimmed.toLowerCase() === 'null') return null;
  const opening = trimmed[0];
  if ((opening === '[' && types.includes('array')) || (opening === '{' && types.includes('object'))) {
    return readJson(trimmed, maxDepth) ?? text;
  }
  return text;
}

const MAX_DIGITS = 400;

function readNumber(text: string): number | bigint | PyFloat | null {
  if (text.length > MAX_DIGITS) return null;
  if (/^[+-]?[0-9]+$/.test(text)) return makeInt(BigInt(text.replace(/^\+/, '')));
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? (makeFloat(number) as number | PyFloat) : null;
}

function readJson(text: string, maxDepth: number): PyDict | PyList | null {
  try {
    const value = parseJson(text, maxDepth);
    return value instanceof PyDict || value instanceof PyList ? value : null;
  } catch (error) {
    if (error instanceof JsonError) return null;
    throw error;
  }
}

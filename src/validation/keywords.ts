// The keywords of JSON Schema that look at one value by itself: what each demands of its argument, and what it holds
// a value against. Keywords that apply other schemas are in applicators.ts.
import { dictEntries, dictGet, PyDict, PyFloat, PyList, toNumber, type Value } from '../expression/values.ts';
import { canonicalJson } from './canonical.ts';
import { findFormat } from './formats.ts';
import { JSON_TYPES, type JsonType } from './json-type.ts';
import type { Run, SchemaNode } from './node.ts';
import { compilePattern, type Pattern, PatternError } from './pattern.ts';
import { count, show, showChoices } from './wording.ts';

/** The drafts that are understood, by the year or number people call them. */
export type Draft = '4' | '6' | '7' | '2019-09' | '2020-12';

/** True for the drafts in which `$ref` pushes everything beside it aside. */
export function isLegacy(draft: Draft): boolean {
  return draft === '4' || draft === '6' || draft === '7';
}

/** The schema cannot be used. `pointer` is the JSON pointer of the culprit in the schema. */
export class SchemaError extends Error {
  readonly pointer: string;

  constructor(message: string, pointer: string) {
    super(message);
    this.name = 'SchemaError';
    this.pointer = pointer;
  }
}

/** Where a keyword stands while its schema is compiled. */
export interface Site {
  readonly draft: Draft;
  /** The schema object the keyword belongs to. */
  readonly schema: PyDict;
  readonly node: SchemaNode;
  readonly keyword: string;
  /** JSON pointer of the keyword's argument. */
  readonly pointer: string;
  /** The compiled subschema at a pointer; throws SchemaError when there is no schema. */
  child(pointer: string): SchemaNode;
  /** The compiled subschema a reference leads to; throws SchemaError when it leads nowhere. */
  resolve(reference: string): SchemaNode;
  /** Like compilePattern, within the schema's allowance of patterns; throws SchemaError. */
  pattern(source: string, pointer: string): Pattern;
}

/** Compiles one keyword into assertions and shape. Throws SchemaError when the argument is of no use. */
export type KeywordCompiler = (argument: Value, site: Site) => void;

/** The argument as a number; throws SchemaError. */
export function wantNumber(argument: Value, site: Site): number | bigint {
  if (argument instanceof PyFloat) return argument.value;
  if (typeof argument === 'number' || typeof argument === 'bigint') return argument;
  throw new SchemaError(`"${site.keyword}" must be a number`, site.pointer);
}

/** The argument as a count, 0 or more; throws SchemaError. */
export function wantCount(argument: Value, site: Site): number {
  const n = toNumber(argument);
  if (n !== null && Number.isInteger(n) && n >= 0) return n;
  throw new SchemaError(`"${site.keyword}" must be a whole number, 0 or more`, site.pointer);
}

/** The argument as text; throws SchemaError. */
export function wantText(argument: Value, site: Site): string {
  if (typeof argument === 'string') return argument;
  throw new SchemaError(`"${site.keyword}" must be text`, site.pointer);
}

/** The argument as a list; throws SchemaError. */
export function wantList(argument: Value, site: Site): readonly Value[] {
  if (argument instanceof PyList) return argument.items.slice(0, argument.length);
  throw new SchemaError(`"${site.keyword}" must be a list`, site.pointer);
}

/** The argument as a list of names; throws SchemaError. */
export function wantNames(argument: Value, site: Site): readonly string[] {
  const names: string[] = [];
  for (const name of wantList(argument, site)) {
    if (typeof name !== 'string') throw new SchemaError(`"${site.keyword}" must list names`, site.pointer);
    names.push(name);
  }
  return names;
}

/** The argument as an object, entry by entry; throws SchemaError. */
export function wantObject(argument: Value, site: Site): readonly (readonly [string, Value])[] {
  if (!(argument instanceof PyDict))
    throw new SchemaError(`"${site.keyword}" must be an object`, site.pointer);
  return [...dictEntries(argument)].map(([name, value]) => [String(name), value] as const);
}

/** A number as JavaScript compares it: exactly, even between an int beyond 2^53 and a float. */
function magnitude(value: Value): number | bigint | null {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' || typeof value === 'bigint' ? value : null;
}

function compileType(argument: Value, site: Site): void {
  const names = typeof argument === 'string' ? [argument] : wantNames(argument, site);
  if (names.length === 0) throw new SchemaError('"type" must name at least one type', site.pointer);
  for (const name of names) {
    if (!(JSON_TYPES as readonly string[]).includes(name)) {
      throw new SchemaError(
        `"${name}" is not a JSON type; the types are ${JSON_TYPES.join(', ')}`,
        site.pointer,
      );
    }
  }
  site.node.types = names as JsonType[];
}

function compileChoices(choices: readonly Value[], site: Site): void {
  const allowed = new Set(choices.map(canonicalJson));
  // Beside an `enum`, a `const` decides; both are still checked.
  if (site.keyword === 'const' || site.node.choices === null) site.node.choices = choices;
  site.node.assertions.push((value, place, run) => {
    spendForSize(run, value);
    if (allowed.has(canonicalJson(value))) return true;
    const choice = choices.length === 1 ? '' : 'one of ';
    return run.fail(
      place,
      site.keyword,
      () => `must be ${choice}${showChoices(choices)}, but is ${show(value)}`,
    );
  });
}

function compileEnum(argument: Value, site: Site): void {
  const choices = wantList(argument, site);
  if (choices.length === 0) throw new SchemaError('"enum" must list at least one value', site.pointer);
  compileChoices(choices, site);
}

// Comparing whole lists and objects costs as much as reading them.
function spendForSize(run: Run, value: Value): void {
  if (value instanceof PyList) {
    run.spend(value.length);
    for (let i = 0; i < value.length; i++) spendForSize(run, value.items[i]!);
  } else if (value instanceof PyDict) {
    run.spend(value.entries.size);
    for (const item of value.entries.values()) spendForSize(run, item);
  }
}

type Bound = (value: number | bigint, bound: number | bigint) => boolean;

function compileBound(holds: Bound, words: string): KeywordCompiler {
  return (argument, site) => {
    const bound = wantNumber(argument, site);
    site.node.assertions.push((value, place, run) => {
      const n = magnitude(value);
      if (n === null || holds(n, bound)) return true;
      return run.fail(place, site.keyword, () => `must be ${words} ${bound}, but is ${show(value)}`);
    });
  };
}

const atLeast: Bound = (value, bound) => value >= bound;
const atMost: Bound = (value, bound) => value <= bound;
const above: Bound = (value, bound) => value > bound;
const below: Bound = (value, bound) => value < bound;

/** Draft 4 writes `exclusiveMinimum: true` beside `minimum`. */
function isExclusive(site: Site, keyword: string): boolean {
  return site.draft === '4' && dictGet(site.schema, keyword) === true;
}

const compileMinimum: KeywordCompiler = (argument, site) =>
  (isExclusive(site, 'exclusiveMinimum')
    ? compileBound(above, 'more than')
    : compileBound(atLeast, 'at least'))(argument, site);

const compileMaximum: KeywordCompiler = (argument, site) =>
  (isExclusive(site, 'exclusiveMaximum')
    ? compileBound(below, 'less than')
    : compileBound(atMost, 'at most'))(argument, site);

function compileExclusive(compile: KeywordCompiler): KeywordCompiler {
  return (argument, site) => {
    if (site.draft !== '4') return compile(argument, site);
    if (typeof argument !== 'boolean') {
      throw new SchemaError(`"${site.keyword}" must be true or false in draft 4`, site.pointer);
    }
  };
}

function compileMultipleOf(argument: Value, site: Site): void {
  const divisor = wantNumber(argument, site);
  if (divisor <= 0) throw new SchemaError('"multipleOf" must be more than 0', site.pointer);
  site.node.assertions.push((value, place, run) => {
    const n = magnitude(value);
    if (n === null || isMultiple(n, divisor)) return true;
    return run.fail(place, 'multipleOf', () => `must be a multiple of ${divisor}, but is ${show(value)}`);
  });
}

// In decimal, so that 0.3 is a multiple of 0.1 as people expect.
function isMultiple(value: number | bigint, divisor: number | bigint): boolean {
  const [a, aExponent] = decimalOf(value);
  const [b, bExponent] = decimalOf(divisor);
  const shift = aExponent - bExponent;
  return shift >= 0 ? (a * 10n ** BigInt(shift)) % b === 0n : a % (b * 10n ** BigInt(-shift)) === 0n;
}

function decimalOf(value: number | bigint): [bigint, number] {
  const [digits, exponent = '0'] = String(value).split('e') as [string, string?];
  const point = digits.indexOf('.');
  const fraction = point === -1 ? 0 : digits.length - point - 1;
  return [BigInt(digits.replace('.', '')), Number(exponent) - fraction];
}

/** A keyword that limits a size: `sizeOf` gives the size, or null when the value has none. */
function compileSize(
  sizeOf: (value: Value) => number | null,
  bound: 'most' | 'least',
  noun: string,
): KeywordCompiler {
  return (argument, site) => {
    const limit = wantCount(argument, site);
    site.node.assertions.push((value, place, run) => {
      const size = sizeOf(value);
      if (size === null || (bound === 'most' ? size <= limit : size >= limit)) return true;
      return run.fail(
        place,
        site.keyword,
        () => `must have at ${bound} ${count(limit, noun)}, but has ${size}`,
      );
    });
  };
}

function characters(value: Value): number | null {
  if (typeof value !== 'string') return null;
  let n = 0;
  for (const _ of value) n++;
  return n;
}

const items = (value: Value): number | null => (value instanceof PyList ? value.length : null);
const names = (value: Value): number | null => (value instanceof PyDict ? value.entries.size : null);

function compilePatternKeyword(argument: Value, site: Site): void {
  const source = wantText(argument, site);
  const pattern = site.pattern(source, site.pointer);
  site.node.assertions.push((value, place, run) => {
    if (typeof value !== 'string') return true;
    run.spend(value.length >> 3);
    if (pattern.test(value)) return true;
    return run.fail(place, 'pattern', () => `must match the pattern ${show(source)}, but is ${show(value)}`);
  });
}

function compileFormat(argument: Value, site: Site): void {
  const name = wantText(argument, site);
  const format = findFormat(name);
  if (format === null) return;
  site.node.assertions.push((value, place, run) => {
    if (typeof value !== 'string') return true;
    run.spend(value.length >> 3);
    return format(value) || run.fail(place, 'format', () => `must be a valid ${name}, but is ${show(value)}`);
  });
}

function compileRequired(argument: Value, site: Site): void {
  if (typeof argument === 'boolean') {
    throw new SchemaError('"required" must be a list of names, beside "properties"', site.pointer);
  }
  const required = wantNames(argument, site);
  site.node.assertions.push((value, place, run) => {
    if (!(value instanceof PyDict)) return true;
    let holds = true;
    for (const name of required) {
      run.spend(1);
      if (dictGet(value, name) === undefined) {
        holds = run.fail(place, 'required', () => `${show(name)} is missing`);
      }
    }
    return holds;
  });
}

function compileDependentRequired(argument: Value, site: Site): void {
  for (const [trigger, list] of wantObject(argument, site)) requireWith(trigger, wantNames(list, site), site);
}

/** Asserts that these names are there whenever `trigger` is. */
export function requireWith(trigger: string, required: readonly string[], site: Site): void {
  site.node.assertions.push((value, place, run) => {
    if (!(value instanceof PyDict) || dictGet(value, trigger) === undefined) return true;
    const missing = required.filter((name) => dictGet(value, name) === undefined);
    if (missing.length === 0) return true;
    return run.fail(
      place,
      site.keyword,
      () => `has ${show(trigger)} and so needs ${missing.map(show).join(', ')}`,
    );
  });
}

function compileUniqueItems(argument: Value, site: Site): void {
  if (typeof argument !== 'boolean')
    throw new SchemaError('"uniqueItems" must be true or false', site.pointer);
  if (!argument) return;
  site.node.assertions.push((value, place, run) => {
    if (!(value instanceof PyList)) return true;
    spendForSize(run, value);
    const seen = new Map<string, number>();
    for (let i = 0; i < value.length; i++) {
      const text = canonicalJson(value.items[i]!);
      const first = seen.get(text);
      if (first !== undefined) {
        return run.fail(
          place,
          'uniqueItems',
          () => `must not repeat an item, but items ${first} and ${i} are equal`,
        );
      }
      seen.set(text, i);
    }
    return true;
  });
}

/** Compiles a pattern or says where in the schema it cannot be. */
export function patternAt(source: string, pointer: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError)
      throw new SchemaError(`the pattern ${show(source)} ${error.message}`, pointer);
    throw error;
  }
}

/** The keywords of this file, in checking order. */
export const VALUE_KEYWORDS: readonly (readonly [string, KeywordCompiler])[] = [
  ['type', compileType],
  ['enum', compileEnum],
  ['const', (argument, site) => compileChoices([argument], site)],
  ['minimum', compileMinimum],
  ['maximum', compileMaximum],
  ['exclusiveMinimum', compileExclusive(compileBound(above, 'more than'))],
  ['exclusiveMaximum', compileExclusive(compileBound(below, 'less than'))],
  ['multipleOf', compileMultipleOf],
  ['minLength', compileSize(characters, 'least', 'character')],
  ['maxLength', compileSize(characters, 'most', 'character')],
  ['pattern', compilePatternKeyword],
  ['format', compileFormat],
  ['minItems', compileSize(items, 'least', 'item')],
  ['maxItems', compileSize(items, 'most', 'item')],
  ['uniqueItems', compileUniqueItems],
  ['minProperties', compileSize(names, 'least', 'name')],
  ['maxProperties', compileSize(names, 'most', 'name')],
  ['required', compileRequired],
  ['dependentRequired', compileDependentRequired],
];

// An answer made from a JSON schema: seeded, readable, and valid for the keywords named here as far as can be. It is
// no schema solver: what it does not know (contains, dependentSchemas, if/then, not) it leaves to luck.
import { fromPlain, parseJson, toPlain } from '../expression/json.ts';
import type { RandomSource } from '../expression/random.ts';
import { dictOf, type Fields, listOf, makeFloat, type Value } from '../expression/values.ts';
import { textForFormat } from './schema-format.ts';
import { textForPattern } from './schema-pattern.ts';

type Schema = Readonly<Record<string, unknown>>;

/** Bounds on the work one schema can cause. */
const MAX_DEPTH = 12;
const MAX_VALUES = 20_000;
const MAX_ITEMS = 1_000;
const MAX_TEXT = 100_000;

const WORDS =
  'amber bridge candle dawn ember forest garden harbor island journey kettle lantern meadow north orchard pepper quiet river stone timber umber valley winter yellow'.split(
    ' ',
  );

/**
 * An instance of a schema (JSON text). A property named like a unit field takes the field's value when that fits the
 * property's schema. Throws JsonError when the text is not JSON.
 */
export function answerFromSchema(schemaText: string, fields: Fields, random: RandomSource): Value {
  // All requests of a batch have the same one.
  if (last?.text !== schemaText) last = { text: schemaText, parsed: new ParsedSchema(schemaText) };
  return new Writer(last.parsed, fields, random).write(last.parsed.root, 0, true);
}

let last: { readonly text: string; readonly parsed: ParsedSchema } | null = null;

/** A schema as data, and its parts as they come out when references are followed. Nobody changes it. */
class ParsedSchema {
  readonly root: unknown;
  private readonly resolved = new WeakMap<Schema, Schema>();
  private readonly single = new WeakMap<Schema, Schema>();

  constructor(text: string) {
    this.root = toPlain(parseJson(text));
  }

  /** Follows `$ref`, merges `allOf`, and takes the first of `anyOf` and `oneOf`: one flat schema. */
  resolve(given: unknown): Schema {
    if (!isSchema(given)) return {};
    let schema = this.resolved.get(given);
    if (schema === undefined) this.resolved.set(given, (schema = this.flatten(given, 0)));
    return schema;
  }

  /** The same, without the alternatives. */
  resolveSingle(given: Schema): Schema {
    let schema = this.single.get(given);
    if (schema === undefined) {
      const { anyOf: _any, oneOf: _one, ...rest } = given;
      this.single.set(given, (schema = this.flatten(rest, 0)));
    }
    return schema;
  }

  private flatten(given: unknown, hops: number): Schema {
    if (!isSchema(given) || hops > 32) return {};
    const { $ref, allOf, anyOf, oneOf, ...rest } = given;
    let schema: Schema = rest;
    if (typeof $ref === 'string') schema = merge(this.flatten(this.target($ref), hops + 1), schema);
    const parts = [...(Array.isArray(allOf) ? allOf : []), ...firstOf(anyOf), ...firstOf(oneOf)];
    for (const part of parts) schema = merge(schema, this.flatten(part, hops + 1));
    return schema;
  }

  private target(ref: string): unknown {
    if (!ref.startsWith('#')) return {};
    let found: unknown = this.root;
    for (const step of ref.slice(1).split('/').slice(1)) {
      const name = decodePointer(step);
      if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return {};
      found = (found as Record<string, unknown>)[name];
    }
    return found;
  }
}

class Writer {
  private readonly schema: ParsedSchema;
  private readonly fields: Fields;
  private readonly random: RandomSource;
  private values = 0;

  constructor(schema: ParsedSchema, fields: Fields, random: RandomSource) {
    this.schema = schema;
    this.fields = fields;
    this.random = random;
  }

  /** `echo` is false inside arrays, where one field's value would be repeated for every item. */
  write(given: unknown, depth: number, echo: boolean): Value {
    const schema = this.schema.resolve(given);
    if (++this.values > MAX_VALUES || depth > 2 * MAX_DEPTH) return null;
    if ('const' in schema) return fromPlain(schema.const);
    if (Array.isArray(schema.enum) && schema.enum.length > 0) {
      return fromPlain(schema.enum[this.below(schema.enum.length)]);
    }
    switch (typeOf(schema)) {
      case 'null':
        return null;
      case 'boolean':
        return this.random.double() < 0.5;
      case 'integer':
        return this.integer(schema);
      case 'number':
        return this.number(schema);
      case 'array':
        return this.array(schema, depth);
      case 'object':
        return this.object(schema, depth, echo);
      default:
        return this.text(schema);
    }
  }

  private below(count: number): number {
    return Math.floor(this.random.double() * count);
  }

  private integer(schema: Schema): Value {
    const step = numberOf(schema.multipleOf) ?? 1;
    const unit = Number.isInteger(step) && step > 0 ? step : 1;
    const { low, high } = rangeOf(schema);
    let first = Math.ceil((low ?? Math.min(0, (high ?? 0) - 100)) / unit);
    if (first * unit === low && isExclusive(schema, 'exclusiveMinimum', low)) first++;
    let last = Math.floor((high ?? first * unit + 100) / unit);
    if (last * unit === high && isExclusive(schema, 'exclusiveMaximum', high)) last--;
    return fromPlain((first + this.below(Math.max(1, last - first + 1))) * unit);
  }

  private number(schema: Schema): Value {
    const step = numberOf(schema.multipleOf);
    if (step !== null && step > 0) {
      const { low, high } = rangeOf(schema);
      const first = Math.ceil(((low ?? Math.min(0, (high ?? 0) - 100 * step)) + step * 1e-9) / step);
      const last = Math.floor(((high ?? (first + 100) * step) - step * 1e-9) / step);
      return makeFloat((first + this.below(Math.max(1, last - first + 1))) * step);
    }
    const range = rangeOf(schema);
    const low = range.low ?? Math.min(0, (range.high ?? 0) - 100);
    const high = range.high ?? low + 100;
    const exact = low + (high - low) * (0.001 + 0.998 * this.random.double());
    const rounded = Math.round(exact * 100) / 100;
    return makeFloat(rounded > low && rounded < high ? rounded : exact);
  }

  private text(schema: Schema): Value {
    if (typeof schema.format === 'string') {
      const text = textForFormat(
        schema.format,
        this.random,
        (count) => WORDS[this.below(count)] ?? '',
        WORDS.length,
      );
      if (text !== null) return text;
    }
    if (typeof schema.pattern === 'string') {
      const text = textForPattern(schema.pattern, this.random);
      if (text !== null) return text;
    }
    const least = Math.min(MAX_TEXT, numberOf(schema.minLength) ?? 1);
    const most = Math.min(MAX_TEXT, numberOf(schema.maxLength) ?? Math.max(least, 40));
    let text = '';
    for (let words = 2 + this.below(3); words > 0 || text.length < least; words--) {
      text += (text === '' ? '' : ' ') + WORDS[this.below(WORDS.length)];
    }
    const cut = text.slice(0, most);
    return cut.length > least ? cut.trimEnd().padEnd(least, 'x') : cut;
  }

  private array(schema: Schema, depth: number): Value {
    const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
    const most = Math.min(MAX_ITEMS, numberOf(schema.maxItems) ?? MAX_ITEMS);
    const least = Math.min(most, numberOf(schema.minItems) ?? Math.max(1, prefix.length));
    const closed = schema.items === false;
    let count = closed ? prefix.length : least + this.below(Math.min(most - least, 2) + 1);
    if (depth >= MAX_DEPTH) count = Math.min(count, numberOf(schema.minItems) ?? 0);
    const items: Value[] = [];
    const seen = new Set<string>();
    for (let index = 0; index < count; index++) {
      const itemSchema = index < prefix.length ? prefix[index] : schema.items;
      let item = this.write(itemSchema ?? {}, depth + 1, false);
      for (let tries = 0; schema.uniqueItems === true && tries < 50 && seen.has(keyOf(item)); tries++) {
        item = this.write(itemSchema ?? {}, depth + 1, false);
      }
      // A set that has run out of values stays short rather than repeat one.
      if (schema.uniqueItems === true && seen.has(keyOf(item)) && items.length >= least) break;
      seen.add(keyOf(item));
      items.push(item);
    }
    return listOf(items);
  }

  private object(schema: Schema, depth: number, echo: boolean): Value {
    const properties = isSchema(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required)
      ? schema.required.filter((name) => typeof name === 'string')
      : [];
    const names =
      depth >= MAX_DEPTH ? [] : Object.keys(properties).filter((name) => properties[name] !== false);
    const entries: [string, Value][] = [];
    for (const name of new Set<string>([...names, ...required])) {
      const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
      const field = echo ? this.fields.get(name) : undefined;
      const fits = field !== undefined && this.fits(plainOf(field), own ?? {}, 0);
      entries.push([name, fits && field !== undefined ? field : this.write(own ?? {}, depth + 1, echo)]);
    }
    return dictOf(entries);
  }

  /** Whether a field's value may stand for a property: type, enum, const, bounds, lengths, members. */
  private fits(value: unknown, given: unknown, depth: number): boolean {
    if (value === undefined || depth > MAX_DEPTH) return false;
    const raw = isSchema(given) ? given : {};
    for (const choices of [raw.anyOf, raw.oneOf]) {
      if (Array.isArray(choices) && !choices.some((choice) => this.fits(value, choice, depth + 1)))
        return false;
    }
    const schema = this.schema.resolveSingle(raw);
    if ('const' in schema && JSON.stringify(schema.const) !== JSON.stringify(value)) return false;
    if (
      Array.isArray(schema.enum) &&
      !schema.enum.some((one) => JSON.stringify(one) === JSON.stringify(value))
    ) {
      return false;
    }
    if (schema.type !== undefined && ![schema.type].flat().some((type) => hasType(value, type))) return false;
    if (typeof value === 'number') return this.numberFits(value, schema);
    if (typeof value === 'string') {
      // A pattern or a format is not checked here: running a user's pattern is the validator's work, not ours.
      if (schema.pattern !== undefined || schema.format !== undefined) return false;
      return within([...value].length, schema.minLength, schema.maxLength);
    }
    if (Array.isArray(value)) {
      const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
      if (
        schema.uniqueItems === true &&
        new Set(value.map((one) => JSON.stringify(one))).size < value.length
      ) {
        return false;
      }
      return (
        within(value.length, schema.minItems, schema.maxItems) &&
        value.every((one, index) => {
          const own = prefix[index] ?? schema.items ?? {};
          return own !== false && this.fits(one, own, depth + 1);
        })
      );
    }
    if (value !== null && typeof value === 'object') return this.objectFits(value as Schema, schema, depth);
    return true;
  }

  private numberFits(value: number, schema: Schema): boolean {
    const { low, high } = rangeOf(schema);
    if (low !== null && (value < low || (value === low && isExclusive(schema, 'exclusiveMinimum', low))))
      return false;
    if (
      high !== null &&
      (value > high || (value === high && isExclusive(schema, 'exclusiveMaximum', high)))
    ) {
      return false;
    }
    const step = numberOf(schema.multipleOf);
    return Number.isFinite(value) && (step === null || value % step === 0);
  }

  private objectFits(value: Schema, schema: Schema, depth: number): boolean {
    const properties = isSchema(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required : [];
    return (
      required.every((name) => typeof name === 'string' && Object.hasOwn(value, name)) &&
      Object.keys(value).every((name) => {
        const own = Object.hasOwn(properties, name) ? properties[name] : (schema.additionalProperties ?? {});
        return own !== false && this.fits(value[name], own, depth + 1);
      })
    );
  }
}

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function firstOf(choices: unknown): unknown[] {
  return Array.isArray(choices) && choices.length > 0 ? [choices[0]] : [];
}

/** Both schemas at once: members together, the narrower bound, otherwise what the second says. */
function merge(first: Schema, second: Schema): Schema {
  const merged: Record<string, unknown> = { ...first, ...second };
  const both = (name: string) => name in first && name in second;
  if (both('properties') && isSchema(first.properties) && isSchema(second.properties)) {
    const properties: Record<string, unknown> = { ...first.properties };
    for (const [name, own] of Object.entries(second.properties)) {
      properties[name] = Object.hasOwn(properties, name) ? { allOf: [properties[name], own] } : own;
    }
    merged.properties = properties;
  }
  if (both('$defs')) merged.$defs = { ...(first.$defs as Schema), ...(second.$defs as Schema) };
  if (both('required')) merged.required = [first.required, second.required].flat();
  for (const name of ['minimum', 'exclusiveMinimum', 'minLength', 'minItems']) {
    if (both(name)) merged[name] = Math.max(Number(first[name]), Number(second[name]));
  }
  for (const name of ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems']) {
    if (both(name)) merged[name] = Math.min(Number(first[name]), Number(second[name]));
  }
  return merged;
}

/** The type to write: the first named that is not null, or the one the other keywords suggest. */
function typeOf(schema: Schema): unknown {
  if (Array.isArray(schema.type)) return schema.type.find((type) => type !== 'null') ?? 'null';
  if (schema.type !== undefined) return schema.type;
  const has = (...names: string[]) => names.some((name) => name in schema);
  if (has('properties', 'required', 'additionalProperties')) return 'object';
  if (has('items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems')) return 'array';
  if (has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf')) return 'number';
  return 'string';
}

function hasType(value: unknown, type: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isSchema(value);
  if (type === 'integer') return Number.isInteger(value);
  return typeof value === type;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function rangeOf(schema: Schema): { low: number | null; high: number | null } {
  const lows = [numberOf(schema.minimum), numberOf(schema.exclusiveMinimum)].filter((one) => one !== null);
  const highs = [numberOf(schema.maximum), numberOf(schema.exclusiveMaximum)].filter((one) => one !== null);
  return {
    low: lows.length === 0 ? null : Math.max(...lows),
    high: highs.length === 0 ? null : Math.min(...highs),
  };
}

/** Draft 4 wrote `exclusiveMinimum: true` beside `minimum`; later drafts write the bound itself. */
function isExclusive(
  schema: Schema,
  name: 'exclusiveMinimum' | 'exclusiveMaximum',
  bound: number | null,
): boolean {
  return schema[name] === true || schema[name] === bound;
}

function within(size: number, least: unknown, most: unknown): boolean {
  return size >= (numberOf(least) ?? 0) && size <= (numberOf(most) ?? Number.POSITIVE_INFINITY);
}

/** A field as plain data, or undefined when it has no JSON form. */
function plainOf(value: Value): unknown {
  try {
    return toPlain(value);
  } catch {
    return undefined;
  }
}

function keyOf(value: Value): string {
  return JSON.stringify(toPlain(value));
}

function decodePointer(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}

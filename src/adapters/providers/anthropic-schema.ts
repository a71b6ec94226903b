// A person's JSON Schema as Anthropic's structured output takes it. It may say less than the schema, never something
// else: what cannot be said is left to our own validation, and where nothing can be said there is no format at all.
import { parsePlainJson } from '../../expression/plain-json.ts';
import { LIVE } from './anthropic-live.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the service does not enforce; the model reads it in the description instead. */
const TOLD = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'uniqueItems',
  'format',
] as const;

/** These open an object for names the schema does not list: a closed object would refuse what the person allows. */
const OPENING = ['patternProperties', 'allOf', 'if', 'dependentSchemas', 'unevaluatedProperties'] as const;

/** The schema (JSON text) as the service takes it, or null when it cannot be said there without changing its meaning. */
export function outputSchema(text: string): Json | null {
  const root = objectOf(parsePlainJson(text));
  if (root === null) return null;
  try {
    return new Translation(root).whole();
  } catch (error) {
    if (error instanceof Unsayable) return null;
    throw error;
  }
}

/** The schema asks for something the service has no words for. */
class Unsayable extends Error {}

class Translation {
  private readonly root: Json;
  private readonly open = new Set<string>();
  private readonly definitions = new Map<string, Json>();

  constructor(root: Json) {
    this.root = root;
  }

  whole(): Json {
    const schema = this.one(this.root, 0);
    if (this.definitions.size === 0) return schema;
    return { ...schema, $defs: Object.fromEntries(this.definitions) };
  }

  private one(value: unknown, depth: number): Json {
    const schema = objectOf(value);
    if (schema === null || depth > LIVE.maxSchemaDepth) throw new Unsayable();
    if (schema.$ref !== undefined) return { $ref: this.reference(schema.$ref, depth) };
    return { ...this.shape(schema, depth), ...wordsOf(schema, depth) };
  }

  private shape(schema: Json, depth: number): Json {
    if (Array.isArray(schema.enum) && schema.enum.length > 0) return { enum: schema.enum.map(plain) };
    if (schema.const !== undefined) return { const: plain(schema.const) };
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices !== undefined) {
      if (!Array.isArray(choices) || schema.properties !== undefined) throw new Unsayable();
      return { anyOf: choices.map((choice) => this.one(choice, depth + 1)) };
    }
    const types = typesOf(schema);
    return {
      type: schema.type ?? types[0],
      ...(types.includes('object') ? this.object(schema, depth) : {}),
      ...(types.includes('array') ? this.array(schema, depth) : {}),
      ...(types.includes('string') && LIVE.formats.includes(schema.format) ? { format: schema.format } : {}),
    };
  }

  private object(schema: Json, depth: number): Json {
    const { additionalProperties, required = [] } = schema;
    if (additionalProperties !== undefined && additionalProperties !== false) throw new Unsayable();
    if (OPENING.some((name) => schema[name] !== undefined)) throw new Unsayable();
    const names = Object.entries(objectOf(schema.properties) ?? {});
    if (names.length === 0 && additionalProperties !== false) throw new Unsayable();
    const known = new Set<unknown>(names.map(([name]) => name));
    if (!Array.isArray(required) || !required.every((name) => known.has(name))) throw new Unsayable();
    return {
      properties: Object.fromEntries(names.map(([name, property]) => [name, this.one(property, depth + 1)])),
      required,
      additionalProperties: false,
    };
  }

  private array(schema: Json, depth: number): Json {
    if (schema.prefixItems !== undefined) throw new Unsayable();
    const few = schema.minItems === 0 || schema.minItems === 1;
    return { items: this.one(schema.items, depth + 1), ...(few ? { minItems: schema.minItems } : {}) };
  }

  private reference(reference: unknown, depth: number): string {
    const [, place, name] = /^#\/(\$defs|definitions)\/([\w.-]+)$/.exec(String(reference)) ?? [];
    if (place === undefined || name === undefined || this.open.has(name)) throw new Unsayable();
    if (!this.definitions.has(name)) {
      const all = objectOf(this.root[place]);
      if (all === null || !Object.hasOwn(all, name)) throw new Unsayable();
      this.open.add(name);
      this.definitions.set(name, this.one(all[name], depth + 1));
      this.open.delete(name);
    }
    return `#/$defs/${name}`;
  }
}

/** Title and description, with the bounds the service does not enforce put into words. */
function wordsOf(schema: Json, depth: number): Json {
  const told = TOLD.filter((name) => {
    if (schema[name] === undefined) return false;
    if (name === 'format') return !LIVE.formats.includes(schema.format);
    return name !== 'minItems' || !(schema.minItems === 0 || schema.minItems === 1);
  }).map((name) => `${name}: ${JSON.stringify(schema[name])}`);
  const description = [
    ...(typeof schema.description === 'string' ? [schema.description] : []),
    ...(told.length === 0 ? [] : [`(${told.join(', ')})`]),
  ].join(' ');
  return {
    ...(typeof schema.title === 'string' && depth === 0 ? { title: schema.title } : {}),
    ...(description === '' ? {} : { description }),
  };
}

function typesOf(schema: Json): readonly unknown[] {
  if (typeof schema.type === 'string') return [schema.type];
  if (Array.isArray(schema.type) && schema.type.length > 0) return schema.type;
  if (schema.properties !== undefined) return ['object'];
  if (schema.items !== undefined) return ['array'];
  throw new Unsayable();
}

function plain(value: unknown): unknown {
  if (value !== null && typeof value === 'object') throw new Unsayable();
  return value;
}

function objectOf(value: unknown): Json | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : null;
}

// About the shortest answer a JSON schema allows: stands in for answers that do not exist yet when a run is planned.
// It validates nothing and follows no reference; what it does not understand is an empty text.
import { parsePlainJson } from '../expression/plain-json.ts';

/** Levels of a schema that are followed, and properties or elements on each. */
const DEPTH = 6;
const BREADTH = 100;

/** The fields of a short answer as one JSON object text; `{}` when there is no schema of an object. */
export function placeholderAnswer(schema: string | null): string {
  const answer = schema === null ? {} : placeholder(parsePlainJson(schema), DEPTH);
  return isRecord(answer) ? JSON.stringify(answer) : '{}';
}

/** Any value that such a schema allows, as short; '' when nothing is understood. */
export function placeholderOf(schema: string): unknown {
  return placeholder(parsePlainJson(schema), DEPTH);
}

function placeholder(schema: unknown, depth: number): unknown {
  if (!isRecord(schema) || depth === 0) return '';
  if ('const' in schema) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0];
  if ('default' in schema) return schema.default;
  const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'number':
    case 'integer':
      return typeof schema.minimum === 'number' ? schema.minimum : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array': {
      const count = typeof schema.minItems === 'number' ? Math.min(schema.minItems, BREADTH) : 0;
      return Array.from({ length: count }, () => placeholder(schema.items, depth - 1));
    }
    case 'string': {
      const length = typeof schema.minLength === 'number' ? Math.min(schema.minLength, 1_000) : 0;
      return 'x'.repeat(length);
    }
    default: {
      const { properties } = schema;
      if (!isRecord(properties)) return '';
      // A template may read any property, so all are there, required or not.
      const names = Object.keys(properties).slice(0, BREADTH);
      return Object.fromEntries(names.map((name) => [name, placeholder(properties[name], depth - 1)]));
    }
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

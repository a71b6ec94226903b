// The types of JSON Schema, for values that came from JSON.
import { PyDict, PyFloat, PyList, type Value } from '../expression/values.ts';

/** JSON's types, with `integer` for a number without a fraction. */
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** Every type name a schema may use. */
export const JSON_TYPES: readonly JsonType[] = [
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'array',
  'object',
];

/** The narrowest JSON type of a value from JSON; 5.0 is an integer, as JSON Schema has it. */
export function jsonTypeOf(value: Value): JsonType {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    default:
  }
  if (value === null) return 'null';
  if (value instanceof PyList) return 'array';
  if (value instanceof PyDict) return 'object';
  return value instanceof PyFloat || typeof value === 'bigint' ? 'integer' : 'number';
}

/** True when a value of type `actual` may stand where `allowed` are asked for. */
export function typeAllowed(actual: JsonType, allowed: readonly JsonType[]): boolean {
  return allowed.includes(actual) || (actual === 'integer' && allowed.includes('number'));
}

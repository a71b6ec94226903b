// How values and types are named to a person, shortened: what is quoted here may come from a model.
import { stringifyJson } from '../expression/json.ts';
import { PyDict, PyFloat, PyList, typeName, type Value } from '../expression/values.ts';
import type { JsonType } from './json-type.ts';

const MAX_QUOTE = 60;

const WORDS: Readonly<Record<JsonType, string>> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'an object',
};

/** A type as words: `a whole number`. */
export function typeWord(type: JsonType): string {
  return WORDS[type];
}

/** Types as words: `text or null`. */
export function typeWords(types: readonly JsonType[]): string {
  return types.map(typeWord).join(' or ');
}

/** A value, quoted and at most about 60 characters long. */
export function show(value: Value): string {
  if (value instanceof PyList) return `a list of ${count(value.length, 'item')}`;
  if (value instanceof PyDict) return `an object with ${count(value.entries.size, 'name')}`;
  if (typeof value === 'string') return JSON.stringify(shorten(value, MAX_QUOTE));
  if (typeof value === 'number' && !Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'infinite';
  if (value === null || typeof value !== 'object' || value instanceof PyFloat) {
    return shorten(stringifyJson(value), MAX_QUOTE);
  }
  return `a ${typeName(value)}`;
}

/** The first values of a list, quoted: `"a", "b" or 2 more`. */
export function showChoices(values: readonly Value[]): string {
  const shown = values.slice(0, 10).map(show).join(', ');
  return values.length > 10 ? `${shown} and ${values.length - 10} more` : shown;
}

/** `1 item`, `2 items`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The text, cut to so many UTF-16 units with an ellipsis, never through a character. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const end =
    text.charCodeAt(most - 2) >= 0xd800 && text.charCodeAt(most - 2) <= 0xdbff ? most - 2 : most - 1;
  return `${text.slice(0, end)}…`;
}

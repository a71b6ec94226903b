// JSON text to plain JavaScript data, as JSON.parse reads it. Some versions of V8 (Node 24 and 26 among them, Node 20
// not) give an object the wrong key when the text writes that key with an escape: nodejs/node issue 63785.
import { parseJson, toPlain } from './json.ts';

// A string that is followed by a colon is a key. The whole string is one step, so the search is linear.
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/gs;

/** Reads JSON text. Throws a SyntaxError or a JsonError when it is none. Objects may have no prototype. */
export function parsePlainJson(text: string): unknown {
  return hasEscapedKey(text) ? toPlain(parseJson(text)) : JSON.parse(text);
}

/** The fields of such data; none of what is no object. */
export function fieldsOf(value: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** True of a whole number from 0 on. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** True of a finite number. */
export function isFiniteNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function hasEscapedKey(text: string): boolean {
  if (!text.includes('\\')) return false;
  for (const [string, colon] of text.matchAll(STRING)) {
    if (colon !== undefined && string.includes('\\')) return true;
  }
  return false;
}

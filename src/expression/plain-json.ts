// JSON text to plain JavaScript data, as JSON.parse reads it. Some versions of V8 (Node 24 and 26 among them, Node 20
// not) give an object the wrong key when the text writes that key with an escape: nodejs/node issue 63785.
import { parseJson, toPlain } from './json.ts';

// From within a string to its end, and to the colon that follows a key. It has one way to match, so the search is linear.
const REST_OF_STRING = /[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/sy;

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

// Answers have escapes in most of their texts, and hardly ever in a key.
function hasEscapedKey(text: string): boolean {
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', REST_OF_STRING.lastIndex)) {
    REST_OF_STRING.lastIndex = at;
    const rest = REST_OF_STRING.exec(text);
    // Whoever reads it says why it is no JSON.
    if (rest === null) return false;
    if (rest[1] !== undefined) return true;
  }
  return false;
}

// A computed value as JSON text that can be kept: bounded in size, and sure to be read back. It changes no value; one
// that cannot be kept is refused with Python's error.
import { raise, raiseLimit } from '../expression/errors.ts';
import { stringifyJson } from '../expression/json.ts';
import { DEFAULT_LIMITS } from '../expression/limits.ts';
import {
  listItems,
  PyDict,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  type Value,
} from '../expression/values.ts';

/** Characters of JSON one step may assign to one unit, counted low: a list of a million small integers fits. */
export const MAX_STEP_TEXT = 2 ** 23;

// Longer integers are refused by the reader, as by Python.
const MAX_DIGITS = 4300;

/** Room left for the fields of one step and unit; `writeField` takes from it. */
export interface Room {
  left: number;
}

/**
 * JSON text of a field's value. Throws ExpressionError: LimitError when it is too large or too deep, ValueError for
 * inf, nan and integers too long to read back, TypeError for what is not data.
 */
export function writeField(value: Value, room: Room): string {
  // Measured first: `[text] * 1000000` is one small list in memory and a terabyte of JSON.
  measure(value, 2, room);
  return stringifyJson(value);
}

// Takes at most the length of the value's JSON from the room. Level 1 is the object of fields itself.
function measure(value: Value, level: number, room: Room): void {
  take(room, lengthOf(value));
  const parts = partsOf(value);
  if (parts === null) return;
  if (level > DEFAULT_LIMITS.depth) raiseLimit(`data nested deeper than ${DEFAULT_LIMITS.depth} levels`);
  for (const part of parts) measure(part, level + 1, room);
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return value.length + 2;
  if (value instanceof PyRange) return value.length * 2;
  if (typeof value !== 'bigint') return 2;
  const digits = value.toString().length;
  if (digits > MAX_DIGITS) {
    raise('ValueError', `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`);
  }
  return digits;
}

function* dictParts(dict: PyDict): Generator<Value> {
  for (const [key, value] of dict.entries) {
    if (typeof key === 'string') yield key;
    yield value;
  }
}

function partsOf(value: Value): Iterable<Value> | null {
  if (value instanceof PyList) return listItems(value);
  if (value instanceof PyTuple) return value.items;
  if (value instanceof PySet) return value.entries.values();
  if (value instanceof PyDict) return dictParts(value);
  if (value instanceof PyView) return dictParts(value.dict);
  return null;
}

function take(room: Room, length: number): void {
  if ((room.left -= length) < 0) raiseLimit(`results of more than ${MAX_STEP_TEXT} characters`);
}

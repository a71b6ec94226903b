// Equality as JSON has it: 1 equals 1.0, true never equals 1, the order of an object's names means nothing.
// Works by one text per value, so that "is it among these?" and "are all different?" stay linear.
import { dictEntries, PyDict, PyFloat, PyList, type Value } from '../expression/values.ts';

/** A text that two JSON values share exactly when they are equal as JSON. Values must come from JSON. */
export function canonicalJson(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (value instanceof PyFloat) return integralText(value.value);
  if (value instanceof PyList) {
    let text = '[';
    for (let i = 0; i < value.length; i++) text += `${canonicalJson(value.items[i]!)},`;
    return `${text}]`;
  }
  if (value instanceof PyDict) {
    const names = [...dictEntries(value)].map(([name, item]) => [JSON.stringify(name), item] as const);
    names.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${names.map(([name, item]) => `${name}:${canonicalJson(item)}`).join(',')}}`;
  }
  return String(value);
}

// An int beyond 2^53 prints all its digits, so a float of the same size must print them too.
function integralText(x: number): string {
  return Number.isSafeInteger(x) ? String(x === 0 ? 0 : x) : BigInt(x).toString();
}

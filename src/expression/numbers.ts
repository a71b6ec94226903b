// Views of numeric values: which values count as numbers, and their value as an int or a double.
import { raise } from './errors.ts';
import { isInt, PyFloat, type Value } from './values.ts';

/** A number or bool: what arithmetic accepts. */
export type Numeric = number | bigint | boolean | PyFloat;

/** True for int, float and bool. */
export function isNumeric(value: Value): value is Numeric {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value instanceof PyFloat
  );
}

/** True for int and bool: what Python takes as an index. */
export function isIntegral(value: Value): value is number | bigint | boolean {
  return typeof value === 'boolean' || isInt(value);
}

/** An int or bool as an int. */
export function asInt(value: number | bigint | boolean): number | bigint {
  return typeof value === 'boolean' ? (value ? 1 : 0) : value;
}

/** Any number as a JS double; OverflowError for an int beyond its range. */
export function asDouble(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof PyFloat) return value.value;
  const x = Number(value);
  if (!Number.isFinite(x)) raise('OverflowError', 'int too large to convert to float');
  return x;
}

/** Bits of a non-negative big int. */
export function bitLength(value: bigint): number {
  const hex = value.toString(16);
  return value === 0n ? 0 : (hex.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hex.charAt(0), 16)));
}

// The few methods of numbers that expressions use.
import { raise } from './errors.ts';
import { type MethodTable, methodTable } from './method.ts';
import { asDouble, bitLength, type Numeric } from './numbers.ts';
import { makeInt, PyFloat, PyTuple } from './values.ts';

/** The methods of `int` and `bool`. */
export const INT_METHODS: MethodTable<number | bigint | boolean> = methodTable<number | bigint | boolean>({
  'bit_length()': (_evaluation, self) => {
    const int = BigInt(self);
    return bitLength(int < 0n ? -int : int);
  },
  'bit_count()': (_evaluation, self) => {
    const int = BigInt(self);
    return [...(int < 0n ? -int : int).toString(2)].filter((bit) => bit === '1').length;
  },
  'conjugate()': (_evaluation, self) => (typeof self === 'boolean' ? Number(self) : self),
  'as_integer_ratio()': (_evaluation, self) =>
    new PyTuple([typeof self === 'boolean' ? Number(self) : self, 1]),
});

/** The methods of `float`. */
export const FLOAT_METHODS: MethodTable<number | PyFloat> = methodTable<number | PyFloat>({
  'is_integer()': (_evaluation, self) => self instanceof PyFloat,
  'conjugate()': (_evaluation, self) => self,
  'as_integer_ratio()': (_evaluation, self) => ratio(self),
});

function ratio(self: Numeric): PyTuple {
  let x = asDouble(self);
  if (Number.isNaN(x)) raise('ValueError', 'cannot convert NaN to integer ratio');
  if (!Number.isFinite(x)) raise('OverflowError', 'cannot convert Infinity to integer ratio');
  let power = 0n;
  while (!Number.isInteger(x)) {
    x *= 2;
    power++;
  }
  return new PyTuple([makeInt(BigInt(x)), makeInt(1n << power)]);
}

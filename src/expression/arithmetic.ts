// Python's operators on values: + - * / // % ** << >> & | ^ ~ and unary signs. Numbers first, since they are the hot path.
import { type ExpressionError, raise, raiseLimit } from './errors.ts';
import { admitItems, admitText, type Evaluation, spend } from './evaluation.ts';
import { dictCopy, dictMerge } from './keys.ts';
import { power as floatPower } from './mathematics.ts';
import { asDouble, asInt, bitLength, isIntegral, isNumeric } from './numbers.ts';
import { percentFormat } from './percent.ts';
import { combineSets, isSetLike } from './sets.ts';
import {
  isFloat,
  makeFloat,
  makeInt,
  PyDict,
  PyFloat,
  PyList,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

const MAX = Number.MAX_SAFE_INTEGER;

/** Admits a big int by its bits and pays for it. */
export function admitInt(evaluation: Evaluation, value: bigint): number | bigint {
  const int = makeInt(value);
  if (typeof int === 'number') return int;
  const bits = int.toString(16).length * 4;
  if (bits > evaluation.limits.integerBits) raiseBits(evaluation, bits);
  spend(evaluation, bits >> 6);
  return int;
}

function raiseBits(evaluation: Evaluation, bits: number): never {
  return raiseLimit(`an integer of about ${Math.round(bits)} bits (limit ${evaluation.limits.integerBits})`);
}

function unsupported(operator: string, a: Value, b: Value): ExpressionError {
  return raise(
    'TypeError',
    `unsupported operand type(s) for ${operator}: '${typeName(a)}' and '${typeName(b)}'`,
  );
}

/** `a + b`. */
export function add(evaluation: Evaluation, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (!Number.isInteger(sum)) return sum;
    if (!Number.isInteger(a) || !Number.isInteger(b)) return new PyFloat(sum);
    return sum <= MAX && sum >= -MAX ? sum : BigInt(a) + BigInt(b);
  }
  if (typeof a === 'string' && typeof b === 'string') {
    admitText(evaluation, a.length + b.length);
    return a + b;
  }
  if (a instanceof PyList) return addLists(evaluation, a, b);
  if (isNumeric(a) && isNumeric(b)) {
    if (isFloat(a) || isFloat(b)) return makeFloat(asDouble(a) + asDouble(b));
    return admitInt(evaluation, BigInt(a) + BigInt(b));
  }
  if (a instanceof PyTuple && b instanceof PyTuple) {
    admitItems(evaluation, a.items.length + b.items.length);
    return new PyTuple(a.items.concat(b.items));
  }
  if (typeof a === 'string')
    return raise('TypeError', `can only concatenate str (not "${typeName(b)}") to str`);
  if (a instanceof PyTuple)
    return raise('TypeError', `can only concatenate tuple (not "${typeName(b)}") to tuple`);
  throw unsupported('+', a, b);
}

// `path + [x]` in a loop would be quadratic. When `a` ends where its array ends, the items are appended to that
// array and both lists share it, each with its own length.
function addLists(evaluation: Evaluation, a: PyList, b: Value): PyList {
  if (!(b instanceof PyList)) {
    return raise('TypeError', `can only concatenate list (not "${typeName(b)}") to list`);
  }
  const length = a.length + b.length;
  if (length > evaluation.limits.collection) admitItems(evaluation, length);
  const { items } = a;
  if (items.length === a.length && items !== b.items) {
    spend(evaluation, b.length);
    for (let i = 0; i < b.length; i++) items.push(b.items[i]!);
    a.shared = true;
    return new PyList(items, length, true);
  }
  spend(evaluation, length);
  const copy = items.slice(0, a.length);
  for (let i = 0; i < b.length; i++) copy.push(b.items[i]!);
  return new PyList(copy);
}

/** `a - b`. */
export function subtract(evaluation: Evaluation, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (!Number.isInteger(difference)) return difference;
    if (!Number.isInteger(a) || !Number.isInteger(b)) return new PyFloat(difference);
    return difference <= MAX && difference >= -MAX ? difference : BigInt(a) - BigInt(b);
  }
  if (isNumeric(a) && isNumeric(b)) {
    if (isFloat(a) || isFloat(b)) return makeFloat(asDouble(a) - asDouble(b));
    return admitInt(evaluation, BigInt(a) - BigInt(b));
  }
  if (isSetLike(a) && isSetLike(b)) return combineSets(evaluation, '-', a, b);
  throw unsupported('-', a, b);
}

/** `a * b`. */
export function multiply(evaluation: Evaluation, a: Value, b: Value): Value {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (!Number.isInteger(product)) return product;
    if (!Number.isInteger(a) || !Number.isInteger(b)) return new PyFloat(product);
    // Adding 0 turns -0 into the int 0.
    return product <= MAX && product >= -MAX ? product + 0 : admitInt(evaluation, BigInt(a) * BigInt(b));
  }
  if (isNumeric(a) && isNumeric(b)) {
    if (isFloat(a) || isFloat(b)) return makeFloat(asDouble(a) * asDouble(b));
    return admitInt(evaluation, BigInt(a) * BigInt(b));
  }
  if (isSequence(a) && isIntegral(b)) return repeat(evaluation, a, asInt(b));
  if (isSequence(b) && isIntegral(a)) return repeat(evaluation, b, asInt(a));
  if (isSequence(a)) return raise('TypeError', `can't multiply sequence by non-int of type '${typeName(b)}'`);
  if (isSequence(b)) return raise('TypeError', `can't multiply sequence by non-int of type '${typeName(a)}'`);
  throw unsupported('*', a, b);
}

function isSequence(value: Value): value is string | PyList | PyTuple {
  return typeof value === 'string' || value instanceof PyList || value instanceof PyTuple;
}

function repeat(evaluation: Evaluation, sequence: string | PyList | PyTuple, times: number | bigint): Value {
  const count = times < 0 ? 0 : Number(times);
  if (typeof sequence === 'string') {
    if (sequence === '') return '';
    admitText(evaluation, sequence.length * count);
    return sequence.repeat(count);
  }
  const source = sequence.items;
  const length = sequence instanceof PyList ? sequence.length : source.length;
  const items: Value[] = [];
  if (length > 0) {
    admitItems(evaluation, length * count);
    for (let i = 0; i < count; i++) for (let j = 0; j < length; j++) items.push(source[j]!);
  }
  return sequence instanceof PyList ? new PyList(items) : new PyTuple(items);
}

/** `a / b`: always a float, correctly rounded for big ints too. */
export function divide(_evaluation: Evaluation, a: Value, b: Value): Value {
  if (!isNumeric(a) || !isNumeric(b)) throw unsupported('/', a, b);
  if (isFloat(a) || isFloat(b)) {
    const divisor = asDouble(b);
    if (divisor === 0) raise('ZeroDivisionError', 'float division by zero');
    return makeFloat(asDouble(a) / divisor);
  }
  const x = asInt(a);
  const y = asInt(b);
  if (y === 0) raise('ZeroDivisionError', 'division by zero');
  if (typeof x === 'number' && typeof y === 'number') return makeFloat(x / y);
  return makeFloat(divideBig(BigInt(x), BigInt(y)));
}

// The quotient is taken to 66 bits and a sticky bit, which Number() then rounds once, half to even.
function divideBig(a: bigint, b: bigint): number {
  const negative = a < 0n !== b < 0n;
  if (a < 0n) a = -a;
  if (b < 0n) b = -b;
  if (a === 0n) return negative ? -0 : 0;
  const shift = Math.min(66 - (bitLength(a) - bitLength(b)), 1140);
  const numerator = shift >= 0 ? a << BigInt(shift) : a;
  const denominator = shift >= 0 ? b : b << BigInt(-shift);
  let quotient = numerator / denominator;
  if (numerator % denominator !== 0n) quotient |= 1n;
  const x = Number(quotient);
  const size = shift > 1000 ? x * 2 ** -(shift - 500) * 2 ** -500 : x * 2 ** -shift;
  if (!Number.isFinite(size)) raise('OverflowError', 'integer division result too large for a float');
  return negative ? -size : size;
}

/** `a // b`: rounds down. */
export function floorDivide(_evaluation: Evaluation, a: Value, b: Value): Value {
  if (!isNumeric(a) || !isNumeric(b)) throw unsupported('//', a, b);
  if (isFloat(a) || isFloat(b)) {
    const divisor = asDouble(b);
    if (divisor === 0) raise('ZeroDivisionError', 'float floor division by zero');
    return makeFloat(floorDivideDoubles(asDouble(a), divisor));
  }
  const x = asInt(a);
  const y = asInt(b);
  if (y === 0) raise('ZeroDivisionError', 'integer division or modulo by zero');
  if (typeof x === 'number' && typeof y === 'number') {
    const rest = x % y;
    const quotient = (x - rest) / y - (rest !== 0 && rest < 0 !== y < 0 ? 1 : 0);
    return quotient + 0;
  }
  const p = BigInt(x);
  const q = BigInt(y);
  return makeInt(p / q - (p % q !== 0n && p < 0n !== q < 0n ? 1n : 0n));
}

// CPython's float_floor_div: the quotient follows from the remainder, so that x == (x // y) * y + x % y nearly holds.
function floorDivideDoubles(x: number, y: number): number {
  let rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && rest < 0 !== y < 0) {
    rest += y;
    quotient -= 1;
  }
  if (quotient === 0) return x / y < 0 || Object.is(x / y, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** `a % b`: the sign of `b` for numbers, formatting for a string. */
export function modulo(evaluation: Evaluation, a: Value, b: Value): Value {
  if (typeof a === 'string') return percentFormat(evaluation, a, b);
  if (!isNumeric(a) || !isNumeric(b)) throw unsupported('%', a, b);
  if (isFloat(a) || isFloat(b)) {
    const divisor = asDouble(b);
    if (divisor === 0) raise('ZeroDivisionError', 'float modulo');
    return makeFloat(moduloDoubles(asDouble(a), divisor));
  }
  const x = asInt(a);
  const y = asInt(b);
  if (y === 0) raise('ZeroDivisionError', 'integer modulo by zero');
  if (typeof x === 'number' && typeof y === 'number') {
    const rest = x % y;
    return (rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest) + 0;
  }
  const q = BigInt(y);
  const rest = BigInt(x) % q;
  return makeInt(rest !== 0n && rest < 0n !== q < 0n ? rest + q : rest);
}

function moduloDoubles(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return y < 0 ? -0 : 0;
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** `a ** b`. A negative exponent gives a float; a complex result is a ValueError, since there are no complex numbers. */
export function power(evaluation: Evaluation, a: Value, b: Value): Value {
  if (!isNumeric(a) || !isNumeric(b)) throw unsupported('** or pow()', a, b);
  if (isFloat(a) || isFloat(b)) return makeFloat(powerDoubles(asDouble(a), asDouble(b)));
  const base = asInt(a);
  const exponent = asInt(b);
  if (exponent < 0) return makeFloat(powerDoubles(asDouble(base), asDouble(exponent)));
  if (exponent === 0 || base === 1) return 1;
  if (base === 0) return 0;
  if (base === -1) return BigInt(exponent) % 2n === 0n ? 1 : -1;
  // An over-estimate of the result's bits, in integer arithmetic, so that the limit is the same on every machine.
  const bits = bitLength(base < 0 ? -BigInt(base) : BigInt(base)) * Number(exponent);
  if (bits - Number(exponent) > evaluation.limits.integerBits) raiseBits(evaluation, bits);
  spend(evaluation, bits >> 5);
  return admitInt(evaluation, BigInt(base) ** BigInt(exponent));
}

function powerDoubles(x: number, y: number): number {
  if (x === 0 && y < 0) raise('ZeroDivisionError', '0.0 cannot be raised to a negative power');
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) {
    raise('ValueError', 'the result would be a complex number, which the language does not have');
  }
  const result = floatPower(x, y);
  if (!Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y)) {
    raise('OverflowError', "(34, 'Numerical result out of range')");
  }
  return result;
}

/** An operator between bits, sets or dicts. */
export type BitOperator = '|' | '&' | '^' | '<<' | '>>';

/** `a | b`, `a & b`, `a ^ b`, `a << b`, `a >> b`. */
export function bitwise(evaluation: Evaluation, operator: BitOperator, a: Value, b: Value): Value {
  if (isIntegral(a) && isIntegral(b)) {
    if (operator === '<<' || operator === '>>') return shift(evaluation, operator, asInt(a), asInt(b));
    if (typeof a === 'boolean' && typeof b === 'boolean') {
      return operator === '&' ? a && b : operator === '|' ? a || b : a !== b;
    }
    const x = BigInt(a);
    const y = BigInt(b);
    return makeInt(operator === '&' ? x & y : operator === '|' ? x | y : x ^ y);
  }
  if (operator !== '<<' && operator !== '>>' && isSetLike(a) && isSetLike(b)) {
    return combineSets(evaluation, operator, a, b);
  }
  if (operator === '|' && a instanceof PyDict && b instanceof PyDict) {
    const merged = dictCopy(evaluation, a);
    dictMerge(evaluation, merged, b);
    return merged;
  }
  throw unsupported(operator, a, b);
}

function shift(
  evaluation: Evaluation,
  operator: '<<' | '>>',
  value: number | bigint,
  by: number | bigint,
): Value {
  if (by < 0) raise('ValueError', 'negative shift count');
  if (value === 0) return 0;
  if (operator === '>>')
    return typeof by === 'bigint' ? (value < 0 ? -1 : 0) : makeInt(BigInt(value) >> BigInt(by));
  if (by > evaluation.limits.integerBits) raiseBits(evaluation, Number(by));
  return admitInt(evaluation, BigInt(value) << BigInt(by));
}

/** `-a`. */
export function negate(_evaluation: Evaluation, a: Value): Value {
  if (typeof a === 'number') return Number.isInteger(a) ? 0 - a : -a;
  if (typeof a === 'bigint') return makeInt(-a);
  if (typeof a === 'boolean') return a ? -1 : 0;
  if (a instanceof PyFloat) return new PyFloat(-a.value);
  return raise('TypeError', `bad operand type for unary -: '${typeName(a)}'`);
}

/** `+a`. */
export function plus(_evaluation: Evaluation, a: Value): Value {
  if (typeof a === 'boolean') return a ? 1 : 0;
  if (isNumeric(a)) return a;
  return raise('TypeError', `bad operand type for unary +: '${typeName(a)}'`);
}

/** `~a`. */
export function invert(_evaluation: Evaluation, a: Value): Value {
  if (isIntegral(a)) return makeInt(~BigInt(a));
  return raise('TypeError', `bad operand type for unary ~: '${typeName(a)}'`);
}

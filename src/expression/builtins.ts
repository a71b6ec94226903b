// The names every expression knows: Python's builtin functions and types, `math` and its names, `random`. What reaches
// the machine or the interpreter (`open`, `eval`, `getattr`, `type`, ...) does not exist.
import { add, floorDivide, modulo, power } from './arithmetic.ts';
import { admitNamed, type Bound, builtin, callFunction } from './calls.ts';
import { compare, isTruthy } from './comparison.ts';
import { parseInteger, roundValue, toFloat, toInteger } from './convert.ts';
import { dictUpdate } from './dict-methods.ts';
import { raise } from './errors.ts';
import { type Evaluation, spend } from './evaluation.ts';
import { formatValue } from './format.ts';
import { guardedIterator, isIterable, iterate, lengthOf, toItems } from './iteration.ts';
import { setCopy } from './keys.ts';
import { sortItems } from './list-methods.ts';
import { intArgument, MATH, MATH_MEMBERS } from './math-functions.ts';
import { asInt, bitLength, isIntegral, isNumeric } from './numbers.ts';
import { RANDOM } from './random-functions.ts';
import { toSet } from './sets.ts';
import { codePointLength, escapeNonAscii, pyRepr, pyStr } from './text.ts';
import {
  type Body,
  isFloat,
  isInt,
  makeInt,
  type NamedArguments,
  PyDict,
  PyFloat,
  PyFunction,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  PyType,
  PyView,
  typeName,
  type Value,
} from './values.ts';

function absolute(_evaluation: Evaluation, [value]: Bound): Value {
  if (typeof value === 'number') return Math.abs(value);
  if (value instanceof PyFloat) return new PyFloat(Math.abs(value.value));
  if (typeof value === 'bigint') return value < 0n ? makeInt(-value) : value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return raise('TypeError', `bad operand type for abs(): '${typeName(value ?? null)}'`);
}

/** Python's `sum(items, start)`. Floats are added one by one, as CPython did up to 3.11. */
export function sumItems(evaluation: Evaluation, items: Value, start: Value): Value {
  if (typeof start === 'string') raise('TypeError', "sum() can't sum strings [use ''.join(seq) instead]");
  let total: Value = start;
  if (items instanceof PyList) {
    for (let i = 0; i < items.length; i++) {
      spend(evaluation, 1);
      total = add(evaluation, total, items.items[i]!);
    }
    return total;
  }
  for (const item of iterate(items)) {
    spend(evaluation, 1);
    total = add(evaluation, total, item);
  }
  return total;
}

function extreme(name: 'min' | 'max'): PyFunction {
  const order = name === 'max' ? '>' : '<';
  return new PyFunction(name, (evaluation, positional, named) => {
    admitNamed(name, named, ['key', 'default']);
    if (positional.length === 0) raise('TypeError', `${name} expected at least 1 argument, got 0`);
    const missing = named?.get('default');
    if (positional.length > 1 && missing !== undefined) {
      raise('TypeError', `Cannot specify a default for ${name}() with multiple positional arguments`);
    }
    const key = named?.get('key') ?? null;
    const items = positional.length === 1 ? iterate(positional[0]!) : positional;
    let best: Value | undefined;
    let bestKey: Value = null;
    for (const item of items) {
      spend(evaluation, 1);
      const itemKey = key === null ? item : callFunction(evaluation, key, [item]);
      if (best === undefined || compare(evaluation, order, itemKey, bestKey)) {
        best = item;
        bestKey = itemKey;
      }
    }
    if (best !== undefined) return best;
    return missing !== undefined ? missing : raise('ValueError', `${name}() arg is an empty sequence`);
  });
}

function some(wanted: boolean) {
  return (evaluation: Evaluation, [items]: Bound): Value => {
    for (const item of iterate(items!)) {
      spend(evaluation, 1);
      if (isTruthy(item) === wanted) return wanted;
    }
    return !wanted;
  };
}

function powerOf(evaluation: Evaluation, [base, exponent, modulus]: Bound): Value {
  if (modulus === undefined || modulus === null) return power(evaluation, base!, exponent!);
  if (!isIntegral(base!) || !isIntegral(exponent!) || !isIntegral(modulus)) {
    return raise('TypeError', 'pow() 3rd argument not allowed unless all arguments are integers');
  }
  const m = BigInt(asInt(modulus));
  if (m === 0n) raise('ValueError', 'pow() 3rd argument cannot be 0');
  const size = m < 0n ? -m : m;
  let x = positiveRest(BigInt(asInt(base)), size);
  let n = BigInt(asInt(exponent));
  if (n < 0n) {
    x = inverse(evaluation, x, size);
    n = -n;
  }
  let result = 1n % size;
  const cost = 4 + (bitLength(size) >> 2);
  for (; n > 0n; n >>= 1n) {
    spend(evaluation, cost);
    if ((n & 1n) === 1n) result = (result * x) % size;
    x = (x * x) % size;
  }
  return makeInt(m < 0n && result !== 0n ? result + m : result);
}

function positiveRest(x: bigint, modulus: bigint): bigint {
  return ((x % modulus) + modulus) % modulus;
}

// Extended Euclid.
function inverse(evaluation: Evaluation, x: bigint, modulus: bigint): bigint {
  const cost = 1 + (bitLength(modulus) >> 7);
  let [r0, r1, s0, s1] = [x, modulus, 1n, 0n];
  while (r1 !== 0n) {
    spend(evaluation, cost);
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  if (r0 !== 1n) raise('ValueError', 'base is not invertible for the given modulus');
  return positiveRest(s0, modulus);
}

function character(_evaluation: Evaluation, [value]: Bound): Value {
  const code = intArgument(value);
  if (code < 0 || code > 0x10ffff) raise('ValueError', 'chr() arg not in range(0x110000)');
  return String.fromCodePoint(Number(code));
}

function codeOf(_evaluation: Evaluation, [value]: Bound): Value {
  if (typeof value !== 'string') {
    return raise('TypeError', `ord() expected string of length 1, but ${typeName(value ?? null)} found`);
  }
  const length = codePointLength(value);
  if (length !== 1) raise('TypeError', `ord() expected a character, but string of length ${length} found`);
  return value.codePointAt(0) ?? 0;
}

function inBase(name: string, prefix: string, base: number): PyFunction {
  return builtin(`${name}(number, /)`, (_evaluation, [value]) => {
    const int = BigInt(intArgument(value));
    return `${int < 0n ? '-' : ''}${prefix}${(int < 0n ? -int : int).toString(base)}`;
  });
}

function isInstance(value: Value, type: Value): boolean {
  if (type instanceof PyTuple) return type.items.some((item) => isInstance(value, item));
  if (type instanceof PyType) return type.includes(value);
  return raise('TypeError', 'isinstance() arg 2 must be a type, a tuple of types, or a union');
}

function* numbered(items: Iterator<Value>, start: number | bigint): Generator<Value> {
  let index = BigInt(start);
  for (let step = items.next(); !step.done; step = items.next())
    yield new PyTuple([makeInt(index++), step.value]);
}

function* zipped(
  evaluation: Evaluation,
  sources: readonly Iterator<Value>[],
  strict: boolean,
): Generator<Value> {
  while (sources.length > 0) {
    spend(evaluation, sources.length);
    const items: Value[] = [];
    for (const [i, source] of sources.entries()) {
      const step = source.next();
      if (!step.done) items.push(step.value);
      else if (strict && i > 0) uneven(i, 'shorter');
      else {
        if (strict) sources.slice(1).forEach(refuseLonger);
        return;
      }
    }
    yield new PyTuple(items);
  }
}

function refuseLonger(source: Iterator<Value>, index: number): void {
  if (!source.next().done) uneven(index + 1, 'longer');
}

function uneven(index: number, how: string): never {
  const others = index === 1 ? 'argument 1' : `arguments 1-${index}`;
  return raise('ValueError', `zip() argument ${index + 1} is ${how} than ${others}`);
}

function* mapped(evaluation: Evaluation, run: Value, sources: readonly Iterator<Value>[]): Generator<Value> {
  for (;;) {
    const items: Value[] = [];
    for (const source of sources) {
      const step = source.next();
      if (step.done) return;
      items.push(step.value);
    }
    yield callFunction(evaluation, run, items);
  }
}

function* filtered(evaluation: Evaluation, test: Value, items: Iterator<Value>): Generator<Value> {
  for (let step = items.next(); !step.done; step = items.next()) {
    spend(evaluation, 1);
    if (isTruthy(test === null ? step.value : callFunction(evaluation, test, [step.value]))) yield step.value;
  }
}

function reversed(evaluation: Evaluation, [value]: Bound): Value {
  const reversible =
    typeof value === 'string' ||
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyRange ||
    value instanceof PyDict ||
    value instanceof PyView;
  if (!reversible) return raise('TypeError', `'${typeName(value ?? null)}' object is not reversible`);
  return new PyIterator(toItems(evaluation, value).reverse()[Symbol.iterator](), 'reversed');
}

function nextItem(_evaluation: Evaluation, [iterator, missing]: Bound): Value {
  if (!(iterator instanceof PyIterator)) {
    return raise('TypeError', `'${typeName(iterator ?? null)}' object is not an iterator`);
  }
  const step = iterator.source.next();
  if (!step.done) return step.value;
  return missing !== undefined ? missing : raise('StopIteration', '');
}

const FUNCTIONS: readonly PyFunction[] = [
  builtin('len(obj, /)', (evaluation, [value]) => {
    // Code points have to be counted.
    if (typeof value === 'string') spend(evaluation, value.length >> 4);
    return lengthOf(value!);
  }),
  builtin('abs(x, /)', absolute),
  builtin('sum(iterable, /, start?)', (evaluation, [items, start]) =>
    sumItems(evaluation, items!, start ?? 0),
  ),
  extreme('min'),
  extreme('max'),
  builtin('round(number, ndigits?)', (evaluation, [value, digits]) =>
    roundValue(evaluation, value!, digits ?? null),
  ),
  builtin(
    'sorted(iterable, /, *, key?, reverse?)',
    (evaluation, [items, key, reverse]) =>
      new PyList(sortItems(evaluation, toItems(evaluation, items!), key ?? null, isTruthy(reverse ?? false))),
  ),
  builtin('any(iterable, /)', some(true)),
  builtin('all(iterable, /)', some(false)),
  builtin('divmod(x, y, /)', (evaluation, [a, b]) => {
    if (!isNumeric(a!) || !isNumeric(b!)) {
      const types = `'${typeName(a!)}' and '${typeName(b!)}'`;
      return raise('TypeError', `unsupported operand type(s) for divmod(): ${types}`);
    }
    return new PyTuple([floorDivide(evaluation, a, b), modulo(evaluation, a, b)]);
  }),
  builtin('pow(base, exp, mod?)', powerOf),
  builtin('chr(i, /)', character),
  builtin('ord(c, /)', codeOf),
  inBase('bin', '0b', 2),
  inBase('oct', '0o', 8),
  inBase('hex', '0x', 16),
  builtin('repr(obj, /)', (evaluation, [value]) => pyRepr(evaluation, value!)),
  builtin('ascii(obj, /)', (evaluation, [value]) => escapeNonAscii(pyRepr(evaluation, value!))),
  builtin('format(value, format_spec?, /)', (evaluation, [value, spec]) => {
    if (spec !== undefined && typeof spec !== 'string') {
      return raise('TypeError', `format() argument 2 must be str, not ${typeName(spec)}`);
    }
    return formatValue(evaluation, value!, spec ?? '');
  }),
  builtin('isinstance(obj, class_or_tuple, /)', (_evaluation, [value, type]) => isInstance(value!, type!)),
  builtin(
    'callable(obj, /)',
    (_evaluation, [value]) => value instanceof PyFunction || value instanceof PyType,
  ),
  builtin('enumerate(iterable, start?)', (_evaluation, [items, start]) =>
    guardedIterator(numbered(iterate(items!), start === undefined ? 0 : intArgument(start)), 'enumerate'),
  ),
  new PyFunction('zip', (evaluation, positional, named) => {
    admitNamed('zip', named, ['strict']);
    return guardedIterator(
      zipped(evaluation, positional.map(iterate), isTruthy(named?.get('strict') ?? false)),
      'zip',
    );
  }),
  new PyFunction('map', (evaluation, [run, ...iterables], named) => {
    admitNamed('map', named, []);
    if (iterables.length === 0) raise('TypeError', 'map() must have at least two arguments.');
    return guardedIterator(mapped(evaluation, run!, iterables.map(iterate)), 'map');
  }),
  builtin('filter(function, iterable, /)', (evaluation, [test, items]) =>
    guardedIterator(filtered(evaluation, test!, iterate(items!)), 'filter'),
  ),
  builtin('reversed(sequence, /)', reversed),
  builtin('iter(object, /)', (_evaluation, [value]) =>
    value instanceof PyIterator ? value : guardedIterator(iterate(value!), `${typeName(value!)}_iterator`),
  ),
  builtin('next(iterator, default?, /)', nextItem),
];

function type(
  text: string,
  includes: (value: Value) => boolean,
  run: (evaluation: Evaluation, bound: Bound) => Value,
): PyType {
  const { name, body } = builtin(text, run);
  return new PyType(name, body, includes);
}

function toInt(evaluation: Evaluation, [value, base]: Bound): Value {
  if (base !== undefined) {
    if (typeof value !== 'string')
      return raise('TypeError', "int() can't convert non-string with explicit base");
    const radix = Number(intArgument(base));
    if (radix !== 0 && (radix < 2 || radix > 36))
      raise('ValueError', 'int() base must be >= 2 and <= 36, or 0');
    return parseInteger(evaluation, value, radix);
  }
  if (value === undefined) return 0;
  return typeof value === 'string' ? parseInteger(evaluation, value, 10) : toInteger(value);
}

function toRange(_evaluation: Evaluation, [first, second, third]: Bound): Value {
  const start = second === undefined ? 0 : rangeBound(first);
  const stop = second === undefined ? rangeBound(first) : rangeBound(second);
  const step = third === undefined ? 1 : rangeBound(third);
  if (step === 0) raise('ValueError', 'range() arg 3 must not be zero');
  const length = step > 0 ? Math.ceil((stop - start) / step) : Math.ceil((start - stop) / -step);
  return new PyRange(start, stop, step, Math.max(0, length));
}

function rangeBound(value: Value | undefined): number {
  const int = intArgument(value);
  return typeof int === 'number' ? int : raise('LimitError', 'a range bound beyond 2^53');
}

const makeDict: Body = (
  evaluation: Evaluation,
  positional: readonly Value[],
  named: NamedArguments | null,
) => {
  const dict = new PyDict();
  if (positional[0] !== undefined && !isIterable(positional[0])) {
    raise('TypeError', `'${typeName(positional[0])}' object is not iterable`);
  }
  dictUpdate(evaluation, dict, positional, named);
  return dict;
};

const TYPES: readonly PyType[] = [
  type('int(x?, /, base?)', (value) => isInt(value) || typeof value === 'boolean', toInt),
  type('float(x?, /)', isFloat, (evaluation, [value]) => {
    if (typeof value === 'string') spend(evaluation, value.length);
    return value === undefined ? new PyFloat(0) : toFloat(value);
  }),
  type(
    'bool(x?, /)',
    (value) => typeof value === 'boolean',
    (_evaluation, [value]) => value !== undefined && isTruthy(value),
  ),
  type(
    'str(object?)',
    (value) => typeof value === 'string',
    (evaluation, [value]) => (value === undefined ? '' : pyStr(evaluation, value)),
  ),
  type(
    'list(iterable?, /)',
    (value) => value instanceof PyList,
    (evaluation, [items]) => new PyList(items === undefined ? [] : toItems(evaluation, items)),
  ),
  type(
    'tuple(iterable?, /)',
    (value) => value instanceof PyTuple,
    (evaluation, [items]) =>
      items instanceof PyTuple ? items : new PyTuple(items === undefined ? [] : toItems(evaluation, items)),
  ),
  type(
    'set(iterable?, /)',
    (value) => value instanceof PySet && !value.frozen,
    (evaluation, [items]) =>
      items === undefined ? new PySet() : setCopy(evaluation, toSet(evaluation, items), false),
  ),
  type(
    'frozenset(iterable?, /)',
    (value) => value instanceof PySet && value.frozen,
    (evaluation, [items]) =>
      items === undefined ? new PySet(true) : setCopy(evaluation, toSet(evaluation, items), true),
  ),
  new PyType('dict', makeDict, (value) => value instanceof PyDict),
  type('range(start, stop?, step?, /)', (value) => value instanceof PyRange, toRange),
];

/** Every builtin name and its value. Python's own names win over those of `math` (`pow`). */
export const BUILTINS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...MATH_MEMBERS,
  ['math', MATH],
  ['random', RANDOM],
  ...FUNCTIONS.map((entry) => [entry.name, entry] as const),
  ...TYPES.map((entry) => [entry.name, entry] as const),
]);

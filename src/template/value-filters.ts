// Filters over single values: numbers, defaults, attributes, JSON.
import { divide, multiply, negate, power } from '../expression/arithmetic.ts';
import type { Bound } from '../expression/calls.ts';
import { compare } from '../expression/comparison.ts';
import { parseFloatText, parseInteger, roundValue, toFloat, toInteger } from '../expression/convert.ts';
import { ExpressionError, raise } from '../expression/errors.ts';
import type { Evaluation } from '../expression/evaluation.ts';
import { formatValue } from '../expression/format.ts';
import { isNumeric } from '../expression/numbers.ts';
import { makeFloat, makeInt, PyFloat, toNumber, typeName, type Value } from '../expression/values.ts';
import { attributeOf, missing } from './access.ts';
import { type Callable, callable, wholeNumber } from './callable.ts';
import { xmlAttributes } from './html.ts';
import { toJsonText } from './json-text.ts';
import { Markup, Undefined } from './objects.ts';
import { prettyText } from './pretty.ts';
import { flag, given, isTrue, operand } from './text.ts';

/** The result of `work`, or null when it raised one of the Python exceptions named. */
function unless(types: readonly string[], work: () => Value): { value: Value } | null {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof ExpressionError && types.includes(error.type)) return null;
    throw error;
  }
}

function toInt(evaluation: Evaluation, value: Value, [fallback, base]: Bound): Value {
  const target = operand(value);
  const direct = unless(['TypeError', 'ValueError'], () =>
    typeof target === 'string' ? parseInteger(evaluation, target, wholeNumber(base, 10)) : toInteger(target),
  );
  // The second way round is why "42.23"|int is 42.
  const result =
    direct ?? unless(['TypeError', 'ValueError', 'OverflowError'], () => toInteger(asFloat(target)));
  return result === null ? given(fallback, 0) : result.value;
}

function asFloat(value: Value): Value {
  return typeof value === 'string' ? parseFloatText(value) : toFloat(value);
}

function round(evaluation: Evaluation, value: Value, [precision, method]: Bound): Value {
  if (method !== undefined && method !== 'common' && method !== 'ceil' && method !== 'floor') {
    raise('FilterArgumentError', 'method must be common, ceil or floor');
  }
  if (value instanceof Undefined) raise('TypeError', "type Undefined doesn't define __round__ method");
  if (method === undefined || method === 'common') return roundValue(evaluation, value, given(precision, 0));
  const scale = power(evaluation, 10, given(precision, 0));
  const scaled = multiply(evaluation, value, scale);
  return divide(evaluation, wholeBound(scaled, method), scale);
}

function wholeBound(value: Value, method: 'ceil' | 'floor'): Value {
  if (typeof value === 'bigint') return value;
  const number = toNumber(value);
  if (number === null) raise('TypeError', `must be real number, not ${typeName(value)}`);
  if (!Number.isFinite(number)) raise('OverflowError', 'cannot convert float infinity to integer');
  return makeInt(BigInt(method === 'ceil' ? Math.ceil(number) : Math.floor(number)));
}

function absolute(evaluation: Evaluation, value: Value): Value {
  if (!isNumeric(value)) {
    const type = value instanceof Undefined ? 'StrictUndefined' : typeName(value);
    return raise('TypeError', `bad operand type for abs(): '${type}'`);
  }
  if (typeof value === 'boolean') return value ? 1 : 0;
  const negative =
    compare(evaluation, '<', value, 0) || (value instanceof PyFloat && Object.is(value.value, -0));
  return negative ? negate(evaluation, value) : value;
}

const DECIMAL_UNITS = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB'];
const BINARY_UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB'];

function fileSize(evaluation: Evaluation, value: Value, [binary]: Bound): string {
  const bytes = toNumber(asFloat(operand(value)))!;
  const base = flag(binary, false) ? 1024 : 1000;
  const units = base === 1024 ? BINARY_UNITS : DECIMAL_UNITS;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  let unit = base * base;
  let i = 0;
  for (; i < units.length - 1 && bytes >= unit; i++) unit *= base;
  return `${formatValue(evaluation, makeFloat((base * bytes) / unit), '.1f')} ${units[i]}`;
}

function withDefault(value: Value, [fallback, alsoFalse]: Bound): Value {
  if (value instanceof Undefined) return given(fallback, '');
  return flag(alsoFalse, false) && !isTrue(value) ? given(fallback, '') : value;
}

function attribute(evaluation: Evaluation, value: Value, name: Value): Value {
  const key = operand(name);
  if (typeof key !== 'string') raise('TypeError', 'attribute name must be string');
  return given(attributeOf(evaluation, value, key), missing(evaluation, value, key));
}

function indentation(indent: Value | undefined): string | null {
  if (indent === undefined || indent === null) return null;
  return typeof indent === 'string' ? indent : ' '.repeat(Math.min(64, Math.max(0, wholeNumber(indent, 0))));
}

/** Filters by name. */
export const VALUE_FILTERS: readonly (readonly [string, Callable<Value>])[] = [
  ...['default', 'd'].map(
    (name) =>
      [
        name,
        callable(`${name}(default_value?, boolean?)`, (_, value, bound) => withDefault(value, bound)),
      ] as const,
  ),
  ['int', callable('int(default?, base?)', toInt)],
  [
    'float',
    callable('float(default?)', (_, value, [fallback]) => {
      const target = operand(value);
      const result = unless(['TypeError', 'ValueError'], () => asFloat(target));
      return result === null ? given(fallback, makeFloat(0)) : result.value;
    }),
  ],
  ['round', callable('round(precision?, method?)', round)],
  ['abs', callable('abs()', (evaluation, value) => absolute(evaluation, value))],
  ['filesizeformat', callable('filesizeformat(binary?)', fileSize)],
  ['attr', callable('attr(name)', (evaluation, value, [name]) => attribute(evaluation, value, name!))],
  [
    'tojson',
    callable(
      'tojson(indent?)',
      (evaluation, value, [indent]) => new Markup(toJsonText(evaluation, value, indentation(indent))),
    ),
  ],
  [
    'xmlattr',
    callable('xmlattr(autospace?)', (evaluation, value, [autospace]) =>
      xmlAttributes(evaluation, value, flag(autospace, true)),
    ),
  ],
  ['pprint', callable('pprint()', (evaluation, value) => prettyText(evaluation, value))],
];

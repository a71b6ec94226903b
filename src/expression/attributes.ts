// Attribute access and method calls. A name reaches only the tables below, a module's members, or what a host value
// offers; never a JavaScript property.
import { callFunction } from './calls.ts';
import { DICT_METHODS, dictFromKeys, FROZEN_SET_METHODS, SET_METHODS, VIEW_METHODS } from './dict-methods.ts';
import { raise } from './errors.ts';
import { type Evaluation, spend } from './evaluation.ts';
import { LIST_METHODS, RANGE_METHODS, TUPLE_METHODS } from './list-methods.ts';
import type { Method, MethodTable } from './method.ts';
import { FLOAT_METHODS, INT_METHODS } from './number-methods.ts';
import { STRING_METHODS } from './string-methods.ts';
import {
  type NamedArguments,
  PyDict,
  PyFloat,
  PyFunction,
  PyHost,
  PyList,
  PyModule,
  PyRange,
  PySet,
  PySlice,
  PyTuple,
  PyType,
  PyView,
  typeName,
  type Value,
} from './values.ts';

// One table answers for one type, which the check before it has established; hence the single cast here.
function methodOf(value: Value, name: string): Method<Value> | undefined {
  return (tableOf(value) as MethodTable<Value> | null)?.get(name);
}

function tableOf(value: Value): MethodTable<never> | null {
  switch (typeof value) {
    case 'string':
      return STRING_METHODS;
    case 'number':
      return Number.isInteger(value) ? INT_METHODS : FLOAT_METHODS;
    case 'bigint':
    case 'boolean':
      return INT_METHODS;
    default:
  }
  if (value instanceof PyList) return LIST_METHODS;
  if (value instanceof PyDict) return DICT_METHODS;
  if (value instanceof PyTuple) return TUPLE_METHODS;
  if (value instanceof PySet) return value.frozen ? FROZEN_SET_METHODS : SET_METHODS;
  if (value instanceof PyFloat) return FLOAT_METHODS;
  if (value instanceof PyRange) return RANGE_METHODS;
  if (value instanceof PyView) return VIEW_METHODS;
  return null;
}

/** `receiver.name(...)`. Throws AttributeError when there is no such method. */
export function callMethod(
  evaluation: Evaluation,
  receiver: Value,
  name: string,
  positional: readonly Value[],
  named: NamedArguments | null = null,
): Value {
  const method = methodOf(receiver, name);
  if (method === undefined) {
    return callFunction(evaluation, getAttribute(evaluation, receiver, name), positional, named);
  }
  spend(evaluation, 1);
  return method(evaluation, receiver, positional, named);
}

/** `value.name` without a call: a bound method, a module's member, `real` and `imag` of numbers. */
export function getAttribute(evaluation: Evaluation, value: Value, name: string): Value {
  const attribute = findAttribute(evaluation, value, name);
  return attribute !== undefined ? attribute : raise('AttributeError', missing(value, name));
}

/** The attribute, or undefined when the value has none of that name. */
export function findAttribute(_evaluation: Evaluation, value: Value, name: string): Value | undefined {
  if (value instanceof PyModule) return value.members.get(name);
  if (value instanceof PyHost) return value.attribute(name);
  if (value instanceof PyType) return typeAttribute(value, name);
  const method = methodOf(value, name);
  if (method !== undefined) {
    return new PyFunction(name, (evaluation, positional, named) =>
      method(evaluation, value, positional, named),
    );
  }
  if (name === 'real' && isPlainNumber(value)) return typeof value === 'boolean' ? Number(value) : value;
  if (name === 'imag' && isPlainNumber(value)) {
    return value instanceof PyFloat || !Number.isInteger(Number(value)) ? new PyFloat(0) : 0;
  }
  if (value instanceof PyRange || value instanceof PySlice) {
    if (name === 'start' || name === 'stop' || name === 'step') return value[name];
  }
  return undefined;
}

function isPlainNumber(value: Value): value is number | bigint | boolean | PyFloat {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean' ||
    value instanceof PyFloat
  );
}

// `dict.fromkeys` and `str.maketrans` need no instance; other methods take theirs as the first argument.
function typeAttribute(type: PyType, name: string): Value | undefined {
  if (type.name === 'dict' && name === 'fromkeys') {
    return new PyFunction(name, (evaluation, [keys, value]) =>
      keys === undefined
        ? raise('TypeError', 'fromkeys expected at least 1 argument, got 0')
        : dictFromKeys(evaluation, keys, value ?? null),
    );
  }
  const sample = SAMPLES.get(type.name);
  const method = sample === undefined ? undefined : methodOf(sample, name);
  if (method === undefined) return undefined;
  if (type.name === 'str' && name === 'maketrans') {
    return new PyFunction(name, (evaluation, positional, named) => method(evaluation, '', positional, named));
  }
  return new PyFunction(name, (evaluation, [self, ...rest], named) => {
    if (self === undefined || !type.includes(self)) {
      const given = self === undefined ? 'nothing' : `a '${typeName(self)}' object`;
      return raise('TypeError', `descriptor '${name}' for '${type.name}' objects doesn't apply to ${given}`);
    }
    return method(evaluation, self, rest, named);
  });
}

const SAMPLES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['str', ''],
  ['list', new PyList([])],
  ['dict', new PyDict()],
  ['tuple', new PyTuple([])],
  ['set', new PySet()],
  ['frozenset', new PySet(true)],
  ['int', 0],
  ['float', 0.5],
]);

function missing(value: Value, name: string): string {
  if (value instanceof PyType) return `type object '${value.name}' has no attribute '${name}'`;
  if (value instanceof PyModule) return `module '${value.name}' has no attribute '${name}'`;
  return `'${typeName(value)}' object has no attribute '${name}'`;
}

/** The methods of every type, for checks before anything runs. */
export const METHOD_TABLES: Readonly<Record<string, ReadonlyMap<string, object>>> = {
  str: STRING_METHODS,
  list: LIST_METHODS,
  tuple: TUPLE_METHODS,
  range: RANGE_METHODS,
  dict: DICT_METHODS,
  set: SET_METHODS,
  'dict view': VIEW_METHODS,
  int: INT_METHODS,
  float: FLOAT_METHODS,
};

/** Attributes that are no methods. */
export const PLAIN_ATTRIBUTES: ReadonlySet<string> = new Set(['real', 'imag', 'start', 'stop', 'step']);

// The names every template has without being given them.
// `lipsum` is not here: it would draw random words.

import { BUILTINS } from '../expression/builtins.ts';
import { bind, signature } from '../expression/calls.ts';
import { raise } from '../expression/errors.ts';
import { dictEntries, PyDict, PyFunction, type Value } from '../expression/values.ts';
import { Cycler, Namespace } from './objects.ts';
import { given } from './text.ts';

const JOINER = signature('joiner(sep?)');

function joiner(separator: Value): PyFunction {
  let used = false;
  return new PyFunction('joiner', (_, positional) => {
    if (positional.length > 0) raise('TypeError', 'a joiner is called without arguments');
    if (used) return separator;
    used = true;
    return '';
  });
}

function namespace(positional: readonly Value[], named: ReadonlyMap<string, Value> | null): Namespace {
  const fields = new Map<string, Value>();
  if (positional.length > 1)
    raise('TypeError', `namespace() takes at most 1 argument (${positional.length} given)`);
  const [initial] = positional;
  if (initial !== undefined) {
    if (!(initial instanceof PyDict)) raise('TypeError', 'namespace() takes a dict or keywords');
    for (const [key, value] of dictEntries(initial)) if (typeof key === 'string') fields.set(key, value);
  }
  for (const [name, value] of named ?? []) fields.set(name, value);
  return new Namespace(fields);
}

/** Functions by name; names of the context hide them. */
export const GLOBALS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['range', BUILTINS.get('range')!],
  ['dict', BUILTINS.get('dict')!],
  ['namespace', new PyFunction('namespace', (_, positional, named) => namespace(positional, named))],
  ['cycler', new PyFunction('cycler', (_, positional) => new Cycler(positional))],
  [
    'joiner',
    new PyFunction('joiner', (_, positional, named) =>
      joiner(given(bind(JOINER, positional, named)[0], ', ')),
    ),
  ],
]);

// Filters that make text of text.
// They count in code points, as Python does, and keep what `escape` returned marked as escaped.
import type { Bound } from '../expression/calls.ts';
import { raise } from '../expression/errors.ts';
import { admitText, type Evaluation, spend } from '../expression/evaluation.ts';
import { lengthOf } from '../expression/iteration.ts';
import { percentFormat } from '../expression/percent.ts';
import { characters, codePointLength } from '../expression/text.ts';
import { dictOf, type NamedArguments, PyList, PyTuple, type Value } from '../expression/values.ts';
import { callMethod } from './access.ts';
import { type Callable, callable, wholeNumber } from './callable.ts';
import { stripTags, urlEncode } from './html.ts';
import { defined, Markup } from './objects.ts';
import { escapeMarkup, flag, given, operand, toText } from './text.ts';
import { urlize } from './urlize-filter.ts';
import { wrapText } from './wrap.ts';

const WORD_START = /([-\s({[<]+)/;
const WORD = /[\p{L}\p{N}_]+/gu;

/** Applies text work to a value and keeps the mark of escaped text. */
function keepingMark(value: Value, work: (text: string) => string, evaluation: Evaluation): Value {
  if (value instanceof Markup) return new Markup(work(value.content));
  return work(toText(evaluation, value));
}

/** A filter that is a method of `str` of the same name without arguments. */
function method(name: string): Callable<Value> {
  return callable(`${name}()`, (evaluation, value) =>
    keepingMark(value, (text) => callText(evaluation, text, name, []), evaluation),
  );
}

function callText(evaluation: Evaluation, text: string, name: string, args: readonly Value[]): string {
  return callMethod(evaluation, text, name, args) as string;
}

/** The lines of a text, as `str.splitlines` cuts them. */
function splitLines(evaluation: Evaluation, text: string): string[] {
  spend(evaluation, text.length >> 4);
  const lines = text.split(/\r\n|[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function titleCase(evaluation: Evaluation, text: string): string {
  spend(evaluation, text.length * 4);
  return text
    .split(WORD_START)
    .map((part) => {
      const [first = '', ...rest] = characters(part);
      return first.toUpperCase() + rest.join('').toLowerCase();
    })
    .join('');
}

function indent(
  evaluation: Evaluation,
  text: string,
  width: Value | undefined,
  first: boolean,
  blank: boolean,
): string {
  const indention =
    typeof width === 'string' ? width : ' '.repeat(padding(evaluation, wholeNumber(width, 4)));
  // One line end more, so that a text that ends in one keeps it.
  const lines = splitLines(evaluation, `${text}\n`);
  admitText(evaluation, text.length + lines.length * indention.length);
  const rest = lines.slice(1).map((line) => (blank || line !== '' ? indention + line : line));
  const result = [lines[0] ?? '', ...rest].join('\n');
  return first ? indention + result : result;
}

function padding(evaluation: Evaluation, width: number): number {
  admitText(evaluation, width);
  return Math.max(0, width);
}

function truncate(
  evaluation: Evaluation,
  text: string,
  length: number,
  killwords: boolean,
  end: string,
  leeway: number,
): string {
  const endLength = codePointLength(end);
  if (length < endLength) raise('AssertionError', `expected length >= ${endLength}, got ${length}`);
  if (leeway < 0) raise('AssertionError', `expected leeway >= 0, got ${leeway}`);
  spend(evaluation, text.length >> 2);
  const letters = characters(text);
  if (letters.length <= length + leeway) return text;
  const kept = letters.slice(0, length - endLength).join('');
  if (killwords) return kept + end;
  const space = kept.lastIndexOf(' ');
  return (space < 0 ? kept : kept.slice(0, space)) + end;
}

/** Filters by name. */
export const TEXT_FILTERS: readonly (readonly [string, Callable<Value>])[] = [
  ['upper', method('upper')],
  ['lower', method('lower')],
  ['capitalize', method('capitalize')],
  [
    'title',
    callable('title()', (evaluation, value) =>
      keepingMark(value, (text) => titleCase(evaluation, text), evaluation),
    ),
  ],
  [
    'trim',
    callable('trim(chars?)', (evaluation, value, [chars]) =>
      keepingMark(value, (text) => callText(evaluation, text, 'strip', [operand(chars ?? null)]), evaluation),
    ),
  ],
  [
    'center',
    callable('center(width?)', (evaluation, value, [width]) =>
      keepingMark(value, (text) => callText(evaluation, text, 'center', [given(width, 80)]), evaluation),
    ),
  ],
  [
    'string',
    callable('string()', (evaluation, value) =>
      value instanceof Markup ? value : toText(evaluation, value),
    ),
  ],
  [
    'replace',
    callable('replace(old, new, count?)', (evaluation, value, [old, next, count]) =>
      callText(evaluation, toText(evaluation, value), 'replace', [
        toText(evaluation, old!),
        toText(evaluation, next!),
        count ?? -1,
      ]),
    ),
  ],
  [
    'indent',
    callable('indent(width?, first?, blank?)', (evaluation, value, [width, first, blank]) =>
      keepingMark(
        stringOnly(value, value instanceof PyList ? 'AttributeError' : 'TypeError'),
        (text) => indent(evaluation, text, width, flag(first, false), flag(blank, false)),
        evaluation,
      ),
    ),
  ],
  ['truncate', callable('truncate(length?, killwords?, end?, leeway?)', truncateValue)],
  [
    'wordwrap',
    callable(
      'wordwrap(width?, break_long_words?, wrapstring?, break_on_hyphens?)',
      (evaluation, value, [width, breakLong, wrapString, breakOnHyphens]) => {
        const text = toText(evaluation, stringOnly(value, 'AttributeError'));
        const separator = wrapString == null ? '\n' : toText(evaluation, wrapString);
        const options = {
          width: wholeNumber(width, 79),
          breakLongWords: flag(breakLong, true),
          breakOnHyphens: flag(breakOnHyphens, true),
        };
        const lines = splitLines(evaluation, text).flatMap((line) => {
          const wrapped = wrapText(evaluation, line, options);
          return wrapped.length === 0 ? [''] : wrapped;
        });
        admitText(evaluation, text.length + (lines.length - 1) * separator.length);
        return lines.join(separator);
      },
    ),
  ],
  [
    'wordcount',
    callable('wordcount()', (evaluation, value) => {
      const text = toText(evaluation, value);
      spend(evaluation, text.length);
      return text.match(WORD)?.length ?? 0;
    }),
  ],
  ['format', { apply: format }],
  ...['escape', 'e'].map((name) => [name, callable(`${name}()`, escapeOnce)] as const),
  [
    'forceescape',
    callable(
      'forceescape()',
      (evaluation, value) => new Markup(escapeMarkup(evaluation, toText(evaluation, value))),
    ),
  ],
  [
    'safe',
    callable('safe()', (evaluation, value) =>
      value instanceof Markup ? value : new Markup(toText(evaluation, value)),
    ),
  ],
  [
    'striptags',
    callable('striptags()', (evaluation, value) => {
      const text = toText(evaluation, value);
      spend(evaluation, text.length >> 2);
      return stripTags(text);
    }),
  ],
  ['urlencode', callable('urlencode()', urlEncode)],
  ['urlize', callable('urlize(trim_url_limit?, nofollow?, target?, rel?, extra_schemes?)', urlize)],
];

function escapeOnce(evaluation: Evaluation, value: Value): Value {
  return value instanceof Markup ? value : new Markup(escapeMarkup(evaluation, toText(evaluation, value)));
}

function stringOnly(value: Value, type: 'TypeError' | 'AttributeError' = 'TypeError'): Value {
  if (typeof value === 'string' || value instanceof Markup) return value;
  defined(value);
  return raise(type, 'this filter works on strings only');
}

// Like `%` itself, but what goes into escaped text is escaped.
function format(
  evaluation: Evaluation,
  value: Value,
  positional: readonly Value[],
  named: NamedArguments | null,
): Value {
  const hasNamed = named !== null && named.size > 0;
  if (positional.length > 0 && hasNamed) {
    raise('FilterArgumentError', "can't handle positional and keyword arguments at the same time");
  }
  const prepare = (item: Value): Value =>
    value instanceof Markup && typeof item === 'string' ? escapeMarkup(evaluation, item) : operand(item);
  const values = hasNamed
    ? dictOf([...named].map(([name, item]) => [name, prepare(item)] as const))
    : new PyTuple(positional.map(prepare));
  return keepingMark(value, (text) => percentFormat(evaluation, text, values), evaluation);
}

// A list that is short enough comes back as it is, because only its length is asked for.
function truncateValue(evaluation: Evaluation, value: Value, [length, kill, end, leeway]: Bound): Value {
  const size = wholeNumber(length, 255);
  const slack = wholeNumber(leeway, 5);
  if (typeof value !== 'string' && !(value instanceof Markup)) {
    return lengthOf(defined(value)) <= size + slack ? value : stringOnly(value);
  }
  const ending = toText(evaluation, given(end, '...'));
  return keepingMark(
    value,
    (text) => truncate(evaluation, text, size, flag(kill, false), ending, slack),
    evaluation,
  );
}

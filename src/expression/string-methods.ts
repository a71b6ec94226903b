// The methods of `str`. Lengths and places count code points; every result is admitted before it is built.
import { admitNamed } from './calls.ts';
import { isSpaceCode, stripSpace } from './convert.ts';
import { raise } from './errors.ts';
import { admitItems, admitText, type Evaluation, spend } from './evaluation.ts';
import { sliceBounds } from './indexing.ts';
import { iterate, toItems } from './iteration.ts';
import { dictLookup, dictSet } from './keys.ts';
import { type Method, type MethodTable, methodTable } from './method.ts';
import { asInt, isIntegral } from './numbers.ts';
import { formatTemplate } from './string-format.ts';
import { characters, codePointLength, hasSurrogates } from './text.ts';
import { PyDict, PyList, PySlice, PyTuple, typeName, type Value } from './values.ts';

type Given = Value | undefined;

function textArgument(value: Given, method: string): string {
  if (typeof value === 'string') return value;
  return raise('TypeError', `${method}() argument must be str, not ${typeName(value ?? null)}`);
}

function intArgument(value: Given, missing: number): number {
  if (value === undefined) return missing;
  if (!isIntegral(value)) {
    return raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
  }
  return Number(asInt(value));
}

// The part of a text between optional bounds, with the code point it starts at; null when start lies beyond the end.
function part(text: string, start: Given, stop: Given): { text: string; start: number } | null {
  if (start === undefined && stop === undefined) return { text, start: 0 };
  const length = codePointLength(text);
  const bounds = sliceBounds(new PySlice(start ?? null, stop ?? null, null), length);
  if (bounds.stop < bounds.start || (isIntegral(start ?? null) && intArgument(start, 0) > length))
    return null;
  const cut = hasSurrogates(text)
    ? characters(text).slice(bounds.start, bounds.stop).join('')
    : text.slice(bounds.start, bounds.stop);
  return { text: cut, start: bounds.start };
}

function find(
  evaluation: Evaluation,
  text: string,
  wanted: Given,
  start: Given,
  stop: Given,
  side: 'first' | 'last',
): number {
  const sought = textArgument(wanted, side === 'first' ? 'find' : 'rfind');
  spend(evaluation, text.length >> 4);
  const within = part(text, start, stop);
  if (within === null) return -1;
  const at = side === 'first' ? within.text.indexOf(sought) : within.text.lastIndexOf(sought);
  return at < 0 ? -1 : within.start + codePointLength(within.text.slice(0, at));
}

function index(
  evaluation: Evaluation,
  text: string,
  wanted: Given,
  start: Given,
  stop: Given,
  side: 'first' | 'last',
): number {
  const at = find(evaluation, text, wanted, start, stop, side);
  return at < 0 ? raise('ValueError', 'substring not found') : at;
}

function count(evaluation: Evaluation, text: string, wanted: Given, start: Given, stop: Given): number {
  const sought = textArgument(wanted, 'count');
  spend(evaluation, text.length >> 3);
  const within = part(text, start, stop);
  if (within === null) return 0;
  if (sought === '') return codePointLength(within.text) + 1;
  let found = 0;
  for (let at = within.text.indexOf(sought); at >= 0; at = within.text.indexOf(sought, at + sought.length))
    found++;
  return found;
}

function affix(name: 'startsWith' | 'endsWith', method: string) {
  return (_evaluation: Evaluation, text: string, wanted?: Value, start?: Value, stop?: Value): boolean => {
    const candidates = wanted instanceof PyTuple ? wanted.items : [wanted];
    const within = part(text, start, stop);
    return candidates.some((candidate) => {
      if (typeof candidate !== 'string') {
        const given = typeName(candidate ?? null);
        return raise('TypeError', `${method} first arg must be str or a tuple of str, not ${given}`);
      }
      return within?.text[name](candidate) ?? false;
    });
  };
}

function splitSpace(text: string, limit: number): string[] {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && isSpaceCode(text.charCodeAt(at))) at++;
    if (at >= text.length) return parts;
    if (limit >= 0 && parts.length >= limit) return [...parts, text.slice(at)];
    let end = at;
    while (end < text.length && !isSpaceCode(text.charCodeAt(end))) end++;
    parts.push(text.slice(at, end));
    at = end;
  }
}

function splitSpaceRight(text: string, limit: number): string[] {
  const parts: string[] = [];
  let end = text.length;
  for (;;) {
    while (end > 0 && isSpaceCode(text.charCodeAt(end - 1))) end--;
    if (end <= 0) return parts.reverse();
    if (limit >= 0 && parts.length >= limit) return [...parts, text.slice(0, end)].reverse();
    let at = end;
    while (at > 0 && !isSpaceCode(text.charCodeAt(at - 1))) at--;
    parts.push(text.slice(at, end));
    end = at;
  }
}

function split(side: 'left' | 'right') {
  return (evaluation: Evaluation, text: string, separator?: Value, maximum?: Value): PyList => {
    const limit = intArgument(maximum, -1);
    spend(evaluation, text.length >> 3);
    let parts: string[];
    if (separator === undefined || separator === null) {
      parts = side === 'left' ? splitSpace(text, limit) : splitSpaceRight(text, limit);
    } else {
      if (typeof separator !== 'string')
        raise('TypeError', `must be str or None, not ${typeName(separator)}`);
      if (separator === '') raise('ValueError', 'empty separator');
      parts = text.split(separator);
      if (limit >= 0 && parts.length > limit + 1) {
        const cut = parts.length - limit;
        parts =
          side === 'left'
            ? [...parts.slice(0, limit), parts.slice(limit).join(separator)]
            : [parts.slice(0, cut).join(separator), ...parts.slice(cut)];
      }
    }
    admitItems(evaluation, parts.length);
    return new PyList(parts);
  };
}

const LINE_END = /\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]/g;

function splitLines(evaluation: Evaluation, text: string, keep: boolean): PyList {
  spend(evaluation, text.length >> 3);
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_END)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keep ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  admitItems(evaluation, lines.length);
  return new PyList(lines);
}

function join(evaluation: Evaluation, separator: string, items: Value): string {
  const parts = toItems(evaluation, items);
  let length = 0;
  for (let i = 0; i < parts.length; i++) {
    const item = parts[i]!;
    if (typeof item !== 'string') {
      raise('TypeError', `sequence item ${i}: expected str instance, ${typeName(item)} found`);
    }
    length += item.length + separator.length;
  }
  admitText(evaluation, length);
  return parts.join(separator);
}

function replace(evaluation: Evaluation, text: string, old: string, by: string, limit: number): string {
  if (old === '') return insertBetween(evaluation, text, by, limit);
  spend(evaluation, text.length >> 3);
  const parts = text.split(old);
  const times = limit < 0 ? parts.length - 1 : Math.min(limit, parts.length - 1);
  admitText(evaluation, text.length + times * Math.max(0, by.length - old.length));
  if (times === parts.length - 1) return parts.join(by);
  if (times === 0) return text;
  return parts.slice(0, times).join(by) + by + parts.slice(times).join(old);
}

function insertBetween(evaluation: Evaluation, text: string, by: string, limit: number): string {
  const parts = characters(text);
  const times = limit < 0 ? parts.length + 1 : Math.min(limit, parts.length + 1);
  admitText(evaluation, text.length + times * by.length);
  spend(evaluation, parts.length);
  let result = '';
  parts.forEach((character, i) => {
    result += i < times ? by + character : character;
  });
  return times > parts.length ? result + by : result;
}

function strip(side: 'left' | 'right' | 'both', method: string) {
  return (evaluation: Evaluation, text: string, set?: Value): string => {
    spend(evaluation, text.length >> 4);
    if (set === undefined || set === null) return stripSpace(text, side);
    if (typeof set !== 'string') return raise('TypeError', `${method} arg must be None or str`);
    spend(evaluation, text.length >> 2);
    const dropped = new Set(set);
    const parts = characters(text);
    let start = 0;
    let end = parts.length;
    if (side !== 'right') while (start < end && dropped.has(parts[start]!)) start++;
    if (side !== 'left') while (end > start && dropped.has(parts[end - 1]!)) end--;
    return parts.slice(start, end).join('');
  };
}

function padded(
  evaluation: Evaluation,
  text: string,
  width: Given,
  fill: Given,
  left: (missing: number, width: number) => number,
): string {
  spend(evaluation, text.length >> 4);
  const size = intArgument(width, 0);
  const filler = fill === undefined ? ' ' : fill;
  if (typeof filler !== 'string' || codePointLength(filler) !== 1) {
    return raise('TypeError', 'The fill character must be exactly one character long');
  }
  const missing = size - codePointLength(text);
  if (missing <= 0) return text;
  admitText(evaluation, size * filler.length);
  const before = left(missing, size);
  return filler.repeat(before) + text + filler.repeat(missing - before);
}

function zeroFill(evaluation: Evaluation, text: string, width: Given): string {
  const size = intArgument(width, 0);
  const missing = size - codePointLength(text);
  if (missing <= 0) return text;
  admitText(evaluation, size);
  const sign = text.startsWith('+') || text.startsWith('-') ? text.charAt(0) : '';
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

function expandTabs(evaluation: Evaluation, text: string, size: number): string {
  let column = 0;
  let result = '';
  for (const character of text) {
    if (character === '\t') {
      const missing = size > 0 ? size - (column % size) : 0;
      admitText(evaluation, result.length + missing);
      result += ' '.repeat(missing);
      column += missing;
    } else {
      result += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  spend(evaluation, text.length);
  return result;
}

function partition(side: 'first' | 'last') {
  return (evaluation: Evaluation, text: string, separator?: Value): PyTuple => {
    const sought = textArgument(separator, 'partition');
    if (sought === '') raise('ValueError', 'empty separator');
    spend(evaluation, text.length >> 4);
    const at = side === 'first' ? text.indexOf(sought) : text.lastIndexOf(sought);
    if (at >= 0) return new PyTuple([text.slice(0, at), sought, text.slice(at + sought.length)]);
    return new PyTuple(side === 'first' ? [text, '', ''] : ['', '', text]);
  };
}

// Letters whose title case is neither their upper case nor themselves.
const TITLE: ReadonlyMap<string, string> = new Map([
  ['ǆ', 'ǅ'],
  ['Ǆ', 'ǅ'],
  ['ǅ', 'ǅ'],
  ['ǉ', 'ǈ'],
  ['Ǉ', 'ǈ'],
  ['ǈ', 'ǈ'],
  ['ǌ', 'ǋ'],
  ['Ǌ', 'ǋ'],
  ['ǋ', 'ǋ'],
  ['ǳ', 'ǲ'],
  ['Ǳ', 'ǲ'],
  ['ǲ', 'ǲ'],
  ['ß', 'Ss'],
  ['ﬀ', 'Ff'],
  ['ﬁ', 'Fi'],
  ['ﬂ', 'Fl'],
  ['ﬃ', 'Ffi'],
  ['ﬄ', 'Ffl'],
  ['ﬅ', 'St'],
  ['ﬆ', 'St'],
]);

function titleCase(character: string): string {
  return TITLE.get(character) ?? character.toUpperCase();
}

function isCased(character: string): boolean {
  return character.toLowerCase() !== character.toUpperCase() || /\p{Lt}/u.test(character);
}

function title(text: string): string {
  let inWord = false;
  let result = '';
  for (const character of text) {
    result += inWord ? character.toLowerCase() : titleCase(character);
    inWord = isCased(character);
  }
  return result;
}

function capitalize(text: string): string {
  const [first, ...rest] = characters(text);
  return first === undefined ? '' : titleCase(first) + rest.join('').toLowerCase();
}

function swapCase(text: string): string {
  let result = '';
  for (const character of text) {
    result += /\p{Lu}/u.test(character) ? character.toLowerCase() : character.toUpperCase();
  }
  return result;
}

function caseFold(text: string): string {
  let result = '';
  for (const character of text) {
    // Full folding is the lower case of the upper case, except for dotless and final letters, which stand alone.
    const folded = character === 'ı' ? 'ı' : character === 'ς' ? 'σ' : character.toUpperCase().toLowerCase();
    result += folded === 'ς' ? 'σ' : folded;
  }
  return result;
}

function isTitle(text: string): boolean {
  let inWord = false;
  let any = false;
  for (const character of text) {
    const upper = /\p{Lu}|\p{Lt}/u.test(character);
    const lower = /\p{Ll}/u.test(character);
    if ((upper && inWord) || (lower && !inWord)) return false;
    any ||= upper || lower;
    inWord = upper || lower;
  }
  return any;
}

function matches(pattern: RegExp) {
  return (evaluation: Evaluation, text: string): boolean => {
    spend(evaluation, text.length >> 3);
    return pattern.test(text);
  };
}

const mapped = (map: (text: string) => string) => (evaluation: Evaluation, text: string) => {
  spend(evaluation, text.length >> 1);
  return map(text);
};

// `str.translate` takes a dict of code points; `maketrans` builds one.
function translate(evaluation: Evaluation, text: string, table: Given): string {
  if (!(table instanceof PyDict)) return raise('TypeError', 'translate() argument must be a dict');
  let result = '';
  for (const character of text) {
    spend(evaluation, 1);
    const by = dictLookup(evaluation, table, character.codePointAt(0) ?? 0);
    if (by === undefined) result += character;
    else if (typeof by === 'string') result += by;
    else if (by !== null) result += characterOfCode(by);
    if (result.length > evaluation.limits.stringLength) admitText(evaluation, result.length);
  }
  return result;
}

function characterOfCode(code: Value): string {
  if (!isIntegral(code)) return raise('TypeError', 'character mapping must return integer, None or str');
  const int = asInt(code);
  if (int < 0 || int > 0x10ffff) raise('ValueError', 'character mapping must be in range(0x110000)');
  return String.fromCodePoint(Number(int));
}

function makeTranslation(evaluation: Evaluation, from: Given, to: Given, dropped: Given): PyDict {
  const table = new PyDict();
  if (to === undefined) {
    if (!(from instanceof PyDict)) {
      return raise('TypeError', 'if you give only one argument to maketrans it must be a dict');
    }
    for (const key of iterate(from)) {
      const code = typeof key === 'string' && codePointLength(key) === 1 ? (key.codePointAt(0) ?? 0) : key;
      dictSet(evaluation, table, code, dictLookup(evaluation, from, key) ?? null);
    }
    return table;
  }
  const source = characters(textArgument(from, 'maketrans'));
  const target = characters(textArgument(to, 'maketrans'));
  if (source.length !== target.length) {
    raise('ValueError', 'the first two maketrans arguments must have equal length');
  }
  source.forEach((character, i) => {
    dictSet(evaluation, table, character.codePointAt(0) ?? 0, target[i]!.codePointAt(0) ?? 0);
  });
  for (const character of dropped === undefined ? '' : textArgument(dropped, 'maketrans')) {
    dictSet(evaluation, table, character.codePointAt(0) ?? 0, null);
  }
  return table;
}

const format: Method<string> = (evaluation, self, positional, named) =>
  formatTemplate(evaluation, self, positional, named);

const formatMap: Method<string> = (evaluation, self, positional, named) => {
  admitNamed('format_map', named, []);
  const [mapping] = positional;
  if (!(mapping instanceof PyDict)) return raise('TypeError', 'format_map() argument must be a dict');
  const fields = new Map<string, Value>();
  for (const [key, value] of mapping.entries) if (typeof key === 'string') fields.set(key, value);
  return formatTemplate(evaluation, self, [], fields);
};

/** The methods of `str`. */
export const STRING_METHODS: MethodTable<string> = methodTable<string>({
  'upper()': mapped((text) => text.toUpperCase()),
  'lower()': mapped((text) => text.toLowerCase()),
  'casefold()': mapped(caseFold),
  'swapcase()': mapped(swapCase),
  'capitalize()': mapped(capitalize),
  'title()': mapped(title),
  'strip(chars?, /)': strip('both', 'strip'),
  'lstrip(chars?, /)': strip('left', 'lstrip'),
  'rstrip(chars?, /)': strip('right', 'rstrip'),
  'split(sep?, maxsplit?)': split('left'),
  'rsplit(sep?, maxsplit?)': split('right'),
  'splitlines(keepends?)': (evaluation, self, keep) =>
    splitLines(evaluation, self, intArgument(keep, 0) !== 0),
  'join(iterable, /)': (evaluation, self, items) => join(evaluation, self, items!),
  'replace(old, new, count?, /)': (evaluation, self, old, by, times) =>
    replace(
      evaluation,
      self,
      textArgument(old, 'replace'),
      textArgument(by, 'replace'),
      intArgument(times, -1),
    ),
  'startswith(prefix, start?, end?, /)': affix('startsWith', 'startswith'),
  'endswith(suffix, start?, end?, /)': affix('endsWith', 'endswith'),
  'find(sub, start?, end?, /)': (evaluation, self, sub, start, end) =>
    find(evaluation, self, sub, start, end, 'first'),
  'rfind(sub, start?, end?, /)': (evaluation, self, sub, start, end) =>
    find(evaluation, self, sub, start, end, 'last'),
  'index(sub, start?, end?, /)': (evaluation, self, sub, start, end) =>
    index(evaluation, self, sub, start, end, 'first'),
  'rindex(sub, start?, end?, /)': (evaluation, self, sub, start, end) =>
    index(evaluation, self, sub, start, end, 'last'),
  'count(sub, start?, end?, /)': count,
  'isdigit()': matches(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]+$/u),
  'isdecimal()': matches(/^\p{Nd}+$/u),
  'isnumeric()': matches(/^\p{N}+$/u),
  'isalpha()': matches(/^\p{L}+$/u),
  'isalnum()': matches(/^[\p{L}\p{N}]+$/u),
  'isspace()': (_evaluation, self) => self !== '' && stripSpace(self) === '',
  'isascii()': matches(/^[\0-\x7f]*$/),
  'isidentifier()': matches(/^[\p{XID_Start}_]\p{XID_Continue}*$/u),
  'isprintable()': matches(/^(?:(?![\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}])(?: |\P{Zs}))*$/u),
  'isupper()': matches(/^(?=.*\p{Lu})[^\p{Ll}\p{Lt}]*$/su),
  'islower()': matches(/^(?=.*\p{Ll})[^\p{Lu}\p{Lt}]*$/su),
  'istitle()': (_evaluation, self) => isTitle(self),
  'zfill(width, /)': zeroFill,
  'ljust(width, fillchar?, /)': (evaluation, self, width, fill) =>
    padded(evaluation, self, width, fill, () => 0),
  'rjust(width, fillchar?, /)': (evaluation, self, width, fill) =>
    padded(evaluation, self, width, fill, (missing) => missing),
  // CPython puts the odd blank on the left when the width is odd too.
  'center(width, fillchar?, /)': (evaluation, self, width, fill) =>
    padded(evaluation, self, width, fill, (missing, size) => (missing >> 1) + (missing & size & 1)),
  'partition(sep, /)': partition('first'),
  'rpartition(sep, /)': partition('last'),
  'removeprefix(prefix, /)': (_evaluation, self, prefix) => {
    const text = textArgument(prefix, 'removeprefix');
    return self.startsWith(text) ? self.slice(text.length) : self;
  },
  'removesuffix(suffix, /)': (_evaluation, self, suffix) => {
    const text = textArgument(suffix, 'removesuffix');
    return text !== '' && self.endsWith(text) ? self.slice(0, -text.length) : self;
  },
  'expandtabs(tabsize?)': (evaluation, self, size) => expandTabs(evaluation, self, intArgument(size, 8)),
  'translate(table, /)': (evaluation, self, table) => translate(evaluation, self, table),
  'maketrans(x, y?, z?, /)': (evaluation, _self, from, to, dropped) =>
    makeTranslation(evaluation, from, to, dropped),
})
  .set('format', format)
  .set('format_map', formatMap);

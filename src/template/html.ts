// Escaping for HTML, XML and URLs: what the filters of those names do.
// Nothing here is applied unless a template asks for it.
import { raise } from '../expression/errors.ts';
import { admitText, type Evaluation, spend } from '../expression/evaluation.ts';
import { isIterable, iterate, unpack } from '../expression/iteration.ts';
import { dictEntries, PyDict, PyTuple, type Value } from '../expression/values.ts';
import { defined, Markup, Undefined } from './objects.ts';
import { escapeMarkup, toText } from './text.ts';

/** Removes comments and tags, turns runs of white space into one space, and resolves the common entities. */
export function stripTags(text: string): string {
  const bare = removeBetween(removeBetween(text, '<!--', '-->'), '<', '>');
  return unescapeMarkup(bare.trim().split(/\s+/).join(' '));
}

/** The text without everything from an opener to the next closer; an opener that is never closed stays. */
function removeBetween(text: string, opener: string, closer: string): string {
  let kept = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf(opener, from);
    const end = start < 0 ? -1 : text.indexOf(closer, start);
    if (end < 0) return kept + text.slice(from);
    kept += text.slice(from, start);
    from = end + closer.length;
  }
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

function unescapeMarkup(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]{2,4}));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return NAMED.get(name) ?? whole;
      const code = decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hex, 16);
      return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff)
        ? String.fromCodePoint(code)
        : '\ufffd';
    },
  );
}

/** `urlencode`: quotes a text, or joins the pairs of a dict or list as a query. */
export function urlEncode(evaluation: Evaluation, value: Value): Value {
  if (typeof value === 'string' || value instanceof Markup || !isIterable(defined(value))) {
    return urlQuote(evaluation, toText(evaluation, value));
  }
  const parts: string[] = [];
  for (const pair of value instanceof PyDict ? pairs(value) : iterate(value)) {
    spend(evaluation, 1);
    const [key, item] = unpack(evaluation, pair as Value, 2) as [Value, Value];
    parts.push(
      `${urlQueryQuote(evaluation, toText(evaluation, key))}=${urlQueryQuote(evaluation, toText(evaluation, item))}`,
    );
  }
  return parts.join('&');
}

function* pairs(dict: PyDict): Generator<Value> {
  for (const pair of dictEntries(dict)) yield new PyTuple(pair);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function urlQuote(evaluation: Evaluation, text: string): string {
  return quote(evaluation, text).replaceAll('%2F', '/');
}

function urlQueryQuote(evaluation: Evaluation, text: string): string {
  return quote(evaluation, text).replaceAll('%20', '+');
}

function quote(evaluation: Evaluation, text: string): string {
  spend(evaluation, text.length);
  const quoted = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
  admitText(evaluation, quoted.length);
  return quoted.replace(/[!'()*]/g, percent);
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** `xmlattr`: the entries of a dict as attributes; None and undefined are left out. */
export function xmlAttributes(evaluation: Evaluation, dict: Value, leadingSpace: boolean): string {
  if (!(defined(dict) instanceof PyDict)) raise('AttributeError', 'xmlattr works on a dict');
  const attributes: string[] = [];
  for (const [key, value] of dictEntries(dict as PyDict)) {
    spend(evaluation, 1);
    if (value === null || value instanceof Undefined) continue;
    const name = toText(evaluation, key);
    if (/[\s/>=]/.test(name)) raise('ValueError', `Invalid character in attribute name: '${name}'`);
    const text =
      value instanceof Markup ? value.content : escapeMarkup(evaluation, toText(evaluation, value));
    attributes.push(`${escapeMarkup(evaluation, name)}="${text}"`);
  }
  const result = attributes.join(' ');
  return leadingSpace && result !== '' ? ` ${result}` : result;
}

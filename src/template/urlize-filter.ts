// The filter `urlize`: web and mail addresses in a text become HTML links.
// It takes for an address what Jinja2 3.1 takes for one, by reading each character once or a few times:
// no pattern here can backtrack, since the text may come from a model.
import type { Bound } from '../expression/calls.ts';
import { compare } from '../expression/comparison.ts';
import { raise } from '../expression/errors.ts';
import { admitText, type Evaluation, spend } from '../expression/evaluation.ts';
import { getItem } from '../expression/indexing.ts';
import { iterate, toItems } from '../expression/iteration.ts';
import { codePointLength, compareText, pyRepr } from '../expression/text.ts';
import { PySlice, type Value } from '../expression/values.ts';
import { callMethod } from './access.ts';
import { Markup } from './objects.ts';
import { escapeMarkup, flag, isTrue, operand, toText } from './text.ts';

// White space as Python has it: the four separators and NEL are, the byte order mark is not.
const WORD = /[^\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g;
const WORD_CHARACTER = /^[\p{L}\p{N}_]$/u;
const PORT_AND_PATH = /^(?::\p{Nd}{1,5})?(?:[/?#]|$)/u;
const FOUR_NUMBERS = /^\p{Nd}{1,3}(?:\.\p{Nd}{1,3}){3}$/u;
const HEX_DIGIT = /^[\p{Nd}a-f]$/u;
const BARE_DOMAINS: ReadonlySet<string> = new Set(['com', 'net', 'int', 'edu', 'gov', 'org', 'info', 'mil']);
const OPENERS = ['(', '<', '&lt;'];
const TRAILERS = [')', '>', '.', ',', '&gt;'];
const BRACKETS = [
  ['(', ')'],
  ['<', '>'],
  ['&lt;', '&gt;'],
] as const;

/** How links are written: ready attributes, the longest address shown, further schemes that make one. */
interface Style {
  readonly attributes: string;
  readonly limit: Value;
  readonly schemes: readonly string[];
}

/** `urlize`: the text, escaped, with its addresses as links. Throws FilterArgumentError for a scheme that is none. */
export function urlize(
  evaluation: Evaluation,
  value: Value,
  [limit, nofollow, target, rel, extraSchemes]: Bound,
): string {
  const style = {
    attributes: `${relation(evaluation, rel ?? null, nofollow)}${targetOf(evaluation, target ?? null)}`,
    limit: limit ?? null,
    schemes: schemesOf(evaluation, extraSchemes ?? null),
  };
  const text = escaped(evaluation, value);
  spend(evaluation, text.length * 4);
  let length = text.length;
  const linked = text.replace(WORD, (word) => {
    const result = linkWord(evaluation, word, style);
    length += result.length - word.length;
    if (length > evaluation.limits.stringLength) admitText(evaluation, length);
    return result;
  });
  admitText(evaluation, linked.length);
  return linked;
}

function escaped(evaluation: Evaluation, value: Value): string {
  return value instanceof Markup ? value.content : escapeMarkup(evaluation, toText(evaluation, value));
}

// The word `noopener` is Jinja2's policy and always there.
function relation(evaluation: Evaluation, rel: Value, nofollow: Value | undefined): string {
  const words = new Set(['noopener']);
  if (isTrue(rel)) {
    const given = callMethod(evaluation, operand(rel), 'split', []);
    for (const word of toItems(evaluation, given)) words.add(word as string);
  }
  if (flag(nofollow, false)) words.add('nofollow');
  return ` rel="${escapeMarkup(evaluation, [...words].sort(compareText).join(' '))}"`;
}

function targetOf(evaluation: Evaluation, target: Value): string {
  return isTrue(target) ? ` target="${escaped(evaluation, target)}"` : '';
}

function schemesOf(evaluation: Evaluation, given: Value): string[] {
  if (given === null) return [];
  const schemes: string[] = [];
  for (const item of iterate(operand(given))) {
    spend(evaluation, 1);
    const scheme = item instanceof Markup ? item.content : item;
    if (typeof scheme !== 'string') return raise('TypeError', 'expected string or bytes-like object');
    spend(evaluation, scheme.length);
    if (!isScheme(scheme)) {
      raise('FilterArgumentError', `${pyRepr(evaluation, scheme)} is not a valid URI scheme prefix.`);
    }
    schemes.push(scheme);
  }
  return schemes;
}

/** Two or more letters, digits or `_.+-`, a colon, and up to two slashes. */
function isScheme(text: string): boolean {
  const colon = text.indexOf(':');
  const slashes = text.slice(colon + 1);
  if (colon < 0 || (slashes !== '' && slashes !== '/' && slashes !== '//')) return false;
  const name = text.slice(0, colon);
  return codePointLength(name) >= 2 && consistsOf(name, '.+-');
}

/** True when all characters are letters, digits, underscores or among the others given. */
function consistsOf(text: string, others: string): boolean {
  for (const character of text) {
    if (!others.includes(character) && !WORD_CHARACTER.test(character)) return false;
  }
  return true;
}

function linkWord(evaluation: Evaluation, word: string, style: Style): string {
  const { head, middle, tail } = peel(word);
  return `${head}${link(evaluation, middle, style)}${tail}`;
}

/** Takes the punctuation off both ends; closing brackets that the rest opened stay with it. */
function peel(word: string): { head: string; middle: string; tail: string } {
  let start = 0;
  for (let opener = startingAt(word, start); opener !== undefined; opener = startingAt(word, start)) {
    start += opener.length;
  }
  let end = word.length;
  for (let trailer = endingAt(word, start, end); trailer !== undefined; ) {
    end -= trailer.length;
    trailer = endingAt(word, start, end);
  }
  for (const [opener, closer] of BRACKETS) {
    const opened = count(word.slice(start, end), opener);
    if (opened <= count(word.slice(start, end), closer)) continue;
    for (let i = 0; i < opened; i++) {
      const next = word.indexOf(closer, end);
      if (next < 0) break;
      end = next + closer.length;
    }
  }
  return { head: word.slice(0, start), middle: word.slice(start, end), tail: word.slice(end) };
}

function startingAt(word: string, start: number): string | undefined {
  return OPENERS.find((opener) => word.startsWith(opener, start));
}

function endingAt(word: string, start: number, end: number): string | undefined {
  return TRAILERS.find((trailer) => end - trailer.length >= start && word.endsWith(trailer, end));
}

function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) found++;
  return found;
}

function link(evaluation: Evaluation, word: string, style: Style): string {
  if (isWebAddress(word)) {
    // Only a scheme in small letters counts as one here, although the address was recognized in any.
    const href = word.startsWith('https://') || word.startsWith('http://') ? word : `https://${word}`;
    return `<a href="${href}"${style.attributes}>${shown(evaluation, word, style.limit)}</a>`;
  }
  if (word.startsWith('mailto:') && isMailAddress(word.slice(7))) {
    return `<a href="${word}">${word.slice(7)}</a>`;
  }
  if (!word.startsWith('www.') && !word.startsWith('@') && !word.includes(':') && isMailAddress(word)) {
    return `<a href="mailto:${word}">${word}</a>`;
  }
  spend(evaluation, style.schemes.length * (1 + (word.length >> 4)));
  const known = style.schemes.some((scheme) => word !== scheme && word.startsWith(scheme));
  return known ? `<a href="${word}"${style.attributes}>${word}</a>` : word;
}

/** What a link shows; the limit is a slice's end in Python, so that a negative one counts from the back. */
function shown(evaluation: Evaluation, address: string, limit: Value): string {
  if (limit === null) return address;
  const stop = operand(limit);
  if (!compare(evaluation, '>', codePointLength(address), stop)) return address;
  return `${getItem(evaluation, address, new PySlice(null, stop, null)) as string}...`;
}

/** True for `https://` or `www.` and a host, for a bare host of a well-known domain, and for IP addresses. */
function isWebAddress(word: string): boolean {
  // A scheme is at most eight letters long; only that much is looked at without its case.
  const scheme = /^https?:\/\//.exec(foldCase(word.slice(0, 8)))?.[0];
  const rest = word.slice(scheme?.length ?? 0);
  if (scheme !== undefined && rest.startsWith('[')) return isBracketed(rest);
  const stop = rest.search(/[:/?#]/);
  const host = stop < 0 ? rest : rest.slice(0, stop);
  if (!PORT_AND_PATH.test(rest.slice(host.length))) return false;
  if (scheme !== undefined) return isHost(host) || FOUR_NUMBERS.test(host);
  return (foldCase(host.slice(0, 4)) === 'www.' && isHost(host.slice(4))) || isBareDomain(host);
}

/** Small letters, as Python compares without case: four letters beyond ASCII stand for one of ASCII. */
function foldCase(text: string): string {
  return text
    .replace(/[\u0130\u0131]/g, 'i')
    .replaceAll('\u017f', 's')
    .replaceAll('\u212a', 'k')
    .toLowerCase();
}

/** Any number of labels, then two to 63 letters or an `xn--` name. */
function isHost(host: string): boolean {
  const dot = host.lastIndexOf('.');
  const top = foldCase(host.slice(dot + 1));
  const named = top.startsWith('xn--') ? top.slice(4) : null;
  const ends =
    /^[a-z]{2,63}$/.test(top) ||
    (named !== null && isBetween(codePointLength(named), 2, 59) && consistsOf(named, '%'));
  return ends && (dot < 0 || areLabels(host.slice(0, dot), 1, Number.POSITIVE_INFINITY));
}

function isBareDomain(host: string): boolean {
  const dot = host.lastIndexOf('.');
  return BARE_DOMAINS.has(foldCase(host.slice(dot + 1))) && dot > 0 && areLabels(host.slice(0, dot), 2, 63);
}

/** True when every label between dots has so many characters, and none that a label may not have. */
function areLabels(text: string, least: number, most: number): boolean {
  let length = 0;
  for (const character of text) {
    if (character !== '.') length++;
    else if (isBetween(length, least, most)) length = 0;
    else return false;
  }
  return isBetween(length, least, most) && consistsOf(text, '%-.');
}

function isBetween(number: number, least: number, most: number): boolean {
  return number >= least && number <= most;
}

/** Two groups with a colon each, then one to six with or without: groups of up to four digits, and empty ones. */
function isBracketed(rest: string): boolean {
  const close = rest.indexOf(']');
  // Eight groups of up to four digits (of up to two UTF-16 units) and a colon.
  if (close < 0 || close > 73 || !PORT_AND_PATH.test(rest.slice(close + 1))) return false;
  let groups = 0;
  let digits = 0;
  for (const character of foldCase(rest.slice(1, close))) {
    if (character === ':') {
      groups++;
      digits = 0;
    } else if (!HEX_DIGIT.test(character)) {
      return false;
    } else if (++digits > 4) {
      // Only from the third group on may one begin without a colon before it.
      if (groups < 2) return false;
      groups++;
      digits = 1;
    }
  }
  return groups >= 2 && groups + (digits > 0 ? 1 : 0) <= 8;
}

/** Something, an at sign, and a name with a dot in it whose end is plain. */
function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const end = domain.slice(dot + 1);
  return (
    at > 0 &&
    dot > 0 &&
    end !== '' &&
    consistsOf(end, '') &&
    !/^[.-]/.test(domain) &&
    consistsOf(domain, '.-')
  );
}

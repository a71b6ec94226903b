// Reads some members of JSON objects that stand in bytes, one a line, and reads over the rest without making it: only of
// compact, plain text, such as this program writes. Whatever else it meets it leaves to the reader of text, which knows what is
// wrong with it.
import { DEFAULT_LIMITS } from './limits.ts';
import { makeFloat, type Value } from './values.ts';

/** Makes text of some UTF-8. */
export type DecodeText<Bytes> = (bytes: Bytes, from: number, to: number) => string;

/** A member's name as it stands in a line, from its quote to its colon. */
interface Member {
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly isWanted: boolean;
  readonly isApart: boolean;
}

/** Members of a line whose names are looked for at their places. */
const MOST_KNOWN_MEMBERS = 64;
/** Values kept in order to be met again, by a few of their bytes. */
const RECENT = 64;
/** Digits of a number that is certainly exact as a float. */
const MOST_DIGITS = 15;

/** By byte, 1 for what may stand in a string as it is. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, code) => Number(code >= 32 && code !== 34 && code !== 92));
/** The same of ASCII alone. */
const ASCII = PLAIN.map((plain, code) => (code < 128 ? plain : 0));

/** Reads lines in a row. Every line must end with a line feed. */
export class JsonLineReader<Bytes extends Uint8Array> {
  /** After a line was read: where its line feed is. */
  end = 0;
  /** The value of the member that is read apart from the others; undefined: the line has none. */
  apart: Value | undefined = undefined;
  private readonly wanted: ReadonlySet<string>;
  private readonly apartName: string;
  private readonly decode: DecodeText<Bytes>;
  /** Members of the last lines by their places: the next one most often has the same. */
  private readonly known: Member[] = [];
  private readonly recent: string[] = new Array<string>(RECENT).fill('');

  /** `apart`: the member that every line is known by, which never is among its fields. */
  constructor(wanted: ReadonlySet<string>, apart: string, decode: DecodeText<Bytes>) {
    this.wanted = wanted;
    this.apartName = apart;
    this.decode = decode;
  }

  /**
   * The wanted members of the line that begins at `from`; null: it is not plain, or no JSON object. Another member is there
   * only at times, as None: in one of the lines at least that have it.
   */
  read(bytes: Bytes, from: number): Map<string, Value> | null {
    if (bytes[from] !== 123) return null;
    const fields = new Map<string, Value>();
    this.apart = undefined;
    let at = from + 1;
    if (bytes[at] === 125) at++;
    else {
      for (let place = 0; ; place++) {
        const member = this.memberAt(fields, bytes, at, place);
        if (member === null) return null;
        at += member.bytes.length;
        at = member.isWanted ? this.take(fields, member, bytes, at) : endOfValue(bytes, at, MOST_DEPTH);
        if (at < 0) return null;
        const code = bytes[at++];
        if (code === 125) break;
        if (code !== 44) return null;
      }
    }
    while (bytes[at] === 13 || bytes[at] === 32 || bytes[at] === 9) at++;
    if (bytes[at] !== 10) return null;
    this.end = at;
    return fields;
  }

  private memberAt(fields: Map<string, Value>, bytes: Bytes, at: number, place: number): Member | null {
    const known = this.known[place];
    if (known !== undefined && standsAt(known.bytes, bytes, at)) return known;
    if (bytes[at] !== 34) return null;
    const end = endOfText(bytes, at);
    if (end < 0 || bytes[end] !== 58) return null;
    const name = this.decode(bytes, at + 1, end - 1);
    const isApart = name === this.apartName;
    const member = {
      bytes: new Uint8Array(bytes.subarray(at, end + 1)),
      name,
      isWanted: isApart || this.wanted.has(name),
      isApart,
    };
    if (place < MOST_KNOWN_MEMBERS) this.known[place] = member;
    if (!isApart) fields.set(name, null);
    return member;
  }

  /** Takes the value of a member, and gives where it ends; -1: it is no plain one, or a list or an object. */
  private take(fields: Map<string, Value>, member: Member, bytes: Bytes, at: number): number {
    const code = bytes[at]!;
    if (code === 123 || code === 91) return -1;
    const end = endOfValue(bytes, at, 0);
    if (end < 0) return -1;
    const value = this.valueOf(code, bytes, at, end);
    if (member.isApart) this.apart = value;
    else fields.set(member.name, value);
    return end;
  }

  private valueOf(code: number, bytes: Bytes, at: number, end: number): Value {
    if (code === 34) return this.textOf(bytes, at + 1, end - 1);
    if (code === 116 || code === 102) return code === 116;
    if (code === 110) return null;
    return numberOf(bytes, at, end) ?? makeFloat(Number(this.decode(bytes, at, end)));
  }

  /** The text between two quotes: the same again, where it is one of the last. */
  private textOf(bytes: Bytes, from: number, to: number): string {
    if (from === to) return '';
    const place = ((to - from) * 7 + bytes[from]! * 3 + bytes[to - 1]!) % RECENT;
    const known = this.recent[place]!;
    if (isSame(known, bytes, from, to)) return known;
    const text = this.decode(bytes, from, to);
    this.recent[place] = text;
    return text;
  }
}

/** Levels below a member's value: a value that is nested deeper is none for the reader of text either. */
const MOST_DEPTH = DEFAULT_LIMITS.depth - 1;

/** Whether bytes are a text of ASCII. Other text is never the same: bytes that are no UTF-8 could look like it. */
function isSame(text: string, bytes: Uint8Array, from: number, to: number): boolean {
  if (text.length !== to - from) return false;
  for (let i = 0; i < text.length; i++) {
    const code = bytes[from + i]!;
    if (ASCII[code] !== 1 || text.charCodeAt(i) !== code) return false;
  }
  return true;
}

function standsAt(part: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < part.length; i++) if (part[i] !== bytes[at + i]) return false;
  return true;
}

/**
 * The number that stands there without an exponent; null: it has too many digits. So few digits are an integer that a float
 * holds exactly, as it does the power of ten, and one division rounds once (Clinger 1990).
 */
function numberOf(bytes: Uint8Array, from: number, to: number): Value {
  const first = bytes[from] === 45 ? from + 1 : from;
  if (to - first > MOST_DIGITS) return null;
  let n = 0;
  let point = to;
  for (let at = first; at < to; at++) {
    const code = bytes[at]!;
    if (code === 46) point = at + 1;
    else n = n * 10 + code - 48;
  }
  if (point === to) return first === from ? n : 0 - n;
  const x = n / POWERS[to - point]!;
  return makeFloat(first === from ? x : -x);
}

const POWERS = Array.from({ length: MOST_DIGITS }, (_, power) => 10 ** power);

/** Where the value at `at` ends; -1: as in `endOfPlainJson`, here of bytes. */
function endOfValue(bytes: Uint8Array, at: number, depth: number): number {
  const code = bytes[at]!;
  if (code === 34) return endOfText(bytes, at);
  if (code === 45 || (code >= 48 && code <= 57)) return endOfNumber(bytes, at);
  if (code === 123) return endOfObject(bytes, at + 1, depth - 1);
  if (code === 91) return endOfArray(bytes, at + 1, depth - 1);
  for (const word of WORDS) if (standsAt(word, bytes, at)) return at + word.length;
  return -1;
}

const WORDS = ['true', 'false', 'null'].map((word) =>
  Uint8Array.from(word, (letter) => letter.charCodeAt(0)),
);

function endOfText(bytes: Uint8Array, at: number): number {
  let i = at + 1;
  while (PLAIN[bytes[i]!] === 1) i++;
  return bytes[i] === 34 ? i + 1 : -1;
}

function endOfNumber(bytes: Uint8Array, at: number): number {
  let i = bytes[at] === 45 ? at + 1 : at;
  const first = i;
  while (isDigit(bytes[i]!)) i++;
  const digits = i - first;
  // More digits may be more than there may be.
  if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[first] === 48)) return -1;
  if (bytes[i] === 46) {
    const point = i++;
    while (isDigit(bytes[i]!)) i++;
    if (i === point + 1) return -1;
  }
  return bytes[i] === 101 || bytes[i] === 69 ? -1 : i;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function endOfObject(bytes: Uint8Array, from: number, depth: number): number {
  if (depth < 0) return -1;
  if (bytes[from] === 125) return from + 1;
  for (let at = from; ; at++) {
    if (bytes[at] !== 34) return -1;
    at = endOfText(bytes, at);
    if (at < 0 || bytes[at] !== 58) return -1;
    at = endOfValue(bytes, at + 1, depth);
    if (at < 0) return -1;
    const code = bytes[at];
    if (code === 125) return at + 1;
    if (code !== 44) return -1;
  }
}

function endOfArray(bytes: Uint8Array, from: number, depth: number): number {
  if (depth < 0) return -1;
  if (bytes[from] === 93) return from + 1;
  for (let at = from; ; at++) {
    at = endOfValue(bytes, at, depth);
    if (at < 0) return -1;
    const code = bytes[at];
    if (code === 93) return at + 1;
    if (code !== 44) return -1;
  }
}

// Reads JSON text into values. It builds; what a mistake becomes is decided by who calls.
import { endOfPlainJson } from './json-skip.ts';
import { dictSetText, listOf, makeFloat, makeInt, PyDict, type PyList, type Value } from './values.ts';

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;

/** Reads one JSON text. `refuse` is told what is wrong and where, and must throw. */
export class JsonReader {
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly refuse: (message: string, offset: number) => never;
  private at = 0;

  constructor(text: string, maxDepth: number, refuse: (message: string, offset: number) => never) {
    this.text = text;
    this.maxDepth = maxDepth;
    this.refuse = refuse;
  }

  /** The value of the whole text. */
  read(): Value {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) this.fail('unexpected text after the value');
    return value;
  }

  /**
   * The members of the object that the whole text is, in order; null: it is something else. With `only`, the values of the
   * others are read over, as strictly, and are None.
   */
  readFields(only: ReadonlySet<string> | null): Map<string, Value> | null {
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== 123) {
      this.read();
      return null;
    }
    const fields = new Map<string, Value>();
    this.at++;
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 125) this.at++;
    else while (this.readField(fields, only)) this.skipSpace();
    this.skipSpace();
    if (this.at < this.text.length) this.fail('unexpected text after the value');
    return fields;
  }

  /** Reads a member and what follows it; false: that was the end of the object. */
  private readField(fields: Map<string, Value>, only: ReadonlySet<string> | null): boolean {
    const key = this.knownKey(fields.size);
    const end = only === null || only.has(key) ? -1 : endOfPlainJson(this.text, this.at, this.maxDepth - 1);
    if (end < 0) fields.set(key, this.value(1));
    else {
      fields.set(key, null);
      this.at = end;
    }
    this.skipSpace();
    const code = this.text.charCodeAt(this.at);
    if (code !== 44 && code !== 125) this.fail("',' or '}' was expected");
    this.at++;
    return code === 44;
  }

  /** A name, which is most often that of the same place in the text before. */
  private knownKey(place: number): string {
    const { text, at } = this;
    const guess = KNOWN_KEYS[place];
    const after = at + 1 + (guess?.length ?? 0);
    if (
      guess !== undefined &&
      text.charCodeAt(after) === 34 &&
      text.charCodeAt(after + 1) === 58 &&
      text.charCodeAt(at) === 34 &&
      text.startsWith(guess, at + 1)
    ) {
      this.at = after + 2;
      return guess;
    }
    const key = this.key();
    if (place < MOST_KNOWN_KEYS && key.length < 100 && !/["\\]/.test(key)) KNOWN_KEYS[place] = key;
    return key;
  }

  /** A name, and the colon after it. */
  private key(): string {
    if (this.text.charCodeAt(this.at) !== 34) this.fail('a name in double quotes was expected');
    const key = this.string();
    this.skipSpace();
    if (this.text.charCodeAt(this.at) !== 58) this.fail("':' was expected");
    this.at++;
    return key;
  }

  private fail(message: string, at: number = this.at): never {
    return this.refuse(at >= this.text.length ? 'unexpected end of the text' : message, at);
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private value(depth: number): Value {
    this.skipSpace();
    const code = this.text.charCodeAt(this.at);
    if (code === 34) return this.string();
    if (code === 123) return this.object(depth + 1);
    if (code === 91) return this.array(depth + 1);
    if (code === 45 || (code >= 48 && code <= 57)) return this.number();
    if (code === 116) return this.word('true', true);
    if (code === 102) return this.word('false', false);
    if (code === 110) return this.word('null', null);
    return this.fail('a value was expected');
  }

  private word(word: string, value: Value): Value {
    if (!this.text.startsWith(word, this.at)) this.fail('a value was expected');
    this.at += word.length;
    return value;
  }

  private number(): Value {
    // Short integers, the common case, without a regular expression.
    const start = this.at;
    const first = this.text.charCodeAt(start) === 45 ? start + 1 : start;
    let at = first;
    let n = 0;
    let code = this.text.charCodeAt(at);
    while (code >= 48 && code <= 57) {
      n = n * 10 + code - 48;
      code = this.text.charCodeAt(++at);
    }
    const leadingZero = at - first > 1 && this.text.charCodeAt(first) === 48;
    if (leadingZero) this.fail('a number must not begin with 0', first);
    if (at > first && at - first < 16 && code !== 46 && code !== 101 && code !== 69) {
      this.at = at;
      return first === start ? n : 0 - n;
    }
    NUMBER.lastIndex = start;
    const match = NUMBER.exec(this.text);
    if (match === null) return this.fail('a digit was expected', first);
    this.at = NUMBER.lastIndex;
    if (match[1] === undefined && match[2] === undefined) {
      if (match[0].length > MAX_DIGITS) this.fail(`a whole number of more than ${MAX_DIGITS} digits`, start);
      return makeInt(BigInt(match[0]));
    }
    const x = Number(match[0]);
    if (!Number.isFinite(x)) this.fail('the number is too large', start);
    return makeFloat(x);
  }

  private string(): string {
    const start = this.at + 1;
    let at = start;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === 34) break;
      if (code === 92) return this.escaped(start, at);
      if (code < 32) this.fail('a control character inside a string', at);
      if (Number.isNaN(code)) this.fail('unexpected end of the text', at);
      at++;
    }
    this.at = at + 1;
    return this.text.slice(start, at);
  }

  private escaped(start: number, at: number): string {
    let result = '';
    let from = start;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === 34) break;
      if (code < 32) this.fail('a control character inside a string', at);
      if (Number.isNaN(code)) this.fail('unexpected end of the text', at);
      if (code !== 92) {
        at++;
        continue;
      }
      result += this.text.slice(from, at);
      const letter = this.text[at + 1] ?? '';
      if (letter === 'u') {
        const hex = this.text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.fail('four hex digits were expected after \\u', at);
        result += String.fromCharCode(Number.parseInt(hex, 16));
        at += 6;
      } else {
        const character = ESCAPES.get(letter);
        if (character === undefined) this.fail('an unknown escape inside a string', at);
        result += character;
        at += 2;
      }
      from = at;
    }
    this.at = at + 1;
    return result + this.text.slice(from, at);
  }

  private array(depth: number): PyList {
    this.admit(depth);
    this.at++;
    const items: Value[] = [];
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 93) {
      this.at++;
      return listOf(items);
    }
    for (;;) {
      items.push(this.value(depth));
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code !== 44 && code !== 93) this.fail("',' or ']' was expected");
      this.at++;
      if (code === 93) return listOf(items);
    }
  }

  private object(depth: number): PyDict {
    this.admit(depth);
    this.at++;
    const dict = new PyDict();
    this.skipSpace();
    if (this.text.charCodeAt(this.at) === 125) {
      this.at++;
      return dict;
    }
    for (;;) {
      this.skipSpace();
      dictSetText(dict, this.key(), this.value(depth));
      this.skipSpace();
      const code = this.text.charCodeAt(this.at);
      if (code !== 44 && code !== 125) this.fail("',' or '}' was expected");
      this.at++;
      if (code === 125) return dict;
    }
  }

  private admit(depth: number): void {
    if (depth > this.maxDepth) this.fail(`nested deeper than ${this.maxDepth} levels`);
  }
}

// Names of the last object read, by their places: texts come in long rows with the same names, and a name that is there
// already need not be cut out of every one of them. It changes nothing but the time.
const KNOWN_KEYS: string[] = [];
const MOST_KNOWN_KEYS = 64;

// Python refuses to read longer ones too: reading them is quadratic.
const MAX_DIGITS = 4300;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

// Cuts a template into text and tags, and tags into tokens, with Jinja's whitespace control applied.
// It refuses to know the grammar: brackets must balance (they decide where a tag ends), nothing more.
import { templateErrorAt } from './error.ts';
import type { TemplateSource } from './source.ts';

/** One token; `start` and `end` are offsets in the normalised source. */
export type Token =
  | { readonly kind: 'text'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'outputStart' | 'outputEnd' | 'tagStart' | 'tagEnd' | 'end';
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'name'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'operator'; readonly text: string; readonly start: number; readonly end: number }
  | { readonly kind: 'string'; readonly text: string; readonly start: number; readonly end: number }
  | {
      readonly kind: 'integer' | 'float';
      /** The literal without its underscores. */
      readonly text: string;
      readonly start: number;
      readonly end: number;
    };

// Python's idea of white space differs from JavaScript's in six characters.
const SPACE =
  '[ \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING_SPACE = new RegExp(`^${SPACE}+`);
const WHITE = new RegExp(`${SPACE}*`, 'y');

const TOKEN = new RegExp(
  [
    `(?<space>${SPACE}+)`,
    '(?<float>(?<!\\.)(?:\\d+_)*\\d+(?:\\.(?:\\d+_)*\\d+(?:[eE][+-]?(?:\\d+_)*\\d+)?|[eE][+-]?(?:\\d+_)*\\d+))',
    '(?<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\\da-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*)',
    '(?<name>[\\p{XID_Start}_][\\p{XID_Continue}]*)',
    '(?<string>\'(?:[^\'\\\\]|\\\\[\\s\\S])*\'|"(?:[^"\\\\]|\\\\[\\s\\S])*")',
    '(?<operator>\\*\\*|//|==|!=|<=|>=|[-+*/%~\\[\\](){}<>=.,:|;])',
  ].join('|'),
  'uy',
);

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Cuts the whole template; the last token is `end`. Throws TemplateError. */
export function tokenize(source: TemplateSource): Token[] {
  return new Lexer(source).run();
}

class Lexer {
  private readonly source: TemplateSource;
  private readonly text: string;
  private readonly tokens: Token[] = [];
  private at = 0;
  private readonly open: string[] = [];

  constructor(source: TemplateSource) {
    this.source = source;
    this.text = source.text;
  }

  run(): Token[] {
    const opener = /\{[%#{]/g;
    while (this.at < this.text.length) {
      opener.lastIndex = this.at;
      const start = opener.exec(this.text)?.index ?? this.text.length;
      const sign = this.text[start + 2];
      this.pushText(this.at, start, sign === '-');
      this.at = start;
      if (start === this.text.length) break;
      const inside = start + (sign === '-' || sign === '+' ? 3 : 2);
      if (this.text[start + 1] === '#') this.readComment(start, inside);
      else if (this.text[start + 1] === '{') this.readTag(start, inside, 'output');
      else if (!this.readRaw(start, inside)) this.readTag(start, inside, 'tag');
    }
    this.tokens.push({ kind: 'end', start: this.text.length, end: this.text.length });
    return this.tokens;
  }

  private fail(message: string, at: number): never {
    throw templateErrorAt('TemplateSyntaxError', message, this.source, at);
  }

  private pushText(start: number, end: number, strip: boolean): void {
    let text = this.text.slice(start, end);
    if (strip) text = trimEnd(text);
    if (text !== '') this.tokens.push({ kind: 'text', text, start, end });
  }

  private readComment(start: number, inside: number): void {
    const close = this.text.indexOf('#}', inside);
    if (close < 0) {
      // Jinja reads an opener that is the very last thing of the file as an empty comment.
      if (inside < this.text.length) this.fail('Missing end of comment tag', start);
      this.at = this.text.length;
      return;
    }
    const trims = close > inside && this.text[close - 1] === '-';
    this.at = trims ? this.skipSpace(close + 2) : close + 2;
  }

  private readRaw(start: number, inside: number): boolean {
    const begin = new RegExp(`${SPACE}*raw${SPACE}*(-?)%\\}`, 'y');
    begin.lastIndex = inside;
    const opened = begin.exec(this.text);
    if (opened === null) return false;
    const from = opened[1] === '-' ? this.skipSpace(begin.lastIndex) : begin.lastIndex;
    const finish = new RegExp(`\\{%([-+]?)${SPACE}*endraw${SPACE}*([-+]?)%\\}`, 'g');
    finish.lastIndex = from;
    const closed = finish.exec(this.text);
    if (closed === null) this.fail('Missing end of raw directive', start);
    this.pushText(from, closed.index, closed[1] === '-');
    this.at = closed[2] === '-' ? this.skipSpace(finish.lastIndex) : finish.lastIndex;
    return true;
  }

  private readTag(start: number, inside: number, kind: 'output' | 'tag'): void {
    this.tokens.push({ kind: `${kind}Start`, start, end: inside });
    this.at = inside;
    while (this.at < this.text.length) {
      if (this.open.length === 0 && this.readTagEnd(kind)) return;
      this.readToken();
    }
  }

  private readTagEnd(kind: 'output' | 'tag'): boolean {
    const start = this.at;
    const sign = this.text[start];
    const signed = sign === '-' || (sign === '+' && kind === 'tag');
    const close = signed ? start + 1 : start;
    if (!this.text.startsWith(kind === 'tag' ? '%}' : '}}', close)) return false;
    const end = close + 2;
    this.tokens.push({ kind: `${kind}End`, start, end });
    this.at = sign === '-' ? this.skipSpace(end) : end;
    return true;
  }

  private readToken(): void {
    const start = this.at;
    TOKEN.lastIndex = start;
    const match = TOKEN.exec(this.text);
    if (match === null) this.fail(`unexpected char ${quoteChar(this.text, start)} at ${start}`, start);
    const end = TOKEN.lastIndex;
    this.at = end;
    const { space, name, float, integer, string, operator } = match.groups as Record<
      string,
      string | undefined
    >;
    if (space !== undefined) return;
    if (name !== undefined) this.tokens.push({ kind: 'name', text: name, start, end });
    else if (float !== undefined)
      this.tokens.push({ kind: 'float', text: float.replaceAll('_', ''), start, end });
    else if (integer !== undefined)
      this.tokens.push({ kind: 'integer', text: integer.replaceAll('_', ''), start, end });
    else if (string !== undefined)
      this.tokens.push({ kind: 'string', text: this.unescape(string.slice(1, -1), start), start, end });
    else if (operator !== undefined) {
      this.balance(operator, start);
      this.tokens.push({ kind: 'operator', text: operator, start, end });
    }
  }

  private balance(operator: string, at: number): void {
    const closer = CLOSER[operator];
    if (closer !== undefined) this.open.push(closer);
    else if (operator === ')' || operator === ']' || operator === '}') {
      const expected = this.open.pop();
      if (expected === undefined) this.fail(`unexpected '${operator}'`, at);
      if (expected !== operator) this.fail(`unexpected '${operator}', expected '${expected}'`, at);
    }
  }

  private skipSpace(from: number): number {
    WHITE.lastIndex = from;
    WHITE.exec(this.text);
    return WHITE.lastIndex;
  }

  private unescape(body: string, at: number): string {
    return body.replace(
      /\\(?:x([\s\S]{0,2})|u([\s\S]{0,4})|U([\s\S]{0,8})|([0-7]{1,3})|(N\{[^}]*\}|N)|([\s\S]))/g,
      (whole, x, u, U, octal, named, other) => {
        if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
        if (named !== undefined) this.fail('character names (\\N{...}) are not supported', at);
        if (other !== undefined) return SIMPLE_ESCAPE[other] ?? whole;
        const digits: string = x ?? u ?? U ?? '';
        const wanted = x !== undefined ? 2 : u !== undefined ? 4 : 8;
        const code =
          /^[\da-fA-F]+$/.test(digits) && digits.length === wanted ? Number.parseInt(digits, 16) : -1;
        if (code < 0) this.fail(`truncated \\${whole[1]} escape in a string`, at);
        if (code > 0x10ffff) this.fail('illegal Unicode character in a string', at);
        return String.fromCodePoint(code);
      },
    );
  }
}

const SIMPLE_ESCAPE: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
});

/** The text without white space at its end, as Python's rstrip does it; linear in the length. */
function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && LEADING_SPACE.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}

function quoteChar(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at)!);
  return char === "'" ? `"'"` : `'${char}'`;
}

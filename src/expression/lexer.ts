// Splits an expression into tokens, one at a time, on the parser's demand. It knows spelling, not grammar; the inside
// of an f-string is left to the parser.
import { ExpressionSyntaxError } from './errors.ts';
import { decodeEscape } from './escapes.ts';
import type { Constant } from './syntax.ts';
import { makeFloat, makeInt } from './values.ts';

/** A token. `fstring` ends after its opening quote. Offsets count UTF-16 units. */
export type Token = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'end'; readonly text: '' }
  | { readonly kind: 'name' | 'keyword' | 'operator'; readonly text: string }
  | { readonly kind: 'number' | 'string'; readonly text: string; readonly value: Constant }
  | { readonly kind: 'fstring'; readonly text: string; readonly quote: string; readonly raw: boolean }
);

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

// Longest first. The second line holds no Python: such tokens only serve to say what was meant.
const OPERATORS =
  /\*\*=|\/\/=|<<=|>>=|\.\.\.|===|!==|\*\*|\/\/|<<|>>|<=|>=|==|!=|:=|\+=|-=|\*=|\/=|%=|&=|\|=|\^=|@=|->|<>|&&|\|\||=>|\?\.|\?\?|[-+*/%@&|^~<>.,:=!()[\]{}]/y;
const NAME = /[\p{XID_Start}_][\p{XID_Continue}]*/uy;
const NUMBER =
  /0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*(?:[eE][+-]?[0-9](?:_?[0-9])*)?|[0-9](?:_?[0-9])*\.?(?:[eE][+-]?[0-9](?:_?[0-9])*)?/y;
const QUOTE = /'''|"""|'|"/y;
const PREFIX = /^(?:[rRuU]|[fF][rR]?|[rR][fF])$/;
const BYTES_PREFIX = /^(?:[bB][rR]?|[rR][bB])$/;
/** Keywords that Python lets follow a number without a space: `1if x else 2`. */
const AFTER_NUMBER: ReadonlySet<string> = new Set(['if', 'else', 'and', 'or', 'in', 'is', 'for', 'not']);

/** Reads tokens from `position` on. */
export class Lexer {
  readonly source: string;
  position = 0;
  /** True once a token was read: blank lines may precede the first. */
  private started = false;

  constructor(source: string) {
    this.source = source;
  }

  /** The next token. Newlines are white space inside brackets, and an error outside. */
  next(insideBrackets: boolean): Token {
    this.skipSpace(insideBrackets);
    this.started = true;
    const start = this.position;
    if (start >= this.source.length) return { kind: 'end', text: '', start, end: start };
    const code = this.source.charCodeAt(start);
    const following = this.source.charCodeAt(start + 1);
    if (isDigit(code) || (code === 46 && isDigit(following))) return this.number(start);
    NAME.lastIndex = start;
    const name = NAME.exec(this.source)?.[0];
    if (name !== undefined) return this.nameOrString(start, name);
    if (code === 39 || code === 34) return this.string(start, '');
    OPERATORS.lastIndex = start;
    const operator = OPERATORS.exec(this.source)?.[0];
    if (operator === undefined) return this.refuseCharacter(start);
    this.position = start + operator.length;
    return { kind: 'operator', text: operator, start, end: this.position };
  }

  fail(message: string, start: number, end: number = start + 1): never {
    throw new ExpressionSyntaxError(message, this.source, start, Math.max(end, start + 1));
  }

  private skipSpace(insideBrackets: boolean): void {
    const { source } = this;
    for (;;) {
      const code = source.charCodeAt(this.position);
      if (code === 32 || code === 9 || code === 12) this.position++;
      else if (code === 10 || code === 13) {
        // Outside brackets only blank lines and comments may follow the expression's first token.
        if (!insideBrackets && this.started) this.endOfText();
        else this.position++;
      } else if (code === 35) {
        while (this.position < source.length && source.charCodeAt(this.position) !== 10) this.position++;
      } else if (code === 92 && /^\r?\n/.test(source.slice(this.position + 1, this.position + 3))) {
        this.position += source.charCodeAt(this.position + 1) === 10 ? 2 : 3;
      } else return;
    }
  }

  private endOfText(): void {
    this.started = false;
    this.skipSpace(false);
    if (this.position < this.source.length) {
      this.fail(
        'unexpected new line: one expression is allowed here (put it in parentheses to go on on the next line)',
        this.position,
      );
    }
    this.started = true;
  }

  private nameOrString(start: number, name: string): Token {
    const quote = this.source.charAt(start + name.length);
    if (quote === "'" || quote === '"') {
      if (PREFIX.test(name)) return this.string(start, name.toLowerCase());
      if (BYTES_PREFIX.test(name))
        this.fail('bytes literals are not supported', start, start + name.length + 1);
    }
    if (name.length > 128) this.fail('a name of more than 128 characters', start, start + name.length);
    this.position = start + name.length;
    const kind = KEYWORDS.has(name) ? 'keyword' : 'name';
    return { kind, text: name.normalize('NFKC'), start, end: this.position };
  }

  private number(start: number): Token {
    NUMBER.lastIndex = start;
    const text = NUMBER.exec(this.source)?.[0] ?? '';
    const end = start + text.length;
    this.position = end;
    const next = this.source.charAt(end);
    if (next === 'j' || next === 'J') this.fail('complex numbers are not supported', start, end + 1);
    NAME.lastIndex = end;
    const word = NAME.exec(this.source)?.[0];
    if ((word !== undefined && !AFTER_NUMBER.has(word)) || isDigit(next.charCodeAt(0))) {
      this.fail('invalid number', start, end + (word?.length ?? 1));
    }
    return { kind: 'number', text, value: this.numberValue(text.replaceAll('_', ''), start), start, end };
  }

  private numberValue(digits: string, start: number): Constant {
    const prefixed = /^0[xXoObB]/.test(digits);
    if (!prefixed && /[.eE]/.test(digits)) return makeFloat(Number(digits)) as Constant;
    if (/^0[0-9]*[1-9]/.test(digits) && !prefixed) {
      this.fail('a decimal number must not begin with 0 (octal numbers begin with 0o)', start, this.position);
    }
    if (digits.length > 4300) this.fail('a number of more than 4300 digits', start, this.position);
    return makeInt(BigInt(digits));
  }

  private string(start: number, prefix: string): Token {
    const open = start + prefix.length;
    QUOTE.lastIndex = open;
    const quote = QUOTE.exec(this.source)?.[0] ?? '';
    const raw = prefix.includes('r');
    this.position = open + quote.length;
    if (prefix.includes('f')) return { kind: 'fstring', text: prefix, quote, raw, start, end: this.position };
    let value = '';
    while (!this.source.startsWith(quote, this.position)) value += this.stringPiece(start, quote, raw);
    this.position += quote.length;
    return {
      kind: 'string',
      text: this.source.slice(start, this.position),
      value,
      start,
      end: this.position,
    };
  }

  /** One character or escape inside a string that began at `start`; moves on behind it. */
  stringPiece(start: number, quote: string, raw: boolean): string {
    const character = this.source.charAt(this.position);
    if (character === '' || ((character === '\n' || character === '\r') && quote.length === 1)) {
      return this.fail(`unterminated ${quote.length === 3 ? 'triple-quoted ' : ''}string`, start);
    }
    if (character !== '\\') {
      this.position++;
      // Python reads every kind of line end as \n.
      if (character !== '\r') return character;
      if (this.source.charAt(this.position) === '\n') this.position++;
      return '\n';
    }
    if (raw) {
      const both = this.source.slice(this.position, this.position + 2);
      this.position += both.length;
      return both;
    }
    const decoded = decodeEscape(this.source, this.position);
    if (decoded.problem !== null) this.fail(decoded.problem, this.position, decoded.end);
    this.position = decoded.end;
    return decoded.text;
  }

  private refuseCharacter(start: number): never {
    const character = String.fromCodePoint(this.source.codePointAt(start) ?? 0);
    if (character === '?')
      this.fail("'?' is not an operator; a choice is written: VALUE if CONDITION else OTHER", start);
    if ('“”‘’«»'.includes(character))
      this.fail(`${character} is a typographic quote: use a plain ' or "`, start);
    if (character === ';') this.fail("';' is not allowed: one expression is allowed here", start);
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return this.fail(`invalid character ${JSON.stringify(character)} (U+${code})`, start);
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

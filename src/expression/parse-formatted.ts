// The inside of f-strings: text, replacement fields, conversions and format specs, which hold fields themselves.
import type { Conversion } from './format.ts';
import type { Token } from './lexer.ts';
import type { Field, Node } from './syntax.ts';
import { TokenStream } from './token-stream.ts';

/** Reads f-strings; the expressions inside them are read by the grammar that extends it. */
export abstract class FormattedReader extends TokenStream {
  /** One expression, or several with commas between them. */
  protected abstract expressions(allowStar?: boolean): Node;

  /** The parts of an f-string whose opening quote was read; the current token becomes its end. */
  protected formatted(token: Token & { kind: 'fstring' }): (string | Field)[] {
    const parts = this.formattedParts(token, 0);
    const end = this.lexer.position + token.quote.length;
    this.lexer.position = end;
    this.token = { ...token, end };
    return parts;
  }

  /** Text and fields up to the closing quote, or, inside a format spec, up to its `}`. */
  private formattedParts(token: Token & { kind: 'fstring' }, specLevel: number): (string | Field)[] {
    const { lexer } = this;
    const { source } = lexer;
    const parts: (string | Field)[] = [];
    for (;;) {
      const at = lexer.position;
      const character = source.charAt(at);
      if (source.startsWith(token.quote, at)) {
        if (specLevel > 0) this.fail("f-string: a '}' is missing", token.start, at);
        return parts;
      }
      if (character === '}' && specLevel > 0) return parts;
      if (character === '{' || character === '}') {
        if (source.charAt(at + 1) === character && specLevel === 0) {
          parts.push(character);
          lexer.position += 2;
        } else if (character === '}') {
          this.fail("f-string: a single '}' is not allowed; write '}}'", at, at + 1);
        } else parts.push(...this.field(token, specLevel));
      } else if (character === '\\' && /^[{}]$/.test(source.charAt(at + 1))) {
        // A backslash escapes no brace: it stays, and the field begins.
        parts.push(character);
        lexer.position++;
      } else parts.push(lexer.stringPiece(token.start, token.quote, token.raw));
    }
  }

  /** One `{...}`: its text first when it ends with `=`. Leaves the lexer behind the `}`. */
  private field(token: Token & { kind: 'fstring' }, specLevel: number): (string | Field)[] {
    if (specLevel > 1) this.fail('f-string: nested too deeply', this.lexer.position, this.lexer.position + 1);
    return this.deeper(() => {
      const { lexer } = this;
      const outer = { token: this.token, previousEnd: this.previousEnd, brackets: this.brackets };
      const open = lexer.position;
      this.brackets = [{ text: '{field', at: open }];
      lexer.position = open + 1;
      this.advance();
      if (/^[}!:=]$/.test(this.token.text))
        this.fail("f-string: an expression is missing after '{'", open, this.token.end);
      const value = this.expressions(true);
      // A `:=` here is the spec's colon: a walrus would need parentheses.
      if (this.is(':=')) this.retreatTo(this.token.start, ':');
      const shown = this.is('=') ? this.shownSource(open) : null;
      const conversion = this.conversion();
      let spec: (string | Field)[] | null = null;
      if (this.is(':')) {
        lexer.position = this.token.start + 1;
        spec = mergeText(this.formattedParts(token, specLevel + 1));
        lexer.position++;
      } else {
        if (this.token.kind === 'end') this.fail("f-string: a '}' is missing", open, open + 1);
        if (!this.is('}')) this.refuse("f-string: a '}' was expected");
        lexer.position = this.token.end;
      }
      ({ token: this.token, previousEnd: this.previousEnd, brackets: this.brackets } = outer);
      // `{x=}` shows the repr unless a spec asks for something else.
      const implied = shown !== null && spec === null ? 'r' : null;
      const field: Field = { value, conversion: conversion ?? implied, spec };
      return shown === null ? [field] : [shown, field];
    });
  }

  private retreatTo(at: number, text: string): void {
    this.lexer.position = at + text.length;
    this.token = { kind: 'operator', text, start: at, end: at + text.length };
  }

  private shownSource(open: number): string {
    const { source } = this.lexer;
    let end = this.token.end;
    while (/\s/.test(source.charAt(end))) end++;
    this.advance();
    return source.slice(open + 1, end);
  }

  private conversion(): Conversion | null {
    if (!this.is('!')) return null;
    const { source } = this.lexer;
    const at = this.token.end;
    const letter = source.charAt(at);
    if ((letter !== 's' && letter !== 'r' && letter !== 'a') || !/[:}]/.test(source.charAt(at + 1))) {
      return this.fail("f-string: after '!' comes s, r or a, and then ':' or '}'", at, at + 1);
    }
    this.advance();
    this.advance();
    return letter;
  }
}

/** Joins neighbouring pieces of text. */
export function mergeText(parts: readonly (string | Field)[]): (string | Field)[] {
  const merged: (string | Field)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  return merged;
}

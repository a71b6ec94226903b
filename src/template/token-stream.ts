// A cursor over a template's tokens, with the look-ahead and the complaints both parsers need.
// It refuses to build anything.
import { type TemplateError, templateErrorAt } from './error.ts';
import type { Token } from './lexer.ts';
import type { TemplateSource } from './source.ts';

/** The tokens of one template and a place among them. */
export class TokenStream {
  readonly source: TemplateSource;
  private readonly tokens: readonly Token[];
  private index = 0;
  /** End of the token read last: where the node that is being built ends. */
  lastEnd = 0;

  constructor(source: TemplateSource, tokens: readonly Token[]) {
    this.source = source;
    this.tokens = tokens;
  }

  get current(): Token {
    return this.tokens[this.index]!;
  }

  /** The token after the current one. */
  get following(): Token {
    return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)]!;
  }

  advance(): Token {
    const token = this.current;
    this.lastEnd = token.end;
    if (token.kind !== 'end') this.index++;
    return token;
  }

  isOperator(text: string): boolean {
    const token = this.current;
    return token.kind === 'operator' && token.text === text;
  }

  isName(text: string): boolean {
    return isNamed(this.current, text);
  }

  /** True when the next two tokens are these names. */
  areNames(first: string, second: string): boolean {
    return isNamed(this.current, first) && isNamed(this.following, second);
  }

  skipOperator(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.advance();
    return true;
  }

  skipName(text: string): boolean {
    if (!this.isName(text)) return false;
    this.advance();
    return true;
  }

  expectOperator(text: string): void {
    if (!this.skipOperator(text)) throw this.error(`expected token '${text}', got ${describe(this.current)}`);
  }

  expectName(text: string): void {
    if (!this.skipName(text)) throw this.error(`expected token '${text}', got ${describe(this.current)}`);
  }

  /** Reads any name. */
  readName(): { text: string; start: number; end: number } {
    const token = this.current;
    if (token.kind !== 'name') throw this.error(`expected token 'name', got ${describe(token)}`);
    this.advance();
    return token;
  }

  /** The syntax error at the current token, or at the offset given; for the caller to throw. */
  error(message: string, at: number = this.current.start, type = 'TemplateSyntaxError'): TemplateError {
    return templateErrorAt(type, message, this.source, at);
  }
}

function isNamed(token: Token, text: string): boolean {
  return token.kind === 'name' && token.text === text;
}

/** A token in the words of a message. */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of template';
    case 'tagStart':
      return "'begin of statement block'";
    case 'tagEnd':
      return "'end of statement block'";
    case 'outputStart':
      return "'begin of print statement'";
    case 'outputEnd':
      return "'end of print statement'";
    case 'text':
      return "'template data'";
    default:
      return `'${token.text}'`;
  }
}

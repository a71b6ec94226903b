// The parser's hand on the tokens: what comes next, open brackets, limits, and the wording of refusals.
import { Lexer, type Token } from './lexer.ts';
import type { Limits } from './limits.ts';
import type { Node } from './syntax.ts';

type NodeBody = Node extends infer N ? (N extends unknown ? Omit<N, 'start' | 'end'> : never) : never;

/** An open bracket; a `{field` is the replacement field of an f-string. */
export interface Bracket {
  readonly text: '(' | '[' | '{' | '{field';
  readonly at: number;
}

/** One token of look-ahead over a source, with the state every grammar rule shares. */
export class TokenStream {
  protected readonly lexer: Lexer;
  protected readonly limits: Limits;
  protected token: Token;
  protected previousEnd = 0;
  protected brackets: Bracket[] = [];
  private depth = 0;
  private nodes = 0;

  constructor(source: string, limits: Limits) {
    this.lexer = new Lexer(source);
    this.limits = limits;
    const nul = source.indexOf('\0');
    if (nul >= 0) this.lexer.fail('a NUL character', nul);
    this.token = this.lexer.next(false);
  }

  protected fail(message: string, start: number = this.token.start, end: number = this.token.end): never {
    return this.lexer.fail(message, start, end);
  }

  protected advance(): void {
    this.previousEnd = this.token.end;
    this.token = this.lexer.next(this.brackets.length > 0);
  }

  protected atEnd(): boolean {
    return this.token.kind === 'end';
  }

  protected is(text: string): boolean {
    return (this.token.kind === 'operator' || this.token.kind === 'keyword') && this.token.text === text;
  }

  protected eat(text: string): boolean {
    if (!this.is(text)) return false;
    this.advance();
    return true;
  }

  protected open(text: '(' | '[' | '{'): void {
    this.brackets.push({ text, at: this.token.start });
    this.advance();
  }

  protected close(text: ')' | ']' | '}'): void {
    if (this.is(text)) {
      this.brackets.pop();
      this.advance();
      return;
    }
    const bracket = this.brackets.at(-1)!;
    if (this.token.kind === 'end')
      this.fail(`'${bracket.text}' was never closed`, bracket.at, bracket.at + 1);
    if (this.is(')') || this.is(']') || this.is('}')) {
      this.fail(`'${this.token.text}' does not match the opening '${bracket.text}'`);
    }
    this.refuse(`perhaps a comma or a '${text}' is missing`);
  }

  protected refuse(hint = ''): never {
    const { token } = this;
    if (token.kind === 'end') {
      const bracket = this.brackets.at(-1);
      if (bracket !== undefined)
        this.fail(`'${bracket.text.charAt(0)}' was never closed`, bracket.at, bracket.at + 1);
      this.fail('the expression is not complete');
    }
    const known = token.kind === 'operator' || token.kind === 'keyword' ? MEANT.get(token.text) : undefined;
    if (known !== undefined) this.fail(known);
    if (token.kind === 'keyword' && STATEMENTS.has(token.text)) {
      this.fail(`'${token.text}' belongs to a statement; only expressions are allowed here`);
    }
    if (token.kind === 'operator' && /^[)\]}]$/.test(token.text) && this.brackets.length === 0) {
      this.fail(`unmatched '${token.text}'`);
    }
    this.fail(
      `invalid syntax at '${this.lexer.source.slice(token.start, token.end)}'${hint === '' ? '' : `; ${hint}`}`,
    );
  }

  protected node<B extends NodeBody>(
    body: B,
    start: number,
    end: number = this.previousEnd,
  ): B & { start: number; end: number } {
    if (++this.nodes > this.limits.nodes) {
      this.fail(`an expression of more than ${this.limits.nodes} parts`, start, end);
    }
    return { ...body, start, end };
  }

  protected deeper<T>(parse: () => T): T {
    if (++this.depth > this.limits.nesting) {
      this.fail(`nested deeper than ${this.limits.nesting} levels`);
    }
    const result = parse();
    this.depth--;
    return result;
  }
}

const STATEMENTS: ReadonlySet<string> = new Set(
  (
    'as assert async await break class continue def del elif except finally from global import nonlocal pass raise ' +
    'return try while with yield'
  ).split(' '),
);

// What people write from other languages, and what Python calls it.
const MEANT: ReadonlyMap<string, string> = new Map([
  ['=', "'=' is assignment, which is not allowed here; did you mean '=='?"],
  ['&&', "'&&' is not a Python operator; did you mean 'and'?"],
  ['||', "'||' is not a Python operator; did you mean 'or'?"],
  ['!', "'!' is not a Python operator; did you mean 'not'?"],
  ['===', "'===' is not a Python operator; did you mean '=='?"],
  ['!==', "'!==' is not a Python operator; did you mean '!='?"],
  ['<>', "'<>' is not a Python operator; did you mean '!='?"],
  ['=>', "'=>' is not a Python operator; did you mean '>='?"],
  ['->', "'->' is not a Python operator"],
  ['?.', "'?.' is not a Python operator"],
  ['??', "'??' is not a Python operator; did you mean 'or'?"],
  [':=', "':=' must stand inside parentheses"],
  ['...', "'...' is not supported"],
  ...['**=', '//=', '<<=', '>>=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '@='].map(
    (operator) => [operator, `'${operator}' is assignment, which is not allowed here`] as const,
  ),
]);

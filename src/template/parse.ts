// Reads a template's statements into the syntax tree.
// It refuses to load other templates and to resolve names; expressions are read by `parse-expression.ts`.
import { tokenize } from './lexer.ts';
import { ExpressionParser, isConstantName } from './parse-expression.ts';
import type { TemplateSource } from './source.ts';
import type { Branch, MacroDefinition, Parameter, Statement, Target } from './syntax.ts';
import { describe, TokenStream } from './token-stream.ts';

/** How deeply statements may nest. */
const MAX_NESTING = 80;

/** Reads a whole template. Throws TemplateError. */
export function parseTemplate(source: TemplateSource): readonly Statement[] {
  return new StatementParser(source).parseAll();
}

class StatementParser {
  private readonly stream: TokenStream;
  private readonly expressions: ExpressionParser;
  /** Open statements, innermost last: named when the template ends too early. */
  private readonly openTags: string[] = [];
  /** The tags that would end each open statement. */
  private readonly endTags: (readonly string[])[] = [];

  constructor(source: TemplateSource) {
    this.stream = new TokenStream(source, tokenize(source));
    this.expressions = new ExpressionParser(this.stream);
  }

  parseAll(): readonly Statement[] {
    return this.parseBody();
  }

  /** Statements up to the end of the template or to one of the innermost end tags, whose name is then current. */
  private parseBody(): Statement[] {
    const { stream } = this;
    const body: Statement[] = [];
    const ends = this.endTags.at(-1) ?? [];
    for (;;) {
      const token = stream.current;
      switch (token.kind) {
        case 'text':
          stream.advance();
          body.push({ kind: 'text', text: token.text, start: token.start, end: token.end });
          break;
        case 'outputStart': {
          stream.advance();
          const expression = this.expressions.parseTuple();
          if (stream.current.kind !== 'outputEnd') {
            throw stream.error(`expected token 'end of print statement', got ${describe(stream.current)}`);
          }
          stream.advance();
          body.push({ kind: 'output', expression, start: expression.start, end: expression.end });
          break;
        }
        case 'tagStart': {
          stream.advance();
          const next = stream.current;
          if (next.kind === 'name' && ends.includes(next.text)) return body;
          body.push(...this.parseStatement(token.start));
          this.expectTagEnd();
          break;
        }
        default:
          if (ends.length > 0) this.failAtEnd(null);
          return body;
      }
    }
  }

  private expectTagEnd(): void {
    const { stream } = this;
    if (stream.current.kind !== 'tagEnd') {
      throw stream.error(`expected token 'end of statement block', got ${describe(stream.current)}`);
    }
    stream.advance();
  }

  /** The body of a statement; leaves the stream after the name of the end tag, which it returns. */
  private parseUntil(...ends: string[]): { readonly body: Statement[]; readonly endedBy: string } {
    // A colon after the head is allowed for people who come from Python.
    this.stream.skipOperator(':');
    this.expectTagEnd();
    this.endTags.push(ends);
    const body = this.parseBody();
    this.endTags.pop();
    return { body, endedBy: this.stream.readName().text };
  }

  private failAtEnd(unknownTag: string | null, at?: number): never {
    const ends = this.endTags.at(-1) ?? [];
    const looking = ends.map((tag) => `'${tag}'`).join(' or ');
    const message = [
      unknownTag === null ? 'Unexpected end of template.' : `Encountered unknown tag '${unknownTag}'.`,
    ];
    if (looking !== '') {
      const misplaced = unknownTag !== null && this.endTags.some((tags) => tags.includes(unknownTag));
      message.push(
        misplaced
          ? `You probably made a nesting mistake: that tag is expected later, but ${looking} must come first.`
          : `Jinja was looking for the following tags: ${looking}.`,
      );
    }
    const innermost = this.openTags.at(-1);
    if (innermost !== undefined)
      message.push(`The innermost block that needs to be closed is '${innermost}'.`);
    throw this.stream.error(message.join(' '), at);
  }

  private parseStatement(start: number): Statement[] {
    const { stream } = this;
    const token = stream.current;
    if (token.kind !== 'name') throw stream.error('tag name expected');
    if (this.openTags.length >= MAX_NESTING) throw stream.error('blocks nested too deeply');
    const parse = STATEMENTS.get(token.text);
    if (parse === undefined) this.failAtEnd(token.text, token.start);
    stream.advance();
    this.openTags.push(token.text);
    const statement = parse(this, start);
    this.openTags.pop();
    return Array.isArray(statement) ? statement : [statement];
  }

  private span(start: number): { start: number; end: number } {
    return { start, end: this.stream.lastEnd };
  }

  parseIf(start: number): Statement {
    const branches: Branch[] = [];
    for (;;) {
      const test = this.expressions.parseTuple({ conditional: false });
      const { body, endedBy } = this.parseUntil('elif', 'else', 'endif');
      branches.push({ test, body });
      if (endedBy === 'elif') continue;
      const otherwise = endedBy === 'else' ? this.parseUntil('endif').body : [];
      return { kind: 'if', branches, otherwise, ...this.span(start) };
    }
  }

  parseFor(start: number): Statement {
    const { stream } = this;
    const target = this.parseTarget({ until: 'in' });
    stream.expectName('in');
    const items = this.expressions.parseTuple({ conditional: false, until: 'recursive' });
    const filter = stream.skipName('if') ? this.expressions.parseExpression() : null;
    const recursive = stream.skipName('recursive');
    const { body, endedBy } = this.parseUntil('endfor', 'else');
    const otherwise = endedBy === 'else' ? this.parseUntil('endfor').body : [];
    return { kind: 'for', target, items, filter, recursive, body, otherwise, ...this.span(start) };
  }

  parseSet(start: number): Statement {
    const target = this.parseTarget({ namespaces: true });
    if (this.stream.skipOperator('=')) {
      const value = this.expressions.parseTuple();
      return { kind: 'set', target, value, ...this.span(start) };
    }
    const filter = this.expressions.parseFilters(null);
    const { body } = this.parseUntil('endset');
    return { kind: 'setBlock', target, filter, body, ...this.span(start) };
  }

  parseMacro(start: number): Statement {
    const name = this.parseNameTarget().name;
    const definition = this.parseDefinition(name, start, this.parseParameters(), 'endmacro');
    return { kind: 'macro', definition, ...this.span(start) };
  }

  parseCallBlock(start: number): Statement {
    const parameters = this.stream.isOperator('(') ? this.parseParameters() : [];
    const call = this.expressions.parseExpression();
    if (call.kind !== 'call') throw this.stream.error('expected call', call.start);
    const definition = this.parseDefinition(null, start, parameters, 'endcall');
    return { kind: 'callBlock', call, definition, ...this.span(start) };
  }

  private parseDefinition(
    name: string | null,
    start: number,
    parameters: readonly Parameter[],
    endTag: string,
  ): MacroDefinition {
    const { body } = this.parseUntil(endTag);
    return { name, parameters, body, ...this.span(start) };
  }

  private parseParameters(): Parameter[] {
    const { stream } = this;
    const parameters: Parameter[] = [];
    stream.expectOperator('(');
    while (!stream.isOperator(')')) {
      if (parameters.length > 0) stream.expectOperator(',');
      const { name, start } = this.parseNameTarget();
      if (parameters.some((other) => other.name === name)) {
        throw stream.error(`duplicate argument '${name}' in macro definition`, start);
      }
      const fallback = stream.skipOperator('=') ? this.expressions.parseExpression() : null;
      if (fallback === null && parameters.at(-1)?.fallback) {
        throw stream.error('non-default argument follows default argument');
      }
      parameters.push({ name, fallback, ...this.span(start) });
    }
    stream.expectOperator(')');
    return parameters;
  }

  parseFilterBlock(start: number): Statement {
    const filter = this.expressions.parseFilters(null, true)!;
    const { body } = this.parseUntil('endfilter');
    return { kind: 'filterBlock', filter, body, ...this.span(start) };
  }

  parseWith(start: number): Statement {
    const { stream } = this;
    const bindings: { target: Target; value: Extract<Statement, { kind: 'set' }>['value'] }[] = [];
    while (stream.current.kind !== 'tagEnd') {
      if (bindings.length > 0) stream.expectOperator(',');
      const target = this.parseTarget({});
      stream.expectOperator('=');
      bindings.push({ target, value: this.expressions.parseExpression() });
    }
    const { body } = this.parseUntil('endwith');
    return { kind: 'with', bindings, body, ...this.span(start) };
  }

  parseAutoescape(start: number): Statement {
    const setting = this.expressions.parseExpression();
    if (setting.kind !== 'literal' || setting.literal.type !== 'boolean' || setting.literal.value) {
      throw this.stream.error('autoescape cannot be turned on: prompts are plain text', setting.start);
    }
    const { body } = this.parseUntil('endautoescape');
    return { kind: 'scope', body, ...this.span(start) };
  }

  parseBlock(start: number): Statement {
    const { stream } = this;
    const { text: name } = stream.readName();
    const scoped = stream.skipName('scoped');
    const required = stream.skipName('required');
    if (stream.isOperator('-')) {
      throw stream.error('block names may not contain hyphens, use an underscore instead');
    }
    const { body } = this.parseUntil('endblock');
    if (required && body.some((statement) => statement.kind !== 'text' || statement.text.trim() !== '')) {
      throw stream.error('Required blocks can only contain comments or whitespace', start);
    }
    stream.skipName(name);
    return { kind: 'block', name, scoped, required, body, ...this.span(start) };
  }

  parseExtends(start: number): Statement {
    const template = this.expressions.parseExpression();
    return { kind: 'extends', template, ...this.span(start) };
  }

  parseInclude(start: number): Statement {
    const { stream } = this;
    const template = this.expressions.parseExpression();
    const ignoreMissing = stream.areNames('ignore', 'missing');
    if (ignoreMissing) {
      stream.advance();
      stream.advance();
    }
    const withContext = this.parseContextClause() ?? true;
    return { kind: 'include', template, ignoreMissing, withContext, ...this.span(start) };
  }

  parseImport(start: number): Statement {
    const template = this.expressions.parseExpression();
    this.stream.expectName('as');
    const alias = this.parseNameTarget().name;
    const withContext = this.parseContextClause() ?? false;
    return { kind: 'import', template, alias, withContext, ...this.span(start) };
  }

  /** `with context` or `without context`, or null when neither is there. */
  private parseContextClause(): boolean | null {
    const { stream } = this;
    const withContext = stream.areNames('with', 'context');
    if (!withContext && !stream.areNames('without', 'context')) return null;
    stream.advance();
    stream.advance();
    return withContext;
  }

  parseFrom(start: number): Statement {
    const { stream } = this;
    const template = this.expressions.parseExpression();
    stream.expectName('import');
    const names: { name: string; alias: string }[] = [];
    let withContext: boolean | null = null;
    for (;;) {
      if (names.length > 0) stream.expectOperator(',');
      withContext = this.parseContextClause();
      if (withContext !== null) break;
      const { name, start: nameStart } = this.parseNameTarget();
      if (name.startsWith('_')) {
        throw stream.error(
          'names starting with an underline can not be imported',
          nameStart,
          'TemplateAssertionError',
        );
      }
      const alias = stream.skipName('as') ? this.parseNameTarget().name : name;
      names.push({ name, alias });
      withContext = this.parseContextClause();
      if (withContext !== null || !stream.isOperator(',')) break;
    }
    return { kind: 'from', template, names, withContext: withContext ?? false, ...this.span(start) };
  }

  parsePrint(): Statement[] {
    const { stream } = this;
    const outputs: Statement[] = [];
    while (stream.current.kind !== 'tagEnd') {
      if (outputs.length > 0) stream.expectOperator(',');
      const expression = this.expressions.parseExpression();
      outputs.push({ kind: 'output', expression, start: expression.start, end: expression.end });
    }
    return outputs;
  }

  private parseNameTarget(): Extract<Target, { kind: 'name' }> {
    const { text: name, start, end } = this.stream.readName();
    return this.checkTarget(name, start, end);
  }

  private checkTarget(name: string, start: number, end: number): Extract<Target, { kind: 'name' }> {
    if (isConstantName(name)) throw this.stream.error(`can't assign to '${name}'`, start);
    return { kind: 'name', name, start, end };
  }

  /** One name, or several with commas; `until` is a word that ends them. */
  private parseTarget(options: { until?: string; namespaces?: boolean; parenthesised?: boolean }): Target {
    const { stream } = this;
    const start = stream.current.start;
    const items: Target[] = [];
    let isTuple = false;
    while (!this.atTargetEnd(options.until)) {
      items.push(this.parseSingleTarget(options.namespaces === true));
      if (!stream.skipOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple && items.length > 0) return items[0]!;
    if (items.length === 0 && options.parenthesised !== true) {
      throw stream.error(`Expected an expression, got ${describe(stream.current)}`);
    }
    return { kind: 'tuple', items, ...this.span(start) };
  }

  private atTargetEnd(until: string | undefined): boolean {
    const { stream } = this;
    if (stream.current.kind === 'tagEnd' || stream.isOperator(')')) return true;
    return until !== undefined && stream.isName(until);
  }

  private parseSingleTarget(namespaces: boolean): Target {
    const { stream } = this;
    const token = stream.current;
    if (token.kind === 'operator' && token.text === '(') {
      if (this.openTags.length >= MAX_NESTING) throw stream.error('targets nested too deeply');
      stream.advance();
      this.openTags.push('(');
      const inner = this.parseTarget({ namespaces, parenthesised: true });
      this.openTags.pop();
      stream.expectOperator(')');
      return inner;
    }
    if (token.kind !== 'name') throw stream.error(`can't assign to ${describe(token)}`);
    stream.advance();
    if (!namespaces || !stream.isOperator('.')) return this.checkTarget(token.text, token.start, token.end);
    stream.advance();
    const attribute = stream.readName().text;
    return { kind: 'namespace', name: token.text, attribute, ...this.span(token.start) };
  }
}

const STATEMENTS: ReadonlyMap<string, (parser: StatementParser, start: number) => Statement | Statement[]> =
  new Map(
    Object.entries({
      if: (parser: StatementParser, start: number) => parser.parseIf(start),
      for: (parser: StatementParser, start: number) => parser.parseFor(start),
      set: (parser: StatementParser, start: number) => parser.parseSet(start),
      macro: (parser: StatementParser, start: number) => parser.parseMacro(start),
      call: (parser: StatementParser, start: number) => parser.parseCallBlock(start),
      filter: (parser: StatementParser, start: number) => parser.parseFilterBlock(start),
      with: (parser: StatementParser, start: number) => parser.parseWith(start),
      autoescape: (parser: StatementParser, start: number) => parser.parseAutoescape(start),
      block: (parser: StatementParser, start: number) => parser.parseBlock(start),
      extends: (parser: StatementParser, start: number) => parser.parseExtends(start),
      include: (parser: StatementParser, start: number) => parser.parseInclude(start),
      import: (parser: StatementParser, start: number) => parser.parseImport(start),
      from: (parser: StatementParser, start: number) => parser.parseFrom(start),
      print: (parser: StatementParser) => parser.parsePrint(),
    }),
  );

// Reads Jinja's expression grammar: like Python's, with filters, tests, `~` and an inline if that needs no else.
// It refuses to look names up: filters and tests are checked when the template is compiled.
import type { Arguments, BinaryOperator, CompareOperator, Expression, Literal } from './syntax.ts';
import { describe, type TokenStream } from './token-stream.ts';

/** How deeply expressions may nest. */
const MAX_NESTING = 80;

const CONSTANTS: ReadonlyMap<string, Literal> = new Map([
  ['true', { type: 'boolean', value: true }],
  ['True', { type: 'boolean', value: true }],
  ['false', { type: 'boolean', value: false }],
  ['False', { type: 'boolean', value: false }],
  ['none', { type: 'none' }],
  ['None', { type: 'none' }],
] as const);

const COMPARISONS: readonly CompareOperator[] = ['==', '!=', '<=', '>=', '<', '>'];

/** Words that cannot begin the bare argument of a test. */
const NO_TEST_ARGUMENT = new Set(['else', 'or', 'and']);

/** True for the words that are constants and so cannot be assigned to. */
export function isConstantName(name: string): boolean {
  return CONSTANTS.has(name);
}

/** Reads expressions from a stream of tokens. */
export class ExpressionParser {
  private readonly stream: TokenStream;
  private depth = 0;

  constructor(stream: TokenStream) {
    this.stream = stream;
  }

  /**
   * One expression, or several with commas, which are a tuple. `conditional: false` leaves a following `if` alone;
   * `until` is a word that ends the tuple.
   */
  parseTuple(options: { conditional?: boolean; parenthesised?: boolean; until?: string } = {}): Expression {
    const { stream } = this;
    const start = stream.current.start;
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.atTupleEnd(options.until)) {
      items.push(options.conditional === false ? this.parseOr() : this.parseExpression());
      if (!stream.skipOperator(',')) break;
      isTuple = true;
    }
    if (!isTuple) {
      if (items.length > 0) return items[0]!;
      if (options.parenthesised !== true)
        throw stream.error(`Expected an expression, got ${describe(stream.current)}`);
    }
    return { kind: 'tuple', items, start, end: stream.lastEnd };
  }

  private atTupleEnd(until: string | undefined): boolean {
    const { stream } = this;
    const { kind } = stream.current;
    if (kind === 'outputEnd' || kind === 'tagEnd' || stream.isOperator(')')) return true;
    return until !== undefined && stream.isName(until);
  }

  /** One expression, an inline if included. */
  parseExpression(): Expression {
    const { stream } = this;
    this.deeper();
    const start = stream.current.start;
    let expression = this.parseOr();
    while (stream.skipName('if')) {
      const test = this.parseOr();
      const otherwise = stream.skipName('else') ? this.parseExpression() : null;
      expression = { kind: 'conditional', test, value: expression, otherwise, start, end: stream.lastEnd };
    }
    this.depth--;
    return expression;
  }

  private deeper(): void {
    if (++this.depth > MAX_NESTING) throw this.stream.error('expression nested too deeply');
  }

  private parseOr(): Expression {
    return this.parseLogic('or', () => this.parseLogic('and', () => this.parseNot()));
  }

  private parseLogic(operator: 'and' | 'or', next: () => Expression): Expression {
    const { stream } = this;
    const start = stream.current.start;
    let left = next();
    while (stream.skipName(operator)) {
      const right = next();
      left = { kind: 'logic', operator, left, right, start, end: stream.lastEnd };
    }
    return left;
  }

  private parseNot(): Expression {
    const { stream } = this;
    if (!stream.isName('not')) return this.parseCompare();
    const { start } = stream.advance();
    this.deeper();
    const operand = this.parseNot();
    this.depth--;
    return { kind: 'unary', operator: 'not', operand, start, end: stream.lastEnd };
  }

  private parseCompare(): Expression {
    const { stream } = this;
    const start = stream.current.start;
    const first = this.parseSum();
    const rest: { operator: CompareOperator; operand: Expression }[] = [];
    for (let operator = this.readComparison(); operator !== null; operator = this.readComparison()) {
      rest.push({ operator, operand: this.parseSum() });
    }
    return rest.length === 0 ? first : { kind: 'compare', first, rest, start, end: stream.lastEnd };
  }

  private readComparison(): CompareOperator | null {
    const { stream } = this;
    if (stream.skipName('in')) return 'in';
    if (stream.areNames('not', 'in')) {
      stream.advance();
      stream.advance();
      return 'not in';
    }
    return this.readOperator(COMPARISONS);
  }

  private readOperator<T extends string>(operators: readonly T[]): T | null {
    const found = operators.find((operator) => this.stream.isOperator(operator));
    if (found === undefined) return null;
    this.stream.advance();
    return found;
  }

  private parseSum(): Expression {
    return this.parseBinary(['+', '-'], () => this.parseConcat());
  }

  private parseConcat(): Expression {
    const { stream } = this;
    const start = stream.current.start;
    const parts = [this.parseProduct()];
    while (stream.skipOperator('~')) parts.push(this.parseProduct());
    return parts.length === 1 ? parts[0]! : { kind: 'concat', parts, start, end: stream.lastEnd };
  }

  private parseProduct(): Expression {
    return this.parseBinary(['*', '/', '//', '%'], () => this.parsePower());
  }

  // Unlike Python, Jinja reads a chain of powers from the left: `2 ** 3 ** 2` is 64.
  private parsePower(): Expression {
    return this.parseBinary(['**'], () => this.parseUnary(true));
  }

  private parseBinary(operators: readonly BinaryOperator[], next: () => Expression): Expression {
    const { stream } = this;
    const start = stream.current.start;
    let left = next();
    for (
      let operator = this.readOperator(operators);
      operator !== null;
      operator = this.readOperator(operators)
    ) {
      const right = next();
      left = { kind: 'binary', operator, left, right, start, end: stream.lastEnd };
    }
    return left;
  }

  private parseUnary(withFilters: boolean): Expression {
    const { stream } = this;
    const start = stream.current.start;
    const operator = this.readOperator(['-', '+'] as const);
    let node: Expression;
    if (operator === null) {
      node = this.parsePrimary();
    } else {
      this.deeper();
      const operand = this.parseUnary(false);
      this.depth--;
      node = { kind: 'unary', operator, operand, start, end: stream.lastEnd };
    }
    node = this.parsePostfix(node);
    return withFilters ? this.parseFiltersAndTests(node) : node;
  }

  private parsePrimary(): Expression {
    const { stream } = this;
    const token = stream.current;
    const { start, end } = token;
    switch (token.kind) {
      case 'name': {
        stream.advance();
        const literal = CONSTANTS.get(token.text);
        return literal !== undefined
          ? { kind: 'literal', literal, start, end }
          : { kind: 'name', name: token.text, start, end };
      }
      case 'string': {
        let value = '';
        for (let next = stream.current; next.kind === 'string'; next = stream.current) {
          value += next.text;
          stream.advance();
        }
        return { kind: 'literal', literal: { type: 'string', value }, start, end: stream.lastEnd };
      }
      case 'integer':
      case 'float':
        stream.advance();
        return { kind: 'literal', literal: { type: token.kind, text: token.text }, start, end };
      case 'operator':
        if (token.text === '(') return this.parseParenthesised();
        if (token.text === '[') return this.parseList();
        if (token.text === '{') return this.parseDict();
        break;
      default:
    }
    throw stream.error(`unexpected ${describe(token)}`);
  }

  private parseParenthesised(): Expression {
    const { stream } = this;
    stream.advance();
    this.deeper();
    const inner = this.parseTuple({ parenthesised: true });
    this.depth--;
    stream.expectOperator(')');
    return inner;
  }

  private parseList(): Expression {
    const { stream } = this;
    const { start } = stream.advance();
    const items: Expression[] = [];
    this.readSeparated(']', () => items.push(this.parseExpression()));
    return { kind: 'list', items, start, end: stream.lastEnd };
  }

  private parseDict(): Expression {
    const { stream } = this;
    const { start } = stream.advance();
    const pairs: [Expression, Expression][] = [];
    this.readSeparated('}', () => {
      const key = this.parseExpression();
      stream.expectOperator(':');
      pairs.push([key, this.parseExpression()]);
    });
    return { kind: 'dict', pairs, start, end: stream.lastEnd };
  }

  /** Reads elements with commas between them, one more comma allowed, up to and with the closer. */
  private readSeparated(closer: string, readElement: () => void): void {
    const { stream } = this;
    for (let first = true; !stream.isOperator(closer); first = false) {
      if (!first) stream.expectOperator(',');
      if (stream.isOperator(closer)) break;
      readElement();
    }
    stream.expectOperator(closer);
  }

  private parsePostfix(node: Expression): Expression {
    const { stream } = this;
    for (;;) {
      if (stream.isOperator('.')) node = this.parseDot(node);
      else if (stream.isOperator('[')) node = this.parseBrackets(node);
      else if (stream.isOperator('(')) node = this.parseCall(node);
      else return node;
    }
  }

  private parseFiltersAndTests(node: Expression): Expression {
    const { stream } = this;
    for (;;) {
      if (stream.isOperator('|')) node = this.parseFilters(node)!;
      else if (stream.isName('is')) node = this.parseTest(node);
      else if (stream.isOperator('(')) node = this.parseCall(node);
      else return node;
    }
  }

  private parseDot(object: Expression): Expression {
    const { stream } = this;
    const { start } = object;
    stream.advance();
    const token = stream.current;
    if (token.kind === 'name') {
      stream.advance();
      return { kind: 'attribute', object, name: token.text, start, end: token.end };
    }
    if (token.kind !== 'integer') throw stream.error('expected name or number');
    stream.advance();
    const index: Expression = {
      kind: 'literal',
      literal: { type: 'integer', text: token.text },
      start: token.start,
      end: token.end,
    };
    return { kind: 'item', object, index, start, end: token.end };
  }

  private parseBrackets(object: Expression): Expression {
    const { stream } = this;
    const opened = stream.advance();
    const indices: Expression[] = [];
    while (!stream.isOperator(']')) {
      if (indices.length > 0) stream.expectOperator(',');
      indices.push(this.parseSubscript());
    }
    stream.expectOperator(']');
    const index: Expression =
      indices.length === 1
        ? indices[0]!
        : { kind: 'tuple', items: indices, start: opened.start, end: stream.lastEnd };
    return { kind: 'item', object, index, start: object.start, end: stream.lastEnd };
  }

  private parseSubscript(): Expression {
    const { stream } = this;
    const start = stream.current.start;
    const from = stream.isOperator(':') ? null : this.parseExpression();
    if (from !== null && !stream.isOperator(':')) return from;
    stream.expectOperator(':');
    const ends = () => stream.isOperator(':') || stream.isOperator(']') || stream.isOperator(',');
    const to = ends() ? null : this.parseExpression();
    const step = stream.skipOperator(':') && !ends() ? this.parseExpression() : null;
    return { kind: 'slice', from, to, step, start, end: stream.lastEnd };
  }

  private parseCall(callee: Expression): Expression {
    const args = this.parseArguments();
    return { kind: 'call', callee, args, start: callee.start, end: this.stream.lastEnd };
  }

  private parseArguments(): Arguments {
    const { stream } = this;
    const opened = stream.current.start;
    const positional: Expression[] = [];
    const named: { name: string; value: Expression }[] = [];
    let spread: Expression | null = null;
    let spreadNamed: Expression | null = null;
    const ensure = (holds: boolean): void => {
      if (!holds) throw stream.error('invalid syntax for function call expression', opened);
    };
    stream.expectOperator('(');
    this.readSeparated(')', () => {
      if (stream.isOperator('*')) {
        ensure(spread === null && spreadNamed === null);
        stream.advance();
        spread = this.parseExpression();
      } else if (stream.isOperator('**')) {
        ensure(spreadNamed === null);
        stream.advance();
        spreadNamed = this.parseExpression();
      } else if (this.atNamedArgument()) {
        ensure(spreadNamed === null);
        const { text: name, start } = stream.readName();
        if (named.some((other) => other.name === name)) {
          throw stream.error(`keyword argument repeated: ${name}`, start);
        }
        stream.advance();
        named.push({ name, value: this.parseExpression() });
      } else {
        ensure(spread === null && spreadNamed === null && named.length === 0);
        positional.push(this.parseExpression());
      }
    });
    return { positional, named, spread, spreadNamed };
  }

  private atNamedArgument(): boolean {
    const { current, following } = this.stream;
    return current.kind === 'name' && following.kind === 'operator' && following.text === '=';
  }

  /** A chain of `|filter`; `value` null means the body of a block. `bare` reads the first without its bar. */
  parseFilters(value: Expression | null, bare = false): Extract<Expression, { kind: 'filter' }> | null {
    const { stream } = this;
    let node: Extract<Expression, { kind: 'filter' }> | null = null;
    for (let first = bare; first || stream.isOperator('|'); first = false) {
      if (!first) stream.advance();
      const { text: name, start } = this.readDottedName();
      const args = stream.isOperator('(') ? this.parseArguments() : NO_ARGUMENTS;
      const inner: Expression | null = node ?? value;
      node = { kind: 'filter', value: inner, name, args, start: inner?.start ?? start, end: stream.lastEnd };
    }
    return node;
  }

  private readDottedName(): { text: string; start: number } {
    const first = this.stream.readName();
    let text = first.text;
    while (this.stream.skipOperator('.')) text += `.${this.stream.readName().text}`;
    return { text, start: first.start };
  }

  private parseTest(value: Expression): Expression {
    const { stream } = this;
    stream.expectName('is');
    const negated = stream.skipName('not');
    const { text: name } = this.readDottedName();
    const args = this.parseTestArguments();
    const { start } = value;
    const end = stream.lastEnd;
    const test: Expression = { kind: 'test', value, name, args, start, end };
    return negated ? { kind: 'unary', operator: 'not', operand: test, start, end } : test;
  }

  private parseTestArguments(): Arguments {
    const { stream } = this;
    const token = stream.current;
    if (stream.isOperator('(')) return this.parseArguments();
    const takesOne =
      token.kind === 'name'
        ? !NO_TEST_ARGUMENT.has(token.text)
        : token.kind === 'string' ||
          token.kind === 'integer' ||
          token.kind === 'float' ||
          stream.isOperator('[') ||
          stream.isOperator('{');
    if (!takesOne) return NO_ARGUMENTS;
    if (stream.isName('is')) throw stream.error('You cannot chain multiple tests with is');
    return { ...NO_ARGUMENTS, positional: [this.parsePostfix(this.parsePrimary())] };
  }
}

const NO_ARGUMENTS: Arguments = { positional: [], named: [], spread: null, spreadNamed: null };

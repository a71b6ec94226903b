// Pratt parser for Python expressions: strict, one pass, with messages that name the fix. Statements, `await`, `yield`
// and star parameters are outside the language and refused by name.
import { ExpressionSyntaxError } from './errors.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { FormattedReader, mergeText } from './parse-formatted.ts';
import type {
  BinaryOperator,
  Clause,
  ComparisonOperator,
  Field,
  NamedArgument,
  Node,
  Parameter,
  Target,
} from './syntax.ts';

/** Parses one expression. Throws ExpressionSyntaxError. */
export function parseExpression(source: string, limits: Limits = DEFAULT_LIMITS): Node {
  if (source.length > limits.sourceLength) {
    throw new ExpressionSyntaxError(
      `an expression of ${source.length} characters (limit ${limits.sourceLength})`,
      source,
      0,
    );
  }
  return new Parser(source, limits).parse();
}

// How tightly operators bind; all of these group to the left.
const BINDING: ReadonlyMap<string, number> = new Map([
  ['|', 1],
  ['^', 2],
  ['&', 3],
  ['<<', 4],
  ['>>', 4],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['//', 6],
  ['%', 6],
  ['@', 6],
]);
const LOOSEST = 1;

const COMPARISONS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=', '==', '!=']);

/** Most calls and subscripts chained on one value. */
const MAX_CHAIN = 200;
/** Most operators of one chain, about what CPython compiles. */
const MAX_OPERATORS = 2000;

class Parser extends FormattedReader {
  parse(): Node {
    if (this.token.kind === 'end') this.fail('an expression was expected, but the text is empty', 0, 1);
    const node = this.expressions();
    if (!this.atEnd()) this.refuse();
    return node;
  }

  // --- from loose to tight

  /** One expression, or several with commas between them: a tuple. */
  protected expressions(allowStar = false): Node {
    const { start } = this.token;
    const first = this.starredOr(allowStar, false);
    if (!this.is(',')) {
      if (first.kind === 'starred')
        this.fail('a starred value needs a list, tuple or set around it', first.start, first.end);
      return first;
    }
    const items = [first];
    while (this.eat(',')) {
      if (this.token.kind === 'end' || /^[)\]}:=!]$/.test(this.token.text)) break;
      items.push(this.starredOr(allowStar, false));
    }
    return this.node({ kind: 'tuple', items }, start);
  }

  private starredOr(allowStar: boolean, allowWalrus: boolean): Node {
    if (!this.is('*')) return allowWalrus ? this.named() : this.expression();
    if (!allowStar) this.fail('a starred value is not allowed here');
    const { start } = this.token;
    this.advance();
    return this.node({ kind: 'starred', value: this.operation(LOOSEST) }, start);
  }

  /** An expression that may name its value: `name := value`. */
  private named(): Node {
    const { start } = this.token;
    const node = this.expression();
    if (!this.is(':=')) return node;
    // A name in parentheses begins later than the expression it fills.
    if (node.kind !== 'name' || node.start !== start)
      this.fail("only a plain name can stand before ':='", node.start, node.end);
    this.advance();
    return this.node({ kind: 'walrus', name: node.name, value: this.expression() }, start);
  }

  private expression(): Node {
    return this.deeper(() => {
      // A chain of else branches is built from its end, without recursion.
      const links: { chosen: Node; condition: Node; start: number }[] = [];
      let { start } = this.token;
      let node = this.is('lambda') ? this.lambda() : this.disjunction();
      while (node.kind !== 'lambda' && this.is('if')) {
        if (links.length >= this.limits.elseChain)
          this.fail(`a chain of more than ${this.limits.elseChain} choices`);
        this.advance();
        const condition = this.disjunction();
        if (!this.is('else'))
          this.fail("'else' was expected: a choice is written VALUE if CONDITION else OTHER");
        this.advance();
        links.push({ chosen: node, condition, start });
        start = this.token.start;
        node = this.is('lambda') ? this.lambda() : this.disjunction();
      }
      for (const link of links.reverse()) {
        node = this.node(
          { kind: 'conditional', condition: link.condition, chosen: link.chosen, otherwise: node },
          link.start,
        );
      }
      return node;
    });
  }

  private lambda(): Node {
    const { start } = this.token;
    if (this.brackets.at(-1)?.text === '{field') this.fail('a lambda inside an f-string needs parentheses');
    this.advance();
    const parameters: Parameter[] = [];
    while (!this.is(':')) {
      const { token } = this;
      if (token.kind !== 'name') this.fail('a lambda takes plain parameter names here');
      if (parameters.some((parameter) => parameter.name === token.text)) {
        this.fail(`duplicate parameter '${token.text}'`);
      }
      this.advance();
      const missing = this.eat('=') ? this.expression() : null;
      if (missing === null && parameters.some((parameter) => parameter.default !== null)) {
        this.fail('a parameter without a default follows one with a default', token.start, token.end);
      }
      parameters.push({ name: token.text, default: missing });
      if (!this.eat(',')) break;
    }
    if (!this.is(':')) this.refuse("a ':' was expected");
    this.advance();
    return this.node({ kind: 'lambda', parameters, body: this.expression() }, start);
  }

  private disjunction(): Node {
    return this.logical('or', () => this.logical('and', () => this.inversion()));
  }

  private logical(kind: 'or' | 'and', part: () => Node): Node {
    const { start } = this.token;
    const first = part();
    if (!this.is(kind)) return first;
    const operands = [first];
    while (this.eat(kind)) operands.push(part());
    return this.node({ kind, operands }, start);
  }

  private inversion(): Node {
    if (!this.is('not')) return this.comparison();
    const { start } = this.token;
    this.advance();
    const operand = this.deeper(() => this.inversion());
    return this.node({ kind: 'unary', operator: 'not', operand }, start);
  }

  private comparison(): Node {
    const { start } = this.token;
    const first = this.operation(LOOSEST);
    const rest: { operator: ComparisonOperator; operand: Node }[] = [];
    for (let operator = this.comparisonOperator(); operator !== null; operator = this.comparisonOperator()) {
      rest.push({ operator, operand: this.operation(LOOSEST) });
    }
    return rest.length === 0 ? first : this.node({ kind: 'comparison', first, rest }, start);
  }

  private comparisonOperator(): ComparisonOperator | null {
    const { token } = this;
    if (token.kind === 'operator' && COMPARISONS.has(token.text)) {
      this.advance();
      return token.text as ComparisonOperator;
    }
    if (this.eat('in')) return 'in';
    if (this.eat('is')) return this.eat('not') ? 'is not' : 'is';
    if (!this.is('not')) return null;
    this.advance();
    if (!this.is('in')) this.fail("'in' was expected after 'not'", token.start, this.token.end);
    this.advance();
    return 'not in';
  }

  private operation(tightest: number): Node {
    const { start } = this.token;
    let left = this.unary();
    for (let links = 0; ; links++) {
      // Each link nests the tree one deeper on its left, and whoever walks it recurses.
      if (links > MAX_OPERATORS) this.fail(`a chain of more than ${MAX_OPERATORS} operators`);
      const { token } = this;
      const binding = token.kind === 'operator' ? BINDING.get(token.text) : undefined;
      if (binding === undefined || binding < tightest) return left;
      if (token.text === '@') this.fail("the matrix operator '@' is not supported");
      this.advance();
      const right = this.operation(binding + 1);
      left = this.node({ kind: 'binary', operator: token.text as BinaryOperator, left, right }, start);
    }
  }

  private unary(): Node {
    const { token } = this;
    if (!this.is('-') && !this.is('+') && !this.is('~')) return this.power();
    this.advance();
    const operand = this.deeper(() => this.unary());
    return this.node({ kind: 'unary', operator: token.text as '-' | '+' | '~', operand }, token.start);
  }

  private power(): Node {
    const { start } = this.token;
    const left = this.primary();
    if (!this.is('**')) return left;
    this.advance();
    const right = this.deeper(() => this.unary());
    return this.node({ kind: 'binary', operator: '**', left, right }, start);
  }

  private primary(): Node {
    const { start } = this.token;
    let node = this.atom();
    for (let links = 0; ; links++) {
      if (links > MAX_CHAIN) this.fail(`a chain of more than ${MAX_CHAIN} calls and subscripts`);
      if (this.is('(')) node = this.call(node, start);
      else if (this.is('[')) {
        this.open('[');
        const index = this.subscript();
        this.close(']');
        node = this.node({ kind: 'subscript', object: node, index }, start);
      } else if (this.eat('.')) {
        if (this.token.kind !== 'name') this.fail("a name was expected after '.'");
        const name = this.token.text;
        this.advance();
        node = this.node({ kind: 'attribute', object: node, name }, start);
      } else return node;
    }
  }

  private call(callee: Node, start: number): Node {
    this.open('(');
    const positional: Node[] = [];
    const named: NamedArgument[] = [];
    while (!this.is(')')) {
      this.argument(positional, named);
      if (!this.is(')') && !this.is(',')) this.close(')');
      this.eat(',');
    }
    this.close(')');
    return this.node({ kind: 'call', callee, positional, named }, start);
  }

  private argument(positional: Node[], named: NamedArgument[]): void {
    const { start } = this.token;
    if (this.eat('**')) {
      named.push({ name: null, value: this.expression() });
      return;
    }
    if (this.is('*')) {
      if (named.some((argument) => argument.name === null))
        this.fail('a starred argument follows a ** argument');
      this.advance();
      positional.push(this.node({ kind: 'starred', value: this.expression() }, start));
      return;
    }
    const value = this.named();
    if (this.is('=')) {
      if (value.kind !== 'name' || value.start !== start) {
        this.fail("only a plain name can stand before '='; did you mean '=='?", value.start, this.token.end);
      }
      if (named.some((argument) => argument.name === value.name)) {
        this.fail(`argument '${value.name}' is given twice`, value.start, value.end);
      }
      this.advance();
      named.push({ name: value.name, value: this.expression() });
      return;
    }
    if (this.is('for') || this.is('async')) {
      const generator = this.comprehension('generator', value, null, start);
      if (!this.is(')') || positional.length > 0 || named.length > 0) {
        this.fail('a generator beside other arguments needs parentheses', generator.start, generator.end);
      }
      positional.push(generator);
      return;
    }
    if (named.length > 0) this.fail('an argument without a name follows a named one', value.start, value.end);
    positional.push(value);
  }

  private subscript(): Node {
    const { start } = this.token;
    const first = this.sliceOrIndex();
    if (!this.is(',')) return first;
    const items = [first];
    while (this.eat(',')) {
      if (this.is(']')) break;
      items.push(this.sliceOrIndex());
    }
    return this.node({ kind: 'tuple', items }, start);
  }

  private sliceOrIndex(): Node {
    const { start } = this.token;
    if (this.is(']')) this.fail('an index or a slice was expected');
    let from: Node | null = null;
    if (!this.is(':')) {
      from = this.named();
      if (!this.is(':')) return from;
      if (from.kind === 'walrus' && from.start === start) this.fail("':=' inside a slice needs parentheses");
    }
    this.advance();
    const ends = () => this.is(':') || this.is(']') || this.is(',');
    const to = ends() ? null : this.expression();
    const step = this.eat(':') && !ends() ? this.expression() : null;
    return this.node({ kind: 'slice', from, to, step }, start);
  }

  private comprehension(
    form: 'list' | 'set' | 'dict' | 'generator',
    item: Node,
    value: Node | null,
    start: number,
  ): Node {
    if (item.kind === 'starred')
      this.fail('a starred value is not allowed in a comprehension', item.start, item.end);
    const clauses: Clause[] = [];
    while (this.is('for') || this.is('async')) {
      if (this.is('async')) this.fail("'async' comprehensions are not supported");
      this.advance();
      const target = this.target();
      if (!this.is('in')) this.refuse("'in' was expected");
      this.advance();
      const source = this.disjunction();
      const conditions: Node[] = [];
      while (this.eat('if')) {
        conditions.push(this.disjunction());
        if (this.is('else')) {
          this.fail("'else' is not allowed in a filter; put the choice before 'for'");
        }
        if (this.is(':=')) this.fail("':=' in a filter needs parentheses");
      }
      clauses.push({ target, source, conditions });
    }
    return this.node({ kind: 'comprehension', form, clauses, item, value }, start);
  }

  private target(): Target {
    const { start } = this.token;
    const first = this.singleTarget();
    if (!this.is(',')) return first;
    const targets = [first];
    while (this.eat(',')) {
      if (this.is('in') || this.is(')') || this.is(']')) break;
      targets.push(this.singleTarget());
    }
    return { kind: 'unpack', targets, start, end: this.previousEnd };
  }

  private singleTarget(): Target {
    const { token } = this;
    if (token.kind === 'name') {
      this.advance();
      return { kind: 'name', name: token.text, start: token.start, end: token.end };
    }
    if (this.is('*')) this.fail('a starred name after for is not supported');
    if (!this.is('(') && !this.is('[')) this.fail("a name was expected after 'for'");
    return this.deeper(() => {
      const list = this.is('[');
      this.open(list ? '[' : '(');
      const inner = this.target();
      this.close(list ? ']' : ')');
      // Brackets unpack even a single name; parentheses alone do not.
      if (!list || inner.kind === 'unpack') return inner;
      return { kind: 'unpack', targets: [inner], start: token.start, end: this.previousEnd };
    });
  }

  // --- atoms

  private atom(): Node {
    const { token } = this;
    switch (token.kind) {
      case 'name':
        this.advance();
        return this.node({ kind: 'name', name: token.text }, token.start);
      case 'number':
        this.advance();
        return this.node({ kind: 'constant', value: token.value }, token.start);
      case 'string':
      case 'fstring':
        return this.strings();
      case 'keyword':
        if (token.text !== 'True' && token.text !== 'False' && token.text !== 'None') return this.refuse();
        this.advance();
        return this.node(
          { kind: 'constant', value: token.text === 'None' ? null : token.text === 'True' },
          token.start,
        );
      case 'operator':
        if (token.text === '(') return this.deeper(() => this.parenthesised());
        if (token.text === '[') return this.deeper(() => this.list());
        if (token.text === '{') return this.deeper(() => this.dictOrSet());
        return this.refuse();
      case 'end':
        return this.refuse();
      default:
        return token satisfies never;
    }
  }

  private parenthesised(): Node {
    const { start } = this.token;
    this.open('(');
    if (this.is(')')) {
      this.close(')');
      return this.node({ kind: 'tuple', items: [] }, start);
    }
    const first = this.starredOr(true, true);
    if (this.is('for') || this.is('async'))
      return this.closed(this.comprehension('generator', first, null, start), ')');
    if (this.is(',')) {
      const items = this.more(first, ')');
      return this.node({ kind: 'tuple', items }, start);
    }
    if (first.kind === 'starred') this.fail('a starred value is not allowed here', first.start, first.end);
    this.close(')');
    return first;
  }

  private list(): Node {
    const { start } = this.token;
    this.open('[');
    if (this.is(']')) {
      this.close(']');
      return this.node({ kind: 'list', items: [] }, start);
    }
    const first = this.starredOr(true, true);
    if (this.is('for') || this.is('async'))
      return this.closed(this.comprehension('list', first, null, start), ']');
    const items = this.more(first, ']');
    return this.node({ kind: 'list', items }, start);
  }

  private dictOrSet(): Node {
    const { start } = this.token;
    this.open('{');
    if (this.is('}')) {
      this.close('}');
      return this.node({ kind: 'dict', entries: [] }, start);
    }
    if (this.eat('**')) return this.dict([[null, this.operation(LOOSEST)]], start);
    const first = this.starredOr(true, true);
    if (this.is(':')) {
      if (
        first.kind === 'starred' ||
        (first.kind === 'walrus' && first.start === this.brackets.at(-1)!.at + 1)
      ) {
        this.fail('this cannot be a key', first.start, first.end);
      }
      this.advance();
      const value = this.expression();
      if (this.is('for') || this.is('async'))
        return this.closed(this.comprehension('dict', first, value, start), '}');
      return this.dict([[first, value]], start);
    }
    if (this.is('for') || this.is('async'))
      return this.closed(this.comprehension('set', first, null, start), '}');
    const items = this.more(first, '}');
    return this.node({ kind: 'set', items }, start);
  }

  private dict(entries: [Node | null, Node][], start: number): Node {
    while (this.eat(',')) {
      if (this.is('}')) break;
      if (this.eat('**')) {
        entries.push([null, this.operation(LOOSEST)]);
        continue;
      }
      const key = this.expression();
      if (!this.is(':')) this.refuse("a ':' was expected after the key");
      this.advance();
      entries.push([key, this.expression()]);
    }
    this.close('}');
    return this.node({ kind: 'dict', entries }, start);
  }

  /** The rest of a display after its first item, with the closing bracket. */
  private more(first: Node, closing: ')' | ']' | '}'): Node[] {
    const items = [first];
    while (this.eat(',')) {
      if (this.is(closing)) break;
      items.push(this.starredOr(true, true));
    }
    this.close(closing);
    return items;
  }

  private closed(node: Node, closing: ')' | ']' | '}'): Node {
    this.close(closing);
    return { ...node, end: this.previousEnd };
  }

  // --- strings

  /** One string literal or several side by side, which are one string. */
  private strings(): Node {
    const { start } = this.token;
    const parts: (string | Field)[] = [];
    for (;;) {
      const { token } = this;
      if (token.kind === 'string') parts.push(token.value as string);
      else if (token.kind === 'fstring') parts.push(...this.formatted(token));
      else break;
      this.advance();
    }
    const merged = mergeText(parts);
    if (merged.every((part) => typeof part === 'string')) {
      return this.node({ kind: 'constant', value: merged.join('') }, start);
    }
    return this.node({ kind: 'formatted', parts: merged }, start);
  }
}

import { describe, expect, test } from 'vitest';
import { ExpressionError, ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { fieldsFromJson, JsonError, parseJson } from '../../src/expression/json.ts';

const fields = fieldsFromJson('{"d": {"__proto__": 1, "constructor": 2}, "s": "text", "xs": [1, 2, 3]}');

function failureOf(source: string): string {
  try {
    compileExpression(source).evaluate(fields, createEvaluation({ random: null }));
    return 'no failure';
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return 'SyntaxError';
    if (error instanceof ExpressionError) return error.type;
    throw error;
  }
}

const ATTACKS: readonly (readonly [source: string, failure: string])[] = [
  // The host and Python's machinery.
  ["open('/proc/self/environ').read()", 'NameError'],
  ["__import__('os').system('id')", 'NameError'],
  ["eval('1')", 'NameError'],
  ["exec('1')", 'NameError'],
  ['globals()', 'NameError'],
  ['type(1)', 'NameError'],
  ["getattr(s, 'upper')", 'NameError'],
  ['s.__class__.__mro__[1].__subclasses__()', 'SyntaxError'],
  ['(lambda: 1).__globals__', 'SyntaxError'],
  ['[].constructor', 'AttributeError'],
  ["''.constructor.constructor('return process')()", 'AttributeError'],
  ["{}['__proto__']", 'KeyError'],
  ["xs['constructor']", 'TypeError'],
  ['(1).toString()', 'AttributeError'],
  ['xs.push(1)', 'AttributeError'],
  ['xs.length', 'AttributeError'],
  ['len.call(1)', 'AttributeError'],
  ['math.constructor', 'AttributeError'],
  ['random.__proto__', 'SyntaxError'],
  ['constructor', 'NameError'],
  ['__proto__', 'NameError'],
  ['hasOwnProperty', 'NameError'],
  ["'{0.__class__}'.format(1)", 'AttributeError'],
  ["'{0.constructor}'.format(xs)", 'AttributeError'],
  ["'{a[__proto__]}'.format(a={})", 'KeyError'],
  ["f'{s.__class__}'", 'SyntaxError'],
  ["'%(constructor)s' % {}", 'KeyError'],
  ["dict(__proto__=1)['constructor']", 'KeyError'],
  // Memory.
  ["'a' * 10**10", 'LimitError'],
  ['[0] * 10**9', 'LimitError'],
  ['list(range(10**9))', 'LimitError'],
  ['[x for x in range(10**9)]', 'LimitError'],
  ['{x for x in range(10**7)}', 'LimitError'],
  ['{x: x for x in range(10**7)}', 'LimitError'],
  ['10 ** 10 ** 10', 'LimitError'],
  ['1 << 10**9', 'LimitError'],
  ['factorial(10**6)', 'LimitError'],
  ['math.comb(10**6, 10**5)', 'LimitError'],
  ["'{:1000000000}'.format(1)", 'LimitError'],
  ["f'{1:.999999}'", 'LimitError'],
  ["'%1000000000d' % 1", 'LimitError'],
  ["'%.100000f' % 1.5", 'LimitError'],
  ["'a'.ljust(10**9)", 'LimitError'],
  ["'5'.zfill(10**9)", 'LimitError'],
  ["'\\t'.expandtabs(10**9)", 'LimitError'],
  ["('x' * 10**6).replace('x', 'y' * 1000)", 'LimitError'],
  ["('x' * 1000).join(['y'] * 10**5)", 'LimitError'],
  ["('a' * 10**6).replace('', 'b' * 10)", 'LimitError'],
  ["[x := ['a' * 1000], [x := x + x for i in range(40)]]", 'LimitError'],
  ["[x := 'a', [x := x + x for i in range(40)]]", 'LimitError'],
  ['[x := 2, [x := x * x for i in range(40)]]', 'LimitError'],
  ['[x := [1], [x.extend(x) for i in range(40)]]', 'LimitError'],
  ["repr([['a' * 10**6] * 10**3])", 'LimitError'],
  ['str([10**4000] * 1000)', 'LimitError'],
  ["''.join(chr(i % 100 + 100) for i in range(10**8))", 'LimitError'],
  // Time.
  ['sum(range(10**9))', 'LimitError'],
  ['any(False for x in range(10**9))', 'LimitError'],
  ['max(x for x in range(10**9))', 'LimitError'],
  ['10**9 in (x for x in range(10**10))', 'LimitError'],
  ['[1 for a in range(10**4) for b in range(10**4)]', 'LimitError'],
  ['sorted(range(10**6), key=lambda x: -x)', 'LimitError'],
  ['all(map(lambda x: True, range(10**9)))', 'LimitError'],
  ['list(zip(*[range(10**6)] * 100))', 'LimitError'],
  ['[p := [1], [p.append(x) for x in p]]', 'LimitError'],
  ['random.poissonvariate(10**9)', 'LimitError'],
  ['pow(3, 10**9000, 10**9000)', 'LimitError'],
  ["int('9' * 5000)", 'ValueError'],
  ['str(10 ** 5000)', 'ValueError'],
  // Depth.
  [`${'('.repeat(200)}1${')'.repeat(200)}`, 'SyntaxError'],
  [`${'['.repeat(10000)}`, 'SyntaxError'],
  [`${'-'.repeat(10000)}1`, 'SyntaxError'],
  [`${'not '.repeat(10000)}1`, 'SyntaxError'],
  [`1${' if 1 else 1'.repeat(2000)}`, 'SyntaxError'],
  [`${'lambda: '.repeat(5000)}1`, 'SyntaxError'],
  [`x${'[0]'.repeat(1000)}`, 'SyntaxError'],
  [`1${' ** 1'.repeat(5000)}`, 'SyntaxError'],
  [`[${'1,'.repeat(24000)}]`, 'SyntaxError'],
  [`${'1 + '.repeat(15000)}1`, 'SyntaxError'],
  [`${"f'{".repeat(500)}`, 'SyntaxError'],
  ['(lambda f: f(f))(lambda f: f(f))', 'LimitError'],
  ['[x := [], [x := [x] for i in range(1000)], repr(x)]', 'LimitError'],
  ['[x := (), y := (), [(x := (x,), y := (y,)) for i in range(1000)], x == y]', 'LimitError'],
  ['[x := (), [x := (x,) for i in range(1000)], {x: 1}]', 'LimitError'],
  ['[g := (next(g) for i in xs), list(g)]', 'ValueError'],
  [`1${'0'.repeat(5000)}`, 'SyntaxError'],
  [`'${'a'.repeat(60000)}'`, 'SyntaxError'],
];

describe('attacks end in one typed error', () => {
  test.each(ATTACKS.map(([source, failure]) => [source.slice(0, 60), source, failure] as const))(
    '%s',
    (_shown, source, failure) => {
      expect(failureOf(source)).toBe(failure);
    },
  );

  test('a chain of operators as long as the limits allow runs', () => {
    const source = `${'1 + '.repeat(2000)}1`;
    expect(compileExpression(source).evaluate(fields, createEvaluation({ random: null }))).toBe(2001);
  });

  test('JSON nested too deeply is refused', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow(JsonError);
  });

  test('limits can be lowered for one evaluation', () => {
    const evaluation = createEvaluation({ random: null, limits: { fuel: 10 } });
    expect(() => compileExpression('sum(range(100))').evaluate(fields, evaluation)).toThrow(ExpressionError);
  });

  test('fields may be named after builtins, for their unit only', () => {
    const sum = compileExpression('max(1, 2)');
    const shadowed = fieldsFromJson('{"max": 5}');
    expect(() => sum.evaluate(shadowed, createEvaluation({ random: null }))).toThrow(ExpressionError);
    expect(sum.evaluate(fields, createEvaluation({ random: null }))).toBe(2);
  });
});

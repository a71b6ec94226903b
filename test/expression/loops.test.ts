// Loops that take a short way, next to the long one: what can be seen of them is the same.
import { describe, expect, test } from 'vitest';
import { ExpressionError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { pyRepr } from '../../src/expression/text.ts';

function answer(source: string, limits: { fuel?: number; collection?: number } = {}): string {
  const evaluation = createEvaluation({ random: null, limits });
  try {
    const value = compileExpression(source).evaluate(fieldsFromJson('{"xs": [3, 1, 2]}'), evaluation);
    return pyRepr(evaluation, value);
  } catch (error) {
    if (error instanceof ExpressionError) return error.type;
    throw error;
  }
}

describe('short ways through loops', () => {
  test.each([
    ['[c for c in range(5, -5, -3)]', '[5, 2, -1, -4]'],
    ['[[c for _ in range(2)] for c in xs]', '[[3, 3], [1, 1], [2, 2]]'],
    ['[missing for _ in range(0)]', '[]'],
    ['[missing for _ in range(2)]', 'NameError'],
    ['[x for x in xs for _ in range(2)]', '[3, 3, 1, 1, 2, 2]'],
    ['[c for c in xs for c in range(c)]', '[0, 1, 2, 0, 0, 1]'],
    ['[xs.append(c) or c for c in xs if len(xs) < 6]', '[3, 1, 2]'],
    ['xs[1:]', '[1, 2]'],
    ['xs[5:]', '[]'],
    ['xs[2:1]', '[]'],
    ['xs[:True]', '[3]'],
    ['xs[-2:]', '[1, 2]'],
    ['[x := xs[:], x.append(9), xs]', '[[3, 1, 2, 9], None, [3, 1, 2]]'],
    ["'a' in ['a', 1]", 'True'],
    ["1.0 in ('a', 1)", 'True'],
    ["[] not in ['a', 1]", 'True'],
    ["[] in {'a', 'b'}", 'TypeError'],
    ["1 == 'a'", 'False'],
    ["None != 'a'", 'True'],
  ])('%s', (source, expected) => {
    expect(answer(source)).toBe(expected);
  });

  test('a list iterator stays at its end when the list grows', () => {
    expect(answer('[y := iter(xs), list(y), xs.append(4), list(y)][3]')).toBe('[]');
  });

  test('a failure inside a generator comes through', () => {
    expect(answer('[g := (1 // (x - 1) for x in xs), next(g), next(g, 0)]')).toBe('ZeroDivisionError');
    expect(answer('sum(g for g in (x for x in xs))')).toBe('6');
  });

  test('a generator cannot be asked while it is answering', () => {
    expect(answer('[g := (next(g) for i in xs), list(g)]')).toBe('ValueError');
  });

  test('an error comes before the limit that the loop would have met', () => {
    expect(answer('[1 // 0 for _ in range(10**8)]')).toBe('ZeroDivisionError');
    expect(answer('[1 for _ in range(10**8)]')).toBe('LimitError');
    expect(answer('[1 for _ in range(101)]', { collection: 100 })).toBe('LimitError');
    expect(answer('[1 for _ in range(100)]', { fuel: 100 })).toBe('LimitError');
  });
});

import { describe, expect, test } from 'vitest';
import { ExpressionError, ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { fieldsFromJson, JsonError, parseJson } from '../../src/expression/json.ts';
import { ATTACK_FIELDS, ATTACKS } from './attacks.ts';
import { countingSource } from './sources.ts';

const fields = fieldsFromJson(ATTACK_FIELDS);

function failureOf(source: string): string {
  try {
    compileExpression(source).evaluate(fields, createEvaluation({ random: countingSource(1) }));
    return 'no failure';
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return 'SyntaxError';
    if (error instanceof ExpressionError) return error.type;
    throw error;
  }
}

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

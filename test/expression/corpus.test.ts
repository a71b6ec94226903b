import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ExpressionError, ExpressionSyntaxError } from '../../src/expression/errors.ts';
import { createEvaluation } from '../../src/expression/evaluation.ts';
import { compileExpression } from '../../src/expression/expression.ts';
import { fieldsFromJson, stringifyJson } from '../../src/expression/json.ts';
import { pyRepr, pyStr } from '../../src/expression/text.ts';
import type { Fields } from '../../src/expression/values.ts';

interface Row {
  readonly expr: string;
  readonly error?: string;
  readonly repr?: string;
  readonly str?: string;
  readonly json?: string | null;
}

const lines = readFileSync(new URL('../golden/expression/corpus.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const context = lines[0]!.slice('{"context": '.length, -1);
const rows = lines.slice(1).map((line): Row => JSON.parse(line));

function answer(row: Row, fields: Fields): Row {
  const { expr } = row;
  const evaluation = createEvaluation({ random: null });
  try {
    const value = compileExpression(expr).evaluate(fields, evaluation);
    const json = row.json === null ? null : stringifyJson(value);
    return { expr, repr: pyRepr(evaluation, value), str: pyStr(evaluation, value), json };
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return { expr, error: 'SyntaxError' };
    if (error instanceof ExpressionError) return { expr, error: error.type };
    throw error;
  }
}

describe('the corpus of CPython 3.11', () => {
  test('holds enough cases to mean something', () => {
    expect(rows.length).toBeGreaterThan(3000);
  });

  test('is answered alike, in repr, str, JSON and error class', () => {
    const different = rows
      .map((row) => ({ row, mine: answer(row, fieldsFromJson(context)) }))
      .filter(({ row, mine }) => JSON.stringify(mine) !== JSON.stringify(row));
    expect(different.slice(0, 20)).toEqual([]);
  });
});

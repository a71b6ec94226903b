// How long the expressions of gates and figures may take over all units of one analysis together. Each evaluation has the
// sandbox's fuel; without a bound on their sum, one pipeline could hold the job that goes over all runs for hours.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import type { CompiledExpression } from '../expression/expression.ts';
import type { Fields, Value } from '../expression/values.ts';

/** Steps over all units: some ten seconds, a minute at worst; 20 gates over a million units have 25 each. */
const MOST_STEPS = 500_000_000;

/** Evaluates an expression of each unit, until the steps for all of them are used. */
export class UnitWork {
  private readonly most: number;
  private left: number;

  constructor(most: number = MOST_STEPS) {
    this.most = most;
    this.left = most;
  }

  /** Throws an ExpressionError: of the expression, or a LimitError once nothing is left. */
  evaluate(expression: CompiledExpression, fields: Fields): Value {
    if (this.left <= 0)
      throw new ExpressionError('LimitError', `more than ${this.most} steps over all units`);
    const evaluation = createEvaluation({ random: null });
    const { fuel } = evaluation;
    try {
      return expression.evaluate(fields, evaluation);
    } finally {
      this.left -= fuel - evaluation.fuel;
    }
  }
}

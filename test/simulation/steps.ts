// Expression steps for tests: everything a test does not name is empty.
import type { ExpressionStep } from '../../src/pipeline/pipeline.ts';

/** A step without assignments, loop or checks, except for what is given. */
export function stepOf(given: Partial<ExpressionStep>): ExpressionStep {
  return {
    kind: 'expression',
    name: 'step',
    init: [],
    expressions: [],
    loopUntil: null,
    maxIterations: 1000,
    checks: { required: [], types: {}, enums: {}, ranges: {}, rules: [] },
    retry: { maxAttempts: 1, feedback: false, from: null },
    ...given,
  };
}

/** Assignments from an object, in its order. */
export function assignments(given: Readonly<Record<string, string>>): { name: string; expr: string }[] {
  return Object.entries(given).map(([name, expr]) => ({ name, expr }));
}

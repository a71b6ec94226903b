// One gate's expression over the valid units, unit by unit. It counts, and judges nothing.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { type Fields, typeName, type Value } from '../expression/values.ts';
import type { Gate } from '../pipeline/pipeline.ts';
import { numberOf } from './fields.ts';
import type { GateTally } from './gates.ts';
import { NumberTally, ShareTally } from './tally.ts';

/** One gate's expression over the valid units. An error is counted, and shown, and never a reason to stop. */
export class GateCounter {
  private readonly expression: CompiledExpression | null;
  private readonly share: ShareTally | null;
  private readonly number: NumberTally | null;
  private errors = 0;
  private firstError: string | null = null;

  constructor(gate: Gate, clustered: boolean) {
    const isCounted = gate.kind !== 'valid_share' && gate.kind !== 'cost';
    this.expression = isCounted ? compileExpression(gate.expr) : null;
    this.share = gate.kind.startsWith('share') ? new ShareTally(clustered) : null;
    this.number = gate.kind.startsWith('mean') ? new NumberTally(clustered, false) : null;
  }

  /** Counts a unit; gives its value, a share's as 0 or 1, or null when it has none. */
  add(item: number, fields: Fields): number | null {
    if (this.expression === null) return null;
    try {
      const value = this.expression.evaluate(fields, createEvaluation({ random: null }));
      if (this.share === null) {
        const number = asNumber(value);
        this.number?.add(item, number);
        return number;
      }
      const hit = asBool(value);
      this.share.add(item, hit);
      return hit ? 1 : 0;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.errors++;
      this.firstError ??= error.toString();
      return null;
    }
  }

  tally(): GateTally {
    const { errors, firstError } = this;
    if (this.share !== null) return { kind: 'share', tally: this.share, errors, firstError };
    if (this.number !== null) return { kind: 'mean', tally: this.number, errors, firstError };
    return { kind: 'none' };
  }
}

function asBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  throw new ExpressionError('TypeError', `a share needs True or False, not ${typeName(value)}`);
}

function asNumber(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = numberOf(value);
  if (number === null)
    throw new ExpressionError('TypeError', `a mean needs a number, not ${typeName(value)}`);
  return number;
}

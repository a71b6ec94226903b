// One gate's expression over the units, unit by unit. It counts, and judges nothing.
import { ExpressionError } from '../expression/errors.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { type Fields, typeName, type Value } from '../expression/values.ts';
import type { Gate } from '../pipeline/pipeline.ts';
import type { Clustering } from './clusters.ts';
import { DifferenceTally } from './difference-tally.ts';
import { isTooLarge, labelOf, numberOf } from './fields.ts';
import type { GateTally } from './gates.ts';
import { NumberTally, ShareTally } from './tally.ts';
import type { UnitWork } from './unit-work.ts';

/** What a unit's value under a gate is kept as; null: nothing, as the gate asks no unit, or some of them only. */
export function keptAs(gate: Gate): 'share' | 'mean' | null {
  switch (gate.kind) {
    case 'share':
    case 'share_change':
    case 'valid_share':
      return 'share';
    case 'mean':
    case 'mean_change':
      return 'mean';
    case 'share_difference':
    case 'mean_difference':
    case 'cost':
      return null;
    default:
      return gate satisfies never;
  }
}

/** One gate's expression over the units. An error is counted, and shown, and never a reason to stop. */
export class GateCounter {
  private readonly expression: CompiledExpression | null;
  private readonly isShare: boolean;
  private readonly share: ShareTally | null;
  private readonly number: NumberTally | null;
  private readonly difference: DifferenceTally | null;
  private readonly work: UnitWork;
  private readonly groups: { readonly by: string; readonly of: string; readonly minus: string } | null;
  private errors = 0;
  private firstError: string | null = null;

  constructor(gate: Gate, clustered: Clustering, work: UnitWork) {
    this.work = work;
    const isCounted = gate.kind !== 'valid_share' && gate.kind !== 'cost';
    const isDifference = gate.kind === 'share_difference' || gate.kind === 'mean_difference';
    this.expression = isCounted ? compileExpression(gate.expr) : null;
    this.isShare = gate.kind.startsWith('share');
    this.groups = isDifference ? { by: gate.by, of: gate.of, minus: gate.minus } : null;
    this.difference = isDifference ? new DifferenceTally(clustered) : null;
    this.share = this.isShare && !isDifference ? new ShareTally(clustered) : null;
    this.number = gate.kind.startsWith('mean') && !isDifference ? new NumberTally(clustered, false) : null;
  }

  /** Counts a valid unit; gives its value, a share's as 0 or 1, or null when it has none. */
  add(item: number, fields: Fields): number | null {
    if (this.expression === null) return null;
    const side = this.sideOf(fields);
    if (side === 'neither' || side === 'unknown') return null;
    try {
      const value = this.work.evaluate(this.expression, fields);
      const number = this.isShare ? Number(asBool(value)) : asNumber(value);
      this.share?.add(item, number === 1);
      this.number?.add(item, number);
      if (side !== null) this.difference?.add(side, item, number);
      return number;
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.errors++;
      this.firstError ??= error.toString();
      this.lose(side);
      return null;
    }
  }

  /** Takes note of a failed unit, which may be missing in a group; it stands for `results` at the most. */
  drop(fields: Fields, results = 1): void {
    this.lose(this.sideOf(fields), results);
  }

  tally(): GateTally {
    const { errors, firstError } = this;
    if (this.share !== null) return { kind: 'share', tally: this.share, errors, firstError };
    if (this.number !== null) return { kind: 'mean', tally: this.number, errors, firstError };
    if (this.difference !== null) return { kind: 'difference', tally: this.difference, errors, firstError };
    return { kind: 'none' };
  }

  private lose(side: ReturnType<GateCounter['sideOf']>, results = 1): void {
    if (this.difference === null || side === null || side === 'neither') return;
    if (side === 'unknown') this.difference.unplaced += results;
    else this.difference[side].dropped += results;
  }

  /** Which of the two groups a unit is in; null: the gate has none. */
  private sideOf(fields: Fields): 'of' | 'minus' | 'neither' | 'unknown' | null {
    if (this.groups === null) return null;
    const label = labelOf(fields.get(this.groups.by));
    if (label === null) return 'unknown';
    return label === this.groups.of ? 'of' : label === this.groups.minus ? 'minus' : 'neither';
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
  if (isTooLarge(value))
    throw new ExpressionError('OverflowError', 'the number is too large for a mean: it is beyond 1e150');
  if (number === null)
    throw new ExpressionError('TypeError', `a mean needs a number, not ${whatItIs(value)}`);
  return number;
}

function whatItIs(value: Value): string {
  return Number.isNaN(value) ? 'nan' : typeName(value);
}

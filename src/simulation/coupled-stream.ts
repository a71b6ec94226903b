// Streams that hang together across units, so that a difference or a mean needs fewer of them: shared, mirrored, or spread
// over their range. Each unit's draws keep the distribution they would have alone, and no stream of another step changes.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { compileExpression } from '../expression/expression.ts';
import { drawBelow, type RandomSource } from '../expression/random.ts';
import type { Fields } from '../expression/values.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import { MAX_STEP_TEXT, writeField } from './field-text.ts';
import { openStream } from './stream.ts';
import {
  branchOf,
  type DrawingUnit,
  type DrawSettings,
  openUnitStream,
  repeatedId,
  repetitionOf,
} from './unit-stream.ts';

/** From a unit and its fields to the stream it draws from. Throws ExpressionError when `stream_by` has no value. */
export type OpenStream = (unit: DrawingUnit, fields: Fields) => RandomSource;

/** How units of a step come to their streams. Throws ExpressionSyntaxError. */
export function compileCoupling(step: ExpressionStep, settings: DrawSettings): OpenStream {
  const { name, coupling } = step;
  const { seed, rng } = settings;
  // The seeds of `rng: python` are Octobatch's, which knows no coupling; `validate` says so.
  if (coupling === undefined || rng === 'python') {
    return (unit) => openUnitStream(settings, unit, name);
  }
  const { streamBy, antithetic, stratify } = coupling;
  const sharedText = streamBy === null ? () => null : compileSharedText(streamBy);
  return (unit, fields) => {
    const shared = sharedText(fields);
    const { item, repetition, branch } = repetitionOf(unit) ?? { item: unit.id, repetition: 0, branch: '' };
    const idOf = (of: number): string => (of === repetition ? unit.id : `${repeatedId(item, of)}${branch}`);
    // What units share by a key, their children share by the key and their places: siblings never draw the same.
    const places = fields.has('_fan_parent_id') ? [branchOf(unit.id)] : [];
    const open = (of: number): RandomSource =>
      shared === null
        ? openUnitStream(settings, { ...unit, id: idOf(of) }, name)
        : openStream([seed, 'stream_by', shared, String(of), ...places, name], rng);
    if (antithetic && repetition % 2 === 1) return new MirrorStream(open(repetition - 1));
    if (stratify === null) return open(repetition);
    // All begin at another stratum, so that also a part of a round is no fixed part of the range.
    const whose = shared === null ? ['item', `${item}${branch}`] : ['stream_by', shared, ...places];
    const start = openStream([seed, 'stratify', ...whose, name, String(stratify)], rng);
    const stratum = (repetition + drawBelow(start, stratify)) % stratify;
    return new SpreadStream(open(repetition), stratum, stratify);
  };
}

// Values that are the same JSON share a stream.
function compileSharedText(source: string): (fields: Fields) => string {
  const expression = compileExpression(source);
  return (fields) => {
    try {
      const value = expression.evaluate(fields, createEvaluation({ random: null }));
      return writeField(value, { left: MAX_STEP_TEXT });
    } catch (error) {
      if (error instanceof ExpressionError) error.assignment = 'stream_by';
      throw error;
    }
  };
}

/** Every draw is the mirror image of the same draw of another stream. */
class MirrorStream implements RandomSource {
  readonly mirrors: RandomSource;

  constructor(mirrors: RandomSource) {
    this.mirrors = mirrors;
  }

  uint32(): number {
    return ~this.mirrors.uint32() >>> 0;
  }

  // 1 - u, less 2^-53, so that 0 becomes the largest number below 1 and the distribution is the same to the bit.
  double(): number {
    return 1 - 2 ** -53 - this.mirrors.double();
  }

  below(limit: number): number {
    return limit - 1 - drawBelow(this.mirrors, limit);
  }
}

/** The first draw lies in one of `strata` equal parts of its range, anywhere in it; the others are as they are. */
class SpreadStream implements RandomSource {
  private readonly rest: RandomSource;
  private readonly stratum: number;
  private readonly strata: number;
  private isFirst = true;

  constructor(rest: RandomSource, stratum: number, strata: number) {
    this.rest = rest;
    this.stratum = stratum;
    this.strata = strata;
  }

  uint32(): number {
    return this.isFirst ? Math.floor(this.double() * 2 ** 32) : this.rest.uint32();
  }

  double(): number {
    const draw = this.rest.double();
    if (!this.isFirst) return draw;
    this.isFirst = false;
    const place = ((this.stratum + draw) / this.strata) * 2 ** 53;
    return Math.min(Math.floor(place), 2 ** 53 - 1) / 2 ** 53;
  }

  below(limit: number): number {
    return this.isFirst ? Math.floor(this.double() * limit) : drawBelow(this.rest, limit);
  }
}

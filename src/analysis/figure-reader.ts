// What one unit has to say for each figure that the pipeline asks for. It reads a unit's fields and adds nothing up.
import { BUILTINS } from '../expression/builtins.ts';
import { ExpressionError } from '../expression/errors.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { Fields, Value } from '../expression/values.ts';
import type { FigureSpec } from '../pipeline/pipeline.ts';
import { isTooLarge, labelOf, numberOf } from './fields.ts';
import type { UnitWork } from './unit-work.ts';

/** Why a unit has nothing to say for a figure, in a few words without untrusted text. */
export interface NoPart {
  readonly why: string;
}

/**
 * A unit's part of a figure. `one`: the number of a net value or a quantile. `two`: what is above and below the line of a
 * ratio or a rate. `fields`: of a custom figure, the values of the fields it reads, in the order of `customFields`.
 */
export type FigurePart =
  | { readonly kind: 'one'; readonly value: number }
  | { readonly kind: 'two'; readonly top: number; readonly bottom: number }
  | { readonly kind: 'fields'; readonly values: readonly Value[] }
  | ({ readonly kind: 'none' } & NoPart);

const NO_FIELD: FigurePart = { kind: 'none', why: 'the field is not there' };
const NO_NUMBER = { kind: 'none', why: 'not a number' } as const;
const TOO_LARGE = { kind: 'none', why: 'a number beyond 1e150' } as const;

/** Reads the part of a unit; the same for every unit, and without memory. */
export type PartReader = (fields: Fields) => FigurePart;

/** What a net value counts, as 16 hex digits: the same for the same, in whatever order it was written. */
export function digestOfNet({ field, values }: Extract<FigureSpec, { kind: 'net' }>): string {
  const counted = Object.keys(values)
    .sort()
    .flatMap((value) => (values[value] === 0 ? [] : [[value, values[value]]]));
  return sha256Hex(JSON.stringify([field, counted])).slice(0, 16);
}

/** How units are read for a figure. Throws ExpressionSyntaxError (the loader checks that). */
export function createPartReader(figure: FigureSpec, work: UnitWork): PartReader {
  switch (figure.kind) {
    case 'net': {
      const values = new Map(Object.entries(figure.values));
      return (fields) => {
        const label = labelOf(fields.get(figure.field));
        return label === null ? NO_FIELD : { kind: 'one', value: values.get(label) ?? 0 };
      };
    }
    case 'quantile':
      return (fields) => {
        const value = numberOf(fields.get(figure.field));
        return value === null ? noNumber(fields.get(figure.field)) : { kind: 'one', value };
      };
    case 'ratio':
      return pairReader(figure.of, figure.to, work, () => null);
    case 'rate':
      return pairReader(figure.events, figure.per, work, rateProblem);
    case 'custom': {
      const names = customFields(compileExpression(figure.expr));
      return (fields) => {
        const values = names.flatMap((name) => fields.get(name) ?? (fields.has(name) ? [null] : []));
        return values.length === names.length ? { kind: 'fields', values } : NO_FIELD;
      };
    }
    default:
      return figure satisfies never;
  }
}

/** The fields a custom figure reads, in the order of their names. */
export function customFields(expression: CompiledExpression): readonly string[] {
  return [...expression.names].filter((name) => !BUILTINS.has(name)).sort();
}

function pairReader(
  above: string,
  below: string,
  work: UnitWork,
  problemOf: (top: number, bottom: number) => FigurePart | null,
): PartReader {
  const [upper, lower] = [compileExpression(above), compileExpression(below)];
  return (fields) => {
    try {
      const values = [work.evaluate(upper, fields), work.evaluate(lower, fields)] as const;
      const [top, bottom] = [countOf(values[0]), countOf(values[1])];
      if (top === null || bottom === null) return noNumber(...values);
      return problemOf(top, bottom) ?? { kind: 'two', top, bottom };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return { kind: 'none', why: error.type };
    }
  };
}

function rateProblem(events: number, per: number): FigurePart | null {
  if (!Number.isInteger(events) || events < 0) {
    return { kind: 'none', why: 'the number of events is not a whole number of 0 or more' };
  }
  return per < 0 ? { kind: 'none', why: 'what they are counted against is below 0' } : null;
}

/** Why at least one of these is no number to count with. */
export function noNumber(...values: readonly (Value | undefined)[]): { readonly kind: 'none' } & NoPart {
  return values.some(isTooLarge) ? TOO_LARGE : NO_NUMBER;
}

/** A finite number; True and False count 1 and 0. */
export function countOf(value: Value): number | null {
  return typeof value === 'boolean' ? Number(value) : numberOf(value);
}

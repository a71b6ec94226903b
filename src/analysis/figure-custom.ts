// A figure of the pipeline's own: an expression over the values that the units of a slice have, field by field, under the
// limits of the sandbox. What it cannot be computed from, or for how long, becomes a note and never an error.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import type { CompiledExpression } from '../expression/expression.ts';
import { PyDict, PyList, PyTuple, type Value } from '../expression/values.ts';
import { acceleration, bcaBounds } from './bootstrap.ts';
import { type Clustering, Clusters } from './clusters.ts';
import { countOf, customFields, type FigurePart, noNumber } from './figure-reader.ts';
import type { FigureResult, FigureSituation, FigureTally } from './figure-tally.ts';
import { FEWEST_RESAMPLED, type ResamplingWork } from './figure-work.ts';
import { describe } from './intervals.ts';
import type { Draw } from './resampling.ts';

/** Values kept of one slice, a text of up to eight characters and a number counting 1. */
const MOST_WEIGHT = 5_000_000;
/** Resamples of an interval, and the fewest with which its ends are worth something. */
const MOST_RESAMPLES = 1_000;
const FEWEST_RESAMPLES = 400;
/** Parts that the jackknife leaves out one by one. */
const PARTS = 100;
/** Sandbox steps, and values put together, of one interval: about two seconds. */
const MOST_STEPS = 20_000_000;
/** Share of resamples that may have no value. */
const MOST_UNDEFINED = 0.05;

/** Keeps the values of the fields its expression reads, unit by unit. */
export class CustomTally implements FigureTally {
  private readonly expression: CompiledExpression;
  private readonly names: readonly string[];
  private readonly name: string;
  private readonly columns: Value[][];
  private readonly clusters: Clusters | null;
  private readonly clusterOf: number[] = [];
  private readonly work: ResamplingWork;
  private n = 0;
  private weight = 0;
  private isFull = false;

  constructor(expression: CompiledExpression, clustered: Clustering, name: string, work: ResamplingWork) {
    this.work = work;
    this.expression = expression;
    this.names = customFields(expression);
    this.name = name;
    this.columns = this.names.map(() => []);
    this.clusters = clustered === false ? null : new Clusters(clustered);
  }

  add(cluster: number, part: FigurePart): void {
    if (part.kind !== 'fields') return;
    this.n++;
    if (this.isFull) return;
    const weight = weighAll(part.values);
    if (this.weight + weight > MOST_WEIGHT || !this.work.keep(weight)) {
      this.giveUp();
      return;
    }
    this.weight += weight;
    part.values.forEach((value, at) => {
      this.columns[at]?.push(value);
    });
    if (this.clusters === null) return;
    this.clusters.add(cluster);
    this.clusterOf.push(cluster);
  }

  private giveUp(): void {
    this.isFull = true;
    for (const column of this.columns) column.length = 0;
    this.clusterOf.length = 0;
    this.work.keep(-this.weight);
  }

  estimate(_unknown: number, situation: FigureSituation): FigureResult {
    const none = { n: this.n, value: null, interval: null, worst: null };
    if (this.n === 0) return { ...none, note: null };
    if (this.isFull) return { ...none, note: 'no value: too many units' };
    if (!this.work.hasValueSteps) return { ...none, note: 'no value: too much work' };
    const found = this.valueOf(this.columns);
    this.work.spend(found.steps + this.n);
    if (found.value === null) return { ...none, note: `no value: ${found.why}` };
    const interval = this.interval(found.value, found.steps, situation);
    return typeof interval === 'string'
      ? { ...none, value: found.value, note: `no interval: ${interval}` }
      : { ...none, value: found.value, ...interval, note: null };
  }

  private interval(
    value: number,
    steps: number,
    { group, confidence, work }: FigureSituation,
  ): Pick<FigureResult, 'interval'> | string {
    const seen = this.clusters?.seen() ?? null;
    const draws = seen === null ? this.n : this.byCluster();
    const count = typeof draws === 'number' ? draws : draws.length;
    if (count < FEWEST_RESAMPLED) {
      return `it takes ${FEWEST_RESAMPLED} ${seen === null ? 'units' : 'clusters of units'}`;
    }
    const each = steps + this.n * (this.names.length + 1);
    const parts = Math.min(PARTS, count);
    const resamples = Math.min(MOST_RESAMPLES, Math.floor(MOST_STEPS / each) - parts);
    if (resamples < FEWEST_RESAMPLES || !work.take((resamples + parts) * each))
      return 'too many units for one';
    const draw = work.draw(this.name, group);
    const resampled = this.resampled(draws, resamples, draw);
    if (resampled.length < resamples * (1 - MOST_UNDEFINED)) return 'too many resamples have no value';
    const sorted = resampled.sort();
    // What a value at the edge rests on, such as a maximum, no resample can go beyond.
    const isEdge = value <= (sorted[0] as number) || value >= (sorted.at(-1) as number);
    if (isEdge) return 'resampling cannot go beyond the value seen';
    const accelerated = this.accelerated(draws, parts, draw);
    const dependence =
      seen === null ? { size: this.n, items: null } : this.clusters!.dependence(this.n, seen);
    const method = `BCa bootstrap, ${describe(dependence)}`;
    return { interval: { ...bcaBounds(sorted, value, accelerated, confidence), confidence, method } };
  }

  private resampled(
    draws: number | readonly (readonly number[])[],
    resamples: number,
    draw: Draw,
  ): Float64Array {
    const count = typeof draws === 'number' ? draws : draws.length;
    const values: number[] = [];
    for (let r = 0; r < resamples; r++) {
      const units: number[] = [];
      for (let i = 0; i < count; i++) append(units, draws, Math.floor(draw() * count));
      const { value } = this.valueOf(this.columnsOf(units));
      if (value !== null) values.push(value);
    }
    return Float64Array.from(values);
  }

  /** From the values without one part of the draws after another; 0 when one of them is not defined. */
  private accelerated(draws: number | readonly (readonly number[])[], parts: number, draw: Draw): number {
    const count = typeof draws === 'number' ? draws : draws.length;
    const partOf = shuffledParts(count, parts, draw);
    const without = Array.from({ length: parts }, (_, part) => {
      const units: number[] = [];
      for (let i = 0; i < count; i++) if (partOf[i] !== part) append(units, draws, i);
      return this.valueOf(this.columnsOf(units)).value;
    });
    if (!without.every((value) => value !== null)) return 0;
    // The mean less each of them, as influence values; of a sum over ones the jackknife gives these back.
    const total = without.reduce((sum, value) => sum + value, 0);
    const tops = without.map((value) => total / parts - value);
    return acceleration(tops, new Float64Array(parts).fill(1));
  }

  private columnsOf(units: readonly number[]): Value[][] {
    return this.columns.map((column) => units.map((at) => column[at] as Value));
  }

  /** The units of each cluster that has any. */
  private byCluster(): readonly (readonly number[])[] {
    const units = new Map<number, number[]>();
    this.clusterOf.forEach((one, at) => {
      const cluster = this.clusters?.bundleOf(one) ?? one;
      const own = units.get(cluster);
      if (own === undefined) units.set(cluster, [at]);
      else own.push(at);
    });
    return [...units.values()];
  }

  private valueOf(
    columns: readonly Value[][],
  ):
    | { readonly value: number; readonly steps: number }
    | { readonly value: null; readonly why: string; readonly steps: number } {
    const evaluation = createEvaluation({ random: null });
    const before = evaluation.fuel;
    try {
      const fields = new Map<string, Value>(
        this.names.map((name, at) => [name, new PyList(columns[at] as Value[])]),
      );
      const found = this.expression.evaluate(fields, evaluation);
      const value = countOf(found);
      const steps = before - evaluation.fuel;
      return value === null ? { value, why: noNumber(found).why, steps } : { value, steps };
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return { value: null, why: error.type, steps: before - evaluation.fuel };
    }
  }
}

function append(units: number[], draws: number | readonly (readonly number[])[], at: number): void {
  if (typeof draws === 'number') units.push(at);
  else for (const unit of draws[at] ?? []) units.push(unit);
}

/** Which of `parts` equal parts each place is in, at random. */
function shuffledParts(count: number, parts: number, draw: Draw): Uint32Array {
  const partOf = Uint32Array.from({ length: count }, (_, i) => i % parts);
  for (let i = count - 1; i > 0; i--) {
    const other = Math.floor(draw() * (i + 1));
    [partOf[i], partOf[other]] = [partOf[other] as number, partOf[i] as number];
  }
  return partOf;
}

/** How much of a slice's memory a value is. */
function weigh(value: Value): number {
  if (typeof value === 'string') return 1 + (value.length >> 3);
  if (value instanceof PyList || value instanceof PyTuple) return weighAll(value.items);
  if (!(value instanceof PyDict)) return 1;
  return weighAll([...value.entries.values()]) + 4 * value.entries.size;
}

function weighAll(values: readonly Value[]): number {
  let sum = 1;
  for (const value of values) sum += weigh(value);
  return sum;
}

// What fan-outs do to the number of units before anything is sent: counted where the lists are computed here, from the
// least to the most where a model writes them. It sends nothing and settles nothing.
import { exactly, type Population, type Range } from '../engine/cost-estimate.ts';
import { elementSchema, type KnownField, knownField } from '../pipeline/known-list.ts';
import type { FanOutStep, LoadedPipeline } from '../pipeline/pipeline.ts';
import { fanOut } from '../simulation/fan-out.ts';
import { childId } from '../simulation/unit-stream.ts';
import { placeholderOf } from './placeholder-answer.ts';

/** What a fan-out does to the units that come to it. */
export interface PlannedFanOut {
  readonly field: string;
  /** The most children of one unit. */
  readonly max: number;
  /** A model writes the list. */
  readonly isAnswer: boolean;
  readonly from: Range<number>;
  readonly to: Range<number>;
  /** Units there can be after it, whatever is answered. */
  readonly bound: number;
  /** Children of one unit; `mean` null where no list was looked at. */
  readonly perUnit: Range<number> & { readonly mean: number | null };
  /** Units whose lists were looked at, all or a sample; 0: none is known yet. */
  readonly looked: number;
  /** Of these, the ones that fail here: their list is too long, or none. */
  readonly failing: number;
}

/** A unit that is looked at. `texts`: JSON objects that make up its fields. */
export interface SampledUnit {
  readonly id: string;
  readonly texts: readonly string[];
}

/** What stands for the units at a place: all of them, or some. */
export interface Sample {
  readonly units: readonly SampledUnit[];
  readonly isWhole: boolean;
}

/** The plan of a fan-out whose lists are not known: from their schema and limits. */
export function planByLimits(loaded: LoadedPipeline, index: number, from: Population): PlannedFanOut {
  const step = loaded.pipeline.steps[index] as FanOutStep;
  const { field, maxChildren: max } = step;
  const known = fedBy(loaded, index);
  const least = known?.kind === 'list' ? Math.min(known.least, max) : 0;
  return {
    ...{ field, max, isAnswer: known?.isAnswer ?? false },
    from: rangeOf(from),
    to: { least: from.least * least, most: from.most * max },
    bound: from.bound * max,
    perUnit: { least, most: max, mean: null },
    looked: 0,
    failing: 0,
  };
}

/** True when the lists of a fan-out can be computed before any model answers. */
export function isComputed(loaded: LoadedPipeline, index: number): boolean {
  const { steps } = loaded.pipeline;
  const known = fedBy(loaded, index);
  if (known === null || known.isAnswer) return false;
  if (known.step === null) return true;
  const asked = steps.findIndex(({ kind }) => kind === 'llm');
  return asked < 0 || steps.findIndex(({ name }) => name === known.step) < asked;
}

function fedBy({ pipeline, items }: LoadedPipeline, index: number): KnownField | null {
  const { steps, strategy } = pipeline;
  const step = steps[index] as FanOutStep;
  return knownField(step.field, steps.slice(0, index), { strategy, items });
}

/** The plan of a fan-out whose lists are looked at, and their lengths. `joined`: each unit's fields as one JSON object. */
export function planByLists(
  loaded: LoadedPipeline,
  index: number,
  from: Population,
  sample: { readonly joined: readonly string[]; readonly isWhole: boolean },
): { readonly planned: PlannedFanOut; readonly lengths: readonly number[] } {
  const step = loaded.pipeline.steps[index] as FanOutStep;
  const { field, maxChildren: max } = step;
  const outcomes = sample.joined.map((fields) => fanOut(step, { id: '', fields }));
  const lengths = outcomes.map((outcome) => (outcome.kind === 'done' ? outcome.children.length : 0));
  const looked = lengths.length;
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const [least, most] = lengths.reduce(
    ([low, high], length) => [Math.min(low, length), Math.max(high, length)],
    [looked === 0 ? 0 : Number.POSITIVE_INFINITY, 0],
  );
  const isExact = sample.isWhole && from.least === looked && from.bound === looked;
  const mean = looked === 0 ? 0 : total / looked;
  const error = isExact ? 0 : errorOfMean(lengths, mean);
  const planned: PlannedFanOut = {
    ...{ field, max, isAnswer: false, looked },
    from: rangeOf(from),
    to: isExact
      ? { least: total, most: total }
      : {
          least: Math.floor(from.least * Math.max(0, mean - 2 * error)),
          most: Math.ceil(from.most * Math.min(max, mean + 2 * error)),
        },
    bound: isExact ? total : from.bound * max,
    perUnit: { least, most, mean },
    failing: outcomes.filter(({ kind }) => kind === 'failed').length,
  };
  return { planned, lengths };
}

/** The units after a fan-out. */
export function populationAfter({ to, bound }: PlannedFanOut): Population {
  return to.least === to.most && to.most === bound ? exactly(bound) : { ...to, bound };
}

/**
 * The children of the units looked at, but at most `most` of all, chosen by `choose` from so many; `lengths` null: no list
 * is known, and one child of each stands for them.
 */
export function childrenOf(
  loaded: LoadedPipeline,
  index: number,
  sample: Sample,
  joined: readonly string[],
  lengths: readonly number[] | null,
  choose: (count: number) => readonly number[],
): Sample {
  const { pipeline, items } = loaded;
  const step = pipeline.steps[index] as FanOutStep;
  if (lengths === null) {
    const { strategy } = pipeline;
    const schema = elementSchema(step.field, pipeline.steps.slice(0, index), { strategy, items });
    const element = JSON.stringify(schema === null ? '' : placeholderOf(schema));
    const units = sample.units.map((parent) => {
      const own = `{${JSON.stringify(step.childField)}:${element},"_fan_index":0,"_fan_parent_id":${JSON.stringify(parent.id)}}`;
      return childOf(parent, 0, own);
    });
    return { units, isWhole: false };
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const chosen = choose(total);
  const units: SampledUnit[] = [];
  let first = 0;
  let next = 0;
  for (const [at, parent] of sample.units.entries()) {
    const end = first + lengths[at]!;
    if (next < chosen.length && chosen[next]! < end) {
      const outcome = fanOut(step, { id: parent.id, fields: joined[at]! });
      const children = outcome.kind === 'done' ? outcome.children : [];
      for (; next < chosen.length && chosen[next]! < end; next++) {
        const place = chosen[next]! - first;
        units.push(childOf(parent, place, children[place]!));
      }
    }
    first = end;
  }
  return { units, isWhole: sample.isWhole && units.length === total };
}

function childOf({ id, texts }: SampledUnit, place: number, own: string): SampledUnit {
  const child = childId(id, place);
  return { id: child, texts: [...texts, `{"unit_id":${JSON.stringify(child)}}`, own] };
}

function rangeOf({ least, most }: Population): Range<number> {
  return { least, most };
}

function errorOfMean(values: readonly number[], mean: number): number {
  const n = values.length;
  if (n < 2) return 0;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (n - 1) / n);
}

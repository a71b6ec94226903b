// Settles how many children a unit can have at a fan-out, and says where a fan-out cannot work. It makes no children.
import { type Giver, knownField, type Origin } from './known-list.ts';
import type { Place } from './mistakes.ts';
import type { FanOutStep, LoadedPipeline, Step } from './pipeline.ts';
import type { Reading } from './reading.ts';
import { combinationCount } from './stop-groups.ts';

/** Children of one unit in an Octobatch folder when nothing in it says how many there can be. */
export const DEFAULT_CHILDREN = 100;

/** Units that all fan-outs of a run may make together. */
export const MOST_CHILDREN = 10_000_000;

/** Where the parts of a fan-out stand; `max` null: it is not written. */
export interface WrittenFanOut {
  readonly field: Place;
  readonly childField: Place;
  readonly max: Place | null;
}

/** The children of a fan-out whose list nobody limits, and of any until it is known what feeds it. */
export const UNSETTLED = 0;

type Part = { readonly step: Step; readonly written: { readonly fanOut: WrittenFanOut | null } };

/**
 * The steps with the most children of each fan-out: as written, else as the list's schema, items or literal say, else
 * `otherwise`; null: then it stays unsettled.
 */
export function settleFanOuts<P extends Part>(
  parts: readonly P[],
  origin: Origin,
  otherwise: number | null,
  reading: Reading,
): P[] {
  const settled: P[] = [];
  for (const part of parts) {
    const { step } = part;
    const places = part.written.fanOut;
    if (step.kind !== 'fan_out' || places === null) {
      settled.push(part);
      continue;
    }
    const before = settled.map((one) => one.step);
    const maxChildren = mostChildren(step, places, before, origin, otherwise, reading);
    settled.push({ ...part, step: { ...step, maxChildren } });
  }
  return settled;
}

function mostChildren(
  { name, field, maxChildren: written }: FanOutStep,
  places: WrittenFanOut,
  before: readonly Step[],
  origin: Origin,
  otherwise: number | null,
  reading: Reading,
): number {
  const known = knownField(field, before, origin);
  const label = `the fan-out '${name}'`;
  if (known?.kind === 'other') {
    const what = `${label} takes '${field}', which is ${known.is}`;
    reading.mistakes.add(places.field, what, 'name a field that holds a list');
    return 1;
  }
  const most = known?.kind === 'list' ? known.most : null;
  if (most === 0) {
    reading.mistakes.add(
      places.field,
      `${label} takes '${field}', which is always empty`,
      'name another list',
    );
    return 1;
  }
  if (places.max === null) return most ?? otherwise ?? UNSETTLED;
  if (known !== null && most !== null && most > written) {
    const what = `${label} takes at most ${written}, but '${field}' ${whence(known)} can have ${most}: a unit with more fails`;
    reading.warnings.add(places.max, what, `raise max to ${most}, or let the list be shorter`);
  }
  return written;
}

/** Says of an unsettled fan-out that its children need a limit. */
export function refuseUnsettled(
  { name, field }: FanOutStep,
  places: WrittenFanOut,
  before: readonly Step[],
  origin: Origin,
  reading: Reading,
): void {
  const known = knownField(field, before, origin);
  const inSchema =
    known?.isAnswer === true ? `, or maxItems to '${field}' in the schema of '${known.step}'` : '';
  const what = `the fan-out '${name}' has no limit: nothing says how long '${field}' can be`;
  reading.mistakes.add(places.field, what, `add max: to the step${inSchema}`);
}

function whence({ step }: Giver): string {
  return step === null ? 'of the items' : `of '${step}'`;
}

/** Where fan-outs make more units than can be run, with the keys that lead to the place. */
export function fanOutMistakes({ pipeline, items }: LoadedPipeline): readonly {
  readonly keys: readonly string[];
  readonly what: string;
  readonly fix: string;
}[] {
  const all = combinationCount(pipeline.strategy, items) * pipeline.repeat;
  let units = pipeline.maxUnits === null ? all : Math.min(all, pipeline.maxUnits);
  for (const [i, step] of pipeline.steps.entries()) {
    if (step.kind !== 'fan_out') continue;
    const before = units;
    units *= step.maxChildren;
    if (units <= MOST_CHILDREN) continue;
    const what = `the fan-out '${step.name}' can make ${count(before)} x ${count(step.maxChildren)} = ${count(units)} units; at most ${count(MOST_CHILDREN)} can be run`;
    const keys = ['steps', String(i), pipeline.form === 'native' ? 'max' : 'field'];
    return [{ keys, what, fix: 'lower max, or use fewer items or repetitions' }];
  }
  return [];
}

function count(number: number): string {
  return Number.isSafeInteger(number) ? number.toLocaleString('en-US') : 'more than 9,000,000,000,000,000';
}

/** The most units that one unit can become at the fan-outs from step `first` on. */
export function mostOfOne(steps: readonly Step[], first: number): number {
  return steps
    .slice(first)
    .reduce((most, step) => (step.kind === 'fan_out' ? most * step.maxChildren : most), 1);
}

// One unit as it comes to a step: which one a person means, and what it has by then. What the run knows counts; local
// steps are computed on the spot otherwise, and answers are never made up.
import { roomOf } from '../engine/levels.ts';
import { joinObjects } from '../engine/outcome-line.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { readOutputs } from '../engine/records.ts';
import { plannedUnits, type RunState } from '../engine/state.ts';
import { UnitSet } from '../engine/unit-set.ts';
import type { ExpressionStep, Step } from '../pipeline/pipeline.ts';
import { fanOut } from '../simulation/fan-out.ts';
import type { LocalFailure } from '../simulation/local-chunk.ts';
import { childId } from '../simulation/unit-stream.ts';
import { usageError } from './arguments.ts';

/** The number at step `index` of the unit with that name, or (of planned units) number; null: of the first. */
export function chooseUnit(context: RunContext, index: number, name: string | null): number {
  const { state, pipeline, units } = context;
  const widths = pipeline.steps.slice(0, index).flatMap((s) => (s.kind === 'fan_out' ? [s.maxChildren] : []));
  if (name === null) {
    // The first planned unit may have no child.
    const [first = 0] = widths.length === 0 ? [0] : unitsReaching(state, index).take(1);
    return first;
  }
  const places: number[] = [];
  let source = name;
  for (const width of widths.toReversed()) {
    const [, parent = '', place = ''] = /^(.*)__fan(\d{1,9})$/s.exec(source) ?? [];
    const isChild = childId(parent, Number(place)) === source && Number(place) < width;
    if (!isChild) throw noSuchUnit(context, index, name);
    places.unshift(Number(place));
    source = parent;
  }
  const found = findPlanned(units, source, widths.length === 0);
  if (found === null) throw noSuchUnit(context, index, name);
  return widths.reduce((number, width, i) => number * width + places[i]!, found);
}

function findPlanned(units: RunContext['units'], name: string, isNumberToo: boolean): number | null {
  for (let index = 0; index < units.count; index++) if (units.unit(index).id === name) return index;
  const number = Number(name);
  return isNumberToo && /^\d+$/.test(name) && number < units.count ? number : null;
}

function noSuchUnit({ units, pipeline }: RunContext, index: number, name: string): Error {
  const split = pipeline.steps.slice(0, index).findLast(({ kind }) => kind === 'fan_out');
  const first = units.unit(0).id;
  if (split === undefined) {
    const fix = `units are ${first} ... or their number, from 0 to ${units.count - 1}`;
    return usageError('--unit', `there is no unit "${name}"`, fix);
  }
  const depth = pipeline.steps.slice(0, index).filter(({ kind }) => kind === 'fan_out').length;
  const child = Array.from({ length: depth }, () => 0).reduce(childId, first);
  const what = `there is no unit "${name}" at step "${pipeline.steps[index]!.name}"`;
  return usageError('--unit', what, `units there are children made by "${split.name}", such as ${child}`);
}

/** The units that came to a step so far. */
function unitsReaching(state: RunState, index: number): UnitSet {
  const before = state.steps[index - 1];
  if (before === undefined) return plannedUnits(state);
  return before.kind === 'fan_out' ? before.made : before.passed;
}

/**
 * All fields of a unit when it comes to step `index`, as one JSON object. Throws a ConfigurationError when that takes an
 * answer the run does not have, or a local step fails, or there is no such child.
 */
export async function readFieldsBefore(context: RunContext, index: number, unit: number): Promise<string> {
  const { state } = context;
  if (!unitsReaching(state, index).has(unit)) return computeFieldsBefore(context, index, unit);
  const texts = [context.itemFields(index, unit)];
  for await (const { steps } of readOutputs(state.steps, index, UnitSet.of([unit]), context.bunches))
    texts.push(...steps.map((one) => one.fields));
  return joinObjects(texts);
}

async function computeFieldsBefore(context: RunContext, index: number, unit: number): Promise<string> {
  const { pipeline, state } = context;
  const before = pipeline.steps.slice(0, index);
  const model = before.find(({ kind }) => kind === 'llm');
  if (model !== undefined) {
    const { id } = context.unitAt(index, unit);
    throw usageError(
      '--step',
      `the prompt of "${pipeline.steps[index]!.name}" needs the answer to "${model.name}", which unit ${id} does not have yet`,
      'run the pipeline first',
    );
  }
  const numberAt = (step: number): number => Math.floor(unit / roomOf(state.steps, step, index));
  const given: string[] = [];
  for (const [at, step] of before.entries()) {
    const { id } = context.unitAt(at, numberAt(at));
    const fields = joinObjects([context.itemFields(at, numberAt(at)), ...given]);
    if (step.kind === 'fan_out') {
      const { children } = orRefuse(id, step, fanOut(step, { id, fields }));
      const child = children[numberAt(at + 1) % step.maxChildren];
      if (child === undefined) {
        const count = children.length === 0 ? 'no' : `only ${children.length}`;
        const what = `unit ${id} has ${count} ${children.length === 1 ? 'child' : 'children'} at step "${step.name}"`;
        throw usageError('--unit', what, 'choose another unit');
      }
      given.push(child);
    } else if (step.kind === 'expression') {
      const { seed, rng } = pipeline;
      const steps: readonly ExpressionStep[] = [step];
      const [outcome] = await context.ports.runner.compute({ steps, seed, rng, units: [{ id, fields }] });
      given.push(...orRefuse(id, step, outcome!).steps.map((one) => one.fields));
    }
  }
  return joinObjects([context.itemFields(index, unit), ...given]);
}

type Local = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: LocalFailure };

function orRefuse<T extends Local>(
  id: string,
  { name }: Step,
  outcome: T,
): Exclude<T, { readonly kind: 'failed' }> {
  if (outcome.kind === 'done') return outcome as Exclude<T, { readonly kind: 'failed' }>;
  const what = `unit ${id} fails at step "${name}": ${outcome.failure.issues[0]?.message ?? ''}`;
  throw usageError('--unit', what, 'choose another unit or mend the step');
}

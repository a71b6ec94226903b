// Reads a run's units as records, in canonical order, from the blobs its journal names: the one source of result
// files, analysis and report.
import type { UnitRecord } from '../analysis/record.ts';
import { fieldsFromJson } from '../expression/json.ts';
import { placesOf, roomOf, unitsAt } from './levels.ts';
import { joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readLines, readOutputs, type UnitOutputs } from './records.ts';
import { type RunState, validUnits } from './state.ts';
import { UnitSet } from './unit-set.ts';

/**
 * Every finished unit, valid or failed, in canonical order; `only` those at these places (see `placesOf`), which are the
 * numbers of units where no step fans out. Units still in flight are left out.
 */
export async function* readRecords(
  context: RunContext,
  only: UnitSet | null = null,
): AsyncGenerator<UnitRecord> {
  const { steps } = context.state;
  const sources = [readValid(context, only), ...steps.map((_, index) => readFailed(context, index, only))];
  const heads = await Promise.all(sources.map(nextOf));
  for (;;) {
    let first = -1;
    heads.forEach((head, i) => {
      if (head !== null && (first < 0 || head.index < heads[first]!.index)) first = i;
    });
    const head = heads[first];
    if (head === undefined || head === null) return;
    yield head.record;
    heads[first] = await nextOf(sources[first]!);
  }
}

/** The places of all units that `readRecords` gives, in its order. */
export function finishedPlaces(state: RunState): UnitSet {
  const { steps } = state;
  const failed = steps.map((step, index) => placesOf(step.failed, roomOf(steps, index, steps.length)));
  return UnitSet.unionOf([validUnits(state), ...failed]);
}

type Indexed = { readonly index: number; readonly record: UnitRecord };

async function nextOf(source: AsyncGenerator<Indexed, void>): Promise<Indexed | null> {
  const next = await source.next();
  return next.done === true ? null : next.value;
}

async function* readValid(context: RunContext, only: UnitSet | null): AsyncGenerator<Indexed, void> {
  const { state } = context;
  const valid = validUnits(state);
  for await (const outputs of readOutputs(
    state.steps,
    state.steps.length,
    only === null ? valid : valid.intersect(only),
    context.lines,
  )) {
    const { id, item } = context.unitAt(state.steps.length, outputs.unit);
    const loops = new Map(
      outputs.steps.flatMap(({ line, column }, i) => {
        const loop = line.head.loops[column] ?? null;
        return loop === null ? [] : [[state.steps[i]!.name, loop] as const];
      }),
    );
    const record: UnitRecord = {
      kind: 'valid',
      unit: id,
      item,
      attempts: Math.max(1, ...outputs.steps.map(({ line }) => line.head.attempt)),
      capped: [...loops.values()].some((loop) => loop.capped),
      loops,
      fields: fieldsFromJson(fieldsText(context, state.steps.length, outputs)),
    };
    yield { index: outputs.unit, record };
  }
}

async function* readFailed(
  context: RunContext,
  index: number,
  only: UnitSet | null,
): AsyncGenerator<Indexed, void> {
  const { state } = context;
  const step = state.steps[index]!;
  const room = roomOf(state.steps, index, state.steps.length);
  const failed = only === null ? step.failed : unitsAt(step.failed, room, only);
  const failures = readLines(step.failureBlobs, failed, context.lines);
  for await (const outputs of readOutputs(state.steps, index, failed, context.lines)) {
    const { head } = (await failures.next()).value!;
    const { id, item } = context.unitAt(index, outputs.unit);
    const record: UnitRecord = {
      kind: 'failed',
      unit: id,
      item,
      attempts: head.attempt,
      fields: fieldsFromJson(fieldsText(context, index, outputs)),
      failure: head.failure!,
    };
    yield { index: outputs.unit * room, record };
  }
}

/** Everything a unit has: its item's fields and what each step gave, later ones over earlier. */
function fieldsText(context: RunContext, step: number, outputs: UnitOutputs): string {
  return joinObjects([context.itemFields(step, outputs.unit), ...outputs.steps.map((one) => one.fields)]);
}

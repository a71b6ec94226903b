// Reads a run's units as records, in canonical order, from the blobs its journal names: the one source of result
// files, analysis and report.
import type { LoopRecord, UnitRecord } from '../analysis/record.ts';
import { fieldsFromJson } from '../expression/json.ts';
import { placesOf, roomOf, unitsAt } from './levels.ts';
import { joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readLines, readOutputBunches, readOutputs, type UnitOutputs } from './records.ts';
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
  for await (const bunch of readRecordBunches(context, only)) yield* bunch;
}

/** The same, as many at a time as are at hand. */
export async function* readRecordBunches(
  context: RunContext,
  only: UnitSet | null = null,
): AsyncGenerator<readonly UnitRecord[]> {
  const { steps } = context.state;
  const sources = [
    readValid(context, only),
    ...steps.map((_, index) => readFailed(context, index, only)),
  ].map((bunches) => new Source(bunches));
  for (const source of sources) await source.more();
  let ready: UnitRecord[] = [];
  for (;;) {
    let first: Source | null = null;
    for (const source of sources)
      if (source.head !== null && (first === null || source.head.index < first.head!.index)) first = source;
    if (first === null) break;
    ready.push(first.head!.record);
    if (first.next()) continue;
    // What was read so far goes on its way while more is read.
    if (ready.length > 0) yield ready;
    ready = [];
    await first.more();
  }
  if (ready.length > 0) yield ready;
}

/** The places of all units that `readRecords` gives, in its order. */
export function finishedPlaces(state: RunState): UnitSet {
  const { steps } = state;
  const failed = steps.map((step, index) => placesOf(step.failed, roomOf(steps, index, steps.length)));
  return UnitSet.unionOf([validUnits(state), ...failed]);
}

type Indexed = { readonly index: number; readonly record: UnitRecord };

/** A source of records that come some at a time, and the one that is next. */
class Source {
  head: Indexed | null = null;
  private readonly bunches: AsyncGenerator<readonly Indexed[], void>;
  private bunch: readonly Indexed[] = [];
  private at = 0;

  constructor(bunches: AsyncGenerator<readonly Indexed[], void>) {
    this.bunches = bunches;
  }

  /** Goes on by one; false: `more` must be read first. */
  next(): boolean {
    this.head = this.bunch[++this.at] ?? null;
    return this.head !== null;
  }

  /** Reads on; `head` is null when nothing is left. */
  async more(): Promise<void> {
    const next = await this.bunches.next();
    this.bunch = next.done === true ? [] : next.value;
    this.at = 0;
    this.head = this.bunch[0] ?? null;
  }
}

async function* readValid(
  context: RunContext,
  only: UnitSet | null,
): AsyncGenerator<readonly Indexed[], void> {
  const { steps } = context.state;
  const valid = validUnits(context.state);
  const units = only === null ? valid : valid.intersect(only);
  for await (const bunch of readOutputBunches(steps, steps.length, units, context.bunches))
    yield bunch.map((outputs) => ({ index: outputs.unit, record: validRecord(context, outputs) }));
}

function validRecord(context: RunContext, outputs: UnitOutputs): UnitRecord {
  const { steps } = context.state;
  const { id, item } = context.unitAt(steps.length, outputs.unit);
  const loops = new Map<string, LoopRecord>();
  let attempts = 1;
  let capped = false;
  outputs.steps.forEach(({ line, column }, i) => {
    const { head } = line;
    if (head.attempt > attempts) attempts = head.attempt;
    const loop = head.loops[column] ?? null;
    if (loop === null) return;
    loops.set(steps[i]!.name, loop);
    if (loop.capped) capped = true;
  });
  const fields = fieldsFromJson(fieldsText(context, steps.length, outputs));
  return { kind: 'valid', unit: id, item, attempts, capped, loops, fields };
}

async function* readFailed(
  context: RunContext,
  index: number,
  only: UnitSet | null,
): AsyncGenerator<readonly Indexed[], void> {
  const { state } = context;
  const step = state.steps[index]!;
  const room = roomOf(state.steps, index, state.steps.length);
  const failed = only === null ? step.failed : unitsAt(step.failed, room, only);
  const failures = readLines(step.failureBlobs, failed, context.bunches);
  for await (const outputs of readOutputs(state.steps, index, failed, context.bunches)) {
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
    yield [{ index: outputs.unit * room, record }];
  }
}

/** Everything a unit has: its item's fields and what each step gave, later ones over earlier. */
function fieldsText(context: RunContext, step: number, outputs: UnitOutputs): string {
  return joinObjects([context.itemFields(step, outputs.unit), ...outputs.steps.map((one) => one.fields)]);
}

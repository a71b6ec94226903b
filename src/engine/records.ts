// Reads what units have become, unit by unit in canonical order, from the outcome blobs of their steps.
// Streams: at any moment it holds one line per open blob. What a unit's parent was given is its own too.
import { roomOf } from './levels.ts';
import { type BunchSource, LineCursor, OpenBlobs } from './open-blobs.ts';
import type { OutcomeLine } from './outcome-line.ts';
import { JournalError, type StepState } from './state.ts';
import type { UnitSet } from './unit-set.ts';

/** Reads a blob's lines by digest; a closed reader stops early. */
export type LineSource = (digest: string) => AsyncIterable<string>;

/** One unit's outputs of the steps before a given one, in step order. */
export interface UnitOutputs {
  readonly unit: number;
  readonly steps: readonly StepOutput[];
}

/** What one step gave a unit: its fields as JSON text and the line they stand in. */
export interface StepOutput {
  readonly fields: string;
  readonly line: OutcomeLine;
  readonly column: number;
}

/** Units given at a time at the most (more of them would live until they are collected dearly), and characters of theirs. */
const BUNCH = 64;
const BUNCH_TEXT = 250_000;

/**
 * Yields, for each of `units` of step `before` in order, the latest outputs of the steps before it, as many at a time as are
 * at hand. Who reads one blob chunk by chunk gives an `OpenBlobs` instead of a source, and it is read once.
 */
export async function* readOutputBunches(
  steps: readonly StepState[],
  before: number,
  units: UnitSet,
  source: BunchSource | OpenBlobs,
): AsyncGenerator<readonly UnitOutputs[], void> {
  const [blobs, bunches] = source instanceof OpenBlobs ? [source, source.bunches] : [null, source];
  const cursors = new Map<string, LineCursor>();
  const plans = steps
    .slice(0, before)
    // What a fan-out gave stands under the children it made.
    .map((step, i) => new SegmentPlan(step, units, roomOf(steps, i + 1, before)));
  const putAway = async (outcomes: string): Promise<void> => {
    const cursor = cursors.get(outcomes);
    if (cursor === undefined) return;
    cursors.delete(outcomes);
    await (blobs === null ? cursor.close() : blobs.leave(outcomes, cursor));
  };
  let ready: UnitOutputs[] = [];
  let text = 0;
  try {
    for (const unit of units) {
      for (const plan of plans) for (const outcomes of plan.finishedBefore(unit)) await putAway(outcomes);
      const outputs: StepOutput[] = [];
      for (const plan of plans) {
        const { number, outcomes, column } = plan.outputOf(unit);
        let cursor = cursors.get(outcomes);
        if (cursor === undefined) {
          cursor = blobs?.take(outcomes, number) ?? new LineCursor(bunches(outcomes));
          cursors.set(outcomes, cursor);
        }
        const line = cursor.seek(number) ?? (await readOn(cursor, outcomes, number));
        const fields = line.columns[column] ?? '{}';
        text += fields.length;
        outputs.push({ fields, line, column });
      }
      ready.push({ unit, steps: outputs });
      if (ready.length < BUNCH && text < BUNCH_TEXT) continue;
      yield ready;
      ready = [];
      text = 0;
    }
    if (ready.length > 0) yield ready;
  } finally {
    for (const outcomes of [...cursors.keys()]) await putAway(outcomes);
  }
}

/** The same unit by unit. */
export async function* readOutputs(
  ...args: Parameters<typeof readOutputBunches>
): AsyncGenerator<UnitOutputs> {
  for await (const bunch of readOutputBunches(...args)) yield* bunch;
}

/** Yields the outcome lines of `units`, in order, out of blobs given with the units each is asked for. */
export async function* readLines(
  sources: readonly { readonly units: UnitSet; readonly outcomes: string }[],
  units: UnitSet,
  bunches: BunchSource,
): AsyncGenerator<OutcomeLine> {
  const cursors = new Map<string, LineCursor>();
  const owners = assignLatest(sources, units);
  const last = new Map(owners.map(([, to, { outcomes }]) => [outcomes, to]));
  let next = 0;
  try {
    for (const unit of units) {
      while (owners[next]![1] < unit) next++;
      const outcomes = owners[next]![2].outcomes;
      let cursor = cursors.get(outcomes);
      if (cursor === undefined) cursors.set(outcomes, (cursor = new LineCursor(bunches(outcomes))));
      const line = cursor.seek(unit) ?? (await readOn(cursor, outcomes, unit));
      // Failures of a large run stand in very many blobs.
      if (last.get(outcomes) === unit) {
        await cursor.close();
        cursors.delete(outcomes);
      }
      yield line;
    }
  } finally {
    for (const cursor of cursors.values()) await cursor.close();
  }
}

/** The line of a unit that is not at hand. Ask the cursor first: most are, and waiting for them is what takes time. */
async function readOn(cursor: LineCursor, outcomes: string, unit: number): Promise<OutcomeLine> {
  for (;;) {
    const line = cursor.seek(unit);
    if (line === null)
      throw new JournalError(
        `Blob ${outcomes} has no line for unit ${unit} and is damaged: verify the run, and repair it.`,
      );
    if (line !== undefined) return line;
    await cursor.more();
  }
}

type Owned<T> = readonly [from: number, to: number, source: T];

/** For each wanted unit the latest source that has it, as ascending spans. */
function assignLatest<T extends { readonly units: UnitSet }>(
  sources: readonly T[],
  units: UnitSet,
): Owned<T>[] {
  const owned: Owned<T>[] = [];
  let left = units;
  for (let i = sources.length - 1; i >= 0 && left.size > 0; i--) {
    const source = sources[i]!;
    const mine = source.units.intersect(left);
    if (mine.size === 0) continue;
    for (const [from, to] of mine.spans()) owned.push([from, to, source]);
    left = left.minus(mine);
  }
  if (left.size > 0)
    throw new JournalError(`No output is recorded for units ${left.take(5)}; the journal is damaged.`);
  return owned.sort((a, b) => a[0] - b[0]);
}

/** Where the outputs of one step stand, for units that have `room` numbers for each one of that step. */
class SegmentPlan {
  private readonly owned: Owned<StepState['segments'][number]>[];
  private readonly lastUnit = new Map<number, string[]>();
  private readonly room: number;
  private next = 0;
  private last = -1;

  constructor(step: StepState, units: UnitSet, room: number) {
    this.room = room;
    this.owned = assignLatest(step.segments, units.parents(room));
    const last = new Map<string, number>();
    for (const [, to, segment] of this.owned) last.set(segment.outcomes, to);
    for (const [outcomes, to] of last) this.lastUnit.set(to, [...(this.lastUnit.get(to) ?? []), outcomes]);
  }

  /** The blob, the column, and by which number the unit or its forefather stands there. */
  outputOf(unit: number): { readonly number: number; readonly outcomes: string; readonly column: number } {
    const number = Math.floor(unit / this.room);
    while (this.owned[this.next]![1] < number) this.next++;
    const { outcomes, column } = this.owned[this.next]![2];
    return { number, outcomes, column };
  }

  /** Blobs that this step needs no more when the turn of `unit` comes. */
  finishedBefore(unit: number): readonly string[] {
    const number = Math.floor(unit / this.room);
    if (number === this.last) return [];
    const finished = this.lastUnit.get(this.last) ?? [];
    this.last = number;
    return finished;
  }
}

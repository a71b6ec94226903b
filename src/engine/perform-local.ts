// Performs local work: hands a chunk of units to the runner and settles what it computed. While it is written the runner
// is at the chunks after it; they are recorded in their turn, whoever is done first.

import type { ExpressionStep } from '../pipeline/pipeline.ts';
import type { NumberedUnit, OutcomeLines, OutcomeWork } from '../ports/runner.ts';
import { ChunkReader } from './chunk-reader.ts';
import { type Command, takeChunk } from './decide.ts';
import { NOTHING_ASKED, type Settlement } from './events.ts';
import { joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readOutputs } from './records.ts';
import type { ReadyGroup } from './state.ts';
import { StopsBuilder } from './stops.ts';
import type { UnitSet } from './unit-set.ts';

type Compute = Extract<Command, { kind: 'compute' }>;

/** What a chunk came to, as its settlement says it; its blob is stored. */
export type ComputedChunk = Pick<Settlement, 'outcomes' | 'stops' | 'capped'>;

/** Computes a chunk through consecutive expression steps. Others may compute the same; only one result is recorded. */
export async function compute(context: RunContext, command: Compute): Promise<void> {
  const { step, through, group } = command;
  const { attempt, units } = group;
  const taken = context.ahead.take(nameOf(command), () => computeChunk(context, command));
  for (const next of chunksAfter(context, command))
    context.ahead.begin(nameOf(next), () => computeChunk(context, next));
  const { outcomes, stops, capped } = await taken;
  const settlement: Settlement = {
    step,
    through,
    attempt,
    units: units.toString(),
    outcomes,
    stops,
    capped,
    ...NOTHING_ASKED,
  };
  await context.record([{ type: 'work_settled', settlement, at: context.ports.clock.now() }]);
}

/** What a chunk is computed from is settled: the same units in the same attempt at the same steps come out the same. */
function nameOf({ step, through, group }: Compute): string {
  return `${step} ${through} ${group.attempt} ${group.units}`;
}

/** The chunks that will be asked for after this one, as far as the runner has hands for them. */
function chunksAfter({ state, ports }: RunContext, command: Compute): Compute[] {
  const chunks: Compute[] = [];
  const waiting = state.steps[command.step]?.ready[0];
  if (waiting === undefined || ports.runner.ahead === 0) return chunks;
  let left: ReadyGroup = { ...waiting, units: waiting.units.minus(command.group.units) };
  while (chunks.length < ports.runner.ahead && left.units.size > 0) {
    const group = takeChunk(state, left);
    chunks.push({ ...command, group });
    left = { ...left, units: left.units.minus(group.units) };
  }
  return chunks;
}

async function computeChunk(context: RunContext, { step, through, group }: Compute): Promise<ComputedChunk> {
  const work = workOf(context, step, through, group.attempt);
  const { runner } = context.ports;
  const pieces: Uint8Array[] = [];
  const stops = new StopsBuilder(context.pipeline.steps, group.attempt);
  const capped = work.steps.map(() => 0);
  const gather = (lines: OutcomeLines): void => {
    pieces.push(...lines.pieces);
    for (const { unit, capped: columns, stopped } of lines.notes) {
      for (const column of columns) capped[column]!++;
      if (stopped !== null) stops.add(unit, step + stopped.column, stopped.failure);
    }
  };
  if (work.source !== null) gather(await runner.computeLines(work, [...group.units]));
  else {
    const reader = new ChunkReader(readInputs(context, step, group.units), ({ fields }) => fields.length);
    try {
      for (;;) {
        const units = await reader.take(group.units.size);
        if (units.length === 0) break;
        gather(await runner.computeLines(work, units));
      }
    } finally {
      await reader.close();
    }
  }
  // Stored before its turn: while one chunk is made durable in the journal, the next one's lines are in its blob.
  return { outcomes: await context.ports.blobs.put(pieces), stops: stops.build(), capped };
}

/** The same object for the same work. Of what units are made a worker knows only before they have been anywhere. */
function workOf(context: RunContext, step: number, through: number, attempt: number): OutcomeWork {
  const name = `${step} ${through} ${attempt}`;
  let work = context.works.get(name);
  if (work === undefined) {
    const { seed, rng, steps: all } = context.pipeline;
    const steps = all.slice(step, through + 1) as ExpressionStep[];
    const source = step === 0 ? context.source : null;
    context.works.set(name, (work = { steps, seed, rng, attempt, source }));
  }
  return work;
}

/** What units have when they come to a step. Each child has a copy of all that its parent has, so together it may be much. */
async function* readInputs(context: RunContext, step: number, units: UnitSet): AsyncGenerator<NumberedUnit> {
  for await (const { unit, steps: earlier } of readOutputs(
    context.state.steps,
    step,
    units,
    context.openBlobs,
  )) {
    const fields = joinObjects([context.itemFields(step, unit), ...earlier.map((one) => one.fields)]);
    yield { unit, id: context.unitAt(step, unit).id, fields };
  }
}

// Writes a run as the run directory of Octobatch, so that scripts made for those go on working: the same files, names and
// fields, with the figures of the run. It only reads the run; what it writes is a copy to look at, not one to go on with.
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { joinObjects } from '../engine/outcome-line.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { readLines, readOutputs, type UnitOutputs } from '../engine/records.ts';
import { plannedUnits, type StepState, unitsInFlight } from '../engine/state.ts';
import type { UnitSet } from '../engine/unit-set.ts';
import { fieldsFromJson } from '../expression/json.ts';
import type { Fields } from '../expression/values.ts';
import { usageError } from './arguments.ts';
import { writeAttempts } from './octobatch-attempts.ts';
import { ChunkFiles, type ChunkPlan, chunkName, fileName, planChunks } from './octobatch-chunks.ts';
import { writeConfig } from './octobatch-config.ts';
import { writeLog } from './octobatch-log.ts';
import { writeManifest } from './octobatch-manifest.ts';
import { failureLine, GIVEN_UP, type UnitHistory, unitLine } from './octobatch-record.ts';

/** What was written. `valid` and `failed`: units, of a run that fans out its last ones. */
export interface OctobatchRun {
  readonly chunks: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
}

/** Writes the run into `directory`, which is made if need be; it must be empty. */
export async function writeOctobatchRun(context: RunContext, directory: string): Promise<OctobatchRun> {
  await mkdir(join(directory, 'chunks'), { recursive: true });
  const { state } = context;
  const plan = planChunks(context);
  for (const { name } of plan.books) await mkdir(join(directory, 'chunks', name), { recursive: true });
  await writeConfig(context, join(directory, 'config'));
  await writeUnits(context, directory, plan);
  let [valid, failed, inFlight] = [0, 0, 0];
  for (let step = 0; step < state.steps.length; step++) {
    valid = await writeValid(context, directory, plan, step);
    failed += await writeFailed(context, directory, plan, step);
    const waiting = unitsInFlight(state, step);
    const chunks = plan.levels[state.steps[step]!.level]!;
    for (const unit of waiting) plan.books[chunks.chunkOf(unit)]!.waits ??= step;
    inFlight += waiting.size;
  }
  const retries = await writeAttempts(context, directory, plan);
  await writeLog(context, directory);
  await writeManifest(context, directory, plan.books, retries);
  return { chunks: plan.books.length, valid, failed, inFlight };
}

/** Refuses a folder that something is in already. */
export async function checkEmpty(flag: string, directory: string): Promise<void> {
  const found = await readdir(directory).catch(() => []);
  if (found.length > 0)
    throw usageError(
      flag,
      `there is something in "${directory}" already`,
      'name a folder that is not there yet',
    );
}

async function writeUnits(context: RunContext, directory: string, plan: ChunkPlan): Promise<void> {
  const chunks = plan.levels[0]!;
  const inChunks = new ChunkFiles(join(directory, 'chunks'));
  const together = new ChunkFiles(directory);
  for (const index of plannedUnits(context.state)) {
    const { id, fields } = context.units.unit(index);
    const line = unitLine(id, fields);
    await inChunks.add(chunkName(chunks.chunkOf(index)), 'units.jsonl', line);
    await together.add('input', 'units.jsonl', line);
  }
  await inChunks.flush();
  await together.flush();
}

/** The units that got past a step, each with all it had then; of a fan-out its children. Gives their number. */
async function writeValid(
  context: RunContext,
  directory: string,
  plan: ChunkPlan,
  index: number,
): Promise<number> {
  const { steps } = context.state;
  const step = steps[index]!;
  const isLast = index === steps.length - 1;
  const { level, units } = outputOf(step);
  const chunks = plan.levels[level]!;
  const files = new ChunkFiles(join(directory, 'chunks'));
  for await (const outputs of readOutputs(steps, index + 1, units, context.bunches)) {
    const book = plan.books[chunks.chunkOf(outputs.unit)]!;
    const line = unitLine(
      context.unitAt(index + 1, outputs.unit).id,
      fieldsOf(context, index + 1, outputs),
      historyOf(steps, outputs),
    );
    await files.add(book.name, `${fileName(step.name)}_validated.jsonl`, line);
    if (isLast) book.valid++;
  }
  await files.flush();
  return units.size;
}

/** The units that failed for good at a step. Gives their number. */
async function writeFailed(
  context: RunContext,
  directory: string,
  plan: ChunkPlan,
  index: number,
): Promise<number> {
  const { steps } = context.state;
  const { name, level, failed, failureBlobs } = steps[index]!;
  const chunks = plan.levels[level]!;
  const files = new ChunkFiles(join(directory, 'chunks'));
  const failures = readLines(failureBlobs, failed, context.bunches);
  for await (const outputs of readOutputs(steps, index, failed, context.bunches)) {
    const { attempt, failure } = (await failures.next()).value!.head;
    const book = plan.books[chunks.chunkOf(outputs.unit)]!;
    const line = failureLine(
      context.unitAt(index, outputs.unit).id,
      fieldsOf(context, index, outputs),
      failure!,
      {
        attempts: attempt,
        retries: Math.max(GIVEN_UP, attempt - 1),
      },
    );
    await files.add(book.name, `${fileName(name)}_failures.jsonl`, line);
    book.failed++;
  }
  await files.flush();
  return failed.size;
}

/** What leaves a step, in the numbers of the level after it. */
function outputOf({ kind, level, passed, made }: StepState): { level: number; units: UnitSet } {
  return kind === 'fan_out' ? { level: level + 1, units: made } : { level, units: passed };
}

/** What a unit has that comes to a step. */
function fieldsOf(context: RunContext, step: number, { unit, steps }: UnitOutputs): Fields {
  return fieldsFromJson(joinObjects([context.itemFields(step, unit), ...steps.map((one) => one.fields)]));
}

function historyOf(steps: readonly StepState[], outputs: UnitOutputs): UnitHistory {
  const last = steps[outputs.steps.length - 1]!;
  const loops = outputs.steps.flatMap(({ line, column }, at) => {
    const loop = line.head.loops[column] ?? null;
    return loop === null ? [] : [[steps[at]!.name, loop] as const];
  });
  return {
    attempts: Math.max(1, ...outputs.steps.map(({ line }) => line.head.attempt)),
    expressionStep: last.kind === 'expression' ? last.name : null,
    loops: new Map(loops),
  };
}

// Runs the local steps of a pipeline folder in this process, through the code that workers run, and hands each unit's
// fields to whoever looks. It keeps no unit.
import { fileURLToPath } from 'node:url';
import { openFolder } from '../../src/adapters/folder.ts';
import { computeJob, createJobCompiler } from '../../src/engine/local-job.ts';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import type { Value } from '../../src/expression/values.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { Coupling, ExpressionStep } from '../../src/pipeline/pipeline.ts';
import type { LocalOutcome, LocalUnit } from '../../src/simulation/local-chunk.ts';
import { planUnits, type Unit } from '../../src/simulation/units.ts';

/** Simulates every item `repeat` times, each step with the coupling. A unit that fails is an error here. */
export async function simulate(
  folder: string,
  repeat: number,
  see: (unit: Unit, fields: ReadonlyMap<string, Value>) => void,
  coupling: Coupling | null = null,
): Promise<void> {
  const files = openFolder(fileURLToPath(new URL(folder, import.meta.url)), folder);
  const { pipeline, items, warnings } = await loadPipeline(files, { repeat }, () => null);
  if (warnings.length > 0) throw new Error(`${folder}: ${warnings.map(({ what }) => what).join('; ')}`);
  const { seed, rng } = pipeline;
  const steps = (pipeline.steps as readonly ExpressionStep[]).map((step) =>
    coupling === null ? step : { ...step, coupling },
  );
  const job = computeJob({ steps, seed, rng });
  const run = createJobCompiler()(job.text).run as unknown as (unit: LocalUnit) => LocalOutcome;
  const units = planUnits(pipeline, items);
  for (let index = 0; index < units.count; index++) {
    const unit = units.unit(index);
    const fields = new Map(unit.fields);
    const outcome = run({ id: unit.id, fields: fieldsToJson(fields) });
    if (outcome.kind === 'failed') throw new Error(`${unit.id}: ${JSON.stringify(outcome.failure.issues)}`);
    for (const step of outcome.steps) {
      for (const [name, value] of fieldsFromJson(step.fields)) fields.set(name, value);
    }
    see(unit, fields);
  }
}

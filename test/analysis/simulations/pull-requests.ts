// Pull requests that change nothing: one pipeline folder through the real loader, streams, expression steps, analyser and
// judge, again and again with other chance. It counts how often a gate fails all the same.
import { fileURLToPath } from 'node:url';
import { openFolder } from '../../../src/adapters/folder.ts';
import { type BaseResult, holdAgainst } from '../../../src/analysis/against.ts';
import { createAnalyser } from '../../../src/analysis/analyser.ts';
import type { Analysis } from '../../../src/analysis/analysis.ts';
import type { GateState } from '../../../src/analysis/decision.ts';
import { computeJob, createJobCompiler } from '../../../src/engine/local-job.ts';
import { fieldsFromJson, fieldsToJson } from '../../../src/expression/json.ts';
import { loadPipeline } from '../../../src/pipeline/load.ts';
import type { ExpressionStep, Gate, LoadedPipeline, Pipeline } from '../../../src/pipeline/pipeline.ts';
import type { LocalOutcome, LocalUnit } from '../../../src/simulation/local-chunk.ts';
import { planUnits } from '../../../src/simulation/units.ts';
import { stepAccount } from '../../report/fixture.ts';

/** The folder with three gates on changes and two on figures; none of its gates has anything to find. */
export async function loadQuiet(): Promise<LoadedPipeline> {
  const files = openFolder(fileURLToPath(new URL('quiet-change', import.meta.url)), 'quiet-change');
  return loadPipeline(files, {}, () => null);
}

/** Runs all units, each step on the seed of its own, and analyses them. */
export function play({ pipeline, items }: LoadedPipeline, seeds: readonly string[]): Analysis {
  const steps = pipeline.steps as readonly ExpressionStep[];
  const compile = createJobCompiler();
  const runs = steps.map((step, at) => {
    const job = computeJob({ steps: [step], seed: seeds[at] as string, rng: pipeline.rng });
    return compile(job.text).run as unknown as (unit: LocalUnit) => LocalOutcome;
  });
  const units = planUnits(pipeline, items);
  const analyser = createAnalyser({ pipeline, provider: 'simulated', simulated: false });
  for (let index = 0; index < units.count; index++) {
    const { id, item, fields: given } = units.unit(index);
    const fields = new Map(given);
    for (const run of runs) {
      const outcome = run({ id, fields: fieldsToJson(fields) });
      if (outcome.kind === 'failed') throw new Error(`${id}: ${JSON.stringify(outcome.failure.issues)}`);
      for (const step of outcome.steps)
        for (const [name, value] of fieldsFromJson(step.fields)) fields.set(name, value);
    }
    analyser.add({ kind: 'valid', unit: id, item, attempts: 1, capped: false, loops: new Map(), fields });
  }
  const all = { planned: units.count, valid: units.count, failed: 0, inFlight: 0 };
  const accounts = steps.map(({ name }) => stepAccount({ step: name, entered: units.count }));
  return analyser.finish({ ...all, steps: accounts });
}

/** What is known of the base: every unit, or only the estimates, as of a run that is too large to keep its units. */
export type Known = 'units' | 'estimates';

/** The states of the gates, in the pipeline's order, of a pull request whose base came out as given. */
export function judge(pipeline: Pipeline, base: Analysis, head: Analysis, known: Known): Analysis {
  const result: BaseResult = {
    name: 'main',
    reason: null,
    isSame: false,
    values: known === 'units' ? base.values : null,
    overall: base.overall,
    // No unit of these pipelines drops out.
    sides: (base.sides ?? []).map((estimated) => (estimated === null ? null : { estimated, dropped: 0 })),
  };
  return holdAgainst(head, pipeline, result);
}

/** Whether a gate is on a change, and thus in the family of those that the pipeline's `false_alarms` is about. */
export function isOnChange({ kind }: Pick<Gate, 'kind'>): boolean {
  return kind === 'share_change' || kind === 'mean_change';
}

/** How many pull requests had a failed gate on a change, and each gate's states. */
export class Alarms {
  requests = 0;
  failed = 0;
  readonly states = new Map<string, Record<GateState, number>>();

  add({ gates }: Pick<Analysis, 'gates'>): void {
    this.requests++;
    if (gates.some((gate) => isOnChange(gate) && gate.state === 'fail')) this.failed++;
    for (const { name, state } of gates) {
      const counts = this.states.get(name) ?? { pass: 0, fail: 0, inconclusive: 0 };
      counts[state]++;
      this.states.set(name, counts);
    }
  }
}

// Shows the prompt of one unit as a model would get it. Local steps before it are computed on the spot; answers of
// earlier model steps are taken from the pipeline's run, for there is no prompt without them.
import type { RunPlace } from '../compose.ts';
import { joinObjects } from '../engine/outcome-line.ts';
import { promptWork } from '../engine/prompt-chunk.ts';
import { readOutputs } from '../engine/records.ts';
import { openRun } from '../engine/tick.ts';
import { UnitSet } from '../engine/unit-set.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import { usageError } from './arguments.ts';

/** Which prompt: of which step (null: the first model step) and unit (null: the first). */
export interface PromptChoice {
  readonly step: string | null;
  readonly unit: string | null;
}

/** The prompt of one unit at one step. */
export interface UnitPrompt {
  readonly unit: string;
  readonly step: string;
  readonly system: string | null;
  readonly prompt: string;
}

/** The prompt as a person reads it. */
export function formatPrompt({ system, prompt }: UnitPrompt): string {
  const before = system === null ? '' : `[system]\n${system}\n[user]\n`;
  return `${before}${prompt}${prompt.endsWith('\n') ? '' : '\n'}`;
}

/** The system and user prompt of a unit's first attempt. Throws a ConfigurationError when there is none. */
export async function renderUnitPrompt(place: RunPlace, choice: PromptChoice): Promise<UnitPrompt> {
  const { context } = await openRun(place.ports);
  const { pipeline, units, state } = context;
  const models = pipeline.steps.filter((step) => step.kind === 'llm').map((step) => step.name);
  const index = pipeline.steps.findIndex(
    (one) => one.kind === 'llm' && one.name === (choice.step ?? models[0]),
  );
  if (index < 0) {
    const fix =
      models.length === 0
        ? 'this pipeline has no step that asks a model'
        : `model steps: ${models.join(', ')}`;
    throw usageError('--step', `there is no model step "${choice.step ?? ''}"`, fix);
  }
  const step = context.llmStep(index);
  const unit = choice.unit === null ? 0 : findUnit(context.units, choice.unit);
  const { id } = units.unit(unit);
  const texts = [context.itemFields(index, unit)];
  const passed = state.steps.slice(0, index).every((one) => one.passed.has(unit));
  if (passed) {
    for await (const { steps } of readOutputs(state.steps, index, UnitSet.of([unit]), context.lines)) {
      texts.push(...steps.map((one) => one.fields));
    }
  } else {
    const before = pipeline.steps.slice(0, index);
    const model = before.find((one) => one.kind === 'llm');
    if (model !== undefined) {
      throw usageError(
        '--step',
        `the prompt of "${step.name}" needs the answer to "${model.name}", which unit ${id} does not have yet`,
        'run the pipeline first',
      );
    }
    const chunk = {
      steps: before as ExpressionStep[],
      seed: pipeline.seed,
      rng: pipeline.rng,
      units: [{ id, fields: texts[0]! }],
    };
    const [outcome] = before.length === 0 ? [] : await context.ports.runner.compute(chunk);
    if (outcome?.kind === 'failed') {
      const what = `unit ${id} fails at step "${outcome.step}": ${outcome.failure.issues[0]?.message ?? ''}`;
      throw usageError('--unit', what, 'choose another unit or mend the step');
    }
    texts.push(...(outcome?.steps ?? []).map((one) => one.fields));
  }
  const work = promptWork(pipeline, step);
  const [rendered] = await context.ports.runner.render({
    ...work,
    units: [{ id, fields: joinObjects(texts) }],
  });
  if (rendered?.kind !== 'rendered') {
    throw usageError(
      `${pipeline.name}, step ${step.name}`,
      rendered?.failure.issues[0]?.message ?? 'no prompt',
      'mend the template',
    );
  }
  const { system, prompt } = rendered;
  return { unit: id, step: step.name, system, prompt };
}

function findUnit(
  units: { readonly count: number; unit(index: number): { readonly id: string } },
  name: string,
): number {
  for (let index = 0; index < units.count; index++) if (units.unit(index).id === name) return index;
  const number = Number(name);
  if (/^\d+$/.test(name) && number < units.count) return number;
  throw usageError(
    '--unit',
    `there is no unit "${name}"`,
    `units are ${units.unit(0).id} ... or their number, from 0 to ${units.count - 1}`,
  );
}

// Shows the prompt of one unit as a model would get it. Local steps before it are computed on the spot; answers of
// earlier model steps are taken from the pipeline's run, for there is no prompt without them.
import type { RunPlace } from '../compose.ts';
import { promptWork } from '../engine/prompt-chunk.ts';
import { openRun } from '../engine/tick.ts';
import { usageError } from './arguments.ts';
import { chooseUnit, readFieldsBefore } from './unit-before.ts';

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
  const { pipeline } = context;
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
  const unit = chooseUnit(context, index, choice.unit);
  const { id } = context.unitAt(index, unit);
  const fields = await readFieldsBefore(context, index, unit);
  const work = promptWork(pipeline, step);
  const [rendered] = await context.ports.runner.render({
    ...work,
    units: [{ id, fields }],
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

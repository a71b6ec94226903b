// What must hold between the steps, the command line and the providers before anything can be asked. Opens nothing.
import type { Overrides } from './load.ts';
import type { Mistakes } from './mistakes.ts';
import type { LlmStep, Pipeline } from './pipeline.ts';
import type { PlaceOf } from './policy.ts';
import { FREE_PROVIDERS, OWN_PROTOCOLS, protocolOf, resolveModel, settingsOf } from './resolve.ts';
import { nearest } from './suggest.ts';

/** Adds a mistake for every step whose provider is not known, or that asks a real one without saying for which model. */
export function checkAsked(
  written: Pipeline,
  pipeline: Pipeline,
  overrides: Overrides,
  placeOf: PlaceOf,
  mistakes: Mistakes,
): void {
  for (const [index, step] of pipeline.steps.entries()) {
    if (step.kind !== 'llm') continue;
    const { provider, model } = resolveModel(pipeline, step);
    if (FREE_PROVIDERS.includes(provider)) continue;
    const place = placeOf(step.provider === null ? ['provider'] : ['steps', String(index), 'provider']);
    if (protocolOf(provider, settingsOf(pipeline, provider)) === null) {
      const known = [...OWN_PROTOCOLS, ...FREE_PROVIDERS, ...Object.keys(pipeline.providers)];
      const near = nearest(provider, known);
      const fix =
        near === null
          ? `say under providers.${provider} whose 'protocol:' it speaks`
          : `did you mean '${near}'?`;
      mistakes.add(place, `the provider '${provider}' is not known`, fix);
    } else if (model === '') {
      const fix = "add 'model:' to the step or the pipeline, or give --model";
      mistakes.add(place, `the step '${step.name}' asks '${provider}' without naming a model`, fix);
    } else if (overrides.model === undefined) {
      const other = modelOwner(written, written.steps[index] as LlmStep, provider);
      if (other === null) continue;
      const what = `the step '${step.name}' asks '${provider}' for the model '${model}', which was named for '${other}'`;
      const fix =
        overrides.provider === undefined ? "add 'model:' to the step" : 'give --model beside --provider';
      mistakes.add(place, what, fix);
    }
  }
}

/** The provider for which the model a step would use was written, when that is a real one and not the one asked. */
function modelOwner(written: Pipeline, step: LlmStep, asked: string): string | null {
  const owner = step.model === null ? written.provider : resolveModel(written, step).provider;
  if (owner === null || owner === asked || FREE_PROVIDERS.includes(owner)) return null;
  return owner;
}

// Pipelines that are weighed after waves, and answers that depend on the prompt alone, so that other waves change none.
import type { RunState } from '../../src/engine/state.ts';
import { sha256Hex } from '../../src/expression/sha256.ts';
import { dictOf } from '../../src/expression/values.ts';
import type { Gate, LlmStep, LoadedPipeline, Pipeline, StopSpec } from '../../src/pipeline/pipeline.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { type Script, textAnswer } from './scripted-provider.ts';
import { pipelineOf } from './world.ts';

/** A run over three items that asks for a number each, at most `repeat` times. */
export function wavedPipeline(
  repeat: number,
  stop: StopSpec | null,
  more: Partial<Pipeline> = {},
  step: Partial<LlmStep> = {},
): LoadedPipeline {
  const { pipeline } = pipelineOf(repeat, step, {
    templates: { ask: 'How many {{ kind }} in {{ _repetition_id }}?' },
    ...(stop === null ? {} : { stop }),
    gates: stop?.rule.kind === 'gates' ? stop.rule.gates : [],
    ...more,
  });
  const items = ['ants', 'bees', 'cats'].map((kind) => ({ id: kind, fields: dictOf([['kind', kind]]) }));
  return { pipeline, items: new Map([['items', items]]) };
}

/** A claim that the share of answers above `above` is at least `atLeast`. */
export function shareGate(atLeast: number, above = 2): Gate {
  const region = { atLeast, atMost: null };
  return { kind: 'share', name: 'many', expr: `n > ${above}`, region, confidence: 0.95 };
}

/** Stops when the gate is decided. */
export const byGate = (every: number, gate: Gate): StopSpec => ({
  every,
  rule: { kind: 'gates', gates: [gate] },
});

/** Stops when the mean is known to `atMost`. */
export const byWidth = (every: number, atMost: number): StopSpec => ({
  every,
  rule: { kind: 'half_width', of: { kind: 'mean', expr: 'n' }, atMost, confidence: 0.95 },
});

/** Looks for the item with the highest mean. */
export const byBest = (every: number, fresh: number): StopSpec => ({
  every,
  rule: { kind: 'best', of: { kind: 'mean', expr: 'n' }, by: 'kind', wants: 'highest', fresh },
});

/** Numbers 0 to 9, one in ten answers being nonsense at first; cats have more than bees, and bees more than ants. */
export function answersByPrompt(salt = 0): Script {
  const answer = (request: ModelRequest): Answer => {
    const { prompt } = request;
    const chance = Number.parseInt(sha256Hex(`${salt} ${prompt}`).slice(0, 8), 16);
    if (chance % 10 === 0) return textAnswer(request, 'no JSON');
    const more = prompt.includes('cats') ? 4 : prompt.includes('bees') ? 2 : 0;
    return textAnswer(request, `{"n": ${((chance >>> 4) % 6) + more}}`);
  };
  return {
    rows: (requests) => requests.map(answer),
    ask: (request) => ({ kind: 'answered', answer: answer(request) }),
  };
}

/** What the weighings of a run came to. */
export function looksOf(state: RunState): readonly (readonly [enough: boolean, opens: string])[] {
  return (state.waves?.looks ?? []).map(({ weighed, opens }) => [weighed.enough, opens.toString()]);
}

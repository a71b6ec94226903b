// What the choice of a generator means for a pipeline: which there are, and what `python` cannot keep of the promises
// the others keep. Nothing is drawn here.
import { compileExpression } from '../expression/expression.ts';
import type { NotRun, Pipeline, Rng, Step } from './pipeline.ts';

/** All generators. */
export const RNGS = ['tychei', 'arc4', 'python'] as const satisfies readonly Rng[];

/** The generator when nobody names one. */
export const DEFAULT_RNG: Rng = 'tychei';

/** What a pipeline with `rng: python` asks for and does not get; empty for the other generators. */
export function rngNotes(pipeline: Pipeline): readonly NotRun[] {
  if (pipeline.rng !== 'python') return [];
  const notes: NotRun[] = [];
  if (pipeline.seed !== '0') {
    const reason = "rng: python seeds each unit from its id, as Octobatch does; the run's seed has no effect";
    notes.push({ name: `seed ${pipeline.seed}`, reason });
  }
  const drawing = pipeline.steps.filter(draws).map((step) => step.name);
  if (pipeline.repeat > 1 && drawing.length > 1) {
    const reason =
      'with repeat, rng: python gives all steps of a unit one seed, as Octobatch does; ' +
      `these draw the same numbers: ${drawing.join(', ')}`;
    notes.push({ name: 'independent draws in each step', reason });
  }
  for (const step of pipeline.steps) {
    if (step.kind !== 'expression' || step.coupling === undefined) continue;
    const reason =
      "rng: python draws from Octobatch's seeds; stream_by, antithetic and stratify have no effect";
    notes.push({ name: `coupled draws of ${step.name}`, reason });
  }
  return notes;
}

function draws(step: Step): boolean {
  if (step.kind === 'fan_out') return false;
  const assignments = step.kind === 'llm' ? step.prepare : [...step.init, ...step.expressions];
  const sources = assignments.map(({ expr }) => expr);
  if (step.kind === 'expression' && step.loopUntil !== null) sources.push(step.loopUntil);
  return sources.some((source) => compileExpression(source).names.has('random'));
}

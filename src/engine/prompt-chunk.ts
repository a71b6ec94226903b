// The prompts of one step for a chunk of units, as text in and text out: compiled once, then rendered unit by unit. It
// knows neither batches nor attempts: what an earlier answer is told is added by whoever packs the requests.
import { ExpressionError } from '../expression/errors.ts';
import { createEvaluation } from '../expression/evaluation.ts';
import { compileExpression } from '../expression/expression.ts';
import { fieldsFromJson } from '../expression/json.ts';
import type { Value } from '../expression/values.ts';
import type { Assignment, LlmStep, Pipeline } from '../pipeline/pipeline.ts';
import type { LocalUnit } from '../simulation/local-chunk.ts';
import { type DrawSettings, openUnitStream } from '../simulation/unit-stream.ts';
import { TemplateError } from '../template/error.ts';
import { type CompiledTemplate, compileTemplate } from '../template/template.ts';
import type { Failure } from '../validation/failure.ts';

/** What is the same for all prompts of a step. Plain data, so that it can be sent to another thread. */
export interface PromptWork extends DrawSettings {
  readonly step: string;
  /** The step's part of the name of the stream that `prepare` and the templates draw from. */
  readonly drawsFor: string;
  /** Unit ids end in the number of a repetition. */
  readonly repeats: boolean;
  /** Keys into `templates`. */
  readonly template: string;
  readonly system: string | null;
  readonly templates: Readonly<Record<string, string>>;
  readonly prepare: readonly Assignment[];
  /** Variables all prompts share: one JSON object as text. */
  readonly globals: string;
}

/** Prompts to render: those of `units` at one step. */
export interface PromptChunk extends PromptWork {
  readonly units: readonly LocalUnit[];
}

/** A unit's prompt, or why there is none. */
export type PromptOutcome =
  | { readonly kind: 'rendered'; readonly system: string | null; readonly prompt: string }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What the prompts of a step are made of. */
export function promptWork(pipeline: Pipeline, step: LlmStep): PromptWork {
  const { form, seed, rng, repeat, templates, globals } = pipeline;
  const { name, template, system, prepare } = step;
  // These values of an Octobatch folder belong to the unit, so that every prompt of it sees the same draws. With
  // `rng: python` the draws are Octobatch's own, which may differ by step.
  const drawsFor = form === 'octobatch' && rng !== 'python' ? '' : name;
  return {
    step: name,
    drawsFor,
    repeats: repeat > 1,
    seed,
    rng,
    template,
    system,
    templates,
    prepare,
    globals,
  };
}

/** Compiles a step's prompt into a function of a unit. Throws TemplateError and ExpressionSyntaxError. */
export function compilePrompts(work: PromptWork): (unit: LocalUnit) => PromptOutcome {
  const { templates } = work;
  const load = (name: string): string | null => (Object.hasOwn(templates, name) ? templates[name]! : null);
  const compile = (name: string): CompiledTemplate => compileTemplate(name, load(name) ?? '', load);
  const template = compile(work.template);
  const system = work.system === null ? null : compile(work.system);
  const prepare = work.prepare.map(({ name, expr }) => ({ name, expression: compileExpression(expr) }));
  const globals = fieldsFromJson(work.globals);
  return ({ id, fields }) => {
    const drawing = { id, repeats: work.repeats };
    const random = openUnitStream(work, drawing, work.drawsFor, 'prompt');
    const evaluation = createEvaluation({ random });
    const values = new Map<string, Value>([...globals, ...fieldsFromJson(fields)]);
    let part = 'prompt';
    try {
      for (const { name, expression } of prepare) {
        part = name;
        values.set(name, expression.evaluate(values, evaluation));
      }
      part = 'prompt';
      const prompt = template.render(values, evaluation);
      part = 'system';
      return { kind: 'rendered', system: system?.render(values, evaluation) ?? null, prompt };
    } catch (error) {
      if (!(error instanceof TemplateError || error instanceof ExpressionError)) throw error;
      return { kind: 'failed', failure: failureOf(work.step, part, error) };
    }
  };
}

function failureOf(step: string, part: string, error: TemplateError | ExpressionError): Failure {
  const place = error instanceof TemplateError ? `${error.template}:${error.line}:${error.column}: ` : '';
  const issue = { path: '', rule: part, message: `${place}${error.type}: ${error.message}` };
  return { kind: 'template', step, issues: [issue], raw: null };
}

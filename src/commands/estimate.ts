// Measures the prompts a run would send, as far as they can be known beforehand, and estimates what they cost. Prompts
// are rendered by the runner, with its walls; nothing is sent, and nothing is kept.
import type { RunPlace, TokenCounter } from '../compose.ts';
import { mostBytes } from '../engine/budget.ts';
import {
  attemptsAt,
  estimateStep,
  type PromptBasis,
  type PromptSizes,
  type StepEstimate,
} from '../engine/cost-estimate.ts';
import { joinObjects } from '../engine/outcome-line.ts';
import { promptWork } from '../engine/prompt-chunk.ts';
import { fieldsToJson } from '../expression/json.ts';
import type { ExpressionStep, LlmStep, LoadedPipeline, TokenPrice } from '../pipeline/pipeline.ts';
import { FREE_PROVIDERS, modelName, type ResolvedModel, resolveModel } from '../pipeline/resolve.ts';
import { openStream } from '../simulation/stream.ts';
import { planUnits } from '../simulation/units.ts';
import { placeholderAnswer } from './placeholder-answer.ts';

/** Up to so many units every prompt is measured; of more, a seeded sample. */
const MEASURED = 1_000;
const SAMPLE = 300;

/** Prompts whose tokens are counted. */
const COUNTED = 40;

/** One model step's estimate. `looked`: prompts that were measured. */
export interface EstimatedStep {
  readonly step: string;
  readonly asked: ResolvedModel;
  readonly paid: boolean;
  readonly price: TokenPrice | null;
  readonly basis: PromptBasis;
  readonly looked: number;
  readonly estimate: StepEstimate;
}

type Measured = { readonly id: string; readonly texts: string[] };

/** Estimates every model step. Prices by `provider/model/mode`, of those that are paid for. */
export async function estimateSteps(
  place: RunPlace,
  { pipeline, items }: LoadedPipeline,
  prices: Readonly<Record<string, TokenPrice | null>>,
  openCounter: () => Promise<TokenCounter>,
): Promise<readonly EstimatedStep[]> {
  if (pipeline.steps.every((step) => step.kind === 'expression')) return [];
  // Its tables are read while the runner renders.
  const counter = openCounter();
  const table = planUnits(pipeline, items);
  let units: Measured[] = chooseUnits(table.count, pipeline.seed).map((index) => {
    const { id, fields } = table.unit(index);
    return { id, texts: [fieldsToJson(fields)] };
  });
  const whole = units.length === table.count;
  const found: EstimatedStep[] = [];
  let earlier = 0;
  for (const [index, step] of pipeline.steps.entries()) {
    if (step.kind === 'expression') {
      units = await computeStep(place, pipeline, step, units);
      continue;
    }
    if (step.kind === 'fan_out') continue;
    const prompts = await render(place, pipeline, step, units);
    const count = await counter;
    const sizes = measure(prompts, sourcesOf(pipeline, step), earlier > 0, count);
    const asked = resolveModel(pipeline, step);
    const paid = !FREE_PROVIDERS.includes(asked.provider);
    const price = paid ? (prices[modelName(asked)] ?? null) : FREE;
    const placeholder = placeholderAnswer(step.schema);
    // Units that fail before they are asked cost nothing, but only when all were looked at is that known.
    const asking = whole && sizes.basis === 'rendered' ? sizes.bytes.length : table.count;
    const estimate = estimateStep({
      ...{ step, asked, price, units: asking, sizes, earlier },
      attempts: attemptsAt(pipeline.steps, index),
      schemaTokens: step.schema === null ? 0 : count(step.schema),
      shortestAnswer: step.schema === null ? 1 : count(placeholder),
    });
    const { basis } = sizes;
    found.push({
      ...{ step: step.name, asked, paid, basis, estimate },
      price: paid ? price : null,
      looked: sizes.bytes.length,
    });
    for (const unit of units) unit.texts.push(placeholder);
    earlier += Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
  }
  return found;
}

/** What answers cost that nobody pays for. */
const FREE: TokenPrice = { input: '0', output: '0', cachedInput: null, above: null, source: 'free' };

/** All units, or a seeded sample of them in order. */
function chooseUnits(count: number, seed: string): readonly number[] {
  if (count <= MEASURED) return Array.from({ length: count }, (_, index) => index);
  const random = openStream([seed, 'plan', 'sample']);
  const chosen = new Set<number>();
  while (chosen.size < SAMPLE) chosen.add(Math.floor(random.double() * count));
  return [...chosen].sort((a, b) => a - b);
}

/** A local step; units that fail at it go no further, unless all do: then it needs answers that do not exist yet. */
async function computeStep(
  { ports }: RunPlace,
  { seed, rng }: LoadedPipeline['pipeline'],
  step: ExpressionStep,
  units: Measured[],
): Promise<Measured[]> {
  const outcomes = await ports.runner.compute({
    steps: [step],
    seed,
    rng,
    units: units.map(({ id, texts }) => ({ id, fields: joinObjects(texts) })),
  });
  const through = units.flatMap((unit, position) => {
    const outcome = outcomes[position];
    return outcome?.kind === 'done'
      ? [{ ...unit, texts: [...unit.texts, ...outcome.steps.map((one) => one.fields)] }]
      : [];
  });
  return through.length === 0 ? units : through;
}

/** The prompts that can be rendered, each with its system prompt. */
async function render(
  { ports }: RunPlace,
  pipeline: LoadedPipeline['pipeline'],
  step: LlmStep,
  units: readonly Measured[],
): Promise<readonly string[]> {
  const outcomes = await ports.runner.render({
    ...promptWork(pipeline, step),
    units: units.map(({ id, texts }) => ({ id, fields: joinObjects(texts) })),
  });
  return outcomes.flatMap((outcome) =>
    outcome.kind === 'rendered' ? [`${outcome.system ?? ''}${outcome.prompt}`] : [],
  );
}

function sourcesOf({ templates }: LoadedPipeline['pipeline'], { template, system }: LlmStep): string {
  return `${templates[template] ?? ''}${system === null ? '' : (templates[system] ?? '')}`;
}

/** Where no prompt can be rendered before earlier answers are there, the templates' own size stands for it. */
function measure(
  rendered: readonly string[],
  sources: string,
  needsAnswers: boolean,
  count: TokenCounter,
): PromptSizes {
  const isBlind = rendered.length === 0 && needsAnswers;
  const prompts = isBlind ? [sources] : rendered;
  const stride = Math.max(1, prompts.length / COUNTED);
  const counted = Array.from(
    { length: Math.min(COUNTED, prompts.length) },
    (_, position) => prompts[Math.floor(position * stride)]!,
  );
  return {
    basis: isBlind ? 'template' : needsAnswers ? 'placeholders' : 'rendered',
    bytes: prompts.map(mostBytes),
    tokens: counted.map(count),
  };
}

// Measures the prompts a run would send, as far as they can be known beforehand, and estimates what they cost. Prompts
// are rendered by the runner, with its walls; nothing is sent, and nothing is kept.
import type { RunPlace, TokenCounter } from '../compose.ts';
import { mostBytes } from '../engine/budget.ts';
import {
  attemptsAt,
  estimateStep,
  exactly,
  type Population,
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
import {
  childrenOf,
  isComputed,
  type PlannedFanOut,
  planByLimits,
  planByLists,
  populationAfter,
  type Sample,
  type SampledUnit,
} from './plan-fan-out.ts';

/** Up to so many units every prompt is measured; of more, a seeded sample. */
const MEASURED = 1_000;
const SAMPLE = 300;

/** Prompts whose tokens are counted. */
const COUNTED = 40;

/** One model step's estimate. `units`: that come to it; `looked`: prompts that were measured. */
export interface EstimatedStep {
  readonly step: string;
  readonly units: Population;
  readonly asked: ResolvedModel;
  readonly paid: boolean;
  readonly price: TokenPrice | null;
  readonly basis: PromptBasis;
  readonly looked: number;
  readonly estimate: StepEstimate;
}

/** The estimates of all model steps, and what the fan-outs between them do, by name. */
export interface Estimates {
  readonly steps: readonly EstimatedStep[];
  readonly fanOuts: ReadonlyMap<string, PlannedFanOut>;
}

/** Estimates every model step. Prices by `provider/model/mode`, of those that are paid for. */
export async function estimateSteps(
  place: RunPlace,
  loaded: LoadedPipeline,
  prices: Readonly<Record<string, TokenPrice | null>>,
  openCounter: () => Promise<TokenCounter>,
): Promise<Estimates> {
  const { pipeline, items } = loaded;
  const found: EstimatedStep[] = [];
  const fanOuts = new Map<string, PlannedFanOut>();
  if (pipeline.steps.every((step) => step.kind === 'expression')) return { steps: found, fanOuts };
  // Its tables are read while the runner renders.
  const counter = pipeline.steps.some((step) => step.kind === 'llm') ? openCounter() : null;
  const table = planUnits(pipeline, items);
  const first = chooseUnits(table.count, pipeline.seed);
  let population = exactly(table.count);
  let sample: Sample = {
    units: first.map((index) => {
      const { id, fields } = table.unit(index);
      return { id, texts: [fieldsToJson(fields)] };
    }),
    isWhole: first.length === table.count,
  };
  let earlier = 0;
  for (const [index, step] of pipeline.steps.entries()) {
    if (step.kind === 'expression') {
      sample = { ...sample, units: await computeStep(place, pipeline, step, sample.units) };
      continue;
    }
    if (step.kind === 'fan_out') {
      // Units that failed before are no parents, which only their answers could keep from being known.
      if (sample.isWhole && earlier === 0) population = exactly(sample.units.length);
      const joined = sample.units.map(({ texts }) => joinObjects([...texts]));
      const listed = isComputed(loaded, index)
        ? planByLists(loaded, index, population, { joined, isWhole: sample.isWhole })
        : null;
      const planned = listed?.planned ?? planByLimits(loaded, index, population);
      const lengths = listed?.lengths ?? null;
      const choose = (count: number) => chooseUnits(count, pipeline.seed);
      sample = childrenOf(loaded, index, sample, joined, lengths, choose);
      population = populationAfter(planned);
      fanOuts.set(step.name, planned);
      continue;
    }
    const prompts = await render(place, pipeline, step, sample.units);
    const count = await counter!;
    const sizes = measure(prompts, sourcesOf(pipeline, step), earlier > 0, count);
    const asked = resolveModel(pipeline, step);
    const paid = !FREE_PROVIDERS.includes(asked.provider);
    const price = paid ? (prices[modelName(asked)] ?? null) : FREE;
    const placeholder = placeholderAnswer(step.schema);
    // Units that fail before they are asked cost nothing, but only when all were looked at is that known.
    const asking = sample.isWhole && sizes.basis === 'rendered' ? exactly(sizes.bytes.length) : population;
    const estimate = estimateStep({
      ...{ step, asked, price, units: asking, sizes, earlier },
      attempts: attemptsAt(pipeline.steps, index),
      schemaTokens: step.schema === null ? 0 : count(step.schema),
      shortestAnswer: step.schema === null ? 1 : count(placeholder),
    });
    const { basis } = sizes;
    found.push({
      ...{ step: step.name, units: population, asked, paid, basis, estimate },
      price: paid ? price : null,
      looked: sizes.bytes.length,
    });
    sample = {
      ...sample,
      units: sample.units.map(({ id, texts }) => ({ id, texts: [...texts, placeholder] })),
    };
    earlier += Math.max(step.maxTokens, step.maxTokensCeiling ?? 0);
  }
  return { steps: found, fanOuts };
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
  units: readonly SampledUnit[],
): Promise<readonly SampledUnit[]> {
  const outcomes = await ports.runner.compute({
    steps: [step],
    seed,
    rng,
    units: units.map(({ id, texts }) => ({ id, fields: joinObjects([...texts]) })),
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
  units: readonly SampledUnit[],
): Promise<readonly string[]> {
  const outcomes = await ports.runner.render({
    ...promptWork(pipeline, step),
    units: units.map(({ id, texts }) => ({ id, fields: joinObjects([...texts]) })),
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

// Tells what a run would do and may cost, without sending anything.
import { type Money, usdText } from '../analysis/money.ts';
import { loadFolder, openMemoryPlace, openTokenCounter, pricesOf, type RunPlaceOptions } from '../compose.ts';
import { attemptsAt, type Population, type PromptBasis, type Range } from '../engine/cost-estimate.ts';
import { countLooks, firstWave, rangeOfUnits } from '../engine/waves.ts';
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import type { CheckedPipeline, Mode, StopSpec } from '../pipeline/pipeline.ts';
import type { Policy } from '../pipeline/policy.ts';
import { planUnits, type UnitTable } from '../simulation/units.ts';
import { capOf, type MaxCost } from './ceiling.ts';
import { type EstimatedStep, estimateSteps } from './estimate.ts';
import { type PlannedFanOut, planByLimits, populationAfter } from './plan-fan-out.ts';
import { type ChosenUnits, chooseUnits } from './units-file.ts';

/** What a model step would use. Money is US dollars as decimal text; null: its price is not known. */
export interface PlannedCost {
  readonly provider: string;
  readonly model: string;
  readonly mode: Mode;
  /** False: its answers are invented or recorded, and cost nothing. */
  readonly paid: boolean;
  /** Where the price comes from. */
  readonly priceSource: string | null;
  readonly inputTokens: Range<number>;
  readonly outputTokens: Range<number>;
  readonly cost: Range<string> | null;
  /** Nothing can cost more when `certain`; otherwise it is a guess, because not every prompt is known. */
  readonly bound: { readonly usd: string; readonly certain: boolean } | null;
  /** What was measured: how many prompts, of how many units, and from what. */
  readonly prompts: { readonly basis: PromptBasis; readonly looked: number; readonly of: number };
}

/** One step's part of a plan. Requests are a range: every answer valid at once, or every attempt used up. */
export interface PlannedStep {
  readonly name: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  readonly requests: Range<number>;
  /** Null for a step computed here, and when only counting was asked for. */
  readonly cost: PlannedCost | null;
  /** Of a fan-out. Where only counting was asked for it knows limits alone. */
  readonly fanOut?: PlannedFanOut;
}

/** A run that is weighed after waves. `first`: units of the first wave; `least`: the fewest it may end with. */
export interface PlannedWaves {
  readonly rule: StopSpec['rule']['kind'];
  readonly every: number;
  readonly looks: number;
  readonly first: number;
  readonly least: number;
}

/** What a run would do. */
export interface Plan {
  readonly pipeline: string;
  readonly form: 'native' | 'octobatch';
  /** At the most, where the run may end early. */
  readonly units: number;
  /** How the run may end early; null: it has all its units. */
  readonly waves: PlannedWaves | null;
  readonly firstUnits: readonly string[];
  readonly steps: readonly PlannedStep[];
  /** All steps together; null when a price is not known, or only counting was asked for. */
  readonly cost: Range<string> | null;
  readonly bound: { readonly usd: string; readonly certain: boolean } | null;
  /** The lowest ceiling anybody set; null: none. */
  readonly cap: string | null;
  readonly gates: number;
  readonly notRun: readonly { readonly name: string; readonly reason: string }[];
  /** What is doubtful in the pipeline's files, by file and position. */
  readonly warnings: readonly Diagnostic[];
}

/** Reads and checks a pipeline folder, and counts. Throws a ConfigurationError. */
export async function planPipeline(
  folder: string,
  overrides: Overrides,
  policy: Policy | null = null,
  units: ChosenUnits | null = null,
): Promise<Plan> {
  return countPlan(choose(await loadFolder(folder, folder, overrides, policy), units));
}

/** Like `planPipeline`, with what the run would use and cost. Throws a ConfigurationError. */
export async function planCost(
  folder: string,
  overrides: Overrides,
  options: RunPlaceOptions,
  maxCost: MaxCost,
  units: ChosenUnits | null = null,
): Promise<Plan> {
  const policy = options.policy ?? null;
  const loaded = choose(await loadFolder(folder, folder, overrides, policy), units);
  const counted = countPlan(loaded);
  const place = openMemoryPlace(options);
  try {
    const prices = await pricesOf(loaded.pipeline);
    const whole = planUnits(loaded.pipeline, loaded.items).count;
    const { steps, fanOuts } = await estimateSteps(place, loaded, prices, openTokenCounter);
    const found = steps.map((step) => ofWaves(step, counted, whole));
    const cap = capOf(loaded.pipeline, { maxCost, policy });
    return withCosts(withFanOuts(counted, fanOuts, whole), found, cap);
  } finally {
    await place.close();
  }
}

function choose(loaded: CheckedPipeline, units: ChosenUnits | null): CheckedPipeline {
  return units === null ? loaded : chooseUnits(loaded, units);
}

function countPlan(loaded: CheckedPipeline): Plan {
  const { pipeline } = loaded;
  const table = planUnits(pipeline, loaded.items);
  const waves = planWaves(pipeline, table);
  const units = { count: waves?.most ?? table.count, least: waves?.least ?? table.count };
  return {
    pipeline: pipeline.name,
    form: pipeline.form,
    units: units.count,
    waves: waves?.planned ?? null,
    firstUnits: Array.from({ length: Math.min(3, units.count) }, (_, index) => table.unit(index).id),
    steps: countSteps(loaded, { least: units.least, most: units.count, bound: units.count }),
    cost: null,
    bound: null,
    cap: null,
    gates: pipeline.gates.length,
    notRun: pipeline.notRun,
    warnings: loaded.warnings,
  };
}

function countSteps(loaded: CheckedPipeline, first: Population): readonly PlannedStep[] {
  const { steps } = loaded.pipeline;
  let units = first;
  return steps.map(({ name, kind }, index): PlannedStep => {
    const none = { least: 0, most: 0 };
    if (kind === 'fan_out') {
      const fanOut = planByLimits(loaded, index, units);
      units = populationAfter(fanOut);
      return { name, kind, requests: none, cost: null, fanOut };
    }
    const { least, most } = units;
    const requests = kind === 'llm' ? { least, most: most * attemptsAt(steps, index) } : none;
    return { name, kind, requests, cost: null };
  });
}

function withFanOuts(plan: Plan, fanOuts: ReadonlyMap<string, PlannedFanOut>, whole: number): Plan {
  const steps = plan.steps.map((step) => {
    const found = fanOuts.get(step.name);
    if (found === undefined) return step;
    const scale = (range: Range<number>) => scaled(range, plan, whole);
    const [from, to] = [scale(found.from), scale(found.to)];
    return { ...step, fanOut: { ...found, from, to } };
  });
  return { ...plan, steps };
}

function planWaves(
  { stop }: CheckedPipeline['pipeline'],
  table: UnitTable,
): { readonly planned: PlannedWaves; readonly least: number; readonly most: number } | null {
  if (stop === undefined) return null;
  const { least, most } = rangeOfUnits(stop, table);
  const first = firstWave(stop, table);
  const { every, rule } = stop;
  return { planned: { rule: rule.kind, every, looks: countLooks(stop, table), first, least }, least, most };
}

function withCosts(plan: Plan, found: readonly EstimatedStep[], cap: Money | null): Plan {
  const least = sum(found.map(({ estimate }) => estimate.cost?.least ?? null));
  const most = sum(found.map(({ estimate }) => estimate.cost?.most ?? null));
  const bound = sum(found.map(({ estimate }) => estimate.bound?.money ?? null));
  const certain = found.every(({ estimate }) => estimate.bound?.certain ?? false);
  return {
    ...plan,
    steps: plan.steps.map((step) => {
      const own = found.find((one) => one.step === step.name);
      return own === undefined ? step : { ...step, requests: own.estimate.requests, cost: costOfStep(own) };
    }),
    cost: least === null || most === null ? null : { least: usdText(least), most: usdText(most) },
    bound: bound === null ? null : { usd: usdText(bound), certain },
    cap: cap === null ? null : usdText(cap),
  };
}

/** A range of all units as one of those that the waves of a run may have. */
function scaled({ least, most }: Range<number>, { waves, units }: Plan, whole: number): Range<number> {
  if (waves === null || whole === 0) return { least, most };
  return {
    least: Math.floor((least * waves.least) / whole),
    most: Math.ceil((most * units) / whole),
  };
}

/** The same of a whole estimate. The bound stays: it holds for fewer. */
function ofWaves(step: EstimatedStep, plan: Plan, whole: number): EstimatedStep {
  const { waves, units } = plan;
  if (waves === null || whole === 0) return step;
  const { estimate } = step;
  const scale = (range: Range<number>) => scaled(range, plan, whole);
  const { cost } = estimate;
  return {
    ...step,
    units: { ...step.units, ...scale(step.units) },
    estimate: {
      ...estimate,
      requests: scale(estimate.requests),
      inputTokens: scale(estimate.inputTokens),
      outputTokens: scale(estimate.outputTokens),
      cost:
        cost === null
          ? null
          : {
              least: (cost.least * BigInt(waves.least)) / BigInt(whole),
              most: (cost.most * BigInt(units)) / BigInt(whole),
            },
    },
  };
}

function costOfStep({ units, asked, paid, price, basis, looked, estimate }: EstimatedStep): PlannedCost {
  const { inputTokens, outputTokens, cost, bound } = estimate;
  return {
    ...asked,
    paid,
    priceSource: price?.source ?? null,
    inputTokens,
    outputTokens,
    cost: cost === null ? null : { least: usdText(cost.least), most: usdText(cost.most) },
    bound: bound === null ? null : { usd: usdText(bound.money), certain: bound.certain },
    prompts: { basis, looked, of: units.most },
  };
}

function sum(amounts: readonly (Money | null)[]): Money | null {
  let total = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    total += amount;
  }
  return total;
}

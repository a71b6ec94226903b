// Makes the Report from an analysis and what the run knows about itself. Numbers are rounded here, once, to twelve
// significant digits, so that the last bits of a platform's logarithm never reach a file.
import type { StepAccount } from '../analysis/accounting.ts';
import { costSteps, type StepCost, totalCost } from '../analysis/cost.ts';
import { falseAlarmRate } from '../analysis/false-alarms.ts';
import { settleUndecided } from '../analysis/gates.ts';
import { type Money, usdText } from '../analysis/money.ts';
import type { FailedUnit } from '../analysis/record.ts';
import { decideVerdict, summariseGates } from '../analysis/verdict.ts';
import { writeHeadline } from './headline.ts';
import type {
  Allowance,
  PricedModel,
  Report,
  ReportedCost,
  ReportedFailure,
  ReportedStep,
  ReportInput,
} from './report.ts';
import { reportStopped } from './stopped.ts';

/** Longest raw answer kept in the report, in UTF-16 units; failures.jsonl has all of it. */
const RAW_LIMIT = 4000;

/** The Report of a run, finished or not. */
export function buildReport(input: ReportInput): Report {
  const { pipeline, analysis, allowance, uncovered, provenance, error, pending, timing } = input;
  const { accounting, simulated } = analysis;
  // A script that fails takes nothing back of what the units came to.
  const isOver = (error === null || error.kind === 'script') && accounting.inFlight === 0;
  const gates = isOver ? settleUndecided(analysis.gates, pipeline.gates) : analysis.gates;
  const costs = costSteps(accounting, pipeline.prices);
  const steps: ReportedStep[] = accounting.steps.map((step, index) => ({
    step: step.step,
    kind: step.kind,
    entered: step.entered,
    valid: step.valid,
    failed: step.failed,
    inFlight: step.inFlight,
    ...(step.children === undefined ? {} : { children: step.children }),
    retried: step.retried,
    firstAttemptValid: step.firstAttemptValid,
    capped: step.capped,
    failures: step.failures,
    provider: step.provider,
    model: step.model,
    mode: step.mode,
    requests: step.requests,
    tokens: { input: step.usage.input, output: step.usage.output },
    paid: step.paid,
    cost: text(costs[index]?.total ?? null),
    retryCost: text(costs[index]?.retries ?? null),
    uncertain: usdText(step.uncertain),
    uncertainRequests: step.uncertainRequests,
  }));
  const cost = reportCost(accounting.steps, costs, allowance);
  const report: Report = {
    version: 1,
    pipeline: pipeline.name,
    verdict: decideVerdict({ accounting, gates, simulated, error }),
    headline: '',
    simulated,
    gatesState: summariseGates(gates),
    gates,
    falseAlarms: falseAlarmRate(pipeline),
    error,
    units: {
      planned: accounting.planned,
      ...(accounting.sources === undefined ? {} : { sources: accounting.sources }),
      valid: accounting.valid,
      failed: accounting.failed,
      inFlight: accounting.inFlight,
    },
    ...(analysis.unsplit === undefined ? {} : { unsplit: analysis.unsplit }),
    found: analysis.found,
    groupBy: analysis.groupBy,
    overall: analysis.overall,
    groups: analysis.groups,
    unitsInMoreGroups: analysis.unitsInMoreGroups,
    against: analysis.against,
    gains: analysis.gains,
    stopped: input.stopping ? reportStopped(input.stopping, cost.spent) : null,
    steps,
    failures: analysis.firstFailures.map(reportFailure),
    uncovered,
    cost,
    notRun: [...pipeline.notRun, ...(input.after?.notRun ?? [])],
    ...(input.after === undefined || input.after.done.length === 0 ? {} : { postProcess: input.after.done }),
    provenance,
    pending,
    timing,
  };
  const rounded = roundNumbers(report) as Report;
  return { ...rounded, headline: writeHeadline(rounded) };
}

function text(money: Money | null): string | null {
  return money === null ? null : usdText(money);
}

function reportCost(
  steps: readonly StepAccount[],
  costs: readonly StepCost[],
  { cap, reserved }: Allowance,
): ReportedCost {
  const asked = steps
    .map((step, index) => ({ step, cost: costs[index]! }))
    .filter(({ step }) => step.requests > 0);
  const prices = new Map<string, PricedModel>();
  const unpriced = new Set<string>();
  for (const { step, cost } of asked) {
    const { provider, model, mode, price } = step;
    if (provider === null || model === null || mode === null) continue;
    if (cost.total === null) unpriced.add(model);
    if (step.paid)
      prices.set(`${provider}/${model}/${mode}`, { provider, model, mode, source: price?.source ?? null });
  }
  const paid = asked.filter(({ step }) => step.paid).map(({ cost }) => cost);
  return {
    spent: text(totalCost(paid)),
    wouldCost: paid.length === asked.length ? null : text(totalCost(costs)),
    uncertain: usdText(asked.reduce((sum, { step }) => sum + step.uncertain, 0n)),
    uncertainRequests: asked.reduce((sum, { step }) => sum + (step.paid ? step.uncertainRequests : 0), 0),
    cap: text(cap),
    reserved: text(reserved),
    prices: [...prices.values()],
    unpriced: [...unpriced].sort(),
  };
}

/** A failed unit as it is shown. */
export function reportFailure(record: FailedUnit): ReportedFailure {
  const { failure } = record;
  const issue = failure.issues[0];
  const more = failure.issues.length > 1 ? ` (and ${failure.issues.length - 1} more)` : '';
  const where = issue === undefined || issue.path === '' ? '' : `${issue.path}: `;
  return {
    unit: record.unit,
    step: failure.step,
    kind: failure.kind,
    attempts: record.attempts,
    reason: issue === undefined ? failure.kind : `${where}${issue.message}${more}`.slice(0, RAW_LIMIT),
    raw: failure.raw === null ? null : failure.raw.slice(0, RAW_LIMIT),
  };
}

/** The value with its numbers as they may be shown or written: to twelve significant digits. */
export function roundNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundNumbers(item)]));
}

// Makes the Report from an analysis and what the run knows about itself. Numbers are rounded here, once, to twelve
// significant digits, so that the last bits of a platform's logarithm never reach a file.
import { costSteps, totalCost } from '../analysis/cost.ts';
import { type Money, parseUsd, usdText } from '../analysis/money.ts';
import type { FailedUnit } from '../analysis/record.ts';
import { decideVerdict, summariseGates } from '../analysis/verdict.ts';
import { writeHeadline } from './headline.ts';
import type { Report, ReportedCost, ReportedFailure, ReportedStep, ReportInput } from './report.ts';

/** Longest raw answer kept in the report, in UTF-16 units; failures.jsonl has all of it. */
const RAW_LIMIT = 4000;

/** The Report of a run, finished or not. */
export function buildReport(input: ReportInput): Report {
  const { pipeline, analysis, provenance, error, pending, timing } = input;
  const { accounting, gates, simulated } = analysis;
  const costs = costSteps(accounting, pipeline.prices);
  const steps: ReportedStep[] = accounting.steps.map((step, index) => ({
    step: step.step,
    kind: step.kind,
    entered: step.entered,
    valid: step.valid,
    failed: step.failed,
    inFlight: step.inFlight,
    retried: step.retried,
    firstAttemptValid: step.firstAttemptValid,
    capped: step.capped,
    failures: step.failures,
    provider: step.provider,
    model: step.model,
    requests: step.requests,
    tokens: { input: step.usage.input, output: step.usage.output },
    cost: text(costs[index]?.total ?? null),
    retryCost: text(costs[index]?.retries ?? null),
  }));
  const report: Report = {
    version: 1,
    pipeline: pipeline.name,
    verdict: decideVerdict({ accounting, gates, simulated, error }),
    headline: '',
    simulated,
    gatesState: summariseGates(gates),
    gates,
    error,
    units: {
      planned: accounting.planned,
      valid: accounting.valid,
      failed: accounting.failed,
      inFlight: accounting.inFlight,
    },
    found: analysis.found,
    groupBy: analysis.groupBy,
    overall: analysis.overall,
    groups: analysis.groups,
    unitsInMoreGroups: analysis.unitsInMoreGroups,
    steps,
    failures: analysis.firstFailures.map(reportFailure),
    cost: reportCost(totalCost(costs), steps, simulated, pipeline.maxCost),
    notRun: pipeline.notRun,
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
  total: Money | null,
  steps: readonly ReportedStep[],
  simulated: boolean,
  cap: string | null,
): ReportedCost {
  const unpriced = new Set<string>();
  for (const step of steps) if (step.cost === null && step.model !== null) unpriced.add(step.model);
  return {
    // An invented answer was not paid for; a run that mixes both kinds paid only for the steps of real providers.
    spent: simulated ? paidSteps(steps) : text(total),
    wouldCost: simulated ? text(total) : null,
    cap,
    unpriced: [...unpriced].sort(),
  };
}

function paidSteps(steps: readonly ReportedStep[]): string | null {
  const paid = steps.filter(
    (step) => step.requests > 0 && step.provider !== null && step.provider !== 'simulated',
  );
  if (paid.some((step) => step.cost === null)) return null;
  return sumUsd(paid.map((step) => step.cost ?? '0'));
}

function sumUsd(amounts: readonly string[]): string {
  return usdText(amounts.reduce((sum, amount) => sum + (parseUsd(amount) ?? 0n), 0n));
}

function reportFailure(record: FailedUnit): ReportedFailure {
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

function roundNumbers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? value : Number(value.toPrecision(12));
  if (Array.isArray(value)) return value.map(roundNumbers);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, roundNumbers(item)]));
}

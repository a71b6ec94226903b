// The run of a pull request that may not pay: everything that needs no key is done for real, models are played by the
// simulator, and what a paid run would use is estimated. It writes nothing to the repository.
import type { ForkEstimate, ForkRun } from '../report/comment-fork.ts';
import type { MaxCost } from './ceiling.ts';
import type { HostedJob, HostedOutcome } from './hosted.ts';
import { FREE_WAIT_MS, startHosted } from './hosted-start.ts';
import { type Plan, planCost } from './plan.ts';
import type { StartRequest } from './run-pipeline.ts';
import { payCommand, readWorkflows } from './workflow-command.ts';

/** Whose pull request it is. */
export interface ForkPull {
  readonly origin: 'fork' | 'dependabot';
  readonly pull: number | null;
  readonly commit: string | null;
}

/** Runs the pipeline without secrets. The outcome's surroundings say so, when a model would have been asked. */
export async function runForFork(
  job: HostedJob,
  request: StartRequest,
  { origin, pull, commit }: ForkPull,
): Promise<HostedOutcome> {
  const maxCost: MaxCost = request.maxCost ?? { kind: 'unsaid' };
  const plan = await planCost(request.pipeline, request.overrides, job.options, maxCost);
  const asksModel = plan.steps.some((step) => step.kind === 'llm');
  const overrides = asksModel ? { ...request.overrides, provider: 'simulated' } : request.overrides;
  const outcome = await startHosted(job, {
    request: { ...request, overrides },
    target: null,
    waitMs: FREE_WAIT_MS,
    isSchedule: false,
    only: 'work',
  });
  if (!asksModel || commit === null) return outcome;
  const workflows = await readWorkflows(job);
  const paidRun = pull === null ? null : payCommand(workflows, { pull, commit });
  const fork: ForkRun = { origin, estimate: estimateOf(plan), paidRun };
  const links = { report: outcome.reportUrl, run: job.runUrl, check: null };
  const none = { kind: 'none' } as const;
  const surroundings = { commit, standing: { kind: 'current' }, base: none, links, fork } as const;
  return { ...outcome, surroundings: { ...surroundings, cancel: null, time: null } };
}

function estimateOf({ steps, cost, cap }: Plan): ForkEstimate {
  const sum = (of: (step: Plan['steps'][number], end: 'least' | 'most') => number) => ({
    least: steps.reduce((total, step) => total + of(step, 'least'), 0),
    most: steps.reduce((total, step) => total + of(step, 'most'), 0),
  });
  return {
    requests: sum(({ requests }, end) => requests[end]),
    tokens: sum((step, end) =>
      step.cost === null ? 0 : step.cost.inputTokens[end] + step.cost.outputTokens[end],
    ),
    cost,
    cap,
  };
}

// The action: reads the inputs, calls the commands that the command line calls too, and writes job summary, outputs and
// annotations. A pending run and an invented answer never turn the job red; a mistake always does.
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import { type Annotate, createAnnotate } from './action/annotations.ts';
import { openJob } from './action/host.ts';
import { type ActionInputs, enterFolder, readInputs } from './action/inputs.ts';
import { type Job, readJob } from './action/job.ts';
import {
  checkCheckout,
  noteOtherCheckout,
  refuseBroughtRuns,
  refuseMovedHead,
  withPull,
} from './action/paid-run.ts';
import { findPipelines, type PipelinePlace } from './action/pipelines.ts';
import { readSelection } from './action/selection.ts';
import { fitSummary, type SummaryPart } from './action/summary.ts';
import { announceMistake } from './commands/announce-mistake.ts';
import { EXIT } from './commands/exit-code.ts';
import { runForFork } from './commands/fork-run.ts';
import type { HostedJob, HostedOutcome } from './commands/hosted.ts';
import { collectHosted } from './commands/hosted-collect.ts';
import { startHosted } from './commands/hosted-start.ts';
import { planCost } from './commands/plan.ts';
import { formatPlan } from './commands/plan-text.ts';
import type { StartRequest } from './commands/run-pipeline.ts';
import { exitCodeOfPart } from './commands/shards.ts';
import { planMatrix } from './commands/shards-plan.ts';
import { shownPath } from './commands/shown-path.ts';
import { addUp } from './commands/totals.ts';
import { describeTrouble, type Trouble } from './commands/trouble.ts';
import { workerEntry } from './commands/worker-entry.ts';
import { KEY_VARIABLES, type RunPlaceOptions } from './compose.ts';
import { ConfigurationError, formatDiagnostic } from './pipeline/diagnostic.ts';
import { summaryBody } from './report/comment.ts';
import { fence, log, oneLine } from './report/escape.ts';
import { toTerminal } from './report/terminal.ts';

/** What one pipeline, or one run, came to. `failure`: why the job is red, in a sentence. */
interface Part {
  readonly outcome: HostedOutcome | null;
  readonly summary: SummaryPart;
  readonly failure: string | null;
}

/** What all parts of the job need. */
interface Shift {
  readonly job: Job;
  readonly inputs: ActionInputs;
  readonly annotate: Annotate;
  readonly hosted: HostedJob;
  readonly workspace: string;
}

/** Columns of a text for the log. */
const LOG_WIDTH = 100;
/** Bytes of one report in the job summary. */
const REPORT_BYTES = 250_000;
/** How long simulated batches take, in milliseconds: long enough to be waited for. */
const LATENCY = { minMs: 150, maxMs: 600 };
/** How long `collect` begins new work (ms); the rest is for the next job. */
const COLLECT_BUDGET_MS = 20 * 60_000;

async function main(): Promise<void> {
  const stop = new AbortController();
  // The runner says it twice before it kills: everything done so far is in the journal.
  process.on('SIGINT', () => stop.abort());
  process.on('SIGTERM', () => stop.abort());
  const workspace = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const annotate = createAnnotate(workspace);
  for (const name of KEY_VARIABLES) hide(process.env[name] ?? '');
  let parts: readonly Part[];
  try {
    enterFolder(workspace, core.getInput('working-directory'));
    const job = readJob(process.env);
    const inputs = readInputs((name) => core.getInput(name), job);
    hide(inputs.token ?? '');
    const options: RunPlaceOptions = {
      workerEntry: workerEntry(import.meta.url),
      simulatorUrl: null,
      environment: process.env,
      policy: inputs.policy,
      isForeign: job.isFork !== null || job.paidFor !== null,
      hide,
    };
    const launcher = launcherOf(process.env);
    const hosted = openJob({ job, inputs, options, launcher, signal: stop.signal, environment: process.env });
    parts = await perform(await prepare({ job, inputs, annotate, hosted, workspace }));
  } catch (error) {
    parts = [error instanceof Refusal ? refuse(error) : explain(describeTrouble(error), annotate)];
  }
  setOutputs(parts, workspace);
  await writeSummary(parts.map((part) => part.summary));
  // What stops many pipelines for one reason is said once.
  const failures = new Set(parts.flatMap((part) => part.failure ?? []));
  if (failures.size > 0) core.setFailed([...failures].join('\n'));
}

/** Makes the runner put stars in the place of a secret, wherever it appears. */
function hide(secret: string): void {
  if (secret.trim() !== '') core.setSecret(secret.trim());
}

/** A run that a maintainer pays for a stranger's commit is for the commit that was read, and no other. */
async function prepare(shift: Shift): Promise<Shift> {
  const { job, hosted, workspace } = shift;
  const { command } = shift.inputs;
  if (job.paidFor === null) {
    // Only what is begun here is about what is checked out here.
    if (command !== 'run' && command !== 'submit') return shift;
    const note = noteOtherCheckout(job, workspace, process.env.GITHUB_SHA ?? '');
    if (note === null) return shift;
    core.warning(note);
    return { ...shift, job: { ...job, target: null } };
  }
  checkCheckout(job, workspace);
  const brought = refuseBroughtRuns(job, workspace, hosted.root);
  if (brought !== null) throw new Refusal(brought);
  const facts = (await hosted.hosting?.pull(job.paidFor.pull)) ?? null;
  const refusal = refuseMovedHead(facts, job);
  if (refusal !== null || facts === null) throw new Refusal(refusal ?? 'The pull request cannot be read.');
  return { ...shift, job: withPull(job, facts) };
}

/** A sentence for a person, and no bug. */
class Refusal extends Error {}

async function perform(shift: Shift): Promise<Part[]> {
  const { inputs } = shift;
  const { command } = inputs;
  switch (command) {
    case 'run':
    case 'submit':
      return inTurn(shift, (pipeline) => start(shift, pipeline, 'work'));
    case 'plan':
      return inTurn(shift, (pipeline) => plan(shift, pipeline));
    case 'report':
      if (inputs.pipelines.length > 0 && inputs.run === null)
        return inTurn(shift, (pipeline) => start(shift, pipeline, 'report'));
      return collect(shift, command);
    case 'collect':
    case 'cancel':
      return collect(shift, command);
    default:
      return command satisfies never;
  }
}

/** One after the other; what is wrong with one keeps none of the others from their turn. */
async function inTurn(shift: Shift, work: (pipeline: PipelinePlace) => Promise<Part>): Promise<Part[]> {
  const parts: Part[] = [];
  for (const pipeline of findPipelines(shift.inputs.pipelines, shift.workspace)) {
    try {
      parts.push(await work(pipeline));
    } catch (error) {
      parts.push(explain(describeTrouble(error), shift.annotate));
    }
  }
  return parts;
}

async function start(shift: Shift, { folder, path }: PipelinePlace, only: 'work' | 'report'): Promise<Part> {
  const { job, inputs, hosted } = shift;
  const { overrides, faults, maxCost, deadlineMs, waitMs, shard } = inputs;
  const request: StartRequest = {
    pipeline: folder,
    source: path,
    overrides,
    root: hosted.root,
    runDirectory: null,
    faults,
    latency: LATENCY,
    maxCost,
    deadlineMs,
    shard,
  };
  if (job.isFork !== null) {
    const { pull = null, commit = null } = job.target ?? {};
    return partOf(shift, await runForFork(hosted, request, { origin: job.isFork, pull, commit }));
  }
  const target = job.target === null ? null : { ...job.target, pipeline: path, shown: hosted.shown };
  const { isSchedule } = job;
  try {
    return partOf(shift, await startHosted(hosted, { request, target, waitMs, isSchedule, only }));
  } catch (error) {
    // Who plays with invented answers gets no status, and none of this.
    const isTold = target !== null && overrides.provider !== 'simulated';
    if (error instanceof ConfigurationError && isTold)
      await announceMistake(hosted, { folder, path, commit: target.commit, count: error.diagnostics.length });
    throw error;
  }
}

async function collect(shift: Shift, what: 'collect' | 'cancel' | 'report'): Promise<Part[]> {
  const { inputs, hosted, annotate, workspace } = shift;
  const { includes } = readSelection(inputs.pipelines, workspace);
  const budget = AbortSignal.any([
    hosted.signal,
    AbortSignal.timeout(Math.max(COLLECT_BUDGET_MS, inputs.waitMs)),
  ]);
  const { run, waitMs, maxCost } = inputs;
  const begin = hosted.now();
  const parts: Part[] = [];
  const left: string[] = [];
  for await (const turn of collectHosted(hosted, { includes, run, what, waitMs, maxCost, budget })) {
    if (typeof turn === 'string') left.push(turn);
    else if (turn.outcome === null) parts.push(explain(describeTrouble(turn.error), annotate));
    else {
      const part = partOf(shift, turn.outcome);
      // What stands still since an earlier job is told where it belongs, and turns no collector red again and again.
      const isOld = what === 'collect' && turn.outcome.state.lastEventAt < begin;
      parts.push(isOld ? { ...part, failure: null } : part);
    }
  }
  if (what === 'collect') await tidy(hosted);
  if (left.length > 0) core.info(`The time of this job is over; left for the next one: ${left.join(', ')}.`);
  if (parts.length === 0 && left.length === 0) core.info('There is no unfinished run.');
  return parts;
}

/** What is not tidied today is tidied another day. */
async function tidy({ store, now, warn }: HostedJob): Promise<void> {
  try {
    await store.tidy(now());
  } catch (error) {
    const trouble = describeTrouble(error);
    if (trouble.kind !== 'system') throw error;
    warn(`Old journals could not be removed: ${trouble.message}`);
  }
}

/** Shows the report in the log, and judges whether the job is red. */
function partOf({ inputs }: Shift, outcome: HostedOutcome): Part {
  const { report, directory, surroundings, state } = outcome;
  const color = process.env.NO_COLOR === undefined;
  process.stdout.write(`${toTerminal(report, { color, width: LOG_WIDTH })}\n`);
  const code = exitCodeOfPart(report, state.shard, inputs.failOn);
  // Gates over invented answers are shown, but they prove nothing about the pipeline: the job stays green. A run that was
  // ended because a newer commit took its place is no fault of either.
  const isGivenUp = report.error?.kind === 'superseded';
  const red = (code === EXIT.error && !isGivenUp) || (code === EXIT.gate && report.verdict !== 'dry_run');
  const markdown = summaryBody(report, REPORT_BYTES, surroundings);
  // Of a run that stands as it was shown no files are written.
  const page = join(directory, 'report.md');
  return {
    outcome,
    summary: { markdown, file: existsSync(page) ? shownPath(page) : null },
    failure: red ? oneLine(report.headline, 200) : null,
  };
}

async function plan({ inputs, hosted }: Shift, { folder }: PipelinePlace): Promise<Part> {
  const { overrides, maxCost, shard } = inputs;
  const counted = await planCost(folder, overrides, hosted.options, maxCost);
  if (shard !== null)
    core.setOutput('matrix', JSON.stringify(planMatrix(shard.of, counted.waves?.first ?? counted.units)));
  const text = formatPlan(counted);
  core.info(log(text));
  const markdown = `### A run of this pipeline would do this; nothing was sent\n\n${fence(text, 100)}\n`;
  return { outcome: null, summary: { markdown, file: null }, failure: null };
}

/** Nothing was begun; the sentence says why, and what to do. */
function refuse({ message }: Refusal): Part {
  const markdown = `### 🛑 Error: nothing was run\n\n${fence(message, 50, 400)}\n`;
  return { outcome: null, summary: { markdown, file: null }, failure: message };
}

/** Says what went wrong, where people look for it, and turns it into a red part. */
function explain(trouble: Trouble, annotate: Annotate): Part {
  const part = (heading: string, details: string, failure = heading): Part => {
    const markdown = `### 🛑 Error: ${heading}\n\n${fence(details, 50, 400)}\n`;
    return { outcome: null, summary: { markdown, file: null }, failure };
  };
  switch (trouble.kind) {
    case 'configuration': {
      annotate(trouble.diagnostics);
      const count = trouble.diagnostics.length;
      const failure = `${count} ${count === 1 ? 'mistake' : 'mistakes'} in the configuration, nothing was run`;
      return part(failure, trouble.diagnostics.map(formatDiagnostic).join('\n'));
    }
    case 'run':
    case 'system':
      // The annotation is what people see first: it says the cause, such as a permission that is missing.
      return part(
        'the run could not go on',
        trouble.message,
        `the run could not go on: ${oneLine(trouble.message, 500)}`,
      );
    case 'bug':
      core.info(log(trouble.stack));
      return part('this is a bug in Octobatch Action, please report it with the log', trouble.stack);
    default:
      return trouble satisfies never;
  }
}

function setOutputs(parts: readonly Part[], workspace: string): void {
  // What gave way to a newer commit has no say in what the job came to.
  const outcomes = parts
    .flatMap((part) => part.outcome ?? [])
    .filter(({ report }) => report.error?.kind !== 'superseded');
  const broken = parts.some((part) => part.outcome === null && part.failure !== null);
  if (outcomes.length === 0 && !broken) {
    core.setOutput('status', 'completed');
    return;
  }
  const totals = addUp(
    outcomes.map((outcome) => outcome.report),
    broken,
  );
  const files = (name: string): string =>
    outcomes
      .map((outcome) => join(outcome.directory, name))
      .filter((path) => existsSync(path))
      .map((path) => shownPath(path, workspace))
      .join('\n');
  core.setOutput('status', totals.status);
  core.setOutput('verdict', totals.verdict);
  core.setOutput('run-id', outcomes.map((outcome) => outcome.report.provenance.runId).join('\n'));
  core.setOutput('valid', totals.valid);
  core.setOutput('failed', totals.failed);
  core.setOutput('cost', totals.cost ?? 'unknown');
  core.setOutput('results-file', files('results.jsonl'));
  core.setOutput('report-file', files('report.json'));
  core.setOutput('summary-file', files('report.md'));
  core.setOutput('report-url', outcomes.flatMap((outcome) => outcome.reportUrl ?? []).join('\n'));
}

/** A summary that cannot be written is a pity, not a failure. */
async function writeSummary(parts: readonly SummaryPart[]): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file === undefined || file === '' || parts.length === 0) return;
  try {
    await appendFile(file, fitSummary(parts));
  } catch (error) {
    core.warning(`The job summary could not be written: ${oneLine(String(error), 200)}`);
  }
}

/** How a reader of the report calls this program: the commit or tag of the action that ran. */
function launcherOf(environment: typeof process.env): string {
  const repository = environment.GITHUB_ACTION_REPOSITORY ?? '';
  const ref = environment.GITHUB_ACTION_REF ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[\w./-]+$/.test(ref)) return 'node dist/cli/index.js';
  return `npx --package=github:${repository}#${ref} octobatch`;
}

await main();
// What a library leaves open, such as a download that failed, must not keep the job waiting.
process.stdout.write('', () => process.exit());

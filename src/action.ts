// The action: reads the inputs, calls the commands that the command line calls too, and writes job summary, outputs and
// annotations. A pending run and an invented answer never turn the job red; a mistake always does.
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import { type Annotate, createAnnotate } from './action/annotations.ts';
import { type ActionInputs, enterFolder, readInputs } from './action/inputs.ts';
import { readJob } from './action/job.ts';
import { fitSummary, type SummaryPart } from './action/summary.ts';
import { EXIT, exitCodeOf } from './commands/exit-code.ts';
import { type Outcome, workAndPublish } from './commands/outcome.ts';
import { planCost } from './commands/plan.ts';
import { formatPlan } from './commands/plan-text.ts';
import { createProgress } from './commands/progress.ts';
import { continueRun, startRun } from './commands/run-pipeline.ts';
import { listRuns } from './commands/runs.ts';
import { shownPath } from './commands/shown-path.ts';
import { describeRuns, type RunStatus } from './commands/status.ts';
import { addUp } from './commands/totals.ts';
import { describeTrouble, type Trouble } from './commands/trouble.ts';
import { workerEntry } from './commands/worker-entry.ts';
import { KEY_VARIABLES, openRunPlace, type RunPlace, type RunPlaceOptions } from './compose.ts';
import { formatDiagnostic } from './pipeline/diagnostic.ts';
import { fence, log, logText, oneLine } from './report/escape.ts';
import { toMarkdown } from './report/markdown.ts';
import { toTerminal } from './report/terminal.ts';

/** What one pipeline, or one run, came to. `failure`: why the job is red, in a sentence. */
interface Part {
  readonly outcome: Outcome | null;
  readonly summary: SummaryPart;
  readonly failure: string | null;
}

interface Job {
  readonly inputs: ActionInputs;
  readonly annotate: Annotate;
  readonly signal: AbortSignal;
  readonly place: RunPlaceOptions;
}

/** Columns of a text for the log. */
const LOG_WIDTH = 100;
/** How long simulated batches take, in milliseconds: long enough to be waited for. */
const LATENCY = { minMs: 150, maxMs: 600 };

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
    const inputs = readInputs((name) => core.getInput(name), readJob(process.env));
    const place: RunPlaceOptions = {
      workerEntry: workerEntry(import.meta.url),
      simulatorUrl: null,
      environment: process.env,
      policy: inputs.policy,
      hide,
    };
    parts = await perform({ inputs, annotate, signal: stop.signal, place });
  } catch (error) {
    parts = [explain(describeTrouble(error), annotate)];
  }
  setOutputs(parts, workspace);
  await writeSummary(parts.map((part) => part.summary));
  const failures = parts.flatMap((part) => part.failure ?? []);
  if (failures.length > 0) core.setFailed(failures.join('\n'));
}

/** Makes the runner put stars in the place of a secret, wherever it appears. */
function hide(secret: string): void {
  if (secret.trim() !== '') core.setSecret(secret.trim());
}

async function perform(job: Job): Promise<Part[]> {
  const { command, pipelines } = job.inputs;
  switch (command) {
    case 'run':
    case 'submit':
      return inTurn(job, pipelines.map(shown), (pipeline) => start(job, pipeline));
    case 'plan':
      return inTurn(job, pipelines.map(shown), (pipeline) => plan(job, pipeline));
    case 'collect': {
      const open = (await knownRuns(job)).filter((run) => run.state === 'open');
      if (open.length === 0) core.info('There is no unfinished run.');
      return inTurn(job, open.map(directoryOf), (directory) => goOn(job, directory, 'work'));
    }
    case 'report':
      return inTurn(job, newest(await knownRuns(job)).map(directoryOf), (directory) =>
        goOn(job, directory, 'report'),
      );
    case 'cancel':
      throw new Error('the command cancel is not there yet');
    default:
      return command satisfies never;
  }
}

/** One after the other; what is wrong with one keeps none of the others from their turn. */
async function inTurn(
  job: Job,
  names: readonly string[],
  work: (name: string) => Promise<Part>,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const name of names) {
    try {
      parts.push(await work(name));
    } catch (error) {
      parts.push(explain(describeTrouble(error), job.annotate));
    }
  }
  return parts;
}

async function start(job: Job, pipeline: string): Promise<Part> {
  const { overrides, state, faults, maxCost } = job.inputs;
  const request = {
    pipeline,
    overrides,
    root: state.folder,
    runDirectory: null,
    faults,
    latency: LATENCY,
    maxCost,
  };
  const { place, isNew } = await startRun(request, job.place);
  if (!isNew) core.info('The content of this run is unchanged: going on with what exists.');
  return finish(job, place, pipeline, 'work');
}

async function goOn(job: Job, directory: string, only: 'work' | 'report'): Promise<Part> {
  const place =
    only === 'report'
      ? openRunPlace(directory, job.place)
      : await continueRun(directory, job.place, job.inputs.maxCost);
  return finish(job, place, directory, only);
}

/** Works on an opened run in a group of the log, then shows its report below the group. */
async function finish(job: Job, place: RunPlace, name: string, only: 'work' | 'report'): Promise<Part> {
  const color = process.env.NO_COLOR === undefined;
  const write = (text: string): void => void process.stdout.write(text);
  const progress = createProgress({ write, isTerminal: false, color, columns: LOG_WIDTH });
  core.startGroup(logText(name, 200));
  let outcome: Outcome;
  try {
    outcome = await workAndPublish(place, {
      waitMs: job.inputs.waitMs,
      signal: job.signal,
      seen: (state) => progress.seen(state),
      launcher: launcher(),
      shownDirectory: shownPath(place.directory),
      only,
    });
  } finally {
    progress.stop();
    core.endGroup();
    await place.close();
  }
  const { report } = outcome;
  write(`${toTerminal(report, { color, width: LOG_WIDTH })}\n`);
  const code = exitCodeOf(report, job.inputs.failOn);
  // Gates over invented answers are shown, but they prove nothing about the pipeline: the job stays green.
  const red = code === EXIT.error || (code === EXIT.gate && report.verdict !== 'dry_run');
  return {
    outcome,
    summary: { markdown: toMarkdown(report), file: shownPath(join(place.directory, 'report.md')) },
    failure: red ? oneLine(report.headline, 200) : null,
  };
}

async function plan(job: Job, pipeline: string): Promise<Part> {
  const { overrides, maxCost } = job.inputs;
  const text = formatPlan(await planCost(pipeline, overrides, job.place, maxCost));
  core.info(log(text));
  const markdown = `### A run of this pipeline would do this; nothing was sent\n\n${fence(text, 100)}\n`;
  return { outcome: null, summary: { markdown, file: null }, failure: null };
}

/** The runs kept here, of the pipelines asked for, or of all when none was. */
async function knownRuns(job: Job): Promise<readonly RunStatus[]> {
  const wanted = job.inputs.pipelines.map(shown);
  const { runs, unreadable } = await describeRuns(await listRuns(job.inputs.state.folder), job.place);
  for (const { directory, error } of unreadable) {
    const why = error instanceof Error ? error.message : String(error);
    core.setFailed(log(`The run in ${shown(directory)} cannot be read: ${why}`));
  }
  return wanted.length === 0 ? runs : runs.filter((run) => wanted.includes(run.pipeline));
}

/** Of each pipeline the run that was started last. */
function newest(runs: readonly RunStatus[]): readonly RunStatus[] {
  const byPipeline = new Map<string, RunStatus>();
  for (const run of runs) {
    const other = byPipeline.get(run.pipeline);
    if (other === undefined || other.started < run.started) byPipeline.set(run.pipeline, run);
  }
  return [...byPipeline.values()];
}

function shown(path: string): string {
  return shownPath(path);
}

function directoryOf(run: RunStatus): string {
  return run.directory;
}

/** Says what went wrong, where people look for it, and turns it into a red part. */
function explain(trouble: Trouble, annotate: Annotate): Part {
  const part = (failure: string, details: string): Part => {
    const markdown = `### 🛑 Error: ${failure}\n\n${fence(details, 50, 400)}\n`;
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
      core.info(log(trouble.message));
      return part('the run could not go on', trouble.message);
    case 'bug':
      core.info(log(trouble.stack));
      return part('this is a bug in Octobatch Action, please report it with the log', trouble.stack);
    default:
      return trouble satisfies never;
  }
}

function setOutputs(parts: readonly Part[], workspace: string): void {
  const outcomes = parts.flatMap((part) => part.outcome ?? []);
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
function launcher(): string {
  const repository = process.env.GITHUB_ACTION_REPOSITORY ?? '';
  const ref = process.env.GITHUB_ACTION_REF ?? '';
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository) || !/^[\w./-]+$/.test(ref)) return 'node dist/cli/index.js';
  return `npx --package=github:${repository}#${ref} octobatch`;
}

await main();

// Local work in worker threads: shares units out, and finds the one that a worker ended with. It does no work itself; a
// unit that hangs or eats the heap costs its own result, never the run's.
import { availableParallelism } from 'node:os';
import {
  checkJob,
  computeJob,
  type JobText,
  KnownJobs,
  renderJob,
  unitReader,
} from '../../engine/local-job.ts';
import { LineGatherer, packUnits } from '../../engine/outcome-chunk.ts';
import { fieldsFromJson, fieldsToJson } from '../../expression/json.ts';
import type {
  AnsweredUnit,
  AnswerOutcome,
  LocalOutcome,
  LocalRunner,
  LocalStepResult,
  LocalUnit,
  OutcomeLines,
  OutcomeUnit,
  OutcomeWork,
  PromptOutcome,
} from '../../ports/runner.ts';
import type { LocalWork } from '../../simulation/local-chunk.ts';
import { createWorkerPool, type EndCause } from './threads-pool.ts';

export interface ThreadOptions {
  /** The compiled worker entry: `worker.js` beside the CLI's build, or the bundle's own file. */
  readonly entry: URL;
  /** Workers at the most; default: one for each processor. */
  readonly threads?: number;
  /** Heap of one worker in MB. */
  readonly heapMb?: number;
  /** Time one unit may take, in ms. The wall behind fuel, which stops nearly everything long before. */
  readonly unitTimeoutMs?: number;
}

// Units in one order to a worker: large enough to hide the cost of the message, small enough to share out.
const SLICE = 500;
const SMALLEST_SLICE = 32;
const DEFAULT_HEAP_MB = 256;
const DEFAULT_UNIT_TIMEOUT_MS = 20_000;

/** A runner over up to `threads` workers, started when there is work for them. */
export function createThreadRunner(options: ThreadOptions): LocalRunner {
  const { entry, heapMb = DEFAULT_HEAP_MB, unitTimeoutMs = DEFAULT_UNIT_TIMEOUT_MS } = options;
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const pool = createWorkerPool({ entry, threads, heapMb, unitTimeoutMs });
  const jobs = new KnownJobs();

  async function runSlices<Unit, Outcome>(
    task: Task<Unit, Outcome>,
    units: readonly Unit[],
  ): Promise<Outcome[]> {
    return (await Promise.all(slicesOf(units, threads).map((slice) => runSlice(task, slice)))).flat();
  }

  // Units around the one at which a worker ended are run again: each alone shows whether it was to blame.
  async function runSlice<Unit, Outcome>(
    task: Task<Unit, Outcome>,
    units: readonly Unit[],
  ): Promise<Outcome[]> {
    const end = await pool.run({ job: task.job.text, units });
    // A worker runs this very program, so its outcomes are what the job's type says.
    if (end.kind === 'done') return end.outcomes as Outcome[];
    const [before, alone, after] = await Promise.all([
      runSlices(task, units.slice(0, end.at)),
      task.runAlone(units[end.at]!),
      runSlices(task, units.slice(end.at + 1)),
    ]);
    return [...before, alone, ...after];
  }

  /** `lose` makes the outcome of a unit with which its worker ended once more; `deed` says what it was at. */
  async function runOne<Unit, Outcome>(
    job: JobText<Unit, Outcome>,
    unit: Unit,
    deed: string,
    lose: (issues: readonly LimitIssue[]) => NoInfer<Outcome>,
  ): Promise<Outcome> {
    const end = await pool.run({ job: job.text, units: [unit] });
    if (end.kind === 'ended') {
      return lose([{ path: '', rule: 'LimitError', message: sentence(deed, end.why, unitTimeoutMs) }]);
    }
    const [outcome] = end.outcomes as Outcome[];
    if (outcome === undefined) throw new Error('the worker answered without an outcome');
    return outcome;
  }

  async function linesOfSlices(
    job: string,
    work: OutcomeWork,
    units: readonly OutcomeUnit[],
  ): Promise<OutcomeLines> {
    return joinLines(
      await Promise.all(slicesOf(units, threads).map((slice) => linesOfSlice(job, work, slice))),
    );
  }

  async function linesOfSlice(
    job: string,
    work: OutcomeWork,
    units: readonly OutcomeUnit[],
  ): Promise<OutcomeLines> {
    const end = await pool.run({ job, units: packed(units) });
    if (end.kind === 'done') return end.outcomes as OutcomeLines;
    const alone = async (one: OutcomeUnit): Promise<OutcomeLines> => {
      const { attempt: _, source: __, ...steps } = work;
      const unit = unitReader(work)(one);
      const gatherer = new LineGatherer(work);
      gatherer.add(unit, await computeOne(steps, unit));
      return gatherer.gathered();
    };
    return joinLines(
      await Promise.all([
        linesOfSlices(job, work, units.slice(0, end.at)),
        alone(units[end.at]!),
        linesOfSlices(job, work, units.slice(end.at + 1)),
      ]),
    );
  }

  // Step by step, so that the failure names its step and the steps before it are kept.
  async function computeOne(work: LocalWork, unit: LocalUnit): Promise<LocalOutcome> {
    const done: LocalStepResult[] = [];
    let { fields } = unit;
    for (const one of work.steps) {
      const job = computeJob({ ...work, steps: [one] });
      const step = one.name;
      const outcome = await runOne<LocalUnit, LocalOutcome>(
        job,
        { id: unit.id, fields },
        'the step',
        (issues) => ({
          kind: 'failed',
          step,
          done: [],
          failure: { kind: 'expression', step, issues, raw: null },
        }),
      );
      if (outcome.kind === 'failed') return { ...outcome, done };
      done.push(...outcome.steps);
      fields = mergeFields(fields, outcome.steps[0]!.fields);
    }
    return { kind: 'done', steps: done };
  }

  return {
    // As many again as there are workers: a chunk is shared among them, and none of them waits for the next.
    ahead: threads,
    prepare: pool.prepare,
    compute(chunk) {
      const { units, ...work } = chunk;
      return runSlices({ job: computeJob(work), runAlone: (unit) => computeOne(work, unit) }, units);
    },
    computeLines: (work, units) => linesOfSlices(jobs.textOf(work), work, units),
    render({ units, ...work }) {
      const { step } = work;
      const job = renderJob(work);
      const runAlone = (unit: LocalUnit): Promise<PromptOutcome> =>
        runOne(job, unit, 'rendering the prompt', (issues) => ({
          kind: 'failed',
          failure: { kind: 'template', step, issues, raw: null },
        }));
      return runSlices({ job, runAlone }, units);
    },
    check({ units, ...work }) {
      const { step } = work;
      const job = checkJob(work);
      const runAlone = (unit: AnsweredUnit): Promise<AnswerOutcome> =>
        runOne(job, unit, 'checking the answer', (issues) => ({
          kind: 'failed',
          failure: { kind: 'invalid', step, issues, raw: unit.answer },
        }));
      return runSlices({ job, runAlone }, units);
    },
    close: pool.close,
  };
}

/** Units in parts that are worth a message each, so that all threads have some. */
function slicesOf<Unit>(units: readonly Unit[], threads: number): (readonly Unit[])[] {
  const size = Math.min(SLICE, Math.max(SMALLEST_SLICE, Math.ceil(units.length / threads)));
  const slices: (readonly Unit[])[] = [];
  for (let from = 0; from < units.length; from += size) slices.push(units.slice(from, from + size));
  return slices;
}

// Units of a chunk are all of one kind. Numbers travel as they are.
function packed(units: readonly OutcomeUnit[]): readonly unknown[] | string {
  const whole = units.filter((unit) => typeof unit !== 'number');
  return whole.length === 0 ? units : packUnits(whole);
}

function joinLines(parts: readonly OutcomeLines[]): OutcomeLines {
  return { pieces: parts.flatMap(({ pieces }) => pieces), notes: parts.flatMap(({ notes }) => notes) };
}

interface Task<Unit, Outcome> {
  readonly job: JobText<Unit, Outcome>;
  /** Runs a unit by itself, after a worker ended with it and others. */
  readonly runAlone: (unit: Unit) => Promise<Outcome>;
}

interface LimitIssue {
  readonly path: '';
  readonly rule: 'LimitError';
  readonly message: string;
}

function mergeFields(before: string, assigned: string): string {
  return fieldsToJson(new Map([...fieldsFromJson(before), ...fieldsFromJson(assigned)]));
}

function sentence(deed: string, why: EndCause, unitTimeoutMs: number): string {
  switch (why) {
    case 'time':
      return `${deed} took longer than ${unitTimeoutMs / 1000} s for this unit and was stopped`;
    case 'memory':
      return `${deed} needed more memory for this unit than a worker may have`;
    case 'exit':
      return `the worker ended during ${deed} for this unit`;
    default:
      return why satisfies never;
  }
}

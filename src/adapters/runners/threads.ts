// Local steps in worker threads: a small pool with a heap cap and a time cap around every unit. It computes nothing
// itself, and a unit that hangs or eats the heap costs its own result, never the run's.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fieldsFromJson, fieldsToJson } from '../../expression/json.ts';
import type {
  LocalChunk,
  LocalOutcome,
  LocalRunner,
  LocalStepResult,
  LocalUnit,
} from '../../ports/runner.ts';

/** What a worker is started with: where it writes the index of the unit it is at. */
export interface WorkerStart {
  readonly progress: Int32Array;
}

/** What a worker says: once that it is there, then one answer to each chunk. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcomes: LocalOutcome[] }
  /** A bug, or steps that do not compile: the text of the error. */
  | { readonly kind: 'broken'; readonly error: string };

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

// Units in one message to a worker: large enough to hide the cost of compiling the steps, small enough to share out.
const SLICE = 500;
const SMALLEST_SLICE = 32;
const DEFAULT_HEAP_MB = 256;
const DEFAULT_UNIT_TIMEOUT_MS = 20_000;
// A unit's time is watched in so many parts.
const TICKS = 8;

/** A runner over up to `threads` workers, started when there is work for them. */
export function createThreadRunner(options: ThreadOptions): LocalRunner {
  const { entry, heapMb = DEFAULT_HEAP_MB, unitTimeoutMs = DEFAULT_UNIT_TIMEOUT_MS } = options;
  const threads = Math.max(1, options.threads ?? availableParallelism());
  const pool = createPool({ entry, threads, heapMb, unitTimeoutMs });

  // Units around the one at which a worker ended are run again: each alone shows whether it was to blame.
  async function runSlice(chunk: LocalChunk): Promise<LocalOutcome[]> {
    const end = await pool.run(chunk);
    if (end.kind === 'done') return end.outcomes;
    const { units } = chunk;
    const guilty = units[end.at]!;
    const [before, alone, after] = await Promise.all([
      runSlices({ ...chunk, units: units.slice(0, end.at) }),
      runAlone(chunk, guilty),
      runSlices({ ...chunk, units: units.slice(end.at + 1) }),
    ]);
    return [...before, alone, ...after];
  }

  async function runSlices(chunk: LocalChunk): Promise<LocalOutcome[]> {
    const { units } = chunk;
    const size = Math.min(SLICE, Math.max(SMALLEST_SLICE, Math.ceil(units.length / threads)));
    const slices: Promise<LocalOutcome[]>[] = [];
    for (let from = 0; from < units.length; from += size) {
      slices.push(runSlice({ ...chunk, units: units.slice(from, from + size) }));
    }
    return (await Promise.all(slices)).flat();
  }

  // Step by step, so that the failure names its step and the steps before it are kept.
  async function runAlone(chunk: LocalChunk, unit: LocalUnit): Promise<LocalOutcome> {
    const done: LocalStepResult[] = [];
    let { fields } = unit;
    for (const step of chunk.steps) {
      const end = await pool.run({ ...chunk, steps: [step], units: [{ id: unit.id, fields }] });
      if (end.kind === 'ended') return lostUnit(step.name, done, sentence(end.why, unitTimeoutMs));
      const [outcome] = end.outcomes;
      if (outcome === undefined) throw new Error('the worker answered without an outcome');
      if (outcome.kind === 'failed') return { ...outcome, done };
      done.push(...outcome.steps);
      fields = mergeFields(fields, outcome.steps[0]!.fields);
    }
    return { kind: 'done', steps: done };
  }

  return { run: runSlices, close: pool.close };
}

function mergeFields(before: string, assigned: string): string {
  return fieldsToJson(new Map([...fieldsFromJson(before), ...fieldsFromJson(assigned)]));
}

function lostUnit(step: string, done: readonly LocalStepResult[], message: string): LocalOutcome {
  const issues = [{ path: '', rule: 'LimitError', message }];
  return { kind: 'failed', step, done, failure: { kind: 'expression', step, issues, raw: null } };
}

type EndCause = 'time' | 'memory' | 'exit';

function sentence(why: EndCause, unitTimeoutMs: number): string {
  switch (why) {
    case 'time':
      return `the step took longer than ${unitTimeoutMs / 1000} s for this unit and was stopped`;
    case 'memory':
      return 'the step needed more memory for this unit than a worker may have';
    case 'exit':
      return 'the worker ended while it ran this step for this unit';
    default:
      return why satisfies never;
  }
}

type JobEnd =
  | { readonly kind: 'done'; readonly outcomes: LocalOutcome[] }
  /** The worker is gone; `at` is the index of the unit it was at. */
  | { readonly kind: 'ended'; readonly at: number; readonly why: EndCause };

interface Job {
  readonly chunk: LocalChunk;
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (error: Error) => void;
}

interface Seat {
  readonly worker: Worker;
  readonly progress: Int32Array;
  isReady: boolean;
  job: Job | null;
  watch: NodeJS.Timeout | null;
}

interface Pool {
  run(chunk: LocalChunk): Promise<JobEnd>;
  close(): Promise<void>;
}

function createPool(options: Required<ThreadOptions>): Pool {
  const { entry, threads, heapMb, unitTimeoutMs } = options;
  const queue: Job[] = [];
  const seats = new Set<Seat>();
  let isClosed = false;

  function startWork(): void {
    while (queue.length > 0) {
      const seat = [...seats].find(({ job }) => job === null) ?? (seats.size < threads ? openSeat() : null);
      if (seat === null) return;
      const job = queue.shift()!;
      seat.job = job;
      seat.worker.ref();
      Atomics.store(seat.progress, 0, 0);
      watchUnits(seat);
      seat.worker.postMessage(job.chunk);
    }
  }

  function openSeat(): Seat {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(entry, {
      workerData: { progress } satisfies WorkerStart,
      // Expressions have no way to the environment; keys are kept from the thread all the same.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    const seat: Seat = { worker, progress, isReady: false, job: null, watch: null };
    seats.add(seat);
    worker.on('message', (message: WorkerMessage) => hear(seat, message));
    worker.on('error', (error: Error & { code?: string }) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') endSeat(seat, 'memory');
      else closeSeat(seat)?.reject(error);
      startWork();
    });
    worker.on('exit', () => {
      endSeat(seat, 'exit');
      startWork();
    });
    return seat;
  }

  function hear(seat: Seat, message: WorkerMessage): void {
    if (message.kind === 'ready') {
      seat.isReady = true;
      return;
    }
    const job = freeSeat(seat);
    if (message.kind === 'done') job?.resolve({ kind: 'done', outcomes: message.outcomes });
    else job?.reject(new Error(message.error));
    startWork();
  }

  // Counts ticks without progress rather than reading a clock: a machine that slept has not been slow.
  function watchUnits(seat: Seat): void {
    let last = -1;
    let ticks = 0;
    seat.watch = setInterval(() => {
      if (!seat.isReady) return;
      const at = Atomics.load(seat.progress, 0);
      ticks = at === last ? ticks + 1 : 0;
      last = at;
      if (ticks < TICKS) return;
      void seat.worker.terminate();
      endSeat(seat, 'time');
      startWork();
    }, unitTimeoutMs / TICKS);
  }

  function endSeat(seat: Seat, why: EndCause): void {
    const job = closeSeat(seat);
    if (job === null) return;
    if (seat.isReady) job.resolve({ kind: 'ended', at: Atomics.load(seat.progress, 0), why });
    else job.reject(new Error(`the worker ${entry.href} did not start`));
  }

  function closeSeat(seat: Seat): Job | null {
    seats.delete(seat);
    return freeSeat(seat);
  }

  function freeSeat(seat: Seat): Job | null {
    const { job } = seat;
    if (seat.watch !== null) clearInterval(seat.watch);
    seat.watch = null;
    seat.job = null;
    // An idle worker must not keep the process alive.
    seat.worker.unref();
    return job;
  }

  return {
    run(chunk) {
      if (isClosed) return Promise.reject(new Error('the runner is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ chunk, resolve, reject });
        startWork();
      });
    },
    async close() {
      isClosed = true;
      const jobs = queue.splice(0);
      const workers = [...seats].map((seat) => {
        const job = closeSeat(seat);
        if (job !== null) jobs.push(job);
        return seat.worker;
      });
      for (const job of jobs) job.reject(new Error('the runner is closed'));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

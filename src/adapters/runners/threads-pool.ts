// A small pool of worker threads, each with a heap cap, and a time cap around every unit. It knows nothing of the work:
// it passes orders on, and when a worker ends it says at which unit that was.
import { Worker } from 'node:worker_threads';

/** What a worker is started with: where it writes the index of the unit it is at. */
export interface WorkerStart {
  readonly progress: Int32Array;
}

/** A job as text (see engine/local-job.ts), and units to do it for, or their text when packed. */
export interface WorkOrder {
  readonly job: string;
  readonly units: readonly unknown[] | string;
}

/** What a worker is told: an order; `job` null: the one it was told last. */
export interface WorkerOrder {
  readonly job: string | null;
  readonly units: readonly unknown[] | string;
}

/** What a worker says: once that it is there, then one answer to each order. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcomes: unknown }
  /** A bug, or a job that does not compile: the text of the error. */
  | { readonly kind: 'broken'; readonly error: string };

/** How many workers there are, and what each may take. */
export interface PoolOptions {
  readonly entry: URL;
  readonly threads: number;
  /** Heap of one worker in MB. */
  readonly heapMb: number;
  /** Time one unit may take, in ms. */
  readonly unitTimeoutMs: number;
}

/** Why a worker is gone. */
export type EndCause = 'time' | 'memory' | 'exit';

// Room for what a unit throws away again. More of it is filled before anything is collected, and helps no walk.
const YOUNG_MB = 16;

// How much longer orders wait in all than the workers work before one more is started, in ms: to come up takes a worker
// as long, and short work is over by then. Where they wait less than that, whoever gives orders is what takes the time, and
// one more worker would only take memory.
const PATIENCE_MS = 100;

// A unit's time is watched in so many parts.
const TICKS = 8;

/** How the units of an order ended. */
export type OrderEnd =
  /** As many outcomes as units, or what a job makes of packed ones. */
  | { readonly kind: 'done'; readonly outcomes: unknown }
  /** The worker is gone; `at` is the index of the unit it was at. */
  | { readonly kind: 'ended'; readonly at: number; readonly why: EndCause };

interface Errand {
  readonly order: WorkOrder;
  readonly resolve: (end: OrderEnd) => void;
  readonly reject: (error: Error) => void;
  /** Since when it waits, or is worked at, by `performance.now`. */
  since: number;
}

interface Seat {
  readonly worker: Worker;
  readonly progress: Int32Array;
  isReady: boolean;
  /** The job that the worker was told last. */
  job: string | null;
  errand: Errand | null;
  watch: NodeJS.Timeout | null;
}

/** Workers that share one queue of orders. */
export interface WorkerPool {
  /** Starts a worker, unless there is one. */
  prepare(): void;
  /** Does an order; rejects when the worker reports a bug or cannot start, or when the pool is closed. */
  run(order: WorkOrder): Promise<OrderEnd>;
  close(): Promise<void>;
}

/** A pool whose workers are started when there is work for them. */
export function createWorkerPool(options: PoolOptions): WorkerPool {
  const { entry, threads, heapMb, unitTimeoutMs } = options;
  const queue: Errand[] = [];
  const seats = new Set<Seat>();
  let isClosed = false;
  /** By how much orders have waited longer than workers worked, since the last worker came up, in ms; never below 0. */
  let waited = 0;
  let patience: NodeJS.Timeout | null = null;

  // An order waits for whoever is free first, not for a worker that was started for it: the one before may be done sooner.
  function startWork(): void {
    for (const seat of seats) {
      if (queue.length === 0) return;
      if (seat.isReady && seat.errand === null) giveWork(seat, queue.shift()!);
    }
    if (queue.length === 0) return;
    // Somebody waits for them now.
    for (const { isReady, worker } of seats) if (!isReady) worker.ref();
    openSeats();
  }

  /** Starts workers for those that wait: at once when there is none, else when they have waited long. */
  function openSeats(): void {
    const starting = [...seats].filter(({ isReady }) => !isReady).length;
    const wanted = Math.min(queue.length - starting, threads - seats.size);
    if (wanted <= 0) return;
    const left = PATIENCE_MS - waited - (performance.now() - queue[0]!.since);
    if (seats.size > 0 && left > 0) {
      patience ??= setTimeout(() => {
        patience = null;
        if (queue.length > 0) openSeats();
      }, left).unref();
      return;
    }
    waited = 0;
    const count = seats.size === 0 ? 1 : wanted;
    for (let more = count; more > 0; more--) openSeat();
  }

  function giveWork(seat: Seat, errand: Errand): void {
    seat.errand = errand;
    seat.worker.ref();
    const now = performance.now();
    waited += now - errand.since;
    errand.since = now;
    Atomics.store(seat.progress, 0, 0);
    watchUnits(seat);
    const { job, units } = errand.order;
    seat.worker.postMessage({ job: seat.job === job ? null : job, units } satisfies WorkerOrder);
    seat.job = job;
  }

  function openSeat(): Seat {
    const progress = new Int32Array(new SharedArrayBuffer(4));
    const worker = new Worker(entry, {
      workerData: { progress } satisfies WorkerStart,
      // Expressions have no way to the environment; keys are kept from the thread all the same.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    const seat: Seat = { worker, progress, isReady: false, job: null, errand: null, watch: null };
    seats.add(seat);
    worker.on('message', (message: WorkerMessage) => hear(seat, message));
    worker.on('error', (error: Error & { code?: string }) => {
      if (!seat.isReady) loseSeat(seat, error);
      else if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') endSeat(seat, 'memory');
      else closeSeat(seat)?.reject(error);
      startWork();
    });
    worker.on('exit', () => {
      if (!seat.isReady) loseSeat(seat, new Error(`the worker ${entry.href} did not start`));
      else endSeat(seat, 'exit');
      startWork();
    });
    return seat;
  }

  function hear(seat: Seat, message: WorkerMessage): void {
    // One that is being ended must keep the process alive until it is over: somebody waits for that.
    if (!seats.has(seat)) return;
    if (message.kind === 'ready') {
      seat.isReady = true;
      seat.worker.unref();
      // Nobody could have helped those that waited for it.
      waited = 0;
      for (const errand of queue) errand.since = performance.now();
      startWork();
      return;
    }
    const errand = freeSeat(seat);
    if (errand !== null) waited = Math.max(0, waited - (performance.now() - errand.since));
    if (message.kind === 'done') errand?.resolve({ kind: 'done', outcomes: message.outcomes });
    else {
      seat.job = null;
      errand?.reject(new Error(message.error));
    }
    startWork();
  }

  // Counts ticks without progress rather than reading a clock: a machine that slept has not been slow.
  function watchUnits(seat: Seat): void {
    let last = -1;
    let ticks = 0;
    seat.watch = setInterval(() => {
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
    closeSeat(seat)?.resolve({ kind: 'ended', at: Atomics.load(seat.progress, 0), why });
  }

  /** A worker that never came to be fails one of those that wait, or, where there is no other worker, all of them. */
  function loseSeat(seat: Seat, error: Error): void {
    if (!seats.has(seat)) return;
    closeSeat(seat);
    for (const errand of queue.splice(0, seats.size > 0 ? 1 : queue.length)) errand.reject(error);
  }

  function closeSeat(seat: Seat): Errand | null {
    seats.delete(seat);
    return freeSeat(seat);
  }

  function freeSeat(seat: Seat): Errand | null {
    const { errand } = seat;
    if (seat.watch !== null) clearInterval(seat.watch);
    seat.watch = null;
    seat.errand = null;
    // An idle worker must not keep the process alive.
    seat.worker.unref();
    return errand;
  }

  return {
    prepare() {
      // An idle worker must not keep the process alive.
      if (!isClosed && seats.size === 0) openSeat().worker.unref();
    },
    run(order) {
      if (isClosed) return Promise.reject(new Error('the runner is closed'));
      return new Promise((resolve, reject) => {
        queue.push({ order, resolve, reject, since: performance.now() });
        startWork();
      });
    },
    async close() {
      isClosed = true;
      if (patience !== null) clearTimeout(patience);
      const errands = queue.splice(0);
      const workers = [...seats].map((seat) => {
        const errand = closeSeat(seat);
        if (errand !== null) errands.push(errand);
        return seat.worker;
      });
      for (const errand of errands) errand.reject(new Error('the runner is closed'));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

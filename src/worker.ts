// Entry of a worker thread: takes units of a job and answers with their outcomes. It decides nothing and reads neither
// files, nor network, nor environment.
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage, WorkerStart, WorkOrder } from './adapters/runners/threads-pool.ts';
import { createJobCompiler } from './engine/local-job.ts';
import { unpackUnits } from './engine/outcome-chunk.ts';

if (parentPort === null)
  throw new Error('worker.js is started by Octobatch Action as a worker thread, not by itself');
const port = parentPort;
const { progress } = workerData as WorkerStart;
const compile = createJobCompiler();

port.on('message', (order: WorkOrder) => say(answer(order)));
say({ kind: 'ready' });

function answer({ job, units }: WorkOrder): WorkerMessage {
  try {
    const compiled = compile(job);
    if (typeof units === 'string') {
      const at = (index: number): void => void Atomics.store(progress, 0, index);
      return { kind: 'done', outcomes: compiled.lines(unpackUnits(units), at) };
    }
    const runUnit = compiled.run as (unit: unknown) => unknown;
    const outcomes = units.map((unit, index) => {
      Atomics.store(progress, 0, index);
      return runUnit(unit);
    });
    return { kind: 'done', outcomes };
  } catch (error) {
    return { kind: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function say(message: WorkerMessage): void {
  port.postMessage(message);
}

// Entry of a worker thread: takes units of a job and answers with their outcomes. It decides nothing and reads neither
// files, nor network, nor environment.
import { parentPort, workerData } from 'node:worker_threads';
import type { WorkerMessage, WorkerOrder, WorkerStart } from './adapters/runners/threads-pool.ts';
import { type CompiledJob, createJobCompiler } from './engine/local-job.ts';
import { type OutcomeLines, type OutcomeUnit, unpackUnits } from './engine/outcome-chunk.ts';

if (parentPort === null)
  throw new Error('worker.js is started by Octobatch Action as a worker thread, not by itself');
const port = parentPort;
const { progress } = workerData as WorkerStart;
const compile = createJobCompiler();

let last: CompiledJob | null = null;

port.on('message', (order: WorkerOrder) => {
  const message = answer(order);
  const lines = message.kind === 'done' && !Array.isArray(message.outcomes) ? message.outcomes : null;
  const pieces = lines === null ? [] : (lines as OutcomeLines).pieces;
  port.postMessage(
    message,
    pieces.map(({ buffer }) => buffer),
  );
});
port.postMessage({ kind: 'ready' } satisfies WorkerMessage);

function answer({ job, units }: WorkerOrder): WorkerMessage {
  const at = (index: number): void => void Atomics.store(progress, 0, index);
  try {
    if (job !== null) last = compile(job);
    if (last === null) throw new Error('the first order comes with its job');
    if (typeof units === 'string') return { kind: 'done', outcomes: last.lines(unpackUnits(units), at) };
    if (last.givesLines) return { kind: 'done', outcomes: last.lines(units as readonly OutcomeUnit[], at) };
    const runUnit = last.run as (unit: unknown) => unknown;
    const outcomes = units.map((unit, index) => {
      at(index);
      return runUnit(unit);
    });
    return { kind: 'done', outcomes };
  } catch (error) {
    return { kind: 'broken', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

// Entry of a worker thread: takes chunks of local work and answers with their outcomes. It decides nothing and reads
// neither files, nor network, nor environment.
import { parentPort, workerData } from 'node:worker_threads';
import { compileChunk } from './adapters/runners/inline.ts';
import type { WorkerMessage, WorkerStart } from './adapters/runners/threads.ts';
import type { LocalChunk, LocalOutcome } from './ports/runner.ts';

if (parentPort === null)
  throw new Error('worker.js is started by Octobatch Action as a worker thread, not by itself');
const port = parentPort;
const { progress } = workerData as WorkerStart;

port.on('message', (chunk: LocalChunk) => say(answer(chunk)));
say({ kind: 'ready' });

function answer(chunk: LocalChunk): WorkerMessage {
  try {
    const runUnit = compileChunk(chunk);
    const outcomes: LocalOutcome[] = chunk.units.map((unit, index) => {
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

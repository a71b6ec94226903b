// A worker that speaks the protocol of src/adapters/runners/threads.ts and misbehaves on command: a unit `hang:walk`
// never ends at step `walk`, `exit:` ends the thread, `eat:` fills the heap, `broken:` reports a bug.
import { parentPort, workerData } from 'node:worker_threads';

parentPort.on('message', (chunk) => {
  const outcomes = [];
  for (const [index, unit] of chunk.units.entries()) {
    Atomics.store(workerData.progress, 0, index);
    const [deed, place] = unit.id.split(':');
    for (const step of chunk.steps) {
      if (step.name !== place) continue;
      if (deed === 'hang') for (;;);
      if (deed === 'exit') process.exit(0);
      if (deed === 'broken') return parentPort.postMessage({ kind: 'broken', error: 'a bug in the worker' });
      if (deed === 'eat') for (const hoard = []; ; ) hoard.push(new Array(10_000).fill(hoard.length));
    }
    outcomes.push({
      kind: 'done',
      steps: chunk.steps.map((step) => ({
        fields: JSON.stringify({ [step.name]: unit.id, saw: Object.keys(JSON.parse(unit.fields)).length }),
        iterations: 1,
        timedOut: false,
        warnings: [],
      })),
    });
  }
  return parentPort.postMessage({ kind: 'done', outcomes });
});
parentPort.postMessage({ kind: 'ready' });

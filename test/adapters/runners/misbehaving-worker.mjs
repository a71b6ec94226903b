// A worker that speaks the protocol of src/adapters/runners/threads-pool.ts and misbehaves on command: a unit
// `hang:walk` never ends at step `walk`, `exit:` ends the thread, `eat:` fills the heap, `broken:` reports a bug.
import { parentPort, workerData } from 'node:worker_threads';

let job = '';

parentPort.on('message', (order) => {
  // Null: the one it was told last.
  job = order.job ?? job;
  const { kind, work } = JSON.parse(job);
  const names = kind === 'compute' ? work.steps.map((step) => step.name) : [work.step];
  const outcomes = [];
  for (const [index, unit] of order.units.entries()) {
    Atomics.store(workerData.progress, 0, index);
    const [deed, place] = unit.id.split(':');
    if (names.includes(place)) {
      if (deed === 'hang') for (;;);
      if (deed === 'exit') process.exit(0);
      if (deed === 'broken') return parentPort.postMessage({ kind: 'broken', error: 'a bug in the worker' });
      if (deed === 'eat') for (const hoard = []; ; ) hoard.push(new Array(10_000).fill(hoard.length));
    }
    outcomes.push(outcomeOf(kind, names, unit));
  }
  return parentPort.postMessage({ kind: 'done', outcomes });
});
parentPort.postMessage({ kind: 'ready' });

function outcomeOf(kind, names, unit) {
  if (kind === 'render') return { kind: 'rendered', system: null, prompt: unit.id };
  if (kind === 'check') return { kind: 'valid', fields: unit.answer, warnings: [] };
  const saw = Object.keys(JSON.parse(unit.fields)).length;
  return {
    kind: 'done',
    steps: names.map((name) => ({
      fields: JSON.stringify({ [name]: unit.id, saw }),
      iterations: 1,
      timedOut: false,
      warnings: [],
    })),
  };
}

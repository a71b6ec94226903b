// One run of walks in a process of its own, so that its peak of memory is its own. Prints one line of JSON.
// Usage: node bench/scale-walk.mjs <pipeline folder> <run folder> <units> <workers>
import { createThreadRunner } from '../build/adapters/runners/threads.js';
import { startRun } from '../build/commands/run-pipeline.js';
import { publish } from '../build/engine/perform-publish.js';
import { openRun } from '../build/engine/tick.js';

const [folder, directory, units, workers] = process.argv.slice(2);
const request = {
  pipeline: folder,
  overrides: { maxUnits: Number(units) },
  root: directory,
  runDirectory: directory,
  faults: '',
  latency: { minMs: 0, maxMs: 0 },
};
const { place } = await startRun(request, { workerEntry: null, simulatorUrl: null, environment: {} });
const entry = new URL('../build/worker.js', import.meta.url);
const runner = createThreadRunner({ entry, threads: Number(workers) });
try {
  // Workers are started before the clock is: what is measured is the work.
  await runner.compute({ steps: [], seed: '1', rng: 'tychei', units: [{ id: 'a', fields: '{}' }] });
  const began = performance.now();
  const worker = await openRun({ ...place.ports, runner });
  const { kind } = await worker.tick();
  const worked = performance.now();
  await publish(worker.context, place.publisher, { launcher: '', pending: null, timing: null, error: null });
  const ended = performance.now();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    JSON.stringify({
      kind,
      work: (worked - began) / 1000,
      publish: (ended - worked) / 1000,
      cpu: (userCPUTime + systemCPUTime) / 1e6,
      peak: maxRSS / 1024,
    }),
  );
} finally {
  await runner.close();
  await place.close();
}

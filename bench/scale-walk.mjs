// One run of walks in a process of its own, so that its peak of memory is its own. Before it, the walk alone: as many units
// in the workers, kept nowhere. Prints one line of JSON.
// Usage: node bench/scale-walk.mjs <pipeline folder> <run folder> <units> <workers>
import { createThreadRunner } from '../build/adapters/runners/threads.js';
import { startRun } from '../build/commands/run-pipeline.js';
import { publish } from '../build/engine/perform-publish.js';
import { openRun } from '../build/engine/tick.js';

const CHUNK = 2_000;
/** Units that walk alone at the most. */
const MOST_ALONE = 200_000;

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
  const worker = await openRun({ ...place.ports, runner });
  const { pipeline, source } = worker.context;
  const work = { steps: pipeline.steps, seed: pipeline.seed, rng: pipeline.rng, attempt: 1, source };
  // Workers are started and have compiled before the clock is: what is measured is the work.
  await walkAlone(work, Math.min(20_000, Number(units)));
  const aloneBegan = performance.now();
  await walkAlone(work, Math.min(MOST_ALONE, Number(units)));
  const began = performance.now();
  const { kind } = await worker.tick();
  const worked = performance.now();
  await publish(worker.context, place.publisher, { launcher: '', pending: null, timing: null, error: null });
  const ended = performance.now();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  console.log(
    JSON.stringify({
      kind,
      alone: (began - aloneBegan) / 1000,
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

/** Brings the first units through the steps, some chunks at a time. */
async function walkAlone(work, count) {
  const open = new Set();
  for (let from = 0; from < count; from += CHUNK) {
    const numbers = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
    const chunk = runner.computeLines(work, numbers).then(() => open.delete(chunk));
    open.add(chunk);
    if (open.size >= 4) await Promise.race(open);
  }
  await Promise.all(open);
}

// Fills a folder with runs that wait for a provider, each with requests of its own.
// Usage: node bench/scale-store.mjs <pipeline folder> <folder for runs> <runs> <simulator URL>
import { startRun } from '../build/commands/run-pipeline.js';
import { work } from '../build/commands/work.js';

const [pipeline, root, runs, simulatorUrl] = process.argv.slice(2);
const seeds = Array.from({ length: Number(runs) }, (_, seed) => String(seed));

async function submitAll() {
  for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
    const { place } = await startRun(
      {
        pipeline,
        overrides: { seed },
        root,
        runDirectory: null,
        faults: '',
        latency: { minMs: 0, maxMs: 0 },
      },
      { workerEntry: null, simulatorUrl, environment: {} },
    );
    try {
      await work(place, { waitMs: 0, signal: new AbortController().signal, seen: () => {} });
    } finally {
      await place.close();
    }
  }
}

await Promise.all(Array.from({ length: 4 }, submitAll));
console.log(JSON.stringify({ runs: Number(runs) }));

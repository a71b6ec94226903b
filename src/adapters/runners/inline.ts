// Local work in the calling thread: the simplest runner. It has no time or memory wall; fuel and the limits of the
// languages are all that stops a unit here.
import {
  checkJob,
  computeJob,
  createJobCompiler,
  type JobText,
  KnownJobs,
  renderJob,
} from '../../engine/local-job.ts';
import type { LocalRunner } from '../../ports/runner.ts';

/** A runner that does each chunk at once, before it gives back the promise. */
export function createInlineRunner(): LocalRunner {
  const compile = createJobCompiler();
  const jobs = new KnownJobs();
  async function run<Unit, Outcome>(job: JobText<Unit, Outcome>, units: readonly Unit[]): Promise<Outcome[]> {
    const runUnit = compile(job.text).run as (unit: Unit) => Outcome;
    return units.map((unit) => runUnit(unit));
  }
  return {
    ahead: 0,
    prepare() {},
    compute: ({ units, ...work }) => run(computeJob(work), units),
    computeLines: async (work, units) => compile(jobs.textOf(work)).lines(units),
    render: ({ units, ...work }) => run(renderJob(work), units),
    check: ({ units, ...work }) => run(checkJob(work), units),
    async close() {},
  };
}

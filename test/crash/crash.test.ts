// The process dies before and after port calls of a three-step run with retries: all of them in `npm run prove`. Resumed, it must end as if
// nothing had happened, and the simulator, a process of its own, must not have been asked anything twice.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import type { RunPlace } from '../../src/compose.ts';
import type { Report } from '../../src/report/report.ts';
import { Death, type DeathPlan, dyingPlace } from './dying-ports.ts';
import { repeatedRequests, startWitness, type Witness } from './witness.ts';

const COURIER = fileURLToPath(new URL('../fixtures/courier', import.meta.url));

let folder: string;
let witness: Witness;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-crash-'));
  witness = await startWitness(
    join(folder, 'simulator'),
    '--faults',
    'malformed=0.15,truncated=0.05,missing=0.1',
    '--latency',
    '0-10ms',
  );
});

afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});

/** All deaths take minutes; they belong to `npm run prove`, which sets this. Otherwise a spread of them is tried. */
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_DEATHS === '1';

/** Which deaths to try: all, or every seventh call and the first and last call of each kind, before and after. */
function chooseDeaths(calls: readonly string[]): NonNullable<DeathPlan>[] {
  const counts = new Map<string, number>();
  return calls.flatMap((name, index) => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const isEdge = nth === 1 || calls.lastIndexOf(name) === index;
    if (!EXHAUSTIVE && !isEdge && index % 7 !== 0) return [];
    const both = (['before', 'after'] as const).map((when) => ({ name, nth, when }));
    return EXHAUSTIVE || isEdge ? both : [both[index % 2]!];
  });
}

let incarnations = 0;

/** One life of a process that works on the run: from the command line's first word to its report, or to its death. */
async function live(
  directory: string,
  plan: DeathPlan,
): Promise<{ report: Report | null; calls: readonly string[] }> {
  const owner = `incarnation-${++incarnations}`;
  const opened: RunPlace[] = [];
  let calls: readonly string[] = [];
  const request = {
    pipeline: COURIER,
    overrides: { repeat: 2 },
    root: directory,
    runDirectory: directory,
    faults: '',
    latency: { minMs: 0, maxMs: 10 },
  };
  const options = { workerEntry: null, simulatorUrl: witness.url };
  try {
    const { place } = await startRun(request, options, (whole) => {
      opened.push(whole);
      const dying = dyingPlace(whole, plan, owner);
      calls = dying.calls;
      return dying.place;
    });
    const { report } = await workAndPublish(place, {
      waitMs: null,
      signal: new AbortController().signal,
      seen: () => {},
      launcher: 'octobatch',
      shownDirectory: 'run',
      only: 'work',
    });
    return { report, calls };
  } catch (error) {
    if (!(error instanceof Death)) throw error;
    return { report: null, calls };
  } finally {
    for (const place of opened) await place.close();
  }
}

/** What a finished run left, as texts; the report without its clock readings. */
async function traces(directory: string): Promise<Record<string, string>> {
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(await read('report.json')) as Report;
  return {
    results: await read('results.jsonl'),
    failures: await read('failures.jsonl'),
    report: JSON.stringify(report),
  };
}

describe('a run whose process dies', () => {
  it('ends the same wherever it died, and asks nothing twice', async () => {
    const whole = join(folder, 'whole');
    const { calls, report } = await live(whole, null);
    const expected = await traces(whole);
    expect(report?.units.valid).toBeGreaterThan(4);
    expect(report?.steps.some((step) => step.retried > 0)).toBe(true);
    expect(expected.results).not.toBe('');

    const names = new Set<string>();
    let deaths = 0;
    for (const death of chooseDeaths(calls)) {
      const before = (await witness.creates()).length;
      const directory = join(folder, `${death.name}-${death.nth}-${death.when}`);
      const first = await live(directory, death);
      if (first.report === null) {
        deaths++;
        names.add(first.calls.at(-1)!);
        await live(directory, null);
      }
      const where = `died ${death.when} ${death.name} number ${death.nth}`;
      expect(await traces(directory), where).toEqual(expected);
      const creates = (await witness.creates()).slice(before);
      expect(repeatedRequests(creates), where).toEqual([]);
      await rm(directory, { recursive: true });
    }
    expect(deaths).toBeGreaterThan(EXHAUSTIVE ? calls.length : 20);
    for (const name of new Set(calls)) expect(names).toContain(name);
    console.log(`${deaths} deaths at ${calls.length} port calls (${[...names].sort().join(', ')})`);
  }, 3_600_000);
});

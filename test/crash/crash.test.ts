// The process dies before and after port calls of a three-step run with retries: all of them in `npm run prove`. Resumed, it must end as if
// nothing had happened, and the simulator, a process of its own, must not have been asked anything twice.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import type { RunPlace } from '../../src/compose.ts';
import type { Mode } from '../../src/pipeline/pipeline.ts';
import type { Report } from '../../src/report/report.ts';
import { isOurs } from '../node-half.ts';
import { Death, type DeathPlan, dyingPlace } from './dying-ports.ts';
import { startWitness, type Witness } from './witness.ts';

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

/** What is run, how often it repeats its items, who is asked how, and how far apart the calls are at which it dies. */
interface Scene {
  readonly name: string;
  readonly pipeline: string;
  readonly repeat: number;
  readonly mode: Mode;
  readonly spread: number;
}

const once = (mode: Mode): Scene => ({ name: mode, pipeline: COURIER, repeat: 2, mode, spread: 15 });

/** The same pipeline as a run that is weighed after each repetition. */
async function inWaves(): Promise<Scene> {
  const pipeline = join(folder, 'courier');
  await mkdir(pipeline, { recursive: true });
  const text = await readFile(join(COURIER, 'pipeline.yaml'), 'utf8');
  await writeFile(join(pipeline, 'pipeline.yaml'), `${text}stop: { every: 1, gates: true }\n`);
  return { name: 'waves', pipeline, repeat: 2, mode: 'batch', spread: 60 };
}

/** Which deaths to try: all, or this Node's half of: a call in so many, the first and last call of each kind, before and after. */
function chooseDeaths(calls: readonly string[], spread: number): NonNullable<DeathPlan>[] {
  const counts = new Map<string, number>();
  return calls.flatMap((name, index) => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const isEdge = nth === 1 || calls.lastIndexOf(name) === index;
    if (!EXHAUSTIVE && !isEdge && index % spread !== 0) return [];
    const both = (['before', 'after'] as const).map((when) => ({ name, nth, when }));
    if (EXHAUSTIVE) return both;
    if (!isEdge)
      return isOurs(Math.floor(index / spread)) ? [both[Math.floor(index / (2 * spread)) % 2]!] : [];
    return [both[isOurs(nth === 1 ? 0 : 1) ? 0 : 1]!];
  });
}

let incarnations = 0;

/** One life of a process that works on the run: from the command line's first word to its report, or to its death. */
async function live(
  directory: string,
  plan: DeathPlan,
  { pipeline, repeat, mode }: Scene,
): Promise<{ report: Report | null; calls: readonly string[] }> {
  const owner = `incarnation-${++incarnations}`;
  const opened: RunPlace[] = [];
  let calls: readonly string[] = [];
  const request = {
    pipeline,
    overrides: { repeat, mode },
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

type Traces = Record<'results' | 'failures' | 'report', string>;

/** What a finished run left, as texts; the report without its clock readings. */
async function traces(directory: string): Promise<Traces> {
  const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(await read('report.json')) as Report;
  return {
    results: await read('results.jsonl'),
    failures: await read('failures.jsonl'),
    report: JSON.stringify(report),
  };
}

function pick(all: Traces, kept: readonly (keyof Traces)[]): Partial<Traces> {
  return Object.fromEntries(kept.map((name) => [name, all[name]]));
}

function mostOften(requests: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Tries deaths one after the other; each run must end with the `kept` traces of one whose process lived. */
async function dieEverywhere(
  scene: Scene,
  kept: readonly (keyof Traces)[],
  seen: () => Promise<readonly string[]>,
  most: number,
): Promise<void> {
  const whole = join(folder, `whole-${scene.name}`);
  const { calls, report } = await live(whole, null, scene);
  const expected = pick(await traces(whole), kept);
  expect(report?.units.valid).toBeGreaterThan(3);
  expect(report?.steps.some((step) => step.retried > 0)).toBe(true);
  expect(expected.results).not.toBe('');

  const names = new Set<string>();
  let deaths = 0;
  for (const death of chooseDeaths(calls, scene.spread)) {
    const before = (await seen()).length;
    const directory = join(folder, `${scene.name}-${death.name}-${death.nth}-${death.when}`);
    const first = await live(directory, death, scene);
    if (first.report === null) {
      deaths++;
      names.add(death.name);
      await live(directory, null, scene);
    }
    const where = `died ${death.when} ${death.name} number ${death.nth}`;
    expect(pick(await traces(directory), kept), where).toEqual(expected);
    expect(mostOften((await seen()).slice(before)), where).toBeLessThanOrEqual(most);
    await rm(directory, { recursive: true });
  }
  expect(deaths).toBeGreaterThan(EXHAUSTIVE ? calls.length : 10);
  for (const name of new Set(calls)) expect(names, scene.name).toContain(name);
  console.log(
    `${scene.name}: ${deaths} deaths at ${calls.length} port calls (${[...names].sort().join(', ')})`,
  );
}

describe('a run whose process dies', () => {
  it('ends the same wherever it died, and asks nothing twice', async () => {
    const asked = async () => (await witness.creates()).flatMap((create) => create.requests);
    await dieEverywhere(once('batch'), ['results', 'failures', 'report'], asked, 1);
  }, 3_600_000);

  // It is weighed from the journal alone, so that who dies in between has decided nothing.
  it('in waves opens the same ones, and asks nothing twice', async () => {
    const asked = async () => (await witness.creates()).flatMap((create) => create.requests);
    const scene = await inWaves();
    await dieEverywhere(scene, ['results', 'failures', 'report'], asked, 1);
    const { report } = await live(join(folder, 'whole-waves'), null, scene);
    expect(report?.stopped).toMatchObject({ look: 2, looks: 2, units: 8, isOver: true });
  }, 3_600_000);

  // Which calls had to be repeated shows in the report's count of requests, and nowhere else.
  it('asked call by call ends with the same results, and repeats a call at most once', async () => {
    await dieEverywhere(once('realtime'), ['results', 'failures'], () => witness.answers(), 2);
  }, 3_600_000);
});

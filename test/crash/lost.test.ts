// The process that gives up what is lost dies before and after its port calls. Whoever repairs then, and collects, comes to
// the results of the run that lost nothing, and has asked once what was lost.
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { repairRun } from '../../src/commands/repair.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { verifyRun } from '../../src/commands/verify.ts';
import { openRunPlace, type RunPlace } from '../../src/compose.ts';
import { isOurs } from '../node-half.ts';
import { Death, type DeathPlan, dyingPlace } from './dying-ports.ts';
import { startWitness, type Witness } from './witness.ts';

const COURIER = fileURLToPath(new URL('../fixtures/courier', import.meta.url));
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_DEATHS === '1';

let folder: string;
let witness: Witness;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-lost-'));
  const faults = 'malformed=0.15,truncated=0.05,missing=0.1';
  witness = await startWitness(join(folder, 'simulator'), '--faults', faults, '--latency', '0-10ms');
});
afterAll(async () => {
  await witness.stop();
  await rm(folder, { recursive: true, force: true });
});

const options = () => ({ workerEntry: null, simulatorUrl: witness.url });
const asked = async (): Promise<string[]> =>
  (await witness.creates()).flatMap((create) => [...create.requests]);

async function work(place: RunPlace): Promise<void> {
  const signal = new AbortController().signal;
  const how = {
    waitMs: null,
    signal,
    seen: () => {},
    launcher: 'octobatch',
    shownDirectory: 'run',
    only: 'work',
  } as const;
  try {
    await workAndPublish(place, how);
  } finally {
    await place.close();
  }
}

async function results(directory: string): Promise<string> {
  const files = ['results.jsonl', 'failures.jsonl'].map((name) => readFile(join(directory, name), 'utf8'));
  return (await Promise.all(files)).join('\n');
}

/** A finished run, and a copy of it whose first answers, and all that came to be of them, are lost. */
async function makeRuns(): Promise<{ readonly whole: string; readonly damaged: string }> {
  const [whole, damaged] = [join(folder, 'whole'), join(folder, 'damaged')];
  const request = {
    ...{
      pipeline: COURIER,
      overrides: { repeat: 2, mode: 'batch' as const },
      root: whole,
      runDirectory: whole,
    },
    ...{ faults: '', latency: { minMs: 0, maxMs: 10 } },
  };
  const { place } = await startRun(request, options());
  await work(place);
  await cp(whole, damaged, { recursive: true });
  const opened = openRunPlace(damaged, options());
  const { events } = await opened.ports.journal.read();
  await opened.close();
  const first = events.find((event) => event.type === 'batch_collected')!;
  const outcomes = events.flatMap((event) => {
    if (event.type === 'batch_settled') return event.settlements.map((settlement) => settlement.outcomes);
    return event.type === 'work_settled' ? [event.settlement.outcomes] : [];
  });
  for (const digest of [first.answers, ...outcomes])
    await rm(join(damaged, 'blobs', digest.slice(0, 2), digest));
  return { whole, damaged };
}

/** Repairs a run and pays for it, or dies on the way; gives the names of the port calls. */
async function pay(directory: string, death: DeathPlan, owner: string): Promise<readonly string[]> {
  let calls: readonly string[] = [];
  const wrap = (place: RunPlace): RunPlace => {
    const dying = dyingPlace(place, death, owner);
    calls = dying.calls;
    return dying.place;
  };
  const publish = async (): Promise<void> => {};
  await repairRun({ directory, sources: [], publish, pay: () => {} }, options(), wrap).catch(
    (error: unknown) => {
      if (!(error instanceof Death)) throw error;
    },
  );
  return calls;
}

/** The first and the last call of each kind and a few between, before or after; all of them in `npm run prove`. */
function chooseDeaths(calls: readonly string[]): NonNullable<DeathPlan>[] {
  const counts = new Map<string, number>();
  return calls.flatMap((name, index) => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    const isEdge = nth === 1 || calls.lastIndexOf(name) === index;
    const both = (['before', 'after'] as const).map((when) => ({ name, nth, when }));
    if (EXHAUSTIVE) return both;
    return isEdge || index % 90 === 0 ? [both[isOurs(index) ? 0 : 1]!] : [];
  });
}

describe('a repair whose process dies', () => {
  it('loses nothing and pays nothing twice', async () => {
    const { whole, damaged } = await makeRuns();
    const expected = await results(whole);
    const copy = async (name: string): Promise<string> => {
      const directory = join(folder, name);
      await cp(damaged, directory, { recursive: true });
      return directory;
    };
    /** What is asked after a repair, in the order of its names. */
    const finish = async (directory: string): Promise<string[]> => {
      const before = (await asked()).length;
      expect((await verifyRun(directory, options())).sound).toBe(true);
      await work(openRunPlace(directory, options()));
      expect(await results(directory)).toBe(expected);
      await rm(directory, { recursive: true });
      return (await asked()).slice(before).sort();
    };
    const alive = await copy('alive');
    const calls = await pay(alive, null, 'alive');
    const once = await finish(alive);
    expect(once.length).toBeGreaterThan(0);
    expect(new Set(once).size).toBe(once.length);
    const names = new Set<string>();
    for (const death of chooseDeaths(calls)) {
      const directory = await copy(`${death.name}-${death.nth}-${death.when}`);
      await pay(directory, death, 'dead');
      await pay(directory, null, 'next');
      expect(await finish(directory), `died ${death.when} ${death.name} number ${death.nth}`).toEqual(once);
      names.add(death.name);
    }
    expect([...names].sort()).toEqual([...new Set(calls)].sort());
    expect(names).toContain('journal.append');
  }, 3_600_000);
});

// A job that dies at a call to GitHub, and a GitHub that refuses a call, at every call there is: nothing is sent twice, no
// result is lost, and the next collector leaves nothing pending that should not be.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../github/archive.ts';
import type { Artifact } from '../github/world.ts';
import { isOurs } from '../node-half.ts';
import {
  collect,
  collectLater,
  expectHonest,
  ownComments,
  pendingPlaces,
  propose,
  statusOf,
  submit,
} from './acts.ts';
import type { JobEnd } from './job.ts';
import { type Stage, setStage } from './stage.ts';
import type { Trouble } from './trouble.ts';

/** Everything that can go wrong at every call, which takes long, instead of a spread of it. */
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_CALLS === '1';

/** Which of the two jobs of a run meets the trouble. */
type Victim = 'submit' | 'collect';

interface Ending {
  readonly state: string | undefined;
  readonly description: string | null | undefined;
  readonly results: string;
}

/** How the run ends when nothing happens, and how many calls each job makes. */
let usual: Ending;
const calls: Record<Victim, number> = { submit: 0, collect: 0 };
let plays = 0;

describe('at every call', { timeout: 3_600_000 }, () => {
  beforeAll(async () => {
    // The stage of a hook is taken down by hand.
    const stage = await setStage();
    const { pull, commit } = propose(stage);
    calls.submit = (await submit(stage, pull)).calls.length;
    calls.collect = (await collectLater(stage)).calls.length;
    usual = endingOf(stage, commit);
    await stage.close();
  });

  afterAll(() => {
    if (EXHAUSTIVE) console.log(`${plays} plays of ${calls.submit} and ${calls.collect} calls`);
  });

  const deaths =
    (heard: boolean) =>
    (at: number): Trouble => ({ kind: 'death', at, heard });
  const answers =
    (status: number) =>
    (at: number): Trouble => ({ kind: 'answer', at, status });
  const down =
    (status: number) =>
    (at: number): Trouble => ({ kind: 'down', at, status });
  const KINDS: readonly (readonly [string, (at: number) => Trouble])[] = [
    ['a death before it is heard', deaths(false)],
    ['a death after it is done', deaths(true)],
    ['502 once', answers(502)],
    ['403 once', answers(403)],
    ['503 at every call of that name', down(503)],
    ['403 at every call of that name', down(403)],
  ];
  for (const victim of ['submit', 'collect'] as const) {
    for (const [index, [name, troubleAt]] of KINDS.entries()) {
      if (!EXHAUSTIVE && !isOurs(victim === 'submit' ? index : index + 1)) continue;
      it(`${victim}: ${name}`, async () => {
        const failed: string[] = [];
        for (const at of chosen(calls[victim], index)) {
          const what = `${name} at call ${at}`;
          await play(victim, troubleAt(at), what).catch((error: Error) => failed.push(String(error)));
        }
        expect(failed).toEqual([]);
      });
    }
  }
});

/** All calls, or one in each third, another one for each kind of trouble. */
function chosen(count: number, kind: number): number[] {
  const all = Array.from({ length: count }, (_, index) => index + 1);
  if (EXHAUSTIVE) return all;
  return [all[Math.floor((((kind * 5) % 6) / 6) * count)]!];
}

async function play(victim: Victim, trouble: Trouble, what: string): Promise<void> {
  const stage = await setStage();
  try {
    await playOn(stage, victim, trouble, what);
    plays += 1;
  } finally {
    await stage.close();
  }
}

async function playOn(stage: Stage, victim: Victim, trouble: Trouble, what: string): Promise<void> {
  const { pull, commit } = propose(stage);
  const jobs: JobEnd[] = [];
  jobs.push(await submit(stage, pull, victim === 'submit' ? { trouble } : {}));
  if (victim === 'collect') jobs.push(await collectLater(stage, { trouble }));
  // What is there now is found by the collector; a job that died before it said anything is run again by a person.
  jobs.push(await collect(stage), await collectLater(stage));
  if (statusOf(stage, commit) === undefined || ownComments(stage, pull).length === 0) {
    jobs.push(await submit(stage, pull), await collectLater(stage));
  }
  // A batch that was perhaps never sent is looked for first, and sent by a later job.
  if (pendingPlaces(stage).length > 0) jobs.push(await collectLater(stage));
  // Files that could not be kept are made again from what was.
  if (keptResults(stage) === undefined) jobs.push(await submit(stage, pull, { with: { command: 'report' } }));
  const log = `${what}\n${jobs.map((job) => `--- ${job.title}: ${job.end}\n${job.log}`).join('\n')}`;
  expect(jobs.at(-1)?.end, log).toBe('green');
  expect(pendingPlaces(stage), log).toEqual([]);
  expect(ownComments(stage, pull), log).toHaveLength(1);
  expect(endingOf(stage, commit), log).toEqual(usual);
  expect(stage.provider.batches(), log).toHaveLength(1);
  for (const job of jobs) expect(job.log, log).not.toMatch(/^\s+at .*:\d+/m);
  expectHonest(stage);
}

/** The newest artifact with the files of a finished run. */
function keptResults(stage: Stage): Artifact | undefined {
  const all = [...stage.world.artifacts.values()];
  return all.filter(({ name, finalised }) => finalised && name.endsWith('-results')).at(-1);
}

function endingOf(stage: Stage, commit: string): Ending {
  const status = statusOf(stage, commit);
  const kept = keptResults(stage);
  const results =
    kept === undefined ? '' : Buffer.from(filesIn(kept).get('results.jsonl') ?? []).toString('utf8');
  return { state: status?.state, description: status?.description, results };
}

// The collector over runs in a folder: whose turn it is, what it does when its time is over, and what it makes of a run
// that it cannot read. Answers are simulated; GitHub is in memory.
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CollectRequest, collectHosted, type Turn } from '../../src/commands/hosted-collect.ts';
import { HostingError } from '../../src/ports/hosting.ts';
import { HOUR, timePasses } from '../passing-time.ts';
import { type Bench, openBench, submitChange } from './hosted-bench.ts';

const PIPELINE = `name: NAME
seed: 1
items: [{ id: a }]
repeat: 4
provider: simulated
steps:
  - name: ask
    prompt: Say a number.
    schema: { type: object, required: [n], properties: { n: { type: integer } } }
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-hosted-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let benches = 0;

const SLOW = { minMs: HOUR, maxMs: HOUR };

/** A job over a folder of its own. */
function bench(): Bench {
  return openBench(join(folder, `state-${++benches}`));
}

/** Submits a pipeline of that name for a pushed commit; its batches are under way until time passes. */
async function submit(
  here: Bench,
  name: string,
  latency = SLOW,
  pull: number | null = null,
): Promise<string> {
  const target = { pull, commit: 'c'.repeat(40), branch: 'main', workflowRun: 1 };
  const text = PIPELINE.replace('NAME', name);
  const { state } = await submitChange(here, { path: `pipelines/${name}`, text, target, latency });
  return state.run;
}

async function collect(
  { job }: Bench,
  more: Partial<CollectRequest> = {},
): Promise<{ turns: readonly Turn[]; left: readonly string[] }> {
  const turns: Turn[] = [];
  const left: string[] = [];
  const request: CollectRequest = {
    includes: () => true,
    run: null,
    what: 'collect',
    waitMs: 200_000,
    maxCost: { kind: 'unsaid' },
    budget: new AbortController().signal,
    ...more,
  };
  for await (const turn of collectHosted(job, request))
    if (typeof turn === 'string') left.push(turn);
    else turns.push(turn);
  return { turns, left };
}

describe('a collector', () => {
  it('finishes every run, shows it, and leaves nothing to the next one', async () => {
    const here = bench();
    const runs = [await submit(here, 'one'), await submit(here, 'two')];
    timePasses(HOUR);
    const { turns } = await collect(here);
    expect(turns.map(({ run }) => run).sort()).toEqual(runs.sort());
    expect(turns.map(({ outcome }) => outcome?.report.verdict)).toEqual(['dry_run', 'dry_run']);
    expect((await collect(here)).turns).toEqual([]);
    expect(here.hosting.written).toEqual([]);
  });

  it('begins no more when its time is over, and names what it leaves', async () => {
    const here = bench();
    const runs = [await submit(here, 'one'), await submit(here, 'two')];
    const { turns, left } = await collect(here, { budget: AbortSignal.abort() });
    expect([turns, [...left].sort()]).toEqual([[], runs.sort()]);
    timePasses(HOUR);
    expect((await collect(here)).turns).toHaveLength(2);
  });

  it('shows a run that nobody could show for hours, and looks at it no more once it is noted as shown', async () => {
    const here = bench();
    const { hosting } = here;
    const head = { commit: 'c'.repeat(40), repository: 'octo/game' };
    hosting.pulls.set(7, { number: 7, isOpen: true, head, base: { branch: 'main' } });
    const silent = new HostingError('GitHub failed with status 502.', 502);
    hosting.fail('createComment', silent);
    await submit(here, 'one', { minMs: 10 * HOUR, maxMs: 10 * HOUR }, 7);
    timePasses(3 * HOUR);
    // What could not be shown is not noted either.
    await collect(here, { waitMs: 0 });
    hosting.fail('createComment', null);
    expect(hosting.written).toEqual([]);
    await collect(here, { waitMs: 0 });
    expect(hosting.written.map(({ body }) => body)).toEqual([expect.stringContaining('Pending')]);
    const calls = hosting.calls.length;
    expect((await collect(here, { waitMs: 0 })).turns).toHaveLength(1);
    expect(hosting.calls).toHaveLength(calls);
    timePasses(10 * HOUR);
    const { turns } = await collect(here);
    expect(turns.map(({ outcome }) => outcome?.report.verdict)).toEqual(['dry_run']);
    expect(hosting.calls.length).toBeGreaterThan(calls);
  });

  it('keeps what it has done when its time ends in the middle of a run', async () => {
    const here = bench();
    await submit(here, 'one');
    const stop = new AbortController();
    // A look at the journal tells that the run was begun with.
    const follow = () => ({ seen: () => stop.abort(), began() {}, stop() {} });
    const { turns } = await collect({ ...here, job: { ...here.job, follow } }, { budget: stop.signal });
    expect(turns.map(({ outcome }) => outcome?.report.verdict)).toEqual(['pending']);
  });

  it('takes the run first that was moved longest ago', async () => {
    const here = bench();
    const first = await submit(here, 'first');
    timePasses(1);
    const second = await submit(here, 'second');
    const { turns } = await collect(here, { waitMs: 0 });
    expect(turns.map(({ run }) => run)).toEqual([first, second]);
  });

  it('takes only the runs that are meant, by pipeline or by the beginning of an id', async () => {
    const here = bench();
    const one = await submit(here, 'one');
    await submit(here, 'two');
    timePasses(HOUR);
    const byPath = await collect(here, { includes: (path) => path === 'pipelines/two' });
    expect(byPath.turns.map(({ run }) => run)).toHaveLength(1);
    const byId = await collect(here, { run: one.slice(0, 6) });
    expect(byId.turns.map(({ run }) => run)).toEqual([one]);
  });

  it('takes the run that waits when finished ones begin with the same letters', async () => {
    const here = bench();
    const done = await submit(here, 'tale', { minMs: 0, maxMs: 0 });
    await collect(here);
    const waits = await submit(here, 'tall');
    const byId = await collect(here, { run: 'ta', waitMs: 0 });
    expect(byId.turns.map(({ run }) => run)).toEqual([waits]);
    const whole = await collect(here, { run: done, waitMs: 0 });
    expect(whole.turns.map(({ run }) => run)).toEqual([done]);
  });

  it('tells of a run that it cannot read, and goes on with the others', async () => {
    const here = bench();
    const broken = await submit(here, 'one');
    await submit(here, 'two');
    timePasses(HOUR);
    await appendFile(
      join(here.job.root, 'runs', broken, 'journal', '00000009.jsonl'),
      '{"type":"no event of ours"}\n',
    );
    const { turns } = await collect(here);
    const failed = turns.find(({ run }) => run === broken);
    expect(failed?.outcome).toBeNull();
    expect(String(failed?.error)).toContain(broken);
    expect(turns.filter(({ outcome }) => outcome !== null)).toHaveLength(1);
  });

  it('ends a run that is cancelled, and shows it once more', async () => {
    const here = bench();
    const run = await submit(here, 'one', { minMs: 20_000, maxMs: 20_000 });
    const { turns } = await collect(here, { what: 'cancel', run });
    expect(turns.map(({ outcome }) => outcome?.report.error?.kind)).toEqual(['canceled']);
    expect((await collect(here)).turns).toEqual([]);
  });
});

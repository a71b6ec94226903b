// Scripts of commits that share a run: each is run for the commits that have it, and only where somebody vouched for it. A
// pull request that joins main's run while it waits decides nothing of what is run, or shown, for main; nor the other way.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostedJob } from '../../src/commands/hosted.ts';
import type { Target } from '../../src/engine/events.ts';
import { HostingError } from '../../src/ports/hosting.ts';
import {
  begin,
  collect,
  eventsOf,
  type Files,
  openStateBench,
  type StateBench,
  start,
  targetOf,
  typesOf,
  walkFiles,
} from '../commands/state-bench.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-scripts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let benches = 0;

interface Scene extends StateBench {
  /** A checkout whose script says a word, with the verdict it is told, and ends with that code. */
  files(word: string, code?: number, atLeast?: number): Files;
  /** What scripts have said so far. */
  heard(): readonly string[];
  statusOf(target: Target): string | undefined;
  commentOf(target: Target): string;
}

function scene(): Scene {
  const here = openStateBench(join(folder, `bench-${++benches}`));
  const witness = join(folder, `witness-${benches}`);
  const head = { commit: PULL.commit, repository: 'octo/game' };
  here.hosting.pulls.set(7, { number: 7, isOpen: true, head, base: { branch: 'main' } });
  return {
    ...here,
    files(word, code = 0, atLeast = 0.01) {
      const script = `import { appendFileSync, readFileSync } from 'node:fs';
const { verdict } = JSON.parse(readFileSync(process.argv[2] + '/report.json', 'utf8'));
appendFileSync(${JSON.stringify(witness)}, ${JSON.stringify(word)} + ' ' + (verdict.kind ?? verdict) + '\\n');
console.log(${JSON.stringify(`said ${word}`)});
process.exit(${code});
`;
      const more = `gates: [{ name: luck, mean: luck, at_least: ${atLeast}, on_inconclusive: fail }]
post_process: [{ script: tell.mjs, output: told.txt }]
`;
      return walkFiles(1, more, { 'tell.mjs': script });
    },
    heard: () => (existsSync(witness) ? readFileSync(witness, 'utf8').trim().split('\n') : []),
    statusOf: ({ commit }) => here.hosting.statuses.filter((one) => one.commit === commit).at(-1)?.state,
    commentOf: ({ pull }) => here.hosting.written.find((one) => one.pull === pull)?.body ?? '',
  };
}

/** A job for the commit of a stranger, or under a policy without a word about scripts. */
const untrusted = (job: HostedJob): HostedJob => ({ ...job, options: { ...job.options, isForeign: true } });

const MAIN = targetOf(10, 'a', null);
const PULL = targetOf(20, 'b', 7);

describe.each([
  ['joins the run of main', [MAIN, PULL]],
  ['has a run that main joins', [PULL, MAIN]],
] as const)('a pull request that %s while it waits', (_, order) => {
  it('has its script run for itself, and main has its own', async () => {
    const here = scene();
    const files = new Map<Target, Files>([
      [MAIN, here.files('main')],
      [PULL, here.files('pull', 4)],
    ]);
    for (const target of order) await begin(here.job(target.workflowRun), files.get(target)!, target);
    await collect(here.job(30));
    expect([...here.heard()].sort()).toEqual(['main pass', 'pull pass']);
    expect([here.statusOf(MAIN), here.statusOf(PULL)]).toEqual(['success', 'error']);
    expect([...here.state.files().keys()].some((path) => path.startsWith('baselines/'))).toBe(true);
  });

  it('that nobody vouched for has nothing run, is told so, and gets its verdict', async () => {
    const here = scene();
    for (const target of order) {
      const job = here.job(target.workflowRun);
      if (target === MAIN) await begin(job, here.files('main'), target);
      else await begin(untrusted(job), here.files('pull', 4), target);
    }
    await collect(here.job(30));
    expect(here.heard()).toEqual(['main pass']);
    expect([here.statusOf(MAIN), here.statusOf(PULL)]).toEqual(['success', 'success']);
    expect(here.commentOf(PULL)).toContain('Not run: 1 entry of the pipeline');
    expect(here.commentOf(PULL)).not.toContain('After the run:');
  });

  it('and has laxer gates does not have the script of main believe them', async () => {
    const here = scene();
    for (const target of order)
      await begin(here.job(target.workflowRun), here.files('go', 0, target === MAIN ? 7 : 0.01), target);
    await collect(here.job(30));
    expect([...here.heard()].sort()).toEqual(['go fail', 'go pass']);
    expect([here.statusOf(MAIN), here.statusOf(PULL)]).toEqual(['failure', 'success']);
  });
});

describe('a commit that joins a run that is over', () => {
  it('has its own script run in its own job, and nobody else hears of it', async () => {
    const here = scene();
    await start(here.job(10), here.files('main'), MAIN);
    const before = here.hosting.statuses.length;
    await start(here.job(20), here.files('pull', 4), PULL);
    expect(here.heard()).toEqual(['main pass', 'pull pass']);
    expect(here.statusOf(PULL)).toBe('error');
    expect(here.hosting.statuses.slice(before).every(({ commit }) => commit === PULL.commit)).toBe(true);
  });
});

describe('what is done for a run that is put away', () => {
  /** A pull request whose script fails until the door is open. */
  function flaky() {
    const here = scene();
    const door = join(folder, `door-${benches}`);
    const files = here.files('pull');
    const script = `import { existsSync } from 'node:fs';\n${files['tell.mjs']}`;
    const shut = `process.exit(existsSync(${JSON.stringify(door)}) ? 0 : 4);`;
    return {
      ...here,
      files: { ...files, 'tell.mjs': script.replace('process.exit(0);', shut) },
      open: () => writeFileSync(door, ''),
    };
  }

  it('is done once: later jobs have what the one that did it kept', async () => {
    const here = flaky();
    const { state } = await start(here.job(20), here.files, PULL);
    expect(here.statusOf(PULL)).toBe('error');
    here.open();
    await start(here.job(21), here.files, PULL);
    expect([here.heard().length, here.statusOf(PULL)]).toEqual([2, 'success']);
    expect([...here.state.files().keys()]).toContain(`done/${state.run}.jsonl`);
    await start(here.job(22), here.files, PULL);
    await start(here.job(23), here.files, targetOf(23, 'c', 7));
    await collect(here.job(24), { run: state.run });
    expect([here.heard().length, here.statusOf(PULL)]).toEqual([2, 'success']);
  });

  it('is kept for the job that shows it, where the one that did it could not', async () => {
    const here = flaky();
    await start(here.job(20), here.files, PULL);
    here.open();
    here.hosting.fail('setStatus', new HostingError('GitHub failed with status 502.', 502));
    await start(here.job(21), here.files, PULL);
    here.hosting.fail('setStatus', null);
    await collect(here.job(22));
    expect([here.heard().length, here.statusOf(PULL)]).toEqual([2, 'success']);
  });

  it('adds nothing to its journal where nothing was done', async () => {
    const here = scene();
    const { state } = await start(here.job(10), here.files('main'), MAIN);
    const before = typesOf(here, state.run);
    await start(here.job(11), here.files('main'), targetOf(11, 'c', null));
    expect(typesOf(here, state.run)).toEqual(before);
  });
});

describe('the journal', () => {
  it('has the event that older engines refuse only where a commit brought entries of its own', async () => {
    const here = scene();
    const run = await begin(here.job(10), here.files('main'), MAIN);
    await begin(here.job(11), here.files('main'), PULL);
    expect(typesOf(here, run)).toEqual([
      'run_created',
      'target_added',
      'post_process_trusted',
      'target_added',
    ]);
    await begin(here.job(12), here.files('other'), targetOf(12, 'c', 8));
    expect(typesOf(here, run).slice(4)).toEqual(['target_added', 'post_process_joined']);
  });

  it('names the pushed commit as the one whose look at the run its scripts have, whoever was first', async () => {
    const here = scene();
    const run = await begin(here.job(20), here.files('same'), PULL);
    await begin(here.job(10), here.files('same'), MAIN);
    await begin(here.job(21), here.files('same'), targetOf(21, 'c', 8));
    const named = eventsOf(here, run).flatMap((event) =>
      event.type === 'post_process_trusted' ? [event.target?.commit] : [],
    );
    expect(named).toEqual([PULL.commit, MAIN.commit]);
    await collect(here.job(30));
    expect(here.heard()).toEqual(['same pass']);
  });
});

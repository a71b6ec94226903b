// What a pull request is held against is what its base branch came to: nothing that a pull request, a branch with a telling
// name or an invented answer leaves behind takes its place.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, openBench, submitChange } from '../commands/hosted-bench.ts';

const PATH = 'pipelines/walk';

/** A gate on a change that any comparable base decides. */
function walk(end: number, asks = ''): string {
  return `name: walk
seed: 42
items: [{ id: pier, start: 5 }]
repeat: 200
${asks === '' ? '' : 'provider: simulated\n'}steps:
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= ${end}
${asks}gates:
  - { name: no drop, share: "position > 0", change: { at_least: -0.2 } }
`;
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-forged-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let places = 0;
const bench = (): Bench => openBench(join(folder, `state-${++places}`));

async function verdictOf(
  here: Bench,
  text: string,
  workflowRun: number,
  pull: number | null,
  branch: string,
) {
  const commit = workflowRun.toString(16).padStart(40, 'a');
  const target = { pull, commit, branch, workflowRun };
  const { report } = await submitChange(here, { path: PATH, text, target, waitMs: 10_000 });
  return { verdict: report.verdict, against: report.against?.name ?? null };
}

const UNDECIDED = { verdict: 'inconclusive', against: null };

it('a result of another pull request is no base', async () => {
  const here = bench();
  await verdictOf(here, walk(9), 1, 1, 'main');
  expect(await verdictOf(here, walk(10), 2, 2, 'main')).toEqual(UNDECIDED);
});

it('a branch with the name of a file of results leaves nothing where others look', async () => {
  const here = bench();
  let run = 0;
  for (const branch of ['pull-9', 'main.before', 'main.json', '../main', 'Main', 'main ', 'main/'])
    await verdictOf(here, walk(9), ++run, null, branch);
  expect(await verdictOf(here, walk(10), ++run, 9, 'main')).toEqual(UNDECIDED);
});

it('a result of a pipeline with that name in another folder is no base', async () => {
  const here = bench();
  const target = { pull: null, commit: 'b'.repeat(40), branch: 'main', workflowRun: 1 };
  await submitChange(here, { path: 'pipelines/other', text: walk(9), target });
  expect(await verdictOf(here, walk(10), 2, 2, 'main')).toEqual(UNDECIDED);
});

it('invented answers are no base, on whatever branch', async () => {
  const here = bench();
  const asks = `  - { name: ask, prompt: Hi, schema: { type: object, properties: { n: { type: integer } } } }\n`;
  expect((await verdictOf(here, walk(9, asks), 1, null, 'main')).verdict).toBe('dry_run');
  expect((await verdictOf(here, walk(10), 2, 2, 'main')).against).toBeNull();
});

it('what a pull request says of itself does not change the result of its base', async () => {
  const here = bench();
  await verdictOf(here, walk(10), 1, null, 'main');
  await verdictOf(here, walk(40), 2, 2, 'main');
  expect(await verdictOf(here, walk(41), 3, 3, 'main')).toEqual({ verdict: 'fail', against: 'main' });
});

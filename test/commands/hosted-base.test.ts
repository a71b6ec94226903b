// What a commit is held against: the base's result is known before the verdict, so that status, comment and files say what
// it came to. Runs ask nobody and are over in the job that begins them.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostedOutcome } from '../../src/commands/hosted.ts';
import { type Bench, openBench, submitChange } from './hosted-bench.ts';

const PATH = 'pipelines/walk';

/** `end` is how far the ship is: the nearer, the more sailors reach it. */
interface Walk {
  readonly end?: number;
  readonly seed?: number;
  readonly gate?: string;
  readonly more?: string;
}

const NO_DROP = `{ name: no drop, share: "outcome == 'ship'", change: { at_least: -0.1 } }`;

function walk({ end = 10, seed = 42, gate = NO_DROP, more = '' }: Walk = {}): string {
  return `name: walk
seed: ${seed}
items: [{ id: pier, start: 5 }]
repeat: 300
steps:
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= ${end}
  - name: judge
    expressions: { outcome: "'water' if position <= 0 else 'ship'" }
report: { outcomes: [outcome] }
gates:
  - ${gate}
${more}`;
}

let folder: string;
let places = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-base-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const bench = (): Bench => openBench(join(folder, `state-${++places}`));
const commit = (letter: string): string => letter.repeat(40);

/** The job of a push to a branch. */
function push(here: Bench, letter: string, workflowRun: number, text: string, branch = 'main') {
  const target = { pull: null, commit: commit(letter), branch, workflowRun };
  return submitChange(here, { path: PATH, text, target });
}

/** The job of a pull request, numbered as its workflow run, into a branch. */
function propose(here: Bench, letter: string, number: number, text: string, branch = 'main') {
  const facts = { isOpen: true, head: { commit: commit(letter) } };
  here.hosting.pulls.set(number, facts as never);
  const target = { pull: number, commit: commit(letter), branch, workflowRun: number };
  return submitChange(here, { path: PATH, text, target });
}

function statusOf({ hosting }: Bench, letter: string) {
  return hosting.statuses.filter((one) => one.commit === commit(letter)).at(-1);
}

function commentOf({ hosting }: Bench, pull: number): string {
  return hosting.written.filter((one) => one.pull === pull).at(-1)?.body ?? '';
}

async function fileOf({ directory }: HostedOutcome, name: string): Promise<string> {
  return readFile(join(directory, name), 'utf8');
}

describe('a gate on a change', () => {
  it('fails a pull request that makes it worse, in status, comment, outputs and every file', async () => {
    const here = bench();
    await push(here, 'a', 1, walk());
    const outcome = await propose(here, 'b', 2, walk({ end: 20 }));
    expect(outcome.report.verdict).toBe('fail');
    expect(statusOf(here, 'b')?.state).toBe('failure');
    expect(commentOf(here, 2)).toMatch(/^### ❌ Fail/m);
    expect(commentOf(here, 2)).toMatch(/^On main \(`aaaaaaa`\): /m);
    expect(JSON.parse(await fileOf(outcome, 'report.json'))).toMatchObject({
      verdict: 'fail',
      against: { name: 'main', reason: null, isSame: false },
    });
    expect(await fileOf(outcome, 'report.md')).toContain('Fail');
    expect(await fileOf(outcome, 'report.html')).toContain('Fail');
  });

  it('passes one that leaves things as they are, or makes them better', async () => {
    const here = bench();
    await push(here, 'a', 1, walk());
    const better = await propose(here, 'b', 2, walk({ end: 8 }));
    expect(better.report.verdict).toBe('pass');
    expect(statusOf(here, 'b')?.state).toBe('success');
    const same = await propose(here, 'c', 3, `${walk()}# only a remark\n`);
    expect(same.report.verdict).toBe('pass');
    expect(commentOf(here, 3)).toContain('**The same run as on** main');
  });

  it('is undecided while there is no result, and decided by the same job once there is one', async () => {
    const here = bench();
    const early = await propose(here, 'b', 2, walk({ end: 20 }));
    expect(early.report.verdict).toBe('inconclusive');
    expect(commentOf(here, 2)).toContain('No result for main yet, so nothing is compared.');
    expect(statusOf(here, 'b')?.state).toBe('success');
    await push(here, 'a', 3, walk());
    const late = await propose(here, 'b', 2, walk({ end: 20 }));
    expect(late.state.run).toBe(early.state.run);
    expect(late.report.verdict).toBe('fail');
    expect(statusOf(here, 'b')?.state).toBe('failure');
    expect(commentOf(here, 2)).toMatch(/^### ❌ Fail/m);
  });

  it('is undecided against a result of another seed, and the comment says why', async () => {
    const here = bench();
    await push(here, 'a', 1, walk({ seed: 7 }));
    const outcome = await propose(here, 'b', 2, walk({ end: 20 }));
    expect(outcome.report.verdict).toBe('inconclusive');
    expect(commentOf(here, 2)).toContain('**Not comparable** (another seed) with main');
  });

  it('that main does not have is decided by a gate of main that asks the same', async () => {
    const here = bench();
    await push(here, 'a', 1, walk({ gate: `{ name: ships, share: "outcome == 'ship'", at_least: 0.2 }` }));
    expect((await propose(here, 'b', 2, walk({ end: 20 }))).report.verdict).toBe('fail');
  });

  it('is not decided by a gate of its name that asks something else', async () => {
    const here = bench();
    const asking = (what: string): string => `{ name: no drop, share: ${what}, change: { at_least: -0.1 } }`;
    await push(here, 'a', 1, walk({ gate: asking('position < 5') }));
    const outcome = await propose(here, 'b', 2, walk({ gate: asking('position > 5'), end: 20 }));
    expect(outcome.report.verdict).toBe('inconclusive');
  });
});

describe('commits that share a run', () => {
  it('are each held against the branch they shall be merged into', async () => {
    const here = bench();
    await push(here, 'a', 1, walk());
    await push(here, 'b', 2, walk({ end: 21 }), 'release');
    const text = walk({ end: 20 });
    const main = await propose(here, 'c', 3, text);
    const release = await propose(here, 'd', 4, text, 'release');
    expect(release.state.run).toBe(main.state.run);
    expect([main.report.verdict, release.report.verdict]).toEqual(['fail', 'pass']);
    expect([statusOf(here, 'c')?.state, statusOf(here, 'd')?.state]).toEqual(['failure', 'success']);
    expect(commentOf(here, 3)).toContain('On main (`aaaaaaa`)');
    expect(commentOf(here, 4)).toContain('On release (`bbbbbbb`)');
    // The job's own files are those of its own commit; the other's page is beside them.
    expect(JSON.parse(await fileOf(release, 'report.json')).against.name).toBe('release');
    const others = (await readdir(release.directory)).filter((name) => name.startsWith('judged-'));
    const kept = await Promise.all(others.map((name) => fileOf(release, `${name}/report.json`)));
    expect(kept.map((text) => JSON.parse(text).against.name)).toContain('main');
  });
});

describe('a push to the base branch', () => {
  it('is held against the result before it, also when its job is started again', async () => {
    const here = bench();
    const first = await push(here, 'a', 1, walk());
    expect(first.report.verdict).toBe('inconclusive');
    const worse = () => push(here, 'b', 2, walk({ end: 20 }));
    expect((await worse()).report.verdict).toBe('fail');
    const again = await worse();
    expect([again.report.verdict, again.report.against?.name]).toEqual(['fail', 'main']);
    expect(statusOf(here, 'b')?.state).toBe('failure');
  });

  it('is not held against a later one', async () => {
    const here = bench();
    await push(here, 'b', 2, walk({ end: 20 }));
    const late = await push(here, 'a', 1, walk());
    expect(late.report.against).toBeNull();
  });
});

describe('a run that ends when its gate on a change is decided', () => {
  it('is weighed and judged by the result that its base had when it began', async () => {
    const here = bench();
    const more = 'stop: { every: 50, gates: true }\n';
    await push(here, 'a', 1, walk({ more }));
    const worse = () => propose(here, 'b', 2, walk({ end: 40, more }));
    const { report } = await worse();
    expect([report.verdict, report.against?.name]).toEqual(['fail', 'main']);
    expect(report.units.planned).toBeLessThan(300);
    await push(here, 'c', 3, walk({ end: 39, more }));
    const again = await worse();
    expect([again.report.verdict, again.report.units.planned]).toEqual(['fail', report.units.planned]);
    expect(commentOf(here, 2)).toContain('On main (`ccccccc`)');
    expect(commentOf(here, 2)).toContain('When this run began, main had another result.');
    // Also where what main has by now could not be compared at all.
    await push(here, 'd', 4, walk({ seed: 7, more }));
    expect((await worse()).report).toMatchObject({ verdict: 'fail', against: { reason: null } });
    expect(commentOf(here, 2)).toContain('**Not comparable** (another seed) with main');
    expect(commentOf(here, 2)).toContain('When this run began, main had another result.');
  });

  it('is weighed by nothing it cannot be compared with, and judged by what comes later', async () => {
    const here = bench();
    const more = 'stop: { every: 50, gates: true }\n';
    await push(here, 'a', 1, walk({ seed: 7, more }));
    const worse = () => propose(here, 'b', 2, walk({ end: 40, more }));
    const early = await worse();
    expect([early.report.verdict, early.report.units.planned]).toEqual(['inconclusive', 300]);
    await push(here, 'c', 3, walk({ more }));
    const late = await worse();
    expect([late.report.verdict, late.report.against?.reason]).toEqual(['fail', null]);
    expect(commentOf(here, 2)).not.toContain('had another result');
  });

  it('says nothing of another result where only the names of its gates are others', async () => {
    const here = bench();
    const more = 'stop: { every: 50, gates: true }\n';
    await push(here, 'a', 1, walk({ more }));
    await propose(here, 'b', 2, walk({ end: 40, more }));
    const renamed = NO_DROP.replace('no drop', 'as before');
    const { report } = await propose(here, 'c', 3, walk({ end: 40, more, gate: renamed }));
    expect([report.verdict, report.gates[0]?.name]).toEqual(['fail', 'as before']);
    expect(commentOf(here, 3)).not.toContain('had another result');
  });
});

describe('a kept result that somebody has changed', () => {
  /** The one file with main's result. */
  async function kept(here: Bench): Promise<string> {
    const root = join(here.job.root, 'baselines');
    const [own] = await readdir(root);
    const [file] = (await readdir(join(root, own!))).filter((name) => !name.startsWith('pull-'));
    return join(root, own!, file!);
  }

  const damages: readonly [string, (text: string) => string][] = [
    ['is no JSON', (text) => text.slice(0, -20)],
    ['is another shape', () => '[1, {"a": null}]'],
    ['has values that are no shares', (text) => text.replace(/"values": "[01,]+"/g, '"values": "NaN,2,-1"')],
    ['has values beyond all numbers', (text) => text.replace(/"values": "[01]/g, '"values": "1e999')],
    ['has too few values', (text) => text.replace(/"values": "[01],/g, '"values": "')],
    ['counts units that there are not', (text) => text.replace(/"units": 300/g, '"units": 1e9')],
    ['has no columns', (text) => text.replace(/"columns": \[[^\]]*\]/, '"columns": {}')],
    ['has a report of something else', (text) => text.replace(/"gates": \[/g, '"gates": [null, ')],
  ];

  it.each(damages)('and %s crashes nothing and passes nothing', async (_, damage) => {
    const here = bench();
    await push(here, 'a', 1, walk());
    const path = await kept(here);
    const text = damage(await readFile(path, 'utf8'));
    await writeFile(path, text);
    const outcome = await propose(here, 'b', 2, walk({ end: 20 }));
    expect(['fail', 'inconclusive']).toContain(outcome.report.verdict);
    expect(commentOf(here, 2)).not.toMatch(/NaN|Infinity|undefined/);
  });
});

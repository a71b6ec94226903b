// What a job keeps with its workflow run, over a folder of runs that outlives it. GitHub is in memory.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBench, submitChange } from './hosted-bench.ts';

const PIPELINE = `name: walk
seed: 1
items: [{ id: a }]
repeat: 8
steps:
  - { name: roll, expressions: { luck: "random.randint(1, 6)" } }
`;
const TABLE = 'post_process: [{ analysis: { count: [luck] }, output: luck.txt }]\n';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'octobatch-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the files of a finished run', () => {
  it('hold what was made for this commit, and nothing that was made for another one in the same folder', async () => {
    const here = openBench(join(folder, 'state'));
    const kept: string[][] = [];
    const uploads = {
      async upload(name: string, files: readonly string[], root: string) {
        kept.push(files.map((file) => relative(root, file)).filter((file) => file.startsWith('outputs')));
        return { id: kept.length, name, url: `https://github.test/${name}` };
      },
    };
    const bench = { ...here, job: { ...here.job, uploads } };
    const path = 'pipelines/walk';
    const main = { pull: null, commit: 'a'.repeat(40), branch: 'main', workflowRun: 10 };
    await submitChange(bench, { path, text: PIPELINE + TABLE, target: main });
    expect(kept).toEqual([['outputs.json', 'outputs/luck.txt'], []]);
    kept.length = 0;
    const pull = { pull: 7, commit: 'b'.repeat(40), branch: 'main', workflowRun: 20 };
    await submitChange(bench, { path, text: PIPELINE, target: pull });
    expect(kept.flat()).toEqual([]);
  });
});

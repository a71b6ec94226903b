// The examples do what their page says: every command of it is run, every folder and file is named, and the workflow
// files give nothing away that a stranger could use.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blocksOf, commandsOf, isFree, openClone, ROOT, readPage, runFree, runPaid } from './pages.ts';
import type { World } from './world.ts';

const PAGE = 'examples/README.md';

/** Run by the tests of the README, where they stand too. */
const readme = commandsOf(blocksOf(['README.md']));
const commands = commandsOf(blocksOf([PAGE])).filter((line) => !isFree(line) || !readme.includes(line));

let world: World;
beforeAll(async () => {
  world = await openClone('examples', []);
});
afterAll(() => world.close());

describe('the examples', () => {
  it('run without a key', async () => {
    const free = commands.filter(isFree);
    expect(free.length).toBeGreaterThan(2);
    await runFree(world, free);
  });

  it('run with a key, when the provider is one on this machine', async () => {
    const paid = commands.filter((line) => !isFree(line));
    expect(paid.length).toBeGreaterThan(1);
    await runPaid(world, paid);
    expect(await world.billed()).toBeGreaterThanOrEqual(100);
  });

  it('are all named in their README', () => {
    const page = readPage(PAGE);
    const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(folders.length).toBeGreaterThan(4);
    for (const { name } of folders) expect(page).toContain(`| \`${name}\` |`);
    for (const name of readdirSync(join(ROOT, 'examples/workflows'))) expect(page).toContain(`\`${name}\``);
  });

  it('are workflows with the inputs and outputs that there are, and few permissions', () => {
    const action = readYaml('action.yml') as { inputs: object; outputs: object };
    const files = readdirSync(join(ROOT, 'examples/workflows'));
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      const text = readPage(`examples/workflows/${file}`);
      const workflow = parse(text) as Workflow;
      expect(workflow.permissions, file).toEqual({ contents: 'read' });
      expect(workflow.concurrency['cancel-in-progress'], file).toBe(false);
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
      const own = steps.filter(({ uses }) => uses.startsWith('OWNER/octobatch-action@'));
      expect(own.length, file).toBeGreaterThan(0);
      for (const { with: inputs } of own)
        for (const name of Object.keys(inputs)) expect(Object.keys(action.inputs), file).toContain(name);
      for (const [, name] of text.matchAll(/steps\.octobatch\.outputs\.([\w-]+)/g))
        expect(Object.keys(action.outputs), file).toContain(name);
    }
  });

  it('give a key only to trusted code, with a ceiling, and collect what was submitted', () => {
    const paid = readYaml('examples/workflows/paid.yml') as Workflow;
    expect(Object.keys(paid.on).sort()).toEqual(['push', 'schedule', 'workflow_dispatch']);
    const steps = Object.values(paid.jobs).flatMap((job) => job.steps);
    const keyed = steps.filter(({ env = {} }) =>
      Object.values(env).some((text) => text.includes('secrets.')),
    );
    expect(keyed.map(({ id, env }) => [id, Object.keys(env ?? {})])).toEqual([
      ['octobatch', ['OPENAI_API_KEY']],
    ]);
    const inputs = keyed[0]!.with;
    expect(Number(inputs['max-cost'])).toBeGreaterThan(0);
    expect(inputs.command).toMatch(/'schedule' && 'collect' \|\| 'submit'/);
  });
});

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly concurrency: { readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly WorkflowStep[] }>>;
}

interface WorkflowStep {
  readonly id?: string;
  readonly uses: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with: Readonly<Record<string, string>>;
}

function readYaml(path: string): unknown {
  return parse(readPage(path));
}

// The examples do what their page says: every command of it is run, every folder and file is named. The workflow files
// have rules of their own, in test/workflows.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    // What is held against another run comes after it.
    const isLater = (line: string): boolean => line.includes('--baseline');
    await runFree(
      world,
      free.filter((line) => !isLater(line)),
    );
    await runFree(world, free.filter(isLater));
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
});

// Repairs of a run that was paid: what a person reads before and after, and what is refused.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectDecent, LONG, LONG_MS, openWorld, QUICK, type Spoken, type World } from './world.ts';

let world: World;
const say = async (...args: string[]): Promise<Spoken> => {
  const spoken = await world.octobatch(args);
  expectDecent(spoken);
  return spoken;
};
beforeAll(async () => {
  world = await openWorld('repair');
  world.pipeline('tale');
  await world.settings({ latency: QUICK });
});
// What another run has is brought from there.
beforeEach(() => rmSync(join(world.folder, '.octobatch'), { recursive: true, force: true }));
afterAll(() => world.close());

/** Starts a run of its own and works on it to its end; gives its folder. */
async function run(name: string, seed: string): Promise<string> {
  await say('run', 'tale', '--max-cost', '1', '--seed', seed, '--name', name, '--quiet');
  return folderOf(name);
}

async function folderOf(name: string): Promise<string> {
  const { directory } = JSON.parse((await say('info', name, '--json')).stdout) as { directory: string };
  return join(world.folder, directory);
}

/** Deletes the blobs that a run's journal names so. */
function lose(folder: string, ...names: ('answers' | 'outcomes' | 'requests')[]): void {
  const journal = readdirSync(join(folder, 'journal')).map((name) =>
    readFileSync(join(folder, 'journal', name), 'utf8'),
  );
  for (const [, digest] of journal
    .join('')
    .matchAll(new RegExp(`"(?:${names.join('|')})":"([0-9a-f]{64})"`, 'g')))
    rmSync(join(folder, 'blobs', digest!.slice(0, 2), digest!), { force: true });
}

/** What a person sees of some commands, with names of this run and this program's files left out. */
async function transcript(...lines: string[]): Promise<string> {
  const told: string[] = [];
  for (const line of lines) {
    const { code, stdout, stderr } = await say(...line.split(' '));
    told.push(`$ octobatch ${line}\n${stderr}${stdout}(exit ${code})\n`);
  }
  return told
    .join('\n')
    .replace(/tale-[0-9a-f]{10}/g, 'tale-<run>')
    .replace(/blob [0-9a-f]{12}/g, 'blob <digest>')
    .replace(/\([\d.]+ k?B\)/g, '(<bytes>)');
}

describe('a repair of a run that was paid', () => {
  it('says what is lost, and what asking again costs at the most, before and while it is decided', async () => {
    lose(await run('paid', '1'), 'answers', 'outcomes');
    const before = await world.billed();
    const told = await transcript('repair paid', 'repair paid --pay');
    await expect(told).toMatchFileSnapshot('../golden/doors/repair-pay.txt');
    expect(await world.billed()).toBe(before);
    expect((await say('collect', 'paid', '--quiet')).code).toBe(0);
    expect((await world.billed()) - before).toBe(6);
    expect((await say('verify', 'paid')).code).toBe(0);
  });

  it('is free under a limit below what was spent, as far as it asks nobody', async () => {
    await world.settings({ latency: LONG });
    await say('submit', 'tale', '--max-cost', '1', '--seed', '2', '--name', 'lowered', '--quiet');
    await say('collect', 'lowered', '--max-cost', '0.000001', '--wait', '0s', '--quiet');
    world.timePasses(LONG_MS);
    await world.settings({ latency: QUICK });
    await say('collect', 'lowered', '--quiet');
    const folder = await folderOf('lowered');
    lose(folder, 'outcomes', 'requests');
    const free = await transcript('repair lowered');
    lose(folder, 'outcomes', 'answers');
    const dear = await transcript('repair lowered', 'repair lowered --pay');
    await expect(`${free}\n${dear}`).toMatchFileSnapshot('../golden/doors/repair-lowered.txt');
  });

  it('is refused where the run is put away', async () => {
    const folder = await run('away', '3');
    await say('archive', 'away');
    lose(folder.replace('/runs/', '/archive/'), 'outcomes', 'answers');
    const told = await transcript('repair away', 'repair away --pay');
    await expect(told).toMatchFileSnapshot('../golden/doors/repair-archived.txt');
  });
});

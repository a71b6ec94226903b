// What is written for users does what is written: every command block of the README and of the pages about providers,
// runs and the simulator, read from the files and run as it stands.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../src/adapters/folder.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { readPolicy } from '../../src/pipeline/policy-file.ts';
import {
  blocksOf,
  commandsOf,
  isFree,
  isServer,
  openClone,
  ROOT,
  readPage,
  runFree,
  runPaid,
} from './pages.ts';
import { stop, type World } from './world.ts';

const PAGES = ['README.md', 'docs/providers.md', 'docs/operations.md', 'docs/simulator.md'];

/** Commands that are not run here, and why. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'npm ci && npm test': 'it runs these tests',
};

const blocks = blocksOf(PAGES);
const commands = commandsOf(blocks);

let world: World;
beforeAll(async () => {
  world = await openClone('docs', blocks);
});
afterAll(() => world.close());

describe('the commands in the pages', () => {
  it('are found, and so is every exception', () => {
    expect(commands.length).toBeGreaterThan(8);
    for (const line of Object.keys(EXCEPTIONS)) expect(commands).toContain(line);
  });

  it('do what is written without a key', async () => {
    const free = commands.filter((line) => isFree(line) && !isServer(line) && !(line in EXCEPTIONS));
    expect(free.length).toBeGreaterThan(4);
    await runFree(world, free);
  });

  it('do what is written with a key, when the provider is one on this machine', async () => {
    const paid = commands.filter((line) => !isFree(line));
    expect(paid.length).toBeGreaterThan(1);
    await runPaid(world, paid);
    expect(await world.billed()).toBeGreaterThanOrEqual(400);
  });

  it('start the simulator, which tells its address and ends when it is told to', async () => {
    const servers = commands.filter(isServer);
    expect(servers.length).toBeGreaterThan(0);
    for (const line of servers) {
      const child = spawn('/bin/sh', ['-c', `exec ${line}`], { cwd: world.folder });
      const url = await new Promise<string>((resolve) => {
        child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
        child.once('exit', () => resolve('it ended'));
      });
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      for (const path of ['/v1/models/any', '/anthropic/v1/models/any', '/gemini/v1beta/models/any']) {
        const headers = {
          authorization: 'Bearer any',
          'x-api-key': 'any',
          'anthropic-version': '2023-06-01',
          'x-goog-api-key': 'any',
        };
        expect((await fetch(`${url}${path}`, { headers })).status, path).toBe(200);
      }
      await stop(child);
      expect(child.exitCode).toBe(0);
    }
  });
});

describe('what the pages name', () => {
  it('exists: every command and every flag', () => {
    const source = ['cli.ts', ...readdirSync(join(ROOT, 'src/cli')).map((name) => `cli/${name}`)]
      .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'))
      .join('\n');
    const every = (pattern: RegExp): string[] => [...source.matchAll(pattern)].map((match) => match[1]!);
    const names = every(/\.command\('([a-z]+)/g);
    const flags = [...every(/ption\(\s*'(--[a-z-]+)/g), '--help'];
    expect(names.length).toBeGreaterThan(12);
    expect(flags.length).toBeGreaterThan(20);
    const said = PAGES.flatMap((page) => {
      const text = readPage(page).replaceAll(/npx --package=\S+/g, '');
      return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag);
    });
    expect(said.length).toBeGreaterThan(20);
    for (const flag of new Set(said)) expect(flags, flag).toContain(flag);
    const spoken = PAGES.flatMap((page) => [
      ...readPage(page).matchAll(/(?:index\.js|`octobatch) ([a-z]+)/g),
    ]).map((match) => match[1]!);
    for (const name of new Set(spoken)) expect(names, name).toContain(name);
  });

  it('is understood: the settings of the page about providers', async () => {
    const texts = blocks
      .filter(({ page, language }) => page === 'docs/providers.md' && language === 'yaml')
      .map(({ text }) => text);
    expect(texts).toHaveLength(3);
    const [who = '', services = '', policy = ''] = texts;
    const item = 'items: [{ id: a, tale: once }]\n';
    const told = await understand(`${item}${who}`);
    expect(told.steps).toMatchObject([{ name: 'tell' }, { name: 'judge', provider: 'anthropic' }]);
    const asked = 'steps: [{ name: s, prompt: "Say {{ id }}.", provider: azure, model: my-deployment }]\n';
    expect(Object.keys((await understand(`${item}${asked}${services}`)).providers)).toEqual([
      'azure',
      'groq',
      'openai',
    ]);
    expect(readPolicy(policy, 'policy').maxCost).toBe('5');
  });
});

async function understand(text: string) {
  const folder = join(world.folder, 'understood');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'pipeline.yaml'), text);
  return (await loadPipeline(openFolder(folder, 'page'), {}, () => null)).pipeline;
}

// The pages written for users, as their tests read them: code blocks, the commands in them, and a folder like a clone
// of the repository in which the commands are run as they stand.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { CLI, expectDecent, inPairs, openWorld, QUICK, type World } from './world.ts';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** The text of a page. */
export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** All fenced blocks of pages. */
export function blocksOf(pages: readonly string[]): readonly Block[] {
  return pages.flatMap((page) =>
    [...readPage(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
      ...{ page, language, text },
    })),
  );
}

/** The command lines in the blocks, each once, without the comment behind it. */
export function commandsOf(blocks: readonly Block[]): readonly string[] {
  const lines = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/ {2,}#.*$/, '').trim());
  return [...new Set(lines)].filter((line) => line !== '');
}

/** Whether a command needs no key. */
export const isFree = (line: string): boolean => !line.startsWith('OPENAI_API_KEY=');

/** Whether a command runs until it is told to end. */
export const isServer = (line: string): boolean => / simulator /.test(line);

/** A folder with the program and the examples where a clone has them, and the pipelines that the blocks write down. */
export async function openClone(name: string, blocks: readonly Block[]): Promise<World> {
  const world = await openWorld(name);
  await world.settings({ latency: QUICK });
  mkdirSync(join(world.folder, 'dist/cli'), { recursive: true });
  symlinkSync(CLI, join(world.folder, 'dist/cli/index.js'));
  cpSync(join(ROOT, 'examples'), join(world.folder, 'examples'), { recursive: true });
  for (const { language, text } of blocks) {
    const path = language === 'yaml' ? /^# (pipelines\/\S+)\n/.exec(text)?.[1] : undefined;
    if (path === undefined) continue;
    mkdirSync(dirname(join(world.folder, path)), { recursive: true });
    writeFileSync(join(world.folder, path), text);
  }
  return world;
}

/** Runs commands that need no key; each ends well and says something. */
export async function runFree(world: World, lines: readonly string[]): Promise<void> {
  await inPairs(lines, async (line) => {
    const spoken = await world.shell(line);
    expect(spoken.code, `${line}\n${spoken.stdout}${spoken.stderr}`).toBe(0);
    expect(spoken.stdout, line).not.toBe('');
    expectDecent(spoken);
  });
}

/** Runs commands with a key against the simulator in the provider's place: what submits, then what collects it all. */
export async function runPaid(world: World, lines: readonly string[]): Promise<void> {
  await world.settings({ latency: { minMs: 1_500, maxMs: 1_500 } });
  const collects = (line: string): boolean => line.includes(' collect');
  for (const line of lines.toSorted((a, b) => Number(collects(a)) - Number(collects(b)))) {
    const pipeline = /(?:submit|run) (\S+)/.exec(line)?.[1];
    if (pipeline !== undefined) redirect(world, pipeline);
    let spoken = await world.shell(line);
    for (let turn = 0; turn < 9 && collects(line) && (await countOpen(world)) > 0; turn++) {
      spoken = await world.shell(line);
    }
    // Gates fail: this provider answers by chance. What is submitted may be back at once on a slow machine.
    const codes = collects(line) ? [0, 1] : [0, 1, 4];
    expect(codes, `${line}\n${spoken.stdout}${spoken.stderr}`).toContain(spoken.code);
    expectDecent(spoken);
  }
  expect(await countOpen(world)).toBe(0);
}

/** Lets a pipeline find the provider `openai` on this machine instead of where it is. */
function redirect(world: World, pipeline: string): void {
  const file = join(world.folder, pipeline, 'pipeline.yaml');
  const access = `providers: { openai: { base_url: "${world.url}/v1", key_env: OPENAI_API_KEY } }\n`;
  // An address of one's own has no published price.
  const prices = 'prices: { openai/gpt-4.1-mini/batch: { input: 0.2, output: 0.8 } }\n';
  const text = readFileSync(file, 'utf8');
  if (!text.includes(access)) writeFileSync(file, `${text}\n${access}${prices}`);
}

/** Runs that are not over. */
async function countOpen(world: World): Promise<number> {
  const { stdout } = await world.octobatch(['status', '--json']);
  const runs = stdout.trimEnd().split('\n');
  return runs.filter((line) => JSON.parse(line).state === 'open').length;
}

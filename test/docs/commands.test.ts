// The pages written for users do what is written: every command of every page is run as it stands, in a clone of its own,
// and says what the page shows of it. The pages are shared out between the two versions of Node that the gate runs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inPairs } from '../doors/world.ts';
import { isOurs } from '../node-half.ts';
import { isPaid, isSaid, isServer, openClone } from './clone.ts';
import { blocksOf, type Command, commandsOf, PAGES } from './page.ts';

/** Commands that cannot be run here, and why. Their flags and links are looked at all the same. */
const NOT_RUN: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && npm test$/, 'it runs these tests'],
  [/^gh /, 'it asks GitHub; test/workflows holds it against the workflow files'],
];

/** Pages whose commands another test runs, and looks more closely at what they say. */
const ELSEWHERE = ['docs/analysis.md'];

const scripts = PAGES.filter((page) => !ELSEWHERE.includes(page))
  .map((page) => ({ page, blocks: blocksOf(page) }))
  .map((one) => ({
    ...one,
    commands: commandsOf(one.blocks),
  }));
const pages = scripts.filter(({ commands }) => commands.length > 0);
const ours = pages.map(({ page }) => page).filter((_, index) => isOurs(index));
const wrong = new Map<string, string[]>();
const isNotRun = ({ text }: Command): boolean => NOT_RUN.some(([pattern]) => pattern.test(text));

async function follow(page: string): Promise<void> {
  const { blocks, commands } = pages.find((one) => one.page === page)!;
  const clone = await openClone(page);
  const problems: string[] = [];
  wrong.set(page, problems);
  try {
    // Pages go on where the README ends: with its pipeline.
    for (const block of page === 'README.md' ? [] : blocksOf('README.md')) clone.write(block);
    let next = 0;
    for (const command of commands) {
      while (next < blocks.length && blocks[next]!.line <= command.line) clone.write(blocks[next++]!);
      if (!isNotRun(command)) problems.push(...(await problemsOf(command, clone)));
    }
    if (commands.some(({ text }) => isPaid(text)) && (await clone.billed()) === 0)
      problems.push(`${page}: nobody was paid`);
  } finally {
    await clone.close();
  }
}

async function problemsOf(
  command: Command,
  clone: Awaited<ReturnType<typeof openClone>>,
): Promise<readonly string[]> {
  const { text, code, says, line, page } = command;
  const spoken = isServer(text) ? await clone.serve(command) : await clone.run(command);
  const all = `${spoken.stdout}${spoken.stderr}`;
  const told = `${page}:${line}: ${text}\n`;
  // Gates may fail where a provider answers by chance, and on a slow machine nothing is back yet.
  const codes: readonly (number | null)[] = isPaid(text) ? [0, 1, 4] : [code];
  if (!codes.includes(spoken.code)) return [`${told}ends with ${spoken.code}\n${all.slice(-1500)}`];
  if (says === null || isSaid(says, spoken.stdout) || isSaid(says, spoken.stderr)) return [];
  return [`${told}does not say\n${says}but\n${all.slice(-3000)}`];
}

beforeAll(async () => {
  await inPairs(ours, follow);
}, 400_000);
afterAll(() => wrong.clear());

describe('the commands of the pages', () => {
  it('are found, and so is every one that is not run', () => {
    expect(pages.length).toBeGreaterThan(5);
    const commands = pages.flatMap((one) => one.commands);
    expect(commands.length).toBeGreaterThan(25);
    for (const [pattern] of NOT_RUN)
      expect(
        commands.some(({ text }) => pattern.test(text)),
        `${pattern}`,
      ).toBe(true);
  });

  it.each(ours)('do what is written: %s', (page) => {
    expect(wrong.get(page)!.join('\n')).toBe('');
  });
});

describe('what a page shows of an output', () => {
  it('is held against all of it, with room for what varies', () => {
    const text = 'valid, 2 steps\nfiles: .octobatch/runs/dice-5f1c2a/\n\n  12 units\nend\n';
    expect(isSaid('valid, 2 steps\nfiles: .../\n', text)).toBe(true);
    expect(isSaid('valid, 2 steps\n...\nend\n', text)).toBe(true);
    expect(isSaid('valid, 3 steps\n', text)).toBe(false);
    expect(isSaid('valid, 2 steps\nend\n', text)).toBe(false);
  });
});

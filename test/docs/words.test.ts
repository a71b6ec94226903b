// What the pages name is there: commands and their flags, in blocks and in running text, environment variables, exit codes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/commands/exit-code.ts';
import { askHelp, type Help } from './help.ts';
import { blocksOf, codeOf, commandsOf, PAGES, proseOf, ROOT, readPage, rowsOf } from './page.ts';

/** Pages that speak of flags of Octobatch's own scripts too. */
const OCTOBATCH_FLAGS = ['docs/coming-from-octobatch.md', 'docs/post-processing.md'];

let help: Help;
beforeAll(async () => {
  help = await askHelp();
});

/** What is wrong with the flags behind a command, in a piece of text that begins with its name. */
function wrongWith(text: string): readonly string[] {
  // A pipe or another command ends it.
  const words = text.split(/ [|&;>]|&&/)[0]!.split(/\s+/);
  const [name = '', ...rest] = words;
  const flags = help.get(name);
  if (flags === undefined) return [`there is no command ${name}`];
  const asked = rest.map((word) => /^\[?(--[a-z-]+)/.exec(word)?.[1]).filter((flag) => flag !== undefined);
  return asked.filter((flag) => !flags.includes(flag)).map((flag) => `${name} has no ${flag}`);
}

/** The texts behind each call of the program. */
function callsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:\boctobatch|cli\/index\.js) (?!-|help\b)([a-z][^\n]*)/g)].map(
    (match) => match[1]!,
  );
}

describe('the commands that the pages name', () => {
  it('are there, with the flags that are given to them', () => {
    const wrong: string[] = [];
    let count = 0;
    for (const page of PAGES) {
      const inBlocks = commandsOf(blocksOf(page)).map(({ line, text }) => ({ line, text }));
      for (const { line, text } of [...inBlocks, ...codeOf(page)])
        for (const call of callsIn(text)) {
          count++;
          wrong.push(...wrongWith(call).map((what) => `${page}:${line}: ${what}`));
        }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(40);
  });

  it('are those of its tables', () => {
    const known = [...help.keys()];
    const pages = PAGES.filter((page) => page === 'README.md' || page === 'docs/operations.md');
    for (const page of pages) {
      const rows = rowsOf(page).map(([first = '']) => first);
      const named = rows.flatMap((cell) =>
        [...cell.matchAll(/`([a-z][a-z-]*) [A-Z[<]/g)].map(([, name]) => name!),
      );
      expect(named.length, page).toBeGreaterThan(4);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    }
  });

  it('leave none out', () => {
    const blocks = PAGES.flatMap((page) => [...commandsOf(blocksOf(page)), ...codeOf(page)]);
    const called = blocks.flatMap(({ text }) => callsIn(text)).map((call) => call.split(/\s/)[0]!);
    const tables = ['README.md', 'docs/operations.md'].flatMap((page) =>
      rowsOf(page).map(([first = '']) => first),
    );
    const told = tables.flatMap((cell) => [...cell.matchAll(/`([a-z]+)(?= |`)/g)].map((match) => match[1]!));
    expect([...help.keys()].filter((name) => !called.includes(name) && !told.includes(name))).toEqual([]);
  });
});

describe('the flags that the pages name by themselves', () => {
  it('are flags of some command', () => {
    const flags = new Set([...help.values()].flat());
    expect(flags.size).toBeGreaterThan(30);
    const wrong = PAGES.filter((page) => !OCTOBATCH_FLAGS.includes(page)).flatMap((page) =>
      codeOf(page).flatMap(({ line, text }) => {
        const flag = /^(--[a-z][a-z-]*)/.exec(text)?.[1];
        return flag === undefined || flags.has(flag) ? [] : [`${page}:${line}: ${flag}`];
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the flags of the program', () => {
  it('are all told of on some page', () => {
    const texts = PAGES.flatMap((page) => [...codeOf(page), ...blocksOf(page)].map(({ text }) => text)).join(
      '\n',
    );
    const said = new Set(texts.match(/(?<![\w-])--[a-z][a-z-]*/g));
    const silent = [...help].flatMap(([name, flags]) =>
      flags.filter((flag) => flag !== '--help' && !said.has(flag)).map((flag) => `${name} ${flag}`),
    );
    expect(silent).toEqual([]);
  });
});

describe('the environment variables that the pages name', () => {
  it('are read by the program, or named by a page as an example of key_env', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readPage(`src/${name}`))
      .join('\n');
    const examples = PAGES.flatMap((page) => blocksOf(page).map(({ text }) => text)).join('\n');
    const unknown = PAGES.flatMap((page) =>
      codeOf(page).flatMap(({ line, text }) =>
        /^[A-Z]+(?:_[A-Z]+)+$/.test(text) && !sources.includes(text) && !examples.includes(`key_env: ${text}`)
          ? [`${page}:${line}: ${text}`]
          : [],
      ),
    );
    expect(unknown).toEqual([]);
  });
});

describe('the exit codes', () => {
  it('of the README are those of the program', () => {
    const told = rowsOf('README.md').flatMap(([code = '']) => (/^\d$/.test(code) ? [Number(code)] : []));
    expect(told).toEqual([...new Set(Object.values(EXIT))].toSorted((a, b) => a - b));
  });
});

describe('the running text', () => {
  it('names no machine, no session, and keeps nothing back for later', () => {
    for (const page of PAGES)
      for (const { line, text } of proseOf(page))
        expect(text, `${page}:${line}`).not.toMatch(/\/work\/|TODO|FIXME|\bTBD\b/);
  });
});

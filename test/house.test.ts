// Holds every file of the repository against the rules of the house, and proves that the rules can fail.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ENGINE_VERSION } from '../src/engine/version.ts';
import { breaches, roomOf } from './house/rules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Fewest files each room can plausibly hold: a check that sees nothing must not pass. */
const FEWEST: Readonly<Record<string, number>> = {
  expression: 10,
  template: 3,
  pipeline: 8,
  simulation: 3,
  validation: 5,
  analysis: 6,
  report: 5,
  engine: 6,
  'engine effects': 2,
  ports: 4,
  simulator: 4,
  adapters: 5,
  compose: 1,
  commands: 5,
  cli: 1,
  action: 1,
  worker: 1,
};

describe('the import table', () => {
  const files = filesBelow('src').filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));

  test('no file of src/ breaks a rule of the house', () => {
    const found = files.flatMap((path) =>
      breaches(path.slice('src/'.length), readFileSync(join(root, path), 'utf8')),
    );
    expect(found.join('\n')).toBe('');
  });

  test.each(Object.entries(FEWEST))('saw the files of %s', (room, fewest) => {
    const seen = files.filter((path) => roomOf(path.slice('src/'.length)) === room);
    expect(seen.length).toBeGreaterThanOrEqual(fewest);
  });
});

test('every property test sees the same cases in every run of the gate', () => {
  const direct = filesBelow('test').filter(
    (path) =>
      /\.ts$/.test(path) &&
      path !== 'test/property.ts' &&
      /from 'fast-check'/.test(readFileSync(join(root, path), 'utf8')),
  );
  expect(direct.filter((path) => path !== 'test/house.test.ts')).toEqual([]);
});

describe('a rule of the house can fail', () => {
  const bad: readonly (readonly [string, string, string, string])[] = [
    ['a file outside every room', 'helpers/x.ts', '', 'no room'],
    [
      'a core room that looks to its right',
      'template/x.ts',
      "import { a } from '../report/a.ts';",
      'import table',
    ],
    ['also for a type', 'expression/x.ts', "import type { A } from '../pipeline/a.ts';", 'import table'],
    ['also by a re-export', 'analysis/x.ts', "export * from '../engine/a.ts';", 'import table'],
    [
      'also by a dynamic import',
      'analysis/x.ts',
      "const a = await import('../engine/a.ts');",
      'import table',
    ],
    ['also by an import type', 'analysis/x.ts', "type A = import('../engine/a.ts').A;", 'import table'],
    ['an import whose target is computed', 'report/x.ts', 'const a = await import(name);', '(computed)'],
    ['the machine in the core', 'report/x.ts', "import { readFileSync } from 'node:fs';", 'through a port'],
    ['a package in the wrong room', 'report/x.ts', "import { z } from 'zod';", 'one room of its own'],
    [
      'a port in the pure engine',
      'engine/decide.ts',
      "import type { Blobs } from '../ports/blobs.ts';",
      'import table',
    ],
    ['code in a port', 'ports/x.ts', "import { fold } from '../engine/state.ts';", 'types only'],
    ['an adapter and its sibling', 'adapters/blobs/x.ts', "import { a } from './y.ts';", 'sibling'],
    [
      'two SDKs in one adapter',
      'adapters/providers/x.ts',
      "import 'openai'; import('@actions/core');",
      'One SDK a file',
    ],
    [
      'the engine in the simulator',
      'simulator/x.ts',
      "import { tick } from '../engine/tick.ts';",
      'import table',
    ],
    ['an entry in the composition', 'compose.ts', "import { main } from './cli.ts';", 'import table'],
    ['an entry in a command', 'commands/x.ts', "import { main } from '../action.ts';", 'import table'],
    ['an adapter in a command', 'commands/x.ts', "import { a } from '../adapters/clock.ts';", 'import table'],
    ['an adapter in an entry', 'cli.ts', "import { a } from './adapters/clock.ts';", 'import table'],
    [
      '@actions/core in the command line',
      'cli/x.ts',
      "import * as core from '@actions/core';",
      'one room of its own',
    ],
    ['a file outside of src/', 'report/x.ts', "import p from '../../package.json';", 'leaves src/'],
    ['the environment in the core', 'engine/x.ts', 'const home = process.env.HOME;', 'environment'],
    ['a clock in the core', 'engine/tick.ts', 'const now = Date.now();', 'clock'],
    ['chance in the core', 'analysis/x.ts', "const a = Math['random']();", 'seeded stream'],
    ['waiting in the core', 'engine/perform-x.ts', 'setTimeout(go, 10);', 'waiting'],
    ['the network in the core', 'engine/x.ts', 'await fetch(url);', 'network'],
    [
      'the language of the machine',
      'report/x.ts',
      'names.sort((a, b) => a.localeCompare(b));',
      'language data',
    ],
    ['code from text', 'adapters/x.ts', "const f = new Function('return 1');", 'way in'],
    [
      'a place outside of the entries',
      'compose.ts',
      "new URL('./worker.js', import.meta.url);",
      'import.meta',
    ],
  ];

  test.each(bad)('%s', (_, path, source, words) => {
    expect(breaches(path, `// A made-up file.\n${source}\n`).join('\n')).toContain(words);
  });

  test('a file that does not say what it is', () => {
    expect(breaches('report/x.ts', 'export const a = 1;\n').join('\n')).toContain('opens without a comment');
  });

  test('words in comments, strings, patterns, member names and keys are no breach', () => {
    const source = [
      '// process.env, Date.now() and Math.random() are only talked about here.',
      "import type { A } from '../expression/a.ts';",
      "const text = 'fetch(' + `Date`;",
      'const pattern = /process[\'"]/u;',
      'const spec: { Date: A } = { Date: row.fetch, process() { return 1; } };',
    ];
    expect(breaches('report/x.ts', source.join('\n'))).toEqual([]);
  });
});

describe('the repository', () => {
  test('names no path of a machine and no host of a package registry', () => {
    const files = filesBelow('.').filter((path) => path !== 'package-lock.json' && path !== '.gitignore');
    expect(files.length).toBeGreaterThan(50);
    const found = files.flatMap((path) => machineWords(path, readFileSync(join(root, path), 'utf8')));
    expect(found.join('\n')).toBe('');
  });

  test('a path of a machine or a host of a registry would be found', () => {
    const slash = '/';
    expect(machineWords('x.md', `see ${slash}home${slash}ann${slash}x`)).toHaveLength(1);
    expect(machineWords('x.md', `see\n${slash}tmp${slash}x`)).toEqual([expect.stringContaining('x.md:2')]);
    expect(
      machineWords('x.md', `from https:${slash}${slash}registry.${'npmjs'}.org${slash}zod`),
    ).toHaveLength(1);
    expect(machineWords('x.md', 'https://github.com/o/r/home/x, a/tmp/b and ./work/x')).toEqual([]);
  });

  test('installs nothing for those who only run it', () => {
    // npx from the repository installs `dependencies`, and prepares a git package that has one of these scripts by
    // installing everything: 20 seconds and 280 MB instead of 3 seconds and 7 MB. dist/ needs none of it.
    expect(manifest.dependencies).toBeUndefined();
    expect(manifest.optionalDependencies).toBeUndefined();
    for (const script of ['build', 'prepare', 'prepack', 'preinstall', 'install', 'postinstall']) {
      expect(manifest.scripts).not.toHaveProperty(script);
    }
  });

  test('has one version', () => {
    expect(ENGINE_VERSION).toBe(manifest.version);
  });
});

/** Paths of all files below a folder that belong to the project, with `/`, relative to the root. */
function filesBelow(folder: string): string[] {
  const strange = /^(node_modules|build|dist|coverage|\.git|\.octobatch|tmp)(\/|$)/;
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .filter((path) => !strange.test(path))
    .sort();
}

/** Places in a text that name a folder of one machine or the host of a package registry. */
function machineWords(path: string, text: string): string[] {
  const folder = /(?<![\w.:/*-])\/(?:work|tmp|root|home\/\w+|Users\/\w+)\//;
  const host =
    /\b(?:registry\.npmjs\.org|pypi\.org|pythonhosted\.org|crates\.io|proxy\.golang\.org|repo1?\.maven)/;
  return text.split('\n').flatMap((line, index) => {
    const found = folder.exec(line) ?? host.exec(line);
    return found === null
      ? []
      : [`${path}:${index + 1}: contains ${found[0]}. Nothing here may depend on one machine.`];
  });
}

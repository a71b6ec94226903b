// The bundled command line and worker, as `npx` and a clean clone start them.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeWorkspace } from './action.ts';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));
const manifest = JSON.parse(readFileSync(join(dist, '../package.json'), 'utf8'));

function octobatch(args: readonly string[], cwd: string): string {
  return execFileSync(process.execPath, [join(dist, 'cli/index.js'), ...args], {
    cwd,
    encoding: 'utf8',
    stdio: 'pipe',
  });
}

test('the program npm links is a script that tells its version', () => {
  expect(manifest.bin).toEqual({ octobatch: 'dist/cli/index.js' });
  expect(readFileSync(join(dist, 'cli/index.js'), 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node');
  expect(octobatch(['--version'], dist).trim()).toBe(manifest.version);
});

test('the SDKs of providers are loaded only when they are used', () => {
  for (const entry of ['action', 'cli']) {
    const parts = readdirSync(join(dist, entry)).filter((name) => name.endsWith('.js'));
    const withSdk = parts.filter((name) =>
      readFileSync(join(dist, entry, name), 'utf8').includes('node_modules/openai/'),
    );
    expect(withSdk).not.toEqual([]);
    expect(withSdk).not.toContain('index.js');
  }
});

test('every part carries the licences of the packages it is made of', () => {
  const packagesOf = (entry: string): string[] => {
    const text = readFileSync(join(dist, entry, 'licenses.txt'), 'utf8');
    return [...text.matchAll(/^(\S+) [\d.]+: (?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause)\n/gm)].map(
      (match) => match[1]!,
    );
  };
  expect(packagesOf('cli')).toEqual(
    expect.arrayContaining(['commander', 'openai', 'seedrandom', 'yaml', 'zod']),
  );
  expect(packagesOf('action')).toEqual(
    expect.arrayContaining(['@actions/core', 'openai', 'seedrandom', 'yaml', 'zod']),
  );
  expect(packagesOf('worker')).toEqual(expect.arrayContaining(['seedrandom']));
});

test('local steps run in the bundled worker, to the same results as in an entry that finds none', () => {
  const workspace = makeWorkspace();
  mkdirSync(join(workspace, 'p'));
  const steps = 'steps:\n  - { name: s, expressions: { y: "random.random()" } }\n';
  writeFileSync(join(workspace, 'p/pipeline.yaml'), `name: p\nrepeat: 2000\nitems: [{ id: a }]\n${steps}`);
  // Copied alone, the command line has no worker beside it and computes in its own thread.
  const alone = join(workspace, 'alone');
  mkdirSync(alone);
  for (const name of readdirSync(join(dist, 'cli'))) {
    writeFileSync(join(alone, name), readFileSync(join(dist, 'cli', name)));
  }
  octobatch(['run', 'p', '--run-dir', 'with'], workspace);
  execFileSync(process.execPath, [join(alone, 'index.js'), 'run', 'p', '--run-dir', 'without'], {
    cwd: workspace,
  });
  const [first, second] = ['with', 'without'].map((run) =>
    readFileSync(join(workspace, run, 'results.jsonl'), 'utf8'),
  );
  expect(first!.trimEnd().split('\n')).toHaveLength(2000);
  expect(second).toBe(first);
});

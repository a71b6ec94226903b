// What a release prints and refuses, and that bundled packages bring their licences.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
};

function notes(tag: string): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/release.mjs', tag], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

describe('the notes of a release', () => {
  it('are what the change log says of its version', () => {
    const { code, stdout } = notes(`v${version}`);
    expect(code).toBe(0);
    expect(stdout.trim()).not.toBe('');
    expect(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')).toContain(stdout.trim());
    expect(stdout).not.toMatch(/^## /m);
  });

  it('are refused for a tag that is none, or not of this version', () => {
    for (const tag of ['', 'v1', '1.2.3', 'v1.2.3-rc.1', 'v1.2.3; true']) {
      const { code, stdout, stderr } = notes(tag);
      expect([code, stdout], tag).toEqual([1, '']);
      expect(stderr).toContain('Name it like v1.2.3.');
    }
    expect(notes('v98.7.6').stderr).toContain(`package.json says ${version}. Set it to 98.7.6`);
  });

  it('are of an action that can stand in the marketplace', () => {
    const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as Record<string, unknown>;
    expect(action).toMatchObject({
      name: expect.stringMatching(/\S/),
      description: expect.stringMatching(/^.{1,125}$/),
      author: expect.stringMatching(/\S/),
      branding: { icon: expect.stringMatching(/^[a-z0-9-]+$/), color: expect.stringMatching(/^[a-z-]+$/) },
    });
  });
});

describe('the licences of bundled packages', () => {
  it('are the words of their file, else those in their README, else who made them', () => {
    const script = `
      import { licensesOf } from ${JSON.stringify(pathToFileURL(join(ROOT, 'scripts/licenses.mjs')).href)};
      const names = ['zod', 'seedrandom', 'standardwebhooks', 'zod'];
      const modules = names.map((name) => ({ nameForCondition: ${JSON.stringify(ROOT)} + 'node_modules/' + name + '/x.js' }));
      console.log(licensesOf({ modules: [...modules, { nameForCondition: null }] }));
    `;
    const text = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      encoding: 'utf8',
    });
    const parts = text.split(/\n-{80}\n/).map((part) => part.trim());
    expect(parts.map((part) => part.split('\n')[0])).toEqual([
      expect.stringMatching(/^seedrandom [\d.]+: MIT$/),
      expect.stringMatching(/^standardwebhooks [\d.]+: MIT$/),
      expect.stringMatching(/^zod [\d.]+: MIT$/),
    ]);
    for (const part of [parts[0], parts[2]]) {
      expect(part).toMatch(/^Copyright /m);
      expect(part).toContain('Permission is hereby granted');
    }
    expect(parts[1]).toContain('The package brings no text of its licence.');
  });
});

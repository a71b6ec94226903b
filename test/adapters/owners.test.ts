import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createProcessOwners } from '../../src/adapters/owners.ts';

const code =
  "import('./build/adapters/owners.js').then((m) => { console.log(m.createProcessOwners().self); setInterval(() => {}, 1000); })";

describe('owners of claims', () => {
  it('have a name of their own with every start', () => {
    expect(createProcessOwners().self).not.toBe(createProcessOwners().self);
  });

  it('are not finished while their process lives, and are once it is gone', async () => {
    const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const owner = line.toString().trim();
    const owners = createProcessOwners();
    expect(await owners.isFinished(owner)).toBe(false);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    expect(await owners.isFinished(owner)).toBe(true);
  });

  it('are never said to be finished on another machine, or when the name says nothing', async () => {
    const owners = createProcessOwners();
    const [, pid, ...rest] = owners.self.split('/');
    expect(await owners.isFinished(['elsewhere', pid, ...rest].join('/'))).toBe(false);
    expect(await owners.isFinished('nonsense')).toBe(false);
  });

  it('are finished when their process id belongs to a later process', async () => {
    const owners = createProcessOwners();
    const [place, pid, started, random] = owners.self.split('/');
    if (started === '') return; // the platform does not tell when a process started
    expect(await owners.isFinished([place, pid, '1', random].join('/'))).toBe(true);
  });
});

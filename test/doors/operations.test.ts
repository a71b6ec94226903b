// Runs that exist, at the door: each command is a process of its own, and what one leaves the next one finds. The
// service is the simulator on the loopback address.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectDecent,
  firstLine,
  LONG,
  LONG_MS,
  openWorld,
  QUICK,
  type Spoken,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('operations');
  world.pipeline('tale');
});
afterAll(() => world.close());

/** Starts a run without waiting for it. */
const submit = (directory: string, seed: string, pipeline = 'tale'): Promise<Spoken> =>
  world.octobatch([
    ...['submit', pipeline, '--max-cost', '1', '--seed', seed, '--run-dir', directory, '--quiet'],
  ]);

async function statusOf(directory: string): Promise<Record<string, unknown>> {
  return JSON.parse((await world.octobatch(['status', directory, '--json'])).stdout);
}

describe('submit', () => {
  it('leaves a run that other processes look at, watch and collect, and nothing is asked twice', async () => {
    const before = await world.billed();
    await world.settings({ latency: LONG });
    const submitted = await submit('split', '1');
    expect(submitted.code, submitted.stderr).toBe(4);
    expect(firstLine(submitted.stdout)).toBe('Pending: tale waits for 1 provider batch (step 1 of 1)');
    expect(submitted.stdout).toContain('go on: node dist/cli/index.js collect split');
    expect(await statusOf('split')).toMatchObject({
      state: 'open',
      paused: null,
      batches: [{ provider: 'openai', model: 'small', requests: 6, phase: 'submitted' }],
    });
    const watching = world.begin(['watch', 'split']);
    await watching.saying(': submitted\n');
    world.timePasses(LONG_MS);
    const collected = await world.octobatch(['collect', 'split', '--wait', '1m', '--quiet']);
    expect(collected.code, collected.stdout).toBe(0);
    expect((await world.billed()) - before).toBe(6);

    const watched = await watching.ended;
    expect(watched.code).toBe(0);
    const lines = watched.stdout.split('\n');
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d UTC {2}tell: /);
    expect(watched.stdout).toMatch(/UTC {2}openai small batch \w{8} of tell, 6 requests: submitted$/m);
    expect(watched.stdout).toMatch(/UTC {2}finished\nPass: tale/);
    expect(watched.stdout).not.toContain('\u001b');
    for (const spoken of [submitted, collected, watched]) expectDecent(spoken);
  });
});

describe('cancel', () => {
  it('keeps what was answered, says so, and leaves what retry begins again', async () => {
    world.pipeline('halves', { limits: ', max_requests: 3' });
    await world.settings({
      latency: QUICK,
      mishaps: [{ at: { call: 'create', nth: 2 }, do: { kind: 'stuck', ms: LONG_MS } }],
    });
    await submit('cut', '2', 'halves');
    await world.settings({ latency: QUICK });
    // The service takes its time to end a batch.
    const asked = await world.octobatch(['cancel', 'cut', '--wait', '1s', '--quiet']);
    expect(asked.code, asked.stderr).toBe(4);
    world.timePasses(LONG_MS);
    const canceled = await world.octobatch(['cancel', 'cut', '--wait', '1m', '--quiet']);
    expect(canceled.code, canceled.stdout).toBe(3);
    expect(canceled.stdout).toMatch(/cancel/);
    expect(canceled.stderr).toMatch(
      /^Kept: [3-5] valid units\. [1-3] failed, [1-3] of them because they were cancelled, .* spent\.$/m,
    );
    expect(await statusOf('cut')).toMatchObject({ state: 'finished', canceled: true });
    const report = JSON.parse(readFileSync(join(world.folder, 'cut/report.json'), 'utf8'));
    expect(report).toMatchObject({ verdict: 'error' });

    const retried = await world.octobatch(['retry', 'cut', '--kind', 'canceled', '--wait', '1s', '--quiet']);
    expect(retried.stderr).toMatch(/^[1-3] units? (is|are) tried again\.$/m);
    expect(retried.code, retried.stdout).toBe(0);
    expect(retried.stdout).toContain('6 of 6 units valid');
    for (const spoken of [canceled, retried]) expectDecent(spoken);
  });
});

describe('an output that is read no further', () => {
  it('is no error: of a report, of the status of many runs, of what is watched, of a schema', async () => {
    const octobatch = (words: string): string => `"${process.execPath}" "$CLI" ${words}`;
    writeFileSync(join(world.folder, 'names'), 'split cut '.repeat(60));
    const spoken = await world.shell(
      [
        `${octobatch('report split')} | head -1`,
        `${octobatch('status --json $(cat names)')} | head -1`,
        `${octobatch('status $(cat names)')} | head -1`,
        `${octobatch('watch split')} | head -1`,
        `${octobatch('schema')} | head -1`,
      ].join('\n'),
    );
    expect(spoken.stderr).toBe('');
    expect(spoken.stdout.trimEnd().split('\n')).toHaveLength(5);
    expectDecent(spoken);
  });
});

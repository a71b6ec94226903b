// The same run in pieces: submitted by one process and collected by others, in other batches, in another order, and
// with the work tree changed in between. The result must not know.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { CLI } from '../entries.ts';

const COURIER = fileURLToPath(new URL('../fixtures/courier', import.meta.url));
const FAULTS = ['--simulator-faults', 'malformed=0.15,missing=0.1'];

const folder = mkdtempSync(join(tmpdir(), 'octobatch-split-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function octobatch(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  });
  return { status, output: `${stdout}${stderr}` };
}

/** A copy of the fixture under the same name each time, so that reports name the same folder. */
function writePipeline(change: (text: string) => string = (text) => text): void {
  rmSync(join(folder, 'courier'), { recursive: true, force: true });
  cpSync(COURIER, join(folder, 'courier'), { recursive: true });
  const file = join(folder, 'courier', 'pipeline.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function traces(directory: string): Record<string, string> {
  const read = (name: string): string => readFileSync(join(folder, directory, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(read('report.json')) as Report;
  return { results: read('results.jsonl'), failures: read('failures.jsonl'), report: JSON.stringify(report) };
}

/** Collects again and again, a new process each time, until the run is finished. */
function collectToTheEnd(directory: string): number {
  for (let rounds = 1; ; rounds++) {
    const { status, output } = octobatch('collect', directory, '--quiet');
    if (status === 0) return rounds;
    expect(status, output).toBe(4);
    expect(rounds, output).toBeLessThan(100);
  }
}

describe('one run in pieces', () => {
  writePipeline();
  const whole = octobatch('run', 'courier', '--run-dir', 'whole', '--quiet', ...FAULTS);
  const expected = whole.status === 0 ? traces('whole') : {};

  it('is the same when it is submitted and collected by separate processes', () => {
    expect(whole.status, whole.output).toBe(0);
    writePipeline();
    const submitted = octobatch('submit', 'courier', '--run-dir', 'pieces', '--quiet', ...FAULTS);
    expect(submitted.status, submitted.output).toBe(4);
    expect(collectToTheEnd('pieces')).toBeGreaterThan(0);
    expect(traces('pieces')).toEqual(expected);
  });

  it('is the same in batches of another size, and when batches end in another order', () => {
    for (const [size, latency] of [
      [1000, '0-1ms'],
      [3, '0-200ms'],
    ] as const) {
      writePipeline((text) => text.replace('chunk_size: 9', `chunk_size: ${size}`));
      const directory = `chunks-${size}`;
      const run = octobatch(
        'run',
        'courier',
        '--run-dir',
        directory,
        '--quiet',
        '--simulator-latency',
        latency,
        ...FAULTS,
      );
      expect(run.status, run.output).toBe(0);
      expect(traces(directory), `chunk size ${size}`).toEqual(expected);
    }
  });

  it('follows its snapshot when the work tree changes between submit and collect', () => {
    writePipeline();
    expect(octobatch('submit', 'courier', '--run-dir', 'moved', '--quiet', ...FAULTS).status).toBe(4);
    writePipeline((text) => text.replace('fit >= 0.3', 'fit >= 0.9').replace('random.randint(1, 4)', '100'));
    collectToTheEnd('moved');
    expect(traces('moved')).toEqual(expected);
    rmSync(join(folder, 'courier'), { recursive: true });
    expect(octobatch('report', 'moved').output).toContain('courier');
    expect(traces('moved')).toEqual(expected);
  });

  it('pays nothing when the content has not changed', () => {
    writePipeline();
    const before = readFileSync(join(folder, 'whole', 'simulator', 'requests.log'), 'utf8');
    const again = octobatch('run', 'courier', '--run-dir', 'whole', ...FAULTS);
    expect(again.status, again.output).toBe(0);
    expect(again.output).toContain('unchanged');
    expect(readFileSync(join(folder, 'whole', 'simulator', 'requests.log'), 'utf8')).toBe(before);
    expect(traces('whole')).toEqual(expected);
  });

  it('shows the same run in a new light when only a gate has changed, and asks nothing again', () => {
    writePipeline((text) => text.replace('between: [0.1, 0.9]', 'between: [0.85, 1]'));
    const log = join(folder, 'whole', 'simulator', 'requests.log');
    const before = readFileSync(log, 'utf8');
    const again = octobatch('run', 'courier', '--run-dir', 'whole', '--quiet', ...FAULTS);
    expect(again.status, again.output).toBe(1);
    expect(again.output).toContain('would fail');
    expect(readFileSync(log, 'utf8')).toBe(before);
    expect(traces('whole').results).toBe(expected.results);
    writePipeline();
    expect(octobatch('run', 'courier', '--run-dir', 'whole', '--quiet', ...FAULTS).status).toBe(0);
    expect(traces('whole')).toEqual(expected);
  });

  it('refuses to mix two contents in one directory', () => {
    writePipeline();
    const other = octobatch('run', 'courier', '--run-dir', 'whole', '--seed', '8', ...FAULTS);
    expect(other.status).toBe(2);
    expect(other.output).toContain('already holds run');
    expect(traces('whole')).toEqual(expected);
  });
});

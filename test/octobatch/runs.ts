// Whole runs in process, for the tests of this folder: a pipeline written for the test, its report and its units.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { exitCodeOf } from '../../src/commands/exit-code.ts';
import { type Outcome, workAndPublish } from '../../src/commands/outcome.ts';
import { openResults, type ResultSource } from '../../src/commands/result-source.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import type { Overrides } from '../../src/pipeline/load.ts';

export const OPTIONS = { workerEntry: null, simulatorUrl: null };

const made: string[] = [];
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, until the tests of the file are over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'octobatch-defects-'));
  made.push(folder);
  return folder;
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** A finished run: what was published, and the exit code it means. */
export interface Played {
  readonly directory: string;
  readonly report: Outcome['report'];
  readonly state: Outcome['state'];
  readonly code: number;
}

/** Runs a pipeline folder to its end. */
export async function play(
  pipeline: string,
  { faults = '', ...overrides }: Overrides & { readonly faults?: string } = {},
): Promise<Played> {
  const root = makeFolder();
  const { place } = await startRun(
    { pipeline, overrides, root, runDirectory: join(root, 'run'), faults, latency: { minMs: 0, maxMs: 0 } },
    OPTIONS,
  );
  try {
    const { report, state, directory } = await workAndPublish(place, {
      waitMs: null,
      signal: new AbortController().signal,
      seen: () => {},
      launcher: 'octobatch',
      shownDirectory: null,
      only: 'work',
    });
    return { directory, report, state, code: exitCodeOf(report, 'fail') };
  } finally {
    await place.close();
  }
}

/** Reads a run's results and closes it. */
export async function reading<T>(directory: string, read: (source: ResultSource) => Promise<T>): Promise<T> {
  const source = await openResults(directory, 'nowhere', OPTIONS);
  try {
    return await read(source);
  } finally {
    await source.close();
  }
}

/** Every unit of a run. */
export function unitsOf(directory: string): Promise<UnitRecord[]> {
  return reading(directory, async (source) => {
    const units: UnitRecord[] = [];
    for await (const records of source.records()) units.push(...records);
    return units;
  });
}

// A place with finished runs that cost nothing, for tests of the commands that keep runs.
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import { openRunPlace, type RunPlace } from '../../src/compose.ts';
import { openRun } from '../../src/engine/tick.ts';

export const OPTIONS = { workerEntry: null, simulatorUrl: null };

/** Three wanderers who take five steps, and are asked how it was; two repetitions. */
const PIPELINE = `name: stroll
seed: 1
items: [{ id: ann }, { id: ben }, { id: eve }]
repeat: 2
steps:
  - name: walk
    expressions: { far: "sum([random.choice([-1, 1]) for _ in range(5)])" }
  - name: ask
    prompt: "{{ unit_id }} came {{ far }} far."
    schema: { type: object, required: [glad], properties: { glad: { type: boolean } } }
    simulate: { glad: far > 0 }
report: { outcomes: [glad], metrics: [far] }
gates:
  - { name: valid, valid_share: { at_least: 0.1 } }
`;

/** A root for runs, and the pipeline in it. */
export interface Kept {
  readonly root: string;
  readonly pipeline: string;
}

/** A place of its own; `text`: another pipeline. */
export function keepRuns(name: string, text: string = PIPELINE): Kept {
  const root = mkdtempSync(join(tmpdir(), `octobatch-${name}-`));
  const pipeline = join(root, 'stroll');
  mkdirSync(pipeline);
  writeFileSync(join(pipeline, 'pipeline.yaml'), text);
  return { root, pipeline };
}

/** Opens a run of the pipeline. */
export async function open(kept: Kept, more: Partial<StartRequest> = {}): Promise<RunPlace> {
  const request: StartRequest = {
    pipeline: kept.pipeline,
    overrides: {},
    root: kept.root,
    runDirectory: null,
    faults: '',
    latency: { minMs: 0, maxMs: 1 },
    ...more,
  };
  return (await startRun(request, OPTIONS)).place;
}

/** Works on a run as long as `waitMs` says (null: to its end), publishes it and closes it; gives its folder. */
export async function finish(place: RunPlace, waitMs: number | null = null): Promise<string> {
  try {
    await publish(place, waitMs, 'work');
  } finally {
    await place.close();
  }
  return place.directory;
}

/** Publishes a run, or works on it before. */
export async function publish(
  place: RunPlace,
  waitMs: number | null = null,
  only: 'work' | 'report' = 'report',
): Promise<void> {
  await workAndPublish(place, {
    ...{ waitMs, signal: new AbortController().signal, seen: () => {} },
    ...{ launcher: 'octobatch', shownDirectory: null, only },
  });
}

/** A finished run; gives its folder. */
export async function run(kept: Kept, more: Partial<StartRequest> = {}): Promise<string> {
  return finish(await open(kept, more));
}

/** A finished run with another seed. */
export function runWithSeed(kept: Kept, seed: string, more: Partial<StartRequest> = {}): Promise<string> {
  return run(kept, { overrides: { seed }, ...more });
}

/** Looks at the state of a run's journal. */
export async function stateOf(directory: string) {
  const place = openRunPlace(directory, OPTIONS);
  try {
    return (await openRun(place.ports)).context.state;
  } finally {
    await place.close();
  }
}

/** Paths of the blobs of a run. */
export function blobsOf(directory: string): readonly string[] {
  return readdirSync(join(directory, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

// Runs in parts, as the commands work on them in directories: each part in a place of its own, as on another machine, then
// brought together and collected. The result must not know.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMaxCost } from '../../src/commands/ceiling.ts';
import { exitCodeOf } from '../../src/commands/exit-code.ts';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { continueRun, type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import { collectAll, exitCodeOfPart, formatShardNote } from '../../src/commands/shards.ts';
import { planMatrix, readShard } from '../../src/commands/shards-plan.ts';
import { describeRuns, type RunStatus, withoutMerged } from '../../src/commands/status.ts';
import type { RunPlace, RunPlaceOptions } from '../../src/compose.ts';
import { submitShard } from '../../src/engine/perform-shard.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import type { Report } from '../../src/report/report.ts';
import { type Simulator, startSimulator } from '../../src/simulator/server.ts';
import { Death, mortal } from '../engine/shard-world.ts';
import { createQuickClock } from '../faults/quick-clock.ts';

const OPTIONS: RunPlaceOptions = {
  workerEntry: null,
  simulatorUrl: null,
  environment: { TALE_KEY: 'sk-any-word' },
};

let folder: string;
let service: Simulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'octobatch-shards-'));
  service = await startSimulator({
    directory: join(folder, 'service'),
    latency: { minMs: 0, maxMs: 0 },
    callLatency: { minMs: 0, maxMs: 0 },
    faults: { malformed: 0.1, missing: 0.1, errored: 0.1 },
    seed: 'shards',
  });
});
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Twenty units, some of whose answers are not good enough at once. */
function writePipeline(): string {
  const path = join(folder, 'tale');
  mkdirSync(path, { recursive: true });
  const text = `name: tale
seed: 5
items: [{ id: a }, { id: b }, { id: c }, { id: d }]
repeat: 5
chunk_size: 8
provider: simulated
model: small
steps:
  - name: walk
    init: { far: "0" }
    expressions: { far: "far + random.randint(1, 6)" }
  - name: tell
    prompt: "Tell of {{ id }} who walked {{ far }} miles."
    max_tokens: 100
    schema:
      type: object
      required: [good, share]
      properties: { good: { type: boolean }, share: { type: integer, minimum: 0, maximum: 9 } }
    rules: [{ name: enough, expr: "share > 1", error: "only {share}" }]
    retry: { max_attempts: 4 }
providers:
  openai: { base_url: "${service.url}/v1", key_env: TALE_KEY }
prices:
  small: { input: 1, output: 4 }
report: { outcomes: [good], metrics: [far, share] }
gates: [{ name: valid, valid_share: { at_least: 0.5 } }]
`;
  writeFileSync(join(path, 'pipeline.yaml'), text);
  return path;
}

/** How a test asks for a run: who answers, how, and how much it may cost. */
type Manner = Pick<StartRequest, 'overrides' | 'faults'> & { readonly maxCost: string };

const SIMULATED: Manner = { overrides: {}, faults: 'malformed=0.1,missing=0.1', maxCost: '' };
const PAID: Manner = { overrides: { provider: 'openai' }, faults: '', maxCost: '5' };
const CALLS: Manner = { overrides: { provider: 'openai', mode: 'realtime' }, faults: '', maxCost: '5' };

function request(root: string, manner: Manner, shard: string | null, more: Partial<StartRequest> = {}) {
  return {
    pipeline: join(folder, 'tale'),
    overrides: manner.overrides,
    root,
    runDirectory: null,
    faults: manner.faults,
    latency: { minMs: 0, maxMs: 0 },
    maxCost: readMaxCost('--max-cost', manner.maxCost),
    shard: shard === null ? null : readShard('--shard', shard),
    ...more,
  };
}

/** Pauses between two looks at a batch are as long as they should be, for the run; a test does not wait for them. */
function hurried(place: RunPlace): RunPlace {
  return { ...place, ports: { ...place.ports, clock: createQuickClock(20) } };
}

const outcomeOf = (place: RunPlace, waitMs: number | null) =>
  workAndPublish(place, {
    waitMs,
    signal: new AbortController().signal,
    seen: () => {},
    launcher: 'octobatch',
    shownDirectory: 'here',
    only: 'work',
  });

/** Works on a run or a shard as `run` (null) and `submit` (0) do; gives its report. */
async function begin(
  root: string,
  manner: Manner,
  shard: string | null,
  waitMs: number | null = null,
): Promise<Report> {
  const { place } = await startRun(request(root, manner, shard), OPTIONS, hurried);
  try {
    const { report } = await outcomeOf(place, waitMs);
    await submitShard(place.ports.journal, place.ports.clock);
    return report;
  } finally {
    await place.close();
  }
}

/** Collects as the command does. Gives the exit codes and what was said. */
async function collect(root: string): Promise<{ codes: readonly number[]; said: string }> {
  const said: string[] = [];
  const goOn = async (directory: string): Promise<number> => {
    const place = hurried(await continueRun(directory, OPTIONS));
    try {
      const { report, state } = await outcomeOf(place, null);
      await submitShard(place.ports.journal, place.ports.clock);
      return exitCodeOfPart(report, state.shard, 'fail');
    } finally {
      await place.close();
    }
  };
  const codes = await collectAll(root, OPTIONS, goOn, (line) => said.push(line));
  return { codes, said: said.join('\n').replaceAll(root, '.') };
}

/** What a person gets of a run, without when it was. */
function traces(root: string): object {
  const run = readdirSync(join(root, 'runs')).find((name) => !/-s\d+of\d+$/.test(name));
  if (run === undefined) throw new Error('there is no whole run');
  const read = (name: string): string => readFileSync(join(root, 'runs', run, name), 'utf8');
  const { timing: _, ...report } = JSON.parse(read('report.json')) as Report;
  const files = ['results.jsonl', 'results.csv', 'failures.jsonl'];
  return { report, ...Object.fromEntries(files.map((name) => [name, read(name)])) };
}

/** Each shard in a place of its own; then all folders are brought to one. `without`: shards that never ran. */
async function divide(
  root: string,
  manner: Manner,
  of: number,
  waitMs: number | null,
  without: readonly number[] = [],
): Promise<void> {
  mkdirSync(join(root, 'runs'), { recursive: true });
  for (let index = 1; index <= of; index++) {
    if (without.includes(index)) continue;
    const machine = `${root}-machine-${index}`;
    await begin(machine, manner, `${index}/${of}`, waitMs);
    cpSync(join(machine, 'runs'), join(root, 'runs'), { recursive: true });
    rmSync(machine, { recursive: true });
  }
}

const place = (name: string): string => join(folder, name.replace(/\W+/g, '-'));
const manners = { 'simulated answers': SIMULATED, 'paid batches': PAID, 'paid calls': CALLS };

describe.each(Object.entries(manners))('a run with %s', (name, manner) => {
  beforeAll(async () => {
    writePipeline();
    await begin(place(name), manner, null);
  });
  const whole = (): object => traces(place(name));

  it('is a hard one: units are retried, and some fail', () => {
    const { 'results.jsonl': results, 'failures.jsonl': failures } = whole() as Record<string, string>;
    expect(results).toContain('"attempts":2');
    expect(`${results}${failures}`.trim().split('\n')).toHaveLength(20);
  });

  it.each([1, 2, 7])('is the same in %i parts that were worked on to their ends', async (of) => {
    const root = place(`${name} ${of}`);
    await divide(root, manner, of, null);
    expect(await collect(root)).toEqual({ codes: [0], said: '' });
    expect(traces(root)).toEqual(whole());
    expect(await collect(root)).toEqual({ codes: [], said: '' });
  });

  it('is the same when a part never ran, which is said, until it does', async () => {
    const root = place(`${name} missing`);
    await divide(root, manner, 2, null, [2]);
    const { said } = await collect(root);
    expect(said).toMatch(
      /^Run tale-[0-9a-f]{10} is not merged yet: Shard 2\/2 is not here; run it, or bring the folder\.$/,
    );
    await begin(root, manner, '2/2');
    expect(await collect(root)).toEqual({ codes: [0], said: '' });
    expect(traces(root)).toEqual(whole());
  });

  it('is the same when the process of a part was killed', async () => {
    const root = place(`${name} killed`);
    await divide(root, manner, 2, null, [2]);
    const wrap = (one: RunPlace): RunPlace => ({
      ...one,
      ports: { ...one.ports, journal: mortal(one.ports.journal, 5) },
    });
    const { place: dying } = await startRun(request(root, manner, '2/2'), OPTIONS, wrap);
    await expect(outcomeOf(dying, null)).rejects.toThrow(Death);
    await dying.close();
    // Its process lives on in this test, so that its claims have to be made to look old.
    expireClaims(root);
    expect(await collect(root)).toEqual({ codes: [0], said: '' });
    const { report, ...files } = traces(root) as { report: Report };
    const { report: expected, ...rest } = whole() as { report: Report };
    expect(files).toEqual(rest);
    expect(report.verdict).toBe(expected.verdict);
  });

  it('may have more parts than units', async () => {
    const few: Manner = { ...manner, overrides: { ...manner.overrides, maxUnits: 2 } };
    await begin(place(`${name} two`), few, null);
    const root = place(`${name} two in three`);
    await divide(root, few, 3, null);
    expect(await collect(root)).toEqual({ codes: [0], said: '' });
    expect(traces(root)).toEqual(traces(place(`${name} two`)));
  });
});

/** Makes the claims in all journals run out: their owner is another, on a machine that nobody knows. */
function expireClaims(root: string): void {
  for (const run of readdirSync(join(root, 'runs'))) {
    const journal = join(root, 'runs', run, 'journal');
    for (const name of existsSync(journal) ? readdirSync(journal) : []) {
      const text = readFileSync(join(journal, name), 'utf8');
      writeFileSync(
        join(journal, name),
        text.replace(/"owner":"[^"]*"/g, '"owner":"elsewhere/1/1"').replace(/"expires":\d+/g, '"expires":0'),
      );
    }
  }
}

/** Requests the service has billed so far. */
async function billed(): Promise<number> {
  const response = await fetch(`${service.url}/_octobatch/bill`);
  const { totals } = (await response.json()) as { totals: readonly { requests: number }[] };
  return totals.reduce((sum, { requests }) => sum + requests, 0);
}

async function statusOf(root: string): Promise<readonly RunStatus[]> {
  const folders = readdirSync(join(root, 'runs')).sort();
  return (
    await describeRuns(
      folders.map((name) => join(root, 'runs', name)),
      OPTIONS,
    )
  ).runs;
}

describe('parts that were submitted and left', () => {
  beforeAll(() => void writePipeline());

  it('are merged with their batches under way, and what was sent is not sent again', async () => {
    const begun = await billed();
    await begin(place('submitted whole'), PAID, null);
    const asked = (await billed()) - begun;
    const root = place('submitted');
    await divide(root, PAID, 7, 0);
    const parts = ['1/7', '2/7', '3/7', '4/7', '5/7', '6/7', '7/7'];
    expect((await statusOf(root)).map(({ shard }) => shard?.part)).toEqual(parts);
    expect(await collect(root)).toEqual({ codes: [0], said: '' });
    expect(traces(root)).toEqual(traces(place('submitted whole')));
    expect((await billed()) - begun).toBe(2 * asked);
    const [whole, ...others] = await statusOf(root);
    expect([whole!.shard, others.length]).toEqual([null, 7]);
    expect(withoutMerged([whole!, ...others])).toEqual([whole]);
    // As long as the run that they are merged into is not there, they are all there is.
    expect(withoutMerged(others)).toEqual(others);
  });

  it('are worked on to their ends first when their answers are invented', async () => {
    const root = place('submitted simulated');
    await divide(root, SIMULATED, 2, 0);
    await collect(root);
    expect(await collect(root)).toEqual({ codes: [], said: '' });
    await begin(place('submitted simulated whole'), SIMULATED, null);
    expect(traces(root)).toEqual(traces(place('submitted simulated whole')));
  });

  it('wait with a slice that is too small, and are paid from the whole ceiling when they are merged', async () => {
    const root = place('slices');
    // Enough for one unit with all its retries, and a third of it is not.
    const narrow: Manner = { ...PAID, overrides: { ...PAID.overrides, maxUnits: 3 }, maxCost: '0.06' };
    const report = await begin(root, narrow, '1/3');
    expect(report.error).toMatchObject({ kind: 'budget', cap: '0.02' });
    const shard = { index: 1, of: 3, cap: '0', submitted: true, merged: false };
    expect(exitCodeOf(report, 'fail')).toBe(3);
    expect(exitCodeOfPart(report, shard, 'fail')).toBe(4);
    expect(formatShardNote(report, shard)).toBe(
      'This is shard 1/3 of the run. collect merges all 3 when they are in one place; gates are judged then.\nIts slice of the ceiling is used up; the merged run has the whole ceiling, and goes on.\n',
    );
    for (const index of [2, 3]) await begin(root, narrow, `${index}/3`);
    const { codes, said } = await collect(root);
    expect({ codes, said }).toEqual({ codes: [0], said: '' });
    expect((traces(root) as { report: Report }).report.error).toBeNull();
  });
});

describe('beginning a run, or a part of it', () => {
  beforeAll(() => void writePipeline());
  const refusal = async (root: string, shard: string | null): Promise<string> => {
    const error = await begin(root, SIMULATED, shard, 0).then(
      () => null,
      (found: unknown) => found,
    );
    if (error instanceof ConfigurationError)
      return error.diagnostics
        .map(({ what, fix }) => `${what} (${fix})`)
        .join()
        .replaceAll(root, '.');
    return error instanceof Error ? error.message.replaceAll(root, '.') : '';
  };

  it('is refused beside others that would pay for the same units', async () => {
    const root = place('beside');
    await begin(root, SIMULATED, '1/2', 0);
    expect(await refusal(root, null)).toMatch(
      /^a part of this run, of 2, is in \.\/runs\/tale-\w{10}-s1of2 already \(run the others as parts of 2 and let/,
    );
    expect(await refusal(root, '1/3')).toMatch(/^a part of this run, of 2, is in/);
    expect(await refusal(root, '1/2')).toBe('');
    expect(await refusal(root, '2/2')).toBe('');
    await collect(root);
    expect(await refusal(root, '2/2')).toMatch(
      /^Run tale-\w{10}-s2of2 is shard 2\/2 of run tale-\w{10} and was/,
    );
    expect(await refusal(root, null)).toBe('');
    rmSync(join(root, 'runs', readdirSync(join(root, 'runs')).find((name) => name.endsWith('s2of2'))!), {
      recursive: true,
    });
    expect(await refusal(root, '2/2')).toMatch(
      /^all of this run is in \.\/runs\/tale-\w{10} already \(go on with it: collect tale-\w{10}\)$/,
    );
  });

  it('in a folder that holds another part is refused', async () => {
    const root = place('folder');
    const runDirectory = join(root, 'mine');
    const open = async (shard: string | null): Promise<void> => {
      const { place: opened } = await startRun(request(root, SIMULATED, shard, { runDirectory }), OPTIONS);
      await opened.close();
    };
    await open('1/2');
    await expect(open('2/2')).rejects.toThrow(
      /^This directory already holds shard 1\/2 of tale-\w{10}, not shard 2\/2\.$/,
    );
    await expect(open(null)).rejects.toThrow(/holds shard 1\/2 of tale-\w{10}, not the whole run\.$/);
  });
});

describe('the matrix of a plan', () => {
  it('has a job per shard, at most as many as there are units, and as GitHub allows', () => {
    expect(planMatrix(3, 20)).toEqual({ shard: ['1/3', '2/3', '3/3'] });
    expect(planMatrix(7, 2)).toEqual({ shard: ['1/2', '2/2'] });
    expect(planMatrix(3, 0)).toEqual({ shard: ['1/1'] });
    expect(planMatrix(1000, 100_000).shard).toHaveLength(256);
  });

  it('is read back part by part, and nothing else is', () => {
    for (const name of planMatrix(256, 256).shard)
      expect(`${readShard('--shard', name).index}/${readShard('--shard', name).of}`).toBe(name);
    expect(() => readShard('--shard', '8/7')).toThrow(ConfigurationError);
  });
});

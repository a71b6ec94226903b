// Whole runs in a folder, with the simulator in this process: replayed, judged anew, retried and cancelled.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { formatKept, requestCancel } from '../../src/commands/cancel.ts';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { formatRetry, retryUnits } from '../../src/commands/retry.ts';
import { compareRuns, formatComparison, startRevalidation } from '../../src/commands/revalidate.ts';
import { type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import { describeRun } from '../../src/commands/status.ts';
import { work } from '../../src/commands/work.ts';
import { openRunPlace, type RunPlace } from '../../src/compose.ts';
import { openRun } from '../../src/engine/tick.ts';
import { toMarkdown } from '../../src/report/markdown.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/market-haggle', import.meta.url));
const OPTIONS = { workerEntry: null, simulatorUrl: null };

const folder = mkdtempSync(join(tmpdir(), 'octobatch-operations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let worlds = 0;

/** A copy of the example with places of its own. */
function worldOf(): { root: string; pipeline: string; edit: (from: string, to: string) => void } {
  const root = join(folder, String(worlds++));
  const pipeline = join(root, 'market');
  cpSync(EXAMPLE, pipeline, { recursive: true });
  const file = join(pipeline, 'pipeline.yaml');
  return {
    root,
    pipeline,
    edit(from, to) {
      const text = readFileSync(file, 'utf8');
      expect(text).toContain(from);
      writeFileSync(file, text.replace(from, to));
    },
  };
}

function start(
  world: { root: string; pipeline: string },
  more: Partial<StartRequest> = {},
): Promise<RunPlace> {
  const request: StartRequest = {
    pipeline: world.pipeline,
    overrides: { maxUnits: 12 },
    root: world.root,
    runDirectory: null,
    faults: '',
    latency: { minMs: 0, maxMs: 1 },
    ...more,
  };
  return startRun(request, OPTIONS).then(({ place }) => place);
}

/** Works on a run to its end and closes it; gives its folder. */
async function finish(place: RunPlace): Promise<string> {
  try {
    await work(place, { waitMs: null, signal: new AbortController().signal, seen: () => {} });
    return place.directory;
  } finally {
    await place.close();
  }
}

function revalidate(world: { root: string }, recorded: string): Promise<RunPlace> {
  return startRevalidation({ recorded, pipeline: null, root: world.root, runDirectory: null }, OPTIONS);
}

describe('a revalidation', () => {
  it('of an unchanged pipeline has the same verdicts, also of what was retried by hand, and costs nothing', async () => {
    const world = worldOf();
    const recorded = await finish(await start(world, { faults: 'malformed=0.4' }));
    const before = await describeRun(recorded, OPTIONS);
    expect(before.accounting.failed).toBeGreaterThan(0);
    const place = openRunPlace(recorded, OPTIONS);
    await retryUnits((await openRun(place.ports)).context, { step: null, kind: 'malformed' });
    await finish(place);
    const again = await finish(await revalidate(world, recorded));
    const comparison = await compareRuns(recorded, again, OPTIONS);
    expect(comparison).toMatchObject({ mended: 0, broken: 0, uncovered: 0, changes: [] });
    expect(comparison.after).toEqual(comparison.before);
    const status = await describeRun(again, OPTIONS);
    expect(status.replays).toBe(before.run);
    expect(status.money).toMatchObject({ spent: '0', reserved: '0' });
  });

  it('names the units that a changed rule fails, with the rule, though nobody can ask again', async () => {
    const world = worldOf();
    const recorded = await finish(await start(world));
    const { accounting } = await describeRun(recorded, OPTIONS);
    world.edit('expr: price >= cost', 'expr: price > cost + 1000000');
    const again = await finish(await revalidate(world, recorded));
    const comparison = await compareRuns(recorded, again, OPTIONS);
    expect(comparison.broken).toBeGreaterThan(0);
    expect(comparison.broken).toBe(accounting.valid - comparison.after.valid + comparison.mended);
    expect(comparison.uncovered).toBe(comparison.broken);
    for (const { before, after } of comparison.changes) {
      expect(before).toBe('valid');
      expect(after).toContain('invalid at haggle, never_below_cost: sold for');
      expect(after).toContain('the recording has no further attempt');
    }
    expect(formatComparison(comparison)).toContain(
      `units were valid and fail now; 0 units failed and are valid now.\n  ${comparison.changes[0]!.unit}: valid -> invalid at haggle`,
    );
  });

  it('says how many questions the recording has no answer to when the prompts changed', async () => {
    const world = worldOf();
    const recorded = await finish(await start(world));
    writeFileSync(
      join(world.pipeline, 'haggle.jinja2'),
      'A new question about {{ merchant }} with {{ budget }}.',
    );
    const again = await finish(await revalidate(world, recorded));
    const comparison = await compareRuns(recorded, again, OPTIONS);
    expect(comparison).toMatchObject({ uncovered: 12, after: { valid: 0, failed: 12 } });
  });

  it('needs the pipeline to be where it was, or to be told where it is', async () => {
    const world = worldOf();
    const recorded = await finish(await start(world));
    rmSync(world.pipeline, { recursive: true });
    await expect(revalidate(world, recorded)).rejects.toThrow('is not here');
  });
});

describe('a revalidation of a run that ended early', () => {
  it('ends where its recording does, whatever it would still want to know', async () => {
    const world = worldOf();
    const text = (least: number): string => `
name: early
seed: 3
items: [{ id: a }, { id: b }]
repeat: 100
provider: simulated
steps:
  - name: ask
    prompt: "Hello {{ id }} {{ _repetition_id }}"
    schema: { type: object, required: [n], properties: { n: { type: integer, minimum: 0, maximum: 9 } } }
    rules: [{ name: big, expr: "n >= ${least}", error: small }]
    retry: { max_attempts: 1 }
gates:
  - { name: twos, share: "n >= 2", at_least: 0.5 }
stop: { every: 20, gates: true }
`;
    const file = join(world.pipeline, 'pipeline.yaml');
    writeFileSync(file, text(0));
    const recorded = await finish(await start(world, { overrides: {} }));
    expect((await describeRun(recorded, OPTIONS)).accounting).toMatchObject({ planned: 40, valid: 40 });
    writeFileSync(file, text(5));
    const again = await finish(await revalidate(world, recorded));
    const comparison = await compareRuns(recorded, again, OPTIONS);
    expect(comparison).toMatchObject({ uncovered: 0, gone: 0, added: 0, mended: 0 });
    expect(comparison.broken).toBeGreaterThan(0);
    const place = openRunPlace(again, OPTIONS);
    try {
      const signal = new AbortController().signal;
      const how = { waitMs: null, signal, seen: () => {}, launcher: 'o', shownDirectory: null } as const;
      const { report } = await workAndPublish(place, { ...how, only: 'report' });
      expect(report).toMatchObject({ stopped: { look: 1, looks: 5, isOver: true, enough: false } });
      expect(toMarkdown(report)).toContain('Ended after 40 of at most 200 units');
    } finally {
      await place.close();
    }
  });
});

describe('a replay', () => {
  it('of another recording of the same pipeline is another run', async () => {
    const world = worldOf();
    const one = await finish(await start(world));
    const other = await finish(await start(world, { overrides: { maxUnits: 12, seed: '8' } }));
    const replay = (from: string) =>
      start(world, { overrides: { maxUnits: 12, provider: 'replay' }, from }).then(finish);
    const [first, second, third] = [await replay(one), await replay(other), await replay(one)];
    expect(first).not.toBe(second);
    expect(third).toBe(first);
    expect((await describeRun(second, OPTIONS)).accounting).toMatchObject({ planned: 12, inFlight: 0 });
  });
});

describe('a cancellation', () => {
  it('ends a run whose batch is at the provider, and a retry begins again what it ended', async () => {
    const world = worldOf();
    const place = await start(world, { latency: { minMs: 20_000, maxMs: 20_000 } });
    const signal = new AbortController().signal;
    const { worker } = await work(place, { waitMs: 0, signal, seen: () => {} });
    expect(await requestCancel(worker.context)).toBe('requested');
    expect(await requestCancel(worker.context)).toBe('already');
    const directory = await finish(place);
    const status = await describeRun(directory, OPTIONS);
    expect(status).toMatchObject({ state: 'finished', canceled: true, batches: [], waiting: [] });
    expect(formatKept(status)).toMatch(
      /^Kept: 0 valid units. 12 failed, 12 of them because they were cancelled\.\n$/,
    );
    const again = openRunPlace(directory, OPTIONS);
    const { context } = await openRun(again.ports);
    expect(await requestCancel(context)).toBe('finished');
    expect(formatRetry(await retryUnits(context, { step: 'haggle', kind: null }))).toBe(
      '12 units are tried again.\n',
    );
    await again.close();
    expect(await describeRun(directory, OPTIONS)).toMatchObject({
      state: 'open',
      canceled: false,
      waiting: [{ step: 'haggle', units: 12, retries: 12 }],
    });
  });

  it('is refused a step and a kind of failure that do not exist', async () => {
    const world = worldOf();
    const place = await start(world);
    const { context } = await openRun(place.ports);
    await expect(retryUnits(context, { step: 'sing', kind: null })).rejects.toThrow();
    await expect(retryUnits(context, { step: null, kind: 'sad' })).rejects.toThrow();
    await place.close();
  });
});

// What becomes of runs that are there: deleted when they are old, asked in another mode, had in part, put together.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { formatBytes } from '../../src/analysis/numbers.ts';
import { archiveRun, readUses } from '../../src/commands/archive.ts';
import { compareResults } from '../../src/commands/compare.ts';
import { describeInFull } from '../../src/commands/info.ts';
import { formatInfo } from '../../src/commands/info-text.ts';
import { formatMerge, mergeRuns, reportSet } from '../../src/commands/merge-runs.ts';
import { changeMode, formatModeChange } from '../../src/commands/mode.ts';
import { formatPruning, planPruning, prune } from '../../src/commands/prune.ts';
import { openResults } from '../../src/commands/result-source.ts';
import { nameRun, readNames } from '../../src/commands/run-names.ts';
import { describeTrouble } from '../../src/commands/trouble.ts';
import { readUnitsFile } from '../../src/commands/units-file.ts';
import { verifyRun } from '../../src/commands/verify.ts';
import { openRunPlace } from '../../src/compose.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { finish, type Kept, keepRuns, OPTIONS, open, run, runWithSeed, stateOf } from './kept-runs.ts';

const all: Kept[] = [];
const place = (name: string, text?: string): Kept => {
  const kept = keepRuns(name, text);
  all.push(kept);
  return kept;
};
afterAll(() => {
  for (const { root } of all) rmSync(root, { recursive: true, force: true });
});

const DAY = 86_400_000;
const LATER = Date.now() + 40 * DAY;
const linesOf = (folder: string, name = 'results.jsonl'): string[] =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
const idsOf = (folder: string): string[] => linesOf(folder).map((line) => JSON.parse(line).unit_id);

describe('prune', () => {
  it('spares a run while a process does what is done after it, as archive does', async () => {
    const kept = place('held');
    const folder = await run(kept);
    const { ports, close } = openRunPlace(folder, OPTIONS);
    const begin = async (owner: string, forMs: number): Promise<void> => {
      const at = Date.now();
      const { version } = await ports.journal.read();
      const event = { type: 'post_process_begun', index: 0, key: 'k', owner, until: at + forMs, at } as const;
      await ports.journal.append([event], version);
    };
    const plan = () => planPruning(kept.root, { olderThanMs: 0, keep: 0 }, LATER, OPTIONS);
    await begin(ports.owners.self, DAY);
    expect(await plan()).toMatchObject({
      doomed: [],
      spared: [{ run: basename(folder), why: 'what is done after it is under way' }],
    });
    await begin(ports.owners.self, -1);
    expect((await plan()).doomed).toHaveLength(1);
    await begin('elsewhere/1/1/1', DAY);
    await expect(archiveRun(kept.root, basename(folder), OPTIONS)).rejects.toThrow('under way');
    expect((await plan()).doomed).toEqual([]);
    await close();
  });

  it('deletes finished runs that are old enough, archived ones too, and tells what comes free', async () => {
    const kept = place('prune');
    const { root } = kept;
    const old = await runWithSeed(kept, '1', { name: 'old' });
    await archiveRun(root, 'old', OPTIONS);
    const other = await runWithSeed(kept, '2');
    const waiting = await finish(
      await open(kept, { overrides: { seed: '3' }, latency: { minMs: 60_000, maxMs: 60_000 } }),
      0,
    );
    const plan = (keep: number, days = 30) =>
      planPruning(root, { olderThanMs: days * DAY, keep }, LATER, OPTIONS);
    expect((await plan(0, 50)).doomed).toEqual([]);
    const spared = await plan(1);
    expect(spared.doomed.map(({ run: { run } }) => run)).toEqual([basename(old)]);
    expect(spared.spared).toEqual([{ run: basename(other), why: 'it is among the newest 1' }]);
    const both = await plan(0);
    expect(both.bytes).toBeGreaterThan(10_000);
    expect(formatPruning(both, false)).toMatch(/^To be deleted for good: 2 runs, [\d.]+ kB\.\n/);
    expect(await prune(root, both)).toBe(2);
    expect(readdirSync(join(root, 'runs'))).toEqual([basename(waiting)]);
    expect([existsSync(join(root, 'pruned')), (await readNames(root)).size]).toEqual([false, 0]);
    expect(formatPruning(await plan(0), false)).toBe('No run is old enough to be deleted.\n');
  });

  it('leaves what an unfinished run is answered from, and says whose source goes', async () => {
    const kept = place('sources');
    const { root } = kept;
    const source = await run(kept);
    const replay = { overrides: { provider: 'replay' }, from: basename(source) } as const;
    const replaying = await open(kept, replay);
    await replaying.close();
    const wish = { olderThanMs: 30 * DAY, keep: 0 };
    const first = await planPruning(root, wish, LATER, OPTIONS);
    expect(first.doomed).toEqual([]);
    expect(first.spared[0]?.why).toMatch(/is answered from it, and is not finished$/);
    await expect(archiveRun(root, basename(source), OPTIONS)).rejects.toThrow('cannot be put away');
    await run(kept, replay);
    const second = await planPruning(root, wish, LATER, OPTIONS);
    expect(second.doomed.find(({ run: { run } }) => run === basename(source))?.notes).toEqual([
      `${basename(replaying.directory)} was answered from it`,
    ]);
    expect((await readUses(root, OPTIONS)).size).toBe(1);
  });
});

describe('a change of mode', () => {
  it('asks what is left the other way, and keeps what was begun', async () => {
    const kept = place('mode');
    const opened = await open(kept);
    const change = await changeMode(opened, 'realtime');
    expect(change).toMatchObject({ mode: 'realtime', changed: true, staying: 0 });
    expect(formatModeChange(change)).toBe(
      `From now on run ${change.run} asks call by call. collect ${change.run} goes on with it.\n`,
    );
    expect(await changeMode(opened, 'realtime')).toMatchObject({ changed: false });
    const folder = await finish(opened);
    const state = await stateOf(folder);
    expect(state.modes).toEqual(['realtime']);
    expect(state.steps[1]).toMatchObject({ mode: 'realtime', requests: 6 });
    expect((await verifyRun(folder, OPTIONS)).sound).toBe(true);
    const { steps } = await describeInFull(kept.root, folder, OPTIONS);
    expect(steps[1]?.asks).toMatchObject({ mode: 'realtime' });
    // The same content, asked in batches from the start, has the same id and the same cases.
    const plain = place('mode-plain');
    expect(basename(await run(plain))).toMatch(/^stroll-/);
    const again = openRunPlace(folder, OPTIONS);
    await expect(changeMode(again, 'batch')).rejects.toThrow('is finished');
    await again.close();
  });

  it('leaves a batch that is at the provider where it is', async () => {
    const kept = place('staying');
    const folder = await finish(await open(kept, { latency: { minMs: 60_000, maxMs: 60_000 } }), 0);
    const opened = openRunPlace(folder, OPTIONS);
    const change = await changeMode(opened, 'realtime');
    await opened.close();
    expect(change.staying).toBe(1);
    expect(formatModeChange(change)).toMatch(
      / 1 batch that was begun stays as it is, and is waited for\.\n$/,
    );
    const [batch] = [...(await stateOf(folder)).batches.values()];
    expect(batch).toMatchObject({ mode: 'batch', phase: { kind: 'submitted' } });
  });

  it('is nothing for a run without models', async () => {
    const kept = place(
      'plain',
      'name: stroll\nseed: 1\nitems: [{ id: a }]\nsteps: [{ name: s, expressions: { x: "1" } }]\n',
    );
    const opened = await open(kept);
    await expect(changeMode(opened, 'batch')).rejects.toThrow('asks no model');
    await opened.close();
  });
});

describe('a list of units', () => {
  it('runs these and no others, each the same case as among all', async () => {
    const kept = place('units');
    const whole = await run(kept);
    const list = join(kept.root, 'list.txt');
    writeFileSync(list, 'eve__rep0001\r\n\n{"unit_id": "ann__rep0000", "far": 3}\neve__rep0001\n');
    const units = await readUnitsFile(list);
    const part = await run(kept, { units });
    expect(basename(part)).not.toBe(basename(whole));
    expect(idsOf(part)).toEqual(['ann__rep0000', 'eve__rep0001']);
    expect(linesOf(whole)).toEqual(expect.arrayContaining(linesOf(part)));
    expect((await verifyRun(part, OPTIONS)).sound).toBe(true);
    // The order of the list is nobody's business.
    const turned = await readUnitsFile('-', Readable.from(['ann__rep0000\neve__rep0001']));
    expect(basename(await run(kept, { units: turned }))).toBe(basename(part));
  });

  it('works for shards too', async () => {
    const kept = place('units-shard');
    const units = await readUnitsFile('-', Readable.from(['ann__rep0000\nben__rep0001\neve__rep0001']));
    const folder = await run(kept, { units, shard: { index: 2, of: 2 } });
    expect(idsOf(folder)).toEqual(['ben__rep0001', 'eve__rep0001']);
  });

  it('that names a unit which is none is a mistake at its line, with one like it', async () => {
    const kept = place('units-unknown');
    const start = async (text: string) =>
      open(kept, { units: await readUnitsFile('-', Readable.from([text])) });
    await expect(start('ann__rep0000\nben__rep001\n')).rejects.toThrow(
      '-:2  there is no unit "ben__rep001" among the 6 of this run  (did you mean ben__rep0001?)',
    );
    await expect(start('ann')).rejects.toThrow('it is repeated; name its repetitions, such as ann__rep0000');
    await expect(start('ann__rep0000__fan003')).rejects.toThrow('name the unit it was made of: ann__rep0000');
    await expect(start('a\nb\nc\nd\ne\nf\ng')).rejects.toThrow(
      '2 more of its ids are not of this run either',
    );
    await expect(start('{"id": 1}')).rejects.toThrow('-:1  this line is no JSON object with a unit_id');
    await expect(start('\n\n')).rejects.toThrow('- names no unit');
    await expect(readUnitsFile(join(kept.root, 'none'))).rejects.toThrow('there is no file');
  });

  it('is refused for a run that decides by itself when it stops', async () => {
    const kept = place('units-stop');
    const file = join(kept.pipeline, 'pipeline.yaml');
    const stop = 'stop: { every: 1, half_width: { share: glad, at_most: 0.2 } }\n';
    writeFileSync(file, readFileSync(file, 'utf8').replace('repeat: 2', 'repeat: 20') + stop);
    const units = await readUnitsFile('-', Readable.from(['ann__rep0000']));
    await expect(open(kept, { units })).rejects.toThrow('decides by itself when it stops');
  });
});

describe('a set of results', () => {
  it('has the units of runs with other seeds, told apart, and is read like a run', async () => {
    const kept = place('set');
    const { root } = kept;
    const [one, two] = [await runWithSeed(kept, '1', { name: 'one' }), await runWithSeed(kept, '2')];
    const facts = await mergeRuns(root, ['one', basename(two)], 'both', OPTIONS);
    expect(facts.accounting).toMatchObject({ planned: 12, valid: 12, failed: 0, inFlight: 0 });
    expect(formatMerge(root, facts)).toMatch(
      /^both: 12 valid and 0 failed units of 2 runs; ids of units begin with their seed\n/,
    );
    const source = await openResults('both', root, OPTIONS);
    const units: string[] = [];
    for await (const records of source.records())
      for (const { unit, item } of records) units.push(`${unit} of ${item}`);
    expect(units).toHaveLength(12);
    expect(units[0]).toBe('seed-1/ann__rep0000 of ann');
    const report = await reportSet(root, 'both');
    expect(report).toMatchObject({ units: { planned: 12, valid: 12 }, verdict: 'dry_run', simulated: true });
    expect(report.provenance).toMatchObject({
      seed: '1, 2',
      runId: `both, of ${basename(one)}, ${basename(two)}`,
    });
    const asked = { outcomes: [], metrics: [], units: false, paired: false };
    expect((await compareResults(source, source, asked)).unpaired).toBeNull();
    await expect(mergeRuns(root, ['one', basename(two)], 'both', OPTIONS)).rejects.toThrow(
      'there is a set "both"',
    );
    await expect(mergeRuns(root, ['one', basename(two)], 'one', OPTIONS)).rejects.toThrow(
      '--into  "one" is the name of',
    );
    await expect(open(kept, { name: 'both' })).rejects.toThrow('"both" is the name of a set of results');
  });

  it('has units of one seed under their own ids, and never the same case twice', async () => {
    const kept = place('set-parts');
    const part = async (text: string) =>
      basename(await run(kept, { units: await readUnitsFile('-', Readable.from([text])) }));
    const [one, two] = [await part('ann__rep0000'), await part('ben__rep0000\neve__rep0000')];
    const { bySeed } = await mergeRuns(kept.root, [one, two], 'parts', OPTIONS);
    expect([bySeed, idsOf(join(kept.root, 'sets', 'parts'))]).toEqual([
      false,
      ['ann__rep0000', 'ben__rep0000', 'eve__rep0000'],
    ]);
    const whole = basename(await run(kept));
    await expect(mergeRuns(kept.root, [one, whole], 'twice', OPTIONS)).rejects.toThrow(
      `unit ann__rep0000 is in ${one} and in ${whole} with the same seed: it is the same case, asked twice`,
    );
    expect(readdirSync(join(kept.root, 'sets'))).toEqual(['parts']);
  });

  it('adds up what fan-outs made, and its report shows it', async () => {
    const text = `name: deal
items: [{ id: oak }, { id: elm }]
repeat: 3
steps:
  - name: shuffle
    expressions: { hands: "[i for i in range(random.randint(0, 4))]" }
    rules: [{ name: someone, expr: len(hands) != 1, error: nobody to play with }]
  - { name: seat, fan_out: hands, as: hand, max: 4 }
report: { metrics: [hand] }
`;
    const kept = place('set-fan-out', text);
    const runs = await Promise.all(['1', '2', '3'].map((seed) => runWithSeed(kept, seed)));
    const { accounting } = await mergeRuns(
      kept.root,
      runs.map((one) => basename(one)),
      'dealt',
      OPTIONS,
    );
    const [valid, failed] = [
      runs.flatMap((one) => linesOf(one)).length,
      runs.flatMap((one) => linesOf(one, 'failures.jsonl')).length,
    ];
    expect(accounting).toMatchObject({ sources: 18, planned: valid + failed, valid, failed });
    expect(checkAccounting(accounting)).toBeNull();
    expect(toTerminal(await reportSet(kept.root, 'dealt'), { width: 80, color: false })).toContain(
      `${18 - failed} → ${valid}`,
    );
  });

  it('is refused of runs of other content, of one that is not finished, and of one alone', async () => {
    const kept = place('set-refused');
    const { root, pipeline } = kept;
    const one = basename(await runWithSeed(kept, '1'));
    const file = join(pipeline, 'pipeline.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('range(5)', 'range(6)'));
    const other = basename(await runWithSeed(kept, '2'));
    await expect(mergeRuns(root, [one, other], 'x', OPTIONS)).rejects.toThrow('are not of the same content');
    const begun = await open(kept, { overrides: { seed: '3' } });
    await begun.close();
    await expect(mergeRuns(root, [one, basename(begun.directory)], 'x', OPTIONS)).rejects.toThrow(
      'is not finished',
    );
    await expect(mergeRuns(root, [one, one], 'x', OPTIONS)).rejects.toThrow('one run is a whole by itself');
  });
});

describe('info', () => {
  it('tells what a run was made from, every batch, and what it takes up', async () => {
    const kept = place('info');
    const folder = await run(kept, { name: 'told' });
    const info = await describeInFull(kept.root, folder, OPTIONS);
    expect(info).toMatchObject({
      name: 'told',
      seed: '1',
      repeat: 2,
      units: { planned: 6, valid: 6 },
      prices: {},
    });
    expect(info.batches).toMatchObject([
      { step: 'ask', requests: 6, became: 'completed, 6 of its requests answered' },
    ]);
    expect(info.batches[0]?.providerBatch).not.toBeNull();
    expect(info.files.map(({ name }) => name)).toContain('results.jsonl');
    const text = formatInfo(info);
    for (const title of ['Units', 'Steps', 'Money', 'Batches', 'Files', 'On the disk'])
      expect(text).toContain(`\n${title}\n`);
    expect([0, 999, 1000, 1234567, 2e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1.23 MB',
      '2 TB',
    ]);
  });
});

describe('a place that cannot be written', () => {
  it('is told as the system tells it, and nothing is lost', async () => {
    const kept = place('read-only');
    const folder = await run(kept);
    // Nobody may write below a file, not even root.
    writeFileSync(join(kept.root, 'pruned'), '');
    const { root } = kept;
    const refused = (error: unknown) => describeTrouble(error).kind;
    const doomed = await planPruning(root, { olderThanMs: 0, keep: 0 }, LATER, OPTIONS);
    expect(await prune(root, doomed).catch(refused)).toBe('system');
    writeFileSync(join(root, 'names'), '');
    expect(await nameRun(root, basename(folder), 'x').catch(refused)).toBe('system');
    expect((await verifyRun(folder, OPTIONS)).sound).toBe(true);
  });
});

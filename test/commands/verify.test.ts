// Runs that something happened to: what verify finds, and what repair mends without asking anybody.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestCancel } from '../../src/commands/cancel.ts';
import { formatRepair, repairRun } from '../../src/commands/repair.ts';
import { formatVerification, verifyRun } from '../../src/commands/verify.ts';
import { openRunPlace } from '../../src/compose.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { openRun } from '../../src/engine/tick.ts';
import { blobsOf, finish, keepRuns, OPTIONS, open, publish, run, stateOf } from './kept-runs.ts';

const kept = keepRuns('verify');
const whole = join(kept.root, 'whole');
const directory = join(kept.root, 'damaged');
beforeAll(async () => {
  renameSync(await run(kept), whole);
});
beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  cpSync(whole, directory, { recursive: true });
});
afterAll(() => rmSync(kept.root, { recursive: true, force: true }));

const repair = (sources: readonly string[] = []) => repairRun({ directory, sources, publish }, OPTIONS);
const segments = (folder = directory): string[] => readdirSync(join(folder, 'journal')).sort();
const eventsIn = (folder = directory): JournalEvent[] =>
  segments(folder).flatMap((name) =>
    readFileSync(join(folder, 'journal', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  );

/** Digests that the journal gives a name, in its order. */
function digests(name: 'outcomes' | 'answers' | 'requests' | 'snapshot', folder = directory): string[] {
  return [...JSON.stringify(eventsIn(folder)).matchAll(new RegExp(`"${name}":"([0-9a-f]{64})"`, 'g'))].map(
    ([, digest]) => digest!,
  );
}

const pathOf = (digest: string): string => join(directory, 'blobs', digest.slice(0, 2), digest);

async function problems(folder = directory): Promise<string[]> {
  const { findings } = await verifyRun(folder, OPTIONS);
  return findings.filter(({ level }) => level === 'problem').map(({ what }) => what);
}

describe('a run that nothing happened to', () => {
  it('is sound, and needs no repair', async () => {
    const found = await verifyRun(directory, OPTIONS);
    expect(found).toMatchObject({ sound: true, findings: [], units: { planned: 6, valid: 6, failed: 0 } });
    expect(formatVerification(found)).toMatch(
      /^stroll-\w{10} {2}sound: 6 planned = 6 valid \+ 0 failed \+ 0 in flight; \d+ events, \d+ blobs \(.* kB\) read\n$/,
    );
    expect(formatRepair(await repair())).toMatch(/nothing to repair\n$/);
  });

  it('is sound while it waits for a provider too', async () => {
    const place = await open(kept, { overrides: { seed: '2' }, latency: { minMs: 60_000, maxMs: 60_000 } });
    const waiting = await finish(place, 0);
    const found = await verifyRun(waiting, OPTIONS);
    expect(found).toMatchObject({ sound: true, units: { inFlight: 6 } });
    expect(found.findings).toMatchObject([{ level: 'note', about: 'provider' }]);
  });
});

describe('published files', () => {
  it('that are not what the journal gives are told unit by unit, and published again', async () => {
    const path = join(directory, 'results.jsonl');
    const before = readFileSync(path, 'utf8');
    const [first, second, ...rest] = before.split('\n');
    writeFileSync(path, [second, second, '{"unit_id":"ghost"}', ...rest].join('\n'));
    rmSync(join(directory, 'report.json'));
    expect(await problems()).toEqual([
      'results.jsonl: 1 unit is missing (ann__rep0000); 1 unit is in it twice (ben__rep0000); 1 unit is not of this run (ghost)',
      'report.json: it is not there',
    ]);
    const { done, now } = await repair();
    expect(done).toEqual(['published the files of the run again']);
    expect(now.sound).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(first).toContain('ann__rep0000');
  });
});

describe('a lost blob', () => {
  it('of what units became is made again, byte by byte, from the draws and the recorded answers', async () => {
    for (const digest of digests('outcomes')) rmSync(pathOf(digest));
    expect((await problems()).every((what) => /\(what units became\) is missing$/.test(what))).toBe(true);
    const { done, now } = await repair();
    expect(done).toEqual(['made 2 blobs again, from the draws and the recorded answers']);
    expect(now.sound).toBe(true);
  });

  it('of units that were given up is made again too', async () => {
    const given = keepRuns('given-up');
    try {
      const place = await open(given);
      const { context } = await openRun(place.ports);
      await requestCancel(context, { kind: 'person' });
      const folder = await finish(place);
      const [digest] = digests('outcomes', folder);
      const path = join(folder, 'blobs', digest!.slice(0, 2), digest!);
      const text = readFileSync(path, 'utf8');
      rmSync(path);
      const { now } = await repairRun({ directory: folder, sources: [], publish }, OPTIONS);
      expect(now).toMatchObject({ sound: true, findings: [], units: { planned: 6, failed: 6 } });
      expect(readFileSync(path, 'utf8')).toBe(text);
    } finally {
      rmSync(given.root, { recursive: true, force: true });
    }
  });

  it('that is damaged is as good as lost', async () => {
    const [digest] = digests('outcomes');
    appendFileSync(pathOf(digest!), 'x');
    expect(await problems()).toEqual([`the blob ${digest!.slice(0, 12)} (what units became) is damaged`]);
    expect((await repair()).now.sound).toBe(true);
  });

  it('that is damaged is never shown as what the units became', async () => {
    const path = pathOf(digests('outcomes').at(-1)!);
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text.replace(/"glad":(true|false)/, (_, was) => `"glad":${was !== 'true'}`),
    );
    const place = openRunPlace(directory, OPTIONS);
    await expect(publish(place)).rejects.toThrow(/is damaged: verify the run, and repair it/);
    await place.close();
    expect(readFileSync(join(directory, 'results.jsonl'))).toEqual(
      readFileSync(join(whole, 'results.jsonl')),
    );
  });

  it('that cannot be made again comes from another folder, or is told', async () => {
    for (const name of ['answers', 'requests', 'snapshot'] as const)
      for (const digest of digests(name)) rmSync(pathOf(digest), { force: true });
    const alone = await repair();
    expect(alone).toMatchObject({ done: [], now: { sound: false } });
    expect(formatVerification(alone.now)).toContain('repair brings it back where another folder has it');
    const { done, now } = await repair([directory, join(kept.root, 'nowhere'), whole]);
    expect(done).toEqual(['brought 3 blobs back from other folders']);
    expect(now.sound).toBe(true);
  });

  it('is a sentence, and no bug of the program, to whoever meets it', async () => {
    for (const digest of digests('snapshot')) rmSync(pathOf(digest), { force: true });
    await expect(stateOf(directory)).rejects.toThrow('is missing from');
  });
});

describe('answers that nobody has any more', () => {
  const lose = (...names: ('answers' | 'outcomes' | 'requests')[]): void => {
    for (const name of names) for (const digest of digests(name).slice(-1)) rmSync(pathOf(digest));
  };
  const told: string[] = [];
  const pay = () =>
    repairRun({ directory, sources: [], publish, pay: (what) => void told.push(what) }, OPTIONS);

  it('are told with what it takes to have them again, and left', async () => {
    lose('answers', 'outcomes');
    const left = await repair();
    expect(left).toMatchObject({
      done: [],
      now: { sound: false },
      lost: { units: 6, blobs: 2, mostUsd: '0' },
    });
    expect(formatRepair(left)).toMatch(
      /^(stroll-\w{10}) {2}nothing to repair for nothing\n {2}6 units are lost for good: repair \1 --pay has them asked again, for nothing\n$/,
    );
    expect((await stateOf(directory)).finished).toBe(true);
  });

  it('are asked again when somebody pays, and the run ends as it had', async () => {
    lose('answers', 'outcomes');
    const { done, now, lost } = await pay();
    expect(told).toEqual(['6 units are lost for good: asked again, for nothing.']);
    expect(done).toEqual([
      expect.stringMatching(
        /^6 units are lost for good: asked again, for nothing; collect stroll-\w{10} goes on with it$/,
      ),
    ]);
    expect([now.sound, lost, now.units]).toEqual([
      true,
      null,
      expect.objectContaining({ valid: 0, inFlight: 6 }),
    ]);
    expect(now.findings.every(({ level, what }) => level === 'note' && what.endsWith('was given up'))).toBe(
      true,
    );
    await finish(openRunPlace(directory, OPTIONS));
    for (const name of ['results.jsonl', 'failures.jsonl'])
      expect(readFileSync(join(directory, name))).toEqual(readFileSync(join(whole, name)));
    expect(await problems()).toEqual([]);
    expect((await stateOf(directory)).steps[1]).toMatchObject({ requests: 12 });
    expect((await pay()).done).toEqual([]);
  });

  it('are given up where no result rests on them, and so is a file that nobody can read', async () => {
    lose('requests');
    for (const digest of digests('answers').slice(-1)) appendFileSync(pathOf(digest), 'x');
    const left = await repair();
    expect([left.done, left.lost]).toEqual([
      ['made 1 blob again, from the draws and the recorded answers'],
      expect.objectContaining({ units: 0, blobs: 1 }),
    ]);
    const { done, now } = await pay();
    expect(done).toEqual([
      '1 blob of the past is lost for good, and no result rests on it: given up',
      'removed 1 blob that nobody can read',
    ]);
    expect(now.sound).toBe(true);
    expect((await stateOf(directory)).finished).toBe(true);
  });
});

describe('blobs that the disk does not give', () => {
  it('are told, and neither paid for nor given up', async () => {
    for (const digest of digests('outcomes').slice(-1)) rmSync(pathOf(digest));
    const [answers] = digests('answers').slice(-1);
    rmSync(pathOf(answers!));
    // Whoever reads it hears of the system that it is no file.
    mkdirSync(pathOf(answers!));
    const before = eventsIn();
    const { done, now, lost } = await repairRun({ directory, sources: [], publish, pay: () => {} }, OPTIONS);
    expect([done, lost, now.sound]).toEqual([[], null, false]);
    expect(eventsIn()).toEqual(before);
    expect(existsSync(pathOf(answers!))).toBe(true);
    expect(now.findings.map(({ what }) => what)).toContain(
      `the blob ${answers!.slice(0, 12)} (the answers of a batch) is unreadable`,
    );
  });
});

describe('a torn journal', () => {
  const tear = (name: string): void => {
    const path = join(directory, 'journal', name);
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 30));
  };

  /** As if its owner had died long ago. */
  const expireClaim = (name: string): void => {
    const path = join(directory, 'journal', name);
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"expires":\d+/, '"expires":1'));
  };

  it('loses its last file only, which is set aside, and the run goes on to the same end', async () => {
    const last = segments().at(-1)!;
    tear(last);
    expect(await problems()).toEqual([`${last} of the journal is cut off or unreadable`]);
    const { done, now } = await repair();
    expect(done[0]).toBe(`set the torn end of the journal aside as torn-${last}`);
    expect(now).toMatchObject({ sound: true, units: { valid: 6 } });
    await finish(openRunPlace(directory, OPTIONS));
    for (const name of ['results.jsonl', 'failures.jsonl'])
      expect(readFileSync(join(directory, name))).toEqual(readFileSync(join(whole, name)));
    expect(await problems()).toEqual([]);
  });

  it('makes every batch that was declared one that may have been sent', async () => {
    const declared = segments().findIndex((name) =>
      readFileSync(join(directory, 'journal', name), 'utf8').includes('"batch_declared"'),
    );
    const [torn, ...later] = segments().slice(declared + 1);
    for (const name of later) rmSync(join(directory, 'journal', name));
    expireClaim(segments()[declared]!);
    tear(torn!);
    const { done } = await repair();
    expect(done[0]).toMatch(/; 1 batch counts as perhaps sent, and will be looked for$/);
    const [batch] = [...(await stateOf(directory)).batches.values()];
    expect(batch).toMatchObject({ phase: { kind: 'claimed' } });
    expect(batch!.creating).not.toBeNull();
  });

  it('with a gap, or damage further back, is left alone', async () => {
    tear(segments()[1]!);
    await expect(repair()).rejects.toThrow('more of the journal is damaged than its last file');
    rmSync(join(directory, 'journal', segments()[1]!));
    expect(await problems()).toEqual(['its file number 2 is missing, and there are later ones']);
  });
});

describe('a journal that contradicts itself', () => {
  it('is told, and never mended', async () => {
    const last = segments().at(-1)!;
    const next = join(directory, 'journal', `${String(Number(last.slice(0, 8)) + 1).padStart(8, '0')}.jsonl`);
    const settled = eventsIn().find(({ type }) => type === 'work_settled');
    writeFileSync(next, `${JSON.stringify(settled)}\n`);
    expect(await problems()).toEqual([expect.stringContaining('without waiting there')]);
    expect((await verifyRun(directory, OPTIONS)).sound).toBe(false);
  });
});

describe('what dead processes left', () => {
  it('is told, and removed once nobody can be at work on it', async () => {
    const old = new Date(Date.now() - 2 * 3_600_000);
    const stale = join(directory, 'blobs', 'ff', 'f'.repeat(64));
    cpSync(blobsOf(directory)[0]!, stale);
    const temporary = join(directory, 'journal', '.0a1b-2c.tmp');
    const fresh = join(directory, '.3d4e-5f.tmp');
    for (const path of [temporary, fresh]) writeFileSync(path, 'half');
    for (const path of [stale, temporary]) utimesSync(path, old, old);
    const found = await verifyRun(directory, OPTIONS);
    expect(found.sound).toBe(true);
    expect(found.findings.map(({ level, about }) => `${level} ${about}`)).toEqual(
      Array(3).fill('note leftovers'),
    );
    expect((await repair()).done).toEqual(['removed 2 files that dead processes left behind']);
    expect([stale, temporary, fresh].map(existsSync)).toEqual([false, false, true]);
  });
});

describe('a run that a process works on', () => {
  it('is not touched', async () => {
    const place = openRunPlace(directory, OPTIONS);
    const declared = eventsIn().find((event) => event.type === 'batch_declared')!;
    const upTo = segments().findIndex((name) =>
      readFileSync(join(directory, 'journal', name), 'utf8').includes('"batch_declared"'),
    );
    for (const name of segments().slice(upTo + 1)) rmSync(join(directory, 'journal', name));
    const claim = { owner: 'another machine/1/1/x', at: Date.now(), expires: Date.now() + 60_000 };
    await place.ports.journal.append([{ type: 'batch_claimed', batch: declared.batch, claim }], upTo + 1);
    await place.close();
    await expect(repair()).rejects.toThrow('a process is working on run');
  });
});

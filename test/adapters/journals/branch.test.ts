// The journal on the state branch: what a segment holds, what a conflict is, and how a run is put away and pruned.
import { describe, expect, it } from 'vitest';
import { createMemoryState } from '../../../src/adapters/hosting/memory-state.ts';
import { openBranchJournal } from '../../../src/adapters/journals/branch.ts';
import {
  addToArchived,
  archiveRun,
  listArchived,
  readArchived,
  readRuns,
  readShown,
  reopenRun,
  writeShown,
} from '../../../src/adapters/journals/branch-archive.ts';
import { pruneArchive } from '../../../src/adapters/journals/branch-pruning.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { JournalError } from '../../../src/engine/state.ts';
import type { BlobPlace } from '../../../src/ports/blobs.ts';
import type { StateBranch } from '../../../src/ports/state-branch.ts';

const RUN = 'game-0123456789';
const finished = (at: number): JournalEvent => ({ type: 'run_finished', at });
const place = (artifact: number): BlobPlace => ({ artifact, run: 7, digests: [`${artifact}`.repeat(64)] });

/** Blobs that remember what they were told; `fresh` is what the next save keeps. */
function shelf() {
  const learnt: BlobPlace[] = [];
  const fresh: BlobPlace[] = [];
  return {
    learnt,
    fresh,
    blobs: {
      save: async () => [...fresh],
      learn: (places: readonly BlobPlace[]) => {
        learnt.push(...places);
        for (const one of places) if (fresh.includes(one)) fresh.splice(fresh.indexOf(one), 1);
      },
    },
  };
}

const open = (branch: StateBranch, run = RUN, blobs = shelf().blobs) => openBranchJournal(branch, run, blobs);

/** A branch with a run of three appends. */
async function withRun(run = RUN, at = 1) {
  const state = createMemoryState();
  const branch = state.open();
  const journal = open(branch, run);
  for (let version = 0; version < 3; version++) await journal.append([finished(at + version)], version);
  return { state, branch, journal };
}

describe('a segment', () => {
  it('is a file of a header and its events, and no two are the same', async () => {
    const { state } = await withRun();
    expect([...state.files().keys()]).toEqual([1, 2, 3].map((n) => `runs/${RUN}/0000000${n}.jsonl`));
    const [header, ...lines] = state.files().get(`runs/${RUN}/00000001.jsonl`)!.split('\n');
    expect(JSON.parse(header!)).toEqual({
      segment: 1,
      append: expect.stringMatching(/^[0-9a-f]{8}$/),
      blobs: [],
    });
    expect(lines).toEqual(['{"type":"run_finished","at":1}', '']);
    expect(state.commits()).toEqual([`${RUN}: begin`, `${RUN}: run finished`, `${RUN}: run finished`]);
  });

  it('tells where the blobs are that its events speak of', async () => {
    const state = createMemoryState();
    const writer = shelf();
    const journal = open(state.open(), RUN, writer.blobs);
    writer.fresh.push(place(1));
    await journal.append([finished(1)], 0);
    await journal.append([finished(2)], 1);
    writer.fresh.push(place(2), place(3));
    await journal.append([finished(3)], 2);
    expect(writer.learnt).toEqual([place(1), place(2), place(3)]);
    const reader = shelf();
    await open(state.open(), RUN, reader.blobs).read();
    expect(reader.learnt).toEqual([place(1), place(2), place(3)]);
  });

  it('tells again of blobs that were kept for an append which came too late', async () => {
    const state = createMemoryState();
    const writer = shelf();
    const [branch, other] = [state.open(), state.open()];
    const journal = open(branch, RUN, writer.blobs);
    await journal.read();
    await open(other).append([finished(1)], 0);
    writer.fresh.push(place(1));
    expect(await journal.append([finished(2)], 0)).toEqual({ kind: 'conflict' });
    expect(writer.learnt).toEqual([]);
    expect((await journal.readAfter(0)).version).toBe(1);
    await journal.append([finished(2)], 1);
    expect(writer.learnt).toEqual([place(1)]);
  });

  it('does not keep blobs for an append that is known to be too late', async () => {
    const { branch } = await withRun();
    const journal = openBranchJournal(branch, RUN, {
      save: () => Promise.reject(new Error('nothing shall be kept')),
      learn: () => {},
    });
    expect(await journal.append([finished(9)], 2)).toEqual({ kind: 'conflict' });
  });
});

describe('a journal that is not as it should be', () => {
  const write = async (files: Readonly<Record<string, string>>) => {
    const state = createMemoryState();
    const write = new Map(Object.entries(files));
    await state.open().commit({ message: 'write', write, remove: [], expects: [] });
    return state.open();
  };
  const header = '{"segment":1,"blobs":[]}\n';

  it.each([
    ['no header', '{"type":"run_finished","at":1}\n', 'it does not begin with a header'],
    ['nothing in it', '', 'it is empty'],
    ['a line that is cut', `${header}{"type":"run_fin`, ':2 on the state branch'],
    ['a line that is no event', `${header}[1]\n`, 'the line is no event'],
    ['two headers', `${header}${header}`, 'it has two headers'],
    ['the journal of another run', `${header}{"type":"run_created","run":"other"}\n`, 'begins run "other"'],
    ['a place that is none', '{"segment":1,"blobs":[{"artifact":"../x"}]}\n', 'its header is not ours'],
    ['a newer format', '{"segment":2,"blobs":[]}\n', 'has format 2, and this version of Octobatch reads up'],
  ])('is refused in a sentence with its path: %s', async (_, text, why) => {
    const branch = await write({ [`runs/${RUN}/00000001.jsonl`]: text });
    const error = await open(branch)
      .read()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(JournalError);
    expect((error as Error).message).toContain(`runs/${RUN}/00000001.jsonl`);
    expect((error as Error).message).toContain(why);
  });

  it('says so when a segment in the middle is gone', async () => {
    const { branch, journal } = await withRun();
    const gone = `runs/${RUN}/00000002.jsonl`;
    await branch.commit({ message: 'damage', write: new Map(), remove: [gone], expects: [] });
    await expect(journal.read()).rejects.toThrow(`lacks ${gone}`);
  });

  it('says so when the branch was deleted while a run was under way', async () => {
    const { branch, journal, state } = await withRun();
    await branch.commit({
      message: 'x',
      write: new Map(),
      remove: [...state.files().keys()],
      expects: [],
    });
    await expect(journal.readAfter(3)).rejects.toThrow('had 3 segments on the state branch and has 0 now');
  });

  it('is looked at again when it has become shorter, for the copy that was read may lag behind', async () => {
    const { state, journal } = await withRun();
    const old = new Map([...state.files()].slice(0, 2));
    let lags = true;
    const now = state.open();
    const branch: StateBranch = {
      ...now,
      files: async (folder) => (lags ? old : now.files(folder)),
      names: async (folder) =>
        lags ? [...old.keys()].map((path) => path.split('/')[2]!) : now.names(folder),
      refresh: () => {
        lags = false;
      },
    };
    const reader = open(branch);
    lags = false;
    const { events } = await reader.read();
    lags = true;
    expect(await reader.read()).toEqual({ events, version: 3 });
    expect(await journal.read()).toEqual({ events, version: 3 });
  });

  it('keeps no other run from being read', async () => {
    const event = '{"type":"run_finished","at":1}\n';
    const branch = await write({
      'runs/good-1/00000001.jsonl': `${header}${event}`,
      'runs/bad-1/00000001.jsonl': 'what is this',
      'runs/new-1/00000001.jsonl': '{"segment":9,"blobs":[]}\n',
      'runs/Strange Name/00000001.jsonl': `${header}${event}`,
      'runs/stray.txt': 'stray',
      'runs/good-1/notes.txt': 'stray',
    });
    const runs = await readRuns(branch);
    expect([...runs.keys()].sort()).toEqual(['Strange Name', 'bad-1', 'good-1', 'new-1']);
    expect(runs.get('good-1')).toEqual({ events: [finished(1)], places: [], version: 1 });
    for (const run of ['Strange Name', 'bad-1', 'new-1']) expect(runs.get(run)).toBeInstanceOf(JournalError);
  });

  it('is data, whatever its keys are called', async () => {
    const strange = '{"type":"__proto__","__proto__":{"polluted":true},"at":1}\n';
    const branch = await write({ [`runs/${RUN}/00000001.jsonl`]: `${header}${strange}` });
    const { events } = await open(branch).read();
    expect(events).toHaveLength(1);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(events[0])).toBe(Object.prototype);
  });
});

describe('a run that is put away', () => {
  it('is one file with all its segments, and what came with it, in one commit', async () => {
    const { state, branch } = await withRun();
    const segments = [...state.files().values()].join('');
    const extra = new Map([['baselines/game/main.json', '{}']]);
    expect(await archiveRun(branch, RUN, extra, 3)).toBe('committed');
    expect(state.files()).toEqual(new Map([...extra, [`done/${RUN}.jsonl`, segments]]));
    expect(state.commits()).toHaveLength(4);
  });

  it('is read as before, and listed', async () => {
    const { state, branch, journal } = await withRun();
    const before = await journal.read();
    await archiveRun(branch, RUN, new Map(), 3);
    expect(await journal.read()).toEqual(before);
    expect(await journal.readAfter(3)).toEqual({ events: [], version: 3 });
    expect(await open(state.open()).read()).toEqual(before);
    expect(await listArchived(branch)).toEqual([RUN]);
    expect(await readArchived(branch, RUN)).toEqual({ ...before, places: [] });
    expect(await readArchived(branch, 'other-1')).toBeNull();
    expect(await readRuns(branch)).toEqual(new Map());
  });

  it('takes no more events: a conflict first, and once that is known an error', async () => {
    const { state, journal } = await withRun();
    await archiveRun(state.open(), RUN, new Map(), 3);
    expect(await journal.append([finished(9)], 3)).toEqual({ kind: 'conflict' });
    expect((await journal.readAfter(3)).version).toBe(3);
    await expect(journal.append([finished(9)], 3)).rejects.toThrow(`Run ${RUN} is over and put away`);
    expect(await open(state.open()).append([finished(9)], 0)).toEqual({ kind: 'conflict' });
    expect([...state.files().keys()]).toEqual([`done/${RUN}.jsonl`]);
  });

  it('is not put away when it went on meanwhile, nor twice', async () => {
    const { state, branch, journal } = await withRun();
    const other = state.open();
    await other.files('runs');
    await journal.append([finished(4)], 3);
    expect(await archiveRun(other, RUN, new Map(), 3)).toBe('conflict');
    // Nor when that is read before it is put away, but was not when it was shown.
    expect(await archiveRun(other, RUN, new Map(), 3)).toBe('conflict');
    expect(await archiveRun(other, RUN, new Map(), 4)).toBe('committed');
    expect(await archiveRun(branch, RUN, new Map(), 4)).toBe('conflict');
    expect(await archiveRun(branch, RUN, new Map(), 4)).toBe('conflict');
    expect((await readArchived(branch, RUN))?.events).toHaveLength(4);
  });

  it('goes on with one more segment when it is taken back, and can be put away again', async () => {
    const { state, branch, journal } = await withRun();
    const { events } = await journal.read();
    const before = new Map(state.files());
    await archiveRun(branch, RUN, new Map(), 3);
    const all = [...events, finished(9)];
    expect(await reopenRun(state.open(), RUN, [finished(9)], [place(4)])).toBe('committed');
    for (const [path, text] of before) expect(state.files().get(path)).toBe(text);
    const reader = shelf();
    expect(await open(state.open(), RUN, reader.blobs).read()).toEqual({ events: all, version: 4 });
    expect(reader.learnt).toEqual([place(4)]);
    // It is not put away any more: there is nothing to take back.
    expect(await reopenRun(state.open(), RUN, [finished(9)], [])).toBe('committed');
    expect(await archiveRun(state.open(), RUN, new Map(), 4)).toBe('committed');
    expect([...state.files().keys()]).toEqual([`done/${RUN}.jsonl`]);
  });

  it('is not taken back when another job did so first', async () => {
    const { state, branch } = await withRun();
    await archiveRun(branch, RUN, new Map(), 3);
    const other = state.open();
    await other.file(`done/${RUN}.jsonl`);
    expect(await reopenRun(branch, RUN, [finished(8)], [])).toBe('committed');
    expect(await reopenRun(other, RUN, [finished(9)], [])).toBe('conflict');
  });

  it('keeps what was done after it since, unless another job was faster', async () => {
    const { state, branch, journal } = await withRun();
    const { events } = await journal.read();
    await archiveRun(branch, RUN, new Map(), 3);
    const other = state.open();
    await other.file(`done/${RUN}.jsonl`);
    const since = { news: [finished(9)], places: [place(4)] };
    expect(await addToArchived(branch, RUN, new Map([['results/x', 'y']]), since)).toBe('committed');
    expect(await addToArchived(other, RUN, new Map(), since)).toBe('conflict');
    const kept = await readArchived(state.open(), RUN);
    expect(kept?.events).toEqual([...events, finished(9)]);
    expect(kept?.places.at(-1)).toEqual(place(4));
    expect(await state.open().file('results/x')).toBe('y');
  });

  it('leaves every event readable when some wrote no line end', async () => {
    const { branch, journal } = await withRun();
    const last = `runs/${RUN}/00000003.jsonl`;
    const text = (await branch.file(last))!.trimEnd();
    await branch.commit({ message: 'trim', write: new Map([[last, text]]), remove: [], expects: [] });
    const { events } = await journal.read();
    await archiveRun(branch, RUN, new Map(), 3);
    expect((await readArchived(branch, RUN))?.events).toEqual(events);
  });
});

describe('notes that runs are shown', () => {
  it('say of each how far it was, and go when they say nothing any more', async () => {
    const { state } = await withRun();
    await writeShown(state.open(), new Map([[RUN, 3]]));
    expect(await readShown(state.open())).toEqual(new Map([[RUN, 3]]));
    await writeShown(state.open(), new Map([[RUN, 4]]));
    expect([...state.files().keys()].filter((path) => path.startsWith('shown/'))).toEqual([`shown/${RUN}.4`]);
    await archiveRun(state.open(), RUN, new Map(), 3);
    await writeShown(state.open(), new Map());
    expect(await readShown(state.open())).toEqual(new Map());
  });

  it('that are no notes of ours are left alone', async () => {
    const { state } = await withRun();
    const write = new Map(['shown/x', 'shown/..1', 'shown/A.1'].map((path) => [path, '']));
    await state.open().commit({ message: 'by hand', write, remove: [], expects: [] });
    await writeShown(state.open(), new Map([[RUN, 3]]));
    expect(await readShown(state.open())).toEqual(new Map([[RUN, 3]]));
    expect([...state.files().keys()]).toEqual(expect.arrayContaining([...write.keys()]));
  });
});

describe('pruning', () => {
  const DAY = 86_400_000;
  const keep = { keepMs: 30 * DAY };

  async function withArchive(ends: Readonly<Record<string, number>>) {
    const state = createMemoryState();
    const branch = state.open();
    for (const [run, at] of Object.entries(ends)) {
      await open(branch, run).append([finished(at)], 0);
      await archiveRun(branch, run, new Map(), 1);
    }
    return { state, branch };
  }

  it('removes what was over long ago, once a day, in a commit of its own', async () => {
    const { state, branch } = await withArchive({ 'old-1': DAY, 'new-1': 30 * DAY });
    const commits = state.commits().length;
    expect(await pruneArchive(branch, { now: 32 * DAY, ...keep })).toEqual(['old-1']);
    expect(await pruneArchive(branch, { now: 32.5 * DAY, ...keep })).toEqual([]);
    expect(state.commits().slice(commits)).toEqual(['remove 1 old journals']);
    expect(await listArchived(branch)).toEqual(['new-1']);
    expect(await pruneArchive(branch, { now: 61 * DAY, ...keep })).toEqual(['new-1']);
  });

  it('reads no journal twice for its age', async () => {
    const { state } = await withArchive({ 'new-1': 30 * DAY });
    const plain = state.open();
    const read: string[] = [];
    const file = (path: string) => {
      read.push(path);
      return plain.file(path);
    };
    const branch = { ...plain, file };
    await pruneArchive(branch, { now: 32 * DAY, ...keep });
    await pruneArchive(branch, { now: 34 * DAY, ...keep });
    expect(read.filter((path) => path.startsWith('done/'))).toEqual(['done/new-1.jsonl']);
  });

  it('goes on in the next job when there is much to look at', async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`run-${at}`, DAY]));
    const { branch } = await withArchive(many);
    expect(await pruneArchive(branch, { now: 40 * DAY, ...keep })).toHaveLength(50);
    expect(await pruneArchive(branch, { now: 40 * DAY, ...keep })).toHaveLength(10);
    expect(await pruneArchive(branch, { now: 40 * DAY, ...keep })).toEqual([]);
  });

  it('does nothing where nothing is put away, and survives notes that are nonsense', async () => {
    const state = createMemoryState();
    expect(await pruneArchive(state.open(), { now: DAY, ...keep })).toEqual([]);
    expect(state.commits()).toEqual([]);
    const { branch } = await withArchive({ 'old-1': DAY });
    const write = new Map([['pruning.json', '[[']]);
    await branch.commit({ message: 'x', write, remove: [], expects: [] });
    expect(await pruneArchive(branch, { now: 40 * DAY, ...keep })).toEqual(['old-1']);
  });
});

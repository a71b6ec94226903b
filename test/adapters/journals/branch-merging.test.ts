// Shards on the state branch become one run in one commit, made of exactly what they hold.
import { describe, expect, it } from 'vitest';
import { createMemoryState } from '../../../src/adapters/hosting/memory-state.ts';
import { openBranchJournal } from '../../../src/adapters/journals/branch.ts';
import { archiveRun, readRuns } from '../../../src/adapters/journals/branch-archive.ts';
import { mergeRuns } from '../../../src/adapters/journals/branch-merging.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import type { StateBranch } from '../../../src/ports/state-branch.ts';

const WHOLE = 'game-0123456789';
const PARTS = [`${WHOLE}-s1of2`, `${WHOLE}-s2of2`];
const submitted = (at: number): JournalEvent => ({ type: 'shard_submitted', at });
const blobs = { save: async () => [], learn: () => {} };
const open = (branch: StateBranch, run: string) => openBranchJournal(branch, run, blobs);

/** Two shards of one event each; what merging them would be made of. */
async function shards() {
  let time = 0;
  const state = createMemoryState(() => time);
  const branch = state.open();
  for (const part of PARTS) await open(branch, part).append([submitted(1)], 0);
  const read = new Map(PARTS.map((part) => [part, 1]));
  const pass = (ms: number): void => {
    time += ms;
  };
  return { state, branch, read, pass };
}

describe('merging', () => {
  it('leaves one journal in the place of all', async () => {
    const { state, branch, read } = await shards();
    expect(await mergeRuns(branch, WHOLE, read, [submitted(1), submitted(1)])).toBe('committed');
    expect([...state.files().keys()]).toEqual([`runs/${WHOLE}/00000001.jsonl`]);
  });

  it('loses nothing of a shard that went on after it was read, however late that is seen', async () => {
    const { state, branch, read, pass } = await shards();
    await open(state.open(), PARTS[1]!).append([submitted(2)], 1);
    // What was read is old by now, so that the branch is looked at again before the commit.
    pass(11_000);
    expect(await mergeRuns(branch, WHOLE, read, [submitted(1), submitted(1)])).toBe('conflict');
    expect([...(await readRuns(state.open())).keys()]).toEqual(PARTS);
    // Nor when it is seen only by the commit itself.
    const other = state.open();
    await other.files('runs');
    await open(state.open(), PARTS[0]!).append([submitted(2)], 1);
    const both = new Map(PARTS.map((part, index) => [part, index + 1]));
    expect(await mergeRuns(other, WHOLE, both, [submitted(1)])).toBe('conflict');
  });

  it('and the beginning of a shard that came late exclude each other', async () => {
    const { state, branch, read } = await shards();
    const [first] = PARTS;
    const late = state.open();
    await late.files('runs');
    expect(await mergeRuns(branch, WHOLE, read, [submitted(1)])).toBe('committed');
    // What was read before the merge says that there is no whole run.
    expect(await open(late, first!).append([submitted(3)], 0)).toEqual({ kind: 'conflict' });
    await expect(open(late, first!).append([submitted(3)], 0)).rejects.toThrow(
      `Run ${first} is a shard of run ${WHOLE}, which goes on as a whole by now`,
    );
    const other = await shards();
    const two = new Map([...other.read].slice(1));
    expect(await mergeRuns(other.branch, WHOLE, two, [submitted(1)])).toBe('conflict');
  });

  it('is told to a job that still works on a shard', async () => {
    const { state, branch, read } = await shards();
    const journal = open(state.open(), PARTS[0]!);
    await journal.read();
    await mergeRuns(branch, WHOLE, read, [submitted(1)]);
    await journal.append([submitted(2)], 1);
    await expect(journal.readAfter(1)).rejects.toThrow(
      'which goes on as a whole by now: start this job again',
    );
  });

  it('is refused when a shard is gone, or the whole is there', async () => {
    const { state, branch, read } = await shards();
    await open(state.open(), WHOLE).append([submitted(1)], 0);
    branch.refresh();
    expect(await mergeRuns(branch, WHOLE, read, [submitted(1)])).toBe('conflict');
    await archiveRun(branch, PARTS[0]!, new Map(), 1);
    expect(await mergeRuns(branch, 'other-0123456789', read, [submitted(1)])).toBe('conflict');
  });
});

// The journal of what is done after a run: names that chain, one at a time, two processes, a death in the middle.
import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { postProcess } from '../../src/engine/perform-post-process.ts';
import { showPostProcess } from '../../src/engine/perform-post-process-shown.ts';
import { planPostProcess } from '../../src/engine/post-process-plan.ts';
import type { RunState } from '../../src/engine/state.ts';
import type { PostProcess, ScriptEntry } from '../../src/pipeline/pipeline.ts';
import type { ScriptEnd, Workbench } from '../../src/ports/scripts.ts';
import { finish, pipelineOf, type World, worldOf } from './world.ts';

const SCRIPT: ScriptEntry = {
  kind: 'script',
  name: 'tally',
  path: 'tally.mjs',
  source: '1',
  beside: {},
  interpreter: null,
  args: [],
  output: 'tally.txt',
  timeoutSeconds: 60,
  maxOutputBytes: 1_000,
  onFailure: 'fail',
};
const PACK: PostProcess = {
  kind: 'gzip',
  name: 'pack',
  output: null,
  files: ['outputs/*'],
  keepOriginals: true,
};

/** A bench that remembers what was asked of it. */
function memoryBench(ends: (name: string) => ScriptEnd = () => OK): Workbench & { readonly asked: string[] } {
  const asked: string[] = [];
  let stamp: string | null = null;
  return {
    asked,
    directory: '/nowhere',
    layout: { file: async (name) => void asked.push(name) },
    isOpen: async () => false,
    clear: async () => void asked.push('clear'),
    write: async () => 1,
    async gzip() {
      asked.push('gzip');
      return { files: [], left: 0, why: null };
    },
    async run({ path }) {
      asked.push(`run ${path}`);
      return ends(path);
    },
    async *encoded() {
      yield 'aGVsbG8=';
    },
    async restore(path) {
      asked.push(`restore ${path}`);
    },
    async deliver(key) {
      stamp = key;
      asked.push('deliver');
    },
    delivered: async () => stamp,
  };
}

const OK: ScriptEnd = { kind: 'ok', why: null, said: '', files: [{ path: 'tally.txt', bytes: 5 }] };

/** A run that is over and asks for these. `isTrusted`: somebody vouched for its scripts. */
async function overWorld(entries: readonly PostProcess[], isTrusted = true): Promise<World> {
  const loaded = pipelineOf(2, {}, { postProcess: entries });
  const world = await worldOf(loaded, {}, { blobs: createMemoryBlobs() });
  const worker = await world.open();
  await finish(world, worker);
  if (isTrusted) {
    const { snapshot } = worker.context.state;
    await worker.context.record([{ type: 'post_process_trusted', snapshot, at: 1 }]);
  }
  return world;
}

async function work(
  world: World,
  bench: Workbench,
  more: Partial<Parameters<typeof postProcess>[1]> = {},
  owner = 'me',
): Promise<RunState> {
  const { context } = await world.open(owner);
  const signal = new AbortController().signal;
  const plain = {
    judgedBy: null,
    isWork: true,
    mayRunScripts: true,
    again: false,
    layOut: async () => {},
    signal,
  };
  await postProcess(context, { bench, ...plain, ...more });
  return context.state;
}

describe('what is done after a run', () => {
  it('is named by all that decides it, so that a change does it and what follows anew', async () => {
    const { state } = (await (await overWorld([SCRIPT, PACK])).open()).context;
    const keys = (entries: readonly PostProcess[]) => {
      const { pipeline } = pipelineOf(2, {}, { postProcess: entries });
      return planPostProcess(pipeline, state).entries.map(({ key }) => key);
    };
    const [first, second] = keys([SCRIPT, PACK]);
    expect(keys([SCRIPT, { ...PACK, keepOriginals: false }])[0]).toBe(first);
    expect(keys([SCRIPT, { ...PACK, keepOriginals: false }])[1]).not.toBe(second);
    expect(keys([{ ...SCRIPT, source: '2' }, PACK]).filter((key) => [first, second].includes(key))).toEqual(
      [],
    );
  });

  it('is done once, and put back without being run where its files are not', async () => {
    const world = await overWorld([SCRIPT, PACK]);
    const one = memoryBench();
    await work(world, one);
    expect(one.asked.filter((what) => !what.startsWith('pipeline/'))).toEqual([
      'clear',
      'run tally.mjs',
      'gzip',
      'deliver',
    ]);
    await work(world, one);
    expect(one.asked.filter((what) => what === 'clear')).toHaveLength(1);
    const other = memoryBench();
    await work(world, other, { isWork: false });
    expect(other.asked.filter((what) => !what.startsWith('pipeline/'))).toEqual([
      'clear',
      'restore tally.txt',
      'gzip',
      'deliver',
    ]);
  });

  it('is left to another process that is at it, and taken over when that is dead', async () => {
    const world = await overWorld([SCRIPT]);
    const { context } = await world.open('other');
    const [planned] = planPostProcess(context.pipeline, context.state).entries;
    const begun = (owner: string): JournalEvent => ({
      ...{ type: 'post_process_begun', index: 0, key: planned!.key, at: 1 },
      ...{ owner, until: Number.MAX_SAFE_INTEGER },
    });
    await context.record([begun('other')]);
    const bench = memoryBench();
    await work(world, bench);
    expect(bench.asked).toEqual([]);
    expect((await showPostProcess(context)).notRun).toMatchObject([{ name: 'tally' }]);
    await context.record([begun('dead')]);
    await work(world, bench);
    expect(bench.asked).toContain('run tally.mjs');
  });

  it('is not noted as ended when the job is interrupted', async () => {
    const world = await overWorld([SCRIPT, PACK]);
    const bench = memoryBench(() => ({
      kind: 'interrupted',
      why: 'it was interrupted',
      said: '',
      files: [],
    }));
    const state = await work(world, bench);
    expect(state.postProcess.ended.size).toBe(0);
    expect(bench.asked).not.toContain('gzip');
  });

  it('runs no script that nobody vouched for, and no other waits for it', async () => {
    const world = await overWorld([SCRIPT, PACK], false);
    const bench = memoryBench();
    await work(world, bench);
    expect(bench.asked).not.toContain('run tally.mjs');
    expect(bench.asked).toContain('gzip');
  });

  it('makes the run one in error when a script that must not fail does, and only then', async () => {
    const failed: ScriptEnd = { kind: 'failed', why: 'it ended with exit code 1', said: 'no', files: [] };
    const errorOf = async (entry: ScriptEntry) => {
      const world = await overWorld([entry]);
      await work(
        world,
        memoryBench(() => failed),
      );
      return (await showPostProcess((await world.open()).context)).error;
    };
    expect(await errorOf(SCRIPT)).toEqual({
      kind: 'script',
      name: 'tally',
      why: 'it ended with exit code 1',
    });
    expect(await errorOf({ ...SCRIPT, onFailure: 'warn' })).toBeNull();
  });
});

describe('the journal', () => {
  it('refuses an entry that ends without having been begun', async () => {
    const world = await overWorld([PACK]);
    const { events } = await world.journal.read();
    const ended: JournalEvent = {
      ...{ type: 'post_process_ended', index: 0, key: 'x', name: 'pack', kind: 'gzip', ok: true },
      ...{ why: null, files: 0, bytes: 0, kept: '0', at: 1 },
    };
    expect(() => foldJournal([...events, ended])).toThrow('without having begun it');
  });

  it('has the version that knows of it only where something is done after the run', async () => {
    const versionOf = async (world: World) => (await world.journal.read()).events[0];
    expect(await versionOf(await overWorld([PACK]))).toMatchObject({ journal: 4 });
    const plain = await worldOf(pipelineOf(2), {});
    expect(await versionOf(plain)).toMatchObject({ journal: 2 });
  });
});

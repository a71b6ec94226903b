import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { createThreadRunner, type ThreadOptions } from '../../../src/adapters/runners/threads.ts';
import type {
  AnswerChunk,
  LocalChunk,
  LocalOutcome,
  LocalRunner,
  PromptChunk,
} from '../../../src/ports/runner.ts';
import { stepOf } from '../../simulation/steps.ts';

const MISBEHAVING = new URL('./misbehaving-worker.mjs', import.meta.url);
/** A compiled module, as a URL. */
const built = (name: string): string => new URL(`../../../build/${name}`, import.meta.url).href;
const open: LocalRunner[] = [];

function runner(options: Partial<ThreadOptions> = {}): LocalRunner {
  const made = createThreadRunner({ entry: MISBEHAVING, threads: 2, unitTimeoutMs: 4_000, ...options });
  open.push(made);
  return made;
}

afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

function chunkOf(ids: readonly string[], steps: readonly string[] = ['walk']): LocalChunk {
  return {
    steps: steps.map((name) => stepOf({ name })),
    seed: '42',
    rng: 'tychei',
    units: ids.map((id) => ({ id, fields: '{"id":"x"}' })),
  };
}

function promptsOf(ids: readonly string[]): PromptChunk {
  return {
    step: 'ask',
    drawsFor: 'ask',
    repeats: false,
    seed: '42',
    rng: 'tychei',
    template: 'ask',
    system: null,
    templates: { ask: '' },
    prepare: [],
    globals: '{}',
    units: ids.map((id) => ({ id, fields: '{}' })),
  };
}

function answersOf(ids: readonly string[]): AnswerChunk {
  return {
    step: 'ask',
    repeats: false,
    seed: '42',
    rng: 'tychei',
    schema: null,
    checks: { required: [], types: {}, enums: {}, ranges: {}, rules: [] },
    units: ids.map((id) => ({ id, fields: '{}', answer: '{"n":1}' })),
  };
}

function messages(outcomes: readonly LocalOutcome[]): string[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'done' ? 'done' : `${outcome.step}: ${outcome.failure.issues[0]?.message}`,
  );
}

describe('a pool of worker threads', () => {
  test('gives the outcomes in the order of the units, over many slices', async () => {
    const ids = Array.from({ length: 1_300 }, (_, i) => `u${i}`);
    const outcomes = await runner().compute(chunkOf(ids));
    const seen = outcomes.map(
      (outcome) => outcome.kind === 'done' && JSON.parse(outcome.steps[0]!.fields).walk,
    );
    expect(seen).toEqual(ids);
  });

  test('runs many chunks at once with few workers', async () => {
    const made = runner();
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) => made.compute(chunkOf([`a${i}`, `b${i}`]))),
    );
    expect(all.every((outcomes) => outcomes.length === 2)).toBe(true);
  });

  test('an empty chunk has no outcomes', async () => {
    expect(await runner().compute(chunkOf([]))).toEqual([]);
  });

  test('stops a unit that never ends, and only that one', async () => {
    const outcomes = await runner().compute(chunkOf(['a', 'b', 'hang:walk', 'c']));
    expect(messages(outcomes)).toEqual([
      'done',
      'done',
      'walk: the step took longer than 4 s for this unit and was stopped',
      'done',
    ]);
  });

  test('names the step that hung and keeps the steps before it, whose fields it had', async () => {
    const [outcome] = await runner().compute(chunkOf(['hang:second'], ['first', 'second', 'third']));
    expect(outcome).toMatchObject({
      kind: 'failed',
      step: 'second',
      done: [{ fields: '{"first":"hang:second","saw":1}' }],
      failure: { kind: 'expression', step: 'second', raw: null, issues: [{ path: '', rule: 'LimitError' }] },
    });
  });

  test('a unit that fills the heap fails, its neighbours do not', async () => {
    const outcomes = await runner({ heapMb: 32 }).compute(chunkOf(['a', 'eat:walk', 'b']));
    expect(messages(outcomes)).toEqual([
      'done',
      'walk: the step needed more memory for this unit than a worker may have',
      'done',
    ]);
  });

  test('a unit on which the worker ends fails, its neighbours do not', async () => {
    const outcomes = await runner().compute(chunkOf(['exit:walk', 'a', 'exit:walk']));
    expect(messages(outcomes)).toEqual([
      'walk: the worker ended during the step for this unit',
      'done',
      'walk: the worker ended during the step for this unit',
    ]);
  });

  test('a unit whose prompt hangs or fills the heap has a template failure, its neighbours their prompts', async () => {
    const outcomes = await runner({ heapMb: 32 }).render(promptsOf(['a', 'eat:ask', 'b', 'hang:ask']));
    const failed = (message: string): object => ({
      kind: 'failed',
      failure: {
        kind: 'template',
        step: 'ask',
        issues: [{ path: '', rule: 'LimitError', message }],
        raw: null,
      },
    });
    expect(outcomes).toEqual([
      { kind: 'rendered', system: null, prompt: 'a' },
      failed('rendering the prompt needed more memory for this unit than a worker may have'),
      { kind: 'rendered', system: null, prompt: 'b' },
      failed('rendering the prompt took longer than 4 s for this unit and was stopped'),
    ]);
  });

  test('a unit whose check hangs or fills the heap is invalid and keeps its answer, its neighbours their values', async () => {
    const outcomes = await runner({ heapMb: 32 }).check(answersOf(['hang:ask', 'a', 'eat:ask', 'b']));
    const failed = (message: string): object => ({
      kind: 'failed',
      failure: {
        kind: 'invalid',
        step: 'ask',
        issues: [{ path: '', rule: 'LimitError', message }],
        raw: '{"n":1}',
      },
    });
    expect(outcomes).toEqual([
      failed('checking the answer took longer than 4 s for this unit and was stopped'),
      { kind: 'valid', fields: '{"n":1}', warnings: [] },
      failed('checking the answer needed more memory for this unit than a worker may have'),
      { kind: 'valid', fields: '{"n":1}', warnings: [] },
    ]);
  });

  test('does work of all three kinds at once', async () => {
    const made = runner();
    const ids = Array.from({ length: 300 }, (_, i) => `u${i}`);
    const [computed, rendered, checked] = await Promise.all([
      made.compute(chunkOf(ids)),
      made.render(promptsOf(ids)),
      made.check(answersOf(ids)),
    ]);
    expect(computed).toHaveLength(300);
    expect(rendered.map((one) => one.kind === 'rendered' && one.prompt)).toEqual(ids);
    expect(checked.every((one) => one.kind === 'valid')).toBe(true);
  });

  test('a bug in the worker rejects the run, and the next run works', async () => {
    const made = runner();
    await expect(made.compute(chunkOf(['a', 'broken:walk']))).rejects.toThrow('a bug in the worker');
    expect(messages(await made.compute(chunkOf(['a'])))).toEqual(['done']);
  });

  test('an entry that cannot be loaded rejects the run', async () => {
    const made = runner({ entry: new URL('./no-such-worker.mjs', import.meta.url) });
    await expect(made.compute(chunkOf(['a']))).rejects.toThrow('no-such-worker');
  });

  test('closing waits for a worker that comes up meanwhile, and the process with it', () => {
    // The worker says that it is there while nobody listens; it is heard of when it is being ended.
    const code = `
      const { createThreadRunner } = await import(${JSON.stringify(built('adapters/runners/threads.js'))});
      const made = createThreadRunner({ entry: new URL(${JSON.stringify(built('worker.js'))}) });
      made.prepare();
      await new Promise((resolve) => setImmediate(resolve));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      await made.close();
      console.log('closed');`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
    expect([ended.status, ended.stdout]).toEqual([0, 'closed\n']);
  });

  test('closing rejects what still runs and everything after', async () => {
    const made = runner();
    const refused = expect(made.compute(chunkOf(['hang:walk']))).rejects.toThrow('the runner is closed');
    await made.close();
    await refused;
    await expect(made.compute(chunkOf(['a']))).rejects.toThrow('the runner is closed');
  });
});

import { describe, expect, it } from 'vitest';
import { retryFailed } from '../../src/engine/perform-retry.ts';
import type { LlmStep } from '../../src/pipeline/pipeline.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, pipelineOf, type World, worldOf } from './world.ts';

const ANY = { step: null, kind: null };

function refusal({ customId, model }: ModelRequest): Answer {
  return { kind: 'refused', customId, text: 'No.', usage: { input: 10, output: 2 }, model };
}

/** Prompts of the requests of the newest batch, in alphabetic order. */
function lastAsked(world: World): string[] {
  return [...world.scripted.created.values()]
    .at(-1)!
    .map(({ prompt }) => prompt)
    .sort();
}

/** Unit 0 declines, unit 1 gives no JSON, unit 2 is fine; once `mended`, all are. */
async function brokenWorld(): Promise<{ world: World; mend: () => void }> {
  let mended = false;
  const world = await worldOf(pipelineOf(3, { retry: { maxAttempts: 2, feedback: true, from: null } }), {
    rows: (requests) =>
      requests.map((request) => {
        if (mended || request.prompt.includes('in 2?')) return textAnswer(request);
        return request.prompt.includes('in 0?') ? refusal(request) : textAnswer(request, 'a few');
      }),
  });
  return {
    world,
    mend: () => {
      mended = true;
    },
  };
}

describe('a retry of failed units', () => {
  it('asks again for all of them, a refusal too, and tells what was wrong; the run goes on', async () => {
    const { world, mend } = await brokenWorld();
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['refused', 'malformed', 'valid']);
    mend();
    expect(await retryFailed(worker.context, ANY)).toMatchObject({ retried: 2, hopeless: 0 });
    expect(worker.context.state.finished).toBe(false);
    const records = await finish(world, worker);
    expect(kinds(records)).toEqual(['valid', 'valid', 'valid']);
    expect(records.map(({ attempts }) => attempts)).toEqual([2, 3, 1]);
    const [silent, told] = lastAsked(world);
    expect(silent).toBe('How many in 0?');
    expect(told!.length).toBeGreaterThan('How many in 1?'.length + 20);
  });

  it('gives each of them one more attempt, not all of them again', async () => {
    const { world } = await brokenWorld();
    const worker = await world.open();
    await finish(world, worker);
    const before = world.scripted.created.size;
    await retryFailed(worker.context, ANY);
    expect(kinds(await finish(world, worker))).toEqual(['refused', 'malformed', 'valid']);
    expect(world.scripted.created.size).toBe(before + 1);
  });

  it('may be limited to one kind of failure and to one step', async () => {
    const { world, mend } = await brokenWorld();
    const worker = await world.open();
    await finish(world, worker);
    mend();
    expect(await retryFailed(worker.context, { step: 0, kind: 'invalid' })).toMatchObject({
      retried: 0,
      hopeless: 0,
    });
    expect(worker.context.state.finished).toBe(true);
    expect(await retryFailed(worker.context, { step: 0, kind: 'refused' })).toMatchObject({
      retried: 1,
      hopeless: 0,
    });
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'malformed', 'valid']);
  });

  it('begins where the text was written when a judge said no', async () => {
    let verdict = 7;
    const judge = pipelineOf(1, { name: 'judge', judge: true }).pipeline.steps[0] as LlmStep;
    const rules = [{ name: 'low', expr: 'n < 5', when: null, error: 'too many', level: 'error' as const }];
    const [ask] = pipelineOf(1).pipeline.steps as LlmStep[];
    const loaded = pipelineOf(
      2,
      {},
      {
        steps: [
          { ...ask!, retry: { maxAttempts: 1, feedback: true, from: null } },
          { ...judge, checks: { ...judge.checks, rules } },
        ],
      },
    );
    const world = await worldOf(loaded, {
      rows: (requests) => requests.map((request) => textAnswer(request, `{"n": ${verdict}}`)),
    });
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['invalid', 'invalid']);
    verdict = 1;
    expect(await retryFailed(worker.context, { step: 1, kind: null })).toMatchObject({
      retried: 2,
      hopeless: 0,
    });
    expect(worker.context.state.steps[0]!.ready.map(({ attempt }) => attempt)).toEqual([2]);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect(world.scripted.created.size).toBe(4);
  });

  it('leaves alone what would fail the same way, for nothing random feeds it', async () => {
    const loaded = pipelineOf(2, {}, { templates: { ask: '{{ 1 / _repetition_id }}' } });
    const world = await worldOf(loaded, {});
    const worker = await world.open();
    expect(kinds(await finish(world, worker))).toEqual(['template', 'valid']);
    expect(await retryFailed(worker.context, ANY)).toMatchObject({ retried: 0, hopeless: 1 });
    expect(worker.context.state.finished).toBe(true);
  });

  it('puts a unit back once when two ask for it at the same time', async () => {
    const { world, mend } = await brokenWorld();
    const [one, other] = [await world.open('one'), await world.open('other')];
    await finish(world, one);
    mend();
    const counts = await Promise.all([retryFailed(one.context, ANY), retryFailed(other.context, ANY)]);
    expect(counts.map(({ retried }) => retried).sort()).toEqual([0, 2]);
    expect(kinds(await finish(world, other))).toEqual(['valid', 'valid', 'valid']);
  });

  it('is refused while the run is being cancelled, and undoes a cancellation that is over', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: () => ({ kind: 'later', why: 'busy', retryAfterMs: 9e9 }),
    });
    const worker = await world.open();
    await worker.tick();
    await worker.context.record([{ type: 'cancel_requested', at: 5 }]);
    await expect(retryFailed(worker.context, ANY)).rejects.toThrow('being cancelled');
    expect(kinds(await finish(world, worker))).toEqual(['canceled', 'canceled']);
    expect((await retryFailed(worker.context, ANY)).retried).toBe(2);
    const result = await worker.tick();
    expect(result).toMatchObject({ kind: 'waiting', state: { canceling: false, finished: false } });
  });
});

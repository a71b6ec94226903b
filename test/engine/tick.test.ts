// The whole engine against a provider that does what providers do on bad days. Journal and blobs are in memory; time
// is the test's.
import { describe, expect, it } from 'vitest';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import type { Answer, ModelRequest } from '../../src/ports/provider.ts';
import type { LocalRunner } from '../../src/ports/runner.ts';
import { textAnswer } from './scripted-provider.ts';
import { finish, kinds, pipelineOf, timesAsked, worldOf } from './world.ts';

describe('a run', () => {
  it('adopts a batch whose creation was never answered, and sends nothing twice', async () => {
    const world = await worldOf(pipelineOf(5), {
      submit: (times) => (times === 0 ? 'created but unsure' : { kind: 'rejected', why: 'asked twice' }),
    });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(Array(5).fill('valid'));
    expect(timesAsked(world)).toEqual(Array(5).fill(1));
  });

  it('waits while the provider cannot say whether a batch exists', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: () => 'created but unsure',
      find: (times, known) =>
        times < 3 || !known
          ? { kind: 'unsure', why: 'the list is slow' }
          : { kind: 'found', providerBatch: 'batch-1' },
    });
    const worker = await world.open();
    const first = await worker.tick();
    expect(first).toMatchObject({ kind: 'waiting', waits: [{ why: 'unsure', trouble: 'no answer came' }] });
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect(world.scripted.created.size).toBe(1);
  });

  it('submits again, once, when the batch certainly does not exist', async () => {
    const world = await worldOf(pipelineOf(2, { retry: { maxAttempts: 1, feedback: true, from: null } }), {
      submit: (times) =>
        times === 0 ? { kind: 'unsure', why: '502' } : { kind: 'submitted', providerBatch: 'none' },
    });
    const worker = await world.open();
    await worker.tick();
    world.pass(5000);
    await worker.tick();
    expect(world.scripted.calls.filter((call) => call === 'submit')).toHaveLength(2);
    expect(world.scripted.calls.indexOf('find')).toBeLessThan(world.scripted.calls.lastIndexOf('submit'));
  });

  it('tries later what the provider has no room for now', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: (times) => (times < 2 ? { kind: 'later', why: 'queue full', retryAfterMs: 8000 } : undefined),
    });
    const worker = await world.open();
    expect(await worker.tick()).toMatchObject({ waits: [{ why: 'postponed', trouble: 'queue full' }] });
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect(timesAsked(world)).toEqual([1, 1]);
  });

  it('fails the units of a batch that was refused for good, with the reason, and ends', async () => {
    const world = await worldOf(pipelineOf(3), {
      submit: () => ({ kind: 'rejected', why: 'model not found' }),
    });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(JSON.stringify(records)).toContain('model not found');
  });

  it('repeats a download that broke, and loses no row', async () => {
    const world = await worldOf(pipelineOf(4), {
      rows: (requests, times) =>
        times < 2 ? 'broken download' : requests.map((request) => textAnswer(request)),
    });
    expect(kinds(await finish(world, await world.open()))).toEqual(Array(4).fill('valid'));
    expect(timesAsked(world)).toEqual(Array(4).fill(1));
  });

  it('asks again only for what is missing, and says so when it stays missing', async () => {
    const world = await worldOf(pipelineOf(4), {
      rows: (requests) =>
        requests.filter(({ prompt }) => !prompt.includes('in 2?')).map((request) => textAnswer(request)),
    });
    expect(kinds(await finish(world, await world.open()))).toEqual(['valid', 'valid', 'missing', 'valid']);
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([4, 1, 1]);
  });

  it('keeps the rows of a batch that expired, and asks for the rest anew', async () => {
    let looks = 0;
    const world = await worldOf(pipelineOf(4), {
      check: () => ({ kind: 'ended', status: looks++ === 0 ? 'expired' : 'completed', reason: null }),
      rows: (requests, times) =>
        (times === 0 ? requests.slice(0, 3) : requests).map((request) => textAnswer(request)),
    });
    expect(kinds(await finish(world, await world.open()))).toEqual(Array(4).fill('valid'));
    expect(timesAsked(world)).toEqual(Array(5).fill(1));
  });

  it('does not ask a model again that declined', async () => {
    const refuse = ({ customId, model }: ModelRequest): Answer => ({
      kind: 'refused',
      customId,
      text: 'I would rather not.',
      usage: { input: 10, output: 2 },
      model,
    });
    const world = await worldOf(pipelineOf(2), { rows: (requests) => requests.map(refuse) });
    expect(kinds(await finish(world, await world.open()))).toEqual(['refused', 'refused']);
    expect(world.scripted.created.size).toBe(1);
  });

  it('tells the model what was wrong, but not when the network was', async () => {
    const prompts: string[] = [];
    const world = await worldOf(pipelineOf(2), {
      rows: (requests, times) => {
        prompts.push(...requests.map((request) => request.prompt));
        if (times > 0) return requests.map((request) => textAnswer(request));
        const [a, b] = requests as [ModelRequest, ModelRequest];
        const broken = {
          kind: 'error',
          customId: b.customId,
          failure: 'transport',
          message: '500',
          raw: '{}',
          billed: 'no',
        } as const;
        return [textAnswer(a, '{"n": "many"}'), broken];
      },
    });
    await finish(world, await world.open());
    const [again, silent] = prompts.slice(2) as [string, string];
    expect(again).toContain('How many in 0?');
    expect(again.length).toBeGreaterThan('How many in 0?'.length + 20);
    expect(silent).toBe('How many in 1?');
  });

  it('says nothing of errors when feedback is turned off', async () => {
    const world = await worldOf(pipelineOf(2, { retry: { maxAttempts: 2, feedback: false, from: null } }), {
      rows: (requests) => requests.map((request) => textAnswer(request, 'no JSON at all')),
    });
    expect(kinds(await finish(world, await world.open()))).toEqual(['malformed', 'malformed']);
    for (const requests of world.scripted.created.values())
      expect(requests[0]!.prompt).toBe('How many in 0?');
  });

  it('gives the same results whatever order, doubles and strangers come in the rows', async () => {
    const one = await worldOf(pipelineOf(6), {});
    const expected = await finish(one, await one.open());
    const stranger = { customId: `00000000-${'a'.repeat(40)}` };
    const other = await worldOf(pipelineOf(6), {
      rows: (requests) => {
        const good = requests.map((request) => textAnswer(request));
        return [...good].reverse().concat(good.slice(2, 4), [{ ...good[0]!, ...stranger }]);
      },
    });
    const worker = await other.open();
    expect(await finish(other, worker)).toEqual(expected);
    expect(worker.context.state.strayRows).toBe(1);
  });

  it('lets a usable row win over an unusable one for the same request, in either order', async () => {
    for (const flip of [false, true]) {
      const world = await worldOf(pipelineOf(2), {
        rows: ([request, other]) => {
          const rows = [
            {
              kind: 'error',
              customId: request!.customId,
              failure: 'transport',
              message: '500',
              raw: '',
              billed: 'no',
            } as const,
            textAnswer(request!),
          ];
          return [...(flip ? rows.reverse() : rows), textAnswer(other!)];
        },
      });
      const worker = await world.open();
      expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
      expect(worker.context.state.strayRows).toBe(1);
    }
  });

  it('lets a prompt name its unit', async () => {
    const world = await worldOf(pipelineOf(2, {}, { templates: { ask: 'Are you {{ unit_id }}?' } }), {});
    await finish(world, await world.open());
    const prompts = [...world.scripted.created.values()].flat().map((request) => request.prompt);
    expect(prompts).toEqual(['Are you a__rep0000?', 'Are you a__rep0001?']);
  });

  it('packs by requests and by bytes', async () => {
    const prompt = 'How many in 0?';
    const world = await worldOf(pipelineOf(10, {}, { chunkSize: 4 }), {});
    await finish(world, await world.open());
    expect([...world.scripted.created.values()].map((requests) => requests.length)).toEqual([4, 4, 2]);
    const narrow = await worldOf(pipelineOf(10), {});
    const { provider } = narrow.scripted;
    Object.assign(provider, { limits: { maxRequests: 1000, maxBytes: prompt.length * 3 } });
    await finish(narrow, await narrow.open());
    expect([...narrow.scripted.created.values()].map((requests) => requests.length)).toEqual([3, 3, 3, 1]);
  });

  it('records a unit whose prompt cannot be rendered as failed, and asks for the others', async () => {
    const templates = {
      ask: '{% if _repetition_id == 1 %}{{ nowhere }}{% endif %}How many in {{ _repetition_id }}?',
    };
    const world = await worldOf(pipelineOf(3, {}, { templates }), {});
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(['valid', 'template', 'valid']);
    expect(JSON.stringify(records[1])).toContain('nowhere');
  });

  it('renders little more than the batch takes', async () => {
    let rendered = 0;
    const inline = createInlineRunner();
    const runner: LocalRunner = {
      ...inline,
      render: (chunk) => {
        rendered += chunk.units.length;
        return inline.render(chunk);
      },
    };
    const few = await worldOf(pipelineOf(200, {}, { chunkSize: 40 }), {}, { runner });
    await (await few.open()).tick();
    expect(few.scripted.created.size).toBe(5);
    // One more for each batch, to see that it is full.
    expect(rendered).toBe(200 + 4);
    rendered = 0;
    const narrow = await worldOf(pipelineOf(1_000), {}, { runner });
    const bytes = 150 * 'How many in 100?'.length;
    Object.assign(narrow.scripted.provider, { limits: { maxRequests: 50_000, maxBytes: bytes } });
    await (await narrow.open()).tick();
    expect(narrow.scripted.created.size).toBeGreaterThanOrEqual(6);
    expect(rendered).toBeLessThan(1_100);
  });

  it('stops a unit that its runner gave up, and keeps the raw answer', async () => {
    const inline = createInlineRunner();
    const issues = [{ path: '', rule: 'LimitError', message: 'checking took too long' }];
    const runner: LocalRunner = {
      ...inline,
      check: async (chunk) => {
        const outcomes = await inline.check(chunk);
        return outcomes.map((outcome, position) => {
          const { id, answer: raw } = chunk.units[position]!;
          if (id !== 'a__rep0001') return outcome;
          return { kind: 'failed', failure: { kind: 'invalid', step: chunk.step, issues, raw } };
        });
      },
    };
    const world = await worldOf(pipelineOf(3), {}, { runner });
    const records = await finish(world, await world.open());
    expect(kinds(records)).toEqual(['valid', 'invalid', 'valid']);
    expect(records[1]).toMatchObject({ failure: { issues, raw: '{"n": 1}' } });
  });

  it('takes over from a process that is gone, after asking the provider', async () => {
    const world = await worldOf(pipelineOf(2), { submit: () => 'created but unsure' });
    await (await world.open('dead-1')).tick();
    expect(world.scripted.created.size).toBe(1);
    const records = await finish(world, await world.open('me'));
    expect(kinds(records)).toEqual(['valid', 'valid']);
    expect(world.scripted.created.size).toBe(1);
  });

  it('asks for a batch created since it tried to, however long ago the batch was declared', async () => {
    const windows: { from: number; until: number }[] = [];
    const world = await worldOf(pipelineOf(2), {
      submit: (times) =>
        times === 0 ? { kind: 'later', why: 'queue full', retryAfterMs: 3_600_000 } : 'created but unsure',
    });
    const { provider } = world.scripted;
    const find = provider.find;
    provider.find = (key, window) => {
      windows.push(window);
      return find(key, window);
    };
    const worker = await world.open();
    await worker.tick();
    world.pass(3_600_000);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    // The first try created nothing for certain: the window begins with the second.
    expect(windows.at(-1)!.from).toBeGreaterThanOrEqual(1_000_000 + 3_600_000);
    expect(windows.at(-1)!.until).toBeGreaterThanOrEqual(windows.at(-1)!.from);
  });

  it('creates nothing when its claim ran out during the upload, and claims anew before it tries again', async () => {
    const world = await worldOf(pipelineOf(2), {
      find: (_, known) => (known ? { kind: 'found', providerBatch: 'batch-1' } : { kind: 'absent' }),
    });
    const { provider } = world.scripted;
    const submit = provider.submit;
    let uploads = 0;
    provider.submit = (draft) => {
      if (uploads++ === 0) world.pass(16 * 60_000);
      return submit(draft);
    };
    const worker = await world.open();
    await worker.tick();
    expect(uploads).toBeGreaterThan(1);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
    expect(timesAsked(world)).toEqual([1, 1]);
  });

  it('leaves a living process its claim until it has run out', async () => {
    const world = await worldOf(pipelineOf(2), {
      submit: () => 'created but unsure',
      find: (times) => (times < 1000 ? { kind: 'unsure', why: 'slow' } : { kind: 'absent' }),
    });
    await (await world.open('alive')).tick();
    const other = await world.open('me');
    expect(await other.tick()).toMatchObject({ kind: 'waiting', waits: [{ why: 'claimed_elsewhere' }] });
    world.pass(15 * 60_000 + 59_000);
    expect(await other.tick()).toMatchObject({ waits: [{ why: 'claimed_elsewhere' }] });
    world.pass(2_000);
    expect(await other.tick()).toMatchObject({ waits: [{ why: 'unsure' }] });
  });

  it('stops between two commands when it is told to, and goes on from there', async () => {
    const world = await worldOf(pipelineOf(2), {});
    const worker = await world.open();
    expect((await worker.tick(AbortSignal.abort())).kind).toBe('interrupted');
    expect(world.scripted.calls).toEqual([]);
    expect(kinds(await finish(world, worker))).toEqual(['valid', 'valid']);
  });
});

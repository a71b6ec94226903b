// Units that become several: their numbers, their books, and what becomes of them whatever goes wrong on the way.
import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { accountFor } from '../../src/engine/account.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { analyseRun } from '../../src/engine/perform-analyse.ts';
import { listUnits } from '../../src/engine/perform-listing.ts';
import { retryFailed } from '../../src/engine/perform-retry.ts';
import { fateOf } from '../../src/engine/retry-policy.ts';
import { fieldsFromJson } from '../../src/expression/json.ts';
import { dictEntries, dictOf } from '../../src/expression/values.ts';
import type { LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import type { BlobPart } from '../../src/ports/blobs.ts';
import type { LocalRunner } from '../../src/ports/runner.ts';
import { resultLine } from '../../src/report/results.ts';
import { choir, chorus, linesOf, local, RATE, split, WRITE } from './fan-out-world.ts';
import { created, declared, settlement, stop } from './journal-cases.ts';
import type { Script } from './scripted-provider.ts';
import { checkEveryEvent } from './shard-world.ts';
import { finish, kinds, type WorldOptions, worldOf } from './world.ts';

async function play(loaded: LoadedPipeline, script: Script = choir(), options: WorldOptions = {}) {
  const world = await worldOf(loaded, script, options);
  const worker = await world.open();
  const records = await finish(world, worker);
  const { events } = await world.journal.read();
  checkEveryEvent(events);
  const { state } = worker.context;
  return { world, worker, records, events, state, books: accountFor(state) };
}

const REHEARSAL = [WRITE, split('lines', 'line', 4), RATE];
const ids = (records: readonly { readonly unit: string }[]): string[] => records.map(({ unit }) => unit);
const childrenOf = (unit: string): string[] =>
  Array.from({ length: linesOf(unit) }, (_, i) => `${unit}__fan00${i}`);

describe('a run that fans out', () => {
  it('goes on with one unit for each element, with all that its parent had', async () => {
    const { records } = await play(chorus(REHEARSAL));
    expect(ids(records)).toEqual([...childrenOf('ant'), ...childrenOf('cat')]);
    expect(records).toHaveLength(6);
    const [first] = records;
    expect(first).toMatchObject({ kind: 'valid', item: 'ant', attempts: 1 });
    expect(JSON.parse(resultLine(first as Extract<typeof first, { kind: 'valid' }>))).toMatchObject({
      unit_id: 'ant__fan000',
      kind: 'ant',
      line: 'ant sings 0',
      _metadata: { _fan_index: 0, _fan_parent_id: 'ant' },
    });
  });

  it('counts units as they are by then, and says how many were planned', async () => {
    const { books, records } = await play(chorus(REHEARSAL));
    expect(books).toMatchObject({ sources: 3, planned: records.length, valid: records.length, failed: 0 });
    expect(books.steps.map(({ entered, valid, children }) => ({ entered, valid, children }))).toEqual([
      { entered: 3, valid: 3 },
      { entered: 3, valid: 3, children: records.length },
      { entered: records.length, valid: records.length },
    ]);
  });

  it('numbers children within the room that their parents have', async () => {
    const { state } = await play(chorus(REHEARSAL));
    const [, fan, rate] = state.steps;
    const numbers = ['ant', 'elk', 'cat'].flatMap((unit, i) =>
      childrenOf(unit).map((_, place) => i * 4 + place),
    );
    expect([...fan!.made]).toEqual(numbers);
    expect([...rate!.passed]).toEqual(numbers);
    expect([fan!.level, rate!.level, fan!.passed.toString()]).toEqual([0, 1, '0-2']);
  });

  const songs = fieldsFromJson('{"songs": [[1, 2], [], [3.5]]}').get('songs')!;

  it('may begin and end with a fan-out, one after another', async () => {
    const lists = chorus([split('songs', 'song', 3, 'songs'), split('song', 'note', 2, 'notes')]);
    const items = lists.items.get('items')!.map(({ id, fields }) => {
      return { id, fields: dictOf([...dictEntries(fields), ['songs', songs]] as never) };
    });
    const { records, books } = await play({ ...lists, items: new Map([['items', items]]) });
    expect(ids(records)).toEqual(
      ['ant', 'elk', 'cat'].flatMap((id) => [
        `${id}__fan000__fan000`,
        `${id}__fan000__fan001`,
        `${id}__fan002__fan000`,
      ]),
    );
    expect(resultLine(records[2] as never)).toContain('"note":3.5');
    expect(resultLine(records[2] as never)).toContain('"_fan_parent_id":"ant__fan002"');
    expect(books).toMatchObject({ sources: 3, planned: 9, valid: 9 });
    expect(books.steps.map(({ children }) => children)).toEqual([9, 9]);
  });

  it('is over without a result where every list is empty', async () => {
    const { records, books, state } = await play(
      chorus([local('none', 'lines', '[]'), split('lines', 'line', 4), RATE]),
    );
    expect(records).toEqual([]);
    expect(state.finished).toBe(true);
    expect(books).toMatchObject({ sources: 3, planned: 0, valid: 0, failed: 0, inFlight: 0 });
    expect(books.steps[1]).toMatchObject({ entered: 3, valid: 3, children: 0 });
  });

  it('gives no one the long lists of many children at once', async () => {
    const inline = createInlineRunner();
    const chunks: number[] = [];
    const runner: LocalRunner = {
      ...inline,
      computeLines: (work, units) => {
        chunks.push(
          units.reduce<number>((sum, unit) => sum + (typeof unit === 'number' ? 0 : unit.fields.length), 0),
        );
        return inline.computeLines(work, units);
      },
    };
    const steps = [
      local('long', 'lines', "['x' * 1000] * 100"),
      split('lines', 'line', 100),
      local('n', 'n', '1'),
    ];
    const { records } = await play(chorus(steps), choir(), { runner });
    expect(records).toHaveLength(300);
    expect(Math.max(...chunks)).toBeLessThan(5_000_000);
    expect(chunks.reduce((a, b) => a + b)).toBeGreaterThan(30_000_000);
  });

  it('writes nothing for children where there are none', async () => {
    const blobs = createMemoryBlobs();
    let empty = 0;
    const put: typeof blobs.put = async (parts) => {
      const all: BlobPart[] = [];
      for await (const part of parts) all.push(part);
      if (all.every(({ length }) => length === 0)) empty++;
      return await blobs.put(all);
    };
    const steps = [local('none', 'lines', '[]'), split('lines', 'line', 4), RATE];
    await play(chorus(steps), choir(), { blobs: { ...blobs, put } });
    expect(empty).toBe(0);
  });

  it.each([
    [
      'fan_out.missing',
      local('other', 'words', '[1]'),
      '"lines" is missing, and nothing else can be fanned out',
    ],
    ['fan_out.list', local('text', 'lines', "'la'"), 'is of type str, and only a list can be fanned out'],
    [
      'fan_out.too_many',
      local('many', 'lines', 'list(range(5))'),
      'has 5 elements, and at most 4 can be fanned out',
    ],
  ])('fails for %s where nothing generated can be repeated', async (rule, step, message) => {
    const { records, books } = await play(chorus([step, split('lines', 'line', 4), RATE]));
    expect(ids(records)).toEqual(['ant', 'elk', 'cat']);
    expect(records[0]).toMatchObject({
      kind: 'failed',
      failure: { kind: 'invalid', step: 'split', issues: [{ rule, message }], raw: null },
    });
    expect(books).toMatchObject({ sources: 3, planned: 3, valid: 0, failed: 3 });
  });

  it('asks anew for a list that was too long, and tells the model so', async () => {
    const prompts: string[] = [];
    const script: Script = {
      rows: (requests) =>
        requests.map((request) => {
          prompts.push(request.prompt);
          const lines = request.prompt.includes('at most 2 can be') ? ['a', 'b'] : ['a', 'b', 'c'];
          return {
            ...choir().rows!([request], 0)[Symbol.iterator]().next().value,
            text: JSON.stringify({ lines }),
          };
        }),
    };
    const { records, books } = await play(
      chorus([WRITE, split('lines', 'line', 2)], {}, ['ant', 'bee']),
      script,
    );
    expect(ids(records)).toEqual(['ant__fan000', 'ant__fan001', 'bee__fan000', 'bee__fan001']);
    expect(records.map(({ attempts }) => attempts)).toEqual([2, 2, 2, 2]);
    expect(prompts).toHaveLength(4);
    expect(books.steps[0]).toMatchObject({ valid: 2, retried: 2 });
    expect(books.steps[1]).toMatchObject({ valid: 2, children: 4, firstAttemptValid: 0 });
  });

  it('asks no model again for a list that no model wrote', async () => {
    const long = local('count', 'lines', '[1, 2, 3]');
    const ask = { ...RATE, name: 'ask', template: 'ask' };
    const { worker, records, books } = await play(chorus([long, ask, split('lines', 'line', 2)]));
    expect(records.map(({ kind, attempts }) => `${kind} ${attempts}`)).toEqual(Array(3).fill('failed 1'));
    expect(books.steps[1]).toMatchObject({ requests: 3, retried: 0 });
    // Not when a person wants it either.
    const all = { step: null, kind: null };
    expect(await retryFailed(worker.context, all)).toMatchObject({ retried: 0, hopeless: 3 });
    // Where it is worked out from an answer, that is asked again.
    const double = local('double', 'lines', 'lines + lines');
    const fed = await play(chorus([WRITE, double, split('lines', 'line', 7)]));
    expect(fed.records.at(-1)).toMatchObject({ unit: 'cat', kind: 'failed', attempts: 3 });
    expect(await retryFailed(fed.worker.context, all)).toMatchObject({ retried: 1, hopeless: 0 });
  });

  it('repeats a child, and never what its parent was asked', async () => {
    const asked: string[] = [];
    const script = choir(({ prompt }) => {
      asked.push(prompt.split('\n')[0]!);
      return /^rate cat__fan002: .*$/.test(prompt);
    });
    const { records, books } = await play(chorus(REHEARSAL), script);
    expect(records.map(({ kind, attempts }) => `${kind} ${attempts}`)).toEqual(
      ids(records).map((id) => (id === 'cat__fan002' ? 'valid 2' : 'valid 1')),
    );
    expect(asked.filter((prompt) => prompt.startsWith('write'))).toHaveLength(3);
    expect(books.steps[2]).toMatchObject({ retried: 1, firstAttemptValid: 5, requests: 7 });
  });

  it('keeps children that fail beside those that do not, in their order', async () => {
    const script = choir(
      ({ prompt }) => prompt.startsWith('rate cat__fan001') || prompt.startsWith('write about ant'),
    );
    const { records, books } = await play(chorus(REHEARSAL), script);
    const about = (one: (typeof records)[number]) =>
      one.kind === 'failed' ? `${one.unit} ${one.failure.step}` : one.unit;
    expect(records.map(about)).toEqual([
      'ant write',
      'cat__fan000',
      'cat__fan001 rate',
      'cat__fan002',
      'cat__fan003',
    ]);
    expect(records.map(({ item }) => item)).toEqual(['ant', 'cat', 'cat', 'cat', 'cat']);
    expect(books).toMatchObject({ sources: 3, planned: 5, valid: 3, failed: 2, inFlight: 0 });
  });

  it('sends a judged child back no farther than the fan-out', () => {
    const rule = { name: 'r', expr: 'n > 1', when: null, error: 'no', level: 'error' } as const;
    const judge = { ...RATE, name: 'judge', judge: true, checks: { ...RATE.checks, rules: [rule] } };
    const no = {
      kind: 'invalid',
      step: 'judge',
      issues: [{ path: '', rule: 'r', message: '' }],
      raw: '',
    } as const;
    const fan = split('lines', 'line', 4);
    expect(fateOf([WRITE, fan, judge], 2, 1, no)).toEqual({ kind: 'final' });
    expect(fateOf([WRITE, fan, RATE, judge], 3, 1, no)).toEqual({ kind: 'retry', step: 2 });
    const named = { ...judge, retry: { ...judge.retry, from: 'write' } };
    expect(fateOf([WRITE, fan, named], 2, 1, no)).toEqual({ kind: 'final' });
    expect(fateOf([WRITE, fan, split('line', 'word', 2)], 2, 1, { ...no, issues: [] })).toEqual({
      kind: 'final',
    });
  });

  it('is cancelled midway without losing a unit, and goes on when it is retried', async () => {
    let now: 'rating' | 'cancelled' | 'mended' = 'rating';
    const world = await worldOf(chorus(REHEARSAL), {
      ...choir(),
      cancel: () => {
        now = 'cancelled';
      },
      // The lists come at once, the ratings only when they are asked for again.
      check: (times) => {
        if (now === 'cancelled') return { kind: 'ended', status: 'canceled', reason: null };
        const isOver = times === 0 || now === 'mended';
        return isOver
          ? { kind: 'ended', status: 'completed', reason: null }
          : { kind: 'running', status: 'x', completed: 0 };
      },
      rows: (requests, times) => (now === 'cancelled' ? [] : choir().rows!(requests, times)),
    });
    const worker = await world.open();
    await worker.tick();
    const { events, version } = await world.journal.read();
    expect(foldJournal(events)!.steps[1]!.made.size).toBe(6);
    await world.journal.append([{ type: 'cancel_requested', at: 1_000_500 }], version);
    world.pass(60_000);
    const records = await finish(world, worker);
    expect(ids(records)).toEqual([...childrenOf('ant'), ...childrenOf('cat')]);
    expect(kinds(records)).toEqual(Array.from({ length: 6 }, () => 'canceled'));
    now = 'mended';
    expect(await retryFailed(worker.context, { step: null, kind: null })).toMatchObject({ retried: 6 });
    expect(kinds(await finish(world, worker))).toEqual(Array.from({ length: 6 }, () => 'valid'));
    checkEveryEvent((await world.journal.read()).events);
  });

  it('gives up units that wait at a fan-out when it is cancelled, and divides them when they are retried', async () => {
    const world = await worldOf(
      chorus([local('sing', 'lines', "['a', 'b']"), split('lines', 'line', 2)]),
      {},
    );
    const ending = new AbortController();
    const first = await world.open();
    await first.tick(ending.signal, ({ steps }) => {
      if (steps[1]!.ready.length > 0) ending.abort();
    });
    await first.context.record([{ type: 'cancel_requested', at: 1_000_500 }]);
    const worker = await world.open();
    expect(worker.context.state.steps[0]!.passed.size).toBe(3);
    expect(kinds(await finish(world, worker))).toEqual(['canceled', 'canceled', 'canceled']);
    expect(await retryFailed(worker.context, { step: null, kind: null })).toMatchObject({ retried: 3 });
    const again = await finish(world, worker);
    expect(kinds(again)).toEqual(Array.from({ length: 6 }, () => 'valid'));
  });

  it('tries failed children again when a person wants it', async () => {
    let isMended = false;
    const script = choir(({ prompt }) => !isMended && /^rate cat|^write about ant/.test(prompt));
    const { world, worker, records } = await play(chorus(REHEARSAL), script);
    expect(records.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'failed'));
    isMended = true;
    expect(await retryFailed(worker.context, { step: null, kind: null })).toMatchObject({ retried: 5 });
    const again = await finish(world, worker);
    expect(ids(again)).toEqual([...childrenOf('ant'), ...childrenOf('cat')]);
    expect(again.every(({ kind }) => kind === 'valid')).toBe(true);
    expect(again.map(({ attempts }) => attempts)).toEqual([4, 4, 4, 4, 4, 4]);
    checkEveryEvent((await world.journal.read()).events);
  });

  it('lists children on its page with what their parents were asked', async () => {
    const script = choir(
      ({ prompt }) => prompt.startsWith('rate cat__fan001') || prompt.startsWith('write about elk'),
    );
    const { worker } = await play(chorus(REHEARSAL), script);
    const { analysis } = await analyseRun(worker.context);
    const listed = await listUnits(worker.context, analysis, null);
    expect(ids(listed)).toEqual([
      'elk',
      'cat__fan001',
      ...childrenOf('ant'),
      'cat__fan000',
      'cat__fan002',
      'cat__fan003',
    ]);
    const stepsOf = (unit: string) =>
      listed
        .find((one) => one.unit === unit)!
        .story!.attempts.map(({ step, attempt }) => `${step} ${attempt}`);
    expect(stepsOf('elk')).toEqual(['write 1', 'write 2', 'write 3']);
    expect(stepsOf('cat__fan001')).toEqual(['write 1', 'rate 1', 'rate 2', 'rate 3']);
    expect(stepsOf('cat__fan003')).toEqual(['write 1', 'rate 1']);
  });
});

it('has books in which no child can be lost or made up', async () => {
  const { books } = await play(chorus(REHEARSAL));
  expect(checkAccounting(books)).toBeNull();
  expect(checkAccounting({ ...books, sources: 4 })).toBe('write: entered 3, but 4 came from the step before');
  const steps = books.steps.map((step) => (step.step === 'split' ? { ...step, children: 7 } : step));
  expect(checkAccounting({ ...books, steps })).toBe('rate: entered 6, but 7 came from the step before');
  expect(checkAccounting({ ...books, planned: 7, inFlight: 1 })).toBe(
    'planned is 7, but 3 became 6 by fanning out',
  );
});

describe('the journal of a run that fans out', () => {
  const begun = [created(3, ['l1', 'f2', 'l3'])];
  const made = { units: '0-1,8-11', outcomes: '0'.repeat(64) };
  const asked = {
    type: 'batch_settled',
    batch: 'a',
    settlements: [settlement(0, '0-2')],
    strayRows: 0,
    at: 1,
  } as const;
  const fanned = {
    type: 'work_settled',
    settlement: settlement(1, '0-2', { children: made }),
    at: 2,
  } as const;
  const before = [...begun, declared('a', 0, '0-2'), asked];

  it('has another version than one that an older engine would misread', async () => {
    const { events } = await play(chorus(REHEARSAL));
    expect(events[0]).toMatchObject({ journal: 4, units: 3 });
    expect((events[0] as { steps: unknown }).steps).toEqual([
      { name: 'write', kind: 'llm' },
      { name: 'split', kind: 'fan_out', width: 4 },
      { name: 'rate', kind: 'llm' },
    ]);
    const plain = await play(chorus([RATE]));
    expect(plain.events[0]).toMatchObject({ journal: 2 });
  });

  it('makes the children wait at the next step, in the first attempt', () => {
    const state = foldJournal([...before, fanned])!;
    expect(state.steps[2]!.ready.map(({ units, attempt }) => [units.toString(), attempt])).toEqual([
      ['0-1,8-11', 1],
    ]);
    expect(accountFor(state)).toMatchObject({ sources: 3, planned: 6, inFlight: 6 });
  });

  it.each([
    ['children of other units', settlement(1, '0-1', { children: made }), /did not pass it/],
    [
      'children of units that failed',
      settlement(1, '0-2', { children: made, stops: [stop(1, '2')] }),
      /did not pass it/,
    ],
    [
      'a fan-out together with another step',
      settlement(1, '0-2', { through: 2, children: made }),
      /together with other steps/,
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => foldJournal([...before, { type: 'work_settled', settlement: wrong, at: 3 }])).toThrow(
      message,
    );
  });

  it('refuses a way back over the fan-out', () => {
    const back = settlement(2, '0', { stops: [stop(2, '', [{ step: 0, units: '0' }])] });
    const events = [...before, fanned, { type: 'work_settled', settlement: back, at: 3 } as const];
    expect(() => foldJournal(events)).toThrow('A retry cannot go back over a fan-out.');
  });

  it('refuses a fan-out of no width', () => {
    const [first] = begun as [(typeof begun)[0] & { type: 'run_created' }];
    const steps = first.steps.map(({ name, kind }) => ({ name, kind }));
    expect(() => foldJournal([{ ...first, steps }])).toThrow('how many children step "f2" makes');
  });
});

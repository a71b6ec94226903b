// Runs that lost blobs for good: what is asked again is what was lost, and the end is the one without the loss.
import { describe, expect, it } from 'vitest';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import { accountFor } from '../../src/engine/account.ts';
import { namedBlobs, neededBlobs } from '../../src/engine/audit.ts';
import { budgetOf, freeMoney } from '../../src/engine/budget.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import { type LostUnits, planLoss } from '../../src/engine/perform-lose.ts';
import { leftForLoss } from '../../src/engine/perform-lose-bound.ts';
import { recompute } from '../../src/engine/perform-recompute.ts';
import { readRequests } from '../../src/engine/request-line.ts';
import type { RunState } from '../../src/engine/state.ts';
import { UnitSet } from '../../src/engine/unit-set.ts';
import type { Mode } from '../../src/pipeline/pipeline.ts';
import type { Blobs, Digest } from '../../src/ports/blobs.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { ModelRequest } from '../../src/ports/provider.ts';
import type { LocalRunner } from '../../src/ports/runner.ts';
import { fc } from '../property.ts';
import { choir, chorus, local, RATE, sometimes } from './fan-out-world.ts';
import { created, DIGEST, declared, settlement, stop } from './journal-cases.ts';
import { AT_ONCE, begin, CAP, ONE_IN_THREE, SCENES, TOGETHER } from './lost-scenes.ts';
import { diedAfter, losable, mayBeAsked, payFor } from './lost-world.ts';
import { type Script, textAnswer } from './scripted-provider.ts';
import { checkEveryEvent } from './shard-world.ts';
import { finish, PRICE, type World, type WorldOptions, worldOf } from './world.ts';

/** How often each request came into being, call by call or in batches, by hash. */
function askedBy({ scripted }: World): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (customId: string, count: number): void => {
    const hash = customId.slice(9);
    counts.set(hash, (counts.get(hash) ?? 0) + count);
  };
  for (const requests of scripted.created.values()) for (const { customId } of requests) add(customId, 1);
  for (const [customId, count] of scripted.asked) add(customId, count);
  return counts;
}

/** What each request of a batch says, by hash. */
function wordsOf({ scripted }: World): Map<string, string> {
  const words = new Map<string, string>();
  for (const requests of scripted.created.values())
    for (const { customId, prompt } of requests) words.set(customId.slice(9), prompt);
  return words;
}

/** What was paid, and may have been. */
function spentBy(state: RunState): bigint {
  const { known, uncertain } = budgetOf(state);
  return known + uncertain;
}

/** The books as far as they are the same whatever was asked twice. */
function booksOf(state: RunState) {
  return accountFor(state).steps.map(({ valid, failed, failures, retried, firstAttemptValid, entered }) => ({
    ...{ entered, valid, failed, failures, retried, firstAttemptValid },
  }));
}

describe('blobs that are lost for good', () => {
  it('cost what was lost, and nothing else: the results are those of a run without loss', async () => {
    const share = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
    const seen = { back: 0, batches: 0, answers: 0, givenUp: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(SCENES)),
        fc.constantFrom<Mode>('batch', 'realtime'),
        fc.integer({ min: 2, max: 9 }),
        fc.nat(60),
        fc.constantFrom(AT_ONCE, TOGETHER, ONE_IN_THREE),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        fc.record({ outcomes: share, answers: share, requests: share }),
        async (name, mode, chunk, appends, isOver, chances, shares) => {
          const scene = SCENES[name]!(mode, chunk);
          const whole = await begin(scene, 1, AT_ONCE);
          const wholeWorker = await whole.world.open();
          const expected = await finish(whole.world, wholeWorker);

          const { world, lost } = await begin(scene, 1 + appends, isOver);
          const before = (await world.journal.read()).events;
          for (const { digest, role } of losable(before))
            if (chances.next().value! < shares[role as keyof typeof shares]) lost.add(digest);
          const asked = askedBy(world);
          const paid = await payFor(world, scene.loaded, lost);
          for (const digest of neededBlobs(foldJournal(paid.events)!)) expect(lost).not.toContain(digest);
          seen.back += paid.plan.back.length;
          seen.batches += paid.plan.batches.length;
          seen.answers += paid.plan.events.filter(({ type }) => type === 'answers_lost').length;
          seen.givenUp += paid.plan.givenUp.length;

          const worker = await world.open();
          expect(await finish(world, worker)).toEqual(expected);
          expect(booksOf(worker.context.state)).toEqual(booksOf(wholeWorker.context.state));
          // A call whose process died is uncertain money, loss or none.
          if (mode === 'batch' && paid.bound !== null)
            expect(spentBy(worker.context.state) <= spentBy(wholeWorker.context.state) + paid.bound).toBe(
              true,
            );
          // What is asked again is asked in the same words, what was wrong before included.
          const words = wordsOf(whole.world);
          if (paid.plan.untold === 0)
            for (const [hash, prompt] of wordsOf(world)) expect(prompt).toBe(words.get(hash) ?? prompt);
          const allowed = mayBeAsked(before, paid, worker, 9);
          const once = askedBy(whole.world);
          // A call whose process died is made once more, loss or none.
          for (const [hash, count] of askedBy(world))
            if (!allowed.has(hash) && asked.has(hash))
              expect(count, hash).toBeLessThanOrEqual(once.get(hash)! + (mode === 'realtime' ? 1 : 0));
        },
      ),
      { numRuns: 25 },
    );
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(0);
  }, 120_000);

  it('that stood for local work are made again for the units that have all they had', async () => {
    const ask = { ...RATE, template: 'ask' };
    const steps = [{ ...ask, name: 'first' }, { ...ask, name: 'second' }, local('end', 'end', 'n + 1')];
    // Some answers of the first step are bad, so that the batches of the second have units of several.
    const scene = { loaded: chorus(steps, { repeat: 4, chunkSize: 4 }), script: choir(sometimes(5, 4)) };
    const whole = await begin(scene, 1e9, TOGETHER);
    const expected = await finish(whole.world, await whole.world.open());
    const { world, lost } = await begin(scene, 1e9, TOGETHER);
    const { events } = await world.journal.read();
    for (const { digest, role } of losable(events)) if (role === 'outcomes') lost.add(digest);
    const first = events.find((event) => event.type === 'batch_collected')!;
    lost.add(first.answers);
    const asked = world.scripted.created.size;
    const { plan } = await payFor(world, scene.loaded, lost);
    expect(plan.remade).toBeGreaterThan(0);
    expect(plan.events.map(({ type }) => type)).toContain('outcomes_remade');
    const again = plan.back.flatMap(({ step, groups }) => groups.map(({ units }) => `${step}: ${units}`));
    expect(again).toMatchInlineSnapshot(`
      [
        "0: 0,3",
      ]
    `);
    expect(await finish(world, await world.open())).toEqual(expected);
    expect(world.scripted.created.size - asked).toBeLessThan(asked / 2);
  });

  it('are given up for nothing where no result rests on them', async () => {
    const scene = SCENES.judged!('batch', 4);
    const { world, lost } = await begin(scene, 1e9, TOGETHER);
    for (const { digest, role } of losable((await world.journal.read()).events))
      if (role !== 'outcomes') lost.add(digest);
    const { plan, events } = await payFor(world, scene.loaded, lost);
    expect(plan.events.map(({ type }) => type)).toEqual(['blobs_lost']);
    expect(foldJournal(events)!.finished).toBe(true);
    expect(namedBlobs(events).filter(({ isGivenUp }) => isGivenUp)).toHaveLength(plan.givenUp.length);
  });
});

describe('what was wrong with an answer', () => {
  const ask = { ...RATE, template: 'ask' };
  const again = { ...RATE, name: 'second', template: 'again' };
  const { pipeline, items } = chorus([{ ...ask, name: 'first' }, again], { repeat: 4, chunkSize: 4 });
  const templates = { ...pipeline.templates, again: 'again {{ unit_id }} {{ n }}' };
  const loaded = { items, pipeline: { ...pipeline, templates } };
  // The batches of the second step have units of several of the first, and one of them is answered badly.
  const isBad = ({ prompt }: ModelRequest): boolean =>
    !prompt.includes('\n\n') && /^(ask ant__rep0000|again elk__rep0000)/.test(prompt);
  const script: Script = {
    ...choir(isBad),
    check: (times) =>
      TOGETHER(times)
        ? { kind: 'ended', status: 'completed', reason: null }
        : { kind: 'running', status: 'in_progress', completed: 0 },
  };
  const isRetried = (event: JournalEvent): boolean =>
    event.type === 'batch_settled' &&
    event.settlements.some(
      ({ step, stops }) => step === 1 && stops.some(({ retries }) => retries.length > 0),
    );

  it('is told again, from that answer, where the blob is lost that told it', async () => {
    const whole = await worldOf(loaded, script);
    const expected = await finish(whole, await whole.open());
    const { world, lost } = await diedAfter(loaded, script, null, {}, isRetried);
    const { events } = await world.journal.read();
    const [waiting] = foldJournal(events)!.steps[1]!.ready.filter(({ feedback }) => feedback !== null);
    expect(waiting!.units.toString()).toBe('1');
    lost.add(waiting!.feedback!);
    // Of a neighbour in its batch the answer before is lost, so that the blob cannot be made again as it was.
    const declared = events.filter((event) => event.type === 'batch_declared');
    const { batch } = declared.find(
      ({ step, groups }) => step === 0 && UnitSet.parse(groups[0]!.units).has(4),
    )!;
    for (const event of events) {
      if (event.type === 'batch_collected' && event.batch === batch) lost.add(event.answers);
      if (event.type === 'batch_settled' && event.batch === batch) lost.add(event.settlements[0]!.outcomes);
    }
    const asked = new Set(world.scripted.created.keys());
    const { plan } = await payFor(world, loaded, lost);
    expect(plan.events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['units_lost', 'feedback_remade', 'blobs_lost']),
    );
    expect([plan.untold, plan.givenUp.length]).toEqual([0, lost.size]);
    expect(await finish(world, await world.open())).toEqual(expected);
    const later = [...world.scripted.created].filter(([id]) => !asked.has(id)).flatMap(([, all]) => all);
    const told = later.filter(({ prompt }) => prompt.startsWith('again elk__rep0000'));
    const words = [...wordsOf(whole).values()].filter((one) => one.startsWith('again elk__rep0000'));
    expect(told.map(({ prompt }) => prompt)).toEqual(words.slice(1));
    expect(told[0]!.prompt).toContain('\n\n');
  });

  it('is counted as untold where the answer is lost too, and the unit is asked without it', async () => {
    const { world, lost } = await diedAfter(loaded, script, null, {}, isRetried);
    const { events } = await world.journal.read();
    const [waiting] = foldJournal(events)!.steps[1]!.ready.filter(({ feedback }) => feedback !== null);
    lost.add(waiting!.feedback!);
    for (const event of events) if (event.type === 'batch_collected') lost.add(event.answers);
    const { plan } = await payFor(world, loaded, lost);
    expect(plan.untold).toBe(1);
    const state = foldJournal((await world.journal.read()).events)!;
    expect(state.steps[1]!.ready.every(({ feedback }) => feedback === null)).toBe(true);
  });

  it('stays with a journal that an engine from before refuses, by the one event', () => {
    const ready = checkEveryEvent([
      created(2, ['l1', 'l2']),
      declared('a', 0, '0-1'),
      { type: 'batch_submitted', batch: 'a', providerBatch: 'x', at: 3000 },
      {
        type: 'batch_collected',
        batch: 'a',
        status: 'completed',
        reason: null,
        answers: DIGEST,
        rows: 2,
        at: 4000,
      },
      {
        type: 'batch_settled',
        batch: 'a',
        settlements: [
          settlement(0, '0-1', {
            stops: [{ step: 0, failed: '', kinds: {}, retries: [{ step: 0, units: '1' }] }],
          }),
        ],
        strayRows: 0,
        at: 5000,
      },
      { type: 'feedback_remade', lost: DIGEST, outcomes: 'b'.repeat(64), step: 0, units: '1', at: 6000 },
    ]).steps[0]!.ready;
    expect(ready.map(({ feedback }) => feedback)).toEqual(['b'.repeat(64)]);
  });
});

describe('the money of a loss', () => {
  const paid: WorldOptions = {
    session: { paid: true },
    settings: { prices: { 'scripted/m/batch': PRICE, 'scripted/m/realtime': PRICE }, cap: String(CAP) },
  };
  const calls = chorus([{ ...RATE, template: 'ask', mode: 'realtime' }], { repeat: 2, mode: 'realtime' });
  const batches = chorus([{ ...RATE, template: 'ask', mode: 'batch' }], { repeat: 2, mode: 'batch' });
  const lostEvent = (events: readonly JournalEvent[]) =>
    events.find((event) => event.type === 'answers_lost' || event.type === 'batch_lost');
  /** The bounds of one call of each request, by unit. */
  const boundsIn = async ({ journal, blobs }: World): Promise<bigint[]> => {
    const { events } = await journal.read();
    const { requests } = events.find((event) => event.type === 'batch_declared')!;
    const bounds: bigint[] = [];
    for await (const { line } of readRequests(blobs.lines(requests as Digest)))
      bounds[line.unit] = BigInt(line.callBound);
    return bounds;
  };

  it('is told where only calls under way are made again', async () => {
    const { world, lost } = await diedAfter(calls, choir(), 'calls_answered', paid);
    const { events } = await world.journal.read();
    for (const { digest, role } of losable(events)) if (role === 'answers') lost.add(digest);
    const { plan, bound } = await payFor(world, calls, lost);
    expect([plan.back, lostEvent(plan.events)?.type]).toEqual([[], 'answers_lost']);
    expect(bound! >= BigInt(lostEvent(plan.events)!.uncertain)).toBe(true);
    expect(bound! > 0n).toBe(true);
  });

  it('has the first two calls of a unit that was silent twice, and is called a third time', async () => {
    const again = (event: JournalEvent) => event.type === 'calls_begun' && event.again;
    const silent = (request: ModelRequest) => request.prompt.includes('elk');
    const script: Script = {
      ...choir(),
      ask: (request) =>
        silent(request)
          ? { kind: 'unanswered', why: 'silence' }
          : { kind: 'answered', answer: textAnswer(request) },
    };
    const { world, lost } = await diedAfter(calls, script, null, paid, again);
    const { events } = await world.journal.read();
    for (const { digest, role } of losable(events)) if (role === 'answers') lost.add(digest);
    const bounds = await boundsIn(world);
    const { plan } = await payFor(world, calls, lost);
    const event = lostEvent(plan.events)!;
    if (event.type !== 'answers_lost') throw new Error('no answers are lost');
    const answered = UnitSet.parse(event.units);
    expect(answered.size).toBe(4);
    const most = bounds.map((bound, unit) => bound * (answered.has(unit) ? 2n : 1n));
    expect(event.uncertain).toBe(most.reduce((sum, one) => sum + one).toString());
  });

  describe('of a batch that waits for the answers before it once more', () => {
    const steps = [
      { ...RATE, name: 'first', template: 'ask' },
      { ...RATE, name: 'second', template: 'ask' },
    ];
    const loaded = chorus(steps, { repeat: 2, mode: 'batch' });
    const begun = (type: JournalEvent['type']) => {
      let times = 0;
      return diedAfter(loaded, choir(), null, paid, (event) => event.type === type && ++times === 2);
    };

    it('counts each unit at each step once', async () => {
      const bounds: (bigint | null)[] = [];
      for (const second of [false, true]) {
        const { world, lost } = await begun('batch_collected');
        const { events } = await world.journal.read();
        const [first, last] = events.filter((event) => event.type === 'batch_collected');
        lost.add(first!.answers);
        if (second) lost.add(last!.answers);
        for (const { digest, role } of losable(events)) if (role === 'outcomes') lost.add(digest);
        const { plan, bound } = await payFor(world, loaded, lost);
        expect([plan.batches.length, plan.back.map(({ step }) => step)]).toEqual([second ? 1 : 0, [0]]);
        bounds.push(bound);
      }
      expect(bounds[0]! > 0n).toBe(true);
      expect(bounds[1]).toBe(bounds[0]);
    });

    it('leaves what was promised to it to whoever asks again', async () => {
      const { world, lost } = await begun('batch_submitted');
      const { events } = await world.journal.read();
      const [batch] = [...foldJournal(events)!.batches.values()];
      lost.add(batch!.requests);
      const before = foldJournal(events)!;
      const { ports } = (await world.open()).context;
      const plan = await planLoss(ports, loaded, events, [{ digest: batch!.requests, role: 'requests' }]);
      const after = foldJournal([...events, ...plan.events])!;
      const { known, uncertain } = budgetOf(after);
      expect(leftForLoss(after, plan)).toBe(CAP - known - uncertain);
      expect(freeMoney(before)).toBe(CAP - budgetOf(before).known - batch!.reserved);
    });
  });

  it('counts a batch of which nobody could tell whether it was created', async () => {
    const { world, lost } = await diedAfter(batches, choir(), 'batch_creating', paid);
    const { events, version } = await world.journal.read();
    const { batch, requests } = events.find((event) => event.type === 'batch_declared')!;
    const answers = await world.blobs.put([]);
    const end = { status: 'lost', reason: 'nobody could tell', answers, rows: 0, at: 2_000_000 } as const;
    await world.journal.append([{ type: 'batch_collected', batch, ...end }], version);
    lost.add(requests);
    // As if the pipeline gave other requests now.
    const { ports } = (await world.open()).context;
    const now = (await world.journal.read()).events;
    const plan = await planLoss(ports, batches, now, [{ digest: requests, role: 'requests' }]);
    const event = lostEvent(plan.events)!;
    expect(event.type).toBe('batch_lost');
    expect(BigInt(event.uncertain) > 0n).toBe(true);
  });
});

describe('work that is done again', () => {
  it.each([
    ['leaves no blob open', [{ ...RATE, template: 'ask' }, local('end', 'end', 'n + 1')], 2],
    ['leaves what waits behind it alone', [local('end', 'end', '1 + 1')], 900],
  ])('%s', async (_, steps, repeat) => {
    const loaded = chorus(steps, { repeat, mode: 'batch' });
    const { world, lost } = await diedAfter(loaded, choir(), 'work_settled', {});
    const { events } = await world.journal.read();
    const place = events.findIndex(({ type }) => type === 'work_settled');
    const event = events[place]!;
    if (event.type !== 'work_settled') throw new Error('nothing was computed');
    const digest = event.settlement.outcomes;
    lost.add(digest);
    let [open, chunks] = [0, 0];
    const inner = createInlineRunner();
    const runner: LocalRunner = {
      ...inner,
      ahead: 2,
      computeLines(work, units) {
        chunks++;
        return inner.computeLines(work, units);
      },
    };
    const blobs: Blobs = {
      ...world.blobs,
      async *bunches(wanted) {
        open++;
        try {
          yield* world.blobs.bunches(wanted);
        } finally {
          open--;
        }
      },
    };
    const ports = { ...(await world.open()).context.ports, runner, blobs };
    expect(await recompute(ports, loaded, events, [{ digest, event: place }])).toEqual(
      new Map([[digest, 'made']]),
    );
    expect([chunks, open]).toEqual([1, 0]);
  });

  it('is lost for good only where blobs are: a disk that fails is told', async () => {
    const steps = [{ ...RATE, template: 'ask' }, local('end', 'end', 'n + 1')];
    const loaded = chorus(steps, { repeat: 2, mode: 'batch' });
    const { world, lost } = await diedAfter(loaded, choir(), null, {});
    const { events } = await world.journal.read();
    const outcomes = losable(events).filter(({ role }) => role === 'outcomes');
    for (const { digest } of outcomes) lost.add(digest);
    const put = async (): Promise<never> => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const ports = { ...(await world.open()).context.ports, blobs: { ...world.blobs, put } };
    await expect(planLoss(ports, loaded, events, outcomes)).rejects.toThrow('no space left');
  });

  it('finds answers behind outcomes that are the same at two steps', async () => {
    const ask = { ...RATE, template: 'ask' };
    const steps = ['zero', 'first', 'second'].map((name) => ({ ...ask, name }));
    const scene = { loaded: chorus(steps, { repeat: 4, chunkSize: 4 }), script: choir(sometimes(5, 4)) };
    const { world, lost } = await begin(scene, 1e9, TOGETHER);
    const { events } = await world.journal.read();
    const made = events.flatMap((event) =>
      event.type === 'batch_settled' ? event.settlements.map(({ outcomes }) => outcomes) : [],
    );
    expect(new Set(made).size).toBeLessThan(made.length);
    for (const digest of made) lost.add(digest);
    lost.add(events.find((event) => event.type === 'batch_collected')!.answers);
    const { plan } = await payFor(world, scene.loaded, lost);
    expect(plan.back.map(({ step }) => step)).toEqual([0]);
  });
});

describe('a batch that is settled while a repair takes units out of it', () => {
  it('is settled without them', async () => {
    const ask = { ...RATE, template: 'ask' };
    const loaded = chorus(
      [
        { ...ask, name: 'first' },
        { ...ask, name: 'second' },
      ],
      { repeat: 2, mode: 'batch' },
    );
    const whole = await worldOf(loaded, choir());
    const expected = await finish(whole, await whole.open());
    const inner = createMemoryJournal();
    let isTaken = false;
    const journal: Journal = {
      ...inner,
      async append(events, version) {
        const isSecond = events.some((one) => one.type === 'batch_settled' && one.settlements[0]?.step === 1);
        if (isSecond && !isTaken) {
          isTaken = true;
          const groups = [{ attempt: 1, units: '1', feedback: null }];
          await inner.append([{ type: 'units_lost', step: 0, groups, failures: [], at: 9000 }], version);
        }
        return inner.append(events, version);
      },
    };
    const world = await worldOf(loaded, choir(), { journal: () => journal });
    expect(await finish(world, await world.open())).toEqual(expected);
    expect(isTaken).toBe(true);
  });
});

describe('the fold of a loss', () => {
  const lostAt = (step: number, units: string, failures: LostUnits['failures'] = []): JournalEvent => {
    const groups = [{ attempt: 1, units, feedback: null }];
    return { type: 'units_lost', step, groups, failures, at: 9000 };
  };
  const computed = (step: number, units: string, more = {}): JournalEvent => ({
    type: 'work_settled',
    settlement: settlement(step, units, more),
    at: 2000,
  });
  const creating = (batch: string): JournalEvent => ({
    type: 'batch_creating',
    batch,
    claim: { owner: 'me', at: 3000, expires: 10_000 },
  });

  it('takes units out of a batch that was never sent, and lets the others wait', () => {
    const state = checkEveryEvent([
      created(4, ['e1', 'l2']),
      computed(0, '0-3'),
      declared('a', 1, '0-3'),
      lostAt(0, '1'),
    ]);
    expect(state.batches.size).toBe(0);
    expect(state.steps.map(({ ready }) => ready.map(({ units }) => units.toString()))).toEqual([
      ['1'],
      ['0,2-3'],
    ]);
    expect(state.steps[1]!.returned).toBeGreaterThan(0);
  });

  it('leaves a batch that may have been sent where it is, and never sends it again with what is void', () => {
    const events = [
      created(4, ['e1', 'l2']),
      computed(0, '0-3'),
      declared('a', 1, '0-3'),
      creating('a'),
      lostAt(0, '1'),
    ];
    expect(checkEveryEvent(events).batches.get('a')!.units.toString()).toBe('0,2-3');
    const absent = { type: 'batch_postponed', batch: 'a', cause: 'busy', why: 'absent', retryAt: 0 } as const;
    const state = checkEveryEvent([...events, absent]);
    expect(state.batches.size).toBe(0);
    expect(state.steps[1]!.ready.map(({ units }) => units.toString())).toEqual(['0,2-3']);
  });

  it('takes the children of a unit with it, and what they had', () => {
    const children = { units: '0-1,4', outcomes: DIGEST };
    const state = checkEveryEvent([
      created(2, ['l1', 'f2', 'e3']),
      declared('a', 0, '0-1'),
      { type: 'batch_submitted', batch: 'a', providerBatch: 'x', at: 3000 },
      {
        type: 'batch_collected',
        batch: 'a',
        status: 'completed',
        reason: null,
        answers: DIGEST,
        rows: 2,
        at: 4000,
      },
      { type: 'batch_settled', batch: 'a', settlements: [settlement(0, '0-1')], strayRows: 0, at: 5000 },
      computed(1, '0-1', { children }),
      computed(2, '0-1,4', { stops: [stop(2, '1')] }),
      { type: 'run_finished', at: 6000 },
      lostAt(0, '0', [{ step: 2, kinds: { invalid: 1 } }]),
    ]);
    expect(state.finished).toBe(false);
    expect(accountFor(state)).toMatchObject({ planned: 2, valid: 1, failed: 0, inFlight: 1 });
    expect(state.steps[1]!.made.toString()).toBe('4');
    expect(state.steps[0]!.ready).toMatchObject([{ attempt: 1, kept: 0n }]);
  });

  it('refuses units that never came to the step, and failures it did not have', () => {
    const begun = [created(4, ['e1', 'l2']), computed(0, '0-1')];
    expect(() => foldJournal([...begun, lostAt(1, '3')])).toThrow('that never came to it');
    expect(() => foldJournal([...begun, lostAt(0, '0', [{ step: 0, kinds: { invalid: 1 } }])])).toThrow(
      'not as many as it had',
    );
  });
});

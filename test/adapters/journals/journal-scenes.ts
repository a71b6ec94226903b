// Runs whose journals are kept as golden files: between them they hold every event. To record those of a new version:
// OCTOBATCH_RECORD_JOURNALS=v4 npx vitest run test/adapters/journals/golden-journals.test.ts
import { createMemoryJournal } from '../../../src/adapters/journals/memory.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { retryFailed } from '../../../src/engine/perform-retry.ts';
import { mergeShards, submitShard } from '../../../src/engine/perform-shard.ts';
import { sha256Hex } from '../../../src/expression/sha256.ts';
import type { ExpressionStep, LoadedPipeline, Mode } from '../../../src/pipeline/pipeline.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import type { Answer, ModelRequest } from '../../../src/ports/provider.ts';
import { choir, chorus, RATE, sometimes, split, WRITE } from '../../engine/fan-out-world.ts';
import { diedAfter, losable, payFor } from '../../engine/lost-world.ts';
import { type Script, textAnswer } from '../../engine/scripted-provider.ts';
import { openShardWorld } from '../../engine/shard-world.ts';
import { answersByPrompt, byBest, byWidth, wavedPipeline } from '../../engine/wave-world.ts';
import {
  finish,
  PRICE,
  pipelineOf,
  settleDown,
  type World,
  type WorldOptions,
  worldOf,
} from '../../engine/world.ts';

const CAP = 10n ** 12n;
const PAID: WorldOptions = {
  session: { paid: true },
  settings: { prices: { 'scripted/m/batch': PRICE, 'scripted/m/realtime': PRICE }, cap: String(CAP) },
};

const RUNNING = { kind: 'running', status: 'in_progress', completed: 0 } as const;

const NO_CHECKS = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

function local(name: string, field: string, expr: string): ExpressionStep {
  return {
    kind: 'expression',
    name,
    init: [],
    expressions: [{ name: field, expr }],
    loopUntil: null,
    maxIterations: 10,
    checks: NO_CHECKS,
    retry: { maxAttempts: 1, feedback: true, from: null },
  };
}

/** A die, a question, and a judge that sends units back to the question. */
export function judged(units: number, chunkSize: number | null, mode: Mode): LoadedPipeline {
  const loaded = pipelineOf(units, { mode }, { chunkSize });
  const ask = loaded.pipeline.steps[0]!;
  if (ask.kind !== 'llm') throw new Error('the first step asks no model');
  const rule = { name: 'enough', expr: 'n > 2', when: null, error: 'only {n}', level: 'error' } as const;
  const checks = { ...ask.checks, rules: [rule] };
  const judge = { ...ask, name: 'judge', judge: true, checks, retry: { ...ask.retry, from: 'ask' } };
  const steps = [local('roll', 'die', 'random.randint(1, 6)'), ask, judge];
  return { ...loaded, pipeline: { ...loaded.pipeline, steps } };
}

/** Answers that depend on the request alone, some of them bad; `salt` makes others. */
export function salted(salt: number): Script {
  const answer = (request: ModelRequest): Answer | null => {
    const { customId } = request;
    const chance = Number.parseInt(sha256Hex(`${salt} ${customId.slice(9)}`).slice(0, 8), 16);
    const failed = { kind: 'error', customId, failure: 'transport', message: '500', raw: '' } as const;
    switch (chance % 12) {
      case 0:
        return textAnswer(request, 'no JSON');
      case 1:
        return null;
      case 2:
        return { kind: 'refused', customId, text: 'no', usage: { input: 10, output: 1 }, model: 'm' };
      case 3:
        return { ...failed, billed: 'unknown' };
      default:
        return textAnswer(request, `{"n": ${(chance >> 4) % 9}}`);
    }
  };
  return {
    rows: (requests) => requests.flatMap((request) => answer(request) ?? []),
    ask: (request, asked) =>
      asked === 0 && answer(request) === null
        ? { kind: 'unanswered', why: 'the connection was cut' }
        : { kind: 'answered', answer: answer(request) ?? textAnswer(request) },
  };
}

/** Batches that go on until somebody asks for their end. */
function endless(rows: NonNullable<Script['rows']>): Script {
  let isOver = false;
  return {
    cancel: () => {
      isOver = true;
    },
    check: () =>
      isOver
        ? { kind: 'ended', status: 'canceled', reason: 'cancelled' }
        : { kind: 'running', status: 'in_progress', completed: 0 },
    rows,
  };
}

async function append(journal: Journal, ...events: JournalEvent[]): Promise<void> {
  await journal.append(events, (await journal.read()).version);
}

function targetAdded(pull: number | null, letter: string): JournalEvent {
  const target = { pipeline: 'pipelines/game', pull, commit: letter.repeat(40), branch: 'main' };
  return { type: 'target_added', target: { ...target, workflowRun: 77 }, at: 1_000_100 };
}

async function played(world: World): Promise<Journal> {
  await finish(world, await world.open());
  return world.journal;
}

/** Each plays a run and gives the journals it left, by name. */
export const SCENES: Readonly<Record<string, () => Promise<Journal | Readonly<Record<string, Journal>>>>> = {
  'batches-with-retries': async () => await played(await worldOf(judged(60, 25, 'batch'), salted(1), PAID)),

  'under-way': async () => {
    const world = await worldOf(
      judged(30, 10, 'batch'),
      { check: (times) => ({ kind: 'running', status: 'in_progress', completed: times }) },
      PAID,
    );
    const worker = await world.open();
    for (let ticks = 0; ticks < 3; ticks++) {
      await worker.tick();
      world.pass(60_000);
    }
    return world.journal;
  },

  'single-calls': async () => {
    let calls = 0;
    const script = salted(3);
    const ask: Script['ask'] = (request, asked) => {
      calls++;
      if (calls === 6) return { kind: 'blocked', why: 'insufficient_quota' };
      if (calls === 30) return { kind: 'later', why: 'too many requests', retryAfterMs: 2000 };
      return script.ask!(request, asked);
    };
    const world = await worldOf(judged(40, null, 'realtime'), { ...script, ask }, PAID);
    while ((await settleDown(world, await world.open())).kind === 'paused') world.pass(600_000);
    return world.journal;
  },

  waves: async () => await played(await worldOf(wavedPipeline(20, byWidth(4, 0.8)), answersByPrompt(), PAID)),

  'waves-under-way': async () => {
    const script = answersByPrompt();
    const world = await worldOf(wavedPipeline(20, byBest(4, 3)), script, PAID);
    let looks = 0;
    const worker = await world.open();
    while (looks === 0) {
      await worker.tick();
      world.pass(60_000);
      looks = (await world.journal.read()).events.filter(({ type }) => type === 'wave_weighed').length;
    }
    return world.journal;
  },

  'fan-out': async () => {
    const steps = [WRITE, split('lines', 'line', 3), RATE];
    const loaded = chorus(steps, { repeat: 8, chunkSize: 5 });
    return await played(await worldOf(loaded, choir(sometimes(3, 4)), PAID));
  },

  'fan-out-under-way': async () => {
    const steps = [WRITE, split('lines', 'line', 4), RATE];
    const script: Script = {
      ...choir(({ prompt }) => prompt.startsWith('write about cat')),
      check: (times) => (times < 5 ? { kind: 'ended', status: 'completed', reason: null } : RUNNING),
    };
    const world = await worldOf(chorus(steps, { repeat: 6, chunkSize: 4 }), script, PAID);
    const worker = await world.open();
    for (let ticks = 0; ticks < 3; ticks++) {
      await worker.tick();
      world.pass(60_000);
    }
    return world.journal;
  },

  canceled: async () => {
    const rows: Script['rows'] = (requests, times) =>
      times === 0 ? requests.slice(0, 5).map((one) => textAnswer(one)) : [];
    const world = await worldOf(pipelineOf(20, {}, { chunkSize: 8 }), endless(rows), PAID);
    await (await world.open()).tick();
    await append(world.journal, { type: 'cancel_requested', at: 1_000_500 });
    return await played(world);
  },

  'full-queue': async () => {
    const world = await worldOf(
      pipelineOf(24, {}, { chunkSize: 12 }),
      {
        submit: (times) => {
          if (times === 1) return { kind: 'queue_full', why: 'enqueued tokens', retryAfterMs: null };
          if (times === 3) return { kind: 'later', why: 'busy', retryAfterMs: 1000 };
          return times === 4 ? { kind: 'blocked', why: 'insufficient_quota' } : undefined;
        },
        check: (times) => {
          if (times === 0) return { kind: 'queue_full', why: 'token_limit' };
          return times < 4
            ? { kind: 'running', status: 'x', completed: 0 }
            : { kind: 'ended', status: 'completed', reason: null };
        },
      },
      PAID,
    );
    await settleDown(world, await world.open());
    return await played(world);
  },

  'doubtful-batches': async () => {
    const world = await worldOf(
      pipelineOf(12, {}, { chunkSize: 4 }),
      {
        submit: (times) => {
          if (times === 0) return 'created but unsure';
          if (times === 1) return { kind: 'unsure', why: 'no answer' };
          return times === 2 ? { kind: 'rejected', why: 'bad request' } : undefined;
        },
        find: (times, known) => {
          if (times === 0) return { kind: 'unsure', why: 'too early' };
          return known ? { kind: 'found', providerBatch: 'batch-1' } : { kind: 'absent' };
        },
        check: (times) =>
          times < 2
            ? { kind: 'unknown', why: 'not here' }
            : { kind: 'ended', status: 'completed', reason: null },
        rows: (requests, times) => (times === 0 ? 'broken download' : requests.map((one) => textAnswer(one))),
      },
      PAID,
    );
    await (await world.open('dead-1')).tick();
    world.pass(60_000);
    return await played(world);
  },

  'failures-tried-again': async () => {
    let isMended = false;
    const world = await worldOf(
      pipelineOf(10, { retry: { maxAttempts: 2, feedback: true, from: null } }),
      {
        rows: (requests) =>
          requests.map((request) =>
            isMended || !/in [037]/.test(request.prompt) ? textAnswer(request) : textAnswer(request, 'a few'),
          ),
      },
      PAID,
    );
    await played(world);
    isMended = true;
    await append(world.journal, { type: 'cap_changed', cap: String(2n * CAP), at: 1_000_900 });
    const worker = await world.open();
    await retryFailed(worker.context, { step: null, kind: null });
    await finish(world, worker);
    await append(world.journal, { type: 'report_changed', snapshot: 'a'.repeat(64), at: 1_900_000 });
    return world.journal;
  },

  'expressions-only': async () => {
    const loaded = pipelineOf(50);
    const steps = [local('roll', 'die', 'random.randint(1, 6)'), local('add', 'sum', 'die + 1')];
    return await played(await worldOf({ ...loaded, pipeline: { ...loaded.pipeline, steps } }, {}));
  },

  targets: async () => {
    const world = await worldOf(pipelineOf(9, {}, { chunkSize: 3 }), salted(5), PAID);
    await append(world.journal, targetAdded(12, 'a'), targetAdded(null, 'b'));
    await (await world.open()).tick();
    await append(world.journal, targetAdded(12, 'c'));
    return await played(world);
  },

  deadline: async () => {
    const settings = { ...PAID.settings, deadlineMs: 30_000 };
    const world = await worldOf(
      pipelineOf(9, {}, { chunkSize: 3 }),
      endless(() => []),
      {
        ...PAID,
        settings,
      },
    );
    return await played(world);
  },

  superseded: async () => {
    const world = await worldOf(
      pipelineOf(6),
      endless(() => []),
      PAID,
    );
    await append(world.journal, targetAdded(3, 'd'));
    await (await world.open()).tick();
    const why = { kind: 'superseded', by: 'e'.repeat(40) } as const;
    await append(world.journal, { type: 'cancel_requested', why, at: 1_000_300 });
    return await played(world);
  },

  shards: async () => {
    const world = openShardWorld(judged(30, null, 'batch'), salted(6), CAP / 20n);
    const shards: Journal[] = [];
    for (const index of [1, 2, 3]) {
      const shard = await world.begin({ index, of: 3 });
      await submitShard(shard, world.clock);
      shards.push(shard);
    }
    const whole = createMemoryJournal();
    await mergeShards(shards, whole, async () => {}, world.clock);
    await world.goOn(whole);
    return { shard: shards[1]!, 'merged-shards': whole };
  },

  lost: async () => {
    const ask = { ...RATE, template: 'ask' };
    const steps = [{ ...ask, name: 'first' }, { ...ask, name: 'second' }, local('end', 'end', 'n + 1')];
    const loaded = (mode: Mode) => chorus(steps, { repeat: 4, chunkSize: 4, mode });
    const script: Script = {
      ...choir(sometimes(5, 4)),
      check: (times) => (times > 8 ? { kind: 'ended', status: 'completed', reason: null } : RUNNING),
    };
    /** What the first answers were is lost, and every outcome. */
    const lose = async (mode: Mode, type: JournalEvent['type'] | null): Promise<Journal> => {
      const { world, lost } = await diedAfter(loaded(mode), script, type, PAID);
      const blobs = losable((await world.journal.read()).events);
      for (const { digest, role } of blobs) if (role === 'outcomes') lost.add(digest);
      lost.add(blobs.find(({ role }) => role === 'answers')!.digest);
      await payFor(world, loaded(mode), lost);
      return played(world);
    };
    return {
      lost: await lose('batch', null),
      'lost-batch': await lose('batch', 'batch_collected'),
      'lost-calls': await lose('realtime', 'calls_answered'),
    };
  },
};

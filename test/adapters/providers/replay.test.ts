// The replay of a recorded run, on journals written by hand.
import { describe, expect, it } from 'vitest';
import { createMemoryBlobs } from '../../../src/adapters/blobs/memory.ts';
import { createReplayProvider } from '../../../src/adapters/providers/replay.ts';
import type { JournalEvent } from '../../../src/engine/events.ts';
import { hasInventedAnswers, Recording, recordingDigest } from '../../../src/engine/recording.ts';
import { customId, requestHash } from '../../../src/engine/request-id.ts';
import type { Blobs, Digest } from '../../../src/ports/blobs.ts';
import type { Answer } from '../../../src/ports/provider.ts';
import { created } from '../../engine/journal-cases.ts';

interface Question {
  readonly unit: number;
  readonly id: string;
  readonly step: string;
  readonly attempt?: number;
  readonly system?: string;
  readonly prompt: string;
}

/** A question with what it was answered; null: no row came. */
type Recorded = Question & { readonly answer: string | Partial<Answer> | null };

const KEYS = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(32));

async function storeRequests(
  blobs: Blobs,
  questions: readonly Question[],
  more: object = {},
): Promise<string> {
  const head = { model: 'm', maxTokens: 100, temperature: null, schema: null, ...more };
  const lines = questions.map(({ unit, id, step, attempt = 1, system = null, prompt }) => {
    const hash = requestHash(id, step, attempt);
    return `${JSON.stringify({ unit, id, attempt, hash, system, prompt, bound: '0' })}\n`;
  });
  return blobs.put([`${JSON.stringify(head)}\n`, ...lines]);
}

function rowOf(key: string, { id, step, attempt = 1, answer }: Recorded): string {
  const head = { customId: customId(key, requestHash(id, step, attempt)) };
  const text = { kind: 'text', usage: { input: 10, output: 2 }, model: 'm-1' };
  return `${JSON.stringify({ ...text, ...head, ...(typeof answer === 'string' ? { text: answer } : answer) })}\n`;
}

/** The events of a run whose batches were answered as given. */
async function record(blobs: Blobs, batches: readonly (readonly Recorded[])[]): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [created(10, ['lask'])];
  for (const [index, questions] of batches.entries()) {
    const key = KEYS[index]!;
    const requests = await storeRequests(blobs, questions);
    const answered = questions.filter(({ answer }) => answer !== null);
    const answers = await blobs.put(answered.map((one) => rowOf(key, one)));
    const claim = { owner: 'me', at: 0, expires: 1 };
    const place = { batch: key, step: 0, provider: 'openai', model: 'm', mode: 'batch' } as const;
    const size = { reserved: '0', tokens: 0, groups: [], requests, count: questions.length };
    events.push({ type: 'batch_declared', ...place, ...size, claim });
    const end = { status: 'completed', reason: null, rows: answered.length, at: 2 } as const;
    events.push({ type: 'batch_collected', batch: key, answers, ...end });
  }
  return events;
}

/** What the provider answers to questions packed into batches: texts, `!` before the message of an error. */
async function replay(
  recorded: readonly (readonly Recorded[])[],
  batches: readonly (readonly Question[])[],
  head: object = {},
): Promise<Record<string, string>> {
  const old = createMemoryBlobs();
  const events = await record(old, recorded);
  const blobs = createMemoryBlobs();
  const provider = createReplayProvider({
    run: 'walk-0123456789',
    recorded: { journal: { read: async () => ({ events, version: events.length }) }, blobs: old },
    blobs,
  });
  const given: Record<string, string> = {};
  for (const [index, questions] of batches.entries()) {
    const key = `${index}${'e'.repeat(31)}`;
    const digest = await storeRequests(blobs, questions, head);
    const draft = { key, model: 'm', requests: none(), count: questions.length, digest: digest as never };
    const submitted = await provider.submit({ ...draft, mayCreate: async () => true });
    if (submitted.kind !== 'submitted') throw new Error(submitted.why);
    expect(await provider.check(submitted.providerBatch)).toMatchObject({
      kind: 'ended',
      status: 'completed',
    });
    const names = new Map(
      questions.map(({ id, step, attempt = 1 }) => [
        customId(key, requestHash(id, step, attempt)),
        `${id} ${step} ${attempt}`,
      ]),
    );
    for await (const answer of provider.collect(submitted.providerBatch)) {
      const name = names.get(answer.customId);
      expect(name).toBeDefined();
      given[name!] = answer.kind === 'error' ? `!${answer.failure}: ${answer.message}` : answer.text;
      if (answer.kind === 'error') expect(answer.billed).toBe('no');
    }
  }
  return given;
}

async function* none(): AsyncGenerator<never> {}

const NOT_COVERED = '!rejected: the recording of run walk-0123456789 has no answer for this request';

/** Repetitions of one item that are all asked the same. */
function repetitions(item: string, count: number, prompt: string, place = 0): Recorded[] {
  return Array.from({ length: count }, (_, repetition) => ({
    unit: place + repetition,
    id: `${item}__rep${String(repetition).padStart(4, '0')}`,
    step: 'ask',
    prompt,
    answer: `${item} ${repetition}`,
  }));
}

describe('a replay', () => {
  it('gives each request the answer the same request got, whatever its schema and limits are now', async () => {
    const questions = [
      { unit: 0, id: 'a', step: 'ask', prompt: 'Who?', answer: 'a1' },
      { unit: 1, id: 'b', step: 'ask', prompt: 'Who?', answer: 'b1' },
      { unit: 1, id: 'b', step: 'ask', attempt: 2, prompt: 'Who?', answer: 'b2' },
      { unit: 0, id: 'a', step: 'judge', system: 'Be kind.', prompt: 'Is it?', answer: 'yes' },
    ];
    const now = { schema: '{"type":"object"}', maxTokens: 5, temperature: 1 };
    expect(await replay([questions], [questions], now)).toEqual({
      'a ask 1': 'a1',
      'b ask 1': 'b1',
      'b ask 2': 'b2',
      'a judge 1': 'yes',
    });
  });

  it('says of every request that was asked otherwise that it is not covered', async () => {
    const recorded = [{ unit: 0, id: 'a', step: 'ask', system: 'Be kind.', prompt: 'Who?', answer: 'a1' }];
    const asked = [
      { unit: 0, id: 'a', step: 'ask', prompt: 'Who?' },
      { unit: 1, id: 'b', step: 'ask', system: 'Be kind.', prompt: 'Where?' },
      { unit: 0, id: 'a', step: 'ask', attempt: 2, system: 'Be kind.', prompt: 'Who?' },
    ];
    expect(Object.values(await replay([recorded], [asked]))).toEqual([NOT_COVERED, NOT_COVERED, NOT_COVERED]);
  });

  it('finds the answers again when a step or the items have other names', async () => {
    const recorded = [...repetitions('pier', 3, 'Who?'), ...repetitions('quay', 3, 'Where?', 3)];
    const renamed = recorded.map((one) => ({ ...one, step: 'question', id: one.id.replace('pier', 'dock') }));
    expect(await replay([recorded], [renamed])).toEqual({
      'dock__rep0000 question 1': 'pier 0',
      'dock__rep0001 question 1': 'pier 1',
      'dock__rep0002 question 1': 'pier 2',
      'quay__rep0000 question 1': 'quay 0',
      'quay__rep0001 question 1': 'quay 1',
      'quay__rep0002 question 1': 'quay 2',
    });
  });

  it('never answers two repetitions with one answer', async () => {
    const recorded = repetitions('pier', 2, 'Who?');
    const more = repetitions('dock', 4, 'Who?', 7);
    expect(Object.values(await replay([recorded], [more]))).toEqual(
      expect.arrayContaining(['pier 0', 'pier 1', NOT_COVERED, NOT_COVERED]),
    );
    const same = repetitions('pier', 4, 'Who?');
    expect(
      Object.values(await replay([recorded], [same])).filter((text) => text === NOT_COVERED),
    ).toHaveLength(2);
  });

  it('gives the same answers however the recording and the replay are packed', async () => {
    const recorded = [...repetitions('pier', 4, 'Who?'), ...repetitions('quay', 4, 'Who?', 4)];
    const asked = repetitions('dock', 6, 'Who?', 2);
    const whole = await replay([recorded], [asked]);
    const [a, b] = [recorded.slice(0, 3), recorded.slice(3)];
    expect(await replay([b, a], [asked.slice(4), asked.slice(1, 4), asked.slice(0, 1)])).toEqual(whole);
    expect(Object.keys(whole)).toHaveLength(6);
  });

  it('repeats the failures of then: errors, refusals, and rows that never came', async () => {
    const recorded: Recorded[] = [
      {
        unit: 0,
        id: 'a',
        step: 'ask',
        prompt: '1',
        answer: { kind: 'refused', text: 'No.' } as Partial<Answer>,
      },
      {
        unit: 1,
        id: 'b',
        step: 'ask',
        prompt: '2',
        answer: {
          kind: 'error',
          failure: 'transport',
          message: 'cut',
          raw: '',
          billed: 'unknown',
        } as Partial<Answer>,
      },
      { unit: 2, id: 'c', step: 'ask', prompt: '3', answer: null },
    ];
    expect(await replay([recorded], [recorded])).toEqual({ 'a ask 1': 'No.', 'b ask 1': '!transport: cut' });
  });

  it('is another recording when its answers are others', async () => {
    const questions = repetitions('pier', 2, 'Who?');
    const one = await record(createMemoryBlobs(), [questions]);
    const again = await record(createMemoryBlobs(), [questions]);
    const other = await record(createMemoryBlobs(), [questions.map((q) => ({ ...q, answer: 'another' }))]);
    expect(recordingDigest(again)).toBe(recordingDigest(one));
    expect(recordingDigest(other)).not.toBe(recordingDigest(one));
    expect(recordingDigest(one.slice(0, 2))).not.toBe(recordingDigest(one));
  });

  it('knows what was answered call by call, before the calls are over and after', async () => {
    const questions = repetitions('pier', 3, 'Who?');
    const blobs = createMemoryBlobs();
    const [head, batch, end] = await record(blobs, [questions]);
    const key = KEYS[0]!;
    const two = await blobs.put(questions.slice(0, 2).map((one) => rowOf(key, one)));
    const some = { type: 'calls_answered', batch: key, answers: two, units: '0-1', at: 1 } as const;
    const count = async (events: readonly JournalEvent[]): Promise<number> => {
      const recording = await Recording.read(events, (digest) => blobs.lines(digest as Digest));
      const asked = questions.map((one) => {
        const hash = requestHash(one.id, one.step, 1);
        return { ...one, attempt: 1, hash, system: null, customId: customId('f'.repeat(32), hash) };
      });
      let rows = 0;
      for await (const { answer } of recording.answers(asked)) if (answer !== null) rows++;
      return rows;
    };
    expect(await count([head!, batch!, some])).toBe(2);
    expect(await count([head!, batch!, some, end!])).toBe(3);
    expect(await count([head!, batch!])).toBe(0);
  });

  it('is of invented answers when the recording is, or the one that the recording replays itself', async () => {
    const events = await record(createMemoryBlobs(), [repetitions('pier', 1, 'Who?')]);
    expect(hasInventedAnswers(events)).toBe(false);
    const simulated = events.map((event) =>
      event.type === 'batch_declared' ? { ...event, provider: 'simulated' } : event,
    );
    expect(hasInventedAnswers(simulated)).toBe(true);
    const replayed = events.map((event): JournalEvent => {
      const recording = { folder: 'f', digest: 'd', simulated: true };
      return event.type === 'run_created'
        ? { ...event, settings: { ...event.settings, replays: 'r', recording } }
        : event;
    });
    expect(hasInventedAnswers(replayed)).toBe(true);
  });

  it('does not know the batches of others', async () => {
    const blobs = createMemoryBlobs();
    const journal = { read: async () => ({ events: [], version: 0 }) };
    const provider = createReplayProvider({ run: 'r', recorded: { journal, blobs }, blobs });
    expect((await provider.check('batch_123')).kind).toBe('unknown');
  });
});

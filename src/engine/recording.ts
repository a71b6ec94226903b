// What a run was asked and answered, found again by the content of the request. It reads a recorded journal and its
// blobs; it changes nothing, and never makes an answer up.
import { branchOf } from '../simulation/unit-stream.ts';
import type { BlobDigest, JournalEvent } from './events.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import type { LineSource } from './records.ts';
import { customId, hashParts, requestHash } from './request-id.ts';
import { type RequestLine, readRequests } from './request-line.ts';
import { JournalError } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** A request of the run that is replayed, with the id its answer shall bear. */
export interface Asked extends Pick<RequestLine, 'unit' | 'id' | 'attempt' | 'hash' | 'system' | 'prompt'> {
  readonly customId: string;
}

/** A recorded request. Prompts are known by their digest only. */
interface Entry {
  readonly hash: string;
  readonly unit: number;
  readonly id: string;
  readonly attempt: number;
  readonly content: string;
  readonly batch: RecordedBatch;
}

/** Requests that were asked the same in the same attempt. */
interface Alike {
  readonly inOrder: Entry[];
  readonly byId: Map<string, Entry>;
  readonly byUnit: Map<number, Entry>;
}

interface RecordedBatch {
  readonly key: string;
  readonly requests: BlobDigest;
  readonly answers: BlobDigest[];
}

/** Says that a request is not covered. */
export function uncoveredMessage(run: string): string {
  return `the recording of run ${run} has no answer for this request`;
}

/** The rule of a failure that stands because the recording ends; it is not tried again. */
export const UNRECORDED_RULE = '(unrecorded)';

/** Whether a failure's message says that a replayed request was not covered. */
export function isUncovered(message: string): boolean {
  return /^the recording of run \S+ has no answer for this request$/.test(message);
}

/**
 * Digest of everything a journal's run was answered, and by which run: two recordings with the same digest replay
 * alike. Throws a JournalError when the journal is empty.
 */
export function recordingDigest(events: readonly JournalEvent[]): string {
  const [first] = events;
  if (first?.type !== 'run_created') throw new JournalError('There is no run to replay.');
  const parts = readBatches(events).flatMap(({ requests, answers }) => [requests, ...answers]);
  return hashParts(['octobatch-recording-1', first.nonce, ...parts]);
}

/** Whether a journal's run was answered by the simulator, be it in the recording that it replays itself. */
export function hasInventedAnswers(events: readonly JournalEvent[]): boolean {
  return events.some((event) =>
    event.type === 'run_created'
      ? (event.settings.recording?.simulated ?? false)
      : event.type === 'batch_declared' && event.provider === 'simulated',
  );
}

/** Answers of a recorded run, by content. */
export class Recording {
  private readonly lines: LineSource;
  private readonly byHash: ReadonlyMap<string, Entry>;
  private readonly byHand: readonly ByHand[];
  private alike: ReadonlyMap<string, Alike> | null = null;

  private constructor(lines: LineSource, byHash: ReadonlyMap<string, Entry>, byHand: readonly ByHand[]) {
    this.lines = lines;
    this.byHash = byHash;
    this.byHand = byHand;
  }

  /** Reads which requests were asked; answers are read when they are wanted. */
  static async read(events: readonly JournalEvent[], lines: LineSource): Promise<Recording> {
    const byHash = new Map<string, Entry>();
    for (const batch of readBatches(events)) {
      for await (const { line } of readRequests(lines(batch.requests))) {
        const { hash, unit, id, attempt } = line;
        byHash.set(hash, { hash, unit, id, attempt, content: contentOf(line), batch });
      }
    }
    return new Recording(lines, byHash, readRetriesByHand(events));
  }

  /**
   * The recorded rows for each request, in any order; null for a request that is not covered. A request whose answer
   * is missing in the recording has no row here either. The same answer to the same request, however they are packed.
   */
  async *answers(
    asked: Iterable<Asked> | AsyncIterable<Asked>,
  ): AsyncGenerator<{ readonly customId: string; readonly answer: RecordedAnswer | null }> {
    const wanted = new Map<RecordedBatch, Map<string, string[]>>();
    for await (const one of asked) {
      const entry = this.entryFor(one);
      if (entry === null) {
        yield { customId: one.customId, answer: null };
        continue;
      }
      const { batch } = entry;
      let ids = wanted.get(batch);
      if (ids === undefined) wanted.set(batch, (ids = new Map()));
      const recorded = customId(batch.key, entry.hash);
      const others = ids.get(recorded);
      if (others === undefined) ids.set(recorded, [one.customId]);
      else others.push(one.customId);
    }
    for (const [batch, ids] of wanted) {
      for (const digest of batch.answers) {
        for await (const line of this.lines(digest)) {
          const { unanswered: _, ...answer } = JSON.parse(line) as RecordedAnswer;
          for (const id of ids.get(answer.customId) ?? []) {
            yield { customId: id, answer: { ...answer, customId: id } };
          }
        }
      }
    }
  }

  /** Whether a person had this attempt of a unit made, beyond what the pipeline allows. */
  wasRetriedByHand(id: string, step: string, attempt: number): boolean {
    const entry = this.byHash.get(requestHash(id, step, attempt));
    if (entry === undefined) return false;
    return this.byHand.some(
      (one) => one.step === step && one.attempt === attempt && one.units.has(entry.unit),
    );
  }

  /**
   * The same unit, step and attempt, if it was asked the same. Otherwise one that was asked the same: in the unit's
   * next attempt (this one was never made), or, where a step or an item has another name now, in the same attempt: of
   * the unit with this id, else the one at this place, else, of all in the order of units, the one whose number is the
   * repetition, so that repetitions never share an answer. Children have no such number: there is none for them.
   */
  private entryFor({ hash, unit, id, attempt, system, prompt }: Asked): Entry | null {
    const content = contentOf({ system, prompt });
    const same = this.byHash.get(hash);
    if (same?.content === content) return same;
    const alike = this.allAlike().get(alikeName(content, attempt));
    const next = this.allAlike().get(alikeName(content, attempt + 1));
    return (
      alike?.byId.get(id) ??
      next?.byId.get(id) ??
      alike?.byUnit.get(unit) ??
      alike?.inOrder[repetitionOf(id) ?? Number.NaN] ??
      null
    );
  }

  private allAlike(): ReadonlyMap<string, Alike> {
    if (this.alike !== null) return this.alike;
    // In the order of units: how the recorded run was packed must not show.
    const entries = [...this.byHash.values()].sort((a, b) => a.unit - b.unit || (a.hash < b.hash ? -1 : 1));
    const alike = new Map<string, Alike>();
    for (const entry of entries) {
      const name = alikeName(entry.content, entry.attempt);
      let group = alike.get(name);
      if (group === undefined) alike.set(name, (group = { inOrder: [], byId: new Map(), byUnit: new Map() }));
      group.inOrder.push(entry);
      if (!group.byId.has(entry.id)) group.byId.set(entry.id, entry);
      if (!group.byUnit.has(entry.unit)) group.byUnit.set(entry.unit, entry);
    }
    this.alike = alike;
    return alike;
  }
}

/** An attempt that a person had made of some units, from a step on. */
interface ByHand {
  readonly step: string;
  readonly attempt: number;
  readonly units: UnitSet;
}

function readRetriesByHand(events: readonly JournalEvent[]): ByHand[] {
  const [first] = events;
  const steps = first?.type === 'run_created' ? first.steps : [];
  return events.flatMap((event) => {
    if (event.type !== 'units_retried') return [];
    const step = steps[event.to]?.name ?? '';
    return event.groups.map(({ attempt, units }) => ({ step, attempt, units: UnitSet.parse(units) }));
  });
}

/** The batches that have answers; one that a full queue sent back was never asked. */
function readBatches(events: readonly JournalEvent[]): RecordedBatch[] {
  const batches = new Map<string, RecordedBatch>();
  for (const event of events) {
    if (event.type === 'batch_declared') {
      batches.set(event.batch, { key: event.batch, requests: event.requests, answers: [] });
    } else if (event.type === 'calls_answered') {
      batches.get(event.batch)?.answers.push(event.answers);
    } else if (event.type === 'batch_collected') {
      // What single calls were answered one by one stands here once more.
      batches.get(event.batch)?.answers.splice(0, Infinity, event.answers);
    } else if (event.type === 'blobs_lost') {
      const lost = new Set(event.blobs);
      for (const [key, { requests, answers }] of batches) {
        if (lost.has(requests)) batches.delete(key);
        else answers.splice(0, Infinity, ...answers.filter((digest) => !lost.has(digest)));
      }
    }
  }
  return [...batches.values()].filter(({ answers }) => answers.length > 0);
}

/** What a model saw as the question. Schema, limits and temperature are left out: they may change in a replay. */
function contentOf({ system, prompt }: Pick<RequestLine, 'system' | 'prompt'>): string {
  return hashParts(system === null ? [prompt] : [prompt, system]).slice(0, 32);
}

function alikeName(content: string, attempt: number): string {
  return `${content} ${attempt}`;
}

function repetitionOf(id: string): number | null {
  if (branchOf(id) !== '') return null;
  return Number(/__rep(\d{1,9})$/.exec(id)?.[1] ?? 0);
}

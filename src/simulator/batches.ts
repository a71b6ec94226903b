// Batches of any protocol: created with the settings and mishaps of the moment, standing where the clock says, found,
// listed, cancelled. It knows no protocol's words; who creates a batch may hear a Refusal or lose the answer.
import { randomUUID } from 'node:crypto';
import type { Question } from './answer.ts';
import { requestHashOf } from './faults.ts';
import type { Exchange } from './http.ts';
import type { ProtocolName } from './mishaps.ts';
import { LostAnswer, Refusal, type ServiceParts } from './protocol.ts';
import { openRows, type Row, type Tally } from './rows.ts';
import { type Settings, timeOf } from './settings.ts';
import {
  type BatchProblem,
  type BatchRecord,
  type BatchState,
  hasOutput,
  isOver,
  stateOf,
} from './timeline.ts';

/** What a protocol says about its batches. */
export interface BatchForm {
  readonly protocol: ProtocolName;
  /** Start of a batch's id, before 32 hex digits. */
  readonly idPrefix: string;
  /** Code of the batch that is created and fails when the queue is full; null: its creation is refused. */
  readonly queueFullCode: string | null;
  /** The requests of a batch, read from `record.input` in the order in which they were sent, in bunches. */
  questions(record: BatchRecord): AsyncIterable<readonly Question[]>;
}

/** A batch to be created. `problems`: it will fail for them. */
export interface BatchDescription {
  readonly input: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly model: string | null;
  readonly customIds: readonly string[];
  /** `tokensOf` all prompts. */
  readonly tokens: number;
  readonly problems: readonly BatchProblem[];
}

/** The batches of one protocol. */
export interface Batches {
  /**
   * Creates a batch. Throws a Refusal with nothing created (a full queue) or with the batch created (`create_5xx_after`),
   * or LostAnswer with the batch created: let them pass.
   */
  create(description: BatchDescription, exchange: Exchange): Promise<BatchRecord>;
  /** Null when there is none, or none that can be seen yet. */
  find(id: string): Promise<BatchRecord | null>;
  /** All that can be seen, newest first. */
  list(): Promise<BatchRecord[]>;
  /** Where it stands now, or at another time (ms since 1970). */
  state(record: BatchRecord, nowMs?: number): Promise<BatchState>;
  /** Cancels, and tells the state this leads to. Throws a Refusal (conflict) when it is over. */
  cancel(record: BatchRecord): Promise<BatchState>;
  /** What its requests came to; null while it is not over, or its output not there yet, or it failed. */
  tally(record: BatchRecord): Promise<Tally | null>;
  /** Its rows in bunches; only after `tally` gave counts. */
  rows(record: BatchRecord): AsyncIterable<readonly Row[]>;
  /** Computes what the batches that are over cost, so that the ledger is complete. */
  settle(): Promise<void>;
}

/** From asking for a cancellation to its effect. */
const CANCEL_DELAY_MS = 50;

/** Opens the batches of one protocol. */
export function openBatches(parts: ServiceParts, form: BatchForm): Batches {
  const { store } = parts;
  const kept = openRows(parts, form.questions);

  const state = async (record: BatchRecord, nowMs = Date.now()) =>
    stateOf(record, await store.cancelTime(record.id), nowMs);

  async function own(): Promise<BatchRecord[]> {
    return (await store.batches()).filter((record) => record.protocol === form.protocol);
  }

  /** Whether the queue has no room for that many tokens more. */
  async function isQueueFull(description: BatchDescription, settings: Settings): Promise<boolean> {
    if (settings.queueTokens === null) return false;
    let queued = description.tokens;
    for (const record of await own()) {
      if (record.model !== description.model || record.failure !== null) continue;
      if (!isOver(await state(record))) queued += record.tokens;
    }
    return queued > settings.queueTokens;
  }

  /** Null, or why a batch fails. Throws the Refusal of a protocol that does not let such a batch come to be. */
  async function failureOf(
    description: BatchDescription,
    settings: Settings,
    { mishaps }: Exchange,
  ): Promise<readonly BatchProblem[] | null> {
    if (description.problems.length > 0) return description.problems;
    if (mishaps.take('queue_full') !== null || (await isQueueFull(description, settings))) {
      const message = `Enqueued token limit reached for ${description.model}. Please try again once some in_progress batches have been completed.`;
      if (form.queueFullCode === null) throw new Refusal('queue_full', message);
      return [{ code: form.queueFullCode, message, line: null }];
    }
    const fails = mishaps.take('fail_batch');
    if (fails === null) return null;
    return fails.code === null ? [] : [{ code: fails.code, message: 'As was asked for.', line: null }];
  }

  const batches: Batches = {
    async create(description, exchange) {
      const { mishaps } = exchange;
      const settings = await parts.settings();
      const failure = await failureOf(description, settings, exchange);
      const record: BatchRecord = {
        id: `${form.idPrefix}${randomUUID().replaceAll('-', '')}`,
        protocol: form.protocol,
        createdMs: Date.now(),
        input: description.input,
        details: description.details,
        model: description.model,
        total: description.customIds.length,
        tokens: description.tokens,
        failure,
        durationMs:
          timeOf(settings, settings.latency, description.customIds.slice(0, 3)) +
          (mishaps.take('stuck')?.ms ?? 0),
        lifetimeMs: settings.lifetimeMs,
        hiddenMs: mishaps.take('late_visibility')?.ms ?? 0,
        outputDelayMs: mishaps.take('late_file')?.ms ?? 0,
        faults: settings.faults,
        seed: settings.seed,
        cached: settings.cached,
      };
      // The witness is told first: a batch must never exist without its line. Lines without a batch are left out when read.
      await store.log({
        event: 'create',
        protocol: record.protocol,
        batch: record.id,
        details: record.details,
        requests: description.customIds.map(requestHashOf),
      });
      await store.addBatch(record);
      if (mishaps.take('lose_create_answer') !== null) throw new LostAnswer('as was asked for');
      const late = mishaps.take('create_5xx_after');
      if (late !== null) throw new Refusal('failed', 'As was asked for.', { status: late.status });
      return record;
    },
    async find(id) {
      const record = await store.batch(id);
      return record !== null && record.protocol === form.protocol && isVisible(record) ? record : null;
    },
    async list() {
      return (await own()).filter(isVisible).reverse();
    },
    state,
    async cancel(record) {
      const now = await state(record);
      if (isOver(now)) {
        throw new Refusal('conflict', `Cannot cancel a batch with status '${now.status}'.`);
      }
      // A moment ahead: no process may have shown a later state before this file is there to be seen.
      const atMs = Date.now() + CANCEL_DELAY_MS;
      await store.cancel(record.id, atMs);
      await store.log({ event: 'cancel', batch: record.id });
      return await state(record, atMs);
    },
    async tally(record) {
      const nowMs = Date.now();
      const now = await state(record, nowMs);
      return hasOutput(record, now, nowMs) ? await kept.tally(record, now) : null;
    },
    rows: kept.read,
    async settle() {
      for (const record of await own()) {
        const now = await state(record);
        if (isOver(now) && now.status !== 'failed') await kept.tally(record, now);
      }
    },
  };
  return batches;
}

function isVisible(record: BatchRecord): boolean {
  return Date.now() >= record.createdMs + record.hiddenMs;
}

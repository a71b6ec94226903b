// The rows of batches that are over, in no protocol's words: computed once from the requests, the contexts and the
// seeds, then kept on disk together with what they cost. They hold nothing that could not be computed again.
import { createReadStream } from 'node:fs';
import { answerQuestion, type ModelAnswer, type Question, type SimulatedAnswer } from './answer.ts';
import type { ContextReader } from './contexts.ts';
import { chooseFate, fractionOf, requestHashOf } from './faults.ts';
import type { BillEntry } from './ledger.ts';
import { readLineBunches } from './lines.ts';
import type { ServiceParts } from './protocol.ts';
import type { Draft, Upload } from './store.ts';
import type { BatchRecord, BatchState } from './timeline.ts';

/** What a request of a batch came to. Expired and canceled ones were not begun. */
export type RowOutcome = SimulatedAnswer | { readonly kind: 'expired' } | { readonly kind: 'canceled' };

/** One row. `damaged`: it is to be sent as something that is not JSON (`rowText` does it). */
export interface Row {
  readonly customId: string;
  readonly model: string;
  readonly outcome: RowOutcome;
  readonly damaged: boolean;
}

/** How many requests came to what, as far as a row tells; doubled rows and rows nobody asked for count as none. */
export interface Tally {
  readonly text: number;
  readonly refused: number;
  readonly errored: number;
  readonly expired: number;
  readonly canceled: number;
}

/** The rows kept in a store. */
export interface Rows {
  /** The counts; the first call computes the rows and the bill. Only for batches that are over and did not fail. */
  tally(record: BatchRecord, state: BatchState): Promise<Tally>;
  /** All rows in bunches, in a seeded order that is not the requests'; call `tally` before. */
  read(record: BatchRecord): AsyncIterable<readonly Row[]>;
}

/** Rows are shuffled within windows of this size: no provider promises an order. */
const WINDOW = 32;

/** The rows of one protocol's batches. Two processes that compute the same ones write the same. */
export function openRows(
  parts: ServiceParts,
  questionsOf: (record: BatchRecord) => AsyncIterable<readonly Question[]>,
): Rows {
  const { store, contexts, ledger } = parts;
  const tallies = new Map<string, Promise<Tally>>();

  async function compute(record: BatchRecord, state: BatchState): Promise<Tally> {
    const known = await store.text('results', `${record.id}.json`);
    if (known !== null) return JSON.parse(known) as Tally;
    const reader = contexts.reader();
    const rows = new LineWriter(await store.draft());
    const bill = new LineWriter(await store.draft());
    const tally = { text: 0, refused: 0, errored: 0, expired: 0, canceled: 0 };
    try {
      let index = 0;
      for await (const questions of questionsOf(record)) {
        await reader.prepare(questions.map(({ customId }) => customId));
        for (const question of questions) {
          const { customId, model } = question;
          const ended = endOf(question, index++ < state.executed, record, state, reader);
          if (ended.billed !== null) bill.add(0, entryOf(record, question, ended.billed));
          for (const [place, row] of ended.rows.entries()) {
            rows.add(fractionOf(`${record.seed}/${place}/${customId}`), { model, ...row });
          }
          const own = ended.rows[0];
          if (own !== undefined) tally[own.outcome.kind]++;
        }
        await rows.writeLong();
        await bill.writeLong();
      }
      const [rowFile, billFile] = [await rows.finish(), await bill.finish()];
      await store.place(rowFile, 'results', `${record.id}.rows`);
      await ledger.addBatch(record.id, billFile);
      // Last of all: who sees the tally may read the rows and the bill.
      await store.place(
        await store.receive([Buffer.from(JSON.stringify(tally))]),
        'results',
        `${record.id}.json`,
      );
      return tally;
    } catch (error) {
      await rows.abandon();
      await bill.abandon();
      throw error;
    } finally {
      await reader.close();
    }
  }

  return {
    tally(record, state) {
      let pending = tallies.get(record.id);
      if (pending === undefined) {
        tallies.set(record.id, (pending = compute(record, state)));
        pending.catch(() => tallies.delete(record.id));
      }
      return pending;
    },
    async *read(record) {
      const bytes = createReadStream(store.path('results', `${record.id}.rows`));
      for await (const lines of readLineBunches(bytes))
        yield lines.map(({ text }) => JSON.parse(text) as Row);
    },
  };
}

type OwnRow = Omit<Row, 'model'>;

/** What a request ends in: its rows, its own first, and the answer that is billed. */
function endOf(
  question: Question,
  executed: boolean,
  record: BatchRecord,
  state: BatchState,
  reader: ContextReader,
): { rows: readonly OwnRow[]; billed: ModelAnswer | null } {
  const { customId } = question;
  if (!executed) {
    const kind = state.status === 'expired' ? 'expired' : 'canceled';
    return { rows: [{ customId, outcome: { kind }, damaged: false }], billed: null };
  }
  const hash = requestHashOf(customId);
  const fate = chooseFate(record.faults, hash);
  const answer = answerQuestion(question, reader.find(customId), fate, record.cached);
  const row = { customId, outcome: answer, damaged: fate.fault === 'damaged' };
  if (answer.kind === 'errored') return { rows: [row], billed: null };
  switch (fate.fault) {
    case 'missing':
      return { rows: [], billed: answer };
    case 'duplicate':
      return { rows: [row, row], billed: answer };
    case 'contradicting': {
      const other = `This answer to the same request is another one (${hash.slice(0, 8)}).`;
      return { rows: [row, { ...row, outcome: { ...answer, text: other } }], billed: answer };
    }
    case 'unknown':
      // A custom id in our own form that stands in no batch: the digits of the request backwards.
      return {
        rows: [row, { ...row, customId: `ffffffff-${[...hash].reverse().join('')}` }],
        billed: answer,
      };
    default:
      return { rows: [row], billed: answer };
  }
}

function entryOf(record: BatchRecord, question: Question, answer: ModelAnswer): BillEntry {
  const { input, output, cached } = answer;
  return {
    protocol: record.protocol,
    model: question.model,
    mode: 'batch',
    from: record.id,
    request: requestHashOf(question.customId),
    input,
    output,
    cached,
  };
}

/** The text of a row in a protocol's shape, without a line end. A damaged row loses its second half. */
export function rowText(row: Row, shape: object): string {
  const text = JSON.stringify(shape);
  return row.damaged ? text.slice(0, Math.ceil(text.length / 2)).replace(/[\ud800-\udbff]$/, '') : text;
}

/** Lines as bytes, in pieces of some size: cheaper to send than one by one. */
export async function* bytesOf(bunches: AsyncIterable<readonly string[]>): AsyncGenerator<Uint8Array> {
  let pending: string[] = [];
  let length = 0;
  for await (const lines of bunches) {
    for (const line of lines) {
      pending.push(line);
      length += line.length;
    }
    if (length < 16 * 1024) continue;
    yield Buffer.from(`${pending.join('\n')}\n`, 'utf8');
    pending = [];
    length = 0;
  }
  if (pending.length > 0) yield Buffer.from(`${pending.join('\n')}\n`, 'utf8');
}

/** Text that is written in one go, in UTF-16 units. */
const WRITE_TEXT = 256 * 1024;

/** Writes lines to a draft, each window of them in the order of their ranks. */
class LineWriter {
  private readonly draft: Draft;
  private window: { rank: number; line: string }[] = [];
  private ordered: string[] = [];
  private length = 0;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  add(rank: number, value: object): void {
    const line = `${JSON.stringify(value)}\n`;
    this.window.push({ rank, line });
    this.length += line.length;
    if (this.window.length >= WINDOW) this.order();
  }

  /** Writes what was added, when it is much. */
  async writeLong(): Promise<void> {
    if (this.length >= WRITE_TEXT) await this.flush();
  }

  async finish(): Promise<Upload> {
    this.order();
    await this.flush();
    return await this.draft.finish();
  }

  async abandon(): Promise<void> {
    await this.draft.abandon();
  }

  private order(): void {
    for (const { line } of this.window.sort((a, b) => a.rank - b.rank)) this.ordered.push(line);
    this.window = [];
  }

  private async flush(): Promise<void> {
    const text = this.ordered.join('');
    this.ordered = [];
    this.length = 0;
    if (text !== '') await this.draft.write(Buffer.from(text, 'utf8'));
  }
}

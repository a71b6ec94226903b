// The output and error files of an OpenAI batch: computed row by row when it is over, kept on disk so that they are
// computed once. They hold nothing that could not be computed again.
import { createReadStream } from 'node:fs';
import { answerQuestion, type SimulatedAnswer } from './answer.ts';
import type { ContextReader, ContextShelf } from './contexts.ts';
import { chooseFate, fractionOf, requestHashOf } from './faults.ts';
import { type InputLine, readInput } from './openai-input.ts';
import type { Draft, Store, Upload } from './store.ts';
import type { BatchRecord, BatchState } from './timeline.ts';

/** Which of a batch's two files. */
export type OutputFile = 'output' | 'error';

/** What each file of a batch that is over holds. */
export type Tally = Readonly<Record<OutputFile, { readonly rows: number; readonly bytes: number }>>;

/** The results of batches that are over. */
export interface Results {
  /** Row counts and sizes; the first call computes the rows. */
  tally(record: BatchRecord, state: BatchState): Promise<Tally>;
  /** A file's bytes; call `tally` before. */
  content(record: BatchRecord, file: OutputFile): AsyncIterable<Uint8Array>;
}

/** Rows are shuffled within windows of this size: OpenAI promises no order. */
const WINDOW = 32;

/** The results kept in a store. Two processes that compute the same ones write the same. */
export function openResults(store: Store, contexts: ContextShelf): Results {
  const tallies = new Map<string, Promise<Tally>>();

  async function compute(record: BatchRecord, state: BatchState): Promise<Tally> {
    const known = await store.text('results', `${record.id}.json`);
    if (known !== null) return JSON.parse(known) as Tally;
    const reader = contexts.reader();
    const writers = { output: new RowWriter(await store.draft()), error: new RowWriter(await store.draft()) };
    try {
      let index = 0;
      for await (const line of readInput(store.content(record.inputFile))) {
        const found = await rowFor(line, index++ < state.executed, record, state, reader);
        if (found !== null)
          await writers[found.file].add(fractionOf(`${record.id}/${line.customId}`), found.row);
      }
      const files = { output: await writers.output.finish(), error: await writers.error.finish() };
      for (const file of ['output', 'error'] as const) {
        await store.place(files[file].upload, 'results', `${record.id}.${file}`);
      }
      const size = (file: OutputFile) => ({ rows: files[file].rows, bytes: files[file].upload.bytes });
      const tally = { output: size('output'), error: size('error') };
      const text = Buffer.from(JSON.stringify(tally), 'utf8');
      // Last of all: who sees the tally may read the rows.
      await store.place(await store.receive([text]), 'results', `${record.id}.json`);
      return tally;
    } catch (error) {
      await writers.output.abandon();
      await writers.error.abandon();
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
    content: (record, file) => createReadStream(store.path('results', `${record.id}.${file}`)),
  };
}

/** Writes rows to a draft, each window of them in the order of their ranks. */
class RowWriter {
  private readonly draft: Draft;
  private window: { rank: number; row: string }[] = [];
  private rows = 0;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  async add(rank: number, row: object): Promise<void> {
    this.rows++;
    this.window.push({ rank, row: `${JSON.stringify(row)}\n` });
    if (this.window.length >= WINDOW) await this.flush();
  }

  async finish(): Promise<{ rows: number; upload: Upload }> {
    await this.flush();
    return { rows: this.rows, upload: await this.draft.finish() };
  }

  async abandon(): Promise<void> {
    await this.draft.abandon();
  }

  private async flush(): Promise<void> {
    const rows = this.window.sort((a, b) => a.rank - b.rank).map((one) => one.row);
    this.window = [];
    if (rows.length > 0) await this.draft.write(Buffer.from(rows.join(''), 'utf8'));
  }
}

/** The row a request ends in and the file it stands in; null when it stands in neither. */
async function rowFor(
  line: InputLine,
  executed: boolean,
  record: BatchRecord,
  state: BatchState,
  reader: ContextReader,
): Promise<{ file: OutputFile; row: object } | null> {
  if (!executed) return state.status === 'expired' ? { file: 'error', row: expiredRow(line) } : null;
  const answer = await answerTo(line, record, reader);
  if (answer.kind === 'missing') return null;
  if (answer.kind === 'errored') return { file: 'error', row: errorRow(line, answer) };
  return { file: 'output', row: answerRow(line, answer, record) };
}

async function answerTo(
  line: InputLine,
  record: BatchRecord,
  reader: ContextReader,
): Promise<SimulatedAnswer> {
  const fate = chooseFate(record.faults, requestHashOf(line.customId));
  return answerQuestion(line.question, await reader.find(line.customId), fate);
}

function expiredRow(line: InputLine): object {
  const message = 'This request could not be executed before the completion window expired.';
  return {
    id: `batch_req_${requestHashOf(line.customId)}`,
    custom_id: line.customId,
    response: null,
    error: { code: 'batch_expired', message },
  };
}

function errorRow(line: InputLine, answer: Extract<SimulatedAnswer, { kind: 'errored' }>): object {
  const type = answer.status >= 500 ? 'server_error' : 'invalid_request_error';
  const error = { message: answer.message, type, param: null, code: answer.code };
  return responseRow(line, answer.status, { error });
}

function answerRow(
  line: InputLine,
  answer: Extract<SimulatedAnswer, { kind: 'text' | 'refused' }>,
  record: BatchRecord,
): object {
  const refused = answer.kind === 'refused';
  const message = {
    role: 'assistant',
    content: refused ? null : answer.text,
    refusal: refused ? answer.text : null,
  };
  const cut = answer.kind === 'text' && answer.cut;
  return responseRow(line, 200, {
    id: `chatcmpl-${requestHashOf(line.customId)}`,
    object: 'chat.completion',
    created: Math.floor(record.createdMs / 1000),
    model: line.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: cut ? 'length' : 'stop' }],
    usage: {
      prompt_tokens: answer.input,
      completion_tokens: answer.output,
      total_tokens: answer.input + answer.output,
    },
  });
}

function responseRow(line: InputLine, status: number, body: object): object {
  const hash = requestHashOf(line.customId);
  return {
    id: `batch_req_${hash}`,
    custom_id: line.customId,
    response: { status_code: status, request_id: `req_${hash}`, body },
    error: null,
  };
}

// The output and error files of an OpenAI batch: made row by row when they are downloaded, never stored.
import { answerQuestion, type SimulatedAnswer } from './answer.ts';
import type { ContextReader, ContextShelf } from './contexts.ts';
import { chooseFate, fractionOf, requestHashOf } from './faults.ts';
import { type InputLine, readInput } from './openai-input.ts';
import type { Store } from './store.ts';
import type { BatchRecord, BatchState } from './timeline.ts';

/** Which of a batch's two files. */
export type OutputFile = 'output' | 'error';

/** How many rows each file of a batch has. */
export type Tally = Readonly<Record<OutputFile, number>>;

/** Rows are shuffled within windows of this size: OpenAI promises no order. */
const WINDOW = 32;

/** The rows of one file of a batch, each a JSON line with its end. */
export async function* outputRows(
  file: OutputFile,
  record: BatchRecord,
  state: BatchState,
  store: Store,
  contexts: ContextShelf,
): AsyncGenerator<string> {
  const reader = contexts.reader();
  try {
    let window: { rank: number; row: string }[] = [];
    let index = 0;
    for await (const line of readInput(store.content(record.inputFile))) {
      const row = await rowFor(line, index++ < state.executed);
      if (row === null) continue;
      window.push({ rank: fractionOf(`${record.id}/${line.customId}`), row: `${JSON.stringify(row)}\n` });
      if (window.length < WINDOW) continue;
      yield joined(window);
      window = [];
    }
    if (window.length > 0) yield joined(window);
  } finally {
    await reader.close();
  }

  async function rowFor(line: InputLine, executed: boolean): Promise<object | null> {
    if (!executed) return file === 'error' && state.status === 'expired' ? expiredRow(line) : null;
    const answer = await answerTo(line, record, reader);
    if (answer.kind === 'missing') return null;
    if (answer.kind === 'errored') return file === 'error' ? errorRow(line, answer) : null;
    return file === 'output' ? answerRow(line, answer, record) : null;
  }
}

async function answerTo(
  line: InputLine,
  record: BatchRecord,
  reader: ContextReader,
): Promise<SimulatedAnswer> {
  const fate = chooseFate(record.faults, requestHashOf(line.customId));
  return answerQuestion(line.question, await reader.find(line.customId), fate);
}

/** Counts the rows of both files, by the same rules. */
export async function tallyOf(
  record: BatchRecord,
  state: BatchState,
  store: Store,
  contexts: ContextShelf,
): Promise<Tally> {
  const reader = contexts.reader();
  const tally = { output: 0, error: 0 };
  try {
    let index = 0;
    for await (const line of readInput(store.content(record.inputFile))) {
      if (index++ >= state.executed) {
        if (state.status !== 'expired') break;
        tally.error++;
        continue;
      }
      const answer = await answerTo(line, record, reader);
      if (answer.kind === 'errored') tally.error++;
      else if (answer.kind !== 'missing') tally.output++;
    }
    return tally;
  } finally {
    await reader.close();
  }
}

function joined(window: { rank: number; row: string }[]): string {
  return window
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.row)
    .join('');
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

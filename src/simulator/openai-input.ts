// An uploaded OpenAI batch file: the checks the service makes, and its requests one by one.
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Question } from './answer.ts';
import { type Line, readLines } from './lines.ts';
import type { InputProblem } from './timeline.ts';

/** The endpoint this simulator serves. */
export const CHAT_COMPLETIONS = '/v1/chat/completions';

/** Most requests of one file, as OpenAI documents it. */
export const MAX_REQUESTS = 50_000;

/** One request line. */
export interface InputLine {
  readonly customId: string;
  readonly model: string;
  readonly question: Question;
}

/** What a batch file holds. */
export interface InputSummary {
  readonly customIds: readonly string[];
  readonly model: string | null;
  readonly problems: readonly InputProblem[];
}

const MAX_PROBLEMS = 100;

/** Checks a batch file as OpenAI does when it validates a batch. */
export async function inspectInput(
  content: AsyncIterable<Uint8Array>,
  endpoint: string,
): Promise<InputSummary> {
  const customIds: string[] = [];
  const seen = new Set<string>();
  const problems: InputProblem[] = [];
  let model: string | null = null;
  let number = 0;
  const report = (code: InputProblem['code'], message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, message, line: number });
  };
  for await (const line of readLines(content)) {
    number++;
    if (line.text.trim() === '') continue;
    const parsed = parseLine(line);
    if (parsed === null) {
      report('invalid_json_line', 'This line is not parseable as valid JSON.');
      continue;
    }
    const { custom_id: customId, method, url, body } = parsed;
    if (typeof customId !== 'string' || method !== 'POST' || url !== endpoint || !isObject(body)) {
      report('invalid_request', `Each line needs custom_id, method "POST", url "${endpoint}" and body.`);
      continue;
    }
    if (seen.has(customId))
      report('duplicate_custom_id', `The custom_id "${customId}" appears more than once.`);
    const own = typeof body.model === 'string' ? body.model : '';
    if (model === null) model = own;
    else if (model !== own)
      report('model_mismatch', `The model "${own}" differs from "${model}" of the first line.`);
    seen.add(customId);
    customIds.push(customId);
  }
  if (number === 0 || (customIds.length === 0 && problems.length === 0)) {
    problems.push({ code: 'empty_file', message: 'The batch input file is empty.', line: null });
  }
  if (customIds.length > MAX_REQUESTS) {
    problems.push({ code: 'invalid_request', message: `More than ${MAX_REQUESTS} requests.`, line: null });
  }
  return { customIds, model, problems };
}

/** The requests of a file that passed `inspectInput`. */
export async function* readInput(content: AsyncIterable<Uint8Array>): AsyncGenerator<InputLine> {
  for await (const line of readLines(content)) {
    const parsed = line.text.trim() === '' ? null : parseLine(line);
    if (parsed === null || !isObject(parsed.body)) continue;
    const customId = String(parsed.custom_id);
    const body = parsed.body;
    yield { customId, model: String(body.model), question: questionOf(customId, body) };
  }
}

function questionOf(customId: string, body: Record<string, unknown>): Question {
  const messages = Array.isArray(body.messages) ? body.messages : [];
  const format = isObject(body.response_format) ? body.response_format : {};
  const named = isObject(format.json_schema) ? format.json_schema : {};
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return {
    customId,
    prompt: messages.map((message) => textOf(isObject(message) ? message.content : '')).join('\n'),
    schema: format.type === 'json_schema' && named.schema !== undefined ? JSON.stringify(named.schema) : null,
    maxTokens: typeof limit === 'number' ? limit : null,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function parseLine(line: Line): Record<string, unknown> | null {
  try {
    const json: unknown = parsePlainJson(line.text);
    return isObject(json) ? json : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

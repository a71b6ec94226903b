// What clients ask in OpenAI's protocol: an uploaded batch file, with the checks the service makes, and the bodies of
// chat completions and responses as questions.
import { parsePlainJson } from '../expression/plain-json.ts';
import { type Question, tokensOf } from './answer.ts';
import { type Line, readLineBunches } from './lines.ts';
import type { BatchProblem } from './timeline.ts';

/** The endpoints a model answers at, in calls and in batches. */
export const ENDPOINTS = ['/v1/chat/completions', '/v1/responses'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** Most requests of one file, as OpenAI documents it. */
export const MAX_REQUESTS = 50_000;

/** What a batch file holds. */
export interface InputSummary {
  readonly customIds: readonly string[];
  readonly model: string | null;
  /** Of all prompts. */
  readonly tokens: number;
  readonly problems: readonly BatchProblem[];
}

const MAX_PROBLEMS = 100;

/** Checks a batch file as OpenAI does when it validates a batch. */
export async function inspectInput(
  content: AsyncIterable<Uint8Array>,
  endpoint: Endpoint,
): Promise<InputSummary> {
  const customIds: string[] = [];
  const seen = new Set<string>();
  const problems: BatchProblem[] = [];
  let tokens = 0;
  let model: string | null = null;
  let number = 0;
  const report = (code: string, message: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ code, message, line: number });
  };
  const inspect = (line: Line): void => {
    number++;
    if (line.text.trim() === '') return;
    const parsed = parseLine(line);
    if (parsed === null) {
      report('invalid_json_line', 'This line is not parseable as valid JSON.');
      return;
    }
    const { custom_id: customId, method, url, body } = parsed;
    if (typeof customId !== 'string' || method !== 'POST' || url !== endpoint || !isObject(body)) {
      report('invalid_request', `Each line needs custom_id, method "POST", url "${endpoint}" and body.`);
      return;
    }
    if (seen.has(customId))
      report('duplicate_custom_id', `The custom_id "${customId}" appears more than once.`);
    const own = typeof body.model === 'string' ? body.model : '';
    if (model === null) model = own;
    else if (model !== own)
      report('model_mismatch', `The model "${own}" differs from "${model}" of the first line.`);
    seen.add(customId);
    customIds.push(customId);
    tokens += tokensOf(questionOf(endpoint, customId, body).prompt);
  };
  for await (const lines of readLineBunches(content)) lines.forEach(inspect);
  if (number === 0 || (customIds.length === 0 && problems.length === 0)) {
    problems.push({ code: 'empty_file', message: 'The batch input file is empty.', line: null });
  }
  if (customIds.length > MAX_REQUESTS) {
    problems.push({ code: 'invalid_request', message: `More than ${MAX_REQUESTS} requests.`, line: null });
  }
  return { customIds, model, tokens, problems };
}

/** The requests of a file that passed `inspectInput`, in bunches. */
export async function* readInput(
  content: AsyncIterable<Uint8Array>,
  endpoint: Endpoint,
): AsyncGenerator<readonly Question[]> {
  for await (const lines of readLineBunches(content)) {
    yield lines.flatMap((line) => {
      const parsed = line.text.trim() === '' ? null : parseLine(line);
      if (parsed === null || !isObject(parsed.body)) return [];
      return questionOf(endpoint, String(parsed.custom_id), parsed.body);
    });
  }
}

/** What a body asks. */
export function questionOf(
  endpoint: Endpoint,
  customId: string,
  body: Readonly<Record<string, unknown>>,
): Question {
  const model = String(body.model);
  if (endpoint === '/v1/responses') {
    const format = isObject(body.text) && isObject(body.text.format) ? body.text.format : {};
    const input = typeof body.input === 'string' ? body.input : textsOf(body.input);
    return {
      customId,
      model,
      prompt: typeof body.instructions === 'string' ? `${body.instructions}\n${input}` : input,
      schema: schemaOf(format, format),
      maxTokens: typeof body.max_output_tokens === 'number' ? body.max_output_tokens : null,
    };
  }
  const format = isObject(body.response_format) ? body.response_format : {};
  const limit = body.max_completion_tokens ?? body.max_tokens;
  return {
    customId,
    model,
    prompt: textsOf(body.messages),
    schema: schemaOf(format, isObject(format.json_schema) ? format.json_schema : {}),
    maxTokens: typeof limit === 'number' ? limit : null,
  };
}

function schemaOf(format: Record<string, unknown>, holder: Record<string, unknown>): string | null {
  return format.type === 'json_schema' && holder.schema !== undefined ? JSON.stringify(holder.schema) : null;
}

function textsOf(messages: unknown): string {
  if (!Array.isArray(messages)) return '';
  return messages.map((message) => textOf(isObject(message) ? message.content : '')).join('\n');
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

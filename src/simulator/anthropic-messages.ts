// What clients ask in Anthropic's protocol, with the checks the service makes when a batch is created, and the shapes
// messages and rows of results have. It answers nothing by itself.
import { parsePlainJson } from '../expression/plain-json.ts';
import { type ModelAnswer, type Question, tokensOf } from './answer.ts';
import { requestHashOf } from './faults.ts';
import { readLineBunches } from './lines.ts';
import { Refusal } from './protocol.ts';
import type { RowOutcome } from './rows.ts';

/** Most requests of one batch, as Anthropic documents it. */
export const MAX_REQUESTS = 100_000;

/** Most bytes of one batch, as Anthropic documents it. */
export const MAX_BYTES = 256 * 1000 * 1000;

/** What the body of a create holds. */
export interface InputSummary {
  readonly customIds: readonly string[];
  /** The first request's. */
  readonly model: string | null;
  /** Of all prompts. */
  readonly tokens: number;
  /** The requests, one a line, as they are stored. */
  readonly lines: readonly string[];
}

/** Checks the body of a create. Throws the Refusal the service would answer with. */
export function inspectInput(body: unknown): InputSummary {
  const requests = isObject(body) ? body.requests : undefined;
  if (!Array.isArray(requests)) throw new Refusal('invalid', 'requests: Field required');
  if (requests.length === 0) throw new Refusal('invalid', 'requests: List should have at least 1 item');
  if (requests.length > MAX_REQUESTS) {
    throw new Refusal('invalid', `requests: List should have at most ${MAX_REQUESTS} items`);
  }
  const customIds = new Set<string>();
  const lines: string[] = [];
  let tokens = 0;
  let model: string | null = null;
  for (const [index, request] of requests.entries()) {
    const { custom_id: customId, params } = isObject(request) ? request : {};
    if (typeof customId !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(customId)) {
      const message = "String should match pattern '^[a-zA-Z0-9_-]{1,64}$'";
      throw new Refusal('invalid', `requests.${index}.custom_id: ${message}`);
    }
    if (customIds.has(customId)) {
      throw new Refusal('invalid', `requests.${index}.custom_id: custom_id is not unique`);
    }
    if (!isObject(params)) throw new Refusal('invalid', `requests.${index}.params: Field required`);
    const question = questionOf(customId, params);
    model ??= question.model;
    tokens += tokensOf(question.prompt);
    customIds.add(customId);
    lines.push(JSON.stringify({ custom_id: customId, params }));
  }
  return { customIds: [...customIds], model, tokens, lines };
}

/** The requests of a batch that was created, from the stored lines, in bunches. */
export async function* readInput(content: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Question[]> {
  for await (const lines of readLineBunches(content)) {
    yield lines.map(({ text }) => {
      const { custom_id: customId, params } = parsePlainJson(text) as { custom_id: string; params: object };
      return questionOf(customId, params as Readonly<Record<string, unknown>>);
    });
  }
}

/** What the parameters of a message ask. */
export function questionOf(customId: string, params: Readonly<Record<string, unknown>>): Question {
  const format = isObject(params.output_config) ? params.output_config.format : null;
  const messages = Array.isArray(params.messages) ? params.messages : [];
  const texts = messages.map((message) => textOf(isObject(message) ? message.content : ''));
  const system = textOf(params.system);
  return {
    customId,
    model: String(params.model),
    prompt: [...(system === '' ? [] : [system]), ...texts].join('\n'),
    schema:
      isObject(format) && format.type === 'json_schema' && format.schema !== undefined
        ? JSON.stringify(format.schema)
        : null,
    maxTokens: typeof params.max_tokens === 'number' ? params.max_tokens : null,
  };
}

/** A message as the service answers with it. `tier`: how it was run. */
export function messageBody(
  { customId, model, answer }: { customId: string; model: string; answer: ModelAnswer },
  tier: 'standard' | 'batch',
): object {
  const refused = answer.kind === 'refused';
  const reason = answer.kind === 'text' && answer.cut ? 'max_tokens' : 'end_turn';
  return {
    id: `msg_${requestHashOf(customId).slice(0, 24)}`,
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: answer.text, citations: null }],
    container: null,
    stop_reason: refused ? 'refusal' : reason,
    stop_sequence: null,
    stop_details: refused ? { type: 'refusal', category: null, explanation: answer.text } : null,
    usage: {
      input_tokens: answer.input - answer.cached,
      cache_creation: null,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: answer.cached,
      output_tokens: answer.output,
      output_tokens_details: null,
      inference_geo: null,
      server_tool_use: null,
      service_tier: tier,
      speed: null,
    },
  };
}

/** A row of results. */
export function rowShape(customId: string, model: string, outcome: RowOutcome): object {
  return { custom_id: customId, result: resultOf(customId, model, outcome) };
}

function resultOf(customId: string, model: string, outcome: RowOutcome): object {
  switch (outcome.kind) {
    case 'text':
    case 'refused':
      return { type: 'succeeded', message: messageBody({ customId, model, answer: outcome }, 'batch') };
    case 'errored': {
      const type = outcome.status >= 500 ? 'api_error' : 'invalid_request_error';
      const error = { type, message: outcome.message };
      return { type: 'errored', error: { type: 'error', error, request_id: null } };
    }
    case 'expired':
    case 'canceled':
      return { type: outcome.kind };
    default:
      return outcome satisfies never;
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : '')).join('');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

// A question and its answer in the words of `/v1/responses`. It sends nothing.
import type { ModelRequest } from '../../ports/provider.ts';
import { schemaOf } from '../request-schema.ts';
import { type Json, objectOf, objectsOf, type Reading, usageOf } from './openai-json.ts';

/** The request's body. `store: false`: nobody needs the answer to be kept at the service. */
export function responsesBody(request: ModelRequest): object {
  return {
    model: request.model,
    ...(request.system === null ? {} : { instructions: request.system }),
    input: request.prompt,
    max_output_tokens: request.maxTokens,
    store: false,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.schema === null ? {} : { text: { format: formatOf(request.schema) } }),
  };
}

/** `strict: false`: strict mode refuses most schemas people write; what comes back is validated here anyway. */
function formatOf(schema: string): object {
  return { type: 'json_schema', name: 'answer', schema: schemaOf(schema), strict: false };
}

/** The answer's body: the texts of its messages; reasoning and whatever else there is are passed over. */
export function readResponse(body: Json): Reading {
  const error = objectOf(body.error);
  if (body.status === 'failed' || error !== null) {
    const said = [error?.code, error?.message].filter((part) => typeof part === 'string').join(': ');
    return { kind: 'unusable', why: said === '' ? 'the response failed without a reason' : said };
  }
  const incomplete = body.status === 'incomplete';
  if (!incomplete && body.status !== 'completed') {
    return { kind: 'unusable', why: 'the answer is no finished response' };
  }
  const messages = objectsOf(body.output).filter((item) => item.type === 'message');
  const parts = messages.flatMap((message) => objectsOf(message.content));
  const texts = (type: string, field: string) =>
    parts
      .filter((part) => part.type === type)
      .map((part) => part[field])
      .filter((text) => typeof text === 'string')
      .join('');
  const text = texts('output_text', 'text');
  const usage = usageOf(objectOf(body.usage), { input: 'input_tokens', output: 'output_tokens' });
  const filtered = incomplete && objectOf(body.incomplete_details)?.reason === 'content_filter';
  if (filtered || parts.some((part) => part.type === 'refusal')) {
    return { kind: 'refused', text: texts('refusal', 'refusal') || text, usage };
  }
  // The limit may be used up by reasoning alone: no message then, and still an answer that was paid for.
  if (incomplete) return { kind: 'truncated', text, usage };
  if (messages.length === 0) return { kind: 'unusable', why: 'the answer holds no message' };
  return { kind: 'text', text, usage };
}

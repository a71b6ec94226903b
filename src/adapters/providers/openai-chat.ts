// A question and its answer in the words of `/v1/chat/completions`. It sends nothing.
import type { ModelRequest } from '../../ports/provider.ts';
import { schemaOf } from '../request-schema.ts';
import { type Json, objectOf, objectsOf, type Reading, usageOf } from './openai-json.ts';

/** The request's body. */
export function chatBody(request: ModelRequest): object {
  return {
    model: request.model,
    messages: [
      ...(request.system === null ? [] : [{ role: 'system', content: request.system }]),
      { role: 'user', content: request.prompt },
    ],
    max_completion_tokens: request.maxTokens,
    ...(request.temperature === null ? {} : { temperature: request.temperature }),
    ...(request.schema === null ? {} : { response_format: responseFormat(request.schema) }),
  };
}

/** `strict: false`: strict mode refuses most schemas people write; what comes back is validated here anyway. */
function responseFormat(schema: string): object {
  return { type: 'json_schema', json_schema: { name: 'answer', schema: schemaOf(schema), strict: false } };
}

/** The answer's body. */
export function readChat(body: Json): Reading {
  const choice = Array.isArray(body.choices) ? objectOf(body.choices[0]) : null;
  const message = objectOf(choice?.message);
  if (choice === null || message === null) return { kind: 'unusable', why: 'the answer holds no message' };
  const usage = usageOf(objectOf(body.usage), { input: 'prompt_tokens', output: 'completion_tokens' });
  const text = textOf(message.content);
  const refusal = typeof message.refusal === 'string' && message.refusal !== '' ? message.refusal : null;
  if (refusal !== null || choice.finish_reason === 'content_filter') {
    return { kind: 'refused', text: refusal ?? text, usage };
  }
  return { kind: choice.finish_reason === 'length' ? 'truncated' : 'text', text, usage };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((part) => part.text)
    .filter((text) => typeof text === 'string')
    .join('');
}

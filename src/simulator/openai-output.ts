// What OpenAI's protocol shows of neutral rows and answers: the bodies of its two APIs, the lines of output and error
// files. It decides nothing.
import type { ModelAnswer } from './answer.ts';
import { requestHashOf } from './faults.ts';
import type { Endpoint } from './openai-input.ts';
import type { Row, Tally } from './rows.ts';

/** Which of a batch's two files. */
export type OutputFile = 'output' | 'error';

/** The file a row stands in; null: requests that were cancelled before they began stand in neither. */
export function fileOf({ outcome }: Row): OutputFile | null {
  switch (outcome.kind) {
    case 'text':
    case 'refused':
      return 'output';
    case 'errored':
    case 'expired':
      return 'error';
    case 'canceled':
      return null;
    default:
      return outcome satisfies never;
  }
}

/** How many requests each file tells of. */
export function countsOf(tally: Tally): Readonly<Record<OutputFile, number>> {
  return { output: tally.text + tally.refused, error: tally.errored + tally.expired };
}

/** A row as a line's object. */
export function rowShape({ customId, model, outcome }: Row, endpoint: Endpoint, createdMs: number): object {
  const hash = requestHashOf(customId);
  const shape = (status: number, body: object) => ({
    id: `batch_req_${hash}`,
    custom_id: customId,
    response: { status_code: status, request_id: `req_${hash}`, body },
    error: null,
  });
  switch (outcome.kind) {
    case 'text':
    case 'refused':
      return shape(200, answerBody(endpoint, { customId, model, answer: outcome }, createdMs));
    case 'errored': {
      const type = outcome.status >= 500 ? 'server_error' : 'invalid_request_error';
      const error = { message: outcome.message, type, param: null, code: outcome.code };
      return shape(outcome.status, { error });
    }
    case 'expired':
    case 'canceled': {
      const message = `This request could not be executed before the ${outcome.kind === 'expired' ? 'completion window expired' : 'batch was cancelled'}.`;
      const code = outcome.kind === 'expired' ? 'batch_expired' : 'batch_cancelled';
      return { id: `batch_req_${hash}`, custom_id: customId, response: null, error: { code, message } };
    }
    default:
      return outcome satisfies never;
  }
}

interface Answered {
  readonly customId: string;
  readonly model: string;
  readonly answer: ModelAnswer;
}

/** The body with which an API answers. */
export function answerBody(endpoint: Endpoint, answered: Answered, createdMs: number): object {
  return endpoint === '/v1/responses' ? responseBody(answered, createdMs) : chatBody(answered, createdMs);
}

function chatBody({ customId, model, answer }: Answered, createdMs: number): object {
  const refused = answer.kind === 'refused';
  const message = {
    role: 'assistant',
    content: refused ? null : answer.text,
    refusal: refused ? answer.text : null,
  };
  const cut = answer.kind === 'text' && answer.cut;
  return {
    id: `chatcmpl-${requestHashOf(customId)}`,
    object: 'chat.completion',
    created: Math.floor(createdMs / 1000),
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: cut ? 'length' : 'stop' }],
    usage: {
      prompt_tokens: answer.input,
      completion_tokens: answer.output,
      total_tokens: answer.input + answer.output,
      prompt_tokens_details: { cached_tokens: answer.cached },
    },
  };
}

function responseBody({ customId, model, answer }: Answered, createdMs: number): object {
  const hash = requestHashOf(customId);
  const cut = answer.kind === 'text' && answer.cut;
  const content =
    answer.kind === 'refused'
      ? { type: 'refusal', refusal: answer.text }
      : { type: 'output_text', text: answer.text, annotations: [], logprobs: [] };
  const status = cut ? 'incomplete' : 'completed';
  return {
    id: `resp_${hash}`,
    object: 'response',
    created_at: Math.floor(createdMs / 1000),
    status,
    error: null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model,
    output: [{ id: `msg_${hash}`, type: 'message', status, role: 'assistant', content: [content] }],
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    usage: {
      input_tokens: answer.input,
      input_tokens_details: { cached_tokens: answer.cached },
      output_tokens: answer.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: answer.input + answer.output,
    },
  };
}

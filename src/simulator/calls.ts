// Single calls of any protocol: one question, answered while the client waits, billed once answered. Faults that only
// rows can have do not happen to calls, but `missing`: answered and billed, and the connection cut.
import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerContext } from '../ports/provider.ts';
import { answerQuestion, type ModelAnswer, type Question } from './answer.ts';
import type { ContextShelf } from './contexts.ts';
import { chooseFate, requestHashOf } from './faults.ts';
import { type Exchange, sendText } from './http.ts';
import type { ProtocolName } from './mishaps.ts';
import { LostAnswer, Refusal, type ServiceParts, UNKNOWN_MODEL } from './protocol.ts';
import { timeOf } from './settings.ts';

/** An answered call, to be sent with `sendCall`. */
export interface AnsweredCall {
  readonly customId: string;
  readonly model: string;
  readonly answer: ModelAnswer;
  readonly damaged: boolean;
}

/** The calls of one protocol. */
export interface Calls {
  /**
   * Answers one question. Throws a Refusal (an error instead of an answer) or LostAnswer (answered and billed, but
   * nobody hears it): let them pass.
   */
  ask(question: Question, exchange: Exchange): Promise<AnsweredCall>;
}

/** Opens the calls of one protocol. */
export function openCalls(parts: ServiceParts, protocol: ProtocolName): Calls {
  const { store, contexts, ledger } = parts;
  return {
    async ask(question, { mishaps }) {
      const { customId, model } = question;
      if (model === UNKNOWN_MODEL) throw unknownModel(model);
      const settings = await parts.settings();
      const request = requestHashOf(customId);
      const call = `call-${randomUUID().replaceAll('-', '')}`;
      const fate = chooseFate(settings.faults, request);
      // A server error passes: the same request finds an answer when it is sent again.
      const passed = fate.fault === 'errored' && !(await store.claim('errored-calls', request));
      const answer = answerQuestion(
        question,
        await findContext(contexts, customId),
        passed ? { ...fate, fault: null } : fate,
        settings.cached,
      );
      await sleep(timeOf(settings, settings.callLatency, ['call', customId]));
      if (answer.kind === 'errored') {
        await store.log({ event: 'error', protocol, call, request, status: answer.status });
        const { status, code } = answer;
        throw new Refusal(status >= 500 ? 'failed' : 'invalid', answer.message, { status, code });
      }
      const { input, output, cached } = answer;
      await store.log({ event: 'answer', protocol, call, request });
      await ledger.addCall({ protocol, model, mode: 'realtime', from: call, request, input, output, cached });
      if (mishaps.take('lose_call_answer') !== null || fate.fault === 'missing') {
        throw new LostAnswer('as was asked for');
      }
      return { customId, model, answer, damaged: fate.fault === 'damaged' };
    },
  };
}

async function findContext(contexts: ContextShelf, customId: string): Promise<AnswerContext | null> {
  const reader = contexts.reader();
  try {
    await reader.prepare([customId]);
    return reader.find(customId);
  } finally {
    await reader.close();
  }
}

/** The no to a model that no provider has. */
export function unknownModel(model: string): Refusal {
  return new Refusal('not_found', `The model '${model}' does not exist.`, { code: 'model_not_found' });
}

/**
 * The custom id of a call: what the client says in `X-Client-Request-Id`, by which its answer context is found; a
 * foreign client's is made from what it asks.
 */
export function customIdOf(request: IncomingMessage, body: unknown): string {
  const given = request.headers['x-client-request-id'];
  if (typeof given === 'string' && given !== '') return given;
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}

/** Sends an answered call in the protocol's shape; a damaged one loses its second half. */
export function sendCall(response: ServerResponse, call: AnsweredCall, shape: object): void {
  const text = JSON.stringify(shape);
  sendText(response, 200, call.damaged ? text.slice(0, Math.ceil(text.length / 2)) : text);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

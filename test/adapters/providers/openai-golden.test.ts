// What the OpenAI SDK really sends for each thing the adapter does, held against golden files.
import { expect, test } from 'vitest';
import { createOpenAiProvider } from '../../../src/adapters/providers/openai.ts';
import { allOf, at, draftOf, requestOf } from './contract.ts';
import { NEVER } from './realtime-contract.ts';
import { expectWire, type Reply, recordWire, type Sent } from './wire.ts';

const KEY = 'sk-golden-0123456789';
const CREATED = 1_700_000_000;
const REQUEST = requestOf('golden', 'a', {
  model: 'gpt-9',
  system: 'Be brief.',
  temperature: 0.5,
  schema: '{"type":"object","properties":{"who":{"type":"string"}}}',
});

/** A service in which the batch asked for lies on the second page, ended, with one row in each file. */
function reply({ method, path, query }: Sent): Reply {
  const batch = {
    id: 'batch_1',
    object: 'batch',
    status: 'completed',
    created_at: CREATED,
    input_file_id: 'file-1',
    output_file_id: 'file-2',
    error_file_id: 'file-3',
    metadata: null,
  };
  switch (`${method} ${path}`) {
    case 'POST /v1/files':
      return { body: { id: 'file-1', object: 'file' } };
    case 'GET /v1/files':
      return { body: { data: [{ id: 'file-1', filename: 'octobatch-golden.jsonl', created_at: CREATED }] } };
    case 'GET /v1/batches': {
      const first = query.after === undefined;
      const other = { ...batch, id: 'batch_2', metadata: { octobatch_batch: 'other' } };
      return { body: { object: 'list', data: [first ? other : batch], has_more: first } };
    }
    case 'GET /v1/files/file-2/content':
    case 'GET /v1/files/file-3/content':
      return {
        body: `${JSON.stringify({ custom_id: path, response: null, error: { code: 'batch_expired' } })}\n`,
      };
    case 'POST /v1/chat/completions':
      return { body: { model: 'gpt-9', choices: [{ message: { content: '{}' }, finish_reason: 'stop' }] } };
    case 'POST /v1/responses': {
      const content = [{ type: 'output_text', text: '{}' }];
      return { body: { model: 'gpt-9', status: 'completed', output: [{ type: 'message', content }] } };
    }
    case 'GET /v1/models/gpt-9':
      return { body: { id: 'gpt-9', object: 'model' } };
    default:
      return { body: batch };
  }
}

test.each(['chat', 'responses'] as const)('the wire of %s is as recorded', async (api) => {
  const recorder = await recordWire(reply);
  const headers = { 'x-configured': 'yes' };
  const provider = createOpenAiProvider({
    apiKey: KEY,
    baseUrl: `${recorder.url}/v1`,
    api,
    headers,
    backoffMs: 0,
  });
  const { batches, realtime } = provider;

  expect(await provider.health('gpt-9')).toEqual({ kind: 'ok' });
  expect(await batches.submit(draftOf('golden', [REQUEST]))).toMatchObject({ kind: 'submitted' });
  expect(await batches.find('golden', at(CREATED * 1000))).toMatchObject({ kind: 'found' });
  expect(await batches.check('batch_1')).toMatchObject({ kind: 'ended' });
  expect(await allOf(batches.collect('batch_1'))).toHaveLength(2);
  await batches.cancel('batch_1');
  expect(await realtime.ask(REQUEST, NEVER)).toMatchObject({ kind: 'answered', answer: { kind: 'text' } });

  await recorder.close();
  await expectWire(`openai-${api}`, recorder.sent, { [KEY]: '[key]', [recorder.url]: '[url]' });
});

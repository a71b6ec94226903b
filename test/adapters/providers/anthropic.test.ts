// The Anthropic adapter, through the real SDK, against the simulator; and what the SDK puts on the wire.
import { createHash } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { type AnthropicOptions, createAnthropicProvider } from '../../../src/adapters/providers/anthropic.ts';
import type { BatchProvider } from '../../../src/ports/provider.ts';
import { allOf, at, draftOf, idOf, providerContract, requestOf, untilEnded } from './contract.ts';
import { NEVER, realtimeContract } from './realtime-contract.ts';
import { KEY, openCallWorld, openWorld } from './simulated-world.ts';
import { expectWire, recordWire } from './wire.ts';

/** The adapter at a service whose root address is `url`. */
function providerAt(url: string, options: Partial<AnthropicOptions> = {}) {
  return createAnthropicProvider({ apiKey: KEY, baseUrl: `${url}/anthropic`, backoffMs: 1, ...options });
}

/** The contract's keys are words, and its custom ids begin with their hash: a real key begins so itself. */
function withHashedKeys(provider: BatchProvider): BatchProvider {
  const hashed = (key: string) => createHash('sha256').update(key).digest('hex');
  return { ...provider, find: (key, window) => provider.find(hashed(key), window) };
}

providerContract(
  'anthropic',
  {
    bearsKey: false,
    uploads: false,
    fails: false,
    queueFullAt: 'create',
    keepsExpired: true,
    keepsCanceled: true,
  },
  openWorld('anthropic', (url, options) => withHashedKeys(providerAt(url, options).batches)),
);

realtimeContract(
  'anthropic',
  openCallWorld(
    (url, { apiKey, timeoutMs }) =>
      providerAt(url, {
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(timeoutMs === undefined ? {} : { callTimeoutMs: timeoutMs }),
      }).realtime,
  ),
);

test('results that come after the end of their batch are waited for', async () => {
  const world = await openWorld('anthropic', (url) => providerAt(url, { backoffMs: 30 }).batches)();
  onTestFinished(() => world.close());
  await world.mishap({ kind: 'late_file', ms: 100 });
  const result = await world.provider.submit(draftOf('k', [requestOf('k', 'a')]));
  if (result.kind !== 'submitted') throw new Error('not submitted');
  await untilEnded(world.provider, result.providerBatch);
  expect(await allOf(world.provider.collect(result.providerBatch))).toHaveLength(1);
});

test('the health of a key and a model is what the service says', async () => {
  let root = '';
  const world = await openCallWorld((url) => providerAt((root = url)).realtime)();
  onTestFinished(() => world.close());
  world.at();
  const health = (model: string, apiKey = KEY) => providerAt(root, { apiKey }).health(model);
  expect(await health('test-model')).toEqual({ kind: 'ok' });
  expect(await health('unknown-model')).toMatchObject({
    kind: 'unusable',
    why: expect.stringContaining('unknown-model'),
  });
  expect(await health('test-model', 'bad-key')).toMatchObject({
    kind: 'unusable',
    why: expect.stringContaining('key'),
  });
});

const BATCH = {
  id: 'msgbatch_1',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: { processing: 0, succeeded: 1, errored: 0, canceled: 0, expired: 0 },
  created_at: '2026-01-01T00:00:00Z',
  expires_at: '2026-01-02T00:00:00Z',
  ended_at: '2026-01-01T01:00:00Z',
  results_url: '{url}/anthropic/v1/messages/batches/msgbatch_1/results',
};
const MESSAGE = { model: 'm', content: [], stop_reason: 'end_turn', usage: {} };

test('what the SDK sends is what it sent when this was recorded', async () => {
  const recorder = await recordWire(({ method, path }) => {
    if (path.endsWith('/results')) {
      const row = { custom_id: idOf('k', 'a'), result: { type: 'succeeded', message: MESSAGE } };
      return { body: `${JSON.stringify(row)}\n` };
    }
    if (path.endsWith('/messages')) return { body: MESSAGE };
    if (method === 'GET' && path.endsWith('/batches')) return { body: { data: [], has_more: false } };
    return { body: BATCH };
  });
  onTestFinished(() => recorder.close());
  const { batches, realtime, health } = providerAt(recorder.url, { headers: { 'X-Team': 'walkers' } });
  const schema = '{"type":"object","properties":{"place":{"type":"integer","minimum":0}}}';
  const request = requestOf('k', 'a', { system: 'Be brief.', temperature: 0.5, schema });
  expect(await batches.submit(draftOf('k', [request, requestOf('k', 'b')]))).toMatchObject({
    kind: 'submitted',
  });
  expect(await batches.find('k', at(0))).toEqual({ kind: 'absent' });
  expect(await batches.check('msgbatch_1')).toMatchObject({ kind: 'ended' });
  expect(await allOf(batches.collect('msgbatch_1'))).toHaveLength(1);
  await batches.cancel('msgbatch_1');
  expect(await health('test-model')).toEqual({ kind: 'ok' });
  expect(await realtime.ask(request, NEVER)).toMatchObject({ kind: 'answered' });
  await expectWire('anthropic-messages', recorder.sent, { [KEY]: '[key]', [recorder.url]: '[url]' });
});

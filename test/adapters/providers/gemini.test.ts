// The Gemini adapter, through the real SDK, against the simulator; and what the SDK puts on the wire.
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { createGeminiProvider, type GeminiOptions } from '../../../src/adapters/providers/gemini.ts';
import { allOf, at, draftOf, idOf, providerContract, requestOf, untilEnded } from './contract.ts';
import { NEVER, realtimeContract } from './realtime-contract.ts';
import { KEY, openCallWorld, openWorld } from './simulated-world.ts';
import { expectWire, recordWire, type Sent } from './wire.ts';

/** The adapter at a service whose root address is `url`. */
function providerAt(url: string, options: Partial<GeminiOptions> = {}) {
  return createGeminiProvider({ apiKey: KEY, baseUrl: `${url}/gemini`, backoffMs: 1, ...options });
}

providerContract(
  'gemini',
  {
    bearsKey: true,
    uploads: true,
    fails: true,
    queueFullAt: 'create',
    keepsExpired: false,
    keepsCanceled: true,
  },
  openWorld('gemini', (url, options) => providerAt(url, options).batches),
);

realtimeContract(
  'gemini',
  openCallWorld(
    (url, { apiKey, timeoutMs }) =>
      providerAt(url, {
        ...(apiKey === undefined ? {} : { apiKey }),
        ...(timeoutMs === undefined ? {} : { callTimeoutMs: timeoutMs }),
      }).realtime,
  ),
);

test('a batch of more than one chunk of an upload comes back whole', async () => {
  const world = await openWorld('gemini', (url, options) => providerAt(url, options).batches)();
  onTestFinished(() => world.close());
  const names = ['a', 'b', 'c'];
  const prompt = 'Tell more. '.repeat(400_000);
  const draft = draftOf(
    'k',
    names.map((name) => requestOf('k', name, { prompt })),
  );
  const result = await world.provider.submit(draft);
  if (result.kind !== 'submitted') throw new Error(JSON.stringify(result));
  expect(await untilEnded(world.provider, result.providerBatch)).toMatchObject({ status: 'completed' });
  const answers = await allOf(world.provider.collect(result.providerBatch));
  expect(answers.map(({ kind }) => kind)).toEqual(['text', 'text', 'text']);
  expect(answers[0]).toHaveProperty('usage.input', prompt.length / 4);
});

const ANSWER = {
  candidates: [{ content: { parts: [{ text: '{}' }], role: 'model' }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1 },
  modelVersion: 'm',
};
const JOB = {
  name: 'batches/b1',
  metadata: {
    state: 'BATCH_STATE_SUCCEEDED',
    displayName: 'other',
    output: { responsesFile: 'files/batch-b1' },
    batchStats: { requestCount: '1', successfulRequestCount: '1' },
  },
  done: true,
};

function serviceReply({ method, path, headers, query }: Sent) {
  if (path.endsWith('/resumable')) {
    const file = { file: { name: 'files/f1', uri: '{url}/gemini/v1beta/files/f1' } };
    const status = headers['x-goog-upload-command']?.includes('finalize') ? 'final' : 'active';
    return { headers: { 'x-goog-upload-status': status }, body: file };
  }
  if (path.includes('/upload/')) {
    // The service names its own host; the SDK must stay at the configured address.
    const address = 'https://upload.example/gemini/upload/v1beta/files/resumable?upload_id=1';
    return { headers: { 'x-goog-upload-url': address, 'x-goog-upload-status': 'active' } };
  }
  if (path.endsWith(':download'))
    return { body: `${JSON.stringify({ key: idOf('k', 'a'), response: ANSWER })}\n` };
  if (method === 'GET' && path.endsWith('/batches')) {
    return { body: query.pageToken === undefined ? { operations: [JOB], nextPageToken: 'two' } : {} };
  }
  if (path.endsWith(':generateContent')) return { body: ANSWER };
  if (path.includes('/models/') && method === 'GET') return { body: { name: 'models/test-model' } };
  return { body: JOB };
}

const schema = '{"type":"object","properties":{"place":{"type":"integer","minimum":0}}}';
const request = requestOf('k', 'a', { system: 'Be brief.', temperature: 0.5, schema });

/** Everything the adapter can ask for, once. */
async function everything(url: string): Promise<void> {
  const { batches, realtime, health } = providerAt(url, { headers: { 'X-Team': 'walkers' } });
  expect(await batches.submit(draftOf('k', [request, requestOf('k', 'b')]))).toEqual({
    kind: 'submitted',
    providerBatch: 'batches/b1',
  });
  expect(await batches.find('k', at(0))).toEqual({ kind: 'absent' });
  expect(await batches.check('batches/b1')).toMatchObject({ kind: 'ended', status: 'completed' });
  expect(await allOf(batches.collect('batches/b1'))).toHaveLength(1);
  await batches.cancel('batches/b1');
  expect(await health('test-model')).toEqual({ kind: 'ok' });
  expect(await realtime.ask(request, NEVER)).toMatchObject({ kind: 'answered', answer: { kind: 'text' } });
}

test('what the SDK sends is what it sent when this was recorded', async () => {
  const recorder = await recordWire(serviceReply);
  onTestFinished(() => recorder.close());
  await everything(recorder.url);
  await expectWire('gemini-v1beta', recorder.sent, { [KEY]: '[key]', [recorder.url]: '[url]' });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the environment changes nothing of it, and says nothing', async () => {
  const variables = {
    GOOGLE_API_KEY: 'stray-key',
    GEMINI_API_KEY: 'other-stray-key',
    GOOGLE_GENAI_API_KEY: 'stray-key',
    GOOGLE_GENAI_ACCESS_TOKEN: 'stray-token',
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
    GOOGLE_GENAI_USE_ENTERPRISE: 'true',
    GOOGLE_CLOUD_PROJECT: 'stray',
    GOOGLE_CLOUD_LOCATION: 'stray',
    GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1',
    GOOGLE_VERTEX_BASE_URL: 'http://127.0.0.1:1',
    GOOGLE_GENAI_API_VERSION: 'v9',
    GOOGLE_APPLICATION_CREDENTIALS: 'nowhere.json',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const recorder = await recordWire(serviceReply);
  onTestFinished(() => recorder.close());
  await everything(recorder.url);
  await expectWire('gemini-v1beta', recorder.sent, { [KEY]: '[key]', [recorder.url]: '[url]' });
  expect(warned).not.toHaveBeenCalled();
  warned.mockRestore();
});

// The Gemini adapter against small servers that say what the simulator does not: refusals in Google's words, batches
// that failed, files that are late, other addresses.
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createGeminiProvider, type GeminiOptions } from '../../../src/adapters/providers/gemini.ts';
import { allOf, at, draftOf, idOf, requestOf } from './contract.ts';
import { NEVER } from './realtime-contract.ts';
import { KEY } from './simulated-world.ts';
import { type Recorder, type Reply, recordWire, type Sent } from './wire.ts';

type Answers = Partial<
  Record<'upload' | 'create' | 'list' | 'get' | 'download' | 'model' | 'ask' | 'other', Reply>
>;

/** The call a request makes. */
function callOf({ method, path }: Sent): keyof Answers {
  if (path.endsWith(':batchGenerateContent')) return 'create';
  if (path.endsWith(':generateContent')) return 'ask';
  if (path.endsWith(':download')) return 'download';
  if (path.includes('/upload/')) return 'upload';
  if (path.endsWith('/batches')) return 'list';
  if (method === 'GET' && path.includes('/batches/')) return 'get';
  if (path.includes('/models/')) return 'model';
  return 'other';
}

const UPLOADED: Reply = {
  headers: { 'x-goog-upload-url': '{url}/upload/v1beta/files?upload_id=1', 'x-goog-upload-status': 'final' },
  body: { file: { name: 'files/f1' } },
};

/** An adapter at a service that answers so; a list of answers is used up one by one, its last stays. */
async function service(
  answers: Partial<Record<keyof Answers, Reply | Reply[]>>,
  options: Partial<GeminiOptions> = {},
) {
  const recorder: Recorder = await recordWire((sent) => {
    const call = callOf(sent);
    const own = answers[call] ?? (call === 'upload' ? UPLOADED : {});
    if (!Array.isArray(own)) return own;
    return (own.length > 1 ? own.shift() : own[0]) ?? {};
  });
  onTestFinished(() => recorder.close());
  const provider = createGeminiProvider({
    apiKey: KEY,
    baseUrl: recorder.url,
    backoffMs: 1,
    lateVisibilityMs: 0,
    ...options,
  });
  const count = (call: keyof Answers) => recorder.sent.filter((one) => callOf(one) === call).length;
  return { ...provider, recorder, count };
}

const draft = () => draftOf('k', [requestOf('k', 'a')]);
const error = (status: number, word: string, message: string, details: object[] = []): Reply => ({
  status,
  body: { error: { code: status, message, status: word, details } },
});
const QUOTA = 'You exceeded your current quota, please check your plan and billing details.';
const violation = (quotaId: string, quotaValue = '10') => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'generativelanguage.googleapis.com/some_requests', quotaId, quotaValue }],
});
const retry = (retryDelay: string) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay });
const job = (state: string, more: object = {}, metadata: object = {}): Reply => ({
  body: { name: 'batches/b1', metadata: { state, ...metadata }, ...more },
});

describe('a 429', () => {
  const exhausted = (message: string, details: object[] = []) =>
    error(429, 'RESOURCE_EXHAUSTED', message, details);

  test.each([
    ['says nothing more', exhausted(QUOTA), 'queue_full', 'later'],
    [
      'names a quota of batches',
      exhausted(QUOTA, [violation('BatchEnqueuedTokensPerModel')]),
      'queue_full',
      'later',
    ],
    [
      'names a quota of a minute',
      exhausted(QUOTA, [violation('RequestsPerMinutePerProject')]),
      'later',
      'later',
    ],
    ['names a minute of batches', exhausted(QUOTA, [violation('BatchRequestsPerMinute')]), 'later', 'later'],
    ['says when to come again', exhausted(QUOTA, [retry('3.5s')]), 'later', 'later'],
    [
      'names a quota of a day',
      exhausted(QUOTA, [violation('RequestsPerDayPerProject-FreeTier')]),
      'blocked',
      'blocked',
    ],
    [
      'names a quota of nothing',
      exhausted(QUOTA, [violation('RequestsPerMinute', '0')]),
      'blocked',
      'blocked',
    ],
    ['speaks of credits', exhausted('Your prepayment credits are depleted.'), 'blocked', 'blocked'],
    ['speaks of a cap', exhausted('The project exceeded its monthly spending cap.'), 'blocked', 'blocked'],
    ['is not Google’s', { status: 429, body: '<html>slow down</html>' }, 'queue_full', 'later'],
  ] as const)('that %s', async (_, reply, created, asked) => {
    const { batches, realtime, count } = await service({ create: reply, ask: reply });
    expect(await batches.submit(draft())).toMatchObject({ kind: created });
    expect(count('create')).toBe(1);
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({ kind: asked });
    expect(count('ask')).toBe(1);
  });

  test('tells when to come again in its details or in a header, and the longer time counts', async () => {
    const { batches } = await service({ create: exhausted(QUOTA, [retry('3.5s')]) });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'later', retryAfterMs: 3500 });
    const headers = { 'retry-after': '7' };
    const other = await service({ create: { ...exhausted(QUOTA, [retry('3.5s')]), headers } });
    expect(await other.batches.submit(draft())).toMatchObject({ retryAfterMs: 7000 });
  });
});

describe('a refused key', () => {
  const reason = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' };
  const replies = [
    error(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [reason]),
    error(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'),
    error(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
    error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
    error(403, 'PERMISSION_DENIED', 'The caller does not have permission.'),
  ];

  test.each(replies)('is known by what it says, not by its status alone', async (reply) => {
    const { batches, realtime, health } = await service({ create: reply, ask: reply, model: reply });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'blocked' });
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({ kind: 'blocked' });
    expect(await health('m')).toMatchObject({
      kind: 'unusable',
      fix: expect.stringContaining('GEMINI_API_KEY'),
    });
  });

  test('is found at the upload already, and nothing is created', async () => {
    const { batches, count } = await service({ upload: replies[0]! });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'blocked' });
    expect(count('create')).toBe(0);
  });

  test('is told from a refused upload, which says nothing of the queue', async () => {
    const { batches } = await service({ upload: error(429, 'RESOURCE_EXHAUSTED', QUOTA) });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'later' });
  });

  test('is not taken for a bad request', async () => {
    const bad = error(400, 'INVALID_ARGUMENT', 'Unable to submit request.');
    const { batches } = await service({ create: bad });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'rejected' });
  });
});

describe('a file that is not to be seen yet', () => {
  test.each([
    error(404, 'NOT_FOUND', 'Requested entity was not found.'),
    error(403, 'PERMISSION_DENIED', 'You do not have permission to access the File f1 or it may not exist.'),
    error(400, 'FAILED_PRECONDITION', 'The File f1 is not in an ACTIVE state and usage is not allowed.'),
  ])('is waited for, and nothing was created meanwhile', async (reply) => {
    const { batches, count } = await service({ create: [reply, reply, job('BATCH_STATE_PENDING')] });
    expect(await batches.submit(draft())).toEqual({ kind: 'submitted', providerBatch: 'batches/b1' });
    expect(count('create')).toBe(3);
    const never = await service({ create: reply });
    expect(await never.batches.submit(draft())).toMatchObject({ kind: 'later' });
    expect(never.count('create')).toBe(5);
  });

  test('is not waited for when the claim runs out', async () => {
    const { batches, count } = await service({
      create: error(404, 'NOT_FOUND', 'Requested entity was not found.'),
    });
    let asked = 0;
    const claimed = { ...draft(), mayCreate: async () => asked++ < 2 };
    expect(await batches.submit(claimed)).toMatchObject({ kind: 'later' });
    expect(count('create')).toBe(2);
  });

  test('is not mistaken for a model that is not known', async () => {
    const reply = error(404, 'NOT_FOUND', 'models/m is not found for API version v1beta.');
    const { batches, count } = await service({ create: reply });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'rejected' });
    expect(count('create')).toBe(1);
  });
});

describe('a create', () => {
  test('that was refused leaves no upload behind, one in doubt keeps it', async () => {
    const deletes = (sent: readonly Sent[]) => sent.filter(({ method }) => method === 'DELETE').length;
    const refused = await service({ create: error(400, 'INVALID_ARGUMENT', 'no') });
    await refused.batches.submit(draft());
    expect(deletes(refused.recorder.sent)).toBe(1);
    const doubtful = await service({ create: error(503, 'UNAVAILABLE', 'overloaded') });
    expect(await doubtful.batches.submit(draft())).toMatchObject({ kind: 'unsure' });
    expect(deletes(doubtful.recorder.sent)).toBe(0);
  });

  test.each([{ body: {} }, { body: 'not JSON' }, { body: '' }])(
    'answered with %j is in doubt',
    async (reply) => {
      const { batches, count } = await service({ create: reply });
      expect(await batches.submit(draft())).toMatchObject({ kind: 'unsure' });
      expect(count('create')).toBe(1);
    },
  );

  test.each(['../files/f1', 'a?b', 'a&b', 'a#b', 'a/b', ''])(
    'of a model called %j is not even tried',
    async (model) => {
      const { batches, realtime, health, recorder } = await service({});
      expect(await batches.submit({ ...draft(), model })).toMatchObject({ kind: 'rejected' });
      expect(await realtime.ask(requestOf('k', 'a', { model }), NEVER)).toMatchObject({
        answer: { failure: 'rejected' },
      });
      expect(await health(model)).toMatchObject({ kind: 'unusable' });
      expect(recorder.sent).toEqual([]);
    },
  );

  test('of more than one chunk is uploaded whole', async () => {
    const { batches, recorder } = await service({
      upload: [
        { ...UPLOADED, body: {} },
        { headers: { 'x-goog-upload-status': 'active' }, body: {} },
        UPLOADED,
      ],
      create: job('BATCH_STATE_PENDING'),
    });
    const long = draftOf('k', [requestOf('k', 'a', { prompt: 'x'.repeat(9 * 1024 * 1024) })]);
    expect(await batches.submit(long)).toMatchObject({ kind: 'submitted' });
    const offsets = recorder.sent.map(({ headers }) => headers['x-goog-upload-offset']);
    expect(offsets.slice(1, 3)).toEqual(['0', String(8 * 1024 * 1024)]);
  });
});

describe('a batch', () => {
  test.each([
    ['BATCH_STATE_PENDING', { kind: 'running', status: 'pending' }],
    ['JOB_STATE_RUNNING', { kind: 'running', status: 'running' }],
    ['BATCH_STATE_SUCCEEDED', { kind: 'ended', status: 'completed' }],
    ['JOB_STATE_SUCCEEDED', { kind: 'ended', status: 'completed' }],
    ['BATCH_STATE_CANCELLED', { kind: 'ended', status: 'canceled' }],
    ['BATCH_STATE_EXPIRED', { kind: 'ended', status: 'expired' }],
    ['BATCH_STATE_HIBERNATING', { kind: 'running', status: 'hibernating' }],
  ])('in the state %s', async (state, result) => {
    const { batches } = await service({ get: job(state) });
    expect(await batches.check('batches/b1')).toMatchObject(result);
  });

  test('tells how many requests have ended', async () => {
    const batchStats = { requestCount: '9', successfulRequestCount: '4', failedRequestCount: '1' };
    const { batches } = await service({ get: job('BATCH_STATE_RUNNING', {}, { batchStats }) });
    expect(await batches.check('batches/b1')).toEqual({ kind: 'running', status: 'running', completed: 5 });
  });

  test('that failed tells why, from the operation the SDK does not show', async () => {
    const failed = (fields: object, metadata: object = {}) =>
      service({ get: job('BATCH_STATE_FAILED', { done: true, ...fields }, metadata) });
    const checked = async (fields: object, metadata: object = {}) =>
      (await failed(fields, metadata)).batches.check('batches/b1');
    expect(await checked({ error: { code: 3, message: 'Line 2 is wrong.' } })).toEqual({
      kind: 'ended',
      status: 'failed',
      reason: 'INVALID_ARGUMENT: Line 2 is wrong.',
    });
    expect(await checked({})).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('no reason'),
    });
    expect(await checked({ error: { code: 8, message: QUOTA } })).toMatchObject({ kind: 'queue_full' });
    const spent = { error: { code: 8, message: 'Your prepayment credits are depleted.' } };
    expect(await checked(spent)).toEqual({
      kind: 'blocked',
      why: 'RESOURCE_EXHAUSTED: Your prepayment credits are depleted.',
    });
    // Something was answered, and billed: that is no queue that was full.
    const some = { batchStats: { successfulRequestCount: '2' } };
    expect(await checked({ error: { code: 8, message: QUOTA } }, some)).toMatchObject({ kind: 'ended' });
    expect(await checked(spent, some)).toMatchObject({ kind: 'ended' });
    expect(await checked({ error: { code: 13, message: `the key ${KEY} broke` } })).not.toHaveProperty(
      'reason',
      expect.stringContaining(KEY),
    );
  });

  test('that is over without a state is known by how it ended', async () => {
    const done = async (more: object) =>
      (await service({ get: { body: { name: 'batches/b1', done: true, ...more } } })).batches.check(
        'batches/b1',
      );
    expect(await done({ response: {} })).toMatchObject({ kind: 'ended', status: 'completed' });
    expect(await done({ error: { code: 3, message: 'no' } })).toMatchObject({ status: 'failed' });
  });

  test('whose output comes late is waited for; rows that never come are missing', async () => {
    const output = { output: { responsesFile: 'files/out' } };
    const stats = { batchStats: { requestCount: '2', successfulRequestCount: '2' } };
    const row = `${JSON.stringify({ key: idOf('k', 'a'), error: { code: 13, message: 'no' } })}\n`;
    const { batches, count } = await service({
      get: [
        job('BATCH_STATE_SUCCEEDED', {}, stats),
        job('BATCH_STATE_SUCCEEDED', {}, { ...stats, ...output }),
      ],
      download: { body: row },
    });
    expect(await allOf(batches.collect('batches/b1'))).toHaveLength(1);
    expect(count('download')).toBe(2);
    const never = await service({ get: job('BATCH_STATE_SUCCEEDED', {}, stats) });
    await expect(allOf(never.batches.collect('batches/b1'))).rejects.toThrow('no output file');
    const canceled = await service({ get: job('BATCH_STATE_CANCELLED', {}, stats) });
    expect(await allOf(canceled.batches.collect('batches/b1'))).toEqual([]);
  });

  test('that cannot be found in a list without end leaves doubt', async () => {
    const endless = await service({ list: { body: { operations: [], nextPageToken: 'again' } } });
    expect(await endless.batches.find('k', at(0))).toMatchObject({ kind: 'unsure' });
  });

  test('is cancelled when the service took note, or when it is over', async () => {
    const refuse = error(400, 'FAILED_PRECONDITION', 'It cannot be cancelled.');
    const over = await service({ other: refuse, get: job('BATCH_STATE_SUCCEEDED') });
    await over.batches.cancel('batches/b1');
    const running = await service({ other: refuse, get: job('BATCH_STATE_RUNNING') });
    await expect(running.batches.cancel('batches/b1')).rejects.toThrow('could not be cancelled');
  });

  test('has a name of the service, or it is none of its batches', async () => {
    const { batches, recorder } = await service({});
    for (const name of ['batch_1', 'batches/../files/x', 'batches/a?b', 'files/x']) {
      expect(await batches.check(name)).toMatchObject({ kind: 'unknown' });
    }
    expect(recorder.sent).toEqual([]);
  });
});

describe('the key and the prompts', () => {
  test('stay at the configured address', async () => {
    const elsewhere = await service({});
    const redirect: Reply = { status: 302, headers: { location: `${elsewhere.recorder.url}/x` } };
    const { batches, realtime } = await service({ create: redirect, ask: redirect, get: redirect });
    expect(await batches.submit(draft())).toMatchObject({
      kind: 'blocked',
      why: expect.stringContaining('base URL'),
    });
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({ kind: 'blocked' });
    expect(await batches.check('batches/b1')).toMatchObject({ kind: 'later' });
    expect(elsewhere.recorder.sent).toEqual([]);
  });

  test('are sent below a base URL with or without a slash or a version', async () => {
    for (const end of ['', '/', '/v1beta', '/v1beta/']) {
      const { recorder } = await service({});
      const { health } = createGeminiProvider({ apiKey: KEY, baseUrl: `${recorder.url}${end}` });
      await health('m');
      expect(recorder.sent.map(({ path }) => path)).toEqual(['/v1beta/models/m']);
    }
  });

  test('are not taken when they cannot be sent', () => {
    const make = (options: Partial<GeminiOptions>) => () =>
      createGeminiProvider({ apiKey: KEY, baseUrl: null, ...options });
    expect(make({ apiKey: ' ' })).toThrow('without an API key');
    expect(make({ apiKey: 'ab\u2026cd' })).toThrow('copied whole');
    expect(make({ headers: { 'a b': 'c' } })).toThrow('header "a b"');
    expect(make({ baseUrl: 'nowhere' })).toThrow('not an address');
  });
});

describe('a single call', () => {
  const answer = (finishReason: string, more: object = {}): Reply => ({
    body: { candidates: [{ content: { parts: [{ text: 'a' }] }, finishReason }], ...more },
  });

  test('is one call, also when the service offers to go on', async () => {
    const { realtime, count } = await service({ ask: answer('CONTINUATION', { continuationToken: 'more' }) });
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({ answer: { kind: 'truncated' } });
    expect(count('ask')).toBe(1);
  });

  test('with several candidates or parts says nothing on the console', async () => {
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const candidate = { content: { parts: [{ text: 'a' }, { functionCall: {} }] }, finishReason: 'STOP' };
    const { realtime } = await service({ ask: { body: { candidates: [candidate, candidate] } } });
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({
      answer: { kind: 'text', text: 'a' },
    });
    expect(warned).not.toHaveBeenCalled();
  });

  test('waits as long as the service asked after the last one', async () => {
    const limited = error(429, 'RESOURCE_EXHAUSTED', QUOTA, [retry('0.3s')]);
    const { realtime } = await service({ ask: [limited, answer('STOP')] });
    expect(await realtime.ask(requestOf('k', 'a'), NEVER)).toMatchObject({
      kind: 'later',
      retryAfterMs: 300,
    });
    const stop = new AbortController();
    const second = realtime.ask(requestOf('k', 'b'), stop.signal);
    stop.abort();
    expect(await second).toMatchObject({ kind: 'later' });
    expect(await realtime.ask(requestOf('k', 'c'), NEVER)).toMatchObject({ kind: 'answered' });
  });
});

describe('health', () => {
  test('knows a model, an unknown one, and a service that cannot say', async () => {
    expect(await (await service({ model: { body: { name: 'models/m' } } })).health('m')).toEqual({
      kind: 'ok',
    });
    const unknown = error(404, 'NOT_FOUND', 'models/m is not found for API version v1beta.');
    expect(await (await service({ model: unknown })).health('m')).toMatchObject({
      kind: 'unusable',
      why: 'the model "m" is not known to gemini',
    });
    expect(await (await service({ model: { status: 404, body: 'Not Found' } })).health('m')).toMatchObject({
      kind: 'unsure',
    });
    expect(await (await service({ model: error(503, 'UNAVAILABLE', 'down') })).health('m')).toMatchObject({
      kind: 'unsure',
    });
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

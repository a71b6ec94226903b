// The Anthropic adapter where the simulator does not go: a service that is a list of answers, and what was sent to it.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createAnthropicProvider } from '../../../src/adapters/providers/anthropic.ts';
import { createAnthropicCalls } from '../../../src/adapters/providers/anthropic-calls.ts';
import { createAnthropicClient } from '../../../src/adapters/providers/anthropic-client.ts';
import { allOf, draftOf, idOf, requestOf } from './contract.ts';

const KEY = 'sk-ant-test-key';
const NOW = Date.now();

interface Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** A provider whose service is a list of answers, the last one for ever. */
function scripted(answers: readonly (() => Response | Promise<Response>)[], options: object = {}) {
  const calls: Call[] = [];
  const fakeFetch = async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const body = init?.body === undefined ? '' : await new Response(init.body).text();
    calls.push({ method: init?.method ?? 'GET', url, headers: new Headers(init?.headers), body });
    init?.signal?.throwIfAborted();
    return await (answers[Math.min(calls.length, answers.length) - 1] as () => Response)();
  };
  const provider = createAnthropicProvider({
    apiKey: KEY,
    baseUrl: 'http://127.0.0.1:1/anthropic',
    fetch: fakeFetch as typeof fetch,
    backoffMs: 0,
    ...options,
  });
  return { ...provider, calls, paths: () => calls.map(({ method, url }) => `${method} ${url.pathname}`) };
}

const json =
  (body: object, status = 200, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers });
const error = (
  status: number,
  type: string,
  message = 'no',
  more: { code?: string; headers?: object } = {},
) => {
  const details = more.code === undefined ? {} : { details: { error_code: more.code } };
  const body = { type: 'error', error: { type, message, ...details }, request_id: 'req_1' };
  return json(body, status, { ...more.headers } as Record<string, string>);
};
const counts = (changes: object) => ({
  processing: 0,
  succeeded: 0,
  errored: 0,
  canceled: 0,
  expired: 0,
  ...changes,
});
const batchOf = (changes: object) => ({
  id: 'msgbatch_1',
  type: 'message_batch',
  processing_status: 'ended',
  request_counts: counts({ succeeded: 1 }),
  created_at: new Date(NOW).toISOString(),
  ended_at: null,
  expires_at: new Date(NOW).toISOString(),
  cancel_initiated_at: null,
  archived_at: null,
  results_url: 'http://127.0.0.1:1/anthropic/v1/messages/batches/msgbatch_1/results',
  ...changes,
});
const rowOf = (customId: string, text = 'yes') =>
  JSON.stringify({
    custom_id: customId,
    result: { type: 'succeeded', message: { model: 'm', content: [{ type: 'text', text }] } },
  });
const rows =
  (...lines: readonly string[]) =>
  () =>
    new Response(lines.map((line) => `${line}\n`).join(''));
const page = (batches: readonly object[], more = false) =>
  json({
    data: batches,
    has_more: more,
    first_id: null,
    last_id: (batches.at(-1) as { id?: string })?.id ?? null,
  });
const message = {
  model: 'm',
  content: [{ type: 'text', text: 'yes' }],
  usage: { input_tokens: 1, output_tokens: 1 },
};

const draft = () => draftOf('k', [requestOf('k', 'a')]);
const signal = () => new AbortController().signal;

describe('what the Anthropic adapter sends', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('comes from nobody’s environment', async () => {
    const hostile = {
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:2/elsewhere',
      ANTHROPIC_API_KEY: 'sk-other',
      ANTHROPIC_AUTH_TOKEN: 'token-other',
      ANTHROPIC_WEBHOOK_SIGNING_KEY: 'x',
      ANTHROPIC_CUSTOM_HEADERS:
        'X-Other: 1\nAuthorization: Bearer other\nanthropic-version: 1\nX-Client-Request-Id: z',
      ANTHROPIC_LOG: 'debug',
      ANTHROPIC_PROFILE: 'other',
      ANTHROPIC_CONFIG_DIR: '/nowhere',
      ANTHROPIC_IDENTITY_TOKEN: 'x',
      ANTHROPIC_ORGANIZATION_ID: 'x',
      ANTHROPIC_WORKSPACE_ID: 'x',
      ANTHROPIC_OPEN_TELEMETRY: 'true',
    };
    const plain = scripted([json(batchOf({})), json(message)]);
    await plain.batches.submit(draft());
    await plain.realtime.ask(requestOf('k', 'a'), signal());
    for (const [name, value] of Object.entries(hostile)) vi.stubEnv(name, value);
    const prints = [vi.spyOn(console, 'debug'), vi.spyOn(console, 'warn'), vi.spyOn(console, 'info')];
    const stubbed = scripted([json(batchOf({})), json(message)]);
    await stubbed.batches.submit(draft());
    await stubbed.realtime.ask(requestOf('k', 'a', { model: 'claude-2.1' }), signal());
    expect(stubbed.calls.map(({ url, headers }) => [url.href, [...headers]])).toEqual(
      plain.calls.map(({ url, headers }) => [url.href, [...headers]]),
    );
    for (const print of prints) {
      expect(print).not.toHaveBeenCalled();
      print.mockRestore();
    }
  });

  test('names a single call by its custom id, and a batch by nothing', async () => {
    const { batches, realtime, calls } = scripted([json(batchOf({})), json(message)]);
    await batches.submit(draft());
    await realtime.ask(requestOf('k', 'a'), signal());
    expect(calls.map(({ headers }) => headers.get('x-client-request-id'))).toEqual([null, idOf('k', 'a')]);
    expect(calls[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
    expect(calls[0]?.headers.get('content-type')).toBe('application/json');
  });

  test('carries the headers that were configured, and no others', async () => {
    const headers = { 'anthropic-workspace-id': 'w', 'Anthropic-Version': '2023-06-01' };
    const { batches, calls } = scripted([json(batchOf({}))], { headers });
    await batches.submit(draft());
    expect([...(calls[0]?.headers.keys() ?? [])]).toEqual([
      'accept',
      'anthropic-version',
      'anthropic-workspace-id',
      'authorization',
      'content-type',
      'user-agent',
    ]);
    expect(calls[0]?.headers.get('anthropic-version')).toBe('2023-06-01');
  });

  test('finds its paths whether or not the address ends in /v1', async () => {
    for (const baseUrl of ['http://127.0.0.1:1', 'http://127.0.0.1:1/', 'http://127.0.0.1:1/v1/']) {
      const { batches, paths } = scripted([json(batchOf({}))], { baseUrl });
      await batches.submit(draft());
      expect(paths()).toEqual(['POST /v1/messages/batches']);
    }
  });

  test('is measured exactly: the frame and the requests are the body', async () => {
    const { batches, calls } = scripted([json(batchOf({}))]);
    const requests = ['a', 'ü', 'c'].map((name) => requestOf('k', name));
    await batches.submit(draftOf('k', requests));
    const size = requests.reduce((sum, request) => sum + batches.sizeOf(request), 0);
    const bytes = Buffer.byteLength(calls[0]?.body ?? '');
    // `{"requests":[` and `]}`, but one comma less than requests.
    expect(bytes).toBe(size + 14);
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      requests: [{}, { custom_id: idOf('k', 'ü') }, {}],
    });
  });
});

describe('a create that did not work', () => {
  const submitted = async (answer: () => Response | Promise<Response>) => {
    const { batches, calls } = scripted([answer]);
    const result = await batches.submit(draft());
    expect(calls).toHaveLength(1);
    return result;
  };

  test('is blocked when the key is refused or the money is used up', async () => {
    const spend = error(429, 'rate_limit_error', 'spent', { code: 'enforced_spend_limit_reached' });
    expect(await submitted(spend)).toEqual({ kind: 'blocked', why: 'enforced_spend_limit_reached: spent' });
    expect(await submitted(error(401, 'authentication_error', `bad key ${KEY}`))).toEqual({
      kind: 'blocked',
      why: 'authentication_error: bad key [key]',
    });
    expect(await submitted(error(403, 'permission_error'))).toMatchObject({ kind: 'blocked' });
    expect(await submitted(error(402, 'billing_error'))).toMatchObject({ kind: 'blocked' });
    const balance = 'Your credit balance is too low to access the API.';
    expect(await submitted(error(400, 'invalid_request_error', balance))).toMatchObject({ kind: 'blocked' });
    expect(await submitted(() => Response.redirect('http://127.0.0.1:3/', 307))).toMatchObject({
      kind: 'blocked',
    });
  });

  test('is tried later when the service is limited or overloaded', async () => {
    const limited = error(429, 'rate_limit_error', 'slow down', { headers: { 'retry-after': '7' } });
    expect(await submitted(limited)).toEqual({
      kind: 'later',
      why: 'rate_limit_error: slow down',
      retryAfterMs: 7000,
    });
    expect(await submitted(error(529, 'overloaded_error'))).toMatchObject({ kind: 'later' });
  });

  test('waits for the queue when the queue is full', async () => {
    const full = error(429, 'rate_limit_error', 'Too many batch requests in the processing queue');
    expect(await submitted(full)).toMatchObject({ kind: 'queue_full', retryAfterMs: null });
  });

  test('is over when the content is refused, with advice when it is too large', async () => {
    expect(await submitted(error(400, 'invalid_request_error', 'requests.0: bad'))).toEqual({
      kind: 'rejected',
      why: 'invalid_request_error: requests.0: bad',
    });
    expect(await submitted(error(413, 'request_too_large', 'too large'))).toMatchObject({
      kind: 'rejected',
      why: expect.stringContaining('max_bytes'),
    });
  });

  test('leaves doubt otherwise', async () => {
    const doubts = [500, 502, 503, 504, 408, 409].map((status) => error(status, 'api_error'));
    const cut = () => Promise.reject(new TypeError('fetch failed'));
    for (const doubt of [
      ...doubts,
      json({}, 529),
      cut,
      json({}),
      json({ id: '' }),
      () => new Response('ok'),
    ]) {
      expect(await submitted(doubt)).toMatchObject({ kind: 'unsure' });
    }
  });

  test('says no prompt, no key, and not much', async () => {
    const result = await submitted(error(400, 'invalid_request_error', `${KEY} ${'x'.repeat(5000)}`));
    const why = 'why' in result ? result.why : '';
    expect(why.length).toBeLessThan(400);
    expect(why).not.toContain(KEY);
  });

  test('is not made when the body is over the limit', async () => {
    const { batches, calls } = scripted([json(batchOf({}))], { limits: { maxRequests: 10, maxBytes: 100 } });
    expect(await batches.submit(draft())).toMatchObject({ kind: 'rejected' });
    expect(calls).toEqual([]);
  });
});

describe('the search for a batch without a name', () => {
  const ours = 'abcdef01234567890000000000000000';
  const prefixed = (prefix: string, digit: string) => `${prefix}-${digit.repeat(40)}`;
  const own = prefixed('abcdef01', '1');
  const foreign = prefixed('99999999', '1');
  const window = { from: NOW - 1000, until: NOW - 3_600_000, count: 1 };
  const running = (changes: object = {}) =>
    batchOf({
      processing_status: 'in_progress',
      results_url: null,
      request_counts: counts({ processing: 1 }),
      ...changes,
    });

  test('tells by the rows of an ended batch, even when a row nobody asked for comes first', async () => {
    const one = { from: NOW, until: NOW, count: 3 };
    const three = batchOf({ request_counts: counts({ succeeded: 3 }) });
    const { batches } = scripted([
      page([three]),
      rows(rowOf('stranger'), rowOf(own), rowOf(prefixed('abcdef01', '2'))),
    ]);
    expect(await batches.find(ours, one)).toEqual({ kind: 'found', providerBatch: 'msgbatch_1' });
  });

  test('waits for a batch that runs and may be it', async () => {
    const { batches } = scripted([page([running(), running({ id: 'msgbatch_2' })])]);
    expect(await batches.find(ours, window)).toEqual({
      kind: 'unsure',
      why: 'it may be msgbatch_1 and 1 more: whose batch that is shows when it has ended',
    });
  });

  test('excludes batches of another size, of another time, and of other runs', async () => {
    const others = [
      running({ request_counts: counts({ processing: 2 }) }),
      running({ created_at: new Date(NOW + 20 * 3_600_000).toISOString() }),
      running({ created_at: new Date(NOW - 20 * 3_600_000).toISOString() }),
      batchOf({ id: 'msgbatch_5' }),
    ];
    const { batches, calls } = scripted([page(others), rows(rowOf(foreign)), page(others)]);
    expect(await batches.find(ours, window)).toEqual({ kind: 'absent' });
    // Whose an ended batch is never changes, so it is read once.
    expect(await batches.find(ours, window)).toEqual({ kind: 'absent' });
    expect(calls).toHaveLength(3);
  });

  test('is not held up by batches this process has made for others', async () => {
    const { batches } = scripted([json(running()), page([running()])]);
    await batches.submit(draft());
    expect(await batches.find(ours, window)).toEqual({ kind: 'absent' });
  });

  test('is not held up by batches that are known to be others', async () => {
    const { batches } = scripted([page([running()])]);
    expect(await batches.find(ours, { ...window, others: ['msgbatch_1'] })).toEqual({ kind: 'absent' });
  });

  test('goes back page by page until the window is passed', async () => {
    const old = running({ id: 'old', created_at: new Date(NOW - 20 * 3_600_000).toISOString() });
    const { batches, calls } = scripted([page([running({ id: 'new' })], true), page([old], true), page([])]);
    expect(await batches.find(ours, { ...window, count: 7 })).toEqual({ kind: 'absent' });
    expect(calls.map(({ url }) => url.search)).toEqual(['?limit=100', '?limit=100&after_id=new']);
  });

  test('takes counts that are not there yet for no proof', async () => {
    for (const request_counts of [counts({}), null]) {
      const { batches } = scripted([page([running({ request_counts })])]);
      expect(await batches.find(ours, window)).toMatchObject({ kind: 'unsure' });
    }
    const ended = scripted([page([batchOf({ request_counts: counts({}) })]), rows(rowOf(own))]);
    expect(await ended.batches.find(ours, window)).toEqual({ kind: 'found', providerBatch: 'msgbatch_1' });
  });

  test('reckons with clocks that are hours apart', async () => {
    for (const hours of [-5, 5]) {
      const created_at = new Date(NOW + hours * 3_600_000).toISOString();
      const { batches } = scripted([page([running({ created_at })])]);
      expect(await batches.find(ours, window)).toMatchObject({ kind: 'unsure' });
    }
  });

  test('is not held up on its way by results that are gone, but never takes them for another’s', async () => {
    const gone = batchOf({ id: 'msgbatch_gone', results_url: null });
    for (const status of [404, 410, 500]) {
      const refuse = error(status, 'not_found_error');
      const answers = (last: () => Response) => [
        page([gone, batchOf({})]),
        refuse,
        ...(status === 410 ? [] : [refuse]),
        last,
      ];
      const found = scripted(answers(rows(rowOf(own))));
      expect(await found.batches.find(ours, window)).toEqual({ kind: 'found', providerBatch: 'msgbatch_1' });
      const doubt = scripted(answers(rows(rowOf(foreign))));
      expect(await doubt.batches.find(ours, window)).toEqual({
        kind: 'unsure',
        why: 'it may be msgbatch_gone: its results, which would tell whose batch that is, cannot be read',
      });
    }
  });

  test('stays in doubt when it cannot read, when nothing can be told, and shortly after the create', async () => {
    expect(await scripted([error(500, 'api_error')]).batches.find(ours, window)).toMatchObject({
      kind: 'unsure',
    });
    expect(await scripted([page([batchOf({})]), rows()]).batches.find(ours, window)).toMatchObject({
      kind: 'unsure',
    });
    expect(await scripted([page([])]).batches.find(ours, { ...window, until: NOW })).toMatchObject({
      kind: 'unsure',
    });
  });
});

describe('the results of a batch', () => {
  const ids = ['a', 'b', 'c'].map((name) => idOf('k', name));
  const three = batchOf({ request_counts: counts({ succeeded: 3 }) });
  const collected = async (service: ReturnType<typeof scripted>) =>
    (await allOf(service.batches.collect('msgbatch_1'))).map((answer) => answer.customId);
  /** A body that gives lines, then breaks. */
  const broken = (...lines: readonly string[]) => {
    const chunks = [...lines];
    const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
      const line = chunks.shift();
      if (line === undefined) controller.error(new TypeError('terminated'));
      else controller.enqueue(new TextEncoder().encode(line));
    };
    return () => new Response(new ReadableStream({ pull }));
  };

  test('come once each though the download breaks in the middle of a row', async () => {
    const [a = '', b = '', c = ''] = ids.map((id) => rowOf(id));
    const service = scripted([
      json(three),
      broken(`${a}\n`, b.slice(0, 20)),
      json(three),
      broken(`${a}\n${b}\n`),
      json(three),
      rows(a, b, c),
    ]);
    expect(await collected(service)).toEqual(ids);
  });

  test('are read again when there are fewer than counted, and taken as they are when that stays so', async () => {
    const [a = '', b = '', c = ''] = ids.map((id) => rowOf(id));
    expect(await collected(scripted([json(three), rows(a), json(three), rows(a, b, c)]))).toEqual(ids);
    const short = scripted([json(three), rows(a), json(three), rows(a), json(three), rows(a, b, c)]);
    expect(await collected(short)).toEqual(ids.slice(0, 1));
  });

  test('are asked for at the configured address only, whatever address the service names', async () => {
    const named = batchOf({ results_url: 'https://elsewhere.example/results' });
    const service = scripted([json(named), rows(rowOf(ids[0] ?? ''))]);
    expect(await collected(service)).toHaveLength(1);
    expect(service.calls.map(({ url }) => url.href)).toEqual([
      'http://127.0.0.1:1/anthropic/v1/messages/batches/msgbatch_1',
      'http://127.0.0.1:1/anthropic/v1/messages/batches/msgbatch_1/results',
    ]);
  });

  test('are an error when what came is no results, such as the page of a login', async () => {
    const html = () => new Response('<html>\n<body>\n</html>\n');
    const always = Array.from({ length: 5 }, () => [json(three), html]).flat();
    await expect(collected(scripted(always))).rejects.toThrow('holds no row');
    const [a = '', b = '', c = ''] = ids.map((id) => rowOf(id));
    expect(await collected(scripted([json(three), html, json(three), rows(a, b, c)]))).toEqual(ids);
  });

  test('of a batch that has not ended, or is gone, are an error and never an empty list', async () => {
    const running = json(batchOf({ processing_status: 'in_progress' }));
    await expect(collected(scripted([running]))).rejects.toThrow('has not ended');
    await expect(collected(scripted([error(404, 'not_found_error')]))).rejects.toThrow('not_found_error');
    await expect(collected(scripted([json(three), error(410, 'invalid_request_error')]))).rejects.toThrow();
  });
});

describe('the state of a batch', () => {
  const checked = async (changes: object) =>
    await scripted([json(batchOf(changes))]).batches.check('msgbatch_1');

  test('says what became of it', async () => {
    expect(await checked({})).toEqual({ kind: 'ended', status: 'completed', reason: null });
    expect(await checked({ request_counts: counts({ succeeded: 1, canceled: 2 }) })).toEqual({
      kind: 'ended',
      status: 'canceled',
      reason: 'the batch was cancelled: 2 of 3 requests were not run',
    });
    expect(await checked({ request_counts: counts({ errored: 1, expired: 2 }) })).toMatchObject({
      status: 'expired',
    });
    expect(await checked({ request_counts: null })).toMatchObject({ status: 'completed' });
  });

  test('is running while it is cancelled, and at a status nobody knows', async () => {
    for (const status of ['in_progress', 'canceling', 'paused']) {
      expect(await checked({ processing_status: status })).toEqual({
        kind: 'running',
        status,
        completed: null,
      });
    }
  });

  test('that cannot be cancelled any more is cancelled enough', async () => {
    const over = scripted([error(400, 'invalid_request_error'), json(batchOf({}))]);
    await over.batches.cancel('msgbatch_1');
    const running = scripted([
      error(400, 'invalid_request_error'),
      json(batchOf({ processing_status: 'in_progress' })),
    ]);
    await expect(running.batches.cancel('msgbatch_1')).rejects.toThrow('could not be cancelled');
  });
});

describe('a single call', () => {
  const asked = async (...answers: readonly (() => Response | Promise<Response>)[]) => {
    const { realtime, calls } = scripted(answers);
    const result = await realtime.ask(requestOf('k', 'a'), signal());
    expect(calls).toHaveLength(1);
    return result;
  };

  test('is answered, also when the request is refused', async () => {
    expect(await asked(json(message))).toMatchObject({
      kind: 'answered',
      answer: { kind: 'text', text: 'yes' },
    });
    expect(await asked(error(400, 'invalid_request_error', 'max_tokens: too many'))).toMatchObject({
      kind: 'answered',
      answer: {
        kind: 'error',
        failure: 'rejected',
        message: 'invalid_request_error: max_tokens: too many',
        billed: 'no',
      },
    });
  });

  test('is made later after 429, 500, 503 and 529', async () => {
    const limited = error(429, 'rate_limit_error', 'slow', { headers: { 'retry-after': '3' } });
    expect(await asked(limited)).toEqual({
      kind: 'later',
      why: 'rate_limit_error: slow',
      retryAfterMs: 3000,
    });
    for (const status of [500, 503, 529])
      expect(await asked(error(status, 'api_error'))).toMatchObject({ kind: 'later' });
  });

  test('is blocked when the account may not go on', async () => {
    expect(await asked(error(401, 'authentication_error'))).toMatchObject({ kind: 'blocked' });
    const spend = error(429, 'rate_limit_error', 'spent', { code: 'enforced_spend_limit_reached' });
    expect(await asked(spend)).toMatchObject({ kind: 'blocked' });
  });

  test('is unanswered when nobody can tell whether it was answered', async () => {
    for (const status of [408, 502, 504]) {
      expect(await asked(error(status, 'timeout_error'))).toMatchObject({ kind: 'unanswered' });
    }
    expect(await asked(() => Promise.reject(new TypeError('fetch failed')))).toMatchObject({
      kind: 'unanswered',
    });
    const half = () => new Response('{"content": [', { headers: { 'content-type': 'application/json' } });
    expect(await asked(half)).toMatchObject({ kind: 'unanswered' });
  });

  test('is given up at the time limit, also while its answer is on the way', async () => {
    const endless = () =>
      new Promise<Response>((_, reject) =>
        setTimeout(() => reject(new DOMException('aborted', 'AbortError')), 30),
      );
    const { realtime } = scripted([endless], { callTimeoutMs: 10 });
    expect(await realtime.ask(requestOf('k', 'a'), signal())).toMatchObject({ kind: 'unanswered' });
  });

  test('tells the pacer what the headers say is left, also when it was refused', async () => {
    const notes: unknown[] = [];
    const pacer = {
      ready: async () => {},
      note: (limit: string, remaining: number, resetAt: number) => notes.push([limit, remaining, resetAt]),
      hold: (until: number) => notes.push(['hold', until > NOW]),
    };
    const headers = {
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:10Z',
      'anthropic-ratelimit-output-tokens-remaining': '8000',
      'anthropic-ratelimit-output-tokens-reset': '2026-01-01T00:00:20Z',
      'retry-after': '1',
    };
    for (const answer of [json(message, 200, headers), error(429, 'rate_limit_error', 'slow', { headers })]) {
      const options = { apiKey: KEY, baseUrl: null, fetch: async () => answer() };
      const calls = createAnthropicCalls(createAnthropicClient(options), options, pacer);
      await calls.ask(requestOf('k', 'a'), signal());
    }
    const told = [
      ['requests', 0, Date.UTC(2026, 0, 1, 0, 0, 10)],
      ['output-tokens', 8000, Date.UTC(2026, 0, 1, 0, 0, 20)],
    ];
    expect(notes).toEqual([...told, ...told, ['hold', true]]);
  });

  test('quotes no prompt in what it says', async () => {
    const request = requestOf('k', 'a', {
      prompt: 'The secret plan of the walker.',
      system: 'A private persona, long.',
    });
    const words = `bad: ${request.prompt} and ${JSON.stringify(request.system)}`;
    const { realtime } = scripted([error(400, 'invalid_request_error', words)]);
    const text = JSON.stringify(await realtime.ask(request, signal()));
    expect(text).not.toContain('secret plan');
    expect(text).not.toContain('private persona');
  });

  test('is not made when it was stopped before', async () => {
    const { realtime, calls } = scripted([json(message)]);
    expect(await realtime.ask(requestOf('k', 'a'), AbortSignal.abort())).toMatchObject({ kind: 'later' });
    expect(calls).toEqual([]);
  });
});

describe('a provider that cannot be made', () => {
  test('says so without repeating the key or the header', () => {
    const made = (options: object) => () =>
      createAnthropicProvider({ apiKey: KEY, baseUrl: null, ...options });
    expect(made({ apiKey: '  ' })).toThrow('without an API key');
    expect(made({ apiKey: 'sk-\u201cquoted\u201d' })).toThrow('copied whole');
    expect(made({ headers: { 'a b': 'secret' } })).toThrow(/^a configured header cannot be sent/);
  });
});

describe('the health of key and model', () => {
  test('is asked of the model itself', async () => {
    const { health, paths } = scripted([json({ id: 'a b', type: 'model' })]);
    expect(await health('a b')).toEqual({ kind: 'ok' });
    expect(paths()).toEqual(['GET /anthropic/v1/models/a%20b']);
  });

  test('names the key, or the model, or says that it cannot tell', async () => {
    expect(await scripted([error(401, 'authentication_error', 'invalid key')]).health('m')).toMatchObject({
      kind: 'unusable',
      why: 'authentication_error: invalid key',
      fix: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
    expect(await scripted([() => Response.redirect('http://127.0.0.1:3/', 302)]).health('m')).toMatchObject({
      kind: 'unusable',
      why: expect.stringContaining('redirects'),
      fix: expect.stringContaining('base URL'),
    });
    expect(await scripted([error(404, 'not_found_error', 'model: m')]).health('m')).toMatchObject({
      kind: 'unusable',
      why: 'the model "m" is not known to anthropic',
    });
    expect(await scripted([json({ detail: 'Not Found' }, 404)]).health('m')).toMatchObject({
      kind: 'unsure',
    });
    expect(await scripted([error(500, 'api_error')]).health('m')).toMatchObject({ kind: 'unsure' });
  });
});

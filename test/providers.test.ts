// The registry opens each protocol as the pipeline and the policy say; each session answers over the simulator.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderSettings } from '../src/pipeline/pipeline.ts';
import type { ModelRequest } from '../src/ports/provider.ts';
import type { ProviderSession } from '../src/ports/session.ts';
import { createRegistry, KEY_VARIABLES, type ProviderOptions } from '../src/providers.ts';
import { type Simulator, startSimulator } from '../src/simulator/server.ts';

const NONE: ProviderSettings = {
  protocol: null,
  baseUrl: null,
  keyEnv: null,
  headers: {},
  api: null,
  completionWindow: null,
  maxRequests: null,
  maxBytes: null,
  queueTokens: null,
  batchDiscount: null,
  concurrency: null,
  batchMaxAgeHours: null,
};

const ENVIRONMENT = {
  OPENAI_API_KEY: 'sk-a',
  ANTHROPIC_API_KEY: 'sk-b',
  GOOGLE_API_KEY: 'key-c',
  GROQ_API_KEY: 'gsk-d',
};

const folder = mkdtempSync(join(tmpdir(), 'octobatch-registry-'));
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ directory: folder });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(
  name: string,
  settings: Partial<ProviderSettings> | null,
  options: ProviderOptions = { environment: ENVIRONMENT },
): Promise<ProviderSession> {
  const parts = {
    simulator: async () => simulator.url,
    recording: () => Promise.reject(new Error('no recording')),
    blobs: { lines: () => (async function* (): AsyncGenerator<string> {})() },
  };
  return createRegistry(parts, options)(name, settings === null ? null : { ...NONE, ...settings });
}

const QUESTION: ModelRequest = {
  customId: `${'a'.repeat(8)}-${'b'.repeat(40)}`,
  model: 'small',
  system: null,
  prompt: 'Who?',
  maxTokens: 50,
  temperature: null,
  schema:
    '{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"],"additionalProperties":false}',
};

describe('the registry', () => {
  test.each([
    ['openai', () => ({ baseUrl: `${simulator.url}/v1` })],
    ['openai', () => ({ baseUrl: `${simulator.url}/v1`, api: 'responses' as const })],
    ['anthropic', () => ({ baseUrl: `${simulator.url}/anthropic` })],
    ['gemini', () => ({ baseUrl: `${simulator.url}/gemini` })],
    ['groq', () => ({ protocol: 'openai' as const, baseUrl: `${simulator.url}/v1`, keyEnv: 'GROQ_API_KEY' })],
    ['simulated', () => null],
  ])('opens %s, which answers', async (name, settings) => {
    const session = await open(name, settings());
    expect(session.batches.name).toBe(name);
    expect(session.paid).toBe(name !== 'simulated');
    expect(await session.health('small')).toEqual({ kind: 'ok' });
    const result = await session.realtime!.ask(QUESTION, AbortSignal.timeout(10_000));
    expect(result).toMatchObject({ kind: 'answered', answer: { kind: 'text' } });
  });

  test.each(['openai', 'anthropic', 'gemini'])(
    'gives %s the limits that are said, else its own',
    async (name) => {
      const own = await open(name, null);
      expect(own).toMatchObject({ maxBatchAgeMs: 26 * 3_600_000, queueTokens: null, pollMs: 30_000 });
      expect(own.realtime?.concurrency).toBe(8);
      const limits = { maxRequests: 7, concurrency: 2, queueTokens: 900, batchMaxAgeHours: 0.5 };
      const said = await open(name, limits, { environment: ENVIRONMENT, timing: { pollMs: 20 } });
      expect(said).toMatchObject({ maxBatchAgeMs: 1_800_000, queueTokens: 900, pollMs: 20 });
      expect([said.batches.limits.maxRequests, said.realtime?.concurrency]).toEqual([7, 2]);
      expect(said.batches.limits.maxBytes).toBe(own.batches.limits.maxBytes);
    },
  );

  test('opens a provider once, and one that failed again when it is asked for again', async () => {
    const environment: Record<string, string> = {};
    const parts = {
      simulator: async () => simulator.url,
      recording: () => Promise.reject(new Error('no recording')),
      blobs: { lines: () => (async function* (): AsyncGenerator<string> {})() },
    };
    const registry = createRegistry(parts, { environment });
    await expect(registry('openai', null)).rejects.toThrow('OPENAI_API_KEY');
    environment.OPENAI_API_KEY = 'sk-a';
    const session = await registry('openai', null);
    expect(await registry('openai', null)).toBe(session);
  });

  test('sends a key to another address only when the key is named', async () => {
    await expect(open('openai', { baseUrl: 'https://example.com/v1' })).rejects.toThrow(
      'does not say which key may be sent there',
    );
  });

  test('finds the key of Gemini under both of its names, and names the one that it used', async () => {
    const address = { baseUrl: `${simulator.url}/gemini` };
    const environment = { GOOGLE_API_KEY: ' ', GEMINI_API_KEY: 'key-e' };
    const session = await open('gemini', address, { environment });
    expect(await session.health('small')).toEqual({ kind: 'ok' });
    expect(KEY_VARIABLES).toEqual(expect.arrayContaining(Object.keys(environment)));
    await expect(open('gemini', null, { environment: {} })).rejects.toThrow(
      'GOOGLE_API_KEY or GEMINI_API_KEY',
    );
    await expect(open('gemini', { keyEnv: 'MY_KEY' })).rejects.toThrow(/variable MY_KEY with/);
  });

  test.each([
    ['openai', 'openai', { error: { message: 'no', code: 'invalid_api_key' } }],
    ['anthropic', 'anthropic', { type: 'error', error: { type: 'authentication_error', message: 'no' } }],
    ['gemini', 'gemini', { error: { code: 401, status: 'UNAUTHENTICATED', message: 'no' } }],
  ] as const)('tells which key %s refuses', async (name, protocol, body) => {
    const server = createServer((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const settings = { protocol, baseUrl, keyEnv: 'GROQ_API_KEY' };
    const session = await open(name, settings);
    expect(await session.health('small')).toMatchObject({
      kind: 'unusable',
      fix: expect.stringContaining('Set GROQ_API_KEY to'),
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('has keys and long header values hidden, but no value that is an ordinary word', async () => {
    const hidden: string[] = [];
    const headers = { 'x-beta': 'true', 'x-version': '1', 'api-key': 'a-long-secret' };
    const options = { environment: ENVIRONMENT, hide: (secret: string) => void hidden.push(secret) };
    await open('openai', { headers }, options);
    expect(hidden).toEqual(['sk-a', 'a-long-secret']);
  });

  test('knows no provider by the names of JavaScript', async () => {
    for (const name of ['constructor', '__proto__', 'toString'])
      await expect(open(name, null)).rejects.toThrow(`the provider '${name}' is not known`);
    await expect(open('openai', { keyEnv: 'constructor' })).rejects.toThrow('constructor');
  });
});

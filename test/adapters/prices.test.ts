import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lookUpPrices, PRICE_LIST } from '../../src/adapters/prices.ts';
import type { Price, ProviderSettings } from '../../src/pipeline/pipeline.ts';
import type { ResolvedModel } from '../../src/pipeline/resolve.ts';

const at = new Date('2026-11-23T00:00:00Z');

const none: ProviderSettings = {
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

async function priceOf(
  name: string,
  prices: Record<string, Price> = {},
  providers: Record<string, Partial<ProviderSettings>> = {},
) {
  const [provider = '', model = '', mode = ''] = name.split('/');
  const settings = Object.fromEntries(
    Object.entries(providers).map(([key, one]) => [key, { ...none, ...one }]),
  );
  const found = await lookUpPrices(
    [{ provider, model, mode } as ResolvedModel],
    { prices, providers: settings },
    at,
  );
  expect(Object.keys(found)).toEqual([name]);
  return found[name];
}

describe('a listed price', () => {
  test('is that of single calls as listed, with the list named', async () => {
    expect(await priceOf('openai/gpt-4o-mini/realtime')).toEqual({
      input: '0.15',
      output: '0.6',
      cachedInput: '0.075',
      above: null,
      source: 'genai-prices 0.1.8 (2026-09-23)',
    });
  });

  test('is exactly half of it in a batch, and cached input is never told cheaper than a page says', async () => {
    expect(await priceOf('openai/gpt-4o-mini/batch')).toEqual({
      input: '0.075',
      output: '0.3',
      cachedInput: '0.075',
      above: null,
      source: 'genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)',
    });
    expect(await priceOf('anthropic/claude-sonnet-4-6/batch')).toMatchObject({
      input: '1.5',
      output: '7.5',
      cachedInput: '0.15',
    });
  });

  test('has the tier for long inputs, halved likewise', async () => {
    const single = await priceOf('gemini/gemini-2.5-pro/realtime');
    expect(single).toMatchObject({ input: '1.25', output: '10', cachedInput: '0.125' });
    expect(single?.above).toEqual({ inputTokens: 200_000, input: '2.5', output: '15', cachedInput: '0.25' });
    const batch = await priceOf('gemini/gemini-2.5-pro/batch');
    expect(batch?.above).toEqual({ inputTokens: 200_000, input: '1.25', output: '7.5', cachedInput: '0.25' });
  });

  test('belongs to an id of exactly that name, or one the list gives as the same', async () => {
    expect(await priceOf('openai/gpt-4o-mini-2024-07-18/batch')).toMatchObject({ input: '0.075' });
    for (const near of [
      'openai/gpt-4o-mini-next',
      'anthropic/claude-sonnet-5-5',
      'anthropic/claude-sonnet-4-6-x',
    ])
      expect(await priceOf(`${near}/batch`)).toBeNull();
  });

  test('belongs to the provider of exactly that name', async () => {
    for (const near of ['my-openai', 'anthropic-proxy', 'google', 'unheard-of', '__proto__', 'constructor'])
      expect(await priceOf(`${near}/gpt-4o-mini/batch`)).toBeNull();
  });

  test("is that of the provider's own service, wherever in the world", async () => {
    const at = (baseUrl: string) => priceOf('openai/gpt-4o-mini/batch', {}, { openai: { baseUrl } });
    expect(await at('https://api.openai.com/v1')).toMatchObject({ input: '0.075' });
    for (const other of [
      'https://gateway.example/v1',
      'http://127.0.0.1:8080/v1',
      'https://api.openai.com.evil.example/v1',
      'https://evil.example/https://api.openai.com/v1',
      'api.openai.com',
    ])
      expect(await at(other)).toBeNull();
  });

  test('of a compatible service needs its address, and its batches their discount', async () => {
    const groq = { baseUrl: 'https://api.groq.com/openai/v1' };
    expect(await priceOf('groq/llama-3.3-70b-versatile/batch')).toBeNull();
    expect(await priceOf('groq/llama-3.3-70b-versatile/batch', {}, { groq })).toMatchObject({
      input: '0.295',
      output: '0.395',
    });
    const azure = { baseUrl: 'https://mine.openai.azure.com/openai/v1' };
    expect(await priceOf('azure/gpt-4o/batch', {}, { azure })).toMatchObject({ input: '1.25', output: '5' });
    const lure = { baseUrl: 'https://evil/mine.openai.azure.com/' };
    expect(await priceOf('azure/gpt-4o/batch', {}, { azure: lure })).toBeNull();
    const mistral = { baseUrl: 'https://api.mistral.ai/v1' };
    expect(await priceOf('mistral/mistral-small-latest/batch', {}, { mistral })).toBeNull();
    expect(
      await priceOf(
        'mistral/mistral-small-latest/batch',
        {},
        { mistral: { ...mistral, batchDiscount: '0.5' } },
      ),
    ).toMatchObject({ source: expect.stringContaining('batch × 0.5 (by the pipeline)') });
  });

  test('that changes with the hour of the day is not known', async () => {
    const deepseek = { baseUrl: 'https://api.deepseek.com' };
    expect(await priceOf('deepseek/deepseek-chat/realtime', {}, { deepseek })).toBeNull();
  });

  test('is the one of the day', async () => {
    const on = async (day: string) =>
      (
        await lookUpPrices(
          [{ provider: 'openai', model: 'o3', mode: 'realtime' }],
          { prices: {}, providers: {} },
          new Date(day),
        )
      )['openai/o3/realtime']?.input;
    expect([await on('2025-06-01'), await on('2025-07-01')]).toEqual(['10', '2']);
  });

  test('can be given for an off-list discount', async () => {
    expect(await priceOf('openai/gpt-4o-mini/batch', {}, { openai: { batchDiscount: '0.8' } })).toMatchObject(
      {
        input: '0.12',
        output: '0.48',
      },
    );
  });
});

describe('a price of the pipeline', () => {
  const own = { input: '1', output: '2' };

  test('counts before any list, in both modes, as billed', async () => {
    for (const mode of ['batch', 'realtime'])
      expect(await priceOf(`openai/gpt-4o-mini/${mode}`, { 'gpt-4o-mini': own })).toEqual({
        ...own,
        cachedInput: null,
        above: null,
        source: 'pipeline',
      });
  });

  test('may be for one mode and for one provider', async () => {
    const prices = {
      m: own,
      'openai/m': { input: '3', output: '3' },
      'm/batch': { input: '4', output: '4' },
      'openai/m/realtime': { input: '5', output: '5' },
    };
    const input = async (name: string) => (await priceOf(name, prices))?.input;
    expect(await input('other/m/realtime')).toBe('1');
    expect(await input('other/m/batch')).toBe('4');
    expect(await input('openai/m/realtime')).toBe('5');
    expect(await input('openai/m/batch')).toBe('4');
  });

  test('makes nothing of what costs nothing', async () => {
    const wanted = ['simulated', 'replay'].map(
      (provider) => ({ provider, model: 'm', mode: 'batch' }) as const,
    );
    expect(await lookUpPrices(wanted, { prices: { m: own }, providers: {} }, at)).toEqual({});
  });

  test('that is no amount is not known', async () => {
    expect(await priceOf('openai/m/batch', { m: { input: '1e3', output: '1' } })).toBeNull();
  });
});

test('the price list is the one that is installed', () => {
  const path = new URL('../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8')).version).toBe(PRICE_LIST.version);
});

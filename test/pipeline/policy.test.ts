// The policy over a pipeline of somebody else: each way to go beyond it is refused at its place, and lowering is not.

import { describe, expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import type { Pipeline, ProviderSettings } from '../../src/pipeline/pipeline.ts';
import { joinSettings, type Policy, STRICT_POLICY, settingsBeyond } from '../../src/pipeline/policy.ts';
import { readPolicy } from '../../src/pipeline/policy-file.ts';
import { fc } from '../property.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const PIPELINE = `items: [{ id: a }]
provider: azure
model: small
steps:
  - { name: ask, prompt: "Who, {{ id }}?" }
`;

const POLICY = `
providers:
  azure:
    protocol: openai
    base_url: https://games.openai.azure.com/openai/v1
    key_env: AZURE_KEY
    headers: { x-team: games }
    batch_discount: 0.5
    max_requests: 1000
    concurrency: 4
models: [azure/small, tiny]
prices:
  small: { input: 1, output: 4 }
max_cost: 5
`;

async function load(text: string, policy: Policy | null, overrides: Overrides = {}): Promise<Pipeline> {
  const files = memoryFolder({ 'pipeline.yaml': text }, 'p');
  return (await loadPipeline(files, overrides, checkSchema, policy)).pipeline;
}

async function refusals(text: string, policy: Policy, overrides: Overrides = {}): Promise<string[]> {
  try {
    await load(text, policy, overrides);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}

describe('a policy', () => {
  const policy = readPolicy(POLICY, 'policy.yaml');
  const azure = (settings: string): string => `${PIPELINE}providers:\n  azure: ${settings}\n`;

  test('describes providers that the pipeline only names', async () => {
    const { providers, prices } = await load(PIPELINE, policy);
    expect(providers.azure).toMatchObject({
      protocol: 'openai',
      baseUrl: 'https://games.openai.azure.com/openai/v1',
      keyEnv: 'AZURE_KEY',
      batchDiscount: '0.5',
      maxRequests: 1000,
    });
    expect(prices).toEqual({ small: { input: '1', output: '4' } });
  });

  test('keeps its headers, which may be secret, out of what is stored', async () => {
    expect((await load(PIPELINE, policy)).providers.azure?.headers).toEqual({});
  });

  test.each([
    ['base_url', '{ base_url: "https://evil.example.com", key_env: AZURE_KEY }'],
    ['key_env', '{ key_env: GITHUB_TOKEN }'],
    ['headers', '{ headers: { x-team: others } }'],
    ['headers', '{ headers: { x-forward-to: "https://evil.example.com" } }'],
    ['protocol', '{ protocol: gemini }'],
    ['batch_discount', '{ batch_discount: 0.1 }'],
    ['completion_window', '{ completion_window: 1h }'],
    ['max_requests', '{ max_requests: 1001 }'],
    ['concurrency', '{ concurrency: 5 }'],
  ])('refuses another %s: %s', async (key, settings) => {
    const found = await refusals(
      azure(settings.replace('{', '{ protocol: openai,').replace(/protocol: openai,( protocol)/, '$1')),
      policy,
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`providers.azure.${key} is not what the policy allows`);
    expect(found[0]).toMatch(/^p\/pipeline\.yaml:7:\d+ {2}/);
  });

  test('refuses another model, wherever it is named', async () => {
    expect(await refusals(PIPELINE.replace('small', 'large'), policy)).toEqual([
      "p/pipeline.yaml:3:8  the step 'ask' asks for the model 'azure/large', which the policy does not allow  (allowed: azure/small, tiny)",
    ]);
    expect((await refusals(PIPELINE, policy, { model: 'large' }))[0]).toContain("'azure/large'");
    expect(await refusals(PIPELINE.replace('small', 'tiny'), policy)).toEqual([]);
  });

  test.each(['small', 'azure/small', 'small/batch', 'azure/small/batch'])(
    'refuses another price under the name %s',
    async (name) => {
      const [found] = await refusals(`${PIPELINE}prices: { ${name}: { input: 0, output: 0 } }\n`, policy);
      expect(found).toContain(`p/pipeline.yaml:6:`);
      expect(found).toContain(`prices.${name} is not what the policy says`);
    },
  );

  test('leaves alone what says the same, what lowers something, and what is not used', async () => {
    const same =
      '{ protocol: openai, base_url: "https://games.openai.azure.com/openai/v1/", key_env: AZURE_KEY }';
    expect(await refusals(azure(same), policy)).toEqual([]);
    const lower = '{ protocol: openai, max_requests: 10, concurrency: 1, queue_tokens: 9, max_bytes: 10000 }';
    expect(await refusals(azure(lower), policy)).toEqual([]);
    expect(await refusals(azure('{ protocol: openai, completion_window: 24h }'), policy)).toEqual([]);
    expect(await refusals(`${PIPELINE}max_cost: 1\n`, policy)).toEqual([]);
    const unused = `prices: { other: { input: 0, output: 0 } }\nproviders: { openai: { base_url: "http://localhost" } }\n`;
    expect(await refusals(PIPELINE + unused, policy)).toEqual([]);
    const limits = (await load(azure(lower), policy)).providers.azure;
    expect([limits?.maxRequests, limits?.concurrency]).toEqual([10, 1]);
  });

  test('has nothing to say about a run that costs nothing', async () => {
    const own = `${PIPELINE.replace('azure', 'openai')}providers: { openai: { base_url: "http://localhost" } }\n`;
    expect(await refusals(own, STRICT_POLICY)).toHaveLength(1);
    expect(await refusals(own, STRICT_POLICY, { provider: 'simulated' })).toEqual([]);
  });

  test('that is the strictest allows the providers as they are by themselves, and no price of the pipeline', async () => {
    const own = PIPELINE.replace('azure', 'openai');
    expect(await refusals(own, STRICT_POLICY)).toEqual([]);
    expect(await refusals(`${own}providers: { openai: { concurrency: 9 } }\n`, STRICT_POLICY)).toHaveLength(
      1,
    );
    expect(await refusals(`${own}prices: { small: { input: 0, output: 0 } }\n`, STRICT_POLICY)).toHaveLength(
      1,
    );
    expect(await refusals(PIPELINE, STRICT_POLICY)).toEqual([
      "p/pipeline.yaml:2:11  the provider 'azure' is not known  (say under providers.azure whose 'protocol:' it speaks)",
    ]);
  });
});

describe('settings within those of the trusted side', () => {
  const orNull = <T>(values: readonly T[]) => fc.constantFrom<T | null>(null, ...values);
  const settings: fc.Arbitrary<ProviderSettings> = fc.record({
    protocol: orNull(['openai', 'gemini'] as const),
    baseUrl: orNull(['https://a.example', 'https://b.example']),
    keyEnv: orNull(['A_KEY', 'B_KEY']),
    headers: fc.dictionary(fc.constantFrom('x-a', 'x-b', 'constructor'), fc.constantFrom('1', '2')),
    api: orNull(['chat', 'responses'] as const),
    completionWindow: orNull(['24h', '7d']),
    maxRequests: orNull([1, 5, 9]),
    maxBytes: orNull([10_000, 90_000]),
    queueTokens: orNull([1, 100]),
    batchDiscount: orNull(['0.5', '0']),
    concurrency: orNull([1, 8, 20]),
    batchMaxAgeHours: orNull([1]),
  });

  test('stay within them once joined, so that what was accepted is accepted again', () => {
    fc.assert(
      fc.property(settings, settings, (own, trusted) => {
        fc.pre(settingsBeyond(own, trusted).length === 0);
        const stored = joinSettings(own, { ...trusted, headers: {} });
        expect(settingsBeyond(stored, trusted)).toEqual([]);
        const opened = joinSettings(stored, trusted);
        expect(opened.headers).toEqual(trusted.headers);
        for (const key of ['protocol', 'baseUrl', 'keyEnv', 'batchDiscount'] as const)
          expect(opened[key]).toBe(trusted[key]);
      }),
      { numRuns: 200, maxSkipsPerRun: 1000 },
    );
  });
});

describe('a policy that cannot be read', () => {
  const mistakes = (text: string): string[] => {
    try {
      readPolicy(text, 'policy.yaml');
      return [];
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return error.diagnostics.map(formatDiagnostic);
    }
  };

  test('is refused with places', () => {
    expect(mistakes('max_csot: 5\n')).toEqual([
      "policy.yaml:1:1  unknown key 'max_csot'  (did you mean 'max_cost'?)",
    ]);
    expect(mistakes('')[0]).toContain('the policy is not a mapping');
    expect(mistakes('- a\n')[0]).toContain('the policy is not a mapping');
    expect(mistakes('max_cost: none\n')[0]).toContain("max_cost is 'none'");
    expect(mistakes('providers: { openai: { key_env: sk-secret-word } }\n')[0]).toContain('1:33');
    expect(mistakes('{}\n')).toEqual([]);
  });
});

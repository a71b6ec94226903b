// What a pipeline may say about providers, and who answers a step in the end.
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/expression/sha256.ts';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import type { LlmStep, Pipeline } from '../../src/pipeline/pipeline.ts';
import { modelsOf, resolveModel } from '../../src/pipeline/resolve.ts';
import { normalisedText, pipelineFromJson, pipelineToJson } from '../../src/pipeline/snapshot.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const STEPS = 'items: [{ id: a }]\nsteps:\n  - { name: ask, prompt: "Who, {{ id }}?" }\n';

async function load(text: string, overrides: Overrides = {}): Promise<Pipeline> {
  const files = memoryFolder({ 'pipeline.yaml': text }, 'p');
  return (await loadPipeline(files, overrides, checkSchema)).pipeline;
}

async function mistakes(text: string, overrides: Overrides = {}): Promise<string[]> {
  try {
    await load(text, overrides);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}

const withSettings = (settings: string): string => `${STEPS}providers:\n  openai: ${settings}\n`;

describe('the settings of a provider', () => {
  test('are read key by key', async () => {
    const { providers, mode } = await load(`${STEPS}mode: realtime
providers:
  azure:
    protocol: openai
    base_url: https://example.openai.azure.com/openai/v1/
    key_env: AZURE_OPENAI_API_KEY
    headers: { X-Team: games }
    api: responses
    completion_window: 48h
    max_requests: 100000
    max_bytes: 5000000
    queue_tokens: 2000000
    batch_discount: 0.50
    concurrency: 4
    batch_max_age_hours: 30.5
`);
    expect(mode).toBe('realtime');
    expect(providers).toEqual({
      azure: {
        protocol: 'openai',
        baseUrl: 'https://example.openai.azure.com/openai/v1',
        keyEnv: 'AZURE_OPENAI_API_KEY',
        headers: { 'x-team': 'games' },
        api: 'responses',
        completionWindow: '48h',
        maxRequests: 100_000,
        maxBytes: 5_000_000,
        queueTokens: 2_000_000,
        batchDiscount: '0.50',
        concurrency: 4,
        batchMaxAgeHours: 30.5,
      },
    });
  });

  test.each([
    ['{ base_url: api.example.com, key_env: K }', 'providers.openai.base_url is no web address'],
    ['{ base_url: "ftp://example.com", key_env: K }', 'providers.openai.base_url is no web address'],
    [
      '{ base_url: "https://me:secret-word@example.com", key_env: K }',
      'providers.openai.base_url holds a user name or password',
    ],
    ['{ base_url: "https://example.com/v1?a=b", key_env: K }', 'has a part after ? or #'],
    ['{ base_url: "http://example.com/v1", key_env: K }', 'would send the key unencrypted'],
    ['{ base_url: "http://127.0.0.1.example.com", key_env: K }', 'would send the key unencrypted'],
    ['{ base_url: "https://example.com/v1" }', 'does not say which key may be sent there'],
    ['{ key_env: sk-proj-secret-word }', 'providers.openai.key_env is not the name of a variable'],
    ['{ headers: { Authorization: Bearer secret-word } }', "sets 'authorization', which is set for you"],
    ['{ headers: { "a b": x } }', 'a name that no header can have'],
    ['{ headers: { x-a: "secret-word\\nb" } }', 'providers.openai.headers.x-a is no text that a header can'],
    ['{ headers: { x-a: 1, X-A: b } }', 'providers.openai.headers.x-a is no text that a header can'],
    ['{ headers: { x-a: a, X-A: b } }', "sets 'x-a' twice"],
    ['{ api_key: secret-word }', "unknown key 'api_key' in providers.openai"],
    ['{ batch_discount: 1.5 }', 'providers.openai.batch_discount is 1.5'],
    ['{ completion_window: a day }', "providers.openai.completion_window is 'a day'"],
    ['{ concurrency: 0 }', 'providers.openai.concurrency is 0'],
  ])('%s is a mistake with its place and a fix, and repeats no secret', async (settings, what) => {
    const found = await mistakes(withSettings(settings));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(what);
    expect(found[0]).toMatch(/^p\/pipeline\.yaml:5:\d+ {2}.+ {2}\(.+\)$/);
    expect(found[0]).not.toContain('secret-word');
  });

  test('an address on this machine may be plain http and needs no key of its own', async () => {
    for (const url of ['http://127.0.0.1:4010/v1', 'http://localhost/v1', 'http://[::1]:1/v1'])
      expect(await mistakes(withSettings(`{ base_url: "${url}" }`))).toEqual([]);
  });

  test('what makes no sense together is a mistake', async () => {
    expect(await mistakes(`${STEPS}providers:\n  groq: { key_env: GROQ_API_KEY }\n`)).toEqual([
      "p/pipeline.yaml:5:9  providers.groq does not say whose protocol it speaks  (add 'protocol:' with one of openai, anthropic, gemini)",
    ]);
    expect(await mistakes(`${STEPS}providers:\n  gemini: { api: chat }\n`)).toEqual([
      'p/pipeline.yaml:5:18  providers.gemini.api belongs to the protocol openai, and this one is gemini  (remove it)',
    ]);
    const found = await mistakes(`${STEPS}providers:\n  simulated: { base_url: "http://localhost" }\n`);
    expect(found[0]).toContain("has no meaning: 'simulated' is not reached over a network");
  });
});

describe('who answers a step', () => {
  const asked = async (text: string, overrides: Overrides = {}) => {
    const pipeline = await load(text, overrides);
    return pipeline.steps.map((step) => Object.values(resolveModel(pipeline, step as LlmStep)).join(' '));
  };
  const TWO = `items: [{ id: a }]
provider: openai
model: small
mode: realtime
steps:
  - { name: one, prompt: "Who, {{ id }}?" }
  - { name: two, prompt: "And {{ id }}?", provider: anthropic, model: big, mode: batch }
`;

  test('is said by the command line, else the step, else the pipeline, else the default', async () => {
    expect(await asked(STEPS)).toEqual(['simulated simulated batch']);
    expect(await asked(TWO)).toEqual(['openai small realtime', 'anthropic big batch']);
    const overrides: Overrides = { provider: 'gemini', model: 'tiny', mode: 'batch' };
    expect(await asked(TWO, overrides)).toEqual(['gemini tiny batch', 'gemini tiny batch']);
    expect(await asked(TWO, { mode: 'realtime' })).toEqual([
      'openai small realtime',
      'anthropic big realtime',
    ]);
  });

  test('a recording answers in batches, whatever the mode', async () => {
    expect(await asked(TWO, { provider: 'replay' })).toEqual(['replay small batch', 'replay big batch']);
  });

  test('a dry run keeps the models, for what they would have cost', async () => {
    const pipeline = await load(TWO, { provider: 'simulated' });
    expect(modelsOf(pipeline).map(({ provider, model }) => `${provider} ${model}`)).toEqual([
      'simulated small',
      'simulated big',
    ]);
  });

  test('a real provider has no default model, for it would cost money', async () => {
    expect(await mistakes(`${STEPS}provider: openai\n`)).toEqual([
      "p/pipeline.yaml:4:11  the step 'ask' asks 'openai' without naming a model  (add 'model:' to the step or the pipeline, or give --model)",
    ]);
    expect(await mistakes(`${STEPS}provider: openai\n`, { model: 'small' })).toEqual([]);
  });

  test('a provider nobody described is not known', async () => {
    expect(await mistakes(`${STEPS}provider: antropic\nmodel: m\n`)).toEqual([
      "p/pipeline.yaml:4:11  the provider 'antropic' is not known  (did you mean 'anthropic'?)",
    ]);
    expect(await mistakes(STEPS, { provider: 'constructor', model: 'm' })).toEqual([
      "p/pipeline.yaml:1:1  the provider 'constructor' is not known  (say under providers.constructor whose 'protocol:' it speaks)",
    ]);
  });

  test('the model of one provider is not asked of another by mistake', async () => {
    const text = TWO.replace('model: big, ', '');
    expect(await mistakes(text)).toEqual([
      "p/pipeline.yaml:7:53  the step 'two' asks 'anthropic' for the model 'small', which was named for 'openai'  (add 'model:' to the step)",
    ]);
    const both = await mistakes(TWO, { provider: 'gemini' });
    expect(both).toHaveLength(2);
    expect(both[0]).toContain('give --model beside --provider');
  });

  test('the Octobatch form says the same under api and at the step', async () => {
    const files = memoryFolder(
      {
        'config.yaml': `pipeline:
  steps:
    - { name: one, prompt_template: t.jinja2 }
    - { name: two, prompt_template: t.jinja2, mode: realtime, max_tokens: 50, temperature: 1 }
api: { provider: openai, model: small, mode: batch, max_tokens: 300, temperature: 0.2 }
providers: { openai: { concurrency: 2 } }
processing: { strategy: direct, items: { source: items.yaml } }
`,
        'items.yaml': '- { id: a, name: a }\n',
        'templates/t.jinja2': '{{ name }}',
      },
      'p',
    );
    const { pipeline } = await loadPipeline(files, {}, checkSchema);
    expect(
      pipeline.steps.map((step) => {
        const llm = step as LlmStep;
        return [...Object.values(resolveModel(pipeline, llm)), llm.maxTokens, llm.temperature];
      }),
    ).toEqual([
      ['openai', 'small', 'batch', 300, 0.2],
      ['openai', 'small', 'realtime', 50, 1],
    ]);
    expect(pipeline.providers.openai?.concurrency).toBe(2);
  });

  test('a ceiling below the limit of output tokens is a mistake', async () => {
    const step = '{ name: ask, prompt: "Who, {{ id }}?", max_tokens: 100, max_tokens_ceiling: 50 }';
    const text = `items: [{ id: a }]\nsteps:\n  - ${step}\n`;
    expect(await mistakes(text)).toEqual([
      'p/pipeline.yaml:3:81  max_tokens_ceiling is 50, below max_tokens, which is 100  (raise it, or remove it)',
    ]);
  });
});

describe('the text under the content key', () => {
  const PAID = `${STEPS}provider: openai\nmodel: m\n`;
  const textOf = async (text: string): Promise<string> => normalisedText(await load(text));

  test.each([
    ['a limit', '{ max_requests: 10, max_bytes: 20000, queue_tokens: 5, concurrency: 1 }'],
    ['a key name', '{ key_env: MY_KEY }'],
    ['a header', '{ headers: { x-team: a } }'],
    ['a discount', '{ batch_discount: 0.5 }'],
    ['a window or an age', '{ completion_window: 48h, batch_max_age_hours: 5 }'],
  ])('does not see %s', async (_, settings) => {
    expect(await textOf(`${PAID}providers:\n  openai: ${settings}\n`)).toBe(await textOf(PAID));
  });

  test.each([
    ['another address', 'providers: { openai: { base_url: "http://localhost/v1" } }'],
    ['another way to ask', 'providers: { openai: { api: responses } }'],
    ['another mode', 'mode: realtime'],
  ])('sees %s', async (_, line) => {
    expect(await textOf(`${PAID}${line}\n`)).not.toBe(await textOf(PAID));
  });

  test('of a pipeline without these keys is what it was before there were any', async () => {
    expect(sha256Hex(await textOf(STEPS))).toMatch(/^b1e98286f58e/);
  });

  test('does not see where a mode that is in force was said, nor providers nobody asks', async () => {
    expect(await textOf(`${PAID}mode: batch\n`)).toBe(await textOf(PAID));
    const other = 'providers: { gemini: { base_url: "http://localhost/v1" } }\n';
    expect(await textOf(PAID + other)).toBe(await textOf(PAID));
  });

  test('a pipeline from before there were modes and providers reads as it was meant', async () => {
    const pipeline = await load(STEPS);
    const old = JSON.parse(pipelineToJson(pipeline));
    delete old.mode;
    delete old.providers;
    delete old.steps[0].mode;
    delete old.steps[0].maxTokensCeiling;
    expect(pipelineFromJson(JSON.stringify(old))).toEqual(pipeline);
  });
});

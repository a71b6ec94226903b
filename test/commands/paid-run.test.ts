// Runs that would cost money: refused without key, ceiling or price, held to the policy, and never asked by mistake.
// A listener on the loopback address counts what arrives.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readMaxCost } from '../../src/commands/ceiling.ts';
import { continueRun, type StartRequest, startRun } from '../../src/commands/run-pipeline.ts';
import { openRunPlace, type RunPlaceOptions } from '../../src/compose.ts';
import { foldJournal } from '../../src/engine/journal-fold.ts';
import type { RunState } from '../../src/engine/state.ts';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { STRICT_POLICY } from '../../src/pipeline/policy.ts';
import { readPolicy } from '../../src/pipeline/policy-file.ts';

const OPTIONS: RunPlaceOptions = {
  workerEntry: null,
  simulatorUrl: null,
  environment: { OPENAI_API_KEY: 'sk-secret-word', OTHER_KEY: 'other-secret-word' },
};
const PRICE = 'prices: { small: { input: 1, output: 4 } }\n';

let folder: string;
let listener: Server;
let connections: number;
let address: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'octobatch-paid-'));
  connections = 0;
  listener = createServer((_, response) => {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  });
  listener.on('connection', () => connections++);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/v1`;
});

afterEach(() => {
  listener.closeAllConnections();
  listener.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a pipeline that asks `openai` for the model `small`, with more lines at the top. */
function write(more: string): void {
  mkdirSync(join(folder, 'p'), { recursive: true });
  const text = `items: [{ id: a }, { id: b }]
provider: openai
model: small
steps: [{ name: ask, prompt: "Who, {{ id }}?", max_tokens: 1000, retry: { max_attempts: 2 } }]
${more}`;
  writeFileSync(join(folder, 'p', 'pipeline.yaml'), text);
}

function request(maxCost: string, overrides: StartRequest['overrides'] = {}): StartRequest {
  return {
    pipeline: join(folder, 'p'),
    overrides,
    root: folder,
    runDirectory: join(folder, 'run'),
    faults: '',
    latency: { minMs: 0, maxMs: 0 },
    maxCost: readMaxCost('--max-cost', maxCost),
  };
}

async function start(maxCost: string, options = OPTIONS, overrides = {}): Promise<RunState> {
  const { place } = await startRun(request(maxCost, overrides), options);
  try {
    return foldJournal((await place.ports.journal.read()).events)!;
  } finally {
    await place.close();
  }
}

async function goOn(maxCost: string, options = OPTIONS): Promise<RunState> {
  const place = await continueRun(join(folder, 'run'), options, readMaxCost('--max-cost', maxCost));
  try {
    return foldJournal((await place.ports.journal.read()).events)!;
  } finally {
    await place.close();
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (found: unknown) => found,
  );
  if (!(error instanceof ConfigurationError)) throw error ?? new Error('nothing was refused');
  const text = error.diagnostics.map(formatDiagnostic).join('\n').replaceAll(folder, '.');
  expect(text).not.toContain('secret-word');
  return text;
}

const dollars = (text: string): bigint => BigInt(text) * 1_000_000_000_000n;

describe('the ceiling of a run', () => {
  test('must be there for a run that costs money', async () => {
    write(PRICE);
    expect(await refusal(start(''))).toBe(
      './p  this run costs money and has no ceiling, and its answers alone may come to $0.016  (set one with --max-cost 5 (in the Action: max-cost), or say --max-cost none)',
    );
    expect((await start('none')).cap).toBe(null);
  });

  test('is the lowest of what is said, by whoever runs it, by the policy and by the pipeline', async () => {
    write(`${PRICE}max_cost: 3\n`);
    expect((await start('')).cap).toBe(dollars('3'));
    const policy = readPolicy(`max_cost: 2\n${PRICE}`, 'policy');
    expect((await goOn('', { ...OPTIONS, policy })).cap).toBe(dollars('2'));
    expect((await goOn('1')).cap).toBe(dollars('1'));
    expect((await goOn('9')).cap).toBe(dollars('3'));
  });

  test('is not set by the pipeline where its author does not pay', async () => {
    write('max_cost: 3\n');
    const policy = readPolicy(PRICE, 'policy');
    expect(await refusal(start('', { ...OPTIONS, policy }))).toContain(
      'has no ceiling, and its answers alone may come to $0.016; max_cost in the pipeline can only lower one',
    );
    expect((await start('5', { ...OPTIONS, policy })).cap).toBe(dollars('3'));
  });

  test('moves down by itself and up only when somebody says so', async () => {
    write(`${PRICE}max_cost: 3\n`);
    expect((await start('')).cap).toBe(dollars('3'));
    write(`${PRICE}max_cost: 2\n`);
    expect((await start('')).cap).toBe(dollars('2'));
    write(`${PRICE}max_cost: 8\n`);
    expect((await start('')).cap).toBe(dollars('2'));
    expect((await start('10')).cap).toBe(dollars('8'));
    expect((await start('none')).cap).toBe(dollars('8'));
  });

  test('cannot be kept when a price is not known', async () => {
    write('max_cost: 3\n');
    expect(await refusal(start('5'))).toBe(
      "./p  the price of openai/small in batch mode is not known, so no ceiling can be kept  (state it under 'prices:', or accept any cost with --max-cost none)",
    );
    expect(await refusal(start('none'))).toContain('or remove the max_cost that still holds');
    write('');
    const { settings } = await start('none');
    expect(settings.prices).toEqual({ 'openai/small/batch': null });
    expect(await refusal(goOn('5'))).toContain('is not known, so no ceiling can be kept');
  });

  test('is nothing that invented answers need', async () => {
    write('');
    const { cap, settings } = await start('', OPTIONS, { provider: 'simulated' });
    expect([cap, settings.prices]).toEqual([null, {}]);
  });

  test('is read from an amount, with or without a dollar sign, or none', () => {
    expect(readMaxCost('--max-cost', '$0.25')).toEqual({ kind: 'amount', money: 250_000_000_000n });
    expect(readMaxCost('--max-cost', 'none')).toEqual({ kind: 'none' });
    for (const text of ['-1', '5 euro', '1e3', 'None', '$'])
      expect(() => readMaxCost('--max-cost', text)).toThrow(/write US dollars/);
  });
});

describe('a provider without a key', () => {
  test('is refused by the name of its variable, and never replaced by another', async () => {
    write(PRICE);
    for (const environment of [{}, { OPENAI_API_KEY: ' ' }]) {
      expect(await refusal(start('1', { ...OPTIONS, environment }))).toBe(
        "provider  the environment variable OPENAI_API_KEY with the key of 'openai' is not set  (set it, or use --provider simulated, whose answers are invented and cost nothing)",
      );
    }
    const environment = { OPENAI_API_KEY: 'sk-secret-word\nand more' };
    expect(await refusal(start('1', { ...OPTIONS, environment }))).toContain(
      'holds characters that no key has',
    );
  });

  test('uses no other key than the one that is named', async () => {
    write(`${PRICE}providers: { openai: { key_env: MISSING_KEY } }\n`);
    expect(await refusal(start('1'))).toContain('the environment variable MISSING_KEY');
  });

  test('is told what to hide before it is opened', async () => {
    write(`${PRICE}providers: { openai: { base_url: "${address}" } }\n`);
    const hidden: string[] = [];
    const policy = readPolicy(
      `${PRICE}providers: { openai: { base_url: "${address}", key_env: OTHER_KEY, headers: { x-gate: gate-word } } }\n`,
      'policy',
    );
    await start('1', { ...OPTIONS, policy });
    const place = openRunPlace(join(folder, 'run'), {
      ...OPTIONS,
      policy,
      hide: (secret) => hidden.push(secret),
    });
    const { pipeline } = JSON.parse(
      await place.ports.blobs.text(foldJournal((await place.ports.journal.read()).events)!.snapshot as never),
    );
    const session = await place.ports.provider('openai', pipeline.providers.openai);
    expect([session.paid, hidden]).toEqual([true, ['other-secret-word', 'gate-word']]);
    expect(JSON.stringify(pipeline)).not.toContain('gate-word');
    await place.close();
  });
});

describe('a pipeline of somebody else', () => {
  const strict: RunPlaceOptions = { ...OPTIONS, policy: STRICT_POLICY };

  test.each([
    ['an address', () => `providers: { openai: { base_url: "${address}" } }`, 'base_url'],
    ['a header', () => 'providers: { openai: { headers: { x-a: b } } }', 'headers'],
    ['a key', () => 'providers: { openai: { key_env: OTHER_KEY } }', 'key_env'],
    ['a protocol', () => 'providers: { openai: { protocol: anthropic } }', 'protocol'],
    ['a discount', () => 'providers: { openai: { batch_discount: 0 } }', 'batch_discount'],
    ['a price', () => 'prices: { small: { input: 0, output: 0 } }', 'prices.small'],
  ])('is refused before any request when it brings %s', async (_, line, what) => {
    write(`${line()}\n`);
    const text = await refusal(start('none', strict));
    expect(text).toMatch(/^\.\/p\/pipeline\.yaml:5:\d+ {2}/);
    expect(text).toContain(what);
    expect(connections).toBe(0);
  });

  test('is refused before any request when it names another model', async () => {
    write(`providers: { openai: { max_requests: 5 } }\n`);
    const policy = readPolicy('models: [tiny]\nmax_cost: 1\n', 'policy');
    expect(await refusal(start('none', { ...OPTIONS, policy }))).toContain("the model 'openai/small'");
    expect(connections).toBe(0);
  });

  test('is held to the policy again when its run is continued', async () => {
    write(`${PRICE}providers: { openai: { base_url: "${address}" } }\n`);
    await start('1');
    const text = await refusal(goOn('1', strict));
    expect(text).toContain('providers.openai.base_url is not what the policy allows');
    expect(text).toContain('prices.small is not what the policy says');
    expect(connections).toBe(0);
  });

  test('is not continued from a folder in which somebody wrote other prices', async () => {
    write('');
    const policy = readPolicy(PRICE, 'policy');
    await start('1', { ...OPTIONS, policy });
    const journal = join(folder, 'run', 'journal');
    for (const name of readdirSync(journal)) {
      const text = readFileSync(join(journal, name), 'utf8');
      writeFileSync(join(journal, name), text.replaceAll('"input":"1"', '"input":"0"'));
    }
    for (const again of [() => start('1', { ...OPTIONS, policy }), () => goOn('1', { ...OPTIONS, policy })]) {
      expect(await refusal(again())).toContain(
        'the run was begun with a lower price of openai/small/batch than holds now',
      );
    }
  });

  test('cannot have a provider opened that the policy does not allow', async () => {
    write(`${PRICE}providers: { openai: { base_url: "${address}" } }\n`);
    await start('1');
    const place = openRunPlace(join(folder, 'run'), strict);
    const { pipeline } = JSON.parse(
      await place.ports.blobs.text(foldJournal((await place.ports.journal.read()).events)!.snapshot as never),
    );
    const text = await refusal(place.ports.provider('openai', pipeline.providers.openai));
    expect(text).toContain('providers.openai.base_url: not what the policy allows');
    await place.close();
    expect(connections).toBe(0);
  });
});

describe('a replay', () => {
  test('needs a recording, and a recording needs a replay', async () => {
    write('');
    expect(await refusal(start('', OPTIONS, { provider: 'replay' }))).toContain('add --from <run>');
    const { from: _, ...rest } = request('', { provider: 'simulated' });
    expect(await refusal(startRun({ ...rest, from: 'x' }, OPTIONS))).toContain('add --provider replay');
  });
});

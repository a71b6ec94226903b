// A client of the simulator for its own tests: plain fetch, as a foreign client would use it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AnswerContext } from '../../src/ports/provider.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/server.ts';

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A simulator that is closed after the test. */
export async function started(options: SimulatorOptions): Promise<Simulator> {
  const simulator = await startSimulator({ latency: { minMs: 0, maxMs: 0 }, ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

/** An OpenAI object as far as the tests look into it. */
export interface Thing {
  readonly id: string;
  readonly status: string;
  readonly output_file_id?: string;
  readonly error_file_id?: string;
  readonly errors?: { data: { code: string; line: number | null }[] };
  readonly request_counts: { total: number; completed: number; failed: number };
  readonly data: Thing[];
  readonly has_more: boolean;
  readonly bytes: number;
  readonly filename: string;
  readonly deleted: boolean;
  readonly error: { message: string; code: string | null; type: string };
}

/** A client of one simulator. */
export function clientOf(url: string) {
  const headers = { authorization: 'Bearer any' };
  const call = async (method: string, path: string, body?: string | FormData) => {
    const type = typeof body === 'string' ? { 'content-type': 'application/json' } : {};
    return await fetch(`${url}${path}`, {
      method,
      headers: { ...headers, ...type },
      ...(body ? { body } : {}),
    });
  };
  const get = async (path: string) => (await (await call('GET', path)).json()) as Thing;
  const client = {
    call,
    get,
    async upload(text: string, filename = 'input.jsonl'): Promise<Thing> {
      const form = new FormData();
      form.append('purpose', 'batch');
      form.append('file', new File([text], filename));
      return (await (await call('POST', '/v1/files', form)).json()) as Thing;
    },
    async create(inputFile: string, metadata: object | null = null): Promise<Thing> {
      const body = {
        input_file_id: inputFile,
        endpoint: '/v1/chat/completions',
        completion_window: '24h',
        metadata,
      };
      return (await (await call('POST', '/v1/batches', JSON.stringify(body))).json()) as Thing;
    },
    async register(contexts: readonly AnswerContext[]): Promise<Response> {
      const body = contexts.map((context) => `${JSON.stringify(context)}\n`).join('');
      return await call('POST', '/_octobatch/contexts', body);
    },
    async ended(batch: string): Promise<Thing> {
      for (;;) {
        const found = await get(`/v1/batches/${batch}`);
        if (['completed', 'failed', 'expired', 'cancelled'].includes(found.status)) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async content(file: string): Promise<string> {
      return await (await call('GET', `/v1/files/${file}/content`)).text();
    },
    /** Answers by custom id, from upload to download. */
    async ask(lines: readonly string[]): Promise<Map<string, string>> {
      const file = await client.upload(lines.join('\n'));
      const batch = await client.ended((await client.create(file.id)).id);
      const answers = new Map<string, string>();
      if (batch.output_file_id === undefined) return answers;
      for (const row of (await client.content(batch.output_file_id)).trim().split('\n')) {
        const { custom_id, response } = JSON.parse(row) as {
          custom_id: string;
          response: { body: { choices: { message: { content: string } }[] } };
        };
        answers.set(custom_id, response.body.choices[0]?.message.content ?? '');
      }
      return answers;
    },
  };
  return client;
}

/** One line of an input file. */
export function inputLine(customId: string, body: object = {}): string {
  const whole = { model: 'm', messages: [{ role: 'user', content: `About ${customId}.` }], ...body };
  return JSON.stringify({ custom_id: customId, method: 'POST', url: '/v1/chat/completions', body: whole });
}

/** A registered context that answers with a die and the unit's name. */
export function contextOf(customId: string, changes: Partial<AnswerContext> = {}): AnswerContext {
  return {
    customId,
    seed: '42',
    fields: JSON.stringify({ name: `unit ${customId}` }),
    simulate: [
      { name: 'who', expr: 'name' },
      { name: 'die', expr: 'random.randint(1, 1000000)' },
    ],
    schema: null,
    ...changes,
  };
}

/** A custom id as our runs make them. */
export function customIdOf(key: number, request: number): string {
  return `${String(key).padStart(8, '0')}-${String(request).padStart(40, '0')}`;
}

// A simulator of its own for each test of the contract suites, and the levers behind it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnswerContexts } from '../../../src/adapters/providers/simulated.ts';
import type { BatchProvider, RealtimeProvider } from '../../../src/ports/provider.ts';
import { startSimulator } from '../../../src/simulator/server.ts';
import type { World } from './contract.ts';
import type { CallOptions, CallWorld } from './realtime-contract.ts';

/** The key the adapters of the suites are given. */
export const KEY = 'test-key-0123456789';

/** Opens worlds for the batch contract; `make` makes the adapter for a simulator's root address. */
export function openWorld(
  protocol: 'openai' | 'anthropic' | 'gemini',
  make: (url: string, options: { readonly lateVisibilityMs: number }) => BatchProvider,
): () => Promise<World> {
  return async () => {
    const simulator = await start();
    return {
      provider: make(simulator.url, { lateVisibilityMs: 0 }),
      patient: make(simulator.url, { lateVisibilityMs: 60_000 }),
      contexts: simulator.contexts,
      settings: simulator.settings,
      mishap: simulator.mishap,
      async batches() {
        const text = await (await fetch(`${simulator.url}/_octobatch/log`)).text();
        const lines = text.split('\n').filter((line) => line !== '');
        return lines
          .map((line) => JSON.parse(line) as { event: string; protocol: string })
          .filter((line) => line.event === 'create' && line.protocol === protocol).length;
      },
      close: simulator.close,
    };
  };
}

/** Opens worlds for the contract of single calls. `url` of the options, when given, goes to `make` instead of the simulator's. */
export function openCallWorld(
  make: (url: string, options: CallOptions) => RealtimeProvider,
): () => Promise<CallWorld> {
  return async () => {
    const simulator = await start();
    return {
      at: (options = {}) => make(options.url ?? simulator.url, options),
      contexts: simulator.contexts,
      settings: simulator.settings,
      mishap: simulator.mishap,
      async billed() {
        const bill = (await (await fetch(`${simulator.url}/_octobatch/bill`)).json()) as {
          totals: { mode: string; requests: number }[];
        };
        return bill.totals
          .filter((total) => total.mode === 'realtime')
          .reduce((sum, total) => sum + total.requests, 0);
      },
      close: simulator.close,
    };
  };
}

async function start() {
  const directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  const simulator = await startSimulator({ directory, latency: { minMs: 20, maxMs: 60 } });
  const control = async (method: string, path: string, body: object) => {
    const response = await fetch(`${simulator.url}/_octobatch${path}`, {
      method,
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(await response.text());
    await response.text();
  };
  return {
    url: simulator.url,
    contexts: createAnswerContexts({ url: simulator.url }),
    settings: (settings: object) => control('PUT', '/settings', settings),
    mishap: (mishap: object) => control('POST', '/mishaps', mishap),
    async close() {
      await simulator.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

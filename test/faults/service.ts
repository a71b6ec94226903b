// A simulator in a process of its own, with the levers a scenario pulls and the witness that is asked afterwards.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_SETTINGS } from '../../src/simulator/settings.ts';

/** How a service behaves: what is given wins over a quick one without faults. */
export type Behaviour = Readonly<Record<string, unknown>>;

/** What one model's requests were billed, as the simulator's ledger sums them. */
export interface BilledTokens {
  readonly input: number;
  readonly output: number;
}

/** One service of one scenario. */
export interface Service {
  readonly url: string;
  /** Replaces what `behaviour` said before. */
  behave(behaviour: Behaviour): Promise<void>;
  mishap(mishap: object): Promise<void>;
  billed(): Promise<BilledTokens>;
  /** Requests that were sent although an earlier batch or call had answered, or a batch was to answer them. */
  doubleSubmissions(): Promise<readonly unknown[]>;
  /** How often each request was answered, and so billed, by a single call. */
  answered(): Promise<ReadonlyMap<string, number>>;
  /** How many calls of a kind came in, as far as a mishap waited for one. */
  counted(call: string): Promise<number>;
  stop(): Promise<void>;
}

/** The process that serves simulators. */
export interface ServiceHost {
  open(directory: string, behaviour: Behaviour): Promise<Service>;
  stop(): Promise<void>;
}

const QUICK: Behaviour = {
  latency: { minMs: 0, maxMs: 20 },
  callLatency: { minMs: 0, maxMs: 5 },
};

/** Starts the process. */
export function startServiceHost(): ServiceHost {
  const child = fork(fileURLToPath(new URL('simulators.mjs', import.meta.url)), { execArgv: [] });
  const waiting = new Map<number, (reply: { url?: string; error?: string }) => void>();
  let sent = 0;
  child.on('message', (reply: { number: number; url?: string; error?: string }) => {
    waiting.get(reply.number)?.(reply);
    waiting.delete(reply.number);
  });
  child.on('exit', () => {
    for (const answer of waiting.values()) answer({ error: 'the process of the simulators ended' });
  });
  const ask = async (message: object): Promise<string> => {
    const number = ++sent;
    const reply = new Promise<{ url?: string; error?: string }>((resolve) => waiting.set(number, resolve));
    child.send({ number, ...message });
    const { url, error } = await reply;
    if (url === undefined) throw new Error(error);
    return url;
  };
  return {
    async open(directory, behaviour) {
      const url = await ask({ start: { directory } });
      const service = serviceAt(url, directory, async () => {
        await ask({ stop: url });
      });
      await service.behave(behaviour);
      return service;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

function serviceAt(url: string, directory: string, stop: () => Promise<void>): Service {
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${url}/_octobatch/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${text}`);
    return path === 'log' ? text : JSON.parse(text);
  };
  return {
    url,
    stop,
    async behave(behaviour) {
      await control('PUT', 'settings', { ...DEFAULT_SETTINGS, ...QUICK, ...behaviour });
    },
    async mishap(mishap) {
      await control('POST', 'mishaps', mishap);
    },
    async billed() {
      const { totals } = (await control('GET', 'bill')) as { totals: readonly BilledTokens[] };
      const add = (name: keyof BilledTokens) => totals.reduce((sum, one) => sum + one[name], 0);
      return { input: add('input'), output: add('output') };
    },
    async doubleSubmissions() {
      return (await control('GET', 'doubles')) as unknown[];
    },
    async answered() {
      const lines = ((await control('GET', 'log')) as string).split('\n').filter((line) => line !== '');
      const times = new Map<string, number>();
      for (const line of lines) {
        const entry = JSON.parse(line) as { event: string; request?: string };
        if (entry.event === 'answer' && entry.request !== undefined)
          times.set(entry.request, (times.get(entry.request) ?? 0) + 1);
      }
      return times;
    },
    async counted(call) {
      const folders = (await readdir(directory)).filter((name) => name.startsWith('calls-'));
      const names = await Promise.all(folders.map((folder) => readdir(join(directory, folder))));
      return names.flat().filter((name) => name.includes(`.${call}-`)).length;
    },
  };
}

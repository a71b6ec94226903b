// The simulator as a process of its own, which survives every death of a run and tells what it was asked.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CLI } from '../entries.ts';
import { createProcessTime } from '../passing-time.ts';

/** One line of the simulator's log that tells of a batch created. */
export interface CreateLine {
  readonly event: string;
  readonly batch: string;
  /** Request hashes: 40 hex of (unit, step, attempt). */
  readonly requests: readonly string[];
}

/** A running simulator process. */
export interface Witness {
  readonly url: string;
  /** Batches created so far, in order. */
  creates(): Promise<readonly CreateLine[]>;
  /** Request hashes of the single calls answered so far, in order. */
  answers(): Promise<readonly string[]>;
  /** How long batches take that are created from now on (ms). */
  batchesTake(ms: number): Promise<void>;
  /** Lets so many milliseconds pass at the simulator, at once. */
  timePasses(ms: number): void;
  stop(): Promise<void>;
}

/** A batch that takes so long is under way until a test lets that time pass (ms). */
export const LONG_MS = 600_000;

/** Starts a simulator process over `directory`. */
export async function startWitness(directory: string, ...flags: string[]): Promise<Witness> {
  const time = createProcessTime(`${directory}-time`);
  const child = spawn(process.execPath, [CLI, 'simulator', '--dir', directory, ...flags], {
    env: { ...process.env, NODE_OPTIONS: time.nodeOptions },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the simulator ended with code ${code}`);
  });
  const [first] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  const url = first.toString('utf8').trim();
  const log = async (event: string): Promise<unknown[]> => {
    const text = await (await fetch(`${url}/_octobatch/log`)).text();
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as { event: string }).filter((line) => line.event === event);
  };
  return {
    url,
    creates: async () => (await log('create')) as CreateLine[],
    answers: async () => ((await log('answer')) as { request: string }[]).map((line) => line.request),
    async batchesTake(ms) {
      const settings = (await (await fetch(`${url}/_octobatch/settings`)).json()) as object;
      const body = JSON.stringify({ ...settings, latency: { minMs: ms, maxMs: ms } });
      const { ok } = await fetch(`${url}/_octobatch/settings`, { method: 'PUT', body });
      if (!ok) throw new Error('the simulator did not take its settings');
    },
    timePasses: time.passes,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Request hashes that stand in more than one of these batches. */
export function repeatedRequests(creates: readonly CreateLine[]): readonly string[] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const request of creates.flatMap((create) => create.requests)) {
    if (seen.has(request)) repeated.add(request);
    seen.add(request);
  }
  return [...repeated];
}

// The model provider of a stage: the simulator as a process of its own that lives in the stage's time, so that a batch
// ends when a test moves the clock. It tells every request it was ever sent, to the byte.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { CLI } from './programs.ts';

/** From a batch's creation to its end, on the stage's clock: far less than an hour, far more than a job. */
export const BATCH_MINUTES = 50;

/** A batch as the provider keeps it. */
export interface SeenBatch {
  readonly id: string;
  readonly createdMs: number;
  /** Somebody asked for its end. */
  readonly cancelled: boolean;
  /** Of each request a digest of what was asked, whatever batch it stood in. */
  readonly questions: readonly string[];
}

/** A running provider. */
export interface Provider {
  readonly url: string;
  /** All batches it ever accepted, oldest first. */
  batches(): readonly SeenBatch[];
  /** Sets what the simulator does from now on, as its scenarios do; what is not named is as at first. */
  settings(settings: object): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a provider over `directory`. */
export async function startProvider(directory: string, clock: Clock): Promise<Provider> {
  const latency = `${BATCH_MINUTES}m-${BATCH_MINUTES}m`;
  const child = spawn(process.execPath, [CLI, 'simulator', '--dir', directory, '--latency', latency], {
    env: { PATH: process.env.PATH ?? '', NODE_OPTIONS: clock.nodeOptions },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const url = first.toString('utf8').trim();
  const usual = (await (await fetch(`${url}/_octobatch/settings`)).json()) as object;
  const batches = (): readonly SeenBatch[] => batchesIn(directory);
  return {
    url,
    batches,
    async settings(settings) {
      const body = JSON.stringify({ ...usual, ...settings });
      const { ok } = await fetch(`${url}/_octobatch/settings`, { method: 'PUT', body });
      if (!ok) throw new Error('the simulator did not take its settings');
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** Read from the provider's own files, so that nothing depends on what it is asked. */
function batchesIn(directory: string): SeenBatch[] {
  const folder = join(directory, 'batches');
  if (!existsSync(folder)) return [];
  const records = readdirSync(folder).map(
    (name) =>
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        id: string;
        createdMs: number;
        input: string;
      },
  );
  records.sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  return records.map(({ id, createdMs, input }) => {
    const lines = readFileSync(join(directory, 'files', `${input}.data`), 'utf8').split('\n');
    const questions = lines.filter((line) => line !== '').map(questionOf);
    return { id, createdMs, cancelled: existsSync(join(directory, 'cancels', id)), questions };
  });
}

/** A request without what names its batch: the unit, step and attempt behind the dash, and what the model is sent. */
function questionOf(line: string): string {
  const { custom_id, ...rest } = JSON.parse(line) as { custom_id: string };
  const text = JSON.stringify([custom_id.slice(custom_id.indexOf('-') + 1), rest]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

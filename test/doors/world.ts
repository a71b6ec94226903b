// A folder, a simulator as a process of its own, and the compiled command line: what the tests of the doors stand on.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CLI } from '../entries.ts';
import { createProcessTime } from '../passing-time.ts';

/** A key that the simulator accepts, and one that it refuses. */
export const KEY = 'sk-door-secret-word';
export const BAD_KEY = 'bad-key';

/** What a process said and how it ended. */
export interface Spoken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A batch that is over as soon as it is looked at. */
export const QUICK = { minMs: 0, maxMs: 0 };

/** A batch that is under way until a test lets that time pass (ms): no machine is that slow. */
export const LONG_MS = 600_000;
export const LONG = { minMs: LONG_MS, maxMs: LONG_MS };

/** A place for the tests of one file. */
export interface World {
  readonly folder: string;
  /** The simulator's address. */
  readonly url: string;
  /** Runs the command line to its end; the key is in its environment unless something else is said. */
  octobatch(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Spoken>;
  /** The same, begun: it ends when it ends. */
  begin(args: readonly string[]): Begun;
  /** Runs a command line of a shell in the folder. */
  shell(line: string, env?: Readonly<Record<string, string>>): Promise<Spoken>;
  /** Sets what the simulator does from now on; what is not named is as at first. */
  settings(settings: object): Promise<void>;
  /** Lets so many milliseconds pass at the simulator, at once. */
  timePasses(ms: number): void;
  /** Requests the simulator has answered and billed so far. */
  billed(): Promise<number>;
  /** Writes a pipeline folder with a model step; `more` stands at the top of its configuration. */
  pipeline(name: string, options?: PipelineOptions): void;
  close(): Promise<void>;
}

/** A process that was begun. */
export interface Begun {
  /** Resolves when its standard output says so, and rejects when it ends without. */
  saying(text: string): Promise<void>;
  readonly ended: Promise<Spoken>;
}

/** What differs between the pipelines of these tests. */
export interface PipelineOptions {
  /** More lines of the step, indented by four. */
  readonly step?: string;
  /** Lines of the configuration. */
  readonly more?: string;
  /** More keys of each provider. */
  readonly limits?: string;
  /** Another address than the simulator's. */
  readonly url?: string;
}

/** Opens a world. */
export async function openWorld(name: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), `octobatch-${name}-`));
  const time = createProcessTime(join(folder, 'time'));
  const simulator = await startSimulator(join(folder, 'simulator'), time.nodeOptions);
  const { url } = simulator;
  const environment = { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1', CLI, TALE_KEY: KEY };
  const first = (await (await fetch(`${url}/_octobatch/settings`)).json()) as object;
  const begin = (file: string, args: readonly string[], env: Readonly<Record<string, string>>): Begun => {
    const options = { cwd: folder, env: { ...environment, ...env }, maxBuffer: 1 << 26 };
    let end: (spoken: Spoken) => void = () => {};
    const ended = new Promise<Spoken>((resolve) => {
      end = resolve;
    });
    const child = execFile(file, args, options, (_, stdout, stderr) =>
      end({ code: child.exitCode, stdout, stderr }),
    );
    let said = '';
    child.stdout?.on('data', (chunk: string) => {
      said += chunk;
    });
    const saying = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (said.includes(text)) resolve();
        };
        look();
        child.stdout?.on('data', look);
        void ended.then(({ stderr }) => reject(new Error(`it never said ${text}: ${said}${stderr}`)));
      });
    return { ended, saying };
  };
  const run = (file: string, args: readonly string[], env: Readonly<Record<string, string>>) =>
    begin(file, args, env).ended;
  return {
    folder,
    url,
    octobatch: (args, env = {}) => run(process.execPath, [CLI, ...args], env),
    begin: (args) => begin(process.execPath, [CLI, ...args], {}),
    shell: (line, env = {}) => run('/bin/sh', ['-c', line], env),
    async settings(settings) {
      const body = JSON.stringify({ ...first, ...settings });
      const { ok } = await fetch(`${url}/_octobatch/settings`, { method: 'PUT', body });
      if (!ok) throw new Error('the simulator did not take its settings');
    },
    timePasses: time.passes,
    async billed() {
      const bill = (await (await fetch(`${url}/_octobatch/bill`)).json()) as {
        totals: { requests: number }[];
      };
      return bill.totals.reduce((sum, { requests }) => sum + requests, 0);
    },
    pipeline(name, options = {}) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'pipeline.yaml'), pipelineText(options.url ?? url, options));
    },
    async close() {
      await stop(simulator.process);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Six units that ask for a tale; three providers at one address, with declared prices. */
function pipelineText(url: string, { step = '', more = '', limits = '' }: PipelineOptions): string {
  const access = (path: string): string => `{ base_url: "${url}${path}", key_env: TALE_KEY${limits} }`;
  return `name: tale
seed: 3
items: [{ id: a }, { id: b }, { id: c }]
repeat: 2
provider: openai
model: small
steps:
  - name: tell
    prompt: "Tell of {{ id }}."
    max_tokens: 100
    schema: { type: object, required: [good], properties: { good: { type: boolean } } }
${step}
providers:
  openai: ${access('/v1')}
  anthropic: ${access('/anthropic')}
  gemini: ${access('/gemini')}
prices:
  small: { input: 1, output: 4 }
${more}
`;
}

/** Starts the simulator as its command does and waits for its address. */
function startSimulator(
  directory: string,
  nodeOptions: string,
): Promise<{ url: string; process: ChildProcess }> {
  const args = [CLI, 'simulator', '--dir', directory, '--latency', `${QUICK.minMs}ms-${QUICK.maxMs}ms`];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, NODE_OPTIONS: nodeOptions },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('\n')) resolve({ url: said.trim(), process: child });
    });
    child.on('exit', () => reject(new Error('the simulator did not start')));
  });
}

/** Ends a process in the way a person would, and waits for its end. */
export function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** What of `words` stands in any file below a folder, as `word in path`. */
export function findInFiles(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      const text = readFileSync(path, 'latin1');
      return words.filter((word) => text.includes(word)).map((word) => `${word} in ${path}`);
    });
}

/** The first line of what a process printed. */
export function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

const STACK = /^\s+at .*:\d+/m;

/** Fails when a process said what must never be said: a stack, or a key. */
export function expectDecent({ stdout, stderr }: Spoken): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(STACK);
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(BAD_KEY);
  }
}

/** Works on each of them, two at a time: the machine that tests has two cores. */
export async function inPairs<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const next = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all([next(), next()]);
}

// A folder like a fresh clone, in which the commands of a page are run as they stand: the program under every name that
// pages give it, the examples, the files that the page writes down, and one simulator in the place of every provider.
import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { expectDecent, openWorld, type Spoken, stop, type World } from '../doors/world.ts';
import { CLI } from '../entries.ts';
import { type Block, type Command, ROOT } from './page.ts';

/** A clone, and what may be done in it. */
export interface Clone {
  readonly world: World;
  readonly folder: string;
  /** Writes the file that a block shows, when its first line names one. */
  write(block: Block): void;
  /** Runs a command and tells what it said; throws when it said a stack or a key. */
  run(command: Command): Promise<Spoken>;
  /** Starts a server, looks whether it answers, and ends it. */
  serve(command: Command): Promise<Spoken>;
  /** Requests that the simulator answered in a paid provider's place. */
  billed(): Promise<number>;
  close(): Promise<void>;
}

const PROVIDERS: Readonly<Record<string, string>> = {
  openai: '/v1',
  anthropic: '/anthropic',
  gemini: '/gemini',
};

/** Whether a command has a key, and with it a provider that is paid. */
export const isPaid = (text: string): boolean => /^(?:export )?[A-Z]+_API_KEY=/.test(text);

/** Whether a command runs until it is told to end. */
export const isServer = (text: string): boolean => /(?:octobatch|index\.js) simulator /.test(text);

/** Opens a clone. Latency is short, but not so short that a paid run is over before it is left. */
export async function openClone(name: string): Promise<Clone> {
  const world = await openWorld(`docs-${name.replaceAll(/\W+/g, '-')}`);
  const { folder } = world;
  await world.settings({ latency: { minMs: 1_200, maxMs: 1_200 } });
  mkdirSync(join(folder, 'dist/cli'), { recursive: true });
  symlinkSync(CLI, join(folder, 'dist/cli/index.js'));
  cpSync(join(ROOT, 'examples'), join(folder, 'examples'), { recursive: true });
  program(folder, 'octobatch', `exec "${process.execPath}" "${CLI}" "$@"`);
  program(folder, 'npx', 'while [ "$1" != octobatch ]; do shift; done; exec "$@"');
  symlinkSync(process.execPath, join(folder, 'bin/node'));
  const environment = { PATH: `${join(folder, 'bin')}:${process.env.PATH ?? ''}` };
  const shell = async (line: string): Promise<Spoken> => {
    const spoken = await world.shell(line, environment);
    expectDecent(spoken);
    return spoken;
  };
  return {
    ...{ world, folder },
    write: (block) => write(folder, block),
    async run({ text }) {
      const line = text.replaceAll(/(?<=\s)(?:RUN|<run>)(?=\s|$)/g, () => newestRun(folder));
      for (const [id, pipeline] of unknownRuns(folder, line)) {
        const made = await shell(`octobatch run ${pipeline} --quiet --run-dir .octobatch/runs/${id}`);
        if (![0, 1].includes(made.code ?? 2)) return made;
      }
      if (isPaid(line)) redirect(world, line);
      // With a key it would ask the provider itself, which no test may.
      let spoken = await shell(isPaid(line) && / doctor\b/.test(line) ? `${line} --offline` : line);
      // Whoever reads the page comes back later.
      for (let turn = 0; turn < 9 && / collect\b/.test(line) && (await isOpen(world)); turn++) {
        spoken = await shell(line);
      }
      return spoken;
    },
    serve: ({ text }) => serve(folder, text, environment),
    billed: () => world.billed(),
    close: () => world.close(),
  };
}

function program(folder: string, name: string, script: string): void {
  const path = join(folder, 'bin', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

/** The path that the first line of a block names in a comment, such as `# pipelines/dice/pipeline.yaml`. */
export function fileOf({ text }: Block): string | null {
  return /^(?:#|\/\/|\{#|<!--) ([\w.-]+(?:\/[\w.-]+)+)(?: -?#\}| -->)?\n/.exec(text)?.[1] ?? null;
}

function write(folder: string, block: Block): void {
  const path = fileOf(block);
  if (path === null || path.startsWith('.github/') || path.split('/').includes('..')) return;
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  // What is no comment in the file's own language is not written.
  const hasComments = /\.(?:ya?ml|py|sh|toml|mjs|js|ts|jinja2?)$/.test(path);
  writeFileSync(join(folder, path), hasComments ? block.text : block.text.replace(/^.*\n/, ''));
}

/** Ids of runs that a command names and that are not there, with the pipeline each is made from. */
function unknownRuns(folder: string, line: string): readonly (readonly [string, string])[] {
  return [...line.matchAll(/(?<=[\s=/])([a-z][a-z-]*)-[0-9a-f]{6,10}(?=\s|\/|$)/g)].flatMap(([id, name]) => {
    if (existsSync(join(folder, '.octobatch/runs', id!))) return [];
    const pipeline = [`pipelines/${name}`, `examples/${name}`].find((path) => existsSync(join(folder, path)));
    return pipeline === undefined ? [] : [[id!, pipeline] as const];
  });
}

function newestRun(folder: string): string {
  const runs = join(folder, '.octobatch/runs');
  const age = (name: string): number => statSync(join(runs, name)).mtimeMs;
  return readdirSync(runs).toSorted((a, b) => age(b) - age(a))[0] ?? 'no-run';
}

/** Lets the pipeline of a paid command find its providers on this machine instead of where they are. */
function redirect({ folder, url }: World, line: string): void {
  const pipeline = /(?:submit|run|plan) ([\w./-]+)/.exec(line)?.[1];
  if (pipeline === undefined) return;
  const file = ['pipeline.yaml', 'config.yaml']
    .map((name) => join(folder, pipeline, name))
    .find((path) => existsSync(path));
  if (file === undefined) return;
  const document = parseDocument(readFileSync(file, 'utf8'));
  const models = [line, String(document)].flatMap((text) =>
    [...text.matchAll(/\bmodel[: ]+["']?([\w./-]+)/g)].map(([, model]) => model!),
  );
  for (const [provider, path] of Object.entries(PROVIDERS)) {
    const key = `${provider === 'gemini' ? 'GOOGLE' : provider.toUpperCase()}_API_KEY`;
    document.setIn(['providers', provider, 'base_url'], `${url}${path}`);
    document.setIn(['providers', provider, 'key_env'], key);
    // An address of one's own has no published price.
    for (const model of models)
      document.setIn(['prices', `${provider}/${model}`], { input: 0.2, output: 0.8 });
  }
  writeFileSync(file, String(document));
}

/** Whether some run is not over. */
async function isOpen(world: World): Promise<boolean> {
  const { stdout } = await world.octobatch(['status', '--json']);
  return stdout.split('\n').some((line) => line !== '' && JSON.parse(line).state === 'open');
}

function serve(folder: string, line: string, environment: Readonly<Record<string, string>>): Promise<Spoken> {
  const env = { ...environment, HOME: folder };
  const child = spawn('/bin/sh', ['-c', `exec ${line}`], { cwd: folder, env });
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve({ code, stdout: '', stderr: 'it ended by itself' }));
    child.stdout.once('data', async (chunk: Buffer) => {
      child.removeAllListeners('exit');
      const stdout = chunk.toString().trim();
      const headers = {
        authorization: 'Bearer any',
        'x-api-key': 'any',
        'anthropic-version': '2023-06-01',
        'x-goog-api-key': 'any',
      };
      const wrong: string[] = [];
      for (const path of ['/v1/models/any', '/anthropic/v1/models/any', '/gemini/v1beta/models/any']) {
        const { status } = await fetch(`${stdout}${path}`, { headers });
        if (status !== 200) wrong.push(`${path} answers ${status}`);
      }
      await stop(child);
      resolve({ code: wrong.length === 0 ? child.exitCode : 1, stdout, stderr: wrong.join('\n') });
    });
  });
}

/** Whether a text says what a page shows: the same lines in one piece; `...` stands for anything, alone for any lines. */
export function isSaid(shown: string, text: string): boolean {
  const lines = shown.trim().split('\n');
  const pattern = lines
    .map((line) =>
      /^\s*(?:\.\.\.|…)\s*$/.test(line)
        ? '(?:.*\\n)*?.*'
        : line
            .trim()
            .split(/\.\.\.|…/)
            .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/\s+/g, '\\s+'))
            .join('.*'),
    )
    .join('\\s*\\n\\s*');
  return new RegExp(pattern).test(text);
}

// Starts dist/action/index.js as GitHub's runner does: inputs, files and folders come by the environment.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/action/index.js', import.meta.url));

/** What a finished step left behind. `green` is what the runner shows; `annotations` are the error commands. */
export interface StepResult {
  readonly green: boolean;
  readonly log: string;
  readonly annotations: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A repository's folder, empty, below the machine's temporary folder. */
export function makeWorkspace(): string {
  return mkdtempSync(join(tmpdir(), 'octobatch-action-'));
}

/** `env` may override what the runner sets; `cancelAt`: the job is cancelled when this is in the log. */
export interface StepOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cancelAt?: string;
}

/** Runs the action once on the Node that runs the tests. */
export function runStep(
  workspace: string,
  inputs: Readonly<Record<string, string>>,
  options: StepOptions = {},
): Promise<StepResult> {
  const runner = mkdtempSync(join(tmpdir(), 'octobatch-runner-'));
  const [outputFile, summaryFile] = [join(runner, 'output'), join(runner, 'summary')];
  for (const file of [outputFile, summaryFile]) writeFileSync(file, '');
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [entry],
      {
        cwd: runner,
        maxBuffer: 1 << 26,
        env: {
          PATH: process.env.PATH ?? '',
          HOME: runner,
          CI: 'true',
          NO_COLOR: '1',
          GITHUB_ACTIONS: 'true',
          GITHUB_WORKSPACE: workspace,
          GITHUB_OUTPUT: outputFile,
          GITHUB_STEP_SUMMARY: summaryFile,
          RUNNER_TEMP: runner,
          ...Object.fromEntries(variables),
          ...options.env,
        },
      },
      (error, stdout, stderr) => {
        const log = `${stdout}${stderr}`;
        resolve({
          green: error === null,
          log,
          annotations: log.split('\n').filter((line) => line.startsWith('::error')),
          outputs: readOutputs(readFileSync(outputFile, 'utf8')),
          summary: readFileSync(summaryFile, 'utf8'),
        });
      },
    );
    const { cancelAt } = options;
    if (cancelAt === undefined) return;
    child.stdout?.on('data', (chunk: string) => {
      if (chunk.includes(cancelAt)) child.kill('SIGINT');
    });
  });
}

/** The file format of outputs: `name<<delimiter`, the lines of the value, the delimiter. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\r?\n([\s\S]*?)\r?\n\2$/gm)) {
    outputs[name as string] = value as string;
  }
  return outputs;
}

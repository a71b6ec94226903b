// The action's inputs as values. Names what is wrong with each of them, all at once; reads nothing else.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readChoice, readCount, readDuration, usageError } from '../commands/arguments.ts';
import { type MaxCost, readMaxCost } from '../commands/ceiling.ts';
import type { FailOn } from '../commands/exit-code.ts';
import { checkPolicySource, readPolicyText } from '../commands/policy-source.ts';
import { readFaultsText } from '../commands/simulator.ts';
import { ConfigurationError, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import { type Policy, STRICT_POLICY } from '../pipeline/policy.ts';
import { MODES } from '../pipeline/resolve.ts';

const COMMANDS = ['run', 'submit', 'collect', 'plan', 'report'] as const;

export type ActionCommand = (typeof COMMANDS)[number];

export interface ActionInputs {
  readonly command: ActionCommand;
  /** Folders, relative to the working directory; empty only for `collect` and `report`: every run there is. */
  readonly pipelines: readonly string[];
  readonly overrides: Overrides;
  /** How long to wait for batches, in milliseconds. */
  readonly waitMs: number;
  readonly failOn: FailOn;
  /** Folder in which runs are kept. */
  readonly state: string;
  readonly faults: string;
  readonly maxCost: MaxCost;
  /** What pipelines may say about providers; null: anything. */
  readonly policy: Policy | null;
}

/**
 * Reads inputs by their names in action.yml; `get` gives '' for one that is not set. `foreign`: the job is about code of
 * somebody else, so that there is a policy in any case. Throws a ConfigurationError.
 */
export function readInputs(get: (name: string) => string, foreign: boolean): ActionInputs {
  const mistakes: Diagnostic[] = [];
  /** The value of an input, or `otherwise` when it is not set or wrong. */
  function read<T, U>(name: string, otherwise: U, parse: (text: string) => T): T | U {
    const text = get(name).trim();
    if (text === '') return otherwise;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      mistakes.push(...error.diagnostics.map((diagnostic) => ({ ...diagnostic, file: `input ${name}` })));
      return otherwise;
    }
  }
  const count = (name: string) => read(name, null, (text) => readCount(name, text, 1));

  const command = read('command', 'run' as const, (text) => readChoice('command', text, COMMANDS));
  const pipelines = read('pipeline', [], (text) => text.split(/\r?\n/).map((line) => line.trim())).filter(
    (line) => line !== '' && !line.startsWith('#'),
  );
  if (pipelines.length === 0 && command !== 'collect' && command !== 'report') {
    const missing = usageError(
      'input pipeline',
      'it is empty',
      'give the folder of a pipeline, such as pipelines/sailor',
    );
    mistakes.push(...missing.diagnostics);
  }
  const mode = read('mode', null, (text) => readChoice('mode', text, MODES));
  const ofPayer = read('policy', null, (text) => {
    if (foreign) checkPolicySource('policy', text, pipelines.length > 0 ? pipelines : ['.']);
    return readPolicyText('input policy', text);
  });
  const repeat = count('repeat');
  const maxUnits = count('max-units');
  const [provider, model, seed] = ['provider', 'model', 'seed'].map((name) =>
    read(name, null, (text) => text),
  );
  const inputs: ActionInputs = {
    command,
    pipelines,
    overrides: {
      ...(provider == null ? {} : { provider }),
      ...(model == null ? {} : { model }),
      ...(mode === null ? {} : { mode }),
      ...(seed == null ? {} : { seed }),
      ...(repeat === null ? {} : { repeat }),
      ...(maxUnits === null ? {} : { maxUnits }),
    },
    waitMs: command === 'submit' ? 0 : read('wait', command === 'run' ? DEFAULT_WAIT_MS : 0, readWait),
    failOn: read('fail-on', 'fail' as const, (text) =>
      readChoice('fail-on', text, ['fail', 'inconclusive', 'never']),
    ),
    state: read('state', '.octobatch', (text) => text),
    faults: read('simulator-faults', '', (text) => {
      readFaultsText(text);
      return text;
    }),
    maxCost: read('max-cost', { kind: 'unsaid' } as const, (text) => readMaxCost('max-cost', text)),
    policy: ofPayer ?? (foreign ? STRICT_POLICY : null),
  };
  if (mistakes.length > 0) throw new ConfigurationError(mistakes);
  return inputs;
}

const DEFAULT_WAIT_MS = 15 * 60_000;

function readWait(text: string): number {
  return readDuration('wait', text);
}

/** Makes `folder`, relative to the workspace, the place from which all paths count. Throws a ConfigurationError. */
export function enterFolder(workspace: string, folder: string): void {
  const path = resolve(workspace, folder === '' ? '.' : folder);
  if (!existsSync(path)) {
    throw usageError(
      'input working-directory',
      `there is no folder "${folder}"`,
      'check out the repository first',
    );
  }
  process.chdir(path);
}

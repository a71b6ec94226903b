// Looks whether everything a run needs is there, one line a check, each with what helps. It changes nothing, asks no model
// anything that costs, and shows no part of a key.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadFolder, openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { ConfigurationError, formatDiagnostic } from '../pipeline/diagnostic.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { logText } from '../report/escape.ts';
import { checkActions } from './doctor-actions.ts';
import { type Check, fine, found } from './doctor-check.ts';
import {
  checkClock,
  checkDisk,
  checkGit,
  checkNode,
  checkProxy,
  checkRuns,
  checkSimulator,
} from './doctor-machine.ts';
import { checkProviders } from './doctor-providers.ts';
import { listRuns } from './runs.ts';
import { shownPath } from './shown-path.ts';
import { describeRuns } from './status.ts';

/** Everything that was looked at. */
export interface Diagnosis {
  readonly checks: readonly Check[];
  readonly warnings: number;
  readonly problems: number;
}

/** What is looked at, and how. */
export interface DoctorRequest {
  /** A pipeline whose providers are asked too; null: only those whose keys are set. */
  readonly pipeline: string | null;
  /** Where runs are kept. */
  readonly root: string;
  /** Nothing is asked over the network. */
  readonly isOffline: boolean;
  readonly place: RunPlaceOptions;
  readonly signal: AbortSignal;
}

/** Looks at everything, the machine first. */
export async function diagnose(request: DoctorRequest): Promise<Diagnosis> {
  const { root, isOffline, place } = request;
  const environment = place.environment ?? {};
  const parent = environment.TMPDIR ?? tmpdir();
  const temporary = await mkdtemp(join(parent, 'octobatch-doctor-'));
  const checks: Check[] = [];
  try {
    checks.push(checkNode(process.versions.node), await checkDisk(root));
    const kept = await describeRuns(await listRuns(root), place);
    checks.push(...checkRuns(root, kept));
    checks.push(
      await checkSimulator(temporary),
      await checkGit(),
      ...checkProxy(environment, process.versions.node),
    );
    const { check, pipeline } = await checkPipeline(request);
    if (check !== null) checks.push(check);
    const run = openRunPlace(join(temporary, 'run'), { ...place, workerEntry: null });
    try {
      const asked = await checkProviders({
        environment,
        pipeline,
        isOffline,
        place,
        open: run.ports.provider,
      });
      checks.push(...asked.checks, checkClock(kept, Date.now(), asked.theirTime));
    } finally {
      await run.close();
    }
    checks.push(...(await checkActions(environment, isOffline)));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const count = (state: Check['state']): number => checks.filter((one) => one.state === state).length;
  return { checks, warnings: count('warning'), problems: count('problem') };
}

/** Whether the pipeline can be used; its mistakes are told by `validate`. */
async function checkPipeline({
  pipeline: folder,
  place,
}: DoctorRequest): Promise<{ check: Check | null; pipeline: Pipeline | null }> {
  if (folder === null) return { check: null, pipeline: null };
  try {
    const { pipeline } = await loadFolder(folder, shownPath(folder), {}, place.policy ?? null);
    return { check: fine('pipeline', `${shownPath(folder)} is valid`), pipeline };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    const [first] = error.diagnostics;
    const says = first === undefined ? 'it cannot be used' : formatDiagnostic(first);
    const fix = `see \`validate ${shownPath(folder)}\``;
    return { check: found('problem', 'pipeline', says, fix), pipeline: null };
  }
}

const WORDS = { ok: 'ok', warning: 'warning', problem: 'PROBLEM', skipped: 'skipped' } as const;

/** One line a check, and a last one that counts them. */
export function formatDiagnosis({ checks, warnings, problems }: Diagnosis): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, state, says, fix }) => {
    const help = fix === null ? '' : `  (${logText(fix, 400)})`;
    return `${WORDS[state].padEnd(7)}  ${name.padEnd(width)}  ${logText(says, 400)}${help}`;
  });
  const good = checks.filter(({ state }) => state === 'ok').length;
  const last = `${good} fine, ${counted(warnings, 'warning')}, ${counted(problems, 'problem')}`;
  return `${lines.join('\n')}\n\n${last}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

// Finds, in the workflows of the default branch, the one that a person starts for something: to end a run, or to pay for
// a pull request of somebody else. It prints the command and starts nothing.
import { parse } from 'yaml';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import type { HostedJob } from './hosted.ts';

/** What a workflow is started by hand for. */
export type Purpose = 'cancel' | 'pay';

/** The workflow files of the default branch; empty when they cannot be read. */
export function readWorkflows(job: HostedJob): Promise<ReadonlyMap<string, string>> {
  return job.workflows().catch((error: unknown) => {
    if (error instanceof PermissionError || error instanceof HostingError) return new Map<string, string>();
    throw error;
  });
}

/** The command with which a run is cancelled by its id; null: no workflow does that. */
export async function findCommand(
  job: HostedJob,
  purpose: 'cancel',
): Promise<((run: string) => string) | null> {
  const file = findWorkflow(await readWorkflows(job), purpose);
  return file === null ? null : (run) => `gh workflow run ${file} -f run=${run}`;
}

/** The command with which a pull request is run for money; null: no workflow does that. */
export function payCommand(
  workflows: ReadonlyMap<string, string>,
  { pull, commit }: { readonly pull: number; readonly commit: string },
): string | null {
  const file = findWorkflow(workflows, 'pay');
  return file === null ? null : `gh workflow run ${file} -f pr=${pull} -f sha=${commit}`;
}

/** The file name of the first workflow that is started by hand for this purpose. */
function findWorkflow(workflows: ReadonlyMap<string, string>, purpose: Purpose): string | null {
  for (const [path, text] of [...workflows].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = path.split('/').at(-1) ?? '';
    if (/^[\w.-]+\.ya?ml$/.test(name) && serves(text, purpose)) return name;
  }
  return null;
}

function serves(text: string, purpose: Purpose): boolean {
  let workflow: unknown;
  try {
    workflow = parse(text, { maxAliasCount: 100 });
  } catch {
    return false;
  }
  // YAML 1.2 has no word for true but `true`: `on` is a key like any other.
  const inputs = field(field(field(workflow, 'on'), 'workflow_dispatch'), 'inputs');
  if (purpose === 'pay') return field(inputs, 'pr') !== undefined && field(inputs, 'sha') !== undefined;
  return field(inputs, 'run') !== undefined && /^\s*(?:-\s+)?command:\s*['"]?cancel['"]?\s*$/m.test(text);
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? ((value as Record<string, unknown>)[key] ?? null)
    : undefined;
}

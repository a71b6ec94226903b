// Tells where a run stands, from its journal alone.
import type { Accounting } from '../analysis/accounting.ts';
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { foldJournal, JournalError } from '../engine/state.ts';
import { listRuns } from './runs.ts';

/** One run's standing. Times are ISO texts in UTC. */
export interface RunStatus {
  readonly run: string;
  readonly directory: string;
  readonly pipeline: string;
  readonly state: 'finished' | 'open';
  readonly started: string;
  readonly lastEvent: string;
  readonly accounting: Accounting;
  readonly batches: readonly {
    readonly key: string;
    readonly step: string;
    readonly provider: string;
    readonly requests: number;
    readonly phase: string;
    readonly since: string | null;
  }[];
}

/** Reads a run's status; throws a JournalError when there is no run. */
export async function describeRun(directory: string, options: RunPlaceOptions): Promise<RunStatus> {
  const place = openRunPlace(directory, options);
  try {
    const state = foldJournal((await place.ports.journal.read()).events);
    if (state === null) throw new JournalError(`There is no run in ${directory}.`);
    return {
      run: state.run,
      directory,
      pipeline: state.settings.source,
      state: state.finished ? 'finished' : 'open',
      started: new Date(state.createdAt).toISOString(),
      lastEvent: new Date(state.lastEventAt).toISOString(),
      accounting: accountFor(state),
      batches: [...state.batches.values()].map((batch) => ({
        key: batch.key,
        step: state.steps[batch.step]!.name,
        provider: batch.provider,
        requests: batch.count,
        phase: batch.phase.kind,
        since: batch.submittedAt === null ? null : new Date(batch.submittedAt).toISOString(),
      })),
    };
  } finally {
    await place.close();
  }
}

/** Folders of the runs below `root` that are not finished. */
export async function listUnfinished(root: string, options: RunPlaceOptions): Promise<string[]> {
  const folders: string[] = [];
  for (const folder of await listRuns(root)) {
    if ((await describeRun(folder, options)).state === 'open') folders.push(folder);
  }
  return folders;
}

/** The status as lines for a person. */
export function formatStatus(status: RunStatus): string {
  const { planned, valid, failed, inFlight } = status.accounting;
  const lines = [
    `${status.run}  ${status.state}  ${status.pipeline}`,
    `  ${planned} planned = ${valid} valid + ${failed} failed + ${inFlight} in flight; last change ${status.lastEvent}`,
    ...status.accounting.steps.map(
      (step) =>
        `  ${step.step}: ${step.valid} valid, ${step.failed} failed, ${step.inFlight} in flight of ${step.entered}`,
    ),
    ...status.batches.map(
      (batch) =>
        `  waits for ${batch.provider} batch ${batch.key.slice(0, 8)} of ${batch.step}, ${batch.requests} requests, ${batch.phase}${batch.since === null ? '' : ` since ${batch.since}`}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

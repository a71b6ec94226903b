// Which run of a pipeline's content a job goes on with: the newest epoch there is, or the next one. What is unchanged is
// never paid for twice, and never made as a whole beside its own shards.
import { join } from 'node:path';
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { formatShard, type ShardName, shardRunId } from '../engine/shard.ts';
import { JournalError } from '../engine/state.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { FREE_PROVIDERS, modelsOf } from '../pipeline/resolve.ts';
import type { Digest } from '../ports/blobs.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import type { HostedJob } from './hosted.ts';
import type { Keeper } from './run-pipeline.ts';

/**
 * Keeps runs in the job's store. Invented and recorded answers come from the job itself, so that a run of them stays
 * there, unless other jobs have the other parts of it. `isSchedule`: models are asked anew.
 */
export function createKeeper(job: HostedJob, isSchedule: boolean): Keeper & { keptPaid(): boolean } {
  let paid = false;
  return {
    keptPaid: () => paid,
    keeps(pipeline, shard) {
      const models = modelsOf(pipeline);
      paid = models.some(({ provider }) => !FREE_PROVIDERS.includes(provider));
      return paid || models.length === 0 || shard !== null;
    },
    epoch: (idOf, pipeline, shard) =>
      findEpoch(job, { idOf, shard, isAnew: isSchedule && asksModel(pipeline) }),
    open: (run, directory) => job.store.open(run, directory),
  };
}

function asksModel(pipeline: Pipeline): boolean {
  return modelsOf(pipeline).length > 0;
}

interface Wish {
  readonly idOf: (epoch: number) => string;
  readonly shard: ShardName | null;
  /** Finished answers do not do. */
  readonly isAnew: boolean;
}

async function findEpoch(job: HostedJob, wish: Wish): Promise<{ epoch: number; isWhole: boolean }> {
  const journals = await job.store.unfinished();
  const unfinished = [...journals.keys()];
  const finished = await job.store.finished();
  const epoch = newestEpoch([...unfinished, ...finished], wish.idOf(0));
  if (epoch < 0) return { epoch: 0, isWhole: false };
  const run = wish.idOf(epoch);
  // Whoever asks for a run whose end was asked for wants another one.
  const isEnding = [...journals].some(([id, events]) => isPartOf(id, run) && isCanceling(events));
  if (isEnding) return { epoch: epoch + 1, isWhole: false };
  if (unfinished.includes(run)) return { epoch, isWhole: true };
  if (!finished.includes(run)) {
    checkParts(run, wish.shard, unfinished);
    return { epoch, isWhole: false };
  }
  return (await isOutdated(job, run, wish.isAnew))
    ? { epoch: epoch + 1, isWhole: false }
    : { epoch, isWhole: true };
}

/** The highest epoch of a run, or of a shard of it, among ids; -1: there is none. */
function newestEpoch(ids: readonly string[], first: string): number {
  let newest = -1;
  for (const id of ids) {
    if (!id.startsWith(first)) continue;
    const [, epoch] = /^(?:-e(\d{1,9}))?(?:-s\d+of\d+)?$/.exec(id.slice(first.length)) ?? [null];
    if (epoch !== null) newest = Math.max(newest, Number(epoch ?? 0));
  }
  return newest;
}

/** True for a run's own id, and that of a shard of it. */
function isPartOf(id: string, run: string): boolean {
  return id.startsWith(run) && /^(?:-s\d+of\d+)?$/.test(id.slice(run.length));
}

function isCanceling(events: readonly JournalEvent[] | Error): boolean {
  if (events instanceof Error) return false;
  try {
    return foldJournal(events)?.canceling ?? false;
  } catch {
    // What makes no sense is told when it is opened.
    return false;
  }
}

/** Throws a JournalError when shards are there and the whole is asked for, or a shard of another division. */
function checkParts(run: string, shard: ShardName | null, unfinished: readonly string[]): void {
  const parts = unfinished.filter((id) => id.startsWith(run) && /^-s\d+of\d+$/.test(id.slice(run.length)));
  const own = shard === null ? null : shardRunId(run, { index: 1, of: shard.of }).replace(/-s1of/, '-s*of');
  const other = parts.find((id) => own === null || id.replace(/-s\d+of/, '-s*of') !== own);
  if (other === undefined) return;
  const asked = shard === null ? 'the whole run' : `shard ${formatShard(shard)}`;
  throw new JournalError(
    `Run ${run} is under way in shards (${other}), and ${asked} would pay for its units again. Collect it, or cancel it.`,
  );
}

/** True when a finished run is not what is asked for: it was given up, its answers are gone, or they shall be new. */
async function isOutdated(job: HostedJob, run: string, isAnew: boolean): Promise<boolean> {
  const { journal, blobs } = await job.store.open(run, join(job.root, 'runs', run));
  const state = foldJournal((await journal.read()).events);
  if (state === null) return false;
  if (isAnew && !state.targets.some((target) => target.workflowRun === job.workflowRun)) return true;
  if (state.canceling) return true;
  try {
    await blobs.text(state.snapshot as Digest);
    return false;
  } catch (error) {
    // What cannot be read for the moment is there: asking anew would pay for it twice.
    if (error instanceof PermissionError || error instanceof HostingError) throw error;
    job.say(`The answers of ${run} are not kept any more, so the pipeline is run anew.`);
    return true;
  }
}

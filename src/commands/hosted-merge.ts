// Merges shards that jobs of a matrix left in the store, as soon as all are there and have done what they can. A shard
// whose job never came does not keep the others waiting for ever: its units go on in the merged run.
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import {
  isMergeable,
  mergeJournals,
  missingShards,
  sayMissing,
  shardRunId,
  sliceCap,
  wholeRunId,
} from '../engine/shard.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { type Hosting, HostingError, PermissionError } from '../ports/hosting.ts';
import type { HostedJob } from './hosted.ts';
import { groupShards, mergeReady } from './shards.ts';

/** After so long without a word a shard's job may have died (ms): longer than its claims last. */
const SILENT_MS = 45 * 60_000;
/** After so long it has, whatever GitHub says: a job on its runners ends after six hours. */
const OVER_MS = 7 * 3_600_000;

interface Part {
  readonly run: string;
  readonly events: readonly JournalEvent[];
  readonly state: RunState & { readonly shard: NonNullable<RunState['shard']> };
}

/** Merges what can be merged. Gives, in sentences, why the others were not. */
export async function mergeHosted(job: HostedJob): Promise<readonly string[]> {
  const { store } = job;
  if (store.merge === null) return (await mergeReady(job.root, job.options)).notes;
  const notes: string[] = [];
  for (const parts of groupShards(await readParts(job))) {
    const whole = wholeRunId(parts[0]!.state);
    try {
      const waits = await whyWait(job, parts);
      if (waits !== null) {
        notes.push(`Run ${whole} is not merged yet: ${waits}.`);
        continue;
      }
      const events = mergeJournals([...parts.map((part) => part.events), ...unbegun(parts)]);
      const read = new Map(parts.map((part) => [part.run, part.events.length]));
      if ((await store.merge(whole, read, events)) === 'conflict')
        notes.push(`Run ${whole} is not merged yet: another job works on it.`);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      notes.push(`Run ${whole} is not merged: ${error.message}`);
    }
  }
  return notes;
}

/** True while a shard's own job may still work on it: it has not said that it is done, and nothing tells that it is over. */
export async function isAtWork(job: HostedJob, state: RunState): Promise<boolean> {
  if (state.finished || (state.shard?.submitted ?? true)) return false;
  const silence = job.now() - state.lastEventAt;
  if (silence <= SILENT_MS) return true;
  if (silence > OVER_MS || job.hosting === null) return false;
  // A job that waits for its batches writes nothing.
  for (const { workflowRun } of state.targets)
    if (workflowRun !== job.workflowRun && !(await isOver(job.hosting, workflowRun))) return true;
  return false;
}

async function isOver(hosting: Hosting, workflowRun: number): Promise<boolean> {
  try {
    return await hosting.isOver(workflowRun, Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (error instanceof PermissionError || error instanceof HostingError) return false;
    throw error;
  }
}

/** What the merge waits for; null: nothing. */
async function whyWait(job: HostedJob, parts: readonly Part[]): Promise<string | null> {
  const shards = parts.map(({ state }) => state.shard);
  const { of } = shards[0]!;
  const missing = missingShards(shards, of);
  const isQuiet = parts.every(({ state }) => job.now() - state.lastEventAt > SILENT_MS);
  if (missing.length > 0 && !isQuiet) return `${sayMissing(missing, of)} did not begin yet`;
  const unready: number[] = [];
  for (const { state } of parts)
    if (!isMergeable(state) || (await isAtWork(job, state))) unready.push(state.shard.index);
  return unready.length === 0 ? null : `${sayMissing(unready, of)} may still be worked on`;
}

/** Journals for the shards that never began, as one of the others began its own. */
function unbegun(parts: readonly Part[]): readonly (readonly JournalEvent[])[] {
  const { events, state } = parts[0]!;
  const [created] = events;
  if (created?.type !== 'run_created' || created.shard === undefined) return [];
  const { of, cap } = created.shard;
  const whole = cap === null ? null : BigInt(cap);
  return missingShards(
    parts.map((part) => part.state.shard),
    of,
  ).map((index) => {
    const shard = { index, of, cap };
    const slice = sliceCap(whole, shard)?.toString() ?? null;
    const run = shardRunId(wholeRunId(state), shard);
    return [{ ...created, run, shard, settings: { ...created.settings, cap: slice } }];
  });
}

async function readParts(job: HostedJob): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const [run, events] of await job.store.unfinished()) {
    if (events instanceof Error) continue;
    try {
      const state = foldJournal(events);
      if (state?.shard != null && !state.shard.merged)
        parts.push({ run, events, state: { ...state, shard: state.shard } });
    } catch {
      // The collector tells what is wrong with it.
    }
  }
  return parts;
}

// The snapshot: what a run was made from, stored so that a later job never reads the work tree. Creating a run writes
// it; opening one reads it back.

import { parsePlainJson } from '../expression/plain-json.ts';
import { sha256Hex } from '../expression/sha256.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import { MOST_CHILDREN, mostOfOne } from '../pipeline/fan-out.ts';
import type { LoadedPipeline, Pipeline } from '../pipeline/pipeline.ts';
import {
  itemsFromLines,
  itemsToLines,
  normalisedText,
  pipelineFromJson,
  pipelineToJson,
} from '../pipeline/snapshot.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import type { RunPorts } from '../ports/session.ts';
import { planUnits } from '../simulation/units.ts';
import {
  type JournalEvent,
  journalVersionFor,
  type RunSettings,
  type Shard,
  type Target,
  type TargetName,
} from './events.ts';
import { foldJournal } from './journal-fold.ts';
import { hashParts } from './request-id.ts';
import { checkSameShard, shardRunId } from './shard.ts';
import { isSameTarget, JournalError, RunClosedError, type RunState } from './state.ts';
import { ENGINE_VERSION } from './version.ts';
import { firstWave } from './waves.ts';

/** Digest of everything that determines results: engine, pipeline, items, seed, provider, model, parameters. */
export function contentKeyOf(loaded: LoadedPipeline, itemsDigest: string, settings: RunSettings): string {
  const faults = settings.simulator?.faults ?? '';
  const replayed = settings.recording === undefined ? [] : [settings.recording.digest];
  // Not what it is weighed against: content that has a run already is never paid for again.
  return hashParts([ENGINE_VERSION, normalisedText(loaded.pipeline), itemsDigest, faults, ...replayed]);
}

/** Digest of the items as they are stored. */
export function itemsDigestOf(loaded: LoadedPipeline): string {
  return sha256Hex([...withLineEnds(itemsToLines(loaded.items))].join(''));
}

/** The run a pipeline belongs to: its slug and the first 10 hex of its content key, with the epoch when not 0. */
export function runIdOf(name: string, contentKey: string, epoch: number): string {
  return `${slugOf(name)}-${contentKey.slice(0, 10)}${epoch === 0 ? '' : `-e${epoch}`}`;
}

/** Lower-case letters, digits and single dashes. */
export function slugOf(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'pipeline'
  );
}

/** Stores the items; their digest is part of the content key. */
export function storeItems(blobs: Blobs, loaded: LoadedPipeline): Promise<Digest> {
  return blobs.put(withLineEnds(itemsToLines(loaded.items)));
}

/** What else is said when a run is created. */
export interface Circumstances {
  /** How often this content was run anew before. */
  readonly epoch?: number;
  /** A commit that waits for the result. */
  readonly target?: Target | null;
  /** The part of the run that this one is; its `settings.cap` is the slice for it. */
  readonly shard?: Shard | null;
  /** A run whose end was asked for will not do: others can be had. */
  readonly isPicky?: boolean;
  /** Whoever starts it vouches for its code: scripts may be run when it is over. */
  readonly isTrusted?: boolean;
}

/**
 * Creates the run in its journal, or goes on with the one that is there when its content is the same.
 * Throws a JournalError when the journal holds a run of another content, another part of it, or one that was merged; a
 * RunClosedError when it holds one that is being ended and the caller is picky.
 */
export async function createRun(
  ports: Pick<RunPorts, 'journal' | 'blobs' | 'clock' | 'owners'>,
  loaded: LoadedPipeline,
  settings: RunSettings,
  { epoch = 0, target = null, shard = null, isPicky = false, isTrusted = false }: Circumstances = {},
): Promise<RunState> {
  const items = await storeItems(ports.blobs, loaded);
  const contentKey = contentKeyOf(loaded, items, settings);
  const text = JSON.stringify({ pipeline: parsePlainJson(pipelineToJson(loaded.pipeline)), items });
  const snapshot = await ports.blobs.put([text]);
  const { pipeline } = loaded;
  const units = planUnits(pipeline, loaded.items);
  refuseTooMany(pipeline, units.count);
  const { stop } = pipeline;
  for (;;) {
    const { events, version } = await ports.journal.read();
    const state = foldJournal(events);
    if (state !== null && state.contentKey !== contentKey) {
      throw new JournalError(
        `This directory already holds run ${state.run}, made from another pipeline, seed or provider (content key ${state.contentKey.slice(0, 10)}, now ${contentKey.slice(0, 10)}).`,
      );
    }
    if (state !== null) checkSameShard(state, shard);
    if (state?.canceling && isPicky)
      throw new RunClosedError(`The end of run ${state.run} was just asked for: start this job again.`);
    const at = ports.clock.now();
    const news: JournalEvent[] = [];
    if (state === null)
      news.push({
        type: 'run_created',
        journal: journalVersionFor({
          isInWaves: stop !== undefined,
          fansOut: pipeline.steps.some(({ kind }) => kind === 'fan_out'),
          isPostProcessed: pipeline.postProcess !== undefined,
        }),
        engine: ENGINE_VERSION,
        run: shardRunId(runIdOf(pipeline.name, contentKey, epoch), shard),
        contentKey,
        epoch,
        nonce: hashParts([ports.owners.self, String(at)]).slice(0, 16),
        snapshot,
        units: units.count,
        steps: pipeline.steps.map((step) => ({
          name: step.name,
          kind: step.kind,
          ...(step.kind === 'fan_out' ? { width: step.maxChildren } : {}),
        })),
        settings,
        ...(stop === undefined ? {} : { firstWave: firstWave(stop, units) }),
        ...(shard === null ? {} : { shard }),
        at,
      });
    else if (target === null && state.reportSnapshot !== snapshot)
      news.push({ type: 'report_changed', snapshot, at });
    // A commit is judged by its own gates, whoever else waits for the same results.
    const isOwn = state === null || state.snapshot === snapshot;
    const judged = target === null || isOwn ? target : { ...target, judgedBy: snapshot };
    const known = judged === null ? undefined : state?.targets.find((one) => isSameTarget(one, judged));
    if (judged !== null && (known === undefined || known.judgedBy !== judged.judgedBy))
      news.push({ type: 'target_added', target: judged, at });
    const hasEntries = pipeline.postProcess !== undefined;
    const vouched = vouch(state, { snapshot, hasEntries, isTrusted, target: nameOf(target) });
    if (vouched !== null) news.push({ ...vouched, at });
    if (news.length === 0 && state !== null) return state;
    const result = await ports.journal.append(news, version);
    if (result.kind === 'appended') return foldJournal([...events, ...news])!;
  }
}

function nameOf(target: Target | null): TargetName | null {
  return target && { pipeline: target.pipeline, pull: target.pull, commit: target.commit };
}

/** What is noted of the entries that a start brings; null: nothing new. A commit takes the place of no other's. */
function vouch(
  state: RunState | null,
  {
    snapshot,
    hasEntries,
    isTrusted,
    target,
  }: { snapshot: Digest; hasEntries: boolean; isTrusted: boolean; target: TargetName | null },
): DistributiveOmit<Vouching, 'at'> | null {
  const { trusted = null, target: first = null, joined = null } = state?.postProcess ?? {};
  if (target === null) {
    // Nobody who is not trusted takes the place of what was.
    const isNew = isTrusted && (hasEntries || trusted !== null) && trusted !== snapshot;
    return isNew ? { type: 'post_process_trusted', snapshot } : null;
  }
  if (!hasEntries) return null;
  if (snapshot === (trusted ?? state?.snapshot ?? snapshot)) {
    // What a pull request is held against its author chooses: scripts see the run as a pushed commit does, if one has them.
    const isBetter = trusted === null || (first !== null && first.pull !== null && target.pull === null);
    return isTrusted && isBetter ? { type: 'post_process_trusted', snapshot, target } : null;
  }
  const known = joined?.get(snapshot);
  if (known !== undefined && (known.isTrusted || !isTrusted)) return null;
  return { type: 'post_process_joined', snapshot, trusted: isTrusted, target };
}

type Vouching = Extract<JournalEvent, { type: 'post_process_trusted' | 'post_process_joined' }>;
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;

/** What the pipeline's own check says with its place; this one also knows what was set beside the pipeline. */
function refuseTooMany({ form, steps }: Pipeline, units: number): void {
  const most = units * mostOfOne(steps, 0);
  if (most <= Math.max(units, MOST_CHILDREN)) return;
  const file = form === 'native' ? 'pipeline.yaml' : 'config.yaml';
  const what = `${units} units can become ${most} by fanning out; at most ${MOST_CHILDREN} can be run`;
  const fix = 'lower max of the fan-out, or use fewer items or repetitions';
  throw new ConfigurationError([{ file, line: null, column: null, what, fix }]);
}

/** Reads a snapshot back. */
export async function readSnapshot(blobs: Blobs, snapshot: string): Promise<LoadedPipeline> {
  const { pipeline, items } = await readParts(blobs, snapshot);
  const lines: string[] = [];
  for await (const line of blobs.lines(items)) lines.push(line);
  return { pipeline, items: itemsFromLines(lines) };
}

/** The pipeline of a snapshot, without its items. */
export async function readSnapshotPipeline(blobs: Blobs, snapshot: string): Promise<Pipeline> {
  return (await readParts(blobs, snapshot)).pipeline;
}

async function readParts(
  blobs: Blobs,
  snapshot: string,
): Promise<{ readonly pipeline: Pipeline; readonly items: Digest }> {
  const { pipeline, items } = parsePlainJson(await blobs.text(snapshot as Digest)) as {
    pipeline: unknown;
    items: Digest;
  };
  return { pipeline: pipelineFromJson(JSON.stringify(pipeline)), items };
}

function* withLineEnds(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}

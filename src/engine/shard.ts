// Shards: parts of a run that several machines work on, each a run of its own with the unit numbers of the whole. Says
// what belongs to which, and makes the journal of the whole run out of theirs. Pure; it knows no place where runs are kept.
import { FREE_PROVIDERS } from '../pipeline/resolve.ts';
import { least } from './budget.ts';
import {
  type JournalEvent,
  journalVersionFor,
  type MoneyText,
  type Shard,
  type TargetName,
} from './events.ts';
import { foldJournal } from './journal-fold.ts';
import { isSameTarget, JournalError, type KnownTarget, type RunState } from './state.ts';

/** Which part of how many; `index` counts from 1. */
export type ShardName = Pick<Shard, 'index' | 'of'>;

/** Most shards of one run: as many jobs as a matrix may have. */
export const MOST_SHARDS = 256;

/** Reads `2/7`; null when it is none, or there is no such part. */
export function parseShard(text: string): ShardName | null {
  const match = /^(\d{1,3})\/(\d{1,3})$/.exec(text.trim());
  const index = Number(match?.[1]);
  const of = Number(match?.[2]);
  return match === null || index < 1 || index > of || of > MOST_SHARDS ? null : { index, of };
}

/** `2/7`. */
export function formatShard({ index, of }: ShardName): string {
  return `${index}/${of}`;
}

/** The id of a shard's run, from that of the whole; null: the whole itself. */
export function shardRunId(run: string, shard: ShardName | null): string {
  return shard === null ? run : `${run}${suffixOf(shard)}`;
}

/** The id of the whole run that a run is a part of; its own when it is no shard. */
export function wholeRunId({
  run,
  shard,
}: {
  readonly run: string;
  readonly shard: ShardName | null;
}): string {
  const suffix = shard === null ? '' : suffixOf(shard);
  return run.endsWith(suffix) ? run.slice(0, run.length - suffix.length) : run;
}

function suffixOf({ index, of }: ShardName): string {
  return `-s${index}of${of}`;
}

/** A shard's part of a ceiling (picodollars). The parts add up to it exactly; null: there is none. */
export function sliceCap(cap: bigint | null, shard: ShardName | null): bigint | null {
  if (cap === null || shard === null) return cap;
  const edge = (index: number): bigint => (cap * BigInt(index)) / BigInt(shard.of);
  return edge(shard.index) - edge(shard.index - 1);
}

/** Indices of the shards that are not among these, of a run in `of` parts. */
export function missingShards(shards: readonly ShardName[], of: number): number[] {
  const there = new Set(shards.map(({ index }) => index));
  return Array.from({ length: of }, (_, i) => i + 1).filter((index) => !there.has(index));
}

/**
 * True when a shard may be merged: it is finished, or has done what it could in its job. Not while the simulator or a
 * recording still has a batch of it, for those are known where the shard is, and nowhere else.
 */
export function isMergeable(state: RunState): boolean {
  if (state.shard === null) return false;
  if (state.finished) return true;
  const isElsewhere = [...state.batches.values()].some(({ provider }) => FREE_PROVIDERS.includes(provider));
  return state.shard.submitted && !isElsewhere;
}

/** Throws a JournalError when the run is a shard that is part of the whole run by now. */
export function checkNotMerged(state: RunState): void {
  if (!state.shard?.merged) return;
  throw new JournalError(
    `Run ${state.run} is shard ${formatShard(state.shard)} of run ${wholeRunId(state)} and was merged into it; go on with that one.`,
  );
}

/** Throws a JournalError when a run is another part than the one that is wanted, or was merged. */
export function checkSameShard(state: RunState, shard: ShardName | null): void {
  const nameOf = (one: ShardName | null): string =>
    one === null ? 'the whole run' : `shard ${formatShard(one)}`;
  if (nameOf(state.shard) !== nameOf(shard)) {
    throw new JournalError(
      `This directory already holds ${nameOf(state.shard)} of ${wholeRunId(state)}, not ${nameOf(shard)}.`,
    );
  }
  checkNotMerged(state);
}

/**
 * The journal of the whole run out of the journals of all its shards, each as far as it has come, in any order. Its
 * ceiling is what theirs add up to. Throws a JournalError when they do not belong together or one of them is missing.
 */
export function mergeJournals(journals: readonly (readonly JournalEvent[])[]): JournalEvent[] {
  const parts = journals.map(readPart).sort((a, b) => a.shard.index - b.shard.index);
  const [first] = parts;
  if (first === undefined) throw new JournalError('There is no shard to merge.');
  checkTogether(parts, first);
  const { shard: _, ...created } = first.created;
  const states = parts.map(({ state }) => state);
  const at = Math.max(...states.map(({ lastEventAt }) => lastEventAt));
  const most = sumOf(parts.map(({ mostCap }) => mostCap));
  const cap = sumOf(states.map((state) => state.cap));
  const report = parts.flatMap(({ reports }) => reports).reduce((a, b) => (b.at > a.at ? b : a));
  const canceling = states.find((state) => state.canceling) ?? null;
  const vouchings = vouchingsOf(states, created.snapshot, at);
  return [
    {
      ...created,
      journal: journalVersionFor({
        isInWaves: created.firstWave !== undefined,
        fansOut: created.steps.some(({ kind }) => kind === 'fan_out'),
        isPostProcessed: vouchings.length > 0 || created.journal > 3,
      }),
      run: wholeRunId(first.state),
      settings: { ...created.settings, cap: textOf(most) },
      at: Math.min(...states.map(({ createdAt }) => createdAt)),
    },
    ...(report.snapshot === created.snapshot ? [] : [{ type: 'report_changed', ...report } as const]),
    ...targetEvents(states),
    ...parts.flatMap(({ events }) => events.filter(({ type }) => !OF_THE_SHARD.has(type))),
    ...vouchings,
    ...(cap === most ? [] : [{ type: 'cap_changed', cap: textOf(cap), at } as const]),
    // Only at the end: a retry in another shard would take it back.
    ...(canceling === null
      ? []
      : [{ type: 'cancel_requested', why: canceling.cancelReason ?? { kind: 'person' }, at } as const]),
  ];
}

/** Scripts run where all shards have somebody who vouches for the same; what has joined one of them has joined the run. */
function vouchingsOf(states: readonly RunState[], made: string, at: number): readonly JournalEvent[] {
  const isVouched = (snapshot: string): boolean =>
    states.every(({ postProcess }) => {
      return postProcess.trusted === snapshot || postProcess.joined.get(snapshot)?.isTrusted === true;
    });
  const { trusted, target: first } = states[0]!.postProcess;
  const isTrusted = trusted !== null && isVouched(trusted);
  const own = isTrusted ? trusted : made;
  const others = new Map<string, TargetName>();
  for (const { postProcess, targets } of states) {
    for (const [snapshot, { target }] of postProcess.joined) others.set(snapshot, target);
    const { trusted: one } = postProcess;
    const target = postProcess.target ?? targets.find(({ judgedBy = made }) => judgedBy === one);
    if (one !== null && target !== undefined) others.set(one, target);
  }
  others.delete(own);
  const joined = [...others].map(([snapshot, { pipeline, pull, commit }]) => {
    const target = { pipeline, pull, commit };
    return { type: 'post_process_joined', snapshot, trusted: isVouched(snapshot), target, at } as const;
  });
  const named = first === null ? {} : { target: first };
  return [
    ...(isTrusted ? [{ type: 'post_process_trusted', snapshot: trusted, ...named, at } as const] : []),
    ...joined,
  ];
}

/** Events that are told anew for the whole run, or not at all. */
const OF_THE_SHARD: ReadonlySet<JournalEvent['type']> = new Set([
  'run_created',
  'target_added',
  'shard_submitted',
  'shard_merged',
  'report_changed',
  'cap_changed',
  'cancel_requested',
  'run_finished',
  'post_process_trusted',
  'post_process_joined',
]);

interface Part {
  readonly created: Extract<JournalEvent, { type: 'run_created' }>;
  readonly shard: ShardName;
  readonly state: RunState;
  readonly events: readonly JournalEvent[];
  /** The highest ceiling it ever had: what was reserved under it counts at its place in the journal. */
  readonly mostCap: bigint | null;
  /** The snapshots whose report counted, and since when. */
  readonly reports: readonly { readonly snapshot: string; readonly at: number }[];
}

function readPart(events: readonly JournalEvent[]): Part {
  const state = foldJournal(events);
  const [created] = events;
  if (state === null || created?.type !== 'run_created') throw new JournalError('A shard has no journal.');
  if (state.shard === null) throw new JournalError(`Run ${state.run} is no shard.`);
  const caps = [moneyOf(created.settings.cap)];
  const reports = [{ snapshot: created.snapshot, at: created.at }];
  for (const event of events) {
    if (event.type === 'report_changed') reports.push({ snapshot: event.snapshot, at: event.at });
    if (event.type === 'cap_changed') caps.push(moneyOf(event.cap));
  }
  const mostCap = caps.reduce(higher);
  return { created, shard: state.shard, state, events, mostCap, reports };
}

function checkTogether(parts: readonly Part[], first: Part): void {
  const { of } = first.shard;
  const run = wholeRunId(first.state);
  const seen = new Set<number>();
  for (const { created, shard, state } of parts) {
    const name = `Shard ${formatShard(shard)}`;
    const isSame =
      created.contentKey === first.created.contentKey &&
      created.epoch === first.created.epoch &&
      created.units === first.created.units &&
      JSON.stringify(created.steps) === JSON.stringify(first.created.steps);
    if (!isSame) throw new JournalError(`${name} (run ${state.run}) is not a part of run ${run}.`);
    if (shard.of !== of)
      throw new JournalError(`${name} of run ${run} is one of another division than 1/${of}.`);
    if (seen.has(shard.index)) throw new JournalError(`${name} of run ${run} is there twice.`);
    seen.add(shard.index);
  }
  const missing = missingShards(
    parts.map(({ shard }) => shard),
    of,
  );
  if (missing.length > 0) throw new JournalError(`${sayMissing(missing, of)} of run ${run} cannot be found.`);
  const pricesOf = ({ created }: Part): string => JSON.stringify(created.settings.prices);
  if (parts.some((part) => !part.state.finished && pricesOf(part) !== pricesOf(first))) {
    throw new JournalError(
      `The shards of run ${run} were begun with different prices; collect each of them, by its id, to its end first.`,
    );
  }
}

/** `Shard 3/7`, or `Shards 3/7 and 5/7`. */
export function sayMissing(missing: readonly number[], of: number): string {
  const names = missing.map((index) => formatShard({ index, of }));
  const last = names.pop();
  return names.length === 0 ? `Shard ${last}` : `Shards ${names.join(', ')} and ${last}`;
}

/** Every commit that waits for the result of a shard waits for that of the whole, once. */
function targetEvents(states: readonly RunState[]): JournalEvent[] {
  const targets: KnownTarget[] = [];
  for (const target of states.flatMap((state) => state.targets))
    if (!targets.some((other) => isSameTarget(other, target))) targets.push(target);
  return targets.map(({ addedAt: at, ...target }) => ({ type: 'target_added', target, at }));
}

function higher(a: bigint | null, b: bigint | null): bigint | null {
  if (a === null || b === null) return null;
  return least(a, b) === a ? b : a;
}

function sumOf(amounts: readonly (bigint | null)[]): bigint | null {
  let sum = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    sum += amount;
  }
  return sum;
}

function moneyOf(text: MoneyText | null): bigint | null {
  return text === null ? null : BigInt(text);
}

function textOf(money: bigint | null): MoneyText | null {
  return money === null ? null : money.toString();
}

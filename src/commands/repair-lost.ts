// What becomes of blobs that nothing brings back: local outcomes are made again in other blobs, and units that would have to
// be asked again are told with what that may cost, or put back to wait for it. It sends nothing.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccounting } from '../analysis/accounting.ts';
import { formatMoney, usdText } from '../analysis/money.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { RunPlace } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { promisedBy } from '../engine/budget.ts';
import type { JournalEvent } from '../engine/events.ts';
import { JournalFold } from '../engine/journal-fold.ts';
import { RunContext } from '../engine/perform-context.ts';
import { type LossPlan, planLoss } from '../engine/perform-lose.ts';
import { boundOfLoss, leftForLoss } from '../engine/perform-lose-bound.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { UnitSet } from '../engine/unit-set.ts';
import { usageError } from './arguments.ts';
import type { LostBlob } from './verify.ts';

/** What is lost for good. */
export interface LostForGood {
  /** Units that would be asked again. */
  readonly units: number;
  /** Blobs that would be given up. */
  readonly blobs: number;
  /** US dollars that asking again may cost at the most, within the limit of the run; null: not known. */
  readonly mostUsd: string | null;
  /** In words: what is lost, and what paying for it does; null: nothing, they cannot be asked any more. */
  readonly says: string;
  readonly remedy: string | null;
}

/** Blobs that are not to be had again. */
export interface Missing {
  readonly blobs: readonly LostBlob[];
  /** How many of them were made again, and came out otherwise. */
  readonly changed: number;
}

/** True for a lost blob that somebody may still want. */
export function isMissed({ isGivenUp, needed }: LostBlob): boolean {
  return needed || !isGivenUp;
}

/** Does what is free, and what is not when `pay` is there to be told of it; says what is left. */
export async function mendLost(
  directory: string,
  place: RunPlace,
  { events, version }: { readonly events: readonly JournalEvent[]; readonly version: number },
  { blobs: lost, changed }: Missing,
  pay: ((what: string) => void) | null,
): Promise<{ readonly done: readonly string[]; readonly left: LostForGood | null }> {
  const { ports } = place;
  const before = foldOf(events);
  const missed = lost.filter(isMissed);
  // It may be there tomorrow: nobody pays for a disk that is away.
  if (missed.some(({ is }) => is === 'unreadable')) return { done: [], left: null };
  if (missed.length === 0 || before.shard?.merged || missed.some(({ role }) => role === 'snapshot'))
    return { done: missed.length > 0 ? [] : await removeDamaged(directory, lost), left: null };
  const loaded = await readSnapshot(ports.blobs, before.snapshot);
  const plan = await planLoss(
    ports,
    loaded,
    events,
    missed.filter(({ role }) => role !== 'base'),
  );
  const fold = new JournalFold();
  fold.apply(events);
  const context = new RunContext(ports, loaded, fold, version);
  const bound = await boundOfLoss(context, before, events, plan);
  const after = foldOf([...events, ...plan.events]);
  const now = ports.clock.now();
  const found = describe(before, after, plan, bound, changed, now);
  const isFree = found === null || found.units === 0;
  const done: string[] = [];
  if (plan.remade > 0 && (isFree || pay !== null))
    done.push(`made what is left of ${blobs(plan.remade)} again, from the draws and the recorded answers`);
  if (found !== null && pay !== null) {
    if (!isFree && isLate(before, now))
      throw usageError('run', `${before.run}: ${found.says}`, 'only a new run of the pipeline can ask them');
    pay(`${found.says}: ${found.deed}.`);
    checkBooks(before, after);
    await append(place, version, plan.events);
    const givenUp = new Set(plan.givenUp);
    const gone = missed.filter(({ digest }) => givenUp.has(digest));
    done.push(`${found.says}: ${found.deed}${isFree ? '' : `; collect ${before.run} goes on with it`}`);
    return { done: [...done, ...(await removeDamaged(directory, gone))], left: null };
  }
  // Nobody is asked: only where outcomes stand is new.
  const moved = isFree ? plan.events.filter(({ type }) => FREE.has(type)) : [];
  if (moved.length > 0) {
    checkBooks(before, foldOf([...events, ...moved]));
    await append(place, version, moved);
  }
  return { done, left: found };
}

/** Only where outcomes stand is new. */
const FREE: ReadonlySet<JournalEvent['type']> = new Set(['outcomes_remade', 'feedback_remade']);

function describe(
  before: RunState,
  after: RunState,
  plan: LossPlan,
  bound: bigint | null,
  changed: number,
  now: number,
): (LostForGood & { readonly deed: string }) | null {
  const units = unitsOf(plan, before);
  const { length } = plan.givenUp;
  if (units === 0 && length === 0) return null;
  const otherwise = changed === 0 ? '' : `; ${blobs(changed)}, made again, came out otherwise`;
  if (units === 0) {
    const what = `${blobs(length)} of the past ${length === 1 ? 'is' : 'are'} lost for good, and no result rests on ${length === 1 ? 'it' : 'them'}`;
    return {
      ...{ units, blobs: length, mostUsd: '0' },
      says: `${what}${untoldText(plan)}${otherwise}`,
      remedy: 'gives up on that and asks nothing',
      deed: 'given up',
    };
  }
  const left = leftForLoss(after, plan);
  const most = bound === null ? left : left === null || bound < left ? bound : left;
  const what = `${formatUnits(units)} ${units === 1 ? 'is' : 'are'} lost for good`;
  const price = priceText(bound, left, before.cap) + fateText(before);
  const late = isLate(before, now) ? ', and the deadline of the run is over' : '';
  return {
    ...{ units, blobs: length, mostUsd: most === null ? null : usdText(most) },
    says: `${what}${untoldText(plan)}${otherwise}${late}`,
    remedy: late === '' ? `has ${units === 1 ? 'it' : 'them'} asked again, ${price}` : null,
    deed: `asked again, ${price}`,
  };
}

function untoldText({ untold }: LossPlan): string {
  if (untold === 0) return '';
  const who = untold === 1 ? '1 unit is' : `${formatCount(untold)} units are`;
  return `; ${who} not told what was wrong with the answer before, for nobody has it`;
}

function priceText(bound: bigint | null, left: bigint | null, cap: bigint | null): string {
  if (bound === 0n) return 'for nothing';
  if (left === 0n && cap !== null)
    return `when its limit of ${formatMoney(cap)} is raised, of which nothing is left`;
  if (left !== null && cap !== null && (bound === null || left < bound))
    return `at most for the ${formatMoney(left)} that are left of the limit of ${formatMoney(cap)}`;
  return bound === null ? 'at a cost that is not known' : `at most for ${formatMoney(bound)}`;
}

/** Where a run would not ask them after all. */
function fateText({ canceling, finished }: RunState): string {
  if (!canceling || finished) return '';
  return ', but its end was asked for: they are given up when it goes on';
}

function isLate({ createdAt, settings }: RunState, now: number): boolean {
  const { deadlineMs = null } = settings;
  return deadlineMs !== null && now >= createdAt + deadlineMs;
}

/** Units that wait again: one that does at several steps, or whose parent does, once. */
function unitsOf({ events, batches }: LossPlan, before: RunState): number {
  const at = before.steps.map((): UnitSet[] => []);
  for (const { step, units } of batches) at[step]!.push(units);
  for (const event of events) {
    if (event.type === 'answers_lost')
      at[before.batches.get(event.batch)!.step]!.push(UnitSet.parse(event.units));
    else if (event.type === 'units_lost')
      for (const { units } of event.groups) at[event.step]!.push(UnitSet.parse(units));
  }
  let count = 0;
  let seen = UnitSet.empty;
  for (const [index, { kind, width }] of before.steps.entries()) {
    const here = UnitSet.unionOf(at[index]!).minus(seen);
    count += here.size;
    seen = seen.union(here);
    if (kind === 'fan_out') seen = seen.children(width ?? 1);
  }
  return count;
}

async function append({ ports }: RunPlace, version: number, events: readonly JournalEvent[]): Promise<void> {
  const { kind } = await ports.journal.append(events, version);
  if (kind === 'appended') return;
  throw usageError('run', 'somebody worked on it meanwhile', 'repair it again');
}

/** Holds the books of what is about to be written: a mistake here would be there for ever. */
function checkBooks(before: RunState, after: RunState): void {
  const imbalance = checkAccounting(accountFor(after));
  if (imbalance !== null)
    throw new JournalError(`The books of run ${after.run} would not balance: ${imbalance}.`);
  // Somebody may have lowered the limit below what was spent: what adds nothing to that is free then too.
  if (after.cap === null || promisedBy(after) <= after.cap || promisedBy(after) <= promisedBy(before)) return;
  const what = `answers are lost that were paid, and its limit of ${formatMoney(after.cap)} has no room for it`;
  throw usageError('run', what, `raise it with collect ${after.run} --max-cost, then repair`);
}

function foldOf(events: readonly JournalEvent[]): RunState {
  const fold = new JournalFold();
  fold.apply(events);
  return fold.state()!;
}

/** A damaged file that was given up is no blob any more. */
async function removeDamaged(directory: string, lost: readonly LostBlob[]): Promise<readonly string[]> {
  const damaged = lost.filter(({ is }) => is === 'damaged');
  for (const { digest } of damaged)
    await rm(join(directory, 'blobs', digest.slice(0, 2), digest), { force: true });
  return damaged.length === 0 ? [] : [`removed ${blobs(damaged.length)} that nobody can read`];
}

function blobs(count: number): string {
  return count === 1 ? '1 blob' : `${formatCount(count)} blobs`;
}

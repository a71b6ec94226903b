// What becomes of blobs that nothing brings back: local outcomes are made again in other blobs, and units that would have to
// be asked again are told with what that may cost, or put back to wait for it. It sends nothing.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccounting } from '../analysis/accounting.ts';
import { formatMoney, usdText } from '../analysis/money.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { RunPlace } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { budgetOf, freeMoney } from '../engine/budget.ts';
import type { JournalEvent } from '../engine/events.ts';
import { JournalFold } from '../engine/journal-fold.ts';
import { RunContext } from '../engine/perform-context.ts';
import { type LossPlan, planLoss } from '../engine/perform-lose.ts';
import { boundOfLoss } from '../engine/perform-lose-bound.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { UnitSet } from '../engine/unit-set.ts';
import { usageError } from './arguments.ts';
import { checkBlobs, type LostBlob } from './verify.ts';

/** What is lost for good. */
export interface LostForGood {
  /** Units that would be asked again. */
  readonly units: number;
  /** Blobs that would be given up. */
  readonly blobs: number;
  /** US dollars that asking again may cost at the most, within the limit of the run; null: not known. */
  readonly mostUsd: string | null;
  /** In words: what is lost, and what paying for it does. */
  readonly says: string;
  readonly remedy: string;
}

/** True for a lost blob that somebody may still want. */
export function isMissed({ isGivenUp, needed }: LostBlob): boolean {
  return needed || !isGivenUp;
}

/** Does what is free, and what is not when `pay` is there to be told of it; says what is left. */
export async function mendLost(
  directory: string,
  place: RunPlace,
  pay: ((what: string) => void) | null,
): Promise<{ readonly done: readonly string[]; readonly left: LostForGood | null }> {
  const { ports } = place;
  const { events, version } = await ports.journal.read();
  const before = foldOf(events);
  const { lost } = await checkBlobs(directory, events, before, ports.blobs);
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
  const found = describe(before, plan, await boundOfLoss(context, before, events, plan), ports.clock.now());
  const isFree = found === null || found.units === 0;
  const done: string[] = [];
  if (plan.remade > 0 && (isFree || pay !== null))
    done.push(`made what is left of ${blobs(plan.remade)} again, from the draws and the recorded answers`);
  if (found !== null && pay !== null) {
    pay(`${found.says}: ${found.deed}.`);
    await append(place, events, version, plan.events);
    const gone = missed.filter(({ digest }) => plan.givenUp.includes(digest));
    done.push(`${found.says}: ${found.deed}${isFree ? '' : `; collect ${before.run} goes on with it`}`);
    return { done: [...done, ...(await removeDamaged(directory, gone))], left: null };
  }
  // Nobody is asked: only where outcomes stand is new.
  const moved = isFree ? plan.events.filter(({ type }) => type === 'outcomes_remade') : [];
  if (moved.length > 0) await append(place, events, version, moved);
  return { done, left: found };
}

function describe(
  before: RunState,
  plan: LossPlan,
  bound: bigint | null,
  now: number,
): (LostForGood & { readonly deed: string }) | null {
  const units = unitsOf(plan);
  const { length } = plan.givenUp;
  if (units === 0 && length === 0) return null;
  if (units === 0) {
    const says = `${blobs(length)} of the past ${length === 1 ? 'is' : 'are'} lost for good, and no result rests on ${length === 1 ? 'it' : 'them'}`;
    return {
      units,
      blobs: length,
      mostUsd: '0',
      says,
      remedy: 'gives up on that and asks nothing',
      deed: 'given up',
    };
  }
  const free = freeMoney(before);
  const left = free === null || free > 0n ? free : 0n;
  const most = bound === null ? left : left === null || bound < left ? bound : left;
  const price = priceText(bound, left, before.cap) + fateText(before, now);
  return {
    ...{ units, blobs: length, mostUsd: most === null ? null : usdText(most) },
    says: `${formatUnits(units)} ${units === 1 ? 'is' : 'are'} lost for good`,
    remedy: `has ${units === 1 ? 'it' : 'them'} asked again, ${price}`,
    deed: `asked again, ${price}`,
  };
}

function priceText(bound: bigint | null, left: bigint | null, cap: bigint | null): string {
  if (bound === 0n) return 'for nothing';
  if (left !== null && cap !== null && (bound === null || left < bound))
    return `at most for the ${formatMoney(left)} that are left of the limit of ${formatMoney(cap)}`;
  return bound === null ? 'at a cost that is not known' : `at most for ${formatMoney(bound)}`;
}

/** Where a run would not ask them after all. */
function fateText({ canceling, finished, createdAt, settings }: RunState, now: number): string {
  if (canceling && !finished) return ', but its end was asked for: they are given up when it goes on';
  const { deadlineMs = null } = settings;
  const isLate = deadlineMs !== null && now >= createdAt + deadlineMs;
  return isLate ? ', but its deadline is over: they are given up when it goes on' : '';
}

/** Units that wait again. */
function unitsOf({ events, batches }: LossPlan): number {
  let units = batches.reduce((sum, batch) => sum + batch.units.size, 0);
  for (const event of events) {
    if (event.type === 'answers_lost') units += UnitSet.parse(event.units).size;
    if (event.type !== 'units_lost') continue;
    for (const group of event.groups) units += UnitSet.parse(group.units).size;
  }
  return units;
}

async function append(
  { ports }: RunPlace,
  before: readonly JournalEvent[],
  version: number,
  events: readonly JournalEvent[],
): Promise<void> {
  checkBooks([...before, ...events]);
  const { kind } = await ports.journal.append(events, version);
  if (kind === 'appended') return;
  throw usageError('run', 'somebody worked on it meanwhile', 'repair it again');
}

/** Holds the books of what is about to be written: a mistake here would be there for ever. */
function checkBooks(events: readonly JournalEvent[]): void {
  const state = foldOf(events);
  const imbalance = checkAccounting(accountFor(state));
  if (imbalance !== null)
    throw new JournalError(`The books of run ${state.run} would not balance: ${imbalance}.`);
  const { known, uncertain, reserved } = budgetOf(state);
  if (state.cap === null || known + uncertain + reserved <= state.cap) return;
  const what = `answers are lost that were paid, and its limit of ${formatMoney(state.cap)} has no room for it`;
  throw usageError('run', what, `raise it with collect ${state.run} --max-cost, then repair`);
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

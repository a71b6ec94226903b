// What to do next with a run: a pure function of its state. It orders work; it never does any.
import { freeMoney } from './budget.ts';
import type { OpenBatch, ReadyGroup, RunState, StepState } from './state.ts';
import { countInFlight, queueName } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Units computed locally in one go, at the least: a unit of progress that a crash can cost. */
export const LOCAL_CHUNK = 1000;
/** And at the most. */
const LARGEST_LOCAL_CHUNK = 5000;
/** Into how many chunks a large run is parted, so that its journal has no file for each thousand units. */
const LOCAL_CHUNKS = 200;

/** How long after its expiry a claim of somebody unreachable is still respected (ms). */
export const CLAIM_GRACE_MS = 60_000;

/** Why nothing can be declared for a step as things are. Money in picodollars. */
export type Block =
  /** The next request alone, retries included, needs more than is free. */
  | { readonly kind: 'budget'; readonly needs: bigint; readonly left: bigint; readonly cap: bigint }
  /** The next request does not fit beside what is queued. */
  | { readonly kind: 'queue' }
  /** The provider refuses the account. */
  | { readonly kind: 'blocked'; readonly provider: string; readonly why: string }
  /** The provider says before anything is sent that it would not work. */
  | {
      readonly kind: 'unusable';
      readonly provider: string;
      readonly model: string;
      readonly why: string;
      readonly fix: string;
    };

/** Waves of calls stopped in a row, with growing pauses and without one answer, after which the rest is given up. */
export const MOST_STOPS = 10;

/** What this process knows beside the journal. All of it may be lost without harm. */
export interface Situation {
  readonly owner: string;
  readonly now: number;
  /** Owners of claims that certainly do not run any more. */
  readonly finishedOwners: ReadonlySet<string>;
  /** Batches this process already tried to submit. */
  readonly attempted: Pick<ReadonlySet<string>, 'has'>;
  /** Batches not to be looked at again before the given time (ms). */
  readonly notBefore: ReadonlyMap<string, number>;
  /** Steps for which nothing can be declared until the state changes. */
  readonly blocks: ReadonlyMap<number, Block>;
  /** Batches of others that are not what the pipeline declares, and why: they are not sent. */
  readonly refused: ReadonlyMap<string, string>;
  /** Age at which a batch of a provider is cancelled (ms), where it is. */
  readonly maxBatchAge: ReadonlyMap<string, number>;
}

/** The next thing to do. */
export type Command =
  | { readonly kind: 'settle'; readonly batch: string }
  /** Make the claim of a declared batch one's own; whether it exists is found out before it is submitted. */
  | { readonly kind: 'claim'; readonly batch: string }
  | { readonly kind: 'find_or_submit'; readonly batch: string }
  | { readonly kind: 'submit'; readonly batch: string }
  /** Ask its calls; `again`: those without an answer, for the last time. */
  | { readonly kind: 'call'; readonly batch: string; readonly again: boolean }
  /** No call of it is made any more: what was answered counts. */
  | { readonly kind: 'end_calls'; readonly batch: string }
  | { readonly kind: 'cancel'; readonly batch: string; readonly why: 'age' | 'run' }
  /** The run is cancelled: find the batch if it exists, else end it unsent. */
  | { readonly kind: 'find_or_drop'; readonly batch: string }
  | { readonly kind: 'drop'; readonly batch: string }
  /** The run is cancelled: these units are not worked on any more. */
  | { readonly kind: 'abandon'; readonly step: number; readonly group: ReadyGroup }
  | { readonly kind: 'compute'; readonly step: number; readonly through: number; readonly group: ReadyGroup }
  /** Make their children out of units that wait at a fan-out. */
  | { readonly kind: 'fan_out'; readonly step: number; readonly group: ReadyGroup }
  | { readonly kind: 'declare'; readonly step: number; readonly groups: readonly ReadyGroup[] }
  | { readonly kind: 'check'; readonly batch: string }
  /** A wave is over: decide whether there is another. */
  | { readonly kind: 'weigh' }
  | { readonly kind: 'finish' };

/** Something only time or somebody else can bring, and when to look again (ms since 1970). `batch` null: a full queue. */
export interface Wait {
  readonly batch: string | null;
  readonly why: 'running' | 'claimed_elsewhere' | 'postponed' | 'unsure' | 'queue_full';
  readonly lookAt: number;
}

/** Why nothing goes on until a person does something. */
export type PauseReason = Exclude<Block, { kind: 'queue' }>;

export type Decision =
  | { readonly kind: 'do'; readonly command: Command }
  | { readonly kind: 'wait'; readonly waits: readonly Wait[] }
  | { readonly kind: 'paused'; readonly reason: PauseReason }
  | { readonly kind: 'done' };

/** Decides the one next command. Finished answers come first, then sending what is declared. */
export function decide(state: RunState, situation: Situation): Decision {
  if (state.finished) return { kind: 'done' };
  const waits: Wait[] = [];
  const sends: Command[] = [];
  const checks: Command[] = [];
  let pause: PauseReason | null = null;
  for (const batch of state.batches.values()) {
    const choice = decideBatch(state, batch, situation);
    if (choice.kind === 'pause') pause ??= choice.reason;
    else if ('lookAt' in choice) waits.push(choice);
    else if (choice.kind === 'settle') return { kind: 'do', command: choice };
    else if (choice.kind === 'check') checks.push(choice);
    else sends.push(choice);
  }
  const [send] = sends;
  if (send !== undefined) return { kind: 'do', command: send };
  if (state.canceling) {
    const command = checks[0] ?? (waits.length === 0 ? decideAbandon(state) : undefined);
    return command === undefined ? { kind: 'wait', waits } : { kind: 'do', command };
  }
  // Looking comes before packing: what comes back now can travel in the batch that is about to be packed.
  const local = decideLocal(state) ?? checks[0];
  if (local !== undefined) return { kind: 'do', command: local };
  const model = pause === null ? decideModel(state, situation) : [];
  for (const choice of model) {
    if (choice.kind === 'declare') return { kind: 'do', command: choice };
    if ('lookAt' in choice) waits.push(choice);
    else pause ??= choice;
  }
  if (waits.length > 0) return { kind: 'wait', waits };
  if (pause !== null) return { kind: 'paused', reason: pause };
  const idle = state.steps.every((_, index) => countInFlight(state, index) === 0);
  if (idle) return { kind: 'do', command: { kind: isWeighed(state) ? 'finish' : 'weigh' } };
  return { kind: 'wait', waits: [] };
}

/** Whether all is run that shall be. One shard cannot say so: the merged run weighs the wave as a whole. */
function isWeighed({ waves, shard }: RunState): boolean {
  return waves === null || waves.isOver || shard !== null;
}

type Pause = { readonly kind: 'pause'; readonly reason: PauseReason };
type Timed = Wait & { readonly kind: 'wait' };

function waitFor(batch: string | null, why: Wait['why'], lookAt: number): Timed {
  return { kind: 'wait', batch, why, lookAt };
}

function blocked(batch: OpenBatch, why: string): Pause {
  return { kind: 'pause', reason: { kind: 'blocked', provider: batch.provider, why } };
}

/** Why a batch that could be sent is not: it is not what the pipeline declares, or the cap was lowered since. */
function heldBack(state: RunState, batch: OpenBatch, situation: Situation): Pause | null {
  const why = situation.refused.get(batch.key);
  if (why !== undefined) return blocked(batch, why);
  const free = freeMoney(state);
  if (free === null || free >= 0n) return null;
  const needs = batch.reserved;
  return { kind: 'pause', reason: { kind: 'budget', needs, left: free + needs, cap: state.cap ?? 0n } };
}

function decideBatch(state: RunState, batch: OpenBatch, situation: Situation): Command | Timed | Pause {
  const { key, phase } = batch;
  const notBefore = situation.notBefore.get(key) ?? 0;
  const early = notBefore > situation.now;
  switch (phase.kind) {
    case 'collected':
      return { kind: 'settle', batch: key };
    case 'submitted': {
      const maxAge = situation.maxBatchAge.get(batch.provider) ?? Number.POSITIVE_INFINITY;
      if (early) return waitFor(key, 'running', notBefore);
      if (batch.cancelAsked === null && state.canceling) return { kind: 'cancel', batch: key, why: 'run' };
      if (batch.cancelAsked === null && situation.now - phase.at > maxAge)
        return { kind: 'cancel', batch: key, why: 'age' };
      return { kind: 'check', batch: key };
    }
    case 'postponed': {
      if (state.canceling) return { kind: 'drop', batch: key };
      // Whoever comes new may have mended it; this process knows that it has not.
      if (phase.cause === 'blocked') {
        return situation.attempted.has(key) ? blocked(batch, phase.why) : { kind: 'claim', batch: key };
      }
      const lookAt = Math.max(phase.retryAt, notBefore);
      return lookAt > situation.now ? waitFor(key, 'postponed', lookAt) : { kind: 'claim', batch: key };
    }
    case 'claimed': {
      const other = claimedElsewhere(batch, phase.claim, situation);
      if (other !== null) return other;
      if (early) return waitFor(key, 'unsure', notBefore);
      const untouched = batch.creating === null;
      // Calls are not begun before the journal says so, so that a claim alone proves that there were none.
      if (state.canceling) {
        const unsent = untouched || batch.mode === 'realtime';
        return { kind: unsent ? 'drop' : 'find_or_drop', batch: key };
      }
      const held = heldBack(state, batch, situation);
      if (held !== null && (untouched || batch.mode === 'realtime')) return held;
      if (batch.mode === 'realtime') return { kind: 'call', batch: key, again: false };
      return { kind: untouched ? 'submit' : 'find_or_submit', batch: key };
    }
    case 'calling': {
      const other = claimedElsewhere(batch, phase.claim, situation);
      // Somebody else holds what the account was refused for: two that wait for each other would never pause.
      if (other?.kind === 'wait' && phase.stopped?.cause === 'blocked')
        return blocked(batch, phase.stopped.why);
      if (other !== null) return other;
      if (state.canceling) return { kind: 'end_calls', batch: key };
      const held = heldBack(state, batch, situation);
      if (held !== null && !phase.again) return held;
      if (phase.stopped !== null) {
        const { cause, why, retryAt } = phase.stopped;
        if (cause === 'blocked' && situation.attempted.has(key)) return blocked(batch, why);
        if (cause === 'busy' && retryAt > situation.now) return waitFor(key, 'postponed', retryAt);
        // A call that is turned away every time, whatever else is answered, is not made for ever.
        if (cause === 'busy' && phase.stops >= MOST_STOPS) return { kind: 'end_calls', batch: key };
        return { kind: 'call', batch: key, again: phase.again };
      }
      // A call is repeated once; after that its silence is the answer.
      return phase.again ? { kind: 'end_calls', batch: key } : { kind: 'call', batch: key, again: true };
    }
    default:
      return phase satisfies never;
  }
}

/** What to do about a claim of somebody else, or one's own that ran out; null: it is one's own and good. */
function claimedElsewhere(
  batch: OpenBatch,
  claim: { readonly owner: string; readonly expires: number },
  situation: Situation,
): Command | Timed | null {
  const { key } = batch;
  if (claim.owner !== situation.owner) {
    const freeAt = claim.expires + CLAIM_GRACE_MS;
    const free = situation.finishedOwners.has(claim.owner) || situation.now >= freeAt;
    return free
      ? { kind: 'claim', batch: key }
      : waitFor(key, 'claimed_elsewhere', Math.min(freeAt, situation.now + 5_000));
  }
  // One's own claim that ran out may be somebody else's by now: the journal decides again.
  return situation.now >= claim.expires ? { kind: 'claim', batch: key } : null;
}

/** Local work, later steps before earlier: everything local is done before a batch is packed, so that it is full. */
function decideLocal(state: RunState): Command | undefined {
  for (let index = state.steps.length - 1; index >= 0; index--) {
    const step = state.steps[index]!;
    const group = step.ready[0];
    if (step.kind === 'llm' || group === undefined) continue;
    const chunk = takeChunk(state, group);
    if (step.kind === 'fan_out') return { kind: 'fan_out', step: index, group: chunk };
    let through = index;
    while (state.steps[through + 1]?.kind === 'expression') through++;
    return { kind: 'compute', step: index, through, group: chunk };
  }
  return undefined;
}

/** What of a group is computed in one go: more of a run that has very many units, and always the same of the same run. */
export function takeChunk({ units: planned }: Pick<RunState, 'units'>, group: ReadyGroup): ReadyGroup {
  const size = Math.min(LARGEST_LOCAL_CHUNK, Math.max(LOCAL_CHUNK, Math.ceil(planned / LOCAL_CHUNKS)));
  return { ...group, units: group.units.take(size) };
}

/** Batches to pack, later steps before earlier, so that units finish and their failures come to light early. */
function decideModel(
  state: RunState,
  situation: Situation,
): readonly (Extract<Command, { kind: 'declare' }> | Timed | Exclude<Block, { kind: 'queue' }>)[] {
  const choices: (Extract<Command, { kind: 'declare' }> | Timed | Exclude<Block, { kind: 'queue' }>)[] = [];
  for (let index = state.steps.length - 1; index >= 0; index--) {
    const step = state.steps[index]!;
    if (step.kind !== 'llm' || step.ready.length === 0) continue;
    // While batches are small because large ones failed, few are open at a time: they grow as they come back.
    if (step.mostRequests !== null && openBatches(state, index) >= MOST_SMALL_BATCHES) continue;
    const full = waitForQueue(state, step, situation);
    const block = situation.blocks.get(index);
    if (full !== null) choices.push(full);
    else if (block === undefined)
      choices.push({ kind: 'declare', step: index, groups: mergeGroups(step.ready) });
    else if (block.kind !== 'queue') choices.push(block);
  }
  return choices;
}

/** Open batches of a step whose batches had to be made smaller, at the most. */
const MOST_SMALL_BATCHES = 8;

function openBatches(state: RunState, step: number): number {
  let count = 0;
  for (const batch of state.batches.values()) if (batch.step === step) count++;
  return count;
}

/** A full queue is left alone until one of the run's own batches in it is over, or for a while when it has none there. */
function waitForQueue(state: RunState, step: StepState, situation: Situation): Timed | null {
  if (step.provider === null || step.model === null || step.mode === 'realtime') return null;
  const queue = state.queues.get(queueName({ provider: step.provider, model: step.model }));
  if (queue === undefined) return null;
  const behind = queue.behind.map((key) => state.batches.get(key)?.phase.kind);
  const drained = behind.length > 0 && behind.some((phase) => phase !== 'submitted');
  if (drained || (behind.length === 0 && situation.now >= queue.retryAt)) return null;
  const lookAt = behind.length === 0 ? queue.retryAt : Math.max(queue.retryAt, situation.now + 1_000);
  return waitFor(null, 'queue_full', lookAt);
}

/** The run is cancelled and no batch is open: what waits is given up, step by step, then the run is finished. */
function decideAbandon(state: RunState): Command {
  for (const [index, step] of state.steps.entries()) {
    const [group] = step.ready;
    if (group !== undefined) return { kind: 'abandon', step: index, group };
  }
  return { kind: 'finish' };
}

/**
 * Groups of the same attempt that need no feedback become one, so that packing does not depend on their history.
 * Retries come first: money is kept for them, and none may be free for others.
 */
function mergeGroups(groups: readonly ReadyGroup[]): readonly ReadyGroup[] {
  const plain = new Map<number, ReadyGroup>();
  const told: ReadyGroup[] = [];
  for (const group of groups) {
    if (group.feedback !== null) {
      told.push(group);
      continue;
    }
    const other = plain.get(group.attempt);
    const units = (other?.units ?? UnitSet.empty).union(group.units);
    plain.set(group.attempt, { ...group, units, kept: (other?.kept ?? 0n) + group.kept });
  }
  return [...plain.values(), ...told].sort((a, b) => b.attempt - a.attempt);
}

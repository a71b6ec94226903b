// What to do next with a run: a pure function of its state. It orders work; it never does any.
import type { OpenBatch, ReadyGroup, RunState } from './state.ts';
import { unitsInFlight } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Units computed locally in one go: a unit of progress that a crash can cost. */
export const LOCAL_CHUNK = 1000;

/** How long after its expiry a claim of somebody unreachable is still respected (ms). */
export const CLAIM_GRACE_MS = 60_000;

/** What this process knows beside the journal. All of it may be lost without harm. */
export interface Situation {
  readonly owner: string;
  readonly now: number;
  /** Owners of claims that certainly do not run any more. */
  readonly finishedOwners: ReadonlySet<string>;
  /** Batches this process already tried to submit: they must be searched for before another try. */
  readonly attempted: Pick<ReadonlySet<string>, 'has'>;
  /** Batches not to be looked at again before the given time (ms). */
  readonly notBefore: ReadonlyMap<string, number>;
}

/** The next thing to do. */
export type Command =
  | { readonly kind: 'settle'; readonly batch: string }
  /** Make the claim of a declared batch one's own; whether it exists is found out before it is submitted. */
  | { readonly kind: 'claim'; readonly batch: string }
  | { readonly kind: 'find_or_submit'; readonly batch: string }
  | { readonly kind: 'submit'; readonly batch: string }
  | { readonly kind: 'compute'; readonly step: number; readonly through: number; readonly group: ReadyGroup }
  | { readonly kind: 'declare'; readonly step: number; readonly groups: readonly ReadyGroup[] }
  | { readonly kind: 'check'; readonly batch: string }
  | { readonly kind: 'finish' };

/** Something only time or somebody else can bring, and when to look again (ms since 1970). */
export interface Wait {
  readonly batch: string;
  readonly why: 'running' | 'claimed_elsewhere' | 'postponed' | 'unsure';
  readonly lookAt: number;
}

export type Decision =
  | { readonly kind: 'do'; readonly command: Command }
  | { readonly kind: 'wait'; readonly waits: readonly Wait[] }
  | { readonly kind: 'done' };

/** Decides the one next command. Finished answers come first, then sending what is declared. */
export function decide(state: RunState, situation: Situation): Decision {
  if (state.finished) return { kind: 'done' };
  const waits: Wait[] = [];
  const sends: Command[] = [];
  const checks: Command[] = [];
  for (const batch of state.batches.values()) {
    const choice = decideBatch(batch, situation);
    if ('why' in choice) waits.push(choice);
    else if (choice.kind === 'settle') return { kind: 'do', command: choice };
    else if (choice.kind === 'check') checks.push(choice);
    else sends.push(choice);
  }
  // Looking comes before packing: what comes back now can travel in the batch that is about to be packed.
  const command = sends[0] ?? decideLocal(state) ?? checks[0] ?? decideModel(state);
  if (command !== undefined) return { kind: 'do', command };
  if (waits.length > 0) return { kind: 'wait', waits };
  const idle = state.steps.every((_, index) => unitsInFlight(state, index).size === 0);
  if (idle) return { kind: 'do', command: { kind: 'finish' } };
  return { kind: 'wait', waits: [] };
}

function decideBatch(batch: OpenBatch, situation: Situation): Command | Wait {
  const { key } = batch;
  const notBefore = situation.notBefore.get(key) ?? 0;
  const early = notBefore > situation.now;
  switch (batch.phase.kind) {
    case 'collected':
      return { kind: 'settle', batch: key };
    case 'submitted':
      return early ? { batch: key, why: 'running', lookAt: notBefore } : { kind: 'check', batch: key };
    case 'postponed': {
      const lookAt = Math.max(batch.phase.retryAt, notBefore);
      return lookAt > situation.now
        ? { batch: key, why: 'postponed', lookAt }
        : { kind: 'claim', batch: key };
    }
    case 'claimed': {
      const { claim, fresh } = batch.phase;
      if (claim.owner !== situation.owner) {
        const freeAt = claim.expires + CLAIM_GRACE_MS;
        const free = situation.finishedOwners.has(claim.owner) || situation.now >= freeAt;
        return free
          ? { kind: 'claim', batch: key }
          : { batch: key, why: 'claimed_elsewhere', lookAt: Math.min(freeAt, situation.now + 5_000) };
      }
      if (early) return { batch: key, why: 'unsure', lookAt: notBefore };
      // One's own claim that ran out may be somebody else's by now: the journal decides again.
      if (situation.now >= claim.expires) return { kind: 'claim', batch: key };
      const untouched = fresh && !situation.attempted.has(key);
      return { kind: untouched ? 'submit' : 'find_or_submit', batch: key };
    }
    default:
      return batch.phase satisfies never;
  }
}

/** Local work, later steps before earlier: everything local is done before a batch is packed, so that it is full. */
function decideLocal(state: RunState): Command | undefined {
  for (let index = state.steps.length - 1; index >= 0; index--) {
    const step = state.steps[index]!;
    const group = step.ready[0];
    if (step.kind !== 'expression' || group === undefined) continue;
    let through = index;
    while (state.steps[through + 1]?.kind === 'expression') through++;
    return {
      kind: 'compute',
      step: index,
      through,
      group: { ...group, units: group.units.take(LOCAL_CHUNK) },
    };
  }
  return undefined;
}

/** A batch to pack, later steps before earlier, so that units finish and their failures come to light early. */
function decideModel(state: RunState): Command | undefined {
  for (let index = state.steps.length - 1; index >= 0; index--) {
    const { kind, ready } = state.steps[index]!;
    if (kind === 'llm' && ready.length > 0)
      return { kind: 'declare', step: index, groups: mergeGroups(ready) };
  }
  return undefined;
}

/** Groups of the same attempt that need no feedback become one, so that packing does not depend on their history. */
function mergeGroups(groups: readonly ReadyGroup[]): readonly ReadyGroup[] {
  const plain = new Map<number, UnitSet>();
  const told: ReadyGroup[] = [];
  for (const group of groups) {
    if (group.feedback !== null) told.push(group);
    else plain.set(group.attempt, (plain.get(group.attempt) ?? UnitSet.empty).union(group.units));
  }
  const merged = [...plain].map(([attempt, units]): ReadyGroup => ({ attempt, units, feedback: null }));
  return [...merged, ...told].sort((a, b) => a.attempt - b.attempt);
}

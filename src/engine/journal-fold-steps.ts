// The books of the steps: which units wait at each, got past it or failed there, where their outputs stand, and what was
// spent. Part of the fold of a journal; it knows no batches, and nothing of the run beside its steps.
import type { FailureKind } from '../validation/failure.ts';
import { least } from './budget.ts';
import type { BlobDigest, CreatedStep, JournalEvent, Settlement } from './events.ts';
import { countOf, moneyOf } from './journal-fold-amounts.ts';
import { reachOf } from './levels.ts';
import { JournalError, type ReadyGroup, type StepState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** A step as the fold writes on. */
export type StepDraft = { -readonly [K in keyof StepState]: StepState[K] };

/** The steps of one run, in their order. */
export class StepBooks {
  private steps: StepDraft[];

  /** All `units` wait at the first step. */
  constructor(created: readonly CreatedStep[], units: UnitSet) {
    let level = 0;
    this.steps = created.map((step, index) => ({
      name: step.name,
      kind: step.kind,
      level: step.kind === 'fan_out' ? level++ : level,
      width: step.kind === 'fan_out' ? widthOf(step) : null,
      made: UnitSet.empty,
      ready: index === 0 && units.size > 0 ? [{ units, attempt: 1, feedback: null, kept: 0n }] : [],
      passed: UnitSet.empty,
      failed: UnitSet.empty,
      tried: UnitSet.empty,
      retried: UnitSet.empty,
      segments: [],
      failureBlobs: [],
      kinds: {},
      firstValid: UnitSet.empty,
      requests: 0,
      firstUsage: { input: 0, output: 0 },
      retryUsage: { input: 0, output: 0 },
      firstCost: 0n,
      retryCost: 0n,
      uncertain: 0n,
      uncertainRequests: 0,
      capped: 0,
      provider: null,
      model: null,
      mode: null,
      returned: 0,
      mostRequests: null,
      largestBatch: 0,
    }));
  }

  /** The steps as they are now; later events do not change them. */
  snapshot(): StepState[] {
    return this.steps.map((step) => ({ ...step }));
  }

  /** Books of the same, written on apart from these. */
  fork(): StepBooks {
    const other = new StepBooks([], UnitSet.empty);
    other.steps = this.snapshot();
    return other;
  }

  /** Units that were opened wait at the first step. */
  open(units: UnitSet): void {
    if (units.size > 0) this.wait(0, { units, attempt: 1, feedback: null, kept: 0n });
  }

  /** Units wait at a step. */
  wait(index: number, group: ReadyGroup): void {
    const step = this.step(index);
    step.ready = [...step.ready, group];
  }

  /** Units that had failed for good at a step wait again. */
  retryFailed(event: Extract<JournalEvent, { type: 'units_retried' }>): void {
    const step = this.step(event.step);
    let units = UnitSet.empty;
    for (const group of event.groups) units = units.union(UnitSet.parse(group.units));
    if (units.minus(step.failed).size > 0)
      throw new JournalError(`Units that did not fail at step "${step.name}" are tried again.`);
    this.checkSameLevel(event.to, event.step);
    step.failed = step.failed.minus(units);
    step.failureBlobs = step.failureBlobs
      .map((one) => ({ ...one, units: one.units.minus(units) }))
      .filter((one) => one.units.size > 0);
    step.kinds = subtractKinds(step.kinds, event.kinds);
    for (let index = event.to; index < event.step; index++) {
      const before = this.step(index);
      before.passed = before.passed.minus(units);
    }
    const target = this.step(event.to);
    for (const { attempt, units: text, feedback } of event.groups) {
      const members = UnitSet.parse(text);
      // A first attempt that was given up before it was made is still the first.
      if (attempt === 1) target.tried = target.tried.minus(members);
      target.ready = [...target.ready, { units: members, attempt, feedback, kept: 0n }];
    }
  }

  /** Takes units out of a step's waiting list; they must be there, or two processes would share them. */
  takeReady(index: number, attempt: number, units: UnitSet, released = 0n): void {
    const step = this.step(index);
    let left = units;
    let toRelease = released;
    const ready: ReadyGroup[] = [];
    for (const group of step.ready) {
      const taken = group.attempt === attempt ? group.units.intersect(left) : UnitSet.empty;
      const rest = group.units.minus(taken);
      left = left.minus(taken);
      // What is kept for the taken units is reserved anew with their batch; nothing is kept for nobody.
      const given = taken.size === 0 ? 0n : least(group.kept, toRelease);
      toRelease -= given;
      if (rest.size > 0) ready.push({ ...group, units: rest, kept: group.kept - given });
    }
    if (left.size > 0) {
      throw new JournalError(`Units ${left} are worked on at step "${step.name}" without waiting there.`);
    }
    step.ready = ready;
    step.retried = step.retried.union(step.tried.intersect(units));
  }

  /** A batch's units left the waiting list when it was declared; those of local work leave it now. */
  settle(settlement: Settlement, from: 'waiting' | 'batch'): void {
    const units = UnitSet.parse(settlement.units);
    const first = this.step(settlement.step);
    if (from === 'waiting') this.takeReady(settlement.step, settlement.attempt, units);
    let going = units;
    for (let index = settlement.step; index <= settlement.through; index++) {
      const step = this.step(index);
      if (step.kind === 'fan_out' && settlement.step !== settlement.through)
        throw new JournalError(`Step "${step.name}" fans out together with other steps.`);
      if (index > settlement.step) step.retried = step.retried.union(step.tried.intersect(going));
      const newcomers = going.minus(step.tried);
      const stop = settlement.stops.find((one) => one.step === index);
      const failed = stop === undefined ? UnitSet.empty : UnitSet.parse(stop.failed);
      const retries = (stop?.retries ?? []).map((one) => ({
        step: one.step,
        units: UnitSet.parse(one.units),
      }));
      const passed = retries.reduce((rest, one) => rest.minus(one.units), going.minus(failed));
      step.tried = step.tried.union(going);
      step.passed = step.passed.union(passed);
      step.failed = step.failed.union(failed);
      step.firstValid = step.firstValid.union(newcomers.intersect(passed));
      step.capped += settlement.capped[index - settlement.step] ?? 0;
      if (passed.size > 0 && step.kind !== 'fan_out') {
        step.segments = [
          ...step.segments,
          { units: passed, outcomes: settlement.outcomes, column: index - settlement.step },
        ];
      }
      if (failed.size > 0) {
        step.failureBlobs = [...step.failureBlobs, { units: failed, outcomes: settlement.outcomes }];
        step.kinds = addKinds(step.kinds, stop?.kinds ?? {});
      }
      for (const retry of retries) this.sendBack(retry.step, index, retry.units, settlement);
      going = passed;
    }
    if (first.kind === 'llm') {
      first.requests += settlement.requests;
      const usage = settlement.attempt === 1 ? 'firstUsage' : 'retryUsage';
      first[usage] = {
        input: first[usage].input + settlement.usage.input,
        output: first[usage].output + settlement.usage.output,
      };
      const cost = settlement.attempt === 1 ? 'firstCost' : 'retryCost';
      const { [cost]: before } = first;
      first[cost] = before === null || settlement.cost === null ? null : before + moneyOf(settlement.cost);
      first.uncertain += moneyOf(settlement.uncertain);
      first.uncertainRequests += countOf(settlement.uncertainRequests);
    }
    let { attempt } = settlement;
    if (this.step(settlement.through).kind === 'fan_out') {
      going = this.fanOut(settlement, going);
      // A child is a new unit, with attempts of its own.
      attempt = 1;
    }
    const next = this.steps[settlement.through + 1];
    if (next !== undefined && going.size > 0) {
      next.ready = [...next.ready, { units: going, attempt, feedback: null, kept: 0n }];
    }
  }

  /** The children of units that passed a fan-out; none of others, and of no unit twice. */
  private fanOut(settlement: Settlement, parents: UnitSet): UnitSet {
    const step = this.step(settlement.through);
    if (settlement.children === undefined) return UnitSet.empty;
    const { units: text, outcomes } = settlement.children;
    const children = UnitSet.parse(text);
    const width = step.width ?? 1;
    if (children.parents(width).minus(parents).size > 0 || children.intersect(step.made).size > 0)
      throw new JournalError(`Step "${step.name}" makes children of units that did not pass it just now.`);
    step.made = step.made.union(children);
    step.segments = [...step.segments, { units: children, outcomes, column: 0 }];
    return children;
  }

  /** Back over a fan-out there is no way: a unit there has another number, and siblings that have gone on. */
  private checkSameLevel(target: number, from: number): void {
    if (this.step(target).level !== this.step(from).level)
      throw new JournalError('A retry cannot go back over a fan-out.');
  }

  /** Puts units back to an earlier (or the same) step as their next attempt; what they had from there on is void. */
  private sendBack(target: number, from: number, units: UnitSet, settlement: Settlement): void {
    if (target > from) throw new JournalError('A retry cannot go forward.');
    this.checkSameLevel(target, from);
    for (let index = target; index < from; index++) {
      const step = this.step(index);
      step.passed = step.passed.minus(units);
    }
    const step = this.step(target);
    // Only retries of the step itself were reserved for.
    const kept = target === settlement.step ? moneyOf(settlement.kept) : 0n;
    const attempt = settlement.attempt + 1;
    step.ready = [...step.ready, { units, attempt, feedback: settlement.outcomes, kept }];
  }

  /** As `reachOf`. */
  reach(from: number, units: UnitSet): readonly UnitSet[] {
    this.step(from);
    return reachOf(this.steps, from, units);
  }

  /** Units wait again at a step, as `reach` tells them from there on; `withdrawn` were in batches there. */
  lose({ step: from, groups, failures }: LostUnits, reach: readonly UnitSet[], withdrawn: UnitSet): void {
    const first = this.step(from);
    const there = [first.passed, first.failed, withdrawn, ...first.ready.map(({ units }) => units)];
    if (reach[0]!.minus(UnitSet.unionOf(there)).size > 0)
      throw new JournalError(`Units are lost at step "${first.name}" that never came to it.`);
    const firstAttempts = groups.filter(({ attempt }) => attempt === 1);
    const fresh = UnitSet.unionOf(firstAttempts.map(({ units }) => UnitSet.parse(units)));
    for (const [offset, units] of reach.entries()) {
      const index = from + offset;
      const step = this.step(index);
      const kinds = failures.find((one) => one.step === index)?.kinds ?? {};
      const count = Object.values(kinds).reduce((sum, one) => sum + countOf(one), 0);
      if (step.failed.intersect(units).size !== count)
        throw new JournalError(
          `The failures that are lost at step "${step.name}" are not as many as it had.`,
        );
      // Children are made anew, with attempts of their own.
      const isNew = step.level !== first.level;
      forget(step, units, isNew ? units : fresh);
      step.kinds = subtractKinds(step.kinds, kinds);
      step.passed = step.passed.minus(units);
      step.failed = step.failed.minus(units);
      step.failureBlobs = without(step.failureBlobs, units);
      step.ready = without(step.ready, units);
      if (step.kind === 'fan_out') {
        const children = step.made.intersect(units.children(step.width ?? 1));
        step.made = step.made.minus(children);
        step.segments = without(step.segments, children);
      } else step.segments = without(step.segments, units);
      // A batch of the same units is another one from now on.
      if (units.size > 0) step.returned++;
    }
    for (const { attempt, units, feedback } of groups)
      this.wait(from, { units: UnitSet.parse(units), attempt, feedback, kept: 0n });
  }

  /** Outcomes of these units stand in another blob from now on. */
  replace({ lost, outcomes, units: text }: Extract<JournalEvent, { type: 'outcomes_remade' }>): void {
    const units = UnitSet.parse(text);
    function* parted<T extends Outcomes>(parts: readonly T[]): Generator<T> {
      for (const part of parts) {
        const moved = part.outcomes === lost ? part.units.intersect(units) : UnitSet.empty;
        if (moved.size < part.units.size) yield { ...part, units: part.units.minus(moved) };
        if (moved.size > 0) yield { ...part, units: moved, outcomes };
      }
    }
    // There may be as many of these events as there are parts.
    const has = (parts: readonly Outcomes[]): boolean => parts.some((part) => part.outcomes === lost);
    for (const step of this.steps) {
      if (has(step.segments)) step.segments = [...parted(step.segments)];
      if (has(step.failureBlobs)) step.failureBlobs = [...parted(step.failureBlobs)];
    }
  }

  /** What waiting units are told stands in another blob. */
  tellAgain(event: Extract<JournalEvent, { type: 'feedback_remade' }>): void {
    const { lost, outcomes } = event;
    const units = UnitSet.parse(event.units);
    const step = this.step(event.step);
    step.ready = step.ready.map((group) =>
      group.feedback === lost && group.units.minus(units).size === 0
        ? { ...group, feedback: outcomes }
        : group,
    );
  }

  /** Forgets blobs that nobody has: no unit that counts is in them, and no model is told what stood there. */
  giveUp(blobs: ReadonlySet<BlobDigest>): void {
    for (const step of this.steps) {
      step.segments = step.segments.filter(({ outcomes }) => !blobs.has(outcomes));
      step.failureBlobs = step.failureBlobs.filter(({ outcomes }) => !blobs.has(outcomes));
      step.ready = step.ready.map((group) =>
        group.feedback !== null && blobs.has(group.feedback) ? { ...group, feedback: null } : group,
      );
    }
  }

  /** One step, to write on. */
  step(index: number): StepDraft {
    const step = this.steps[index];
    if (step === undefined)
      throw new JournalError(`The journal speaks of step ${index}, which the run does not have.`);
    return step;
  }
}

function widthOf({ name, width = 0 }: CreatedStep): number {
  if (!Number.isSafeInteger(width) || width < 1)
    throw new JournalError(`The journal does not say how many children step "${name}" makes at the most.`);
  return width;
}

type LostUnits = Extract<JournalEvent, { type: 'units_lost' }>;

interface Outcomes {
  readonly units: UnitSet;
  readonly outcomes: BlobDigest;
}

/** Parts with fewer units; those left with none are dropped, and what was kept for them is free. */
function without<T extends { readonly units: UnitSet }>(parts: readonly T[], units: UnitSet): readonly T[] {
  const left: T[] = [];
  for (const part of parts) {
    const rest = part.units.minus(units);
    if (rest.size === part.units.size) left.push(part);
    else if (rest.size > 0) left.push({ ...part, units: rest });
  }
  return left;
}

/**
 * Of units that leave a step: `fresh` ones were never tried there, and neither was one whose only attempt is void. What
 * was tried more than once stays so, for one of its attempts still counts.
 */
function forget(step: StepDraft, units: UnitSet, fresh: UnitSet): void {
  const over = step.passed.union(step.failed).intersect(units).minus(step.retried);
  const forgotten = fresh.union(over);
  step.tried = step.tried.minus(forgotten);
  step.retried = step.retried.minus(fresh);
  step.firstValid = step.firstValid.minus(forgotten);
}

function addKinds(
  a: Readonly<Partial<Record<FailureKind, number>>>,
  b: Readonly<Partial<Record<FailureKind, number>>>,
): Partial<Record<FailureKind, number>> {
  const out: Partial<Record<FailureKind, number>> = { ...a };
  for (const [kind, count] of Object.entries(b))
    out[kind as FailureKind] = (out[kind as FailureKind] ?? 0) + count;
  return out;
}

function subtractKinds(
  from: Readonly<Partial<Record<FailureKind, number>>>,
  kinds: Readonly<Partial<Record<FailureKind, number>>>,
): Partial<Record<FailureKind, number>> {
  const left: Partial<Record<FailureKind, number>> = {};
  for (const [kind, count] of Object.entries(from)) {
    const rest = count - (kinds[kind as FailureKind] ?? 0);
    if (rest > 0) left[kind as FailureKind] = rest;
  }
  return left;
}

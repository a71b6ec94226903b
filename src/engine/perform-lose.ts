// Gives up what is lost for good: makes local outcomes again where all they need is there, and puts the units whose answers
// nobody has back to be asked again. It plans the events; it asks nobody, and appends nothing. How lost requests and whole
// blobs of outcomes are made again is tried before (perform-recompute).
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { RunPorts } from '../ports/session.ts';
import type { FailureKind } from '../validation/failure.ts';
import { type NamedBlob, namedBlobs } from './audit.ts';
import type { BatchGroup, BlobDigest, JournalEvent } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import { reachOf } from './levels.ts';
import { LostParts, type Origin, originsOf } from './losses.ts';
import { loseBatches } from './perform-lose-batches.ts';
import { isOfSystem, redo } from './perform-recompute.ts';
import { readLines } from './records.ts';
import { JournalError, type OpenBatch, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Units that wait again from a step on. */
export type LostUnits = Extract<JournalEvent, { type: 'units_lost' }>;

/** What follows from blobs that are lost for good. */
export interface LossPlan {
  /** To be appended together. Empty: nothing is lost. */
  readonly events: readonly JournalEvent[];
  /** Units that wait again, and batches whose units do. */
  readonly back: readonly LostUnits[];
  readonly batches: readonly OpenBatch[];
  /** Outcomes that were made again, in other blobs. */
  readonly remade: number;
  /** Blobs that are given up. */
  readonly givenUp: readonly BlobDigest[];
  /** Units whose prompt would have told what was wrong with the answer before, and does not: nobody knows it. */
  readonly untold: number;
}

/** Units that go back to a step. */
interface Back {
  readonly attempt: number;
  readonly units: UnitSet;
  readonly feedback: BlobDigest | null;
}

/** Plans what to do about blobs that nobody has. Throws a JournalError where the journal does not say what they were. */
export function planLoss(
  ports: RunPorts,
  loaded: LoadedPipeline,
  events: readonly JournalEvent[],
  lost: readonly Pick<NamedBlob, 'digest' | 'role'>[],
): Promise<LossPlan> {
  return new LossPlanner(ports, loaded, events, lost).plan();
}

class LossPlanner {
  private readonly ports: RunPorts;
  private readonly loaded: LoadedPipeline;
  private readonly before: readonly JournalEvent[];
  private readonly named: readonly Pick<NamedBlob, 'digest' | 'role'>[];
  private readonly lost: Set<BlobDigest>;
  /** Blobs that were given up before. */
  private readonly forgotten: ReadonlySet<BlobDigest>;
  private readonly fold = new JournalFold();
  private readonly origins: ReadonlyMap<BlobDigest, readonly Origin[]>;
  private readonly events: JournalEvent[] = [];
  private readonly at: number;
  private remade = 0;
  private untold = 0;

  constructor(
    ports: RunPorts,
    loaded: LoadedPipeline,
    events: readonly JournalEvent[],
    lost: readonly Pick<NamedBlob, 'digest' | 'role'>[],
  ) {
    this.ports = ports;
    this.loaded = loaded;
    this.before = events;
    this.named = lost;
    this.lost = new Set(lost.map(({ digest }) => digest));
    const givenUp = namedBlobs(events).filter(({ isGivenUp }) => isGivenUp);
    this.forgotten = new Set(givenUp.map(({ digest }) => digest));
    this.origins = originsOf(events);
    this.fold.apply(events);
    this.at = ports.clock.now();
  }

  async plan(): Promise<LossPlan> {
    const broken = await loseBatches(this.ports.blobs, this.before, this.state, this.lost, this.at);
    for (const event of broken.events) this.add(event);
    const groups = await this.loseOutcomes();
    const back = await this.eventsOf(groups);
    for (const event of back) this.add(event);
    const untellable = await this.tellAgain();
    const givenUp = this.named
      // What is made after the run is made anew only when the run goes on.
      .filter(({ digest, role }) => this.lost.has(digest) && (role !== 'made' || back.length > 0))
      .map(({ digest }) => digest);
    const all = [...new Set([...givenUp, ...untellable])];
    if (all.length > 0) this.add({ type: 'blobs_lost', blobs: all, at: this.at });
    const { events, remade, untold } = this;
    return { events, back, batches: broken.apart, remade, givenUp: all, untold };
  }

  private get state(): RunState {
    return this.fold.state()!;
  }

  private add(event: JournalEvent): void {
    this.fold.apply([event]);
    this.events.push(event);
  }

  /** Step by step: what is made again where it can be, and the units that go back. */
  private async loseOutcomes(): Promise<Map<number, BatchGroup[]>> {
    const back = new Map<number, BatchGroup[]>();
    const { steps } = this.state;
    const parts = new LostParts(steps, this.lost);
    /** Units that went back before, in the numbers of the step. */
    let gone = UnitSet.empty;
    for (const [index, { kind, width, made }] of steps.entries()) {
      await this.remakeAt(index, gone, parts);
      const room = kind === 'fan_out' ? (width ?? 1) : 1;
      const { outputs, failures } = parts.at(index);
      const groups: Back[] = [];
      for (const [sets, size] of [
        [outputs, room],
        [failures, 1],
      ] as const) {
        for (const [digest, members] of sets) {
          const units = members.parents(size).minus(gone);
          if (units.size === 0) continue;
          const { settlement, batch } = this.originOf(digest, index);
          groups.push({ attempt: settlement.attempt, units, feedback: batch?.group.feedback ?? null });
          gone = gone.union(units);
        }
      }
      if (groups.length > 0) back.set(index, joined(groups));
      if (kind === 'fan_out') gone = made.intersect(gone.children(room));
    }
    return back;
  }

  /**
   * What waiting units are told about the answer before, where it stood in a blob that nobody has: made again from that
   * answer where it is there. Gives the blobs of which nothing can be told any more.
   */
  private async tellAgain(): Promise<readonly BlobDigest[]> {
    const untellable: BlobDigest[] = [];
    const { steps, batches } = this.state;
    for (const [index, { kind, ready }] of steps.entries()) {
      if (kind !== 'llm') continue;
      const waiting = new Map<BlobDigest, UnitSet[]>();
      const asked = new Map<BlobDigest, UnitSet[]>();
      const note = (of: Map<BlobDigest, UnitSet[]>, feedback: BlobDigest | null, units: UnitSet): void => {
        if (feedback === null || units.size === 0) return;
        if (this.lost.has(feedback) || this.forgotten.has(feedback))
          of.set(feedback, [...(of.get(feedback) ?? []), units]);
      };
      for (const { feedback, units } of ready) note(waiting, feedback, units);
      for (const batch of batches.values())
        for (const { feedback, units } of batch.step === index ? batch.groups : [])
          note(asked, feedback, UnitSet.parse(units).intersect(batch.units));
      for (const lost of new Set([...waiting.keys(), ...asked.keys()])) {
        const units = UnitSet.unionOf([...(waiting.get(lost) ?? []), ...(asked.get(lost) ?? [])]);
        const outcomes = await this.feedbackAgain(lost, index, units);
        if (outcomes === null) {
          untellable.push(lost);
          // Those that are asked already were told.
          if (this.isTold(index)) this.untold += UnitSet.unionOf(waiting.get(lost) ?? []).size;
        } else if (outcomes !== lost)
          this.add({
            type: 'feedback_remade',
            lost,
            outcomes,
            step: index,
            units: units.toString(),
            at: this.at,
          });
      }
    }
    return untellable;
  }

  /** Why the last answer of these units was not accepted, once more; null: it cannot be found out, or nobody wants it. */
  private async feedbackAgain(lost: BlobDigest, index: number, units: UnitSet): Promise<BlobDigest | null> {
    // Of units that a later step sent back, what that step was asked about is void.
    const origin = this.origins
      .get(lost)
      ?.findLast(({ settlement, batch }) => batch !== null && settlement.step === index);
    if (origin === undefined || !this.isTold(index)) return null;
    const again = await this.redone(origin, units);
    const stopped = (again?.stops ?? []).flatMap(({ failed, retries }) => [
      UnitSet.parse(failed),
      ...retries.map((retry) => UnitSet.parse(retry.units)),
    ]);
    if (again === null || !UnitSet.unionOf(stopped).equals(units)) return null;
    this.lost.delete(again.outcomes);
    this.remade++;
    return again.outcomes;
  }

  /** Whether prompts of a step, or the limit of their answers, depend on the answer before. */
  private isTold(index: number): boolean {
    const step = this.loaded.pipeline.steps[index];
    return step?.kind === 'llm' && (step.retry.feedback || step.maxTokensCeiling !== null);
  }

  /** What made the outcomes of a step that stand in a blob. */
  private originOf(digest: BlobDigest, index: number): Origin {
    const origin = this.origins
      .get(digest)
      ?.findLast(({ settlement: { step, through } }) => step <= index && index <= through);
    if (origin === undefined)
      throw new JournalError(`The journal does not say what made the outcomes ${digest.slice(0, 12)}.`);
    return origin;
  }

  /** Makes outcomes of a step again that need nobody to be asked, those of units that have all they had. */
  private async remakeAt(index: number, gone: UnitSet, parts: LostParts): Promise<void> {
    const { kind, width, made } = this.state.steps[index]!;
    const { outputs, failures } = parts.at(index);
    for (const digest of new Set([...outputs.keys(), ...failures.keys()])) {
      const origin = this.originOf(digest, index);
      if (kind !== 'fan_out') await this.remakeOutcomes(digest, origin, gone, parts);
      else {
        const room = width ?? 1;
        const children = outputs.get(digest)?.minus(gone.children(room)) ?? UnitSet.empty;
        const failed = failures.get(digest)?.minus(gone) ?? UnitSet.empty;
        const parents = children.parents(room);
        const again = await this.redone(origin, parents.union(failed));
        if (
          again === null ||
          !UnitSet.unionOf(again.stops.map((one) => UnitSet.parse(one.failed))).equals(failed)
        )
          continue;
        const now = again.children === undefined ? UnitSet.empty : UnitSet.parse(again.children.units);
        if (!now.equals(made.intersect(parents.children(room)))) continue;
        if (children.size > 0) this.replace(digest, again.children!.outcomes, index + 1, children, parts);
        if (failed.size > 0) this.replace(digest, again.outcomes, index, failed, parts);
      }
    }
  }

  private async remakeOutcomes(
    digest: BlobDigest,
    origin: Origin,
    gone: UnitSet,
    parts: LostParts,
  ): Promise<void> {
    const { step, through } = origin.settlement;
    const columns = Array.from({ length: through - step + 1 }, (_, column) => {
      const { outputs, failures } = parts.at(step + column);
      const [passed, failed] = [outputs.get(digest), failures.get(digest)];
      return { passed: passed?.minus(gone) ?? UnitSet.empty, failed: failed?.minus(gone) ?? UnitSet.empty };
    });
    const units = UnitSet.unionOf(columns.flatMap(({ passed, failed }) => [passed, failed]));
    const again = await this.redone(origin, units);
    if (again === null) return;
    let going = units;
    for (const [column, { passed, failed }] of columns.entries()) {
      const stop = again.stops.find((one) => one.step === step + column);
      const failing = UnitSet.parse(stop?.failed ?? '');
      const retried = UnitSet.unionOf((stop?.retries ?? []).map((one) => UnitSet.parse(one.units)));
      going = going.minus(failing).minus(retried);
      // It came out otherwise: what followed from it cannot stand.
      if (passed.minus(going).size > 0 || failed.minus(failing).minus(retried).size > 0) return;
    }
    this.replace(digest, again.outcomes, step, units, parts);
  }

  /** What lost work comes to for some of its units; null: it cannot be done without asking. Draws and answers decide. */
  private async redone(origin: Origin, units: UnitSet) {
    if (units.size === 0) return null;
    const { settlement } = origin;
    const fold = this.fold.fork();
    const { steps } = this.state;
    const failures = reachOf(steps, settlement.step, units).map((reached, offset) => {
      const step = settlement.step + offset;
      return { step, kinds: { expression: steps[step]!.failed.intersect(reached).size } };
    });
    const group = { attempt: settlement.attempt, units: units.toString(), feedback: null };
    fold.apply([{ type: 'units_lost', step: settlement.step, groups: [group], failures, at: this.at }]);
    try {
      return await redo(this.ports, this.loaded, fold, origin, units);
    } catch (error) {
      if (isOfSystem(error)) throw error;
      // What it was made from is lost as well.
      return null;
    }
  }

  private replace(
    lost: BlobDigest,
    outcomes: BlobDigest,
    step: number,
    units: UnitSet,
    parts: LostParts,
  ): void {
    this.remade++;
    // It is stored now, whatever else was to be found in it.
    this.lost.delete(outcomes);
    parts.replace(lost, outcomes, units);
    if (outcomes !== lost)
      this.add({ type: 'outcomes_remade', lost, outcomes, step, units: units.toString(), at: this.at });
  }

  /** One event for each step at which units begin again, each with the failures that it takes back. */
  private async eventsOf(back: ReadonlyMap<number, readonly BatchGroup[]>): Promise<LostUnits[]> {
    const { steps } = this.state;
    const reaches = [...back].map(([step, groups]) => {
      const units = UnitSet.unionOf(groups.map((group) => UnitSet.parse(group.units)));
      return { step, groups, reach: reachOf(steps, step, units) };
    });
    const pools = new Map<number, FailureKind[]>();
    for (const [index, { failed, kinds, failureBlobs }] of steps.entries()) {
      const units = UnitSet.unionOf(reaches.map(({ step, reach }) => reach[index - step] ?? UnitSet.empty));
      if (failed.intersect(units).size === 0) continue;
      // Which kinds are lost with them is what remains of all without those that stay.
      const left = { ...kinds };
      const staying = failed.minus(units);
      for await (const { head } of readLines(failureBlobs, staying, (digest) =>
        this.ports.blobs.bunches(digest as Digest),
      ))
        if (head.failure !== null) left[head.failure.kind] = (left[head.failure.kind] ?? 0) - 1;
      const names = (Object.keys(left) as FailureKind[]).sort();
      pools.set(
        index,
        names.flatMap((kind) => Array<FailureKind>(Math.max(0, left[kind] ?? 0)).fill(kind)),
      );
    }
    return reaches.map(({ step, groups, reach }) => {
      const failures = reach.flatMap((units, offset) => {
        const index = step + offset;
        const count = steps[index]!.failed.intersect(units).size;
        return count === 0 ? [] : [{ step: index, kinds: countsOf(pools.get(index)!.splice(0, count)) }];
      });
      return { type: 'units_lost', step, groups, failures, at: this.at };
    });
  }
}

/** Groups of the same attempt that are told the same become one. */
function joined(groups: readonly Back[]): BatchGroup[] {
  const byName = new Map<string, Back[]>();
  for (const group of groups) {
    const name = `${group.attempt} ${group.feedback}`;
    const before = byName.get(name);
    if (before === undefined) byName.set(name, [group]);
    else before.push(group);
  }
  return [...byName.values()]
    .map((same) => ({ ...same[0]!, units: UnitSet.unionOf(same.map(({ units }) => units)).toString() }))
    .sort((a, b) => a.attempt - b.attempt);
}

function countsOf(kinds: readonly FailureKind[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

// Gives up what is lost for good: makes local outcomes again where all they need is there, and puts the units whose answers
// nobody has back to be asked again. It plans the events; it asks nobody, and appends nothing.
import type { LoadedPipeline } from '../pipeline/pipeline.ts';
import type { Digest } from '../ports/blobs.ts';
import type { RunPorts } from '../ports/session.ts';
import type { FailureKind } from '../validation/failure.ts';
import type { NamedBlob } from './audit.ts';
import { CALLS_PER_ATTEMPT } from './budget.ts';
import type { BatchGroup, BlobDigest, JournalEvent } from './events.ts';
import { JournalFold } from './journal-fold.ts';
import { reachOf } from './levels.ts';
import { allOf, lostOutcomes, type Origin, originsOf } from './losses.ts';
import { redo } from './perform-recompute.ts';
import { readLines } from './records.ts';
import { readRequests } from './request-line.ts';
import { isUnsent, JournalError, type OpenBatch, type RunState } from './state.ts';
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
  private readonly fold = new JournalFold();
  private readonly origins: ReadonlyMap<BlobDigest, readonly Origin[]>;
  private readonly events: JournalEvent[] = [];
  private readonly at: number;
  private remade = 0;

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
    this.origins = originsOf(events);
    this.fold.apply(events);
    this.at = ports.clock.now();
  }

  async plan(): Promise<LossPlan> {
    const batches = await this.loseBatches();
    const groups = await this.loseOutcomes();
    const back = await this.eventsOf(groups);
    for (const event of back) this.add(event);
    const givenUp = this.named
      // What is made after the run is made anew only when the run goes on.
      .filter(({ digest, role }) => this.lost.has(digest) && (role !== 'made' || back.length > 0))
      .map(({ digest }) => digest);
    if (givenUp.length > 0) this.add({ type: 'blobs_lost', blobs: givenUp, at: this.at });
    return { events: this.events, back, batches, remade: this.remade, givenUp };
  }

  private get state(): RunState {
    return this.fold.state()!;
  }

  private add(event: JournalEvent): void {
    this.fold.apply([event]);
    this.events.push(event);
  }

  /** Open batches that cannot be settled any more; gives those that are taken apart. */
  private async loseBatches(): Promise<OpenBatch[]> {
    const apart: OpenBatch[] = [];
    for (const batch of this.state.batches.values()) {
      const { key, phase } = batch;
      if (this.lost.has(batch.requests) || (phase.kind === 'collected' && this.lost.has(phase.answers))) {
        apart.push(batch);
        this.add({
          type: 'batch_lost',
          batch: key,
          ...(await this.spentOn(batch, allUnits(batch))),
          at: this.at,
        });
      } else if (phase.kind === 'calling') {
        const answers = phase.answers.filter((digest) => this.lost.has(digest));
        if (answers.length === 0) continue;
        const units = this.answeredIn(key, answers);
        const spent = await this.spentOn(
          batch,
          units,
          phase.again ? batch.units.minus(phase.answered) : UnitSet.empty,
        );
        this.add({
          type: 'answers_lost',
          batch: key,
          answers,
          units: units.toString(),
          ...spent,
          at: this.at,
        });
      }
    }
    return apart;
  }

  private answeredIn(key: string, answers: readonly BlobDigest[]): UnitSet {
    const units = this.before.flatMap((event) =>
      event.type === 'calls_answered' && event.batch === key && answers.includes(event.answers)
        ? [UnitSet.parse(event.units)]
        : [],
    );
    return UnitSet.unionOf(units);
  }

  /**
   * The most that requests whose answers are lost may have cost. `silent`: units that were called twice without an answer
   * and are called with the others a third time, where the books of a batch know of two.
   */
  private async spentOn(
    batch: OpenBatch,
    units: UnitSet,
    silent = UnitSet.empty,
  ): Promise<{ uncertain: string; uncertainRequests: number }> {
    const { phase, submittedAt, mode } = batch;
    // One of which nobody could tell whether it was created is `lost`, and may have run.
    const wasRejected =
      mode === 'batch' && phase.kind === 'collected' && submittedAt === null && phase.status !== 'lost';
    if (isUnsent(batch) || wasRejected) return { uncertain: '0', uncertainRequests: 0 };
    try {
      let sum = 0n;
      for await (const { line } of readRequests(this.lines(batch.requests))) {
        if (units.has(line.unit)) sum += BigInt(line.callBound) * CALLS_PER_ATTEMPT[mode];
        else if (silent.has(line.unit)) sum += BigInt(line.callBound);
      }
      return { uncertain: sum.toString(), uncertainRequests: units.size };
    } catch {
      return { uncertain: batch.reserved.toString(), uncertainRequests: units.size };
    }
  }

  /** Step by step: what is made again where it can be, and the units that go back. */
  private async loseOutcomes(): Promise<Map<number, BatchGroup[]>> {
    const back = new Map<number, BatchGroup[]>();
    /** Units that went back before, in the numbers of the step. */
    let gone = UnitSet.empty;
    for (const [index, { kind, width, made }] of this.state.steps.entries()) {
      await this.remakeAt(index, gone);
      const room = kind === 'fan_out' ? (width ?? 1) : 1;
      const { outputs, failures } = lostOutcomes(this.state.steps[index]!, this.lost);
      const groups: BatchGroup[] = [];
      for (const [sets, size] of [
        [outputs, room],
        [failures, 1],
      ] as const) {
        for (const [digest, members] of sets) {
          const units = members.parents(size).minus(gone);
          if (units.size === 0) continue;
          groups.push(this.groupOf(digest, index, units));
          gone = gone.union(units);
        }
      }
      if (groups.length > 0) back.set(index, joined(groups));
      if (kind === 'fan_out') gone = made.intersect(gone.children(room));
    }
    return back;
  }

  /** In which attempt units go back, and what they are told about the one before. */
  private groupOf(digest: BlobDigest, index: number, units: UnitSet): BatchGroup {
    const { settlement, batch } = this.originOf(digest, index);
    const feedback = batch?.group.feedback ?? null;
    const isKnown = feedback !== null && !this.lost.has(feedback);
    return {
      attempt: settlement.attempt,
      units: units.toString(),
      feedback: isKnown ? feedback : null,
    };
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
  private async remakeAt(index: number, gone: UnitSet): Promise<void> {
    const { kind, width } = this.state.steps[index]!;
    const { outputs, failures } = lostOutcomes(this.state.steps[index]!, this.lost);
    for (const digest of new Set([...outputs.keys(), ...failures.keys()])) {
      const origin = this.originOf(digest, index);
      if (kind !== 'fan_out') await this.remakeOutcomes(digest, origin, gone);
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
        const made = again.children === undefined ? UnitSet.empty : UnitSet.parse(again.children.units);
        const had = this.state.steps[index]!.made.intersect(parents.children(room));
        if (!made.equals(had)) continue;
        if (children.size > 0) this.replace(digest, again.children!.outcomes, index + 1, children);
        if (failed.size > 0) this.replace(digest, again.outcomes, index, failed);
      }
    }
  }

  private async remakeOutcomes(digest: BlobDigest, origin: Origin, gone: UnitSet): Promise<void> {
    const { step, through } = origin.settlement;
    const only = new Set([digest]);
    const parts = this.state.steps.slice(step, through + 1).map((one) => {
      const { outputs, failures } = lostOutcomes(one, only);
      return { passed: allOf(outputs).minus(gone), failed: allOf(failures).minus(gone) };
    });
    const units = UnitSet.unionOf(parts.flatMap(({ passed, failed }) => [passed, failed]));
    const again = await this.redone(origin, units);
    if (again === null) return;
    let going = units;
    for (const [column, part] of parts.entries()) {
      const stop = again.stops.find((one) => one.step === step + column);
      const failed = UnitSet.parse(stop?.failed ?? '');
      const retried = UnitSet.unionOf((stop?.retries ?? []).map((one) => UnitSet.parse(one.units)));
      going = going.minus(failed).minus(retried);
      // It came out otherwise: what followed from it cannot stand.
      if (part.passed.minus(going).size > 0 || part.failed.minus(failed).minus(retried).size > 0) return;
    }
    this.replace(digest, again.outcomes, step, units);
  }

  /** What lost work comes to for some of its units; null: it cannot be done without asking. Draws and answers decide. */
  private async redone(origin: Origin, units: UnitSet) {
    if (units.size === 0) return null;
    const { settlement } = origin;
    const fold = new JournalFold();
    fold.apply([...this.before, ...this.events]);
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

  private replace(lost: BlobDigest, outcomes: BlobDigest, step: number, units: UnitSet): void {
    this.remade++;
    // It is stored now, whatever else was to be found in it.
    this.lost.delete(outcomes);
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

  private readonly lines = (digest: BlobDigest): AsyncIterable<string> =>
    this.ports.blobs.lines(digest as Digest);
}

/** True when the disk or the machine failed, with a code of the system: what it was about is not lost for that. */
export function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

/** Also units that were taken out of it since: they were asked with the others. */
function allUnits({ groups }: OpenBatch): UnitSet {
  return UnitSet.unionOf(groups.map(({ units }) => UnitSet.parse(units)));
}

/** Groups of the same attempt that are told the same become one. */
function joined(groups: readonly BatchGroup[]): BatchGroup[] {
  const byName = new Map<string, BatchGroup>();
  for (const group of groups) {
    const name = `${group.attempt} ${group.feedback}`;
    const before = byName.get(name);
    const units = UnitSet.parse(before?.units ?? '').union(UnitSet.parse(group.units));
    byName.set(name, { ...group, units: units.toString() });
  }
  return [...byName.values()].sort((a, b) => a.attempt - b.attempt);
}

function countsOf(kinds: readonly FailureKind[]): Partial<Record<FailureKind, number>> {
  const counts: Partial<Record<FailureKind, number>> = {};
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

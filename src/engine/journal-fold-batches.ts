// The batches that are open, how far each has come, and the queues that were full. Part of the fold of a journal: it moves
// units between the waiting lists of the steps and its batches, and knows nothing of outcomes.
import type { BlobDigest, Claim, JournalEvent } from './events.ts';
import { countOf, moneyOf } from './journal-fold-amounts.ts';
import type { StepBooks, StepDraft } from './journal-fold-steps.ts';
import {
  type BatchPhase,
  type FullQueue,
  isUnsent,
  JournalError,
  type OpenBatch,
  queueName,
} from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Events of one open batch; `batch_settled` is its last. */
export type BatchEvent = Extract<JournalEvent, { readonly batch: string }>;

type FeedbackRemade = Extract<JournalEvent, { type: 'feedback_remade' }>;

/** The open batches of one run. */
export class BatchBooks {
  readonly batches = new Map<string, OpenBatch>();
  readonly queues = new Map<string, FullQueue>();
  private readonly steps: StepBooks;

  constructor(steps: StepBooks) {
    this.steps = steps;
  }

  /** Books of the same over other books of steps, written on apart from these. */
  fork(steps: StepBooks): BatchBooks {
    const other = new BatchBooks(steps);
    for (const [key, batch] of this.batches) other.batches.set(key, batch);
    for (const [name, queue] of this.queues) other.queues.set(name, queue);
    return other;
  }

  /** What befalls an open batch, or opens one. */
  apply(event: BatchEvent): void {
    switch (event.type) {
      case 'batch_declared':
        this.begin(event);
        return;
      case 'batch_claimed':
        this.claim(event.batch, event.claim);
        return;
      case 'batch_creating':
        this.setPhase(event.batch, { kind: 'claimed', claim: event.claim });
        this.noteCreate(event.batch, event.claim.at);
        return;
      case 'batch_troubled':
        this.noteTrouble(event);
        return;
      case 'batch_postponed':
        // Certainly not created: nothing has to be searched for.
        this.change(event.batch, { creating: null });
        // Some of its requests are void: they must not be sent with the others.
        if (this.isCutDown(event.batch)) {
          this.dissolve(this.batch(event.batch), true);
          return;
        }
        this.setPhase(event.batch, {
          kind: 'postponed',
          cause: event.cause,
          why: event.why,
          retryAt: event.retryAt,
        });
        return;
      case 'batch_returned':
        this.giveBack(event);
        return;
      case 'batch_cancel_asked':
        this.change(event.batch, { cancelAsked: { why: event.why, at: event.at } });
        return;
      case 'calls_begun':
        this.beginCalls(event);
        return;
      case 'calls_stopped':
        this.stopCalls(event);
        return;
      case 'calls_answered':
        this.addAnswers(event);
        return;
      case 'batch_submitted':
        this.setPhase(event.batch, { kind: 'submitted', providerBatch: event.providerBatch, at: event.at });
        this.change(event.batch, { submittedAt: event.at });
        return;
      case 'batch_collected':
        this.setPhase(event.batch, {
          kind: 'collected',
          answers: event.answers,
          status: event.status,
          reason: event.reason,
          rows: event.rows,
        });
        return;
      case 'batch_settled':
        this.learnSize(this.batch(event.batch));
        this.batches.delete(event.batch);
        for (const settlement of event.settlements) this.steps.settle(settlement, 'batch');
        return;
      case 'batch_lost':
        this.addUncertain(event);
        this.steps.step(this.batch(event.batch).step).requests += event.uncertainRequests;
        this.dissolve(this.batch(event.batch));
        return;
      case 'answers_lost':
        this.addUncertain(event);
        this.loseAnswers(event);
        return;
      default:
        event satisfies never;
    }
  }

  private batch(key: string): OpenBatch {
    const batch = this.batches.get(key);
    if (batch === undefined)
      throw new JournalError(`The journal speaks of batch ${key} before it was declared.`);
    return batch;
  }

  private change(key: string, change: Partial<OpenBatch>): void {
    this.batches.set(key, { ...this.batch(key), ...change });
  }

  private setPhase(key: string, phase: BatchPhase): void {
    const batch = this.batch(key);
    if (batch.phase.kind === 'collected')
      throw new JournalError(`Batch ${key} changes after it was collected.`);
    this.batches.set(key, { ...batch, phase });
  }

  private begin(event: Extract<JournalEvent, { type: 'batch_declared' }>): void {
    if (this.batches.has(event.batch)) throw new JournalError(`Batch ${event.batch} is declared twice.`);
    let units = UnitSet.empty;
    for (const group of event.groups) {
      const members = UnitSet.parse(group.units);
      this.steps.takeReady(event.step, group.attempt, members, moneyOf(group.released));
      units = units.union(members);
    }
    const step = this.steps.step(event.step);
    step.provider = event.provider;
    step.model = event.model;
    step.mode = event.mode;
    this.batches.set(event.batch, {
      key: event.batch,
      step: event.step,
      provider: event.provider,
      model: event.model,
      mode: event.mode,
      reserved: moneyOf(event.reserved),
      tokens: event.tokens,
      groups: event.groups,
      units,
      requests: event.requests,
      count: event.count,
      phase: { kind: 'claimed', claim: event.claim },
      declaredAt: event.claim.at,
      creating: null,
      trouble: null,
      submittedAt: null,
      cancelAsked: null,
    });
    step.largestBatch = Math.max(step.largestBatch, event.count);
  }

  private noteCreate(key: string, at: number): void {
    const batch = this.batch(key);
    this.change(key, { creating: { first: batch.creating?.first ?? at, last: at } });
  }

  private noteTrouble(event: Extract<JournalEvent, { type: 'batch_troubled' }>): void {
    const trouble = event.trouble === null ? null : { kind: event.trouble, since: event.at };
    this.change(event.batch, { trouble });
  }

  /** A claim on calls that were under way leaves what was answered in place. */
  private claim(key: string, claim: Claim): void {
    const { phase } = this.batch(key);
    this.setPhase(key, phase.kind === 'calling' ? { ...phase, claim } : { kind: 'claimed', claim });
  }

  private beginCalls(event: Extract<JournalEvent, { type: 'calls_begun' }>): void {
    const { phase } = this.batch(event.batch);
    const { again, at } = event;
    if (phase.kind === 'calling') this.setPhase(event.batch, { ...phase, again, stopped: null, at });
    else if (phase.kind === 'claimed') {
      const none = { answered: UnitSet.empty, answers: [], stopped: null, stops: 0 };
      this.setPhase(event.batch, { kind: 'calling', claim: phase.claim, again, ...none, at });
    } else throw new JournalError(`Batch ${event.batch} is called without being claimed.`);
  }

  private stopCalls(event: Extract<JournalEvent, { type: 'calls_stopped' }>): void {
    const { phase } = this.batch(event.batch);
    if (phase.kind !== 'calling')
      throw new JournalError(`Calls of batch ${event.batch} stop before they were begun.`);
    const { cause, why, retryAt } = event;
    const stopped = { uncalled: UnitSet.parse(event.uncalled), cause, why, retryAt };
    this.setPhase(event.batch, { ...phase, stopped, stops: phase.stops + 1 });
  }

  private addAnswers(event: Extract<JournalEvent, { type: 'calls_answered' }>): void {
    const { phase } = this.batch(event.batch);
    if (phase.kind !== 'calling')
      throw new JournalError(`Batch ${event.batch} is answered without being called.`);
    const answered = phase.answered.union(UnitSet.parse(event.units));
    const answers = [...phase.answers, event.answers];
    this.setPhase(event.batch, { ...phase, answered, answers, stops: 0 });
  }

  /** A batch the provider had no room for: its units wait as before, and what was reserved for them stays so. */
  private giveBack(event: Extract<JournalEvent, { type: 'batch_returned' }>): void {
    const batch = this.batch(event.batch);
    this.dissolve(batch, true);
    const step = this.steps.step(batch.step);
    if (event.cause === 'blocked') return;
    const queue = queueName(batch);
    const behind = [...this.batches.values()]
      .filter((other) => other.phase.kind === 'submitted' && queueName(other) === queue)
      .map((other) => other.key);
    if (behind.length === 0) shrink(step, batch);
    const { why, at, retryAt } = event;
    const alone = behind.length > 0 ? 0 : (this.queues.get(queue)?.alone ?? 0) + 1;
    this.queues.set(queue, { why, at, retryAt, alone, behind });
  }

  /** Its units wait again in the same attempt; what was reserved for them stays so where nothing was spent. */
  private dissolve(batch: OpenBatch, isKept = isUnsent(batch)): void {
    this.batches.delete(batch.key);
    for (const { units: text, attempt, feedback, reserved } of batch.groups) {
      const units = UnitSet.parse(text).intersect(batch.units);
      const kept = isKept ? moneyOf(reserved) : 0n;
      if (units.size > 0) this.steps.wait(batch.step, { units, attempt, feedback, kept });
    }
    this.steps.step(batch.step).returned++;
  }

  /**
   * Takes units (from step `from` on, as `reach` tells) out of their batches. A batch that was sent goes on without them:
   * what they were answered is paid and void. Gives those that were in batches of step `from`.
   */
  withdraw(from: number, reach: readonly UnitSet[]): UnitSet {
    let withdrawn = UnitSet.empty;
    for (const batch of [...this.batches.values()]) {
      const gone = (reach[batch.step - from] ?? UnitSet.empty).intersect(batch.units);
      if (gone.size === 0) continue;
      if (batch.step === from) withdrawn = withdrawn.union(gone);
      const units = batch.units.minus(gone);
      if (isUnsent(batch)) this.dissolve({ ...batch, units });
      else this.change(batch.key, { units });
    }
    return withdrawn;
  }

  private isCutDown(key: string): boolean {
    const { units, groups } = this.batch(key);
    return UnitSet.unionOf(groups.map((group) => UnitSet.parse(group.units))).minus(units).size > 0;
  }

  /** What was wrong with the answers before is not told where it stood in one of these blobs. */
  giveUp(blobs: ReadonlySet<BlobDigest>): void {
    for (const { key, groups } of [...this.batches.values()]) {
      if (!groups.some(({ feedback }) => feedback !== null && blobs.has(feedback))) continue;
      const told = (feedback: BlobDigest | null) =>
        feedback === null || blobs.has(feedback) ? null : feedback;
      this.change(key, { groups: groups.map((group) => ({ ...group, feedback: told(group.feedback) })) });
    }
  }

  /** What units of a batch were told stands in another blob. */
  tellAgain({ step, lost, outcomes, units: text }: FeedbackRemade): void {
    const units = UnitSet.parse(text);
    for (const batch of [...this.batches.values()]) {
      if (batch.step !== step || !batch.groups.some(({ feedback }) => feedback === lost)) continue;
      const groups = batch.groups.map((group) => {
        const left = UnitSet.parse(group.units).intersect(batch.units).minus(units);
        return group.feedback === lost && left.size === 0 ? { ...group, feedback: outcomes } : group;
      });
      this.change(batch.key, { groups });
    }
  }

  private addUncertain(event: Extract<JournalEvent, { type: 'batch_lost' | 'answers_lost' }>): void {
    const step = this.steps.step(this.batch(event.batch).step);
    step.uncertain += moneyOf(event.uncertain);
    step.uncertainRequests += countOf(event.uncertainRequests);
  }

  private loseAnswers(event: Extract<JournalEvent, { type: 'answers_lost' }>): void {
    const { phase } = this.batch(event.batch);
    if (phase.kind !== 'calling')
      throw new JournalError(`Batch ${event.batch} loses answers without being called.`);
    const answers = phase.answers.filter((digest) => !event.answers.includes(digest));
    const answered = phase.answered.minus(UnitSet.parse(event.units));
    // The call that is made next counts as the second.
    this.change(event.batch, { phase: { ...phase, answers, answered, again: false, stopped: null } });
  }

  /** What took too long is sent in smaller batches from then on, and in larger ones again when that works. */
  private learnSize(batch: OpenBatch): void {
    if (batch.phase.kind !== 'collected') return;
    const step = this.steps.step(batch.step);
    const { status, rows } = batch.phase;
    const late = status === 'expired' || batch.cancelAsked?.why === 'age';
    if (late && rows < batch.count) shrink(step, batch);
    else if (status === 'completed') {
      this.queues.delete(queueName(batch));
      if (step.mostRequests === null) return;
      const more = Math.max(step.mostRequests, batch.count * 2);
      step.mostRequests = more >= step.largestBatch ? null : more;
    }
  }
}

/** Halves the limit of a step's batches, unless the batch was a small one anyway. */
function shrink(step: StepDraft, { count }: OpenBatch): void {
  const limit = step.mostRequests ?? step.largestBatch;
  if (count * 2 > limit) step.mostRequests = Math.max(1, Math.ceil(count / 2));
}

// From a journal to the state of its run: a pure fold, event by event, that refuses a journal that makes no sense.
import { SAFE_NAME } from '../pipeline/names.ts';
import type { FailureKind } from '../validation/failure.ts';
import { least } from './budget.ts';
import {
  type Claim,
  type CreatedStep,
  JOURNAL_VERSION,
  type JournalEvent,
  type MoneyText,
  type Settlement,
} from './events.ts';
import {
  type BatchPhase,
  type FullQueue,
  isSameTarget,
  JournalError,
  type OpenBatch,
  type PostProcessState,
  queueName,
  type ReadyGroup,
  type RunState,
  type StepState,
  shardUnits,
  type Waves,
} from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Ids name folders, branches of state and artifacts: one that is a way elsewhere is not ours. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type StepDraft = Draft<StepState>;

/** Folds a journal; null when it is empty. Throws a JournalError when it makes no sense. */
export function foldJournal(events: readonly JournalEvent[]): RunState | null {
  const fold = new JournalFold();
  fold.apply(events);
  return fold.state();
}

/** A fold that goes on as events arrive, so that following a long journal stays linear. */
export class JournalFold {
  private run: Draft<RunState> | null = null;
  private steps: StepDraft[] = [];
  private batches = new Map<string, OpenBatch>();
  private queues = new Map<string, FullQueue>();

  /** The state after all events so far; null before the first. A snapshot: later events do not change it. */
  state(): RunState | null {
    if (this.run === null) return null;
    return {
      ...this.run,
      steps: this.steps.map((step) => ({ ...step })),
      batches: new Map(this.batches),
      queues: new Map(this.queues),
    };
  }

  apply(events: readonly JournalEvent[]): void {
    for (const event of events) this.applyOne(event);
  }

  private applyOne(event: JournalEvent): void {
    if (event.type === 'run_created') {
      this.create(event);
      return;
    }
    const run = this.run;
    if (run === null) throw new JournalError('The journal does not begin with the creation of a run.');
    if (run.shard?.merged) throw new JournalError(`Run ${run.run} changes after it was merged.`);
    if ('at' in event) run.lastEventAt = Math.max(run.lastEventAt, event.at);
    switch (event.type) {
      case 'report_changed':
        run.reportSnapshot = event.snapshot;
        return;
      case 'work_settled':
        this.settle(event.settlement, 'waiting');
        return;
      case 'batch_declared':
        this.declare(event);
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
        this.batches.set(event.batch, { ...this.batch(event.batch), creating: null });
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
        this.batches.set(event.batch, {
          ...this.batch(event.batch),
          cancelAsked: { why: event.why, at: event.at },
        });
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
        this.batches.set(event.batch, { ...this.batch(event.batch), submittedAt: event.at });
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
        run.strayRows += event.strayRows;
        for (const settlement of event.settlements) this.settle(settlement, 'batch');
        return;
      case 'cap_changed':
        run.cap = event.cap === null ? null : moneyOf(event.cap);
        return;
      case 'mode_changed':
        run.modes = [...run.modes, event.mode];
        // What was fixed once stays so.
        run.settings = { ...run.settings, prices: { ...event.prices, ...run.settings.prices } };
        return;
      case 'cancel_requested':
        run.canceling = true;
        run.cancelReason = event.why ?? { kind: 'person' };
        return;
      case 'target_added':
        this.addTarget(run, event);
        return;
      case 'shard_submitted':
        if (run.shard !== null) run.shard = { ...run.shard, submitted: true };
        return;
      case 'shard_merged':
        if (run.shard === null) throw new JournalError('The journal merges a run that is no shard.');
        run.shard = { ...run.shard, merged: true };
        run.finished = true;
        return;
      case 'units_retried':
        this.retryFailed(event);
        run.finished = false;
        // What was made of other results is void.
        run.postProcess = { ...run.postProcess, begun: null, ended: new Map() };
        run.canceling = false;
        run.cancelReason = null;
        return;
      case 'wave_weighed':
        run.waves = this.openWave(run, event);
        return;
      case 'run_finished':
        run.finished = true;
        return;
      case 'post_process_trusted':
        run.postProcess = { ...run.postProcess, trusted: event.snapshot };
        return;
      case 'post_process_begun':
        run.postProcess = beginEntry(run.postProcess, event);
        return;
      case 'post_process_ended':
        run.postProcess = endEntry(run.postProcess, event);
        return;
      default:
        throw new JournalError(
          `The journal holds an event this version does not know (${JSON.stringify((event satisfies never as { type?: unknown }).type)}).`,
        );
    }
  }

  private addTarget(run: Draft<RunState>, event: Extract<JournalEvent, { type: 'target_added' }>): void {
    const { target, at } = event;
    const others = run.targets.filter((other) => !isSameTarget(other, target));
    run.targets = [...others, { ...target, addedAt: at }];
  }

  private create(event: Extract<JournalEvent, { type: 'run_created' }>): void {
    if (this.run !== null) throw new JournalError('The journal creates its run twice.');
    if (event.journal > JOURNAL_VERSION) {
      throw new JournalError(
        `The journal has version ${event.journal}, written by engine ${event.engine}; this engine reads up to ${JOURNAL_VERSION}.`,
      );
    }
    if (!RUN_ID.test(event.run) || !event.steps.every(({ name }) => SAFE_NAME.test(name)))
      throw new JournalError('The journal names its run or a step in a way that this program never does.');
    this.run = {
      run: event.run,
      engine: event.engine,
      contentKey: event.contentKey,
      epoch: event.epoch,
      nonce: event.nonce,
      snapshot: event.snapshot,
      reportSnapshot: event.snapshot,
      units: event.units,
      waves: null,
      settings: event.settings,
      modes: [],
      steps: [],
      batches: this.batches,
      queues: this.queues,
      cap: event.settings.cap === null ? null : moneyOf(event.settings.cap),
      shard: event.shard === undefined ? null : { ...event.shard, submitted: false, merged: false },
      targets: [],
      canceling: false,
      cancelReason: null,
      strayRows: 0,
      finished: false,
      postProcess: { trusted: null, begun: null, ended: new Map() },
      createdAt: event.at,
      lastEventAt: event.at,
    };
    // A shard of a small run may have no units at all. Of a run in waves it has a part of the first.
    const units = shardUnits(countOf(event.firstWave ?? event.units), event.shard ?? null);
    if (event.firstWave !== undefined) this.run.waves = { opened: units, looks: [], isOver: false };
    let level = 0;
    this.steps = event.steps.map((step, index) => ({
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
      firstAttemptValid: 0,
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

  private openWave(run: Draft<RunState>, event: Extract<JournalEvent, { type: 'wave_weighed' }>): Waves {
    const { waves } = run;
    if (waves === null || waves.isOver || event.look !== waves.looks.length + 1)
      throw new JournalError(`The journal weighs wave ${event.look} out of turn.`);
    const opens = UnitSet.parse(event.opens);
    const isNew = opens.intersect(waves.opened).size === 0;
    if (!isNew || opens.minus(UnitSet.firstOf(run.units)).size > 0)
      throw new JournalError(`Wave ${event.look} opens units that are open, or that the run does not have.`);
    if (opens.size > 0) {
      const first = this.step(0);
      first.ready = [...first.ready, { units: opens, attempt: 1, feedback: null, kept: 0n }];
    }
    const looks = [...waves.looks, { weighed: event.weighed, opens }];
    return { opened: waves.opened.union(opens), looks, isOver: opens.size === 0 };
  }

  private batch(key: string): OpenBatch {
    const batch = this.batches.get(key);
    if (batch === undefined)
      throw new JournalError(`The journal speaks of batch ${key} before it was declared.`);
    return batch;
  }

  private setPhase(key: string, phase: BatchPhase): void {
    const batch = this.batch(key);
    if (batch.phase.kind === 'collected')
      throw new JournalError(`Batch ${key} changes after it was collected.`);
    this.batches.set(key, { ...batch, phase });
  }

  private declare(event: Extract<JournalEvent, { type: 'batch_declared' }>): void {
    if (this.batches.has(event.batch)) throw new JournalError(`Batch ${event.batch} is declared twice.`);
    let units = UnitSet.empty;
    for (const group of event.groups) {
      const members = UnitSet.parse(group.units);
      this.takeReady(event.step, group.attempt, members, moneyOf(group.released));
      units = units.union(members);
    }
    const step = this.step(event.step);
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
    this.batches.set(key, { ...batch, creating: { first: batch.creating?.first ?? at, last: at } });
  }

  private noteTrouble(event: Extract<JournalEvent, { type: 'batch_troubled' }>): void {
    const batch = this.batch(event.batch);
    const trouble = event.trouble === null ? null : { kind: event.trouble, since: event.at };
    this.batches.set(event.batch, { ...batch, trouble });
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
    this.batches.delete(event.batch);
    const step = this.step(batch.step);
    for (const { units, attempt, feedback, reserved } of batch.groups) {
      const kept = moneyOf(reserved);
      step.ready = [...step.ready, { units: UnitSet.parse(units), attempt, feedback, kept }];
    }
    step.returned++;
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

  /** What took too long is sent in smaller batches from then on, and in larger ones again when that works. */
  private learnSize(batch: OpenBatch): void {
    if (batch.phase.kind !== 'collected') return;
    const step = this.step(batch.step);
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

  private retryFailed(event: Extract<JournalEvent, { type: 'units_retried' }>): void {
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
  private takeReady(index: number, attempt: number, units: UnitSet, released = 0n): void {
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
  private settle(settlement: Settlement, from: 'waiting' | 'batch'): void {
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
      step.firstAttemptValid += newcomers.intersect(passed).size;
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

  private step(index: number): StepDraft {
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

/** An entry that is done once more takes back what it had come to, and those after it with it. */
function beginEntry(
  state: PostProcessState,
  { key, index, owner, until }: Extract<JournalEvent, { type: 'post_process_begun' }>,
): PostProcessState {
  const ended = new Map([...state.ended].filter(([, other]) => other.index < index));
  return { ...state, begun: { key, owner, until }, ended };
}

function endEntry(
  state: PostProcessState,
  { type: _, at: __, ...entry }: Extract<JournalEvent, { type: 'post_process_ended' }>,
): PostProcessState {
  if (state.begun?.key !== entry.key)
    throw new JournalError(`The journal ends "${entry.name}" after the run without having begun it.`);
  return { ...state, begun: null, ended: new Map(state.ended).set(entry.key, entry) };
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

/** Halves the limit of a step's batches, unless the batch was a small one anyway. */
function shrink(step: StepDraft, { count }: OpenBatch): void {
  const limit = step.mostRequests ?? step.largestBatch;
  if (count * 2 > limit) step.mostRequests = Math.max(1, Math.ceil(count / 2));
}

/** An amount of the journal; throws when it is none: a negative one would lift the cap. */
function moneyOf(text: MoneyText | undefined): bigint {
  if (text === undefined) return 0n;
  if (!/^[0-9]{1,40}$/.test(text))
    throw new JournalError(`The journal holds ${JSON.stringify(text)} as money.`);
  return BigInt(text);
}

function countOf(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new JournalError(`The journal holds ${JSON.stringify(count)} as a count.`);
  return count;
}

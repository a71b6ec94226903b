// From a journal to the state of its run: a pure fold, event by event, that refuses a journal that makes no sense. What
// befalls the run itself stands here; the books of its steps and of its open batches have files of their own.
import { SAFE_NAME } from '../pipeline/names.ts';
import { type BlobDigest, JOURNAL_VERSION, type JournalEvent } from './events.ts';
import { countOf, moneyOf } from './journal-fold-amounts.ts';
import { BatchBooks } from './journal-fold-batches.ts';
import { StepBooks } from './journal-fold-steps.ts';
import {
  type EntryBooks,
  isSameTarget,
  type JoinedEntries,
  JournalError,
  type PostProcessState,
  type RunState,
  shardUnits,
  type Waves,
} from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Ids name folders, branches of state and artifacts: one that is a way elsewhere is not ours. */
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Folds a journal; null when it is empty. Throws a JournalError when it makes no sense. */
export function foldJournal(events: readonly JournalEvent[]): RunState | null {
  const fold = new JournalFold();
  fold.apply(events);
  return fold.state();
}

/** A fold that goes on as events arrive, so that following a long journal stays linear. */
export class JournalFold {
  private run: Draft<RunState> | null = null;
  private steps = new StepBooks([], UnitSet.empty);
  private batches = new BatchBooks(this.steps);

  /** The state after all events so far; null before the first. A snapshot: later events do not change it. */
  state(): RunState | null {
    if (this.run === null) return null;
    const { batches, queues } = this.batches;
    return {
      ...this.run,
      steps: this.steps.snapshot(),
      batches: new Map(batches),
      queues: new Map(queues),
    };
  }

  apply(events: readonly JournalEvent[]): void {
    for (const event of events) this.applyOne(event);
  }

  /** Another fold of the same events: what is applied to one of them from here on does not reach the other. */
  fork(): JournalFold {
    const other = new JournalFold();
    other.run = this.run === null ? null : { ...this.run };
    other.steps = this.steps.fork();
    other.batches = this.batches.fork(other.steps);
    return other;
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
      case 'batch_declared':
      case 'batch_claimed':
      case 'batch_creating':
      case 'batch_troubled':
      case 'batch_postponed':
      case 'batch_returned':
      case 'batch_cancel_asked':
      case 'calls_begun':
      case 'calls_stopped':
      case 'calls_answered':
      case 'batch_submitted':
      case 'batch_collected':
      case 'batch_lost':
      case 'answers_lost':
        this.batches.apply(event);
        return;
      case 'batch_settled':
        run.strayRows += event.strayRows;
        this.batches.apply(event);
        return;
      case 'work_settled':
        this.steps.settle(event.settlement, 'waiting');
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
        this.steps.retryFailed(event);
        goOn(run);
        run.canceling = false;
        run.cancelReason = null;
        return;
      case 'outcomes_remade':
        this.steps.replace(event);
        return;
      case 'feedback_remade':
        this.steps.tellAgain(event);
        this.batches.tellAgain(event);
        return;
      case 'units_lost':
        this.lose(event);
        // A run whose end is wanted still ends; one that was ended is begun again.
        if (run.finished) {
          run.canceling = false;
          run.cancelReason = null;
        }
        goOn(run);
        return;
      case 'blobs_lost': {
        const blobs = new Set(event.blobs);
        this.steps.giveUp(blobs);
        this.batches.giveUp(blobs);
        return;
      }
      case 'wave_weighed':
        run.waves = this.openWave(run, event);
        return;
      case 'run_finished':
        run.finished = true;
        return;
      case 'post_process_trusted':
        run.postProcess = { ...run.postProcess, trusted: event.snapshot, target: event.target ?? null };
        return;
      case 'post_process_joined':
        run.postProcess = joinEntries(run.postProcess, event);
        return;
      case 'post_process_begun':
        run.postProcess = inBooks(run.postProcess, event, beginEntry);
        return;
      case 'post_process_ended':
        run.postProcess = inBooks(run.postProcess, event, endEntry);
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
      batches: new Map(),
      queues: new Map(),
      cap: event.settings.cap === null ? null : moneyOf(event.settings.cap),
      shard: event.shard === undefined ? null : { ...event.shard, submitted: false, merged: false },
      targets: [],
      canceling: false,
      cancelReason: null,
      strayRows: 0,
      finished: false,
      postProcess: { trusted: null, target: null, ...NOTHING_DONE, joined: new Map() },
      createdAt: event.at,
      lastEventAt: event.at,
    };
    // A shard of a small run may have no units at all. Of a run in waves it has a part of the first.
    const units = shardUnits(countOf(event.firstWave ?? event.units), event.shard ?? null);
    if (event.firstWave !== undefined) this.run.waves = { opened: units, looks: [], isOver: false };
    this.steps = new StepBooks(event.steps, units);
    this.batches = new BatchBooks(this.steps);
  }

  private lose(event: Extract<JournalEvent, { type: 'units_lost' }>): void {
    const units = UnitSet.unionOf(event.groups.map((group) => UnitSet.parse(group.units)));
    const reach = this.steps.reach(event.step, units);
    this.steps.lose(event, reach, this.batches.withdraw(event.step, reach));
  }

  private openWave(run: Draft<RunState>, event: Extract<JournalEvent, { type: 'wave_weighed' }>): Waves {
    const { waves } = run;
    if (waves === null || waves.isOver || event.look !== waves.looks.length + 1)
      throw new JournalError(`The journal weighs wave ${event.look} out of turn.`);
    const opens = UnitSet.parse(event.opens);
    const isNew = opens.intersect(waves.opened).size === 0;
    if (!isNew || opens.minus(UnitSet.firstOf(run.units)).size > 0)
      throw new JournalError(`Wave ${event.look} opens units that are open, or that the run does not have.`);
    this.steps.open(opens);
    const looks = [...waves.looks, { weighed: event.weighed, opens }];
    return { opened: waves.opened.union(opens), looks, isOver: opens.size === 0 };
  }
}

/** The run is not finished any more; what was made of its results is void. */
function goOn(run: Draft<RunState>): void {
  run.finished = false;
  const joined = [...run.postProcess.joined].map(([by, one]) => [by, { ...one, ...NOTHING_DONE }] as const);
  run.postProcess = { ...run.postProcess, ...NOTHING_DONE, joined: new Map(joined) };
}

const NOTHING_DONE: EntryBooks = { begun: null, ended: new Map() };

/** Who vouches for what joined without that makes it trusted; nobody makes it less. */
function joinEntries(
  state: PostProcessState,
  { snapshot, trusted, target }: Extract<JournalEvent, { type: 'post_process_joined' }>,
): PostProcessState {
  const known = state.joined.get(snapshot);
  if (known !== undefined && (known.isTrusted || !trusted)) return state;
  const one: JoinedEntries = { ...NOTHING_DONE, ...known, isTrusted: trusted, target };
  return { ...state, joined: new Map(state.joined).set(snapshot, one) };
}

/** What happens to an entry is noted in the books of its own snapshot. */
function inBooks<E extends { readonly by?: BlobDigest }>(
  state: PostProcessState,
  event: E,
  note: (books: EntryBooks, event: E) => EntryBooks,
): PostProcessState {
  const { by } = event;
  if (by === undefined) return { ...state, ...note({ begun: state.begun, ended: state.ended }, event) };
  const known = state.joined.get(by);
  if (known === undefined)
    throw new JournalError('The journal notes entries of a commit that never joined the run.');
  return { ...state, joined: new Map(state.joined).set(by, { ...known, ...note(known, event) }) };
}

/** An entry that is done once more takes back what it had come to, and those after it with it. */
function beginEntry(
  books: EntryBooks,
  { key, index, owner, until }: Extract<JournalEvent, { type: 'post_process_begun' }>,
): EntryBooks {
  const ended = new Map([...books.ended].filter(([, other]) => other.index < index));
  return { begun: { key, owner, until }, ended };
}

function endEntry(
  books: EntryBooks,
  { type: _, at: __, by: ___, ...entry }: Extract<JournalEvent, { type: 'post_process_ended' }>,
): EntryBooks {
  if (books.begun?.key !== entry.key)
    throw new JournalError(`The journal ends "${entry.name}" after the run without having begun it.`);
  return { begun: null, ended: new Map(books.ended).set(entry.key, entry) };
}

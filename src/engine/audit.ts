// What must be true of a run, as far as its journal alone tells: which blobs it names and for what, and that every unit is
// in one place at every step. Pure: whoever asks reads the blobs, and says what follows.
import type { BlobDigest, JournalEvent, Settlement } from './events.ts';
import { plannedUnits, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** What a blob holds. `made`: what came of an entry that is done after the run. */
export type BlobRole = 'snapshot' | 'base' | 'requests' | 'answers' | 'outcomes' | 'made';

/** A blob that a journal names. */
export interface NamedBlob {
  readonly digest: BlobDigest;
  readonly role: BlobRole;
  /** Of outcomes: the units that it has a line of each, the step whose numbers these are, and the attempt. */
  readonly lines: { readonly units: string; readonly step: number } | null;
  /** Place in the journal of the event that named it first, or first since it was given up. */
  readonly event: number;
  /** The journal says that nobody has it, and has not named it since. */
  readonly isGivenUp: boolean;
}

/** Every blob that a journal names, in the order in which it names them, each once. */
export function namedBlobs(events: readonly JournalEvent[]): readonly NamedBlob[] {
  const named = new Map<BlobDigest, NamedBlob>();
  events.forEach((event, place) => {
    const add = (digest: BlobDigest, role: BlobRole, lines: NamedBlob['lines'] = null): void => {
      if (named.get(digest)?.isGivenUp !== false)
        named.set(digest, { digest, role, lines, event: place, isGivenUp: false });
    };
    const settle = ({ step, units, outcomes, children }: Settlement): void => {
      add(outcomes, 'outcomes', { units, step });
      if (children !== undefined)
        add(children.outcomes, 'outcomes', { units: children.units, step: step + 1 });
    };
    if (event.type === 'run_created') {
      add(event.snapshot, 'snapshot');
      if (event.settings.against !== undefined) add(event.settings.against, 'base');
    } else if (event.type === 'report_changed') add(event.snapshot, 'snapshot');
    else if (event.type === 'target_added' && event.target.judgedBy !== undefined)
      add(event.target.judgedBy, 'snapshot');
    else if (event.type === 'work_settled') settle(event.settlement);
    else if (event.type === 'batch_declared') add(event.requests, 'requests');
    else if (event.type === 'calls_answered' || event.type === 'batch_collected')
      add(event.answers, 'answers');
    else if (event.type === 'batch_settled') event.settlements.forEach(settle);
    else if (event.type === 'post_process_ended') add(event.kept, 'made');
    else if (event.type === 'outcomes_remade' || event.type === 'feedback_remade')
      add(event.outcomes, 'outcomes', { units: event.units, step: event.step });
    else if (event.type === 'blobs_lost')
      for (const digest of event.blobs) {
        const blob = named.get(digest);
        if (blob !== undefined) named.set(digest, { ...blob, isGivenUp: true });
      }
  });
  return [...named.values()];
}

/** Blobs that the run still reads for its results, or to go on. */
export function neededBlobs(state: RunState): ReadonlySet<BlobDigest> {
  const needed = new Set<BlobDigest>([state.snapshot, state.reportSnapshot]);
  for (const step of state.steps) {
    for (const { outcomes, units } of [...step.segments, ...step.failureBlobs])
      if (units.size > 0) needed.add(outcomes);
    for (const { feedback } of step.ready) if (feedback !== null) needed.add(feedback);
  }
  for (const { requests, phase, groups } of state.batches.values()) {
    needed.add(requests);
    for (const { feedback } of groups) if (feedback !== null) needed.add(feedback);
    if (phase.kind === 'collected') needed.add(phase.answers);
    if (phase.kind === 'calling') for (const answers of phase.answers) needed.add(answers);
  }
  return needed;
}

/** Units of a step that are not where they should be. Sets in the numbers of that step. */
export interface MisplacedUnits {
  readonly step: number;
  /** They came to the step, and are neither valid nor failed nor in flight. */
  readonly missing: UnitSet;
  /** They are in more than one of these places. */
  readonly doubled: UnitSet;
  /** They never came to the step. */
  readonly stray: UnitSet;
}

/** Holds the sets of every step against each other; an empty list: each unit is in one place. */
export function misplacedUnits(state: RunState): readonly MisplacedUnits[] {
  const found: MisplacedUnits[] = [];
  let came = plannedUnits(state);
  for (const [index, step] of state.steps.entries()) {
    let seen = UnitSet.empty;
    let doubled = UnitSet.empty;
    const batches = [...state.batches.values()].filter((batch) => batch.step === index);
    for (const { units } of [{ units: step.passed }, { units: step.failed }, ...step.ready, ...batches]) {
      doubled = doubled.union(seen.intersect(units));
      seen = seen.union(units);
    }
    const missing = came.minus(seen);
    const stray = seen.minus(came);
    if (missing.size + doubled.size + stray.size > 0) found.push({ step: index, missing, doubled, stray });
    came = step.kind === 'fan_out' ? step.made : step.passed;
  }
  return found;
}

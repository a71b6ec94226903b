// Performs a person's wish that units that failed for good are tried again: they wait once more, as their next attempt.
// It asks nobody anything; the next tick does.
import type { FailureKind } from '../validation/failure.ts';
import type { BatchGroup, JournalEvent } from './events.ts';
import type { OutcomeHead } from './outcome-line.ts';
import { NEVER_ASKED_RULE } from './perform-abandon.ts';
import type { RunContext } from './perform-context.ts';
import { giverOf } from './perform-fan-out.ts';
import { readLines, readOutputs } from './records.ts';
import { againFrom } from './retry-policy.ts';
import { isBeforeItsEnd, JournalError } from './state.ts';
import { UnitSet } from './unit-set.ts';

/** Which failures: at which step (index) and of which kind; null: any. */
export interface RetryChoice {
  readonly step: number | null;
  readonly kind: FailureKind | null;
  /** Only attempts that are wanted: of a unit (by id), from a step (by name) on; absent: all. */
  readonly wants?: (unit: string, step: string, attempt: number) => boolean;
}

/**
 * How many units wait again, and how many were chosen but would fail the same way: nothing random feeds them. `goesOn`: the
 * run was cancelled between two waves, and is weighed again.
 */
export interface RetryCount {
  readonly retried: number;
  readonly hopeless: number;
  readonly goesOn: boolean;
}

/** Units that begin again at the same step after the same failed attempt. */
interface Again {
  readonly to: number;
  readonly attempt: number;
  readonly feedback: string;
  readonly units: number[];
  readonly kinds: Partial<Record<FailureKind, number>>;
}

/** Puts failed units back to work. Throws a JournalError while the run is being cancelled. */
export async function retryFailed(context: RunContext, choice: RetryChoice): Promise<RetryCount> {
  for (;;) {
    await context.follow();
    const { state } = context;
    if (state.canceling && !state.finished) {
      throw new JournalError(`Run ${state.run} is being cancelled; collect it to its end first.`);
    }
    const events: JournalEvent[] = [];
    let retried = 0;
    let hopeless = 0;
    for (const step of choice.step === null ? state.steps.keys() : [choice.step]) {
      const found = await findAgain(context, step, choice);
      hopeless += found.hopeless;
      for (const event of eventsOf(step, found.again, context.ports.clock.now())) events.push(event);
      for (const { units } of found.again) retried += units.length;
    }
    const goesOn = events.length === 0 && wantsAll(choice) && state.finished && isBeforeItsEnd(state);
    // It lost no unit, so that there is nothing but its end to take back.
    if (goesOn)
      events.push({ type: 'units_retried', step: 0, to: 0, ...NO_UNITS, at: context.ports.clock.now() });
    if (events.length === 0 || (await context.record(events))) return { retried, hopeless, goesOn };
  }
}

const NO_UNITS = { groups: [], kinds: {} };

function wantsAll({ step, kind, wants }: RetryChoice): boolean {
  return step === null && (kind === null || kind === 'canceled') && wants === undefined;
}

async function findAgain(
  context: RunContext,
  index: number,
  { kind, wants = () => true }: RetryChoice,
): Promise<{ again: readonly Again[]; hopeless: number }> {
  const again = new Map<string, Again>();
  let hopeless = 0;
  for (const { units, outcomes } of context.state.steps[index]?.failureBlobs ?? []) {
    for await (const { head, giver } of readFailures(context, index, units, outcomes)) {
      const { failure } = head;
      if (failure === null || (kind !== null && failure.kind !== kind)) continue;
      const to = againFrom(context.pipeline.steps, index, failure, giver);
      if (to === null) {
        hopeless++;
        continue;
      }
      const isNew = !failure.issues.some(({ rule }) => rule === NEVER_ASKED_RULE);
      const attempt = head.attempt + (isNew ? 1 : 0);
      if (!wants(head.id, context.step(to).name, attempt)) continue;
      const name = `${to} ${attempt} ${outcomes}`;
      let one = again.get(name);
      if (one === undefined)
        again.set(name, (one = { to, attempt, feedback: outcomes, units: [], kinds: {} }));
      one.units.push(head.unit);
      one.kinds[failure.kind] = (one.kinds[failure.kind] ?? 0) + 1;
    }
  }
  return { again: [...again.values()], hopeless };
}

/** Failures for good at a step; of a fan-out with the step that gave the list, if that is known. */
async function* readFailures(
  context: RunContext,
  index: number,
  units: UnitSet,
  outcomes: string,
): AsyncGenerator<{ readonly head: OutcomeHead; readonly giver: number | undefined }> {
  const step = context.step(index);
  const inputs =
    step.kind === 'fan_out' ? readOutputs(context.state.steps, index, units, context.bunches) : null;
  try {
    for await (const { head } of readLines([{ units, outcomes }], units, context.bunches)) {
      const input = await inputs?.next();
      const isKnown = step.kind === 'fan_out' && input?.done === false && head.failure !== null;
      yield { head, giver: isKnown ? giverOf(step.field, input.value.steps, head.failure) : undefined };
    }
  } finally {
    await inputs?.return(undefined);
  }
}

/** One event for each step at which units begin again. */
function eventsOf(step: number, again: readonly Again[], at: number): JournalEvent[] {
  const targets = [...new Set(again.map(({ to }) => to))].sort((a, b) => a - b);
  return targets.map((to) => {
    const here = again.filter((one) => one.to === to);
    const kinds: Partial<Record<FailureKind, number>> = {};
    const groups = here.map(({ attempt, feedback, units, kinds: counts }): BatchGroup => {
      for (const [kind, count] of Object.entries(counts) as [FailureKind, number][])
        kinds[kind] = (kinds[kind] ?? 0) + count;
      return { attempt, units: UnitSet.of(units).toString(), feedback };
    });
    groups.sort((a, b) => a.attempt - b.attempt);
    return { type: 'units_retried', step, to, groups, kinds, at };
  });
}

// Performs the giving up of units that wait at a step of a cancelled run: each becomes a failure that says so.
import type { Failure } from '../validation/failure.ts';
import type { Command } from './decide.ts';
import { NOTHING_ASKED, type Settlement } from './events.ts';
import { formatOutcome } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';

/** The rule of a failure whose attempt was never made: a later retry makes it. */
export const NEVER_ASKED_RULE = '(never asked)';

/** Gives up a group of waiting units. */
export async function abandon(
  context: RunContext,
  { step, group }: Extract<Command, { kind: 'abandon' }>,
): Promise<void> {
  const { units, attempt } = group;
  const issues = [
    { path: '', rule: NEVER_ASKED_RULE, message: 'the run was cancelled before this was done' },
  ];
  const failure: Failure = { kind: 'canceled', step: context.step(step).name, issues, raw: null };
  function* lines(): Generator<string> {
    for (const unit of units) {
      const { id } = context.unitAt(step, unit);
      yield `${formatOutcome({ unit, id, attempt, failure, warnings: [], loops: [] }, [])}\n`;
    }
  }
  const settlement: Settlement = {
    step,
    through: step,
    attempt,
    units: units.toString(),
    outcomes: await context.ports.blobs.put(lines()),
    stops: [{ step, failed: units.toString(), kinds: { canceled: units.size }, retries: [] }],
    capped: [0],
    ...NOTHING_ASKED,
  };
  await context.record([{ type: 'work_settled', settlement, at: context.ports.clock.now() }]);
}

// Performs local work: hands a chunk of units to the runner and settles what it computed.

import type { LoopRecord } from '../analysis/record.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import type { LocalOutcome } from '../ports/runner.ts';
import type { Command } from './decide.ts';
import { NOTHING_ASKED, type Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readOutputs } from './records.ts';
import { StopsBuilder } from './stops.ts';

/** Computes a chunk through consecutive expression steps. Others may compute the same; only one result is recorded. */
export async function compute(
  context: RunContext,
  command: Extract<Command, { kind: 'compute' }>,
): Promise<void> {
  const { step, through, group } = command;
  const { attempt, units } = group;
  const inputs: { id: string; fields: string }[] = [];
  for await (const { unit, steps } of readOutputs(context.state.steps, step, units, context.lines)) {
    const id = context.units.unit(unit).id;
    inputs.push({ id, fields: joinObjects([context.itemFields(unit), ...steps.map((one) => one.fields)]) });
  }
  const steps = context.pipeline.steps.slice(step, through + 1) as ExpressionStep[];
  const { seed, rng } = context.pipeline;
  const outcomes = await context.ports.runner.compute({ steps, seed, rng, units: inputs });
  const stops = new StopsBuilder(context.pipeline.steps, attempt);
  const capped = steps.map(() => 0);
  const lines: string[] = [];
  let position = 0;
  for (const unit of units) {
    const outcome = outcomes[position]!;
    const done = outcome.kind === 'done' ? outcome.steps : outcome.done;
    done.forEach((one, column) => {
      if (one.timedOut) capped[column]!++;
    });
    if (outcome.kind === 'failed') stops.add(unit, step + done.length, outcome.failure);
    lines.push(`${outcomeLine(unit, inputs[position]!.id, attempt, outcome, steps)}\n`);
    position++;
  }
  const settlement: Settlement = {
    step,
    through,
    attempt,
    units: units.toString(),
    outcomes: await context.ports.blobs.put(lines),
    stops: stops.build(),
    capped,
    ...NOTHING_ASKED,
  };
  await context.record([{ type: 'work_settled', settlement, at: context.ports.clock.now() }]);
}

function outcomeLine(
  unit: number,
  id: string,
  attempt: number,
  outcome: LocalOutcome,
  steps: readonly ExpressionStep[],
): string {
  const done = outcome.kind === 'done' ? outcome.steps : outcome.done;
  const loops = done.map((one, column): LoopRecord | null =>
    steps[column]!.loopUntil === null ? null : { iterations: one.iterations, capped: one.timedOut },
  );
  const failure = outcome.kind === 'failed' ? outcome.failure : null;
  const warnings = done.flatMap((one) => one.warnings);
  const head = { unit, id, attempt, failure, warnings, loops };
  return formatOutcome(
    head,
    done.map((one) => one.fields),
  );
}

// Performs a fan-out: makes the children of a chunk of units and settles both. Others may make the same; only one result
// is recorded. It holds the children of one unit at a time.
import { fieldsFromJson } from '../expression/json.ts';
import { fanOut, MISSING_RULE } from '../simulation/fan-out.ts';
import type { Failure } from '../validation/failure.ts';
import type { Command } from './decide.ts';
import { NOTHING_ASKED, type Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readOutputs, type StepOutput } from './records.ts';
import { JournalError } from './state.ts';
import { StopsBuilder } from './stops.ts';
import { UnitSet } from './unit-set.ts';

/** Makes the children of a group of units. */
export async function makeChildren(
  context: RunContext,
  { step, group }: Extract<Command, { kind: 'fan_out' }>,
): Promise<void> {
  const { attempt, units } = group;
  const fanOutStep = context.step(step);
  if (fanOutStep.kind !== 'fan_out') throw new JournalError(`Step "${fanOutStep.name}" does not fan out.`);
  const { field, maxChildren } = fanOutStep;
  const stops = new StopsBuilder(context.pipeline.steps, attempt);
  const parents: string[] = [];
  const made: number[] = [];
  async function* childLines(): AsyncGenerator<string> {
    for await (const { unit, steps } of readOutputs(context.state.steps, step, units, context.openBlobs)) {
      const { id } = context.unitAt(step, unit);
      const fields = joinObjects([context.itemFields(step, unit), ...steps.map((one) => one.fields)]);
      const outcome = fanOut(fanOutStep as typeof fanOutStep & { kind: 'fan_out' }, { id, fields });
      const failure = outcome.kind === 'failed' ? outcome.failure : null;
      if (failure !== null) stops.add(unit, step, failure, giverOf(field, steps, failure));
      const head = { unit, id, attempt, failure, warnings: [], loops: [null] };
      parents.push(`${formatOutcome(head, failure === null ? ['{}'] : [])}\n`);
      if (outcome.kind === 'failed') continue;
      for (const [place, text] of outcome.children.entries()) {
        const child = unit * maxChildren + place;
        made.push(child);
        const { id } = context.unitAt(step + 1, child);
        const head = { unit: child, id, attempt: 1, failure: null, warnings: [], loops: [null] };
        yield `${formatOutcome(head, [text])}\n`;
      }
    }
  }
  const lines = childLines();
  const first = await lines.next();
  const children =
    first.done === true ? null : await context.ports.blobs.put(startingWith(first.value, lines));
  const settlement: Settlement = {
    step,
    through: step,
    attempt,
    units: units.toString(),
    outcomes: await context.ports.blobs.put(parents),
    stops: stops.build(),
    ...(children === null ? {} : { children: { units: UnitSet.of(made).toString(), outcomes: children } }),
    capped: [0],
    ...NOTHING_ASKED,
  };
  await context.record([{ type: 'work_settled', settlement, at: context.ports.clock.now() }]);
}

/** A blob is written only when it has a line: nobody would name an empty one. */
async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** The last step that gave the field, or none (-1): it is the item's. A field that is missing any step may have left out. */
export function giverOf(
  field: string,
  outputs: readonly StepOutput[],
  { issues }: Failure,
): number | undefined {
  if (issues[0]?.rule === MISSING_RULE) return undefined;
  return outputs.findLastIndex(({ fields }) => fieldsFromJson(fields).has(field));
}

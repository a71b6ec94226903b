// Performs the declaration of a batch: has prompts of waiting units rendered until the batch is full, stores the
// requests, and declares and claims it in one append. Units whose prompt cannot be rendered are settled as failures
// with it.

import type { LlmStep } from '../pipeline/pipeline.ts';
import type { Failure } from '../validation/failure.ts';
import { feedbackText } from '../validation/feedback.ts';
import { ChunkReader } from './chunk-reader.ts';
import { type Command, LOCAL_CHUNK } from './decide.ts';
import type { BatchGroup, JournalEvent, Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { promptWork } from './prompt-chunk.ts';
import { readLines, readOutputs } from './records.ts';
import { batchKey, requestHash } from './request-id.ts';
import { type RequestHead, type RequestLine, toModelRequest } from './request-line.ts';
import { isTellable } from './retry-policy.ts';
import type { ReadyGroup } from './state.ts';
import { StopsBuilder } from './stops.ts';
import { UnitSet } from './unit-set.ts';

/** How long a claim lasts (ms): far longer than an upload takes, so that a living owner never loses it. */
const CLAIM_MS = 15 * 60_000;

/** Prompts rendered in one go: at first while their size is not known, then at the most, and at the most in bytes. */
const FIRST_CHUNK = 50;
const CHUNK = 200;
const CHUNK_BYTES = 8_000_000;

/** A claim by this process, from now on. */
export function claimNow(context: RunContext): { owner: string; at: number; expires: number } {
  const at = context.ports.clock.now();
  return { owner: context.ports.owners.self, at, expires: at + CLAIM_MS };
}

/** Declares one batch of a step's waiting units, as many as fit. */
export async function declare(
  context: RunContext,
  command: Extract<Command, { kind: 'declare' }>,
): Promise<void> {
  const step = context.llmStep(command.step);
  const provider = context.providerOf(step);
  const { batches } = await context.session(provider);
  const head: RequestHead = {
    model: context.modelOf(step),
    maxTokens: step.maxTokens,
    temperature: step.temperature,
    schema: step.schema,
  };
  const packing = new Packing(
    Math.min(context.pipeline.chunkSize ?? batches.limits.maxRequests, batches.limits.maxRequests),
    batches.limits.maxBytes,
  );
  const work = promptWork(context.pipeline, step);
  async function* requestLines(): AsyncGenerator<string> {
    yield `${JSON.stringify(head)}\n`;
    for (const group of command.groups) {
      const { attempt } = group;
      const waiting = new ChunkReader(waitingUnits(context, command.step, step, group), fieldsLength);
      try {
        for (;;) {
          const chunk = await waiting.take(packing.worthRendering());
          if (chunk.length === 0) break;
          const units = chunk.map(({ id, fields }) => ({ id, fields }));
          const outcomes = await context.ports.runner.render({ ...work, units });
          for (const [position, { unit, id, feedback }] of chunk.entries()) {
            const outcome = outcomes[position]!;
            if (outcome.kind === 'failed') {
              packing.refuse(group, unit, id, outcome.failure);
              if (packing.refusals >= LOCAL_CHUNK) return;
              continue;
            }
            const { system } = outcome;
            const prompt = feedback === null ? outcome.prompt : `${outcome.prompt}\n\n${feedback}`;
            const hash = requestHash(id, step.name, attempt);
            const line: RequestLine = { unit, id, attempt, hash, system, prompt };
            if (!packing.admit(group, unit, batches.sizeOf(toModelRequest('00000000', head, line)))) return;
            yield `${JSON.stringify(line)}\n`;
          }
        }
      } finally {
        await waiting.close();
      }
    }
  }
  const requests = await context.ports.blobs.put(requestLines());
  const events: JournalEvent[] = [];
  for (const [attempt, refused] of packing.refused) {
    events.push(await settleRefused(context, command.step, attempt, refused));
  }
  const groups = packing.groups();
  if (groups.length > 0) {
    events.push({
      type: 'batch_declared',
      batch: batchKey(context.state.nonce, step.name, groups),
      step: command.step,
      provider,
      model: head.model,
      groups,
      requests,
      count: packing.count,
      claim: claimNow(context),
    });
  }
  await context.record(events);
}

/** A unit whose prompt is to be rendered. `feedback`: what it is told about its last answer, or null. */
interface WaitingUnit {
  readonly unit: number;
  readonly id: string;
  readonly fields: string;
  readonly feedback: string | null;
}

function fieldsLength({ fields }: WaitingUnit): number {
  return fields.length;
}

async function* waitingUnits(
  context: RunContext,
  index: number,
  step: LlmStep,
  group: ReadyGroup,
): AsyncGenerator<WaitingUnit> {
  const told = group.feedback !== null && step.retry.feedback ? group.feedback : null;
  const before =
    told === null ? null : readLines([{ units: group.units, outcomes: told }], group.units, context.lines);
  try {
    for await (const { unit, steps } of readOutputs(context.state.steps, index, group.units, context.lines)) {
      const { id } = context.units.unit(unit);
      const fields = joinObjects([context.itemFields(unit), ...steps.map((one) => one.fields)]);
      const failure = before === null ? null : ((await before.next()).value?.head.failure ?? null);
      const feedback = failure !== null && isTellable(failure) ? feedbackText(failure) : null;
      yield { unit, id, fields, feedback };
    }
  } finally {
    await before?.return(undefined);
  }
}

type Refused = { readonly unit: number; readonly id: string; readonly failure: Failure };

async function settleRefused(
  context: RunContext,
  index: number,
  attempt: number,
  refused: readonly Refused[],
): Promise<JournalEvent> {
  const stops = new StopsBuilder(context.pipeline.steps, attempt);
  const lines = refused.map(({ unit, id, failure }) => {
    stops.add(unit, index, failure);
    return `${formatOutcome({ unit, id, attempt, failure, warnings: [], loops: [] }, [])}\n`;
  });
  const settlement: Settlement = {
    step: index,
    through: index,
    attempt,
    units: UnitSet.of(refused.map((one) => one.unit)).toString(),
    outcomes: await context.ports.blobs.put(lines),
    stops: stops.build(),
    capped: [0],
    requests: 0,
    usage: { input: 0, output: 0 },
  };
  return { type: 'work_settled', settlement, at: context.ports.clock.now() };
}

/** Counts what goes into a batch until it is full. A request too large on its own still gets a batch of its own. */
class Packing {
  count = 0;
  refusals = 0;
  readonly refused = new Map<number, Refused[]>();
  private bytes = 0;
  private readonly maxRequests: number;
  private readonly maxBytes: number;
  private readonly admitted = new Map<ReadyGroup, number[]>();

  constructor(maxRequests: number, maxBytes: number) {
    this.maxRequests = maxRequests;
    this.maxBytes = maxBytes;
  }

  admit(group: ReadyGroup, unit: number, bytes: number): boolean {
    if (this.count > 0 && (this.count >= this.maxRequests || this.bytes + bytes > this.maxBytes))
      return false;
    this.count++;
    this.bytes += bytes;
    const units = this.admitted.get(group);
    if (units === undefined) this.admitted.set(group, [unit]);
    else units.push(unit);
    return true;
  }

  /** How many units to render next, by the size of the requests so far; at least one, to see that it does not fit. */
  worthRendering(): number {
    if (this.count === 0) return Math.min(FIRST_CHUNK, this.maxRequests);
    const size = this.bytes / this.count;
    const fitting = Math.ceil(Math.min(CHUNK_BYTES, this.maxBytes - this.bytes) / size);
    return Math.max(1, Math.min(CHUNK, this.maxRequests - this.count, fitting));
  }

  refuse(group: ReadyGroup, unit: number, id: string, failure: Failure): void {
    const refused = this.refused.get(group.attempt) ?? [];
    refused.push({ unit, id, failure });
    this.refusals++;
    this.refused.set(group.attempt, refused);
  }

  groups(): readonly BatchGroup[] {
    return [...this.admitted].map(([{ attempt, feedback }, units]) => ({
      attempt,
      units: UnitSet.of(units).toString(),
      feedback,
    }));
  }
}

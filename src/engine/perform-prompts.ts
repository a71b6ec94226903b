// Performs the declaration of a batch: renders prompts of waiting units until the batch is full, stores the requests,
// and declares and claims it in one append. Units whose prompt cannot be rendered are settled as failures with it.

import { ExpressionError } from '../expression/errors.ts';
import { fieldsFromJson } from '../expression/json.ts';
import type { Value } from '../expression/values.ts';
import type { LlmStep } from '../pipeline/pipeline.ts';
import { TemplateError } from '../template/error.ts';
import type { Failure } from '../validation/failure.ts';
import { feedbackText } from '../validation/feedback.ts';
import { type Command, LOCAL_CHUNK } from './decide.ts';
import type { BatchGroup, JournalEvent, Settlement } from './events.ts';
import { formatOutcome, joinObjects } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import { readLines, readOutputs } from './records.ts';
import { batchKey, requestHash } from './request-id.ts';
import { type RequestHead, type RequestLine, toModelRequest } from './request-line.ts';
import { isTellable } from './retry-policy.ts';
import type { ReadyGroup } from './state.ts';
import { StopsBuilder } from './stops.ts';
import { UnitSet } from './unit-set.ts';

/** How long a claim lasts (ms): far longer than an upload takes, so that a living owner never loses it. */
const CLAIM_MS = 15 * 60_000;

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
  async function* requestLines(): AsyncGenerator<string> {
    yield `${JSON.stringify(head)}\n`;
    for (const group of command.groups) {
      for await (const { unit, id, prompt } of renderGroup(context, command.step, step, group)) {
        if ('failure' in prompt) {
          packing.refuse(group, unit, id, prompt.failure);
          if (packing.refusals >= LOCAL_CHUNK) return;
          continue;
        }
        const hash = requestHash(id, step.name, group.attempt);
        const line: RequestLine = { unit, id, attempt: group.attempt, hash, ...prompt };
        if (!packing.admit(group, unit, batches.sizeOf(toModelRequest('00000000', head, line)))) return;
        yield `${JSON.stringify(line)}\n`;
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

type Prompt = { readonly system: string | null; readonly prompt: string };

async function* renderGroup(
  context: RunContext,
  index: number,
  step: LlmStep,
  group: ReadyGroup,
): AsyncGenerator<{ unit: number; id: string; prompt: Prompt | { failure: Failure } }> {
  const told = group.feedback !== null && step.retry.feedback ? group.feedback : null;
  const before =
    told === null ? null : readLines([{ units: group.units, outcomes: told }], group.units, context.lines);
  for await (const { unit, steps } of readOutputs(context.state.steps, index, group.units, context.lines)) {
    const { id } = context.units.unit(unit);
    const text = joinObjects([context.itemFields(unit), ...steps.map((one) => one.fields)]);
    const prompt = renderPrompt(context, step, id, fieldsFromJson(text));
    const failure = before === null ? null : ((await before.next()).value?.head.failure ?? null);
    if (!('failure' in prompt) && failure !== null && isTellable(failure)) {
      yield { unit, id, prompt: { ...prompt, prompt: `${prompt.prompt}\n\n${feedbackText(failure)}` } };
    } else yield { unit, id, prompt };
  }
}

/** The prompt of one unit at a step, or why there is none. */
export function renderPrompt(
  context: RunContext,
  step: LlmStep,
  id: string,
  fields: ReadonlyMap<string, Value>,
): Prompt | { failure: Failure } {
  const parts = context.promptOf(step);
  // These values of an Octobatch folder belong to the unit, so that every prompt of it sees the same draws. With
  // `rng: python` the draws are Octobatch's own, which may differ by step.
  const { form, rng } = context.pipeline;
  const drawsFor = form === 'octobatch' && rng !== 'python' ? '' : step.name;
  const evaluation = context.evaluation(id, drawsFor, 'prompt');
  const values = new Map<string, Value>([...context.globals, ...fields]);
  let part = 'prompt';
  try {
    for (const { name, expression } of parts.prepare) {
      part = name;
      values.set(name, expression.evaluate(values, evaluation));
    }
    part = 'prompt';
    const prompt = parts.template.render(values, evaluation);
    part = 'system';
    const system = parts.system === null ? null : parts.system.render(values, evaluation);
    return { system, prompt };
  } catch (error) {
    if (!(error instanceof TemplateError || error instanceof ExpressionError)) throw error;
    const place = error instanceof TemplateError ? `${error.template}:${error.line}:${error.column}: ` : '';
    const issue = { path: '', rule: part, message: `${place}${error.type}: ${error.message}` };
    return { failure: { kind: 'template', step: step.name, issues: [issue], raw: null } };
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

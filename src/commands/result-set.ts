// Results of several runs as one set: its folder holds their units, and what is known about them. A set is no run: nobody can
// go on with it, and nothing of the runs is needed to read it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounting, StepAccount } from '../analysis/accounting.ts';
import type { UnitRecord } from '../analysis/record.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { pipelineFromJson, pipelineToJson } from '../pipeline/snapshot.ts';
import type { ResultSource } from './result-source.ts';
import { readResultsFile } from './results-file.ts';

/** One of the runs of a set. */
export interface SetMember {
  readonly run: string;
  readonly seed: string;
  readonly contentKey: string;
  readonly valid: number;
  readonly failed: number;
}

/** What a set knows about its units. */
export interface SetFacts {
  readonly name: string;
  readonly members: readonly SetMember[];
  /** With the gates and the report of the run that was named last, and all repetitions together. */
  readonly pipeline: Pipeline;
  readonly path: string;
  readonly provider: string;
  readonly simulated: boolean;
  readonly itemFields: readonly string[];
  /** Ids of units begin with their seed, because the runs have units of the same ids. */
  readonly bySeed: boolean;
  readonly accounting: Accounting;
}

/** Where the set of that name is. */
export function setFolder(root: string, name: string): string {
  return join(root, 'sets', name);
}

/** True when there is a set of that name. */
export function isSet(root: string, name: string): boolean {
  return !name.includes('..') && !/[/\\]/.test(name) && existsSync(join(setFolder(root, name), 'set.json'));
}

/** Money of books, which JSON has no numbers for: picodollars as text. */
const MONEY = ['firstCost', 'retryCost', 'uncertain'] as const;

/** What is kept of a set, as text. */
export function formatSet({ pipeline, accounting, ...facts }: SetFacts): string {
  const steps = accounting.steps.map((step) => {
    const money = MONEY.map((name) => [name, step[name]?.toString() ?? null] as const);
    return { ...step, ...Object.fromEntries(money) };
  });
  const whole = {
    version: 1,
    ...facts,
    pipeline: parsePlainJson(pipelineToJson(pipeline)),
    accounting: { ...accounting, steps },
  };
  return `${JSON.stringify(whole, null, 1)}\n`;
}

/** Reads what is kept of a set. */
export async function readSet(root: string, name: string): Promise<SetFacts> {
  type Kept = Omit<SetFacts, 'pipeline'> & { readonly pipeline: unknown };
  const kept = parsePlainJson(await readFile(join(setFolder(root, name), 'set.json'), 'utf8')) as Kept;
  const steps = kept.accounting.steps.map((step): StepAccount => {
    const amount = (text: unknown): bigint | null => (typeof text === 'string' ? BigInt(text) : null);
    const [firstCost, retryCost, uncertain] = MONEY.map((field) => amount(step[field]));
    return { ...step, firstCost: firstCost!, retryCost: retryCost!, uncertain: uncertain ?? 0n };
  });
  const pipeline = pipelineFromJson(JSON.stringify(kept.pipeline));
  return { ...kept, pipeline, accounting: { ...kept.accounting, steps } };
}

/** Opens a set for whoever reads results. */
export async function openSet(root: string, name: string): Promise<ResultSource> {
  const { pipeline, provider, simulated, itemFields, bySeed, accounting } = await readSet(root, name);
  async function* records(only?: ReadonlySet<string> | null): AsyncGenerator<readonly UnitRecord[]> {
    for await (const some of readResultsFile(join(setFolder(root, name), 'results.jsonl'), only))
      yield bySeed
        ? some.map((unit) => ({ ...unit, item: unit.item.slice(unit.item.indexOf('/') + 1) }))
        : some;
  }
  return {
    ...{ name, context: null, pipeline, provider, simulated, itemFields, look: null, accounting },
    records,
    close: async () => {},
  };
}

/** The books of several runs as those of one; they have the same steps. */
export function addBooks(all: readonly Accounting[]): Accounting {
  const [first, ...others] = all;
  if (first === undefined) throw new Error('there are no books to add up');
  return others.reduce((sum, { planned, sources, valid, failed, inFlight, steps }) => {
    return {
      planned: sum.planned + planned,
      ...(sum.sources === undefined || sources === undefined ? {} : { sources: sum.sources + sources }),
      valid: sum.valid + valid,
      failed: sum.failed + failed,
      inFlight: sum.inFlight + inFlight,
      steps: sum.steps.map((step, at) => addSteps(step, steps[at]!)),
    };
  }, first);
}

function addSteps(a: StepAccount, b: StepAccount): StepAccount {
  const failures: Record<string, number> = { ...a.failures };
  for (const [kind, count] of Object.entries(b.failures)) failures[kind] = (failures[kind] ?? 0) + count;
  const money = (x: bigint | null, y: bigint | null): bigint | null =>
    x === null || y === null ? null : x + y;
  return {
    ...a,
    entered: a.entered + b.entered,
    valid: a.valid + b.valid,
    failed: a.failed + b.failed,
    inFlight: a.inFlight + b.inFlight,
    failures,
    retried: a.retried + b.retried,
    firstAttemptValid: a.firstAttemptValid + b.firstAttemptValid,
    requests: a.requests + b.requests,
    usage: { input: a.usage.input + b.usage.input, output: a.usage.output + b.usage.output },
    retryUsage:
      a.retryUsage === null || b.retryUsage === null
        ? null
        : {
            input: a.retryUsage.input + b.retryUsage.input,
            output: a.retryUsage.output + b.retryUsage.output,
          },
    firstCost: money(a.firstCost, b.firstCost),
    retryCost: money(a.retryCost, b.retryCost),
    uncertain: a.uncertain + b.uncertain,
    uncertainRequests: a.uncertainRequests + b.uncertainRequests,
    capped: a.capped + b.capped,
    ...(a.children === undefined || b.children === undefined ? {} : { children: a.children + b.children }),
  };
}

// Writes what models were asked and answered into an Octobatch run directory: first attempts into the chunks, later ones
// into `retry_001` and so on, one for each step and attempt. It holds the answers of one batch at a time.
import { join } from 'node:path';
import type { BlobDigest, JournalEvent, Settlement } from '../engine/events.ts';
import type { RunContext } from '../engine/perform-context.ts';
import type { RecordedAnswer } from '../engine/recorded-answer.ts';
import { readLines } from '../engine/records.ts';
import { customId } from '../engine/request-id.ts';
import { readRequests } from '../engine/request-line.ts';
import { UnitSet } from '../engine/unit-set.ts';
import { dictEntries, type Fields, PyDict, type Value } from '../expression/values.ts';
import type { Digest } from '../ports/blobs.ts';
import { extractJson } from '../validation/extract.ts';
import { ChunkFiles, type ChunkPlan, chunkName, fileName } from './octobatch-chunks.ts';
import { failureLine, promptLine, resultLine, unitLine } from './octobatch-record.ts';

/** Units that were asked again at a step, all in the same attempt. */
export interface RetryChunk {
  readonly name: string;
  readonly step: number;
  readonly attempt: number;
  readonly sources: Set<string>;
}

interface Asked {
  readonly key: string;
  readonly step: number;
  readonly requests: BlobDigest;
  readonly answers: BlobDigest[];
}

/** Writes prompts, results, and the failures that were tried again. Gives the retries in the order in which they began. */
export async function writeAttempts(
  context: RunContext,
  directory: string,
  plan: ChunkPlan,
): Promise<readonly RetryChunk[]> {
  const { events } = await context.ports.journal.read();
  const writer = new AttemptWriter(context, join(directory, 'chunks'), plan, findRedone(events));
  const open = new Map<string, Asked>();
  for (const event of events) {
    switch (event.type) {
      case 'batch_declared':
        open.set(event.batch, { key: event.batch, step: event.step, requests: event.requests, answers: [] });
        break;
      case 'batch_returned':
        open.delete(event.batch);
        break;
      case 'calls_answered':
        open.get(event.batch)?.answers.push(event.answers);
        break;
      case 'batch_collected':
        // What single calls were answered one by one stands here once more.
        open.get(event.batch)?.answers.splice(0, Number.POSITIVE_INFINITY, event.answers);
        break;
      case 'batch_settled': {
        const batch = open.get(event.batch);
        open.delete(event.batch);
        if (batch !== undefined) await writer.addBatch(batch);
        for (const settlement of event.settlements) await writer.addRetried(settlement);
        break;
      }
      case 'work_settled':
        await writer.addRetried(event.settlement);
        break;
      default:
        break;
    }
  }
  for (const batch of open.values()) await writer.addBatch(batch);
  await writer.flush();
  return writer.retries;
}

/** Units of a batch, by its key, or of a settlement, that were asked or settled once more later on in the same attempt. */
interface Redone {
  in(where: string | Settlement, step: number, attempt: number): UnitSet;
}

/** Finds what was done twice: work that was lost, and all that rested on it. */
function findRedone(events: readonly JournalEvent[]): Redone {
  const found = new Map<string | Settlement, Map<string, UnitSet>>();
  const later = new Map<string, UnitSet>();
  const meet = (where: string | Settlement, step: number, attempt: number, units: UnitSet): void => {
    const place = `${step} ${attempt}`;
    const name = `${typeof where} ${place}`;
    const known = later.get(name) ?? UnitSet.empty;
    later.set(name, known.union(units));
    const again = known.intersect(units);
    if (again.size > 0) found.set(where, (found.get(where) ?? new Map()).set(place, again));
  };
  const settle = (settlement: Settlement): void => {
    const units = UnitSet.parse(settlement.units);
    for (let step = settlement.step; step <= settlement.through; step++)
      meet(settlement, step, settlement.attempt, units);
  };
  const returned = new Set<string>();
  for (const event of events.toReversed()) {
    if (event.type === 'batch_returned') returned.add(event.batch);
    if (event.type === 'batch_declared' && !returned.has(event.batch))
      for (const { attempt, units } of event.groups)
        meet(event.batch, event.step, attempt, UnitSet.parse(units));
    if (event.type === 'batch_settled') event.settlements.forEach(settle);
    if (event.type === 'work_settled') settle(event.settlement);
  }
  return {
    in: (where, step, attempt) => found.get(where)?.get(`${step} ${attempt}`) ?? UnitSet.empty,
  };
}

class AttemptWriter {
  readonly retries: RetryChunk[] = [];
  private readonly context: RunContext;
  private readonly plan: ChunkPlan;
  private readonly redone: Redone;
  private readonly units: ChunkFiles;
  private readonly prompts: ChunkFiles;
  private readonly results: ChunkFiles;
  private readonly failures: ChunkFiles;

  constructor(context: RunContext, chunks: string, plan: ChunkPlan, redone: Redone) {
    this.context = context;
    this.plan = plan;
    this.redone = redone;
    this.units = new ChunkFiles(chunks);
    this.prompts = new ChunkFiles(chunks);
    this.results = new ChunkFiles(chunks);
    this.failures = new ChunkFiles(chunks);
  }

  async addBatch({ key, step, requests, answers: digests }: Asked): Promise<void> {
    const { context } = this;
    // What was asked long ago may be gone where blobs are not kept for ever.
    for (const digest of [requests, ...digests])
      if (!(await context.ports.blobs.has(digest as Digest))) return;
    const answers = await this.readAnswers(digests);
    const file = fileName(context.step(step).name);
    for await (const { head, line } of readRequests(context.lines(requests))) {
      if (this.redone.in(key, step, line.attempt).has(line.unit)) continue;
      const folder = await this.folderOf(step, line.attempt, line.unit);
      await this.prompts.add(folder, `${file}_prompts.jsonl`, promptLine(line.id, line.system, line.prompt));
      const answer = answers.get(customId(key, line.hash));
      if (answer === undefined) continue;
      await this.results.add(folder, `${file}_results.jsonl`, answered(line.id, head.model, answer));
    }
  }

  /** Failures that did not stand: where Octobatch puts them away. */
  async addRetried(settlement: Settlement): Promise<void> {
    const { outcomes, stops, attempt } = settlement;
    for (const { step, retries } of stops) {
      const failed = UnitSet.unionOf(retries.map((one) => UnitSet.parse(one.units)));
      const units = failed.minus(this.redone.in(settlement, step, attempt));
      if (units.size === 0 || !(await this.context.ports.blobs.has(outcomes as Digest))) continue;
      for await (const { head } of readLines([{ units, outcomes }], units, this.context.bunches)) {
        const counts = { attempts: attempt, retries: attempt - 1 };
        await this.failures.add(
          this.chunkOf(step, head.unit),
          `${fileName(this.context.step(step).name)}_failures.jsonl.bak`,
          failureLine(head.id, null, head.failure!, counts),
        );
      }
    }
  }

  async flush(): Promise<void> {
    for (const files of [this.units, this.prompts, this.results, this.failures]) await files.flush();
  }

  private chunkOf(step: number, unit: number): string {
    return chunkName(this.plan.levels[this.context.state.steps[step]!.level]!.chunkOf(unit));
  }

  private async folderOf(step: number, attempt: number, unit: number): Promise<string> {
    const source = this.chunkOf(step, unit);
    if (attempt === 1) return source;
    let retry = this.retries.find((one) => one.step === step && one.attempt === attempt);
    if (retry === undefined) {
      const name = `retry_${String(this.retries.length + 1).padStart(3, '0')}`;
      retry = { name, step, attempt, sources: new Set() };
      this.retries.push(retry);
    }
    retry.sources.add(source);
    if (this.context.state.steps[step]!.level === 0) {
      const { id, fields } = this.context.units.unit(unit);
      const line = unitLine(id, new Map<string, Value>([...fields, ['retry_count', attempt - 1]]));
      await this.units.add(retry.name, 'units.jsonl', line);
    }
    return retry.name;
  }

  /** By custom id; of doubled rows the first. */
  private async readAnswers(digests: readonly BlobDigest[]): Promise<ReadonlyMap<string, RecordedAnswer>> {
    const answers = new Map<string, RecordedAnswer>();
    for (const digest of digests) {
      for await (const text of this.context.lines(digest)) {
        const answer = JSON.parse(text) as RecordedAnswer;
        if (!answers.has(answer.customId)) answers.set(answer.customId, answer);
      }
    }
    return answers;
  }
}

function answered(unit: string, asked: string, answer: RecordedAnswer): string {
  if (answer.kind === 'error')
    return resultLine(unit, answer.raw, null, { input: 0, output: 0 }, asked, answer.message);
  const { kind, text, usage, model } = answer;
  const error = kind === 'text' ? null : kind;
  return resultLine(unit, text, error === null ? readFields(text) : null, usage, model, error);
}

function readFields(text: string): Fields | null {
  const found = extractJson(text);
  if (found.kind === 'none' || !(found.value instanceof PyDict)) return null;
  const fields = new Map<string, Value>();
  for (const [name, value] of dictEntries(found.value)) fields.set(String(name), value);
  return fields;
}

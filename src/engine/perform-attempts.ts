// What a few units were asked and answered, attempt by attempt, from the requests, answers and settlements that a run's
// journal names. It reads as far as the last of those units and holds nothing of the others.
import type { Digest } from '../ports/blobs.ts';
import type { Attempt } from '../report/html-unit-list.ts';
import type { BlobDigest, Settlement } from './events.ts';
import { roomOf } from './levels.ts';
import { unitOfLine } from './outcome-line.ts';
import type { RunContext } from './perform-context.ts';
import type { RecordedAnswer } from './recorded-answer.ts';
import { readLines } from './records.ts';
import { customId } from './request-id.ts';
import type { RequestLine } from './request-line.ts';
import { UnitSet } from './unit-set.ts';

interface Asked {
  readonly key: string;
  /** Index and name of the step. */
  readonly place: number;
  readonly step: string;
  readonly units: UnitSet;
  readonly requests: BlobDigest;
  readonly answers: BlobDigest[];
  settlements: readonly Settlement[];
}

/**
 * The attempts of the units at each of `places` (see levels.ts), in the order in which they were made; units that no model
 * was asked for have none. What a child's parent was asked is its own too.
 */
export async function readAttempts(
  context: RunContext,
  places: UnitSet,
): Promise<ReadonlyMap<number, readonly Attempt[]>> {
  const attempts = new Map<number, Attempt[]>();
  const { steps } = context.state;
  for (const batch of await readBatches(context)) {
    const room = roomOf(steps, batch.place, steps.length);
    const wanted = batch.units.intersect(places.parents(room));
    if (wanted.size === 0 || batch.answers.length === 0 || !(await isKept(context, batch))) continue;
    const lines = await readWanted(context, batch.requests, wanted);
    const answers = await readAnswers(context, batch, lines);
    const issues = await readIssues(context, batch, wanted);
    for (const { unit, attempt, hash, system, prompt } of lines) {
      const answer = answers.get(customId(batch.key, hash)) ?? null;
      const one = { step: batch.step, attempt, system, prompt, answer, issues: issues.get(unit) ?? [] };
      for (const place of UnitSet.of([unit]).children(room).intersect(places)) {
        const before = attempts.get(place);
        if (before === undefined) attempts.set(place, [one]);
        else before.push(one);
      }
    }
  }
  return attempts;
}

/** What was asked long ago may be gone where blobs are not kept for ever; a result is shown without it. */
async function isKept(context: RunContext, batch: Asked): Promise<boolean> {
  const outcomes = batch.settlements.map((settlement) => settlement.outcomes);
  for (const digest of [batch.requests, ...batch.answers, ...outcomes]) {
    if (!(await context.ports.blobs.has(digest as Digest))) return false;
  }
  return true;
}

/** The batches that came to be, in the order in which they were declared. */
async function readBatches(context: RunContext): Promise<readonly Asked[]> {
  const { events } = await context.ports.journal.read();
  const batches = new Map<string, Asked>();
  for (const event of events) {
    switch (event.type) {
      case 'batch_declared': {
        const { batch: key, step, groups, requests } = event;
        const units = groups.reduce((all, group) => all.union(UnitSet.parse(group.units)), UnitSet.empty);
        const name = context.state.steps[step]!.name;
        batches.set(key, { key, place: step, step: name, units, requests, answers: [], settlements: [] });
        break;
      }
      case 'calls_answered':
        batches.get(event.batch)?.answers.push(event.answers);
        break;
      case 'batch_collected':
        // What single calls were answered one by one stands here once more.
        batches.get(event.batch)?.answers.splice(0, Number.POSITIVE_INFINITY, event.answers);
        break;
      case 'batch_settled': {
        const batch = batches.get(event.batch);
        if (batch !== undefined) batch.settlements = event.settlements;
        break;
      }
      default:
        break;
    }
  }
  return [...batches.values()];
}

/** The request lines of those units: each of them has one in the batch. */
async function readWanted(
  context: RunContext,
  digest: BlobDigest,
  wanted: UnitSet,
): Promise<readonly RequestLine[]> {
  const found: RequestLine[] = [];
  let isHead = true;
  for await (const text of context.lines(digest)) {
    if (isHead || !wanted.has(unitOfLine(text))) {
      isHead = false;
      continue;
    }
    found.push(JSON.parse(text) as RequestLine);
    if (found.length === wanted.size) break;
  }
  return found;
}

const CUSTOM_ID = /"customId":"([^"\\]*)"/;

/** The answers as they came, by custom id. Of doubled rows the first. */
async function readAnswers(
  context: RunContext,
  batch: Asked,
  lines: readonly RequestLine[],
): Promise<ReadonlyMap<string, string | null>> {
  const wanted = new Set(lines.map(({ hash }) => customId(batch.key, hash)));
  const answers = new Map<string, string | null>();
  for (const digest of batch.answers) {
    if (wanted.size === 0) break;
    for await (const text of context.lines(digest)) {
      const id = CUSTOM_ID.exec(text)?.[1];
      if (id === undefined || !wanted.delete(id)) continue;
      answers.set(id, textOf(JSON.parse(text) as RecordedAnswer));
      if (wanted.size === 0) break;
    }
  }
  return answers;
}

function textOf(answer: RecordedAnswer): string | null {
  return answer.kind === 'error' ? answer.raw : answer.text;
}

/** Why the answers of those units were not accepted. */
async function readIssues(
  context: RunContext,
  batch: Asked,
  wanted: UnitSet,
): Promise<ReadonlyMap<number, Attempt['issues']>> {
  const issues = new Map<number, Attempt['issues']>();
  for (const { units: text, outcomes } of batch.settlements) {
    const units = UnitSet.parse(text).intersect(wanted);
    if (units.size === 0) continue;
    for await (const { head } of readLines([{ units, outcomes }], units, context.bunches)) {
      if (head.failure !== null) issues.set(head.unit, head.failure.issues);
    }
  }
  return issues;
}

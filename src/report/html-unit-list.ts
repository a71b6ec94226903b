// The few units that a page lists, as short visible texts: what each came to, what was asked and answered for some of
// them, and what the base had instead. It holds a bounded amount of text whatever the answers are.
import type { UnitRecord } from '../analysis/record.ts';
import { stringifyJson } from '../expression/json.ts';
import { isNumber, type Value } from '../expression/values.ts';
import { reportFailure } from './build.ts';
import { manyLines, oneLine } from './escape.ts';
import type { ReportedFailure } from './report.ts';

/**
 * Units that are listed of each sort, in this order: those with another outcome than on the base, those that failed, those
 * of which only a metric is another one, those that were tried again, the others.
 */
export const LISTED = { differing: 500, failed: 500, moved: 500, retried: 500, others: 1500 } as const;

/** Failed units that are kept with their raw answer. */
const RAW_KEPT = 50;
const FIELDS_KEPT = 24;
const CELL = 60;
/** Characters of a value, of a prompt and of an answer where a unit is told in full. */
const VALUE = 400;
const PROMPT = 4000;
const ANSWER = 2000;
const ISSUES = 6;
const ISSUE = 300;
/** Characters of all that is kept to tell units in full. */
const STORIES = 4_000_000;

/** A quantity of a unit on both sides, as visible texts. */
export interface Difference {
  readonly name: string;
  readonly isMetric: boolean;
  readonly base: string;
  readonly head: string;
}

/** One time a model was asked for a unit. `answer` as it came; null: none is known. `issues`: why it was not accepted. */
export interface Attempt {
  readonly step: string;
  readonly attempt: number;
  readonly system: string | null;
  readonly prompt: string;
  readonly answer: string | null;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

/** What a listed unit is told in full: its values, and each attempt in the order in which it was made. */
export interface UnitStory {
  readonly values: readonly (readonly [name: string, text: string])[];
  readonly attempts: readonly Attempt[];
}

/** One unit of the list. `cells` are visible texts by field; `failure` is null for a valid unit. */
export interface ListedUnit {
  readonly unit: string;
  readonly attempts: number;
  readonly cells: ReadonlyMap<string, string>;
  readonly failure: ReportedFailure | null;
  /** What came out otherwise than on the base; empty: nothing, or it is not known. */
  readonly differences: readonly Difference[];
  /** Null: only its line is listed. */
  readonly story: UnitStory | null;
}

/** Takes records in canonical order, all of them or those to list. */
export interface UnitCollector {
  /** `attempts`: null when the unit is not told in full. */
  add(record: UnitRecord, differences?: readonly Difference[], attempts?: readonly Attempt[] | null): void;
  /** In the order of `LISTED`. */
  list(): readonly ListedUnit[];
}

/** Why a unit is listed. */
export type Sort = keyof typeof LISTED;

/** An empty list. */
export function collectUnits(): UnitCollector {
  const kept: Record<Sort, ListedUnit[]> = { differing: [], failed: [], moved: [], retried: [], others: [] };
  let raws = 0;
  let room = STORIES;
  return {
    add(record, differences = [], attempts = null) {
      const sort = sortOf(record, differences);
      if (kept[sort].length >= LISTED[sort]) return;
      const story = attempts === null || room <= 0 ? null : storyOf(record, attempts);
      room -= story === null ? 0 : lengthOf(story);
      kept[sort].push({
        unit: oneLine(record.unit, CELL),
        attempts: record.attempts,
        cells: cellsOf(record),
        failure: record.kind === 'valid' ? null : withRaw(reportFailure(record), raws++ < RAW_KEPT),
        differences,
        story,
      });
    },
    list: () => Object.values(kept).flat(),
  };
}

function lengthOf({ values, attempts }: UnitStory): number {
  const told = attempts.map(
    ({ system, prompt, answer }) => prompt.length + (system?.length ?? 0) + (answer?.length ?? 0),
  );
  return values.reduce((sum, [, text]) => sum + text.length, 0) + told.reduce((sum, one) => sum + one, 0);
}

function sortOf(record: UnitRecord, differences: readonly Difference[]): Sort {
  if (differences.some(({ isMetric }) => !isMetric)) return 'differing';
  if (record.kind === 'failed') return 'failed';
  if (differences.length > 0) return 'moved';
  return record.attempts > 1 ? 'retried' : 'others';
}

function withRaw(failure: ReportedFailure, keep: boolean): ReportedFailure {
  return keep ? failure : { ...failure, reason: oneLine(failure.reason, 160), raw: null };
}

/** Fields for people; internal ones begin with `_`. */
function* fieldsOf(record: UnitRecord): Generator<readonly [name: string, value: Value]> {
  let kept = 0;
  for (const [name, value] of record.fields) {
    if (name.startsWith('_') || name === 'unit_id') continue;
    if (++kept > FIELDS_KEPT) return;
    yield [name, value];
  }
}

function cellsOf(record: UnitRecord): ReadonlyMap<string, string> {
  return new Map([...fieldsOf(record)].map(([name, value]) => [name, cellText(value, CELL)]));
}

function cellText(value: Value, most: number): string {
  if (value === null || value === '') return '';
  if (typeof value === 'string') return oneLine(value, most);
  const text = stringifyJson(value);
  // A number keeps all its digits or it would be another one.
  return isNumber(value) && text.length <= most ? text : oneLine(text, most);
}

function storyOf(record: UnitRecord, attempts: readonly Attempt[]): UnitStory {
  return {
    values: [...fieldsOf(record)].map(([name, value]) => [oneLine(name, 64), cellText(value, VALUE)]),
    attempts: attempts.map(({ step, attempt, system, prompt, answer, issues }) => ({
      step: oneLine(step, 64),
      attempt,
      system: system === null ? null : manyLines(system, PROMPT),
      prompt: manyLines(prompt, PROMPT),
      answer: answer === null ? null : manyLines(answer, ANSWER),
      issues: issues.slice(0, ISSUES).map(({ path, message }) => ({
        path: path === '' ? '' : oneLine(path, 80),
        message: oneLine(message, ISSUE),
      })),
    })),
  };
}

// Two small runs and what is claimed of the change between them, without a file or an engine.
import { type BaseResult, holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { GateResult } from '../../src/analysis/gates.ts';
import type { Look } from '../../src/analysis/look.ts';
import type { FailedUnit, UnitRecord, ValidUnit } from '../../src/analysis/record.ts';
import { fromPlain } from '../../src/expression/json.ts';
import type { Gate, Pipeline, Region } from '../../src/pipeline/pipeline.ts';
import { repeatedId } from '../../src/simulation/unit-stream.ts';
import { expressionStep, pipelineOf, stepAccount } from '../report/fixture.ts';

/** A region from its bounds. */
export const region = (atLeast: number | null, atMost: number | null = null): Region => ({ atLeast, atMost });

/** A gate on the change of a share or a mean of `x`. */
export function changeGate(
  kind: 'share_change' | 'mean_change',
  bounds: Region,
  more: Partial<{ name: string; confidence: number; expr: string }> = {},
): Gate {
  return { kind, name: 'claim', expr: 'x', region: bounds, confidence: 0.95, ...more };
}

/** A pipeline with these gates over one expression step. */
export function judged(gates: readonly Gate[], more: Partial<Pipeline> = {}): Pipeline {
  const report = { groupBy: null, outcomes: [], metrics: ['x'] };
  return { ...pipelineOf({ steps: [expressionStep('s', ['x'])], report }), gates, ...more };
}

/** A unit's fields, or null for one that failed. */
export type Row = Readonly<Record<string, unknown>> | null;

/** One value of `x` a unit. */
export const rowsOf = (values: readonly (number | boolean | null)[]): Row[] =>
  values.map((x) => (x === null ? null : { x }));

/** Whose the units are, in which repetition, and at which look they are judged. */
export interface Scene {
  readonly item?: (at: number) => string;
  readonly repetition?: (at: number) => number;
  readonly look?: Look | null;
}

/** The analysis of these units, in order. */
export function analyseRows(
  pipeline: Pipeline,
  rows: readonly Row[],
  { item = () => 'a', repetition = (at) => at, look = null }: Scene = {},
): Analysis {
  const analyser = createAnalyser({ pipeline, provider: 'none', simulated: false, look });
  for (const [at, row] of rows.entries()) analyser.add(recordOf(row, item(at), repetition(at)));
  const failed = rows.filter((row) => row === null).length;
  const step = stepAccount({ step: 's', entered: rows.length, failed, failures: { malformed: failed } });
  const counts = { planned: rows.length, valid: rows.length - failed, failed, inFlight: 0 };
  return analyser.finish({ ...counts, steps: [step] });
}

function recordOf(row: Row, item: string, repetition: number): UnitRecord {
  const unit = repeatedId(item, repetition);
  const fields = new Map(Object.entries(row ?? {}).map(([name, value]) => [name, fromPlain(value)]));
  if (row === null) {
    const failure = { kind: 'malformed', step: 's', issues: [], raw: null } as const;
    return { kind: 'failed', unit, item, attempts: 1, fields, failure } satisfies FailedUnit;
  }
  return {
    kind: 'valid',
    unit,
    item,
    attempts: 1,
    capped: false,
    loops: new Map(),
    fields,
  } satisfies ValidUnit;
}

/** A run as one to be held against, by its units or, on demand, by its estimates alone. */
export function baseOf(analysis: Analysis, more: Partial<BaseResult> = {}): BaseResult {
  const { values, overall } = analysis;
  return { name: 'main', reason: null, isSame: false, values, overall, ...more };
}

/** What the gates of `pipeline` say to the change from `base` to `head`. */
export function gatesAfter(
  pipeline: Pipeline,
  base: readonly Row[],
  head: readonly Row[],
  more: Partial<BaseResult> & { readonly item?: (at: number) => string; readonly look?: Look } = {},
): readonly GateResult[] {
  const { item, look, ...about } = more;
  const scene = { ...(item === undefined ? {} : { item }), ...(look === undefined ? {} : { look }) };
  const before = analyseRows(pipeline, base, scene);
  return holdAgainst(analyseRows(pipeline, head, scene), pipeline, baseOf(before, about)).gates;
}

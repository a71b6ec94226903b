// The tables of post-processing, all from one pass over the records, by the analyser of the report.
import { type Analyser, createAnalyser } from '../analysis/analyser.ts';
import type { Slice } from '../analysis/estimate.ts';
import { labelOf, numberOf } from '../analysis/fields.ts';
import { UnitWork } from '../analysis/unit-work.ts';
import { ExpressionError, ExpressionSyntaxError } from '../expression/errors.ts';
import { compileExpression } from '../expression/expression.ts';
import { type Fields, listOf, makeFloat, type Value } from '../expression/values.ts';
import type { AnalysisEntry, Pipeline, PostProcess } from '../pipeline/pipeline.ts';
import { formatPostAnalysis, hasValues, metricOf, type StatColumn } from '../report/post-analysis.ts';
import { accountFor } from './account.ts';
import type { RunContext } from './perform-context.ts';
import { readRecords } from './perform-results.ts';

/** The text of a table; null: there is nothing to put into it, and `why`. */
export interface Tabled {
  readonly text: string | null;
  readonly why: string | null;
}

/** Numbers kept for the columns that a person asks for, over all tables. */
const MOST_KEPT = 5_000_000;

/** One table in the making. */
interface Making {
  readonly entry: AnalysisEntry;
  readonly analyser: Analyser;
  /** Numbers by group, for columns worked out from them; null: there are no such columns. */
  readonly numbers: Map<string | null, number[]> | null;
}

/** Gives the table of an entry; the records are read once, when the first is asked for. */
export function createAnalyses(
  context: RunContext,
  pipeline: Pipeline,
  entries: readonly PostProcess[],
): (entry: AnalysisEntry) => Promise<Tabled> {
  let made: Promise<ReadonlyMap<AnalysisEntry, Tabled>> | null = null;
  return async (entry) => {
    made ??= makeAll(
      context,
      pipeline,
      entries.filter((one) => one.kind === 'analysis'),
    );
    return (await made).get(entry)!;
  };
}

async function makeAll(
  context: RunContext,
  pipeline: Pipeline,
  entries: readonly AnalysisEntry[],
): Promise<ReadonlyMap<AnalysisEntry, Tabled>> {
  const makings = entries.map((entry): Making => {
    const report = { groupBy: entry.groupBy, outcomes: entry.counts, metrics: entry.numbers };
    const asked = { ...pipeline, report, gates: [] };
    // A table shows no unit, so that none is kept.
    const analyser = createAnalyser({ pipeline: asked, provider: '', simulated: false, kept: 0 });
    return { entry, analyser, numbers: entry.stats.length === 0 ? null : new Map() };
  });
  let room = MOST_KEPT;
  for await (const record of readRecords(context)) {
    for (const making of makings) {
      making.analyser.add(record);
      if (record.kind === 'valid' && making.numbers !== null && room > 0) {
        keep(making, record.fields);
        room--;
      }
    }
  }
  const accounting = accountFor(context.state);
  const work = new UnitWork();
  return new Map(
    makings.map((making) => {
      const { entry, analyser } = making;
      const analysis = analyser.finish(accounting);
      const slices = entry.groupBy === null ? [analysis.overall] : analysis.groups;
      const errors: string[] = [];
      const stats = room > 0 ? statColumns(making, slices, work, errors) : [];
      if (room <= 0 && making.numbers !== null) errors.push('too many units for columns of its own');
      const { failed, planned } = accounting;
      const results = { slices, stats, failed, planned, unitsInMoreGroups: analysis.unitsInMoreGroups };
      const isEmpty = !hasValues(entry, results);
      const fields = [...entry.counts, ...entry.numbers].join(', ');
      const why = isEmpty ? `no valid unit has a value in ${fields}` : (errors[0] ?? null);
      return [entry, { text: isEmpty ? null : formatPostAnalysis(entry, results), why }] as const;
    }),
  );
}

function keep({ entry, numbers }: Making, fields: Fields): void {
  const value = numberOf(fields.get(entry.numbers[0] ?? ''));
  if (value === null || numbers === null) return;
  const group = entry.groupBy === null ? null : (labelOf(fields.get(entry.groupBy)) ?? '(none)');
  const list = numbers.get(group);
  if (list === undefined) numbers.set(group, [value]);
  else list.push(value);
}

/** Octobatch's `--custom-stat`: an expression over what is known of a group's numbers. */
function statColumns(
  { entry, numbers }: Making,
  slices: readonly Slice[],
  work: UnitWork,
  errors: string[],
): readonly StatColumn[] {
  return entry.stats.map(({ name, expr }) => {
    const values = new Map<string | null, number | null>();
    for (const slice of slices) {
      const metric = metricOf(slice, entry.numbers[0] ?? '');
      const data = numbers?.get(slice.group);
      if (metric === null || data === undefined) continue;
      const deviation = metric.deviation ?? 0;
      const known: readonly (readonly [string, Value])[] = [
        ['data', listOf(data.map(makeFloat))],
        ['count', metric.n],
        ['mean', makeFloat(metric.mean)],
        ['median', makeFloat(metric.median)],
        ['stdev', makeFloat(deviation)],
        ['variance', makeFloat(deviation * deviation)],
        ['min_val', makeFloat(metric.min)],
        ['max_val', makeFloat(metric.max)],
        ['sum_val', makeFloat(data.reduce((sum, one) => sum + one, 0))],
      ];
      try {
        const value = work.evaluate(compileExpression(expr), new Map(known));
        values.set(slice.group, numberOf(value));
      } catch (error) {
        if (!(error instanceof ExpressionError || error instanceof ExpressionSyntaxError)) throw error;
        errors.push(`the column ${name} has no value in some group: ${error.message}`.slice(0, 200));
      }
    }
    return { name, values };
  });
}

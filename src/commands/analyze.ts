// Estimates something else from results that are there, with the analyser of the report. It judges no gates and changes no
// run.

import { createAnalyser } from '../analysis/analyser.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { Slice } from '../analysis/estimate.ts';
import type { UnitRecord } from '../analysis/record.ts';
import { MOST_KEPT_UNITS } from '../analysis/unit-values.ts';
import type { Pipeline, ReportSpec } from '../pipeline/pipeline.ts';
import { roundNumbers } from '../report/build.ts';
import { analysisToCsv } from '../report/csv-analysis.ts';
import { layOutAnalysis, type ResultAnalysis } from '../report/tables-analysis.ts';
import { blocksToTerminal } from '../report/terminal.ts';
import type { FailureKind } from '../validation/failure.ts';
import { usageError } from './arguments.ts';
import type { ResultSource } from './result-source.ts';

/** Fields that are offered instead of one that is not there. */
const MOST_NAMED = 30;

/** The forms of an analysis. */
export const ANALYSIS_FORMATS = ['table', 'csv', 'json'] as const;

/**
 * Reads the results once; `seen` gets every unit. Throws a ConfigurationError when a named field is in none of them.
 */
export async function analyseSource(
  source: ResultSource,
  { report, gates }: Pick<Pipeline, 'report' | 'gates'>,
  seen: ((record: UnitRecord) => void) | null = null,
): Promise<Analysis> {
  const { provider, simulated, itemFields, look } = source;
  const pipeline = { ...source.pipeline, report, gates };
  // One by one units are only compared.
  const kept = seen === null ? 0 : MOST_KEPT_UNITS;
  const analyser = createAnalyser({ pipeline, provider, simulated, itemFields, look, kept });
  const fields = new Set<string>();
  for await (const records of source.records(fieldsRead(pipeline)))
    for (const record of records) {
      analyser.add(record);
      seen?.(record);
      for (const name of record.fields.keys()) fields.add(name);
    }
  const { valid } = source.accounting;
  for (const name of namesOf(report)) {
    if (valid === 0 || fields.has(name)) continue;
    const known = [...fields].filter((field) => !/^_|^unit_id$/.test(field));
    const more = known.length > MOST_NAMED ? `, or ${known.length - MOST_NAMED} more` : '';
    const fix = `name one of: ${known.slice(0, MOST_NAMED).join(', ')}${more}`;
    throw usageError(source.name, `no unit has a field "${name}"`, fix);
  }
  return analyser.finish(source.accounting);
}

/** The fields that such an analysis looks at; null: it is not known beforehand. */
function fieldsRead({ report, gates, steps }: Pipeline): ReadonlySet<string> | null {
  const { outcomes, metrics, figures = [] } = report;
  const looksForSome = outcomes.length + metrics.length === 0;
  const isBlind = gates.length > 0 || looksForSome || figures.some((figure) => !('field' in figure));
  const isCoupled = steps.some((step) => step.kind === 'expression' && step.coupling !== undefined);
  return isBlind || isCoupled ? null : new Set(namesOf(report));
}

function namesOf({ groupBy, outcomes, metrics, figures = [] }: ReportSpec): readonly string[] {
  const ofFigures = figures.flatMap((figure) => ('field' in figure ? [figure.field] : []));
  return [...(groupBy === null ? [] : [groupBy]), ...outcomes, ...metrics, ...ofFigures];
}

/** The analysis that was asked for. */
export async function analyseResults(source: ResultSource, report: ReportSpec): Promise<ResultAnalysis> {
  const analysis = await analyseSource(source, { report, gates: [] });
  const { planned, valid, failed, inFlight } = source.accounting;
  const shown = new Set(analysis.overall.metrics.map(({ field }) => field));
  const empty = valid === 0 ? undefined : report.metrics.find((field) => !shown.has(field));
  if (empty !== undefined)
    throw usageError(source.name, `no unit has a number in "${empty}"`, `count its values: --count ${empty}`);
  // Who asks for figures only asks for nothing that could be found beside them.
  const isPlain = report.outcomes.length + report.metrics.length === 0 && report.figures !== undefined;
  const only = (slice: Slice): Slice => (isPlain ? { ...slice, outcomes: [], metrics: [] } : slice);
  return roundNumbers({
    name: source.name,
    simulated: analysis.simulated,
    units: { planned, valid, failed, inFlight },
    failures: failuresOf(source),
    found: analysis.found && !isPlain,
    groupBy: analysis.groupBy,
    overall: only(analysis.overall),
    groups: analysis.groups.map(only),
    unitsInMoreGroups: analysis.unitsInMoreGroups,
  }) as ResultAnalysis;
}

function failuresOf({ accounting }: ResultSource): Readonly<Partial<Record<FailureKind, number>>> {
  const kinds: Partial<Record<FailureKind, number>> = {};
  for (const { failures } of accounting.steps) {
    for (const [kind, count] of Object.entries(failures) as [FailureKind, number][])
      kinds[kind] = (kinds[kind] ?? 0) + count;
  }
  return kinds;
}

/** The analysis as text. */
export function formatAnalysis(
  analysis: ResultAnalysis,
  format: (typeof ANALYSIS_FORMATS)[number],
  screen: { readonly color: boolean; readonly width: number },
): string {
  switch (format) {
    case 'table':
      return blocksToTerminal(layOutAnalysis(analysis), screen);
    case 'csv':
      return analysisToCsv(analysis);
    case 'json':
      return `${JSON.stringify(analysis)}\n`;
    default:
      return format satisfies never;
  }
}

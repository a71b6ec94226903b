// An analysis as CSV for other programs: one row an estimate, every number as it is. It rounds nothing for people.
import type {
  Bounds,
  FigureEstimate,
  Interval,
  MetricEstimate,
  OutcomeEstimate,
  Slice,
} from '../analysis/estimate.ts';
import { formatCells } from './csv.ts';
import type { ResultAnalysis } from './tables-analysis.ts';

const COLUMNS = [
  'group',
  'kind',
  'name',
  'value',
  'n',
  'missing',
  'count',
  'estimate',
  'error',
  'low',
  'high',
  'confidence',
  'method',
  'worst_low',
  'worst_high',
  'stdev',
  'median',
  'median_low',
  'median_high',
  'min',
  'max',
  'note',
] as const;

type Row = Readonly<Partial<Record<(typeof COLUMNS)[number], string | number | null>>>;

/** All units first (their group is empty), then each group; a count has a row for every value. */
export function analysisToCsv({ overall, groups }: ResultAnalysis): string {
  const rows = [overall, ...groups].flatMap(rowsOf);
  const lines = rows.map((row) => formatCells(COLUMNS.map((column) => row[column] ?? null)));
  return [formatCells(COLUMNS), ...lines].join('');
}

function rowsOf({ group, outcomes, metrics, figures }: Slice): readonly Row[] {
  const rows = [...outcomes.flatMap(countRows), ...metrics.map(numberRow), ...figures.map(figureRow)];
  return rows.map((row) => ({ group, ...row }));
}

function countRows({ field, n, missing, values }: OutcomeEstimate): readonly Row[] {
  return values.map(({ value, x, share, interval, worst }) => ({
    ...{ kind: 'count', name: field, value, n, missing, count: x, estimate: share },
    ...intervalCells(interval),
    ...worstCells(worst),
  }));
}

function numberRow(metric: MetricEstimate): Row {
  const { field, n, missing, mean, error, interval, deviation, median, medianInterval, min, max } = metric;
  return {
    ...{ kind: 'number', name: field, n, missing, estimate: mean, error },
    ...intervalCells(interval),
    ...worstCells(metric.worst),
    ...{ stdev: deviation, median, min, max },
    ...(medianInterval === null ? {} : { median_low: medianInterval.low, median_high: medianInterval.high }),
  };
}

function figureRow({ kind, name, n, missing, value, interval, worst, note }: FigureEstimate): Row {
  const about = { kind, name, n, missing, estimate: value, note };
  return { ...about, ...intervalCells(interval), ...worstCells(worst) };
}

function intervalCells(interval: Interval | null): Row {
  return interval ?? {};
}

function worstCells(worst: Bounds | null): Row {
  return worst === null ? {} : { worst_low: worst.low, worst_high: worst.high };
}

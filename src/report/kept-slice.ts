// Reads the estimates of a kept report back: whoever may write to the state branch may have written them, so that a number
// that is none, or a list without end, is as if nothing were kept. It computes nothing.
import type {
  Bounds,
  FigureEstimate,
  Interval,
  MetricEstimate,
  OutcomeEstimate,
  ShareEstimate,
  Slice,
} from '../analysis/estimate.ts';
import { fieldsOf, isCount, isFiniteNumber } from '../expression/plain-json.ts';

/** Entries of one list, and characters of one text. */
const MOST = 200;
const LONGEST = 10_000;

const KINDS = ['net', 'quantile', 'ratio', 'rate', 'custom'];

/** The estimates of all units; null for anything else. */
export function parseSlice(value: unknown): Slice | null {
  const { units, dropped, outcomes, metrics, figures } = fieldsOf(value);
  const read = {
    outcomes: readAll(outcomes, readOutcome),
    metrics: readAll(metrics, readMetric),
    figures: readAll(figures ?? [], readFigure),
  };
  if (!isCount(units) || !isCount(dropped)) return null;
  if (read.outcomes === null || read.metrics === null || read.figures === null) return null;
  return {
    group: null,
    units,
    dropped,
    outcomes: read.outcomes,
    metrics: read.metrics,
    figures: read.figures,
  };
}

function readOutcome(value: unknown): OutcomeEstimate | null {
  const { field, n, missing, other, values } = fieldsOf(value);
  if (!isText(field) || !isCount(n) || !isCount(missing) || !isCount(other)) return null;
  const shares = readAll(values, (one) => readShare(one));
  // Shares of one whole have its number of units, and no more hits together than units.
  if (shares === null || shares.some((share) => share.n !== n)) return null;
  if (shares.reduce((sum, { x }) => sum + x, other) > n) return null;
  return { field, n, missing, other, values: shares };
}

function readShare(raw: unknown): ShareEstimate | null {
  const { value, x, n, share, interval, worst } = fieldsOf(raw);
  const between = readInterval(interval);
  const bounds = readBounds(worst);
  if (!isText(value) || !isCount(x) || !isCount(n) || x > n || n === 0) return null;
  if (!isFiniteNumber(share) || Math.abs(share - x / n) > 1e-9) return null;
  if (between === null || !isInside(share, between) || bounds === undefined) return null;
  return { value, x, n, share, interval: between, worst: bounds };
}

function readMetric(value: unknown): MetricEstimate | null {
  const { field, n, missing, mean, error, interval, deviation, median, medianInterval, min, max, worst } =
    fieldsOf(value);
  if (!isText(field) || !isCount(n) || !isCount(missing)) return null;
  if (!isFiniteNumber(mean) || !isFiniteNumber(median) || !isFiniteNumber(min) || !isFiniteNumber(max))
    return null;
  // A mean outside of what was seen is none; the last digits were rounded away.
  if (!isInside(mean, { low: min, high: max }) || !isInside(median, { low: min, high: max })) return null;
  const between = readOptional(interval, readInterval);
  const middle = readOptional(medianInterval, readInterval);
  const bounds = readBounds(worst);
  if (!isError(error) || !isError(deviation)) return null;
  if (between === undefined || middle === undefined || bounds === undefined) return null;
  const ends = { interval: between, medianInterval: middle, worst: bounds };
  return { field, n, missing, mean, error, deviation, median, min, max, ...ends };
}

function readFigure(raw: unknown): FigureEstimate | null {
  const { kind, name, n, missing, value, interval, worst, note } = fieldsOf(raw);
  const between = readOptional(interval, readInterval);
  const bounds = readBounds(worst);
  if (!KINDS.includes(kind as string) || !isText(name) || !isCount(n) || !isCount(missing)) return null;
  if ((value !== null && !isFiniteNumber(value)) || (note !== null && !isText(note))) return null;
  if (between === undefined || bounds === undefined) return null;
  return {
    kind: kind as FigureEstimate['kind'],
    name,
    n,
    missing,
    value,
    interval: between,
    worst: bounds,
    note,
  };
}

function readInterval(value: unknown): Interval | null {
  const { low, high, confidence, method } = fieldsOf(value);
  if (!isFiniteNumber(low) || !isFiniteNumber(high) || low > high || !isText(method)) return null;
  return isFiniteNumber(confidence) && confidence > 0 && confidence < 1
    ? { low, high, confidence, method }
    : null;
}

/** Undefined for what is neither null nor bounds. */
function readBounds(value: unknown): Bounds | null | undefined {
  return readOptional(value, (one) => {
    const { low, high } = fieldsOf(one);
    return isFiniteNumber(low) && isFiniteNumber(high) && low <= high ? { low, high } : null;
  });
}

function readOptional<T>(value: unknown, read: (value: unknown) => T | null): T | null | undefined {
  return value === null ? null : (read(value) ?? undefined);
}

function readAll<T>(value: unknown, read: (value: unknown) => T | null): readonly T[] | null {
  if (!Array.isArray(value) || value.length > MOST) return null;
  const found: T[] = [];
  for (const one of value) {
    const known = read(one);
    if (known === null) return null;
    found.push(known);
  }
  return found;
}

function isInside(value: number, { low, high }: Bounds): boolean {
  const slack = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
  return value >= low - slack && value <= high + slack;
}

function isError(value: unknown): value is number | null {
  return value === null || (isFiniteNumber(value) && value >= 0);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

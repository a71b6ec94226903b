// How metrics are spread, beside the base, and how the first estimates settled while units came in. Both are drawn from
// what each unit came to, and left out where that is not known.
import {
  CURVE_POINTS,
  type Distribution,
  distributionOf,
  type RunningPoint,
  runningEstimates,
} from '../analysis/curves.ts';
import type { GateResult } from '../analysis/gates.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  percentDecimals,
} from '../analysis/numbers.ts';
import type { ValueRow } from '../analysis/packed-values.ts';
import { type DrawnColumn, type DrawnValues, MOST_DRAWN_UNITS, sameColumn } from '../analysis/unit-values.ts';
import type { Text } from './block.ts';
import { type Curve, type CurveShape, drawCurves, type Spot } from './curve-svg.ts';
import { oneLine } from './escape.ts';
import { isJudged, type PageInput, type Section } from './html-section.ts';
import { type Axis, numberAxis, shareAxis } from './plot.ts';

const DISTRIBUTIONS = 8;
const RUNNING = 6;
/** Rows of the table below a running estimate. */
const LOOKS = 8;
const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];

/** Null where no metric is known unit by unit. */
export function distributionSection({ report, values, base }: PageInput): Section | null {
  if (!isJudged(report) || values === null) return null;
  const metrics = values.columns.filter((column) => column.kind === 'mean' && !column.isGate);
  const spread = metrics.map(({ values: all }) => distributionOf(all));
  const curves = metrics.slice(0, DISTRIBUTIONS).flatMap((column, at) => {
    const here = spread[at] ?? null;
    if (here === null || here.distinct < 2) return [];
    const known = base?.values ?? null;
    const other = known === null ? undefined : sameColumn(known, column);
    return [distributionCurve(column.name, here, other === undefined ? null : distributionOf(other.values))];
  });
  if (curves.length === 0) return null;
  const title = 'Distributions';
  const said: Text = ['Of all units, the share that came to so much or less'];
  const drawn = spread.map((one) => one?.distinct ?? 0);
  const thin = Math.max(...drawn) > CURVE_POINTS ? [`; ${CURVE_POINTS} points of each curve are drawn`] : [];
  return { id: 'distributions', title, note: [...said, ...thin, '.'], body: drawCurves(curves) };
}

function distributionCurve(name: string, here: Distribution, there: Distribution | null): Curve {
  const all = [here, ...(there === null ? [] : [there])].flatMap(({ points }) => points);
  const x = numberAxis(
    '',
    all.map(({ value }) => value),
  );
  const steps = (of: 'head' | 'base', { points }: Distribution): CurveShape => ({
    kind: 'steps',
    of,
    spots: [
      { x: x.low, y: 0 },
      ...points.map(({ value, share }) => ({ x: value, y: share })),
      { x: x.high, y: 1 },
    ],
  });
  const rows = QUANTILES.map((at): readonly Text[] => [
    [at === 0 ? 'smallest' : at === 1 ? 'largest' : at === 0.5 ? 'median' : `${at * 100}%`],
    ...(there === null ? [] : [[formatPlain(valueAt(there, at))]]),
    [formatPlain(valueAt(here, at))],
  ]);
  const middle = `half of ${formatCount(here.n)} units at or below ${formatPlain(valueAt(here, 0.5))}`;
  const before = there === null ? '' : `, on the base at or below ${formatPlain(valueAt(there, 0.5))}`;
  return {
    caption: [{ name }],
    says: `Distribution of ${oneLine(name, 64)}: ${middle}${before}`,
    x,
    y: shareAxis(''),
    shapes: [...(there === null ? [] : [steps('base', there)]), steps('head', here)],
    keys: [['head', 'this run'], ...(there === null ? [] : ([['before', 'base']] as const))],
    table: {
      head: ['Units at or below', ...(there === null ? [] : ['Base']), 'This run'],
      align: there === null ? ['left', 'right'] : ['left', 'right', 'right'],
      rows,
    },
  };
}

/** The smallest value kept at which the curve has reached that height. */
function valueAt({ points }: Distribution, share: number): number {
  return (points.find((point) => point.share >= share) ?? points.at(-1)!).value;
}

/** Null where nothing is known unit by unit, unless it is because there were too many. */
export function convergenceSection({ report, values }: PageInput): Section | null {
  if (!isJudged(report)) return null;
  const id = 'convergence';
  const title = 'Convergence';
  if (values === null) {
    if (report.units.planned <= MOST_DRAWN_UNITS) return null;
    const why = `Curves are drawn of up to ${formatCount(MOST_DRAWN_UNITS)} units; this run has more.`;
    return { id, title, note: [why], body: drawCurves([]) };
  }
  const curves = quantitiesOf(values).flatMap((column) => {
    const gate = report.gates.find((one) => column.isGate && one.name === column.name) ?? null;
    return runningCurve(column, values, gate) ?? [];
  });
  if (curves.length === 0) return null;
  const thin =
    values.units > CURVE_POINTS
      ? `, at ${formatCount(CURVE_POINTS)} places of ${formatCount(values.units)}`
      : '';
  const note = [`The estimates after ever more units, in canonical order${thin}, with 95% intervals.`];
  return { id, title, note, body: drawCurves(curves) };
}

type Quantity = DrawnColumn & { readonly kind: 'share' | 'mean'; readonly label: string | null };

/** Gates first; of an outcome its first value. What says the same once more is left out. */
function quantitiesOf({ columns }: DrawnValues): readonly Quantity[] {
  const found: Quantity[] = [];
  for (const column of [...columns.filter((one) => one.isGate), ...columns.filter((one) => !one.isGate)]) {
    const quantity = quantityOf(column);
    if (quantity === null || !varies(quantity) || found.some((other) => saysTheSame(quantity, other)))
      continue;
    found.push(quantity);
    if (found.length === RUNNING) break;
  }
  return found;
}

/** Also of two values of a share the other one would say nothing new. */
function saysTheSame({ values }: Quantity, other: Quantity): boolean {
  const isSame = (turned: boolean): boolean => {
    for (let at = 0; at < values.length; at++) {
      const there = other.values.at(at) ?? null;
      if ((values.at(at) ?? null) !== (turned && there !== null ? 1 - there : there)) return false;
    }
    return true;
  };
  return isSame(false) || (other.kind === 'share' && isSame(true));
}

/** What is the same for all units settles nowhere. */
function varies({ values }: Quantity): boolean {
  let first: number | null = null;
  for (let at = 0; at < values.length; at++) {
    const value = values.at(at) ?? null;
    first ??= value;
    if (value !== null && value !== first) return true;
  }
  return false;
}

function quantityOf(column: DrawnColumn): Quantity | null {
  if (column.kind !== 'category') return { ...column, kind: column.kind, label: null };
  const label = column.labels.includes('true') ? 'true' : column.labels[0];
  if (label === undefined) return null;
  const place = column.labels.indexOf(label);
  return { ...column, kind: 'share', label, values: hitsOf(column.values, place) };
}

/** 1 for the units that have this value, read off the others as it is asked for. */
function hitsOf(values: ValueRow, hit: number): ValueRow {
  return {
    length: values.length,
    at: (place) => {
      const value = values.at(place) ?? null;
      return value === null ? null : value === hit ? 1 : 0;
    },
  };
}

function runningCurve(
  { kind, name, label, values }: Quantity,
  { items, coupled }: Pick<DrawnValues, 'items' | 'coupled'>,
  gate: GateResult | null,
): Curve | null {
  const points = runningEstimates({ kind, values, items, coupled });
  const last = points.at(-1);
  if (points.length < 2 || last === undefined || last.interval === null) return null;
  const units = values.length;
  const isPlain = gate === null || gate.kind === 'share' || gate.kind === 'mean';
  const region = gate === null || !isPlain ? null : gate.region;
  const y = heightAxis(kind, points, units, [region?.atLeast ?? [], region?.atMost ?? []].flat());
  const write = (value: number) =>
    kind === 'share'
      ? formatPercent(value, percentDecimals(units))
      : formatNumber(value, errorDecimals((last.interval!.high - last.interval!.low) / 4));
  const span = ({ low, high }: { low: number; high: number }) => `${write(low)} to ${write(high)}`;
  const known = points.flatMap(({ units: at, interval }) => (interval === null ? [] : [{ at, ...interval }]));
  const spots = (of: (one: (typeof known)[number]) => number): readonly Spot[] =>
    known.map((one) => ({ x: one.at, y: of(one) }));
  const about = label === null ? oneLine(name, 64) : `${oneLine(name, 64)} ${oneLine(label, 40)}`;
  return {
    caption: label === null ? [{ name }] : [{ name }, ' ', { code: label, max: 40 }],
    says: `${about}: ${write(last.estimate)} after ${formatCount(last.units)} units, 95% CI ${span(last.interval)}`,
    x: countAxis(units),
    y,
    shapes: [
      { kind: 'band', upper: spots((one) => one.high), lower: spots((one) => one.low) },
      ...(region === null ? [] : [{ kind: 'region' as const, from: region.atLeast, to: region.atMost }]),
      { kind: 'line', of: 'head', spots: points.map((one) => ({ x: one.units, y: one.estimate })) },
    ],
    keys: [
      ['head', 'estimate'],
      ['band', '95% CI'],
      ...(region === null ? [] : ([['region', 'where the gate holds']] as const)),
    ],
    table: {
      head: ['After units', kind === 'share' ? 'Share' : 'Mean', '95% CI'],
      align: ['right', 'right', 'left'],
      rows: someOf(points).map((point) => [
        [formatCount(point.units)],
        [write(point.estimate)],
        [point.interval === null ? '' : span(point.interval)],
      ]),
    },
  };
}

function someOf(points: readonly RunningPoint[]): readonly RunningPoint[] {
  const step = Math.max(1, points.length / LOOKS);
  const places = Array.from({ length: LOOKS }, (_, i) => Math.round((i + 1) * step) - 1);
  return [...new Set(places.map((at) => points[at]).filter((point) => point !== undefined))];
}

/** Holds the intervals of all but the first twentieth, which would flatten the rest. */
function heightAxis(
  kind: 'share' | 'mean',
  points: readonly RunningPoint[],
  units: number,
  bounds: readonly number[],
): Axis {
  const later = points.filter((point) => point.units >= units / 20);
  const ends = later.flatMap(({ estimate, interval }) => [
    estimate,
    ...(interval === null ? [] : [interval.low, interval.high]),
  ]);
  const all = [...ends, ...bounds];
  if (kind === 'mean') return numberAxis('', all);
  const { ticks } = numberAxis(
    '',
    all.map((value) => value * 100),
  );
  const within = ticks
    .map(({ at, text }) => ({ at: at / 100, text: `${text}%` }))
    .filter(({ at }) => at > -1e-9 && at < 1 + 1e-9);
  return { title: '', low: within[0]!.at, high: within.at(-1)!.at, ticks: within };
}

function countAxis(units: number): Axis {
  const { ticks } = numberAxis('', [0, units]);
  const inside = ticks
    .filter(({ at }) => at < units * 0.9)
    .map(({ at }) => ({ at, text: formatCount(Math.round(at)) }));
  return { title: 'units', low: 0, high: units, ticks: [...inside, { at: units, text: formatCount(units) }] };
}

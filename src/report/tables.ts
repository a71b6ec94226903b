// The tables of a report: verdict first, at most five columns, numbers with their intervals. Cells are pieces of
// text that say themselves whether they can be trusted.
import type { Bounds, MetricEstimate, ShareEstimate, Slice } from '../analysis/estimate.ts';
import { formatEnds, formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import { formatMoney, parseUsd } from '../analysis/money.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  percentDecimals,
} from '../analysis/numbers.ts';
import type { Piece, Table, Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { formatGateValue } from './headline.ts';
import { formatInterval, levelOf, nbsp, plainBounds, shareBoundsText } from './interval-text.ts';
import type { Report, ReportedStep } from './report.ts';
import { figureRows } from './tables-figures.ts';

/** Values of one outcome that a table shows; the rest is in report.json. */
const VALUE_ROWS = 8;
/** Groups that a table shows; the rest is in report.json. */
export const GROUP_ROWS = 40;

/** `51.2%`, with the decimals that n carries. */
export function formatShare(share: ShareEstimate): string {
  return formatPercent(share.share, percentDecimals(share.n));
}

/** Gates first, then outcomes and metrics without one. The last column appears when something was dropped. */
export function resultTable(report: Report): Table {
  const dropped = report.overall.dropped > 0 || report.gates.some((gate) => gate.worst !== null);
  const rows = [
    ...report.gates.map((gate) => gateRow(gate, report.simulated)),
    ...report.overall.outcomes.flatMap((outcome) => [
      ...outcome.values
        .slice(0, VALUE_ROWS)
        .map((share) => ungated(outcomeCell(outcome.field, share.value), share)),
    ]),
    ...report.overall.metrics.flatMap((metric) => metricRows(metric)),
    ...figureRows(report.overall),
  ];
  const head = ['Result', 'Gate or outcome', 'Estimate (95% CI)', 'Needed', 'Worst cases'];
  const align = ['left', 'left', 'left', 'left', 'left'] as const;
  const columns = dropped ? 5 : 4;
  return {
    head: head.slice(0, columns),
    align: align.slice(0, columns),
    rows: rows.map((row) => row.slice(0, columns)),
  };
}

function gateRow(gate: GateResult, simulated: boolean): readonly Text[] {
  return [
    [nbsp(stateCell(gate.state, simulated))],
    [{ name: gate.name }, ...errorNote(gate)],
    gate.value === null ? [gate.reason] : estimateCell(gate),
    [nbsp(formatRegion(gate))],
    [gate.worst === null ? '' : worstText(gate, gate.worst)],
  ];
}

/** A gate's value with its interval at its own confidence, and of how many units. */
export function estimateCell(gate: GateResult): Text {
  const { kind, interval, n } = gate;
  const figure: Piece = { strong: nbsp(formatGateValue(gate)) };
  const count = formatCount(n);
  if (isShareGate(gate)) {
    const span = interval === null ? '' : ` ${formatInterval(interval, percentDecimals(n))}`;
    return [figure, `${n === 0 ? '' : ` of ${count}`}${span}`];
  }
  if (kind === 'cost') return [figure];
  const span =
    interval === null ? '' : ` ${kind === 'mean' ? formatInterval(interval, null) : signedSpan(gate)}`;
  return [figure, `${span}, n\u00a0${count}`];
}

/** The interval of a change or a difference: `(−24 to +3)`. Empty without one. */
export function signedSpan({ kind, interval, n }: GateResult): string {
  if (interval === null) return '';
  return nbsp(`(${levelOf(interval)}${formatEnds(kind, interval, n).replace(/ pp$/, '')})`);
}

function worstText(gate: GateResult, worst: Bounds): string {
  if (isShareGate(gate)) return shareBoundsText(worst, percentDecimals(gate.n));
  return gate.kind === 'mean' ? plainBounds(worst) : nbsp(formatEnds(gate.kind, worst, gate.n));
}

function isShareGate({ kind }: GateResult): boolean {
  return kind === 'share' || kind === 'valid_share';
}

/** How many units gave no value, and the first reason. */
export function errorNote(gate: GateResult): readonly Piece[] {
  if (gate.errors === 0) return [];
  const units = gate.errors === 1 ? '1 unit' : `${formatCount(gate.errors)} units`;
  return [`; no value for ${units}: `, { code: gate.firstError ?? '' }];
}

/** The state as a word people can search for; on a dry run, what it would be. */
export function stateCell(state: GateResult['state'], simulated: boolean): string {
  switch (state) {
    case 'pass':
      return simulated ? '⏸️ would pass' : '✅ pass';
    case 'fail':
      return simulated ? '⏸️ would fail' : '❌ fail';
    case 'inconclusive':
      return simulated ? '⏸️ undecided' : '⚠️ inconclusive';
    default:
      return state satisfies never;
  }
}

function outcomeCell(field: string, value: string): Text {
  return [{ name: field }, ' ', { code: value, max: 40 }];
}

function ungated(name: Text, share: ShareEstimate): readonly Text[] {
  const decimals = percentDecimals(share.n);
  return [
    [nbsp('no gate')],
    name,
    [
      { strong: formatShare(share) },
      ` of ${formatCount(share.n)} ${formatInterval(share.interval, decimals)}`,
    ],
    [''],
    [share.worst === null ? '' : shareBoundsText(share.worst, decimals)],
  ];
}

function metricRows(metric: MetricEstimate): readonly (readonly Text[])[] {
  const median = metric.medianInterval;
  const rows: (readonly Text[])[] = [
    [
      [nbsp('no gate')],
      ['mean ', { name: metric.field }],
      meanCell(metric),
      [''],
      [metric.worst === null ? '' : plainBounds(metric.worst)],
    ],
  ];
  if (metric.n > 1) {
    const interval =
      median === null ? '' : ` ${nbsp(`(${formatPlain(median.low)} to ${formatPlain(median.high)})`)}`;
    rows.push([
      [nbsp('no gate')],
      ['median ', { name: metric.field }],
      [{ strong: formatPlain(metric.median) }, interval],
      [''],
      [''],
    ]);
  }
  return rows;
}

function meanCell(metric: MetricEstimate): Text {
  if (metric.error === null || metric.interval === null) return [{ strong: formatPlain(metric.mean) }];
  const decimals = errorDecimals(metric.error);
  const figure = nbsp(`${formatNumber(metric.mean, decimals)} ± ${formatNumber(metric.error, decimals)}`);
  return [{ strong: figure }, ` ${formatInterval(metric.interval, null)}, n\u00a0${formatCount(metric.n)}`];
}

/** Every group with its first outcomes and metrics. */
export function groupTable(report: Report): Table {
  const dropped = report.groups.some((group) => group.dropped > 0);
  const rows = report.groups.slice(0, GROUP_ROWS).flatMap((group) => groupRows(group));
  const columns = dropped ? 4 : 3;
  return {
    head: ['Group', 'Outcome or metric', 'Estimate (95% CI)', 'Worst cases'].slice(0, columns),
    align: (['left', 'left', 'left', 'left'] as const).slice(0, columns),
    rows: rows.map((row) => row.slice(0, columns)),
  };
}

function groupRows(group: Slice): readonly (readonly Text[])[] {
  const name: Text = [{ code: group.group ?? '', max: 40 }];
  const shares = group.outcomes.flatMap((outcome) =>
    outcome.values
      .slice(0, VALUE_ROWS)
      .map((share) => ungated(outcomeCell(outcome.field, share.value), share)),
  );
  const means = group.metrics.flatMap((metric) => metricRows(metric).slice(0, 1));
  const rows = [...shares, ...means, ...figureRows(group)];
  if (rows.length === 0)
    return [[name, [`no valid unit of ${formatCount(group.units + group.dropped)}`], [''], ['']]];
  return rows.map(([, what = [''], estimate = [''], , worst = ['']], i) => [
    i === 0 ? name : [''],
    what,
    estimate,
    worst,
  ]);
}

/** Steps with their books: entered, valid, what failed and why. */
export function stepTable(report: Report): Table {
  return {
    head: ['Step', 'Valid of entered', 'Valid at once', 'Retried', 'Failed'],
    align: ['left', 'right', 'right', 'right', 'left'],
    rows: report.steps.map((step) => [
      [{ name: step.step }],
      [validCell(step)],
      [formatCount(step.firstAttemptValid)],
      [formatCount(step.retried)],
      [failedCell(step)],
    ]),
  };
}

/** Of a fan-out also what its units became. */
function validCell({ valid, entered, children }: ReportedStep): string {
  const all = `${formatCount(valid)} of ${formatCount(entered)}`;
  return children === undefined ? all : `${all} → ${formatCount(children)}`;
}

function failedCell(step: ReportedStep): string {
  const kinds = Object.entries(step.failures)
    .filter(([, count]) => count > 0)
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([kind, count]) => `${formatCount(count)} ${kind}`);
  return kinds.length === 0 ? '0' : kinds.join(', ');
}

/** What each model step used and cost; a retry is what came after a first attempt. */
export function costTable(report: Report): Table {
  return {
    head: ['Step', 'Model', 'Requests', 'Tokens in / out', 'Cost'],
    align: ['left', 'left', 'right', 'right', 'right'],
    rows: report.steps
      .filter((step) => step.kind === 'llm')
      .map((step) => [
        [{ name: step.step }],
        step.model === null
          ? ['none']
          : [{ code: step.model, max: 40 }, step.mode === 'realtime' ? ' realtime' : ''],
        [formatCount(step.requests)],
        [`${formatCount(step.tokens.input)} / ${formatCount(step.tokens.output)}`],
        [costCell(step)],
      ]),
  };
}

function costCell(step: ReportedStep): string {
  const { cost, retryCost, requests } = step;
  if (!step.paid && requests > 0) {
    const word = step.provider === 'simulated' ? 'simulated' : 'recorded';
    return cost === null ? word : `${word}, would be ${formatUsd(cost)}`;
  }
  if (cost === null) return 'unknown';
  if (retryCost === null || retryCost === '0') return formatUsd(cost);
  const first = (parseUsd(cost) ?? 0n) - (parseUsd(retryCost) ?? 0n);
  return `${formatUsd(cost)} (${formatMoney(first)} first, ${formatUsd(retryCost)} retries)`;
}

/** The first failed units with step and reason. */
export function failureTable(report: Report): Table {
  return {
    head: ['Unit', 'Step', 'Reason'],
    align: ['left', 'left', 'left'],
    rows: report.failures.map((failure) => [
      [{ code: failure.unit }],
      [{ name: failure.step }],
      [`${failure.kind}: `, { code: failure.reason, max: 160 }],
    ]),
  };
}

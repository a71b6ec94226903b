// What a report says, and in which order: the same blocks for every surface. It reads a Report and nothing else.
import type { GateResult } from '../analysis/gates.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { priceOf } from './cost-text.ts';
import { gainBlocks } from './gain-sentences.ts';
import { countGates, keyGate } from './headline.ts';
import {
  changeEvidence,
  changeGroups,
  changeLead,
  shownComparison,
  standingSentence,
} from './layout-changes.ts';
import { closing } from './layout-closing.ts';
import { costBlocks } from './layout-cost.ts';
import { errorBlocks } from './layout-error.ts';
import { pendingBlocks } from './layout-pending.ts';
import { groupPlot, sharePlot } from './layout-plots.ts';
import { stopBlocks, stopSentence } from './layout-stop.ts';
import { drawFunnel } from './plot.ts';
import { differencePlot } from './plot-changes.ts';
import type { Report } from './report.ts';
import { cappedSentence, droppedSentence, recordingSentence } from './sentences.ts';
import { unitsAt } from './step-units.ts';
import { failureTable, groupTable, resultTable, stepTable } from './tables.ts';
import { isChangeGate, type ShownComparison } from './tables-changes.ts';

/** Failing gates of which the summary says why. */
const FAILING_NAMED = 3;

/** The body of a report, after its headline. `isStandingTold`: its page says itself how the run stands to its base. */
export function layOut(report: Report, isStandingTold = false): readonly Block[] {
  const shown = shownComparison(report);
  switch (report.verdict) {
    case 'pending':
      return [...pendingBlocks(report), ...evidence(report), ...closing(report)];
    case 'error':
      return [
        ...errorBlocks(report),
        // All units are over: what they came to is known, whatever a script made of it.
        ...(report.error?.kind === 'script' ? resultBlocks(report, shown) : []),
        ...failureBlocks(report),
        ...evidence(report),
        ...closing(report),
      ];
    case 'pass':
    case 'fail':
    case 'inconclusive':
    case 'dry_run':
      return [
        paragraph(summaryText(report, isStandingTold)),
        ...(isStandingTold ? [] : standingSentence(report).map(paragraph)),
        ...(shown === null ? [] : changeLead(shown)),
        ...stopBlocks(report),
        ...resultBlocks(report, shown),
        ...(shown === null ? [] : changeGroups(shown)),
        ...evidence(report),
        ...failureBlocks(report),
        ...closing(report),
      ];
    default:
      return report.verdict satisfies never;
  }
}

/** What a finished run comes to: where the answers are from, the gates, what was dropped. `isStandingTold` as of `layOut`. */
export function summaryText(report: Report, isStandingTold = false): Text {
  const text: Text[] = [];
  const { gates, simulated } = report;
  if (report.simulated) text.push([{ strong: 'The answers are simulated: no model was called for them.' }]);
  text.push(...recordingSentence(report));
  if (gates.length === 0) text.push([{ strong: 'No gate is set, so nothing can fail.' }]);
  const tell = (gate: GateResult) =>
    isSaidBelow(gate, report, isStandingTold) ? [] : gateText(gate, report);
  text.push(...gateSentences(gates, simulated, tell));
  text.push(...droppedSentence(report), ...cappedSentence(report));
  text.push(...stopSentence(report));
  return joinText(text, ' ');
}

/** How many gates are what, and of those to read first why; nothing without gates. `tell`: nothing for what is said elsewhere. */
export function gateSentences(
  gates: readonly GateResult[],
  simulated: boolean,
  tell: (gate: GateResult) => Text = (gate) => reasonText(gate),
): readonly Text[] {
  const key = keyGate(gates);
  if (key === null) return [];
  const says = `${countGates(gates, simulated)}.`;
  const first = key.state === 'fail' ? gates.filter(({ state }) => state === 'fail') : [key];
  const told = first.slice(0, FAILING_NAMED).map((gate) => tell(gate));
  return [
    [{ strong: `${says.charAt(0).toUpperCase()}${says.slice(1)}` }],
    ...told.filter((text) => text.length > 0),
  ];
}

function reasonText({ name, reason }: GateResult, price: string | null = null): Text {
  return ['“', { name }, `”: ${reason}${price === null ? '' : ` (about ${price})`}.`];
}

/** Why a gate is as it is, and what it would cost to decide it. */
function gateText(gate: GateResult, { units, cost }: Report): Text {
  // The units that the reason names.
  const more = gate.smallest !== null && gate.n < gate.smallest ? gate.smallest : gate.toSettle;
  const isOpen = gate.state === 'inconclusive' && gate.n > 0 && more !== null;
  return reasonText(gate, isOpen ? priceOf(more, units.planned, cost.spent) : null);
}

/** A gate on a change that needs no words of its own: nothing is compared, or nothing differs, which is said below. */
function isSaidBelow(gate: GateResult, { against }: Report, isStandingTold: boolean): boolean {
  if (!isChangeGate(gate)) return false;
  const holds = gate.state === 'pass' && against?.comparison?.isSame === true;
  return gate.value === null ? isStandingTold : holds;
}

/** What the run came to; held against another, what moved comes first and its own estimates are folded. */
function resultBlocks(report: Report, shown: ShownComparison | null): readonly Block[] {
  if (shown === null || shown.comparison.isSame)
    return [
      ...sharePlot(report),
      ...differencePlot(report.gates),
      ...estimateBlocks(report),
      ...groupBlocks(report),
    ];
  // The table of changes has their gates.
  const gates = report.gates.filter((gate) => !isChangeGate(gate));
  const blocks = [...estimateBlocks({ ...report, gates }), ...groupBlocks(report)];
  const folded: Block = { kind: 'details', summary: 'Estimates of this run', blocks };
  return [...changeEvidence(shown), ...(blocks.length === 0 ? [] : [folded])];
}

function estimateBlocks(report: Report): readonly Block[] {
  const table = resultTable(report);
  const blocks: Block[] = table.rows.length > 0 ? [{ kind: 'table', table }] : [];
  const said = resultNote(report);
  if (said !== '') blocks.push(paragraph([said]));
  return [...blocks, ...gainBlocks(report)];
}

/** How the intervals were made and where the rows are from; empty when there is nothing to say. */
export function resultNote(report: Report): string {
  const { outcomes, metrics } = report.overall;
  const shown = outcomes.some((outcome) => outcome.values.length > 0) || metrics.length > 0;
  const notes = [methodNote(report)];
  if (report.found && shown)
    notes.push(
      'Outcomes and metrics were found from the results; report: in the pipeline says which to show.',
    );
  return notes.filter((note) => note !== '').join(' ');
}

/** How the intervals were made, and whether repeated items were taken into account. */
function methodNote(report: Report): string {
  const methods = [
    ...report.overall.outcomes.flatMap((outcome) => outcome.values.map((share) => share.interval.method)),
    ...report.overall.metrics.flatMap((metric) => metric.interval?.method ?? []),
    ...report.overall.figures.flatMap((figure) => figure.interval?.method ?? []),
    ...report.gates.flatMap((gate) => gate.interval?.method ?? []),
  ].map((method) => method.split(', '));
  if (methods.length === 0) return '';
  const names = [...new Set(methods.map(([name = '']) => name))].join(', ');
  const draws = [...new Set(methods.flatMap(([, dependence]) => dependence ?? []))].join(' or ');
  return `Intervals: ${names}; ${draws}.`;
}

function groupBlocks(report: Report): readonly Block[] {
  // A single group would only repeat the whole.
  if (report.groups.length + Math.min(1, report.unitsInMoreGroups) < 2) return [];
  const blocks: Block[] = [...groupPlot(report)];
  blocks.push({ kind: 'table', table: groupTable(report) });
  if (report.unitsInMoreGroups > 0) {
    blocks.push(
      paragraph([`${formatUnits(report.unitsInMoreGroups)} in further groups are not shown here.`]),
    );
  }
  const summary = `By group: ${formatCount(report.groups.length)} ${report.groups.length === 1 ? 'group' : 'groups'}`;
  return [{ kind: 'details', summary, blocks }];
}

/** The funnel, open when something was lost, and the cost. */
function evidence(report: Report): readonly Block[] {
  const blocks: Block[] = [];
  const { planned, valid, failed } = report.units;
  const { inFlight } = report.units;
  const told =
    inFlight > 0 ? report.steps.some((step) => step.failed + step.retried > 0) : report.steps.length > 1;
  if (told || failed > 0) {
    const all = unitsAt(report);
    const rows = report.steps.map((step, at) => ({
      label: step.step,
      left: step.valid,
      lost: step.failed,
      retried: step.retried,
      of: all[at]!,
      ...(step.children === undefined ? {} : { children: step.children }),
    }));
    const plot: Block = { kind: 'plot', lines: drawFunnel(report.units.sources ?? planned, rows) };
    const table: Block = { kind: 'table', table: stepTable(report) };
    const summary = `Steps: ${formatCount(valid)} of ${formatUnits(planned)} came through`;
    // While units are in flight, what is left after a step says nothing about it.
    if (inFlight > 0) blocks.push({ kind: 'details', summary, blocks: [table] });
    else if (failed > 0) blocks.push(plot, { kind: 'details', summary, blocks: [table] });
    else blocks.push({ kind: 'details', summary, blocks: [plot, table] });
  }
  const asked = report.steps.some((step) => step.requests > 0);
  return inFlight > 0 && !asked ? blocks : [...blocks, ...costBlocks(report)];
}

function failureBlocks(report: Report): readonly Block[] {
  if (report.failures.length === 0) return [];
  const { failed } = report.units;
  const blocks: Block[] = [{ kind: 'table', table: failureTable(report) }];
  const raw = report.failures.find((failure) => failure.raw !== null && failure.raw.trim() !== '');
  if (raw !== undefined && raw.raw !== null) {
    blocks.push(paragraph(['Raw answer of ', { code: raw.unit }, ':']), { kind: 'quote', text: raw.raw });
  }
  if (failed > report.failures.length) {
    blocks.push(paragraph([`All ${formatCount(failed)} are in `, { code: 'failures.jsonl' }, '.']));
  }
  const shown = report.failures.length;
  const summary =
    failed > shown
      ? `${shown} of ${formatCount(failed)} failed units`
      : `${shown} failed ${shown === 1 ? 'unit' : 'units'}`;
  return [{ kind: 'details', summary, blocks }];
}

// What moved between the base and this run: every change drawn against zero with its interval and its gate, the tests in
// a table beside it, and the same group by group.
import {
  type Change,
  type ChangeTest,
  type Comparison,
  type GroupChange,
  isBeyondChance,
  type Pairing,
} from '../analysis/comparison-change.ts';
import { formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { Table, Text } from './block.ts';
import { chanceText, changeText, effectText, levelText, nameText, spanText } from './change-text.ts';
import type { Chart, ChartRow } from './chart.ts';
import { drawCharts } from './chart-svg.ts';
import { oneLine } from './escape.ts';
import { writeTable, writeText } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import { isJudged, type PageInput, type Section } from './html-section.ts';
import { nbsp } from './interval-text.ts';
import { numberAxis } from './plot.ts';
import type { Report } from './report.ts';

const SHARE_ROWS = 60;
const MEAN_CHARTS = 12;
const GROUP_ROWS = 60;
/** Lines of the tables; the rest is in report.json. */
const LINES = 200;

/** Null without a base, and while nothing is judged. */
export function changeSection({ report }: PageInput): Section | null {
  const { against } = report;
  if (against === null || !isJudged(report)) return null;
  const { name, reason, isSame, comparison } = against;
  const told = (text: Text, body: Markup = html``): Section => ({
    id: 'changes',
    title: 'Changes',
    note: text,
    body,
  });
  if (reason !== null) return told(['Not compared with ', { name }, ': ', { name: reason }, '.']);
  if (isSame) return told(['The base, ', { name }, ', is this very run.']);
  if (comparison === null) return told(['What ', { name }, ' came to is not known any more.']);
  if (comparison.changes.length === 0) return told(['There is no quantity that ', { name }, ' has too.']);
  return told(noteOf(name, comparison), writeChanges(report, comparison));
}

function noteOf(name: string, comparison: Comparison): Text {
  const { pairing, units, dropped, isSame } = comparison;
  if (isSame) return ['No unit differs: all ', formatUnits(units), ' came to the same as on ', { name }, '.'];
  const left =
    dropped === 0
      ? ''
      : pairing === 'paired'
        ? ` ${formatUnits(dropped)} that failed on either side ${dropped === 1 ? 'is' : 'are'} left out.`
        : ` ${formatUnits(dropped)} failed.`;
  return ['This run less ', { name }, `: ${pairingText(pairing)}.${left}`];
}

function pairingText(pairing: Pairing): string {
  switch (pairing) {
    case 'paired':
      return 'the same units on both sides, each compared with itself';
    case 'unpaired':
      return 'two samples of different units';
    case 'estimates':
      return 'two samples of which the estimates are known';
    default:
      return pairing satisfies never;
  }
}

function writeChanges(report: Report, comparison: Comparison): Markup {
  const { changes, groups, moreGroups } = comparison;
  const tests = testTable(comparison);
  const note = familyNote(comparison);
  return html`${drawCharts(chartsOf(report, changes))}${writeTable(changeTable(report, changes), 'Changes', LINES)}${
    tests.rows.length === 0 ? null : writeTable(tests, 'Tests of no change', LINES)
  }${note === '' ? null : html`<p class="note">${note}</p>\n`}${
    groups.length === 0 ? null : writeGroups(groups, moreGroups)
  }`;
}

/** What the adjusted p is adjusted for; empty when none is. */
function familyNote({ changes, looked }: Comparison): string {
  const about = changes.filter(({ adjusted }) => adjusted !== null);
  if (about.length === 0) return '';
  const draws = Math.max(0, ...changes.flatMap(({ tests }) => tests.map((test) => test.draws)));
  const drawn = draws === 0 ? '' : ` Permutation tests rest on up to ${formatCount(draws)} draws.`;
  const family =
    looked === 1
      ? 'One question without a gate was asked, so its p needs no correction.'
      : `p is adjusted for the ${formatCount(looked)} questions without a gate that were asked (Benjamini and Hochberg).`;
  return `${family}${drawn}`;
}

/** All shares on one axis; each mean on its own, for means have no unit in common. */
function chartsOf(report: Report, changes: readonly Change[]): readonly Chart[] {
  const drawn = changes.filter(({ interval }) => interval !== null);
  const shares = drawn.filter(({ kind }) => kind === 'share');
  const means = drawn.filter(({ kind }) => kind === 'mean').slice(0, MEAN_CHARTS);
  const charts = means.map((change) => {
    const name: Text = change.isGate ? [{ name: change.name }] : ['mean ', { name: change.name }];
    return chartOf(['Change of ', ...name], [rowOf(change, gateOf(report, change))], 0, false);
  });
  if (shares.length === 0) return charts;
  const rows = shares.slice(0, SHARE_ROWS).map((change) => rowOf(change, gateOf(report, change)));
  const caption = ['Change of shares, in percentage points'];
  return [chartOf(caption, rows, shares.length - rows.length, true), ...charts];
}

function chartOf(caption: Text, rows: readonly ChartRow[], left: number, share: boolean): Chart {
  const scale = share ? 100 : 1;
  const ends = rows.flatMap(({ low, high, gate }) => [low, high, gate?.atLeast ?? 0, gate?.atMost ?? 0]);
  const { low, high, ticks } = numberAxis('', [0, ...ends.map((end) => end * scale)]);
  const axis = {
    title: 'change',
    low: low / scale,
    high: high / scale,
    ticks: ticks.map(({ at, text }) => ({ at: at / scale, text: at > 0 ? `+${text}` : text })),
  };
  return { caption, axis, rows, confidence: '95% CI', leftOut: left, zero: 'no change' };
}

/** The gate on this very change; a gate on the quantity itself is held against another number. */
function gateOf(report: Report, change: Change): GateResult | null {
  if (!change.isGate) return null;
  const kind = change.kind === 'share' ? 'share_change' : 'mean_change';
  return report.gates.find((gate) => gate.kind === kind && gate.name === change.name) ?? null;
}

function rowOf(change: Change, gate: GateResult | null): ChartRow {
  const { low, high } = change.interval!;
  const label = change.label === null ? change.name : `${change.name} ${change.label}`;
  return {
    label,
    figure: changeText(change),
    span: spanText(change),
    low,
    high,
    point: change.change,
    gate: gate === null ? null : { region: formatRegion(gate), ...gate.region },
  };
}

function changeTable(report: Report, changes: readonly Change[]): Table {
  const worst = changes.some((change) => change.worst !== null);
  const pairs = changes.some(({ kind, gained, lost }) => kind === 'share' && gained + lost > 0);
  const rows = changes.map((change): readonly Text[] => {
    const gate = gateOf(report, change);
    return [
      gate === null ? nameText(change) : [...nameText(change), ` (needed ${nbsp(formatRegion(gate))})`],
      [{ strong: nbsp(changeText(change)) }, spanCell(change)],
      [levelText(change, 'base')],
      [levelText(change, 'head')],
      [nbsp(unitsText(change))],
      ...(worst
        ? [[change.worst === null ? '' : nbsp(spanText({ ...change, interval: change.worst }))]]
        : []),
    ];
  });
  return {
    head: [
      ...['Quantity', 'Change (95% CI)', 'Base', 'This run', pairs ? 'Units (gained, lost)' : 'Units'],
      ...(worst ? ['Worst cases'] : []),
    ],
    align: ['left', 'left', 'right', 'right', 'left', ...(worst ? (['left'] as const) : [])],
    rows,
  };
}

/** Each test of each change; the first is that of the interval, and the one whose p is adjusted. */
function testTable({ changes, outcomes }: Comparison): Table {
  const effects = changes.some(({ tests }) => tests.some(({ effect }) => effect !== null));
  const rowOfTest = (name: Text, test: ChangeTest, adjusted: Text): readonly Text[] => [
    name,
    [test.name],
    [chanceText(test.p)],
    adjusted,
    ...(effects ? [[effectText(test)]] : []),
  ];
  const head = ['Tests of no change', 'Test', 'p', 'Adjusted p', ...(effects ? ['Effect'] : [])];
  return {
    head,
    align: head.map(() => 'left' as const),
    rows: [
      ...changes.flatMap((change) =>
        change.tests.map((test, i) =>
          rowOfTest(i === 0 ? nameText(change) : [''], test, i === 0 ? adjustedCell(change) : ['']),
        ),
      ),
      ...outcomes.map(({ name, test, adjusted }) =>
        rowOfTest([{ name }, ', all values'], test, [chanceText(adjusted)]),
      ),
    ],
  };
}

function spanCell(change: Change): string {
  return change.interval === null ? '' : ` ${nbsp(`(${spanText(change)})`)}`;
}

function adjustedCell(change: Change): Text {
  if (change.adjusted === null) return [''];
  const text = chanceText(change.adjusted);
  return isBeyondChance(change) ? [{ strong: text }, ', beyond\u00a0chance'] : [text];
}

/** Of a paired share also how many units went either way, for only they count. */
function unitsText({ kind, pairs, gained, lost, baseUnits, headUnits }: Change): string {
  if (pairs === 0) return `${formatCount(baseUnits)} and ${formatCount(headUnits)}`;
  return kind === 'share'
    ? `${formatCount(pairs)} (+${formatCount(gained)}, −${formatCount(lost)})`
    : formatCount(pairs);
}

function writeGroups(groups: readonly GroupChange[], more: number): Markup {
  const rows = groups.flatMap(({ group, changes }) => changes.map((change) => ({ group, change })));
  const moved = groups.filter(({ changes }) => changes.some(isBeyondChance)).length;
  const of = `${formatCount(groups.length)} ${groups.length === 1 ? 'group' : 'groups'}`;
  const said =
    moved === 0
      ? `No change beyond chance in ${of}.`
      : `A change beyond chance in ${formatCount(moved)} of ${of}.`;
  const drawn = rows.flatMap(({ group, change }): ChartRow[] =>
    change.interval === null ? [] : [{ ...rowOf(change, null), label: oneLine(group, 64) }],
  );
  const [first] = rows;
  const about: Text = first === undefined ? [] : [' of ', ...nameText(first.change)];
  const caption: Text = ['Change', ...about, ' in each group'];
  const chart =
    drawn.length < 2
      ? []
      : [
          chartOf(
            caption,
            drawn.slice(0, GROUP_ROWS),
            Math.max(0, drawn.length - GROUP_ROWS),
            first?.change.kind === 'share',
          ),
        ];
  const table: Table = {
    head: ['Group', 'Quantity', 'Change (95% CI)', 'Base', 'This run', 'Adjusted p'],
    align: ['left', 'left', 'left', 'right', 'right', 'left'],
    rows: rows.map(({ group, change }) => [
      [{ code: group, max: 40 }],
      nameText(change),
      [{ strong: changeText(change) }, spanCell(change)],
      [levelText(change, 'base')],
      [levelText(change, 'head')],
      adjustedCell({ ...change, isGate: false }),
    ]),
  };
  const left = rows.length - LINES + more;
  return html`<p>${writeText([said])}</p>
${drawCharts(chart)}${writeTable(table, 'Changes by group', LINES)}${
  left > 0 && more > 0
    ? html`<p class="note">${formatCount(more)} further groups are not compared.</p>\n`
    : null
}`;
}

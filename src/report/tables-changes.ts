// The tables of a run held against another: what it came to there, what it comes to here, and what moved. At most five
// columns, gates first; nothing is computed here.
import { type Change, type Comparison, isBeyondChance } from '../analysis/comparison-change.ts';
import { formatRegion } from '../analysis/gate-text.ts';
import type { GateResult } from '../analysis/gates.ts';
import { formatCount, formatPercent, formatPlain, percentDecimals } from '../analysis/numbers.ts';
import type { Table, Text } from './block.ts';
import {
  boundsText,
  changeText,
  effectText,
  nameText,
  probabilityText,
  sideSpanText,
  sideText,
  spanText,
  testName,
} from './change-text.ts';
import { isInert } from './escape.ts';
import { formatGateValue } from './headline.ts';
import { nbsp } from './interval-text.ts';
import { errorNote, estimateCell, signedSpan, stateCell } from './tables.ts';

/** Rows of quantities without a gate; the rest is in report.json. */
const UNGATED_ROWS = 12;
/** Rows of tests, and of groups. */
const TEST_ROWS = 40;
export const GROUP_ROWS = 40;
/** A change of which more units than this have no value shows what those could do. */
const MISSING_LIMIT = 0.01;

/** A comparison as it is shown: what it is with, and the gates of this run. */
export interface ShownComparison {
  /** Of the base; untrusted. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly gates: readonly GateResult[];
  readonly simulated: boolean;
  /** What this run cost, in US dollars; null: nobody knows. */
  readonly spent: string | null;
}

/** True of a gate on a change between two runs. */
export function isChangeGate({ kind }: GateResult): boolean {
  return kind === 'share_change' || kind === 'mean_change';
}

/** The change of the quantity that a gate is about; null: it is not known, or the gate is about groups of one run. */
export function changeOf(gate: GateResult, comparison: Comparison): Change | null {
  if (gate.kind === 'share_difference' || gate.kind === 'mean_difference') return null;
  return comparison.changes.find(({ isGate, name }) => isGate && name === gate.name) ?? null;
}

/** Changes of what no gate shown is about: claims of gates that are not, those beyond chance, the others. */
export function ungatedChanges({ comparison, gates }: ShownComparison): readonly Change[] {
  const others = comparison.changes.filter(
    ({ isGate, name }) => !isGate || !gates.some((gate) => gate.name === name),
  );
  const rank = (change: Change) => (change.isGate ? 0 : isBeyondChance(change) ? 1 : 2);
  return [...others].sort((one, other) => rank(one) - rank(other));
}

/** Gates first, then what has none. */
export function changeTable(shown: ShownComparison): Table {
  const { name, comparison, gates, simulated } = shown;
  const others = ungatedChanges(shown);
  const rows = [
    ...gates.map((gate) => gateRow(gate, changeOf(gate, comparison), simulated)),
    ...others.slice(0, UNGATED_ROWS).map(ungatedRow),
  ];
  const more = others.length - UNGATED_ROWS;
  if (more > 0)
    rows.push([[''], [`${formatCount(more)} more, in `, { code: 'report.json' }], [''], [''], ['']]);
  return {
    head: ['Result', 'Gate or outcome', 'Change (95% CI)', baseHead(name), 'This run'],
    align: ['left', 'left', 'left', 'right', 'right'],
    rows,
  };
}

/** A branch may have any name, and stands here as it is: only what is nothing but words. */
function baseHead(branch: string): string {
  return branch.length <= 30 && isInert(branch.replaceAll('/', ' ')) ? branch : 'base';
}

function gateRow(gate: GateResult, change: Change | null, simulated: boolean): readonly Text[] {
  const name: Text = [{ name: gate.name }, ` ${nbsp(formatRegion(gate))}`, ...errorNote(gate)];
  const state: Text = [nbsp(stateCell(gate.state, simulated))];
  if (!isChangeGate(gate)) {
    const moved = change === null ? [''] : changeCell(change);
    const base = change === null ? [''] : sideCell(change, 'base');
    return [state, name, moved, base, gate.value === null ? [gate.reason] : estimateCell(gate)];
  }
  const sides =
    change === null
      ? [heldSide(gate, 'minus'), heldSide(gate, 'of')]
      : [sideCell(change, 'base'), sideCell(change, 'head')];
  return [state, name, gate.value === null ? [gate.reason] : heldCell(gate), ...sides];
}

/** The change as it was held against the region, at the gate's own confidence. */
function heldCell(gate: GateResult): Text {
  return [{ strong: nbsp(formatGateValue(gate)) }, gate.interval === null ? '' : ` ${signedSpan(gate)}`];
}

/** A side as the gate knows it, where nothing more is known. */
function heldSide({ kind, sides }: GateResult, which: 'of' | 'minus'): Text {
  const side = sides?.[which] ?? null;
  if (side === null) return [''];
  return [
    kind === 'share_change' ? formatPercent(side.value, percentDecimals(side.n)) : formatPlain(side.value),
  ];
}

function ungatedRow(change: Change): readonly Text[] {
  const state = change.isGate ? '' : isBeyondChance(change) ? 'no gate, changed' : 'no gate';
  return [
    [nbsp(state)],
    nameText(change),
    changeCell(change),
    sideCell(change, 'base'),
    sideCell(change, 'head'),
  ];
}

function changeCell(change: Change): Text {
  const { interval, worst, missing, baseUnits } = change;
  const span = interval === null ? '' : ` ${nbsp(`(${spanText(change)})`)}`;
  const isWide = worst !== null && missing > MISSING_LIMIT * (missing + baseUnits);
  const ends = isWide ? `; at worst ${nbsp(boundsText(change, worst))}` : '';
  return [{ strong: nbsp(changeText(change)) }, `${span}${ends}`];
}

function sideCell(change: Change, side: 'base' | 'head'): Text {
  const span = sideSpanText(change, side);
  return [sideText(change, side), span === '' ? '' : ` ${nbsp(span)}`];
}

/** Each test of each change, with its p; null when there is none. */
export function testTable({ changes, outcomes }: Comparison): Table | null {
  const ofChanges = changes.flatMap((change) =>
    change.tests.map((test, turn): readonly Text[] => [
      turn === 0 ? nameText(change) : [''],
      [testName(test)],
      [nbsp(probabilityText(test.p))],
      [turn === 0 && change.adjusted !== null ? nbsp(probabilityText(change.adjusted)) : ''],
      [effectText(test)],
    ]),
  );
  const ofOutcomes = outcomes.map(({ name, values, test, adjusted }): readonly Text[] => [
    [{ name }, `, all ${values} values`],
    [testName(test)],
    [nbsp(probabilityText(test.p))],
    [nbsp(probabilityText(adjusted))],
    [effectText(test)],
  ]);
  const rows = [...ofChanges, ...ofOutcomes];
  if (rows.length === 0) return null;
  const more = rows.length - TEST_ROWS;
  const shown = rows.slice(0, TEST_ROWS);
  if (more > 0)
    shown.push([[`${formatCount(more)} more, in `, { code: 'report.json' }], [''], [''], [''], ['']]);
  const head = ['Quantity', 'Test of no change', 'Alone', 'Corrected', 'Size'];
  // Without a change that is corrected, or a test with a size of its own, there is no such column.
  const kept = head.map((_, column) => shown.some((row) => row[column]?.some((piece) => piece !== '')));
  const keep = <T>(all: readonly T[]): readonly T[] => all.filter((_, column) => kept[column]);
  return {
    head: keep(head),
    align: keep(head).map(() => 'left' as const),
    rows: shown.map(keep),
  };
}

/** The change in each group; those beyond chance first. */
export function groupChangeTable(
  changes: readonly { group: string; change: Change }[],
  branch: string,
): Table {
  return {
    head: ['Group', 'Change (95% CI)', baseHead(branch), 'This run', 'Units'],
    align: ['left', 'left', 'right', 'right', 'right'],
    rows: changes.map(({ group, change }): readonly Text[] => [
      [{ code: group, max: 40 }],
      changeCell(change),
      [sideText(change, 'base')],
      [sideText(change, 'head')],
      [formatCount(change.headUnits)],
    ]),
  };
}

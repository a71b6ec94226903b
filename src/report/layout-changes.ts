// What a change did, beside the base: in a sentence, drawn against zero, and as a table. Every change carries its interval
// and its unit; a change that chance alone would explain is called so.
import type { Change, Comparison } from '../analysis/comparison.ts';
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatUnits,
  percentDecimals,
  roughly,
} from '../analysis/numbers.ts';
import { type Block, paragraph, type Table, type Text } from './block.ts';
import { type Axis, drawIntervals, type PlotRow } from './plot.ts';

/** Rows of the table, and of the plot. */
const ROWS = 12;
const DRAWN = 8;
/** Half-widths of the plot's axis, in percentage points. */
const REACHES = [5, 10, 20, 40, 100];

/** The comparison with a branch; nothing when there is no quantity in common. */
export function changeBlocks(branch: string, comparison: Comparison): readonly Block[] {
  const { changes, isSame, dropped, units } = comparison;
  const [first] = changes;
  if (first === undefined) return [];
  if (isSame) {
    const same = `No unit differs: all ${formatUnits(units)} came to the same as on `;
    return [paragraph([{ strong: same.trim() }, ' ', { name: branch }, '.'])];
  }
  const lost: Text =
    dropped === 0 ? [] : [` ${formatUnits(dropped)} that failed on either side are left out of it.`];
  const blocks: Block[] = [paragraph([...leadOf(first), ...lost])];
  const plot = drawChanges(changes, branch);
  if (plot !== null) blocks.push(plot);
  blocks.push({ kind: 'table', table: changeTable(changes, branch) });
  const methods = [...new Set(changes.map(({ method }) => method))].join(', ');
  blocks.push(paragraph([`Changes: ${methods}; the same units on both sides, 95% intervals.`]));
  return blocks;
}

/** `good tales: −11 pp, 95% CI −24 to +3.` and whether that is more than chance. */
function leadOf(change: Change): Text {
  const { interval, pairs, detectable, toSettle } = change;
  const figure: Text = [{ strong: 'Change of' }, ' ', ...nameOf(change), ': ', { strong: amount(change) }];
  if (interval === null) return [...figure, '.'];
  const span = `, 95% CI ${spanOf(change)}. `;
  const isOpen = interval.low <= 0 && interval.high >= 0;
  if (!isOpen) {
    const way = change.change > 0 ? 'rise' : 'drop';
    return [...figure, span, `Zero is outside the interval: chance alone would hardly give this ${way}.`];
  }
  const seen =
    detectable === null
      ? ''
      : ` ${formatUnits(pairs)} would show about ${formatNumber(detectable * 100, 0)} pp.`;
  const more =
    toSettle === null ? '' : ` About ${formatUnits(roughly(toSettle))} would settle a change of this size.`;
  return [...figure, span, `Zero is inside the interval, so chance alone may have done it.${seen}${more}`];
}

function nameOf({ name, label }: Change): Text {
  return label === null ? [{ name }] : [{ name }, ' ', { code: label, max: 40 }];
}

/** `−11 pp`, `+2.4`: with the sign, and 0 as `±0`. */
function amount(change: Change): string {
  return signed(change.change, change);
}

function signed(value: number, change: Change): string {
  const { kind, pairs, interval } = change;
  const decimals =
    kind === 'share'
      ? percentDecimals(pairs)
      : errorDecimals(interval === null ? 0 : (interval.high - interval.low) / 4);
  const text = formatNumber(kind === 'share' ? value * 100 : value, decimals);
  const unit = kind === 'share' ? ' pp' : '';
  if (!/[1-9]/.test(text)) return `±0${unit}`;
  return `${value > 0 ? '+' : ''}${text}${unit}`;
}

function spanOf(change: Change): string {
  const { interval } = change;
  if (interval === null) return '';
  const [low, high] = [interval.low, interval.high].map((value) => signed(value, change).replace(' pp', ''));
  return `${low} to ${high}`;
}

function changeTable(changes: readonly Change[], branch: string): Table {
  const rows = changes
    .slice(0, ROWS)
    .map((change): readonly Text[] => [
      [change.isGate ? 'gate' : ''],
      nameOf(change),
      [{ strong: amount(change) }, change.interval === null ? '' : ` (${spanOf(change)})`],
      [sideOf(change, change.base)],
      [sideOf(change, change.head)],
    ]);
  const more = changes.length - ROWS;
  if (more > 0) rows.push([[''], [`${formatCount(more)} more`], [''], [''], ['']]);
  // A branch may have any name: it is no heading.
  const base = /^[\w./-]{1,30}$/.test(branch) ? branch : 'base';
  return {
    head: ['', 'Quantity', 'Change (95% CI)', base, 'This run'],
    align: ['left', 'left', 'left', 'right', 'right'],
    rows,
  };
}

function sideOf({ kind, pairs, interval }: Change, value: number): string {
  if (kind === 'share') return formatPercent(value, percentDecimals(pairs));
  return formatNumber(value, errorDecimals(interval === null ? 0 : (interval.high - interval.low) / 4));
}

/** Changes of shares against zero; null when none has an interval. */
function drawChanges(changes: readonly Change[], branch: string): Block | null {
  const shares = changes.filter(({ kind, interval }) => kind === 'share' && interval !== null);
  if (shares.length === 0) return null;
  const ends = shares
    .flatMap(({ interval }) => [interval!.low, interval!.high])
    .map((end) => Math.abs(end * 100));
  const reach = REACHES.find((one) => one >= Math.max(...ends)) ?? 100;
  const base = /^[\w./-]{1,12}$/.test(branch) ? branch : 'base';
  const axis: Axis = {
    title: `minus ${base}, pp`,
    low: -reach / 100,
    high: reach / 100,
    ticks: [-reach, -reach / 2, 0, reach / 2, reach].map((at) => ({
      at: at / 100,
      text: tickText(at),
    })),
  };
  const rows = shares.slice(0, DRAWN).map(
    (change): PlotRow => ({
      kind: 'interval',
      label: change.label === null ? change.name : `${change.name} ${change.label}`,
      figure: signed(change.change, change).replace(' pp', ''),
      low: change.interval!.low,
      high: change.interval!.high,
      point: change.change,
    }),
  );
  const lines = drawIntervals(axis, [...rows, { kind: 'zero', label: 'no change' }], '95% CI');
  return { kind: 'plot', lines };
}

function tickText(at: number): string {
  return at === 0 ? '0' : `${at > 0 ? '+' : '−'}${Math.abs(at)}`;
}

/** The first change in a few words for a first line: `63% on main`; null: there is none. */
export function baseFigure(branch: string, comparison: Comparison | null): string | null {
  const first = comparison?.changes[0];
  if (first === undefined || !first.isGate || !/^[\w./-]{1,30}$/.test(branch)) return null;
  return `${sideOf(first, first.base)} on ${branch}`;
}

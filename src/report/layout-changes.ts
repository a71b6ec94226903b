// What a change did, beside the base: in sentences, drawn against zero, and as a table. Every change carries its interval
// and its unit; a change that chance alone would explain is called so, with what it would take to know.
import { type Change, type Comparison, isBeyondChance } from '../analysis/comparison-change.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { boundsText, changeText, distanceText, nameText, sideText, spanText } from './change-text.ts';
import { priceOf } from './cost-text.ts';
import { formatGateValue, keyGate } from './headline.ts';
import { changePlots, type DrawnChange, drawnChange, drawnGate, groupChangePlot } from './plot-changes.ts';
import type { Report } from './report.ts';
import {
  changeOf,
  changeTable,
  GROUP_ROWS,
  groupChangeTable,
  isChangeGate,
  type ShownComparison,
  testTable,
  ungatedChanges,
} from './tables-changes.ts';

/** Changes drawn. */
const DRAWN = 8;
/** Groups drawn. */
const DRAWN_GROUPS = 12;
/** Changes beyond chance that a sentence names. */
const NAMED = 4;

/** What a report shows of the run it was held against; null: no change is known. */
export function shownComparison({ against, gates, simulated, cost }: Report): ShownComparison | null {
  const comparison = against?.comparison ?? null;
  if (against === null || comparison === null || comparison.changes.length === 0) return null;
  return { name: against.name, comparison, gates, simulated, spent: cost.spent };
}

/** All of a comparison, where no report is around it. */
export function changeBlocks(
  name: string,
  comparison: Comparison,
  { gates = [], simulated = false, spent = null }: Partial<ShownComparison> = {},
): readonly Block[] {
  if (comparison.changes.length === 0) return [];
  const shown = { name, comparison, gates, simulated, spent };
  return [...changeLead(shown), ...changeEvidence(shown), ...changeGroups(shown)];
}

/** The report for a page that says itself how the two runs stand to each other. */
export function withoutStanding(report: Report): Report {
  const { against } = report;
  return against === null ? report : { ...report, against: { ...against, reason: null, isSame: false } };
}

/** Why nothing is compared, or that nothing differs; for surfaces that do not say it themselves. */
export function standingSentence({ against }: Report): readonly Text[] {
  if (against === null) return [];
  const { name, reason, isSame } = against;
  if (isSame)
    return [[{ strong: 'The same run as' }, ' ', { name }, ': nothing that determines results differs.']];
  if (reason === null || against.comparison !== null) return [];
  return [
    [
      { strong: 'Not comparable' },
      ' with ',
      { name },
      ' (',
      { name: reason },
      '), so that no change is shown.',
    ],
  ];
}

/** In words: what the change that matters most came to, what was left out of it, and how many others moved. */
export function changeLead(shown: ShownComparison): readonly Block[] {
  const { name, comparison } = shown;
  if (comparison.isSame) {
    const same = `all ${formatUnits(comparison.units)} came to the same as on `;
    return [paragraph([{ strong: 'No unit differs:' }, ` ${same}`, { name }, '.'])];
  }
  const first = leadingChange(shown);
  const texts = first === null ? [] : [leadOf(first, shown), ...lostOf(first, comparison)];
  const all = [...texts, ...othersOf(shown, first)];
  return all.length === 0 ? [] : [paragraph(joinText(all, ' '))];
}

/** The change of the gate to read first, else of the first gate, else the first one; null: its gate has said it all. */
function leadingChange(shown: ShownComparison): Change | null {
  const { gates, comparison } = shown;
  const key = keyGate(gates);
  if (key !== null && isChangeGate(key) && key.value !== null && changeOf(key, comparison) === null)
    return null;
  const ordered = key === null ? gates : [key, ...gates.filter((gate) => gate !== key)];
  const ofGates = ordered.map((gate) => changeOf(gate, comparison)).filter((change) => change !== null);
  return ofGates[0] ?? ungatedChanges(shown)[0] ?? null;
}

/** `Change −11 pp, 95% CI −24 to +3 for good tales.` and whether that is more than chance. */
function leadOf(change: Change, shown: ShownComparison): Text {
  const { interval } = change;
  const name = nameText(change);
  if (interval === null)
    return [{ strong: `Change ${changeText(change)}` }, ' for ', ...name, '; too few units for an interval.'];
  const figure: Text = [
    { strong: `Change ${changeText(change)}, 95% CI ${spanText(change)}` },
    ' for ',
    ...name,
    '. ',
  ];
  const way = change.change > 0 ? 'a rise' : 'a drop';
  if (interval.low > 0 || interval.high < 0) {
    const says = isBeyondChance(change)
      ? `: chance alone would hardly give such ${way}.`
      : ', but so it would be for some of all that was looked at here.';
    return [...figure, `Zero is outside the interval${says}`];
  }
  const open = change.change === 0 ? 'which may hide a change' : `so this run cannot tell ${way} from chance`;
  return [...figure, `Zero is inside the interval, ${open}.${outlook(change, shown)}`];
}

/** What so many units can show, and how many more would settle it at what cost. */
function outlook(change: Change, shown: ShownComparison): string {
  const { detectable, toSettle, pairing, pairs, baseUnits, headUnits } = change;
  const seen =
    detectable === null
      ? ''
      : ` ${formatUnits(pairing === 'paired' ? pairs : Math.min(baseUnits, headUnits))} show ${distanceText(change, detectable)} in four of five cases`;
  if (toSettle === null) return seen === '' ? '' : `${seen}.`;
  const where = pairing === 'paired' ? '' : ' on each side';
  const units = `about ${formatUnits(toSettle)}${where} would settle ${changeText(change)}, should it stay so`;
  const lead = seen === '' ? ` ${units.charAt(0).toUpperCase()}${units.slice(1)}` : `${seen}; ${units}`;
  const price = priceOf(toSettle, headUnits, shown.spent);
  return `${lead}${price === null ? '' : ` (about ${price})`}.`;
}

function lostOf(change: Change, { pairing, dropped }: Comparison): readonly Text[] {
  const { missing, worst } = change;
  const units = missing === 0 ? dropped : missing;
  const where = pairing === 'paired' ? 'either side' : 'their side';
  const lead = `${formatUnits(units)} that failed on ${where} ${units === 1 ? 'is' : 'are'} left out`;
  if (missing === 0) return dropped === 0 ? [] : [[`${lead} of the other changes.`]];
  if (worst === null) return [[`${lead}.`]];
  return [[`${lead}; at worst they would make it ${boundsText(change, worst)}${unitOf(change)}.`]];
}

function unitOf({ kind }: Change): string {
  return kind === 'share' ? ' pp' : '';
}

/** How many of the quantities without a gate moved beyond chance, and which. */
function othersOf(shown: ShownComparison, first: Change | null): readonly Text[] {
  const others = ungatedChanges(shown).filter((change) => change !== first && change.adjusted !== null);
  if (others.length === 0) return [];
  const moved = others.filter(isBeyondChance);
  const isBeside = first !== null && !first.isGate;
  const many = `${formatCount(others.length)} ${isBeside ? 'others' : 'quantities'} without a gate`;
  const none = 'changed beyond chance';
  const one = isBeside ? 'The other quantity without a gate' : 'The quantity without a gate';
  if (moved.length === 0)
    return [[others.length === 1 ? `${one} did not change beyond chance.` : `Of ${many}, none ${none}.`]];
  const named = moved.slice(0, NAMED).map((change): Text => [...nameText(change), ' ', changeText(change)]);
  const more = moved.length - named.length;
  const all: readonly Text[] = more > 0 ? [...named, [`${formatCount(more)} more`]] : named;
  const lead = others.length === 1 ? `${one} ${none}` : `Of ${many}, ${formatCount(moved.length)} ${none}`;
  return [[`${lead}: `, ...joinText(all, ', '), '.']];
}

/** The plots, the table of results with their changes, and the tests, folded; nothing where no unit differs. */
export function changeEvidence(shown: ShownComparison): readonly Block[] {
  const { name, comparison } = shown;
  if (comparison.isSame) return [];
  const blocks: Block[] = [...changePlots(drawnOf(shown), name, DRAWN)];
  blocks.push({ kind: 'table', table: changeTable(shown) });
  blocks.push(paragraph([methodNote(comparison)]));
  const tests = testTable(comparison);
  if (tests !== null) {
    const corrected = `Corrected: for ${formatCount(comparison.looked)} questions, by Benjamini and Hochberg; at 0.05 or below a change counts as beyond chance.`;
    const note = comparison.looked < 2 ? [] : [paragraph([corrected])];
    blocks.push({
      kind: 'details',
      summary: 'Tests of the changes',
      blocks: [{ kind: 'table', table: tests }, ...note],
    });
  }
  return blocks;
}

/** Gates on changes with their marks, other gates, then what has none; without a second look at the same thing. */
function drawnOf(shown: ShownComparison): readonly DrawnChange[] {
  const { gates, comparison } = shown;
  const held = gates.filter(isChangeGate).flatMap((gate) => drawnGate(gate) ?? []);
  const beside = gates.flatMap((gate) => {
    const change = isChangeGate(gate) ? null : changeOf(gate, comparison);
    return change === null ? [] : (drawnChange(gate.name, change) ?? []);
  });
  const news = beside.filter(
    (one) => !held.some(({ kind, point }) => kind === one.kind && point === one.point),
  );
  const others = ungatedChanges(shown).flatMap((change) => drawnChange(labelOf(change), change) ?? []);
  const shares = [...news, ...others].filter(({ kind }) => kind === 'share');
  // Each mean takes a plot of its own: those with a gate, or one where there is nothing else.
  const means = others.filter(({ kind }) => kind === 'mean');
  return [...held, ...shares, ...(held.length + shares.length === 0 ? means.slice(0, 1) : [])];
}

function labelOf({ name, label }: Change): string {
  return label === null ? name : label === 'true' ? name : label;
}

function methodNote({ changes, pairing, units }: Comparison): string {
  const methods = [...new Set(changes.map(({ method }) => method))].join(', ');
  const sides =
    pairing === 'paired'
      ? `the same ${formatUnits(units)} on both sides`
      : pairing === 'unpaired'
        ? 'two samples, not unit by unit'
        : 'from the estimates of both runs, not unit by unit';
  return `Changes: ${methods}; ${sides}, 95% intervals unless said otherwise.`;
}

/** The change in each group, folded; nothing below two groups. */
export function changeGroups({ name, comparison }: ShownComparison): readonly Block[] {
  if (comparison.isSame) return [];
  const found = comparison.groups.flatMap(({ group, changes }) => {
    const [change] = changes;
    return change === undefined ? [] : [{ group, change }];
  });
  if (found.length < 2) return [];
  const moved = found.filter(({ change }) => isBeyondChance(change));
  const ordered = [...moved, ...found.filter((one) => !moved.includes(one))];
  const { change } = ordered[0]!;
  const blocks: Block[] = [paragraph(['Change of ', ...nameText(change), ' in each group:'])];
  const drawn = ordered.flatMap((one) => drawnChange(one.group, one.change) ?? []);
  const plot = groupChangePlot(drawn.slice(0, DRAWN_GROUPS), name);
  if (plot !== null) blocks.push(plot);
  blocks.push({ kind: 'table', table: groupChangeTable(ordered.slice(0, GROUP_ROWS), name) });
  const more = found.length - GROUP_ROWS + comparison.moreGroups;
  if (more > 0)
    blocks.push(paragraph([`${formatCount(more)} more groups are in `, { code: 'report.json' }, '.']));
  const still = found.length - moved.length;
  const summary = `Groups: no change beyond chance in ${formatCount(still)} of ${formatCount(found.length)}`;
  return [{ kind: 'details', summary, blocks }];
}

/** What the gate that is read first came to on the base, for a first line: `63% on main`; null: it is not known. */
export function baseFigure({
  headline,
  gates,
  against,
}: Pick<Report, 'headline' | 'gates' | 'against'>): string | null {
  const gate = keyGate(gates);
  if (gate === null || against?.comparison == null || !/^[\w./-]{1,30}$/.test(against.name)) return null;
  // A change says already what it is against, and a line without the gate's value says nothing the figure could stand beside.
  const isShown = !isChangeGate(gate) && headline.includes(formatGateValue(gate));
  const change = isShown ? changeOf(gate, against.comparison) : null;
  return change === null ? null : `${sideText(change, 'base')} on ${against.name}`;
}

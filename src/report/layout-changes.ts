// What a change did, beside the base: in sentences, drawn against zero, and as a table. Every change carries its interval
// and its unit; a change that chance alone would explain is called so, with what it would take to know.
import { type Change, type Comparison, isBeyondChance } from '../analysis/comparison-change.ts';
import type { GateResult } from '../analysis/gates.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import {
  boundsText,
  changeText,
  distanceText,
  nameText,
  probabilityText,
  sideText,
  spanText,
  testName,
} from './change-text.ts';
import { priceOf } from './cost-text.ts';
import { formatGateValue, keyGate } from './headline.ts';
import { nbsp } from './interval-text.ts';
import {
  changePlot,
  type DrawnChange,
  type DrawnLevel,
  drawnChange,
  drawnGate,
  drawnLevel,
  drawnSide,
  groupChangePlot,
} from './plot-changes.ts';
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
/** Shares whose levels are drawn. */
const DRAWN_LEVELS = 4;
/** More than so many times the units would settle a change that nobody would wait for. */
const FAR = 20;
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
  const texts = first === null ? [] : [...leadOf(first, shown), ...lostOf(first.change, comparison)];
  const all = [...texts, ...unpairedOf(shown), ...othersOf(shown, first?.change ?? null)];
  return all.length === 0 ? [] : [paragraph(joinText(all, ' '))];
}

/** Where units fan out, those without a partner: they are in the estimates, but in no change. */
function unpairedOf({ name, comparison: { unpaired } }: ShownComparison): readonly Text[] {
  if (unpaired === undefined) return [];
  const { base, head } = unpaired;
  const here = `${formatUnits(head)} of this run`;
  const there: Text = [`${head === 0 ? formatUnits(base) : formatCount(base)} of `, { name }];
  const who: Text = base === 0 ? [here] : head === 0 ? there : [`${here} and `, ...there];
  const isOne = base + head === 1;
  return [
    [
      ...who,
      `, which only one side has because ${isOne ? 'a list is' : 'lists are'} longer there, ${isOne ? 'is' : 'are'} in no change.`,
    ],
  ];
}

/** A change with the gate that it is read for; null: it has none. */
interface Leading {
  readonly change: Change;
  readonly gate: GateResult | null;
}

/**
 * The change of the gate to read first, else of the first gate where it is beyond chance; without gates the first one. Null:
 * there is nothing more to say of any.
 */
function leadingChange(shown: ShownComparison): Leading | null {
  const { gates, comparison } = shown;
  const key = keyGate(gates);
  const [first] = ungatedChanges(shown);
  if (key === null) return first === undefined ? null : { change: first, gate: null };
  const change = changeOf(key, comparison);
  if (change !== null) return { change, gate: key };
  if (isChangeGate(key) && key.value !== null) return null;
  const others = gates.flatMap((gate): readonly Leading[] => {
    const its = changeOf(gate, comparison);
    return its !== null && isBeyondChance(its) ? [{ change: its, gate }] : [];
  });
  return others[0] ?? null;
}

/** `Change −11 pp, 95% CI −24 to +3 for good tales.` and whether that is more than chance. */
function leadOf(leading: Leading, shown: ShownComparison): readonly Text[] {
  const { change } = leading;
  const { interval, pairs } = change;
  const name = nameText(change);
  // The sentence on the gate has said what changed, and by how much.
  const key = keyGate(shown.gates);
  const told = key !== null && isChangeGate(key) && leading.gate === key && key.value !== null ? key : null;
  if (interval === null) {
    const lead: Text = [{ strong: `Change ${changeText(change)}` }, ' for ', ...name];
    return told === null ? [[...lead, '; too few units for an interval.']] : [];
  }
  if (interval.low === 0 && interval.high === 0) {
    const same = `: it is the same in all ${formatUnits(pairs)} on both sides.`;
    return told === null ? [[{ strong: 'No change' }, ' for ', ...name, same]] : [];
  }
  const figure: Text =
    told === null
      ? [{ strong: `Change ${changeText(change)}, 95% CI ${spanText(change)}` }, ' for ', ...name, '. ']
      : [];
  const isItsOwn = told === null || told.interval?.confidence === change.confidence;
  // Several gates that fail are told one after the other.
  const isOne = told === null || shown.gates.filter(({ state }) => state === 'fail').length < 2;
  const zero = isOne ? 'Zero' : 'Of the first of them, zero';
  const word = told === null ? 'the' : isOne ? 'that' : 'its';
  const its = isItsOwn ? `${word} interval` : `its 95% interval, ${spanText(change)}`;
  const way = change.change > 0 ? 'a rise' : 'a drop';
  if (interval.low > 0 || interval.high < 0) {
    const shows = told?.state === 'inconclusive' ? outlook(leading, shown) : '';
    return [[...figure, `${zero} is outside ${its}${outsideText(change, way)}.${shows}`]];
  }
  const open = change.change === 0 ? 'which may hide a change' : `so this run cannot tell ${way} from chance`;
  return [[...figure, `${zero} is inside ${its}, ${open}.${outlook(leading, shown)}`]];
}

/** What it means that zero is outside: an interval may just miss it where an exact test is not as sure. */
function outsideText(change: Change, way: string): string {
  const [test] = change.tests;
  if (!isBeyondChance(change)) return ', but so it would be for some of all that was looked at here';
  if (change.adjusted === null && test !== undefined && test.p > 0.05)
    return `, but only just: ${testName(test)} (${nbsp(probabilityText(test.p))}) does not rule out chance`;
  return `: chance alone would hardly give such ${way}`;
}

/** What so many units can show; and how many more would settle it at what cost, unless the gates have said so of theirs. */
function outlook({ change, gate }: Leading, { gates, spent }: ShownComparison): string {
  const { detectable, toSettle, pairing, pairs, baseUnits, headUnits } = change;
  const seen =
    detectable === null
      ? ''
      : ` ${formatUnits(pairing === 'paired' ? pairs : Math.min(baseUnits, headUnits))} detect ${distanceText(change, detectable)} in four of five cases`;
  const isAsked = (gate === null || !isChangeGate(gate)) && keyGate(gates)?.toSettle == null;
  if (toSettle === null || !isAsked || toSettle > FAR * headUnits) return seen === '' ? '' : `${seen}.`;
  const where = pairing === 'paired' ? '' : ' on each side';
  const units = `about ${formatUnits(toSettle)}${where} would settle ${changeText(change)}, should it stay so`;
  const lead = seen === '' ? ` ${units.charAt(0).toUpperCase()}${units.slice(1)}` : `${seen}; ${units}`;
  const price = priceOf(toSettle, headUnits, spent);
  return `${lead}${price === null ? '' : ` (about ${price})`}.`;
}

function lostOf(change: Change, { pairing, dropped }: Comparison): readonly Text[] {
  const { missing, worst } = change;
  const where = pairing === 'paired' ? 'either side' : 'their side';
  if (missing === 0)
    return dropped === 0
      ? []
      : [[`Of the other changes, ${formatUnits(dropped)} without a value on ${where} are left out.`]];
  const lead = `${formatUnits(missing)} without a value on ${where} ${missing === 1 ? 'is' : 'are'} left out`;
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

/** The plot, the table of results with their changes, and the tests, folded; nothing where no unit differs. */
export function changeEvidence(shown: ShownComparison): readonly Block[] {
  const { name, comparison } = shown;
  if (comparison.isSame) return [];
  const blocks: Block[] = [...changePlot(levelsOf(shown), drawnOf(shown), shown.gates, name, DRAWN)];
  blocks.push({ kind: 'table', table: changeTable(shown) });
  const method = paragraph([methodNote(comparison)]);
  const tests = testTable(comparison);
  if (tests === null) return [...blocks, method];
  const corrected = `Corrected: for ${formatCount(comparison.looked)} questions, by Benjamini and Hochberg; at 0.05 or below a change counts as beyond chance.`;
  const note = comparison.looked < 2 ? [] : [paragraph([corrected])];
  const summary = 'How the changes were tested';
  return [
    ...blocks,
    { kind: 'details', summary, blocks: [{ kind: 'table', table: tests }, ...note, method] },
  ];
}

/** What the shares with a gate came to on both sides, each once. */
function levelsOf({ gates, comparison }: ShownComparison): readonly DrawnLevel[] {
  const isLevel = ({ kind }: GateResult) => kind === 'share' || kind === 'valid_share';
  const ordered = [...gates.filter(isLevel), ...gates.filter(({ kind }) => kind === 'share_change')];
  const seen = new Set<string>();
  const levels = ordered.flatMap((gate): readonly DrawnLevel[] => {
    const change = changeOf(gate, comparison);
    const key = change === null ? gate.name : `${change.base} ${change.head} ${change.headUnits}`;
    const head = isLevel(gate) ? drawnLevel(gate) : change === null ? null : drawnSide(change, 'head');
    if (head === null || seen.has(key)) return [];
    seen.add(key);
    const base = change === null ? null : drawnSide(change, 'base');
    return [{ label: gate.name, base, head, gate: isLevel(gate) ? gate : null }];
  });
  return levels.slice(0, DRAWN_LEVELS);
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
  const all = formatCount(found.length);
  const summary =
    moved.length === 0
      ? `Groups: no change beyond chance in ${all} of ${all}`
      : `Groups: changed beyond chance in ${formatCount(moved.length)} of ${all}`;
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

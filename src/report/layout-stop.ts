// What a report says of a run that may end early: why it ended where it did and what that saved, how far it is while it
// is not over, and how the best of several was found.
import {
  errorDecimals,
  formatCount,
  formatNumber,
  formatPercent,
  formatPlain,
  formatUnits,
} from '../analysis/numbers.ts';
import type { WeighedFigure } from '../analysis/stop.ts';
import type { StopQuantity } from '../pipeline/pipeline.ts';
import { type Block, paragraph, type Table, type Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import type { Report } from './report.ts';
import type { Found, Stopped, StoppedGroup } from './stopped.ts';

/** Groups of one round that are shown. */
const GROUPS_SHOWN = 12;

/** Why the run ended where it did, or how far it is; nothing for a run that has all its units from the start. */
export function stopSentence(report: Report): readonly Text[] {
  const { stopped } = report;
  if (!stopped) return [];
  if (!stopped.isOver) return [report.verdict === 'pending' ? progress(stopped) : cutShort(stopped)];
  const { found } = stopped;
  // The best of several has a paragraph of its own.
  if (found === null || found.kind === 'best') return [];
  // A run waits for some of its gates only, when these ask for it, and never for the cost.
  const isAll = found.kind !== 'gates' || found.gates >= report.gates.length;
  const why = because(stopped, found, isAll);
  if (stopped.saved.units === 0) return [[`All ${formatUnits(stopped.most)} were run: ${why}.`]];
  const share = `${formatCount(stopped.units)} of at most ${formatUnits(stopped.most)}`;
  // It would have gone on, had anybody been asked.
  if (!stopped.enough) return [[`Ended after ${share}, for the recording has no more: ${why}.`]];
  return [[`Stopped after ${share}: ${why}${savedText(stopped)}.`]];
}

/** Which is the best, and how it was found, round by round; nothing for any other run. */
export function stopBlocks(report: Report): readonly Block[] {
  const { stopped } = report;
  if (stopped?.found?.kind !== 'best' || stopped.stop.rule.kind !== 'best') return [];
  const { rounds } = stopped.found;
  const { kind } = stopped.stop.rule.of;
  const summary = `How the best was found: ${formatCount(rounds.length)} ${rounds.length === 1 ? 'round' : 'rounds'}`;
  const best = stopped.isOver ? bestText(stopped, stopped.found) : [];
  return [
    ...(best.length === 0 ? [] : [paragraph(best)]),
    { kind: 'details', summary, blocks: [{ kind: 'table', table: roundTable(rounds, kind) }] },
  ];
}

/** The best of several for a first line, `the_pro` and `is the best of 3: mean net −0.07 (−0.20 to 0.06)`; its name is untrusted. Null: there is none. */
export function bestFound({ stopped }: Report): { readonly name: string; readonly says: string } | null {
  if (!stopped?.isOver || stopped.found?.kind !== 'best' || stopped.stop.rule.kind !== 'best') return null;
  const { rounds, left, fresh } = stopped.found;
  const [name] = left;
  if (name === undefined || fresh === null || fresh.value === null) return null;
  const { kind, expr } = stopped.stop.rule.of;
  const what = /^\w{1,20}$/.test(expr) ? `${kind} ${expr}` : kind;
  const figure = figureText(kind, fresh, true).replace(/, n .*$/, '');
  return { name, says: `is the best of ${formatCount(rounds[0]?.length ?? 0)}: ${what} ${figure}` };
}

function progress({ look, looks, units, most, found, stop }: Stopped): Text {
  const lead = `Wave ${formatCount(look + 1)} of at most ${formatCount(looks)}: ${formatCount(units)} of at most ${formatUnits(most)} so far.`;
  if (found === null) return [`${lead} Once they are through, it is decided whether more are needed.`];
  switch (found.kind) {
    case 'gates':
      return [`${lead} After the wave before, ${undecidedText(found)}.`];
    case 'half_width': {
      if (stop.rule.kind !== 'half_width') return [lead];
      const { kind } = stop.rule.of;
      const { atMost } = stop.rule;
      return [
        `${lead} After the wave before, ${knownText(kind, found.figure)}; ${plusMinus(kind, atMost)} is wanted.`,
      ];
    }
    case 'best': {
      const { left } = found;
      const [only] = left;
      if (left.length === 1 && only !== undefined)
        return [`${lead} Chosen is `, { name: only }, '; it is now estimated anew.'];
      return [`${lead} Still in the running: ${formatCount(left.length)}.`];
    }
    default:
      return found satisfies never;
  }
}

function cutShort({ look, looks }: Stopped): Text {
  return [
    `It ended in wave ${formatCount(look + 1)} of at most ${formatCount(looks)}, before it had what it was to stop for.`,
  ];
}

function because(
  { stop, look, looks, enough }: Stopped,
  found: Exclude<Found, { kind: 'best' }>,
  isAll: boolean,
): string {
  const at =
    look === looks ? `the last of ${lookCount(looks)}` : `look ${formatCount(look)} of ${formatCount(looks)}`;
  if (found.kind === 'gates') {
    if (!enough) return `${undecidedText(found)} at ${at} (O'Brien-Fleming)`;
    const { gates } = found;
    const lead = gates === 1 ? 'its gate' : gates === 2 ? 'both gates' : `all ${formatCount(gates)} gates`;
    const which = isAll ? lead : `${gates === 1 ? 'the gate' : lead} that it waited for`;
    return `${which} ${gates === 1 ? 'was' : 'were'} decided at ${at} (O'Brien-Fleming)`;
  }
  if (stop.rule.kind !== 'half_width') return '';
  const { of, atMost, confidence } = stop.rule;
  if (found.figure.low === null) return `too few units gave a value for the ${of.kind} to be known`;
  const level = ` (${formatPlain(confidence * 100)}%)`;
  const known = `${knownText(of.kind, found.figure)}${level}`;
  return `${known}, ${enough ? 'as sharp as wanted,' : 'not the'} ${plusMinus(of.kind, atMost)}${enough ? '' : ' wanted'}`;
}

function lookCount(looks: number): string {
  return looks === 1 ? '1 look' : `${formatCount(looks)} looks`;
}

function undecidedText({ gates, undecided }: Extract<Found, { kind: 'gates' }>): string {
  if (gates === 1) return 'its gate was still undecided';
  return `${formatCount(undecided)} of ${formatCount(gates)} gates ${undecided === 1 ? 'was' : 'were'} still undecided`;
}

function knownText(kind: StopQuantity['kind'], { low, high }: WeighedFigure): string {
  if (low === null || high === null) return `the ${kind} was not known yet`;
  return `the ${kind} was known to ${plusMinus(kind, (high - low) / 2)}`;
}

/** `±2.9 pp`, `±0.41`. */
function plusMinus(kind: StopQuantity['kind'], half: number): string {
  return kind === 'share'
    ? `±${formatPlain(Number((half * 100).toPrecision(2)))} pp`
    : `±${formatPlain(Number(half.toPrecision(2)))}`;
}

function savedText({ saved }: Stopped): string {
  const usd = saved.usd === null ? '' : `, about ${formatUsd(saved.usd)},`;
  return `; ${formatUnits(saved.units)}${usd} ${saved.units === 1 ? 'was' : 'were'} not needed`;
}

function bestText(stopped: Stopped, { rounds, left, fresh }: Extract<Found, { kind: 'best' }>): Text {
  const { stop, units, otherwise } = stopped;
  const [winner] = left;
  if (stop.rule.kind !== 'best' || winner === undefined || fresh === null) return [];
  const { by, of, wants, fresh: repetitions } = stop.rule;
  const among = formatCount(rounds[0]?.length ?? 0);
  const times = repetitions === 1 ? '1 fresh repetition' : `${formatCount(repetitions)} fresh repetitions`;
  const spared =
    otherwise > units ? `; to run all ${among} as often would take ${formatCount(otherwise)}` : '';
  return [
    { strong: `Best of ${among}` },
    ' by ',
    { code: by, max: 64 },
    ': ',
    { name: winner },
    `, with the ${wants} ${of.kind} of `,
    { code: of.expr },
    `: ${figureText(of.kind, fresh)}, from ${times} that chose nothing. ${formatUnits(units)} were run${spared}. `,
    'All other figures count the rounds that chose it too, and there it looks better than it is.',
  ];
}

/** `0.61 (95%: 0.51 to 0.71, n = 198)`; in a table, whose head names the level, `0.61 (0.51 to 0.71), n 198`. */
function figureText(kind: StopQuantity['kind'], figure: WeighedFigure, isCell = false): string {
  const { value, low, high, n } = figure;
  if (value === null) return 'no unit gave a value';
  const isOpen = low === null || high === null;
  const decimals = isOpen ? 2 : errorDecimals((high - low) / 4);
  const write = (x: number): string => (kind === 'share' ? formatPercent(x, 1) : formatNumber(x, decimals));
  if (isOpen) return `${write(value)}, n ${formatCount(n)}`;
  const ends = `${write(low)} to ${write(high)}`;
  if (isCell) return `${write(value)} (${ends}), n ${formatCount(n)}`;
  return `${write(value)} (95%: ${ends}, n = ${formatCount(n)})`;
}

function roundTable(rounds: readonly (readonly StoppedGroup[])[], kind: StopQuantity['kind']): Table {
  return {
    head: ['Round', 'Group', kind === 'share' ? 'Share (95% CI)' : 'Mean (95% CI)', 'Then'],
    align: ['right', 'left', 'left', 'left'],
    rows: rounds.flatMap((groups, round) =>
      groups
        .slice(0, GROUPS_SHOWN)
        .map((group): readonly Text[] => [
          [formatCount(round + 1)],
          [{ name: group.name }],
          [figureText(kind, group, true)],
          [group.goesOn ? 'went on' : 'dropped'],
        ]),
    ),
  };
}

// What a comment says around a report: the commit it is for, the base, the last complete result, where more is. It
// says nothing about the results themselves.
import { formatMoney, parseUsd } from '../analysis/money.ts';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { type ClaimChange, claimBlocks } from './claims.ts';
import { formatUsd } from './cost-text.ts';
import { verdictWord } from './headline.ts';
import { gateId, isCommit, isComplete, type ResultLine, verdictCell } from './history.ts';
import { books } from './layout-closing.ts';
import type { Report } from './report.ts';
import { resultTable } from './tables.ts';

/** How the run's commit stands to the head of its pull request. `head` and `by` are commits. */
export type Standing =
  | { readonly kind: 'current' }
  /** The head has moved, and this result is not about it. */
  | { readonly kind: 'stale'; readonly head: string }
  /** A newer push ended the run. */
  | { readonly kind: 'superseded'; readonly by: string };

/** What the run is held against. `reason` says in a few words why two results cannot be compared. */
export type Base =
  | { readonly kind: 'none' }
  /** `isUnderWay`: a run for the branch has begun. */
  | { readonly kind: 'missing'; readonly branch: string; readonly isUnderWay?: boolean }
  | ({ readonly kind: 'found' } & FoundBase)
  | ({ readonly kind: 'not_comparable'; readonly reason: string } & FoundBase);

interface FoundBase {
  readonly branch: string;
  readonly result: ResultLine;
  /** True when it is the same run: nothing that determines results differs. */
  readonly isSame?: boolean;
  /** True when it is the result that this very branch had before. */
  readonly isBefore?: boolean;
  /** True when the run was weighed by an earlier result, against which its changes are told. */
  readonly isMoved?: boolean;
  /** Gates, rules, schemas and the seed, where they differ. */
  readonly changes?: readonly ClaimChange[];
}

/** Addresses on https; null where there is none. While a run is pending, `run` is the workflow run that sent it. */
export interface Links {
  readonly report: string | null;
  readonly run: string | null;
  readonly check: string | null;
}

/** The last result of this pull request that was complete. */
export interface LastComplete {
  readonly commit: string;
  readonly report: Report;
}

/** Says first that the numbers are not, or not any more, about the head. */
export function standingBlocks(standing: Standing, commit: string): readonly Block[] {
  switch (standing.kind) {
    case 'current':
      return [];
    case 'stale':
      return [
        paragraph([
          '⚠️ ',
          { strong: 'Not about the newest commit:' },
          ' this is the result of ',
          short(commit),
          ', the head is now ',
          short(standing.head),
          '.',
        ]),
      ];
    case 'superseded':
      return [
        paragraph([
          { strong: 'Superseded by a newer push:' },
          ' the run of ',
          short(commit),
          ' was ended when ',
          short(standing.by),
          ' came. What was answered by then is kept, and nothing more is sent.',
        ]),
      ];
    default:
      return standing satisfies never;
  }
}

/** What the base branch says, never a change that was not computed. */
export function baseBlocks(base: Base, report: Report): readonly Block[] {
  switch (base.kind) {
    case 'none':
      return [];
    case 'missing':
      // Of a run that gave no verdict the small print says it.
      if (!isComplete(report)) return [];
      return [
        paragraph([
          'No result for ',
          { name: base.branch },
          ' yet, so nothing is compared.',
          base.isUnderWay === true
            ? ' Its run is under way: once it is over, start this job again to compare, which costs nothing.'
            : '',
        ]),
      ];
    case 'found':
      return [
        foundBlock(base, report),
        ...(base.isMoved === true && base.isSame !== true ? [movedBlock(base)] : []),
        ...claimBlocks(base.branch, base.changes ?? []),
      ];
    case 'not_comparable':
      return [
        paragraph([
          { strong: 'Not comparable' },
          ' (',
          { name: base.reason },
          ') with ',
          ...baseText(base.branch, base.result, report),
          '.',
        ]),
        ...(base.isMoved === true ? [movedBlock(base)] : []),
        ...claimBlocks(base.branch, base.changes ?? []),
      ];
    default:
      return base satisfies never;
  }
}

function foundBlock({ branch, result, isSame = false, isBefore = false }: FoundBase, report: Report): Block {
  if (!isSame) return paragraph([isBefore ? 'Before, on ' : 'On ', ...baseText(branch, result, report), '.']);
  const verdict = verdictWord(result.verdict).toLowerCase();
  const isPaid = (parseUsd(report.cost.spent ?? '') ?? 0n) > 0n;
  return paragraph([
    { strong: 'The same run as on' },
    ' ',
    { name: branch },
    ' (',
    short(result.commit),
    `), where the verdict is ${verdict}: nothing that determines results differs${isPaid ? ', and they were paid for once' : ''}.`,
  ]);
}

function movedBlock({ branch }: FoundBase): Block {
  return paragraph([
    'When this run began, ',
    { name: branch },
    ' had another result. By that one it was weighed after each wave, and against that one changes are told.',
  ]);
}

function baseText(branch: string, result: ResultLine, report: Report): Text {
  const facts: Text[] = [[verdictWord(result.verdict).toLowerCase()]];
  const gate = report.gates[0];
  // What the base's own change was against is another story.
  const isLevel = gate !== undefined && !gate.kind.endsWith('_change');
  if (isLevel && result.figure !== null && result.gate === gateId(gate.name))
    facts.push([{ name: gate.name }, ' ', { strong: result.figure }]);
  facts.push([`${formatCount(result.valid)} of ${formatUnits(result.planned)} valid`]);
  const isFree = parseUsd(result.spent ?? '') === 0n && parseUsd(report.cost.spent ?? '') === 0n;
  if (result.spent !== null && !isFree)
    facts.push([`cost ${formatUsd(result.spent)}${costChange(result, report)}`]);
  return [{ name: branch }, ' (', short(result.commit), '): ', ...joinText(facts, ', ')];
}

/** `, here $0.0100 more`: the change of a figure that is exact on both sides. */
function costChange(result: ResultLine, report: Report): string {
  const [before, now] = [parseUsd(result.spent ?? ''), parseUsd(report.cost.spent ?? '')];
  if (before === null || now === null || !isComplete(report)) return '';
  if (now === before) return ', here the same';
  return now > before
    ? `, here ${formatMoney(now - before)} more`
    : `, here ${formatMoney(before - now)} less`;
}

/** The last complete result, folded; as one sentence when there is no room. */
export function lastBlocks(last: LastComplete | null, whole: boolean): readonly Block[] {
  if (last === null) return [];
  const { report, commit } = last;
  const cell = verdictCell(report.verdict);
  if (!whole) return [paragraph([`Last complete result: ${cell} for `, short(commit), '.'])];
  const table = resultTable(report);
  return [
    {
      kind: 'details',
      // A summary takes no code span, so that only what is surely a commit is named there.
      summary: `Last complete result: ${cell}${isCommit(commit) ? ` for ${commit.slice(0, 7)}` : ''}`,
      blocks: [
        paragraph([`${report.headline} (`, short(commit), ')']),
        ...(table.rows.length === 0 ? [] : [{ kind: 'table' as const, table }]),
        books(report),
      ],
    },
  ];
}

/** The addresses as Markdown, and how to stop paying; null when there is nothing to say. What is no plain address is left out. */
export function linkLine(links: Links): string | null {
  const named = [
    ['HTML report', links.report],
    ['workflow run', links.run],
    ['check', links.check],
  ] as const;
  const shown = named.flatMap(([text, url]) => (isAddress(url) ? [`[${text}](${url})`] : []));
  return shown.length === 0 ? null : shown.join(' · ');
}

function isAddress(url: string | null): url is string {
  return url !== null && url.length <= 500 && /^https:\/\/[A-Za-z0-9.-]+(:[0-9]+)?(\/[\w.~%-]+)*$/.test(url);
}

/** Which commit, base, seed and model this is, and when: as text for the small print. */
export function smallPrint(report: Report, commit: string, base: Base, time: string | null): Text {
  const { seed, model } = report.provenance;
  const against: Text =
    base.kind === 'none'
      ? []
      : base.kind === 'missing'
        ? [', no result for ', { name: base.branch }, ' yet']
        : [
            base.isBefore ? ', before it ' : ' against ',
            { name: base.branch },
            ' ',
            short(base.result.commit),
          ];
  return [
    'For commit ',
    short(commit),
    ...against,
    ', seed ',
    { code: seed, max: 40 },
    ...(model === null ? [] : [', ', { code: model, max: 40 }]),
    ...(time === null ? [] : [', ', { name: time }]),
    '.',
  ];
}

function short(commit: string): Text[number] {
  return { code: isCommit(commit) ? commit.slice(0, 7) : commit, max: 40 };
}

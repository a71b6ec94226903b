// What is said when a pull request may not pay: it comes from a fork or from Dependabot. What was checked without a
// key, what a paid run would use, and who can start it.
import { formatCount } from '../analysis/numbers.ts';
import { type Block, paragraph, type Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { isInert } from './escape.ts';
import { HEADLINE_LIMIT, verdictEmoji } from './headline.ts';
import type { Report } from './report.ts';

/** Least and most; money is US dollars as decimal text. */
export interface Range<T> {
  readonly least: T;
  readonly most: T;
}

/** What a paid run would use. `cost` is null when a price is not known, `cap` when there is none. */
export interface ForkEstimate {
  readonly requests: Range<number>;
  readonly tokens: Range<number>;
  readonly cost: Range<string> | null;
  readonly cap: string | null;
}

/** A run without secrets. `paidRun`: the command with which a maintainer runs this head for money. */
export interface ForkRun {
  readonly origin: 'fork' | 'dependabot';
  readonly estimate: ForkEstimate | null;
  readonly paidRun: string | null;
}

/** Steps of the table of checks. */
const STEPS = 20;

/** The first line of a run without secrets. */
export function forkHeading(report: Report, { origin }: ForkRun): string {
  const from = origin === 'fork' ? 'a fork' : 'Dependabot';
  const name = isInert(report.pipeline) ? report.pipeline : 'this pipeline';
  const lines = [
    `Dry run: ${name} was checked but not run, because this pull request comes from ${from}`,
    `Dry run: ${name} was checked but not run, it comes from ${from}`,
    `Dry run: ${name}, checked only: from ${from}`,
    `Dry run: checked but not run, because this pull request comes from ${from}`,
  ];
  const line = lines.find((text) => text.length <= HEADLINE_LIMIT - 3) ?? 'Dry run';
  return `### ${verdictEmoji('dry_run')} ${line}`;
}

/** Why nothing was paid, what was checked, what it would cost, how a maintainer goes on. */
export function forkBlocks(report: Report, { origin, estimate, paidRun }: ForkRun): readonly Block[] {
  const from = origin === 'fork' ? 'from forks' : 'from Dependabot';
  const blocks: Block[] = [
    paragraph([
      { strong: 'Nothing was spent.' },
      ` GitHub gives pull requests ${from} no secrets and a read-only token, so that no provider can be asked.`,
    ]),
    {
      kind: 'table',
      table: { head: ['Checked without a key', 'Result'], align: ['left', 'left'], rows: checks(report) },
    },
  ];
  if (estimate !== null) blocks.push(estimateTable(estimate));
  if (paidRun !== null)
    blocks.push(
      paragraph([
        { strong: 'Maintainers:' },
        ' read the changes to the pipeline first, then run ',
        { code: paidRun, max: 400 },
        '. It refuses a head that has moved; endpoint, models and cost ceiling come from the trusted workflow.',
      ]),
    );
  return blocks;
}

function checks(report: Report): readonly (readonly Text[])[] {
  const { steps } = report;
  const count = steps.length === 1 ? '1 step' : `${formatCount(steps.length)} steps`;
  const rows: (readonly Text[])[] = [[['configuration, templates and schemas'], [`✅ valid, ${count}`]]];
  for (const step of steps.slice(0, STEPS)) {
    const whole = step.valid === step.entered;
    const how =
      step.children !== undefined
        ? `split into ${formatCount(step.children)}`
        : step.kind === 'expression'
          ? 'computed'
          : report.provenance.replays === null
            ? 'with simulated answers'
            : 'with recorded answers';
    rows.push([
      ['step ', { name: step.step }],
      [`${whole ? '✅' : '⚠️'} ${formatCount(step.valid)} of ${formatCount(step.entered)} ${how}`],
    ]);
  }
  if (steps.length > STEPS)
    rows.push([[`${formatCount(steps.length - STEPS)} more steps`], ['see the table of steps']]);
  // Scripts among them, whose author may be anybody.
  if (report.notRun.length > 0)
    rows.push([['after the run'], [`⏸️ ${entries(report.notRun.length)} not run, named below`]]);
  return rows;
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${formatCount(count)} entries`;
}

function estimateTable({ requests, tokens, cost, cap }: ForkEstimate): Block {
  const counts = (range: Range<number>) =>
    range.least === range.most
      ? formatCount(range.least)
      : `${formatCount(range.least)} to ${formatCount(range.most)}`;
  const money =
    cost === null
      ? 'unknown, a price is missing'
      : cost.least === cost.most
        ? formatUsd(cost.least)
        : `${formatUsd(cost.least)} to ${formatUsd(cost.most)}`;
  return {
    kind: 'table',
    table: {
      head: ['A paid run would use', 'Estimate', 'Cap'],
      align: ['left', 'right', 'right'],
      rows: [
        [['requests'], [counts(requests)], ['none']],
        [['tokens'], [counts(tokens)], ['none']],
        [['cost'], [money], [cap === null ? 'none' : formatUsd(cap)]],
      ],
    },
  };
}

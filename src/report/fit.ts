// The ladder by which a report becomes shorter: each rung says less, none is cut inside a structure, and what is left
// out is named. It knows no surface: how long a text is, the surface says.
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { layOut } from './layout.ts';
import { books, closing } from './layout-closing.ts';
import { errorBlocks } from './layout-error.ts';
import { pendingBlocks } from './layout-pending.ts';
import type { Report } from './report.ts';
import { resultTable } from './tables.ts';

/** From everything to the least. */
export const RUNGS = ['all', 'no_history', 'no_failures', 'no_groups', 'open_gates', 'first_line'] as const;
export type Rung = (typeof RUNGS)[number];

/** Failed units that a page shows; failures.jsonl has all. */
const FAILURES = 3;
/** Gates that do not pass and are shown when nothing else is. */
const OPEN_GATES = 40;

/** True when this rung says at least as much as that one. */
export function reaches(rung: Rung, least: Rung): boolean {
  return RUNGS.indexOf(rung) <= RUNGS.indexOf(least);
}

/**
 * The fullest text of which the length is within the limit. A smaller limit never gives a longer text. When even the
 * last rung is too long, that one is returned: it has no part whose length follows from the run.
 */
export function fitText(
  limit: number,
  measure: (text: string) => number,
  write: (rung: Rung) => string,
): { readonly text: string; readonly rung: Rung } {
  let text = '';
  for (const rung of RUNGS) {
    text = write(rung);
    if (measure(text) <= limit) return { text, rung };
  }
  return { text, rung: 'first_line' };
}

/** The report's blocks at this rung, after its headline. `isStandingTold` as of `layOut`. */
export function layOutAt(report: Report, rung: Rung, isStandingTold = false): readonly Block[] {
  if (rung === 'first_line') return [books(report)];
  if (rung === 'open_gates')
    return [...openBlocks(report, isStandingTold), ...closing({ ...report, notRun: [], postProcess: [] })];
  const failures = reaches(rung, 'no_history') ? report.failures.slice(0, FAILURES) : [];
  const groups = reaches(rung, 'no_failures')
    ? {}
    : { groups: [], unitsInMoreGroups: 0, against: ungrouped(report) };
  return layOut({ ...report, failures, ...groups }, isStandingTold);
}

/** What it was held against, without the change in each group. */
function ungrouped({ against }: Report): Report['against'] {
  const comparison = against?.comparison ?? null;
  if (against === null || comparison === null) return against;
  return { ...against, comparison: { ...comparison, groups: [], moreGroups: 0 } };
}

/** The reason why it is not over, or else the sentence on the gates and those that do not pass. */
function openBlocks(report: Report, isStandingTold: boolean): readonly Block[] {
  switch (report.verdict) {
    case 'pending':
      return pendingBlocks(report).filter((block) => block.kind === 'paragraph');
    case 'error':
      return errorBlocks(report).filter((block) => block.kind !== 'plot');
    case 'pass':
    case 'fail':
    case 'inconclusive':
    case 'dry_run':
      // What is laid out first is the sentence that sums it up.
      return [...layOut(report, isStandingTold).slice(0, 1), ...openGates(report)];
    default:
      return report.verdict satisfies never;
  }
}

function openGates(report: Report): readonly Block[] {
  const open = [
    ...report.gates.filter((gate) => gate.state === 'fail'),
    ...report.gates.filter((gate) => gate.state === 'inconclusive'),
  ];
  if (open.length === 0) return [];
  const gates = open.slice(0, OPEN_GATES);
  const overall = { ...report.overall, outcomes: [], metrics: [] };
  const blocks: Block[] = [{ kind: 'table', table: resultTable({ ...report, gates, overall }) }];
  const more = open.length - gates.length;
  if (more > 0) blocks.push(paragraph([`${more} more of them are in `, { code: 'report.json' }, '.']));
  return blocks;
}

/** What this rung leaves out and where that stands; nothing when all is there. `more`: what the page itself left out. */
export function leftOut(
  report: Report,
  rung: Rung,
  limit: string,
  more: readonly Text[] = [],
): readonly Block[] {
  const parts: Text[] = [];
  if (!reaches(rung, 'no_groups'))
    parts.push([`${mostOf(report, rung)} (`, { code: 'report.md' }, ' and ', { code: 'report.json' }, ')']);
  else if (!reaches(rung, 'no_failures') && report.groups.length > 0)
    parts.push(['the groups (', { code: 'report.json' }, ')']);
  if (!reaches(rung, 'no_history') && report.failures.length > 0)
    parts.push(['the failed units (', { code: 'failures.jsonl' }, ')']);
  parts.push(...more);
  if (parts.length === 0) return [];
  return [paragraph([`Left out here, to stay within ${limit}: `, ...joinText(parts, '; '), '.'])];
}

function mostOf(report: Report, rung: Rung): string {
  if (rung === 'first_line') return 'everything below the first line';
  const judged = report.verdict !== 'pending' && report.verdict !== 'error';
  return judged ? 'everything but the gates that do not pass' : 'tables and plots';
}

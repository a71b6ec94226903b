// What happened to the planned units on their way through the steps: bars, what was lost and why, the books.
import { formatCount, formatPercent, formatUnits, percentDecimals } from '../analysis/numbers.ts';
import type { FailureKind } from '../validation/failure.ts';
import type { Table, Text } from './block.ts';
import { percent, swatch } from './chart-svg.ts';
import { oneLine } from './escape.ts';
import { writeTable, writeText } from './html-blocks.ts';
import { html, type Markup } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import { progressNote } from './layout-pending.ts';
import type { Report, ReportedStep } from './report.ts';
import { unitsAt } from './step-units.ts';
import { stepTable } from './tables.ts';

/** Steps drawn as bars; the table has more. */
const BARS = 60;
/** Steps of which the units tried again are counted; the table of steps has all. */
const RETRIED = 12;

/** Null before anything was computed or asked. */
export function stepSection({ report, base }: PageInput): Section | null {
  const { planned, valid, inFlight } = report.units;
  if (report.steps.length === 0) return null;
  // While units are in flight the bars stand at the head of the page.
  const bars = inFlight > 0 ? null : stepBars(report, base?.report ?? null);
  const steps = withBase(report, stepTable(report), base);
  const body = html`${bars}${writeTable(attritionTable(report), 'Attrition')}${worstNote(report)}${writeTable(steps, 'Steps')}`;
  const note = [`${formatCount(valid)} of ${formatUnits(planned)} came through`];
  return { id: 'steps', title: 'Steps', note, body };
}

/** How far the dropped units could move the first share; null when none was dropped. */
function worstNote(report: Report): Markup | null {
  const [outcome] = report.overall.outcomes;
  const share = outcome?.values[0];
  if (outcome === undefined || share === undefined || share.worst === null) return null;
  const decimals = percentDecimals(share.n);
  const [low, high] = [share.worst.low, share.worst.high].map((end) => formatPercent(end, decimals));
  const text: Text = [
    `The failed units are in no estimate. Whatever they had come to, `,
    { name: outcome.field },
    ' ',
    { code: share.value, max: 40 },
    ` would be ${low} to ${high} of all; Results gives these worst cases for each share and mean.`,
  ];
  return html`<p class="note">${writeText(text)}</p>\n`;
}

/** The table of steps with what came through each on the base, where that is known. */
function withBase(report: Report, table: Table, base: PageInput['base']): Table {
  const before = base?.report ?? null;
  if (before === null) return table;
  const rows = table.rows.map(([name = [''], valid = [''], ...rest], i) => {
    const same = stepOf(before, report.steps[i]?.step ?? '');
    return [name, valid, [same === null ? '' : formatCount(same.valid)], ...rest];
  });
  const [step = '', valid = '', ...heads] = table.head;
  const [left = 'left', right = 'right', ...align] = table.align;
  return {
    head: [step, valid, 'Valid on the base', ...heads],
    align: [left, right, 'right', ...align],
    rows,
  };
}

type BaseReport = NonNullable<NonNullable<PageInput['base']>['report']>;

function stepOf({ steps }: BaseReport, name: string): BaseReport['steps'][number] | null {
  return steps.find(({ step }) => step === name) ?? null;
}

/** One bar a step: what is valid, what was lost there, what is on its way, of all planned units. */
export function stepBars(report: Report, base: BaseReport | null = null): Markup {
  const { planned, sources, inFlight } = report.units;
  const lost = report.steps.some((step) => step.failed > 0);
  const all = unitsAt(report);
  const rows = report.steps.slice(0, BARS).map((_, at) => drawStep(at, all[at]!, report, base));
  const of = sources === undefined ? formatCount(planned) : 'all there are by then';
  return html`<figure class="chart">
<figcaption>${inFlight > 0 ? 'Units through each step' : 'Units left after each step'}, of ${of}</figcaption>
<div class="rows">
${rows}</div>
<p class="legend">${swatch('valid', 'valid')}${lost ? swatch('lost', 'lost there') : null}${
    inFlight > 0 ? swatch('flying', 'in flight') : null
  }${base === null ? null : swatch('was', 'valid on the base')}</p>
</figure>
`;
}

/** `planned`: the units there are at this step. */
function drawStep(at: number, planned: number, report: Report, base: BaseReport | null): Markup {
  const step = report.steps[at]!;
  const label = oneLine(step.step, 64);
  const note = report.units.inFlight > 0 ? progressNote(report, at) : retriedNote(step);
  const parts: readonly (readonly [string, number])[] = [
    ['valid', step.valid],
    ['lost', step.failed],
    ['flying', step.inFlight],
  ];
  let from = 0;
  const bars = parts.map(([name, count]) => {
    const x = from;
    from += count;
    const size = planned === 0 ? 0 : count / planned;
    return count === 0
      ? html``
      : html`<rect class="${name}" x="${percent(planned === 0 ? 0 : x / planned)}%" y="0" width="${percent(size)}%" height="100%"/>`;
  });
  const flying = step.inFlight > 0 ? `, ${formatCount(step.inFlight)} in flight` : '';
  const before = base === null ? null : stepOf(base, step.step);
  const was =
    before === null || base === null
      ? ''
      : `; on the base ${formatCount(before.valid)} of ${formatCount(unitsOnBase(before, base))} valid`;
  const became = step.children === undefined ? '' : ` → ${formatCount(step.children)}`;
  const says = `${label}: ${formatCount(step.valid)} of ${formatCount(planned)} valid${became}, ${formatCount(step.failed)} lost${flying}${was}`;
  return html`<span class="label">${label}${note === '' ? null : html`<small>${note}</small>`}</span><span class="figure">${formatCount(step.valid)}${became}</span>
<svg class="bar" role="img" aria-label="${says}"><title>${says}</title><rect class="all" width="100%" height="100%"/>${bars}${drawBase(before, base)}</svg>
`;
}

function unitsOnBase(step: BaseReport['steps'][number], base: BaseReport): number {
  return unitsAt(base)[base.steps.indexOf(step)] ?? base.units.planned;
}

/** The base's own share of its own planned units, as a dashed frame. */
function drawBase(step: BaseReport['steps'][number] | null, base: BaseReport | null): Markup | null {
  const planned = step === null || base === null ? 0 : unitsOnBase(step, base);
  if (step === null || planned === 0) return null;
  const share = Math.min(1, step.valid / planned);
  return html`<rect class="was" width="${percent(share)}%" height="100%"/>`;
}

function retriedNote(step: ReportedStep): string {
  const parts = [
    step.failed > 0 ? `−${formatCount(step.failed)} lost` : '',
    step.retried > 0 ? `${formatCount(step.retried)} retried` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** What became of every planned unit, and of those that failed why and where. */
function attritionTable(report: Report): Table {
  const { planned, sources, valid, failed, inFlight } = report.units;
  const share = (count: number) =>
    formatPercent(planned === 0 ? 0 : count / planned, percentDecimals(planned));
  const row = (what: Text, count: number, where: Text): readonly Text[] => [
    what,
    [formatCount(count)],
    [share(count)],
    where,
  ];
  const kinds = [...kindsOf(report)].sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
  const capped = report.steps.filter((step) => step.capped > 0);
  return {
    head: ['Units', 'Count', sources === undefined ? 'Of planned' : 'Of all', 'Where'],
    align: ['left', 'right', 'right', 'left'],
    rows: [
      ...(sources === undefined
        ? [row(['planned'], planned, [''])]
        : [
            [['planned'], [formatCount(sources)], [''], ['before they are fanned out']],
            row(['after fan-outs'], planned, ['']),
          ]),
      row(['valid'], valid, ['']),
      ...(inFlight > 0 ? [row(['in flight'], inFlight, [''])] : []),
      ...report.steps
        .filter((step) => step.retried > 0)
        .slice(0, RETRIED)
        .map((step) => row(['tried again'], step.retried, [{ name: step.step }])),
      row(['failed'], failed, ['']),
      ...kinds.map(([kind, { count, steps }]) => row([`failed: ${kind}`], count, namesOf(steps))),
      ...(capped.length === 0
        ? []
        : [
            row(
              ['loops ended at max_iterations'],
              capped.reduce((sum, step) => sum + step.capped, 0),
              namesOf(capped.map((step) => step.step)),
            ),
          ]),
    ],
  };
}

function kindsOf(report: Report): ReadonlyMap<FailureKind, { count: number; steps: string[] }> {
  const kinds = new Map<FailureKind, { count: number; steps: string[] }>();
  for (const step of report.steps) {
    for (const [kind, count] of Object.entries(step.failures) as [FailureKind, number][]) {
      if (count === 0) continue;
      const so = kinds.get(kind) ?? { count: 0, steps: [] };
      kinds.set(kind, { count: so.count + count, steps: [...so.steps, step.step] });
    }
  }
  return kinds;
}

/** A few names; the table of steps has all. */
function namesOf(names: readonly string[]): Text {
  const shown = names.slice(0, 4).flatMap((name, i): Text => (i === 0 ? [{ name }] : [', ', { name }]));
  return names.length > 4 ? [...shown, ` and ${names.length - 4} more`] : shown;
}

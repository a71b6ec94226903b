// What a report says, and in which order: the same blocks for every surface. It reads a Report and nothing else.
import type { Interval, ShareEstimate, Slice } from '../analysis/estimate.ts';
import { formatMoney, parseUsd } from '../analysis/money.ts';
import { formatCount, formatPercent, formatUnits, percentDecimals } from '../analysis/numbers.ts';
import type { Block, Text } from './block.ts';
import { countGates, keyGate, stopSentence } from './headline.ts';
import { drawFunnel, drawIntervals, drawProgress, numberAxis, type PlotRow, shareAxis } from './plot.ts';
import type { PendingBatch, Report } from './report.ts';
import { costTable, failureTable, formatShare, groupTable, resultTable, stepTable } from './tables.ts';

/** Rows of one plot; what is left out stands in the table. */
const PLOT_ROWS = 12;

/** The body of a report, after its headline. */
export function layOut(report: Report): readonly Block[] {
  switch (report.verdict) {
    case 'pending':
      return [...pendingBlocks(report), ...closing(report)];
    case 'error':
      return [...errorBlocks(report), ...failureBlocks(report), ...evidence(report), ...closing(report)];
    case 'pass':
    case 'fail':
    case 'inconclusive':
    case 'dry_run':
      return [
        paragraph(summary(report)),
        ...resultBlocks(report),
        ...groupBlocks(report),
        ...evidence(report),
        ...failureBlocks(report),
        ...closing(report),
      ];
    default:
      return report.verdict satisfies never;
  }
}

function paragraph(text: Text): Block {
  return { kind: 'paragraph', text };
}

function summary(report: Report): Text {
  const text: Text[] = [];
  const gate = keyGate(report.gates);
  if (report.simulated) text.push([{ strong: 'The answers are simulated: no model was called for them.' }]);
  if (gate === null) text.push([{ strong: 'No gate is set, so nothing can fail.' }]);
  else {
    const says = `${countGates(report.gates, report.simulated)}.`;
    text.push([{ strong: `${says.charAt(0).toUpperCase()}${says.slice(1)}` }]);
    text.push([{ name: gate.name }, `: ${gate.reason}.`]);
  }
  text.push(...droppedSentence(report));
  return join(text, ' ');
}

/** What was dropped, in the words every percentage below depends on. */
function droppedSentence(report: Report): readonly Text[] {
  const { planned, failed } = report.units;
  if (failed === 0) return [];
  const worst = report.steps.reduce((a, b) => (b.failed > a.failed ? b : a));
  const share = formatPercent(failed / planned, failed / planned < 0.1 ? 1 : 0);
  const lead = `${formatCount(failed)} of ${formatUnits(planned)} ${failed === 1 ? 'was' : 'were'} dropped (${share})`;
  return [
    [
      `${lead}, ${worst.failed === failed ? 'all' : formatCount(worst.failed)} at `,
      { name: worst.step },
      '.',
    ],
  ];
}

function resultBlocks(report: Report): readonly Block[] {
  const blocks: Block[] = [];
  const rows = shareRows(report);
  if (rows.length > 0) {
    blocks.push({
      kind: 'plot',
      lines: drawIntervals(shareAxis('share of units'), rows, intervalLegend(report)),
    });
  }
  const table = resultTable(report);
  if (table.rows.length > 0) blocks.push({ kind: 'table', table });
  if (report.found && table.rows.length > report.gates.length) {
    const text =
      'Outcomes and metrics were found from the results; report: in the pipeline says which to show.';
    blocks.push({ kind: 'small', text: [text] });
  }
  return blocks;
}

/** Gates on shares with their bounds, then outcomes. Of two complementary values only the first is drawn. */
function shareRows(report: Report): readonly PlotRow[] {
  const rows: PlotRow[] = [];
  const drawn = new Set<string>();
  for (const gate of report.gates) {
    if (
      (gate.kind !== 'share' && gate.kind !== 'valid_share') ||
      gate.value === null ||
      gate.interval === null
    )
      continue;
    if (gate.n === 0) continue;
    const figure = formatPercent(gate.value, percentDecimals(gate.n));
    rows.push({ kind: 'interval', label: gate.name, figure, ...ends(gate.interval), point: gate.value });
    const bounds = [gate.region.atLeast, gate.region.atMost].filter((bound) => bound !== null);
    rows.push({ kind: 'gate', bounds });
    drawn.add(`${gate.value} of ${gate.n}`);
  }
  for (const outcome of report.overall.outcomes) {
    for (const share of plottedValues(outcome.values)) {
      if (rows.length >= PLOT_ROWS) return rows;
      // The same share is there already, with its gate.
      if (drawn.has(`${share.share} of ${share.n}`)) continue;
      rows.push(
        shareRow(share, share.value === 'true' || share.value === 'false' ? outcome.field : share.value),
      );
    }
  }
  return rows;
}

function plottedValues(values: readonly ShareEstimate[]): readonly ShareEstimate[] {
  return values.length <= 2 ? values.slice(0, 1) : values.slice(0, 8);
}

function shareRow(share: ShareEstimate, label: string): PlotRow {
  return { kind: 'interval', label, figure: formatShare(share), ...ends(share.interval), point: share.share };
}

function ends(interval: Interval): { low: number; high: number } {
  return { low: interval.low, high: interval.high };
}

function intervalLegend(report: Report): string {
  const levels = new Set(
    report.gates.map((gate) => gate.interval?.confidence).filter((level) => level !== undefined),
  );
  if (report.overall.outcomes.length > 0) levels.add(0.95);
  return levels.size === 1 ? `${Math.round([...levels][0]! * 1000) / 10}% CI` : 'confidence interval';
}

function groupBlocks(report: Report): readonly Block[] {
  if (report.groups.length === 0) return [];
  const blocks: Block[] = [];
  const first = report.overall.outcomes[0];
  if (first !== undefined && report.groups.length > 1) blocks.push(...groupSharePlot(report, first.field));
  else if (report.groups.length > 1) blocks.push(...groupMeanPlot(report));
  blocks.push({ kind: 'table', table: groupTable(report) });
  if (report.unitsInMoreGroups > 0) {
    blocks.push(
      paragraph([`${formatUnits(report.unitsInMoreGroups)} in further groups are not shown here.`]),
    );
  }
  const summary = `By group: ${formatCount(report.groups.length)} ${report.groups.length === 1 ? 'group' : 'groups'}`;
  return [{ kind: 'details', summary, blocks }];
}

function groupSharePlot(report: Report, field: string): readonly Block[] {
  const value = report.overall.outcomes.find((outcome) => outcome.field === field)?.values[0]?.value;
  if (value === undefined) return [];
  const rows = report.groups.slice(0, PLOT_ROWS).flatMap((group) => {
    const share = shareOf(group, field, value);
    return share === null ? [] : [shareRow(share, group.group ?? '')];
  });
  if (rows.length < 2) return [];
  const caption = paragraph(['Share of ', { name: field }, ' ', { code: value }, ' in each group:']);
  return [caption, { kind: 'plot', lines: drawIntervals(shareAxis('share by group'), rows, '95% CI') }];
}

function groupMeanPlot(report: Report): readonly Block[] {
  const field = report.overall.metrics[0]?.field;
  if (field === undefined) return [];
  const rows = report.groups.slice(0, PLOT_ROWS).flatMap((group): PlotRow[] => {
    const metric = group.metrics.find((candidate) => candidate.field === field);
    if (metric === undefined || metric.interval === null) return [];
    const figure = metric.mean.toPrecision(4).replace('-', '−');
    return [
      { kind: 'interval', label: group.group ?? '', figure, ...ends(metric.interval), point: metric.mean },
    ];
  });
  if (rows.length < 2) return [];
  const values = rows.flatMap((row) => (row.kind === 'interval' ? [row.low, row.high] : []));
  const caption = paragraph(['Mean of ', { name: field }, ' in each group:']);
  return [
    caption,
    { kind: 'plot', lines: drawIntervals(numberAxis('mean by group', values), rows, '95% CI') },
  ];
}

/** The share of a value in a group; a group where it never came up has none of n, which is a result too. */
function shareOf(group: Slice, field: string, value: string): ShareEstimate | null {
  return (
    group.outcomes
      .find((outcome) => outcome.field === field)
      ?.values.find((share) => share.value === value) ?? null
  );
}

/** The funnel, open when something was lost, and the cost. */
function evidence(report: Report): readonly Block[] {
  const blocks: Block[] = [];
  const { planned, valid, failed } = report.units;
  if (report.steps.length > 1 || failed > 0) {
    const rows = report.steps.map((step) => ({
      label: step.step,
      left: step.valid,
      lost: step.failed,
      retried: step.retried,
    }));
    const plot: Block = { kind: 'plot', lines: drawFunnel(planned, rows) };
    const table: Block = { kind: 'table', table: stepTable(report) };
    const summary = `Steps: ${formatCount(valid)} of ${formatUnits(planned)} came through`;
    if (failed > 0) blocks.push(plot, { kind: 'details', summary, blocks: [table] });
    else blocks.push({ kind: 'details', summary, blocks: [plot, table] });
  }
  const cost = costTable(report);
  if (cost.rows.length > 0)
    blocks.push({
      kind: 'details',
      summary: `Cost: ${costSummary(report)}`,
      blocks: [{ kind: 'table', table: cost }],
    });
  return blocks;
}

function costSummary(report: Report): string {
  const tokens = report.steps.reduce((sum, step) => sum + step.tokens.input + step.tokens.output, 0);
  return `${costPhrase(report)}, ${formatCount(tokens)} tokens${report.simulated ? ' counted for invented answers' : ''}`;
}

/** What was spent, in a few words. */
export function costPhrase(report: Report): string {
  const { spent, wouldCost } = report.cost;
  if (!report.steps.some((step) => step.kind === 'llm')) return 'nothing to pay, no step asks a model';
  if (report.simulated && spent === '0') {
    return wouldCost === null ? 'nothing spent' : `nothing spent, ${money(wouldCost)} at the declared prices`;
  }
  return spent === null ? 'cost unknown, a price is missing' : money(spent);
}

function money(usd: string): string {
  return formatMoney(parseUsd(usd) ?? 0n);
}

function failureBlocks(report: Report): readonly Block[] {
  if (report.failures.length === 0) return [];
  const { failed } = report.units;
  const blocks: Block[] = [{ kind: 'table', table: failureTable(report) }];
  const raw = report.failures.find((failure) => failure.raw !== null && failure.raw.trim() !== '');
  if (raw !== undefined && raw.raw !== null) {
    blocks.push(paragraph(['Raw answer of ', { code: raw.unit }, ':']), { kind: 'quote', text: raw.raw });
  }
  if (failed > report.failures.length) {
    blocks.push(paragraph([`All ${formatCount(failed)} are in `, { code: 'failures.jsonl' }, '.']));
  }
  const shown = report.failures.length;
  const summary =
    failed > shown
      ? `${shown} of ${formatCount(failed)} failed units`
      : `${shown} failed ${shown === 1 ? 'unit' : 'units'}`;
  return [{ kind: 'details', summary, blocks }];
}

function errorBlocks(report: Report): readonly Block[] {
  const { error, units } = report;
  const dropped = units.failed > 0 ? droppedSentence(report) : [];
  if (error === null) {
    return [
      paragraph(
        join([[{ strong: 'There is nothing to judge: no unit came through every step.' }], ...dropped], ' '),
      ),
    ];
  }
  const lead = `The run ${stopSentence(error.kind)}; no verdict is given on a part of it.`;
  return [paragraph(join([[{ strong: lead }], ...dropped], ' ')), { kind: 'quote', text: error.what }];
}

function pendingBlocks(report: Report): readonly Block[] {
  const { units, pending, steps } = report;
  const batches = pending?.batches ?? [];
  const text: Text[] = [[{ strong: 'Nothing to do.' }]];
  text.push([
    `${formatCount(units.valid)} of ${formatUnits(units.planned)} are through, ${formatCount(units.inFlight)} in flight.`,
  ]);
  if (pending?.deadline) text.push(['Deadline: ', { strong: pending.deadline }, '.']);
  const blocks: Block[] = [paragraph(join(text, ' '))];
  blocks.push({
    kind: 'plot',
    lines: drawProgress(
      units.planned,
      steps.map((step) => ({
        label: step.step,
        done: step.valid + step.failed,
        note: progressNote(step, batches),
      })),
    ),
  });
  if (batches.length > 0) blocks.push({ kind: 'table', table: batchTable(batches) });
  const facts: Text[] = [];
  if (pending?.reserved) {
    const cap = pending.cap === null ? '' : ` of the ${money(pending.cap)} cap`;
    facts.push([`Reserved ${money(pending.reserved)}${cap}`]);
  }
  if (pending?.nextLook) facts.push([`next look about ${pending.nextLook}`]);
  facts.push(['no runner is kept waiting']);
  blocks.push(paragraph(join(facts, ' · ')));
  if (pending?.goOn) blocks.push(paragraph(['go on: ', { code: pending.goOn, max: 400 }]));
  return blocks;
}

function progressNote(step: Report['steps'][number], batches: readonly PendingBatch[]): string {
  const own = batches.filter((batch) => batch.step === step.step);
  const back = own.filter((batch) => batch.state === 'back').length;
  if (back < own.length) return `${back} of ${own.length} back`;
  if (step.inFlight > 0) return 'in flight';
  return step.entered === 0 ? 'waiting' : 'done';
}

function batchTable(batches: readonly PendingBatch[]): Extract<Block, { kind: 'table' }>['table'] {
  const state = { declared: 'declared', running: '⏳ running', back: '✅ back', unsure: '⚠️ not known yet' };
  return {
    head: ['State', 'Batch', 'Requests', 'Sent', 'Last looked'],
    align: ['left', 'left', 'right', 'left', 'left'],
    rows: batches.map((batch) => [
      [state[batch.state]],
      [{ name: batch.provider }, ' ', { code: batch.batch, max: 24 }],
      [formatCount(batch.requests)],
      batch.sent === null ? [''] : [{ name: batch.sent }],
      batch.looked === null ? [''] : [{ name: batch.looked }],
    ]),
  };
}

/** Books, cost and provenance; how to get the same again; what was not run. */
function closing(report: Report): readonly Block[] {
  const { provenance, units, notRun, timing } = report;
  const blocks: Block[] = [];
  if (notRun.length > 0) {
    const rows = notRun.map(({ name, reason }) => [[{ code: name }], [{ code: reason, max: 200 }]]);
    const table = { head: ['Not run', 'Why'], align: ['left', 'left'] as const, rows };
    const summary = `Not run: ${notRun.length} ${notRun.length === 1 ? 'entry' : 'entries'} of the pipeline`;
    blocks.push({ kind: 'details', summary, blocks: [{ kind: 'table', table }] });
  }
  const facts: Text[] = [
    [`${formatCount(units.valid)} of ${formatUnits(units.planned)} valid`],
    [costPhrase(report)],
  ];
  const capped = report.steps.reduce((sum, step) => sum + step.capped, 0);
  if (capped > 0) facts.push([`${formatCount(capped)} loops ended at max_iterations`]);
  if (provenance.model !== null) facts.push([{ code: provenance.model }]);
  facts.push(['seed ', { code: provenance.seed, max: 40 }]);
  blocks.push(paragraph(join(facts, ' · ')));
  if (provenance.reproduce !== null)
    blocks.push(paragraph(['reproduce: ', { code: provenance.reproduce, max: 400 }]));
  const source: Text[] = [
    [{ code: provenance.path, max: 120 }],
    [
      `${answersPhrase(report)}${provenance.provider === null ? '' : ' from '}`,
      ...providerPiece(provenance.provider),
    ],
    ['run ', { code: provenance.runId, max: 40 }],
    ['content ', { code: provenance.contentKey.slice(0, 12) }],
    ['engine ', { code: provenance.engineVersion, max: 24 }],
    ['streams ', { code: provenance.streamVersion, max: 24 }],
  ];
  if (timing?.finished) source.push([{ code: timing.finished, max: 40 }]);
  if (timing !== null && timing.elapsedMs !== null)
    source.push([`${(timing.elapsedMs / 1000).toFixed(1)} s`]);
  blocks.push({ kind: 'small', text: join(source, ' · ') });
  return blocks;
}

function providerPiece(provider: string | null): Text {
  return provider === null ? [] : [{ name: provider }];
}

function answersPhrase(report: Report): string {
  switch (report.provenance.answers) {
    case 'fresh':
      return 'fresh answers';
    case 'simulated':
      return 'simulated answers';
    case 'replayed':
      return 'recorded answers';
    case 'none':
      return 'no answers asked';
    default:
      return report.provenance.answers satisfies never;
  }
}

function join(texts: readonly Text[], between: string): Text {
  return texts.flatMap((text, i) => (i === 0 ? [...text] : [between, ...text]));
}

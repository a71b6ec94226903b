// What an unfinished run says: nothing to do, how far it is, what it waits for, how to go on.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Table, type Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { stopSentence } from './layout-stop.ts';
import { drawProgress } from './plot.ts';
import type { PendingBatch, Report } from './report.ts';
import { isAwaited, isGrowing, unitsAt } from './step-units.ts';

/** The blocks of a pending report, after its headline. */
export function pendingBlocks(report: Report): readonly Block[] {
  const { units, pending } = report;
  const batches = pending?.batches ?? [];
  const lead = pending?.canceling
    ? 'It is being canceled: what was paid for is still collected.'
    : 'Nothing to do.';
  const text: Text[] = [[{ strong: lead }]];
  // Nobody has to go on with it: a later job does.
  if (pending !== null && pending.goOn === null && !pending.canceling)
    text.push(['You may close this page or push again; the result comes by itself.']);
  text.push([
    `${formatCount(units.valid)} of ${formatUnits(units.planned)} are through, ${units.failed === 0 ? '' : `${formatCount(units.failed)} failed, `}${formatCount(units.inFlight)} in flight.`,
  ]);
  text.push(...stopSentence(report));
  if (pending?.deadline) text.push(['Deadline: ', { name: pending.deadline }, '.']);
  const blocks: Block[] = [paragraph(joinText(text, ' '))];
  blocks.push(progressPlot(report));
  if (batches.length > 0) blocks.push({ kind: 'table', table: batchTable(batches) });
  const facts: Text[] = [];
  const { reserved } = report.cost;
  if (reserved !== null && reserved !== '0')
    facts.push([`Reserved: at most ${formatUsd(reserved)} for what is under way and its retries`]);
  for (const queue of pending?.fullQueues ?? [])
    facts.push(['no room in the queue of ', { code: queue, max: 64 }]);
  if (pending?.nextLook) facts.push(['next look about ', { name: pending.nextLook }]);
  facts.push(['no runner is kept waiting']);
  blocks.push(paragraph(joinText(facts, ' · ')));
  if (pending?.goOn) blocks.push(paragraph(['go on: ', { code: pending.goOn, max: 400 }]));
  return blocks;
}

/** How far each step is. */
export function progressPlot(report: Report): Block {
  const all = unitsAt(report);
  const rows = report.steps.map((step, at) => ({
    label: step.step,
    done: step.valid + step.failed,
    note: progressNote(report, at),
    of: all[at]!,
    isGrowing: isGrowing(report.steps, at),
  }));
  return { kind: 'plot', lines: drawProgress(report.units.sources ?? report.units.planned, rows) };
}

/** What a step of an unfinished run waits for, in a few words. */
export function progressNote({ steps, pending }: Pick<Report, 'steps' | 'pending'>, at: number): string {
  const step = steps[at]!;
  const own = (pending?.batches ?? []).filter((batch) => batch.step === step.step);
  const back = own.filter((batch) => batch.state === 'back').length;
  if (back < own.length) return `${back} of ${own.length} back`;
  if (step.inFlight > 0) return 'in flight';
  return isAwaited(steps, at) ? 'waiting' : 'done';
}

function batchTable(batches: readonly PendingBatch[]): Table {
  const state = {
    declared: 'declared',
    running: '⏳ running',
    back: '✅ back',
    unsure: '⚠️ not known yet',
    blocked: '🛑 blocked',
    canceling: '⏳ being canceled',
  } as const satisfies Record<PendingBatch['state'], string>;
  // Named where there is a question: of a run that fans out, batches of several steps are under way at once.
  const hasSteps = new Set(batches.map(({ step }) => step)).size > 1;
  return {
    head: ['State', ...(hasSteps ? ['Step'] : []), 'Batch', 'Requests', 'Sent', 'Last looked'],
    align: ['left', ...(hasSteps ? ['left' as const] : []), 'left', 'right', 'left', 'left'],
    rows: batches.map((batch) => [
      [state[batch.state]],
      ...(hasSteps ? [[{ name: batch.step }]] : []),
      [{ name: batch.provider }, ' ', { code: batch.batch, max: 24 }],
      [formatCount(batch.requests)],
      batch.sent === null ? [''] : [{ name: batch.sent }],
      batch.looked === null ? [''] : [{ name: batch.looked }],
    ]),
  };
}

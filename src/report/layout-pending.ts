// What an unfinished run says: nothing to do, how far it is, what it waits for, how to go on.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Table, type Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { drawProgress } from './plot.ts';
import type { PendingBatch, Report } from './report.ts';

/** The blocks of a pending report, after its headline. */
export function pendingBlocks(report: Report): readonly Block[] {
  const { units, pending, steps } = report;
  const batches = pending?.batches ?? [];
  const text: Text[] = [[{ strong: 'Nothing to do.' }]];
  text.push([
    `${formatCount(units.valid)} of ${formatUnits(units.planned)} are through, ${formatCount(units.inFlight)} in flight.`,
  ]);
  if (pending?.deadline) text.push(['Deadline: ', { name: pending.deadline }, '.']);
  const blocks: Block[] = [paragraph(joinText(text, ' '))];
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
    const cap = pending.cap === null ? '' : ` of the ${formatUsd(pending.cap)} cap`;
    facts.push([`Reserved ${formatUsd(pending.reserved)}${cap}`]);
  }
  if (pending?.nextLook) facts.push(['next look about ', { name: pending.nextLook }]);
  facts.push(['no runner is kept waiting']);
  blocks.push(paragraph(joinText(facts, ' · ')));
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

function batchTable(batches: readonly PendingBatch[]): Table {
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

// Journals that older versions wrote still mean what they meant: each is folded, event by event, and compared with what
// was written down when it was recorded.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { budgetOf } from '../../../src/engine/budget.ts';
import { JOURNAL_VERSION, type JournalEvent } from '../../../src/engine/events.ts';
import { foldJournal, JournalFold } from '../../../src/engine/journal-fold.ts';
import { JournalError, type RunState } from '../../../src/engine/state.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import { checkState } from '../../engine/world.ts';
import { SCENES } from './journal-scenes.ts';

const FOLDER = fileURLToPath(new URL('../../golden/journals', import.meta.url));
const RECORD = process.env.OCTOBATCH_RECORD_JOURNALS;
const JOURNALS = readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl'));

function eventsOf(file: string): JournalEvent[] {
  const lines = readFileSync(`${FOLDER}/${file}`, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as JournalEvent);
}

function isJournal(left: Journal | Readonly<Record<string, Journal>>): left is Journal {
  return typeof left.append === 'function';
}

/** What a journal says, for people and for a golden file. */
function summaryOf(state: RunState): string {
  const { known, uncertain, reserved } = budgetOf(state);
  const reason = state.cancelReason === null ? '' : `, ${JSON.stringify(state.cancelReason)}`;
  const shard = state.shard === null ? '' : `, shard ${state.shard.index} of ${state.shard.of}`;
  const lines = [
    `${state.run}: ${state.units} units${shard}, epoch ${state.epoch}, from ${state.createdAt} to ${state.lastEventAt}`,
    `finished ${state.finished}, canceling ${state.canceling}${reason}`,
    `cap ${state.cap}: known ${known}, uncertain ${uncertain}, reserved ${reserved}; stray rows ${state.strayRows}`,
    `report from ${state.reportSnapshot === state.snapshot ? 'its snapshot' : state.reportSnapshot.slice(0, 8)}`,
  ];
  for (const target of state.targets)
    lines.push(
      `target ${target.pull ?? '-'} ${target.commit.slice(0, 8)} ${target.branch} since ${target.addedAt}`,
    );
  for (const step of state.steps) {
    const ready = step.ready.map(({ units, attempt }) => `${units} as ${attempt}`).join('; ');
    lines.push(
      `step ${step.name} (${step.kind}, ${step.provider}/${step.model}/${step.mode})`,
      ...(step.kind === 'fan_out' ? [`  room for ${step.width}, made ${step.made}`] : []),
      `  passed ${step.passed}`,
      `  failed ${step.failed} ${JSON.stringify(step.kinds)}`,
      `  tried ${step.tried}, again ${step.retried}, ready ${ready}`,
      `  requests ${step.requests}, first valid ${step.firstValid.size}, tokens ${Object.values(step.firstUsage)} and ${Object.values(step.retryUsage)}`,
      `  cost ${step.firstCost} and ${step.retryCost}, uncertain ${step.uncertain} of ${step.uncertainRequests}`,
      `  output in ${step.segments.length} segments, failures in ${step.failureBlobs.length}, returned ${step.returned}, most ${step.mostRequests}`,
    );
  }
  for (const batch of state.batches.values()) {
    const { phase } = batch;
    const where = phase.kind === 'submitted' ? ` as ${phase.providerBatch}` : '';
    lines.push(`batch ${batch.key.slice(0, 8)} at ${batch.step}: ${batch.units}, ${phase.kind}${where}`);
  }
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

if (RECORD !== undefined) {
  describe('recording', () => {
    it.each(Object.entries(SCENES))('%s', async (name, play) => {
      const left = await play();
      const journals: Readonly<Record<string, Journal>> = isJournal(left) ? { [name]: left } : left;
      mkdirSync(FOLDER, { recursive: true });
      for (const [one, journal] of Object.entries(journals)) {
        const { events } = await journal.read();
        const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
        writeFileSync(`${FOLDER}/${RECORD}-${one}.jsonl`, text);
      }
    });
  });
}

describe('a journal of an earlier version', () => {
  it.each(JOURNALS)('%s is folded as ever, its books right at every event', async (file) => {
    const fold = new JournalFold();
    for (const event of eventsOf(file)) {
      fold.apply([event]);
      checkState(fold.state()!);
    }
    const golden = file.replace('.jsonl', '.txt');
    await expect(summaryOf(fold.state()!)).toMatchFileSnapshot(`${FOLDER}/${golden}`);
  });

  it('is kept of every version, with every kind of event there was', () => {
    const versions = JOURNALS.map((file) => (eventsOf(file)[0] as { journal?: number }).journal);
    expect(new Set(versions)).toEqual(new Set(Array.from({ length: JOURNAL_VERSION }, (_, at) => at + 1)));
    const kinds = new Set(JOURNALS.flatMap((file) => eventsOf(file).map(({ type }) => type)));
    expect([...kinds].sort()).toMatchInlineSnapshot(`
      [
        "answers_lost",
        "batch_cancel_asked",
        "batch_claimed",
        "batch_collected",
        "batch_creating",
        "batch_declared",
        "batch_lost",
        "batch_postponed",
        "batch_returned",
        "batch_settled",
        "batch_submitted",
        "batch_troubled",
        "blobs_lost",
        "calls_answered",
        "calls_begun",
        "calls_stopped",
        "cancel_requested",
        "cap_changed",
        "outcomes_remade",
        "report_changed",
        "run_created",
        "run_finished",
        "shard_merged",
        "shard_submitted",
        "target_added",
        "units_lost",
        "units_retried",
        "wave_weighed",
        "work_settled",
      ]
    `);
  });

  it('of a newer version is refused untouched, in a sentence', () => {
    const [begin, ...rest] = eventsOf(JOURNALS[0]!);
    const newer = [{ ...begin, journal: JOURNAL_VERSION + 1, engine: '9.9.9' } as JournalEvent, ...rest];
    expect(() => foldJournal(newer)).toThrow(JournalError);
    expect(() => foldJournal(newer)).toThrow(
      `The journal has version ${JOURNAL_VERSION + 1}, written by engine 9.9.9; this engine reads up to ${JOURNAL_VERSION}.`,
    );
  });
});

// Tells a person how a run moves: a terminal gets one block that is painted again, a pipe one line per change.
import pc from 'picocolors';
import { formatMoney } from '../analysis/money.ts';
import { accountFor } from '../engine/account.ts';
import { budgetOf } from '../engine/budget.ts';
import type { OpenBatch, RunState } from '../engine/state.ts';
import { logText } from '../report/escape.ts';

/** Where progress goes. `columns` is the terminal's width. */
export interface ProgressTarget {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  readonly color: boolean;
  readonly columns: number;
}

/** Hears of every state of a run; `stop` leaves the terminal clean. */
export interface Progress {
  seen(state: RunState): void;
  stop(): void;
}

const BAR_WIDTH = 24;

/** Progress in the form that suits the target. */
export function createProgress(target: ProgressTarget): Progress {
  return target.isTerminal ? paintedProgress(target) : printedProgress(target);
}

/** One line per thing that happened: a step begun or done, a batch sent or back. */
function printedProgress(target: ProgressTarget): Progress {
  const said = new Set<string>();
  const say = (key: string, text: string): void => {
    if (said.has(key)) return;
    said.add(key);
    target.write(`${logText(text, 200)}\n`);
  };
  return {
    seen(state) {
      for (const batch of state.batches.values()) {
        const noun = batch.mode === 'batch' ? `batch ${batch.key.slice(0, 8)}, ` : '';
        const counted = batch.mode === 'batch' ? 'requests' : 'single calls';
        const name = `${state.steps[batch.step]!.name}: ${noun}${batch.count} ${counted}`;
        const what = happened(batch);
        if (what !== null) say(`${batch.key} ${what}`, `${name}, ${what}`);
        if (batch.cancelAsked !== null) say(`${batch.key} cancel`, `${name}, being canceled`);
      }
      for (const [queue, { why }] of state.queues)
        say(`${queue} ${why}`, `no room in the queue of ${queue}: ${why}`);
      for (const step of accountFor(state).steps) {
        if (step.entered === 0 || step.inFlight > 0) continue;
        const kinds = Object.entries(step.failures).map(([kind, count]) => `${count} ${kind}`);
        const lost = step.failed === 0 ? '' : `, ${step.failed} failed (${kinds.join(', ')})`;
        const key = `${step.step} ${step.valid} ${step.failed}`;
        say(key, `${step.step}: ${step.valid} of ${step.entered} units valid${lost}`);
      }
    },
    stop() {},
  };
}

/** The last thing that happened to a batch, or null when that is of no interest. */
function happened({ phase, provider }: OpenBatch): string | null {
  switch (phase.kind) {
    case 'submitted':
      return `sent to ${provider}`;
    case 'calling':
      return phase.again ? `asked of ${provider} again` : `asked of ${provider} one by one`;
    case 'collected':
      return phase.status;
    case 'postponed':
      return `not sent yet: ${phase.why}`;
    case 'claimed':
      return null;
    default:
      return phase satisfies never;
  }
}

/** What the run has cost so far, and of how much; '' when nothing is paid. */
function moneyText(state: RunState): string {
  const { known, unpriced, uncertain, reserved } = budgetOf(state);
  if (known + uncertain + reserved === 0n) return '';
  const cap = state.cap === null ? '' : ` of at most ${formatMoney(state.cap)}`;
  const spent = unpriced ? 'cost unknown' : formatMoney(known);
  const held =
    uncertain + reserved === 0n ? '' : `, at most ${formatMoney(uncertain + reserved)} more under way`;
  return `${spent}${cap}${held}`;
}

function paintedProgress(target: ProgressTarget): Progress {
  const colors = pc.createColors(target.color);
  let painted = 0;
  let last = '';
  const erase = (): string => (painted === 0 ? '' : `\u001b[${painted}A\u001b[0J`);
  return {
    seen(state) {
      const books = accountFor(state);
      const width = Math.max(...books.steps.map((step) => step.step.length));
      const lines = books.steps.map((step) => {
        const done = step.valid + step.failed;
        const filled = books.planned === 0 ? 0 : Math.round((done / books.planned) * BAR_WIDTH);
        const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
        const waiting = [...state.batches.values()].filter(
          (batch) => state.steps[batch.step]!.name === step.step,
        );
        const lost = step.failed === 0 ? '' : colors.red(`, ${step.failed} failed`);
        const open =
          waiting.length === 0
            ? ''
            : colors.dim(`, ${waiting.length} ${waiting.length === 1 ? 'batch' : 'batches'} out`);
        return `  ${step.step.padEnd(width)}  ${bar}  ${step.valid} of ${books.planned}${lost}${open}`;
      });
      const money = moneyText(state);
      if (money !== '') lines.push(colors.dim(`  ${money}`));
      const text = lines.map((line) => clip(line, target.columns)).join('\n');
      if (text === last) return;
      target.write(`${erase()}${text}\n`);
      last = text;
      painted = lines.length;
    },
    stop() {
      target.write(erase());
      painted = 0;
      last = '';
    },
  };
}

/** Cuts a line that would wrap, for a wrapped line cannot be painted over; color codes count, so it cuts early. */
function clip(line: string, columns: number): string {
  return line.length <= columns + 20 ? line : `${line.slice(0, columns - 1)}\u001b[0m`;
}

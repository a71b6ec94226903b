// A run's standing as lines for a person. Quotes of providers are cut and made harmless here.
import { formatCount } from '../analysis/numbers.ts';
import type { RunError } from '../analysis/verdict.ts';
import { formatUsd } from '../report/cost-text.ts';
import { logText } from '../report/escape.ts';
import type { BatchStatus, RunStatus } from './status.ts';

/** Characters of what a provider says. */
const SAID = 240;

/** The status as lines. */
export function formatStatus(status: RunStatus): string {
  const { planned, sources, valid, failed, inFlight, steps } = status.accounting;
  const units =
    sources === undefined
      ? `${formatCount(planned)} planned`
      : `${formatCount(sources)} planned, ${formatCount(planned)} by now`;
  const canceled = status.canceled ? (status.state === 'open' ? ', being cancelled' : ', cancelled') : '';
  const lines = [
    `${logText(status.run, 120)}  ${status.state}${canceled}  ${logText(status.pipeline, 200)}`,
    `  ${units} = ${formatCount(valid)} valid + ${formatCount(failed)} failed + ${formatCount(inFlight)} in flight; last change ${status.lastEvent}`,
    ...formatWave(status),
    ...steps.map(
      (step) =>
        `  ${logText(step.step, 64)}: ${formatCount(step.valid)} valid${step.children === undefined ? '' : ` → ${formatCount(step.children)}`}, ${formatCount(step.failed)} failed, ${formatCount(step.inFlight)} in flight of ${formatCount(step.entered)}`,
    ),
    ...formatMoneyLine(status),
    ...status.batches.map((batch) => `  waits for ${nameBatch(batch)}: ${logText(batch.says, SAID)}`),
    ...status.waiting.map(({ step, units, retries, says }) => {
      const again = retries === 0 ? '' : `, ${formatCount(retries)} of them for another attempt`;
      const count = `${formatCount(units)} ${units === 1 ? 'unit waits' : 'units wait'}`;
      return `  ${count} at ${logText(step, 64)}${again}: ${logText(says, SAID)}`;
    }),
    ...(status.paused === null ? [] : [`  paused: ${logText(sayPause(status.paused), SAID * 2)}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function formatWave({ wave }: RunStatus): readonly string[] {
  if (wave === null) return [];
  const { number, most, isLast } = wave;
  const limit = `${formatCount(most)} units are the most`;
  return [
    isLast ? `  ended with wave ${formatCount(number)}; ${limit}` : `  wave ${formatCount(number)}; ${limit}`,
  ];
}

/** Which batch it is, in a few words. */
export function nameBatch(batch: BatchStatus): string {
  const { provider, model, mode, key, step, requests } = batch;
  const who = logText(model === provider ? provider : `${provider} ${model}`, 100);
  const what = mode === 'realtime' ? 'realtime calls' : 'batch';
  return `${who} ${what} ${logText(key.slice(0, 8))} of ${logText(step, 64)}, ${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'}`;
}

function formatMoneyLine({ money, accounting, replays }: RunStatus): string[] {
  if (!accounting.steps.some(({ kind }) => kind === 'llm')) return [];
  if (replays !== null) return [`  nothing spent: answers are those of run ${replays}`];
  const { spent, uncertain, reserved, cap } = money;
  if (spent === '0' && uncertain === '0' && reserved === '0' && cap === null) return [];
  const parts = [
    spent === null ? 'spent: unknown, a price is missing' : `spent ${formatUsd(spent)}`,
    ...(uncertain === '0' ? [] : [`at most ${formatUsd(uncertain)} more for requests without an answer`]),
    `reserved ${formatUsd(reserved)}`,
    cap === null ? 'no limit' : `of at most ${formatUsd(cap)}`,
  ];
  return [`  ${parts.join(', ')}`];
}

/** Why a run is paused, and what helps. */
export function sayPause(error: RunError): string {
  switch (error.kind) {
    case 'budget':
      return `the budget; the next request with its retries may cost ${formatUsd(error.needs)}, and ${formatUsd(error.left)} of ${formatUsd(error.cap)} is left. Go on with --max-cost ${error.enough} or more`;
    case 'blocked':
      return `${error.provider} refuses: ${error.why}`;
    case 'unusable':
      return `${error.provider} ${error.model}: ${error.why.replace(/\.+$/, '')}. ${error.fix}`;
    case 'deadline':
      return 'its deadline has passed';
    case 'superseded':
      return 'a newer commit took its place';
    case 'canceled':
      return 'cancelled';
    case 'script':
      return `its script ${error.name} failed: ${error.why}`;
    default:
      return error satisfies never;
  }
}

// The log of an Octobatch run directory, line by line from the journal: what was sent, what came back, what became of it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEvent, Settlement } from '../engine/events.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { UnitSet } from '../engine/unit-set.ts';
import { oneLine } from '../report/escape.ts';
import { secondsText } from './octobatch-manifest.ts';

/** Writes `RUN_LOG.txt`, and `TRACE_LOG.txt` with the calls to providers. */
export async function writeLog(context: RunContext, directory: string): Promise<void> {
  const { events } = await context.ports.journal.read();
  const asked = new Map<string, { step: string; count: number; provider: string }>();
  const log: string[] = [];
  const trace: string[] = [];
  const say = (at: number, level: string, text: string): void => {
    log.push(`[${secondsText(at)}] [${level}] ${oneLine(text, 1000)}\n`);
  };
  const call = (at: number, what: string, provider: string, rest: string): void => {
    trace.push(
      `${new Date(at).toISOString().slice(0, 23)} [BATCH] ${what} ${oneLine(`${provider} ${rest}`, 1000)}\n`,
    );
  };
  for (const event of events) {
    switch (event.type) {
      case 'run_created':
        say(event.at, 'INIT', `Run ${event.run}: ${event.units} units, ${stepsText(event)}`);
        break;
      case 'batch_declared': {
        const { step, count, provider, batch } = event;
        asked.set(batch, { step: context.step(step).name, count, provider });
        break;
      }
      case 'batch_submitted': {
        const batch = asked.get(event.batch);
        if (batch === undefined) break;
        say(event.at, 'SUBMIT', `${batch.step}: ${batch.count} requests (${event.providerBatch})`);
        call(event.at, 'SUBMIT', batch.provider, `batch_id=${event.providerBatch}`);
        break;
      }
      case 'batch_collected': {
        const batch = asked.get(event.batch);
        if (batch === undefined) break;
        say(event.at, 'COLLECT', `${batch.step}: ${event.rows} results, ${event.status}`);
        call(event.at, 'COLLECT', batch.provider, `${event.rows} results`);
        break;
      }
      case 'batch_settled':
        for (const settlement of event.settlements) {
          const { step, usage } = settlement;
          say(event.at, 'VALIDATE', settledText(context, settlement));
          say(
            event.at,
            'TOKENS',
            `${context.step(step).name}: ${usage.input} input, ${usage.output} output tokens`,
          );
        }
        break;
      case 'work_settled':
        say(event.at, 'EXPRESSION', settledText(context, event.settlement));
        break;
      case 'units_retried':
        say(event.at, 'RETRY', `${context.step(event.step).name}: failed units are tried again`);
        break;
      case 'cancel_requested':
        say(event.at, 'STOP', 'The end of the run was asked for');
        break;
      case 'run_finished':
        say(event.at, 'COMPLETE', 'Run completed');
        break;
      default:
        break;
    }
  }
  await writeFile(join(directory, 'RUN_LOG.txt'), log.join(''));
  await writeFile(join(directory, 'TRACE_LOG.txt'), trace.join(''));
}

function stepsText({ steps }: Extract<JournalEvent, { type: 'run_created' }>): string {
  return steps.map(({ name }) => name).join(' -> ');
}

/** How many units stood the checks, how many failed, and how many are tried again. */
function settledText(context: RunContext, { step, through, attempt, units, stops }: Settlement): string {
  const failed = stops.reduce((sum, one) => sum + UnitSet.parse(one.failed).size, 0);
  const again = stops
    .flatMap(({ retries }) => retries)
    .reduce((sum, one) => sum + UnitSet.parse(one.units).size, 0);
  const names = context.pipeline.steps.slice(step, through + 1).map(({ name }) => name);
  const valid = UnitSet.parse(units).size - failed - again;
  const retry = again === 0 ? '' : `, ${again} to be tried again`;
  return `${names.join(' -> ')}, attempt ${attempt}: ${valid} valid, ${failed} failed${retry}`;
}

// A run in full, as lines for a person. Texts of pipelines and providers are cut and made harmless here.
import { formatBytes, formatCount, formatUnits } from '../analysis/numbers.ts';
import type { TokenPrice } from '../pipeline/pipeline.ts';
import { formatUsd } from '../report/cost-text.ts';
import { logText } from '../report/escape.ts';
import { formatAge } from './ages.ts';
import type { KnownBatch, KnownStep, RunInfo } from './info.ts';

/** Batches that are told one by one. */
const MOST_BATCHES = 30;
/** Files of outputs/ that are. */
const MOST_OUTPUTS = 20;

/** A run in full as lines. */
export function formatInfo(info: RunInfo): string {
  const { units, money, size, waves } = info;
  const sections: [string, readonly string[]][] = [
    ['', headOf(info)],
    [
      'Units',
      [
        `${formatCount(units.planned)} planned = ${formatCount(units.valid)} valid + ${formatCount(units.failed)} failed + ${formatCount(units.inFlight)} in flight`,
        ...(waves === null
          ? []
          : [
              `${formatCount(waves.weighed)} waves weighed; ${formatCount(waves.opened)} of at most ${formatUnits(waves.most)} opened`,
            ]),
      ],
    ],
    ['Steps', info.steps.map(lineOfStep)],
    ['Prices, fixed when the run was made', Object.entries(info.prices).map(lineOfPrice)],
    [
      'Money',
      Object.keys(info.prices).length === 0
        ? ['nothing is paid']
        : [
            money.spent === null ? 'spent: unknown, a price is missing' : `spent ${formatUsd(money.spent)}`,
            ...(money.uncertain === '0'
              ? []
              : [`at most ${formatUsd(money.uncertain)} more for requests without an answer`]),
            `reserved ${formatUsd(money.reserved)}`,
            money.cap === null ? 'no limit' : `of at most ${formatUsd(money.cap)}`,
          ],
    ],
    ['Batches', linesOfBatches(info.batches)],
    [
      'Waiting for the result',
      info.targets.map(({ pipeline, pull, commit, branch }) => {
        const where = pull === null ? `branch ${logText(branch, 100)}` : `pull request ${pull}`;
        return `${logText(commit.slice(0, 10))} of ${where}, ${logText(pipeline, 100)}`;
      }),
    ],
    ['Files', info.files.map(({ name, bytes }) => `${logText(name, 80)}  ${formatBytes(bytes)}`)],
    ['Made after the run', outputLines(info.outputs)],
    [
      'On the disk',
      [
        `journal: ${formatCount(size.journal.events)} events in ${formatCount(size.journal.segments)} ${size.journal.segments === 1 ? 'file' : 'files'}, ${formatBytes(size.journal.bytes)}`,
        `blobs: ${formatCount(size.blobs.count)}, ${formatBytes(size.blobs.bytes)}`,
      ],
    ],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) =>
      title === '' ? `${lines.join('\n')}\n` : `\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`,
    )
    .join('');
}

function headOf(info: RunInfo): readonly string[] {
  const { run, name, state, canceled, pipeline, engine, simulator, deadlineMs, shard, replays } = info;
  const faults = simulator?.faults ?? '';
  return [
    `${logText(run, 120)}${name === null ? '' : ` (${name})`}  ${state}${canceled ? ', cancelled' : ''}`,
    `  pipeline ${logText(pipeline, 200)}, seed ${logText(info.seed, 60)}, generator ${logText(info.rng)}, ${info.repeat === 1 ? 'one repetition' : `${formatCount(info.repeat)} repetitions`}`,
    `  made ${info.started} by engine ${logText(engine, 40)}; last change ${info.lastEvent}`,
    `  content ${logText(info.contentKey)}${info.epoch === 0 ? '' : `, epoch ${info.epoch}`}`,
    `  in ${logText(info.directory, 200)}`,
    `  made again by: octobatch ${logText(info.command, 300)}`,
    ...(shard === null
      ? []
      : [`  shard ${shard.part} of ${logText(shard.of, 120)}${shard.merged ? ', merged' : ''}`]),
    ...(replays === null ? [] : [`  answered from the recording of ${logText(replays, 120)}`]),
    ...(faults === '' ? [] : [`  faults of invented answers: ${logText(faults, 200)}`]),
    ...(deadlineMs === null ? [] : [`  given up ${formatAge(deadlineMs)} after it was made`]),
  ];
}

function lineOfStep(step: KnownStep): string {
  const { asks, maxAttempts, requests, valid, failed, firstAttemptValid, entered } = step;
  const how =
    asks === null
      ? 'computed here'
      : `asks ${logText(asks.provider, 40)} ${logText(asks.model, 64)} (${asks.mode}), ${maxAttempts === 1 ? 'once' : `up to ${maxAttempts} attempts`}, ${formatCount(requests)} ${requests === 1 ? 'request' : 'requests'} so far`;
  return `${logText(step.step, 64)}: ${how}; ${formatCount(valid)} valid and ${formatCount(failed)} failed of ${formatCount(entered)}, ${formatCount(firstAttemptValid)} valid at once`;
}

function lineOfPrice([name, price]: readonly [string, TokenPrice | null]): string {
  const shown = logText(name, 120);
  if (price === null) return `${shown}: not known`;
  return `${shown}: $${logText(price.input)} in, $${logText(price.output)} out per million tokens (${logText(price.source, 100)})`;
}

function linesOfBatches(batches: readonly KnownBatch[]): readonly string[] {
  const lines = batches.slice(0, MOST_BATCHES).map((batch) => {
    const { key, step, provider, model, mode, requests, providerBatch, became } = batch;
    const id = providerBatch === null ? '' : `, ${logText(providerBatch, 100)}`;
    const noun = mode === 'realtime' ? 'single calls' : requests === 1 ? 'request' : 'requests';
    return `${logText(key.slice(0, 8))} of ${logText(step, 64)}: ${formatCount(requests)} ${noun} to ${logText(provider, 40)} ${logText(model, 64)}${id}: ${logText(became, 100)}`;
  });
  const more = batches.length - lines.length;
  return more === 0 ? lines : [...lines, `and ${formatCount(more)} more; --json has all of them`];
}

function outputLines(outputs: RunInfo['outputs']): readonly string[] {
  if (outputs === null) return [];
  const lines = outputs.files
    .slice(0, MOST_OUTPUTS)
    .map(({ path, bytes }) => `outputs/${logText(path, 120)}  ${formatBytes(bytes)}`);
  const more = outputs.count - lines.length;
  return more === 0
    ? lines
    : [...lines, `and ${formatCount(more)} more; all of outputs/ has ${formatBytes(outputs.bytes)}`];
}

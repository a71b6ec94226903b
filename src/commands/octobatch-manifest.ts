// The manifest of an Octobatch run directory, and the short one beside it that lists of runs are made of.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountFor } from '../engine/account.ts';
import type { RunContext } from '../engine/perform-context.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import type { RetryChunk } from './octobatch-attempts.ts';
import type { ChunkBook } from './octobatch-chunks.ts';
import { GIVEN_UP } from './octobatch-record.ts';

/** Writes both. */
export async function writeManifest(
  context: RunContext,
  directory: string,
  books: readonly ChunkBook[],
  retries: readonly RetryChunk[],
): Promise<void> {
  const manifest = manifestOf(context, books, retries);
  await writeFile(join(directory, 'MANIFEST.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(
    join(directory, '.manifest_summary.json'),
    `${JSON.stringify(summaryOf(manifest, context, books))}\n`,
  );
}

type Manifest = ReturnType<typeof manifestOf>;

function manifestOf(
  { state, pipeline }: RunContext,
  books: readonly ChunkBook[],
  retries: readonly RetryChunk[],
) {
  const { finished, cancelReason, createdAt, lastEventAt, steps, run, settings } = state;
  const created = secondsText(createdAt);
  const end = secondsText(lastEventAt);
  const chunks = new Map<string, object>();
  for (const book of books) chunks.set(book.name, chunkOf(book, steps));
  for (const { name, step, attempt, sources } of retries) {
    const retried = { retry_count: attempt - 1, source_chunks: [...sources], retry_step: steps[step]!.name };
    // Its units are counted in the chunks they came from.
    const none = { state: 'VALIDATED', batch_id: null, items: 0, valid: 0, failed: 0 };
    chunks.set(name, { ...none, ...retried });
  }
  const [asked] = modelsOf(pipeline);
  const status = statusOf(finished, cancelReason !== null);
  const tokens = {
    initial_input_tokens: 0,
    initial_output_tokens: 0,
    retry_input_tokens: 0,
    retry_output_tokens: 0,
  };
  for (const { firstUsage, retryUsage } of steps) {
    tokens.initial_input_tokens += firstUsage.input;
    tokens.initial_output_tokens += firstUsage.output;
    tokens.retry_input_tokens += retryUsage.input;
    tokens.retry_output_tokens += retryUsage.output;
  }
  return {
    config: 'config/config.yaml',
    created,
    updated: end,
    status,
    ...(status === 'paused'
      ? { paused_at: end }
      : { [`${status === 'killed' ? 'killed' : 'completed'}_at`]: end }),
    pipeline: steps.map(({ name }) => name),
    chunks: Object.fromEntries(chunks),
    metadata: {
      pipeline_name: pipeline.name,
      start_time: created,
      end_time: status === 'paused' ? undefined : end,
      max_units: pipeline.maxUnits,
      mode: asked?.mode ?? 'batch',
      provider: asked?.provider ?? null,
      model: asked?.model ?? null,
      ...tokens,
      display_name: run,
      exported_from: settings.source,
    },
  };
}

/** What a list of runs shows: `failed_units` of a run that is over is what is not valid, as Octobatch has it. */
function summaryOf(manifest: Manifest, context: RunContext, books: readonly ChunkBook[]) {
  const { status, metadata, pipeline, updated } = manifest;
  const total = books.reduce((sum, { items }) => sum + items, 0);
  const valid = books.reduce((sum, book) => sum + book.valid, 0);
  const failed = books.reduce((sum, book) => sum + book.failed, 0);
  const over = books.filter(({ waits }) => waits === null).length;
  const tokens =
    metadata.initial_input_tokens +
    metadata.initial_output_tokens +
    metadata.retry_input_tokens +
    metadata.retry_output_tokens;
  return {
    status,
    progress: books.length === 0 ? 100 : Math.floor((over / books.length) * 100),
    total_units: total,
    valid_units: valid,
    failed_units: failed,
    cost: costOf(context),
    total_tokens: tokens,
    mode: metadata.mode,
    pipeline_name: metadata.pipeline_name,
    started: metadata.start_time,
    updated,
    current_step:
      pipeline[books.reduce((least, { waits }) => Math.min(least, waits ?? least), pipeline.length - 1)] ??
      '',
    error_message: null,
    pipeline,
    provider: metadata.provider,
    model: metadata.model,
  };
}

function chunkOf({ items, valid, failed, waits }: ChunkBook, steps: RunContext['state']['steps']) {
  const counts = { batch_id: null, items, valid, failed };
  if (waits !== null) return { state: `${steps[waits]!.name}_PENDING`, ...counts, retries: 0 };
  // Without this number Octobatch would wait for a chunk in which nothing is valid.
  if (valid === 0 && items > 0 && failed > 0) return { state: 'FAILED', ...counts, retries: GIVEN_UP };
  return { state: 'VALIDATED', ...counts, retries: 0 };
}

function statusOf(finished: boolean, isCanceled: boolean): 'complete' | 'killed' | 'paused' {
  if (!finished) return 'paused';
  return isCanceled ? 'killed' : 'complete';
}

/** US dollars as Octobatch has them, a number of four digits after the point; 0 where a price is not known. */
function costOf({ state }: RunContext): number {
  let picodollars = 0n;
  for (const { paid, firstCost, retryCost } of accountFor(state).steps)
    if (paid) picodollars += (firstCost ?? 0n) + (retryCost ?? 0n);
  return Math.round(Number(picodollars) / 1e8) / 1e4;
}

/** `2026-01-31T12:00:00Z` */
export function secondsText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

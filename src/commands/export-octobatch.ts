// Hands a run to scripts made for Octobatch: its run directory appears whole or not at all.

import { existsSync } from 'node:fs';
import { rename, rm, rmdir } from 'node:fs/promises';
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { usageError } from './arguments.ts';
import { makeFolder } from './new-folder.ts';
import { checkEmpty, type OctobatchRun, writeOctobatchRun } from './octobatch-run.ts';
import type { ResultSource } from './result-source.ts';

/** Writes the run directory `to`, which must not be there yet, or be empty. Throws a ConfigurationError. */
export async function exportOctobatch(source: ResultSource, to: string | undefined): Promise<OctobatchRun> {
  if (to === undefined)
    throw usageError('--format octobatch', 'it is not said where', 'name a folder with --to');
  if (source.context === null) {
    const what = 'is a file of results: the prompts, answers and attempts of its run are not in it';
    throw usageError(source.name, what, 'name the run instead');
  }
  await checkEmpty('--to', to);
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await makeFolder(unfinished, '--to');
  try {
    const written = await writeOctobatchRun(source.context, unfinished);
    if (existsSync(to)) await rmdir(to);
    await rename(unfinished, to);
    return written;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/** What was written, in a line. */
export function formatOctobatch({ chunks, valid, failed, inFlight }: OctobatchRun, to: string): string {
  const later = inFlight === 0 ? '' : `; ${formatUnits(inFlight)} not finished yet`;
  const parts = `${formatCount(chunks)} ${chunks === 1 ? 'chunk' : 'chunks'}`;
  return `${formatCount(valid)} valid and ${formatUnits(failed).replace(' ', ' failed ')} in ${parts} of ${to}${later}\n`;
}

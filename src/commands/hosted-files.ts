// Keeps the files of a finished run together with the workflow run, for people to open. What cannot be kept is a warning.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { HostingError, PermissionError, type UploadedFile } from '../ports/hosting.ts';
import { pipelineKey } from '../report/comment-marker.ts';
import type { HostedJob } from './hosted.ts';
import type { Outcome } from './outcome.ts';

/** Files of a run that are kept together with the workflow run. */
const FILES = ['results.jsonl', 'failures.jsonl', 'results.csv', 'report.json', 'report.md'];

/** Files that what is done after a run has left; more are not kept one by one. */
const MOST_OUTPUTS = 5_000;

/** The list of outputs and the files it names, as far as they are there. */
function outputsIn(directory: string): readonly string[] {
  if (!existsSync(join(directory, 'outputs.json'))) return [];
  const entries = existsSync(join(directory, 'outputs'))
    ? readdirSync(join(directory, 'outputs'), { recursive: true, withFileTypes: true })
    : [];
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return [join(directory, 'outputs.json'), ...files];
}

/**
 * Keeps the files of a finished run with the workflow run; what cannot be kept is a warning. `view`: only the page, and
 * what its own scripts made, of the same results as another commit looks at them; hex digits.
 */
export async function keepFiles(
  job: HostedJob,
  { report, directory, state }: Outcome,
  view: string | null,
): Promise<UploadedFile | null> {
  if (job.uploads === null || state.cancelReason?.kind === 'superseded') return null;
  const { slug, hash } = pipelineKey(report.pipeline, report.provenance.path);
  const name = `octobatch-${slug}-${hash}${view === null ? '' : `-${view}`}`;
  const at = (file: string): string => join(directory, file);
  try {
    // A folder that outlives the job may have what was made for another commit.
    const outputs = report.postProcess === undefined ? [] : outputsIn(directory);
    if (view === null || outputs.length > 1) {
      const isTooMany = outputs.length > MOST_OUTPUTS;
      if (isTooMany)
        job.warn(
          `The ${outputs.length - 1} files of outputs/ are too many to be kept with this workflow run: put them into an archive with a script, or let none of them be made.`,
        );
      const kept = [
        ...(view === null ? FILES : ['report.json', 'report.md']).map(at),
        ...(isTooMany ? [] : outputs),
      ];
      await job.uploads.upload(`${name}-results`, kept, directory, 'zip');
    }
    return await job.uploads.upload(`${name}.html`, [at('report.html')], directory, 'single');
  } catch (error) {
    if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
    const again = job.isKept ? ' `command: report` with this commit makes them again.' : '';
    job.warn(
      `The files of this run are only in this job, they could not be kept as artifacts: ${error.message}${again}`,
    );
    return null;
  }
}

// Keeps the files of a finished run together with the workflow run, for people to open. What cannot be kept is a warning.
import { join } from 'node:path';
import { HostingError, PermissionError, type UploadedFile } from '../ports/hosting.ts';
import { pipelineKey } from '../report/comment-marker.ts';
import type { HostedJob } from './hosted.ts';
import type { Outcome } from './outcome.ts';

/** Files of a run that are kept together with the workflow run. */
const FILES = ['results.jsonl', 'failures.jsonl', 'results.csv', 'report.json', 'report.md'];

/**
 * Keeps the files of a finished run with the workflow run; what cannot be kept is a warning. `view`: only the
 * page, of the same results as another commit looks at them; hex digits.
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
    if (view === null) await job.uploads.upload(`${name}-results`, FILES.map(at), directory, 'zip');
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

// What a report says about what was done after its run: read from the journal and its blobs, done by whomever.
import type { RunError } from '../analysis/verdict.ts';
import type { NotRun } from '../pipeline/pipeline.ts';
import type { ReportedPostProcess } from '../report/report.ts';
import type { RunContext } from './perform-context.ts';
import { readKept, readPostProcess } from './perform-post-process.ts';
import { endedEntry, scopeOf } from './post-process-plan.ts';

/** What was done, what was not and why, and the failure that makes the run one. */
export interface ShownPostProcess {
  readonly done: readonly ReportedPostProcess[];
  readonly notRun: readonly NotRun[];
  readonly error: RunError | null;
}

const NOT_DONE =
  'not done yet: `run`, or `collect` with the id of the run, does it where the code is trusted';

/** Reads it, for whoever is judged by `judgedBy`; null: as the run says. Empty while the run is not over. */
export async function showPostProcess(
  context: RunContext,
  judgedBy: string | null = null,
): Promise<ShownPostProcess> {
  const { entries, leftOut } = await readPostProcess(context, judgedBy);
  const { books } = scopeOf(context.state, judgedBy);
  const done: ReportedPostProcess[] = [];
  const notRun = [...leftOut];
  let error: RunError | null = null;
  for (const planned of entries) {
    const ended = endedEntry(books, planned);
    const { entry } = planned;
    if (ended === null) {
      notRun.push({ name: entry.name, reason: NOT_DONE });
      continue;
    }
    const { ok, why, bytes } = ended;
    const { said, files } = await readKept(context, ended);
    const { name, kind } = entry;
    done.push({ name, kind, ok, why, count: ended.files, bytes, files, said });
    if (!ok && entry.kind === 'script' && entry.onFailure === 'fail')
      error ??= { kind: 'script', name, why: why ?? 'it failed' };
  }
  return { done, notRun, error };
}

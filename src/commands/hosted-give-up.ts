// What a person is told of a run whose kept files are gone, which can be neither continued nor reported; and its end, when
// a person asks for it. It cancels nothing at a provider: without those files nobody knows how to speak to it.
import { join } from 'node:path';
import type { CancelReason } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import type { ArtifactGoneError } from '../ports/artifacts.ts';
import { HostingError, PermissionError } from '../ports/hosting.ts';
import { statusContext } from '../report/comment-marker.ts';
import type { HostedJob } from './hosted.ts';

const WHY: CancelReason = { kind: 'person' };

/** The sentence for everybody who meets such a run. */
export function goneError(run: string, { message }: ArtifactGoneError): JournalError {
  return new JournalError(
    `${message} Run ${run} cannot go on without it. End it with \`command: cancel\` and \`run: ${run}\`, then start its pipeline again.`,
  );
}

/** Puts such a run away, as one that was cancelled, and says so to all who wait for it. Gives what a person is told. */
export async function giveUp(job: HostedJob, run: string, cause: ArtifactGoneError): Promise<JournalError> {
  const { journal } = await job.store.open(run, join(job.root, 'runs', run));
  const { events, version } = await journal.read();
  const state = foldJournal(events);
  if (state === null || state.shard !== null) return goneError(run, cause);
  // Whoever asks for its content from now on gets another run, because the journal says that this one was ended.
  const news = state.canceling ? [] : [{ type: 'cancel_requested', why: WHY, at: job.now() } as const];
  if (news.length > 0 && (await journal.append(news, version)).kind === 'conflict')
    return goneError(run, cause);
  const isTold = await tell(job, state);
  const isAway = isTold && (await job.store.putAway(run, new Map(), events.length + news.length)) === 'done';
  const left = [...state.batches.values()].flatMap(({ phase, provider }) =>
    phase.kind === 'submitted' ? [`${phase.providerBatch} (${provider})`] : [],
  );
  const rest = left.length === 0 ? '' : ` Not cancelled at the provider: ${left.join(', ')}.`;
  if (!isAway) return new JournalError(`${cause.message} Run ${run} is not ended yet: start this job again.`);
  return new JournalError(
    `${cause.message} Run ${run} is given up: it has no result, and nothing of it is shown.${rest} Start its pipeline again.`,
  );
}

/** False: GitHub was silent, and it has to be tried again. */
async function tell({ hosting, warn }: HostedJob, state: RunState): Promise<boolean> {
  // The name of the pipeline is gone with the rest; what contexts and runs are called begins the same.
  const name = state.run.replace(/-[0-9a-f]{10}(?:-e\d+)?$/, '');
  let isTold = true;
  for (const { commit, pipeline } of state.targets) {
    try {
      await hosting?.setStatus(commit, {
        state: 'error',
        context: statusContext(name, pipeline),
        description: 'The run was given up: what it had kept is gone. Start it again',
        url: null,
      });
    } catch (error) {
      if (!(error instanceof PermissionError || error instanceof HostingError)) throw error;
      warn(`A commit is not told that its run was given up: ${error.message}`);
      isTold &&= error instanceof PermissionError;
    }
  }
  return isTold;
}

// Jobs of one repository on GitHub as owners of claims. Another repository's job, and a process that is no such job, is
// never said to be finished: its claim has to run out instead.
import { randomUUID } from 'node:crypto';
import type { Clock } from '../ports/clock.ts';
import type { Owners } from '../ports/owners.ts';

/** This job, and how to ask about others. */
export interface GithubJob {
  readonly repositoryId: number;
  readonly workflowRun: number;
  readonly attempt: number;
  /** True when that attempt of a workflow run certainly does not run any more. */
  readonly isOver: (workflowRun: number, attempt: number) => Promise<boolean>;
  readonly clock: Clock;
}

/** A workflow run that still went on is asked about again after that time (ms). */
const ASK_AGAIN_MS = 60_000;

/** This process, by repository, workflow run, attempt and a fresh random part. */
export function createGithubOwners({ repositoryId, workflowRun, attempt, isOver, clock }: GithubJob): Owners {
  const place = `github/${repositoryId}`;
  const known = new Map<string, { readonly isOver: boolean; readonly at: number }>();

  async function ask(run: number, of: number): Promise<boolean> {
    const key = `${run}/${of}`;
    const answer = known.get(key);
    if (answer !== undefined && (answer.isOver || clock.now() - answer.at < ASK_AGAIN_MS))
      return answer.isOver;
    // Whoever may not ask does not know; the claim runs out by itself.
    const fresh = await isOver(run, of).catch(() => false);
    known.set(key, { isOver: fresh, at: clock.now() });
    return fresh;
  }

  return {
    self: `${place}/${workflowRun}/${attempt}/${randomUUID().slice(0, 8)}`,
    async isFinished(owner) {
      const match = /^(github\/\d+)\/(\d+)\/(\d+)\/[^/]+$/.exec(owner);
      if (match === null || match[1] !== place) return false;
      const [run, of] = [Number(match[2]), Number(match[3])];
      // A workflow run is not attempted again before its last attempt is over.
      if (run === workflowRun) return of < attempt;
      return await ask(run, of);
    },
  };
}

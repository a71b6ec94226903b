// What a job on GitHub has beside what every process has: where runs are kept between jobs, where they are shown, and for
// which commit. The commands for such jobs stand on it; it does nothing itself.
import type { RunPlaceOptions } from '../compose.ts';
import type { TargetShown } from '../engine/events.ts';
import type { KnownTarget } from '../engine/state.ts';
import type { Hosting, Uploads } from '../ports/hosting.ts';
import type { RunStore } from '../ports/run-store.ts';
import type { Surroundings } from '../report/comment.ts';
import { pipelineKey } from '../report/comment-marker.ts';
import type { Outcome } from './outcome.ts';
import type { Progress } from './progress.ts';

export interface HostedJob {
  readonly store: RunStore;
  /** False: the store is this job's own folder, and nothing of it outlives the job by itself. */
  readonly isKept: boolean;
  /** Null: nothing is shown on pull requests and commits. */
  readonly hosting: Hosting | null;
  /** Null: files stay in the job. */
  readonly uploads: Uploads | null;
  readonly options: RunPlaceOptions;
  /** Folder in which the job works. */
  readonly root: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly workflowRun: number;
  readonly runUrl: string | null;
  readonly launcher: string;
  /** For targets that do not say it themselves. */
  readonly shown: TargetShown;
  /** Texts of the workflow files on the default branch, by path. */
  readonly workflows: () => Promise<ReadonlyMap<string, string>>;
  /** Tells people; each sentence once. */
  readonly warn: (sentence: string) => void;
  readonly say: (sentence: string) => void;
  readonly signal: AbortSignal;
  /** Opens a part of the log about one run; its end closes it. */
  readonly follow: (name: string) => Progress;
}

/** What became of one run in this job. */
export interface HostedOutcome extends Outcome {
  /** Address of the report that people open, or null. */
  readonly reportUrl: string | null;
  /** What was said around the report, about the newest commit; null: no commit waits for it. */
  readonly surroundings: Surroundings | null;
}

/** Where the last complete result of a pipeline is kept, of a branch or of a pull request. */
export function resultPath(
  pipeline: { name: string; path: string },
  of: Pick<KnownTarget, 'pull' | 'branch'>,
): string {
  const own = pipelineKey(pipeline.name, pipeline.path);
  const folder = `baselines/${own.slug}-${own.hash}`;
  if (of.pull !== null) return `${folder}/pull-${of.pull}.json`;
  const branch = pipelineKey(of.branch, of.branch);
  return `${folder}/${branch.slug}-${branch.hash}.json`;
}

/** Where the result is kept that stood at `path` before the one that stands there: the newest commit is held against it. */
export function beforePath(path: string): string {
  return path.replace(/\.json$/, '.before.json');
}

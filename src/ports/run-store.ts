// Where runs are kept between the jobs of a repository, and their results for longer. It knows no branch and no artifact.
import type { JournalEvent } from '../engine/events.ts';
import type { Blobs } from './blobs.ts';
import type { Journal } from './journal.ts';
import type { Owners } from './owners.ts';

/** A run that is kept elsewhere than in its directory: there is its journal, and who works on it; its blobs go there too. */
export interface KeptRun {
  readonly journal: Journal;
  readonly blobs: Blobs;
  readonly owners: Owners;
}

export interface RunStore {
  /** The journals of all runs that are not put away, by run id; an error for one that cannot be read. */
  unfinished(): Promise<ReadonlyMap<string, readonly JournalEvent[] | Error>>;
  /** Ids of the runs that are put away. */
  finished(): Promise<readonly string[]>;
  /**
   * A run that is put away can be read; what is appended to it is forgotten with the process, unless the run is put away
   * again or taken back.
   */
  open(run: string, directory: string): Promise<KeptRun>;
  /**
   * Puts a finished run away and writes `results` (text by path) in the same step. `shown`: how many events its journal had
   * when it was shown. A conflict: it went on since, so that there is more to show. Of a run that is put away already the
   * results are written, and what this job did after it.
   */
  putAway(run: string, results: ReadonlyMap<string, string>, shown: number): Promise<'done' | 'conflict'>;
  /**
   * Makes a run that is put away one that is not, with what happened to it in this job, so that the next job deals with
   * it. Does nothing to one that is not put away.
   */
  takeBack(run: string): Promise<'done' | 'conflict'>;
  /**
   * Puts one run, with this journal, in the place of several, all in one step; null: this store cannot. `parts`: how many
   * events of each the journal was made of. A conflict: one of them went on meanwhile.
   */
  readonly merge:
    | ((
        run: string,
        parts: ReadonlyMap<string, number>,
        events: readonly JournalEvent[],
      ) => Promise<'done' | 'conflict'>)
    | null;
  /** Runs that are noted as shown as they stand, and how many events they had; told without a call of their own. */
  shown(): Promise<ReadonlyMap<string, number>>;
  /** Notes it of these, all at once; of runs that are put away, and of what they were before, nothing stays noted. */
  noteShown(runs: ReadonlyMap<string, number>): Promise<void>;
  /** Removes what nobody can use any more, at times; gives the ids of the runs that are gone. */
  tidy(now: number): Promise<readonly string[]>;
  /** A result that was written so, or null. */
  result(path: string): Promise<string | null>;
}

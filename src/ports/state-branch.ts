// Where the state of runs lives between jobs: text files under paths, changed by whole commits. It knows nothing of runs.

export interface StateChange {
  /** One line for people who read the branch. */
  readonly message: string;
  /** Text by path. */
  readonly write: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  /**
   * Folders (`runs/x`) and files that must still be as this process last read or wrote them, or it is a conflict. What is
   * written into such a folder must be new there.
   */
  readonly expects: readonly string[];
}

export interface StateBranch {
  /**
   * All files below a folder, text by path. What was read or written within the last seconds is not asked for again:
   * `commit` tells when that was too old.
   */
  files(folder: string): Promise<ReadonlyMap<string, string>>;
  /** One file's text, or null. As fresh as `files`. */
  file(path: string): Promise<string | null>;
  /** Names of the entries of a folder, without what is in them. As fresh as `files`. */
  names(folder: string): Promise<readonly string[]>;
  /** Forgets what was read, so that the next read asks. */
  refresh(): void;
  /** One commit with all of it, or none of it. Resolves only when it is durable. What others changed elsewhere is no conflict. */
  commit(change: StateChange): Promise<'committed' | 'conflict'>;
}

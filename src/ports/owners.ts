// Who works on a run: every process has a name of its own, and can ask whether the bearer of another still lives.

export interface Owners {
  /** This process's name, new with every start. */
  readonly self: string;
  /** True only when the named process certainly does not run any more. */
  isFinished(owner: string): Promise<boolean>;
}

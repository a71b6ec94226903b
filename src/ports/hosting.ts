// The place where the repository is hosted, as far as runs are shown there. Each call may reject with a PermissionError.

/** The job's token may not do this. `permission` is what a workflow must grant, such as `pull-requests: write`. */
export class PermissionError extends Error {
  readonly permission: string;
  constructor(permission: string, message: string) {
    super(message);
    this.name = 'PermissionError';
    this.permission = permission;
  }
}

/** The host did not answer, or not as it should, after several tries; `message` is a sentence for a person. */
export class HostingError extends Error {
  /** HTTP status, or null when there was no answer. */
  readonly status: number | null;
  constructor(message: string, status: number | null) {
    super(message);
    this.name = 'HostingError';
    this.status = status;
  }
}

/** A pull request as it is now. */
export interface PullFacts {
  readonly number: number;
  readonly isOpen: boolean;
  /** The newest commit (40 hex), and the repository (`owner/name`) it is in; null: that repository is gone. */
  readonly head: { readonly commit: string; readonly repository: string | null };
  readonly base: { readonly branch: string };
}

/** A comment on a pull request. `author` is the login; null when the account is gone. */
export interface HostedComment {
  readonly id: number;
  readonly author: string | null;
  readonly body: string;
  readonly url: string;
}

export type StatusState = 'pending' | 'success' | 'failure' | 'error';

/** A commit status: one per context counts, the newest. `description` at most 140 characters. */
export interface CommitStatus {
  readonly state: StatusState;
  readonly context: string;
  readonly description: string;
  /** An https address, or null. */
  readonly url: string | null;
}

/** A check run on a commit. `summary` is Markdown of at most 60,000 characters. */
export interface CheckRun {
  readonly name: string;
  readonly conclusion: 'success' | 'failure' | 'neutral' | null;
  readonly title: string;
  readonly summary: string;
  readonly url: string | null;
}

export interface Hosting {
  /** The login under which this job's token writes. */
  author(): Promise<string>;
  /** Null: there is no such pull request. */
  pull(number: number): Promise<PullFacts | null>;
  /** All comments of a pull request, every page. */
  comments(pull: number): Promise<readonly HostedComment[]>;
  createComment(pull: number, body: string): Promise<HostedComment>;
  editComment(id: number, body: string): Promise<HostedComment>;
  /** One that is not there is deleted already. */
  deleteComment(id: number): Promise<void>;
  /** The newest status of a context on a commit, or null. */
  status(commit: string, context: string): Promise<CommitStatus | null>;
  setStatus(commit: string, status: CommitStatus): Promise<void>;
  /** Makes a check run, or changes the newest one of that name on the commit. Its address. */
  setCheck(commit: string, check: CheckRun): Promise<string>;
  /** Texts of the workflow files on the default branch, by path. */
  workflows(): Promise<ReadonlyMap<string, string>>;
  defaultBranch(): Promise<string>;
  /** True when that workflow run (its number, and the attempt) certainly does not run any more. */
  isOver(workflowRun: number, attempt: number): Promise<boolean>;
}

/** Files kept with a workflow run. */
export interface UploadedFile {
  readonly id: number;
  readonly name: string;
  readonly url: string;
}

export interface Uploads {
  /** Keeps one file as it is, to be opened in a browser, or several together; the name is taken once in a workflow run. */
  upload(
    name: string,
    files: readonly string[],
    root: string,
    whole: 'zip' | 'single',
  ): Promise<UploadedFile>;
}

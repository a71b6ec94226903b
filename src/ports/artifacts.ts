// Files that are kept with a workflow run for some days, and read by later jobs. It knows nothing of runs of ours.

/** What was kept: the host's number for it, and the name it got. */
export interface KeptArtifact {
  readonly id: number;
  readonly name: string;
}

/** An artifact that lies here until it is closed. Nothing in it is believed: names are names, no paths. */
export interface OpenedArtifact {
  /** Names of its files, as whoever made it wrote them. */
  readonly names: readonly string[];
  /** The bytes of one file. Rejects when they are not as long as the artifact says, or are too many. */
  content(name: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** The artifact expired or was deleted; `message` is a sentence for a person. */
export class ArtifactGoneError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ArtifactGoneError';
  }
}

export interface Artifacts {
  /**
   * Keeps files below `root` as one artifact: `zip` together, `single` as the one file is, to be opened in a browser.
   * A name is taken once in a workflow run, also by an upload that broke off, so `nameOf` is asked again with the next
   * number from 0 on and with what became of the last name; null there: no other name will do. Resolves with null when
   * that follows a name that is taken. Rejects with a HostingError.
   */
  upload(
    nameOf: (attempt: number, last: 'taken' | 'broken' | null) => string | null,
    files: readonly string[],
    root: string,
    whole: 'zip' | 'single',
  ): Promise<KeptArtifact | null>;
  /**
   * Fetches a `zip` artifact of a workflow run of this repository. Rejects with an ArtifactGoneError, a PermissionError
   * or a HostingError.
   */
  open(artifact: number, workflowRun: number): Promise<OpenedArtifact>;
}

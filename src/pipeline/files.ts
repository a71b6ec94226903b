// How the loader reads a pipeline folder. The adapter behind it never follows a path out of that folder.

/** One file as found: its text (UTF-8, a leading byte order mark removed), or why it cannot be read. */
export type FileRead =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** The files of one pipeline folder. Paths are relative to it, with `/`. */
export interface PipelineFiles {
  /** The folder as a person would name it, for diagnostics, e.g. `pipelines/blackjack`. */
  readonly folder: string;
  read(path: string): Promise<FileRead>;
  /** The lines of a text file without their ends, one at a time; call only after `exists`. */
  lines(path: string): AsyncIterable<string>;
  exists(path: string): Promise<boolean>;
  /** Paths of all files below a folder, sorted; at most 10,000. */
  list(path: string): Promise<readonly string[]>;
}

// Where what is done after a run happens: a folder laid out for it, files below its `outputs/`, and programs that run in
// it. It decides neither what is run nor whether it may be.
import type { Publisher } from './publisher.ts';

/** A file below `outputs/`, its path with `/`. */
export interface MadeFile {
  readonly path: string;
  readonly bytes: number;
}

/** Files that were compressed, and how many could not be. `why`: of the first of those, in words that follow its name. */
export interface CompressedFiles {
  readonly files: readonly MadeFile[];
  readonly left: number;
  readonly why: string | null;
}

/** A program to run in the folder. */
export interface ScriptCall {
  /** Program and its first arguments; `node` is the one that runs this. */
  readonly interpreter: readonly string[];
  /** The script, below `pipeline/`. */
  readonly path: string;
  /** In them `{run}` is the folder; without one that has it, the folder is the first argument. */
  readonly args: readonly string[];
  /** File below `outputs/` for what it prints; null: only the end of it is kept. */
  readonly output: string | null;
  readonly timeoutMs: number;
  /** Bytes it may print, and leave below `outputs/`. */
  readonly maxOutputBytes: number;
}

/** How a program ended. `why`: a sentence about it that quotes nothing it printed. */
export interface ScriptEnd {
  readonly kind: 'ok' | 'failed' | 'interrupted';
  readonly why: string | null;
  /** The last it said: on standard error, else what it printed without a file for it. */
  readonly said: string;
  /** What it wrote below `outputs/`; of one that failed nothing is left. */
  readonly files: readonly MadeFile[];
}

/** Why a file cannot be written below `outputs/`, in words that follow its name. */
export class OutputRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutputRefusedError';
  }
}

/** One run's folder for what is done after it. */
export interface Workbench {
  /** Absolute path of the folder, for what lays files out itself. */
  readonly directory: string;
  /** The folder is there: somebody is at work in it, or died there. */
  isOpen(): Promise<boolean>;
  /** Begins anew, with an empty folder. */
  clear(): Promise<void>;
  /** Files of the folder itself, such as `results.jsonl` or `pipeline/count.py`. */
  readonly layout: Publisher;
  /**
   * Writes a file below `outputs/` and gives its bytes. Rejects with an OutputRefusedError for a path that is none, or
   * that differs from another file's in case only; `isNew`: also for one that is there.
   */
  write(
    path: string,
    text: string,
    how: { readonly isCompressed: boolean; readonly isNew: boolean },
  ): Promise<number>;
  /**
   * Compresses the files of the folder that match into `outputs/`, the same bytes for the same content. A file whose place
   * there is none, or taken, stays as it is.
   */
  gzip(patterns: readonly string[], keepOriginals: boolean): Promise<CompressedFiles>;
  run(call: ScriptCall, signal: AbortSignal): Promise<ScriptEnd>;
  /** A file below `outputs/` as lines of Base64. */
  encoded(path: string): AsyncIterable<string>;
  /** Writes back what `encoded` gave. */
  restore(path: string, lines: AsyncIterable<string> | Iterable<string>): Promise<void>;
  /** Puts `outputs/` in place among the run's files, with a list of them that says `stamp`; the folder is gone. */
  deliver(stamp: string): Promise<void>;
  /** The stamp of what is in place; null: nothing. */
  delivered(): Promise<string | null>;
}

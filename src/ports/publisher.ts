// Where results go. Each file is replaced as a whole: a reader sees the old one or the new one, never a part.

export interface Publisher {
  /** Writes a file of the run, e.g. `results.jsonl`, from text chunks. Resolves when it is durable. */
  file(name: string, chunks: Iterable<string> | AsyncIterable<string>): Promise<void>;
}

// Bulk bytes by digest. Content never changes under a digest; writing the same content twice is the same blob.

/** Lower-case hex SHA-256 of a blob's bytes. */
export type Digest = string & { readonly __brand: 'Digest' };

/** A blob is not there, or its bytes are not those that were stored; `message` is a sentence for a person. */
export class BlobError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BlobError';
  }
}

export interface Blobs {
  /** Stores the concatenated chunks (UTF-8) and resolves only when they are durable. */
  put(chunks: Iterable<string> | AsyncIterable<string>): Promise<Digest>;
  /** The whole blob as text. Rejects when it is missing or its bytes do not match the digest. */
  text(digest: Digest): Promise<string>;
  /** The blob line by line, without line ends. Rejects like `text`. */
  lines(digest: Digest): AsyncIterable<string>;
  has(digest: Digest): Promise<boolean>;
}

/** Where blobs are kept beyond the job: an artifact of a workflow run, and the digests it has. */
export interface BlobPlace {
  readonly artifact: number;
  readonly run: number;
  readonly digests: readonly string[];
}

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

/** A part of a blob: text, or the bytes of text in UTF-8. */
export type BlobPart = string | Uint8Array;

export interface Blobs {
  /** Stores the concatenated parts and resolves only when they are durable. */
  put(parts: Iterable<BlobPart> | AsyncIterable<BlobPart>): Promise<Digest>;
  /** The whole blob as text. Rejects when it is missing or its bytes do not match the digest. */
  text(digest: Digest): Promise<string>;
  /** The blob line by line, without line ends. Rejects like `text`, at the latest instead of giving the last line. */
  lines(digest: Digest): AsyncIterable<string>;
  /** The same lines, as many at a time as are at hand: who reads millions does not wait for each. */
  bunches(digest: Digest): AsyncIterable<readonly string[]>;
  has(digest: Digest): Promise<boolean>;
}

/** Where blobs are kept beyond the job: an artifact of a workflow run, and the digests it has. */
export interface BlobPlace {
  readonly artifact: number;
  readonly run: number;
  readonly digests: readonly string[];
}

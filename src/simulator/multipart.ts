// multipart/form-data (RFC 7578) as a stream: the file part goes straight to the store, only small fields are held.
import type { Store, Upload } from './store.ts';

/** A received form: its text fields and its one file. */
export interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly upload: Upload | null;
  readonly filename: string;
}

/** The body is not a form that can be read. */
export class FormError extends Error {}

const MAX_FIELD_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;

/** Reads a form body; the first part with a file name is streamed into the store. Throws FormError. */
export async function readForm(
  contentType: string | undefined,
  body: AsyncIterable<Uint8Array>,
  store: Store,
): Promise<Form> {
  const boundary = /^multipart\/form-data\b.*?;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType ?? '');
  const name = boundary?.[1] ?? boundary?.[2];
  if (name === undefined) throw new FormError('the body is not multipart/form-data with a boundary');
  const reader = new PartReader(body, name);
  const fields = new Map<string, string>();
  let upload: Upload | null = null;
  let filename = '';
  try {
    for (let header = await reader.nextPart(); header !== null; header = await reader.nextPart()) {
      const field = parameterOf(header, 'name') ?? '';
      const given = parameterOf(header, 'filename');
      if (given !== null && upload === null) {
        filename = given;
        upload = await store.receive(reader.content());
        continue;
      }
      const chunks: Uint8Array[] = [];
      let bytes = 0;
      for await (const chunk of reader.content()) {
        if ((bytes += chunk.length) > MAX_FIELD_BYTES)
          throw new FormError(`the field "${field}" is too long`);
        chunks.push(chunk);
      }
      fields.set(field, Buffer.concat(chunks).toString('utf8'));
    }
    return { fields, upload, filename };
  } catch (error) {
    if (upload !== null) await store.discard(upload);
    throw error;
  }
}

/** A parameter of the part's Content-Disposition header. */
function parameterOf(header: string, name: string): string | null {
  const line = header.split('\r\n').find((one) => /^content-disposition\s*:/i.test(one)) ?? '';
  const match = new RegExp(`[;\\s]${name}="([^"]*)"`, 'i').exec(line);
  return match?.[1]?.replaceAll('%22', '"') ?? null;
}

/** Walks the parts of a body in order. Read a part's content to its end before asking for the next. */
class PartReader {
  private readonly chunks: AsyncIterator<Uint8Array>;
  private readonly delimiter: Buffer;
  private buffered: Buffer;
  private begun = false;
  private ended = false;
  /** Bytes at the start of `buffered` that belong to the part's header. */
  private skip = 0;

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.chunks = body[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    // The first delimiter has no line end before it; with this one all delimiters look alike.
    this.buffered = Buffer.from('\r\n', 'latin1');
  }

  /** Header text of the next part, or null after the last one. */
  async nextPart(): Promise<string | null> {
    if (!this.begun) {
      this.begun = true;
      for await (const _ of this.content()) {
        // What stands before the first delimiter belongs to no part.
      }
    }
    while (this.buffered.length < 2) await this.more();
    if (this.buffered.subarray(0, 2).toString('latin1') === '--') {
      // Read to the end of the body: answering before the client has sent it all would break the connection.
      while (!this.ended) {
        this.buffered = Buffer.alloc(0);
        await this.more(true);
      }
      return null;
    }
    let end = this.buffered.indexOf('\r\n\r\n');
    while (end < 0) {
      if (this.buffered.length > MAX_HEADER_BYTES) throw new FormError('the header of a part is too long');
      await this.more();
      end = this.buffered.indexOf('\r\n\r\n');
    }
    const header = this.buffered.subarray(0, end).toString('utf8');
    // The last \r\n stays: an empty part's delimiter begins right there.
    this.buffered = this.buffered.subarray(end + 2);
    this.skip = 2;
    return header;
  }

  /** The bytes up to the next delimiter, which is consumed. */
  async *content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const found = this.buffered.indexOf(this.delimiter);
      if (found >= 0) {
        if (found > this.skip) yield this.buffered.subarray(this.skip, found);
        this.skip = 0;
        this.buffered = this.buffered.subarray(found + this.delimiter.length);
        return;
      }
      const safe = this.buffered.length - this.delimiter.length;
      if (safe > this.skip) {
        yield this.buffered.subarray(this.skip, safe);
        this.skip = 0;
        this.buffered = this.buffered.subarray(safe);
      }
      await this.more();
    }
  }

  private async more(mayEnd = false): Promise<void> {
    const next = await this.chunks.next();
    if (next.done) {
      this.ended = true;
      if (!mayEnd) throw new FormError('the form ends before its closing boundary');
      return;
    }
    const bytes = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    this.buffered = this.buffered.length === 0 ? bytes : Buffer.concat([this.buffered, bytes]);
  }
}

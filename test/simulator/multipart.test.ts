// Forms and lines as streams: whatever the bytes, wherever the chunks are cut.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readLines } from '../../src/simulator/lines.ts';
import { FormError, readForm } from '../../src/simulator/multipart.ts';
import { openStore } from '../../src/simulator/store.ts';
import { fc } from '../property.ts';
import { temporaryDirectory } from './world.ts';

const BOUNDARY = 'aa-bb';
const CONTENT_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** Bytes in chunks of the given sizes, again and again. */
async function* chunked(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (let index = 0; start < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(start, start + size);
    start += size;
  }
}

function formOf(content: Buffer): Buffer {
  const part = (header: string, body: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${header}\r\n\r\n`),
      body,
      Buffer.from('\r\n'),
    ]);
  return Buffer.concat([
    part('name="purpose"', Buffer.from('batch')),
    part('name="file"; filename="a.jsonl"\r\nContent-Type: application/jsonl', content),
    part('name="empty"', Buffer.alloc(0)),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

test('a form gives its file and its fields, wherever it is cut', async () => {
  const store = await openStore(await temporaryDirectory());
  const pieces = fc.constantFrom('\r\n', '--', 'aa-bb', '\r\n--aa-b', '\n', '\r', 'x', '\0');
  const contents = fc.array(pieces, { maxLength: 12 }).map((all) => Buffer.from(all.join('')));
  await fc.assert(
    fc.asyncProperty(contents, sizes, async (content, cuts) => {
      fc.pre(!content.includes('\r\n--aa-bb') && !content.toString('latin1').startsWith('--aa-bb'));
      const form = await readForm(CONTENT_TYPE, chunked(formOf(content), cuts), store);
      expect(form.filename).toBe('a.jsonl');
      expect([...form.fields]).toEqual([
        ['purpose', 'batch'],
        ['empty', ''],
      ]);
      expect(form.upload?.bytes).toBe(content.length);
      expect(await readFile(form.upload?.path ?? '')).toEqual(content);
    }),
    { numRuns: 60 },
  );
});

test('a form that ends too soon, or is none, is refused', async () => {
  const store = await openStore(await temporaryDirectory());
  const whole = formOf(Buffer.from('content'));
  for (const length of [0, 10, 60, 150, whole.length - 8]) {
    await expect(readForm(CONTENT_TYPE, chunked(whole.subarray(0, length), [7]), store)).rejects.toThrow(
      FormError,
    );
  }
  await expect(readForm('application/json', chunked(whole, [7]), store)).rejects.toThrow(FormError);
  await expect(readForm(undefined, chunked(whole, [7]), store)).rejects.toThrow(FormError);
  expect(await store.names('tmp')).toEqual([]);
});

test('lines come whole, with their place in the bytes', async () => {
  const texts = fc.array(fc.constantFrom('a', 'é', '', 'longer line', '"\\n"', '\u2028'), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), sizes, async (lines, ended, cuts) => {
      const bytes = Buffer.from(lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''));
      const found: string[] = [];
      for await (const line of readLines(chunked(bytes, cuts))) {
        found.push(line.text);
        expect(bytes.subarray(line.offset, line.offset + line.length).toString()).toBe(line.text);
      }
      const expected = ended || lines.at(-1) !== '' ? lines : lines.slice(0, -1);
      expect(found).toEqual(expected);
    }),
  );
});

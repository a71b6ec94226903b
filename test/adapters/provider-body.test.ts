import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { withBody } from '../../src/adapters/provider-body.ts';

const LONG = 9;

async function* pieces(count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at++) yield `${at}${'ä'.repeat(999_999)}\n`;
}

async function digestOf(count: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of pieces(count)) hash.update(piece);
  return hash.digest('hex');
}

// Of its own: what other tests send at this time lies elsewhere.
const folder = mkdtempSync(join(tmpdir(), 'octobatch-test-'));
vi.stubEnv('TMPDIR', folder);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const bodies = (): number => readdirSync(folder).length;

/** What arrives at a server: the digest of the body, its length as it was announced. */
async function sent(body: Blob, use: (seen: { digest: string; announced: string | undefined }) => void) {
  const server = createServer((request, response) => {
    const hash = createHash('sha256');
    request.on('data', (chunk) => hash.update(chunk));
    request.on('end', () => {
      use({ digest: hash.digest('hex'), announced: request.headers['content-length'] });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await (await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body })).text();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test.each([1, LONG])('%d million characters arrive as they were given, with their length', async (count) => {
  const expected = await digestOf(count);
  const size = await withBody(pieces(count), 'application/jsonl', async (body) => {
    expect(body.type).toBe('application/jsonl');
    expect(
      createHash('sha256')
        .update(await body.text())
        .digest('hex'),
    ).toBe(expected);
    await sent(body, ({ digest, announced }) => {
      expect(digest).toBe(expected);
      expect(announced).toBe(String(body.size));
    });
    // A form, as SDKs make one of a file.
    const form = new FormData();
    form.append('file', new File([body], 'batch.jsonl'));
    const part = (await new Response(form).formData()).get('file') as File;
    expect(
      createHash('sha256')
        .update(await part.text())
        .digest('hex'),
    ).toBe(expected);
    return body.size;
  });
  expect(size).toBeGreaterThan(count * 1_999_000);
});

test('a long body lies in a file only while it is used, whatever becomes of it', async () => {
  const before = bodies();
  await withBody(pieces(LONG), 'text/plain', async () => expect(bodies()).toBe(before + 1));
  expect(bodies()).toBe(before);
  const failing = withBody(pieces(LONG), 'text/plain', () => Promise.reject(new Error('refused')));
  await expect(failing).rejects.toThrow('refused');
  async function* broken(): AsyncGenerator<string> {
    yield* pieces(LONG);
    throw new Error('the pieces broke');
  }
  await expect(withBody(broken(), 'text/plain', async () => {})).rejects.toThrow('the pieces broke');
  expect(bodies()).toBe(before);
});

test('what a killed process left is removed by the next long body; what others use, or have, stays', async () => {
  const left = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'body'), 'lines');
    return path;
  };
  await withBody(pieces(LONG), 'text/plain', async () => {
    const mine = readdirSync(folder)[0]!;
    const [, prefix] = /^(octobatch-body-[0-9a-f]{16}-)\d+-/.exec(mine)!;
    const { pid } = spawnSync(process.execPath, ['--version']);
    const dead = left(`${prefix}${pid}-dead`);
    const others = [
      left(`octobatch-body-0123456789abcdef-${pid}-elsewhere`),
      left(`${prefix}unsaid`),
      left(`${prefix}0-none`),
      left(`other-${pid}-x`),
      join(folder, mine),
    ];
    await withBody(pieces(LONG), 'text/plain', async () => {});
    expect(existsSync(dead)).toBe(false);
    for (const path of others) expect(existsSync(join(path, 'body'))).toBe(true);
    for (const path of others.slice(0, -1)) rmSync(path, { recursive: true });
  });
});

test('a folder that cannot hold a long body is named, and how to name another; a short one needs none', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  vi.stubEnv('TMPDIR', file);
  try {
    let isClosed = false;
    async function* closing(): AsyncGenerator<string> {
      try {
        yield* pieces(LONG);
      } finally {
        isClosed = true;
      }
    }
    const refused: unknown = await withBody(closing(), 'text/plain', async () => {}).catch((error) => error);
    expect(refused).toMatchObject({ code: 'ENOTDIR' });
    expect(String(refused)).toContain(
      `a long batch lies in ${file} while it is sent; TMPDIR names another folder`,
    );
    expect(isClosed).toBe(true);
    expect(await withBody(pieces(1), 'text/plain', async ({ size }) => size)).toBeGreaterThan(0);
  } finally {
    vi.stubEnv('TMPDIR', folder);
    rmSync(file);
  }
});

test('no piece at all is an empty body', async () => {
  expect(await withBody(pieces(0), 'text/plain', async ({ size }) => size)).toBe(0);
});

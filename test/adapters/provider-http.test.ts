// HTTP below the SDKs: sealed headers, redirects that are not followed, repeated reads, lines.
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { createSealedFetch, linesOf, repeatRead } from '../../src/adapters/provider-http.ts';

describe('a sealed fetch', () => {
  test('sends the given headers and no others, and takes a redirect for an answer', async () => {
    const seen: { url: string | undefined; headers: object }[] = [];
    const server = createServer((request, response) => {
      seen.push({ url: request.url, headers: request.headers });
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sealed = createSealedFetch(({ url, method, body }) => ({
      'x-mine': `${method} ${url.pathname} ${body}`,
    }));
    const response = await sealed(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`, {
      method: 'post',
      body: 'text',
      headers: { 'x-foreign': 'yes', authorization: 'Bearer other' },
    });
    expect(response.status).toBe(307);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.headers).toMatchObject({ 'x-mine': 'POST /path text' });
    expect(seen[0]?.headers).not.toHaveProperty('x-foreign');
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
    server.close();
    server.closeAllConnections();
  });

  test('lets SDKs try out what fetch can do', async () => {
    const sealed = createSealedFetch(() => ({}));
    expect((await sealed('data:,')).status).toBe(200);
  });
});

describe('a file that is sent by a sealed fetch', () => {
  const MEGABYTE = 1 << 20;

  /** What `send` gets back from a server that answers so. */
  async function served<T>(listener: RequestListener, send: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await send(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  async function textOf(request: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    return text;
  }

  test('arrives in a form as a form, with its length', async () => {
    const form = new FormData();
    form.append('purpose', 'batch\ntest');
    form.append('file', new File(['grü', 'ße\n'], 'a "b"\r\n.jsonl', { type: 'application/jsonl' }));
    form.append('more', new Blob(['x']), 'plain');
    const sealed = createSealedFetch(({ body }) => ({ 'x-kind': String(body) }));
    const came = await served(
      async (request, response) => {
        const text = await textOf(request);
        response.end(JSON.stringify({ text, headers: request.headers }));
      },
      async (url) => (await sealed(url, { method: 'POST', body: form })).json(),
    );
    const { text, headers } = came as { text: string; headers: Record<string, string> };
    expect(headers['x-kind']).toBe('[object Blob]');
    expect(headers['content-length']).toBe(String(Buffer.byteLength(text)));
    expect(headers).not.toHaveProperty('transfer-encoding');
    expect(text).toContain(
      'name="file"; filename="a %22b%22%0D%0A.jsonl"\r\nContent-Type: application/jsonl\r\n\r\n',
    );
    const read = await new Response(text, {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData();
    expect(read.get('purpose')).toBe('batch\ntest');
    expect(await (read.get('file') as File).text()).toBe('grüße\n');
    expect((read.get('more') as File).type).toBe('application/octet-stream');
  });

  test('does not stay in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    // What is freed is counted as freed a little later.
    const held = async (): Promise<number> => {
      for (let round = 0; round < 3; round++) {
        collect();
        await new Promise((resolve) => setImmediate(resolve));
      }
      return process.memoryUsage().arrayBuffers / MEGABYTE;
    };
    const pieces = (size: number): Blob[] =>
      Array.from({ length: size }, () => new Blob([new Uint8Array(MEGABYTE)]));
    const form = new FormData();
    // Bytes of blobs are no array buffers until they are read.
    form.append('file', new File(pieces(64), 'long'));
    const before = await held();
    const sealed = createSealedFetch(() => ({}));
    const grown = await served(
      (request, response) => {
        let length = 0;
        request.on('data', (chunk: Buffer) => {
          length += chunk.length;
        });
        request.on('end', async () => {
          response.end(JSON.stringify({ length, grown: (await held()) - before }));
        });
      },
      async (url) => (await sealed(url, { method: 'POST', body: form })).json(),
    );
    expect((grown as { length: number }).length).toBeGreaterThan(64 * MEGABYTE);
    expect((grown as { grown: number }).grown).toBeLessThan(16);
  });

  test.each([301, 302, 303, 307, 308])('goes nowhere else when the answer is %d', async (status) => {
    const asked: (string | undefined)[] = [];
    const sealed = createSealedFetch(() => ({ authorization: 'secret' }));
    const response = await served(
      async (request, response) => {
        asked.push(request.url);
        await textOf(request);
        response.writeHead(status, { location: '/elsewhere' }).end();
      },
      (url) => sealed(url, { method: 'POST', body: new Blob(['lines']) }),
    );
    expect(response.status).toBe(307);
    expect(response.redirected).toBe(false);
    expect(asked).toEqual(['/']);
  });

  test('fails as any call does when there is nobody to take it', async () => {
    const url = await served(
      () => {},
      async (url) => url,
    );
    const sealed = createSealedFetch(() => ({}));
    await expect(sealed(url, { method: 'POST', body: new Blob(['lines']) })).rejects.toThrow('fetch failed');
  });
});

describe('a read', () => {
  const failing = (status: number | null, times: number) => {
    let calls = 0;
    return async () => {
      if (++calls <= times) throw Object.assign(new Error('no'), { status });
      return calls;
    };
  };

  test('is repeated while it fails in passing, up to its number of tries', async () => {
    expect(await repeatRead({ tries: 3, backoffMs: 0 }, failing(503, 2))).toBe(3);
    await expect(repeatRead({ tries: 3, backoffMs: 0 }, failing(503, 3))).rejects.toThrow('no');
    await expect(repeatRead({ tries: 3, backoffMs: 0 }, failing(400, 1))).rejects.toThrow('no');
    expect(await repeatRead({ tries: 2, backoffMs: 0 }, failing(404, 1), () => true)).toBe(2);
  });
});

describe('a body', () => {
  const bytes = new TextEncoder().encode('grüße\n\nzwei\ndrei €');
  const cutAt = (...cuts: number[]) => {
    const ends = [...cuts, bytes.length];
    return new ReadableStream<Uint8Array>({
      start(controller) {
        ends.forEach((end, index) => {
          controller.enqueue(bytes.slice(index === 0 ? 0 : ends[index - 1], end));
        });
        controller.close();
      },
    });
  };
  const all = async (body: ReadableStream<Uint8Array> | null) => {
    const lines: string[] = [];
    for await (const line of linesOf(body)) lines.push(line);
    return lines;
  };

  test('has the same lines wherever it is cut', async () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      expect(await all(cutAt(cut))).toEqual(['grüße', '', 'zwei', 'drei €']);
    }
    expect(await all(null)).toEqual([]);
  });
});

// HTTP below the SDKs: sealed headers, redirects that are not followed, repeated reads, lines.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

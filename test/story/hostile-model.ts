// A model that says what a test wants: a proxy before the provider that puts another text into every answer of a batch,
// and leaves everything else as it is.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from './provider.ts';

/** A running proxy; its policy is that of its address. */
export interface HostileModel {
  readonly url: string;
  close(): Promise<void>;
}

/** `say`: the text in the place of the n-th answer's own, which is JSON. */
export async function startHostileModel(
  provider: Provider,
  say: (answer: string, index: number) => string,
): Promise<HostileModel> {
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request as AsyncIterable<Uint8Array>) chunks.push(chunk);
      const { authorization, 'content-type': type } = request.headers;
      const answer = await fetch(`${provider.url}${request.url}`, {
        method: request.method ?? 'GET',
        headers: {
          ...(authorization === undefined ? {} : { authorization }),
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      });
      const text = await answer.text();
      const isOutput = request.method === 'GET' && /\/files\/[^/]+\/content$/.test(request.url ?? '');
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'text/plain',
      });
      response.end(isOutput ? spoken(text, say) : text);
    };
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface OutputLine {
  readonly response: { readonly body: { readonly choices: readonly [{ message: { content: string } }] } };
}

function spoken(text: string, say: (answer: string, index: number) => string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const changed = lines.map((line, index) => {
    const row = JSON.parse(line) as OutputLine;
    const { message } = row.response.body.choices[0];
    message.content = say(message.content, index);
    return JSON.stringify(row);
  });
  return `${changed.join('\n')}\n`;
}

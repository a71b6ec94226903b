import { describe, expect, it } from 'vitest';
import {
  OrderedRequests,
  type RequestHead,
  type RequestLine,
  readRequestBunches,
} from '../../src/engine/request-line.ts';

const head: RequestHead = { model: 'm', maxTokens: 9, temperature: null, schema: null };
const line = (unit: number): RequestLine => ({
  ...{ unit, id: `u${unit}`, attempt: 1, hash: `h${unit}`, system: null, prompt: 'Say.' },
  ...{ callBound: '0', retryBound: '0' },
});

async function* blob(...bunches: readonly (readonly object[])[]): AsyncGenerator<readonly string[]> {
  for (const bunch of bunches) yield bunch.map((one) => JSON.stringify(one));
}

const units = (...numbers: readonly number[]) => numbers.map((unit) => ({ unit }));

describe('the requests of a batch', () => {
  it('are read wherever their bunches end, the head alone in the first one too', async () => {
    const read: number[] = [];
    for await (const bunch of readRequestBunches(blob([head], [line(0), line(1)], [line(2)]))) {
      expect(bunch.head).toEqual(head);
      for (const { unit } of bunch.lines) read.push(unit);
    }
    expect(read).toEqual([0, 1, 2]);
  });

  it('are read behind a head that is longer than a piece of the blob', async () => {
    const requests = new OrderedRequests(blob([], [], [head, line(0)], [], [line(1)]));
    expect(await requests.take(units(0, 1))).toEqual([line(0), line(1)]);
  });

  it('come with the units they are for', async () => {
    const requests = new OrderedRequests(blob([head, line(3), line(5)], [line(8), line(9)]));
    expect(await requests.take(units(3))).toEqual([line(3)]);
    expect((await requests.take(units(5, 8))).map(({ hash }) => hash)).toEqual(['h5', 'h8']);
    expect(await requests.take(units(9))).toEqual([line(9)]);
  });

  it('are refused when one is of another unit, or missing', async () => {
    const requests = () => new OrderedRequests(blob([head, line(3), line(5)]));
    await expect(requests().take(units(3, 4))).rejects.toThrow('a request of unit 5 in the place of 4');
    await expect(requests().take(units(3, 5, 6))).rejects.toThrow('more units than requests');
  });
});

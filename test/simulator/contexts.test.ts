import { describe, expect, it } from 'vitest';
import { openContextShelf } from '../../src/simulator/contexts.ts';
import { openStore } from '../../src/simulator/store.ts';
import { temporaryDirectory } from './world.ts';

const contextOf = (number: number, fields: string) => ({
  customId: `0000abcd-${String(number).padStart(40, '0')}`,
  ...{ seed: '1', fields, simulate: null, schema: null },
});

describe('answer contexts', () => {
  it('are found in any order, small and large, with letters of any width', async () => {
    const shelf = openContextShelf(await openStore(await temporaryDirectory()));
    const sizes = [10, 70_000, 20, 40_000, 30_000, 200_000, 5];
    const contexts = sizes.map((size, i) => contextOf(i, JSON.stringify({ text: 'ä'.repeat(size) })));
    async function* body() {
      for (const context of contexts) yield Buffer.from(`${JSON.stringify(context)}\n`);
    }
    expect(await shelf.register(body())).toBe(sizes.length);
    const reader = shelf.reader();
    const unknown = `0000abcd-${'9'.repeat(40)}`;
    await reader.prepare([...contexts.map(({ customId }) => customId), unknown]);
    for (const at of [0, 1, 2, 3, 4, 5, 6, 3, 0, 6, 5, 1])
      expect(reader.find(contexts[at]!.customId)).toEqual(contexts[at]);
    expect(reader.find(unknown)).toBe(null);
    await reader.close();
  });

  it('are found when a line writes its keys in another order', async () => {
    const shelf = openContextShelf(await openStore(await temporaryDirectory()));
    const { customId, ...rest } = contextOf(1, '{}');
    async function* body() {
      yield Buffer.from(`${JSON.stringify({ ...rest, customId })}\n`);
    }
    await shelf.register(body());
    const reader = shelf.reader();
    await reader.prepare([customId]);
    expect(reader.find(customId)).toEqual({ ...rest, customId });
    await reader.close();
  });
});

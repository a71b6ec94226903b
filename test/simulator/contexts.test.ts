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
    for (const at of [0, 1, 2, 3, 4, 5, 6, 3, 0, 6, 5, 1])
      expect(await reader.find(contexts[at]!.customId)).toEqual(contexts[at]);
    expect(await reader.find(`0000abcd-${'9'.repeat(40)}`)).toBe(null);
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
    expect(await reader.find(customId)).toEqual({ ...rest, customId });
    await reader.close();
  });
});

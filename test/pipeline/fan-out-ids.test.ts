// Ids that could be a child's: refused where two units would be told apart by nothing.
import { describe, expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const SPLIT = '  - { name: split, fan_out: songs, as: song, max: 2 }\n';

async function said(head: string, steps = SPLIT): Promise<readonly string[]> {
  try {
    await loadPipeline(
      memoryFolder({
        'pipeline.yaml': `${head}steps:\n  - { name: make, expressions: { songs: "[1, 2]" } }\n${steps}`,
      }),
      {},
      checkSchema,
    );
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

describe('an item whose id ends as the id of a child', () => {
  test('is refused beside the unit that could have that child, of any fan-out', async () => {
    expect(await said('items:\n  - { id: a }\n  - { id: a__fan001 }\n  - { id: a__fan001__fan2 }\n')).toEqual(
      [
        "pipelines/test/pipeline.yaml:3:5  the id 'a__fan001' is also that of a child of 'a'  (a step divides units; rename the item so that it does not end in __fan and a number)",
        "pipelines/test/pipeline.yaml:4:5  the id 'a__fan001__fan2' is also that of a child of 'a__fan001'  (a step divides units; rename the item so that it does not end in __fan and a number)",
      ],
    );
    expect(await said('items: [{ id: a }, { id: a__fan001__fan002 }]\n')).toHaveLength(1);
  });

  test('is an id as any other without such a unit, or without a fan-out', async () => {
    expect(await said('items: [{ id: a__fan000 }, { id: a__fan001 }]\n')).toEqual([]);
    expect(await said('items: [{ id: a }, { id: a__fan000 }]\n', '')).toEqual([]);
  });

  test('is refused at the end of ids that are joined', async () => {
    const head = (last: string, first = 'x') =>
      `items: [{ id: ${first} }, { id: ${last} }]\nunits: { permutation: [one, two] }\n`;
    expect(await said(head('b__fan000'))).toEqual([
      expect.stringContaining("the id 'b__fan000' ends as the id of a child of a unit does"),
    ]);
  });
});

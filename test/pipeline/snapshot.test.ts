// Snapshots come back exactly, and the content key sees what determines results and nothing else.

import { describe, expect, test } from 'vitest';
import { fromPlain } from '../../src/expression/json.ts';
import { dictOf, makeFloat, type Value } from '../../src/expression/values.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { Item, Pipeline } from '../../src/pipeline/pipeline.ts';
import {
  itemsFromLines,
  itemsToLines,
  normalisedText,
  pipelineFromJson,
  pipelineToJson,
} from '../../src/pipeline/snapshot.ts';
import { fc } from '../property.ts';
import { memoryFolder } from './memory-folder.ts';

const CONFIG = `
name: one
seed: 1
items: [{ id: a }]
steps: [{ name: ask, prompt: "Who is {{ id }}?", rules: [{ name: r, expr: x > 1 }] }]
report: { outcomes: [x] }
gates: [{ name: g, mean: x, at_least: 1 }]
prices: { m: { input: 1, output: 2 } }
max_cost: 3
chunk_size: 4
`;

async function pipelineOf(text: string): Promise<Pipeline> {
  return (await loadPipeline(memoryFolder({ 'pipeline.yaml': text }), {}, () => null)).pipeline;
}

describe('a snapshot', () => {
  test('gives the pipeline back', async () => {
    const pipeline = await pipelineOf(CONFIG);
    expect(pipelineFromJson(pipelineToJson(pipeline))).toEqual(pipeline);
  });

  test('gives the items back, whatever they hold', () => {
    const value: fc.Arbitrary<Value> = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map((json) => fromPlain(json)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(makeFloat),
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map((n) => fromPlain(n)),
    );
    const name = fc.oneof(fc.string(), fc.constantFrom('__proto__', '10', '\0x', '\u2028', '\uD800', '😀'));
    const item: fc.Arbitrary<Item> = fc
      .tuple(fc.string(), fc.array(fc.tuple(name, value), { maxLength: 5 }))
      .map(([id, fields]) => ({ id, fields: dictOf(fields) }));
    const groups = fc.array(fc.tuple(fc.string(), fc.array(item, { minLength: 1, maxLength: 3 })), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(groups, (entries) => {
        const items = new Map(entries);
        const lines = [...itemsToLines(items)];
        const back = itemsFromLines(lines);
        expect([...back.keys()]).toEqual([...items.keys()]);
        expect([...itemsToLines(back)]).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  test('refuses a line that is no item', () => {
    expect(() => itemsFromLines(['{"id":"a"}'])).toThrow('not an item');
  });
});

describe('the text under the content key', () => {
  const WALK =
    'items: [{ id: a, p: 1 }]\nrepeat: 4\nsteps: [{ name: s, expressions: { x: random.random() } }]\n';

  test('knows coupled draws, each apart, and nothing of them where there are none', async () => {
    const coupled = ['stream_by: p', 'antithetic: true', 'stratify: 4', 'stratify: 2', 'antithetic: false'];
    const texts = await Promise.all(
      ['name: s', ...coupled.map((key) => `name: s, ${key}`)].map(async (keys) =>
        normalisedText(await pipelineOf(WALK.replace('name: s', keys))),
      ),
    );
    expect(new Set(texts).size).toBe(5);
    expect(texts.at(-1)).toBe(texts[0]);
    expect(texts[0]).not.toContain('coupling');
  });

  test('of coupled draws survives the snapshot', async () => {
    const pipeline = await pipelineOf(WALK.replace('name: s', 'name: s, stream_by: p, antithetic: true'));
    expect(pipeline.steps[0]).toMatchObject({
      coupling: { streamBy: 'p', antithetic: true, stratify: null },
    });
    expect(pipelineFromJson(pipelineToJson(pipeline))).toEqual(pipeline);
  });

  test.each([
    ['a gate', 'at_least: 1', 'at_least: 2'],
    ['the report', 'outcomes: [x]', 'metrics: [x]'],
    ['a price', 'input: 1', 'input: 2'],
    ['the cost ceiling', 'max_cost: 3', 'max_cost: 9'],
    ['the chunk size', 'chunk_size: 4', 'chunk_size: 8'],
    ['a description', 'seed: 1', 'seed: 1\ndescription: new'],
    ['the order of keys', 'name: one\nseed: 1', 'seed: 1\nname: one'],
  ])('does not see %s', async (_, before, after) => {
    expect(normalisedText(await pipelineOf(CONFIG.replace(before, after)))).toBe(
      normalisedText(await pipelineOf(CONFIG)),
    );
  });

  test.each([
    ['the seed', 'seed: 1', 'seed: 2'],
    ['the prompt', 'Who', 'What'],
    ['a rule', 'x > 1', 'x > 2'],
    ['the model', 'seed: 1', 'seed: 1\nmodel: m'],
    ['the repetitions', 'seed: 1', 'seed: 1\nrepeat: 2'],
  ])('sees %s', async (_, before, after) => {
    expect(normalisedText(await pipelineOf(CONFIG.replace(before, after)))).not.toBe(
      normalisedText(await pipelineOf(CONFIG)),
    );
  });
});

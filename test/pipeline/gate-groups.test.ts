// A gate between two groups names groups that there are, as far as that can be known before anything runs.
import { expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from './memory-folder.ts';

async function said(difference: string, items = '[{ id: a, arm: bold, k: 1 }, { id: b, arm: calm, k: 2 }]') {
  const text = `items: ${items}
repeat: 100
steps: [{ name: s, expressions: { n: random.random(), side: "random.choice(['x', 'y'])" } }]
gates: [{ name: g, mean: n, difference: { ${difference}, at_least: 0 } }]
`;
  try {
    await loadPipeline(memoryFolder({ 'pipeline.yaml': text }), {}, () => null);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map((one) => formatDiagnostic(one).replace(/^\S*pipeline\.yaml:/, ''));
  }
}

test('a group that no item is in is a mistake, with its place and what was meant', async () => {
  expect(await said('by: arm, of: bolt, minus: calm')).toEqual([
    "4:56  gates.g.difference.of: no item has 'bolt' as its 'arm'  (did you mean 'bold'?)",
  ]);
  expect(await said('by: k, of: 1, minus: 40')).toEqual([
    "4:64  gates.g.difference.minus: no item has '40' as its 'k'  (groups: 1, 2)",
  ]);
});

test('groups that are there, or that a step makes, are taken as they are written', async () => {
  expect(await said('by: arm, of: bold, minus: calm')).toEqual([]);
  expect(await said('by: k, of: 2, minus: 1')).toEqual([]);
  expect(await said('by: side, of: x, minus: z')).toEqual([]);
  expect(await said('by: arm, of: bold, minus: late', '[{ id: a, arm: bold }, { id: b }]')).toEqual([]);
});

// The page about gates: each of its snippets is a part of a pipeline that loads, and the number it names is the right one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { smallestPassing } from '../../src/analysis/decision.ts';
import { hopelessGates } from '../../src/analysis/feasible.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from './memory-folder.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/gates.md', import.meta.url)), 'utf8');
const snippets = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);

const rest = `items:
  - { id: a, strategy: the_pro }
  - { id: b, strategy: the_coward }
steps:
  - name: play
    expressions: { outcome: "random.choice(['win', 'lose', 'ship'])", valid: outcome != '', steps: 3, net: 1 }
`;

describe('the page about gates', () => {
  test('has snippets that load, one gate of every kind among them', async () => {
    expect(snippets).toHaveLength(3);
    const kinds = new Set<string>();
    for (const snippet of snippets) {
      const repeat = snippet.includes('repeat:') ? '' : 'repeat: 400\n';
      const files = memoryFolder({ 'pipeline.yaml': rest + repeat + snippet });
      const { pipeline } = await loadPipeline(files, {}, () => null, null, hopelessGates);
      for (const { kind } of pipeline.gates) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual([
      'cost',
      'mean',
      'mean_change',
      'mean_difference',
      'share',
      'share_change',
      'valid_share',
    ]);
  });

  test('names the smallest number that can pass', () => {
    const smallest = smallestPassing({ atLeast: 0.45, atMost: 0.55 }, 0.99);
    expect(page).toContain(`45% to 55% at 99%, ${smallest} can`);
  });
});

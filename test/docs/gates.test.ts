// The page about gates shows one of every kind, and the numbers it names are the right ones.
import { describe, expect, it } from 'vitest';
import { smallestPassing } from '../../src/analysis/decision.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';
import { blocksOf, readPage } from './page.ts';
import { snippetOf } from './snippet.ts';

const PAGE = 'docs/gates.md';

describe('the page about gates', () => {
  it('shows a gate of every kind', async () => {
    const kinds = new Set<string>();
    for (const { language, text } of blocksOf(PAGE)) {
      const snippet = language === 'yaml' ? snippetOf(text) : null;
      if (snippet?.kind !== 'pipeline') continue;
      const { pipeline } = await loadPipeline(memoryFolder(snippet.files), {}, () => null);
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

  it('names the smallest number that can pass', () => {
    const smallest = smallestPassing({ atLeast: 0.45, atMost: 0.55 }, 0.99);
    expect(readPage(PAGE)).toContain(`45% to 55% at 99%, ${smallest} can`);
  });
});

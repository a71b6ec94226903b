// The page about statistics: each figure of coverage is one that the proof found, as test/analysis/README.md keeps it.
import { describe, expect, it } from 'vitest';
import { readPage, rowsOf } from './page.ts';

describe('the page about statistics', () => {
  it('tells only what was found', () => {
    const proof = readPage('test/analysis/README.md');
    const found = rowsOf('docs/statistics.md').filter((row) => row.length === 4 && /^\d/.test(row[2]!));
    expect(found.length).toBeGreaterThan(10);
    for (const [quantity, , figures = ''] of found)
      for (const figure of figures.split('; ')) expect(proof, quantity).toContain(figure);
  });

  it('tells of gates what was found', () => {
    const proof = readPage('test/analysis/README.md').replaceAll(/[*|]/g, ' ');
    const promises = rowsOf('docs/statistics.md').filter((row) => row.length === 3 && /\d %/.test(row[2]!));
    expect(promises.length).toBeGreaterThan(2);
    for (const [promise, , figures = ''] of promises)
      for (const [figure] of figures.matchAll(/\d+\.\d/g)) expect(proof, promise).toContain(figure);
  });
});

// Every link in the repository's pages leads to a file and a heading that are there, and every page for users can be reached.
import { describe, expect, it } from 'vitest';
import { anchorsOf, INSIDE, isThere, PAGES, proseOf, targetOf } from './page.ts';

/** Links of a page, pictures included, without what stands in code. */
function linksOf(page: string): readonly { readonly line: number; readonly link: string }[] {
  return proseOf(page).flatMap(({ line, text }) =>
    [...text.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({
      ...{ line, link: match[1]! },
    })),
  );
}

describe('the links of the pages', () => {
  it('lead to files and headings that are there', () => {
    const dead: string[] = [];
    let count = 0;
    for (const page of [...PAGES, ...INSIDE]) {
      for (const { line, link } of linksOf(page)) {
        const target = targetOf(page, link);
        if (target === null) continue;
        count++;
        const { path, anchor } = target;
        const isDead = !isThere(path) || (anchor !== null && !anchorsOf(path).includes(anchor));
        if (isDead) dead.push(`${page}:${line} links to ${link}`);
      }
    }
    expect(dead).toEqual([]);
    expect(count).toBeGreaterThan(60);
  });

  it('lead from the index to every page', () => {
    const named = new Set(
      linksOf('docs/README.md').map(({ link }) => targetOf('docs/README.md', link)?.path),
    );
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.filter((page) => !named.has(page))).toEqual([]);
  });
});

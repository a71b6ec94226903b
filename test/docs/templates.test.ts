// The page about templates: what stands in its tables is rendered, and its lists are those of the language.
import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../src/commands/render-lines.ts';
import { GLOBALS } from '../../src/template/globals.ts';
import { FILTERS, TESTS } from '../../src/template/registry.ts';
import { proseOf, rowsOf } from './page.ts';

const PAGE = 'docs/templates.md';
const render = createRenderer({ seed: '0', rng: 'tychei' });

function rendered(template: string): { readonly text?: string; readonly error?: string } {
  const context = { xs: [1, 2, 4], card: { suit: 'hearts', rank: 9 }, name: 'Ada' };
  return JSON.parse(render(JSON.stringify({ template, context })));
}

const code = (cell: string): string => cell.replaceAll(/^`|`$/g, '');
const rows = rowsOf(PAGE).filter(([written = '']) => /^`\{[{%]/.test(written));

describe('the page about templates', () => {
  it('shows what templates give', () => {
    const shown = rows.filter(([, gives = '']) => gives.startsWith('`'));
    expect(shown.length).toBeGreaterThan(10);
    for (const [written = '', gives = ''] of shown)
      expect(rendered(code(written)), written).toEqual({ text: code(gives) });
  });

  it('says what is refused, and how', () => {
    const refused = rows.filter(([, said = '']) => !said.startsWith('`'));
    expect(refused.length).toBeGreaterThan(6);
    for (const [written = '', said = ''] of refused)
      expect(rendered(code(written)).error?.split(':')[0], written).toBe(said);
  });

  it('lists every filter, every test and every function', () => {
    const listed = (name: string): readonly string[] => {
      const text = proseOf(PAGE).find((one) => one.text.startsWith(`**${name}**`))!.text;
      return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    };
    expect(listed('Filters').toSorted()).toEqual([...FILTERS.keys()].toSorted());
    expect(listed('Tests').toSorted()).toEqual([...TESTS.keys()].toSorted());
    const cells = rowsOf(PAGE).map(([first = '']) => first);
    for (const name of GLOBALS.keys()) expect(cells.join(' ')).toContain(`\`${name}\``);
  });
});

// Expressions in the tables of the pages have the values, and the refusals, that stand beside them.
import { describe, expect, it } from 'vitest';
import { createEvaluator } from '../../src/commands/evaluate.ts';
import { rowsOf } from './page.ts';

const answer = createEvaluator({ seed: '0', rng: 'tychei' });

/** What an expression gives: its text as Python prints it, or the class of its error. Fields stand for what tables name. */
function evaluate(expr: string): { readonly repr?: string; readonly error?: string } {
  const context = { xs: [1, 2, 4], rows: [[1, 2]], x: 5, name: 'Ada', hand: [7], card: 9, deck: [2, 3] };
  return JSON.parse(answer(JSON.stringify({ expr, context })));
}

const spans = (cell: string): readonly string[] =>
  [...cell.matchAll(/(`{1,2})(.+?)\1/g)].map((match) => match[2]!.trim());
const clauses = (expr: string): string => (/^(?:async )?for /.test(expr) ? `[0 ${expr}]` : expr);

describe('the page about expressions', () => {
  const rows = rowsOf('docs/expressions.md');

  it('shows what expressions give', () => {
    const shown = rows.filter(([, value = '']) => spans(value).length === 1 && value.startsWith('`'));
    expect(shown.length).toBeGreaterThan(10);
    for (const [written = '', value = ''] of shown)
      expect(evaluate(spans(written)[0]!).repr, written).toBe(spans(value)[0]);
  });

  it('says what is refused, and how', () => {
    const refused = rows.filter(([, said = '']) => /^[A-Z]\w+Error/.test(said));
    expect(refused.length).toBeGreaterThan(5);
    for (const [written = '', said = ''] of refused)
      for (const expr of spans(written))
        expect(evaluate(clauses(expr)).error?.split(':')[0], expr).toBe(/^\w+/.exec(said)![0]);
  });
});

describe('the page about coming from Octobatch', () => {
  it('says what comes of expressions here', () => {
    const rows = rowsOf('docs/coming-from-octobatch.md').filter(
      (row) => row.length === 4 && spans(row[0]!).length > 0 && row[0]!.startsWith('`'),
    );
    expect(rows.length).toBeGreaterThan(7);
    for (const [written = '', , here = ''] of rows) {
      for (const expr of spans(written)) {
        const { repr, error } = evaluate(expr);
        if (/^`[^`]+`$/.test(here)) expect(repr, expr).toBe(spans(here)[0]);
        else if (here === 'works') expect(error, expr).toBeUndefined();
        else if (/^[A-Z]\w+Error|^refused|^not defined/.test(here)) {
          expect(error, expr).toBeDefined();
          if (/^[A-Z]\w+Error/.test(here)) expect(error).toContain(/^\w+/.exec(here)![0]);
        }
      }
    }
  });
});

// Every scenario on every provider in both modes: all cells in `npm run prove faults`, a spread of them otherwise.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOurs } from '../node-half.ts';
import { runCell, sideBySide } from './cell.ts';
import { applies, SCENARIOS } from './scenarios.ts';
import { type ServiceHost, startServiceHost } from './service.ts';
import { TARGETS } from './targets.ts';

/** `npm run prove` sets this; otherwise each scenario is tried on one target, which one changes from row to row, and this Node takes half of them. */
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_FAULTS === '1';
/** Only the rows whose name contains this. */
const ONLY = process.env.OCTOBATCH_FAULT_ROW ?? '';

let host: ServiceHost;

beforeAll(() => {
  host = startServiceHost();
});

afterAll(async () => {
  await host.stop();
});

describe('whatever a provider does', () => {
  it('the run ends right, loses no unit, sends nothing twice and knows what it cost', async () => {
    const [undisturbed] = SCENARIOS;
    const { results, breaches } = await runCell(host, undisturbed!, TARGETS[0]!, null);
    expect(breaches).toEqual([]);
    const cells = SCENARIOS.filter(({ name }) => name.includes(ONLY)).flatMap((scenario, number) => {
      if (!EXHAUSTIVE && ONLY === '' && !isOurs(number)) return [];
      const columns = TARGETS.filter((target) => applies(scenario, target));
      const chosen = EXHAUSTIVE || ONLY !== '' ? columns : [columns[number % columns.length]!];
      return chosen.map((target) => ({ scenario, target }));
    });
    const marks = new Map<string, string>();
    const found: string[] = [];
    await sideBySide(cells, async ({ scenario, target }) => {
      const cell = await runCell(host, scenario, target, results);
      marks.set(`${scenario.name}/${target.name}`, cell.breaches.length === 0 ? 'ok' : 'FAIL');
      found.push(...cell.breaches.map((breach) => `${scenario.name}, ${target.name}: ${breach}`));
    });
    const rows = [...new Set(cells.map(({ scenario }) => scenario))].map((scenario) => [
      scenario.name,
      ...TARGETS.map((target) =>
        applies(scenario, target) ? (marks.get(`${scenario.name}/${target.name}`) ?? '') : 'n.a.',
      ),
    ]);
    const failed = [...marks.values()].filter((mark) => mark !== 'ok').length;
    console.log(`fault matrix: ${marks.size - failed} cells ok, ${failed} failed\n`);
    console.log(tableOf([['scenario', ...TARGETS.map(({ name }) => name)], ...rows]));
    expect(found).toEqual([]);
  }, 3_600_000);
});

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

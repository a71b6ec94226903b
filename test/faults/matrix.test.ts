// Every scenario on every provider in both modes: all cells in `npm run prove faults`, a spread of them otherwise.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CellResult, runCell } from './cell.ts';
import { applies, SCENARIOS } from './scenarios.ts';
import { type ServiceHost, startServiceHost } from './service.ts';
import { TARGETS } from './targets.ts';

/** `npm run prove` sets this; otherwise each scenario is tried on one target, which one changes from row to row. */
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
    const rows: string[][] = [];
    const found: string[] = [];
    for (const [number, scenario] of SCENARIOS.filter(({ name }) => name.includes(ONLY)).entries()) {
      const columns = TARGETS.filter((target) => applies(scenario, target));
      const chosen = new Set(EXHAUSTIVE || ONLY !== '' ? columns : [columns[number % columns.length]!]);
      const cells: string[] = [];
      for (const target of TARGETS) {
        if (!chosen.has(target)) {
          cells.push(columns.includes(target) ? '' : 'n.a.');
          continue;
        }
        const cell: CellResult = await runCell(host, scenario, target, results);
        cells.push(cell.breaches.length === 0 ? 'ok' : 'FAIL');
        found.push(...cell.breaches.map((breach) => `${scenario.name}, ${target.name}: ${breach}`));
      }
      rows.push([scenario.name, ...cells]);
    }
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

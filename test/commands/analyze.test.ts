// What `analyze` says of finished runs and of files: the same figures from both, with what failed named and bounded.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseResults, formatAnalysis } from '../../src/commands/analyze.ts';
import { type AnalyzeFlags, readWanted } from '../../src/commands/analyze-flags.ts';
import { exportUnits, readExport } from '../../src/commands/export.ts';
import type { ResultAnalysis } from '../../src/report/tables-analysis.ts';
import { makeFolder, play, reading } from './finished-runs.ts';

const NONE: AnalyzeFlags = { count: [], net: [], numeric: [], quantile: [], stat: [] };
const SCREEN = { color: false, width: 80 };
const folder = makeFolder('analyze');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let run: string;
beforeAll(async () => {
  run = await play(folder, 'duel');
});

function analyse(name: string, flags: Partial<AnalyzeFlags> = {}): Promise<ResultAnalysis> {
  return reading(name, (source) =>
    analyseResults(source, readWanted({ ...NONE, ...flags }, source.pipeline.report)),
  );
}

/** The run's results as files of their own. */
async function exported(name: string): Promise<string> {
  const place = join(folder, name);
  await reading(run, async (source) => {
    for (const what of ['results', 'failures'] as const) {
      const out = join(folder, `${what}.jsonl`);
      await exportUnits(source, readExport({ what, out }), process.stdout);
    }
  });
  return place;
}

describe('an analysis', () => {
  it('without flags shows what the report of the pipeline names', async () => {
    const analysis = await analyse(run);
    expect(analysis).toMatchObject({ found: false, groupBy: 'id' });
    expect(analysis.overall.outcomes.map(({ field }) => field)).toEqual(['result']);
    expect(analysis.overall.metrics.map(({ field }) => field)).toEqual(['gold']);
    expect(analysis.groups.map(({ group }) => group)).toEqual(['blue', 'red']);
  });

  it('names failed units by their kind and bounds every share and mean by them', async () => {
    const { units, failures, overall } = await analyse(run);
    expect(units.planned).toBe(200);
    expect(units.failed).toBeGreaterThan(0);
    expect(failures).toEqual({ invalid: units.failed });
    const [win] = overall.outcomes[0]!.values.filter(({ value }) => value === 'win');
    expect(win!.worst!.low).toBeCloseTo(win!.x / 200, 9);
    expect(win!.worst!.high).toBeCloseTo((win!.x + units.failed) / 200, 9);
    expect(overall.metrics[0]!.worst).not.toBeNull();
  });

  it('of other groups, counts, a net value, a quantile and a statistic of one own reads as a table', async () => {
    const analysis = await analyse(run, {
      groupBy: 'id',
      count: ['result'],
      net: ['win=1,lose=-1'],
      numeric: ['blow', 'gold'],
      quantile: ['gold:0.9'],
      stat: ['spread=max(gold) - min(gold)'],
    });
    const values = analysis.overall.outcomes[0]!.values;
    const shareOf = (value: string) => values.find((one) => one.value === value)!.share;
    const [net, , spread] = analysis.overall.figures;
    expect(net!.value).toBeCloseTo(shareOf('win') - shareOf('lose'), 9);
    expect(spread!.value).toBe(19 * 3 + 5);
    const text = formatAnalysis({ ...analysis, name: 'duel' }, 'table', SCREEN);
    await expect(text).toMatchFileSnapshot('../golden/commands/analyze.txt');
  });

  it('is one row an estimate as CSV, and all of it as JSON', async () => {
    const analysis = await analyse(run, { count: ['result'], numeric: ['gold'] });
    const rows = parse(formatAnalysis(analysis, 'csv', SCREEN), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.map(({ kind, name, value }) => [kind, name, value])).toEqual([
      ['count', 'result', 'lose'],
      ['count', 'result', 'win'],
      ['number', 'gold', ''],
    ]);
    const [lose, win, gold] = rows;
    expect(Number(lose!.count) + Number(win!.count)).toBe(analysis.units.valid);
    expect(Number(win!.low)).toBeLessThan(Number(win!.estimate));
    expect(Number(gold!.median_high)).toBeGreaterThanOrEqual(Number(gold!.median));
    expect(JSON.parse(formatAnalysis(analysis, 'json', SCREEN))).toEqual(
      JSON.parse(JSON.stringify(analysis)),
    );
  });

  it('of a results.jsonl with its failures says what that of the run says', async () => {
    const file = await exported('results.jsonl');
    const flags = { groupBy: 'id', count: ['result'], numeric: ['gold'] };
    const [ofRun, ofFile] = [await analyse(run, flags), await analyse(file, flags)];
    expect({ ...ofFile, name: '' }).toEqual({ ...ofRun, name: '' });
  });

  it('of a file of any program finds outcomes and numbers by itself', async () => {
    const file = join(folder, 'others.jsonl');
    writeFileSync(file, '{"hit":true,"points":3}\n{"hit":false,"points":4}\n\n{"hit":true,"points":8}\n');
    const { found, overall, units } = await analyse(file);
    expect({ found, ...units }).toEqual({ found: true, planned: 3, valid: 3, failed: 0, inFlight: 0 });
    expect(overall.outcomes[0]!.values.map(({ value, x }) => [value, x])).toEqual([
      ['true', 2],
      ['false', 1],
    ]);
    expect(overall.metrics.map(({ field, mean }) => [field, mean])).toEqual([['points', 5]]);
  });
});

describe('what is asked wrongly', () => {
  it.each([
    [{ count: ['reslut'] }, /no unit has a field "reslut"/],
    [{ numeric: ['result'] }, /no unit has a number in "result"/],
    [{ net: ['win=1'] }, /not said of which field/],
    [{ count: ['result'], net: ['win=one'] }, /"win=one" gives no value a number/],
    [{ quantile: ['gold'] }, /no quantile/],
    [{ quantile: ['gold:1.5'] }, /no quantile/],
    [{ stat: ['max(gold)'] }, /has no name/],
    [{ stat: ['a=max(gold'] }, /a: '\(' was never closed/],
    [{ stat: ['a=len(gold)', 'a=sum(gold)'] }, /asked for twice/],
  ])('is said with its fix: %j', async (flags, what) => {
    await expect(analyse(run, flags)).rejects.toMatchObject({
      diagnostics: [{ what: expect.stringMatching(what), fix: expect.stringMatching(/./) }],
    });
  });
});

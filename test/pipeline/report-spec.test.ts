// The report section of both forms: what is read from it, and what a person is told about mistakes in it.
import { describe, expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic, formatWarning } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import type { ReportSpec } from '../../src/pipeline/pipeline.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const NATIVE = `items: [{ id: pier, bank: 100 }]
steps:
  - name: play
    expressions:
      outcome: random.choice(['win', 'lose', 'push'])
      steps: random.randint(1, 9)
      fell: outcome == 'lose'
`;

const OCTOBATCH = `pipeline:
  steps:
    - name: play
      scope: expression
      expressions:
        outcome: random.choice(['win', 'lose'])
        steps: random.randint(1, 9)
        fell: outcome == 'lose'
processing:
  strategy: direct
  items: { source: items.yaml, key: items }
`;

const REPORT = `report:
  group_by: bank
  outcomes: [outcome]
  net: { outcome: { win: 1.5, lose: -1 } }
  quantiles: { steps: [0.5, 0.9, 0.07] }
  ratios: { falls per step: { of: fell, to: steps } }
  rates: { falls per 1000 steps: { events: fell, per: steps / 1000 } }
  custom: { spread of steps: max(steps) - min(steps) }
`;

const FILES = { 'items.yaml': 'items: [{ id: pier, name: pier, bank: 100 }]\n' };

async function loaded(text: string, file = 'pipeline.yaml') {
  return loadPipeline(memoryFolder({ [file]: text, ...FILES }), {}, checkSchema);
}

async function mistakes(report: string): Promise<string[]> {
  try {
    return (await loaded(`${NATIVE}${report}`)).warnings.map(formatWarning);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

describe('the report section', () => {
  const expected: ReportSpec = {
    groupBy: 'bank',
    outcomes: ['outcome'],
    metrics: [],
    figures: [
      { kind: 'net', name: 'net outcome', field: 'outcome', values: { win: 1.5, lose: -1 } },
      { kind: 'quantile', name: '50% quantile of steps', field: 'steps', at: 0.5 },
      { kind: 'quantile', name: '90% quantile of steps', field: 'steps', at: 0.9 },
      { kind: 'quantile', name: '7% quantile of steps', field: 'steps', at: 0.07 },
      { kind: 'ratio', name: 'falls per step', of: 'fell', to: 'steps' },
      { kind: 'rate', name: 'falls per 1000 steps', events: 'fell', per: 'steps / 1000' },
      { kind: 'custom', name: 'spread of steps', expr: 'max(steps) - min(steps)' },
    ],
  };

  test('means the same in both forms', async () => {
    expect((await loaded(`${NATIVE}${REPORT}`)).pipeline.report).toEqual(expected);
    expect((await loaded(`${OCTOBATCH}${REPORT}`, 'config.yaml')).pipeline.report).toEqual(expected);
  });

  test('holds no figures when it asks for none, so that older pipelines read as they did', async () => {
    expect((await loaded(`${NATIVE}report: { outcomes: [outcome] }\n`)).pipeline.report).toEqual({
      groupBy: null,
      outcomes: ['outcome'],
      metrics: [],
    });
  });

  test('may count true and false, and numbers', async () => {
    const { pipeline } = await loaded(`${NATIVE}report: { net: { fell: { true: -1 }, steps: { 9: 2 } } }\n`);
    expect(pipeline.report.figures).toMatchObject([{ values: { true: -1 } }, { values: { 9: 2 } }]);
  });

  test('says where a figure names nothing, and what may be meant', async () => {
    const report = `report:
  net: { outcom: { win: 1 } }
  quantiles: { step: [0.5] }
  ratios: { r: { of: fel, to: steps } }
  rates: { q: { events: fell, per: bank / thousand } }
  custom: { c: 'max(stepps) - sum(outcome, key=1)' }
`;
    expect(await mistakes(report)).toMatchInlineSnapshot(`
      [
        "pipelines/test/pipeline.yaml:9:10  report.net: nothing here is named 'outcom'  (did you mean 'outcome'?)",
        "pipelines/test/pipeline.yaml:10:16  report.quantiles: nothing here is named 'step'  (did you mean 'steps'?)",
        "pipelines/test/pipeline.yaml:11:22  report.ratios.r.of: nothing here is named 'fel'  (did you mean 'fell'?)",
        "pipelines/test/pipeline.yaml:12:43  report.rates.q.per: nothing here is named 'thousand'  (known here: unit_id, id, bank, outcome, steps, fell)",
        "pipelines/test/pipeline.yaml:13:21  report.custom.c: nothing here is named 'stepps'  (did you mean 'steps'?)",
        "pipelines/test/pipeline.yaml:13:31  report.custom.c: sum() got an unexpected keyword argument 'key'  (write sum(iterable, [start]))",
      ]
    `);
  });

  test('says what cannot be a figure', async () => {
    const report = `report:
  net: { outcome: {} }
  quantiles: { steps: [0, 0.5, 1] }
  ratios: { same: { of: fell } }
  rates: { r: { events: fell, per: steps, of: 1 } }
  custom: { c: 'max(steps' }
`;
    expect(await mistakes(report)).toMatchInlineSnapshot(`
      [
        "pipelines/test/pipeline.yaml:9:10  report.net.outcome counts nothing  (say what each value counts, such as { win: 1, lose: -1 })",
        "pipelines/test/pipeline.yaml:10:24  report.quantiles.steps[0] is 0  (more than 0)",
        "pipelines/test/pipeline.yaml:10:32  report.quantiles.steps[2] is 1  (less than 1)",
        "pipelines/test/pipeline.yaml:11:19  report.ratios.same.to is missing  (write 'to:')",
        "pipelines/test/pipeline.yaml:12:43  unknown key 'of' in report.rates.r  (known keys: events, per)",
        "pipelines/test/pipeline.yaml:13:20  report.custom.c: '(' was never closed  (correct the expression "max(steps")",
      ]
    `);
  });

  test('says what is wrong with an expression, a name, and a name given twice', async () => {
    const report = `report:
  net: { outcome: {} }
  ratios: { same: { of: fell, to: steps }, "a\\tb": { of: fell, to: steps +  } }
  custom: { same: 'max(steps' }
`;
    expect(await mistakes(report)).toMatchInlineSnapshot(`
      [
        "pipelines/test/pipeline.yaml:9:10  report.net.outcome counts nothing  (say what each value counts, such as { win: 1, lose: -1 })",
        "pipelines/test/pipeline.yaml:10:44  the name of a figure of the report holds a control character  (remove it)",
        "pipelines/test/pipeline.yaml:10:75  report.ratios.a\\u{9}b.to: the expression is not complete  (correct the expression "steps +")",
        "pipelines/test/pipeline.yaml:11:13  two figures of the report are named 'same'  (rename one)",
        "pipelines/test/pipeline.yaml:11:23  report.custom.same: '(' was never closed  (correct the expression "max(steps")",
      ]
    `);
  });

  test('takes at most fifty figures', async () => {
    const list = Array.from({ length: 51 }, (_, i) => (i + 1) / 100).join(', ');
    expect(await mistakes(`report: { quantiles: { steps: [${list}] } }\n`)).toEqual([
      expect.stringContaining('the report asks for 51 figures beside outcomes and metrics'),
    ]);
  });

  test('takes at most a hundred outcomes, and as many metrics', async () => {
    const list = (count: number) => Array(count).fill('steps').join(', ');
    expect(await mistakes(`report: { metrics: [${list(101)}] }\n`)).toEqual([
      expect.stringContaining('the report asks for 101 fields in one list  (keep at most 100)'),
    ]);
    const { report } = (await loaded(`${NATIVE}report: { outcomes: [${list(100)}], metrics: [steps] }\n`))
      .pipeline;
    expect(report.outcomes).toHaveLength(100);
  });
});

// When a run may stop early, as people write it, and everything that can be wrong with it.
import { describe, expect, it } from 'vitest';
import { ConfigurationError, formatDiagnostic, formatWarning } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import type { StopSpec } from '../../src/pipeline/pipeline.ts';
import { normalisedText } from '../../src/pipeline/snapshot.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const ITEMS = '[{ id: a, kind: ant, size: 1 }, { id: b, kind: bee, size: 2 }, { id: c, kind: bee, size: 2 }]';
const GATES =
  'gates:\n  - { name: many, share: n > 0.5, at_least: 0.3 }\n  - { name: cheap, cost: { at_most: 1 } }';

function pipelineText(stop: string, { repeat = 1000, more = GATES, step = '' } = {}): string {
  return `
items: ${ITEMS}
repeat: ${repeat}
steps:
  - name: draw
    expressions: { n: random.random() }
    ${step}
${more}
${stop}
`;
}

async function load(text: string, overrides: Overrides = {}) {
  return loadPipeline(memoryFolder({ 'pipeline.yaml': text }), overrides, checkSchema);
}

async function mistakes(text: string, overrides: Overrides = {}): Promise<readonly string[]> {
  try {
    await load(text, overrides);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics
      .map(formatDiagnostic)
      .map((line) => line.replace('pipelines/test/pipeline.yaml:', ''));
  }
}

const stopOf = async (stop: string): Promise<StopSpec | undefined> =>
  (await load(pipelineText(stop))).pipeline.stop;

describe('a rule by which a run stops', () => {
  it('is absent where nothing is written, and then no part of the content', async () => {
    const { pipeline } = await load(pipelineText(''));
    expect(pipeline).not.toHaveProperty('stop');
    expect(normalisedText(pipeline)).not.toContain('stop');
  });

  it('waits for the gates that numbers can decide, or for those that ask for it', async () => {
    expect(await stopOf('stop: { every: 100, gates: true }')).toEqual({
      every: 100,
      rule: {
        kind: 'gates',
        gates: [
          {
            kind: 'share',
            name: '',
            expr: 'n > 0.5',
            region: { atLeast: 0.3, atMost: null },
            confidence: 0.95,
          },
        ],
      },
    });
    const more = `gates:
  - { name: many, share: n > 0.5, at_least: 0.3 }
  - { name: long, mean: n, at_least: 0.3, on_inconclusive: extend }`;
    const { stop } = (await load(pipelineText('stop: { every: 100, gates: true }', { more }))).pipeline;
    expect(stop?.rule.kind === 'gates' && stop.rule.gates).toMatchObject([{ kind: 'mean', expr: 'n' }]);
    expect(JSON.stringify(stop)).not.toContain('extend');
  });

  it('wants an interval of some width', async () => {
    expect(await stopOf('stop: { every: 100, half_width: { share: n > 0.5, at_most: 0.03 } }')).toEqual({
      every: 100,
      rule: { kind: 'half_width', of: { kind: 'share', expr: 'n > 0.5' }, atMost: 0.03, confidence: 0.95 },
    });
    expect(
      await stopOf('stop: { every: 50, half_width: { mean: n, at_most: 2, confidence: 0.99 } }'),
    ).toMatchObject({
      rule: { of: { kind: 'mean', expr: 'n' }, atMost: 2, confidence: 0.99 },
    });
  });

  it('looks for the best', async () => {
    expect(
      await stopOf('stop: { every: 100, best: { by: kind, mean: n, wants: lowest, fresh: 200 } }'),
    ).toEqual({
      every: 100,
      rule: { kind: 'best', of: { kind: 'mean', expr: 'n' }, by: 'kind', wants: 'lowest', fresh: 200 },
    });
  });

  it('is part of the content, and so are the gates it waits for', async () => {
    const textOf = async (stop: string, more = GATES) =>
      normalisedText((await load(pipelineText(stop, { more }))).pipeline);
    const rule = 'stop: { every: 100, gates: true }';
    expect(await textOf('stop: { every: 50, gates: true }')).not.toBe(await textOf(rule));
    expect(await textOf(rule, GATES.replace('0.3', '0.4'))).not.toBe(await textOf(rule));
    expect(await textOf(rule, GATES.replace('many', 'most'))).toBe(await textOf(rule));
    expect(await textOf('', GATES.replace('0.3', '0.4'))).toBe(await textOf(''));
  });

  it('is part of the content with whatever moves its decision: gates on changes share their false alarms', async () => {
    const waited = '{ name: a, share: n > 0.5, change: { at_least: -0.2 }, on_inconclusive: extend }';
    const other = '{ name: b, mean: n, change: { at_least: -0.2 } }';
    const textOf = async (stop: string, gates: string, more = '') =>
      normalisedText((await load(pipelineText(stop, { more: `gates: [${gates}]\n${more}` }))).pipeline);
    const rule = 'stop: { every: 100, gates: true }';
    const alone = await textOf(rule, waited);
    expect(await textOf(rule, `${waited}, ${other}`)).not.toBe(alone);
    expect(await textOf(rule, `${waited}, ${other.replace('b,', 'c,')}`)).toBe(
      await textOf(rule, `${waited}, ${other}`),
    );
    expect(await textOf(rule, waited, 'false_alarms: 0.05')).not.toBe(alone);
    const absolute = '{ name: d, share: n > 0.5, at_least: 0.1 }';
    expect(await textOf(rule, `${waited}, ${absolute}`)).toBe(alone);
    const plain = waited.replace(', on_inconclusive: extend', '');
    expect(await textOf('', plain, 'false_alarms: 0.05')).toBe(await textOf('', plain));
  });

  it('stands in the Octobatch form too', async () => {
    const config = `
pipeline: { name: p, steps: [{ name: draw, scope: expression, expressions: { n: random.random() } }] }
processing: { strategy: direct, repeat: 100, items: { source: items.yaml, key: items } }
stop: { every: 10, half_width: { mean: n, at_most: 0.1 } }
`;
    const files = memoryFolder({ 'config.yaml': config, 'items.yaml': 'items: [{ id: a }]' });
    const { pipeline } = await loadPipeline(files, {}, checkSchema);
    expect(pipeline.stop).toMatchObject({ every: 10, rule: { kind: 'half_width' } });
  });
});

describe('a mistake in it', () => {
  const cases: readonly (readonly [stop: string, said: string])[] = [
    ['stop: { every: 100 }', '11:7  stop has no rule  (give it one of gates, half_width, best)'],
    [
      'stop: { every: 100, gates: true, half_width: { mean: n, at_most: 1 } }',
      "11:7  stop has two rules, 'gates' and 'half_width'  (give it one of gates, half_width, best)",
    ],
    ['stop: { gates: true }', "11:7  stop.every is missing  (write 'every:' with a number)"],
    ['stop: { every: 100, gates: false }', '11:28  stop.gates is false  (one of: true)'],
    [
      'stop: { every: 1000, gates: true }',
      '11:16  stop.every is 1000 and there are 1000 repetitions, so that the run ends before it is weighed  (make every smaller, or remove stop)',
    ],
    [
      'stop: { every: 5, gates: true }',
      '11:16  stop.every is 5, so that 1000 repetitions are weighed 200 times; 100 is the most  (write every: 10 or more)',
    ],
    [
      'stop: { every: 100, half_width: { at_most: 1 } }',
      '11:33  stop.half_width says nothing of what  (give it one of share, mean)',
    ],
    [
      'stop: { every: 100, half_width: { share: n > 1, mean: n, at_most: 0.1 } }',
      '11:33  stop.half_width has a share and a mean  (give it one of share, mean)',
    ],
    [
      'stop: { every: 100, half_width: { share: n > 1, at_most: 3 } }',
      '11:58  stop.half_width.at_most is 3 of a share, which every interval meets  (write 0.03 for ±3 points)',
    ],
    [
      'stop: { every: 100, half_width: { mean: nn + size, at_most: 3 } }',
      "11:41  stop.half_width.mean: nothing here is named 'nn'  (known here: unit_id, id, kind, size, n)",
    ],
    [
      'stop: { every: 100, best: { by: colour, mean: n, wants: lowest, fresh: 200 } }',
      "11:33  stop.best compares by 'colour', which not every item has  (name a field of all items, or of combinations one of their positions)",
    ],
    [
      'stop: { every: 500, best: { by: kind, mean: n, wants: lowest, fresh: 501 } }',
      '11:27  stop.best needs 1001 repetitions, 1 wave of 500 to choose among 2 and 501 fresh ones, and there are 1000  (write repeat: 1001, or make every or fresh smaller)',
    ],
    [
      'stop: { every: 500, best: { by: kind, mean: n, wants: cheapest, fresh: 1 } }',
      "11:55  stop.best.wants is 'cheapest'  (one of: highest, lowest)",
    ],
  ];

  it.each(cases)('is said with its place and the fix: %s', async (stop, said) => {
    expect(await mistakes(pipelineText(stop))).toEqual([said]);
  });

  it('may be that there is no gate to wait for, or one group only', async () => {
    const more = 'gates: [{ name: cheap, cost: { at_most: 1 } }]';
    expect(await mistakes(pipelineText('stop: { every: 100, gates: true }', { more }))).toEqual([
      '9:28  stop.gates waits for gates to be decided, and there is none that could be  (add a gate on a share or a mean, or stop by half_width)',
    ]);
    const one = pipelineText(
      'stop: { every: 10, best: { by: kind, mean: n, wants: lowest, fresh: 20 } }',
    ).replace('kind: ant', 'kind: bee');
    expect(await mistakes(one)).toEqual([
      "11:32  stop.best compares by 'kind', which is the same for all items  (name a field by which the items differ)",
    ]);
  });

  it('may be that there are more groups than a report has', async () => {
    const many = Array.from({ length: 201 }, (_, i) => `{ id: i${i} }`).join(', ');
    const text = pipelineText('stop: { every: 10, best: { by: id, mean: n, wants: lowest, fresh: 20 } }');
    expect(await mistakes(text.replace(ITEMS, `[${many}]`))).toEqual([
      "11:32  stop.best compares by 'id', which divides the items into 201 groups; 200 are the most  (name a field with fewer values)",
    ]);
  });

  it('is none where somebody only tries with fewer units, unless there is no best to find', async () => {
    expect(await mistakes(pipelineText('stop: { every: 100, gates: true }'), { repeat: 50 })).toEqual([]);
    const best = pipelineText('stop: { every: 100, best: { by: kind, mean: n, wants: lowest, fresh: 200 } }');
    expect(await mistakes(best, { repeat: 300 })).toEqual([]);
    expect(await mistakes(best, { repeat: 299 })).toHaveLength(1);
    expect(await mistakes(best, { maxUnits: 899 })).toHaveLength(1);
  });

  it('is doubtful where a wave would cut what was drawn together', async () => {
    const text = pipelineText('stop: { every: 25, gates: true }', { step: 'stratify: 10' });
    expect((await load(text)).warnings.map(formatWarning)).toEqual([
      expect.stringContaining(
        "stop.every is 25, and 'draw' draws in rounds of 10 repetitions, which a wave would cut  (make every a multiple of 10)",
      ),
    ]);
  });
});

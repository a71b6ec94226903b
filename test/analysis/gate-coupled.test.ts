// Gates over units that drew together: what would narrow their intervals.
import { expect, test } from 'vitest';
import { holdAgainst } from '../../src/analysis/against.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { expressionStep } from '../report/fixture.ts';
import { analyseRows, baseOf, changeGate, judged, region } from './gate-scene.ts';

const gate: Gate = {
  ...{ kind: 'share', name: 'claim', expr: 'x', region: region(0.5), confidence: 0.95 },
};

/** 0 1 1 1 0 1 ...: four items, each repetition with one luck for all of them. */
const rows = Array.from({ length: 400 }, (_, at) => ({ x: Math.floor(at / 4) % 9 < 5 }));

test('more repetitions are what settles a share whose units drew together, not more items', () => {
  const coupling = { streamBy: "'all'", antithetic: false, stratify: null };
  const pipeline = judged([gate], { repeat: 100, steps: [{ ...expressionStep('s', ['x']), coupling }] });
  const { gates } = analyseRows(pipeline, rows, {
    item: (at) => `item-${at % 4}`,
    repetition: (at) => Math.floor(at / 4),
  });
  expect(gates[0]?.state).toBe('inconclusive');
  expect(gates[0]?.interval?.method).toContain('shared draws (100 clusters)');
  expect(gates[0]?.toSettle).toBeGreaterThan(400);
  expect(gates[0]?.reason).not.toContain('more items');
});

test('a change of units that drew together is one of as many draws, however few', () => {
  const change = changeGate('share_change', region(-0.05));
  const coupling = { streamBy: "'all'", antithetic: false, stratify: null };
  const pipeline = judged(
    [change, changeGate('mean_change', region(-0.5), { name: 'steps', expr: 'steps' })],
    {
      repeat: 5,
      steps: [{ ...expressionStep('s', ['x']), coupling }],
    },
  );
  const scene = {
    item: (at: number) => `item-${at % 100}`,
    repetition: (at: number) => Math.floor(at / 100),
  };
  const run = (repeat: number, drops: number) =>
    analyseRows(
      pipeline,
      Array.from({ length: 100 * repeat }, (_, at) => {
        const luck = (Math.floor(at / 100) * 2) % 5;
        return { x: at % 100 < 80 - (luck === 0 ? drops : 0), steps: 3 + luck + (luck === 1 ? drops : 0) };
      }),
      scene,
    );
  const [share, mean] = holdAgainst(run(5, 10), pipeline, baseOf(run(5, 0))).gates;
  expect(share!.interval!.method).toContain('clustered by shared draws (5 clusters)');
  // One draw of five went wrong, by 10 points: of 500 units that are independent the change would pass.
  expect(share).toMatchObject({ state: 'inconclusive', n: 500 });
  expect(share!.interval!.low).toBeLessThan(-0.07);
  expect(share!.reason).not.toContain('more items');
  expect(mean!.state).toBe('inconclusive');
  const [alone, few] = holdAgainst(run(1, 10), pipeline, baseOf(run(1, 0))).gates;
  expect(alone!.interval).toMatchObject({ low: -1, high: 1 });
  expect(few).toMatchObject({ state: 'inconclusive', interval: null });
});

// Gates over units that drew together: what would narrow their intervals.
import { expect, test } from 'vitest';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { expressionStep } from '../report/fixture.ts';
import { analyseRows, judged, region } from './gate-scene.ts';

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

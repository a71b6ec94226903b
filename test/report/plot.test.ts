import { describe, expect, test } from 'vitest';
import {
  drawFunnel,
  drawIntervals,
  drawProgress,
  numberAxis,
  PLOT_WIDTH,
  shareAxis,
} from '../../src/report/plot.ts';
import { fc } from '../property.ts';

const label = fc.string({ unit: 'grapheme-ascii', maxLength: 90 });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const columns = (line: string) => [...line].length;

describe('plots', () => {
  test('never exceed 58 columns, whatever the labels and values', () => {
    const rows = fc.array(
      fc.tuple(label, share, share, share).map(([text, a, b, c]) => {
        const [low = 0, point = 0, high = 0] = [a, b, c].sort((x, y) => x - y);
        return { kind: 'interval' as const, label: text, figure: '99.9%', low, point, high };
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(rows, (drawn) => {
        for (const line of drawIntervals(shareAxis('share of units'), drawn, '95% CI')) {
          expect(columns(line)).toBeLessThanOrEqual(PLOT_WIDTH);
        }
      }),
    );
    const steps = fc.array(fc.tuple(label, fc.nat(99_999)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(steps, (drawn) => {
        const funnel = drawn.map(([text, left]) => ({
          label: text,
          left,
          lost: 100_000 - left,
          retried: left,
        }));
        const progress = drawn.map(([text, done]) => ({ label: text, done, note: '12 of 34 back' }));
        for (const line of [...drawFunnel(100_000, funnel), ...drawProgress(100_000, progress)]) {
          expect(columns(line)).toBeLessThanOrEqual(PLOT_WIDTH);
        }
      }),
    );
  });

  test('put the point inside its interval and the gate where it is', () => {
    const rows = [
      { kind: 'interval' as const, label: 'a', figure: '50%', low: 0.4, high: 0.6, point: 0.5 },
      { kind: 'gate' as const, region: '≥ 50%', bounds: [0.5] },
    ];
    const [, interval = '', gate = ''] = drawIntervals(shareAxis('share'), rows, '95% CI');
    expect(interval).toMatch(/░+█░+$/);
    expect(gate.indexOf('║')).toBe(interval.indexOf('█'));
  });

  test('a bar is full only when nothing is missing, and empty only when nothing is there', () => {
    const bars = drawFunnel(1000, [
      { label: 'all', left: 1000, lost: 0, retried: 0 },
      { label: 'nearly', left: 999, lost: 1, retried: 0 },
      { label: 'hardly', left: 1, lost: 998, retried: 0 },
      { label: 'none', left: 0, lost: 1, retried: 0 },
    ]).slice(1);
    expect(bars.map((line) => /[█░]+/.exec(line)?.[0].replace(/█+/, '█').replace(/░+/, '░'))).toEqual([
      '█',
      '█░',
      '█░',
      '░',
    ]);
  });

  test('an axis of numbers has round ticks and holds every value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 8 }),
        (values) => {
          const axis = numberAxis('mean', values);
          const slack = (axis.high - axis.low) * 1e-9;
          expect(axis.low).toBeLessThanOrEqual(Math.min(...values) + slack);
          expect(axis.high).toBeGreaterThanOrEqual(Math.max(...values) - slack);
          expect(axis.ticks.length).toBeLessThanOrEqual(6);
        },
      ),
    );
    expect(numberAxis('mean', [-0.4, 0.6]).ticks.map(({ text }) => text)).toEqual([
      '−0.5',
      '0.0',
      '0.5',
      '1.0',
    ]);
  });
});

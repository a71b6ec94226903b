// What a pipeline promises about chance.
import { describe, expect, it } from 'vitest';
import { falseAlarmRate } from '../../src/analysis/false-alarms.ts';
import type { Gate } from '../../src/pipeline/pipeline.ts';
import { falseAlarmNote } from '../../src/report/false-alarms.ts';
import { changeGate, region } from './gate-scene.ts';

const share = (confidence: number): Gate => ({
  kind: 'share',
  name: 'often',
  expr: 'x',
  region: region(0.5),
  confidence,
});
const cost: Gate = { kind: 'cost', name: 'cheap', region: region(null, 1) };
const change = changeGate('share_change', region(-0.02));

describe('the declared false-alarm rate', () => {
  it('of changes is what the pipeline allows, however many gates there are', () => {
    expect(falseAlarmRate({ gates: [change] })).toEqual({ changes: 0.01, absolute: null, total: 0.01 });
    expect(falseAlarmRate({ gates: [change, change, change], falseAlarms: 0.05 }).changes).toBe(0.05);
  });

  it('of other gates is the sum of what each may miss on one side', () => {
    expect(falseAlarmRate({ gates: [share(0.95), share(0.99), cost] })).toEqual({
      changes: null,
      absolute: 0.03,
      total: 0.03,
    });
    expect(falseAlarmRate({ gates: new Array<Gate>(100).fill(share(0.95)) }).absolute).toBe(1);
  });

  it('is none without a gate on an estimate', () => {
    expect(falseAlarmRate({ gates: [cost] })).toEqual({ changes: null, absolute: null, total: 0 });
    expect(falseAlarmNote(falseAlarmRate({ gates: [cost] }))).toBeNull();
  });

  it('is said to be about so where an interval is not exact', () => {
    const mean: Gate = { kind: 'mean', name: 'long', expr: 'x', region: region(3), confidence: 0.95 };
    const rate = falseAlarmRate({ gates: [mean, share(0.95)] });
    expect(rate).toEqual({ changes: null, absolute: 0.05, total: 0.05, isRough: true });
    expect(falseAlarmNote(rate)).toBe(
      'Values exactly on the bounds of their gates fail by chance in about 5% of runs, means of few and lopsided values in more, values inside less often.',
    );
  });

  it('is said in a sentence for each', () => {
    expect(falseAlarmNote(falseAlarmRate({ gates: [change, share(0.95)] }))).toBe(
      'Of pull requests that change nothing, at most 1% fail a gate on a change by chance. Values exactly on the bounds of their gates fail by chance in at most 2.5% of runs, values inside less often.',
    );
  });
});

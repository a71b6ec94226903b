// Pull requests that change nothing fail no more often than the pipeline declares: 100 of each kind on every day, 2,000 in
// `npm run prove "pull requests"`.
import { describe, expect, test } from 'vitest';
import { FALSE_ALARMS } from '../../src/analysis/against.ts';
import { exactShareInterval } from '../../src/analysis/intervals.ts';
import { Alarms, isOnChange, judge, loadQuiet, play } from './simulations/pull-requests.ts';

/** `npm run prove` sets this. */
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_PULL_REQUESTS === '1';
const REQUESTS = EXHAUSTIVE ? 2_000 : 100;

const { pipeline, items } = await loadQuiet();
const loaded = { pipeline, items };
const DECLARED = pipeline.falseAlarms ?? FALSE_ALARMS;

function shown(kind: string, alarms: Alarms): string {
  const { requests, failed } = alarms;
  const { low, high } = exactShareInterval(failed, requests, { size: requests, items: null }, 0.99);
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const rate = `${failed} of ${requests} pull requests, ${percent(failed / requests)} (99%: ${percent(low)} to ${percent(high)})`;
  const gates = [...alarms.states].map(
    ([name, { pass, fail, inconclusive }]) => `  ${name}: ${pass} pass, ${fail} fail, ${inconclusive} open`,
  );
  return [`${kind}: a gate on a change failed in ${rate}; declared ${percent(DECLARED)}`, ...gates].join(
    '\n',
  );
}

/** Holds what was found against the declared rate, beyond which chance alone gets in one proof of a million. */
function notAbove(alarms: Alarms, declared: number): void {
  const { low } = exactShareInterval(
    alarms.failed,
    alarms.requests,
    { size: alarms.requests, items: null },
    1 - 2e-6,
  );
  expect(low).toBeLessThanOrEqual(declared);
}

describe(`${REQUESTS} pull requests that change nothing`, () => {
  test('fail no more often than declared, whatever is known of the base', () => {
    const kinds = {
      'the same code on another seed, held as two samples': new Alarms(),
      'the same draws and other answers, held unit by unit': new Alarms(),
      'everything drawn anew, held unit by unit': new Alarms(),
    };
    const [seeds, answers, anew] = Object.values(kinds) as [Alarms, Alarms, Alarms];
    for (let at = 0; at < REQUESTS; at++) {
      const base = play(loaded, [`base ${at}`, `base ${at}`]);
      const other = play(loaded, [`head ${at}`, `head ${at}`]);
      seeds.add(judge(pipeline, base, other, 'estimates'));
      anew.add(judge(pipeline, base, other, 'units'));
      answers.add(judge(pipeline, base, play(loaded, [`base ${at}`, `answers ${at}`]), 'units'));
    }
    const lines = Object.entries(kinds).map(([kind, alarms]) => shown(kind, alarms));
    if (EXHAUSTIVE) console.log(lines.join('\n'));
    for (const alarms of Object.values(kinds)) notAbove(alarms, DECLARED);
  }, 1_800_000);

  test('with the same code and the same seed are exactly no change in anything, and fail nothing', () => {
    const requests = REQUESTS / 10;
    for (let at = 0; at < requests; at++) {
      const seeds = [`base ${at}`, `base ${at}`];
      const { against, gates } = judge(pipeline, play(loaded, seeds), play(loaded, seeds), 'units');
      const { changes, isSame } = against!.comparison!;
      expect(isSame).toBe(true);
      expect(changes.length).toBeGreaterThan(2);
      for (const { change, interval, gained, lost } of changes) {
        expect([change, gained, lost]).toEqual([0, 0, 0]);
        expect(interval!.low <= 0 && interval!.high >= 0).toBe(true);
      }
      expect(gates.filter((gate) => isOnChange(gate) && gate.state === 'fail')).toEqual([]);
    }
    if (EXHAUSTIVE) console.log(`the same code and seed: exactly no change in ${requests} pull requests`);
  }, 1_800_000);
});

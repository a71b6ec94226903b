// Random trouble, mixed: a few schedules every time, five hundred in `npm run prove faults`. One that fails is lived
// through again with OCTOBATCH_FAULT_SEED=<its number>.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOurs } from '../node-half.ts';
import { runCell, sideBySide } from './cell.ts';
import { SCENARIOS } from './scenarios.ts';
import { scheduleOf } from './schedule.ts';
import { type ServiceHost, startServiceHost } from './service.ts';
import { TARGETS } from './targets.ts';

const ONE = process.env.OCTOBATCH_FAULT_SEED;
const EXHAUSTIVE = process.env.OCTOBATCH_ALL_FAULTS === '1';
const COUNT = EXHAUSTIVE ? 500 : 25;

let host: ServiceHost;

beforeAll(() => {
  host = startServiceHost();
});

afterAll(async () => {
  await host.stop();
});

describe('a schedule of faults and deaths', () => {
  it('never costs a unit, a double or an unknown cent', async () => {
    const { results, breaches } = await runCell(host, SCENARIOS[0]!, TARGETS[0]!, null);
    expect(breaches).toEqual([]);
    const all = Array.from({ length: COUNT }, (_, index) => index + 1).filter(
      (seed) => EXHAUSTIVE || isOurs(seed),
    );
    const seeds = ONE === undefined ? all : [Number(ONE)];
    const found: string[] = [];
    const ends: string[] = [];
    await sideBySide(seeds, async (seed) => {
      const { scenario, target } = scheduleOf(seed);
      if (ONE !== undefined) console.log(target.name, JSON.stringify(scenario));
      const cell = await runCell(host, scenario, target, results);
      ends.push(...cell.ends);
      found.push(...cell.breaches.map((one) => `OCTOBATCH_FAULT_SEED=${seed} (${target.name}): ${one}`));
    });
    const times = (end: string) => ends.filter((one) => one === end).length;
    console.log(
      `${seeds.length} schedules of faults and deaths: ${times('died')} deaths, ${times('paused')} pauses, ${times('finished')} runs finished, ${found.length} breaches`,
    );
    expect(found).toEqual([]);
  }, 3_600_000);
});

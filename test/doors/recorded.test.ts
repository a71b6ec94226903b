// Answers that are there already, at the door: tried again where they failed, judged anew, replayed. Each command is a
// process of its own; the service is the simulator on the loopback address.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectDecent, openWorld, QUICK, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld('recorded');
  world.pipeline('tale');
});
afterAll(() => world.close());

describe('answers that are recorded', () => {
  it('are tried again where they failed, judged anew by a new rule, and replayed without a key', async () => {
    const once = '    retry: { max_attempts: 1 }';
    world.pipeline('judged', { step: once });
    await world.settings({ latency: QUICK, faults: { malformed: 1, fenced: 0 } });
    const failed = await world.octobatch([
      ...[
        'run',
        'judged',
        '--max-cost',
        '1',
        '--seed',
        '4',
        '--wait',
        '1s',
        '--run-dir',
        'answers',
        '--quiet',
      ],
    ]);
    expect(failed.code, failed.stdout).toBe(3);
    await world.settings({ latency: QUICK });
    const retried = await world.octobatch(['retry', 'answers', '--wait', '1s', '--quiet']);
    expect(retried.code, retried.stdout).toBe(0);
    expect(retried.stderr).toBe('6 units are tried again.\n');
    const again = await world.octobatch(['retry', 'answers', '--quiet']);
    expect([again.code, again.stderr]).toEqual([0, 'No failed unit is tried again.\n']);

    const billed = await world.billed();
    const unchanged = await world.octobatch(['revalidate', 'answers', '--quiet'], { TALE_KEY: '' });
    expect(unchanged.code).toBe(0);
    expect(unchanged.stdout).toMatch(/valid and \d failed now\.\nNo unit has another verdict\.\n$/);
    world.pipeline('judged', {
      step: `${once}\n    rules: [{ name: only_good, expr: good, error: "not good" }]`,
    });
    const judged = await world.octobatch(['revalidate', 'answers', '--quiet'], { TALE_KEY: '' });
    expect(judged.stdout).toMatch(/Against run \S+: 6 valid and 0 failed then, \d valid and \d failed now\./);
    expect(judged.stdout).toMatch(
      /^ {2}\w__rep000\d: valid -> invalid at tell, only_good: not good(; the recording has no further attempt)?$/m,
    );

    const replayed = await world.octobatch(
      ['run', 'tale', '--provider', 'replay', '--from', 'answers', '--seed', '4', '--quiet'],
      { TALE_KEY: '' },
    );
    expect(replayed.code, replayed.stdout + replayed.stderr).toBe(0);
    expect(replayed.stdout).toContain('recorded answers');
    expect(replayed.stdout).toContain('6 of 6 units valid');
    expect(await world.billed()).toBe(billed);
    for (const spoken of [failed, retried, judged, replayed]) expectDecent(spoken);
  });
});

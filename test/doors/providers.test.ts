// Each provider through the door, by its own protocol, and what happens when a service refuses a key or the money is
// used up. Real processes; the services are the simulator on the loopback address.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BAD_KEY,
  expectDecent,
  findInFiles,
  firstLine,
  inPairs,
  KEY,
  openWorld,
  type World,
} from './world.ts';

const WAYS = ['openai', 'anthropic', 'gemini'].flatMap((provider) =>
  ['batch', 'realtime'].map((mode) => ({ provider, mode })),
);

let world: World;
beforeAll(async () => {
  world = await openWorld('providers');
  world.pipeline('tale');
});
afterAll(() => world.close());

describe('each provider', () => {
  it('answers through the door, in batches and in single calls', async () => {
    await inPairs(WAYS, async ({ provider, mode }) => {
      const directory = join(world.folder, `${provider}-${mode}`);
      const spoken = await world.octobatch([
        ...['run', 'tale', '--provider', provider, '--model', 'small', '--mode', mode],
        ...['--max-cost', '1', '--seed', '60', '--run-dir', directory],
        // Half a minute lies between two looks at a batch, unless the wait is over.
        ...(mode === 'batch' ? ['--wait', '1s'] : []),
      ]);
      expect(spoken.code, spoken.stdout + spoken.stderr).toBe(0);
      expect(spoken.stdout).toContain('6 of 6 units valid');
      expect(spoken.stdout).toContain(`fresh answers from ${provider} small`);
      expect(spoken.stdout).toMatch(/^Cost: (under )?\$0\.000\d of at most \$1\.00/m);
      expectDecent(spoken);
      expect(findInFiles(directory, [KEY])).toEqual([]);
    });
  });
});

describe('a key that the service refuses', () => {
  it('pauses the run, which says what to do and names the key nowhere', async () => {
    await inPairs(['openai', 'anthropic', 'gemini'], async (provider) => {
      const directory = `bad-${provider}`;
      const refused = await world.octobatch(
        [
          ...['run', 'tale', '--provider', provider, '--model', 'small', '--seed', '70'],
          ...['--mode', provider === 'openai' ? 'batch' : 'realtime'],
          ...['--max-cost', '1', '--run-dir', directory],
        ],
        { TALE_KEY: BAD_KEY },
      );
      expect(refused.code).toBe(3);
      expect(refused.stdout).toMatch(/Set TALE_KEY to a key that this service accepts/);
      expect(refused.stdout).toContain(`collect ${directory}`);
      expectDecent(refused);
      expect(findInFiles(join(world.folder, directory), [BAD_KEY])).toEqual([]);
    });
    const status = await world.octobatch(['status', 'bad-gemini']);
    expect(status.stdout).toMatch(/^ {2}paused: gemini small: .*[^.]\. Set TALE_KEY to a key/m);
    expectDecent(status);
    const mended = await world.octobatch(['collect', 'bad-gemini']);
    expect(mended.code, mended.stdout).toBe(0);
  });

  it('is told the same way when the money ends in the middle, and what was answered is kept', async () => {
    world.pipeline('purse', { limits: ', max_requests: 3' });
    await world.settings({ mishaps: [{ at: { call: 'create', nth: 1 }, do: { kind: 'spend_limit' } }] });
    const paused = await world.octobatch(['run', 'purse', '--max-cost', '1', '--run-dir', 'purse-run']);
    await world.settings({});
    expect(paused.code).toBe(3);
    expect(firstLine(paused.stdout)).toContain('paused');
    expectDecent(paused);
    const mended = await world.octobatch(['collect', 'purse-run', '--wait', '1s']);
    expect(mended.code, mended.stdout).toBe(0);
    expect(mended.stdout).toContain('6 of 6 units valid');
  });
});

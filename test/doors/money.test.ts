// Money at the door: what a run may cost is told beforehand, nothing is sent without the word of whoever pays, and the
// ceiling holds. Real processes; the services are the simulator on the loopback address.
import { existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectDecent, firstLine, inPairs, openWorld, type World } from './world.ts';

/** `place  what  (fix)` on one line. */
const DIAGNOSTIC = /^\S.*? {2}\S.* {2}\(.+\)$/;
let world: World;
beforeAll(async () => {
  world = await openWorld('money');
  world.pipeline('tale');
});
afterAll(() => world.close());

describe('a plan', () => {
  it('tells the range, what it cannot exceed, and whether the ceiling is enough, without a key', async () => {
    const plans = await Promise.all(
      [[], ['--max-cost', '0.0001'], ['--max-cost', '9']].map((words) =>
        world.octobatch(['plan', 'tale', ...words], { TALE_KEY: '' }),
      ),
    );
    for (const plan of plans) {
      expect(plan.code).toBe(0);
      expect(plan.stdout).toMatch(
        /^ {2}tell: 6 to 18 requests to openai small in batches, \$0\.\d+ to \$0\.\d+$/m,
      );
      expect(plan.stdout).toMatch(/^ {2}cost \$0\.\d+ to \$0\.\d+$/m);
      expect(plan.stdout).toMatch(/^ {2}it cannot cost more than \$0\.\d+$/m);
    }
    expect(plans.map(({ stdout }) => /^ {2}(?:no )?cap.*$/m.exec(stdout)?.[0].trim())).toEqual([
      'no cap: set one with --max-cost',
      'cap $0.0001, the run will pause at it',
      'cap $9.00, enough in any case',
    ]);
    expect(await world.billed()).toBe(0);
  });
});

describe('a run that would cost money', () => {
  let listener: Server;
  let connections: number;

  beforeEach(async () => {
    connections = 0;
    listener = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const url = `http://127.0.0.1:${address.port}`;
    world.pipeline('refused', { url });
    writeFileSync(join(world.folder, 'strict.yaml'), 'models: [other-model]\nmax_cost: 1\n');
    world.pipeline('low', { url, more: 'max_cost: a lot' });
  });
  afterEach(() => new Promise((resolve) => listener.close(resolve)));

  const REFUSALS: readonly (readonly [string, readonly string[], Record<string, string>, RegExp])[] = [
    ['without its key', ['run', 'refused', '--max-cost', '1'], { TALE_KEY: '' }, /TALE_KEY .* is not set/],
    ['with no possible key', ['run', 'refused', '--max-cost', '1'], { TALE_KEY: 'a b' }, /holds characters/],
    ['without a ceiling', ['submit', 'refused'], {}, /has no ceiling.*--max-cost 5/],
    [
      'with a price nobody knows',
      ['run', 'refused', '--max-cost', '1', '--model', 'who'],
      {},
      /price of openai\/who/,
    ],
    ['with no number', ['run', 'refused', '--max-cost', 'much'], {}, /"much" is no amount/],
    ['with no number in the pipeline', ['run', 'low'], {}, /^low\/pipeline\.yaml:\d+:\d+ {2}/],
  ];

  it('is refused without a key, a ceiling or a price: one line, exit code 2, no connection', async () => {
    await inPairs(REFUSALS, async ([why, words, env, said]) => {
      const spoken = await world.octobatch(words, env);
      expect(spoken.code, why).toBe(2);
      expect(spoken.stdout, why).toBe('');
      expect(spoken.stderr.trimEnd(), why).toMatch(DIAGNOSTIC);
      expect(spoken.stderr, why).toMatch(said);
      expectDecent(spoken);
    });
    expect(connections).toBe(0);
    expect(existsSync(join(world.folder, '.octobatch'))).toBe(false);
  });

  it('is refused where the policy of who pays forbids it, each thing at its line', async () => {
    const spoken = await world.octobatch(['run', 'refused', '--max-cost', '1', '--policy', 'strict.yaml']);
    expect(spoken.code).toBe(2);
    const lines = spoken.stderr.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    for (const line of lines) expect(line).toMatch(DIAGNOSTIC);
    for (const line of lines) expect(line).toMatch(/^refused\/pipeline\.yaml:\d+:\d+ {2}/);
    expect(spoken.stderr).toMatch(/base_url/);
    expect(spoken.stderr).toMatch(/model/);
    expect(connections).toBe(0);
  });
});

describe('a ceiling that is too low', () => {
  it('pauses the run, and following what the report says brings it to its end', async () => {
    const started = await world.octobatch(['run', 'tale', '--max-cost', '0.0001', '--seed', '50']);
    expect(started.code).toBe(3);
    expect(firstLine(started.stdout)).toBe('Error: tale is paused by its cost cap, 0 of 6 units valid');
    expect(await world.billed()).toBe(0);
    const status = JSON.parse((await world.octobatch(['status', '--json'])).stdout);
    expect(status).toMatchObject({ state: 'open', paused: { kind: 'budget' }, money: { cap: '0.0001' } });

    let said = started;
    for (let turn = 0; turn < 5 && said.code === 3; turn++) {
      const advice = /collect\s+(\S+)\s+--max-cost\s+([\d.]+?)\.?\s/.exec(said.stdout);
      expect(advice, said.stdout).not.toBe(null);
      said = await world.octobatch(['collect', advice![1]!, '--max-cost', advice![2]!, '--wait', '1s']);
    }
    expect(said.code, said.stdout).toBe(0);
    expect(said.stdout).toContain('6 of 6 units valid');
    expectDecent(said);
  });
});

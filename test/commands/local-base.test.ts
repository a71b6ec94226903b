// A run held against another on the same machine: what `--baseline` does before anything is begun, and what it decides.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBaseline, viewAgainst } from '../../src/commands/local-base.ts';
import { type Outcome, workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const OPTIONS = { workerEntry: null, simulatorUrl: null };

/** `end` is how far the ship is; `model`: somebody is asked, so that the run waits. */
function walk({ end = 10, seed = 42, gate = 'no drop', model = false } = {}): string {
  const ask = `  - { name: ask, prompt: Hello, schema: { type: object, properties: { n: { type: integer } } } }\n`;
  return `name: walk
seed: ${seed}
items: [{ id: pier, start: 5 }]
repeat: 300
${model ? 'provider: simulated\n' : ''}steps:
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= ${end}
${model ? ask : ''}gates:
  - { name: ${gate}, share: "position > 0", change: { at_least: -0.1 } }
`;
}

let root: string;
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'octobatch-local-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function start(text: string) {
  const pipeline = join(root, `pipeline-${++folders}`);
  await mkdir(pipeline);
  await writeFile(join(pipeline, 'pipeline.yaml'), text);
  const latency = { minMs: 60_000, maxMs: 60_000 };
  const request = { pipeline, overrides: {}, root, runDirectory: null, faults: '', latency };
  return (await startRun(request, OPTIONS)).place;
}

/** Runs a pipeline to its end, against another run when there is one. */
async function run(text: string, against: Outcome | null = null): Promise<Outcome> {
  const place = await start(text);
  try {
    return await workAndPublish(place, {
      waitMs: 0,
      signal: new AbortController().signal,
      seen: () => {},
      launcher: 'octobatch',
      shownDirectory: null,
      only: 'work',
      ...(against === null ? {} : { view: viewAgainst(place, against.directory, OPTIONS) }),
    });
  } finally {
    await place.close();
  }
}

describe('a run held against another', () => {
  it('has its gates on changes decided, by units of both', async () => {
    const base = await run(walk());
    expect(base.report.verdict).toBe('inconclusive');
    const worse = await run(walk({ end: 20 }), base);
    expect(worse.report.verdict).toBe('fail');
    expect(worse.report.against).toMatchObject({ name: base.state.run, reason: null, isSame: false });
    expect((await run(walk({ end: 9 }), base)).report.verdict).toBe('pass');
  });

  it('judges both by its own gates, also those the other does not have', async () => {
    const base = await run(walk({ gate: 'another' }));
    expect((await run(walk({ end: 20, gate: 'new here' }), base)).report.verdict).toBe('fail');
  });

  it('says why it cannot be compared, and decides nothing', async () => {
    const base = await run(walk());
    const { report } = await run(walk({ end: 20, seed: 7 }), base);
    expect([report.verdict, report.against?.reason]).toEqual(['inconclusive', 'another seed']);
  });

  it('knows itself', async () => {
    const base = await run(walk({ end: 12 }));
    const { report } = await run(walk({ end: 12 }), base);
    expect([report.verdict, report.against?.isSame]).toEqual(['pass', true]);
  });
});

describe('the run that is named', () => {
  it('is refused when there is none, or it is not over: before anything is begun', async () => {
    await expect(findBaseline(root, 'nobody', OPTIONS)).rejects.toThrow(ConfigurationError);
    const waiting = await run(walk({ model: true }));
    expect(waiting.report.verdict).toBe('pending');
    const refusal = findBaseline(root, waiting.state.run, OPTIONS);
    await expect(refusal).rejects.toThrow('has no complete result');
  });

  it('is found by its id', async () => {
    const base = await run(walk());
    expect(await findBaseline(root, base.state.run, OPTIONS)).toBe(base.directory);
  });
});

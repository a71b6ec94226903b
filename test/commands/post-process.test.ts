// What is done after a run, with real programs in a real folder: once, recorded, trusted code only, every output in place.
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pause } from '../../src/adapters/provider-http.ts';
import { exitCodeOf } from '../../src/commands/exit-code.ts';
import { describeInFull } from '../../src/commands/info.ts';
import { repairRun } from '../../src/commands/repair.ts';
import { listUnfinished } from '../../src/commands/status.ts';
import { verifyRun } from '../../src/commands/verify.ts';
import { work } from '../../src/commands/work.ts';
import { STRICT_POLICY } from '../../src/pipeline/policy.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { blobsOf } from './kept-runs.ts';
import { afterWorld, openAgain, publishAt } from './post-process-world.ts';

const COUNT = `import { readFileSync } from 'node:fs';
const [run, field] = process.argv.slice(2);
const lines = readFileSync(run + '/results.jsonl', 'utf8').trim().split('\\n');
const values = lines.map((line) => JSON.parse(line)[field]);
console.log(field, values.length, new Set(values).size);
`;

const UNATTENDED = { workerEntry: null, simulatorUrl: null, environment: {} };

describe('after a run', () => {
  it('a script of the folder reads the results and its output is a file of the run', async () => {
    const world = afterWorld(
      'post_process:\n  - { script: count.mjs, args: [high], output: tables/count.txt }\n',
      { 'count.mjs': COUNT },
    );
    const { outputs, output, outcome, directory } = await world.run();
    expect(outputs).toEqual(['tables/count.txt']);
    expect(output('tables/count.txt')).toBe('high 40 2\n');
    expect(outcome.report.postProcess).toMatchObject([{ name: 'count.mjs', ok: true, why: null, count: 1 }]);
    expect(outcome.report.verdict).toBe('pass');
    expect(existsSync(join(directory, '.post-process'))).toBe(false);
    expect(JSON.parse(readFileSync(join(directory, 'outputs.json'), 'utf8'))).toMatchObject({
      count: 1,
      files: [{ path: 'tables/count.txt', bytes: 10 }],
    });
  });

  it('everything is done once: a second start and a later report show the same and run nothing', async () => {
    const world = afterWorld('post_process:\n  - { script: stamp.mjs, output: stamp.txt }\n', {
      'stamp.mjs': 'console.log(process.hrtime.bigint().toString());\n',
    });
    const first = await world.run();
    const said = first.output('stamp.txt');
    expect((await world.run()).output('stamp.txt')).toBe(said);
    const again = await publishAt(openAgain(first.directory), { only: 'report' });
    expect(again.output('stamp.txt')).toBe(said);
    expect(again.outcome.report.postProcess).toEqual(first.outcome.report.postProcess);
    const begun = (await first.events()).filter(({ type }) => type === 'post_process_begun');
    expect(begun).toHaveLength(1);
  });

  it.each([
    ['report', 'report'],
    ['collect', 'work'],
  ] as const)('a %s beside the process that is at a script leaves it at work', async (_, only) => {
    const world = afterWorld(
      'post_process:\n  - { gzip: [results.jsonl] }\n  - { script: slow.mjs, output: slow.txt, timeout_seconds: 3600 }\n',
      {
        'slow.mjs': `import { existsSync, writeFileSync } from 'node:fs';
writeFileSync(process.argv[2] + '/../started', '');
while (!existsSync(process.argv[2] + '/../go')) await new Promise((next) => setTimeout(next, 20));
console.log('done');
`,
      },
    );
    const place = await world.start();
    const first = publishAt(place);
    while (!existsSync(join(place.directory, 'started'))) await pause(20);
    const other = openAgain(place.directory);
    const owners = { self: 'another process', isFinished: async () => false };
    const beside = await publishAt({ ...other, ports: { ...other.ports, owners } }, { only });
    writeFileSync(join(place.directory, 'go'), '');
    expect(beside.outcome.report.postProcess?.map(({ name }) => name)).toEqual(['gzip']);
    const { outcome, outputs } = await first;
    expect(outcome.report.postProcess?.map(({ ok, why }) => [ok, why])).toEqual([
      [true, null],
      [true, null],
    ]);
    expect(outputs).toEqual(['results.jsonl.gz', 'slow.txt']);
  });

  it('a run that died between its end and its last entry is taken up by a collect that names none', async () => {
    const world = afterWorld('post_process:\n  - { gzip: [results.jsonl] }\n  - { gzip: [report.md] }\n');
    const place = await world.start();
    await work(place, { waitMs: null, signal: new AbortController().signal, seen: () => {} });
    await place.close();
    const left = await listUnfinished(world.root, UNATTENDED);
    expect(left).toEqual([place.directory]);
    expect((await publishAt(openAgain(left[0]!))).outputs).toEqual(['report.md.gz', 'results.jsonl.gz']);
    expect(await listUnfinished(world.root, UNATTENDED)).toEqual([]);
  });

  it('a script that failed keeps no run open', async () => {
    const world = afterWorld('post_process:\n  - { script: no.mjs }\n', { 'no.mjs': 'process.exit(1);\n' });
    await world.run();
    expect(await listUnfinished(world.root, UNATTENDED)).toEqual([]);
  });

  it('a job that has only the journal and its blobs puts the same files in place', async () => {
    const entries = [
      '  - { script: stamp.mjs, output: stamp.txt }',
      '  - { analysis: { group_by: sides, count: [high] }, output: high.txt }',
      "  - { extract: \"'units/' + unit_id + '.json'\" }",
      '  - { gzip: ["outputs/*.txt", results.jsonl] }',
    ];
    const world = afterWorld(`post_process:\n${entries.join('\n')}\n`, {
      'stamp.mjs': 'console.log(process.hrtime.bigint().toString());\n',
    });
    const { directory, outputs } = await world.run();
    const read = () =>
      outputs.map((path) => readFileSync(join(directory, 'outputs', path)).toString('base64'));
    const before = read();
    expect(outputs).toHaveLength(40 + 3);
    expect(outputs).toContain('results.jsonl.gz');
    rmSync(join(directory, 'outputs'), { recursive: true });
    await publishAt(openAgain(directory), { only: 'report' });
    expect(read()).toEqual(before);
  });

  it('a script step of the pipeline runs before its other entries, and imports what lies beside it', async () => {
    const world = afterWorld(
      '  - { name: first, script: tools/first.mjs }\npost_process:\n  - { script: tools/second.mjs, output: b.txt }\n',
      {
        'tools/first.mjs': `import { word } from './words.mjs';
import { mkdirSync, writeFileSync } from 'node:fs';
writeFileSync(process.env.OCTOBATCH_OUTPUTS + '/a.txt', word);`,
        'tools/second.mjs': `import { readFileSync } from 'node:fs';
process.stdout.write(readFileSync(process.argv[2] + '/outputs/a.txt', 'utf8') + ' again');`,
        'tools/words.mjs': "export const word = 'hello';\n",
      },
    );
    const { output, outcome } = await world.run();
    expect(outcome.report.postProcess).toMatchObject([{ name: 'first', ok: true }, { ok: true }]);
    expect(output('b.txt')).toBe('hello again');
  });

  it('a program gets neither keys nor tokens, nor anything to read', async () => {
    const world = afterWorld('post_process:\n  - { script: env.mjs, output: env.json }\n', {
      'env.mjs': `import { readFileSync } from 'node:fs';
console.log(JSON.stringify({ names: Object.keys(process.env).sort(), stdin: readFileSync(0, 'utf8'), here: process.cwd() === process.argv[2] }));`,
    });
    const environment = { PATH: process.env.PATH, OPENAI_API_KEY: 'k', GITHUB_TOKEN: 't', NODE_OPTIONS: '' };
    const { output } = await world.run({ environment });
    expect(JSON.parse(output('env.json'))).toEqual({
      names: ['OCTOBATCH_OUTPUTS', 'OCTOBATCH_RUN', 'PATH', 'PYTHONDONTWRITEBYTECODE'],
      stdin: '',
      here: true,
    });
  });

  it('each unit becomes a file, and units whose file has no name are counted', async () => {
    const extract = `"('../' if face == 1 else '') + ('same' if face == 2 else unit_id) + '.txt'"`;
    const world = afterWorld(`post_process:\n  - { extract: ${extract}, field: high }\n`);
    const { outcome, outputs, output } = await world.run();
    const [entry] = outcome.report.postProcess!;
    expect(entry!.ok).toBe(true);
    expect(entry!.why).toMatch(/^\d+ of 40 units have no file; the first, \w+__rep\d{4}: its path /);
    expect(outputs.every((path) => /^(?:same|\w+__rep\d{4})\.txt$/.test(path))).toBe(true);
    expect(['yes', 'no']).toContain(output(outputs[0]!));
  });

  it('what it came to is named by the journal: a repair long after leaves it alone', async () => {
    const world = afterWorld('post_process:\n  - { script: hello.mjs, output: hello.txt }\n', {
      'hello.mjs': "console.log('hello');\n",
    });
    const { directory } = await world.run();
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const path of blobsOf(directory)) utimesSync(path, old, old);
    const publish = async () => {};
    expect(await verifyRun(directory, UNATTENDED)).toMatchObject({ sound: true, findings: [] });
    expect(await repairRun({ directory, sources: [], publish }, UNATTENDED)).toMatchObject({ done: [] });
    rmSync(join(directory, 'outputs'), { recursive: true });
    expect((await publishAt(openAgain(directory), { only: 'report' })).output('hello.txt')).toBe('hello\n');
    const { outputs } = await describeInFull(world.root, directory, UNATTENDED);
    expect(outputs).toEqual({ count: 1, bytes: 6, files: [{ path: 'hello.txt', bytes: 6 }] });
  });

  it('a pattern of an Octobatch folder finds what an earlier entry made, and that wins over a file of the run', async () => {
    const config = `pipeline: { steps: [{ name: roll, scope: expression, expressions: { face: "random.randint(1, 6)" } }] }
processing: { strategy: direct, items: { source: items.yaml, key: items } }
post_process:
  - { name: Faces, script: scripts/analyze_results.py, args: [--group-by, id, --numeric-field, face], output: report.md }
  - { name: Pack, type: gzip, files: ["*.md"] }
`;
    const { outputs, directory } = await afterWorld('', {
      'config.yaml': config,
      'items.yaml': 'items: [{ id: a }, { id: b }]\n',
    }).run();
    expect(outputs).toEqual(['report.md.gz']);
    const packed = readFileSync(join(directory, 'outputs', 'report.md.gz'));
    expect(gunzipSync(packed).toString()).toContain('Total: 2 results');
  });

  it('a script that fails spoils nothing: not what others made, and not what those after it read', async () => {
    const { outputs, output } = await afterWorld(
      `post_process:
  - { script: hello.mjs, output: hello.txt }
  - { script: spoil.mjs, on_failure: warn }
  - { script: read.mjs, output: lines.txt }
`,
      {
        'hello.mjs': "console.log('hello');\n",
        'spoil.mjs': `import { rmSync, writeFileSync } from 'node:fs';
rmSync('outputs/hello.txt');
writeFileSync('results.jsonl', 'forged');
process.exit(1);
`,
        'read.mjs':
          "import { readFileSync } from 'node:fs';\nconsole.log(readFileSync('results.jsonl', 'utf8').includes('forged'));\n",
      },
    ).run();
    expect(outputs).toEqual(['hello.txt', 'lines.txt']);
    expect([output('hello.txt'), output('lines.txt')]).toEqual(['hello\n', 'false\n']);
  });

  it('files are compressed to the same bytes, without time and system', async () => {
    const entries = `  - { analysis: { numbers: [face] }, output: face.txt }\n  - { gzip: [outputs/face.txt] }\n`;
    const bytes = async () => {
      const { directory } = await afterWorld(`post_process:\n${entries}`).run();
      return readFileSync(join(directory, 'outputs', 'face.txt.gz'));
    };
    const [one, two] = [await bytes(), await bytes()];
    expect(one.equals(two)).toBe(true);
    expect([...one.subarray(4, 8), one[9]]).toEqual([0, 0, 0, 0, 255]);
    expect(gunzipSync(one).toString()).toContain('Total: 40 results');
  });
});

describe('a script that fails', () => {
  const failing = (how: string) =>
    afterWorld(`post_process:\n  - { script: bad.mjs, output: bad.txt${how} }\n`, {
      'bad.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync('outputs/half.txt', 'half');
console.log('printed'); console.error('the table <b>is</b> empty'); process.exit(3);`,
    });

  it('makes the run one in error, and nothing of what it left is kept', async () => {
    const { outcome, outputs } = await failing('').run();
    const { report } = outcome;
    expect(report.verdict).toBe('error');
    expect(report.error).toEqual({ kind: 'script', name: 'bad.mjs', why: 'it ended with exit code 3' });
    expect(exitCodeOf(report, 'fail')).toBe(3);
    expect(outputs).toEqual([]);
    expect(report.units).toMatchObject({ planned: 40, valid: 40 });
    const { provenance } = report;
    const shown = { ...provenance, path: 'dice', reproduce: 'octobatch run dice' };
    await expect(toMarkdown({ ...report, provenance: shown, timing: null })).toMatchFileSnapshot(
      '../golden/commands/post-process-failed.md',
    );
  });

  it('is told and nothing else where the pipeline says so', async () => {
    const { outcome } = await failing(', on_failure: warn').run();
    expect(outcome.report.verdict).toBe('pass');
    expect(toMarkdown(outcome.report)).toContain('it ended with exit code 3');
  });

  it('is run again when a person goes on with the run, and when it was mended', async () => {
    const world = failing('');
    const first = await world.run();
    expect((await world.run()).outcome.report.verdict).toBe('error');
    expect((await first.events()).filter(({ type }) => type === 'post_process_ended')).toHaveLength(1);
    await world.run({}, { again: true });
    expect((await first.events()).filter(({ type }) => type === 'post_process_ended')).toHaveLength(2);
    world.write({ 'bad.mjs': "console.log('mended');\n" });
    const { outcome, output } = await world.run();
    expect(outcome.report.verdict).toBe('pass');
    expect(output('bad.txt')).toBe('mended\n');
  });

  it('because its program is not there says so', async () => {
    const world = afterWorld('post_process:\n  - { script: a.rb, command: [no-such-program] }\n', {
      'a.rb': '1',
    });
    const { outcome } = await world.run();
    expect(outcome.report.error).toMatchObject({
      why: 'no-such-program is not installed here: install it, or name another program that runs the script',
    });
  });
});

describe('code that nobody vouches for', () => {
  const world = () =>
    afterWorld(
      'post_process:\n  - { script: a.mjs, output: a.txt }\n  - { analysis: { count: [high] }, output: high.txt }\n',
      { 'a.mjs': "console.log('ran');\n" },
    );

  it.each([
    ['under a policy', { policy: STRICT_POLICY }],
    [
      'of a stranger, whatever the policy says',
      { policy: { ...STRICT_POLICY, scripts: true }, isForeign: true },
    ],
    ['of a stranger without a policy', { isForeign: true }],
  ])('%s is not run, and the report says so; tables are made', async (_, options) => {
    const { outputs, outcome } = await world().run(options);
    expect(outputs).toEqual(['high.txt']);
    expect(outcome.report.verdict).toBe('pass');
    expect(outcome.report.notRun).toMatchObject([{ name: 'a.mjs' }]);
    expect(outcome.report.notRun[0]!.reason).toContain('vouches for its code');
  });

  it('is not run by whoever collects it either, until somebody who may starts it', async () => {
    const one = world();
    const { directory } = await one.run({ policy: STRICT_POLICY });
    expect((await publishAt(openAgain(directory))).outputs).toEqual(['high.txt']);
    expect((await one.run()).outputs).toEqual(['a.txt', 'high.txt']);
    // From then on the code is vouched for, and nobody takes it back.
    expect((await one.run({ policy: STRICT_POLICY })).outputs).toEqual(['a.txt', 'high.txt']);
  });

  it('waits for somebody who may run it when a job that may not goes on with the run', async () => {
    const one = world();
    const place = await one.start();
    await place.close();
    const { outcome, outputs } = await publishAt(openAgain(place.directory, { policy: STRICT_POLICY }));
    expect(outputs).toEqual([]);
    expect(outcome.report.notRun.map(({ name }) => name)).toEqual(['a.mjs', 'high.txt']);
    expect((await publishAt(openAgain(place.directory))).outputs).toEqual(['a.txt', 'high.txt']);
  });

  it('is run under a policy that says scripts: true', async () => {
    const { outputs } = await world().run({ policy: { ...STRICT_POLICY, scripts: true } });
    expect(outputs).toEqual(['a.txt', 'high.txt']);
  });
});

// What is asked for after a run, read from both forms: everything that can be done is taken along, and what cannot says why.

import { describe, expect, it } from 'vitest';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { matchesPattern, outputName, outputPathProblem } from '../../src/pipeline/output-path.ts';
import type { Pipeline } from '../../src/pipeline/pipeline.ts';
import { normalisedText, pipelineFromJson, pipelineToJson } from '../../src/pipeline/snapshot.ts';
import { fc } from '../property.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

type Texts = Readonly<Record<string, string>>;

const NATIVE = `name: dice
items: [{ id: red }]
steps:
  - { name: roll, expressions: { face: "random.randint(1, 6)" } }
`;

const OCTOBATCH = `pipeline:
  steps:
    - { name: roll, scope: expression, expressions: { face: "random.randint(1, 6)" } }
STEPSprocessing: { strategy: direct, items: { source: items.yaml, key: items } }
post_process:
`;

async function load(texts: Texts): Promise<Pipeline> {
  return (await loadPipeline(memoryFolder(texts), {}, checkSchema)).pipeline;
}

const native = (after: string, files: Texts = {}) => load({ 'pipeline.yaml': NATIVE + after, ...files });

const octobatch = (entries: string, files: Texts = {}, steps = '') =>
  load({
    'config.yaml': OCTOBATCH.replace('STEPS', steps) + entries,
    'items.yaml': 'items: [{ id: red }]\n',
    ...files,
  });

async function mistakes(after: string, files: Texts = {}): Promise<string> {
  try {
    await native(after, files);
    return '(loads)';
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map(formatDiagnostic).join('\n');
  }
}

describe('the native form', () => {
  it('takes no hidden file along, and none at all with a script that has no ending', async () => {
    const { postProcess } = await native(
      `post_process:
  - { script: v, command: [sh] }
  - { script: tools.d/v, command: [sh] }
  - { script: a.py }
`,
      {
        v: 'echo',
        '.env': 'KEY=1',
        'x.d/v': '',
        'tools.d/v': 'echo',
        'tools.d/w': '',
        'a.py': '',
        '.b.py': '',
        'c.py': 'c',
      },
    );
    expect((postProcess ?? []).map((one) => one.kind === 'script' && one.beside)).toEqual([
      {},
      {},
      { 'c.py': 'c' },
    ]);
  });

  it('takes scripts along, with what lies beside them, and the other entries in order', async () => {
    const pipeline = await native(
      `  - { name: sum, script: tools/sum.py, args: [--by, 3, true], on_failure: warn }
post_process:
  - { script: plot.rb, command: [ruby, -w], output: plot.svg, timeout_seconds: 5, max_output_bytes: 99 }
  - { analysis: { group_by: id, count: [face], net_positive: [6], title: Faces }, output: faces.txt }
  - { extract: unit_id + '.json', field: face, gzip: true }
  - { gzip: ['outputs/*.txt'], keep_originals: true, name: pack }
`,
      { 'tools/sum.py': 'import b\n', 'tools/b.py': 'x = 1\n', 'tools/deep/c.py': '', 'plot.rb': 'puts 1\n' },
    );
    expect(pipeline.steps.map(({ name }) => name)).toEqual(['roll']);
    expect(pipeline.postProcess).toEqual([
      {
        kind: 'script',
        name: 'sum',
        path: 'tools/sum.py',
        source: 'import b\n',
        beside: { 'tools/b.py': 'x = 1\n' },
        interpreter: null,
        args: ['--by', '3', 'true'],
        output: null,
        timeoutSeconds: 60,
        maxOutputBytes: 10_000_000,
        onFailure: 'warn',
      },
      {
        kind: 'script',
        name: 'plot.rb',
        path: 'plot.rb',
        source: 'puts 1\n',
        beside: {},
        interpreter: ['ruby', '-w'],
        args: [],
        output: 'plot.svg',
        timeoutSeconds: 5,
        maxOutputBytes: 99,
        onFailure: 'fail',
      },
      {
        kind: 'analysis',
        name: 'Faces',
        output: 'faces.txt',
        title: 'Faces',
        groupBy: 'id',
        counts: ['face'],
        numbers: [],
        netPositive: ['6'],
        netNegative: [],
        stats: [],
        format: 'table',
      },
      {
        kind: 'extract',
        name: 'extract',
        output: null,
        file: "unit_id + '.json'",
        field: 'face',
        content: null,
        compressed: true,
      },
      { kind: 'gzip', name: 'pack', output: null, files: ['outputs/*.txt'], keepOriginals: true },
    ]);
  });

  it('survives the snapshot, and is no part of what determines results', async () => {
    const pipeline = await native("post_process: [{ gzip: ['outputs/*'] }]\n");
    expect(pipelineFromJson(pipelineToJson(pipeline))).toEqual(pipeline);
    expect(normalisedText(pipeline)).toBe(normalisedText(await native('')));
    expect(Object.keys(await native(''))).not.toContain('postProcess');
  });

  it('says every mistake at its place', async () => {
    const said = await mistakes(
      `  - { name: late, script: a.py }
  - { name: after, expressions: { x: "1" } }
post_process:
  - { script: gone.py }
  - { script: ../out.py }
  - { script: a.zz }
  - { script: a.py, output: ../x.txt }
  - { analysis: {}, output: a.txt }
  - { analysis: { count: [x], numbers: [y], format: csv }, output: A.txt }
  - { analysis: { numbers: [y], net_positive: [z] }, output: n.txt }
  - { extract: "unit_id +" }
  - { gzip: [/etc/passwd] }
  - { gzip: ['*'], kep_originals: true }
`,
      { 'a.py': '', 'a.zz': '' },
    );
    await expect(`${said}\n`).toMatchFileSnapshot('../golden/pipeline/post-process-mistakes.txt');
  });

  it('needs a step that units go through', async () => {
    const text = 'name: x\nitems: [{ id: a }]\nsteps: [{ name: s, script: a.py }]\n';
    await expect(load({ 'pipeline.yaml': text, 'a.py': '' })).rejects.toThrow(
      'no step before the first script',
    );
  });
});

describe('the Octobatch form', () => {
  it("becomes a table where Octobatch's analyser is called, whichever way its flags are written", async () => {
    const { postProcess, report, notRun } = await octobatch(`  - name: Wins
    script: scripts/analyze_results.py
    args: [--group-by, id, --count-field=face, --net-positive, 6, --net-positive, "5", --net-negative=1, --output-format, csv]
  - name: Faces
    script: ./scripts/analyze_results.py
    args: [--group-by=id, --numeric-field, face, --custom-stat, "Spread=max_val-min_val", --custom-stat, broken, --title, T]
    output: faces.txt
`);
    expect(notRun).toEqual([]);
    expect(postProcess).toMatchObject([
      {
        kind: 'analysis',
        output: 'Wins.csv',
        format: 'csv',
        counts: ['face'],
        netPositive: ['6', '5'],
        netNegative: ['1'],
      },
      {
        kind: 'analysis',
        output: 'faces.txt',
        title: 'T',
        numbers: ['face'],
        stats: [{ name: 'Spread', expr: 'max_val-min_val' }],
      },
    ]);
    expect(report).toMatchObject({ groupBy: 'id', outcomes: ['face'], metrics: ['face'] });
  });

  it('finds scripts of its own folder by the path from the root of Octobatch, and only warns when they fail', async () => {
    const { postProcess, notRun } = await octobatch(
      `  - { name: Mine, script: pipelines/Dice/tools/mine.py, args: [3], output: mine.txt }
  - { name: Theirs, script: scripts/generate_report.py }
  - { name: Pack, type: gzip, files: ["chunks/*/*.jsonl"], keep_originals: true }
  - { name: What, type: upload }
`,
      { 'tools/mine.py': 'print(1)\n' },
    );
    expect(postProcess).toMatchObject([
      { kind: 'script', path: 'tools/mine.py', args: ['3'], output: 'mine.txt', onFailure: 'warn' },
      { kind: 'gzip', files: ['chunks/*/*.jsonl', 'outputs/chunks/*/*.jsonl'], keepOriginals: true },
    ]);
    expect(notRun).toEqual([
      {
        name: 'Theirs',
        reason: "scripts/generate_report.py is not in the pipeline's folder: put generate_report.py there",
      },
      { name: 'What', reason: "a type 'upload' is not known: it is script or gzip" },
    ]);
  });

  it('runs steps with scope: run before post_process, its extractor as our own', async () => {
    const steps = `    - { name: units, scope: run, script: scripts/extract_units.py, output_dir: outputs/all, filename_expression: "data['id'] + '/x'", compression: gzip }
    - { name: sum, scope: run, script: pipelines/Dice/sum.py }
`;
    const { postProcess, steps: kept } = await octobatch('', { 'sum.py': '' }, steps);
    expect(kept.map(({ name }) => name)).toEqual(['roll']);
    expect(postProcess).toMatchObject([
      { kind: 'extract', name: 'units', compressed: true, field: null, content: null },
      {
        kind: 'script',
        args: ['--run-dir', '{run}', '--step-name', 'sum', '--config', '{run}/config/config.yaml'],
      },
    ]);
  });

  it.each([
    ['[]', 'the analyser needs --group-by'],
    ['[--group-by]', "the analyser's --group-by has no value"],
    ['[--group-by, id]', 'the analyser needs either --count-field or --numeric-field'],
    ['[--group-by, id, --colour, red]', 'the analyser has no argument --colour'],
  ])('leaves out a call of the analyser with %s and says why', async (args, reason) => {
    const { notRun, postProcess } = await octobatch(
      `  - { name: A, script: scripts/analyze_results.py, args: ${args} }\n`,
    );
    expect(notRun).toEqual([{ name: 'A', reason }]);
    expect(postProcess).toBeUndefined();
  });
});

describe('a path below outputs/', () => {
  it('is one that stays there on every system, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: 'binary' }), (text) => {
        if (outputPathProblem(text) !== null) return;
        for (const part of text.split('/')) expect(part).toMatch(/^[\w(@=+,-][\w .()@=+,-]*$/);
        expect(text).not.toMatch(/(?:^|\/)\.|[. ](?:\/|$)|\\|:/);
      }),
    );
  });

  it('can be made from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(outputPathProblem(outputName(text))).toBeNull();
      }),
    );
  });

  it.each([
    ['*.txt', 'a.txt', true],
    ['*.txt', 'b/a.txt', false],
    ['**/*.txt', 'a.txt', true],
    ['**/*.txt', 'b/c/a.txt', true],
    ['chunks/*/play_*.jsonl', 'chunks/chunk_000/play_validated.jsonl', true],
    ['chunks/*/play_*.jsonl', 'chunks/chunk_000/deep/play_validated.jsonl', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['outputs/**', 'outputs/a/b', true],
  ])('%s matches %s: %s', (pattern, path, matches) => {
    expect(matchesPattern(pattern, path)).toBe(matches);
  });

  it('is matched in time that does not explode', () => {
    expect(matchesPattern(`${'*a'.repeat(200)}b`, 'a'.repeat(5_000))).toBe(false);
    expect(matchesPattern(`${'**/'.repeat(100)}b`, Array(500).fill('a').join('/'))).toBe(false);
  });
});

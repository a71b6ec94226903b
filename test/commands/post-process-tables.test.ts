// The tables that are made after a run, and a folder of Octobatch whose scripts look for its files.
import { describe, expect, it } from 'vitest';
import { type AfterWorld, afterWorld } from './post-process-world.ts';

const HAGGLE = `name: haggle
seed: 3
items:
  - { id: a, seller: "Ada, the first" }
  - { id: b, seller: "=SUM(A1)" }
  - { id: c, seller: "two\\nlines" }
repeat: 30
steps:
  - name: deal
    expressions:
      price: round(random.uniform(1, 20), 2)
      outcome: "'deal' if price < 12 else 'walk' if price < 18 else 'quarrel'"
    ranges: { price: { max: 19 } }
`;

const TABLES = `post_process:
  - analysis: { group_by: seller, count: [outcome], net_positive: [DEAL], net_negative: [quarrel, walk], title: Deals by seller }
    output: deals.txt
  - analysis: { group_by: seller, count: [outcome], net_positive: [deal], format: csv }
    output: deals.csv
  - analysis: { count: [outcome], numbers: [price] }
    output: all.txt
  - analysis: { group_by: outcome, numbers: [price], format: csv }
    output: prices.csv
  - analysis: { numbers: [colour] }
    output: none.txt
`;

describe('a table', () => {
  it('has the figures of the report, defuses names, and says what failed', async () => {
    const world = afterWorld('', { 'pipeline.yaml': HAGGLE + TABLES });
    const { output, outputs, outcome } = await world.run();
    expect(outputs).toEqual(['all.txt', 'deals.csv', 'deals.txt', 'prices.csv']);
    const text = outputs.map((path) => `--- ${path}\n${output(path).replaceAll('\r\n', '\n')}\n`).join('');
    await expect(text).toMatchFileSnapshot('../golden/commands/post-process-tables.txt');
    expect(outcome.report.postProcess!.at(-1)).toMatchObject({
      ok: false,
      why: 'no valid unit has a value in colour',
    });
    // A table that is empty is no failure of the run.
    expect(outcome.report.verdict).toBe('pass');
  });
});

const CONFIG = `seed: 5
pipeline:
  steps:
    - { name: roll, scope: expression, expressions: { face: "random.randint(1, 6)", even: "face % 2 == 0" } }
    - { name: units, scope: run, script: scripts/extract_units.py, filename_expression: "data['unit_id']", content_expression: "data['face']" }
    - { name: count, scope: run, script: count.mjs }
processing:
  strategy: direct
  repeat: 10
  items: { source: items.yaml, key: items }
post_process:
  - name: Faces
    script: scripts/analyze_results.py
    args: [--group-by, id, --numeric-field, face, --custom-stat, "Spread=max_val-min_val", --custom-stat, "Bad=nothing + 1", --title, Faces]
    output: faces.txt
  - { name: Seen, script: pipelines/Dice/seen.mjs, args: [--field, face], output: seen.txt }
  - { name: Failing, script: fail.mjs }
  - { name: Pack, type: gzip, files: ["chunks/*/roll_validated.jsonl", "outputs/faces.txt"] }
`;

const SEEN = `import { readdirSync, readFileSync } from 'node:fs';
const [run, ...args] = process.argv.slice(2);
const chunks = readdirSync(run + '/chunks');
const lines = chunks.flatMap((chunk) => readFileSync(run + '/chunks/' + chunk + '/roll_validated.jsonl', 'utf8').trim().split('\\n'));
const manifest = JSON.parse(readFileSync(run + '/MANIFEST.json', 'utf8'));
console.log(args.join(' '), lines.length, manifest.pipeline.join(' '));
`;

describe('a folder of Octobatch', () => {
  const world = (): AfterWorld =>
    afterWorld('', {
      'config.yaml': CONFIG,
      'items.yaml': 'items: [{ id: red }, { id: blue }]\n',
      'seen.mjs': SEEN,
      'count.mjs': `import { writeFileSync } from 'node:fs';
writeFileSync(process.env.OCTOBATCH_OUTPUTS + '/args.txt', process.argv.slice(2).join(' ').replaceAll(process.cwd(), 'RUN'));`,
      'fail.mjs': 'process.exit(2);\n',
    });

  it("gets Octobatch's files, calls and names, and a script that fails only warns", async () => {
    const { output, outputs, outcome } = await world().run();
    const { report } = outcome;
    expect(report.verdict).toBe('pass');
    expect(report.postProcess!.map(({ name, ok }) => [name, ok])).toEqual([
      ['units', true],
      ['count', true],
      ['Faces', true],
      ['Seen', true],
      ['Failing', false],
      ['Pack', true],
    ]);
    expect(output('seen.txt')).toBe('--field face 20 roll\n');
    expect(output('args.txt')).toBe('--run-dir RUN --step-name count --config RUN/config/config.yaml');
    expect(output('units/red__rep0003.json')).toMatch(/^[1-6]\n$/);
    expect(outputs.filter((path) => !path.startsWith('units/'))).toEqual([
      'args.txt',
      'chunks/chunk_000/roll_validated.jsonl.gz',
      'faces.txt.gz',
      'seen.txt',
    ]);
  });

  it('has the columns that a person asked for, and a note where one has no value', async () => {
    const one = world();
    one.write({ 'config.yaml': CONFIG.replace(/ {2}- \{ name: Pack.*\n/, '') });
    const { output, outcome } = await one.run();
    expect(output('faces.txt')).toMatch(/Group \| Count \| Mean \| .* \| Spread \| Bad\n/);
    expect(output('faces.txt')).toMatch(/red {3}\| {4}10 \|.*\| {3}\d\.00 \| {3}-\n/);
    const faces = outcome.report.postProcess!.find(({ name }) => name === 'Faces')!;
    expect(faces.why).toContain('the column Bad has no value in some group');
  });
});

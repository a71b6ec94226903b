// A run written as Octobatch's run directory: every unit is where Octobatch's scripts look for it, and the counts are the run's.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportOctobatch, formatOctobatch } from '../../src/commands/export-octobatch.ts';
import { JsonText, writeYaml } from '../../src/commands/octobatch-yaml.ts';
import { openResults } from '../../src/commands/result-source.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { makeFolder, OPTIONS, play, reading, unitsOf, write } from '../octobatch/runs.ts';

const TALE = `name: tale
items: [{ id: a b, town: Ayr }, { id: c, town: Cove }]
repeat: 30
chunk_size: 25
steps:
  - name: walk
    init: { at: "0" }
    expressions: { at: "at + random.randint(1, 3)" }
    loop_until: at > 5
  - name: tell
    prompt: "Tell of {{ town }}."
    schema: { type: object, required: [end, length], properties: { end: { enum: [good, bad] }, length: { type: number } } }
    retry: { max_attempts: 2 }
    simulate: { end: "random.choice(['good', 'bad'])", length: "12345678901234567890" }
    rules: [{ name: near, expr: at < 9, error: too far }]
`;

type Line = Readonly<Record<string, unknown>>;

const textOf = (...path: readonly string[]): string => readFileSync(join(...path), 'utf8');
const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);

/** The lines of one file in all chunks. */
function gather(directory: string, file: string, folders = /^chunk_/): Line[] {
  return readdirSync(join(directory, 'chunks'))
    .filter((name) => folders.test(name) && existsSync(join(directory, 'chunks', name, file)))
    .sort()
    .flatMap((name) => linesOf(textOf(directory, 'chunks', name, file)));
}

async function exported(pipeline: string, faults = ''): Promise<{ run: string; to: string; said: string }> {
  const { directory } = await play(pipeline, { faults });
  const to = join(makeFolder(), 'out');
  const said = await reading(directory, async (source) =>
    formatOctobatch(await exportOctobatch(source, to), 'out'),
  );
  return { run: directory, to, said };
}

describe('a run directory of Octobatch', () => {
  it('has every unit where its scripts look for it, in chunks of its size, and the same counts', async () => {
    const { run, to, said } = await exported(write(makeFolder(), { 'pipeline.yaml': TALE }), 'malformed=0.3');
    const units = await unitsOf(run);
    const valid = units.filter(({ kind }) => kind === 'valid').map(({ unit }) => unit);
    const failed = units.filter(({ kind }) => kind === 'failed').map(({ unit }) => unit);
    expect(failed.length).toBeGreaterThan(0);
    expect(gather(to, 'units.jsonl').map(({ unit_id }) => unit_id)).toEqual(units.map(({ unit }) => unit));
    expect(gather(to, 'tell_validated.jsonl').map(({ unit_id }) => unit_id)).toEqual(valid);
    expect(gather(to, 'walk_validated.jsonl')).toHaveLength(60);
    const failures = gather(to, 'tell_failures.jsonl');
    expect(failures.map(({ unit_id }) => unit_id)).toEqual(failed);
    for (const failure of failures) expect(failure.town).toMatch(/Ayr|Cove/);
    const manifest = JSON.parse(textOf(to, 'MANIFEST.json'));
    expect(manifest).toMatchObject({ status: 'complete', pipeline: ['walk', 'tell'] });
    const books = Object.values(manifest.chunks) as { items: number; valid: number; failed: number }[];
    const sum = (of: (book: (typeof books)[number]) => number) =>
      books.reduce((all, book) => all + of(book), 0);
    expect([sum(({ items }) => items), sum((one) => one.valid), sum((one) => one.failed)]).toEqual([
      60,
      valid.length,
      failed.length,
    ]);
    expect(said).toBe(`${valid.length} valid and ${failed.length} failed units in 3 chunks of out\n`);
  });

  it('has what was asked and answered: first attempts in the chunks, later ones in retries, tokens adding up', async () => {
    const { to } = await exported(write(makeFolder(), { 'pipeline.yaml': TALE }), 'malformed=0.3');
    const first = gather(to, 'tell_results.jsonl');
    const later = gather(to, 'tell_results.jsonl', /^retry_/);
    expect(first).toHaveLength(60);
    expect(later.length).toBeGreaterThan(5);
    expect(gather(to, 'tell_prompts.jsonl')).toHaveLength(60);
    expect(gather(to, 'tell_failures.jsonl.bak')).toHaveLength(later.length);
    const { metadata } = JSON.parse(textOf(to, 'MANIFEST.json'));
    const tokens = (lines: Line[], name: string): number =>
      lines.reduce((sum, { _metadata }) => sum + (_metadata as Record<string, number>)[name]!, 0);
    expect(tokens(first, 'input_tokens')).toBe(metadata.initial_input_tokens);
    expect(tokens(later, 'output_tokens')).toBe(metadata.retry_output_tokens);
  });

  it('keeps numbers to the digit, and the record of each loop', async () => {
    const { to } = await exported(write(makeFolder(), { 'pipeline.yaml': TALE }));
    const [line] = textOf(to, 'chunks/chunk_000/tell_validated.jsonl').split('\n');
    expect(line).toContain('"length":12345678901234567890');
    expect(JSON.parse(line!)).toMatchObject({
      unit_id: 'a_b__rep0000',
      _repetition_id: 0,
      _metadata: { timeout: false, loops: { walk: { timeout: false } } },
    });
  });

  it('gives children chunks of their own, under the numbers of their parents', async () => {
    const { to, said } = await exported(
      write(makeFolder(), {
        'pipeline.yaml': `name: fan
items: [{ id: a, all: [5, 6, 7] }, { id: b, all: [] }, { id: c, all: [8] }]
chunk_size: 2
steps:
  - { name: each, fan_out: all, as: one }
  - { name: twice, expressions: { two: one * 2 } }
`,
      }),
    );
    expect(said).toBe('4 valid and 0 failed units in 4 chunks of out\n');
    expect(linesOf(textOf(to, 'chunks/chunk_002/each_validated.jsonl'))).toMatchObject([
      { unit_id: 'a__fan000', one: 5, _fan_index: 0, _fan_parent_id: 'a' },
      { unit_id: 'a__fan001', one: 6, _fan_index: 1, _fan_parent_id: 'a' },
    ]);
    expect(gather(to, 'twice_validated.jsonl').map(({ two }) => two)).toEqual([10, 12, 14, 16]);
  });

  it('appears whole or not at all, and in no folder that has something in it', async () => {
    const { run, to } = await exported(write(makeFolder(), { 'pipeline.yaml': TALE }));
    await reading(run, async (source) => {
      await expect(exportOctobatch(source, to)).rejects.toThrow(/there is something in/);
      await expect(exportOctobatch(source, undefined)).rejects.toThrow(/not said where/);
      const empty = join(makeFolder(), 'deep', 'empty');
      mkdirSync(empty, { recursive: true });
      await exportOctobatch(source, empty);
      expect(readdirSync(empty)).toContain('MANIFEST.json');
    });
    const file = join(makeFolder(), 'results.jsonl');
    writeFileSync(file, '{"unit_id":"a","n":1}\n');
    const results = await openResults(file, 'nowhere', OPTIONS);
    await expect(exportOctobatch(results, join(makeFolder(), 'x'))).rejects.toThrow(ConfigurationError);
  });
});

describe('YAML for PyYAML', () => {
  it('quotes what YAML 1.1 takes for something else, and writes numbers that are numbers there', () => {
    expect(
      writeYaml({
        yes: 'no',
        list: [1e-7, 1e22, Number.NEGATIVE_INFINITY, { deep: ['010'] }, []],
        json: new JsonText('{"small":1e-07,"text":"1e5"}'),
        none: undefined,
        line: 'a\u2028b',
      }),
    ).toBe(
      `"yes": "no"
list:
  - 1.0e-7
  - 1.0e+22
  - -.inf
  - deep:
      - "010"
  - []
json: {"small":1.0e-07,"text":"1e5"}
line: "a\\u2028b"
`,
    );
  });
});

// analyze, compare and export at the door: every command of their page in order, and what a person gets wrong.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Clone, openClone } from '../docs/clone.ts';
import { blocksOf, commandsOf } from '../docs/page.ts';
import { expectDecent } from './world.ts';

const commands = commandsOf(blocksOf('docs/analysis.md'));

let clone: Clone;
const said = new Map<string, string>();
beforeAll(async () => {
  clone = await openClone('analysis');
  for (const command of commands) {
    const spoken = await clone.run(command);
    expect(spoken.code, `${command.text}\n${spoken.stdout}${spoken.stderr}`).toBe(command.code);
    said.set(command.text, spoken.stdout);
  }
});
afterAll(() => clone.close());

/** What the command of the page that contains these words printed. */
function answer(words: string): string {
  const command = commands.find(({ text }) => text.includes(words));
  expect(command, words).toBeDefined();
  return said.get(command!.text)!;
}

describe('the page about asking a run again', () => {
  it('has commands of all three kinds', () => {
    for (const name of ['analyze', 'compare', 'export'])
      expect(commands.filter(({ text }) => text.startsWith(`octobatch ${name} `)).length).toBeGreaterThan(1);
  });

  it('analyses a run', () => {
    expect(answer('--group-by temper')).toMatch(/ net sold +/);
    expect(answer('--count sold --format csv').split('\r\n')[0]).toMatch(/^group,kind,name,value,n,/);
  });

  it('compares two runs, paired by unit', () => {
    expect(answer('monday tuesday --outcome')).toContain('Paired by unit.');
    expect(JSON.parse(answer('--json'))).toMatchObject({ unpaired: null, units: null, gates: [] });
  });

  it('exports what it says', async () => {
    const bytes = readFileSync(join(clone.folder, 'haggling.parquet'));
    const rows = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
    const lines = readFileSync(join(clone.folder, 'tuesday/results.jsonl'), 'utf8').trimEnd().split('\n');
    expect(rows.map(({ unit_id }) => unit_id)).toEqual(lines.map((line) => JSON.parse(line).unit_id));
    const csv = readFileSync(join(clone.folder, 'haggling.csv'), 'utf8');
    expect(csv).toBe(readFileSync(join(clone.folder, 'tuesday/results.csv'), 'utf8'));
    const failures = readFileSync(join(clone.folder, 'tuesday/failures.jsonl'), 'utf8');
    expect(answer('--what failures')).toBe(failures);
  });
});

describe('a mistake', () => {
  it.each([
    ['analyze nothing', 'there is no run "nothing"'],
    ['analyze monday --count solt', 'no unit has a field "solt"'],
    ['analyze monday --format xml', '"xml" is not possible'],
    ['compare monday nothing', 'there is no run "nothing"'],
    ['compare monday tuesday --fail-on maybe', '"maybe" is not possible'],
    ['export monday --format xls', '"xls" is not possible'],
    ['export monday --what everything', '"everything" is not possible'],
  ])('is said in a line and leaves nothing behind: %s', async (line, words) => {
    const spoken = await clone.world.octobatch(line.split(' '));
    expect(spoken.code).toBe(2);
    expect(spoken.stdout).toBe('');
    expect(spoken.stderr).toContain(words);
    expectDecent(spoken);
  });

  it('of a folder that is not there leaves no half file', async () => {
    const spoken = await clone.world.octobatch(['export', 'monday', '--out', 'nowhere/x.parquet']);
    expect(spoken.code).toBe(2);
    expect(spoken.stderr).toContain('there is no folder "nowhere"');
    expect(existsSync(join(clone.folder, 'nowhere'))).toBe(false);
  });

  it('is none when nobody reads to the end', async () => {
    const spoken = await clone.world.shell(
      `"${process.execPath}" "$CLI" export monday --format jsonl | head -1`,
    );
    expect(spoken.stdout).toMatch(/^\{"unit_id":/);
    expectDecent(spoken);
  });
});

// Holds docs/coming-from-octobatch.md to its word: it has a row for everything an Octobatch user has, whose commands do what
// they say, and a test for each of Octobatch's defects.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CLI } from '../entries.ts';
import { isOurs } from '../node-half.ts';
import { makeFolder } from './runs.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/coming-from-octobatch.md'), 'utf8');

/** Everything users of Octobatch have: a row that is missing on the page is something lost. */
const ROWS = [
  'Pipeline folder',
  'Config sections',
  'Unit strategies',
  'Step scopes',
  'Expressions',
  '`processing.expressions`',
  'Template context',
  'Answer handling',
  'Rules',
  'Failure record',
  'Retry',
  'Providers',
  'Run control',
  'Reports',
  'Analysis',
  'Post-processing',
  'Configuration check',
  'Demos',
  'Terminal UI',
];

/** What a command must say, so that it shows what its row speaks of. Of two beginnings the longer one counts. */
const SAID: readonly (readonly [string, RegExp])[] = [
  ['validate pipelines/knights', /valid, 4 steps, 6 units, which become 12/],
  ['plan pipelines/knights', /meet: 6 units become 12[\s\S]*tell: 12 to 36 requests[\s\S]*judge: .* careful/],
  [
    'plan pipelines/knights --max-units 2 --json',
    /"firstUnits":\["red-crown__rep0000","green-crown__rep0000"\]/,
  ],
  ['run pipelines/knights --units-file', /2 of 2 units valid/],
  [
    'run pipelines/knights --name night',
    // What the judge refuses is told again: two units were valid there at once and were retried nevertheless.
    /meet +6 of 6 → 12[\s\S]*tell +12 of 12 +12 +2 +0[\s\S]*judge +12 of 12 +10 +2 +0[\s\S]*tales +done[\s\S]*12 of 12 units valid/,
  ],
  [
    'export night --format jsonl',
    /"unit_id":"red-crown__rep0000__fan001",.*"ride":\{"iterations":\d+,"timeout":false\}.*"_fan_index":1,"_fan_parent_id":"red-crown__rep0000"/,
  ],
  ['eval', /\['01', '02', '03'\]/],
  ['eval "sorted', /^\[2, 3, 5\]/],
  ['render pipelines/knights --step tell', /by \['A', '5'\]: .*in the (rain|sun)\./],
  ['render pipelines/knights --step tell --unit', /meets a cook .*\nRound 1\./],
  ['run pipelines/knights --seed 2 --simulator-faults fenced=1 ', /tell +12 of 12 +12 /],
  [
    'run pipelines/knights --seed 2 --simulator-faults fenced=0.5',
    /tell +\d+ of 12 +\d+ +[1-9]\d* +\d malformed/,
  ],
  [
    'export rough',
    /"unit_id":"red-crown__rep0000__fan000","stage":"answer","step":"tell","kind":"malformed","input":\{.*"raw_response":".*"errors":\[\{"path":"","rule":"json","message":".*"retry_count":2\}/,
  ],
  ['revalidate rough', /No unit has another verdict/],
  [
    'revalidate night',
    /[1-9] units were valid and fail now[\s\S]*valid -> invalid at tell, fits: it fits only 0\.\d/,
  ],
  ['retry rough', /units? (is|are) tried again|waits? again/],
  [
    'plan pipelines/knights --provider anthropic',
    /anthropic claude-haiku-4-5 in single calls, \$[\s\S]*cap \$5\.00/,
  ],
  ['plan pipelines/knights --provider gemini', /gemini gemini-2\.5-flash in batches, \$/],
  ['plan pipelines/knights --provider openai', /openai gpt-4\.1-mini in batches, \$/],
  ['submit', /tell +░+ +0 of 12 +0 of 1 back[\s\S]*running/],
  ['status slow', /12 in flight[\s\S]*waits for simulated batch \w+ of tell, 12 requests/],
  ['mode slow', /asks call by call/],
  ['collect slow', /judge +careful realtime +12 [\s\S]*12 of 12 units valid/],
  ['verify slow', /sound: 12 planned = 12 valid \+ 0 failed \+ 0 in flight/],
  ['repair slow', /repaired:\n/],
  // What it does where something is lost for good: test/commands/verify.test.ts, test/crash/lost.test.ts.
  ['repair slow --pay', /nothing to repair\n/],
  ['verify night', /sound[\s\S]*read\n$/],
  ['list', /slow[\s\S]*pipelines\/knights +finished +12 +12 +0/],
  ['archive slow', /is archived/],
  ['archive slow --undo', /is back/],
  ['prune', /To be deleted for good: [\s\S]*\(slow\) +finished/],
  ['cancel gone', /The run was canceled[\s\S]*0 of 12 units came through/],
  ['report night', /judge +12 of 12[\s\S]*Pack +done +endings\.txt\.gz/],
  ['report rough', /Valid at once +Retried[\s\S]*Tokens in \/ out[\s\S]*malformed: The answer is not JSON/],
  ['info slow', /Files[\s\S]*blobs: \d/],
  [
    'info night',
    /outputs\/endings\.txt [\s\S]*outputs\/note\.txt [\s\S]*outputs\/tales\/red-crown__rep0000__fan000\.json /,
  ],
  ['compare night slow', /Change .* for ending merry[\s\S]*the base +This run/],
  ['run pipelines/strict', /judge +\d+ of 12 +\d +[1-9]/],
  ['compare night strict --units', /[1-9] units differ\.[\s\S]*ending (sad|merry) +(failed|ending)/],
  ['analyze night --group-by', /a bard +ending +merry[\s\S]*net ending +12 /],
  ['analyze night --numeric', /^,number,verses,,12,[\s\S]*^,custom,spread,,12,/m],
  ['export night --format octobatch', /12 valid and 0 failed units in/],
  [
    'validate pipelines/broken',
    /'\(' was never closed[\s\S]*did you mean 'repeat'[\s\S]*told\.jinja2' does not exist[\s\S]*'judgement', which is no step[\s\S]*tell\.json:\d+:3 {2}the schema does not compile/,
  ],
  ['run examples/drunken-sailor', /Both gates would hold[\s\S]*1,000 of 1,000 units valid/],
  ['run examples/dice-duel', /units valid/],
  ['run examples/market-haggle', /review +\d+ of \d+[\s\S]*units valid/],
  ['init', /Written:\n +tale\/pipeline\.yaml/],
  ['watch night', /judge: 12 valid, 0 failed[\s\S]*finished/],
  ['doctor', /pipeline +pipelines\/knights is valid[\s\S]*0 problems/],
];

/** Commands that end with another code than 0: what was submitted is not back yet, what was ended gave nothing. */
const CODES: readonly (readonly [string, number])[] = [
  ['submit', 4],
  ['cancel gone', 3],
  ['validate pipelines/broken', 2],
];

/** The rows of a table: the first cell, and the rest. */
function rowsBelow(heading: string): readonly (readonly [string, string])[] {
  const section = page.split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| |'))
    .slice(heading.startsWith('What you') ? 1 : 0)
    .map((line) => {
      const [first, ...rest] = line.slice(2, -2).split(' | ');
      return [first!, rest.join(' | ')] as const;
    });
}

const words = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);

function octobatch(folder: string, command: string): Promise<{ code: number | null; said: string }> {
  const env = { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1' };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...words(command)], { cwd: folder, env }, (_, out, err) =>
      resolve({ code: child.exitCode, said: `${out}${err}` }),
    );
  });
}

describe('the page about coming from Octobatch', () => {
  const had = rowsBelow('What you had, and the command that shows it');

  it('has a row for everything that users of Octobatch have', () => {
    expect(had.map(([first]) => first)).toEqual(ROWS);
    for (const [first, cell] of had) expect(cell, first).toMatch(/`octobatch [a-z]/);
  });

  // Some sixty processes, one after another: one of the two Nodes does.
  if (isOurs(1)) it('shows each with commands that do it', showsEach, 600_000);

  async function showsEach(): Promise<void> {
    const folder = makeFolder();
    for (const name of ['knights', 'strict', 'broken'])
      cpSync(join(ROOT, 'test/octobatch/knights'), join(folder, 'pipelines', name), { recursive: true });
    rewrite(join(folder, 'pipelines/strict/config.yaml'), [['fit >= 0.3', 'fit >= 0.6']]);
    rewrite(join(folder, 'pipelines/broken/config.yaml'), [
      ['random.randint(1, 6)', 'random.randint(1, 6'],
      ['repeat: 3', 'repeats: 3'],
      ['tell: tell.jinja2', 'tell: told.jinja2'],
      ['judge: judge.json', 'judgement: judge.json'],
    ]);
    rewrite(join(folder, 'pipelines/broken/schemas/tell.json'), [['"object"', '"objekt"']]);
    writeFileSync(join(folder, 'ids.txt'), 'green-crown__rep0002\n');
    for (const name of ['drunken-sailor', 'dice-duel', 'market-haggle'])
      cpSync(join(ROOT, 'examples', name), join(folder, 'examples', name), { recursive: true });
    const problems: string[] = [];
    const follow = async (rows: readonly (typeof had)[number][]): Promise<void> => {
      for (const [first, cell] of rows) {
        for (const [, command] of cell.matchAll(/`octobatch ([^`]+)`/g)) {
          if (command === 'repair slow') loseBlob(folder, 'slow');
          const { code, said } = await octobatch(folder, command!);
          const wrong = problemOf(command!, code, said);
          if (wrong !== null) problems.push(`${first}: octobatch ${command} ${wrong}\n${said.slice(-900)}`);
        }
      }
    };
    // Rows that need nothing of one another go side by side.
    const lane = (from: string, to: string) => follow(had.slice(ROWS.indexOf(from), ROWS.indexOf(to) + 1));
    await Promise.all([lane('Pipeline folder', 'Retry'), lane('Providers', 'Run control')]);
    await Promise.all([lane('Reports', 'Post-processing'), lane('Configuration check', 'Terminal UI')]);
    expect(problems.join('\n')).toBe('');
    expect(existsSync(join(folder, 'out/night/MANIFEST.json'))).toBe(true);
  }

  it('names for every defect a test that is there', () => {
    const tests = readFileSync(join(ROOT, 'test/octobatch/defects.test.ts'), 'utf8');
    const named = [...tests.matchAll(/^ {2}it\('(\d+): ([^']+)'/gm)].map(([, number, name]) => [
      number,
      name,
    ]);
    const rows = rowsBelow('What goes wrong there, and the test that it does not here');
    expect(rows.map(([number, rest]) => [number, rest.split(' | ')[1]])).toEqual(named);
    expect(named.map(([number]) => Number(number))).toEqual(Array.from({ length: 18 }, (_, i) => i + 1));
  });
});

/** Replaces parts of a file, each of which must be there. */
function rewrite(file: string, changes: readonly (readonly [string, string])[]): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  writeFileSync(file, text);
}

/** Takes from a run the blob with what its first step gave. */
function loseBlob(folder: string, name: string): void {
  const id = readFileSync(join(folder, '.octobatch/names', name), 'utf8').trim();
  const run = join(folder, '.octobatch/runs', id);
  const journal = readdirSync(join(run, 'journal')).sort();
  const lines = journal.map((file) => readFileSync(join(run, 'journal', file), 'utf8'));
  const [, digest] = /"work_settled".*?"outcomes":"([0-9a-f]+)"/.exec(lines.join('\n'))!;
  rmSync(join(run, 'blobs', digest!.slice(0, 2), digest!));
}

/** What is wrong with how a command ended; null: nothing. */
function problemOf(command: string, code: number | null, said: string): string | null {
  const [, wanted] = CODES.find(([begin]) => command.startsWith(begin)) ?? ['', 0];
  if (code !== wanted) return `ends with ${code}`;
  const [found] = SAID.filter(([begin]) => command.startsWith(begin)).sort(([a], [b]) => b.length - a.length);
  if (found === undefined) return 'is held against nothing';
  return found[1].test(said) ? null : `does not say ${found[1]}`;
}

// Holds docs/coming-from-octobatch.md to its word: it has a row for everything an Octobatch user has, whose commands do what
// they say, and a test for each of Octobatch's defects.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
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

/** What a command must say, where its exit code alone would prove little. */
const SAID: readonly (readonly [string, RegExp])[] = [
  ['validate pipelines/knights', /valid, 4 steps, 6 units, which become 12/],
  [
    'plan pipelines/knights --max-units 2 --json',
    /"firstUnits":\["red-crown__rep0000","green-crown__rep0000"\]/,
  ],
  ['run pipelines/knights --name night', /12 of 12 units valid/],
  ['eval', /\['01', '02', '03'\]/],
  ['render pipelines/knights --step tell', /by \['A', '5'\]: .*in the (rain|sun)\./],
  ['render pipelines/knights --step tell --unit', /meets a cook .*\nRound 1\./],
  ['export rough', /"kind":"malformed".*"raw_response":".*"errors":\[/],
  ['revalidate rough', /No unit has another verdict/],
  ['retry rough', /units? (is|are) tried again|waits? again/],
  ['plan pipelines/knights --provider anthropic', /claude-haiku-4-5 in single calls/],
  ['mode slow', /asks call by call/],
  ['verify slow', /sound/],
  ['verify night', /sound[\s\S]*read\n$/],
  ['list', /night[\s\S]*pipelines\/knights/],
  ['archive slow', /archived|back/],
  ['report night', /judge +12 of 12[\s\S]*Pack +done +endings\.txt\.gz/],
  ['report rough', /Valid at once +Retried/],
  ['info slow', /Files/],
  ['info night', /outputs\/endings\.txt /],
  ['compare night second --units', /units?/],
  ['analyze night --group-by', /net ending/],
  ['export night', /12 valid and 0 failed units in/],
  ['doctor', /0 problems/],
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

  // Some forty processes, one after another: one of the two Nodes does.
  if (isOurs(1)) it('shows each with commands that do it', showsEach);

  async function showsEach(): Promise<void> {
    const folder = makeFolder();
    cpSync(join(ROOT, 'test/octobatch/knights'), join(folder, 'pipelines/knights'), { recursive: true });
    for (const name of ['drunken-sailor', 'dice-duel'])
      cpSync(join(ROOT, 'examples', name), join(folder, 'examples', name), { recursive: true });
    const problems: string[] = [];
    const follow = async (rows: readonly (typeof had)[number][]): Promise<void> => {
      for (const [first, cell] of rows) {
        for (const [, command] of cell.matchAll(/`octobatch ([^`]+)`/g)) {
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

/** What is wrong with how a command ended; null: nothing. Of two beginnings the longer one counts. */
function problemOf(command: string, code: number | null, said: string): string | null {
  // What was submitted is not back yet.
  if (code !== (command.startsWith('submit') ? 4 : 0)) return `ends with ${code}`;
  const [found] = SAID.filter(([begin]) => command.startsWith(begin)).sort(([a], [b]) => b.length - a.length);
  return found === undefined || found[1].test(said) ? null : `does not say ${found[1]}`;
}

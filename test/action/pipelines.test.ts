// The lines of the input `pipeline`: which folders they name, by which path each is known, and what is refused.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPipelines } from '../../src/action/pipelines.ts';
import { readSelection } from '../../src/action/selection.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'octobatch-pipelines-')));
const workspace = join(top, 'game');

function make(folder: string, file: string | null = 'pipeline.yaml'): void {
  mkdirSync(join(top, folder), { recursive: true });
  if (file !== null) writeFileSync(join(top, folder, file), '');
}

beforeAll(() => {
  make('game/pipelines/sailor');
  make('game/pipelines/blackjack', 'config.yaml');
  make('game/pipelines/old');
  make('game/pipelines/old/older', 'config.yml');
  make('game/pipelines/notes', null);
  make('game/pipelines/.hidden');
  make('game/pipelines/[odd]', 'pipeline.yml');
  make('game/sims/deep/er/one');
  make('game/sims/node_modules/dep');
  make('game/folder', null);
  mkdirSync(join(workspace, 'folder/pipeline.yaml'), { recursive: true });
  make('elsewhere/stranger');
  mkdirSync(join(workspace, 'links'));
  symlinkSync('../pipelines/sailor', join(workspace, 'links/again'));
  symlinkSync('../../elsewhere/stranger', join(workspace, 'links/out'));
  symlinkSync('nowhere', join(workspace, 'links/dangling'));
  symlinkSync('..', join(workspace, 'sims/loop'));
});
afterAll(() => rmSync(top, { recursive: true, force: true }));

const paths = (...lines: string[]): string[] =>
  findPipelines(lines, workspace, workspace).map(({ path }) => path);

function mistakes(...lines: string[]): string[] {
  try {
    paths(...lines);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const ALL = ['pipelines/[odd]', 'pipelines/blackjack', 'pipelines/old', 'pipelines/sailor'];

describe('the lines of the input pipeline', () => {
  test('name folders, one or all of a folder, in the order of their paths and each once', () => {
    expect(paths('pipelines/sailor', './pipelines/blackjack/', 'pipelines/../pipelines/sailor')).toEqual([
      'pipelines/blackjack',
      'pipelines/sailor',
    ]);
    expect(paths('pipelines/*')).toEqual(ALL);
    expect(paths('pipelines/sailor', 'pipelines/*')).toEqual(ALL);
    expect(paths('pipelines/s*', 'pipelines/?lackjack')).toEqual(['pipelines/blackjack', 'pipelines/sailor']);
    expect(paths(join(workspace, 'pipelines/s*'))).toEqual(['pipelines/sailor']);
  });

  test('name the file of a configuration as well as its folder', () => {
    expect(paths('pipelines/sailor/pipeline.yaml')).toEqual(['pipelines/sailor']);
    expect(paths('pipelines/*/config.yaml')).toEqual(['pipelines/blackjack']);
    expect(paths('sims/**/pipeline.yaml')).toEqual(['sims/deep/er/one']);
    expect(paths('pipelines/**/*.yml')).toEqual(['pipelines/[odd]', 'pipelines/old/older']);
  });

  test('go to any depth, but not into hidden folders, packages and links', () => {
    expect(paths('**')).toEqual([...ALL.slice(0, 3), 'pipelines/old/older', ALL[3], 'sims/deep/er/one']);
    expect(paths('sims/**')).toEqual(['sims/deep/er/one']);
    expect(paths('pipelines/.*')).toEqual(['pipelines/.hidden']);
    expect(paths('**/.hidden')).toEqual(['pipelines/.hidden']);
  });

  test('leave pipelines out again, with what lies in them, and the last line counts', () => {
    expect(paths('pipelines/**', '!pipelines/old')).toEqual(ALL.filter((path) => !path.endsWith('old')));
    expect(paths('pipelines/**', '!pipelines/old', 'pipelines/old/*')).toContain('pipelines/old/older');
    expect(paths('pipelines/*', '!**/s*', '!pipelines/[odd]')).toEqual([
      'pipelines/blackjack',
      'pipelines/old',
    ]);
  });

  test('count from the working directory, and a pipeline is known by its path in the repository', () => {
    expect(findPipelines(['*', '../sims/**'], workspace, join(workspace, 'pipelines'))).toEqual([
      ...ALL.map((path) => ({ folder: path.slice('pipelines/'.length), path })),
      { folder: '../sims/deep/er/one', path: 'sims/deep/er/one' },
    ]);
    const sailor = join(workspace, 'pipelines/sailor');
    expect(findPipelines(['.'], workspace, sailor)).toEqual([{ folder: '.', path: 'pipelines/sailor' }]);
    expect(findPipelines(['.'], sailor, sailor)).toEqual([{ folder: '.', path: '.' }]);
    expect(findPipelines(['*.yaml'], sailor, sailor)).toEqual([{ folder: '.', path: '.' }]);
  });

  test('name a pipeline behind a link by where it really is', () => {
    expect(paths('links/again')).toEqual(['pipelines/sailor']);
    expect(paths('links/a*', 'pipelines/sailor')).toEqual(['pipelines/sailor']);
  });

  test('keep a folder that holds no pipeline, for loading it says what is wrong', () => {
    expect(paths('pipelines/notes', 'pipelines/nowhere', 'links/dangling')).toEqual([
      'links/dangling',
      'pipelines/notes',
      'pipelines/nowhere',
    ]);
  });

  test('never lead out of the workspace', () => {
    for (const line of [
      '../elsewhere/stranger',
      'links/out',
      'links/o*',
      'links/out/*',
      '../elsewhere/*',
      'pipelines/*/../../../elsewhere/stranger',
      join(top, 'elsewhere/stranger'),
      '/',
      '..',
    ]) {
      expect(mistakes(line)[0], line).toMatch(/leads out of the workspace|matches no pipeline/);
    }
    expect(mistakes('links/out')[0]).toBe(
      'input pipeline  "links/out" leads out of the workspace  (name folders of the repository, without .. behind a pattern)',
    );
    expect(() => findPipelines(['.'], workspace, top)).toThrow(/leads out of the workspace/);
  });

  test('say all that is wrong with them at once, each with the fix', () => {
    const found = mistakes('pipelines/x*', 'pipelines/{a,b}*', '!', '../x', 'a\0');
    expect(found).toHaveLength(4);
    expect(mistakes('pipelines/x*', 'sims/*/nothing')).toEqual([
      'input pipeline  "pipelines/x*" matches no pipeline  (a pipeline is a folder with pipeline.yaml or config.yaml; * stays in one folder, ** goes deeper)',
      'input pipeline  "sims/*/nothing" matches no pipeline  (a pipeline is a folder with pipeline.yaml or config.yaml; * stays in one folder, ** goes deeper)',
    ]);
    expect(mistakes('folder*')).toHaveLength(1);
    expect(mistakes('!pipelines/old')[0]).toContain('every line leaves pipelines out');
    expect(mistakes('pipelines/old', '!pipelines/*')[0]).toContain('no pipeline is left');
  });

  test('name at most 256', () => {
    for (let index = 0; index < 257; index++) make(`many/p${index}`);
    const many = join(top, 'many');
    expect(() => findPipelines(['*'], many, many)).toThrow(/name 257 pipelines.*at most 256/);
    expect(findPipelines(['*', '!p256'], many, many)).toHaveLength(256);
  });
});

describe('a selection of runs', () => {
  const includes = (path: string, ...lines: string[]): boolean =>
    readSelection(lines, workspace, join(workspace, 'pipelines')).includes(path);

  test('goes by the path a pipeline had, whether it is still there or not', () => {
    expect(includes('pipelines/gone', '*')).toBe(true);
    expect(includes('pipelines/gone', '*', '!gone')).toBe(false);
    expect(includes('pipelines/gone', 'gone/pipeline.yaml')).toBe(true);
    expect(includes('pipelines/gone', '**/config.yaml')).toBe(true);
    expect(includes('other/gone', '*')).toBe(false);
    expect(includes('.', '..')).toBe(true);
  });

  test('without lines is everything', () => {
    expect(includes('anything')).toBe(true);
  });
});

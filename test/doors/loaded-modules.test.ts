// What a door loads before it works: people and jobs wait for it, and most of them need no provider's SDK.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const BUILD = fileURLToPath(new URL('../../build/', import.meta.url));
const WALK = fileURLToPath(new URL('../../examples/dice-duel', import.meta.url));
/** What is loaded only by those who need it: SDKs, tables of prices and tokens, artifacts. */
const HEAVY =
  /node_modules\/(openai|@anthropic-ai|@google|@pydantic|gpt-tokenizer|@actions\/artifact|hyparquet)/;
const folder = mkdtempSync(join(tmpdir(), 'octobatch-loaded-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The modules that a program loads, as Node's own coverage lists them. */
async function modulesOf(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string[]> {
  const coverage = join(folder, name.replace(/\W/g, '-'));
  await new Promise<void>((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...env, NODE_V8_COVERAGE: coverage } };
    execFile(process.execPath, args, options, () => resolve());
  });
  const urls = readdirSync(coverage).flatMap((file) => {
    const { result } = JSON.parse(readFileSync(join(coverage, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  });
  return [...new Set(urls)];
}

describe('no SDK is loaded', () => {
  const cli = join(BUILD, 'cli.js');
  const run = join(folder, 'run');
  it.each([
    ['to show the help', ['--help']],
    ['to run a pipeline that asks no model', ['run', WALK, '--max-units', '20', '--run-dir', run, '--quiet']],
    ['to tell where a run stands', ['status', run]],
    ['to go on with a run that is finished', ['collect', run]],
    ['to analyse results', ['analyze', join(run, 'results.jsonl')]],
    ['to check a pipeline', ['validate', WALK]],
  ])('%s', async (name, args) => {
    const modules = await modulesOf(name, [cli, ...args]);
    // It saw them: the program's own are there.
    expect(modules.some((url) => url.endsWith('build/cli.js'))).toBe(true);
    expect(modules.some((url) => url.includes('node_modules/commander'))).toBe(true);
    expect(modules.filter((url) => HEAVY.test(url))).toEqual([]);
  });

  it('by the action before it knows what it shall do', async () => {
    const modules = await modulesOf('the action', [join(BUILD, 'action.js')], {
      INPUT_COMMAND: 'run',
      INPUT_PIPELINE: '',
      GITHUB_WORKSPACE: folder,
    });
    expect(modules.some((url) => url.endsWith('build/action.js'))).toBe(true);
    expect(modules.filter((url) => HEAVY.test(url))).toEqual([]);
  });
});

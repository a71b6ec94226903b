// The action's inputs: what is read, what is assumed, and that every mistake is named at once.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { type InputsJob, readInputs } from '../../src/action/inputs.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const get =
  (inputs: Record<string, string>) =>
  (name: string): string =>
    inputs[name] ?? '';

/** A job about the repository's own code, without anything a person said. */
const OWN: InputsJob = { isForeign: false, defaultBranch: 'main', askedRun: null };
const FOREIGN: InputsJob = { ...OWN, isForeign: true };

function mistakes(inputs: Record<string, string>, job: InputsJob = OWN): string[] {
  try {
    readInputs(get(inputs), job);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the inputs', () => {
  test('a pipeline alone is enough', () => {
    expect(readInputs(get({ pipeline: 'pipelines/sailor' }), OWN)).toEqual({
      command: 'run',
      pipelines: ['pipelines/sailor'],
      overrides: {},
      run: null,
      waitMs: 900_000,
      deadlineMs: 259_200_000,
      failOn: 'fail',
      baseline: { kind: 'event' },
      comment: 'always',
      check: false,
      state: { kind: 'folder', folder: '.octobatch' },
      shard: null,
      token: null,
      faults: '',
      maxCost: { kind: 'unsaid' },
      policy: null,
    });
  });

  test('every input has its effect', () => {
    const inputs = readInputs(
      get({
        command: 'run',
        pipeline: '\n  a/b  \n# not now: c\n\nd\r\n',
        provider: 'simulated',
        model: 'small-1',
        seed: '-7',
        repeat: '100',
        'max-units': '30',
        wait: '2h',
        'fail-on': 'never',
        state: 'runs',
        'simulator-faults': 'malformed=0.5',
        deadline: '1d',
        baseline: 'release/2',
        comment: 'failures',
        check: 'True',
        shard: '2/7',
        token: 'a-token',
        mode: 'realtime',
        'max-cost': '2.50',
        policy: '{ models: [small-1], max_cost: 3 }',
      }),
      OWN,
    );
    expect(inputs).toEqual({
      command: 'run',
      pipelines: ['a/b', 'd'],
      overrides: {
        provider: 'simulated',
        model: 'small-1',
        mode: 'realtime',
        seed: '-7',
        repeat: 100,
        maxUnits: 30,
      },
      waitMs: 7_200_000,
      failOn: 'never',
      state: { kind: 'folder', folder: 'runs' },
      run: null,
      deadlineMs: 86_400_000,
      baseline: { kind: 'branch', branch: 'release/2' },
      comment: 'failures',
      check: true,
      shard: { index: 2, of: 7 },
      token: 'a-token',
      faults: 'malformed=0.5',
      maxCost: { kind: 'amount', money: 2_500_000_000_000n },
      policy: { providers: {}, models: ['small-1'], prices: {}, maxCost: '3' },
    });
  });

  test('all mistakes are told at once, each with its input and the fix', () => {
    const found = mistakes({
      command: 'runn',
      repeat: '0',
      'max-units': '1e3',
      wait: '15',
      'fail-on': 'always',
      'simulator-faults': 'wrong=2',
      mode: 'fast',
      'max-cost': 'much',
      policy: 'policies/missing.yaml',
      run: 'sailor-1234567890',
      deadline: '0',
      baseline: 'a..b',
      comment: 'sometimes',
      check: 'yes',
      shard: '8/7',
      'state-branch': 'main',
    });
    expect(found).toHaveLength(17);
    for (const name of [
      'command',
      'pipeline',
      'repeat',
      'max-units',
      'wait',
      'fail-on',
      'simulator-faults',
      'mode',
      'max-cost',
      'policy',
      'run',
      'deadline',
      'baseline',
      'comment',
      'check',
      'shard',
      'state-branch',
    ]) {
      expect(found.filter((line) => line.startsWith(`input ${name}  `))).toHaveLength(1);
    }
    for (const line of found) expect(line).toMatch(/ {2}\(.+\)$/);
  });

  test('submit never waits, collect waits only when it is told to and needs no pipeline', () => {
    expect(readInputs(get({ command: 'submit', pipeline: 'a', wait: '1h' }), OWN).waitMs).toBe(0);
    expect(readInputs(get({ command: 'collect' }), OWN)).toMatchObject({ waitMs: 0, pipelines: [] });
    expect(readInputs(get({ command: 'collect', wait: '5m' }), OWN).waitMs).toBe(300_000);
  });

  test('code of somebody else is held to a policy in any case, the strictest when none is given', () => {
    expect(readInputs(get({ pipeline: 'a' }), FOREIGN).policy).toEqual({
      providers: {},
      models: null,
      prices: {},
      maxCost: null,
    });
    expect(readInputs(get({ pipeline: 'a', policy: 'max_cost: 2' }), FOREIGN).policy?.maxCost).toBe('2');
  });

  test('a policy for code of somebody else does not come from the same checkout', () => {
    const policy = 'test/fixtures/policy.yaml';
    expect(mistakes({ pipeline: 'examples', policy }, FOREIGN)).toEqual([
      'input policy  on a pull request the policy must not come from the code under test  (write its YAML into the workflow, or check the base branch out into a folder of its own and name the file there)',
    ]);
    expect(mistakes({ pipeline: 'examples', policy: 'policy.yaml' }, OWN)[0]).toContain('cannot be read');
  });

  test('a policy for code of somebody else does not come from where a pattern could find a pipeline', () => {
    const folder = mkdtempSync(join(tmpdir(), 'octobatch-origin-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const checkout of ['base', 'head']) {
      mkdirSync(join(folder, checkout, '.git'), { recursive: true });
      writeFileSync(join(folder, checkout, 'policy.yaml'), 'max_cost: 1\n');
    }
    const policy = join(folder, 'base/policy.yaml');
    const found = (...lines: string[]): string[] =>
      mistakes({ pipeline: lines.map((line) => line.replace('@', folder)).join('\n'), policy }, FOREIGN);
    expect(found('@/head/*', '@/head/x', '!@/base/*')).toEqual([]);
    for (const line of ['@/base/*', '@/b*/x', '@/**', '@/base/x', '@/base/sims/**/pipeline.yaml']) {
      expect(found('@/head/x', line)[0], line).toContain('must not come from the code under test');
    }
  });

  test('state is kept on a branch when there is a token, else in a folder', () => {
    const place = (inputs: Record<string, string>) =>
      readInputs(get({ command: 'collect', ...inputs }), OWN).state;
    const folder = '.octobatch';
    expect(place({ token: 't' })).toEqual({ kind: 'branch', branch: 'octobatch-state', folder });
    expect(place({ token: 't', state: 'branch', 'state-branch': 'ci/state' })).toEqual({
      kind: 'branch',
      branch: 'ci/state',
      folder,
    });
    expect(place({ state: 'branch' })).toEqual({ kind: 'folder', folder });
    expect(place({ token: 't', state: 'artifact' })).toEqual({ kind: 'artifact', folder });
    expect(place({ token: 't', state: './branch' })).toEqual({ kind: 'folder', folder: './branch' });
  });

  test('state is never kept on the branch of the code', () => {
    expect(mistakes({ pipeline: 'a', 'state-branch': 'main' })[0]).toContain('is the branch of the code');
    expect(mistakes({ pipeline: 'a', 'state-branch': 'main' }, { ...OWN, defaultBranch: 'trunk' })).toEqual(
      [],
    );
  });

  test('a run is named for the commands that go over runs, by its id or its beginning', () => {
    for (const command of ['collect', 'report', 'cancel']) {
      expect(readInputs(get({ command, run: 'sailor-0a1b' }), OWN).run).toBe('sailor-0a1b');
    }
    for (const command of ['run', 'submit', 'plan']) {
      expect(mistakes({ command, pipeline: 'a', run: 'sailor-0a1b' })[0]).toMatch(
        /^input run {2}this command/,
      );
    }
    for (const run of ['../x', 'Sailor', 'a b', '-a', 'runs/x']) {
      expect(mistakes({ command: 'cancel', run })[0], run).toContain('is no id of a run');
    }
  });

  test('cancel says what to cancel: a run, pipelines, or the run that a person named at the start', () => {
    expect(mistakes({ command: 'cancel' })[0]).toContain('nothing says what to cancel');
    expect(readInputs(get({ command: 'cancel', pipeline: 'a' }), OWN)).toMatchObject({
      pipelines: ['a'],
      run: null,
    });
    const asked = { ...OWN, askedRun: 'sailor-0a' };
    expect(readInputs(get({ command: 'cancel' }), asked).run).toBe('sailor-0a');
    expect(readInputs(get({ command: 'cancel', run: 'tale-1' }), asked).run).toBe('tale-1');
    expect(readInputs(get({ command: 'collect' }), asked).run).toBe(null);
  });

  test('a shard is one of at most 256, and a plan says only how many', () => {
    const shard = (text: string, command = 'submit') =>
      readInputs(get({ command, pipeline: 'a', shard: text }), OWN).shard;
    expect(shard('1/1')).toEqual({ index: 1, of: 1 });
    expect(shard('256/256')).toEqual({ index: 256, of: 256 });
    expect(shard('7', 'plan')).toEqual({ index: 1, of: 7 });
    expect(shard('3/7', 'plan')).toEqual({ index: 3, of: 7 });
    for (const text of ['0/7', '8/7', '1/257', '7', '1/', '-1/7', '1.5/7', '1/7/9', 'x']) {
      expect(mistakes({ pipeline: 'a', shard: text })[0], text).toMatch(/^input shard /);
    }
    expect(mistakes({ command: 'plan', pipeline: 'a', shard: '0' })[0]).toContain('1 to 256');
    expect(mistakes({ command: 'collect', shard: '1/7' })[0]).toContain('collect has no shards');
  });

  test('a run ends at its deadline unless it has none', () => {
    const deadline = (text: string) => readInputs(get({ pipeline: 'a', deadline: text }), OWN).deadlineMs;
    expect([deadline('90m'), deadline('none')]).toEqual([5_400_000, null]);
  });

  test('a comparison can be left out', () => {
    expect(readInputs(get({ pipeline: 'a', baseline: 'none' }), OWN).baseline).toEqual({ kind: 'none' });
  });

  test('are those of action.yml, read with its defaults', () => {
    const declared = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'))
      .inputs as Record<string, { default?: string }>;
    const read = new Set<string>(['working-directory']);
    const inputs = readInputs((name) => {
      read.add(name);
      // The runner puts its token in this place.
      if (name === 'token') return '';
      return name === 'pipeline' ? 'a' : (declared[name]?.default ?? '');
    }, OWN);
    expect([...read].sort()).toEqual(Object.keys(declared).sort());
    expect(inputs).toEqual(readInputs(get({ pipeline: 'a' }), OWN));
  });
});

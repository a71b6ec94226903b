// The action's inputs: what is read, what is assumed, and that every mistake is named at once.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../../src/action/inputs.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';

const get =
  (inputs: Record<string, string>) =>
  (name: string): string =>
    inputs[name] ?? '';

function mistakes(inputs: Record<string, string>, foreign = false): string[] {
  try {
    readInputs(get(inputs), foreign);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the inputs', () => {
  test('a pipeline alone is enough', () => {
    expect(readInputs(get({ pipeline: 'pipelines/sailor' }), false)).toEqual({
      command: 'run',
      pipelines: ['pipelines/sailor'],
      overrides: {},
      waitMs: 900_000,
      failOn: 'fail',
      state: '.octobatch',
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
        mode: 'realtime',
        'max-cost': '2.50',
        policy: '{ models: [small-1], max_cost: 3 }',
      }),
      false,
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
      state: 'runs',
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
    });
    expect(found).toHaveLength(10);
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
    ]) {
      expect(found.filter((line) => line.startsWith(`input ${name}  `))).toHaveLength(1);
    }
    for (const line of found) expect(line).toMatch(/ {2}\(.+\)$/);
  });

  test('submit never waits, collect waits only when it is told to and needs no pipeline', () => {
    expect(readInputs(get({ command: 'submit', pipeline: 'a', wait: '1h' }), false).waitMs).toBe(0);
    expect(readInputs(get({ command: 'collect' }), false)).toMatchObject({ waitMs: 0, pipelines: [] });
    expect(readInputs(get({ command: 'collect', wait: '5m' }), false).waitMs).toBe(300_000);
  });

  test('code of somebody else is held to a policy in any case, the strictest when none is given', () => {
    expect(readInputs(get({ pipeline: 'a' }), true).policy).toEqual({
      providers: {},
      models: null,
      prices: {},
      maxCost: null,
    });
    expect(readInputs(get({ pipeline: 'a', policy: 'max_cost: 2' }), true).policy?.maxCost).toBe('2');
  });

  test('a policy for code of somebody else does not come from the same checkout', () => {
    const policy = 'test/fixtures/policy.yaml';
    expect(mistakes({ pipeline: 'examples', policy }, true)).toEqual([
      'input policy  on a pull request the policy must not come from the code under test  (write its YAML into the workflow, or check the base branch out into a folder of its own and name the file there)',
    ]);
    expect(mistakes({ pipeline: 'examples', policy: 'policy.yaml' }, false)[0]).toContain('cannot be read');
  });

  test('are those of action.yml, read with its defaults', () => {
    const declared = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'))
      .inputs as Record<string, { default?: string }>;
    const read = new Set<string>(['working-directory']);
    const inputs = readInputs((name) => {
      read.add(name);
      return name === 'pipeline' ? 'a' : (declared[name]?.default ?? '');
    }, false);
    expect([...read].sort()).toEqual(Object.keys(declared).sort());
    expect(inputs).toEqual(readInputs(get({ pipeline: 'a' }), false));
  });
});

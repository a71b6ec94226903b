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

function mistakes(inputs: Record<string, string>): string[] {
  try {
    readInputs(get(inputs));
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the inputs', () => {
  test('a pipeline alone is enough', () => {
    expect(readInputs(get({ pipeline: 'pipelines/sailor' }))).toEqual({
      command: 'run',
      pipelines: ['pipelines/sailor'],
      overrides: {},
      waitMs: 900_000,
      failOn: 'fail',
      state: '.octobatch',
      faults: '',
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
      }),
    );
    expect(inputs).toEqual({
      command: 'run',
      pipelines: ['a/b', 'd'],
      overrides: { provider: 'simulated', model: 'small-1', seed: '-7', repeat: 100, maxUnits: 30 },
      waitMs: 7_200_000,
      failOn: 'never',
      state: 'runs',
      faults: 'malformed=0.5',
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
    });
    expect(found).toHaveLength(7);
    for (const name of [
      'command',
      'pipeline',
      'repeat',
      'max-units',
      'wait',
      'fail-on',
      'simulator-faults',
    ]) {
      expect(found.filter((line) => line.startsWith(`input ${name}  `))).toHaveLength(1);
    }
    for (const line of found) expect(line).toMatch(/ {2}\(.+\)$/);
  });

  test('submit never waits, collect waits only when it is told to and needs no pipeline', () => {
    expect(readInputs(get({ command: 'submit', pipeline: 'a', wait: '1h' })).waitMs).toBe(0);
    expect(readInputs(get({ command: 'collect' }))).toMatchObject({ waitMs: 0, pipelines: [] });
    expect(readInputs(get({ command: 'collect', wait: '5m' })).waitMs).toBe(300_000);
  });

  test('are those of action.yml, read with its defaults', () => {
    const declared = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'))
      .inputs as Record<string, { default?: string }>;
    const read = new Set<string>(['working-directory']);
    const inputs = readInputs((name) => {
      read.add(name);
      return name === 'pipeline' ? 'a' : (declared[name]?.default ?? '');
    });
    expect([...read].sort()).toEqual(Object.keys(declared).sort());
    expect(inputs).toEqual(readInputs(get({ pipeline: 'a' })));
  });
});

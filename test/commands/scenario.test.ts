// Scenario files: what they say becomes settings, and every mistake is named with its place.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScenario, readScenarioText } from '../../src/commands/scenario.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { DEFAULT_SETTINGS, readSettings } from '../../src/simulator/settings.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples/scenarios');

/** The mistakes of a text, as a person reads them. */
function mistakesOf(text: string): string[] {
  try {
    readScenarioText('s.yaml', text);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map(({ file, line, column, what }) => `${file}:${line}:${column} ${what}`);
  }
  return [];
}

describe('a scenario file', () => {
  test('becomes settings', () => {
    const settings = readScenarioText(
      's.yaml',
      `seed: 7
latency: 1s-2s
call_latency: 5ms
lifetime: 1h
faults: {missing: 0.1, seed: 3}
cached: 0.25
queue_tokens: 1000
prices: {m: {input: 1, output: 2.5}}
mishaps:
  - at: {call: create, nth: 2, protocol: gemini}
    do: lose_create_answer
  - at: {call: ask}
    do: {kind: rate_limit, times: 3, retry_after_ms: 100}
`,
    );
    expect(readSettings(settings, DEFAULT_SETTINGS)).toMatchObject({
      seed: '7',
      latency: { minMs: 1000, maxMs: 2000 },
      callLatency: { minMs: 5, maxMs: 5 },
      lifetimeMs: 3_600_000,
      faults: { missing: 0.1, seed: '3' },
      cached: 0.25,
      queueTokens: 1000,
      prices: { m: { input: 1, output: 2.5 } },
      mishaps: [
        { call: 'create', nth: 2, times: 1, protocol: 'gemini', mishap: { kind: 'lose_create_answer' } },
        { call: 'ask', nth: 1, times: 3, mishap: { kind: 'rate_limit', retryAfterMs: 100 } },
      ],
    });
    expect(JSON.parse(JSON.stringify(settings))).toEqual(settings);
  });

  test('has one seed, unless its faults have their own', () => {
    const faultsOf = (text: string) =>
      readSettings(readScenarioText('s', text), DEFAULT_SETTINGS).faults.seed;
    expect(faultsOf('seed: 5\nfaults: {missing: 0.1}\n')).toBe('5');
    expect(faultsOf('seed: 5\nfaults: {missing: 0.1, seed: 6}\n')).toBe('6');
  });

  test('that says nothing changes nothing', () => {
    expect(readScenarioText('s.yaml', '# nothing\n')).toEqual({});
  });

  test('has all its mistakes named with their places', () => {
    expect(
      mistakesOf(`sed: 7
latency: soon
faults: {mising: 0.1}
queue_tokens: many
mishaps:
  - at: {call: create, nth: 1}
    do: earthquake
  - at: {call: ask}
    do: queue_full
  - do: hang
`),
    ).toEqual([
      's.yaml:1:1 a scenario has no "sed"',
      's.yaml:2:10 latency: "soon" is no duration',
      's.yaml:3:9 there is no fault "mising"',
      's.yaml:4:15 queueTokens is a number, 0 or more, or null',
      expect.stringMatching(/^s\.yaml:6:5 kind is one of fail, hang, /),
      's.yaml:8:5 queue_full happens at create, not at ask',
      's.yaml:10:5 "at" is an object',
    ]);
    expect(mistakesOf('- a\n')).toEqual(['s.yaml:1:1 a scenario is a mapping']);
    expect(mistakesOf('mishaps: 3\n')).toEqual(['s.yaml:1:10 mishaps are a list']);
    expect(mistakesOf('a: [\n')).toHaveLength(1);
  });

  test('that is not there is a mistake of the command line', () => {
    expect(() => readScenario(join(EXAMPLES, 'nobody.yaml'))).toThrow(
      '--scenario  there is no readable file',
    );
  });

  test('of the examples can be read', () => {
    const names = readdirSync(EXAMPLES);
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(Object.keys(readScenario(join(EXAMPLES, name)))).toContain('seed');
  });
});

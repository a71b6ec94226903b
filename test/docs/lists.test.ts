// Lists in the pages that the program has too are the same: faults and mishaps of the simulator, verdicts, formats.
import { describe, expect, it } from 'vitest';
import { readScenarioText } from '../../src/commands/scenario.ts';
import { FAULT_KINDS } from '../../src/simulator/faults.ts';
import { codeOf } from './page.ts';

const wordsIn = (page: string): ReadonlySet<string> =>
  new Set(codeOf(page).flatMap(({ text }) => text.split(/[^A-Za-z0-9_]+/)));

/** What a scenario is told that gets a word wrong: the words there are. */
function toldOf(text: string): readonly string[] {
  try {
    readScenarioText('scenario', text);
  } catch (error) {
    const message = (error as Error).message;
    return (/(?:keys|kind|one of): ([\w, ]+)/.exec(message)?.[1] ?? '').split(',').map((word) => word.trim());
  }
  return [];
}

describe('the page about the simulator', () => {
  const words = wordsIn('docs/simulator.md');

  it('names every key of a scenario and every fault', () => {
    const keys = toldOf('zzzzzzzzzzzzzz: 1\n');
    expect(keys).toContain('mishaps');
    expect([...keys, ...FAULT_KINDS].filter((name) => !words.has(name))).toEqual([]);
  });

  it('names every mishap', () => {
    const kinds = toldOf('mishaps: [{ at: { call: create, nth: 1 }, do: {} }]\n');
    expect(kinds).toContain('stuck');
    expect(kinds.filter((name) => !words.has(name))).toEqual([]);
  });
});

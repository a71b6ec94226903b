// What `compare` says of two results: pairs where the units are the same, samples where not, and gates on the change.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CompareRequest,
  compareResults,
  exitCodeOfComparison,
  formatRunComparison,
} from '../../src/commands/compare.ts';
import type { RunComparison } from '../../src/report/layout-comparison.ts';
import { makeFolder, play, reading } from './finished-runs.ts';

const PLAIN: CompareRequest = { outcomes: [], metrics: [], units: false, paired: false };
const GATES = `gates:
  - { name: no real drop, share: "result == 'win'", change: { at_least: -0.05 } }
  - { name: no richer, mean: gold, change: { at_most: 1 } }
`;
const folder = makeFolder('compare');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let base: string;
let head: string;
let other: string;
beforeAll(async () => {
  base = await play(folder, 'base');
  head = await play(folder, 'head', { win: 'blow + edge > 16', more: GATES });
  other = await play(folder, 'other', { seed: 6 });
});

interface Compared {
  readonly compared: RunComparison;
  readonly code: number;
  readonly text: string;
}

function compare(before: string, after: string, request: Partial<CompareRequest> = {}): Promise<Compared> {
  return reading(before, (one) =>
    reading(after, async (two) => {
      const compared = await compareResults(one, two, { ...PLAIN, ...request });
      const code = exitCodeOfComparison(compared, two, 'fail');
      const names = { base: { ...compared.base, name: 'old' }, head: { ...compared.head, name: 'new' } };
      const text = formatRunComparison({ ...compared, ...names }, { color: false, width: 80 });
      return { compared, code, text };
    }),
  );
}

describe('two runs of the same units', () => {
  it('are paired, the gates on changes are held, and the units that differ are listed', async () => {
    const { compared, code, text } = await compare(base, head, { units: true });
    expect(compared).toMatchObject({ unpaired: null, isSame: false, baseOnly: 0, headOnly: 0 });
    expect(compared.comparison!.pairing).toBe('paired');
    expect(compared.gates.map(({ name, state }) => [name, state])).toEqual([
      ['no real drop', 'fail'],
      ['no richer', 'pass'],
    ]);
    expect(code).toBe(1);
    const { lost, gained } = compared.comparison!.changes.find(({ name }) => name === 'no real drop')!;
    expect(gained).toBe(0);
    expect(compared.units).toHaveLength(lost);
    for (const { before, after } of compared.units!) {
      expect(before).toMatch(/^result win, gold \d+$/);
      expect(after).toBe('result lose, gold −5');
    }
    await expect(text).toMatchFileSnapshot('../golden/commands/compare-paired.txt');
  });

  it('differ in nothing when they did the same, and then no gate fails', async () => {
    const same = await play(folder, 'same', { more: GATES });
    const { compared, code } = await compare(base, same, { units: true });
    expect(compared.comparison!.isSame).toBe(true);
    expect(compared.comparison!.changes.every(({ change }) => change === 0)).toBe(true);
    expect(compared.units).toEqual([]);
    expect(code).toBe(0);
  });

  it('are paired by their common units when one went on for longer', async () => {
    const longer = await play(folder, 'longer', { repeat: 130 });
    const { compared } = await compare(base, longer);
    expect(compared).toMatchObject({ unpaired: null, baseOnly: 0, headOnly: 60 });
    expect(compared.comparison).toMatchObject({ isSame: true, units: 200 });
  });

  it('may be asked about other quantities', async () => {
    const { compared } = await compare(base, head, { outcomes: ['result'], metrics: ['blow'] });
    const names = compared.comparison!.changes.map(({ name, isGate }) => [name, isGate]);
    expect(names).toContainEqual(['blow', false]);
    expect(names).not.toContainEqual(['gold', false]);
  });
});

describe('two runs of other units', () => {
  it('are two samples, which is said with the reason, and gates are held against them as such', async () => {
    const { compared, code, text } = await compare(other, head);
    expect(compared.unpaired).toBe('another seed');
    expect(compared.comparison!.pairing).toBe('unpaired');
    expect(compared.gates[0]).toMatchObject({ name: 'no real drop', state: 'fail' });
    expect(code).toBe(1);
    await expect(text).toMatchFileSnapshot('../golden/commands/compare-unpaired.txt');
  });

  it('are refused when units must be paired', async () => {
    for (const request of [{ paired: true }, { units: true }]) {
      await expect(compare(other, head, request)).rejects.toMatchObject({
        diagnostics: [{ what: 'the units of the two cannot be paired: another seed' }],
      });
    }
  });
});

describe('a run and itself', () => {
  it('are the same run', async () => {
    const { compared, text } = await compare(base, base);
    expect(compared).toMatchObject({ isSame: true, comparison: null });
    expect(text).toContain('This is the same run.');
  });
});

describe('files', () => {
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    return path;
  };
  const unit = (id: string, hit: boolean): string => JSON.stringify({ unit_id: id, hit });

  it('are paired by the ids of their units, in whatever order these stand', async () => {
    const before = write('before.jsonl', [unit('a', true), unit('b', true), unit('c', false)]);
    const after = write('after.jsonl', [unit('c', true), unit('a', true), unit('d', true), unit('b', true)]);
    const { compared } = await compare(before, after, { units: true });
    expect(compared).toMatchObject({ unpaired: null, baseOnly: 0, headOnly: 1 });
    expect(compared.units).toEqual([{ unit: 'c', before: 'hit false', after: 'hit true' }]);
  });

  it('are two samples without ids, or without one in common', async () => {
    const named = write('named.jsonl', [unit('a', true), unit('b', false)]);
    const nameless = write('nameless.jsonl', ['{"hit":true}', '{"hit":false}']);
    const apart = write('apart.jsonl', [unit('x', true), unit('y', false)]);
    expect((await compare(named, nameless)).compared.unpaired).toBe('units without an id of their own');
    expect((await compare(named, apart)).compared.unpaired).toBe('no unit in common');
  });
});

// The live view as lines: what a person sees at several sizes is kept in golden files, and no size ever overflows.

import { describe, expect, it, test } from 'vitest';
import { layOut } from '../../src/commands/live-layout.ts';
import { colorLine, cutLine, lineText, lineWidth, widthOf, wrapText } from '../../src/commands/live-line.ts';
import type { Picture } from '../../src/commands/live-picture.ts';
import { ASCII, UNICODE } from '../../src/commands/live-steps.ts';
import { fc } from '../property.ts';
import { BEGUN, BUSY, LONG, PAUSED } from './live-pictures.ts';

const PICTURES: Readonly<Record<string, Picture>> = { begun: BEGUN, busy: BUSY, paused: PAUSED, long: LONG };
const SIZES = [
  [40, 10],
  [40, 24],
  [80, 10],
  [80, 24],
  [80, 50],
  [120, 30],
  [120, 50],
  [200, 15],
  [200, 50],
] as const;

describe('what a person sees', () => {
  test.each(Object.entries(PICTURES))('of a run that is %s', async (name, picture) => {
    const shown = SIZES.map(([columns, rows]) => {
      const lines = layOut(picture, { columns, rows }, UNICODE).map((line) => lineText(line).trimEnd());
      return `== ${columns} columns, ${rows} rows\n${lines.join('\n')}\n`;
    });
    await expect(shown.join('\n')).toMatchFileSnapshot(`../golden/live/${name}.txt`);
  });

  it('of a run whose units are all over says what is still done', () => {
    const afterwards = 'runs.py, for 5 s';
    const lines = layOut({ ...BUSY, standing: 'finished', afterwards }, { columns: 80, rows: 24 }, UNICODE);
    expect(lines.map(lineText)).toContain('after the run: runs.py, for 5 s');
  });

  it('is plain ASCII where the terminal knows nothing else', async () => {
    const lines = layOut(BUSY, { columns: 120, rows: 30 }, ASCII).map(lineText);
    await expect(`${lines.map((line) => line.trimEnd()).join('\n')}\n`).toMatchFileSnapshot(
      '../golden/live/ascii.txt',
    );
    const ours = layOut({ ...BUSY, failures: [] }, { columns: 120, rows: 30 }, ASCII).map(lineText);
    expect(ours.join('')).toMatch(/^[\x20-\x7e]*$/);
  });

  it('has colours as nothing but decoration', () => {
    for (const line of layOut(BUSY, { columns: 120, rows: 50 }, UNICODE)) {
      expect(colorLine(line, false)).toBe(lineText(line));
      expect(colorLine(line, true).replace(/\u001b\[\d+m/g, '')).toBe(lineText(line));
    }
  });
});

describe('every size', () => {
  it('is kept: never more lines than rows, never a line wider than the columns', () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 220 }),
      rows: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(PICTURES)),
        sizes,
        fc.boolean(),
        (picture, size, isAscii) => {
          const lines = layOut(picture, size, isAscii ? ASCII : UNICODE);
          expect(lines.length).toBeLessThanOrEqual(size.rows);
          for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(size.columns);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('tells first what the run is and what its active step does', () => {
    const [head, active] = layOut(LONG, { columns: 60, rows: 2 }, UNICODE).map(lineText);
    expect(head).toMatch(/^the-longest.*… {2}running for 1 d 1 h$/);
    expect(active).toContain('step 7');
    expect(active).toContain('12%');
  });

  it('keeps the reason of a pause in sight as long as there are three lines', () => {
    for (const rows of [3, 5, 10, 24]) {
      const text = layOut(PAUSED, { columns: 60, rows }, UNICODE).map(lineText).join('\n');
      expect(text).toContain('paused: the budget');
    }
  });
});

describe('the width of text', () => {
  test.each([
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['鍛冶屋', 6],
    ['한글', 4],
    ['ｆｕｌｌ', 8],
    ['😀', 2],
    ['─│█░►×…', 7],
    ['❤\ufe0f', 2],
  ])('of %j is %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  it('is kept by cutting and by wrapping, and wrapping loses no letter', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '鍛', '😀', 'e\u0301', '가') });
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 30 }), (text, columns) => {
        const cut = cutLine(
          [
            ['plain', text],
            ['good', text],
          ],
          columns,
          '…',
        );
        expect(lineWidth(cut)).toBeLessThanOrEqual(columns);
        const wrapped = wrapText(text, columns);
        for (const line of wrapped) expect(widthOf(line)).toBeLessThanOrEqual(columns);
        expect(wrapped.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });
});

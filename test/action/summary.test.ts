// The job summary: whole reports while they fit, a line each when they do not, and never more bytes than allowed.

import { describe, expect, test } from 'vitest';
import { fitSummary } from '../../src/action/summary.ts';
import { fc } from '../property.ts';

describe('the job summary', () => {
  test('shows all reports in their order when they fit', () => {
    const parts = [
      { markdown: '### A passes\n\nbody a\n', file: 'a.md' },
      { markdown: '### B fails\n\nbody b\n', file: 'b.md' },
    ];
    expect(fitSummary(parts)).toBe('### A passes\n\nbody a\n\n### B fails\n\nbody b\n\n');
  });

  test('keeps the verdict of a report that does not fit, and says where all of it is', () => {
    const long = { markdown: `### A fails\n\n${'x'.repeat(5000)}\n`, file: 'runs/a/report.md' };
    const short = { markdown: '### B passes\n\nbody b\n', file: null };
    const text = fitSummary([long, short], 1000);
    expect(text).toBe(
      '### A fails\n\nThe report is too long for this page. All of it is in `runs/a/report.md`.\n\n' +
        '### B passes\n\nbody b\n\n',
    );
  });

  test('counts bytes, not characters', () => {
    const part = { markdown: `### Ä\n\n${'█'.repeat(400)}\n`, file: null };
    expect(fitSummary([part], 1000)).not.toContain('█');
    expect(fitSummary([part], 2000)).toContain('█');
  });

  test('never exceeds its limit, and says how many reports it lost', () => {
    const part = fc.record({
      markdown: fc.string({ unit: 'grapheme', maxLength: 400 }),
      file: fc.option(fc.string({ maxLength: 40 })),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.integer({ min: 200, max: 5000 }), (parts, limit) => {
        expect(Buffer.byteLength(fitSummary(parts, limit))).toBeLessThanOrEqual(limit);
      }),
    );
    const many = Array.from({ length: 50 }, () => ({ markdown: '### A passes\n', file: null }));
    expect(fitSummary(many, 400)).toMatch(/\d+ more reports did not fit on this page\.\n$/);
  });
});

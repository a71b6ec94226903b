// What a report says about what was done after its run, on every surface, and that nothing a script said is obeyed there.
import { describe, expect, it } from 'vitest';
import { toHtml } from '../../src/report/html.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Report, ReportedPostProcess } from '../../src/report/report.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { reportOf, sailor } from './fixture.ts';

const sailorReport = (): Report => reportOf(sailor({ units: 50 }));

const ENTRY: ReportedPostProcess = {
  name: 'tally',
  kind: 'script',
  ok: true,
  why: null,
  count: 1,
  bytes: 812,
  files: [{ path: 'tally.txt', bytes: 812 }],
  said: '',
};

const withDone = (...done: readonly Partial<ReportedPostProcess>[]): Report => ({
  ...sailorReport(),
  postProcess: done.map((one) => ({ ...ENTRY, ...one })),
});

describe('what was done after a run', () => {
  it('is folded while all went well, with the first files of each entry', () => {
    const files = ['a.txt', 'b.txt', 'c.txt', 'd.txt'].map((path) => ({ path, bytes: 3_000 }));
    const text = toMarkdown(
      withDone({}, { name: 'units', kind: 'extract', count: 12_000, bytes: 36e6, files }),
    );
    expect(text).toContain('<summary>After the run: 2 entries, 12,001 files in outputs/</summary>');
    expect(text).toContain('| `tally` | done | `tally.txt` (812 B) |');
    expect(text).toContain('| `units` | done | `a.txt`, `b.txt`, `c.txt` and 11,997 more (36 MB) |');
  });

  it('stands open when something failed, and what it said is quoted and never obeyed', () => {
    const said = '::error::x\n<script>alert(1)</script> @everyone\n```\nafter';
    const report = withDone({ ok: false, why: 'it ended with exit code 1', count: 0, files: [], said });
    const markdown = toMarkdown(report);
    expect(markdown).not.toContain('<summary>After the run');
    expect(markdown).toContain('````text\n::error::x\n<script>');
    expect(toTerminal(report, { color: false, width: 80 })).not.toMatch(/^::error/m);
    const html = toHtml(report, []);
    expect(html).toContain('id="outputs"');
    expect(html).not.toContain('<script>alert');
  });

  it('quotes the end of what a script said, where the reason stands, on every surface', () => {
    const said = `${Array.from({ length: 40 }, (_, at) => `File ${at}`).join('\n')}\nValueError: no hand\n`;
    const report = withDone({ ok: false, why: 'it ended with exit code 1', count: 0, files: [], said });
    const surfaces = [
      toMarkdown(report),
      toTerminal(report, { color: false, width: 80 }),
      toHtml(report, []),
    ];
    for (const text of surfaces) {
      expect(text).toContain('ValueError: no hand');
      expect(text).toContain('… 22 more lines before');
      expect(text).not.toContain('File 21\n');
    }
  });

  it('is not spoken of where there is nothing', () => {
    expect(toMarkdown(sailorReport())).not.toContain('After the run');
    expect(toHtml(sailorReport(), [])).not.toContain('id="outputs"');
  });
});

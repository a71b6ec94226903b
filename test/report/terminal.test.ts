// The report for a terminal, beside its golden files: what other forms fold away is cut there.
import { expect, it } from 'vitest';
import { toMarkdown } from '../../src/report/markdown.ts';
import type { Report } from '../../src/report/report.ts';
import { toTerminal } from '../../src/report/terminal.ts';
import { dialogue, reportOf } from './fixture.ts';

const WIDE = { color: false, width: 120 };

it('a long table of groups ends before a group, and says where the rest is', () => {
  const report = reportOf(dialogue());
  const groups = Array.from({ length: 50 }, (_, at) => ({ ...report.groups[0]!, group: `group ${at}` }));
  const many = { ...report, groups } as Report;
  const shown = toTerminal(many, WIDE);
  const more = /^([\d,]+) more rows are in report\.html and report\.md\.$/m.exec(shown);
  expect(more).not.toBeNull();
  const named = [...shown.matchAll(/^ group \d+ /gm)].length;
  const rows = toMarkdown(many)
    .split('By group: 50 groups')[1]!
    .match(/^\| (?!-)/gm)!.length;
  expect(named).toBeLessThan(50);
  expect(rows).toBeGreaterThan(40);
  expect(toTerminal(report, WIDE)).not.toContain('more rows are in');
});

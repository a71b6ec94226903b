// What a report says about what was done after its run: each entry, what it came to, and the files it left.
import { formatBytes, formatCount } from '../analysis/numbers.ts';
import type { Block, Table, Text } from './block.ts';
import { lastLines } from './escape.ts';
import type { Report, ReportedPostProcess } from './report.ts';

/** Files that a row names. */
const NAMED = 3;
/** Lines of what a script said; with the one that tells of the others as many as a quote has on every surface. */
const SAID_LINES = 19;

/** Nothing when nothing was done. What failed is not folded away. */
export function outputsBlocks(report: Report): readonly Block[] {
  const done = report.postProcess ?? [];
  if (done.length === 0) return [];
  const table: Block = { kind: 'table', table: outputsTable(done) };
  const failed = done.filter(({ ok }) => !ok);
  const said = failed.flatMap(saidBlocks);
  return failed.length > 0
    ? [table, ...said]
    : [{ kind: 'details', summary: outputsSummary(done), blocks: [table] }];
}

/** `After the run: 3 entries, 12 files in outputs/`. */
export function outputsSummary(done: readonly ReportedPostProcess[]): string {
  const files = done.reduce((sum, { count }) => sum + count, 0);
  const entries = `${done.length} ${done.length === 1 ? 'entry' : 'entries'}`;
  return `After the run: ${entries}, ${formatCount(files)} ${files === 1 ? 'file' : 'files'} in outputs/`;
}

/** Each entry, what it came to, and its files. */
export function outputsTable(done: readonly ReportedPostProcess[]): Table {
  const rows = done.map((entry) => [[{ code: entry.name }], cameTo(entry), filesOf(entry)]);
  return { head: ['After the run', 'Came to', 'Files in outputs/'], align: ['left', 'left', 'left'], rows };
}

/** What a script said that failed: its end, where the reason stands. */
export function saidBlocks({ name, said }: ReportedPostProcess): readonly Block[] {
  if (said.trim() === '') return [];
  return [
    { kind: 'paragraph', text: ['What ', { code: name }, ' printed last:'] },
    { kind: 'quote', text: lastLines(said, SAID_LINES) },
  ];
}

function cameTo({ ok, why }: ReportedPostProcess): Text {
  if (!ok) return ['failed: ', { code: why ?? 'it is not known why', max: 200 }];
  return why === null ? ['done'] : ['done, but ', { code: why, max: 200 }];
}

function filesOf({ count, bytes, files }: ReportedPostProcess): Text {
  if (count === 0) return ['none'];
  const named = files.slice(0, NAMED);
  const names = named.flatMap(({ path }, at): Text => [at === 0 ? '' : ', ', { code: path, max: 60 }]);
  const more = count > named.length ? [` and ${formatCount(count - named.length)} more`] : [];
  return [...names.filter((piece) => piece !== ''), ...more, ` (${formatBytes(bytes)})`];
}

// What was done after the run, on the page: each entry with its files, and what those that failed said.
import { writeBlocks, writeTable } from './html-blocks.ts';
import { html } from './html-markup.ts';
import type { PageInput, Section } from './html-section.ts';
import { outputsSummary, outputsTable, saidBlocks } from './layout-outputs.ts';

/** Null when nothing was done. */
export function outputsSection({ report }: PageInput): Section | null {
  const done = report.postProcess ?? [];
  if (done.length === 0) return null;
  const said = done.flatMap(saidBlocks);
  const body = html`${writeTable(outputsTable(done), 'After the run')}${said.length === 0 ? null : writeBlocks(said)}`;
  return {
    id: 'outputs',
    title: 'After the run',
    note: [outputsSummary(done).replace('After the run: ', '')],
    body,
  };
}

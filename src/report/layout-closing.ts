// How every report ends: what was not run, the books, the cost, where it comes from, how to get it again.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Table, type Text } from './block.ts';
import { costPhrase, uncertainPhrase } from './cost-text.ts';
import { falseAlarmNote } from './false-alarms.ts';
import { outputsBlocks } from './layout-outputs.ts';
import type { Report } from './report.ts';

/** Books, cost and provenance; how to get the same again; what was not run. */
export function closing(report: Report): readonly Block[] {
  const { provenance, notRun } = report;
  const blocks: Block[] = [...outputsBlocks(report)];
  if (notRun.length > 0) {
    const summary = `Not run: ${notRun.length} ${notRun.length === 1 ? 'entry' : 'entries'} of the pipeline`;
    blocks.push({ kind: 'details', summary, blocks: [{ kind: 'table', table: notRunTable(report) }] });
  }
  blocks.push(books(report));
  if (provenance.reproduce !== null)
    blocks.push(paragraph(['reproduce: ', { code: provenance.reproduce, max: 400 }]));
  const table = provenanceTable(report);
  blocks.push({ kind: 'details', summary: 'Provenance', blocks: [{ kind: 'table', table }] });
  return blocks;
}

/** What this version leaves out of the pipeline, and why. */
export function notRunTable(report: Report): Table {
  const rows = report.notRun.map(({ name, reason }) => [[{ code: name }], [{ code: reason, max: 200 }]]);
  return { head: ['Not run', 'Why'], align: ['left', 'left'], rows };
}

/** Units, cost, model, time and seed on one line. */
export function books(report: Report): Block {
  return paragraph(joinText(bookFacts(report), ' · '));
}

/** Units, cost, model, time and seed, one by one. */
export function bookFacts(report: Report): readonly Text[] {
  const { provenance, units, timing } = report;
  const facts: Text[] = [
    [`${formatCount(units.valid)} of ${formatUnits(units.planned)} valid`],
    [costPhrase(report)],
  ];
  const more = uncertainPhrase(report);
  if (more !== null) facts.push([more]);
  if (provenance.model !== null) facts.push([{ code: provenance.model }]);
  if (timing !== null && timing.elapsedMs !== null) facts.push([formatElapsed(timing.elapsedMs)]);
  facts.push(['seed ', { code: provenance.seed, max: 40 }]);
  return facts;
}

function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Everything that names this result, for whoever wants to get or to doubt it. */
export function provenanceTable(report: Report): Table {
  const { provenance, timing } = report;
  const rows: (readonly [string, Text])[] = [
    ['pipeline', [{ code: provenance.path, max: 120 }]],
    ['answers', answersText(report)],
    [
      'seed and streams',
      [{ code: provenance.seed, max: 64 }, ', streams ', { code: provenance.streamVersion, max: 24 }],
    ],
    ['run', [{ code: provenance.runId, max: 64 }]],
    ['content key', [{ code: provenance.contentKey, max: 64 }]],
    ['engine', [{ code: provenance.engineVersion, max: 24 }]],
  ];
  const note = falseAlarmNote(report.falseAlarms);
  if (note !== null) rows.push(['false alarms', [note]]);
  if (timing?.finished) rows.push(['finished', [{ name: timing.finished }]]);
  return {
    head: ['What', 'Value'],
    align: ['left', 'left'],
    rows: rows.map(([name, text]) => [[name], text]),
  };
}

function answersText(report: Report): Text {
  const { provider, model, replays } = report.provenance;
  if (replays !== null) return ['recorded answers of run ', { code: replays, max: 64 }];
  const from: Text = provider === null || provider === 'simulated' ? [] : [' from ', { name: provider }];
  return [answersPhrase(report), ...from, ...(model === null ? [] : [' ', { code: model, max: 64 }])];
}

function answersPhrase(report: Report): string {
  switch (report.provenance.answers) {
    case 'fresh':
      return 'fresh answers';
    case 'simulated':
      return 'simulated answers';
    case 'replayed':
      return 'recorded answers';
    case 'none':
      return 'no answers asked';
    default:
      return report.provenance.answers satisfies never;
  }
}

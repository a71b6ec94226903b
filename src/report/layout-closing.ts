// How every report ends: what was not run, the books, the cost, where it comes from, how to get it again.
import { formatCount, formatUnits } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { costPhrase, formatUsd } from './cost-text.ts';
import type { Report } from './report.ts';

/** Books, cost and provenance; how to get the same again; what was not run. */
export function closing(report: Report): readonly Block[] {
  const { provenance, units, notRun, timing } = report;
  const blocks: Block[] = [];
  if (notRun.length > 0) {
    const rows = notRun.map(({ name, reason }) => [[{ code: name }], [{ code: reason, max: 200 }]]);
    const table = { head: ['Not run', 'Why'], align: ['left', 'left'] as const, rows };
    const summary = `Not run: ${notRun.length} ${notRun.length === 1 ? 'entry' : 'entries'} of the pipeline`;
    blocks.push({ kind: 'details', summary, blocks: [{ kind: 'table', table }] });
  }
  const facts: Text[] = [
    [`${formatCount(units.valid)} of ${formatUnits(units.planned)} valid`],
    [`${costPhrase(report)}${report.cost.cap === null ? '' : ` (cap ${formatUsd(report.cost.cap)})`}`],
  ];
  const capped = report.steps.reduce((sum, step) => sum + step.capped, 0);
  if (capped > 0) facts.push([`${formatCount(capped)} loops ended at max_iterations`]);
  if (provenance.model !== null) facts.push([{ code: provenance.model }]);
  facts.push(['seed ', { code: provenance.seed, max: 40 }]);
  blocks.push(paragraph(joinText(facts, ' · ')));
  if (provenance.reproduce !== null)
    blocks.push(paragraph(['reproduce: ', { code: provenance.reproduce, max: 400 }]));
  const source: Text[] = [
    [{ code: provenance.path, max: 120 }],
    [
      `${answersPhrase(report)}${provenance.provider === null ? '' : ' from '}`,
      ...providerPiece(provenance.provider),
    ],
    ['run ', { code: provenance.runId, max: 40 }],
    ['content ', { code: provenance.contentKey.slice(0, 12) }],
    ['engine ', { code: provenance.engineVersion, max: 24 }],
    ['streams ', { code: provenance.streamVersion, max: 24 }],
  ];
  if (timing?.finished) source.push([{ name: timing.finished }]);
  if (timing !== null && timing.elapsedMs !== null) source.push([formatElapsed(timing.elapsedMs)]);
  blocks.push({ kind: 'small', text: joinText(source, ' · ') });
  return blocks;
}

function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function providerPiece(provider: string | null): Text {
  return provider === null ? [] : [{ name: provider }];
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

// What a report says when no verdict is given: why the run stopped or paused, what is kept, and how to go on.

import { formatCount, formatUnits } from '../analysis/numbers.ts';
import type { RunError } from '../analysis/verdict.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import { formatUsd } from './cost-text.ts';
import { errorSentence } from './headline.ts';
import { progressPlot } from './layout-pending.ts';
import type { Report } from './report.ts';
import { droppedSentence, recordingSentence } from './sentences.ts';

/** The blocks of a report in error, after its headline. */
export function errorBlocks(report: Report): readonly Block[] {
  const { error, units } = report;
  const isEnded = error !== null && ['canceled', 'deadline', 'superseded'].includes(error.kind);
  const dropped = isEnded ? [] : droppedSentence(report);
  const more = [...recordingSentence(report), ...dropped];
  if (error === null) {
    const lead: Text = [{ strong: 'There is nothing to judge: no unit came through every step.' }];
    return [paragraph(joinText([lead, ...more], ' '))];
  }
  const text: Text[] = [[{ strong: leadOf(error) }]];
  if (units.inFlight > 0)
    text.push([
      `${formatCount(units.valid)} of ${formatUnits(units.planned)} are through, ${formatCount(units.inFlight)} in flight.`,
    ]);
  const blocks: Block[] = [paragraph(joinText([...text, ...more], ' ')), ...reasonBlocks(error, report)];
  if (units.inFlight > 0) blocks.push(progressPlot(report));
  return blocks;
}

/** The first sentence: why there is no verdict. */
function leadOf(error: RunError): string {
  return error.kind === 'script'
    ? 'All units are over, but a script that had to follow them failed, so no verdict is given.'
    : `The run ${errorSentence(error.kind)}; no verdict is given on a part of it.`;
}

/** Where no command of a person goes on with it. */
const RAISE =
  ': raise max-cost, or max_cost of the policy, in the workflow that began it, and start its job again';

/** Why, and what helps. */
function reasonBlocks(error: RunError, report: Report): readonly Block[] {
  const goOn = report.pending?.goOn ?? null;
  const command = (extra: string): Text =>
    goOn === null ? [] : [': ', { code: `${goOn}${extra}`, max: 400 }];
  switch (error.kind) {
    case 'budget':
      return [
        paragraph([
          `The next request may need up to ${formatUsd(error.needs)} with its retries; of at most ${formatUsd(error.cap)}, ${formatUsd(error.left)} is left. What came back is kept, and nothing more was sent.`,
        ]),
        paragraph([
          `Go on with a cap of at least ${formatUsd(error.enough)}`,
          ...(goOn === null ? [RAISE] : command(` --max-cost ${error.enough}`)),
          '. The units that follow may need more, and max_cost in the pipeline must allow it too.',
        ]),
      ];
    case 'blocked':
      return [
        paragraph([{ name: error.provider }, ' says:']),
        { kind: 'quote', text: error.why },
        paragraph([
          'What came back is kept, and nothing is sent again by itself. Go on once the account may do this',
          ...command(''),
        ]),
      ];
    case 'unusable':
      return [
        paragraph([
          'Before anything was sent to it, ',
          { name: error.provider },
          ' was asked about ',
          { code: error.model, max: 64 },
          ':',
        ]),
        { kind: 'quote', text: error.why },
        paragraph(['To mend it: ', { code: error.fix, max: 300 }, '. Then go on', ...command('')]),
      ];
    case 'script':
      return [
        paragraph([{ code: error.name }, ': ', { code: error.why, max: 200 }, '.']),
        paragraph(['The results of the units are kept. ', ...SCRIPT_FIX]),
      ];
    case 'deadline':
    case 'superseded':
    case 'canceled': {
      const { valid, planned } = report.units;
      const givenUp = report.steps.reduce((sum, step) => sum + (step.failures.canceled ?? 0), 0);
      return [
        paragraph([
          ...endedBy(error),
          `${formatCount(valid)} of ${formatUnits(planned)} came through and are kept in `,
          { code: 'results.jsonl' },
          `; ${givenUpText(givenUp)}. Every answer that was paid for is kept.`,
        ]),
      ];
    }
    default:
      return error satisfies never;
  }
}

/** How a script that failed is run again. Where the run is kept is not known here, and elsewhere it would be paid anew. */
const SCRIPT_FIX: Text = [
  'Mend it, then push it or run the pipeline again: where this run is kept no unit is run anew, only what comes after them. With ',
  { code: 'on_failure: warn' },
  ' in its entry the report would say so, and nothing else.',
];

/** A run that ends between two waves gives up no unit, but those it would have begun. */
function givenUpText(units: number): string {
  if (units === 0) return 'no more were begun';
  return `${formatCount(units)} ${units === 1 ? 'was' : 'were'} given up`;
}

/** Who or what ended the run, as the beginning of a paragraph; of a person it need not be said. */
function endedBy(error: Extract<RunError, { kind: 'deadline' | 'superseded' | 'canceled' }>): Text {
  switch (error.kind) {
    case 'canceled':
      return [];
    case 'superseded':
      return ['Commit ', { code: error.by.slice(0, 7), max: 40 }, ' took its place, and its run was ended. '];
    case 'deadline': {
      const hours = error.allowedMs === null ? null : Math.round(error.allowedMs / 360_000) / 10;
      return [hours === null ? 'Its time was over. ' : `It was allowed ${hours} h, and that time was over. `];
    }
    default:
      return error satisfies never;
  }
}

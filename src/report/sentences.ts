// Sentences that several kinds of report share. Each is nothing when it does not apply.
import { formatCount, formatPercent, formatUnits } from '../analysis/numbers.ts';
import type { Text } from './block.ts';
import type { Report } from './report.ts';

/** Where replayed answers come from, and what the recording lacks. */
export function recordingSentence(report: Report): readonly Text[] {
  const { replays } = report.provenance;
  if (replays === null) return [];
  const { uncovered } = report;
  const lacks =
    uncovered === null || uncovered === 0
      ? 'That run has an answer for every request.'
      : `That run lacks an answer for ${formatUnits(uncovered)}, which failed.`;
  // A recording of invented answers was named as such before.
  const lead: Text = report.simulated
    ? ['They are']
    : [{ strong: 'No model was called and nothing was spent:' }, ' the answers are'];
  return [[...lead, ' those of run ', { code: replays, max: 64 }, `. ${lacks}`]];
}

/** What was dropped, in the words every percentage below depends on. */
export function droppedSentence(report: Report): readonly Text[] {
  const { planned, failed } = report.units;
  if (failed === 0) return [];
  const worst = report.steps.reduce((a, b) => (b.failed > a.failed ? b : a));
  const share = formatPercent(failed / planned, failed / planned < 0.1 ? 1 : 0);
  const lead = `${formatCount(failed)} of ${formatUnits(planned)} ${failed === 1 ? 'was' : 'were'} dropped (${share})`;
  return [
    [
      `${lead}, ${worst.failed === failed ? 'all' : formatCount(worst.failed)} at `,
      { name: worst.step },
      '.',
    ],
    ...unsplitSentence(report),
  ];
}

/** Of units that failed before a fan-out nobody knows how many they would have become. */
function unsplitSentence({ unsplit }: Report): readonly Text[] {
  if (unsplit === undefined) return [];
  const { units, most } = unsplit;
  const [were, they] = units === 1 ? ['it was', 'it'] : ['they were', 'they'];
  return [
    [
      `${formatUnits(units)} failed before ${were} split; how many results ${they} would have given is not known. Worst cases count the most there could have been, ${formatCount(most)}.`,
    ],
  ];
}

/** Whose loops `max_iterations` ended: their results are what was there then. */
export function cappedSentence(report: Report): readonly Text[] {
  const steps = report.steps.filter((step) => step.capped > 0);
  return steps.map(({ step, capped, entered }) => {
    const who = capped === 1 ? 'was' : 'were';
    return [
      `${formatCount(capped)} of ${formatUnits(entered)} ${who} stopped by `,
      { code: 'max_iterations' },
      ' at ',
      { name: step },
      '.',
    ];
  });
}

// What coupled draws brought, in one sentence for each. A coupling that did harm is said to have done so.
import type { Gain } from '../analysis/gains.ts';
import { formatPlain } from '../analysis/numbers.ts';
import { type Block, joinText, paragraph, type Text } from './block.ts';
import type { Report } from './report.ts';

/** Factors this near to 1 are no gain and no harm. */
const NOTHING = 0.05;

/** A paragraph, or nothing when no draws were coupled or too few units tell what it brought. */
export function gainBlocks(report: Report): readonly Block[] {
  if (report.gains.length === 0) return [];
  return [paragraph(joinText(report.gains.map(gainSentence), ' '))];
}

function gainSentence(gain: Gain): Text {
  const lead = leadOf(gain.coupling);
  const what: Text = [
    ...(gain.coupling === 'common' ? ['differences between groups in '] : []),
    ...nameOf(gain),
  ];
  const { factor } = gain;
  if (factor === null) return [{ strong: lead }, ' left no chance in ', ...what, '.'];
  if (Math.abs(factor - 1) < NOTHING) return [{ strong: lead }, ' brought nothing for ', ...what, '.'];
  const times = formatPlain(Number(factor.toPrecision(2)));
  if (factor > 1) {
    return [{ strong: lead }, `: as good as ${times} times as many independent units for `, ...what, '.'];
  }
  return [
    { strong: `${lead} did harm` },
    `: only as good as ${times} times as many independent units for `,
    ...what,
    '.',
  ];
}

function leadOf(coupling: Gain['coupling']): string {
  switch (coupling) {
    case 'antithetic':
      return 'Antithetic pairs';
    case 'common':
      return 'Shared streams';
    case 'stratified':
      return 'Strata';
    default:
      return coupling satisfies never;
  }
}

function nameOf({ kind, name, label }: Gain): Text {
  switch (kind) {
    case 'gate':
      return ['the gate “', { name }, '”'];
    case 'mean':
      return ['mean ', { name }];
    case 'share':
      return [{ name }, ' ', { code: label ?? '', max: 40 }];
    default:
      return kind satisfies never;
  }
}

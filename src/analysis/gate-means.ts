// Gates on the mean of an expression over the valid units of one run.
import type { Gate } from '../pipeline/pipeline.ts';
import { meansToSettle } from './decision.ts';
import { DROPPED_LIMIT, formatDropped, type Held, MORE_ITEMS } from './gate-held.ts';
import { heldCount } from './gate-shares.ts';
import type { GateSituation, GateTally } from './gates.ts';
import { tInterval, whereAlike } from './intervals.ts';
import { formatUnits } from './numbers.ts';
import { observedBounds } from './tally.ts';

/**
 * The mean that a gate's expression gave; null below two values. A mean of nothing but 0 and 1 is a share, which t knows
 * little of where one of them is rare.
 */
export function heldMean(
  gate: Extract<Gate, { kind: 'mean' }>,
  counted: Extract<GateTally, { kind: 'mean' }>,
  situation: GateSituation,
): Held | null {
  const { tally, errors, firstError } = counted;
  const share = tally.asShare();
  if (share !== null) return { ...heldCount(gate, { ...counted, tally: share }, situation), smallest: null };
  const spread = tally.meanError();
  if (spread === null) return null;
  const { unborn = 0 } = situation;
  const dropped = situation.failed + unborn + errors;
  const covers = dropped > DROPPED_LIMIT * (situation.planned + unborn);
  const notes: string[] = [];
  if (covers)
    notes.push(`the interval covers ${formatDropped(dropped, unborn)} dropped, anywhere in the range seen`);
  if (errors > 0) notes.push(`${formatUnits(errors)} gave no number`);
  return {
    value: tally.mean,
    n: tally.n,
    intervalAt: (confidence) => {
      const around = tInterval(tally.mean, spread.error, spread.degrees, confidence);
      const ends = whereAlike(around, spread.degrees + 1, confidence);
      return covers ? observedBounds(tally, ends, dropped) : ends;
    },
    method: covers
      ? `${spread.method}, ${formatDropped(dropped, unborn)} dropped anywhere in the range seen`
      : spread.method,
    worst: covers ? observedBounds(tally, { low: tally.mean, high: tally.mean }, dropped) : null,
    notes,
    smallest: null,
    settle: (confidence) =>
      covers || spread.widened
        ? null
        : meansToSettle(tally.mean, tally.n, spread.error, gate.region, confidence),
    openNote: spread.widened ? MORE_ITEMS : null,
    errors,
    firstError,
  };
}

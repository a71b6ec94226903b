// Gates on a share of the units of one run: of the valid ones, by an expression, or of the planned ones that are valid.
import type { Gate } from '../pipeline/pipeline.ts';
import { sharesToSettle, smallestPassing } from './decision.ts';
import { DROPPED_LIMIT, formatDropped, type Held, MORE_ITEMS } from './gate-held.ts';
import type { GateSituation, GateTally } from './gates.ts';
import { clopperPearsonHigh, clopperPearsonLow, exactShareInterval, sizeAt } from './intervals.ts';
import { formatUnits } from './numbers.ts';
import { type ShareCount, shareBounds } from './tally.ts';

/** The share that a gate's expression gave; at least one unit has a value. */
export function heldShare(
  gate: Extract<Gate, { kind: 'share' }>,
  counted: Extract<GateTally, { kind: 'share' }>,
  situation: GateSituation,
): Held {
  return heldCount(gate, counted, situation);
}

/** A count of the units of which something is true, or 1; at least one unit has a value. */
export function heldCount(
  gate: Extract<Gate, { kind: 'share' | 'mean' }>,
  counted: { readonly tally: ShareCount; readonly errors: number; readonly firstError: string | null },
  situation: GateSituation,
): Held {
  const { tally, errors, firstError } = counted;
  const { x, n } = tally;
  const { unborn = 0 } = situation;
  const dropped = situation.failed + unborn + errors;
  const covers = dropped > DROPPED_LIMIT * (situation.planned + unborn);
  const dependence = tally.dependence();
  // More repetitions narrow what shared draws do to a share, not what items do.
  const isWidened = dependence.clusters === 'items' && dependence.size < n;
  const { method } = exactShareInterval(x, n, dependence, gate.confidence);
  const all = n + dropped;
  const notes: string[] = [];
  if (covers) notes.push(`the interval covers ${formatDropped(dropped, unborn)} dropped, whatever they were`);
  if (errors > 0)
    notes.push(
      `${formatUnits(errors)} gave ${gate.kind === 'share' ? 'neither true nor false' : 'no number'}`,
    );
  return {
    value: x / n,
    n,
    intervalAt: (confidence) => {
      if (!covers) return boundsOf(exactShareInterval(x, n, dependence, confidence));
      const size = sizeAt(dependence, confidence) * (all / n);
      return {
        low: clopperPearsonLow((x / all) * size, size, confidence),
        high: clopperPearsonHigh(((x + dropped) / all) * size, size, confidence),
      };
    },
    method: covers ? `${method}, worst case of ${formatDropped(dropped, unborn)} dropped` : method,
    worst: covers ? shareBounds(x, n, dropped) : null,
    notes,
    smallest: smallestPassing(gate.region, gate.confidence),
    settle: (confidence) =>
      covers || isWidened ? null : sharesToSettle(x / n, n, dependence.size, gate.region, confidence),
    openNote: isWidened ? MORE_ITEMS : null,
    errors,
    firstError,
  };
}

/** The share of planned units that ended valid; at least one was planned. */
export function heldValidShare(
  gate: Extract<Gate, { kind: 'valid_share' }>,
  { valid: x, planned: n }: GateSituation,
): Held {
  // The claim is about the units that ran, so items are no clusters here.
  const dependence = { size: n, items: null };
  return {
    value: x / n,
    n,
    intervalAt: (confidence) => boundsOf(exactShareInterval(x, n, dependence, confidence)),
    method: exactShareInterval(x, n, dependence, gate.confidence).method,
    worst: null,
    notes: [],
    smallest: smallestPassing(gate.region, gate.confidence),
    settle: (confidence) => sharesToSettle(x / n, n, n, gate.region, confidence),
    openNote: null,
    errors: 0,
    firstError: null,
  };
}

function boundsOf({ low, high }: { readonly low: number; readonly high: number }) {
  return { low, high };
}

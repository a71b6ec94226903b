// Gates on a change between two runs of which only estimates are known, too many units having run to keep each one's value:
// as of two independent samples, which is wider than it would be over the same units.
import type { Count } from './compare-shares.ts';
import {
  effectiveSample,
  meanChangeInterval,
  methodOf,
  shareChangeInterval,
} from './comparison-intervals.ts';
import { meansToSettle } from './decision.ts';
import type { Bounds } from './estimate.ts';
import type { HeldChange } from './gate-changes.ts';
import { DROPPED_LIMIT, type Held } from './gate-held.ts';
import type { ChangeGate, Estimated } from './gate-sides.ts';
import type { GateResult } from './gates.ts';
import { EVERYTHING, SHOWN_CONFIDENCE, sizeAt, whereAlike } from './intervals.ts';
import { formatUnits } from './numbers.ts';
import { unpairedToSettle } from './settle.ts';
import { rangeOf } from './unit-values.ts';

/** What is known of a side by its estimate alone, with its units that gave no value. */
export interface EstimatedSide {
  readonly estimated: Estimated;
  readonly dropped: number;
}

/** The change between two estimates, as of independent samples; null when they are not of one kind. */
export function unpairedChangeOf(
  gate: ChangeGate,
  base: EstimatedSide,
  head: EstimatedSide,
  { errors, firstError }: GateResult,
): HeldChange | null {
  const [b, h] = [base.estimated, head.estimated];
  const found =
    b.kind === 'share' && h.kind === 'share' && gate.kind === 'share_change'
      ? sharesApart(b, h, gate)
      : b.kind === 'mean' && h.kind === 'mean' && gate.kind === 'mean_change'
        ? meansApart(b, h, gate)
        : null;
  if (found === null) return null;
  const value = h.value - b.value;
  const covers = [base, head].some(
    ({ estimated: { n }, dropped }) => dropped > DROPPED_LIMIT * (n + dropped),
  );
  const range = b.kind === 'mean' && h.kind === 'mean' ? rangeOf([b.min, b.max, h.min, h.max]) : null;
  const worst = worstOf(base, head, range ?? { low: 0, high: 1 });
  // A share cannot move by more than all.
  const most = range === null ? 1 : Number.POSITIVE_INFINITY;
  const dropped = base.dropped + head.dropped;
  const notes = covers ? [`the interval covers ${formatUnits(dropped)} dropped, whatever they were`] : [];
  return {
    value,
    n: h.n,
    intervalAt: (confidence) => {
      const { low, high } = found.intervalAt(confidence);
      if (!covers) return { low, high };
      return {
        low: Math.max(-most, worst.low - (value - low)),
        high: Math.min(most, worst.high + (high - value)),
      };
    },
    method: covers ? `${found.method}, worst case of ${formatUnits(dropped)} dropped` : found.method,
    worst: covers ? worst : null,
    notes,
    smallest: null,
    settle: covers ? () => null : found.settle,
    openNote: null,
    errors,
    firstError,
    sides: { of: { name: null, value: h.value, n: h.n }, minus: { name: null, value: b.value, n: b.n } },
  };
}

type Apart = Pick<Held, 'intervalAt' | 'method' | 'settle'>;

function sharesApart(
  b: Extract<Estimated, { kind: 'share' }>,
  h: Extract<Estimated, { kind: 'share' }>,
  { region }: ChangeGate,
): Apart {
  const evidenceAt = (confidence: number) =>
    ({ kind: 'samples', base: countAt(b, confidence), head: countAt(h, confidence) }) as const;
  return {
    intervalAt: (confidence) => shareChangeInterval(evidenceAt(confidence), confidence),
    method: methodOf('share', evidenceAt(SHOWN_CONFIDENCE)),
    settle: (confidence) => {
      if (h.size < h.n || b.size < b.n) return null;
      const { base, head } = evidenceAt(confidence);
      return unpairedToSettle(base, head, region, confidence);
    },
  };
}

/** The count that an interval at this confidence rests on. */
function countAt(side: Extract<Estimated, { kind: 'share' }>, confidence: number): Count {
  const size = sizeAt(side, confidence);
  return { x: side.value * size, n: size };
}

function meansApart(
  b: Extract<Estimated, { kind: 'mean' }>,
  h: Extract<Estimated, { kind: 'mean' }>,
  { region }: ChangeGate,
): Apart {
  const [base, head] = [b, h].map(({ value, error, degrees }) => effectiveSample(value, error, degrees));
  const evidence = { kind: 'samples', base: base!, head: head! } as const;
  const error = Math.sqrt(b.error ** 2 + h.error ** 2);
  const draws = Math.min(b.degrees, h.degrees) + 1;
  return {
    intervalAt: (confidence) =>
      whereAlike(meanChangeInterval(evidence, confidence) ?? EVERYTHING, draws, confidence),
    method: methodOf('mean', evidence),
    settle: (confidence) => meansToSettle(h.value - b.value, h.n, error, region, confidence),
  };
}

function worstOf(base: EstimatedSide, head: EstimatedSide, range: Bounds): Bounds {
  const mean = ({ estimated: { value, n }, dropped }: EstimatedSide, fill: number) =>
    (value * n + fill * dropped) / (n + dropped);
  return {
    low: mean(head, range.low) - mean(base, range.high),
    high: mean(head, range.high) - mean(base, range.low),
  };
}

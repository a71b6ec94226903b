// The words and numbers of gates, for every surface. It holds no text that is not ours.
import type { Gate, Region } from '../pipeline/pipeline.ts';
import type { GateState } from './decision.ts';
import type { Bounds } from './estimate.ts';
import { formatMoney, type Money, parseUsd } from './money.ts';
import { errorDecimals, formatNumber, formatPercent, formatPlain, percentDecimals } from './numbers.ts';

/** A change or difference of two shares; the other kinds that have a sign are numbers. */
export function isInPoints(kind: Gate['kind']): boolean {
  return kind === 'share_change' || kind === 'share_difference';
}

/** The region as people write it: `≥ 80%`, `45% to 55%`, `≤ $0.25`; of a change `≥ −2 pp`, `−1 to +1`. */
export function formatRegion(gate: { readonly kind: Gate['kind']; readonly region: Region }): string {
  const { atLeast, atMost } = gate.region;
  const { write, unit } = scaleOf(gate.kind);
  if (atLeast !== null && atMost !== null) return `${write(atLeast)} to ${write(atMost)}${unit}`;
  if (atLeast !== null) return `≥ ${write(atLeast)}${unit}`;
  return atMost === null ? 'any value' : `≤ ${write(atMost)}${unit}`;
}

function scaleOf(kind: Gate['kind']): { readonly write: (bound: number) => string; readonly unit: string } {
  switch (kind) {
    case 'share':
    case 'valid_share':
      return { write: (bound) => `${formatPlain(bound * 100)}%`, unit: '' };
    case 'share_change':
    case 'share_difference':
      return { write: (bound) => plus(bound, formatPlain(bound * 100)), unit: ' pp' };
    case 'mean_change':
    case 'mean_difference':
      return { write: (bound) => plus(bound, formatPlain(bound)), unit: '' };
    case 'mean':
      return { write: formatPlain, unit: '' };
    case 'cost':
      return { write: (bound) => formatMoney(dollars(bound)), unit: '' };
    default:
      return kind satisfies never;
  }
}

function plus(value: number, text: string): string {
  return value > 0 ? `+${text}` : text;
}

/** US dollars as a gate's bound gives them. */
export function dollars(amount: number): Money {
  return parseUsd(amount.toFixed(12)) ?? 0n;
}

/** `−18`, `+2.4`, `±0`. What is not exactly 0 is never written as 0: more decimals are shown instead. */
export function formatSigned(value: number, decimals: number): string {
  if (value === 0) return '±0';
  for (let shown = decimals; ; shown++) {
    const text = formatNumber(value, shown);
    if (/[1-9∞]/.test(text)) return plus(value, text);
    if (shown >= decimals + 4) return '±0';
  }
}

/** A gate's estimate in its own unit: `51.2%`, `25.1`, `−18 pp`, `+0.4`. `interval` tells how fine a mean can be. */
export function formatEstimate(
  kind: Gate['kind'],
  value: number,
  n: number,
  interval: Bounds | null,
): string {
  const decimals = interval === null ? 2 : errorDecimals((interval.high - interval.low) / 4);
  switch (kind) {
    case 'share':
    case 'valid_share':
      return formatPercent(value, percentDecimals(n));
    case 'mean':
      return formatNumber(value, decimals);
    case 'share_change':
    case 'share_difference':
      return `${formatSigned(value * 100, percentDecimals(n))} pp`;
    case 'mean_change':
    case 'mean_difference':
      return formatSigned(value, decimals);
    case 'cost':
      return formatMoney(dollars(value));
    default:
      return kind satisfies never;
  }
}

/** The ends of a gate's interval: `45.1% to 50%`, `−24 to +3 pp`, `20.9 to 21.4`. */
export function formatEnds(kind: Gate['kind'], ends: Bounds, n: number): string {
  // One decimal at least of what is shared out, so that an end beside a bound is not rounded onto it.
  const fine = Math.max(1, percentDecimals(n));
  const decimals = errorDecimals((ends.high - ends.low) / 4);
  if (kind === 'share' || kind === 'valid_share')
    return `${formatPercent(ends.low, fine)} to ${formatPercent(ends.high, fine)}`;
  if (isInPoints(kind))
    return `${formatSigned(ends.low * 100, fine)} to ${formatSigned(ends.high * 100, fine)} pp`;
  if (kind === 'mean') return `${formatNumber(ends.low, decimals)} to ${formatNumber(ends.high, decimals)}`;
  return `${formatSigned(ends.low, decimals)} to ${formatSigned(ends.high, decimals)}`;
}

/** `95%`, `99.87%`; of what is nearer to certainty than anybody reads, `over 99.9999%`. */
export function formatLevel(confidence: number): string {
  const missing = (1 - confidence) * 100;
  if (missing < 1e-4) return 'over 99.9999%';
  return `${formatPlain(Number((confidence * 100).toFixed(errorDecimals(missing))))}%`;
}

/** Where an interval lies, before the region's name. */
export function formatPlace(state: GateState): string {
  return state === 'pass' ? 'lies inside' : state === 'fail' ? 'lies outside' : 'lies partly outside';
}

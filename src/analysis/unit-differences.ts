// Which units came out otherwise than in another run of the same units, and in what: outcomes and claims first, then
// metrics by how far they moved. It compares place by place and estimates nothing.
import { partnersOf } from './align-units.ts';
import { formatPlain } from './numbers.ts';
import { rangeOf, sameColumn, type UnitColumn, type UnitValues, valueAt } from './unit-values.ts';

/** A quantity of one unit on both sides, as it is written; null: the unit has none there. Untrusted. */
export interface UnitDifference {
  readonly name: string;
  /** A number that may have moved a little, rather than an outcome or a claim that is another one. */
  readonly isMetric: boolean;
  readonly base: string | null;
  readonly head: string | null;
}

type Differing = Pick<UnitValues, 'units' | 'columns'> & Partial<Pick<UnitValues, 'ids'>>;

/** What differs of each unit that both have, by its place in the head, at most `most` units, those to look at first before the others. */
export function unitDifferences(
  base: Differing,
  head: Differing,
  most: number,
): ReadonlyMap<number, readonly UnitDifference[]> {
  const found = new Map<number, Found>();
  const partner = partnersOf(base, head);
  if (partner === null) return new Map();
  // Outcomes before the claims about them; gates on numbers last, for what their metric says is not said again.
  const order = [...head.columns].sort((a, b) => rankOf(a) - rankOf(b));
  for (const column of order) {
    const other = sameColumn(base, column);
    if (other === undefined) continue;
    const { low, high } = rangeOf(column.values, other.values);
    const spread = high > low ? high - low : 1;
    for (let at = 0; at < head.units; at++) {
      const there = partner(at);
      if (there === null) continue;
      const [before, now] = [textAt(other, there), textAt(column, at)];
      if (before === now) continue;
      const one = found.get(at) ?? { differences: [], size: 0 };
      const isMetric = column.kind === 'mean';
      const isSaid = (said: UnitDifference) => said.isMetric && said.base === before && said.head === now;
      if (!isMetric || !one.differences.some(isSaid)) {
        one.differences.push({ name: column.name, isMetric, base: before, head: now });
      }
      // An outcome that is another one is more than any metric that moved.
      one.size = Math.max(
        one.size,
        column.kind === 'mean' ? distance(column.values[at], other.values[there]) / spread : 2,
      );
      found.set(at, one);
    }
  }
  const chosen = [...found].sort(([a, one], [b, other]) => other.size - one.size || a - b).slice(0, most);
  return new Map(chosen.map(([at, { differences }]) => [at, differences]));
}

interface Found {
  readonly differences: UnitDifference[];
  size: number;
}

function rankOf({ kind, isGate }: UnitColumn): number {
  return (kind === 'mean' ? 2 : 0) + (isGate ? 1 : 0);
}

/** A unit's value as it is written; null: it has none. */
export function textAt(column: UnitColumn, at: number): string | null {
  const value = valueAt(column, at);
  if (value === null || typeof value === 'string') return value;
  return column.kind === 'share' ? (value === 1 ? 'yes' : 'no') : formatPlain(value);
}

/** A unit that has a value on one side only moved as far as any. */
function distance(a: number | null = null, b: number | null = null): number {
  return a === null || b === null ? Number.POSITIVE_INFINITY : Math.abs(a - b);
}

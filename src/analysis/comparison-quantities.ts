// What two runs have in common that can be compared: shares and means, place by place. A value of an outcome is a share.
import { sameColumn, type UnitColumn, type UnitValues, type Values, valueAt } from './unit-values.ts';

/** One quantity on both sides. Where units are paired, a place is the same unit in both. */
export interface Quantity {
  readonly kind: 'share' | 'mean';
  readonly name: string;
  /** Which value of an outcome; null: the quantity has no values. */
  readonly label: string | null;
  readonly isGate: boolean;
  readonly base: Values;
  readonly head: Values;
}

/** A run as a comparison needs it; an older result may know neither groups nor items. */
export type ComparedUnits = Pick<UnitValues, 'units' | 'columns'> &
  Partial<Pick<UnitValues, 'groups' | 'items' | 'coupled'>>;

/** An outcome on both sides with the values it has, in the order in which they are compared. */
export interface Outcome {
  readonly name: string;
  readonly labels: readonly string[];
  readonly base: UnitColumn;
  readonly head: UnitColumn;
}

/** Values of one outcome that are compared one by one. */
const MOST_LABELS = 6;

/** The quantities that both runs have, in this run's order. */
export function quantitiesOf(base: ComparedUnits, head: ComparedUnits): readonly Quantity[] {
  return head.columns.flatMap((column): Quantity[] => {
    const other = sameColumn(base, column);
    if (other === undefined) return [];
    const { kind, name, isGate } = column;
    if (kind !== 'category') {
      return [{ kind, name, label: null, isGate, base: other.values, head: column.values }];
    }
    return comparedLabels(labelsOf(other, column)).map((label) => ({
      kind: 'share',
      name,
      label,
      isGate,
      base: hits(other, label),
      head: hits(column, label),
    }));
  });
}

/** The outcomes with more than two values on both sides together. */
export function outcomesOf(base: ComparedUnits, head: ComparedUnits): readonly Outcome[] {
  return head.columns.flatMap((column): Outcome[] => {
    const other = column.kind === 'category' ? sameColumn(base, column) : undefined;
    if (other === undefined) return [];
    const labels = labelsOf(other, column);
    return labels.length > 2 ? [{ name: column.name, labels, base: other, head: column }] : [];
  });
}

function labelsOf(base: UnitColumn, head: UnitColumn): readonly string[] {
  const counts = new Map<string, number>();
  for (const column of [base, head]) {
    column.values.forEach((_, place) => {
      const label = valueAt(column, place);
      if (typeof label === 'string') counts.set(label, (counts.get(label) ?? 0) + 1);
    });
  }
  return orderedLabels(counts);
}

/** Of two values the one that says it all comes first; more by how often they came up, on both sides together. */
export function orderedLabels(counts: ReadonlyMap<string, number>): readonly string[] {
  const byName = [...counts.keys()].sort();
  if (byName.length <= 2) return byName.sort((a, b) => Number(b === 'true') - Number(a === 'true'));
  return byName.sort((a, b) => counts.get(b)! - counts.get(a)!);
}

/** Those that are compared one by one: of two values the other one says nothing new. */
export function comparedLabels<Label>(ordered: readonly Label[]): readonly Label[] {
  return ordered.slice(0, ordered.length > 2 ? MOST_LABELS : 1);
}

function hits(column: UnitColumn, label: string): Values {
  const place = column.labels.indexOf(label);
  return column.values.map((value) => (value === null ? null : value === place ? 1 : 0));
}

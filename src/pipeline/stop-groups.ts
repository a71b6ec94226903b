// Into which groups a field divides the items, where a run looks for the best of them, and how many rounds that takes.
// It reads names and items; what a group is worth is not its business.
import { stringifyJson } from '../expression/json.ts';
import { dictGet, PyDict, type Value } from '../expression/values.ts';
import type { Items, UnitStrategy } from './pipeline.ts';

/** The text by which a group is known: of a whole item, where units are combinations, its id or name. */
export function groupLabel(value: Value | undefined): string {
  if (value instanceof PyDict) {
    const named = dictGet(value, 'id') ?? dictGet(value, 'name');
    return named === undefined || named instanceof PyDict ? stringifyJson(value) : groupLabel(named);
  }
  return typeof value === 'string' ? value : stringifyJson(value ?? null);
}

/** The groups of a field in the order of items; null: some item has it not. Of combinations a field is a position. */
export function groupsOfItems(strategy: UnitStrategy, items: Items, by: string): readonly string[] | null {
  const values =
    strategy.kind === 'direct'
      ? (items.get(strategy.group) ?? []).map(({ fields }) => dictGet(fields, by))
      : strategy.positions
          .filter(({ name }) => name === by)
          .flatMap(({ group }) => (items.get(group) ?? []).map(({ fields }) => fields));
  if (values.length === 0 || values.includes(undefined)) return null;
  return [...new Set(values.map(groupLabel))];
}

/** Units of one repetition. */
export function combinationCount(strategy: UnitStrategy, items: Items): number {
  const sizeOf = (group: string): number => items.get(group)?.length ?? 0;
  if (strategy.kind === 'direct') return sizeOf(strategy.group);
  const isFree = strategy.kind === 'cross_product';
  return strategy.positions.reduce(
    (count, { group }, taken) => count * (sizeOf(group) - (isFree ? 0 : taken)),
    1,
  );
}

/** Rounds until one of so many groups is left, when each keeps the better half. */
export function halvingRounds(groups: number): number {
  return Math.ceil(Math.log2(Math.max(1, groups)));
}

// Rows become items: each a mapping with an id that is safe in unit ids, and no two units with one id. Reads no file.
import { dictEntries, dictGet, dictOf, isInt, PyDict, type Value } from '../expression/values.ts';
import { collidingIds } from './id-collision.ts';
import type { ItemSource, Row } from './item-files.ts';
import type { Mistakes, Place } from './mistakes.ts';
import { fieldNameProblem } from './names.ts';
import type { Item, Items, UnitPosition, UnitStrategy } from './pipeline.ts';
import { suggestion } from './suggest.ts';

/** The group name of a list that has none of its own. */
export const SOLE_GROUP = 'items';

/** Characters of a unit's id, without its repetition, at the most. */
const MAX_ID = 200;

/** How items are to be made of rows. */
export interface ItemRules {
  readonly strategy: UnitStrategy;
  /** Fields that may hold the id, the first present one counts. */
  readonly idFields: readonly string[];
  readonly form: 'native' | 'octobatch';
  /** Where the configuration names a group, by group. */
  readonly groupPlaces: ReadonlyMap<string, Place>;
  /** Where the configuration names the items. */
  readonly place: Place;
  /** A step divides units, whose children's ids end in `__fan000`. */
  readonly fansOut: boolean;
}

/** The items of every group the strategy uses; null after adding a mistake. */
export function readItems(source: ItemSource, rules: ItemRules, mistakes: Mistakes): Items | null {
  const before = mistakes.count;
  const items = new Map<string, readonly Item[]>();
  const rowsByGroup = new Map<string, readonly Row[]>();
  for (const group of groupsOf(rules.strategy)) {
    const rows = rowsOf(source, group, rules, mistakes);
    if (rows === null) continue;
    rowsByGroup.set(group, rows);
    items.set(group, itemsOfRows(rows, group, rules, mistakes));
  }
  if (mistakes.count > before) return null;
  if (rules.fansOut) checkBranches(items, rowsByGroup, rules.strategy, mistakes);
  checkCombination(items, rowsByGroup, rules, mistakes);
  return mistakes.count > before ? null : items;
}

/** The groups a strategy takes items from, each once. */
export function groupsOf(strategy: UnitStrategy): string[] {
  if (strategy.kind === 'direct') return [strategy.group];
  return [...new Set(strategy.positions.map((position) => position.group))];
}

function rowsOf(
  source: ItemSource,
  group: string,
  rules: ItemRules,
  mistakes: Mistakes,
): readonly Row[] | null {
  const place = rules.groupPlaces.get(group) ?? rules.place;
  let rows: readonly Row[] | null | undefined;
  if (source.kind === 'groups') rows = source.groups.get(group);
  else if (group === SOLE_GROUP) rows = source.rows;
  if (rows === undefined) {
    const known = source.kind === 'groups' ? [...source.groups.keys()] : [];
    const fix =
      source.kind === 'list'
        ? 'the items are one list without a name; put them in a file of named lists'
        : suggestion(group, known, 'the items have');
    mistakes.add(place, `there are no items named '${group}'`, fix);
    return null;
  }
  if (rows === null) {
    mistakes.add(place, `the items '${group}' are not a list`, 'write a list of mappings');
    return null;
  }
  if (rows.length === 0) {
    mistakes.add(
      place,
      `the list of items${group === SOLE_GROUP ? '' : ` '${group}'`} is empty`,
      'add an item',
    );
    return null;
  }
  return rows;
}

function itemsOfRows(rows: readonly Row[], group: string, rules: ItemRules, mistakes: Mistakes): Item[] {
  const items: Item[] = [];
  const first = new Map<string, Row>();
  for (const row of rows) {
    const item = itemOfRow(row, rules, mistakes);
    if (item === null) continue;
    const same = first.get(item.id);
    if (same !== undefined) {
      const line = same.place().line;
      const where = group === SOLE_GROUP ? '' : ` in '${group}'`;
      mistakes.add(
        row.place(),
        `two items${where} have the id '${item.id}'`,
        `the first is in line ${line}; make ids unique`,
      );
      continue;
    }
    first.set(item.id, row);
    items.push(item);
  }
  return items;
}

function itemOfRow(row: Row, rules: ItemRules, mistakes: Mistakes): Item | null {
  const { value } = row;
  if (!(value instanceof PyDict)) {
    mistakes.add(row.place(), 'an item must be a mapping of fields', 'write it as { id: ..., ... }');
    return null;
  }
  const id = itemId(row, value, rules, mistakes);
  if (id === null) return null;
  return { id, fields: rules.strategy.kind === 'direct' ? flatFields(row, value, rules, mistakes) : value };
}

// In a direct unit an item's fields stand beside the unit's own, so the reserved names are not free.
function flatFields(row: Row, item: PyDict, rules: ItemRules, mistakes: Mistakes): PyDict {
  if (rules.form === 'octobatch') {
    // Octobatch lets the unit's own id win over an item's field of that name.
    if (dictGet(item, 'unit_id') === undefined) return item;
    return dictOf(
      [...dictEntries(item)].flatMap(([key, value]) => (key === 'unit_id' ? [] : [[String(key), value]])),
    );
  }
  for (const [key] of dictEntries(item)) {
    const name = String(key);
    const problem = name === 'unit_id' || name.startsWith('_') ? fieldNameProblem(name) : null;
    if (problem !== null) mistakes.add(row.place(), problem.what, problem.fix);
  }
  return item;
}

function itemId(row: Row, item: PyDict, rules: ItemRules, mistakes: Mistakes): string | null {
  const field = rules.idFields.find((name) => !isEmpty(dictGet(item, name)));
  if (field === undefined) {
    const fields = rules.idFields.map((name) => `'${name}'`).join(' or ');
    mistakes.add(row.place(), `the item has no ${fields} to make its id of`, 'give every item one');
    return null;
  }
  const value = dictGet(item, field)!;
  if (typeof value !== 'string' && !isInt(value)) {
    mistakes.add(
      row.place(),
      `the item's '${field}' is neither text nor a whole number`,
      'ids are made of it; write text',
    );
    return null;
  }
  const id = String(value).replaceAll(' ', '_').replaceAll('/', '-');
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(id)) {
    mistakes.add(
      row.place(),
      `the item's '${field}' holds a control character`,
      'ids are made of it; remove the character',
    );
    return null;
  }
  if ([...id].length > MAX_ID) {
    mistakes.add(
      row.place(),
      `the item's '${field}' is longer than ${MAX_ID} characters`,
      'ids are made of it; shorten it',
    );
    return null;
  }
  return id;
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '';
}

// A child's id is its parent's and its place. Items that come from a run that fanned out may end so, as long as no unit here
// could have such a child; where ids are joined, any end of the last one could be meant.
function checkBranches(
  items: Items,
  rows: ReadonlyMap<string, readonly Row[]>,
  strategy: UnitStrategy,
  mistakes: Mistakes,
): void {
  const group = strategy.kind === 'direct' ? strategy.group : strategy.positions.at(-1)?.group;
  const own = items.get(group ?? '') ?? [];
  const ids = new Set(own.map(({ id }) => id));
  for (const [at, { id }] of own.entries()) {
    for (let parent = parentOf(id); parent !== null; parent = parentOf(parent)) {
      if (strategy.kind === 'direct' && !ids.has(parent)) continue;
      const what =
        strategy.kind === 'direct'
          ? `the id '${id}' is also that of a child of '${parent}'`
          : `the id '${id}' ends as the id of a child of a unit does`;
      mistakes.add(
        rows.get(group!)![at]!.place(),
        what,
        'a step divides units; rename the item so that it does not end in __fan and a number',
      );
      break;
    }
  }
}

function parentOf(id: string): string | null {
  return /^(.*)__fan\d+$/s.exec(id)?.[1] ?? null;
}

function checkCombination(
  items: Items,
  rows: ReadonlyMap<string, readonly Row[]>,
  rules: ItemRules,
  mistakes: Mistakes,
): void {
  const { strategy } = rules;
  if (strategy.kind === 'direct') return;
  const groups = strategy.positions.map((position) => items.get(position.group) ?? []);
  const count = groups[0]?.length ?? 0;
  if (strategy.kind === 'permutation' && count < groups.length) {
    const what = `${count} items cannot fill ${groups.length} positions without repeating one`;
    mistakes.add(rules.place, what, 'add items, or remove positions');
    return;
  }
  const ids = groups.map((group) => group.map((item) => item.id));
  if (checkLength(ids, strategy.positions, rows, mistakes)) return;
  const found = collidingIds(ids, strategy.kind === 'permutation');
  if (found === null) return;
  const what =
    found.kind === 'collision'
      ? `two units would have the id '${found.id}': ${found.first.join(' + ')} and ${found.second.join(' + ')}`
      : 'the ids of the items can be joined in too many ways to tell them apart';
  mistakes.add(rules.place, what, "use item ids without '-'");
}

function checkLength(
  ids: readonly (readonly string[])[],
  positions: readonly UnitPosition[],
  rows: ReadonlyMap<string, readonly Row[]>,
  mistakes: Mistakes,
): boolean {
  const longest = ids.map((group) => group.reduce((a, b) => (b.length > a.length ? b : a), ''));
  const length = longest.reduce((sum, id) => sum + [...id].length + 1, -1);
  if (length <= MAX_ID) return false;
  const worst = longest.indexOf(longest.reduce((a, b) => (b.length > a.length ? b : a), ''));
  const row = rows.get(positions[worst]!.group)?.[ids[worst]!.indexOf(longest[worst]!)];
  if (row !== undefined) {
    mistakes.add(
      row.place(),
      `ids of units would have up to ${length} characters; ${MAX_ID} are allowed`,
      'shorten the ids of the items',
    );
  }
  return true;
}

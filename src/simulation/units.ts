// Items x strategy x repetitions -> units, by index. The table holds no units: each is computed when asked for, so
// that a million of them cost no more memory than their items.
import { fieldsToJson } from '../expression/json.ts';
import { dictEntries, type Value } from '../expression/values.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import type { Item, Items, Pipeline, UnitPosition } from '../pipeline/pipeline.ts';
import { readChoice } from './unit-choice.ts';
import { octobatchHash, repeatedId } from './unit-stream.ts';

/** Units one run may have at the most. */
export const MAX_UNITS = 10_000_000;

/** One simulated case. */
export interface Unit {
  /** Place in the canonical order, from 0. */
  readonly index: number;
  readonly id: string;
  /** Id of the combination of items, the same for all repetitions of it. */
  readonly item: string;
  /** Number of the repetition, from 0. */
  readonly repetition: number;
  /** Starting fields: `unit_id`, the item's own (`direct`) or one dict per position; `_repetition_*` when items repeat. Made anew each time. */
  readonly fields: ReadonlyMap<string, Value>;
}

/** All units of a run, in canonical order: every combination once (repetition 0), then every one again. */
export interface UnitTable {
  readonly count: number;
  /** Units of one repetition: combinations of items. */
  readonly combinations: number;
  /** Unit at `index`, 0 to `count` - 1. Throws RangeError beyond. */
  unit(index: number): Unit;
  /** The unit's starting fields as the text of one JSON object. */
  text(index: number): string;
}

/** What of a pipeline decides its units. */
export type UnitPlan = Pick<Pipeline, 'form' | 'strategy' | 'repeat' | 'maxUnits' | 'only'>;

/** Plans the units of a pipeline. Throws ConfigurationError when there are too many, or none can be made. */
export function planUnits(plan: UnitPlan, items: Items): UnitTable {
  const whole = planAll(plan, items);
  if (plan.only === undefined) return whole;
  const chosen = readChoice(plan.only, whole.count);
  return {
    count: chosen.count,
    combinations: whole.combinations,
    unit(index) {
      checkIndex(index, chosen.count);
      const one = whole.unit(chosen.placeOf(index));
      const { id, item, repetition } = one;
      return {
        ...{ index, id, item, repetition },
        get fields() {
          return one.fields;
        },
      };
    },
    text(index) {
      checkIndex(index, chosen.count);
      return whole.text(chosen.placeOf(index));
    },
  };
}

function planAll(plan: UnitPlan, items: Items): UnitTable {
  const combinations = combine(plan, items);
  const total = combinations.count * plan.repeat;
  const count = plan.maxUnits === null ? total : Math.min(total, plan.maxUnits);
  if (count > MAX_UNITS) {
    refuse(
      plan,
      `${countText(count)} units; at most ${countText(MAX_UNITS)} can be run`,
      'use fewer items, positions or repetitions, or set max_units',
    );
  }
  const known = new KnownItems();
  let last: Unit | null = null;
  const unit = (index: number): Unit => {
    // Who asks for a unit asks for its text next.
    if (last?.index === index) return last;
    checkIndex(index, count);
    const repetition = Math.floor(index / combinations.count);
    const combination = combinations.at(index % combinations.count);
    const { id: item } = combination;
    const id = plan.repeat === 1 ? item : repeatedId(item, repetition);
    last = {
      index,
      id,
      item,
      repetition,
      // Made when they are asked for: most who ask for a unit want to know its name.
      get fields() {
        const fields = new Map<string, Value>([['unit_id', id], ...combination.fields()]);
        if (plan.repeat > 1) {
          fields.set('_repetition_id', repetition);
          // Octobatch's own seed of the unit; templates may print it.
          fields.set('_repetition_seed', known.hashOf(item) + repetition);
        }
        return fields;
      },
    };
    return last;
  };
  return {
    count,
    combinations: combinations.count,
    unit,
    text(index) {
      const { id, item, repetition } = unit(index);
      const place = index % combinations.count;
      const inner = known.textOf(place, () => combinations.at(place).fields());
      if (inner === null) return fieldsToJson(unit(index).fields);
      const own = `{"unit_id":${JSON.stringify(id)}${inner === '' ? '' : `,${inner}`}`;
      if (plan.repeat === 1) return `${own}}`;
      const seed = known.hashOf(item) + repetition;
      return `${own},"_repetition_id":${repetition},"_repetition_seed":${seed}}`;
    },
  };
}

/** What is the same for all repetitions of a combination of items, remembered as long as it is little. */
class KnownItems {
  private readonly hashes = new Map<string, number>();
  private readonly texts = new Map<number, string | null>();
  private room = MOST_KNOWN_TEXT;

  hashOf(item: string): number {
    let hash = this.hashes.get(item);
    if (hash === undefined) {
      hash = octobatchHash(item);
      if (this.hashes.size < MOST_KNOWN_ITEMS) this.hashes.set(item, hash);
    }
    return hash;
  }

  /** The combination's fields as JSON without the braces; null: they have names that the unit's own fields replace. */
  textOf(place: number, fields: () => Map<string, Value>): string | null {
    const known = this.texts.get(place);
    if (known !== undefined) return known;
    const own = fields();
    const text = UNIT_FIELDS.some((name) => own.has(name)) ? null : fieldsToJson(own).slice(1, -1);
    if (text === null || (this.room -= text.length) > 0) this.texts.set(place, text);
    return text;
  }
}

const UNIT_FIELDS = ['unit_id', '_repetition_id', '_repetition_seed'];
const MOST_KNOWN_ITEMS = 20_000;
/** Characters of fields that are remembered. */
const MOST_KNOWN_TEXT = 2_000_000;

function checkIndex(index: number, count: number): void {
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new RangeError(`there is no unit ${index} among ${count}`);
}

interface Combinations {
  readonly count: number;
  at(index: number): Combination;
}

interface Combination {
  readonly id: string;
  fields(): Map<string, Value>;
}

function combine(plan: UnitPlan, items: Items): Combinations {
  const { strategy } = plan;
  switch (strategy.kind) {
    case 'direct':
      return direct(groupOf(plan, items, strategy.group));
    case 'cross_product':
      return crossProduct(
        strategy.positions,
        strategy.positions.map((position) => groupOf(plan, items, position.group)),
      );
    case 'permutation':
      return permutations(plan, strategy.positions, items);
    default:
      return strategy satisfies never;
  }
}

function direct(group: readonly Item[]): Combinations {
  return {
    count: group.length,
    at(index) {
      const item = group[index]!;
      const fields = (): Map<string, Value> =>
        new Map([...dictEntries(item.fields)].map(([name, value]) => [String(name), value]));
      return { id: item.id, fields };
    },
  };
}

function crossProduct(
  positions: readonly UnitPosition[],
  groups: readonly (readonly Item[])[],
): Combinations {
  return {
    count: groups.reduce((product, group) => product * group.length, 1),
    at(index) {
      // The index as a number of mixed radix, one digit per position, the last position the fastest.
      const chosen: Item[] = [];
      let rest = index;
      for (const group of groups.toReversed()) {
        chosen.unshift(group[rest % group.length]!);
        rest = Math.floor(rest / group.length);
      }
      return combination(positions, chosen);
    },
  };
}

// Ordered choices without replacement, in the order of Python's itertools.permutations.
function permutations(plan: UnitPlan, positions: readonly UnitPosition[], items: Items): Combinations {
  const group = groupOf(plan, items, positions[0]?.group ?? '');
  if (positions.some((position) => position.group !== positions[0]?.group)) {
    refuse(
      plan,
      'the positions of a permutation take their items from different groups',
      'let all take them from one group, or use cross_product',
    );
  }
  if (positions.length > group.length) {
    refuse(
      plan,
      `a permutation of ${positions.length} positions needs at least as many items, and there are ${group.length}`,
      'add items or remove positions',
    );
  }
  // blocks[p]: arrangements of the positions after p. Inexact beyond 2^53, where every index is smaller anyway.
  const blocks = new Array<number>(positions.length);
  let count = 1;
  for (let p = positions.length - 1; p >= 0; p--) {
    blocks[p] = count;
    count *= group.length - p;
  }
  return {
    count,
    at(index) {
      const left = [...group];
      let rest = index;
      const chosen = blocks.map((block) => {
        const [item] = left.splice(Math.floor(rest / block), 1);
        rest %= block;
        return item!;
      });
      return combination(positions, chosen);
    },
  };
}

function combination(positions: readonly UnitPosition[], chosen: readonly Item[]): Combination {
  const fields = (): Map<string, Value> =>
    new Map(positions.map((position, p) => [position.name, chosen[p]!.fields]));
  return { id: chosen.map((item) => item.id).join('-'), fields };
}

function groupOf(plan: UnitPlan, items: Items, name: string): readonly Item[] {
  return (
    items.get(name) ?? refuse(plan, `there is no group of items named "${name}"`, 'name one that exists')
  );
}

function countText(count: number): string {
  return Number.isSafeInteger(count) ? count.toLocaleString('en-US') : 'more than 9,000,000,000,000,000';
}

function refuse(plan: UnitPlan, what: string, fix: string): never {
  const file = plan.form === 'native' ? 'pipeline.yaml' : 'config.yaml';
  throw new ConfigurationError([{ file, line: null, column: null, what, fix }]);
}

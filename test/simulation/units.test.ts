import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fieldsFromJson, fieldsToJson } from '../../src/expression/json.ts';
import { dictOf, type Value } from '../../src/expression/values.ts';
import { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import type { Item, Items, UnitStrategy } from '../../src/pipeline/pipeline.ts';
import { planUnits, type UnitPlan, type UnitTable } from '../../src/simulation/units.ts';
import { fc } from '../property.ts';

function item(id: string): Item {
  return { id, fields: dictOf([['id', id]]) };
}

function itemsOf(groups: Record<string, readonly string[]>): Items {
  return new Map(Object.entries(groups).map(([name, ids]) => [name, ids.map(item)]));
}

function plan(strategy: UnitStrategy, repeat = 1, maxUnits: number | null = null): UnitPlan {
  return { form: 'native', strategy, repeat, maxUnits };
}

function positions(...names: [string, string][]): { name: string; group: string }[] {
  return names.map(([name, group]) => ({ name, group }));
}

function ids(table: UnitTable): string[] {
  return Array.from({ length: table.count }, (_, i) => table.unit(i).id);
}

const DIRECT: UnitStrategy = { kind: 'direct', group: 'items' };

test('direct units have their item fields flat', () => {
  const items: Items = new Map([
    [
      'items',
      [
        {
          id: 'pier',
          fields: dictOf([
            ['id', 'pier'],
            ['start_position', 5],
          ]),
        },
      ],
    ],
  ]);
  const unit = planUnits(plan(DIRECT), items).unit(0);
  expect(unit).toMatchObject({ index: 0, id: 'pier', item: 'pier', repetition: 0 });
  expect(fieldsToJson(unit.fields)).toBe('{"unit_id":"pier","id":"pier","start_position":5}');
});

test('repetitions are interleaved, numbered with four digits, and know their repetition', () => {
  const table = planUnits(plan(DIRECT, 3), itemsOf({ items: ['a', 'b'] }));
  expect(ids(table)).toEqual([
    'a__rep0000',
    'b__rep0000',
    'a__rep0001',
    'b__rep0001',
    'a__rep0002',
    'b__rep0002',
  ]);
  const unit = table.unit(3);
  expect([unit.item, unit.repetition]).toEqual(['b', 1]);
  const seed = Number(BigInt(`0x${createHash('sha256').update('b').digest('hex')}`) & 0x7fffffffn);
  expect(fieldsToJson(unit.fields)).toBe(
    `{"unit_id":"b__rep0001","id":"b","_repetition_id":1,"_repetition_seed":${seed + 1}}`,
  );
});

test('repetition numbers above 9999 keep all their digits', () => {
  const table = planUnits(plan(DIRECT, 20_000), itemsOf({ items: ['a'] }));
  expect(table.unit(12_345).id).toBe('a__rep12345');
});

test('a unit that does not repeat has no repetition fields', () => {
  const unit = planUnits(plan(DIRECT), itemsOf({ items: ['a'] })).unit(0);
  expect([...unit.fields.keys()]).toEqual(['unit_id', 'id']);
});

test('a cross product nests one item per position and moves the last position fastest', () => {
  const strategy: UnitStrategy = {
    kind: 'cross_product',
    positions: positions(['npc', 'people'], ['mood', 'moods']),
  };
  const table = planUnits(
    plan(strategy),
    itemsOf({ people: ['ann', 'bob'], moods: ['calm', 'angry', 'sad'] }),
  );
  expect(ids(table)).toEqual(['ann-calm', 'ann-angry', 'ann-sad', 'bob-calm', 'bob-angry', 'bob-sad']);
  expect(fieldsToJson(table.unit(4).fields)).toBe(
    '{"unit_id":"bob-angry","npc":{"id":"bob"},"mood":{"id":"angry"}}',
  );
});

test('permutations come in the order of itertools.permutations', () => {
  const strategy: UnitStrategy = {
    kind: 'permutation',
    positions: positions(['first', 'items'], ['second', 'items']),
  };
  const table = planUnits(plan(strategy), itemsOf({ items: ['a', 'b', 'c'] }));
  expect(ids(table)).toEqual(['a-b', 'a-c', 'b-a', 'b-c', 'c-a', 'c-b']);
  expect(fieldsToJson(table.unit(3).fields)).toBe('{"unit_id":"b-c","first":{"id":"b"},"second":{"id":"c"}}');
});

function permutationsOf<T>(all: readonly T[], k: number): T[][] {
  if (k === 0) return [[]];
  return all.flatMap((one, i) => permutationsOf(all.toSpliced(i, 1), k - 1).map((rest) => [one, ...rest]));
}

test('any permutation and any product found by index equals the one found by enumeration', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n }))),
      fc.integer({ min: 1, max: 3 }),
      ([n, k], repeat) => {
        const names = Array.from({ length: n }, (_, i) => `i${i}`);
        const slots = Array.from({ length: k }, (_, i) => ({ name: `p${i}`, group: 'items' }));
        const expected = permutationsOf(names, k).map((chosen) => chosen.join('-'));
        const table = planUnits(
          plan({ kind: 'permutation', positions: slots }, repeat),
          itemsOf({ items: names }),
        );
        expect(Array.from({ length: table.count }, (_, i) => table.unit(i).item)).toEqual(
          Array.from({ length: repeat }, () => expected).flat(),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('max_units cuts the list after interleaving', () => {
  const items = itemsOf({ items: ['a', 'b', 'c'] });
  expect(ids(planUnits(plan(DIRECT, 2, 4), items))).toEqual([
    'a__rep0000',
    'b__rep0000',
    'c__rep0000',
    'a__rep0001',
  ]);
  expect(planUnits(plan(DIRECT, 2, 100), items).count).toBe(6);
});

test('a space of permutations beyond 2^53 can be cut to its first units', () => {
  const names = Array.from({ length: 52 }, (_, i) => `c${i}`);
  const strategy: UnitStrategy = {
    kind: 'permutation',
    positions: names.map((_, i) => ({ name: `p${i}`, group: 'items' })),
  };
  const table = planUnits(plan(strategy, 1, 3), itemsOf({ items: names }));
  expect(ids(table).map((id) => id.split('-').slice(-3).join('-'))).toEqual([
    'c49-c50-c51',
    'c49-c51-c50',
    'c50-c49-c51',
  ]);
});

test('more than ten million units are refused with the file and a fix', () => {
  const names = Array.from({ length: 12 }, (_, i) => `i${i}`);
  const strategy: UnitStrategy = {
    kind: 'permutation',
    positions: names.map((_, i) => ({ name: `p${i}`, group: 'items' })),
  };
  expect(() => planUnits(plan(strategy), itemsOf({ items: names }))).toThrow(ConfigurationError);
  expect(() => planUnits(plan(strategy), itemsOf({ items: names }))).toThrow(
    'pipeline.yaml  479,001,600 units; at most 10,000,000 can be run  (use fewer items, positions or repetitions, or set max_units)',
  );
});

test('a permutation longer than its items, and one over several groups, are refused', () => {
  const items = itemsOf({ items: ['a'], others: ['b', 'c'] });
  const long = positions(['p', 'items'], ['q', 'items']);
  expect(() => planUnits(plan({ kind: 'permutation', positions: long }), items)).toThrow(
    'needs at least as many items',
  );
  const mixed = positions(['p', 'items'], ['q', 'others']);
  expect(() => planUnits(plan({ kind: 'permutation', positions: mixed }), items)).toThrow('different groups');
});

test('a group without items gives no units, and an unknown one is refused', () => {
  expect(planUnits(plan(DIRECT), itemsOf({ items: [] })).count).toBe(0);
  expect(() => planUnits(plan({ kind: 'direct', group: 'nobody' }), itemsOf({ items: ['a'] }))).toThrow(
    '"nobody"',
  );
});

test('an index outside the table is a bug of the caller', () => {
  const table = planUnits(plan(DIRECT), itemsOf({ items: ['a'] }));
  for (const index of [-1, 1, 0.5]) expect(() => table.unit(index)).toThrow(RangeError);
});

test('asking for the same unit twice gives equal units with fields of their own', () => {
  const table = planUnits(plan(DIRECT, 2), itemsOf({ items: ['a'] }));
  (table.unit(1).fields as Map<string, Value>).clear();
  expect(table.unit(1).fields.size).toBe(4);
});

test('the text of a unit says what its fields are, in their order, also where items have names of its own', () => {
  const named = fc.constantFrom('id', 'unit_id', '_repetition_id', 'größe', 'a"b');
  const items = fc.uniqueArray(fc.uniqueArray(named, { maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
    selector: String,
  });
  fc.assert(
    fc.property(items, fc.integer({ min: 1, max: 3 }), (groups, repeat) => {
      const group = groups.map((names, at) => ({
        id: `item${at}`,
        fields: dictOf(names.map((name) => [name, `${name} of ${at}`])),
      }));
      const table = planUnits(plan(DIRECT, repeat), new Map([['items', group]]));
      for (const index of Array.from({ length: table.count }, (_, at) => at))
        expect(fieldsToJson(fieldsFromJson(table.text(index)))).toBe(fieldsToJson(table.unit(index).fields));
    }),
  );
});

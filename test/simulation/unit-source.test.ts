import { expect, test } from 'vitest';
import { dictOf } from '../../src/expression/values.ts';
import type { Items, UnitStrategy } from '../../src/pipeline/pipeline.ts';
import { describeUnits, planDescribed, type UnitSource } from '../../src/simulation/unit-source.ts';
import { planUnits, type UnitPlan } from '../../src/simulation/units.ts';
import { fc } from '../property.ts';

const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 4 });
const value = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

function itemsOf(ids: readonly string[], fields: readonly (string | boolean | bigint | number)[]): Items {
  const place = (at: number) => fields[at % fields.length] ?? null;
  return new Map([
    [
      'town',
      ids.map((id, at) => ({
        id,
        fields: dictOf([
          ['id', id],
          ['unit_id', place(at)],
        ]),
      })),
    ],
    [
      'people',
      ids.map((id, at) => ({
        id,
        fields: dictOf([
          ['id', id],
          ['age', place(at + 1)],
        ]),
      })),
    ],
  ]);
}

const strategies: readonly UnitStrategy[] = [
  { kind: 'direct', group: 'town' },
  { kind: 'direct', group: 'people' },
  {
    kind: 'cross_product',
    positions: [
      { name: 'where', group: 'town' },
      { name: 'who', group: 'people' },
    ],
  },
  {
    kind: 'permutation',
    positions: [
      { name: 'first', group: 'people' },
      { name: 'second', group: 'people' },
    ],
  },
];

test('units of a description that went as JSON are those of the pipeline', () => {
  fc.assert(
    fc.property(
      names,
      fc.array(value, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...strategies),
      fc.integer({ min: 1, max: 3 }),
      fc.boolean(),
      (ids, fields, strategy, repeat, isChosen) => {
        const items = itemsOf(ids, fields);
        const plan: UnitPlan = {
          form: 'native',
          strategy,
          repeat,
          maxUnits: null,
          ...(isChosen ? { only: '1' } : {}),
        };
        const table = planUnits(plan, items);
        const source = JSON.parse(JSON.stringify(describeUnits(plan, items))) as UnitSource;
        const again = planDescribed(source);
        expect(again.count).toBe(table.count);
        for (let index = 0; index < table.count; index++) {
          expect(again.unit(index).id).toBe(table.unit(index).id);
          expect(again.text(index)).toBe(table.text(index));
        }
      },
    ),
  );
});

test('units made of very much are not described', () => {
  const items: Items = new Map([['items', [{ id: 'a', fields: dictOf([['text', 'x'.repeat(1_000_001)]]) }]]]);
  const plan: UnitPlan = {
    form: 'native',
    strategy: { kind: 'direct', group: 'items' },
    repeat: 1,
    maxUnits: null,
  };
  expect(describeUnits(plan, items)).toBeNull();
});

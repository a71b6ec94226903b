// Which fields a unit has at a place of the pipeline, and how sure that is. It reads names, never values: a field that
// only some items or answers have counts as known.
import type { OrderKind } from '../expression/order.ts';
import { dictEntries, PyDict } from '../expression/values.ts';
import type { AnswerSchema, Extent } from './answer-schema.ts';
import { groupsOf } from './items.ts';
import type { Items, LlmStep, UnitStrategy } from './pipeline.ts';

/** The fields known at one place. */
export class Scope {
  /** Whether a unit may have more fields than the known ones. */
  extent: Extent = 'sealed';
  private readonly orders: Map<string, OrderKind>;

  constructor(orders: ReadonlyMap<string, OrderKind> = new Map()) {
    this.orders = new Map(orders);
  }

  /** `order`: what is known of the order of the field's value. */
  add(name: string, order: OrderKind = null): void {
    this.orders.set(name, order);
  }

  has(name: string): boolean {
    return this.orders.has(name);
  }

  orderOf(name: string): OrderKind {
    return this.orders.get(name) ?? null;
  }

  get names(): Iterable<string> {
    return this.orders.keys();
  }

  copy(): Scope {
    const copy = new Scope(this.orders);
    copy.extent = this.extent;
    return copy;
  }
}

/** What a unit begins with. */
export function unitScope(strategy: UnitStrategy, items: Items): Scope {
  const scope = new Scope();
  // Units have the last two only when items repeat, which the command line may still ask for.
  for (const name of ['unit_id', '_repetition_id', '_repetition_seed']) scope.add(name);
  addItemFields(scope, strategy, items);
  return scope;
}

/** What a unit has from its items alone. */
export function itemScope(strategy: UnitStrategy, items: Items): Scope {
  const scope = new Scope();
  addItemFields(scope, strategy, items);
  return scope;
}

function addItemFields(scope: Scope, strategy: UnitStrategy, items: Items): void {
  if (strategy.kind !== 'direct') {
    for (const { name } of strategy.positions) scope.add(name, 'dict');
    return;
  }
  for (const group of groupsOf(strategy)) {
    for (const { fields } of items.get(group) ?? []) {
      for (const [key, value] of dictEntries(fields)) {
        const name = String(key);
        scope.add(name, value instanceof PyDict ? 'dict' : scope.orderOf(name));
      }
    }
  }
}

/** Names an answer may not give a unit. */
function isReserved(name: string): boolean {
  return name === 'unit_id' || name.startsWith('_');
}

/** The fields that a step's answer gives, as far as its schema, its checks and its `simulate` tell. */
export function answeredFields(step: LlmStep, schema: AnswerSchema | null): readonly string[] {
  const { required, types, enums, ranges, rules } = step.checks;
  const checked = [required, ...[types, enums, ranges].map((one) => Object.keys(one))].flat();
  const isFreeText = schema === null && checked.length + rules.length === 0;
  const names = [
    ...(schema?.fields ?? []),
    ...(schema?.extent === 'sealed' ? [] : [...checked, ...(step.simulate ?? []).map(({ name }) => name)]),
    ...(isFreeText ? ['response'] : []),
  ];
  return names.filter((name) => !isReserved(name));
}

/** The wider of two extents. */
export function wider(a: Extent, b: Extent): Extent {
  const order: readonly Extent[] = ['sealed', 'described', 'open'];
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
}

// Sorts the units that stopped in one piece of work: failed for good, or tried again from which step. Pure.
import type { Step } from '../pipeline/pipeline.ts';
import type { Failure } from '../validation/failure.ts';
import type { Stop } from './events.ts';
import { type Fate, fateOf } from './retry-policy.ts';
import { UnitSet } from './unit-set.ts';

/** Gathers units that stopped, with what becomes of each. */
export class StopsBuilder {
  private readonly steps: readonly Step[];
  private readonly attempt: number;
  private readonly failed = new Map<number, number[]>();
  private readonly kinds = new Map<number, Map<Failure['kind'], number>>();
  private readonly retries = new Map<number, Map<number, number[]>>();

  constructor(steps: readonly Step[], attempt: number) {
    this.steps = steps;
    this.attempt = attempt;
  }

  /** Notes that `unit` failed at step `index`, and tells what becomes of it; `giver` as of `fateOf`. */
  add(unit: number, index: number, failure: Failure, giver?: number): Fate {
    const fate = fateOf(this.steps, index, this.attempt, failure, giver);
    if (fate.kind === 'retry') {
      const targets = getOrAdd(this.retries, index, () => new Map<number, number[]>());
      getOrAdd(targets, fate.step, () => []).push(unit);
      return fate;
    }
    getOrAdd(this.failed, index, () => []).push(unit);
    const kinds = getOrAdd(this.kinds, index, () => new Map());
    kinds.set(failure.kind, (kinds.get(failure.kind) ?? 0) + 1);
    return fate;
  }

  build(): readonly Stop[] {
    const indices = [...new Set([...this.failed.keys(), ...this.retries.keys()])].sort((a, b) => a - b);
    return indices.map((step) => ({
      step,
      failed: UnitSet.of(this.failed.get(step) ?? []).toString(),
      kinds: Object.fromEntries([...(this.kinds.get(step) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))),
      retries: [...(this.retries.get(step) ?? [])]
        .sort(([a], [b]) => a - b)
        .map(([target, units]) => ({ step: target, units: UnitSet.of(units).toString() })),
    }));
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

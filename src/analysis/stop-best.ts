// Weighs groups of items against each other: after each wave the better half goes on (successive halving, Karnin, Koren
// and Somekh 2013), and the last one is estimated anew, for the best of several always looked better than it is.
import type { Pipeline, StopSpec } from '../pipeline/pipeline.ts';
import { repetitionOf } from '../simulation/unit-stream.ts';
import { SHOWN_CONFIDENCE } from './intervals.ts';
import type { UnitRecord } from './record.ts';
import type { Scale, Weighed, WeighedGroup } from './stop.ts';
import { QuantityTally } from './stop-tally.ts';
import { UnitClusters } from './unit-clusters.ts';
import { UnitWork } from './unit-work.ts';

type BestRule = Extract<StopSpec['rule'], { kind: 'best' }>;

/** Where a search stands. `chosenBefore`: repetitions from this one on chose nothing. */
export interface Search {
  readonly left: readonly number[];
  readonly groupOf: (item: string) => number;
  readonly chosenBefore: number;
  readonly isLast: boolean;
}

/** Keeps the better half of the groups in the race; at last it estimates the one that is left, from fresh units alone. */
export class BestScale implements Scale {
  private readonly rule: BestRule;
  private readonly search: Search;
  private readonly clusters: UnitClusters;
  private readonly groups: ReadonlyMap<number, QuantityTally>;

  constructor(pipeline: Pipeline, rule: BestRule, search: Search) {
    this.rule = rule;
    this.search = search;
    this.clusters = new UnitClusters(pipeline);
    const work = new UnitWork();
    const tally = () => new QuantityTally(rule.of, this.clusters.clustering, work);
    this.groups = new Map(search.left.map((group) => [group, tally()]));
  }

  add(record: UnitRecord): void {
    const { groupOf, isLast, chosenBefore } = this.search;
    const repetition = repetitionOf({ id: record.unit, repeats: true })?.repetition ?? 0;
    if (isLast && repetition < chosenBefore) return;
    this.groups.get(groupOf(record.item))?.add(this.clusters.of(record), record);
  }

  weigh(): Weighed {
    const groups = [...this.groups]
      .map(([group, tally]): WeighedGroup => ({ group, ...tally.figure(SHOWN_CONFIDENCE) }))
      .sort((a, b) => this.compare(a, b));
    const left = groups.slice(0, Math.ceil(groups.length / 2)).map(({ group }) => group);
    return { kind: 'best', enough: this.search.isLast, groups, left };
  }

  /** Better ones first, ties in the order of items; what has no value is the worst. */
  private compare(a: WeighedGroup, b: WeighedGroup): number {
    if (a.value === b.value) return a.group - b.group;
    if (a.value === null || b.value === null) return a.value === null ? 1 : -1;
    return this.rule.wants === 'highest' ? b.value - a.value : a.value - b.value;
  }
}

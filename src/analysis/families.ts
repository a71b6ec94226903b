// Units before their fan-outs: which items they are of, so that their children can be bundled. It counts no values.
import { FEWEST_CLUSTERS } from './intervals.ts';

/**
 * Numbers units by the order in which they appear. The children of one hang together; where their items are many
 * (`FEWEST_CLUSTERS`), all that comes of an item does, as its repetitions do without a fan-out.
 */
export class Families {
  private items = new Int32Array(16);
  private count = 0;

  /** Numbers the next unit, from 0; `item` is its item's number. */
  add(item: number): number {
    if (this.count === this.items.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.items);
      this.items = grown;
    }
    this.items[this.count] = item;
    return this.count++;
  }

  /** The number of the item that a unit is of. */
  itemOf(family: number): number {
    return this.items[family] ?? 0;
  }

  /** How many items these units are of, when they are enough to be the clusters; else null. */
  itemsOf(families: Iterable<number>): number | null {
    const items = new Set<number>();
    for (const family of families) items.add(this.itemOf(family));
    return items.size >= FEWEST_CLUSTERS ? items.size : null;
  }
}

// What the outcomes of a run were made by, and which of those that count stand in blobs that nobody has. Pure: it reads the
// journal and its state, and decides nothing.
import type { BatchGroup, BlobDigest, JournalEvent, Settlement } from './events.ts';
import type { StepState } from './state.ts';
import { UnitSet } from './unit-set.ts';

type Declared = Extract<JournalEvent, { type: 'batch_declared' }>;
type Collected = Extract<JournalEvent, { type: 'batch_collected' }>;

/** The piece of work that gave the outcomes of a blob. */
export interface Origin {
  readonly settlement: Settlement;
  /** The batch that it settled, with the one group it was about; null: local work. */
  readonly batch: {
    readonly declared: Declared;
    readonly collected: Collected;
    readonly group: BatchGroup;
  } | null;
}

/** By the digest of each blob of outcomes: what made them. Two steps that came to the same have one blob. */
export function originsOf(events: readonly JournalEvent[]): ReadonlyMap<BlobDigest, readonly Origin[]> {
  const origins = new Map<BlobDigest, Origin[]>();
  const note = (digest: BlobDigest, made: readonly Origin[]): void => {
    const before = origins.get(digest);
    if (before === undefined) origins.set(digest, [...made]);
    else before.push(...made);
  };
  const declared = new Map<string, Declared>();
  const collected = new Map<string, Collected>();
  const add = (settlement: Settlement, batch: Origin['batch'] = null): void => {
    const origin = { settlement, batch };
    note(settlement.outcomes, [origin]);
    if (settlement.children !== undefined) note(settlement.children.outcomes, [origin]);
  };
  for (const event of events) {
    if (event.type === 'batch_declared') declared.set(event.batch, event);
    else if (event.type === 'batch_collected') collected.set(event.batch, event);
    else if (event.type === 'work_settled') add(event.settlement);
    else if (event.type === 'batch_settled') {
      const [asked, answered] = [declared.get(event.batch), collected.get(event.batch)];
      // One settlement for each group, in their order.
      for (const [place, settlement] of event.settlements.entries()) {
        const group = asked?.groups[place];
        const isKnown = asked !== undefined && answered !== undefined && group !== undefined;
        add(settlement, isKnown ? { declared: asked, collected: answered, group } : null);
      }
    } else if (event.type === 'outcomes_remade') {
      note(event.outcomes, origins.get(event.lost) ?? []);
    } else if (event.type === 'feedback_remade') {
      note(event.outcomes, origins.get(event.lost) ?? []);
    }
  }
  return origins;
}

/** Units whose latest outcome at a step is lost, by the blob it stood in. */
export interface LostOutcomes {
  /** What they gave; of a fan-out its children, in the numbers of the next level. */
  readonly outputs: ReadonlyMap<BlobDigest, UnitSet>;
  readonly failures: ReadonlyMap<BlobDigest, UnitSet>;
}

/** Which outcomes that count are in lost blobs, step by step, while they are made again one by one. */
export class LostParts {
  private readonly steps: readonly {
    readonly outputs: Map<BlobDigest, UnitSet>;
    readonly failures: Map<BlobDigest, UnitSet>;
  }[];

  constructor(steps: readonly StepState[], lost: ReadonlySet<BlobDigest>) {
    this.steps = steps.map((step) => {
      const alive = step.kind === 'fan_out' ? step.made : step.passed;
      return {
        outputs: lostIn(step.segments, alive, lost),
        failures: lostIn(step.failureBlobs, step.failed, lost),
      };
    });
  }

  /** Those of a step. */
  at(step: number): LostOutcomes {
    return this.steps[step]!;
  }

  /** The outcomes of these units that stood in `lost` stand in `outcomes`, which is not lost any more. */
  replace(lost: BlobDigest, outcomes: BlobDigest, units: UnitSet): void {
    for (const parts of this.steps.flatMap((step) => [step.outputs, step.failures])) {
      parts.delete(outcomes);
      const left = parts.get(lost)?.minus(units);
      if (left?.size === 0) parts.delete(lost);
      else if (left !== undefined) parts.set(lost, left);
    }
  }
}

/** The latest part that has a unit is the one that counts. */
function lostIn(
  parts: readonly { readonly units: UnitSet; readonly outcomes: BlobDigest }[],
  alive: UnitSet,
  lost: ReadonlySet<BlobDigest>,
): Map<BlobDigest, UnitSet> {
  const found = new Map<BlobDigest, UnitSet>();
  let left = alive;
  for (const { units, outcomes } of parts.toReversed()) {
    const mine = units.intersect(left);
    if (mine.size === 0) continue;
    left = left.minus(mine);
    if (lost.has(outcomes)) found.set(outcomes, (found.get(outcomes) ?? UnitSet.empty).union(mine));
  }
  return found;
}

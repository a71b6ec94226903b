// The terms under which a run's results came about, and why those of two runs may not be held against each other. Read back
// as data; it compares no results.

/** What two runs must have in common for a change between them to mean anything. */
export interface Terms {
  readonly seed: string;
  /** Version and generator of the random streams. */
  readonly streams: string;
  /** Digest of the items. */
  readonly items: string;
  /** The most that may be run. */
  readonly units: number;
  /** Places of the only units that may be run; absent: all. */
  readonly only?: string;
  /** `provider/model` of each model step, in order. */
  readonly models: readonly string[];
  /** True when which units are run depends on what others came to. */
  readonly chosen: boolean;
}

/** Why two runs cannot be compared, in a few words; null: they can. */
export function whyNotComparable(base: Terms, now: Terms): string | null {
  if (base.seed !== now.seed) return 'another seed';
  if (base.streams !== now.streams) return 'another version of the random streams';
  if (base.items !== now.items) return 'other items';
  if (base.units !== now.units) return 'another number of units';
  if (base.only !== now.only) return 'other units of the same items';
  if (base.models.join('\n') !== now.models.join('\n')) return 'another model';
  if (base.chosen || now.chosen) return 'which units were run was chosen on the way';
  return null;
}

/** Reads terms that were kept; null for anything else. */
export function parseTerms(value: unknown): Terms | null {
  if (typeof value !== 'object' || value === null) return null;
  const {
    seed,
    streams,
    items,
    units,
    only,
    models,
    chosen = false,
  } = value as Partial<Record<string, unknown>>;
  if (typeof seed !== 'string' || typeof streams !== 'string' || typeof items !== 'string') return null;
  if (typeof units !== 'number' || typeof chosen !== 'boolean' || !Array.isArray(models)) return null;
  if (!models.every((model) => typeof model === 'string')) return null;
  if (only !== undefined && typeof only !== 'string') return null;
  return { seed, streams, items, units, ...(only === undefined ? {} : { only }), models, chosen };
}

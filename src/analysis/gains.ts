// What the coupled draws of a run brought: it gathers the units that were drawn together and holds their variance against
// that of as many independent ones. Items, and streams of different names, are compared each with itself.
import { ExpressionError } from '../expression/errors.ts';
import { compileExpression } from '../expression/expression.ts';
import type { Fields } from '../expression/values.ts';
import type { Coupling, Gate, Pipeline } from '../pipeline/pipeline.ts';
import type { Slice } from './estimate.ts';
import { labelOf, producedFields } from './fields.ts';
import { UnitWork } from './unit-work.ts';
import { type CoupledSample, gainOf, type VarianceGain } from './variance-gain.ts';

/** The quantity a gain was measured for. Of a gate its name, of the others the field; `label`: of an outcome its value. */
export interface GainQuantity {
  readonly kind: 'gate' | 'mean' | 'share';
  readonly name: string;
  readonly label: string | null;
}

/**
 * What one coupling brought. `common`: streams that groups share, for differences between groups; the others for the
 * estimate itself. `factor`: how many times as many independent units would tell as much; null: no chance is left.
 */
export interface Gain extends GainQuantity {
  readonly coupling: 'antithetic' | 'common' | 'stratified';
  readonly factor: number | null;
  /** Units it was measured on. */
  readonly units: number;
}

/** A unit as far as it tells with whom it drew. */
export interface CoupledUnit {
  readonly item: string;
  readonly repetition: number;
  readonly group: string | null;
  readonly fields: Fields;
}

/** Units a gain is measured on at the most: the first ones. */
export const MOST_GAIN_UNITS = 20_000;
/** Fewest pairs, or values in strata, with which a factor says anything. */
const FEWEST = 20;
/** Groups that are held against each other. */
const MOST_GROUPS = 8;
/** A factor beyond this is what rounding leaves of infinity. */
const NOTHING_LEFT = 1e9;

/** Gates that ask every valid unit for a value. */
const UNIT_GATES: ReadonlySet<Gate['kind']> = new Set(['share', 'mean', 'share_change', 'mean_change']);

/** Gathers units; null when the run couples no draws. */
export function createGainCollector(pipeline: Pipeline): GainCollector | null {
  // The seeds of `rng: python` know no coupling.
  if (pipeline.rng === 'python') return null;
  const couplings = pipeline.steps.flatMap((step) =>
    step.kind === 'expression' && step.coupling !== undefined ? [step.coupling] : [],
  );
  return couplings.length === 0 ? null : new GainCollector(couplings, new Set(producedFields(pipeline)));
}

interface Row {
  readonly item: string;
  readonly repetition: number;
  readonly group: string | null;
  readonly stream: string | null;
}

/** The first units of a run with their values, in canonical order. */
export class GainCollector {
  private readonly antithetic: boolean;
  private readonly strata: number | null;
  private readonly streamOf: ((fields: Fields) => string | null) | null;
  private readonly rows: Row[] = [];
  private readonly values = new Map<string, (number | string)[]>();

  constructor(couplings: readonly Coupling[], produced: ReadonlySet<string>) {
    this.antithetic = couplings.some(({ antithetic }) => antithetic);
    this.strata = couplings.find(({ stratify }) => stratify !== null)?.stratify ?? null;
    const shared = [...new Set(couplings.flatMap(({ streamBy }) => streamBy ?? []))];
    // Of several names for streams none tells alone who drew together.
    this.streamOf = shared.length === 1 ? streamReader(shared[0]!, produced) : null;
  }

  /** Begins the next unit; false when there are enough. */
  next({ item, repetition, group, fields }: CoupledUnit): boolean {
    if (this.rows.length >= MOST_GAIN_UNITS) return false;
    this.rows.push({ item, repetition, group, stream: this.streamOf?.(fields) ?? null });
    return true;
  }

  /** The present unit's value; a text is a label. */
  set(key: string, value: number | string): void {
    const column = this.values.get(key) ?? [];
    column[this.rows.length - 1] = value;
    this.values.set(key, column);
  }

  /**
   * What each coupling brought for the first gate over units and the first metric, or else for the first outcome. Values
   * are kept as `gate 0` (its place), `metric steps` and `outcome mood`.
   */
  measure(gates: readonly Gate[], overall: Slice): readonly Gain[] {
    const wanted: { readonly key: string; readonly quantity: GainQuantity }[] = [];
    const at = gates.findIndex(({ kind }) => UNIT_GATES.has(kind));
    const gate = gates[at];
    if (gate !== undefined) {
      wanted.push({ key: `gate ${at}`, quantity: { kind: 'gate', name: gate.name, label: null } });
    }
    const [metric] = overall.metrics;
    if (metric !== undefined) {
      const quantity: GainQuantity = { kind: 'mean', name: metric.field, label: null };
      wanted.push({ key: `metric ${metric.field}`, quantity });
    }
    const [outcome] = overall.outcomes;
    const label = outcome?.values[0]?.value;
    if (wanted.length === 0 && outcome !== undefined && label !== undefined) {
      const quantity: GainQuantity = { kind: 'share', name: outcome.field, label };
      wanted.push({ key: `outcome ${outcome.field}`, quantity });
    }
    return wanted.flatMap(({ key, quantity }) => this.gainsFor(key, quantity));
  }

  private gainsFor(key: string, quantity: GainQuantity): readonly Gain[] {
    const column = this.values.get(key) ?? [];
    const units = this.rows.flatMap((row, at): readonly Valued[] => {
      const value = column[at];
      if (value === undefined) return [];
      const number = quantity.label === null ? value : Number(value === quantity.label);
      return typeof number === 'number' ? [{ ...row, value: number }] : [];
    });
    const samples = [
      { coupling: 'antithetic' as const, blocks: this.antithetic ? mirrored(units) : [] },
      { coupling: 'stratified' as const, blocks: this.strata === null ? [] : spread(units, this.strata) },
      { coupling: 'common' as const, blocks: this.streamOf === null ? [] : shared(units) },
    ];
    return samples.flatMap(({ coupling, blocks }) => {
      const found = combined(blocks);
      return found === null ? [] : [{ coupling, ...quantity, ...found }];
    });
  }
}

interface Valued extends Row {
  readonly value: number;
}

// A name that a later step fills may not be what the stream was named by.
function streamReader(
  source: string,
  produced: ReadonlySet<string>,
): ((fields: Fields) => string | null) | null {
  const expression = compileExpression(source);
  const work = new UnitWork();
  if ([...expression.names].some((name) => produced.has(name))) return null;
  return (fields) => {
    try {
      return labelOf(work.evaluate(expression, fields));
    } catch (error) {
      if (error instanceof ExpressionError) return null;
      throw error;
    }
  };
}

/** Each item's pairs of a repetition and its mirror image. */
function mirrored(units: readonly Valued[]): readonly CoupledSample[] {
  return [...groupedBy(units, ({ item }) => item).values()].map((own) => {
    const pairs = groupedBy(own, ({ repetition }) => Math.floor(repetition / 2));
    return { kind: 'antithetic', pairs: [...pairs.values()].flatMap(pairOf) };
  });
}

/** Each item's values by stratum. Where an item begins is drawn, which only gives the strata other numbers. */
function spread(units: readonly Valued[], strata: number): readonly CoupledSample[] {
  return [...groupedBy(units, ({ item }) => item).values()].map((own) => {
    const byStratum = groupedBy(own, ({ repetition }) => repetition % strata);
    return {
      kind: 'stratified',
      strata: [...byStratum.values()].map((all) => all.map(({ value }) => value)),
    };
  });
}

/** For each two groups, the pairs of units that drew together, by the name of their stream. */
function shared(units: readonly Valued[]): readonly CoupledSample[] {
  const placed = units.filter(({ group, stream }) => group !== null && stream !== null);
  const groups = [...new Set(placed.map(({ group }) => group))].sort().slice(0, MOST_GROUPS);
  const byStream = [...groupedBy(placed, ({ stream }) => stream).values()].map((own) =>
    [...groupedBy(own, ({ repetition }) => repetition).values()].map((drawn) =>
      groupedBy(drawn, ({ group }) => group),
    ),
  );
  return groups.flatMap((one, i) =>
    groups.slice(i + 1).flatMap((other) =>
      byStream.map((repetitions): CoupledSample => {
        const pairs = repetitions.flatMap((drawn) => {
          const [first = [], second = []] = [drawn.get(one), drawn.get(other)];
          // Two units of one group that drew together are no pair with anything.
          return first.length === 1 && second.length === 1 ? pairOf([...first, ...second]) : [];
        });
        return { kind: 'common', pairs };
      }),
    ),
  );
}

function pairOf(units: readonly Valued[]): readonly (readonly [number, number])[] {
  const [first, second] = units;
  return first === undefined || second === undefined ? [] : [[first.value, second.value]];
}

/** The variances of all blocks together; null when they are too few to say anything. */
function combined(
  blocks: readonly CoupledSample[],
): { readonly factor: number | null; readonly units: number } | null {
  const measured = blocks.flatMap((block) => {
    const gain = gainOf(block);
    return gain === null ? [] : [{ gain, size: sizeOf(block) }];
  });
  const sum = (of: (gain: VarianceGain) => number) =>
    measured.reduce((total, { gain }) => total + of(gain) ** 2, 0);
  const size = measured.reduce((total, one) => total + one.size.draws, 0);
  if (size < FEWEST) return null;
  const [variance, independent] = [sum(({ error }) => error), sum((gain) => gain.independentError)];
  const factor = independent === 0 ? 1 : independent / variance;
  const units = measured.reduce((total, one) => total + one.size.units, 0);
  return { factor: factor > NOTHING_LEFT ? null : factor, units };
}

function sizeOf(sample: CoupledSample): { readonly draws: number; readonly units: number } {
  if (sample.kind !== 'stratified') return { draws: sample.pairs.length, units: 2 * sample.pairs.length };
  const values = sample.strata.reduce((sum, own) => sum + own.length, 0);
  return { draws: values - sample.strata.length, units: values };
}

function groupedBy<K>(units: readonly Valued[], keyOf: (unit: Valued) => K): Map<K, Valued[]> {
  const groups = new Map<K, Valued[]>();
  for (const unit of units) {
    const key = keyOf(unit);
    const own = groups.get(key);
    if (own === undefined) groups.set(key, [unit]);
    else own.push(unit);
  }
  return groups;
}

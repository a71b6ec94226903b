// The figures a pipeline asks for beside outcomes and metrics, over one slice: net values, quantiles, ratios, rates and
// custom ones. Each has an interval, or says in a few words why it has none.
import { compileExpression } from '../expression/expression.ts';
import type { FigureSpec } from '../pipeline/pipeline.ts';
import { bootstrapRatio } from './bootstrap.ts';
import { type Clustering, sizeWhenAlike } from './clusters.ts';
import type { FigureEstimate, Interval } from './estimate.ts';
import { CustomTally } from './figure-custom.ts';
import type { FigurePart } from './figure-reader.ts';
import type { FigureResult, FigureSituation, FigureTally } from './figure-tally.ts';
import { FEWEST_RESAMPLED, type ResamplingWork } from './figure-work.ts';
import { describe, tInterval } from './intervals.ts';
import { netValue } from './net-value.ts';
import { formatUnits } from './numbers.ts';
import { PairStore } from './pair-store.ts';
import { quantile } from './quantiles.ts';
import { rateInterval } from './rates.ts';
import { normalQuantile, studentQuantile } from './special.ts';
import { NumberTally } from './tally.ts';

const NOTHING: Omit<FigureResult, 'n' | 'note'> = { value: null, interval: null, worst: null };

/** The figures of one slice, in the pipeline's order. */
export class SliceFigures {
  private readonly figures: readonly FigureSpec[];
  private readonly tallies: readonly FigureTally[];
  private readonly missing: number[];
  /** By figure, why the first unit without a part has none. */
  private readonly reasons: (string | null)[];

  constructor(
    figures: readonly FigureSpec[],
    clustered: Clustering,
    group: string | null,
    work: ResamplingWork,
  ) {
    const quantiles = new Map<string, QuantileTally>();
    this.figures = figures;
    this.tallies = figures.map((figure) => tallyOf(figure, clustered, group, work, quantiles));
    this.missing = figures.map(() => 0);
    this.reasons = figures.map(() => null);
  }

  /** A valid unit; `parts` in the order of the figures. */
  add(cluster: number, parts: readonly FigurePart[]): void {
    parts.forEach((part, at) => {
      if (part.kind === 'none') {
        this.missing[at] = (this.missing[at] ?? 0) + 1;
        this.reasons[at] ??= part.why;
      } else this.tallies[at]?.add(cluster, part);
    });
  }

  estimate(situation: FigureSituation): readonly FigureEstimate[] {
    return this.figures.map(({ kind, name }, at) => {
      const missing = this.missing[at] ?? 0;
      const result = this.tallies[at]!.estimate(situation.dropped + missing, situation);
      const why = this.reasons[at] ?? null;
      const note = result.n === 0 ? `no unit has a value${why === null ? '' : `: ${why}`}` : result.note;
      return { kind, name, missing, ...result, note };
    });
  }
}

function tallyOf(
  figure: FigureSpec,
  clustered: Clustering,
  group: string | null,
  work: ResamplingWork,
  quantiles: Map<string, QuantileTally>,
): FigureTally {
  switch (figure.kind) {
    case 'net':
      return new NetTally(Object.values(figure.values), clustered);
    case 'quantile': {
      // Several quantiles of a field are read off the same values; the first one keeps them.
      const before = quantiles.get(figure.field) ?? null;
      const tally = new QuantileTally(before, figure.at, clustered);
      quantiles.set(figure.field, tally);
      return tally;
    }
    case 'ratio':
      return new RatioTally(
        new PairStore(clustered, true, work.draw(`${figure.name}, dealt`, group)),
        figure.name,
      );
    case 'rate':
      return new RateTally(new PairStore(clustered, false, work.draw(figure.name, group)));
    case 'custom':
      return new CustomTally(compileExpression(figure.expr), clustered, figure.name, work);
    default:
      return figure satisfies never;
  }
}

/** The mean of what each unit's outcome counts. */
class NetTally implements FigureTally {
  private readonly numbers: NumberTally;
  private readonly least: number;
  private readonly most: number;
  /** Every value counts +1, -1 or nothing. */
  private readonly isPlain: boolean;
  private plus = 0;
  private minus = 0;

  constructor(values: readonly number[], clustered: Clustering) {
    this.numbers = new NumberTally(clustered, false);
    this.least = Math.min(0, ...values);
    this.most = Math.max(0, ...values);
    this.isPlain = values.every((value) => [-1, 0, 1].includes(value));
  }

  add(cluster: number, part: FigurePart): void {
    if (part.kind !== 'one') return;
    this.numbers.add(cluster, part.value);
    if (part.value > 0) this.plus++;
    else if (part.value < 0) this.minus++;
  }

  estimate(unknown: number, { confidence }: FigureSituation): FigureResult {
    const { n, mean: value } = this.numbers;
    if (n === 0) return { ...NOTHING, n, note: null };
    const all = n + unknown;
    const ends = [this.least, this.most].map((end) => (n * value + unknown * end) / all);
    const worst = unknown === 0 ? null : { low: ends[0]!, high: ends[1]! };
    return { n, value, worst, ...this.interval(confidence) };
  }

  private interval(confidence: number): Pick<FigureResult, 'interval' | 'note'> {
    const { n, mean } = this.numbers;
    const clusters = this.numbers.items();
    const spread = this.numbers.meanError();
    if (this.isPlain && (clusters === null || (spread?.error === 0 && clusters > 1))) {
      const dependence = this.numbers.dependence();
      const size = sizeWhenAlike(dependence);
      const { interval } = netValue((this.plus * size) / n, (this.minus * size) / n, size, confidence);
      return {
        interval: { ...interval, confidence, method: `Bonett-Price, ${describe(dependence)}` },
        note: null,
      };
    }
    if (spread === null) return { interval: null, note: tooFew(n, clusters) };
    if (spread.error === 0) return { interval: null, note: 'no interval: all units count the same' };
    const around = tInterval(mean, spread.error, spread.degrees, confidence);
    // No unit counts less than the least value, so that no mean does.
    const interval: Interval = {
      low: Math.max(this.least, around.low),
      high: Math.min(this.most, around.high),
      confidence,
      method: spread.method,
    };
    return { interval, note: null };
  }
}

function tooFew(n: number, clusters: number | null): string {
  if (clusters !== null && clusters < 2) return 'no interval: all units drew together';
  return `no interval of ${formatUnits(n)}`;
}

/** A quantile of values that are kept once for all quantiles of a field: by the first of them, until the last is known. */
class QuantileTally implements FigureTally {
  private readonly numbers: NumberTally;
  private readonly at: number;
  private readonly isKeeper: boolean;
  private isLast = true;

  constructor(before: QuantileTally | null, at: number, clustered: Clustering) {
    this.numbers = before?.numbers ?? new NumberTally(clustered, true);
    this.at = at;
    this.isKeeper = before === null;
    if (before !== null) before.isLast = false;
  }

  add(cluster: number, part: FigurePart): void {
    if (this.isKeeper && part.kind === 'one') this.numbers.add(cluster, part.value);
  }

  estimate(unknown: number, situation: FigureSituation): FigureResult {
    const result = this.quantile(unknown, situation);
    if (this.isLast) this.numbers.drop();
    return result;
  }

  private quantile(unknown: number, { confidence }: FigureSituation): FigureResult {
    const sorted = this.numbers.sorted();
    const n = sorted.length;
    const found = quantile(sorted, this.at, confidence);
    if (found === null) return { ...NOTHING, n, note: null };
    const { value, interval, fewest } = found;
    const worst =
      unknown === 0
        ? null
        : { low: extended(sorted, this.at, unknown, 0), high: extended(sorted, this.at, 0, unknown) };
    const clusters = this.numbers.items();
    if (clusters !== null || interval === null) {
      const why = clusters !== null ? 'units hang together' : `it takes ${formatUnits(fewest)}`;
      return { n, value, interval: null, worst, note: `no interval: ${why}` };
    }
    const method = `order statistics, ${describe({ size: n, items: null })}`;
    return { n, value, interval: { ...interval, confidence, method }, worst, note: null };
  }
}

/** The quantile with so many more units at the least value seen, and so many at the largest. */
function extended(sorted: Float64Array, at: number, below: number, above: number): number {
  const valueAt = (place: number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, place - below))] as number;
  const place = at * (sorted.length + below + above - 1);
  const low = valueAt(Math.floor(place));
  return low + (valueAt(Math.ceil(place)) - low) * (place - Math.floor(place));
}

/** A sum over a sum. */
class RatioTally implements FigureTally {
  private readonly pairs: PairStore;
  private readonly name: string;

  constructor(pairs: PairStore, name: string) {
    this.pairs = pairs;
    this.name = name;
  }

  add(cluster: number, part: FigurePart): void {
    if (part.kind === 'two') this.pairs.add(cluster, part.top, part.bottom);
  }

  estimate(unknown: number, { group, confidence, work }: FigureSituation): FigureResult {
    const { n, top, bottom } = this.pairs;
    if (bottom === 0) return { ...NOTHING, n, note: 'no value: what it is divided by adds up to 0' };
    const about = { n, value: top / bottom, worst: this.pairs.worst(unknown) };
    const { tops, bottoms, clusters } = this.pairs.sums();
    if (tops.length < FEWEST_RESAMPLED) {
      const what = clusters === null ? 'units' : 'clusters of units';
      return { ...about, interval: null, note: `no interval below ${FEWEST_RESAMPLED} ${what}` };
    }
    if (!work.take(2_000 * Math.min(5_000, tops.length) + n)) {
      return { ...about, interval: null, note: 'no interval: too many units and groups for one' };
    }
    const found = bootstrapRatio(tops, bottoms, work.draw(this.name, group), confidence);
    const isKnown =
      found !== null && Number.isFinite(found.interval.low) && Number.isFinite(found.interval.high);
    if (!isKnown) {
      return { ...about, interval: null, note: 'no interval: what it is divided by may add up to 0' };
    }
    const dependence = clusters === null ? null : this.pairs.clusters?.dependence(n, clusters);
    const method = `BCa bootstrap, ${describe(dependence ?? { size: n, items: null })}`;
    return { ...about, interval: { ...found.interval, confidence, method }, note: null };
  }
}

/** Events per exposure. */
class RateTally implements FigureTally {
  private readonly pairs: PairStore;

  constructor(pairs: PairStore) {
    this.pairs = pairs;
  }

  add(cluster: number, part: FigurePart): void {
    if (part.kind === 'two') this.pairs.add(cluster, part.top, part.bottom);
  }

  estimate(unknown: number, { confidence }: FigureSituation): FigureResult {
    const { n, top: events, bottom: exposure } = this.pairs;
    if (exposure === 0)
      return { ...NOTHING, n, note: 'no value: what events are counted against adds up to 0' };
    const { factor, method } = this.widening();
    const ends = rateInterval(events / factor, exposure / factor, confidence);
    const counted = events === 0 ? 'no event seen' : events === 1 ? '1 event' : null;
    return {
      n,
      value: events / exposure,
      interval: { ...ends, confidence, method },
      // Where no event was seen, those seen give no bound for what was not.
      worst: events === 0 ? null : this.pairs.worst(unknown),
      note: counted,
    };
  }

  /**
   * How many events weigh as much as one that comes independently: the linearised variance of the rate over that of a
   * Poisson count, never below 1, so that what comes in bursts counts as less (effective counts, as of Korn and Graubard
   * 1998). With clusters their few degrees of freedom widen it too.
   */
  private widening(): { readonly factor: number; readonly method: string } {
    const { n, top: events, clusters } = this.pairs;
    const { squares, draws } = this.pairs.residuals();
    const seen = clusters?.seen() ?? null;
    if (seen === null || clusters === null) {
      const factor = events === 0 ? 1 : Math.max(1, squares / events);
      const lead = factor === 1 ? 'exact Poisson' : 'exact Poisson widened for bursts';
      return { factor, method: `${lead}, ${describe({ size: n, items: null })}` };
    }
    const dependence = clusters.dependence(n, seen);
    const method = `exact Poisson, ${describe(dependence)}`;
    if (events === 0 || draws < 2) return { factor: n / sizeWhenAlike(dependence), method };
    const widening = studentQuantile(0.975, draws - 1) / normalQuantile(0.975);
    return { factor: Math.max(1, (squares / events) * widening * widening), method };
  }
}

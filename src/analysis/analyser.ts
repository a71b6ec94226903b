// One pass over the finished units, in canonical order, to estimates, gates and a verdict's ingredients. Which units
// arrive is the caller's business; the same units in the same order always give the same analysis.

import type { Fields } from '../expression/values.ts';
import { mostOfOne } from '../pipeline/fan-out.ts';
import type { FigureSpec, Pipeline } from '../pipeline/pipeline.ts';
import { repetitionOf } from '../simulation/unit-stream.ts';
import type { Accounting } from './accounting.ts';
import type { Analysis } from './analysis.ts';
import { costSteps, totalCost } from './cost.ts';
import type { Slice } from './estimate.ts';
import { guessKind, labelOf, numberOf, producedFields } from './fields.ts';
import { createPartReader, digestOfNet, type FigurePart, type PartReader } from './figure-reader.ts';
import { ResamplingWork } from './figure-work.ts';
import { type CoupledUnit, createGainCollector, type GainCollector } from './gains.ts';
import { GateCounter, keptAs } from './gate-counter.ts';
import { estimatedOf } from './gate-sides.ts';
import { evaluateGates } from './gates.ts';
import { byGroupName } from './group-order.ts';
import type { Look } from './look.ts';
import type { FailedUnit, UnitRecord } from './record.ts';
import { SliceTally } from './slice.ts';
import { UnitClusters } from './unit-clusters.ts';
import { MOST_DRAWN_UNITS, UnitValueCollector, type WantedColumn } from './unit-values.ts';
import { UnitWork } from './unit-work.ts';

/** Takes every finished unit once, in canonical unit order, then gives the analysis. */
export interface Analyser {
  add(record: UnitRecord): void;
  /** Call once. The books may hold units that are still in flight; gates then stay undecided. */
  finish(accounting: Accounting): Analysis;
}

/** What is known before the first unit. `provider` is the run's own; a step may name another. */
export interface AnalyserInput {
  readonly pipeline: Pipeline;
  readonly provider: string;
  readonly simulated: boolean;
  readonly itemFields?: Iterable<string>;
  /** At which of several looks at growing data the gates are decided; absent: at the only one. */
  readonly look?: Look | null;
  /** Most units of which each one's values are kept; absent: as many as curves are drawn of. */
  readonly kept?: number;
}

/** Most groups with totals of their own; units of later ones are counted only. */
const GROUP_CAP = 200;
/** Most fields tried when the pipeline names none, and most of each kind that are shown. */
const CANDIDATE_CAP = 64;
const FOUND_OUTCOMES = 6;
const FOUND_METRICS = 8;
/** Under which the group of each unit is kept. */
const GROUPS = 'group';
/** A text field with more different values than this is no outcome. */
const FOUND_VALUES = 8;
const FAILURES_KEPT = 3;
/** Units after which it is settled which numbers are too many to be shown. */
const EXCESS_DROPPED_AT = 10_000;

/**
 * An analyser for one run. `itemFields` are names that come from the items, so that an answer which only echoes one
 * is not found as an outcome. Throws ExpressionSyntaxError for a gate that does not compile (the loader checks that).
 */
export function createAnalyser(input: AnalyserInput): Analyser {
  return new RunAnalyser(input);
}

/** Keeps a value of the present unit. */
type Keep = (key: string, value: number | string) => void;

function repetitionNumber(unit: string): number {
  return repetitionOf({ id: unit, repeats: true })?.repetition ?? 0;
}

class RunAnalyser implements Analyser {
  private readonly pipeline: Pipeline;
  private readonly provider: string;
  private readonly simulated: boolean;
  private readonly look: Look | null;
  private readonly found: boolean;
  private readonly clusters: UnitClusters;
  private readonly outcomes: Set<string>;
  private readonly metrics: Set<string>;
  private readonly boolOutcomes = new Set<string>();
  private readonly overall: SliceTally;
  private readonly groups = new Map<string, SliceTally>();
  private readonly gates: readonly GateCounter[];
  private readonly firstFailures: FailedUnit[] = [];
  private readonly values: UnitValueCollector;
  private readonly gains: GainCollector | null;
  private readonly readers: readonly PartReader[];
  private readonly work: ResamplingWork;
  private unitsInMoreGroups = 0;
  private unplaced = 0;
  /** By the step at which a unit failed, the most results that it could have given. */
  private readonly mostResults: ReadonlyMap<string, number>;
  private readonly unsplit = { units: 0, most: 0 };

  constructor(input: AnalyserInput) {
    const { pipeline } = input;
    const { outcomes, metrics } = pipeline.report;
    const itemFields = new Set(input.itemFields ?? []);
    this.pipeline = pipeline;
    this.provider = input.provider;
    this.look = input.look ?? null;
    this.simulated = input.simulated && pipeline.steps.some((step) => step.kind === 'llm');
    const repeats = pipeline.repeat > 1;
    this.mostResults = new Map(pipeline.steps.map(({ name }, at) => [name, mostOfOne(pipeline.steps, at)]));
    this.clusters = new UnitClusters(pipeline);
    // Children of one unit are no draws that could be held against each other, and another run may have others.
    const isFannedOut = pipeline.steps.some(({ kind }) => kind === 'fan_out');
    this.values = new UnitValueCollector(
      this.clusters.clustering,
      isFannedOut,
      input.kept ?? MOST_DRAWN_UNITS,
    );
    this.found = outcomes.length === 0 && metrics.length === 0;
    const candidates = this.found
      ? producedFields(pipeline)
          .filter((name) => !itemFields.has(name) && name !== pipeline.report.groupBy)
          .slice(0, CANDIDATE_CAP)
      : [];
    this.outcomes = new Set(this.found ? candidates : outcomes);
    this.metrics = new Set(this.found ? candidates : metrics);
    this.gains = repeats && !isFannedOut ? createGainCollector(pipeline) : null;
    const figureWork = new UnitWork();
    this.readers = this.figures.map((figure) => createPartReader(figure, figureWork));
    this.work = new ResamplingWork(pipeline.seed);
    this.overall = this.newSlice(null);
    // Of their own, so that nothing that is only shown can leave a gate undecided.
    const gateWork = new UnitWork();
    this.gates = pipeline.gates.map((gate) => new GateCounter(gate, this.clusters.clustering, gateWork));
  }

  add(record: UnitRecord): void {
    const item = this.clusters.of(record);
    const isKept = this.values.next(item, record.unit);
    if (isKept) {
      this.keepGroup(record.fields);
      this.keepValidity(record.kind === 'valid');
    }
    const isMeasured = this.gains?.next(this.coupledUnit(record)) ?? false;
    const keep: Keep = (key, value) => {
      if (isKept) this.values.set(key, value);
      if (isMeasured) this.gains?.set(key, value);
    };
    if (record.kind === 'valid') this.addValid(item, record.fields, isKept || isMeasured ? keep : null);
    else this.addFailed(record);
  }

  private coupledUnit({ unit, item, fields }: UnitRecord): CoupledUnit {
    const { groupBy } = this.pipeline.report;
    const group = groupBy === null ? null : labelOf(fields.get(groupBy));
    return { item, repetition: repetitionNumber(unit), group, fields };
  }

  private addValid(item: number, fields: Fields, keep: Keep | null): void {
    const parts = this.readers.map((read) => read(fields));
    this.overall.add(item, fields, parts);
    if (this.found) this.dropUnlikely(fields);
    if (this.found && this.overall.units === EXCESS_DROPPED_AT) this.dropExcess();
    this.groupOf(fields)?.add(item, fields, parts);
    this.gates.forEach((gate, at) => {
      const value = gate.add(item, fields);
      if (value !== null) keep?.(`gate ${at}`, value);
    });
    if (keep !== null) this.keepFields(fields, parts, keep);
  }

  /** A gate on valid units is about every unit, also about one that failed. */
  private keepValidity(isValid: boolean): void {
    this.pipeline.gates.forEach(({ kind }, at) => {
      if (kind === 'valid_share') this.values.set(`gate ${at}`, isValid ? 1 : 0);
    });
  }

  private keepGroup(fields: Fields): void {
    const { groupBy } = this.pipeline.report;
    const label = groupBy === null ? null : labelOf(fields.get(groupBy));
    if (label !== null) this.values.set(GROUPS, label);
  }

  private get figures(): readonly FigureSpec[] {
    return this.pipeline.report.figures ?? [];
  }

  private keepFields(fields: Fields, parts: readonly FigurePart[], keep: Keep): void {
    this.figures.forEach(({ kind, name }, at) => {
      const part = parts[at];
      if (kind === 'net' && part?.kind === 'one') keep(`figure ${name}`, part.value);
    });
    for (const field of this.outcomes) {
      const label = labelOf(fields.get(field));
      if (label !== null) keep(`outcome ${field}`, label);
    }
    for (const field of this.metrics) {
      const number = numberOf(fields.get(field));
      if (number !== null) keep(`metric ${field}`, number);
    }
  }

  private addFailed(record: FailedUnit): void {
    if (this.firstFailures.length < FAILURES_KEPT) this.firstFailures.push(record);
    const results = this.mostResults.get(record.failure.step) ?? 1;
    if (results > 1) {
      this.unsplit.units++;
      this.unsplit.most += results;
    }
    this.overall.dropped += results;
    for (const gate of this.gates) gate.drop(record.fields, results);
    const { groupBy } = this.pipeline.report;
    if (groupBy === null) return;
    if (record.fields.has(groupBy)) {
      const group = this.groupOf(record.fields);
      if (group !== null) group.dropped += results;
    } else {
      this.unplaced += results;
    }
  }

  private newSlice(group: string | null): SliceTally {
    const { outcomes, metrics, figures } = this;
    return new SliceTally({ outcomes, metrics, figures }, this.clusters.clustering, group, this.work);
  }

  /** The group's totals; null without grouping, or past the cap. */
  private groupOf(fields: Fields): SliceTally | null {
    const { groupBy } = this.pipeline.report;
    if (groupBy === null) return null;
    const label = labelOf(fields.get(groupBy)) ?? '(none)';
    let group = this.groups.get(label);
    if (group === undefined) {
      if (this.groups.size >= GROUP_CAP) {
        this.unitsInMoreGroups++;
        return null;
      }
      group = this.newSlice(label);
      this.groups.set(label, group);
    }
    return group;
  }

  /** Gives up candidates that this unit shows to be something else, so that they cost nothing any more. */
  private dropUnlikely(fields: Fields): void {
    for (const field of this.outcomes) {
      const value = fields.get(field);
      const kind = guessKind(value);
      const many = (this.overall.categories.get(field)?.distinct ?? 0) > FOUND_VALUES;
      if (many || kind === 'number' || kind === 'neither') this.forget(this.outcomes, field);
      else if (typeof value === 'boolean') this.boolOutcomes.add(field);
    }
    for (const field of this.metrics) {
      const value = fields.get(field);
      const kind = guessKind(value);
      if (kind === 'category' || kind === 'neither' || (kind === 'number' && numberOf(value) === null)) {
        this.forget(this.metrics, field);
      }
    }
  }

  /** Gives up numbers after those that are to be shown: each keeps all its values. */
  private dropExcess(): void {
    let varying = 0;
    for (const field of this.metrics) {
      const tally = this.overall.numbers.get(field);
      if (varying === FOUND_METRICS) this.forget(this.metrics, field);
      else if (tally !== undefined && tally.min < tally.max) varying++;
    }
  }

  private forget(candidates: Set<string>, field: string): void {
    candidates.delete(field);
    for (const slice of [this.overall, ...this.groups.values()]) {
      if (candidates === this.outcomes) slice.categories.delete(field);
      else slice.numbers.delete(field);
    }
  }

  /** Of the candidates left, those that vary: 2 to 8 values, or any bool; and numbers that are not all the same. */
  private settleFound(): void {
    let outcomes = 0;
    for (const field of this.outcomes) {
      const distinct = this.overall.categories.get(field)?.distinct ?? 0;
      const shown = distinct >= 2 || (distinct === 1 && this.boolOutcomes.has(field));
      if (!shown || ++outcomes > FOUND_OUTCOMES) this.forget(this.outcomes, field);
    }
    let metrics = 0;
    for (const field of this.metrics) {
      const tally = this.overall.numbers.get(field);
      const varies = tally !== undefined && tally.n > 0 && tally.min < tally.max;
      if (!varies || ++metrics > FOUND_METRICS) this.forget(this.metrics, field);
    }
  }

  finish(accounting: Accounting): Analysis {
    if (this.found) this.settleFound();
    const uncertain = accounting.steps.reduce((sum, step) => sum + step.uncertain, 0n);
    const cost = totalCost(costSteps(accounting, this.pipeline.prices));
    const { planned, valid, failed, inFlight } = accounting;
    const tallies = this.gates.map((gate) => gate.tally());
    const { unsplit } = this;
    const unborn = unsplit.most - unsplit.units;
    const situation = { planned, valid, failed, inFlight, unborn, cost, uncertain };
    const gates = evaluateGates(this.pipeline.gates, tallies, situation, this.look);
    const overall = this.overall.estimate(0, []);
    const kept = this.kept();
    return {
      provider: this.provider,
      simulated: this.simulated,
      accounting,
      found: this.found,
      groupBy: this.pipeline.report.groupBy,
      overall,
      groups: this.estimateGroups(overall),
      unitsInMoreGroups: this.unitsInMoreGroups,
      gates,
      sides: tallies.map(estimatedOf),
      ...(unsplit.units === 0 ? {} : { unsplit }),
      firstFailures: this.firstFailures,
      values: this.values.finish(kept, this.pipeline.report.groupBy === null ? null : GROUPS),
      drawn: this.values.drawn(kept),
      against: null,
      gains: this.gains?.measure(this.pipeline.gates, overall) ?? [],
    };
  }

  /** What is kept of every unit: gates, then what the report shows. */
  private kept(): readonly WantedColumn[] {
    const gates = this.pipeline.gates.flatMap((gate, at) => {
      const kind = keptAs(gate);
      return kind === null ? [] : [{ key: `gate ${at}`, kind, name: gate.name, isGate: true }];
    });
    const shown = (prefix: string, kind: 'category' | 'mean', fields: Iterable<string>) =>
      [...fields].map((name) => ({ key: `${prefix} ${name}`, kind, name, isGate: false }));
    return [
      ...gates,
      ...shown('outcome', 'category', this.outcomes),
      ...shown('metric', 'mean', this.metrics),
      ...this.figures.flatMap((figure) => {
        if (figure.kind !== 'net') return [];
        const { name } = figure;
        return [
          { key: `figure ${name}`, kind: 'mean', name, isGate: false, asks: digestOfNet(figure) } as const,
        ];
      }),
    ];
  }

  private estimateGroups(overall: Slice): readonly Slice[] {
    return [...this.groups.keys()]
      .sort(byGroupName)
      .map((name) => this.groups.get(name)?.estimate(this.unplaced, overall.outcomes))
      .filter((slice) => slice !== undefined);
  }
}

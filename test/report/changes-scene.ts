// Reports of made-up runs held against made-up bases: the same units with a little luck changed, or other units.
import type { BaseResult } from '../../src/analysis/against.ts';
import { holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { parseUsd } from '../../src/analysis/money.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { sidesOf } from '../../src/engine/perform-analyse.ts';
import type { Value } from '../../src/expression/values.ts';
import type { Gate, ReportSpec } from '../../src/pipeline/pipeline.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Report } from '../../src/report/report.ts';
import { llmStep, paidStep, pipelineOf, provenance, type Scene, tokenPrice } from './fixture.ts';

/** A unit's fields; null: it failed. */
export type UnitFields = Readonly<Record<string, Value>> | null;

/** What a made-up run is of. `items`: units of as many items, one repetition of all after another; null: of one item. */
export interface Made {
  readonly units: readonly UnitFields[];
  readonly items?: number;
  readonly gates?: readonly Gate[];
  readonly report?: Partial<ReportSpec>;
  /** Fields that a failed unit still has. */
  readonly known?: (at: number) => Readonly<Record<string, Value>>;
}

/** A run with one paid step whose answers are the units' fields. */
export function made({ units, items = 1, gates = [], report = {}, known = () => ({}) }: Made): Scene {
  const records = units.map((fields, at): UnitRecord => {
    const about = { unit: `u${String(at).padStart(4, '0')}`, item: `item${at % items}`, attempts: 1 };
    if (fields !== null)
      return {
        kind: 'valid',
        ...about,
        capped: false,
        loops: new Map(),
        fields: new Map(Object.entries(fields)),
      };
    const issues = [{ path: '/answer', rule: 'type', message: 'expected a string' }];
    const failure = { kind: 'malformed' as const, step: 'play', issues, raw: '{}' };
    return { kind: 'failed', ...about, fields: new Map(Object.entries(known(at))), failure };
  });
  const failed = units.filter((fields) => fields === null).length;
  const model = 'gpt-4o-mini';
  const step = {
    step: 'play',
    entered: units.length,
    failed,
    failures: failed === 0 ? {} : { malformed: failed },
    requests: units.length,
    usage: { input: units.length * 400, output: units.length * 60 },
    model,
    provider: 'openai',
  };
  return {
    pipeline: pipelineOf({
      name: 'tavern',
      repeat: Math.ceil(units.length / items),
      steps: [llmStep('play', [])],
      report: { groupBy: null, outcomes: [], metrics: [], ...report },
      gates,
    }),
    provider: 'openai',
    simulated: false,
    records,
    accounting: {
      planned: units.length,
      valid: units.length - failed,
      failed,
      inFlight: 0,
      steps: [paidStep(step, tokenPrice('0.075', '0.30', 'the price list'))],
    },
    cap: '1.00',
    provenance: {
      ...provenance,
      path: 'pipelines/tavern',
      provider: 'openai',
      model,
      answers: 'fresh',
      reproduce: 'octobatch run pipelines/tavern --seed 42',
    },
  };
}

/** What a run came to. */
export function analysisOf(scene: Scene): Analysis {
  const analyser = createAnalyser({ ...scene, itemFields: [] });
  for (const record of scene.records) analyser.add(record);
  return analyser.finish(scene.accounting);
}

/** The base that a run makes for others. */
export function baseOf(scene: Scene, part: Partial<BaseResult> = {}): BaseResult {
  const analysis = analysisOf(scene);
  const { values, overall } = analysis;
  return { name: 'main', reason: null, isSame: false, values, overall, sides: sidesOf(analysis), ...part };
}

/** The report of a run held against a base; `against` changes what came of it. */
export function heldReport(
  scene: Scene,
  base: BaseResult | null,
  against: (analysis: Analysis) => Analysis = (analysis) => analysis,
): Report {
  return buildReport({
    pipeline: scene.pipeline,
    analysis: against(holdAgainst(analysisOf(scene), scene.pipeline, base)),
    allowance: { cap: parseUsd(scene.cap ?? '1.00'), reserved: null },
    uncovered: null,
    provenance: scene.provenance,
    error: null,
    pending: null,
    timing: null,
  });
}

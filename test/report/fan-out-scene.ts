// A made-up run that fans out: rumours told at inns, each rumour judged on its own. Some evenings failed before anybody told
// one, some judgements after.
import { type BaseResult, holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { Value } from '../../src/expression/values.ts';
import type { FanOutStep, Gate } from '../../src/pipeline/pipeline.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Report } from '../../src/report/report.ts';
import {
  createDraws,
  llmStep,
  paidStep,
  pipelineOf,
  provenance,
  type Scene,
  stepAccount,
  tokenPrice,
} from './fixture.ts';

const PRICE = tokenPrice('0.075', '0.30', 'genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)');
const MODEL = { model: 'gpt-4o-mini', provider: 'openai' };
const MOST = 6;

const tell: FanOutStep = {
  kind: 'fan_out',
  name: 'tell',
  field: 'rumours',
  childField: 'rumour',
  maxChildren: MOST,
  retry: { maxAttempts: 1, feedback: true, from: null },
};

const plausible: Gate = {
  kind: 'share',
  name: 'more than half could be true',
  expr: 'plausible',
  region: { atLeast: 0.5, atMost: null },
  confidence: 0.95,
};

/** `longer`: lists are longer by as much at every third inn. `belief` moves what is believed. */
export interface Rumours {
  readonly longer?: number;
  readonly belief?: number;
}

/** Fifteen inns, four evenings each. */
export function rumours({ longer = 0, belief = 0 }: Rumours = {}): Scene {
  const draw = createDraws(23);
  const records: UnitRecord[] = [];
  let [made, lost, unborn] = [0, 0, 0];
  for (let evening = 0; evening < 4; evening++) {
    for (let inn = 0; inn < 15; inn++) {
      const item = `inn${String(inn).padStart(2, '0')}`;
      const unit = `${item}__rep${String(evening).padStart(4, '0')}`;
      const place: readonly [string, Value] = ['place', inn % 3 === 0 ? 'harbour' : 'town'];
      const [luck, length] = [draw(), draw()];
      if (luck < 0.04) {
        unborn++;
        const issues = [{ path: '', rule: 'json', message: 'the answer ends inside a string' }];
        const failure = { kind: 'malformed', step: 'gossip', issues, raw: '{"rumours": ["The mil' } as const;
        records.push({ kind: 'failed', unit, item, attempts: 3, fields: new Map([place]), failure });
        continue;
      }
      const count = 1 + Math.floor(length * 5) + (inn % 3 === 0 ? longer : 0);
      for (let index = 0; index < Math.min(MOST, count); index++) {
        const id = `${unit}__fan${String(index).padStart(3, '0')}`;
        // Of its own, so that a longer list moves nobody else.
        const own = createDraws(inn * 1000 + evening * 100 + index * 7 + 1);
        own();
        const chance = own();
        made++;
        if (chance < 0.03) {
          lost++;
          const issues = [{ path: '/plausible', rule: 'type', message: 'expected true or false' }];
          const failure = { kind: 'invalid', step: 'judge', issues, raw: '{"plausible": "maybe"}' } as const;
          records.push({ kind: 'failed', unit: id, item, attempts: 3, fields: new Map([place]), failure });
          continue;
        }
        const fields = new Map<string, Value>([
          place,
          ['plausible', (chance + luck) / 2 < 0.62 + belief],
          ['believers', Math.floor(own() * 9)],
          ['_fan_index', index],
          ['_fan_parent_id', unit],
        ]);
        records.push({ kind: 'valid', unit: id, item, attempts: 1, capped: false, loops: new Map(), fields });
      }
    }
  }
  const evenings = 60;
  const told = evenings - unborn;
  const planned = unborn + made;
  const failed = unborn + lost;
  const tokens = (count: number) => ({ input: count * 140, output: count * 60 });
  return {
    pipeline: pipelineOf({
      name: 'rumour-mill',
      repeat: 4,
      steps: [llmStep('gossip', ['rumours']), tell, llmStep('judge', ['plausible', 'believers'])],
      report: { groupBy: 'place', outcomes: ['plausible'], metrics: ['believers'] },
      gates: [plausible],
    }),
    provider: 'openai',
    simulated: false,
    records,
    accounting: {
      planned,
      sources: evenings,
      valid: planned - failed,
      failed,
      inFlight: 0,
      steps: [
        paidStep(
          {
            step: 'gossip',
            entered: evenings,
            failed: unborn,
            failures: { malformed: unborn },
            retried: unborn,
            requests: evenings + 2 * unborn,
            usage: tokens(evenings + 2 * unborn),
            retryUsage: tokens(2 * unborn),
            ...MODEL,
          },
          PRICE,
        ),
        stepAccount({ step: 'tell', kind: 'fan_out', entered: told, children: made }),
        paidStep(
          {
            step: 'judge',
            entered: made,
            failed: lost,
            failures: { invalid: lost },
            retried: lost,
            requests: made + 2 * lost,
            usage: tokens(made + 2 * lost),
            retryUsage: tokens(2 * lost),
            ...MODEL,
          },
          PRICE,
        ),
      ],
    },
    cap: '1.00',
    provenance: {
      ...provenance,
      path: 'examples/rumour-mill',
      seed: '11',
      provider: 'openai',
      model: 'gpt-4o-mini',
      answers: 'fresh',
      reproduce: 'octobatch run examples/rumour-mill --seed 11',
    },
  };
}

/** The same run while its second batch is out; some evenings are still being written. */
export function underWay(): Scene {
  const scene = rumours();
  const [gossip, , judge] = scene.accounting.steps;
  return {
    ...scene,
    records: [],
    accounting: {
      planned: 22 + 130,
      sources: 60,
      valid: 0,
      failed: 0,
      inFlight: 152,
      steps: [
        { ...gossip!, valid: 38, failed: 0, inFlight: 22, failures: {} },
        stepAccount({ step: 'tell', kind: 'fan_out', entered: 38, children: 130 }),
        { ...judge!, entered: 130, valid: 0, failed: 0, inFlight: 130, failures: {} },
      ],
    },
    pending: {
      batches: [
        {
          ...{ step: 'judge', provider: 'openai', batch: 'batch_67f', requests: 130, state: 'running' },
          ...{ sent: '09:31 UTC', looked: '10:02 UTC' },
        },
      ],
      deadline: null,
      nextLook: null,
      goOn: 'octobatch collect',
      fullQueues: [],
      canceling: false,
    },
  };
}

/** The analysis of a scene. */
export function analysed(scene: Scene): Analysis {
  const analyser = createAnalyser({ ...scene, itemFields: ['place'] });
  for (const record of scene.records) analyser.add(record);
  return analyser.finish(scene.accounting);
}

/** The report of a scene, held against another. */
export function held(scene: Scene, other: Scene | null): Report {
  const own = analysed(scene);
  const base: BaseResult | null =
    other === null
      ? null
      : { name: 'main', reason: null, isSame: false, values: analysed(other).values, overall: null };
  return buildReport({
    pipeline: scene.pipeline,
    analysis: holdAgainst(own, scene.pipeline, base),
    allowance: { cap: null, reserved: null },
    uncovered: null,
    provenance: scene.provenance,
    error: null,
    pending: scene.pending ?? null,
    timing: null,
  });
}

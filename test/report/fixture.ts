// Runs made up for the tests: a walk and a judged dialogue, with draws from a small generator of their own, so that
// nothing here depends on the streams of the product.
import type { Accounting, StepAccount } from '../../src/analysis/accounting.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import { costOf, parseUsd } from '../../src/analysis/money.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { RunError } from '../../src/analysis/verdict.ts';
import type { Value } from '../../src/expression/values.ts';
import type {
  Checks,
  ExpressionStep,
  Gate,
  LlmStep,
  Pipeline,
  TokenPrice,
} from '../../src/pipeline/pipeline.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Pending, Provenance, Report, Timing } from '../../src/report/report.ts';

/** Numbers in [0, 1) from a 32-bit linear congruential generator; for fixtures only. */
export function createDraws(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 4) / 2 ** 28;
  };
}

const NO_CHECKS: Checks = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };
const RETRY = { maxAttempts: 3, feedback: true, from: null };

export function expressionStep(name: string, fields: readonly string[]): ExpressionStep {
  return {
    kind: 'expression',
    name,
    init: [],
    expressions: fields.map((field) => ({ name: field, expr: '0' })),
    loopUntil: null,
    maxIterations: 1000,
    checks: NO_CHECKS,
    retry: RETRY,
  };
}

export function llmStep(name: string, fields: readonly string[], judge = false): LlmStep {
  return {
    kind: 'llm',
    name,
    template: `${name}.jinja2`,
    schema: JSON.stringify({
      type: 'object',
      properties: Object.fromEntries(fields.map((field) => [field, {}])),
    }),
    checks: NO_CHECKS,
    retry: RETRY,
    provider: null,
    model: null,
    mode: null,
    system: null,
    maxTokens: 400,
    maxTokensCeiling: null,
    temperature: null,
    prepare: [],
    simulate: null,
    judge,
  };
}

export function pipelineOf(part: Partial<Pipeline>): Pipeline {
  return {
    form: 'native',
    name: 'drunken-sailor',
    seed: '42',
    rng: 'tychei',
    repeat: 1,
    maxUnits: null,
    strategy: { kind: 'direct', group: 'items' },
    chunkSize: null,
    globals: '{}',
    templates: {},
    steps: [],
    provider: null,
    model: null,
    mode: null,
    providers: {},
    prices: {},
    maxCost: null,
    report: { groupBy: null, outcomes: [], metrics: [] },
    gates: [],
    notRun: [],
    ...part,
  };
}

export function stepAccount(part: Partial<StepAccount> & { step: string; entered: number }): StepAccount {
  const { entered, failed = 0, inFlight = 0 } = part;
  const valid = part.valid ?? entered - failed - inFlight;
  return {
    kind: 'llm',
    valid,
    failed,
    inFlight,
    failures: {},
    retried: 0,
    firstAttemptValid: valid - (part.retried ?? 0),
    requests: 0,
    usage: { input: 0, output: 0 },
    retryUsage: null,
    model: null,
    provider: null,
    mode: part.model === undefined ? null : 'batch',
    paid: false,
    price: null,
    firstCost: 0n,
    retryCost: 0n,
    uncertain: 0n,
    uncertainRequests: 0,
    capped: 0,
    ...part,
  };
}

/** A step that was paid for at a price, its first attempts and retries apart. */
export function paidStep(
  part: Partial<StepAccount> & { step: string; entered: number },
  price: TokenPrice,
): StepAccount {
  const account = stepAccount(part);
  const { usage, retryUsage } = account;
  const retries = costOf(retryUsage ?? { input: 0, output: 0 }, price) ?? 0n;
  const first = (costOf(usage, price) ?? 0n) - retries;
  return { ...account, paid: true, price, firstCost: first, retryCost: retries };
}

export function tokenPrice(input: string, output: string, source: string): TokenPrice {
  return { input, output, cachedInput: null, above: null, source };
}

export const provenance: Provenance = {
  path: 'examples/drunken-sailor',
  seed: '42',
  streamVersion: 'v1',
  engineVersion: '0.1.0',
  contentKey: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
  runId: 'b5bb9d8014a0-1',
  provider: 'simulated',
  model: null,
  answers: 'simulated',
  replays: null,
  reproduce: 'octobatch run examples/drunken-sailor --seed 42',
};

export interface Scene {
  readonly pipeline: Pipeline;
  readonly provider: string;
  readonly simulated: boolean;
  readonly records: readonly UnitRecord[];
  readonly accounting: Accounting;
  readonly provenance: Provenance;
  readonly error?: RunError;
  readonly pending?: Pending;
  readonly timing?: Timing;
  readonly uncovered?: number;
  /** US dollars. */
  readonly cap?: string;
  readonly reserved?: string;
}

/** The report of a made-up run. */
export function reportOf(scene: Scene): Report {
  const analyser = createAnalyser({ ...scene, itemFields: ['scenario_name', 'start_position', 'npc'] });
  for (const record of scene.records) analyser.add(record);
  return buildReport({
    pipeline: scene.pipeline,
    analysis: analyser.finish(scene.accounting),
    allowance: {
      cap: scene.cap === undefined ? null : parseUsd(scene.cap),
      reserved: scene.reserved === undefined ? null : parseUsd(scene.reserved),
    },
    uncovered: scene.uncovered ?? null,
    provenance: scene.provenance,
    error: scene.error ?? null,
    pending: scene.pending ?? null,
    timing: scene.timing ?? null,
  });
}

const LISTED = tokenPrice('0.075', '0.30', 'genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)');
const OWN = tokenPrice('0.0375', '0.15', 'pipeline');

/** Walks from 5 until 0 or 10, as the drunken sailor does: half reach the ship, after 25 steps on average. */
export function sailor(options: { gates?: readonly Gate[]; units?: number; simulated?: boolean }): Scene {
  const { gates = [], units = 1000, simulated = true } = options;
  const draw = createDraws(9);
  const records = Array.from({ length: units }, (_, i): UnitRecord => {
    let position = 5;
    let steps = 0;
    for (; position > 0 && position < 10; steps++) position += draw() < 0.5 ? -1 : 1;
    const fields = new Map<string, Value>([
      ['scenario_name', 'Pier'],
      ['start_position', 5],
      ['position', position],
      ['steps_taken', steps],
      ['final_position', position],
      ['outcome', position <= 0 ? 'fell_in_water' : 'reached_ship'],
    ]);
    const unit = `pier__rep${String(i).padStart(4, '0')}`;
    return {
      kind: 'valid',
      unit,
      item: 'pier',
      attempts: i % 50 === 0 ? 2 : 1,
      capped: false,
      loops: new Map(),
      fields,
    };
  });
  const retried = Math.ceil(units / 50);
  const model = simulated ? 'simulated' : 'gpt-4o-mini';
  const provider = simulated ? 'simulated' : 'openai';
  const analyze = {
    step: 'analyze',
    entered: units,
    retried,
    requests: units + retried,
    usage: { input: (units + retried) * 122, output: (units + retried) * 18 },
    retryUsage: { input: retried * 122, output: retried * 18 },
    model,
    provider,
  };
  return {
    pipeline: pipelineOf({
      repeat: units,
      steps: [
        expressionStep('walk', ['position', 'steps_taken']),
        llmStep('analyze', ['final_position', 'outcome']),
      ],
      report: { groupBy: null, outcomes: ['outcome'], metrics: ['steps_taken'] },
      gates,
    }),
    provider,
    simulated,
    records,
    accounting: {
      planned: units,
      valid: units,
      failed: 0,
      inFlight: 0,
      steps: [
        stepAccount({ step: 'walk', kind: 'expression', entered: units }),
        simulated ? stepAccount(analyze) : paidStep(analyze, LISTED),
      ],
    },
    ...(simulated ? {} : { cap: '1.00' }),
    provenance: simulated ? provenance : { ...provenance, provider, model, answers: 'fresh' },
  };
}

export const shipGate: Gate = {
  kind: 'share',
  name: 'the ship is reached about half the time',
  expr: "outcome == 'reached_ship'",
  region: { atLeast: 0.45, atMost: 0.55 },
  confidence: 0.95,
};

export const validGate: Gate = {
  kind: 'valid_share',
  name: 'valid units',
  region: { atLeast: 0.95, atMost: null },
  confidence: 0.95,
};

/** Four characters, fifty dialogues each; a judge rejects some and a few answers never come to anything. */
export function dialogue(): Scene {
  const draw = createDraws(11);
  const tones = ['gruff', 'gentle', 'sly'];
  const records: UnitRecord[] = [];
  const lost = { malformed: 0, missing: 0, invalid: 0 };
  for (let rep = 0; rep < 50; rep++) {
    for (const [i, npc] of ['smith', 'innkeeper', 'guard', 'witch'].entries()) {
      const unit = `${npc}__rep${String(rep).padStart(4, '0')}`;
      const luck = draw();
      const base = new Map<string, Value>([['npc', npc]]);
      if (luck < 0.04) {
        const kind = luck < 0.03 ? 'malformed' : 'missing';
        lost[kind]++;
        const raw =
          kind === 'malformed'
            ? 'Sure! Here is the dialogue:\n```json\n{"line": "Well met, | stranger'
            : null;
        const message =
          kind === 'missing'
            ? 'the provider gave no row for this request'
            : 'the answer ends inside a string';
        const issues = [{ path: '', rule: 'json', message }];
        records.push({
          kind: 'failed',
          unit,
          item: npc,
          attempts: 3,
          fields: base,
          failure: { kind, step: 'generate', issues, raw },
        });
      } else if (luck < 0.09 + i * 0.04) {
        lost.invalid++;
        const score = 1 + Math.floor(draw() * 2);
        records.push({
          kind: 'failed',
          unit,
          item: npc,
          attempts: 3,
          fields: new Map<string, Value>([...base, ['line', 'Halt!'], ['tone', 'sly']]),
          failure: {
            kind: 'invalid',
            step: 'score',
            issues: [
              {
                path: '/score',
                rule: 'consistent',
                message: `score ${score} is below 3: <b>not</b> in character @octocat`,
              },
            ],
            raw: `{"score": ${score}, "why": "breaks character, see www.example.com"}`,
          },
        });
      } else {
        const fields = new Map<string, Value>([
          ...base,
          ['line', `line ${rep} of ${npc}`],
          ['tone', tones[Math.floor(draw() * (i === 3 ? 1.5 : 3))] ?? 'sly'],
          ['score', 3 + Math.floor(draw() * 3)],
          ['passed', true],
        ]);
        records.push({
          kind: 'valid',
          unit,
          item: npc,
          attempts: luck > 0.9 ? 2 : 1,
          capped: false,
          loops: new Map(),
          fields,
        });
      }
    }
  }
  const first = lost.malformed + lost.missing;
  const failed = first + lost.invalid;
  const model = 'gemini-2.0-flash-lite';
  return {
    pipeline: pipelineOf({
      name: 'npc-dialogue',
      repeat: 50,
      steps: [llmStep('generate', ['line', 'tone']), llmStep('score', ['score', 'passed'], true)],
      report: { groupBy: 'npc', outcomes: [], metrics: [] },
      gates: [
        { ...validGate, name: 'dialogues in character', region: { atLeast: 0.95, atMost: null } },
        {
          kind: 'mean',
          name: 'mean score',
          expr: 'score',
          region: { atLeast: 3.5, atMost: null },
          confidence: 0.95,
        },
        {
          kind: 'share',
          name: 'sly tone',
          expr: "tone == 'sly'",
          region: { atLeast: null, atMost: 0.6 },
          confidence: 0.95,
        },
        { kind: 'cost', name: 'cost', region: { atLeast: null, atMost: 0.25 } },
      ],
      notRun: [{ name: 'scripts/tidy.py', reason: 'post-processing scripts are not run by this version' }],
    }),
    provider: 'gemini',
    simulated: false,
    records,
    accounting: {
      planned: 200,
      valid: 200 - failed,
      failed,
      inFlight: 0,
      steps: [
        paidStep(
          {
            step: 'generate',
            entered: 200,
            failed: first,
            failures: { malformed: lost.malformed, missing: lost.missing },
            retried: 19,
            requests: 232,
            usage: { input: 98_400, output: 31_200 },
            retryUsage: { input: 13_600, output: 4_300 },
            model,
            provider: 'gemini',
          },
          OWN,
        ),
        paidStep(
          {
            step: 'score',
            entered: 200 - first,
            failed: lost.invalid,
            failures: { invalid: lost.invalid },
            requests: 215,
            usage: { input: 120_100, output: 9_800 },
            retryUsage: { input: 0, output: 0 },
            model,
            provider: 'gemini',
          },
          OWN,
        ),
      ],
    },
    cap: '0.25',
    provenance: {
      ...provenance,
      path: 'examples/npc-dialogue',
      provider: 'gemini',
      model,
      answers: 'fresh',
      reproduce: 'octobatch run examples/npc-dialogue --seed 42',
    },
    timing: { started: '2026-11-22 10:02 UTC', finished: '2026-11-22 10:09 UTC', elapsedMs: 402_300 },
  };
}

/** The dialogue while two of three batches of its first step are out. */
export function waiting(): Scene {
  const whole = dialogue();
  return {
    ...whole,
    records: [],
    accounting: {
      planned: 200,
      valid: 0,
      failed: 0,
      inFlight: 200,
      steps: [
        paidStep(
          {
            step: 'generate',
            entered: 200,
            valid: 64,
            inFlight: 136,
            retried: 5,
            requests: 70,
            usage: { input: 29_700, output: 9_200 },
            model: 'gemini-2.0-flash-lite',
            provider: 'gemini',
          },
          OWN,
        ),
        stepAccount({ step: 'score', entered: 64, inFlight: 64 }),
      ],
    },
    pending: {
      batches: [
        {
          step: 'generate',
          provider: 'gemini',
          batch: 'b-01',
          requests: 70,
          state: 'back',
          sent: '09:31',
          looked: '09:42',
        },
        {
          step: 'generate',
          provider: 'gemini',
          batch: 'b-02',
          requests: 70,
          state: 'running',
          sent: '09:31',
          looked: '10:01',
        },
        {
          step: 'generate',
          provider: 'gemini',
          batch: 'b-03',
          requests: 60,
          state: 'unsure',
          sent: null,
          looked: null,
        },
      ],
      deadline: '2026-11-23 09:31 UTC',
      nextLook: '10:16 UTC',
      goOn: 'octobatch collect examples/npc-dialogue',
      fullQueues: [],
      canceling: false,
    },
    reserved: '0.09',
  };
}

/** Two requests of the dialogue never got an answer, though they may have been paid for; some calls were single ones. */
export function unanswered(): Scene {
  const whole = dialogue();
  const [generate, score] = whole.accounting.steps;
  const steps = [
    { ...generate!, uncertain: 1_930_000_000n, uncertainRequests: 3 },
    { ...score!, mode: 'realtime' as const, price: LISTED, model: 'gpt-4o-mini', provider: 'openai' },
  ];
  return {
    ...whole,
    accounting: { ...whole.accounting, steps },
    provenance: { ...whole.provenance, provider: null, model: null },
  };
}

/** The dialogue with a model for which no price is known. */
export function unpriced(): Scene {
  const whole = dialogue();
  const [generate, score] = whole.accounting.steps;
  const steps = [
    generate!,
    {
      ...score!,
      provider: 'mistral',
      model: 'mistral-tiny',
      price: null,
      firstCost: null,
      retryCost: null,
      uncertainRequests: 1,
    },
  ];
  const { cap: _, ...rest } = whole;
  return { ...rest, accounting: { ...whole.accounting, steps } };
}

/** The dialogue paused in its second step: nothing is under way, and units wait. */
export function paused(error: RunError): Scene {
  const whole = dialogue();
  const [generate] = whole.accounting.steps;
  const through = generate!.valid;
  const score = paidStep(
    {
      step: 'score',
      entered: through,
      valid: 80,
      inFlight: through - 80,
      requests: 80,
      usage: { input: 44_700, output: 3_650 },
      model: 'gemini-2.0-flash-lite',
      provider: 'gemini',
    },
    OWN,
  );
  return {
    ...whole,
    records: whole.records.filter((record) => record.kind === 'failed' && record.failure.step === 'generate'),
    accounting: {
      planned: 200,
      valid: 80,
      failed: generate!.failed,
      inFlight: through - 80,
      steps: [generate!, score],
    },
    pending: { ...waiting().pending!, batches: [], deadline: null, nextLook: null },
    reserved: '0',
    error,
  };
}

/** The dialogue after a person canceled it: what was answered by then is kept. */
export function canceled(): Scene {
  const half = paused({ kind: 'canceled' });
  const [generate, score] = half.accounting.steps;
  const lost = score!.inFlight;
  const { pending: _pending, reserved: _reserved, ...rest } = half;
  return {
    ...rest,
    accounting: {
      planned: 200,
      valid: 80,
      failed: generate!.failed + lost,
      inFlight: 0,
      steps: [generate!, { ...score!, failed: lost, inFlight: 0, failures: { canceled: lost } }],
    },
  };
}

/** The sailor again on the answers of a recorded run, which has none for a few of the requests. */
export function replayed(): Scene {
  const whole = sailor({ simulated: true, gates: [shipGate] });
  const [walk, analyze] = whole.accounting.steps;
  const lost = 3;
  return {
    ...whole,
    provider: 'replay',
    simulated: false,
    records: whole.records.slice(lost),
    accounting: {
      ...whole.accounting,
      valid: whole.accounting.valid - lost,
      failed: lost,
      steps: [
        walk!,
        {
          ...analyze!,
          provider: 'replay',
          model: 'recorded',
          valid: analyze!.valid - lost,
          failed: lost,
          failures: { rejected: lost },
        },
      ],
    },
    provenance: {
      ...provenance,
      provider: 'replay',
      answers: 'replayed',
      replays: 'drunken-sailor-b5bb9d8014',
    },
    uncovered: lost,
  };
}

// Pull requests as they are in real work, made up for the comment tests: a dialogue whose prompt changes, hands of blackjack
// under strategies, a walk. A base is what main kept of its result and what a later run reads back of it.
import { holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { askedOf } from '../../src/analysis/gate-asked.ts';
import type { Look } from '../../src/analysis/look.ts';
import { parseUsd } from '../../src/analysis/money.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { sidesOf } from '../../src/engine/perform-analyse.ts';
import type { Value } from '../../src/expression/values.ts';
import type { Gate, Pipeline } from '../../src/pipeline/pipeline.ts';
import { buildReport } from '../../src/report/build.ts';
import { claimsOf } from '../../src/report/claims.ts';
import type { CommentInput } from '../../src/report/comment.ts';
import { resultLine } from '../../src/report/history.ts';
import {
  baseOf,
  baseResultOf,
  type Compared,
  parseKeptResult,
  writeKeptResult,
} from '../../src/report/kept-result.ts';
import type { Report } from '../../src/report/report.ts';
import type { Stopping } from '../../src/report/stopped.ts';
import { BASE, inputOf, surroundings } from './comment-scene.ts';
import {
  createDraws,
  expressionStep,
  llmStep,
  paidStep,
  pipelineOf,
  provenance,
  stepAccount,
  tokenPrice,
} from './fixture.ts';

/** What became of one unit: its fields, or at which step it failed and why; it then has the fields of before. */
interface Case {
  readonly item: string;
  readonly repetition: number;
  readonly fields: Readonly<Record<string, Value>>;
  readonly lost?: { readonly step: string; readonly reason: string };
}

/** A made-up run. `tokens`: of one request, in and out. */
export interface Made {
  readonly pipeline: Pipeline;
  readonly cases: readonly Case[];
  readonly tokens: readonly [number, number];
  readonly cap?: string;
  readonly look?: Look;
  readonly stopping?: Stopping;
}

const PRICE = tokenPrice('0.0375', '0.15', 'genai-prices 0.1.8 (2026-09-23), batch × 0.5 (2026-11-22)');

function recordOf({ item, repetition, fields, lost }: Case): UnitRecord {
  const unit = `${item}__rep${String(repetition).padStart(4, '0')}`;
  const about = { unit, item, attempts: 1, fields: new Map(Object.entries(fields)) };
  if (lost === undefined) return { kind: 'valid', ...about, capped: false, loops: new Map() };
  const issues = [{ path: '', rule: 'check', message: lost.reason }];
  return { kind: 'failed', ...about, failure: { kind: 'invalid', step: lost.step, issues, raw: null } };
}

function analysisOf({ pipeline, cases, tokens, look }: Made): Analysis {
  const analyser = createAnalyser({
    pipeline,
    provider: 'gemini',
    simulated: false,
    itemFields: ['npc', 'strategy'],
    look: look ?? null,
  });
  for (const one of cases) analyser.add(recordOf(one));
  let entered = cases.length;
  const steps = pipeline.steps.map((step) => {
    const failed = cases.filter(({ lost }) => lost?.step === step.name).length;
    const account = { step: step.name, entered, failed, failures: failed === 0 ? {} : { invalid: failed } };
    const [input, output] = tokens;
    const usage = { input: input * entered, output: output * entered };
    const asked = { requests: entered, usage, model: MODEL, provider: 'gemini' };
    entered -= failed;
    return step.kind === 'expression'
      ? stepAccount({ ...account, kind: 'expression' })
      : paidStep({ ...account, ...asked }, PRICE);
  });
  return analyser.finish({
    planned: cases.length,
    valid: entered,
    failed: cases.length - entered,
    inFlight: 0,
    steps,
  });
}

function heldAgainstItself({ pipeline }: Made, analysis: Analysis): Analysis {
  const { values, overall } = analysis;
  const before = { name: 'main', reason: null, isSame: false, values, overall, sides: sidesOf(analysis) };
  return holdAgainst(analysis, pipeline, before);
}

const MODEL = 'gemini-2.0-flash-lite';

function reportOf(made: Made, analysis: Analysis): Report {
  const { pipeline, stopping } = made;
  const path = `pipelines/${pipeline.name}`;
  return buildReport({
    pipeline,
    analysis,
    allowance: { cap: parseUsd(made.cap ?? '1.00'), reserved: null },
    uncovered: null,
    provenance: {
      ...provenance,
      path,
      provider: 'gemini',
      model: MODEL,
      answers: 'fresh',
      reproduce: `npx --package=github:o/octobatch-action#v1 octobatch run ${path}`,
    },
    error: null,
    pending: null,
    timing: { started: null, finished: '2026-11-22 10:09 UTC', elapsedMs: 402_300 },
    stopping: stopping ?? null,
  });
}

function comparedOf({ pipeline, cases }: Made, analysis: Analysis, model: string): Compared {
  const items = 'ab'.repeat(32);
  return {
    terms: {
      seed: '42',
      streams: '1',
      items,
      units: cases.length,
      models: [`gemini/${model}`],
      chosen: false,
    },
    claims: claimsOf(pipeline),
    gates: askedOf(pipeline),
    values: analysis.values,
    sides: sidesOf(analysis),
  };
}

/**
 * The comment on a pull request: its run, and main's, kept and read back. `main` null: there is no result yet; `model`: by
 * which main's answers came.
 */
export function commentOf(
  made: Made,
  main: Made | null,
  { model = MODEL, ...part }: { readonly model?: string } & Partial<CommentInput> = {},
): CommentInput {
  const analysis = analysisOf(made);
  if (main === null) return inputOf(reportOf(made, holdAgainst(analysis, made.pipeline, null)), part);
  // Main's last push changed nothing, so that its own gates on changes hold.
  const there = heldAgainstItself(main, analysisOf(main));
  const mainReport = reportOf(main, there);
  const kept = writeKeptResult(
    { ...mainReport, provenance: { ...mainReport.provenance, runId: 'b5bb9d8014a0-0' } },
    resultLine(mainReport, BASE),
    comparedOf(main, there, model),
    { at: 1, asked: 1 },
  );
  const read = parseKeptResult(kept, provenance.engineVersion)!;
  const now = comparedOf(made, analysis, MODEL);
  const run = provenance.runId;
  const report = reportOf(made, holdAgainst(analysis, made.pipeline, baseResultOf('main', read, run, now)));
  return inputOf(report, {
    surroundings: { ...surroundings, base: baseOf('main', read, run, now) },
    ...part,
  });
}

/** How a prompt does: what part of the answers another wording changes, and how often they are in character. */
interface Prompt {
  readonly redrawn: number;
  readonly inCharacter: number;
  readonly words?: number;
}

const NPCS = ['smith', 'innkeeper', 'guard', 'witch'];

/** Forty names, for a pipeline with as many groups. */
export const FORTY = Array.from({ length: 40 }, (_, i) => `villager_${String(i + 1).padStart(2, '0')}`);

/** A dialogue of each character, repetition by repetition, judged on whether it stays in character. */
export function dialogues(
  { redrawn, inCharacter, words = 31 }: Prompt,
  { npcs = NPCS, repeat, gates = [] }: { npcs?: readonly string[]; repeat: number; gates?: readonly Gate[] },
): Made {
  const [draw, again] = [createDraws(11), createDraws(23)];
  const tones = ['gruff', 'gentle', 'sly'];
  const cases = Array.from({ length: repeat }).flatMap((_, repetition) =>
    npcs.map((npc): Case => {
      const first = [draw(), draw(), draw()];
      const second = [again(), again(), again()];
      const [kept, tone, length] = again() < redrawn ? second : first;
      return {
        item: npc,
        repetition,
        fields: {
          npc,
          tone: tones[Math.floor(tone! * 3)]!,
          words: Math.round(words + (length! - 0.5) * 24),
          in_character: kept! < inCharacter,
        },
      };
    }),
  );
  return {
    pipeline: pipelineOf({
      name: 'npc-dialogue',
      repeat,
      steps: [llmStep('generate', ['tone', 'words']), llmStep('judge', ['in_character'], true)],
      report: { groupBy: 'npc', outcomes: ['in_character', 'tone'], metrics: ['words'] },
      gates,
    }),
    cases,
    tokens: [420, 90],
  };
}

export const STRATEGIES = ['the_pro', 'the_gambler', 'the_coward'];

/** Where hands are won below, and pushed up to. */
const CHANCES: Readonly<Record<string, readonly [number, number]>> = {
  the_pro: [0.44, 0.52],
  the_gambler: [0.3, 0.36],
  the_coward: [0.39, 0.44],
};

/** Hands that three strategies play of the same shoe. `rejected`: how many of the gambler's the check throws out. */
export function hands({
  repeat,
  rejected = 0.03,
  redrawn = 0,
  gates = [],
  strategies = STRATEGIES,
  part = {},
}: {
  readonly repeat: number;
  readonly rejected?: number;
  readonly redrawn?: number;
  readonly gates?: readonly Gate[];
  readonly strategies?: readonly string[];
  readonly part?: Partial<Pipeline>;
}): Made {
  const [shoe, play, check] = [createDraws(7), createDraws(19), createDraws(31)];
  const cases = Array.from({ length: repeat }).flatMap((_, repetition) => {
    const dealt = shoe();
    const hard = shoe();
    return strategies.map((strategy): Case => {
      const [again, luck, doubt, other] = [play(), play(), check(), play()];
      const chance = again < 0.25 ? luck : again < 0.25 + redrawn ? other : dealt;
      const [win, push] = CHANCES[strategy]!;
      const outcome = chance < win ? 'win' : chance < push ? 'push' : 'lose';
      const net = outcome === 'win' ? 1 : outcome === 'push' ? 0 : -1;
      const difficulty = hard < 0.58 ? 'easy' : hard < 0.87 ? 'medium' : 'hard';
      const about = { item: strategy, repetition };
      const limit = strategy === 'the_gambler' ? rejected * 2.4 : rejected / 8;
      if (doubt < limit) {
        const reason = 'first action `stand`, expected `hit` (total 17, dealer 9)';
        return { ...about, fields: { strategy }, lost: { step: 'verify_strategy', reason } };
      }
      if (doubt > 0.97)
        return {
          ...about,
          fields: { strategy },
          lost: { step: 'verify_hand', reason: 'dealer total 22 reported as 21' },
        };
      return { ...about, fields: { strategy, outcome, net, difficulty } };
    });
  });
  return {
    pipeline: pipelineOf({
      name: 'blackjack',
      repeat,
      steps: [
        expressionStep('deal_cards', []),
        llmStep('play_hand', ['outcome', 'net', 'difficulty']),
        expressionStep('verify_hand', []),
        expressionStep('verify_strategy', []),
      ],
      report: { groupBy: 'strategy', outcomes: ['outcome', 'difficulty'], metrics: ['net'] },
      gates,
      ...part,
    }),
    cases,
    tokens: [900, 260],
  };
}

/** Walks of so many steps; nothing else is known of them, and nothing is paid. */
export function walks(repeat: number, longer: number, gates: readonly Gate[]): Made {
  const [draw, again] = [createDraws(5), createDraws(17)];
  const cases = Array.from({ length: repeat }, (_, repetition): Case => {
    const steps = 4 + Math.floor(-Math.log(1 - draw()) * 18);
    const moved = again() < longer ? Math.floor(again() * 6) : 0;
    return { item: 'pier', repetition, fields: { steps: steps + moved } };
  });
  return {
    pipeline: pipelineOf({
      name: 'drunken-sailor',
      repeat,
      steps: [llmStep('walk', ['steps'])],
      report: { groupBy: null, outcomes: [], metrics: ['steps'] },
      gates,
    }),
    cases,
    tokens: [120, 20],
  };
}

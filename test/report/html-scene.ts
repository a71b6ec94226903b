// A made-up run held against another, with all that its page is made of: what each unit came to on both sides, and the
// units to list with what was asked and answered.
import { type BaseResult, holdAgainst } from '../../src/analysis/against.ts';
import { createAnalyser } from '../../src/analysis/analyser.ts';
import type { Analysis } from '../../src/analysis/analysis.ts';
import { parseUsd } from '../../src/analysis/money.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { unitDifferences } from '../../src/analysis/unit-differences.ts';
import { buildReport } from '../../src/report/build.ts';
import type { PageExtras } from '../../src/report/html.ts';
import { type Attempt, collectUnits, type ListedUnit } from '../../src/report/html-unit-list.ts';
import type { Report } from '../../src/report/report.ts';
import { createDraws, dialogue, type Scene, sailor, shipGate, validGate } from './fixture.ts';

/** A report with what its page needs beside it. */
export interface Page {
  readonly report: Report;
  readonly units: readonly ListedUnit[];
  readonly extras: PageExtras;
}

/** The units of a run as its page lists them; with `told` the first ones in full. */
export function listOf(
  records: Iterable<UnitRecord>,
  differences: ReturnType<typeof unitDifferences> = new Map(),
  told = 0,
): readonly ListedUnit[] {
  const collector = collectUnits();
  let place = 0;
  for (const record of records) {
    const there = (differences.get(place) ?? []).map(({ base, head, ...rest }) => ({
      ...rest,
      base: base ?? 'no value',
      head: head ?? 'no value',
    }));
    collector.add(record, there, place < told ? attemptsOf(record) : null);
    place++;
  }
  return collector.list();
}

/** What a model could have been asked and said. */
function attemptsOf(record: UnitRecord): readonly Attempt[] {
  const step = record.kind === 'failed' ? record.failure.step : 'score';
  const answer = record.kind === 'failed' ? record.failure.raw : '{"score": 4, "why": "stays gruff"}';
  const refused = record.kind === 'failed' ? record.failure.issues : [];
  return Array.from({ length: record.attempts }, (_, i): Attempt => {
    const isLast = i === record.attempts - 1;
    const errors = isLast ? refused : [{ path: '/score', message: 'must be a number, is "four"' }];
    return {
      step,
      attempt: i + 1,
      system: 'You judge whether a line of dialogue is in character. Answer in JSON.',
      prompt: `The character: ${record.item}\nThe line:\n  "Halt, <stranger>!"${i === 0 ? '' : '\n\nYour last answer to this was not accepted.'}`,
      answer: isLast ? answer : '{"score": "four"}',
      issues: errors,
    };
  });
}

function analysisOf(scene: Scene): Analysis {
  const analyser = createAnalyser({ ...scene, itemFields: ['scenario_name', 'start_position', 'npc'] });
  for (const record of scene.records) analyser.add(record);
  return analyser.finish(scene.accounting);
}

function builtFrom(scene: Scene, analysis: Analysis): Report {
  return buildReport({
    pipeline: scene.pipeline,
    analysis,
    allowance: { cap: scene.cap === undefined ? null : parseUsd(scene.cap), reserved: null },
    uncovered: null,
    provenance: scene.provenance,
    error: scene.error ?? null,
    pending: scene.pending ?? null,
    timing: scene.timing ?? null,
  });
}

/** A run held against another of the same units. */
export function comparedPage(scene: Scene, base: Scene, name = 'main'): Page {
  const [before, plain] = [analysisOf(base), analysisOf(scene)];
  const other: BaseResult = {
    name,
    reason: null,
    isSame: false,
    values: before.values,
    overall: before.overall,
  };
  const analysis = holdAgainst(plain, scene.pipeline, other);
  const extras: PageExtras = {
    values: analysis.values,
    base: { values: before.values, report: builtFrom(base, before) },
  };
  const differences = unitDifferences(before.values!, plain.values!, 1000);
  return { report: builtFrom(scene, analysis), units: listOf(scene.records, differences, 60), extras };
}

/** The dialogue judged otherwise: scores and tones of some units differ, and others fail. */
export function dialogueBefore(): Scene {
  const whole = dialogue();
  const draw = createDraws(5);
  const records = whole.records.map((record): UnitRecord => {
    const luck = draw();
    if (record.kind === 'failed' || luck > 0.3) return record;
    const score = Math.max(3, Number(record.fields.get('score')) - (luck < 0.2 ? 1 : -1));
    const tone = luck < 0.15 ? 'gruff' : record.fields.get('tone')!;
    return { ...record, fields: new Map([...record.fields, ['score', score], ['tone', tone]]) };
  });
  const [generate, score] = whole.accounting.steps;
  const better = { ...generate!, valid: generate!.valid + 4, failed: generate!.failed - 4 };
  return {
    ...whole,
    records,
    accounting: { ...whole.accounting, steps: [better, { ...score!, valid: score!.valid + 9 }] },
  };
}

/** The sailor on a shorter pier: fewer steps, the same ends but for some units. */
export function sailorBefore(): Scene {
  const whole = sailor({ simulated: false, gates: [shipGate, validGate] });
  const draw = createDraws(3);
  const records = whole.records.map((record): UnitRecord => {
    const luck = draw();
    const steps = Math.max(3, Number(record.fields.get('steps_taken')) - Math.floor(luck * 9));
    const ship = record.fields.get('outcome') === 'reached_ship';
    const outcome = ship === luck > 0.06 ? 'reached_ship' : 'fell_in_water';
    return { ...record, fields: new Map([...record.fields, ['steps_taken', steps], ['outcome', outcome]]) };
  });
  return { ...whole, records };
}

/** The sailor held against the one before, with gates on changes. */
export function sailorCompared(): Page {
  const now = sailor({
    simulated: false,
    gates: [
      shipGate,
      validGate,
      {
        kind: 'share_change',
        name: 'no real drop',
        expr: "outcome == 'reached_ship'",
        region: { atLeast: -0.02, atMost: null },
        confidence: 0.95,
      },
      {
        kind: 'mean_change',
        name: 'about as long',
        expr: 'steps_taken',
        region: { atLeast: -1, atMost: 1 },
        confidence: 0.95,
      },
    ],
  });
  const before = sailorBefore();
  return comparedPage(now, { ...before, pipeline: now.pipeline });
}

/** The dialogue held against the one before. */
export function dialogueCompared(): Page {
  return comparedPage(dialogue(), dialogueBefore());
}

// Everything a local runner can do, in one place: a job is a kind of work and what is the same for all units of a
// chunk, as text; compiled, it is a function from a unit to its outcome. It knows no threads.
import { parsePlainJson } from '../expression/plain-json.ts';
import type { ExpressionStep } from '../pipeline/pipeline.ts';
import {
  type CheckFields,
  compileLocalSteps,
  type LocalOutcome,
  type LocalUnit,
  type LocalWork,
} from '../simulation/local-chunk.ts';
import { planDescribed } from '../simulation/unit-source.ts';
import { compileValidator } from '../validation/validator.ts';
import { type AnsweredUnit, type AnswerOutcome, type AnswerWork, compileAnswers } from './answer-chunk.ts';
import {
  LineGatherer,
  type NumberedUnit,
  type OutcomeLines,
  type OutcomeUnit,
  type OutcomeWork,
} from './outcome-chunk.ts';
import { compilePrompts, type PromptOutcome, type PromptWork } from './prompt-chunk.ts';

/** Work for many units. */
export type LocalJob =
  | { readonly kind: 'compute'; readonly work: LocalWork }
  | { readonly kind: 'compute_lines'; readonly work: OutcomeWork }
  | { readonly kind: 'render'; readonly work: PromptWork }
  | { readonly kind: 'check'; readonly work: AnswerWork };

/** A job with the types of its units and their outcomes; as a value it is the job's JSON text. */
export interface JobText<Unit, Outcome> {
  readonly text: string;
  /** Never there: it only carries the types. */
  readonly run?: (unit: Unit) => Outcome;
}

/** Expression steps as a job. */
export function computeJob(work: LocalWork): JobText<LocalUnit, LocalOutcome> {
  return writeJob({ kind: 'compute', work });
}

/** The prompts of a step as a job. */
export function renderJob(work: PromptWork): JobText<LocalUnit, PromptOutcome> {
  return writeJob({ kind: 'render', work });
}

/** The check of a step's answers as a job. */
export function checkJob(work: AnswerWork): JobText<AnsweredUnit, AnswerOutcome> {
  return writeJob({ kind: 'check', work });
}

// A pipeline came out of JSON text when its snapshot was read, so nothing is lost by writing it again.
function writeJob(job: LocalJob): { readonly text: string } {
  return { text: JSON.stringify(job) };
}

/** A compiled job. Which units it takes and gives is known to whoever wrote the job. */
export type RunUnit = (unit: never) => unknown;

/** Texts of jobs that give lines, each written once: what units are made of may be long. */
export class KnownJobs {
  private readonly texts = new WeakMap<OutcomeWork, string>();

  textOf(work: OutcomeWork): string {
    let text = this.texts.get(work);
    if (text === undefined) this.texts.set(work, (text = writeJob({ kind: 'compute_lines', work }).text));
    return text;
  }
}

// A run has few steps; more than a handful at a time are never under way.
const KEPT_JOBS = 8;

/** A job that can be run. */
export interface CompiledJob {
  /** Whether units come out as `lines`, not one by one. */
  readonly givesLines: boolean;
  readonly run: RunUnit;
  /** Runs units of a `compute_lines` job; `at` hears at which of them it is, from 0. */
  readonly lines: (units: readonly OutcomeUnit[], at?: (index: number) => void) => OutcomeLines;
}

/** Compiles jobs, keeping the last few: a step's units come in many chunks. Throws what the job's kind throws. */
export function createJobCompiler(): (text: string) => CompiledJob {
  const kept = new Map<string, CompiledJob>();
  return (text) => {
    const run = kept.get(text) ?? compile(parsePlainJson(text) as LocalJob);
    kept.delete(text);
    kept.set(text, run);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_JOBS) break;
      kept.delete(oldest);
    }
    return run;
  };
}

function compile(job: LocalJob): CompiledJob {
  const run = compileJob(job);
  const numbered = job.kind === 'compute_lines' ? unitReader(job.work) : null;
  return {
    givesLines: numbered !== null,
    run,
    lines(units, at = () => {}) {
      if (job.kind !== 'compute_lines' || numbered === null)
        throw new Error(`a job of the kind ${job.kind} gives no lines`);
      const runUnit = run as (unit: NumberedUnit) => LocalOutcome;
      const gatherer = new LineGatherer(job.work);
      units.forEach((one, index) => {
        at(index);
        const unit = numbered(one);
        gatherer.add(unit, runUnit(unit));
      });
      return gatherer.gathered();
    },
  };
}

/** Reads units of a kind of work: those that come as numbers are planned from its source. */
export function unitReader({ source }: OutcomeWork): (unit: OutcomeUnit) => NumberedUnit {
  const table = source === null ? null : planDescribed(source);
  return (unit) => {
    if (typeof unit !== 'number') return unit;
    if (table === null)
      throw new Error(`unit ${unit} comes as a number, and nothing says what it is made of`);
    return { unit, id: table.unit(unit).id, fields: table.text(unit) };
  };
}

function compileJob(job: LocalJob): RunUnit {
  switch (job.kind) {
    case 'compute':
    case 'compute_lines':
      return compileLocalSteps(job.work, checkerOf);
    case 'render':
      return compilePrompts(job.work);
    case 'check':
      return compileAnswers(job.work);
    default:
      return job satisfies never;
  }
}

function checkerOf(step: ExpressionStep): CheckFields | null {
  const { required, types, enums, ranges, rules } = step.checks;
  const tables = [types, enums, ranges].flatMap((table) => Object.keys(table));
  if (required.length + rules.length + tables.length === 0) return null;
  const validator = compileValidator({ step: step.name, schema: null, checks: step.checks });
  return (values, fields, evaluation) => {
    const checked = validator.checkFields(values, fields, evaluation);
    return checked.kind === 'valid'
      ? { errors: [], warnings: checked.warnings }
      : { errors: checked.failure.issues, warnings: [] };
  };
}

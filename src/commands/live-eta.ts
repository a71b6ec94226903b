// How long a run may still take, from what was seen of it so far. Where that says too little there is no answer: a guess
// at how long a provider takes would be told as if somebody knew.
import { formatCount } from '../analysis/numbers.ts';
import type { RunState } from '../engine/state.ts';
import { formatAge } from './ages.ts';
import { type LiveEta, type LiveStep, liveSteps } from './live-picture.ts';

/** What was seen of a run, by whoever looks at it. */
export interface Experience {
  /** Hears of every state, at `now` (ms since 1970). */
  observe(state: RunState, now: number): void;
  /** Null: nobody can tell. */
  estimate(state: RunState, now: number): LiveEta | null;
}

/** Speed is that of the last minute. */
const WINDOW_MS = 60_000;
/** Less than this is no speed but a moment. */
const LEAST_MS = 3_000;
const LEAST_UNITS = 10;
/** Batches that must have come back before the time of the next is believed. */
const LEAST_BATCHES = 2;

/** How many units were over at a step, and when. */
interface Sample {
  readonly at: number;
  readonly over: number;
}

/** A batch under way when it was seen last. */
interface Sent {
  readonly step: number;
  readonly submittedAt: number;
}

/** What one step is expected to need, and why; null: not known. */
interface StepTime {
  readonly ms: number;
  readonly because: string;
}

/** An observer that has seen nothing yet. */
export function createExperience(): Experience {
  const samples = new Map<number, Sample[]>();
  const sent = new Map<string, Sent>();
  const took = new Map<number, number[]>();

  function observe(state: RunState, now: number): void {
    for (const [index, over] of overUnits(state).entries()) {
      const known = samples.get(index) ?? [];
      if (known.at(-1)?.over !== over) known.push({ at: now, over });
      // The last one before the window is where the window begins.
      while (known.length > 1 && known[1]!.at <= now - WINDOW_MS) known.shift();
      samples.set(index, known);
    }
    for (const [key, batch] of sent) {
      const open = state.batches.get(key);
      if (open?.phase.kind === 'submitted') continue;
      sent.delete(key);
      // A batch that a full queue sent back says nothing about how long one takes.
      if (open?.phase.kind === 'claimed' || open?.phase.kind === 'postponed') continue;
      took.set(batch.step, [...(took.get(batch.step) ?? []), now - batch.submittedAt]);
    }
    for (const { key, step, phase } of state.batches.values())
      if (phase.kind === 'submitted') sent.set(key, { step, submittedAt: phase.at });
  }

  function timeOf(
    state: RunState,
    step: LiveStep,
    index: number,
    coming: number,
    now: number,
  ): StepTime | null {
    if (state.steps[index]!.mode === 'batch') return batchTime(state, step, index, coming, now);
    const known = samples.get(index) ?? [];
    const [first] = known;
    if (first === undefined) return null;
    const units = known.at(-1)!.over - first.over;
    const ms = now - first.at;
    if (units < LEAST_UNITS || ms < LEAST_MS) return null;
    const perSecond = (units / ms) * 1000;
    return { ms: (coming / units) * ms, because: `at ${saySpeed(perSecond)} in ${step.name}` };
  }

  function batchTime(
    state: RunState,
    step: LiveStep,
    index: number,
    coming: number,
    now: number,
  ): StepTime | null {
    const times = took.get(index) ?? [];
    if (times.length < LEAST_BATCHES) return null;
    let underWay = 0;
    let oldest = 0;
    let ms = 0;
    const longest = Math.max(...times);
    for (const { step: of, units, phase } of state.batches.values()) {
      if (of !== index) continue;
      underWay += units.size;
      if (phase.kind === 'collected') continue;
      if (phase.kind !== 'submitted') return null;
      oldest = Math.max(oldest, now - phase.at);
      ms = Math.max(ms, longest - (now - phase.at));
    }
    // Units that are in no batch yet would need another one; a batch older than all before it follows no rule.
    if (underWay < coming || oldest > longest) return null;
    const range = sayRange(Math.min(...times), longest);
    return { ms, because: `if none is asked again: ${times.length} batches of ${step.name} took ${range}` };
  }

  return {
    observe,
    estimate(state, now) {
      if (state.finished || state.canceling) return null;
      const steps = liveSteps(state);
      let longest: StepTime | null = null;
      for (const [index, step] of steps.entries()) {
        if (step.expected === null) return null;
        const coming = step.expected - step.valid - step.failed;
        if (coming === 0) continue;
        const time = timeOf(state, step, index, coming, now);
        if (time === null) return null;
        if (longest === null || time.ms > longest.ms) longest = time;
      }
      if (longest === null) return null;
      const isWave = state.waves !== null && !state.waves.isOver;
      return { leftMs: longest.ms, of: isWave ? 'wave' : 'run', because: longest.because };
    },
  };
}

/** Units that are over at each step, those with an answer that is not checked yet among them. */
function overUnits(state: RunState): readonly number[] {
  const over = state.steps.map(({ passed, failed }) => passed.size + failed.size);
  for (const { step, phase } of state.batches.values())
    if (phase.kind === 'calling') over[step]! += phase.answered.size;
  return over;
}

function saySpeed(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(Math.round(perSecond))} units a second`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} units a second`;
  return `${(perSecond * 60).toFixed(1)} units a minute`;
}

function sayRange(least: number, most: number): string {
  const [from, to] = [formatAge(least), formatAge(most)];
  return from === to ? from : `${from} to ${to}`;
}

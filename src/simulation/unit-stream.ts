// From a unit and a step to the stream it draws from. Attempts, order and iterations are no part of the name, so that
// they never change the simulated case.
import type { RandomSource } from '../expression/random.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { Rng } from '../pipeline/pipeline.ts';
import { openPythonStream, openStream } from './stream.ts';

/** What of a run decides all its draws. */
export interface DrawSettings {
  readonly seed: string;
  readonly rng: Rng;
}

/** What of a unit decides its draws. `repeats`: its id ends in the number of a repetition. */
export interface DrawingUnit {
  readonly id: string;
  readonly repeats: boolean;
}

/** The stream of a step of a unit, or one of its own for a purpose within that step. */
export function openUnitStream(
  settings: DrawSettings,
  unit: DrawingUnit,
  step: string,
  purpose: string | null = null,
): RandomSource {
  const { seed, rng } = settings;
  if (rng === 'python') return openPythonStream(() => stepSeed(unit, step));
  const name = [seed, unit.id, step];
  return openStream(purpose === null ? name : [...name, purpose], rng);
}

/** Octobatch's number for a text: `int(sha256(text).hexdigest(), 16) & 0x7FFFFFFF`. */
export function octobatchHash(text: string): number {
  return Number.parseInt(sha256Hex(text).slice(-8), 16) & 0x7fffffff;
}

/** Id of a unit whose items repeat. */
export function repeatedId(item: string, repetition: number): string {
  return `${item}__rep${String(repetition).padStart(4, '0')}`;
}

/** Id of a unit's child, by its place from 0. */
export function childId(parent: string, place: number): string {
  return `${parent}__fan${String(place).padStart(3, '0')}`;
}

/** Which child, of which fan-out after the other, a child's id says that it is: the end of it. */
export function branchOf(child: string): string {
  return /(?:__fan\d+)*$/.exec(child)![0];
}

/**
 * The combination of items and the repetition, from 0, that a unit's id names, and the rest of the id of a child: which of
 * the children it is; null when items do not repeat.
 */
export function repetitionOf({
  id,
  repeats,
}: DrawingUnit): { item: string; repetition: number; branch: string } | null {
  const [, item, repetition, branch = ''] =
    (repeats ? /^(.*)__rep(\d+)((?:__fan\d+)*)$/s.exec(id) : null) ?? [];
  return item === undefined ? null : { item, repetition: Number(repetition), branch };
}

// Octobatch's rule: a repeated unit has one seed, whatever the step; any other has one for each step. Of its children, which
// share that one seed there, each has its own here: siblings that draw the same are no sample.
function stepSeed(unit: DrawingUnit, step: string): number {
  const repeated = repetitionOf(unit);
  return repeated === null || repeated.branch !== ''
    ? octobatchHash(unit.id + step)
    : octobatchHash(repeated.item) + repeated.repetition;
}

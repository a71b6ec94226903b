// What the gates of two pipelines ask of a unit. A gate's name may stay while it asks something else, and a new gate may
// ask what an old one did: a change is of what is asked, not of a name.
import { fieldsOf } from '../expression/plain-json.ts';
import { sha256Hex } from '../expression/sha256.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { BaseResult } from './against.ts';
import type { UnitColumn } from './unit-values.ts';

/** A gate that asks something of every unit: its place among all gates, and 16 hex digits of what it asks. */
export interface Asked {
  readonly at: number;
  readonly name: string;
  readonly digest: string;
}

/** Gates of one pipeline, and characters of a name. */
const MOST = 500;
const LONGEST = 10_000;

/** What a pipeline's gates ask, in their order. */
export function askedOf({ gates }: Pick<Pipeline, 'gates'>): readonly Asked[] {
  return gates.flatMap((gate, at) => {
    if (gate.kind === 'cost') return [];
    const { name } = gate;
    // Whether it is valid is asked of a unit too, by every such gate in the same words.
    const asks =
      gate.kind === 'valid_share' ? ['valid'] : [gate.kind.startsWith('share') ? 'share' : 'mean', gate.expr];
    return [{ at, name, digest: sha256Hex(JSON.stringify(asks)).slice(0, 16) }];
  });
}

/** Reads what was kept; nothing for anything else. */
export function parseAsked(value: unknown): readonly Asked[] {
  return Array.isArray(value) && value.length <= MOST && value.every(isAsked) ? value : [];
}

function isAsked(value: unknown): value is Asked {
  const { at, name, digest } = fieldsOf(value);
  return (
    isPlace(at) &&
    typeof name === 'string' &&
    name.length <= LONGEST &&
    typeof digest === 'string' &&
    /^[0-9a-f]{16}$/.test(digest)
  );
}

function isPlace(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < MOST;
}

/** Another run as it was read by the gates `then`, for one that is judged by those of `now`. */
export function underGates<T extends Pick<BaseResult, 'values' | 'sides'>>(
  base: T,
  then: readonly Asked[],
  now: readonly Asked[],
): T {
  const { values, sides } = base;
  const columns = values === null ? [] : renameColumns(values.columns, then, now);
  return {
    ...base,
    values: values === null ? null : { ...values, columns },
    ...(sides === undefined ? {} : { sides: reorderSides(sides, then, now) }),
  };
}

/** What another run's gates rest on, in the order of this one's. */
function reorderSides<T>(
  sides: readonly (T | null)[],
  then: readonly Asked[],
  now: readonly Asked[],
): readonly (T | null)[] {
  const ordered: (T | null)[] = [];
  for (const { at, digest } of now) {
    const same = then.filter((one) => one.digest === digest).map((one) => sides[one.at] ?? null);
    while (ordered.length < at) ordered.push(null);
    ordered.push(same.find((side) => side !== null) ?? null);
  }
  return ordered;
}

/** Columns of another run under the names of this one's gates; without those of gates that nobody here asks. */
export function renameColumns(
  columns: readonly UnitColumn[],
  then: readonly Asked[],
  now: readonly Asked[],
): readonly UnitColumn[] {
  const gates = now.flatMap(({ name, digest }) => {
    // A gate on a difference asks the same words, and keeps no column.
    const others = then.filter((one) => one.digest === digest).map((one) => one.name);
    const column = columns.find((one) => one.isGate && others.includes(one.name));
    return column === undefined ? [] : [{ ...column, name }];
  });
  return [...gates, ...columns.filter(({ isGate }) => !isGate)];
}

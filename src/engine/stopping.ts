// Reads off a run's journal how far it is with stopping early: for its report, and for the level at which its gates are
// held. It decides nothing.
import type { Look } from '../analysis/look.ts';
import type { Weighed } from '../analysis/stop.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Found, Stopping } from '../report/stopped.ts';
import type { UnitTable } from '../simulation/units.ts';
import type { RunState, Waves } from './state.ts';
import { countLooks, itemGroups, rangeOfUnits, unitsWithoutStop } from './waves.ts';

/** A run with what it was made from. */
export interface MadeRun {
  readonly state: RunState;
  readonly pipeline: Pipeline;
  readonly units: UnitTable;
}

/** UTF-16 units of a group's name in a report. */
const NAME_LIMIT = 200;

/** At which look the gates of a run are held that stops by them; null: they are held once. */
export function lookOf({ state, pipeline, units }: MadeRun): Look | null {
  const { waves } = state;
  if (waves === null || pipeline.stop?.rule.kind !== 'gates') return null;
  const looks = countLooks(pipeline.stop, units);
  const look = waves.looks.length + (waves.isOver ? 0 : 1);
  return { look: Math.min(Math.max(1, look), looks), looks };
}

/** How far a run is that may end early; null: it is no such run. */
export function describeStopping({ state, pipeline, units }: MadeRun): Stopping | null {
  const { waves } = state;
  const { stop } = pipeline;
  if (waves === null || stop === undefined) return null;
  const last = waves.looks.at(-1)?.weighed ?? null;
  const labels = stop.rule.kind === 'best' ? itemGroups(units, stop.rule.by).labels : [];
  return {
    stop,
    look: waves.looks.length,
    looks: countLooks(stop, units),
    units: waves.opened.size,
    most: rangeOfUnits(stop, units).most,
    otherwise: unitsWithoutStop(stop, units),
    isOver: waves.isOver,
    enough: last?.enough ?? false,
    found: last === null ? null : foundBy(last, waves, labels),
  };
}

function foundBy(last: Weighed, { looks }: Waves, labels: readonly string[]): Found {
  switch (last.kind) {
    case 'gates':
      return { kind: 'gates', gates: last.gates, undecided: last.undecided };
    case 'half_width':
      return { kind: 'half_width', figure: last.figure };
    case 'best': {
      const nameOf = (group: number): string => (labels[group] ?? '').slice(0, NAME_LIMIT);
      const rounds = looks.flatMap(({ weighed }) => {
        if (weighed.kind !== 'best' || weighed.enough) return [];
        return [
          weighed.groups.map(({ group, ...figure }) => ({
            ...figure,
            name: nameOf(group),
            goesOn: weighed.left.includes(group),
          })),
        ];
      });
      const [winner] = last.groups;
      const { n = 0, value = null, low = null, high = null } = winner ?? {};
      const fresh = last.enough ? { n, value, low, high } : null;
      return { kind: 'best', rounds, left: last.left.map(nameOf), fresh };
    }
    default:
      return last satisfies never;
  }
}

// Performs the weighing of a run after a wave: reads what its units came to, and opens the next wave or none. Worked out
// from the journal alone, so that whoever does it, again or at the same time, records the same.
import { createScale } from '../analysis/stop.ts';
import { accountFor } from './account.ts';
import { readBase } from './perform-base.ts';
import type { RunContext } from './perform-context.ts';
import { readRecords } from './perform-results.ts';
import { JournalError, type RunState } from './state.ts';
import { UnitSet } from './unit-set.ts';
import { countLooks, itemGroups, nextWave } from './waves.ts';

/** Weighs the wave that is over. */
export async function weigh(context: RunContext): Promise<void> {
  const { state, pipeline, units, ports } = context;
  const { stop } = pipeline;
  if (stop === undefined || state.waves === null)
    throw new JournalError(`Run ${state.run} has waves, and its pipeline does not say when to stop.`);
  const look = state.waves.looks.length + 1;
  const looks = countLooks(stop, units);
  const groups = stop.rule.kind === 'best' ? itemGroups(units, stop.rule.by) : { labels: [], of: [] };
  const places = new Map(groups.of.map((group, index) => [units.unit(index).item, group]));
  const last = state.waves.looks.at(-1)?.weighed;
  const scale = createScale({
    ...{ pipeline, stop, look, looks },
    left: last?.kind === 'best' ? last.left : groups.labels.map((_, group) => group),
    groupOf: (item) => places.get(item) ?? -1,
    base: await readBase(ports.blobs, state.settings),
  });
  for await (const record of readRecords(context)) scale.add(record);
  const weighed = scale.weigh(accountFor(state));
  const next = nextWave(stop, units, look, weighed);
  const opens = (isRecorded(state, next) ? next : UnitSet.empty).toString();
  await context.record([{ type: 'wave_weighed', look, weighed, opens, at: ports.clock.now() }]);
}

/** False for a wave that nobody was ever asked about: judged otherwise now, a recording that ended early stays what it is. */
function isRecorded({ settings, units }: RunState, wave: UnitSet): boolean {
  const { waves } = settings.recording ?? {};
  if (waves === undefined || waves.units !== units) return true;
  return wave.minus(UnitSet.parse(waves.opened)).size === 0;
}

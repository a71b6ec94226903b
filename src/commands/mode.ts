// Changes how the models of a run are asked from now on: in batches or call by call. What is declared stays as it is; prices
// of the new way are fixed in the same append, so that the limit holds. It sends nothing.
import type { RunPlace } from '../compose.ts';
import { pricesOf } from '../compose.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import type { Mode, Pipeline } from '../pipeline/pipeline.ts';
import { inMode, modelsOf } from '../pipeline/resolve.ts';
import { usageError } from './arguments.ts';
import { type Ceilings, checkCeiling } from './ceiling.ts';

/** What came of it. `staying`: batches under way, or declared, that are still asked in the other mode. */
export interface ModeChange {
  readonly run: string;
  readonly mode: Mode;
  readonly changed: boolean;
  readonly staying: number;
}

/** Changes the mode of a run. Throws a ConfigurationError where that is nothing to be changed, or has no known price. */
export async function changeMode({ ports }: RunPlace, mode: Mode): Promise<ModeChange> {
  const { journal, blobs, clock } = ports;
  for (;;) {
    const { events, version } = await journal.read();
    const state = foldJournal(events);
    if (state === null) throw new JournalError('There is no run here yet.');
    const loaded = await readSnapshot(blobs, state.snapshot);
    checkChangeable(state, loaded.pipeline);
    const pipeline = inMode(loaded.pipeline, mode);
    const now = inMode(loaded.pipeline, state.modes.at(-1));
    const staying = [...state.batches.values()].filter((batch) => batch.mode !== mode).length;
    const { run } = state;
    if (modelsOf(now).every((asked) => asked.mode === mode)) return { run, mode, changed: false, staying };
    const prices = { ...(await pricesOf(pipeline)), ...state.settings.prices };
    checkCeiling({ ...loaded, pipeline }, prices, ceilingOf(state), state.settings.source);
    const event = { type: 'mode_changed', mode, prices, at: clock.now() } as const;
    const result = await journal.append([event], version);
    if (result.kind === 'appended') return { run, mode, changed: true, staying };
  }
}

function checkChangeable(state: RunState, pipeline: Pipeline): void {
  const { run, finished, canceling, shard } = state;
  const refuse = (what: string, fix: string): never => {
    throw usageError('mode', `run ${run} ${what}`, fix);
  };
  const asked = modelsOf(pipeline);
  if (asked.length === 0) refuse('asks no model', 'there is nothing to change');
  if (asked.every(({ provider }) => provider === 'replay'))
    refuse('is answered from a recording, at once and for nothing', 'there is nothing to change');
  if (finished) refuse('is finished', 'start another one with --mode');
  if (canceling) refuse('is being cancelled', `collect ${run} to its end`);
  if (shard !== null)
    refuse('is a part of another', 'let collect merge the parts first, then change the whole');
}

/** The ceiling that the run has is that of whoever pays for it: it moves neither up nor down. */
function ceilingOf({ cap }: RunState): Ceilings {
  return {
    maxCost: cap === null ? { kind: 'none' } : { kind: 'amount', money: cap },
    policy: null,
  };
}

/** What came of it, in a line or two. */
export function formatModeChange({ run, mode, changed, staying }: ModeChange): string {
  const how = mode === 'batch' ? 'in batches' : 'call by call';
  const head = changed
    ? `From now on run ${run} asks ${how}. collect ${run} goes on with it.`
    : `Run ${run} asks ${how} already.`;
  const left =
    staying === 0
      ? ''
      : ` ${staying === 1 ? '1 batch that was begun stays as it is, and is' : `${staying} batches that were begun stay as they are, and are`} waited for.`;
  return `${head}${left}\n`;
}

// Lists the runs that are kept in one place: what each is and how far it is. It reads journals and names, and no results.
import { basename } from 'node:path';
import { usdText } from '../analysis/money.ts';
import { formatCount } from '../analysis/numbers.ts';
import type { RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { budgetOf } from '../engine/budget.ts';
import { wholeRunId } from '../engine/shard.ts';
import type { RunState } from '../engine/state.ts';
import { formatUsd } from '../report/cost-text.ts';
import { logText } from '../report/escape.ts';
import { formatAge } from './ages.ts';
import { readNamesByRun } from './run-names.ts';
import { listArchived, listRuns } from './runs.ts';
import { readRunState } from './status.ts';

/** One run of a list. Times are ISO texts in UTC, money is US dollars as decimal text. */
export interface ListedRun {
  readonly run: string;
  readonly name: string | null;
  readonly directory: string;
  readonly pipeline: string;
  readonly state: 'open' | 'finished' | 'cancelled' | 'merged';
  readonly archived: boolean;
  readonly planned: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  /** Null: a price is not known. */
  readonly cost: string | null;
  readonly started: string;
  readonly lastEvent: string;
  readonly ageMs: number;
}

/** The runs of a place, the newest first, and those that cannot be read. */
export interface RunList {
  readonly runs: readonly ListedRun[];
  readonly unreadable: readonly { readonly directory: string; readonly error: unknown }[];
}

/** Lists the runs below `root`; `all`: also those that were archived, and shards that went on as a whole run. */
export async function listAll(root: string, options: RunPlaceOptions, all: boolean): Promise<RunList> {
  const names = await readNamesByRun(root);
  const runs: ListedRun[] = [];
  const unreadable: { directory: string; error: unknown }[] = [];
  const archived = all ? await listArchived(root) : [];
  const states = new Map<string, RunState>();
  for (const directory of [...(await listRuns(root)), ...archived]) {
    try {
      const { state, now } = await readRunState(directory, options);
      states.set(directory, state);
      runs.push(describe(state, directory, now, names, archived.includes(directory)));
    } catch (error) {
      unreadable.push({ directory, error });
    }
  }
  const known = new Set(runs.map(({ run }) => run));
  const shown = runs.filter(({ directory, state }) => {
    return all || state !== 'merged' || !known.has(wholeRunId(states.get(directory)!));
  });
  return { runs: shown.toSorted((a, b) => a.ageMs - b.ageMs || (a.run < b.run ? -1 : 1)), unreadable };
}

function describe(
  state: RunState,
  directory: string,
  now: number,
  names: ReadonlyMap<string, string>,
  archived: boolean,
): ListedRun {
  const { planned, valid, failed, inFlight } = accountFor(state);
  const { known, unpriced } = budgetOf(state);
  return {
    run: state.run,
    name: names.get(basename(directory)) ?? null,
    directory,
    pipeline: state.settings.source,
    state: stateOf(state),
    archived,
    ...{ planned, valid, failed, inFlight },
    cost: unpriced ? null : usdText(known),
    started: new Date(state.createdAt).toISOString(),
    lastEvent: new Date(state.lastEventAt).toISOString(),
    // A clock that was moved back makes no run younger than nothing.
    ageMs: Math.max(0, now - state.createdAt),
  };
}

function stateOf({ shard, finished, canceling }: RunState): ListedRun['state'] {
  if (shard?.merged) return 'merged';
  if (!finished) return 'open';
  return canceling ? 'cancelled' : 'finished';
}

const HEADS = ['RUN', 'NAME', 'PIPELINE', 'STATE', 'UNITS', 'VALID', 'FAILED', 'COST', 'AGE'] as const;

/** Columns of numbers, which stand under each other's ends. */
const NUMBERS: ReadonlySet<string> = new Set(['UNITS', 'VALID', 'FAILED', 'COST', 'AGE']);

/** The list as a table; a column that says nothing of any run is left out. */
export function formatList({ runs }: RunList): string {
  if (runs.length === 0) return 'There is no run yet; start one with `run`.\n';
  const rows = runs.map((one) => [
    logText(one.run, 120),
    one.name ?? '',
    logText(one.pipeline, 60),
    one.archived ? 'archived' : one.state,
    formatCount(one.planned),
    formatCount(one.valid),
    formatCount(one.failed),
    one.cost === null ? 'unknown' : one.cost === '0' ? '' : formatUsd(one.cost),
    formatAge(one.ageMs),
  ]);
  const shown = HEADS.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  const widths = shown.map((at) => Math.max(HEADS[at]!.length, ...rows.map((row) => row[at]!.length)));
  const lines = [[...HEADS], ...rows].map((row) =>
    shown
      .map((at, column) => {
        const cell = row[at]!;
        return NUMBERS.has(HEADS[at]!) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!);
      })
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

// Refuses to begin a run, or a part of it, beside other parts in the same place that would pay for the same units.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseShard, type ShardName, shardRunId, wholeRunId } from '../engine/shard.ts';
import { usageError } from './arguments.ts';
import { listRuns } from './runs.ts';

/**
 * Throws a ConfigurationError when `run` is new below `root` and another run there covers its units: the whole run, or
 * shards of another division. What exists already is gone on with.
 */
export async function checkDivision(root: string, run: string, shard: ShardName | null): Promise<void> {
  const folder = join(root, 'runs');
  if (existsSync(join(folder, run, 'journal'))) return;
  const whole = wholeRunId({ run, shard });
  if (shard !== null && existsSync(join(folder, whole, 'journal'))) {
    const fix = `go on with it: collect ${whole}`;
    throw usageError('--shard', `all of this run is in ${join(folder, whole)} already`, fix);
  }
  const others = (await listRuns(root))
    .map((path) => shardNameOf(path.slice(folder.length + 1), whole))
    .filter((one) => one !== null);
  const other = others.find(({ of }) => of !== shard?.of);
  if (other === undefined) return;
  const there = join(folder, shardRunId(whole, other));
  const fix = `run the others as parts of ${other.of} and let collect merge them, or delete the folder`;
  throw usageError('--shard', `a part of this run, of ${other.of}, is in ${there} already`, fix);
}

/** Which shard of the run `whole` has this id; null: none. */
function shardNameOf(run: string, whole: string): ShardName | null {
  const match = /^-s(\d+)of(\d+)$/.exec(run.startsWith(whole) ? run.slice(whole.length) : '');
  return match === null ? null : parseShard(`${match[1]}/${match[2]}`);
}

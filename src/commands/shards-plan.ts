// Divides a run for several machines: reads which part is meant, and writes the jobs of a matrix. It starts nothing.
import { formatCount } from '../analysis/numbers.ts';
import { formatShard, MOST_SHARDS, parseShard, type ShardName } from '../engine/shard.ts';
import { usageError } from './arguments.ts';

/** Reads `2/7`. Throws a ConfigurationError. */
export function readShard(name: string, text: string): ShardName {
  const shard = parseShard(text);
  if (shard !== null) return shard;
  const fix = `write which of how many, such as 2/7; at most ${MOST_SHARDS}`;
  throw usageError(name, `"${text}" is no part of a run`, fix);
}

/**
 * The matrix of a job per shard, as GitHub reads it: at most as many as were asked for, as there are units, and 256. Of a
 * run in waves the units are those of the first: what follows is run where the shards are merged.
 */
export function planMatrix(wanted: number, units: number): { readonly shard: readonly string[] } {
  const of = Math.max(1, Math.min(wanted, units, MOST_SHARDS));
  return { shard: Array.from({ length: of }, (_, i) => formatShard({ index: i + 1, of })) };
}

/** The same for a person. `isInWaves`: the units are those of the first wave. */
export function formatMatrix(wanted: number, units: number, isInWaves = false): string {
  const { shard: names } = planMatrix(wanted, units);
  const of = names.length;
  const [least, most] = [Math.floor(units / of), Math.ceil(units / of)].map(formatCount);
  const each = least === most ? `${least}` : `${least} to ${most}`;
  const range = of === 1 ? `--shard ${names[0]}` : `--shard ${names[0]} to --shard ${names[of - 1]}`;
  const what = isInWaves ? 'units of the first wave' : 'units';
  const lines = [`  ${of} ${of === 1 ? 'shard' : 'shards'} of ${each} ${what}: ${range}`];
  if (isInWaves) lines.push('    later waves are run where the shards are put together');
  return `${lines.join('\n')}\n`;
}

// What `doctor` looks at on the machine itself: Node, disk, clock, kept runs, git, proxies, the simulator. It leaves
// nothing behind.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { formatCount } from '../analysis/numbers.ts';
import { startSimulator } from '../simulator/server.ts';
import { formatAge } from './ages.ts';
import { type Check, fine, found } from './doctor-check.ts';
import { shownPath } from './shown-path.ts';
import type { describeRuns } from './status.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The oldest Node that this program is tested on. */
const LEAST_NODE = [20, 19] as const;

/** Node's version, such as `20.20.2`. */
export function checkNode(version: string): Check {
  return isAtLeast(version, LEAST_NODE)
    ? fine('node', version)
    : found('problem', 'node', `${version} is too old`, `install Node ${LEAST_NODE.join('.')} or newer`);
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ours = 0, less = 0] = version.split('.').map(Number);
  return ours > major || (ours === major && less >= minor);
}

const MEGABYTE = 1024 * 1024;
/** A run of 100,000 units with answers takes some hundreds of megabytes. */
const LEAST_FREE = 100 * MEGABYTE;
const ENOUGH_FREE = 1024 * MEGABYTE;

/** Whether runs can be kept where they are kept. */
export async function checkDisk(root: string): Promise<Check> {
  let folder = resolve(root);
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  const shown = shownPath(folder);
  const probe = join(folder, `.octobatch-doctor-${randomUUID()}`);
  try {
    await writeFile(probe, 'x', { flag: 'wx' });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return found(
      'problem',
      'disk',
      `nothing can be written to ${shown}: ${why}`,
      'mend it, or name another folder with --run-dir',
    );
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const says = `${shown} can be written, ${formatCount(Math.floor(free / MEGABYTE))} MB free`;
  const fix = 'make room, or keep runs elsewhere with --run-dir';
  if (free < LEAST_FREE) return found('problem', 'disk', says, fix);
  return free < ENOUGH_FREE ? found('warning', 'disk', says, fix) : fine('disk', says);
}

/** The runs that are kept, by their journals. */
export type KeptRuns = Awaited<ReturnType<typeof describeRuns>>;

/** Runs that are told one by one when they cannot be read. */
const MOST_TOLD = 5;

/** Whether all runs that are kept can be read by this version. */
export function checkRuns(root: string, { runs, unreadable }: KeptRuns): readonly Check[] {
  if (unreadable.length === 0) {
    const open = runs.filter(({ state }) => state === 'open').length;
    const says =
      runs.length === 0
        ? `none kept in ${root}`
        : `${formatCount(runs.length)} kept in ${root}, ${formatCount(open)} unfinished`;
    return [fine('runs', says)];
  }
  const told = unreadable.slice(0, MOST_TOLD).map(({ directory, error }) => {
    const why = error instanceof Error ? error.message : String(error);
    return found(
      'problem',
      'runs',
      `${shownPath(directory)}: ${why}`,
      'use the version that wrote it, or move its folder away',
    );
  });
  const rest = unreadable.length - told.length;
  const more = `${formatCount(rest)} more of ${formatCount(runs.length + unreadable.length)} runs cannot be read`;
  return rest === 0 ? told : [...told, found('problem', 'runs', more, 'as above')];
}

/** Clocks that differ by less are as good as equal: batches are found again by when they were made. */
const TOLERANCE_MS = 5 * 60_000;
/** This program is not older than that. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Whether the clock can be right. `theirTime`: what a provider's clock said, less ours (ms); null: none was asked. */
export function checkClock({ runs }: KeptRuns, now: number, theirTime: number | null): Check {
  const fix = 'set the clock of this machine';
  const says = new Date(now).toISOString();
  if (now < EARLIEST) return found('problem', 'clock', `${says} lies before this program was written`, fix);
  const ahead = Math.max(0, ...runs.map(({ lastEvent }) => Date.parse(lastEvent) - now));
  if (ahead > TOLERANCE_MS)
    return found(
      'problem',
      'clock',
      `${says}, but a run was written ${formatAge(ahead)} later than that`,
      fix,
    );
  if (theirTime === null) return fine('clock', `${says}, compared with the runs that are kept`);
  const off = Math.abs(theirTime);
  if (off > TOLERANCE_MS) {
    const side = theirTime > 0 ? 'behind' : 'ahead of';
    return found('warning', 'clock', `${says} is ${formatAge(off)} ${side} a provider's clock`, fix);
  }
  return fine('clock', `${says}, as a provider's`);
}

/** Whether the built-in provider can be served, and reached over loopback. */
export async function checkSimulator(folder: string): Promise<Check> {
  const fix = 'allow this program to listen on 127.0.0.1';
  try {
    const simulator = await startSimulator({ directory: join(folder, 'simulator') });
    try {
      const { ok, status } = await fetch(`${simulator.url}/_octobatch/settings`);
      return ok
        ? fine('simulator', 'starts and answers')
        : found('problem', 'simulator', `it answers ${status}`, fix);
    } finally {
      await simulator.close();
    }
  } catch (error) {
    return found('problem', 'simulator', `it does not start: ${reasonOf(error)}`, fix);
  }
}

/** Git is needed by nothing but workflows. */
export async function checkGit(): Promise<Check> {
  const version = await git('--version');
  if (version === null)
    return found('warning', 'git', 'there is none', 'install it where workflows are written');
  const words = version.replace(/^git version /, '');
  const inside = await git('rev-parse', '--is-shallow-repository');
  if (inside === null) return fine('git', `${words}; this folder is in no repository`);
  return fine('git', inside === 'true' ? `${words}; a shallow checkout, which is enough` : words);
}

function git(...args: readonly string[]): Promise<string | null> {
  return new Promise((done) => {
    execFile('git', args, { timeout: 5_000 }, (error, stdout) => done(error === null ? stdout.trim() : null));
  });
}

const PROXY_NAMES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'ALL_PROXY', 'all_proxy'];

/** Proxies that the environment names. Addresses are not shown: they may hold a password. */
export function checkProxy(environment: Environment, nodeVersion: string): readonly Check[] {
  const named = PROXY_NAMES.filter((name) => (environment[name] ?? '') !== '');
  if (named.length === 0) return [];
  const says = `${named.join(', ')} ${named.length === 1 ? 'is' : 'are'} set`;
  const [major = 0] = nodeVersion.split('.').map(Number);
  const knows = isAtLeast(nodeVersion, [24, 5]) || (major === 22 && isAtLeast(nodeVersion, [22, 21]));
  if (environment.NODE_USE_ENV_PROXY === '1' && knows) return [fine('proxy', `${says} and used`)];
  const fix = knows ? 'set NODE_USE_ENV_PROXY=1' : 'use Node 24.5 or newer and set NODE_USE_ENV_PROXY=1';
  return [
    found(
      'warning',
      'proxy',
      `${says}, but Node does not use ${named.length === 1 ? 'it' : 'them'} by itself`,
      fix,
    ),
  ];
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

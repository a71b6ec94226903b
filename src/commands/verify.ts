// Checks a run as it lies on the disk: that its journal can be read, that every unit is in one place, that every blob is what
// it was, and that what was published is what the journal gives. It changes nothing and asks nobody.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAccounting } from '../analysis/accounting.ts';
import { formatMoney } from '../analysis/money.ts';
import { formatBytes, formatCount, formatUnits } from '../analysis/numbers.ts';
import { openRunPlace, type RunPlaceOptions } from '../compose.ts';
import { accountFor } from '../engine/account.ts';
import { misplacedUnits, type NamedBlob, namedBlobs, neededBlobs } from '../engine/audit.ts';
import { promisedBy } from '../engine/budget.ts';
import type { JournalEvent } from '../engine/events.ts';
import { foldJournal, JournalFold } from '../engine/journal-fold.ts';
import { parseOutcome } from '../engine/outcome-line.ts';
import { RunContext } from '../engine/perform-context.ts';
import { isOfSystem } from '../engine/perform-recompute.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { JournalError, type RunState } from '../engine/state.ts';
import { UnitSet } from '../engine/unit-set.ts';
import { parsePlainJson } from '../expression/plain-json.ts';
import type { Blobs, Digest } from '../ports/blobs.ts';
import { logText } from '../report/escape.ts';
import { findLeftovers, readJournalFolder } from './journal-folder.ts';
import { findWrongFiles } from './verify-files.ts';

/** Units and blobs that are named one by one. */
const MOST_NAMED = 3;

/** Files of this age (ms) are nobody's work in progress. */
export const LEFT_MS = 60 * 60_000;

/** Something that was found. A `problem` makes the run unsound; a `note` is good to know. */
export interface Finding {
  readonly level: 'problem' | 'note';
  readonly about: 'journal' | 'units' | 'blobs' | 'files' | 'money' | 'provider' | 'leftovers';
  readonly what: string;
  readonly fix: string;
}

/** What was found of one run. Null where its journal does not tell. */
export interface Verification {
  readonly run: string | null;
  readonly directory: string;
  readonly sound: boolean;
  readonly units: {
    readonly planned: number;
    readonly valid: number;
    readonly failed: number;
    readonly inFlight: number;
  } | null;
  readonly checked: { readonly events: number; readonly blobs: number; readonly bytes: number };
  readonly findings: readonly Finding[];
}

/** A blob that is not what the journal says; `unreadable`: nobody knows, for the disk does not give it. `needed`: the results, or going on, rest on it. */
export interface LostBlob extends NamedBlob {
  readonly is: 'missing' | 'damaged' | 'unreadable';
  readonly needed: boolean;
}

/** Checks one run. What is wrong is told, never thrown. */
export async function verifyRun(directory: string, options: RunPlaceOptions): Promise<Verification> {
  const findings: Finding[] = [];
  const problem = (about: Finding['about'], what: string, fix: string): void => {
    findings.push({ level: 'problem', about, what, fix });
  };
  const note = (about: Finding['about'], what: string, fix: string): void => {
    findings.push({ level: 'note', about, what, fix });
  };
  const checked = { events: 0, blobs: 0, bytes: 0 };
  let state: RunState | null = null;
  const end = (): Verification => {
    const account = state === null ? null : accountFor(state);
    return {
      run: state?.run ?? null,
      directory,
      sound: !findings.some(({ level }) => level === 'problem'),
      units:
        account === null
          ? null
          : (({ planned, valid, failed, inFlight }) => ({ planned, valid, failed, inFlight }))(account),
      checked,
      findings,
    };
  };
  const place = openRunPlace(directory, { ...options, workerEntry: null });
  try {
    const events = await checkJournal(directory, problem);
    if (events === null) return end();
    checked.events = events.length;
    const fold = new JournalFold();
    try {
      fold.apply(events);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      problem('journal', error.message.replace(/\.$/, ''), FROM_BACKUP);
      return end();
    }
    state = fold.state();
    if (state === null) {
      problem('journal', 'it holds no run', 'start the pipeline again');
      return end();
    }
    checkBooks(state, problem);
    checkLimit(events, state, problem, note);
    checkProvider(state, note);
    const { blobs, clock } = place.ports;
    const found = await checkBlobs(directory, events, state, blobs);
    checked.blobs = found.count;
    checked.bytes = found.bytes;
    tellBlobs(found, problem, note);
    for (const { path, bytes, at } of await findLeftovers(directory))
      note(
        'leftovers',
        `${path} (${formatBytes(bytes)}) was left unfinished by a process that ended in the middle`,
        clock.now() - at > LEFT_MS ? 'repair removes it' : 'repair removes it when it is an hour old',
      );
    if (found.lost.some(({ needed, role }) => needed || role === 'snapshot')) return end();
    const context = new RunContext(place.ports, await readSnapshot(blobs, state.snapshot), fold, 0);
    await checkLines(context, events, found.lost, problem);
    if (state.finished && state.shard?.merged !== true)
      for (const { name, what } of await findWrongFiles(directory, context))
        problem('files', `${name}: ${what}`, 'repair publishes it again');
    return end();
  } finally {
    await place.close();
  }
}

const FROM_BACKUP = 'bring back the folder from where it was last whole';

type Tell = (about: Finding['about'], what: string, fix: string) => void;

async function checkJournal(directory: string, problem: Tell): Promise<readonly JournalEvent[] | null> {
  const { files, gap } = await readJournalFolder(directory);
  const torn = files.filter(({ events }) => events === null);
  if (gap !== null) {
    problem('journal', `its file number ${gap} is missing, and there are later ones`, FROM_BACKUP);
    return null;
  }
  const [first] = torn;
  if (first === undefined) return files.flatMap(({ events }) => events ?? []);
  const isLast = first === files.at(-1) && files.length > 1;
  const what = `${first.name} of the journal is cut off or unreadable`;
  problem('journal', what, isLast ? 'repair sets it aside and goes on from what is before it' : FROM_BACKUP);
  return null;
}

function checkBooks(state: RunState, problem: Tell): void {
  for (const { step, missing, doubled, stray } of misplacedUnits(state)) {
    const { name } = state.steps[step]!;
    const fix = 'this cannot come from a process that ended in the middle: please report it';
    for (const [units, what] of [
      [missing, 'came to it and are nowhere'],
      [doubled, 'are in two places at once'],
      [stray, 'never came to it'],
    ] as const)
      if (units.size > 0)
        problem('units', `${name}: ${formatUnits(units.size)} (numbers ${nameUnits(units)}) ${what}`, fix);
  }
  const imbalance = checkAccounting(accountFor(state));
  if (imbalance !== null) problem('units', `the books do not balance: ${imbalance}`, 'please report it');
}

/** A limit that was lowered below what was spent then is nobody's mistake. */
function checkLimit(events: readonly JournalEvent[], state: RunState, problem: Tell, note: Tell): void {
  const all = promisedBy(state);
  if (state.cap === null || all <= state.cap) return;
  const lowered = foldJournal(
    events.slice(0, events.findLastIndex(({ type }) => type === 'cap_changed') + 1),
  );
  if (lowered !== null && all <= promisedBy(lowered))
    note(
      'money',
      `${formatMoney(all)} is spent or promised, and the limit was lowered to ${formatMoney(state.cap)} since`,
      'nothing more is asked; collect with --max-cost raises it',
    );
  else
    problem(
      'money',
      `${formatMoney(all)} is spent or promised, and the limit is ${formatMoney(state.cap)}`,
      'look at the bill of the provider, and please report it',
    );
}

function checkProvider(state: RunState, note: Tell): void {
  for (const { key, phase, creating, provider, requests: _, count } of state.batches.values()) {
    if (phase.kind === 'claimed' && creating !== null)
      note(
        'provider',
        `batch ${key.slice(0, 8)} of ${formatCount(count)} requests may or may not be at ${logText(provider, 40)}: its create was never answered`,
        'collect looks for it before anything is sent',
      );
    if (phase.kind === 'submitted')
      note(
        'provider',
        `batch ${logText(phase.providerBatch, 100)} is at ${logText(provider, 40)}; whether it still is, only collect can ask`,
        'collect the run',
      );
  }
}

interface CheckedBlobs {
  readonly count: number;
  readonly bytes: number;
  readonly lost: readonly LostBlob[];
  /** Files among the blobs that the journal does not name. */
  readonly orphans: readonly { readonly path: string; readonly bytes: number; readonly at: number }[];
}

/** Reads every blob that the journal names, and finds those that it does not. */
export async function checkBlobs(
  directory: string,
  events: readonly JournalEvent[],
  state: RunState,
  blobs: Blobs,
): Promise<CheckedBlobs> {
  const needed = neededBlobs(state);
  const named = new Map<string, NamedBlob>(namedBlobs(events).map((blob) => [blob.digest, blob]));
  const lost: LostBlob[] = [];
  let bytes = 0;
  // The items are named by the snapshot, and by nothing else.
  for (const blob of [...named.values()].filter(({ role }) => role === 'snapshot')) {
    const items = await itemsOf(blobs, blob.digest);
    if (items !== null) named.set(items, { ...blob, digest: items });
  }
  for (const blob of named.values()) {
    const is = await stateOfBlob(blobs, blob.digest as Digest);
    if (is !== 'whole')
      lost.push({ ...blob, is, needed: needed.has(blob.digest) || blob.role === 'snapshot' });
  }
  const orphans: { path: string; bytes: number; at: number }[] = [];
  let count = 0;
  for (const folder of await readdir(join(directory, 'blobs')).catch(() => [])) {
    if (!/^[0-9a-f]{2}$/.test(folder)) continue;
    for (const name of await readdir(join(directory, 'blobs', folder))) {
      const path = join('blobs', folder, name);
      const info = await stat(join(directory, path));
      if (named.has(name)) {
        count++;
        bytes += info.size;
      } else orphans.push({ path, bytes: info.size, at: info.mtimeMs });
    }
  }
  return { count, bytes, lost, orphans };
}

async function stateOfBlob(blobs: Blobs, digest: Digest): Promise<'whole' | LostBlob['is']> {
  try {
    for await (const _ of blobs.lines(digest));
    return 'whole';
  } catch (error) {
    if (isOfSystem(error)) return 'unreadable';
    return (await blobs.has(digest)) ? 'damaged' : 'missing';
  }
}

async function itemsOf(blobs: Blobs, snapshot: string): Promise<string | null> {
  if ((await stateOfBlob(blobs, snapshot as Digest)) !== 'whole') return null;
  const { items } = parsePlainJson(await blobs.text(snapshot as Digest)) as { items?: unknown };
  return typeof items === 'string' && /^[0-9a-f]{64}$/.test(items) ? items : null;
}

function tellBlobs({ lost, orphans }: CheckedBlobs, problem: Tell, note: Tell): void {
  for (const { digest, role, is, needed, isGivenUp } of lost) {
    const what = `the blob ${digest.slice(0, 12)} (${SAID[role]}) is ${is}`;
    if (is === 'unreadable') problem('blobs', what, READABLE);
    else if (isGivenUp && !needed)
      note('blobs', `${what} and was given up`, 'no result rests on it any more');
    else if (needed) problem('blobs', what, FIXES[role]);
    else if (role === 'made') problem('blobs', `${what}; no result rests on it`, FIXES[role]);
    else problem('blobs', `${what}; no result rests on it any more`, `${FIXES[role]}; ${HISTORY}`);
  }
  // What a lost blob named looks as if nobody named it.
  if (orphans.length === 0 || lost.length > 0) return;
  const bytes = orphans.reduce((sum, one) => sum + one.bytes, 0);
  const count = orphans.length === 1 ? '1 blob' : `${formatCount(orphans.length)} blobs`;
  note(
    'leftovers',
    `${count} (${formatBytes(bytes)}) that the journal does not name, written by a process that ended before it said so`,
    'repair removes those that are an hour old',
  );
}

const SAID: Readonly<Record<NamedBlob['role'], string>> = {
  snapshot: 'what the run was made from',
  base: 'what it is weighed against',
  requests: 'the requests of a batch',
  answers: 'the answers of a batch',
  outcomes: 'what units became',
  made: 'what was made after the run',
};

const ELSEWHERE = 'repair brings it back where another folder has it: --from names one';
const HISTORY = 'replays and the prompts of the report need it';

const READABLE = 'look at the disk and at the rights of the file; nothing is given up while it is there';

const FIXES: Readonly<Record<NamedBlob['role'], string>> = {
  snapshot: ELSEWHERE,
  base: ELSEWHERE,
  requests: 'repair renders them again, from the journal and the pipeline',
  answers: ELSEWHERE,
  outcomes: 'repair makes it again, from the draws or from the recorded answers',
  made: ELSEWHERE,
};

/** Holds each line of what units became against the units it should be of. */
async function checkLines(
  context: RunContext,
  events: readonly JournalEvent[],
  lost: readonly LostBlob[],
  problem: Tell,
): Promise<void> {
  const gone = new Set(lost.map(({ digest }) => digest));
  const fix = 'this cannot come from a process that ended in the middle: please report it';
  for (const { digest, lines } of namedBlobs(events)) {
    if (lines === null || gone.has(digest)) continue;
    const wanted = UnitSet.parse(lines.units)[Symbol.iterator]();
    const say = (what: string): void => problem('units', `in blob ${digest.slice(0, 12)} ${what}`, fix);
    let isRight = true;
    for await (const line of context.lines(digest)) {
      const { unit, id } = parseOutcome(line).head;
      const next = wanted.next();
      isRight = next.done !== true && next.value === unit;
      if (!isRight) say(`unit ${logText(String(id), 80)} stands where another one should, or none`);
      else if (context.unitAt(lines.step, unit).id !== id) {
        say(`unit ${unit} is called ${logText(String(id), 80)}, which is no unit of this run`);
        isRight = false;
      }
      if (!isRight) break;
    }
    if (isRight && wanted.next().done !== true) say('units are missing at its end');
  }
}

function nameUnits(units: UnitSet): string {
  const named = units.take(MOST_NAMED).toString();
  return units.size > MOST_NAMED ? `${named}, ...` : named;
}

/** What was found, as lines. */
export function formatVerification({
  run,
  directory,
  sound,
  units,
  checked,
  findings,
}: Verification): string {
  const name = logText(run ?? directory, 120);
  const counts =
    units === null
      ? ''
      : `: ${formatCount(units.planned)} planned = ${formatCount(units.valid)} valid + ${formatCount(units.failed)} failed + ${formatCount(units.inFlight)} in flight`;
  const looked = `${formatCount(checked.events)} events, ${formatCount(checked.blobs)} blobs (${formatBytes(checked.bytes)})`;
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const head = sound
    ? `${name}  sound${counts}; ${looked} read`
    : `${name}  not sound${counts}; ${problems === 1 ? '1 problem' : `${problems} problems`}`;
  const lines = findings.map(
    ({ level, what, fix }) =>
      `  ${level === 'note' ? 'note: ' : ''}${logText(what, 400)}  (${logText(fix, 200)})`,
  );
  return `${[head, ...lines].join('\n')}\n`;
}

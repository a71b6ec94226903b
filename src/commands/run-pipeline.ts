// Starts a run of a pipeline, or goes on with the one that exists: what `run` and `submit` of both doors call.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { BaseResult } from '../analysis/against.ts';
import { type Money, parseUsd, usdText } from '../analysis/money.ts';
import {
  checkAccess,
  closingOnFailure,
  loadFolder,
  mayRunScripts,
  openMemoryPlace,
  openRunner,
  openRunPlace,
  pricesOf,
  type RunPlace,
  type RunPlaceOptions,
} from '../compose.ts';
import type { RunSettings, Shard, Target } from '../engine/events.ts';
import { foldJournal } from '../engine/journal-fold.ts';
import { storeBase } from '../engine/perform-base.ts';
import { contentKeyOf, createRun, itemsDigestOf, readSnapshot, runIdOf } from '../engine/perform-snapshot.ts';
import { type ShardName, shardRunId, sliceCap } from '../engine/shard.ts';
import { isSameTarget, type RunState } from '../engine/state.ts';
import { ConfigurationError } from '../pipeline/diagnostic.ts';
import type { Overrides } from '../pipeline/load.ts';
import type { Place } from '../pipeline/mistakes.ts';
import type { LoadedPipeline, Pipeline, Price, TokenPrice } from '../pipeline/pipeline.ts';
import { checkPolicy } from '../pipeline/policy.ts';
import { inMode, modelsOf } from '../pipeline/resolve.ts';
import type { KeptRun } from '../ports/run-store.ts';
import type { LocalRunner } from '../ports/runner.ts';
import { usageError } from './arguments.ts';
import { type Ceilings, capOf, checkCeiling, isPaid, lowest, type MaxCost } from './ceiling.ts';
import { makeFolder } from './new-folder.ts';
import { findRecording } from './recording.ts';
import { checkNameIsFree, nameRun } from './run-names.ts';
import { isArchived } from './runs.ts';
import { checkDivision } from './shards-division.ts';
import { shellWord } from './shell.ts';
import { type ChosenUnits, chooseUnits } from './units-file.ts';

/** What a person asks for when they start a run. */
export interface StartRequest {
  /** The pipeline folder, as the person typed it: shown in reports, resolved against the working directory. */
  readonly pipeline: string;
  readonly overrides: Overrides;
  /** Where runs are kept; each gets a folder of its own there. */
  readonly root: string;
  /** Exactly this folder instead. */
  readonly runDirectory: string | null;
  readonly faults: string;
  readonly latency: { readonly minMs: number; readonly maxMs: number };
  /** What it may cost; absent: nothing is said. */
  readonly maxCost?: MaxCost;
  /** How reports name the pipeline, when not by `pipeline`. */
  readonly source?: string;
  /** How long it may take from its creation (ms); null or absent: for ever. */
  readonly deadlineMs?: number | null;
  /** Where runs are kept when not in their directories. */
  readonly keeper?: Keeper | null;
  /** True: only a run that there is already is opened, and none is begun. */
  readonly mustExist?: boolean;
  /** The commit that waits for the result. */
  readonly target?: Target | null;
  /** The part of the run that is wanted here; null or absent: all of it. */
  readonly shard?: ShardName | null;
  /** What the run is held against, for one that ends when its gates on changes are decided; absent: nothing. */
  readonly base?: (loaded: LoadedPipeline) => Promise<BaseResult | null>;
  /** The recorded run that answers, by id or folder; needed by the provider replay, and by no other. */
  readonly from?: string | null;
  /** What the run is called beside its id; null or absent: nothing. */
  readonly name?: string | null;
  /** Only these units, by their ids; absent: all. */
  readonly units?: ChosenUnits;
}

/** Keeps runs elsewhere than in their directories. */
export interface Keeper {
  /** False: a run of this pipeline, or this part of one, stays in its directory. */
  keeps(pipeline: Pipeline, shard: ShardName | null): boolean;
  /** Which epoch of a run is asked for: `idOf` names them. `isWhole`: of it there are no shards any more. */
  epoch(
    idOf: (epoch: number) => string,
    pipeline: Pipeline,
    shard: ShardName | null,
  ): Promise<{ readonly epoch: number; readonly isWhole: boolean }>;
  open(run: string, directory: string): Promise<KeptRun>;
}

const UNSAID: MaxCost = { kind: 'unsaid' };

/** Reads the pipeline and creates its run, or finds the one it already has. `wrap` lets tests stand in between. */
export async function startRun(
  request: StartRequest,
  options: RunPlaceOptions,
  wrap: (place: RunPlace) => RunPlace = (place) => place,
): Promise<{ place: RunPlace; isNew: boolean }> {
  const runner = openRunner(options);
  // A worker takes as long to come up as a pipeline to be read.
  runner.prepare();
  return closingOnFailure(runner, () => startWith(runner, request, options, wrap));
}

async function startWith(
  runner: LocalRunner,
  request: StartRequest,
  options: RunPlaceOptions,
  wrap: (place: RunPlace) => RunPlace,
): Promise<{ place: RunPlace; isNew: boolean }> {
  const { loaded, settings, directory, run, epoch, keeper, shard } = await prepareRun(request, options);
  const { pipeline } = loaded;
  const ceilings: Ceilings = { maxCost: request.maxCost ?? UNSAID, policy: options.policy ?? null };
  const { name = null } = request;
  if (keeper === null && request.runDirectory === null) await checkPlace(request.root, run, name);
  const kept = (await keeper?.open(run, directory)) ?? null;
  const { target = null } = request;
  // Where runs are kept there is another epoch of each.
  const isPicky = keeper !== null;
  const isTrusted = mayRunScripts(options);
  if (keeper === null && request.runDirectory === null) await checkDivision(request.root, run, shard);
  const place = wrap(openRunPlace(directory, options, kept, runner));
  return closingOnFailure(place, async () => {
    const existing = foldJournal((await place.ports.journal.read()).events);
    if (existing === null && request.mustExist === true) {
      const what = 'there is no run of what it is now';
      throw usageError(request.pipeline, what, 'start one with `run` or `submit`');
    }
    if (existing === null) {
      checkAccess(pipeline, options);
      const prices = await pricesOf(pipeline);
      checkCeiling(loaded, prices, ceilings, request.pipeline);
      const cap = isPaid(pipeline) ? capOf(pipeline, ceilings) : null;
      const slice = sliceCap(cap, shard);
      const terms = { prices, cap: slice?.toString() ?? null, deadlineMs: request.deadlineMs ?? null };
      const part = { epoch, target, shard: partOf(shard, cap), isPicky, isTrusted };
      if (keeper === null) await makeFolder(directory, '--run-dir');
      const weighed = await storeAgainst(place, loaded, request);
      await createRun(place.ports, loaded, { ...settings, ...terms, ...weighed }, part);
    } else {
      await continueWithin(
        place,
        await createRun(place.ports, loaded, settings, {
          epoch,
          target,
          shard: partOf(shard, null),
          isPicky,
          isTrusted,
        }),
        ceilings,
        { maxCost: pipeline.maxCost, target },
      );
    }
    if (name !== null) await nameRun(request.root, run, name);
    return { place, isNew: existing === null };
  });
}

/** Throws a ConfigurationError when the name is another run's, or when what is asked for was put away: it would be paid twice. */
async function checkPlace(root: string, run: string, name: string | null): Promise<void> {
  if (name !== null) await checkNameIsFree(root, run, name);
  if (existsSync(join(root, 'runs', run, 'journal')) || !isArchived(root, run)) return;
  const fix = `bring it back with archive --undo ${run}, or ask for another seed`;
  throw usageError('run', `this run was made already and is archived as ${run}`, fix);
}

/** Keeps what the run's changes are weighed by after each wave: it must not move while the run is under way. */
async function storeAgainst(
  { ports }: RunPlace,
  loaded: LoadedPipeline,
  { base }: StartRequest,
): Promise<Pick<RunSettings, 'against'>> {
  const rule = loaded.pipeline.stop?.rule;
  const isAsked =
    rule?.kind === 'gates' &&
    rule.gates.some(({ kind }) => kind === 'share_change' || kind === 'mean_change');
  const known = isAsked ? ((await base?.(loaded)) ?? null) : null;
  // Against what it cannot be compared with it is not weighed, and need not be judged either.
  return known === null || known.reason !== null ? {} : { against: await storeBase(ports.blobs, known) };
}

function partOf(shard: ShardName | null, cap: Money | null): Shard | null {
  return shard === null ? null : { ...shard, cap: cap?.toString() ?? null };
}

/** Opens a run to go on with it. Throws a ConfigurationError when its pipeline breaks the policy or has no ceiling. */
export async function continueRun(
  directory: string,
  options: RunPlaceOptions,
  maxCost: MaxCost = UNSAID,
  kept: KeptRun | null = null,
): Promise<RunPlace> {
  const place = openRunPlace(directory, options, kept);
  const ceilings: Ceilings = { maxCost, policy: options.policy ?? null };
  return closingOnFailure(place, async () => {
    if (ceilings.policy === null && maxCost.kind === 'unsaid') return place;
    const state = foldJournal((await place.ports.journal.read()).events);
    if (state !== null) await continueWithin(place, state, ceilings);
    return place;
  });
}

/**
 * Holds what a run was made from against the policy and the ceiling once more, for the folder it is kept in may have
 * come from somebody else; then records the ceiling that holds from now on. Throws a ConfigurationError.
 */
async function continueWithin(
  place: RunPlace,
  state: RunState,
  ceilings: Ceilings,
  start: { readonly maxCost: string | null; readonly target: Target | null } | null = null,
): Promise<void> {
  // What is being cancelled sends nothing more, so that nothing has to be promised.
  if (state.finished || state.canceling) return;
  const { policy, maxCost } = ceilings;
  const { source: file, prices } = state.settings;
  const whole = await readSnapshot(place.ports.blobs, state.snapshot);
  const made = { ...whole, pipeline: inMode(whole.pipeline, state.modes.at(-1)) };
  if (!isPaid(made.pipeline)) return;
  const isSame = state.reportSnapshot === state.snapshot;
  const reported = isSame ? made : await readSnapshot(place.ports.blobs, state.reportSnapshot);
  if (policy !== null) {
    const here: Place = { file, line: null, column: null };
    const found = checkPolicy(made.pipeline, policy, () => here);
    for (const [name, price] of Object.entries(await pricesOf(made.pipeline))) {
      if (isCovered(price, prices[name] ?? null)) continue;
      const what = `the run was begun with a lower price of ${name} than holds now`;
      found.push({ ...here, what, fix: 'begin a new run, in another folder for runs' });
    }
    if (found.length > 0) throw new ConfigurationError(found);
  }
  // What asks is what the run was made from; what it may cost stands where the report stands.
  const pipeline = { ...made.pipeline, maxCost: (start ?? reported.pipeline).maxCost };
  if (policy !== null || maxCost.kind === 'amount' || capOf(pipeline, ceilings) !== null)
    checkCeiling({ ...made, pipeline }, prices, ceilings, file);
  await moveCap(place, pipeline, ceilings, start?.target ?? null);
}

/** Whether a run that reckons with the price `then` pays no more at the price `now`; an unknown one covers nothing. */
function isCovered(now: TokenPrice | null, then: TokenPrice | null): boolean {
  if (now === null || then === null) return now === then;
  const isBelow = (a: string, b: string): boolean => (parseUsd(a) ?? 0n) <= (parseUsd(b) ?? 0n);
  const isPlainBelow = (a: Price, b: Price): boolean =>
    isBelow(a.input, b.input) && isBelow(a.output, b.output);
  const cached =
    then.cachedInput === null || (now.cachedInput !== null && isBelow(now.cachedInput, then.cachedInput));
  const tier = now.above === null || then.above === null || then.above.inputTokens <= now.above.inputTokens;
  return isPlainBelow(now, then) && isPlainBelow(now.above ?? now, then.above ?? then) && cached && tier;
}

/**
 * Records another ceiling. Unless who pays says one, it only moves down; and never down for a commit that joins a run
 * which others wait for: what they may spend is not that commit's to lower.
 */
async function moveCap(
  place: RunPlace,
  pipeline: Pick<Pipeline, 'maxCost'>,
  ceilings: Ceilings,
  own: Target | null,
): Promise<void> {
  const { journal, clock } = place.ports;
  for (;;) {
    const { events, version } = await journal.read();
    const state = foldJournal(events);
    if (state === null || state.finished) return;
    const said = sliceCap(capOf(pipeline, ceilings), state.shard);
    const joins = own !== null && state.targets.some((target) => !isSameTarget(target, own));
    const isLower = said !== null && (state.cap === null || said < state.cap);
    if (joins && isLower) return;
    const isSaid = ceilings.maxCost.kind !== 'unsaid' || ceilings.policy?.maxCost != null;
    const cap = isSaid ? said : lowest([said, state.cap]);
    if (cap === state.cap) return;
    const event = { type: 'cap_changed', cap: cap?.toString() ?? null, at: clock.now() } as const;
    if ((await journal.append([event], version)).kind === 'appended') return;
  }
}

/** The pipeline's run if it has one, else a run in memory: for looking only, so that nothing is left to go on with. */
export async function borrowRun(request: StartRequest, options: RunPlaceOptions): Promise<RunPlace> {
  const { loaded, settings, directory } = await prepareRun(request, options);
  const place = existsSync(directory) ? openRunPlace(directory, options) : openMemoryPlace(options);
  return closingOnFailure(place, async () => {
    if (!existsSync(directory)) await createRun(place.ports, loaded, settings);
    return place;
  });
}

interface PreparedRun {
  readonly loaded: LoadedPipeline;
  readonly settings: RunSettings;
  readonly directory: string;
  readonly run: string;
  readonly epoch: number;
  readonly keeper: Keeper | null;
  readonly shard: ShardName | null;
}

async function prepareRun(request: StartRequest, options: RunPlaceOptions): Promise<PreparedRun> {
  const { pipeline: folder, root, source = folder } = request;
  const whole = await loadFolder(folder, folder, request.overrides, options.policy ?? null);
  const loaded = request.units === undefined ? whole : chooseUnits(whole, request.units);
  const settings: RunSettings = {
    simulator: {
      faults: request.faults,
      minLatencyMs: request.latency.minMs,
      maxLatencyMs: request.latency.maxMs,
    },
    prices: {},
    cap: null,
    ...(await readRecording(loaded.pipeline, root, request.from ?? null, options)),
    source,
    command: commandOf(request),
  };
  const contentKey = contentKeyOf(loaded, itemsDigestOf(loaded), settings);
  const idOf = (epoch: number): string => runIdOf(loaded.pipeline.name, contentKey, epoch);
  const wanted = request.shard ?? null;
  const keeper = request.keeper?.keeps(loaded.pipeline, wanted) ? request.keeper : null;
  const found = (await keeper?.epoch(idOf, loaded.pipeline, wanted)) ?? { epoch: 0, isWhole: false };
  const { epoch } = found;
  const shard = found.isWhole ? null : wanted;
  const run = shardRunId(idOf(epoch), shard);
  const directory = request.runDirectory ?? join(root, 'runs', run);
  return { loaded, settings, directory, run, epoch, keeper, shard };
}

async function readRecording(
  pipeline: Pipeline,
  root: string,
  from: string | null,
  options: RunPlaceOptions,
): Promise<Pick<RunSettings, 'replays' | 'recording'>> {
  const replayed = modelsOf(pipeline).some(({ provider }) => provider === 'replay');
  if (replayed && from !== null) return findRecording(root, from, options);
  if (replayed)
    throw usageError('--provider replay', 'it is not said which run to replay', 'add --from <run>');
  if (from !== null) throw usageError('--from', 'no step is answered by replay', 'add --provider replay');
  return { replays: null };
}

/** The command line, after the program's name, that makes the same run again. */
function commandOf({ pipeline, overrides, faults, maxCost = UNSAID, from, units }: StartRequest): string {
  const words = ['run', pipeline];
  const add = (flag: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined && value !== '') words.push(flag, String(value));
  };
  add('--seed', overrides.seed);
  add('--rng', overrides.rng);
  add('--repeat', overrides.repeat);
  add('--max-units', overrides.maxUnits);
  add('--provider', overrides.provider);
  add('--model', overrides.model);
  add('--mode', overrides.mode);
  add('--units-file', units?.from);
  add('--from', from);
  if (maxCost.kind === 'none') add('--max-cost', 'none');
  if (maxCost.kind === 'amount') add('--max-cost', usdText(maxCost.money));
  add('--simulator-faults', faults);
  return words.map(shellWord).join(' ');
}

// Runs whose blobs are lost: which of them, what is mended for nothing, and what is given up.
import { createMemoryBlobs } from '../../src/adapters/blobs/memory.ts';
import { createMemoryJournal } from '../../src/adapters/journals/memory.ts';
import { createInlineRunner } from '../../src/adapters/runners/inline.ts';
import { type NamedBlob, namedBlobs } from '../../src/engine/audit.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { foldJournal, JournalFold } from '../../src/engine/journal-fold.ts';
import { reachOf } from '../../src/engine/levels.ts';
import { RunContext } from '../../src/engine/perform-context.ts';
import { type LossPlan, planLoss } from '../../src/engine/perform-lose.ts';
import { boundOfLoss } from '../../src/engine/perform-lose-bound.ts';
import { recompute } from '../../src/engine/perform-recompute.ts';
import { requestHash } from '../../src/engine/request-id.ts';
import type { RunWorker } from '../../src/engine/tick.ts';
import { UnitSet } from '../../src/engine/unit-set.ts';
import type { LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import type { Blobs, Digest } from '../../src/ports/blobs.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { RunPorts } from '../../src/ports/session.ts';
import type { Script } from './scripted-provider.ts';
import { checkEveryEvent, Death } from './shard-world.ts';
import { finish, type World, type WorldOptions, worldOf } from './world.ts';

/** Blobs in memory that can be lost; what is written again is there again. */
export function losableBlobs(): { readonly blobs: Blobs; readonly lost: Set<string> } {
  const inner = createMemoryBlobs();
  const lost = new Set<string>();
  const check = (digest: Digest): void => {
    if (lost.has(digest)) throw new Error(`Blob ${digest} is missing.`);
  };
  const blobs: Blobs = {
    async put(chunks) {
      const digest = await inner.put(chunks);
      lost.delete(digest);
      return digest;
    },
    async text(digest) {
      check(digest);
      return inner.text(digest);
    },
    async *lines(digest) {
      check(digest);
      yield* inner.lines(digest);
    },
    async *bunches(digest) {
      check(digest);
      yield* inner.bunches(digest);
    },
    has: async (digest) => !lost.has(digest) && (await inner.has(digest)),
  };
  return { blobs, lost };
}

/** A run whose process dies right after the journal has taken the first event of a type; null: it lives to its end. */
export async function diedAfter(
  loaded: LoadedPipeline,
  script: Script,
  type: JournalEvent['type'] | null,
  options: WorldOptions,
  isLast: (event: JournalEvent) => boolean = (event) => event.type === type,
): Promise<{ readonly world: World; readonly lost: Set<string> }> {
  const { blobs, lost } = losableBlobs();
  const inner = createMemoryJournal();
  const life: { append: Journal['append'] } & Journal = {
    ...inner,
    async append(events, version) {
      const result = await inner.append(events, version);
      if (events.some(isLast)) throw new Death('the process died');
      return result;
    },
  };
  const world = await worldOf(loaded, script, { ...options, blobs, journal: () => life });
  const worker = await world.open('dead-1');
  await finish(world, worker).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
  });
  life.append = inner.append;
  return { world, lost };
}

/** Blobs that can be lost without the run being lost with them. */
export function losable(events: readonly JournalEvent[]): readonly NamedBlob[] {
  return namedBlobs(events).filter(({ role }) => ['outcomes', 'answers', 'requests'].includes(role));
}

/** Mends what can be mended, then plans and records what becomes of the rest, as `repair --pay` does. */
export async function payFor(
  world: World,
  loaded: LoadedPipeline,
  lost: ReadonlySet<string>,
): Promise<{
  readonly plan: LossPlan;
  readonly mended: number;
  readonly events: readonly JournalEvent[];
  /** What is said that it may cost. */
  readonly bound: bigint | null;
}> {
  const { events: before, version } = await world.journal.read();
  const ports: RunPorts = {
    journal: world.journal,
    blobs: world.blobs,
    clock: { now: () => 9_000_000, sleep: async () => {} },
    owners: { self: 'mender', isFinished: async () => true },
    runner: createInlineRunner(),
    provider: async () => {
      throw new Error('A repair asks nobody.');
    },
  };
  const missing = losable(before).filter(({ digest }) => lost.has(digest));
  await recompute(ports, loaded, before, missing);
  const rest = missing.filter(({ digest }) => lost.has(digest));
  const plan = await planLoss(ports, loaded, before, rest);
  const fold = new JournalFold();
  fold.apply(before);
  const context = new RunContext(ports, loaded, fold, version);
  const bound = await boundOfLoss(context, foldJournal(before)!, before, plan);
  if (plan.events.length > 0) await world.journal.append(plan.events, version);
  const { events } = await world.journal.read();
  checkEveryEvent(events);
  return { plan, mended: missing.length - rest.length, events, bound };
}

/** Hashes of the requests that a plan lets be asked again, up to `attempts` of each. */
export function mayBeAsked(
  before: readonly JournalEvent[],
  { plan }: { readonly plan: LossPlan },
  { context }: RunWorker,
  attempts: number,
): ReadonlySet<string> {
  const { steps } = foldJournal(before)!;
  const allowed = new Set<string>();
  const allow = (step: number, units: UnitSet): void => {
    for (const unit of units)
      for (let attempt = 1; attempt <= attempts; attempt++)
        allowed.add(requestHash(context.unitAt(step, unit).id, steps[step]!.name, attempt));
  };
  for (const event of plan.events) {
    if (event.type === 'units_lost') {
      const units = UnitSet.unionOf(event.groups.map((group) => UnitSet.parse(group.units)));
      for (const [offset, reached] of reachOf(steps, event.step, units).entries())
        allow(event.step + offset, reached);
    }
    if (event.type === 'answers_lost') {
      const batch = foldJournal(before)!.batches.get(event.batch)!;
      allow(batch.step, UnitSet.parse(event.units));
    }
  }
  for (const { step, units } of plan.batches) allow(step, units);
  return allowed;
}

// One life after the other of the process that works on a run: from the first word of the command line to the report,
// to a pause, or to a death. At everything it writes to the journal, the books and the money are held against the witness.
import { createAnswerContexts } from '../../src/adapters/providers/simulated.ts';
import { checkAccounting } from '../../src/analysis/accounting.ts';
import { costOfRequest } from '../../src/analysis/price.ts';
import { readMaxCost } from '../../src/commands/ceiling.ts';
import { workAndPublish } from '../../src/commands/outcome.ts';
import { startRun } from '../../src/commands/run-pipeline.ts';
import type { RunPlace } from '../../src/compose.ts';
import { accountFor } from '../../src/engine/account.ts';
import { budgetOf } from '../../src/engine/budget.ts';
import type { JournalEvent } from '../../src/engine/events.ts';
import { JournalFold } from '../../src/engine/journal-fold.ts';
import type { RunState } from '../../src/engine/state.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { ProviderSession } from '../../src/ports/session.ts';
import { Death, type DeathPlan, dyingPlace } from '../crash/dying-ports.ts';
import { createQuickClock } from './quick-clock.ts';
import type { Scenario } from './scenarios.ts';
import type { Service } from './service.ts';
import { KEY_VARIABLE, MARKS, PRICE } from './targets.ts';

/** Something that happens when the journal has grown by an event. */
export type Reaction = (event: JournalEvent, life: Life) => Promise<void> | void;

/** What a reaction may use. */
export interface Life {
  readonly service: Service;
  readonly session: ProviderSession;
  /** Asks for the end of the run, as another process does. */
  cancelRun(): Promise<void>;
}

/** How a life ended. */
export type End = 'finished' | 'paused' | 'died';

/** A run that is lived through in one directory. */
export interface Run {
  /** Everything that was found wrong so far, as sentences. */
  readonly breaches: readonly string[];
  /** The state after the last event. */
  state(): RunState;
  /** Types of all events so far. */
  readonly seen: ReadonlySet<string>;
  /** `inCompany`: other processes live too, and nobody takes them for dead. */
  live(plan: DeathPlan, inCompany?: boolean): Promise<End>;
  /** Sets another ceiling (US dollars) for the lives to come, as a person does. */
  raise(ceiling: string): void;
}

/** Longest real time of one life (ms). */
const LIFE_LIMIT_MS = 200_000;

/** What the witness billed, in picodollars. */
export async function billedBy(service: Service): Promise<bigint> {
  return costOfRequest(await service.billed(), PRICE);
}

/** What a run is made of. */
export interface RunParts {
  /** The pipeline. */
  readonly folder: string;
  /** Where the run is kept. */
  readonly directory: string;
  readonly service: Service;
  /** In US dollars. */
  readonly ceiling: string;
  readonly scenario: Scenario;
}

/** A run that nobody has begun. */
export function createRunOf({ folder, directory, service, ceiling, scenario }: RunParts): Run {
  const reaction = scenario.reaction?.() ?? null;
  const clock = createQuickClock(scenario.workers === undefined ? 10 : 60);
  const fold = new JournalFold();
  const breaches: string[] = [];
  const seen = new Set<string>();
  let maxCost = readMaxCost('ceiling', ceiling);
  let lives = 0;
  const alive = new Set<string>();
  let followed = 0;
  let checking = Promise.resolve();
  const stateNow = () => fold.state()!;

  /** Follows the journal and holds what it tells now against the books and the witness. */
  async function check(journal: Journal): Promise<void> {
    const { events, version } = await journal.readAfter(followed);
    if (version <= followed) return;
    followed = version;
    fold.apply(events);
    for (const { type } of events) seen.add(type);
    const state = stateNow();
    const after = events.map((event) => event.type).join(', ');
    const imbalance = checkAccounting(accountFor(state));
    if (imbalance !== null) breaches.push(`after ${after}: ${imbalance}`);
    const { known, uncertain, reserved } = budgetOf(state);
    const committed = known + uncertain + reserved;
    if (state.cap !== null && committed > state.cap)
      breaches.push(`after ${after}: ${committed} is committed, the cap is ${state.cap}`);
    const billed = await billedBy(service);
    if (billed > committed) breaches.push(`after ${after}: ${billed} is billed, ${committed} committed`);
  }

  function standBetween(place: RunPlace): RunPlace {
    const { ports } = place;
    const { journal } = ports;
    let opened: ProviderSession | null = null;
    const cancelRun = async () => {
      const event: JournalEvent = { type: 'cancel_requested', at: clock.now() };
      const { version } = await journal.read();
      await journal.append([event], version);
    };
    return {
      ...place,
      ports: {
        ...ports,
        clock,
        journal: {
          ...journal,
          async append(events, version) {
            const result = await journal.append(events, version);
            if (result.kind !== 'appended') return result;
            // One after the other: several processes may write at once.
            checking = checking.then(() => check(journal));
            await checking;
            for (const event of events)
              if (opened !== null) await reaction?.(event, { service, session: opened, cancelRun });
            return result;
          },
        },
        async provider(name, settings) {
          const session = await ports.provider(name, settings);
          opened = {
            ...session,
            contexts: createAnswerContexts({ url: service.url }),
            batches: {
              ...session.batches,
              find: (key, window) =>
                session.batches.find(key, {
                  ...window,
                  from: clock.realOf(window.from),
                  until: clock.realOf(window.until),
                }),
            },
          };
          return opened;
        },
      },
    };
  }

  return {
    breaches,
    state: stateNow,
    seen,
    raise(higher) {
      maxCost = readMaxCost('ceiling', higher);
    },
    async live(plan, inCompany = false) {
      const owner = `life-${++lives}`;
      alive.add(owner);
      const places: RunPlace[] = [];
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), LIFE_LIMIT_MS);
      try {
        const { place } = await startRun(
          { ...requestFor(folder, directory), maxCost },
          optionsFor(scenario),
          (whole) => {
            places.push(whole);
            const dying = dyingPlace(standBetween(whole), plan, owner).place;
            if (!inCompany) return dying;
            const owners = { self: owner, isFinished: async (other: string) => !alive.has(other) };
            return { ...dying, ports: { ...dying.ports, owners } };
          },
        );
        const { report } = await workAndPublish(place, {
          waitMs: null,
          signal: stop.signal,
          seen: () => {},
          launcher: 'octobatch',
          shownDirectory: 'run',
          only: 'work',
        });
        if (stop.signal.aborted) throw new Error(`the run did not end: ${JSON.stringify(report.pending)}`);
        return stateNow().finished ? 'finished' : 'paused';
      } catch (error) {
        if (!(error instanceof Death)) throw error;
        return 'died';
      } finally {
        clearTimeout(timer);
        alive.delete(owner);
        for (const place of places) await place.close();
      }
    },
  };
}

function optionsFor({ callTimeoutMs = 20_000 }: Scenario) {
  return {
    workerEntry: null,
    simulatorUrl: null,
    environment: { [KEY_VARIABLE]: MARKS.key },
    timing: { pollMs: 500, backoffMs: 5, lateVisibilityMs: 150, callTimeoutMs },
  };
}

function requestFor(folder: string, directory: string) {
  return {
    pipeline: folder,
    overrides: {},
    root: directory,
    runDirectory: directory,
    faults: '',
    latency: { minMs: 0, maxMs: 10 },
  };
}

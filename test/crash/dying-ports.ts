// A process that dies at a chosen port call, before it or after it: the ports of a run place, wrapped and counted.
import type { RunPlace } from '../../src/compose.ts';
import type { BatchProvider } from '../../src/ports/provider.ts';
import type { ProviderSession } from '../../src/ports/session.ts';

/** Thrown in place of the end of the process. */
export class Death extends Error {
  constructor(call: string) {
    super(`died at ${call}`);
  }
}

/** When to die: at the n-th call (from 1) of a port's function, before it is made or after it was. Null: never. */
export type DeathPlan = {
  readonly name: string;
  readonly nth: number;
  readonly when: 'before' | 'after';
} | null;

/** The place with every port call counted. `calls` names them in order; after death every further call dies too. */
export function dyingPlace(
  place: RunPlace,
  plan: DeathPlan,
  owner: string,
): { place: RunPlace; calls: string[] } {
  const calls: string[] = [];
  let dead = false;
  const enter = (name: string): boolean => {
    if (dead) throw new Death(name);
    calls.push(name);
    // Counted by name: how often a batch is looked at, and so the number of a call among all, depends on the clock.
    const isLast =
      plan !== null && name === plan.name && calls.filter((one) => one === name).length === plan.nth;
    if (isLast && plan.when === 'before') {
      dead = true;
      throw new Death(name);
    }
    return isLast;
  };
  const leave = (name: string, isLast: boolean): void => {
    if (isLast) dead = true;
    if (dead) throw new Death(name);
  };
  const once =
    <A extends unknown[], R>(name: string, call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const isLast = enter(name);
      const result = await call(...args);
      leave(name, isLast);
      return result;
    };
  const stream = <A extends unknown[], R>(name: string, call: (...args: A) => AsyncIterable<R>) =>
    async function* (...args: A): AsyncGenerator<R> {
      const isLast = enter(name);
      yield* call(...args);
      leave(name, isLast);
    };
  const { ports, publisher } = place;
  const { journal, blobs, runner } = ports;
  const dyingProvider = (provider: BatchProvider): BatchProvider => ({
    name: provider.name,
    limits: provider.limits,
    sizeOf: (request) => provider.sizeOf(request),
    find: once('provider.find', provider.find),
    submit: once('provider.submit', provider.submit),
    check: once('provider.check', provider.check),
    collect: stream('provider.collect', provider.collect),
    cancel: once('provider.cancel', provider.cancel),
  });
  const dyingSession = (session: ProviderSession): ProviderSession => ({
    ...session,
    batches: dyingProvider(session.batches),
    realtime:
      session.realtime === null
        ? null
        : { ...session.realtime, ask: once('provider.ask', session.realtime.ask) },
    health: once('provider.health', session.health),
    contexts:
      session.contexts === null ? null : { register: once('contexts.register', session.contexts.register) },
  });
  const sessions = new Map<string, Promise<ProviderSession>>();
  return {
    calls,
    place: {
      ...place,
      publisher: { file: once('publisher.file', publisher.file) },
      ports: {
        ...ports,
        // Whoever asks is the only one alive: all earlier owners are dead.
        owners: { self: owner, isFinished: async () => true },
        journal: {
          isDear: journal.isDear,
          read: once('journal.read', journal.read),
          readAfter: once('journal.readAfter', journal.readAfter),
          append: once('journal.append', journal.append),
        },
        blobs: {
          put: once('blobs.put', blobs.put),
          text: once('blobs.text', blobs.text),
          lines: stream('blobs.lines', blobs.lines),
          bunches: stream('blobs.lines', blobs.bunches),
          has: once('blobs.has', blobs.has),
        },
        runner: {
          ahead: runner.ahead,
          prepare: runner.prepare,
          compute: once('runner.compute', runner.compute),
          computeLines: once('runner.compute', runner.computeLines),
          render: once('runner.render', runner.render),
          check: once('runner.check', runner.check),
          close: runner.close,
        },
        provider(name, settings) {
          let session = sessions.get(name);
          if (session === undefined)
            sessions.set(name, (session = ports.provider(name, settings).then(dyingSession)));
          return session;
        },
      },
    },
  };
}

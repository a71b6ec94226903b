// Moves a run as far as it can go without waiting: decide, perform, record, again. The front doors call nothing else.

import { checkAccounting } from '../analysis/accounting.ts';
import type { RunPorts } from '../ports/session.ts';
import { accountFor } from './account.ts';
import { type Command, decide, type PauseReason, type Wait } from './decide.ts';
import { JournalFold } from './journal-fold.ts';
import { abandon } from './perform-abandon.ts';
import { cancel, check, claim, drop, findOrDrop, findOrSubmit, submit } from './perform-batches.ts';
import { call, endCalls } from './perform-calls.ts';
import { RunContext } from './perform-context.ts';
import { makeChildren } from './perform-fan-out.ts';
import { compute } from './perform-local.ts';
import { declare } from './perform-prompts.ts';
import { settle } from './perform-settle.ts';
import { readSnapshot } from './perform-snapshot.ts';
import { weigh } from './perform-weigh.ts';
import { JournalError, type RunState } from './state.ts';

/** A wait, with what went wrong lately when something did. */
export interface TroubledWait extends Wait {
  readonly trouble: string | null;
}

export type TickResult =
  | { readonly kind: 'finished'; readonly state: RunState }
  | { readonly kind: 'waiting'; readonly state: RunState; readonly waits: readonly TroubledWait[] }
  /** Nothing goes on until a person does something; batches under way are none. */
  | { readonly kind: 'paused'; readonly state: RunState; readonly reason: PauseReason }
  /** The signal ended it between two commands; nothing is lost. */
  | { readonly kind: 'interrupted'; readonly state: RunState };

/** What `openRun` gives: a run this process works on, and its ticks. */
export interface RunWorker {
  readonly context: RunContext;
  /**
   * Works until only time or others can help. `seen` hears of every change of state, for people to watch. From the
   * time `until` on (ms since 1970) it makes no second wave of single calls, which would go on for as long as there are.
   */
  tick(signal?: AbortSignal, seen?: (state: RunState) => void, until?: number): Promise<TickResult>;
}

/** Opens the run whose journal the ports hold. Throws a JournalError when there is none or it cannot be continued. */
export async function openRun(ports: RunPorts): Promise<RunWorker> {
  const { events, version } = await ports.journal.read();
  const fold = new JournalFold();
  fold.apply(events);
  const state = fold.state();
  if (state === null) throw new JournalError('There is no run here yet.');
  const context = new RunContext(ports, await readSnapshot(ports.blobs, state.snapshot), fold, version);
  return {
    context,
    async tick(signal, seen, until) {
      for (;;) {
        const result = await tick(context, signal, seen, until).finally(() => context.openBlobs.close());
        // What another process made void is decided anew, unless there is no time for it.
        if ((await context.save()) || result.kind === 'interrupted')
          return { ...result, state: context.state };
      }
    },
  };
}

async function tick(
  context: RunContext,
  signal?: AbortSignal,
  seen: (state: RunState) => void = () => {},
  until = Number.POSITIVE_INFINITY,
): Promise<TickResult> {
  await context.follow();
  // How old a batch may get is known only once its provider is opened.
  for (const batch of context.state.batches.values())
    if (batch.phase.kind === 'submitted') await context.session(batch.provider);
  let waves = 0;
  for (;;) {
    await endAtDeadline(context);
    const { state } = context;
    const imbalance = checkAccounting(accountFor(state));
    if (imbalance !== null)
      throw new JournalError(`The books of run ${state.run} do not balance: ${imbalance}.`);
    seen(state);
    const decision = decide(state, {
      owner: context.ports.owners.self,
      now: context.tellTime(),
      finishedOwners: await findFinishedOwners(context),
      attempted: context.attempted,
      notBefore: context.notBefore,
      blocks: context.blocks,
      refused: context.refused,
      maxBatchAge: context.maxBatchAge,
    });
    if (decision.kind === 'done') return { kind: 'finished', state };
    if (decision.kind === 'paused') return { kind: 'paused', state, reason: decision.reason };
    if (decision.kind === 'wait') {
      const waits = decision.waits.map((wait) => ({
        ...wait,
        trouble: wait.batch === null ? null : (context.troubles.get(wait.batch) ?? null),
      }));
      return { kind: 'waiting', state, waits };
    }
    if (signal?.aborted) return { kind: 'interrupted', state };
    const { command } = decision;
    const now = context.ports.clock.now();
    // One wave is made in any case, or a wait shorter than the start would never get anywhere.
    if (command.kind === 'call' && waves > 0 && now >= until) {
      const wait = { batch: command.batch, why: 'postponed', lookAt: now, trouble: null } as const;
      return { kind: 'waiting', state, waits: [wait] };
    }
    if (command.kind === 'call') waves++;
    await perform(context, command, signal);
  }
}

/** A run that has taken longer than it may begins nothing more; what is answered is kept. */
async function endAtDeadline(context: RunContext): Promise<void> {
  const isLate = (state: RunState, now: number): boolean => {
    const { deadlineMs = null } = state.settings;
    return deadlineMs !== null && !state.finished && !state.canceling && now >= state.createdAt + deadlineMs;
  };
  const at = context.ports.clock.now();
  if (!isLate(context.state, at)) return;
  const why = { kind: 'deadline' } as const;
  await context.record([{ type: 'cancel_requested', why, at }], (state) => isLate(state, at));
}

async function perform(context: RunContext, command: Command, signal?: AbortSignal): Promise<void> {
  switch (command.kind) {
    case 'settle':
      return settle(context, command.batch);
    case 'claim':
      return claim(context, command.batch);
    case 'find_or_submit':
      return findOrSubmit(context, command.batch);
    case 'submit':
      return submit(context, command.batch);
    case 'call':
      return call(context, command.batch, command.again, signal);
    case 'end_calls':
      return endCalls(context, command.batch);
    case 'cancel':
      return cancel(context, command.batch, command.why);
    case 'find_or_drop':
      return findOrDrop(context, command.batch);
    case 'drop':
      return drop(context, command.batch);
    case 'abandon':
      return abandon(context, command);
    case 'check':
      return check(context, command.batch);
    case 'compute':
      return compute(context, command);
    case 'fan_out':
      return makeChildren(context, command);
    case 'declare':
      return declare(context, command);
    case 'weigh':
      return weigh(context);
    case 'finish':
      await context.record([{ type: 'run_finished', at: context.ports.clock.now() }]);
      return;
    default:
      command satisfies never;
  }
}

/** Asks which other claimants of unsubmitted batches have stopped; nobody else's state matters. */
async function findFinishedOwners(context: RunContext): Promise<ReadonlySet<string>> {
  const finished = new Set<string>();
  const { owners } = context.ports;
  for (const batch of context.state.batches.values()) {
    if (batch.phase.kind !== 'claimed' && batch.phase.kind !== 'calling') continue;
    const { owner } = batch.phase.claim;
    if (owner !== owners.self && !finished.has(owner) && (await owners.isFinished(owner)))
      finished.add(owner);
  }
  return finished;
}

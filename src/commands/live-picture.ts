// What the live view shows of a run at a moment, read off its state. Text of others is made harmless here; the layout
// decides what of it there is room for.
import { formatMoney } from '../analysis/money.ts';
import { accountFor } from '../engine/account.ts';
import { budgetOf } from '../engine/budget.ts';
import { formatShard } from '../engine/shard.ts';
import type { OpenBatch, RunState } from '../engine/state.ts';
import { logText } from '../report/escape.ts';
import { formatAge } from './ages.ts';

/** A step as a box. `valid + failed + underWay + waiting` are the units that have come to it. */
export interface LiveStep {
  readonly name: string;
  readonly kind: 'expression' | 'llm' | 'fan_out';
  readonly valid: number;
  readonly failed: number;
  /** In batches or calls that are not settled. */
  readonly underWay: number;
  readonly waiting: number;
  readonly retried: number;
  /** How many units the step will have had as far as can be known; null: that cannot be known yet. */
  readonly expected: number | null;
  /** Who is asked; null: nobody, or nobody yet. */
  readonly asked: string | null;
  /** Of a fan-out: the children so far; null elsewhere. */
  readonly children: number | null;
}

/** A batch, or a wave of single calls, that is not settled. */
export interface LiveBatch {
  /** The provider's own name for it, else the beginning of ours. */
  readonly id: string;
  readonly step: string;
  readonly asked: string;
  readonly requests: number;
  readonly mode: 'batch' | 'realtime';
  /** Where it stands and since when. */
  readonly says: string;
  readonly isHeldUp: boolean;
}

/** The run's money in picodollars. */
export interface LiveMoney {
  readonly spent: bigint;
  /** True when something was paid at a price that is not known. */
  readonly unpriced: boolean;
  /** Promised to what is under way, and what lost answers may have cost. */
  readonly reserved: bigint;
  readonly cap: bigint | null;
}

/** How long it may still take, and what makes one think so. */
export interface LiveEta {
  readonly leftMs: number;
  readonly of: 'run' | 'wave';
  readonly because: string;
}

/** A unit that failed for good. */
export interface LiveFailure {
  readonly kind: string;
  readonly step: string;
  readonly unit: string;
  /** The first thing that was wrong with it. */
  readonly issue: string;
}

/** A run at a moment. */
export interface Picture {
  readonly run: string;
  readonly standing: 'open' | 'canceling' | 'finished';
  readonly ageMs: number;
  /** Since the last event of the journal. */
  readonly quietMs: number;
  readonly planned: number;
  readonly valid: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly shard: string | null;
  /** Of a run that may end early: which wave it is at, how many units are open and can be. */
  readonly wave: {
    readonly number: number;
    readonly opened: number;
    readonly most: number;
    readonly isLast: boolean;
  } | null;
  readonly steps: readonly LiveStep[];
  readonly batches: readonly LiveBatch[];
  readonly money: LiveMoney | null;
  readonly eta: LiveEta | null;
  /** Why nothing goes on until a person does something; null: it goes on. */
  readonly paused: string | null;
  /** What is done now that all units are over, and for how long; absent: nothing. */
  readonly afterwards?: string;
  /** Newest first. */
  readonly failures: readonly LiveFailure[];
  /** What Ctrl-C does. */
  readonly hint: string;
}

/** What the state alone does not tell. */
export type PictureExtras = Pick<Picture, 'eta' | 'paused' | 'afterwards' | 'failures' | 'hint'>;

/** The picture of a run at `now` (ms since 1970). */
export function pictureOf(state: RunState, now: number, extras: PictureExtras): Picture {
  const { planned, sources = planned, valid, failed, inFlight } = accountFor(state);
  return {
    run: logText(state.run, 120),
    standing: state.finished ? 'finished' : state.canceling ? 'canceling' : 'open',
    ageMs: Math.max(0, (state.finished ? state.lastEventAt : now) - state.createdAt),
    quietMs: Math.max(0, now - state.lastEventAt),
    planned,
    valid,
    failed,
    inFlight,
    shard: state.shard === null ? null : formatShard(state.shard),
    wave: waveOf(state, sources),
    steps: liveSteps(state),
    batches: [...state.batches.values()].map((batch) => liveBatch(state, batch, now)),
    money: moneyOf(state),
    ...extras,
  };
}

/** The steps with how many units each will have had, as far as fan-outs let one know. */
export function liveSteps(state: RunState): readonly LiveStep[] {
  const { planned, sources = planned, steps } = accountFor(state);
  let coming: number | null = sources;
  return steps.map((account, index): LiveStep => {
    const { step: name, kind, entered, valid, failed, inFlight, retried, provider, model } = account;
    const waiting = (state.steps[index]?.ready ?? []).reduce((sum, { units }) => sum + units.size, 0);
    const expected: number | null = coming === null ? null : Math.max(entered, coming);
    const { children = null } = account;
    // Units that failed here do not come to the next step.
    const through: number | null = expected === null ? null : expected - failed;
    const isOver = expected !== null && expected === valid + failed;
    coming = children === null ? through : isOver ? children : null;
    return {
      name: logText(name, 64),
      kind,
      valid,
      failed,
      underWay: Math.max(0, inFlight - waiting),
      waiting: Math.min(inFlight, waiting),
      retried,
      expected,
      asked: provider === null || model === null ? null : nameModel(provider, model),
      children,
    };
  });
}

function waveOf({ waves, units }: RunState, opened: number): Picture['wave'] {
  if (waves === null) return null;
  return { number: waves.looks.length + (waves.isOver ? 0 : 1), opened, most: units, isLast: waves.isOver };
}

function moneyOf(state: RunState): LiveMoney | null {
  const { known, unpriced, uncertain, reserved } = budgetOf(state);
  const isPaid = Object.keys(state.settings.prices).length > 0;
  if (!isPaid && known + uncertain + reserved === 0n) return null;
  return { spent: known, unpriced, reserved: uncertain + reserved, cap: state.cap };
}

function nameModel(provider: string, model: string): string {
  return logText(provider === model ? provider : `${provider} ${model}`, 60);
}

function liveBatch(state: RunState, batch: OpenBatch, now: number): LiveBatch {
  const { key, step, provider, model, count, mode, phase } = batch;
  const isHeldUp =
    phase.kind === 'postponed' ||
    (phase.kind === 'calling' && phase.stopped !== null) ||
    batch.trouble !== null;
  return {
    id: logText(phase.kind === 'submitted' ? phase.providerBatch : key.slice(0, 8), 200),
    step: logText(state.steps[step]!.name, 64),
    asked: nameModel(provider, model),
    requests: count,
    mode,
    says: logText(sayBatch(batch, now), 200),
    isHeldUp,
  };
}

function sayBatch({ phase, count, mode, cancelAsked, trouble }: OpenBatch, now: number): string {
  switch (phase.kind) {
    case 'claimed':
      return mode === 'batch' ? 'about to be sent' : 'about to be asked';
    case 'postponed':
      return `${sayWait(phase.retryAt, now)}: ${phase.why}`;
    case 'submitted': {
      const age = formatAge(Math.max(0, now - phase.at));
      if (cancelAsked !== null) return `sent ${age} ago, being cancelled`;
      if (trouble !== null) return `sent ${age} ago, the provider ${TROUBLES[trouble.kind]}`;
      return `sent ${age} ago`;
    }
    case 'calling': {
      const done = `${phase.answered.size} of ${count} calls answered`;
      return phase.stopped === null
        ? done
        : `${done}; ${sayWait(phase.stopped.retryAt, now)}: ${phase.stopped.why}`;
    }
    case 'collected':
      return phase.status === 'completed' ? 'back, being checked' : `back (${phase.status}), being checked`;
    default:
      return phase satisfies never;
  }
}

const TROUBLES = {
  unknown: 'does not know it',
  rows: 'does not give its answers',
  unsure: 'cannot say whether it exists',
} as const;

function sayWait(retryAt: number, now: number): string {
  return retryAt > now ? `tried again in ${formatAge(retryAt - now)}` : 'may be tried again';
}

/** The money in words: `spent $0.12, reserved $0.30, at most $1.00`. */
export function sayMoney({ spent, unpriced, reserved, cap }: LiveMoney): string {
  const parts = [
    unpriced ? 'spent: unknown, a price is missing' : `spent ${formatMoney(spent)}`,
    ...(reserved === 0n ? [] : [`reserved ${formatMoney(reserved)}`]),
    cap === null ? 'no limit' : `at most ${formatMoney(cap)}`,
  ];
  return parts.join(', ');
}

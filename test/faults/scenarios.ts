// Everything that can go wrong with a provider, one row of the matrix each: what is arranged, and how the run must end.
import type { JournalEvent } from '../../src/engine/events.ts';
import type { DeathPlan } from '../crash/dying-ports.ts';
import type { Life, Reaction } from './lives.ts';
import type { Behaviour } from './service.ts';
import { type Changes, MARKS, type Target } from './targets.ts';

/** A mishap of the nth call of its kind. */
interface Scheduled {
  readonly at: { readonly call: string; readonly nth: number };
  readonly do: Readonly<Record<string, unknown>> & { readonly kind: string };
}

/** One row. */
export interface Scenario {
  readonly name: string;
  /** Where it applies; left out: everywhere. */
  readonly mode?: 'batch' | 'realtime';
  /** Providers that have no such thing. */
  readonly without?: readonly Target['provider'][];
  readonly changes?: Changes;
  readonly behaviour?: Behaviour;
  readonly mishaps?: readonly Scheduled[];
  /** False: some of its mishaps may never find their call. */
  readonly isArranged?: boolean;
  /** How long a single call may take. */
  readonly callTimeoutMs?: number;
  /** So many processes work on the run at the same time. */
  readonly workers?: number;
  /** The first process dies there, the next one at the next. */
  readonly deaths?: readonly NonNullable<DeathPlan>[];
  /** An event that shows that it happened. */
  readonly seen?: JournalEvent['type'];
  /** What happens when the journal grows, made anew for each run. */
  readonly reaction?: () => Reaction;
  /** The run pauses this often, each time until a person does something; `any` where nobody can know. */
  readonly pauses?: number | 'any';
  /** What the person does. Default: only what the service needs, which by then behaves. */
  readonly mend?: 'raise the cap';
  /** How many units are valid in the end. Default: all. */
  readonly valid?: 'all' | 'some';
  /** Whether attempts are used up. Default: none. */
  readonly attempts?: 'more' | 'any';
  /** Where money may stay in doubt. Default: not a cent, nowhere. */
  readonly doubt?: true | readonly Target['provider'][];
}

const BATCH = { mode: 'batch' } as const;
const REALTIME = { mode: 'realtime' } as const;
const MORE = { attempts: 'more' } as const;

const at = (call: string, nth = 1) => ({ call, nth });
const once = (call: string, doing: Scheduled['do'], nth = 1): readonly Scheduled[] => [
  { at: at(call, nth), do: doing },
];

/** Does something once, when the first event of a type was written. */
function upon(type: string, act: (life: Life, event: object) => Promise<void>): () => Reaction {
  return () => {
    let done = false;
    return async (event, life) => {
      if (done || event.type !== type) return;
      done = true;
      await act(life, event);
    };
  };
}

/** From the first collected batch on the service behaves. */
export const mendsAfterFirst = upon('batch_collected', ({ service }) => service.behave({}));

/** The share of requests that a fault happens to, so that most units meet it at some step. */
const share = (fault: string, part = 0.35): Behaviour => ({
  faults: { [fault]: part, fenced: 0, seed: '3' },
});

/** Rows of the matrix. */
export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing goes wrong' },

  // Before anything exists at the provider.
  {
    name: 'rate limits',
    mishaps: [
      ...once('create', { kind: 'rate_limit', retryAfterMs: 40, times: 3 }),
      ...once('ask', { kind: 'rate_limit', retryAfterMs: 40, times: 5 }),
    ],
  },
  {
    name: 'rate limits that do not say how long',
    mishaps: [
      ...once('create', { kind: 'rate_limit', times: 2 }),
      ...once('ask', { kind: 'rate_limit', times: 4 }),
    ],
  },
  {
    name: 'overloaded',
    mishaps: [
      ...once('create', { kind: 'overloaded', times: 2 }),
      ...once('ask', { kind: 'overloaded', times: 4 }),
    ],
  },
  {
    name: 'uploads fail',
    ...BATCH,
    without: ['anthropic'],
    mishaps: once('upload', { kind: 'fail', status: 500, times: 2 }),
  },
  {
    name: 'a file just uploaded is not found',
    ...BATCH,
    without: ['anthropic'],
    mishaps: once('create', {
      kind: 'fail',
      status: 404,
      message: 'No such file: it cannot be found',
      times: 2,
    }),
  },
  {
    name: 'a file just uploaded is an invalid id',
    ...BATCH,
    without: ['anthropic', 'gemini'],
    mishaps: once('create', {
      kind: 'fail',
      status: 400,
      message: 'Invalid file ID: cannot find file',
      times: 2,
    }),
  },
  {
    name: 'the key is refused before anything is sent, then mended',
    mishaps: once('model', { kind: 'fail', status: 401 }),
    pauses: 1,
  },
  {
    name: 'the service does not say whether it knows the model',
    mishaps: once('model', { kind: 'fail', status: 500, times: 20 }),
  },
  {
    name: 'the key is refused, then mended',
    mishaps: [
      ...once('create', { kind: 'fail', status: 401 }),
      ...once('ask', { kind: 'fail', status: 401 }),
    ],
    pauses: 1,
  },
  {
    name: 'the spend limit is reached, then lifted',
    mishaps: [...once('create', { kind: 'spend_limit' }, 2), ...once('ask', { kind: 'spend_limit' }, 5)],
    pauses: 1,
  },
  {
    name: 'the queue is full, nothing else of ours in it',
    ...BATCH,
    seen: 'batch_returned',
    mishaps: once('create', { kind: 'queue_full' }),
  },
  {
    name: 'the queue is full behind our own batches',
    ...BATCH,
    seen: 'batch_returned',
    mishaps: once('create', { kind: 'queue_full', times: 2 }, 2),
  },
  {
    name: 'the queue takes few tokens',
    ...BATCH,
    seen: 'batch_returned',
    // Fewer than one batch has, however soon the one before it ends, and more than one request.
    behaviour: { queueTokens: 35 },
  },
  {
    name: 'the queue takes few tokens, and the pipeline says so',
    ...BATCH,
    changes: { settings: { queue_tokens: 400 } },
  },

  // The create itself.
  {
    name: 'the answer to a create is lost',
    ...BATCH,
    mishaps: once('create', { kind: 'lose_create_answer', times: 2 }),
  },
  {
    name: 'a create is answered 5xx after the batch came to be',
    ...BATCH,
    mishaps: once('create', { kind: 'create_5xx_after', status: 503, times: 2 }),
  },
  {
    name: 'a create is answered 5xx and nothing came to be',
    ...BATCH,
    mishaps: once('create', { kind: 'fail', status: 502, times: 2 }),
  },
  {
    name: 'the answer is lost and lists fail',
    ...BATCH,
    mishaps: [
      ...once('create', { kind: 'lose_create_answer' }),
      ...once('list', { kind: 'fail', status: 503, times: 7 }),
    ],
  },
  {
    name: 'the answer is lost and the batch shows late',
    ...BATCH,
    mishaps: [
      ...once('create', { kind: 'lose_create_answer' }),
      ...once('create', { kind: 'late_visibility', ms: 120 }),
    ],
  },
  {
    name: 'the process dies before the create',
    ...BATCH,
    deaths: [{ name: 'provider.submit', nth: 2, when: 'before' }],
  },
  {
    name: 'the process dies right after the create',
    ...BATCH,
    deaths: [{ name: 'provider.submit', nth: 1, when: 'after' }],
  },
  {
    name: 'the process dies after the create, and the batch shows late',
    ...BATCH,
    mishaps: once('create', { kind: 'late_visibility', ms: 120, times: 3 }),
    deaths: [{ name: 'provider.submit', nth: 1, when: 'after' }],
  },

  {
    name: 'the service repeats the key it refuses',
    mishaps: [
      ...once('create', { kind: 'fail', status: 401, message: `Incorrect API key provided: ${MARKS.key}` }),
      ...once('ask', { kind: 'fail', status: 401, message: `Incorrect API key provided: ${MARKS.key}` }),
    ],
    pauses: 1,
  },
  {
    name: 'the service repeats the prompt it refuses',
    ...REALTIME,
    mishaps: once('ask', {
      kind: 'fail',
      status: 400,
      message: `Cannot read "${MARKS.prompt} A courier rode" in the request`,
      times: 3,
    }),
    valid: 'some',
  },

  { name: 'three processes work at once', workers: 3, behaviour: { latency: { minMs: 20, maxMs: 150 } } },
  {
    name: 'three processes work at once, and answers to creates are lost',
    ...BATCH,
    workers: 3,
    mishaps: [
      ...once('create', { kind: 'lose_create_answer', times: 3 }),
      ...once('create', { kind: 'late_visibility', ms: 80, times: 3 }),
    ],
  },

  // While it runs.
  {
    name: 'a batch just created is unknown',
    ...BATCH,
    mishaps: once('create', { kind: 'late_visibility', ms: 100, times: 3 }),
  },
  { name: 'looks fail', ...BATCH, mishaps: once('retrieve', { kind: 'fail', status: 503, times: 7 }) },
  {
    name: 'looks are answered 404 for a while',
    ...BATCH,
    mishaps: once('retrieve', { kind: 'fail', status: 404, times: 7 }),
  },
  {
    name: 'batches fail and say why',
    ...BATCH,
    without: ['anthropic'],
    mishaps: once('create', { kind: 'fail_batch', code: 'internal_error' }),
    valid: 'some',
  },
  {
    name: 'batches fail without a reason',
    ...BATCH,
    without: ['anthropic'],
    mishaps: once('create', { kind: 'fail_batch' }),
    valid: 'some',
  },
  {
    name: 'batches expire, some rows answered',
    ...BATCH,
    // Its expired batches tell nothing of what was answered.
    doubt: ['gemini'],
    behaviour: { latency: { minMs: 400, maxMs: 400 }, lifetimeMs: 220 },
    reaction: mendsAfterFirst,
    ...MORE,
  },
  {
    name: 'somebody cancels a batch, some rows answered',
    ...BATCH,
    // Their cancelled batches do not tell which rows were not run.
    doubt: ['openai', 'gemini'],
    // So long that a busy machine does not come too late.
    behaviour: { latency: { minMs: 8_000, maxMs: 8_000 } },
    reaction: upon('batch_submitted', async ({ service, session }, event) => {
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await session.batches.cancel((event as { providerBatch: string }).providerBatch);
      await service.behave({});
    }),
    ...MORE,
  },
  {
    name: 'a batch is stuck beyond the age limit',
    ...BATCH,
    // Their cancelled batches do not tell which rows were not run.
    doubt: ['openai', 'gemini'],
    seen: 'batch_cancel_asked',
    changes: { settings: { batch_max_age_hours: 0.003 } },
    mishaps: once('create', { kind: 'stuck', ms: 10_000 }),
    ...MORE,
  },
  { name: 'a batch runs past its first looks', ...BATCH, behaviour: { latency: { minMs: 200, maxMs: 300 } } },

  // When it is over.
  {
    name: 'the output is not there yet',
    ...BATCH,
    mishaps: once('create', { kind: 'late_file', ms: 80, times: 3 }),
  },
  {
    name: 'downloads answer 502',
    ...BATCH,
    mishaps: once('content', { kind: 'fail', status: 502, times: 3 }),
  },
  {
    name: 'downloads are cut',
    ...BATCH,
    mishaps: once('content', { kind: 'cut_download', afterBytes: 700, times: 3 }),
  },
  { name: 'rows are missing', ...BATCH, behaviour: share('missing'), ...MORE, doubt: true },
  { name: 'rows come twice', ...BATCH, behaviour: share('duplicate') },
  {
    name: 'rows contradict each other',
    ...BATCH,
    behaviour: share('contradicting'),
    attempts: 'more',
    doubt: true,
    valid: 'some',
  },
  { name: 'rows nobody asked for', ...BATCH, behaviour: share('unknown') },
  { name: 'rows are damaged', ...BATCH, behaviour: share('damaged'), ...MORE, doubt: true },
  {
    name: 'rows are missing from batches that expire',
    ...BATCH,
    behaviour: { latency: { minMs: 400, maxMs: 400 }, lifetimeMs: 300, ...share('missing', 0.5) },
    reaction: mendsAfterFirst,
    ...MORE,
    doubt: true,
  },
  {
    name: 'every row is a server error at first',
    ...BATCH,
    behaviour: share('errored', 1),
    reaction: mendsAfterFirst,
    ...MORE,
  },

  // What the model says.
  { name: 'some requests are server errors', behaviour: share('errored'), attempts: 'any' },
  { name: 'some requests are refused by the service', behaviour: share('rejected'), valid: 'some' },
  { name: 'models decline', behaviour: share('refused'), valid: 'some' },
  { name: 'answers are cut', behaviour: share('truncated'), ...MORE },
  { name: 'answers are not JSON', behaviour: share('malformed'), ...MORE },
  { name: 'answers are fenced', behaviour: share('fenced', 1) },
  { name: 'answers stand in prose', behaviour: share('prose', 1) },
  { name: 'answers hold control characters', behaviour: share('control', 1) },
  { name: 'answers are as long as they may be', behaviour: share('verbose', 1) },
  {
    name: 'everything at once',
    behaviour: {
      faults: {
        malformed: 0.1,
        truncated: 0.05,
        missing: 0.05,
        errored: 0.05,
        duplicate: 0.05,
        contradicting: 0.05,
        unknown: 0.05,
        damaged: 0.05,
        control: 0.1,
        verbose: 0.2,
        seed: '8',
      },
    },
    ...MORE,
    doubt: true,
    valid: 'some',
  },

  // Money.
  { name: 'the budget is tight', changes: { maxCost: '0.1' } },
  {
    name: 'the budget is tight, and answers fail and are long',
    changes: { maxCost: '0.15' },
    behaviour: { faults: { malformed: 0.2, truncated: 0.1, verbose: 0.6, seed: '4' } },
    ...MORE,
  },
  {
    name: 'the budget is used up by batches, then raised',
    ...BATCH,
    changes: { maxCost: '0.0125', attempts: 2 },
    behaviour: share('verbose', 1),
    pauses: 1,
    mend: 'raise the cap',
  },
  {
    name: 'the budget is used up by calls, then raised',
    ...REALTIME,
    changes: { maxCost: '0.023', attempts: 2 },
    behaviour: share('verbose', 1),
    pauses: 1,
    mend: 'raise the cap',
  },

  // Single calls.
  {
    name: 'answers to calls are lost',
    ...REALTIME,
    mishaps: once('ask', { kind: 'lose_call_answer', times: 3 }),
    doubt: true,
  },
  {
    name: 'answers to calls are lost again and again',
    ...REALTIME,
    behaviour: share('missing'),
    // A call is repeated once, then its silence is its unit's failure.
    valid: 'some',
    doubt: true,
  },
  {
    name: 'answers to calls are damaged',
    ...REALTIME,
    behaviour: share('damaged'),
    valid: 'some',
    doubt: true,
  },
  {
    name: 'gateways give up on calls',
    ...REALTIME,
    mishaps: once('ask', { kind: 'fail', status: 504, times: 3 }),
    doubt: true,
  },
  {
    name: 'calls meet a broken server',
    ...REALTIME,
    mishaps: once('ask', { kind: 'fail', status: 500, times: 6 }),
  },
  {
    name: 'a call is refused for good',
    ...REALTIME,
    mishaps: once('ask', { kind: 'fail', status: 400, times: 2 }),
    valid: 'some',
  },
  {
    name: 'rate limits that outlast every patience',
    ...REALTIME,
    mishaps: once('ask', { kind: 'rate_limit', times: 30 }),
    seen: 'calls_stopped',
  },
  {
    name: 'the last calls of a window are told in headers',
    ...REALTIME,
    mishaps: once('ask', {
      kind: 'headers',
      headers: {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '60ms',
        'anthropic-ratelimit-requests-remaining': '0',
      },
    }),
  },
  {
    name: 'the process dies between calls',
    ...REALTIME,
    deaths: [{ name: 'provider.ask', nth: 4, when: 'before' }],
    doubt: true,
  },
  {
    name: 'the process dies when a call was answered',
    ...REALTIME,
    deaths: [{ name: 'provider.ask', nth: 2, when: 'after' }],
    doubt: true,
  },
  {
    name: 'the process dies while answers are written down',
    ...REALTIME,
    deaths: [{ name: 'blobs.put', nth: 8, when: 'before' }],
    doubt: true,
  },

  {
    name: 'calls hang',
    ...REALTIME,
    callTimeoutMs: 700,
    mishaps: once('ask', { kind: 'hang', times: 2 }, 3),
    valid: 'some',
    attempts: 'any',
    doubt: true,
  },

  // A person ends it.
  {
    name: 'the run is cancelled under way',
    behaviour: { latency: { minMs: 8_000, maxMs: 8_000 } },
    ...BATCH,
    seen: 'batch_cancel_asked',
    doubt: ['openai', 'gemini'],
    reaction: upon('batch_submitted', ({ cancelRun }) => cancelRun()),
    valid: 'some',
  },
  {
    name: 'the run is cancelled between calls',
    ...REALTIME,
    seen: 'cancel_requested',
    reaction: upon('calls_answered', ({ cancelRun }) => cancelRun()),
    valid: 'some',
  },
];

/** Whether a scenario means anything for a target. */
export function applies(scenario: Scenario, target: Target): boolean {
  return (
    (scenario.mode === undefined || scenario.mode === target.mode) &&
    !(scenario.without ?? []).includes(target.provider)
  );
}

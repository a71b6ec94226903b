// A provider whose every answer is scripted: it implements the port, so that the engine meets what real ones do rarely.
import type {
  Answer,
  BatchDraft,
  BatchProvider,
  CallResult,
  CheckResult,
  FindResult,
  ModelRequest,
  RealtimeProvider,
  SubmitResult,
} from '../../src/ports/provider.ts';

/** What each call shall do; what is left out behaves well. Each function hears how often it was called before. */
export interface Script {
  find?(times: number, known: boolean): FindResult;
  submit?(times: number): SubmitResult | 'created but unsure' | undefined;
  check?(times: number): CheckResult;
  /** Rows for the requests of a batch; default: `{"n": 1}` for each. */
  rows?(requests: readonly ModelRequest[], times: number): Iterable<Answer> | 'broken download';
  /** Ends a batch that is asked to end; the default leaves it to `check`. */
  cancel?(times: number): void;
  /** One call; `asked`: how often this very request was asked before. */
  ask?(request: ModelRequest, asked: number): CallResult | Promise<CallResult>;
}

/** A good answer to a request. */
export function textAnswer(request: ModelRequest, text = '{"n": 1}'): Answer {
  return {
    kind: 'text',
    customId: request.customId,
    text,
    usage: { input: 10, output: 2 },
    model: request.model,
  };
}

/** The provider, and what it has seen. */
export function createScriptedProvider(script: Script): {
  readonly provider: BatchProvider;
  readonly realtime: RealtimeProvider;
  /** How often each request was asked call by call, by custom id. */
  readonly asked: ReadonlyMap<string, number>;
  /** Requests of every batch that came into being, by provider batch id. */
  readonly created: ReadonlyMap<string, readonly ModelRequest[]>;
  readonly calls: readonly string[];
} {
  const created = new Map<string, readonly ModelRequest[]>();
  const keys = new Map<string, string>();
  const counts = new Map<string, number>();
  const calls: string[] = [];
  const asked = new Map<string, number>();
  const enter = (name: string): number => {
    calls.push(name);
    const times = counts.get(name) ?? 0;
    counts.set(name, times + 1);
    return times;
  };
  const create = async (draft: BatchDraft): Promise<string> => {
    const requests: ModelRequest[] = [];
    for await (const request of draft.requests) requests.push(request);
    const id = `batch-${created.size + 1}`;
    created.set(id, requests);
    keys.set(draft.key, id);
    return id;
  };
  return {
    created,
    calls,
    asked,
    realtime: {
      name: 'scripted',
      concurrency: 4,
      async ask(request) {
        const before = asked.get(request.customId) ?? 0;
        asked.set(request.customId, before + 1);
        return script.ask?.(request, before) ?? { kind: 'answered', answer: textAnswer(request) };
      },
    },
    provider: {
      name: 'scripted',
      limits: { maxRequests: 1000, maxBytes: 1_000_000 },
      sizeOf: (request) => request.prompt.length,
      async find(key) {
        const id = keys.get(key);
        const natural: FindResult =
          id === undefined ? { kind: 'absent' } : { kind: 'found', providerBatch: id };
        return script.find?.(enter('find'), id !== undefined) ?? natural;
      },
      async submit(draft) {
        const result = script.submit?.(enter('submit')) ?? 'create';
        if (typeof result === 'object') return result;
        if (!(await draft.mayCreate())) return { kind: 'later', why: 'too late', retryAfterMs: 0 };
        const providerBatch = await create(draft);
        return result === 'create'
          ? { kind: 'submitted', providerBatch }
          : { kind: 'unsure', why: 'no answer came' };
      },
      async check() {
        return script.check?.(enter('check')) ?? { kind: 'ended', status: 'completed', reason: null };
      },
      async *collect(id) {
        const requests = created.get(id) ?? [];
        const rows =
          script.rows?.(requests, enter('collect')) ?? requests.map((request) => textAnswer(request));
        if (rows === 'broken download') {
          if (requests[0] !== undefined) yield textAnswer(requests[0]);
          throw new Error('the stream was cut');
        }
        yield* rows;
      },
      async cancel() {
        const times = enter('cancel');
        script.cancel?.(times);
      },
    },
  };
}

// Anthropic's message batches behind the batch port. A create is sent once, and every doubt is reported as doubt: a
// batch has no name here, so whose it is shows only in the custom ids of its results.
import type { Anthropic } from '@anthropic-ai/sdk';
import type {
  Answer,
  BatchDraft,
  BatchProvider,
  CheckResult,
  CreationWindow,
  FindResult,
  SubmitResult,
} from '../../ports/provider.ts';
import { withBody } from '../provider-body.ts';
import { headersOf, isPassing, retryAfterOf, statusOf } from '../provider-errors.ts';
import { linesOf, pause, repeatRead } from '../provider-http.ts';
import { type AnthropicClient, createFateOf, plainError } from './anthropic-client.ts';
import { type AnthropicOptions, LIVE } from './anthropic-live.ts';
import { batchRequest, customIdOf, readRow } from './anthropic-wire.ts';

type Batch = Anthropic.Messages.MessageBatch;

type Page = Pick<Anthropic.Messages.MessageBatchesPage, 'data' | 'has_more' | 'last_id'>;

const BATCHES = '/v1/messages/batches';

/** Bytes of `{"requests":[` and `]}`. */
const FRAME_BYTES = 15;

/** The batches of one account. */
export function createAnthropicBatches(client: AnthropicClient, options: AnthropicOptions): BatchProvider {
  const { repeats, telling } = client;
  const limits = { ...LIVE.limits, ...options.limits };
  /** Whose batch it is, by its id: the 8 hex its custom ids begin with. It never changes. */
  const prefixes = new Map<string, string>();

  const told = (error: unknown) => telling.tell(plainError(error));

  async function find(key: string, window: CreationWindow): Promise<FindResult> {
    const wanted = key.slice(0, 8);
    const others = new Set(window.others);
    const doubts: Batch[] = [];
    try {
      for await (const batch of created(window)) {
        const total = totalOf(batch);
        if ((total > 0 && total !== window.count) || others.has(batch.id)) continue;
        const prefix = await prefixOf(batch);
        if (prefix === wanted) return { kind: 'found', providerBatch: batch.id };
        if (prefix === null) doubts.push(batch);
      }
    } catch (error) {
      return { kind: 'unsure', why: `the batches could not be read: ${told(error)}` };
    }
    const [doubt] = doubts;
    if (doubt !== undefined) {
      const more = doubts.length > 1 ? ` and ${doubts.length - 1} more` : '';
      const reason =
        doubt.processing_status === 'ended'
          ? 'its results, which would tell whose batch that is, cannot be read'
          : 'whose batch that is shows when it has ended';
      return { kind: 'unsure', why: `it may be ${doubt.id}${more}: ${reason}` };
    }
    const age = Date.now() - window.until;
    if (age < (options.lateVisibilityMs ?? LIVE.lateVisibilityMs)) {
      return { kind: 'unsure', why: 'it may have been created too recently to be listed' };
    }
    return { kind: 'absent' };
  }

  /** All batches created in the window, the newest first. */
  async function* created(window: CreationWindow): AsyncGenerator<Batch> {
    const earliest = window.from - LIVE.clockMarginMs;
    const latest = window.until + LIVE.creationMs + LIVE.clockMarginMs;
    let after: string | null = null;
    for (;;) {
      const page: Page = await listed(after);
      let newer = false;
      for (const batch of page.data) {
        const at = Date.parse(batch.created_at);
        // A date that cannot be read excludes nothing.
        if (!(at < earliest)) newer = true;
        if (!(at < earliest) && !(at > latest)) yield batch;
      }
      const next: string | null = page.last_id ?? page.data.at(-1)?.id ?? null;
      if (page.has_more !== true || next === null || next === after || !newer) return;
      after = next;
    }
  }

  /** One page of the list. Something else than a list is an error: it must not pass for an empty one. */
  async function listed(after: string | null): Promise<Page> {
    const api = await client.open();
    const query = { limit: LIVE.pageSize, ...(after === null ? {} : { after_id: after }) };
    const page = await repeatRead(repeats, async () => await api.get<Page | null>(BATCHES, { query }));
    const fits = Array.isArray(page?.data) && page.data.every((batch) => typeof batch?.id === 'string');
    if (page === null || !fits) throw new Error('the answer is no list of batches');
    return page;
  }

  /** The 8 hex a batch's custom ids begin with (empty for a stranger's batch), or null while it cannot be known. */
  async function prefixOf(batch: Batch): Promise<string | null> {
    const known = prefixes.get(batch.id);
    if (known !== undefined) return known;
    if (batch.processing_status !== 'ended') return null;
    const votes = new Map<string, number>();
    let rows = 0;
    for await (const line of await beginningOf(batch)) {
      const id = customIdOf(line);
      if (id === null) continue;
      const prefix = /^([0-9a-f]{8})-/.exec(id)?.[1] ?? '';
      votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
      // One row nobody asked for must not give the batch to someone else.
      if (++rows >= LIVE.identityRows) break;
    }
    const [best] = [...votes].sort(([, a], [, b]) => b - a);
    if (best === undefined) return null;
    prefixes.set(batch.id, best[0]);
    return best[0];
  }

  /** An ended batch's results; none when the service does not give those of this batch, which hinders no other. */
  async function beginningOf(batch: Batch): Promise<AsyncIterable<string> | readonly string[]> {
    try {
      // A look at one of many: the next search repeats it.
      return await repeatRead({ ...repeats, tries: 2 }, () => download(batch), isPassingOrUnknown);
    } catch (error) {
      const status = statusOf(error);
      if (status === null || status === 429) throw error;
      return [];
    }
  }

  async function submit(draft: BatchDraft): Promise<SubmitResult> {
    const api = await client.open();
    let prefix = '';
    async function* pieces(): AsyncGenerator<string> {
      let separator = '{"requests":[';
      for await (const request of draft.requests) {
        prefix = request.customId.slice(0, 8);
        yield `${separator}${batchRequest(request)}`;
        separator = ',';
      }
      yield separator === ',' ? ']}' : '{"requests":[]}';
    }
    // What fails to be read or kept before the create is our own, and no failure of the service.
    return await withBody(pieces(), 'application/json', (body) => create(api, draft, body, () => prefix));
  }

  async function create(
    api: Anthropic,
    draft: BatchDraft,
    body: Blob,
    prefixOf: () => string,
  ): Promise<SubmitResult> {
    if (body.size > limits.maxBytes) {
      return {
        kind: 'rejected',
        why: `the batch is ${body.size} bytes, over the limit of ${limits.maxBytes}`,
      };
    }
    if (!(await draft.mayCreate())) {
      return {
        kind: 'later',
        why: 'the claim was over when the batch was ready to be sent',
        retryAfterMs: 0,
      };
    }
    try {
      const batch = await api.post<Batch>(BATCHES, { body, maxRetries: 0 });
      if (typeof batch?.id !== 'string' || batch.id === '') {
        return { kind: 'unsure', why: 'the answer to the create holds no batch id' };
      }
      prefixes.set(batch.id, prefixOf());
      return { kind: 'submitted', providerBatch: batch.id };
    } catch (error) {
      return refusal(error);
    }
  }

  function refusal(error: unknown): SubmitResult {
    const why = told(error);
    const fate = createFateOf(error);
    switch (fate) {
      case 'later':
      case 'queue_full':
        return { kind: fate, why, retryAfterMs: retryAfterOf(headersOf(error)) };
      case 'blocked':
        return { kind: fate, why };
      case 'rejected': {
        const advice = ' (make the batches smaller: max_requests or max_bytes of the provider)';
        return { kind: fate, why: statusOf(error) === 413 ? why + advice : why };
      }
      case null:
        return { kind: 'unsure', why: `create: ${why}` };
      default:
        return fate satisfies never;
    }
  }

  async function retrieve(id: string, again = isPassingError): Promise<Batch> {
    const api = await client.open();
    const batch = await repeatRead(repeats, async () => await api.messages.batches.retrieve(id), again);
    if (typeof batch?.processing_status !== 'string') throw new Error('the answer is no batch');
    return batch;
  }

  async function check(id: string): Promise<CheckResult> {
    try {
      return checkOf(await retrieve(id, isPassingOrUnknown));
    } catch (error) {
      return { kind: statusOf(error) === 404 ? 'unknown' : 'later', why: told(error) };
    }
  }

  async function* collect(id: string): AsyncGenerator<Answer> {
    let given = 0;
    let complete = -1;
    for (let attempt = 1; ; attempt++) {
      let number = 0;
      let rows = 0;
      let expected = 0;
      const before = given;
      try {
        const batch = await retrieve(id, isPassingOrUnknown);
        if (batch.processing_status !== 'ended') throw new Error('it has not ended');
        expected = totalOf(batch);
        for await (const line of await download(batch)) {
          const answer = readRow(line);
          if (answer !== null) rows++;
          if (++number <= given) continue;
          given = number;
          if (answer !== null) yield guarded(answer);
        }
        if (rows === 0 && number > 0) throw new Error('what came holds no row');
      } catch (error) {
        if (attempt >= LIVE.reads || (statusOf(error) !== null && !isPassingOrUnknown(error))) {
          throw new Error(`the results of batch ${id} could not be read: ${told(error)}`);
        }
        // Lines that are no rows were not the beginning of the results.
        if (rows === 0) given = before;
        await pause(repeats.backoffMs * 2 ** (attempt - 1));
        continue;
      }
      // Fewer rows than counted may be a short read; the same number twice is what there is.
      if (rows >= expected || rows === complete || attempt >= LIVE.reads) return;
      complete = rows;
      await pause(repeats.backoffMs * 2 ** (attempt - 1));
    }
  }

  /** A failure's words, short and without keys. */
  function guarded(answer: Answer): Answer {
    if (answer.kind !== 'error') return answer;
    return { ...answer, message: telling.tell(answer.message), raw: telling.mask(answer.raw) };
  }

  /** The lines of an ended batch's results, from the first on. */
  async function download(batch: Batch): Promise<AsyncIterable<string>> {
    const api = await client.open();
    const address = client.resultsAddress(batch.results_url, batch.id);
    return linesOf((await api.get(address, { __binaryResponse: true }).asResponse()).body);
  }

  async function cancel(id: string): Promise<void> {
    const api = await client.open();
    try {
      // Cancelling twice is cancelling once, so this may be repeated.
      await repeatRead(repeats, async () => await api.messages.batches.cancel(id));
    } catch (error) {
      // A batch that is over, or being cancelled, cannot be cancelled: that is what was wanted.
      const batch = await retrieve(id).catch(() => null);
      const over = batch?.processing_status === 'ended' || batch?.processing_status === 'canceling';
      if (!over) throw new Error(`batch ${id} could not be cancelled: ${told(error)}`);
    }
  }

  return {
    name: options.name ?? 'anthropic',
    limits: { ...limits, maxBytes: limits.maxBytes - FRAME_BYTES },
    sizeOf: (request) => Buffer.byteLength(batchRequest(request), 'utf8') + 1,
    find,
    submit,
    check,
    collect,
    cancel,
  };
}

/** A batch's status in the port's words. */
function checkOf(batch: Batch): CheckResult {
  switch (batch.processing_status) {
    case 'in_progress':
    case 'canceling':
      // The counts stay 0 until the end, so nothing is known of the progress.
      return { kind: 'running', status: batch.processing_status, completed: null };
    case 'ended':
      return endOf(batch);
    default:
      // A status this version does not know is no reason to give a paid batch up.
      return { kind: 'running', status: String(batch.processing_status satisfies never), completed: null };
  }
}

function endOf(batch: Batch): CheckResult {
  const { canceled = 0, expired = 0 } = batch.request_counts ?? {};
  const total = totalOf(batch);
  const of = (count: number) => `${count} of ${total} requests were not run`;
  if (canceled > 0) {
    return { kind: 'ended', status: 'canceled', reason: `the batch was cancelled: ${of(canceled)}` };
  }
  if (expired > 0) return { kind: 'ended', status: 'expired', reason: `the time was up: ${of(expired)}` };
  return { kind: 'ended', status: 'completed', reason: null };
}

/** All requests of a batch, running or ended; 0 when the counts are not there (yet). */
function totalOf(batch: Batch): number {
  const counts: unknown = batch.request_counts;
  if (counts === null || typeof counts !== 'object') return 0;
  return Object.values(counts).reduce<number>(
    (sum, count) => sum + (typeof count === 'number' ? count : 0),
    0,
  );
}

function isPassingError(error: unknown): boolean {
  return isPassing(statusOf(error));
}

function isPassingOrUnknown(error: unknown): boolean {
  return isPassingError(error) || statusOf(error) === 404;
}

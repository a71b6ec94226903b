// OpenAI's batch service behind the provider port, through the `openai` SDK. It decides nothing: whether a batch may
// be sent again is the engine's business, so a create is sent once and every doubt is reported as doubt.
import type { OpenAI } from 'openai';
import type {
  Answer,
  BatchDraft,
  BatchProvider,
  CheckResult,
  CreationWindow,
  FindResult,
  ModelRequest,
  ProviderLimits,
  SubmitResult,
} from '../../ports/provider.ts';
import { ENDPOINT, readRow, requestLine } from './openai-wire.ts';

/** How to reach the service. */
export interface OpenAiOptions {
  /** The provider's name in journals and reports; `openai` when absent. */
  readonly name?: string;
  readonly apiKey: string;
  /** With its `/v1`, as the SDK wants it; null: OpenAI itself. */
  readonly baseUrl: string | null;
  readonly completionWindow?: string;
  readonly limits?: ProviderLimits;
  readonly fetch?: typeof fetch;
  /** First pause before a read is repeated, doubled each time, in milliseconds. */
  readonly backoffMs?: number;
  /** How long after its creation a batch may be missing from the list though it exists, in milliseconds. */
  readonly lateVisibilityMs?: number;
}

/**
 * Everything assumed about the live service and not verified against it. Correct it here.
 *
 * - The list of batches shows the newest first; `created_at` is the service's clock, which may differ from ours.
 * - A new batch shows up in the list within a minute.
 * - A file uploaded a moment ago, or a batch just created, may be unknown for a few seconds (400, 404).
 * - A completed batch may get its output file a few seconds later.
 * - 4xx (but 408, 409) on a create says for certain that nothing was created; anything else leaves doubt.
 * - These codes say that the account's money or quota is used up: waiting does not help.
 */
const LIVE = {
  baseUrl: 'https://api.openai.com/v1',
  completionWindow: '24h',
  limits: { maxRequests: 50_000, maxBytes: 200 * 1024 * 1024 },
  clockMarginMs: 10 * 60_000,
  lateVisibilityMs: 60_000,
  reads: 5,
  backoffMs: 500,
  timeoutMs: 10 * 60_000,
  pageSize: 100,
  metadataKey: 'octobatch_batch',
  spentCodes: ['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active'],
};

/** A batch as the SDK types it; compatible services leave fields out or null, so all of them are doubted. */
type Batch = OpenAI.Batches.Batch;

/** The provider `openai`, or any service that speaks its protocol. */
export function createOpenAiProvider(options: OpenAiOptions): BatchProvider {
  if (options.apiKey === '') throw new Error('the provider was made without an API key');
  const backoffMs = options.backoffMs ?? LIVE.backoffMs;
  let opened: Promise<OpenAI> | null = null;

  /** Everything the SDK would otherwise take from the environment is set: nobody's variable redirects a request. */
  function client(): Promise<OpenAI> {
    opened ??= import('openai').then(
      ({ OpenAI: Client }) =>
        new Client({
          apiKey: options.apiKey,
          adminAPIKey: null,
          baseURL: options.baseUrl ?? LIVE.baseUrl,
          organization: null,
          project: null,
          webhookSecret: null,
          logLevel: 'off',
          maxRetries: 0,
          timeout: LIVE.timeoutMs,
          ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
        }),
    );
    return opened;
  }

  /** What an error says, for a person; some services repeat the key they were given. */
  function said(error: unknown): string {
    return messageOf(error).replaceAll(options.apiKey, '[key]');
  }

  /** What a definite no says about the next try; null when it is not a definite no. */
  function refusalOf(error: unknown): SubmitResult | null {
    const status = statusOf(error);
    if (status === null || status < 400 || status >= 500 || status === 408 || status === 409) return null;
    const code = codeOf(error);
    if (LIVE.spentCodes.includes(code)) return { kind: 'rejected', why: `${code}: ${said(error)}` };
    if (status === 429 || code === 'token_limit_exceeded') {
      return { kind: 'later', why: said(error), retryAfterMs: retryAfterOf(error) };
    }
    return { kind: 'rejected', why: said(error) };
  }

  /** Repeats a read that failed in passing. Never used for a create. */
  async function reading<T>(read: () => Promise<T>, isPassing = isPassingError): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read();
      } catch (error) {
        if (attempt >= LIVE.reads || !isPassing(error)) throw error;
        await pause(backoffMs * 2 ** (attempt - 1));
      }
    }
  }

  async function find(key: string, window: CreationWindow): Promise<FindResult> {
    try {
      const api = await client();
      const earliest = window.from - LIVE.clockMarginMs;
      const unmarked = new Map<string, string>();
      let after: string | undefined;
      for (;;) {
        const query = { limit: LIVE.pageSize, ...(after === undefined ? {} : { after }) };
        const page = await reading(async () => await api.batches.list(query));
        for (const batch of page.data) {
          if (batch.metadata?.[LIVE.metadataKey] === key) return { kind: 'found', providerBatch: batch.id };
          if (!batch.metadata?.[LIVE.metadataKey]) unmarked.set(batch.input_file_id, batch.id);
        }
        const last = page.data.at(-1);
        if (
          last === undefined ||
          !page.has_more ||
          page.data.every((one) => one.created_at * 1000 < earliest)
        )
          break;
        after = last.id;
      }
      const byFile = unmarked.size === 0 ? null : await findByFile(api, key, earliest, unmarked);
      if (byFile !== null) return { kind: 'found', providerBatch: byFile };
    } catch (error) {
      return { kind: 'unsure', why: `the batches could not be listed: ${said(error)}` };
    }
    // A file that was uploaded without a batch counts as absent: a file alone runs nothing and costs nothing, and the
    // next submit uploads its own.
    const age = Date.now() - window.until;
    if (age < (options.lateVisibilityMs ?? LIVE.lateVisibilityMs)) {
      return { kind: 'unsure', why: 'it may have been created too recently to be listed' };
    }
    return { kind: 'absent' };
  }

  /** Compatible services may drop metadata: then the input file's name tells. */
  async function findByFile(
    api: OpenAI,
    key: string,
    earliest: number,
    batchByFile: ReadonlyMap<string, string>,
  ): Promise<string | null> {
    let after: string | undefined;
    for (;;) {
      const query = {
        purpose: 'batch',
        limit: 1000,
        order: 'desc',
        ...(after === undefined ? {} : { after }),
      } as const;
      const page = await reading(async () => await api.files.list(query));
      for (const file of page.data) {
        const batch = batchByFile.get(file.id);
        if (file.filename === filenameOf(key) && batch !== undefined) return batch;
      }
      const last = page.data.at(-1);
      if (last === undefined || !page.has_more || page.data.every((one) => one.created_at * 1000 < earliest))
        return null;
      after = last.id;
    }
  }

  async function submit(draft: BatchDraft): Promise<SubmitResult> {
    const api = await client();
    let inputFile: string;
    try {
      const file = await fileOf(draft);
      inputFile = (await api.files.create({ file, purpose: 'batch' })).id;
    } catch (error) {
      // An upload creates no batch, so nothing here is in doubt.
      return (
        refusalOf(error) ?? {
          kind: 'later',
          why: `upload: ${said(error)}`,
          retryAfterMs: retryAfterOf(error),
        }
      );
    }
    if (!(await draft.mayCreate())) {
      return { kind: 'later', why: 'the claim was over when the upload was', retryAfterMs: 0 };
    }
    const body = {
      input_file_id: inputFile,
      endpoint: ENDPOINT,
      completion_window: (options.completionWindow ?? LIVE.completionWindow) as '24h',
      metadata: { [LIVE.metadataKey]: draft.key },
    } as const;
    try {
      // Repeated only when the service says that it does not see the file yet: then nothing was created.
      const batch = await reading(async () => await api.batches.create(body), isUnknownFile);
      if (typeof batch?.id === 'string' && batch.id !== '')
        return { kind: 'submitted', providerBatch: batch.id };
      return { kind: 'unsure', why: 'the answer to the create holds no batch id' };
    } catch (error) {
      return refusalOf(error) ?? { kind: 'unsure', why: `create: ${said(error)}` };
    }
  }

  async function check(providerBatch: string): Promise<CheckResult> {
    try {
      const api = await client();
      return checkOf(
        await reading(async () => await api.batches.retrieve(providerBatch), isPassingOrUnknown),
      );
    } catch (error) {
      if (statusOf(error) === 404) return { kind: 'unknown', why: said(error) };
      return { kind: 'later', why: said(error) };
    }
  }

  async function* collect(providerBatch: string): AsyncGenerator<Answer> {
    const api = await client();
    let batch = await reading(async () => await api.batches.retrieve(providerBatch));
    for (let attempt = 1; lacksFiles(batch) && attempt < LIVE.reads; attempt++) {
      await pause(backoffMs * 2 ** (attempt - 1));
      batch = await reading(async () => await api.batches.retrieve(providerBatch));
    }
    if (lacksFiles(batch) && (batch.request_counts?.completed ?? 0) > 0) {
      throw new Error(`batch ${providerBatch} counts answers but shows no output file`);
    }
    for (const file of [batch.output_file_id, batch.error_file_id]) {
      if (typeof file === 'string' && file !== '') yield* rowsOf(api, file);
    }
  }

  /** Every row of a file. A broken download begins again and skips what was given: the file does not change. */
  async function* rowsOf(api: OpenAI, file: string): AsyncGenerator<Answer> {
    let given = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        let number = 0;
        const response = await reading(async () => await api.files.content(file), isPassingOrUnknown);
        for await (const line of linesOf(response)) {
          if (++number <= given) continue;
          given = number;
          const answer = line.trim() === '' ? null : readRow(line);
          if (answer !== null) yield answer;
        }
        return;
      } catch (error) {
        if (attempt >= LIVE.reads || (statusOf(error) !== null && !isPassingOrUnknown(error))) throw error;
        await pause(backoffMs * 2 ** (attempt - 1));
      }
    }
  }

  async function cancel(providerBatch: string): Promise<void> {
    const api = await client();
    try {
      // Cancelling twice is cancelling once, so this may be repeated.
      await reading(async () => await api.batches.cancel(providerBatch));
    } catch (error) {
      // A batch that is over, or being cancelled, cannot be cancelled: that is what was wanted.
      const batch = await reading(async () => await api.batches.retrieve(providerBatch));
      if (batch.status !== 'cancelling' && checkOf(batch).kind !== 'ended') throw error;
    }
  }

  return {
    name: options.name ?? 'openai',
    limits: options.limits ?? LIVE.limits,
    sizeOf: (request) => Buffer.byteLength(requestLine(request), 'utf8') + 1,
    find,
    submit,
    check,
    collect,
    cancel,
  };
}

function filenameOf(key: string): string {
  return `octobatch-${key}.jsonl`;
}

/** The upload, from parts of about a megabyte: the whole text is held once, as bytes outside the heap. */
async function fileOf(draft: BatchDraft): Promise<File> {
  const parts: Blob[] = [];
  let lines: string[] = [];
  let length = 0;
  const flush = () => {
    if (lines.length > 0) parts.push(new Blob([lines.join('')]));
    lines = [];
    length = 0;
  };
  for await (const request of draft.requests as AsyncIterable<ModelRequest>) {
    const line = `${requestLine(request)}\n`;
    lines.push(line);
    if ((length += line.length) > 1024 * 1024) flush();
  }
  flush();
  return new File(parts, filenameOf(draft.key), { type: 'application/jsonl' });
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let pending: string[] = [];
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    for (const piece of pieces.slice(0, -1)) {
      yield pending.length === 0 ? piece : [...pending, piece].join('');
      pending = [];
    }
    const rest = pieces.at(-1);
    if (rest) pending.push(rest);
  }
  const last = pending.join('') + decoder.decode();
  if (last !== '') yield last;
}

/** A batch's status in the port's words. */
function checkOf(batch: Batch): CheckResult {
  switch (batch.status) {
    case 'completed':
      return { kind: 'ended', status: 'completed', reason: null };
    case 'failed':
      return { kind: 'ended', status: 'failed', reason: reasonOf(batch) };
    case 'expired':
      return { kind: 'ended', status: 'expired', reason: 'the completion window passed' };
    case 'cancelled':
      return { kind: 'ended', status: 'canceled', reason: 'the batch was cancelled' };
    case 'validating':
    case 'in_progress':
    case 'finalizing':
    case 'cancelling':
      return { kind: 'running', status: batch.status, completed: batch.request_counts?.completed ?? null };
    default:
      // A status this version does not know is no reason to give a paid batch up.
      return { kind: 'running', status: String(batch.status satisfies never), completed: null };
  }
}

/** Why a batch failed: the first error, its code first, e.g. `token_limit_exceeded: ...`. */
function reasonOf(batch: Batch): string {
  const errors = batch.errors?.data ?? [];
  const urgent = errors.find((error) => error.code === 'token_limit_exceeded') ?? errors[0];
  if (urgent === undefined) return 'failed: the provider gives no reason';
  const place = typeof urgent.line === 'number' ? ` (line ${urgent.line} of the batch file)` : '';
  const more = errors.length > 1 ? `, and ${errors.length - 1} more` : '';
  return `${urgent.code ?? 'failed'}: ${urgent.message ?? 'no message'}${place}${more}`;
}

/** Over, and with answers to be had, but without a file yet. */
function lacksFiles(batch: Batch): boolean {
  if (batch.output_file_id || batch.error_file_id) return false;
  if (batch.status === 'completed') return (batch.request_counts?.total ?? 1) > 0;
  return checkOf(batch).kind === 'ended' && (batch.request_counts?.completed ?? 0) > 0;
}

function isPassingError(error: unknown): boolean {
  const status = statusOf(error);
  return status === null || status >= 500 || status === 408 || status === 409 || status === 429;
}

function isPassingOrUnknown(error: unknown): boolean {
  return isPassingError(error) || statusOf(error) === 404;
}

function isUnknownFile(error: unknown): boolean {
  const status = statusOf(error);
  return (
    status === 404 || (status === 400 && /find file|no such file|file.*not found/i.test(messageOf(error)))
  );
}

/** The HTTP status of an SDK error; null when there was no answer. */
function statusOf(error: unknown): number | null {
  const status = fieldOf(error, 'status');
  return typeof status === 'number' ? status : null;
}

function codeOf(error: unknown): string {
  const code = fieldOf(error, 'code');
  return typeof code === 'string' ? code : '';
}

/** What the service asked for, in milliseconds. */
function retryAfterOf(error: unknown): number | null {
  const headers = fieldOf(error, 'headers');
  if (!(headers instanceof Headers)) return null;
  const ms = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
}

/** The SDK's message. It holds the service's words and never the key, which travels in a header only. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return cause === '' || error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
}

function fieldOf(error: unknown, name: string): unknown {
  return error !== null && typeof error === 'object' && name in error
    ? (error as Record<string, unknown>)[name]
    : null;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

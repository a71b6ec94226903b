// OpenAI's batch service behind the provider port. It decides nothing: whether a batch may be sent again is the
// engine's business, so a create is sent once and every doubt is reported as doubt.
import type { OpenAI } from 'openai';
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
import { type OpenAiOptions, refusalOf, type Service } from './openai-client.ts';
import { entriesOf, pageOf } from './openai-lists.ts';
import { LIVE } from './openai-live.ts';
import { type Batch, checkOf, isOver, lacksFiles } from './openai-status.ts';
import { ENDPOINTS, readRow, requestLine } from './openai-wire.ts';

/** The batches of a service. */
export function createBatches(service: Service, options: OpenAiOptions): BatchProvider {
  const { repeats } = service;
  const reading = <T>(read: () => Promise<T>, again?: (error: unknown) => boolean) =>
    repeatRead(repeats, read, again);

  async function retrieve(providerBatch: string, again?: (error: unknown) => boolean): Promise<Batch> {
    const api = await service.open();
    return await reading(async () => {
      const batch: Batch = await api.batches.retrieve(providerBatch);
      if (typeof batch?.status !== 'string') throw new Error('the answer is no batch');
      return batch;
    }, again);
  }

  async function find(key: string, window: CreationWindow): Promise<FindResult> {
    try {
      const api = await service.open();
      const earliest = window.from - LIVE.clockMarginMs;
      const unmarked = new Map<string, string>();
      const list = (after: object) =>
        reading(async () =>
          pageOf<Batch>(await api.batches.list({ limit: LIVE.pageSize, ...after }).asResponse()),
        );
      for await (const batch of entriesOf(list, earliest)) {
        const mark = batch.metadata?.[LIVE.metadataKey];
        if (mark === key) return { kind: 'found', providerBatch: batch.id };
        if (!mark) unmarked.set(batch.input_file_id, batch.id);
      }
      const byFile = unmarked.size === 0 ? null : await findByFile(api, key, earliest, unmarked);
      if (byFile !== null) return { kind: 'found', providerBatch: byFile };
    } catch (error) {
      return { kind: 'unsure', why: `the batches could not be listed: ${service.tell(error)}` };
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
    const query = { purpose: 'batch', limit: LIVE.filePageSize, order: 'desc' } as const;
    const list = (after: object) =>
      reading(async () =>
        pageOf<OpenAI.FileObject>(await api.files.list({ ...query, ...after }).asResponse()),
      );
    for await (const file of entriesOf(list, earliest)) {
      const batch = batchByFile.get(file.id);
      if (file.filename === filenameOf(key) && batch !== undefined) return batch;
    }
    return null;
  }

  async function submit(draft: BatchDraft): Promise<SubmitResult> {
    const api = await service.open();
    // What fails to be read or kept before the upload is our own, and no failure of the service.
    const uploaded = await withBody(linesFor(draft), 'application/jsonl', (lines) =>
      upload(api, lines, filenameOf(draft.key)),
    );
    if (typeof uploaded !== 'string') return uploaded;
    const inputFile = uploaded;
    const result = await create(api, draft, inputFile);
    // Nothing came of the file, which counts towards the account's storage; a try that fails here harms nothing.
    if (result.kind !== 'submitted' && result.kind !== 'unsure') {
      await api.files.delete(inputFile).catch(() => undefined);
    }
    return result;
  }

  /** The file's id, or how the submit ends. An upload creates no batch, so nothing here is in doubt. */
  async function upload(api: OpenAI, lines: Blob, name: string): Promise<string | SubmitResult> {
    try {
      const file = new File([lines], name, { type: 'application/jsonl' });
      const { id } = await api.files.create({ file, purpose: 'batch' }, { timeout: LIVE.transferTimeoutMs });
      if (typeof id !== 'string' || id === '') throw new Error('the answer holds no file id');
      return id;
    } catch (error) {
      const why = `upload: ${service.tell(error)}`;
      return (
        refusalOf(service, error) ?? { kind: 'later', why, retryAfterMs: retryAfterOf(headersOf(error)) }
      );
    }
  }

  async function create(api: OpenAI, draft: BatchDraft, inputFile: string): Promise<SubmitResult> {
    if (!(await draft.mayCreate())) {
      return { kind: 'later', why: 'the claim was over when the upload was', retryAfterMs: 0 };
    }
    const body = {
      input_file_id: inputFile,
      endpoint: ENDPOINTS[service.api],
      completion_window: (options.completionWindow ?? LIVE.completionWindow) as '24h',
      metadata: { [LIVE.metadataKey]: draft.key },
    } as const;
    try {
      // Repeated only when the service says that it does not see the file yet: then nothing was created.
      const batch = await reading(async () => await api.batches.create(body), isUnseen);
      if (typeof batch?.id === 'string' && batch.id !== '') {
        return { kind: 'submitted', providerBatch: batch.id };
      }
      return { kind: 'unsure', why: 'the answer to the create holds no batch id' };
    } catch (error) {
      const why = `create: ${service.tell(error)}`;
      if (isUnseenFile(error)) return { kind: 'later', why, retryAfterMs: null };
      return refusalOf(service, error) ?? { kind: 'unsure', why };
    }
  }

  async function* linesFor(draft: BatchDraft): AsyncGenerator<string> {
    for await (const request of draft.requests) yield `${requestLine(service.api, request)}\n`;
  }

  async function check(providerBatch: string): Promise<CheckResult> {
    try {
      return checkOf(service, await retrieve(providerBatch, isUnseenOrPassing));
    } catch (error) {
      if (statusOf(error) === 404) return { kind: 'unknown', why: service.tell(error) };
      return { kind: 'later', why: service.tell(error) };
    }
  }

  async function* collect(providerBatch: string): AsyncGenerator<Answer> {
    const api = await service.open();
    let files: string[];
    try {
      let batch = await retrieve(providerBatch, isUnseenOrPassing);
      for (let attempt = 1; lacksFiles(service, batch) && attempt < repeats.tries; attempt++) {
        await pause(repeats.backoffMs * 2 ** (attempt - 1));
        batch = await retrieve(providerBatch, isUnseenOrPassing);
      }
      if (lacksFiles(service, batch) && (batch.request_counts?.completed ?? 0) > 0) {
        throw new Error(`batch ${providerBatch} counts answers but shows no output file`);
      }
      files = [batch.output_file_id, batch.error_file_id].filter(
        (file) => typeof file === 'string' && file !== '',
      ) as string[];
    } catch (error) {
      throw new Error(service.tell(error));
    }
    for (const file of new Set(files)) yield* rowsOf(api, file);
  }

  /** Every row of a file. A broken download begins again and skips what was given: the file does not change. */
  async function* rowsOf(api: OpenAI, file: string): AsyncGenerator<Answer> {
    let given = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        let number = 0;
        const content = () => api.files.content(file, { timeout: LIVE.transferTimeoutMs });
        const response = await reading(async () => await content(), isUnseenOrPassing);
        for await (const line of linesOf(response.body)) {
          if (++number <= given) continue;
          given = number;
          const answer = line.trim() === '' ? null : readRow(service.api, line);
          if (answer !== null) yield guarded(answer);
        }
        return;
      } catch (error) {
        if (attempt >= repeats.tries || !isUnseenOrPassing(error)) {
          throw new Error(`a result file could not be read: ${service.tell(error)}`);
        }
        await pause(repeats.backoffMs * 2 ** (attempt - 1));
      }
    }
  }

  /** A failure's words, short and without keys. */
  function guarded(answer: Answer): Answer {
    if (answer.kind !== 'error') return answer;
    return { ...answer, message: service.tell(answer.message), raw: service.mask(answer.raw) };
  }

  async function cancel(providerBatch: string): Promise<void> {
    const api = await service.open();
    try {
      // Cancelling twice is cancelling once, so this may be repeated.
      await reading(async () => await api.batches.cancel(providerBatch));
    } catch (error) {
      // A batch that is over, or being cancelled, cannot be cancelled: that is what was wanted.
      const now = await retrieve(providerBatch).catch(() => null);
      if (now !== null && (now.status === 'cancelling' || isOver(service, now))) return;
      throw new Error(`the batch could not be cancelled: ${service.tell(error)}`);
    }
  }

  return {
    name: options.name ?? 'openai',
    limits: {
      maxRequests: options.limits?.maxRequests ?? LIVE.limits.maxRequests,
      maxBytes: options.limits?.maxBytes ?? LIVE.limits.maxBytes,
    },
    sizeOf: (request) => Buffer.byteLength(requestLine(service.api, request), 'utf8') + 1,
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

function isUnseenOrPassing(error: unknown): boolean {
  const status = statusOf(error);
  return isPassing(status) || status === 404;
}

/** Perhaps a file uploaded a moment ago. */
function isUnseen(error: unknown): boolean {
  return statusOf(error) === 404 || isUnseenFile(error);
}

function isUnseenFile(error: unknown): boolean {
  const status = statusOf(error);
  const words = error instanceof Error ? error.message : '';
  return (status === 400 || status === 404) && LIVE.unknownFileWords.test(words);
}

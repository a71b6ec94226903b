// Gemini's batches over files behind the batch port. It decides nothing: a create is sent once, and every doubt is
// reported as doubt.
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
import { callFateOf, createdNothing, statusOf, wasNeverSent } from '../provider-errors.ts';
import { linesOf, pause, repeatRead } from '../provider-http.ts';
import { type GeminiClient, isBatchName, isModelName, isPassingOrUnknown } from './gemini-client.ts';
import { comeAgainOf, GeminiError, isMissingFile, isRefusedKey, quotaOf } from './gemini-errors.ts';
import { checkOf, type Job, readJob } from './gemini-job.ts';
import { type GeminiOptions, LIVE } from './gemini-live.ts';
import { readRow, requestLine } from './gemini-wire.ts';

/** The batches of one account. */
export function createGeminiBatches(client: GeminiClient, options: GeminiOptions): BatchProvider {
  const { repeats } = client;
  const limits = { ...LIVE.limits, ...options.limits };
  const waitAfter = async (attempt: number) => await pause(repeats.backoffMs * 2 ** (attempt - 1));

  async function find(key: string, window: CreationWindow): Promise<FindResult> {
    try {
      const sdk = await client.open();
      const list = async () => await sdk.batches.list({ config: { pageSize: LIVE.pageSize } });
      const pager = await repeatRead(repeats, list);
      for (let page = 1; ; page++) {
        for (const batch of pager.page) {
          if (batch.displayName === key && batch.name) return { kind: 'found', providerBatch: batch.name };
        }
        if (!pager.hasNextPage()) break;
        if (page >= LIVE.pages)
          return { kind: 'unsure', why: `there are more than ${page} pages of batches` };
        await repeatRead(repeats, async () => await pager.nextPage());
      }
    } catch (error) {
      return { kind: 'unsure', why: `the batches could not be listed: ${client.tell(error)}` };
    }
    const age = Date.now() - window.until;
    if (age < (options.lateVisibilityMs ?? LIVE.lateVisibilityMs)) {
      return { kind: 'unsure', why: 'it may have been created too recently to be listed' };
    }
    return { kind: 'absent' };
  }

  async function submit(draft: BatchDraft): Promise<SubmitResult> {
    if (!isModelName(draft.model)) {
      return { kind: 'rejected', why: `no model can be called ${JSON.stringify(draft.model)}` };
    }
    const sdk = await client.open();
    // What fails to be read or kept before the upload is our own, and no failure of the service.
    const uploaded = await withBody(linesOfDraft(draft), LIVE.mimeType, (lines) =>
      upload(lines, `octobatch-${draft.key}.jsonl`),
    );
    if (typeof uploaded !== 'string') return uploaded;
    const file = uploaded;
    const result = await create(draft, file);
    // Nothing came of the file; uploads are counted, and kept for days. It goes by itself if this fails.
    if (result.kind !== 'submitted' && result.kind !== 'unsure') {
      await sdk.files.delete({ name: file }).catch(() => undefined);
    }
    return result;
  }

  /** Creates once. Repeated only when the service says that it does not see the file yet: then nothing was created. */
  async function create(draft: BatchDraft, file: string): Promise<SubmitResult> {
    const sdk = await client.open();
    for (let attempt = 1; ; attempt++) {
      if (!(await draft.mayCreate())) {
        return { kind: 'later', why: 'the claim was over when the upload was', retryAfterMs: 0 };
      }
      try {
        const config = { displayName: draft.key };
        const { name } = await sdk.batches.create({ model: draft.model, src: file, config });
        if (name) return { kind: 'submitted', providerBatch: name };
        return { kind: 'unsure', why: 'the answer to the create holds no name' };
      } catch (error) {
        if (!isMissingFile(error)) {
          return refusalOf(error, true) ?? { kind: 'unsure', why: `create: ${client.tell(error)}` };
        }
        if (attempt >= LIVE.reads) return { kind: 'later', why: client.tell(error), retryAfterMs: null };
        await waitAfter(attempt);
      }
    }
  }

  /** The file's name, or how the submit ends. An upload creates no batch, so nothing here is in doubt. */
  async function upload(lines: Blob, displayName: string): Promise<string | SubmitResult> {
    try {
      const sdk = await client.open();
      const { name } = await sdk.files.upload({
        file: lines,
        config: { mimeType: LIVE.mimeType, displayName },
      });
      if (name === undefined || name === '')
        return { kind: 'later', why: 'the upload was answered without a file', retryAfterMs: null };
      return name;
    } catch (error) {
      const why = `upload: ${client.tell(error)}`;
      return refusalOf(error, false) ?? { kind: 'later', why, retryAfterMs: comeAgainOf(error) };
    }
  }

  /** What a definite no to an upload or a create says about the next try; null when it is not a definite no. */
  function refusalOf(error: unknown, creating: boolean): SubmitResult | null {
    const status = statusOf(error);
    const why = client.tell(error);
    const retryAfterMs = comeAgainOf(error);
    if (wasNeverSent(error)) return { kind: 'later', why, retryAfterMs };
    if (!createdNothing(status)) return null;
    if (isRefusedKey(error)) return { kind: 'blocked', why };
    if (error instanceof GeminiError && status === 429) {
      const quota = quotaOf(error, creating);
      if (quota === 'spent') return { kind: 'blocked', why };
      return { kind: quota === 'queue' ? 'queue_full' : 'later', why, retryAfterMs };
    }
    return { kind: callFateOf(status) === 'blocked' ? 'blocked' : 'rejected', why };
  }

  async function jobOf(name: string): Promise<Job> {
    return readJob(await repeatRead(repeats, async () => await client.describe(name), isPassingOrUnknown));
  }

  async function check(name: string): Promise<CheckResult> {
    if (!isBatchName(name))
      return { kind: 'unknown', why: `${JSON.stringify(name)} is no name of a batch here` };
    try {
      return checkOf(await jobOf(name), client.tell);
    } catch (error) {
      return { kind: statusOf(error) === 404 ? 'unknown' : 'later', why: client.tell(error) };
    }
  }

  /** Every row. A broken or short download begins again and skips what was given: the file does not change. */
  async function* collect(name: string): AsyncGenerator<Answer> {
    let given = 0;
    let before = -1;
    for (let attempt = 1; ; attempt++) {
      let number = 0;
      try {
        const job = await jobOf(name);
        if (job.output === null) {
          const patience = attempt < LIVE.reads && job.state !== 'EXPIRED' && (job.ended ?? 0) > 0;
          if (!patience && job.state !== 'SUCCEEDED') return;
          throw new Error('it has ended, but shows no output file');
        }
        const output = job.output;
        const response = await repeatRead(
          repeats,
          async () => await client.download(output),
          isPassingOrUnknown,
        );
        for await (const line of linesOf(response.body)) {
          if (line.trim() === '' || ++number <= given) continue;
          given = number;
          const answer = readRow(line);
          if (answer !== null) yield answer;
        }
        // Fewer rows than counted may be a short read; the same number twice is what there is.
        if (number >= (job.ended ?? 0) || number === before || attempt >= LIVE.reads) return;
        before = number;
      } catch (error) {
        const passing = statusOf(error) === null || isPassingOrUnknown(error);
        if (attempt >= LIVE.reads || !passing) {
          throw new Error(`the results of ${name} could not be read: ${client.tell(error)}`);
        }
      }
      await waitAfter(attempt);
    }
  }

  async function cancel(name: string): Promise<void> {
    const sdk = await client.open();
    try {
      // Cancelling twice is cancelling once, so this may be repeated.
      await repeatRead(repeats, async () => await sdk.batches.cancel({ name }), isPassingOrUnknown);
    } catch (error) {
      // A batch that is over cannot be cancelled: that is what was wanted.
      const job = await jobOf(name).catch(() => null);
      const over = job !== null && checkOf(job, client.tell).kind !== 'running';
      if (!over) throw new Error(`${name} could not be cancelled: ${client.tell(error)}`);
    }
  }

  return {
    name: options.name ?? 'gemini',
    limits,
    sizeOf: (request) => Buffer.byteLength(requestLine(request), 'utf8') + 1,
    find,
    submit,
    check,
    collect,
    cancel,
  };
}

async function* linesOfDraft(draft: BatchDraft): AsyncGenerator<string> {
  for await (const request of draft.requests) yield `${requestLine(request)}\n`;
}

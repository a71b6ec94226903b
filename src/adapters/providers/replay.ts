// Answers from a recorded run instead of a model: it asks nobody, costs nothing and keeps nothing. Everything is read
// again from the recording and from the requests of the batch, so that a crash changes nothing.
import { Recording, uncoveredMessage } from '../../engine/recording.ts';
import { customId } from '../../engine/request-id.ts';
import { readRequests } from '../../engine/request-line.ts';
import type { Blobs, Digest } from '../../ports/blobs.ts';
import type { Journal } from '../../ports/journal.ts';
import type { Answer, BatchProvider } from '../../ports/provider.ts';

/** Where the recording is, and where the requests of the run that replays it are. */
export interface ReplayOptions {
  /** Id of the recorded run, for people. */
  readonly run: string;
  readonly recorded: { readonly journal: Pick<Journal, 'read'>; readonly blobs: Pick<Blobs, 'lines'> };
  /** Blobs of the run that is answered. */
  readonly blobs: Pick<Blobs, 'lines'>;
}

/** A provider that answers from a recording. A request it does not cover gets a `rejected` error, which is final. */
export function createReplayProvider(options: ReplayOptions): BatchProvider {
  let read: Promise<Recording> | null = null;

  function recording(): Promise<Recording> {
    read ??= options.recorded.journal
      .read()
      .then(({ events }) =>
        Recording.read(events, (digest) => options.recorded.blobs.lines(digest as Digest)),
      );
    return read;
  }

  async function* asked(key: string, digest: string) {
    for await (const { line } of readRequests(options.blobs.lines(digest as Digest))) {
      yield { ...line, customId: customId(key, line.hash) };
    }
  }

  return {
    name: 'replay',
    limits: { maxRequests: 50_000, maxBytes: 200 * 1024 * 1024 },
    sizeOf: ({ prompt, system }) => Buffer.byteLength(prompt) + Buffer.byteLength(system ?? ''),
    // A batch is nothing but its name, so one that was submitted before can be submitted again.
    async find() {
      return { kind: 'absent' };
    },
    async submit({ key, digest }) {
      return { kind: 'submitted', providerBatch: `replay-${key}-${digest}` };
    },
    async check(providerBatch) {
      return parse(providerBatch) === null
        ? { kind: 'unknown', why: `"${providerBatch}" is no batch of a replay` }
        : { kind: 'ended', status: 'completed', reason: null };
    },
    async *collect(providerBatch) {
      const batch = parse(providerBatch);
      if (batch === null) return;
      const answers = (await recording()).answers(asked(batch.key, batch.digest));
      for await (const { customId: id, answer } of answers) {
        yield answer === null ? uncovered(id, options.run) : unbilled(answer);
      }
    },
    async cancel() {},
  };
}

function parse(providerBatch: string): { key: string; digest: string } | null {
  const [, key, digest] = /^replay-([0-9a-f]{32})-([0-9a-f]{64})$/.exec(providerBatch) ?? [];
  return key === undefined || digest === undefined ? null : { key, digest };
}

function uncovered(id: string, run: string): Answer {
  const message = uncoveredMessage(run);
  return { kind: 'error', customId: id, failure: 'rejected', message, raw: '', billed: 'no' };
}

/** What may have been billed then is not billed again. */
function unbilled(answer: Answer): Answer {
  return answer.kind === 'error' ? { ...answer, billed: 'no' } : answer;
}

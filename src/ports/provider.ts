// A model provider as the engine sees it: its batch service and its single calls. Adapters translate; they decide nothing.
import type { Digest } from './blobs.ts';

/** One question to a model. `customId` is `<8 hex of the batch key>-<40 hex of (unit, step, attempt)>`. */
export interface ModelRequest {
  readonly customId: string;
  readonly model: string;
  readonly system: string | null;
  readonly prompt: string;
  /** Output tokens at the most, reasoning included. */
  readonly maxTokens: number;
  readonly temperature: number | null;
  /** JSON Schema as JSON text for structured output, or null. */
  readonly schema: string | null;
}

/** Token counts as the provider reports them. */
export interface Usage {
  /** All tokens of the input, those read from a cache included; 0: the provider did not say. */
  readonly input: number;
  /** All tokens of the output, reasoning included. */
  readonly output: number;
  /** Of `input`, the tokens billed at the price for cached input; 0 when absent. */
  readonly cached?: number;
}

/** What came back for one request. `raw` is the provider's row, or the text, for the failure record. */
export type Answer =
  | {
      readonly kind: 'text';
      readonly customId: string;
      readonly text: string;
      readonly usage: Usage;
      readonly model: string;
    }
  | {
      readonly kind: 'truncated';
      readonly customId: string;
      readonly text: string;
      readonly usage: Usage;
      readonly model: string;
    }
  | {
      readonly kind: 'refused';
      readonly customId: string;
      readonly text: string;
      readonly usage: Usage;
      readonly model: string;
    }
  | {
      readonly kind: 'error';
      readonly customId: string;
      readonly failure: 'rejected' | 'expired' | 'canceled' | 'transport';
      readonly message: string;
      readonly raw: string;
      /** `unknown`: the request may have been answered and billed, though the answer did not arrive whole. */
      readonly billed: 'no' | 'unknown';
    };

/** A declared batch, ready to be submitted. `key` is unique to the batch and stored with the provider, for `find`. */
export interface BatchDraft {
  readonly key: string;
  readonly model: string;
  readonly requests: AsyncIterable<ModelRequest>;
  readonly count: number;
  readonly digest: Digest;
  /** Asked right before the create, after the upload: false when the claim was lost or ran out in the meantime. */
  mayCreate(): Promise<boolean>;
}

/** When a batch may have been created, in milliseconds since 1970, and how many requests it has. */
export interface CreationWindow {
  readonly from: number;
  readonly until: number;
  readonly count: number;
  /** Batches of the provider that are known to be others, by the provider's id: where nothing else tells them apart. */
  readonly others?: readonly string[];
}

export type FindResult =
  | { readonly kind: 'found'; readonly providerBatch: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unsure'; readonly why: string };

export type SubmitResult =
  | { readonly kind: 'submitted'; readonly providerBatch: string }
  /** Nothing was created and a later try may work, e.g. a full queue. */
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterMs: number | null }
  /** Nothing was created: the queue is full. Room comes when batches of this model end, or the batch is made smaller. */
  | { readonly kind: 'queue_full'; readonly why: string; readonly retryAfterMs: number | null }
  /** Nothing was created: the key is refused, or the account's money or quota is used up. Waiting alone does not help. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** Nothing was created and never will be with this content, key or account. */
  | { readonly kind: 'rejected'; readonly why: string }
  /** It may or may not have been created: `find` decides. */
  | { readonly kind: 'unsure'; readonly why: string };

export type CheckResult =
  | { readonly kind: 'running'; readonly status: string; readonly completed: number | null }
  /** Over, well or not; `collect` gives whatever rows there are. `reason` explains an end without full output. */
  | {
      readonly kind: 'ended';
      readonly status: 'completed' | 'failed' | 'expired' | 'canceled';
      readonly reason: string | null;
    }
  /** Over before anything ran, because the provider's queue was full: nothing was answered or billed. */
  | { readonly kind: 'queue_full'; readonly why: string }
  /** Over before anything ran, because the account may not do this: nothing was answered or billed. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** The provider does not know it (any more). */
  | { readonly kind: 'unknown'; readonly why: string }
  /** The check itself failed; ask again later. */
  | { readonly kind: 'later'; readonly why: string };

export interface ProviderLimits {
  readonly maxRequests: number;
  /** Bytes of one uploaded batch file. */
  readonly maxBytes: number;
}

export interface BatchProvider {
  readonly name: string;
  readonly limits: ProviderLimits;
  /** Bytes the request takes in an upload, for packing. */
  sizeOf(request: ModelRequest): number;
  /**
   * Looks for a batch by its key. If it exists it was created in the window: `from` bounds the search, and shortly
   * after `until` it may not be visible yet.
   */
  find(key: string, window: CreationWindow): Promise<FindResult>;
  /** Uploads and creates; never retries the create by itself. */
  submit(draft: BatchDraft): Promise<SubmitResult>;
  check(providerBatch: string): Promise<CheckResult>;
  /** Every row of an ended batch, in any order, possibly with rows missing or doubled. Rejects when the download broke. */
  collect(providerBatch: string): AsyncIterable<Answer>;
  /** Asks for the end of a batch; resolves when the provider took note, also when it is over already. */
  cancel(providerBatch: string): Promise<void>;
}

export type CallResult =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** Nothing was answered or billed, and a later try may work. */
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterMs: number | null }
  /** Nothing was answered: the key is refused, or the account's money or quota is used up. */
  | { readonly kind: 'blocked'; readonly why: string }
  /** It may or may not have been answered and billed; nobody can find out. */
  | { readonly kind: 'unanswered'; readonly why: string };

/** Single calls, answered while one waits. They cannot be found again: an unanswered one counts as spent. */
export interface RealtimeProvider {
  readonly name: string;
  /** Calls under way at once, at the most. */
  readonly concurrency: number;
  /**
   * Asks once; never repeats the call by itself. Waits before it when the provider's last rate-limit headers say so.
   * Resolves with `unanswered` when the signal ends it under way.
   */
  ask(request: ModelRequest, signal: AbortSignal): Promise<CallResult>;
}

/** Whether a key works and a model is known, found out without cost. `unsure`: the provider cannot say. */
export type Health =
  | { readonly kind: 'ok' }
  | { readonly kind: 'unusable'; readonly why: string; readonly fix: string }
  | { readonly kind: 'unsure'; readonly why: string };

/**
 * What the simulator is told about one request, on its control endpoint, never inside the request itself.
 * `fields` is one JSON object as text; `simulate` are the step's expressions, or null to answer from `schema`.
 */
export interface AnswerContext {
  readonly customId: string;
  readonly seed: string;
  readonly fields: string;
  readonly simulate: readonly { readonly name: string; readonly expr: string }[] | null;
  readonly schema: string | null;
}

/** The simulated provider only: registers answer contexts before the batch that needs them is submitted. */
export interface AnswerContexts {
  register(contexts: AsyncIterable<AnswerContext>): Promise<void>;
}

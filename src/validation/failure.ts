// Why a unit's step did not give a valid result. A failure is data: a union, never a string.

/** Every way in which a step can fail for one unit. */
export type FailureKind =
  | 'rejected' // the provider refused the request itself
  | 'expired' // the batch's time ran out before this request was answered
  | 'canceled' // the batch was canceled before this request was answered
  | 'refused' // the model declined, or a content filter did
  | 'truncated' // the answer hit the output limit
  | 'malformed' // the answer is not JSON
  | 'invalid' // JSON, but the schema, a check or a rule says no
  | 'missing' // the provider's output has no row for the request
  | 'transport' // the network or the provider broke
  | 'expression' // a local step's expression raised an error
  | 'template'; // the prompt could not be rendered

/** One thing wrong with an answer. `path` is a JSON pointer into it, '' for the whole. */
export interface Issue {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

/** A failed attempt of one unit at one step. `raw` is the answer as received, or null when there was none. */
export interface Failure {
  readonly kind: FailureKind;
  readonly step: string;
  readonly issues: readonly Issue[];
  readonly raw: string | null;
}

// Adds up what the requests of one settled group cost: by usage where an answer tells it, by bound where nobody can.
import { costOfRequest } from '../analysis/price.ts';
import type { TokenPrice } from '../pipeline/pipeline.ts';
import { isPaid, priceOf } from './budget.ts';
import type { Settlement } from './events.ts';
import { type RecordedAnswer, uncertainCalls } from './recorded-answer.ts';
import type { OpenBatch, RunState } from './state.ts';

type Sum = Pick<Settlement, 'requests' | 'usage' | 'cost' | 'uncertain' | 'uncertainRequests' | 'kept'>;

/** The bounds of one request: of one call, and of one more attempt with all its calls (picodollars). */
export interface RequestBounds {
  readonly call: bigint;
  readonly retry: bigint;
}

/** The bill of one group whose units may be tried `attemptsLeft` more times at this step. */
export class Bill {
  private requests = 0;
  private readonly usage = { input: 0, output: 0 };
  private cost: bigint | null = 0n;
  private uncertain = 0n;
  private uncertainRequests = 0;
  private kept = 0n;
  private readonly batch: OpenBatch;
  private readonly attemptsLeft: number;
  private readonly price: TokenPrice | null;
  private readonly paid: boolean;

  constructor(state: RunState, batch: OpenBatch, attemptsLeft: number) {
    this.batch = batch;
    this.attemptsLeft = attemptsLeft;
    const { provider, model, mode } = batch;
    this.price = priceOf(state, provider, model, mode);
    this.paid = isPaid(state, provider, model, mode);
  }

  /** One request with its answer, or without. */
  add(answer: RecordedAnswer | null, bounds: RequestBounds): void {
    this.requests += this.callsMade(answer);
    const told = answer !== null && (answer.kind === 'error' || answer.usage.input > 0);
    const uncertain = answer === null ? this.lostRows() : uncertainCalls(answer) + (told ? 0 : 1);
    if (uncertain > 0) {
      this.uncertain += bounds.call * BigInt(uncertain);
      this.uncertainRequests++;
    }
    if (answer === null || answer.kind === 'error' || !told) return;
    this.usage.input += answer.usage.input;
    this.usage.output += answer.usage.output;
    if (!this.paid || this.cost === null) return;
    this.cost = this.price === null ? null : this.cost + costOfRequest(answer.usage, this.price);
  }

  /** The unit goes on with another attempt at this step: what that may cost stays reserved. */
  keep(bounds: RequestBounds): void {
    this.kept += bounds.retry * BigInt(Math.max(0, this.attemptsLeft));
  }

  sum(): Sum {
    const { requests, usage, uncertainRequests } = this;
    return {
      requests,
      usage,
      cost: this.cost === null ? null : this.cost.toString(),
      uncertain: this.uncertain.toString(),
      uncertainRequests,
      kept: this.kept.toString(),
    };
  }

  private callsMade(answer: RecordedAnswer | null): number {
    if (this.batch.mode === 'realtime') return answer === null ? 0 : 1 + (answer.unanswered ?? 0);
    const { phase, submittedAt } = this.batch;
    const sent = submittedAt !== null && !(phase.kind === 'collected' && phase.status === 'rejected');
    return sent ? 1 : 0;
  }

  /**
   * A batch that ran and gave no row for the request may have billed it, however it ended: what expired or was cancelled
   * unrun has a row that says so at OpenAI and Anthropic. Only a batch that failed, or was never sent, ran nothing.
   */
  private lostRows(): number {
    const { phase, mode, submittedAt } = this.batch;
    if (mode !== 'batch' || phase.kind !== 'collected') return 0;
    if (phase.status === 'lost') return 1;
    return submittedAt !== null && ['completed', 'expired', 'canceled'].includes(phase.status) ? 1 : 0;
  }
}

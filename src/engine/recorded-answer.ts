// An answer as it is kept in a blob: what the provider said, and how often a call before it was not answered.
import type { Answer } from '../ports/provider.ts';

/** `unanswered`: calls for the same request, before this answer, that may have been billed. */
export type RecordedAnswer = Answer & { readonly unanswered?: number };

/** The rule of a failure whose calls were never answered; it is not tried again. */
export const UNANSWERED_RULE = 'unanswered';

/** How many calls for this request may have been billed without an answer. */
export function uncertainCalls(answer: RecordedAnswer): number {
  const { unanswered = 0 } = answer;
  return unanswered + (answer.kind === 'error' && answer.billed === 'unknown' ? 1 : 0);
}

/** An answer as one line, with its end. */
export function answerLine(answer: RecordedAnswer): string {
  return `${JSON.stringify(answer)}\n`;
}

// The amounts and counts of a journal, read as what they must be: a journal may have come from somebody else.
import type { MoneyText } from './events.ts';
import { JournalError } from './state.ts';

/** An amount of the journal; throws a JournalError when it is none: a negative one would lift the cap. */
export function moneyOf(text: MoneyText | undefined): bigint {
  if (text === undefined) return 0n;
  if (!/^[0-9]{1,40}$/.test(text))
    throw new JournalError(`The journal holds ${JSON.stringify(text)} as money.`);
  return BigInt(text);
}

/** A count of the journal; throws a JournalError when it is none. */
export function countOf(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0)
    throw new JournalError(`The journal holds ${JSON.stringify(count)} as a count.`);
  return count;
}

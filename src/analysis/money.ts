// Money as integers: one unit is a picodollar (1e-12 US dollars), so that prices per token are exact. What has no
// price has no cost: it is unknown, never zero.
import type { Price } from '../pipeline/pipeline.ts';
import type { Tokens } from './accounting.ts';

/** Picodollars. */
export type Money = bigint;

const DOLLAR = 1_000_000_000_000n;

/** Reads US dollars as decimal text, e.g. `0.075`; null when it is no amount. Digits past the twelfth round up. */
export function parseUsd(text: string): Money | null {
  const match = /^([0-9]{1,15})(?:\.([0-9]{1,40}))?$/.exec(text.trim());
  if (match === null) return null;
  const fraction = match[2] ?? '';
  const kept = BigInt(fraction.slice(0, 12).padEnd(12, '0'));
  const more = /[1-9]/.test(fraction.slice(12)) ? 1n : 0n;
  return BigInt(match[1] as string) * DOLLAR + kept + more;
}

/** The product of two decimal texts, exact and without trailing zeros: `0.15` x `0.5` is `0.075`; null for other text. */
export function multiplyDecimals(a: string, b: string): string | null {
  const [x, y] = [a, b].map((text) => /^([0-9]{1,15})(?:\.([0-9]{1,40}))?$/.exec(text.trim()));
  if (!x || !y) return null;
  const scale = (x[2] ?? '').length + (y[2] ?? '').length;
  const product = BigInt(`${x[1]}${x[2] ?? ''}`) * BigInt(`${y[1]}${y[2] ?? ''}`);
  const digits = product.toString().padStart(scale + 1, '0');
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - scale);
  return scale === 0 || fraction === '' ? whole : `${whole}.${fraction}`;
}

/** What the tokens cost at a price per million, rounded up to a picodollar per side; null when the price is unreadable. */
export function costOf(tokens: Tokens, price: Price): Money | null {
  const input = parseUsd(price.input);
  const output = parseUsd(price.output);
  if (input === null || output === null) return null;
  return perMillion(tokens.input, input) + perMillion(tokens.output, output);
}

function perMillion(tokens: number, price: Money): Money {
  return (BigInt(tokens) * price + 999_999n) / 1_000_000n;
}

/** Exact decimal text of the amount, for machines: `0.000742`. */
export function usdText(money: Money): string {
  const sign = money < 0n ? '-' : '';
  const size = money < 0n ? -money : money;
  const fraction = (size % DOLLAR).toString().padStart(12, '0').replace(/0+$/, '');
  return `${sign}${size / DOLLAR}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The amount for people: two decimals from a dollar on, up to four below; `under $0.0001` rather than a false zero. */
export function formatMoney(money: Money): string {
  if (money < 0n) return `−${formatMoney(-money)}`;
  if (money > 0n && money < DOLLAR / 10_000n) return 'under $0.0001';
  const decimals = money >= DOLLAR ? 2 : 4;
  const unit = DOLLAR / 10n ** BigInt(decimals);
  const digits = ((money + unit / 2n) / unit).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, -decimals).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits.slice(-decimals).replace(/(\d\d)0+$/, '$1');
  return `$${whole}.${fraction}`;
}

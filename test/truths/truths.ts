// What is known of the pipelines beside this file: for each case (an item) and quantity the true mean, by a formula or an
// exact recursion. Nothing here is simulated.

import { toNumber, type Value } from '../../src/expression/values.ts';

/** A quantity of one item, and its true mean. */
export interface Truth {
  readonly pipeline: string;
  readonly item: string;
  /** Name of the field, or of the field and the value it must have: `outcome=win`. */
  readonly quantity: string;
  readonly mean: number;
}

/** Everything that is known. */
export const TRUTHS: readonly Truth[] = [
  ...ruin('fair', 3, 10, 0.5),
  ...ruin('roulette', 5, 10, 18 / 38),
  truth('coupon-collector', 'dice', 'packets', 6 * harmonic(6)),
  truth('coupon-collector', 'album', 'packets', 20 * harmonic(20)),
  ...[10, 23, 40].map((n) => truth('birthday', `room-of-${n}`, 'shared', sharedBirthday(n))),
  truth('craps', 'pass-line', 'outcome=win', 244 / 495),
  truth('craps', 'pass-line', 'throws', 557 / 165),
  truth('monty-hall', 'stay', 'won', 1 / 3),
  truth('monty-hall', 'switch', 'won', 2 / 3),
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 1].map((up) =>
    truth('dealer-bust', up === 1 ? 'ace' : String(up), 'busts', dealerBust(up, up === 1)),
  ),
  truth('derangements', 'party', 'deranged', 14_833 / 40_320),
  truth('derangements', 'party', 'own', 1),
  ...generations('waning', 0.8, 10),
  ...generations('critical', 1, 10),
  ...generations('growing', 1.5, 10),
];

/** What the quantity is in a unit's fields, true and false counted as 1 and 0. */
export function quantityOf({ quantity }: Truth, fields: ReadonlyMap<string, Value>): number {
  const [field = '', wanted] = quantity.split('=');
  const value = fields.get(field) ?? null;
  if (wanted !== undefined) return value === wanted ? 1 : 0;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number = toNumber(value);
  if (number === null) throw new Error(`${field} is no number`);
  return number;
}

function truth(pipeline: string, item: string, quantity: string, mean: number): Truth {
  return { pipeline, item, quantity, mean };
}

function ruin(item: string, start: number, goal: number, p: number): Truth[] {
  const ratio = (1 - p) / p;
  const ruined = p === 0.5 ? 1 - start / goal : (ratio ** start - ratio ** goal) / (1 - ratio ** goal);
  const rounds = p === 0.5 ? start * (goal - start) : (start - goal * (1 - ruined)) / (1 - 2 * p);
  return [truth('gamblers-ruin', item, 'ruined', ruined), truth('gamblers-ruin', item, 'rounds', rounds)];
}

function harmonic(n: number): number {
  let sum = 0;
  for (let k = 1; k <= n; k++) sum += 1 / k;
  return sum;
}

function sharedBirthday(people: number): number {
  let different = 1;
  for (let before = 0; before < people; before++) different *= (365 - before) / 365;
  return 1 - different;
}

/** P(bust) from a hand: its sum with aces as 1, and whether it has an ace. Tens are four of the 13 ranks. */
export function dealerBust(hard: number, ace: boolean, cards = 1): number {
  const total = ace && hard <= 11 ? hard + 10 : hard;
  if (total > 21) return 1;
  if (total >= 17 && cards > 1) return 0;
  let sum = 0;
  for (let rank = 1; rank <= 10; rank++) {
    sum += (rank === 10 ? 4 : 1) * dealerBust(hard + rank, ace || rank === 1, cards + 1);
  }
  return sum / 13;
}

function generations(item: string, children: number, depth: number): Truth[] {
  let extinct = 0;
  for (let generation = 0; generation < depth; generation++) extinct = Math.exp(children * (extinct - 1));
  return [
    truth('galton-watson', item, 'extinct', extinct),
    truth('galton-watson', item, 'people', children ** depth),
  ];
}

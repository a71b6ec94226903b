// The same work by hand in plain JavaScript, with the same generator: the limit no interpreter of ours can pass.
import { drawBelow, sampleItems } from '../build/expression/random.js';

/** The walk; `source` is the unit's stream. */
export function walk(fields, source) {
  let position = fields.start_position;
  const path = [position];
  let steps_taken = 0;
  do {
    position += drawBelow(source, 2) === 0 ? -1 : 1;
    path.push(position);
    steps_taken++;
  } while (position > 0 && position < 10);
  return { position, path, steps_taken };
}

const TENS = ['J', 'Q', 'K'];
const HIGH = ['10', 'J', 'Q', 'K', 'A'];

function count(card) {
  return card === 'A' ? 11 : TENS.includes(card) ? 10 : Number.parseInt(card, 10);
}

const RANKS = ['2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K', 'A'];

/** The deal. */
export function deal(_fields, source) {
  const shoe = [];
  for (const rank of RANKS) for (let i = 0; i < 24; i++) shoe.push(rank);
  const dealt = sampleItems(source, shoe, 14);
  const player_hand = [dealt[0], dealt[1]];
  let points = 0;
  for (const card of player_hand) points += count(card);
  return {
    shoe,
    dealt,
    player_hand,
    dealer_up_card: dealt[2],
    dealer_hole_card: dealt[3],
    extra_cards: dealt.slice(4),
    points,
    blackjack: points === 21,
  };
}

/** The hands. */
export function hands(fields, source) {
  const ranks = ['A', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K'];
  const deck = [];
  for (let i = 0; i < 4 * fields.decks; i++) deck.push(...ranks);
  const shoe = sampleItems(source, deck, deck.length);
  const player = shoe.slice(0, 2);
  const dealer = [shoe[2], shoe[3]];
  const draws = shoe.slice(4, 8);
  const points = player.concat(draws).map(count);
  const player_value = points[0] + points[1];
  const soft = player.includes('A');
  const blackjack = player_value === 21;
  let total = 0;
  for (const card of dealer) total += count(card);
  const high_cards = shoe.slice(0, 20).filter((card) => HIGH.includes(card)).length;
  const payout = blackjack && total !== 21 ? fields.bet * 1.5 : player_value > total ? fields.bet : 0;
  const dealt = `${player.join(', ')} against ${dealer[0]}`;
  return {
    ranks,
    deck,
    shoe,
    player,
    dealer,
    draws,
    points,
    player_value,
    soft,
    blackjack,
    total,
    high_cards,
    payout,
    dealt,
  };
}

/** The verification, from JSON text to JSON text. */
export function verify(text) {
  const f = JSON.parse(text);
  const player_counted =
    f.values[f.player_cards[0]] + f.values[f.player_cards[1]] + f.values[f.player_cards[2]];
  const dealer_counted = f.values[f.dealer_cards[0]] + f.values[f.dealer_cards[1]];
  const totals_agree = player_counted === f.player_total && dealer_counted === f.dealer_total;
  const nobody_bust =
    0 < f.player_total && f.player_total <= 21 && 0 < f.dealer_total && f.dealer_total <= 21;
  const outcome_agrees = (f.outcome === 'player_wins') === f.player_total > f.dealer_total;
  const last_action_fits = f.actions[f.actions.length - 1] === 'stand' || f.player_total > 21;
  const stakes_agree = f.bets[0].won !== f.bets[1].won && f.bets[0].size < f.bets[1].size;
  const verified = totals_agree && nobody_bust && outcome_agrees && last_action_fits && stakes_agree;
  return JSON.stringify({
    player_counted,
    dealer_counted,
    totals_agree,
    nobody_bust,
    outcome_agrees,
    last_action_fits,
    stakes_agree,
    verified,
  });
}

/** The prompt. */
export function render(c) {
  let crew = '';
  for (const [i, person] of c.crew.entries()) {
    crew += `${i + 1}. ${person.name}, ${person.role}${person.mood ? ` (${person.mood})` : ''}\n`;
  }
  const end =
    c.position >= 10
      ? 'He reached the ship'
      : c.position <= 0
        ? 'He fell into the water'
        : 'He is still walking';
  return `You are the harbour master. A sailor left the tavern in: ${c.scenario.toUpperCase()}.
He walked ${c.steps_taken} steps, his path was [${c.path.join(', ')}], and he stands at ${c.position}.
${end}.
The crew:
${crew}Tags: ${c.tags.join(', ')}. Price: ${c.price.toFixed(2)}. Sober: ${c.sober ? 'True' : 'False'}. Turns: ${c.path.length - 1}.
Answer with JSON: {"outcome": "fell_in_water|reached_ship", "final_position": 0, "note": "${c.scenario.replaceAll(' ', '_').toLowerCase()}"}
`;
}

// What is measured, as data: the same expressions and templates go to this engine, to CPython and to Jinja2.

/** A random walk: a loop with one draw and one growing list a pass; 25 passes on average. */
export const walk = {
  fields: { id: 'pier', start_position: 5 },
  step: {
    name: 'walk',
    init: { position: 'start_position', path: '[start_position]', steps_taken: '0' },
    expressions: {
      position: 'position + random.choice([-1, 1])',
      path: 'path + [position]',
      steps_taken: 'steps_taken + 1',
    },
    loop_until: 'position <= 0 or position >= 10',
  },
};

/** A deal as a blackjack pipeline makes it: a shoe of six decks, fourteen cards from it, the first hand counted. */
export const deal = {
  fields: { id: 'table', strategy: 'basic' },
  step: {
    name: 'deal',
    init: {},
    expressions: {
      shoe: "[rank for rank in ['2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K', 'A'] for _ in range(24)]",
      dealt: 'random.sample(shoe, 14)',
      player_hand: '[dealt[0], dealt[1]]',
      dealer_up_card: 'dealt[2]',
      dealer_hole_card: 'dealt[3]',
      extra_cards: 'dealt[4:]',
      points:
        "sum([11 if card == 'A' else 10 if card in ['J', 'Q', 'K'] else int(card) for card in player_hand])",
      blackjack: 'points == 21',
    },
    loop_until: null,
  },
};

/** A table's worth of small expressions: a deck is shuffled whole, hands are taken, counted and compared. */
export const hands = {
  fields: { id: 'table', decks: 1, bet: 10 },
  step: {
    name: 'hands',
    init: {},
    expressions: {
      ranks: "['A', '2', '3', '4', '5', '6', '7', '8', '9', '10', 'J', 'Q', 'K']",
      deck: 'ranks * (4 * decks)',
      shoe: 'random.sample(deck, len(deck))',
      player: 'shoe[0:2]',
      dealer: '[shoe[2], shoe[3]]',
      draws: 'shoe[4:8]',
      points:
        "[11 if card == 'A' else 10 if card in ['J', 'Q', 'K'] else int(card) for card in player + draws]",
      player_value: 'sum(points[:2])',
      soft: "'A' in player",
      blackjack: 'player_value == 21',
      total: "sum(11 if card == 'A' else 10 if card in ('J', 'Q', 'K') else int(card) for card in dealer)",
      high_cards: "len([card for card in shoe[:20] if card in ['10', 'J', 'Q', 'K', 'A']])",
      payout: 'bet * 1.5 if blackjack and total != 21 else bet if player_value > total else 0',
      dealt: "', '.join(player) + ' against ' + dealer[0]",
    },
    loop_until: null,
  },
};

/** A verification: no loop and no draw, fields of a finished game are looked up and compared. */
export const verify = {
  fields: {
    id: 'hand-17',
    strategy: 'basic',
    seed: 9,
    player_cards: ['10', '6', '4'],
    dealer_cards: ['7', 'K'],
    actions: ['hit', 'stand'],
    values: { A: 11, K: 10, Q: 10, J: 10, 10: 10, 9: 9, 8: 8, 7: 7, 6: 6, 5: 5, 4: 4, 3: 3, 2: 2 },
    player_total: 20,
    dealer_total: 17,
    outcome: 'player_wins',
    net: 1.5,
    reasoning: 'The dealer shows a seven, so sixteen has to be hit; twenty is enough to stand on.',
    bets: [
      { size: 10, won: true },
      { size: 20, won: false },
    ],
  },
  step: {
    name: 'verify',
    init: {},
    expressions: {
      player_counted: 'values[player_cards[0]] + values[player_cards[1]] + values[player_cards[2]]',
      dealer_counted: 'values[dealer_cards[0]] + values[dealer_cards[1]]',
      totals_agree: 'player_counted == player_total and dealer_counted == dealer_total',
      nobody_bust: '0 < player_total <= 21 and 0 < dealer_total <= 21',
      outcome_agrees: "(outcome == 'player_wins') == (player_total > dealer_total)",
      last_action_fits: "actions[-1] == 'stand' or player_total > 21",
      stakes_agree: "bets[0]['won'] != bets[1]['won'] and bets[0]['size'] < bets[1]['size']",
      verified: 'totals_agree and nobody_bust and outcome_agrees and last_action_fits and stakes_agree',
    },
    loop_until: null,
  },
};

/** A prompt as pipelines have them: fields, a loop, a filter or two, a condition. */
export const render = {
  context: {
    unit_id: 'pier__rep0001',
    scenario: 'Middle of the pier',
    position: 10,
    steps_taken: 25,
    path: [5, 6, 5, 4, 5, 6, 7, 8, 7, 8, 9, 8, 9, 10],
    tags: ['walk', 'night', 'storm'],
    crew: [
      { name: 'Ann', role: 'helmsman', mood: 'glad' },
      { name: 'Bo', role: 'cook', mood: 'weary' },
      { name: 'Cy', role: 'boy', mood: null },
    ],
    price: 12.5,
    sober: false,
  },
  template: `You are the harbour master. A sailor left the tavern in: {{ scenario|upper }}.
He walked {{ steps_taken }} steps, his path was {{ path }}, and he stands at {{ position }}.
{% if position >= 10 %}He reached the ship{% elif position <= 0 %}He fell into the water{% else %}He is still walking{% endif %}.
The crew:
{% for person in crew -%}
{{ loop.index }}. {{ person.name }}, {{ person['role'] }}{% if person.mood %} ({{ person.mood }}){% endif %}
{% endfor -%}
Tags: {{ tags|join(', ') }}. Price: {{ '%.2f'|format(price) }}. Sober: {{ sober }}. Turns: {{ path|length - 1 }}.
Answer with JSON: {"outcome": "fell_in_water|reached_ship", "final_position": 0, "note": "{{ scenario|replace(' ', '_')|lower }}"}
`,
};

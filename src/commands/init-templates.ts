// First pipelines to begin with: complete, small, and passing as they stand, so that whatever breaks later was changed.
// Texts only; nothing is written here.

/** What a first pipeline can be. */
export const KINDS = ['simulation', 'prompts', 'judge', 'octobatch'] as const;

export type Kind = (typeof KINDS)[number];

/** Providers a first pipeline can name, with a model that is cheap; null: none, the answers are invented. */
export const DEFAULT_MODELS = {
  openai: 'gpt-5-mini',
  anthropic: 'claude-haiku-4-5',
  gemini: 'gemini-2.5-flash',
} as const;

export type PaidProvider = keyof typeof DEFAULT_MODELS;

/** Who answers. */
export interface Answerer {
  readonly provider: PaidProvider;
  readonly model: string;
}

/** A file of a pipeline, by its path in the folder. */
export type Files = Readonly<Record<string, string>>;

/** The files of a first pipeline of one's own. */
export function pipelineFiles(kind: Exclude<Kind, 'octobatch'>, name: string, who: Answerer | null): Files {
  switch (kind) {
    case 'simulation':
      return { 'pipeline.yaml': simulation(name) };
    case 'prompts':
      return { 'pipeline.yaml': prompts(name, who, ''), ...PROMPT_FILES };
    case 'judge':
      return { 'pipeline.yaml': prompts(name, who, JUDGE), ...PROMPT_FILES, ...JUDGE_FILES };
    default:
      return kind satisfies never;
  }
}

/** A name as YAML reads it as text: `12` and `true` would be something else. */
function yamlName(name: string): string {
  return /^[A-Za-z]/.test(name) && !/^(?:true|false|null)$/i.test(name) ? name : `"${name}"`;
}

function simulation(name: string): string {
  return `# How often does a hero reach the top of the tower? Nothing is asked of a model: this runs with no key, in a moment.
name: ${yamlName(name)}
seed: 1 # the same seed, the same draws, on every machine
items: # each is simulated \`repeat\` times
  - { id: sword, weapon: sword, power: 7 }
  - { id: bow, weapon: bow, power: 6 }
repeat: 1000

steps:
  - name: climb
    init:
      floor: "0"
      lives: "3"
    expressions: # Python; each line sees those above it
      floor: floor + 1
      lives: lives - (1 if random.randint(1, 10) > power else 0)
      outcome: "'top' if lives > 0 and floor == 10 else 'lost' if lives == 0 else 'climbing'"
    loop_until: outcome != 'climbing'

report:
  group_by: weapon
  outcomes: [outcome]
  metrics: [floor]

gates: # claims that must hold; each is decided with its uncertainty
  - name: about every fourth hero reaches the top
    share: outcome == 'top'
    between: [0.22, 0.33]
`;
}

function prompts(name: string, who: Answerer | null, more: string): string {
  const asked =
    who === null
      ? `# Who answers: nobody yet. Without a provider the answers are invented by \`simulate:\` below, and every report says so.
# provider: openai
# model: ${DEFAULT_MODELS.openai}
# max_cost: 1
`
      : `provider: ${who.provider}
model: ${who.model}
max_cost: 1 # US dollars; a ceiling, not a price. The run pauses there
`;
  return `# A shopkeeper answers customers: how many of them buy, and is every answer one that the game can use?
# \`octobatch run <this folder> --provider simulated\` tries everything for nothing.
name: ${yamlName(name)}
seed: 1 # the same seed, the same draws, on every machine
items: customers.csv # each row is simulated \`repeat\` times
repeat: 50

${asked}
steps:
  - name: customer # computed here; Python, each line sees those above it
    expressions:
      budget: round(price * random.uniform(0.6, 1.2))
      mood: "random.choice(['cheerful', 'tired', 'in a hurry'])"

  - name: reply # asked of a model
    prompt: reply.jinja2
    schema: reply.json
    max_tokens: 300
    rules: # an answer that breaks one is asked for again, and told why
      - name: sells_within_the_budget
        expr: offer <= budget
        when: sold
        error: "sold for {offer} to somebody who has {budget}"
    retry: { max_attempts: 3 }
    simulate: # what is answered when nobody real is asked
      sold: budget >= price * 0.8
      offer: min(price, budget)
      line: "f'For you, {offer} coins.' if sold else 'Perhaps another day.'"
${more}
report:
  group_by: customer
  outcomes: [sold]
  metrics: [offer]

gates: # claims that must hold; each is decided with its uncertainty
  - name: most customers buy
    share: sold
    between: [0.5, 0.85]
  - name: answers are valid
    valid_share: { at_least: 0.95 }
`;
}

const PROMPT_FILES: Files = {
  'customers.csv': `id,customer,wish,price
miller,the miller,a new sieve,20
guard,a guard,a warm cloak,35
child,a child,a wooden horse,8
sailor,an old sailor,a compass,50
`,
  'reply.jinja2': `You keep a shop in a small town. A customer comes in: {{ customer }}, {{ mood }}, who wants {{ wish }}.
It usually costs {{ price }} coins; the customer has {{ budget }}.

Do you sell it, for how many coins, and what do you say? Answer with JSON only:
{"sold": true or false, "offer": <coins>, "line": "<one sentence>"}
`,
  'reply.json': `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["sold", "offer", "line"],
  "additionalProperties": false,
  "properties": {
    "sold": { "type": "boolean" },
    "offer": { "type": "integer", "minimum": 1 },
    "line": { "type": "string", "minLength": 5, "maxLength": 200 }
  }
}
`,
};

const JUDGE = `
  - name: review # a second model judges the first; what it rejects is written again
    judge: true
    prompt: review.jinja2
    schema: review.json
    max_tokens: 300
    rules:
      - name: is_polite
        expr: politeness >= 0.5
        error: "only {politeness} polite: {reason}"
    retry: { max_attempts: 3 }
    simulate:
      politeness: round(random.betavariate(8, 2), 2)
      reason: "'said as one would to ' + customer"
`;

const JUDGE_FILES: Files = {
  'review.jinja2': `A shopkeeper said to {{ customer }}:

{{ line }}

How polite is that, from 0 to 1? Answer with JSON only:
{"politeness": <0 to 1>, "reason": "<one sentence>"}
`,
  'review.json': `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["politeness", "reason"],
  "additionalProperties": false,
  "properties": {
    "politeness": { "type": "number", "minimum": 0, "maximum": 1 },
    "reason": { "type": "string", "minLength": 5 }
  }
}
`,
};

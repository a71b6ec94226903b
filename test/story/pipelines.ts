// The pipelines of the stories, and what the trusted side says about them.

/** Where the pipeline of most scenes lies in the repository. */
export const TALE = 'pipelines/tale';

/** The environment variable with the provider's key, and the key. */
export const KEY_NAME = 'STAGE_KEY';
export const KEY = 'sk-stage-secret-word';

/** Knobs that make another pipeline of it, among them what is asked, and how high a score may be. */
export interface TaleOptions {
  readonly ask?: string;
  readonly highest?: number;
  readonly repeat?: number;
  readonly name?: string;
  /** A second step asks a model about what the first one answered. */
  readonly rates?: boolean;
  readonly seed?: number;
  /** The gate is on the change of the share of good tales, which may drop by so much. */
  readonly drop?: number;
  /** More lines at the top. */
  readonly more?: string;
}

/**
 * A step that draws, one that asks a model, one that judges. The simulated provider answers from the schema alone, so
 * that `highest` is what makes a difference between two commits.
 */
export function tale(options: TaleOptions = {}): string {
  const { ask = 'Tell of', highest = 6, repeat = 20, name = 'tale', rates = false, more = '' } = options;
  const { seed = 3, drop } = options;
  const gate =
    drop === undefined
      ? '{ name: good tales, share: good, at_least: 0.4 }'
      : `{ name: no drop, share: good, change: { at_least: ${-drop} } }`;
  return `name: ${name}
seed: ${seed}
items: [{ id: harbour }, { id: forest }]
repeat: ${repeat}
provider: openai
model: small
steps:
  - name: roll
    expressions: { luck: "random.randint(1, 6)" }
  - name: tell
    prompt: "${ask} {{ id }} with luck {{ luck }}."
    max_tokens: 100
    schema:
      type: object
      required: [score]
      properties: { score: { type: integer, minimum: 1, maximum: ${highest} } }
${rates ? RATE : ''}  - name: judge
    expressions: { good: "score >= 3" }
gates:
  - ${gate}
report: { outcomes: [good] }
${more}`;
}

const RATE = `  - name: rate
    prompt: "Rate a tale that scored {{ score }}."
    max_tokens: 50
    schema:
      type: object
      required: [stars]
      properties: { stars: { type: integer, minimum: 1, maximum: 5 } }
`;

/** A pipeline that asks nobody. */
export function walk(name: string, seed = 42): string {
  return `name: ${name}
seed: ${seed}
items: [{ id: pier, start: 5 }]
repeat: 40
steps:
  - name: walk
    init: { position: start }
    expressions: { position: "position + random.choice([-1, 1])" }
    loop_until: position <= 0 or position >= 10
  - name: judge
    expressions: { outcome: "'water' if position <= 0 else 'ship'" }
report: { outcomes: [outcome] }
`;
}

/** The policy of the workflow: where the model is, whose key, at what price, and the ceiling in dollars. */
export function policyFor(url: string, ceiling = 1): string {
  return `providers:
  openai: { base_url: "${url}/v1", key_env: ${KEY_NAME} }
models: [small]
prices:
  small: { input: 1, output: 4 }
max_cost: ${ceiling}
`;
}

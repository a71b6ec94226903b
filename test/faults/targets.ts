// The providers of the matrix, each in both modes, and the small pipeline that every scenario runs on them.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mode, TokenPrice } from '../../src/pipeline/pipeline.ts';

/** One column of the matrix. */
export interface Target {
  readonly name: string;
  readonly provider: 'openai' | 'anthropic' | 'gemini';
  readonly api: 'chat' | 'responses' | null;
  readonly mode: Mode;
}

const SERVICES = [
  { name: 'chat', provider: 'openai', api: 'chat' },
  { name: 'responses', provider: 'openai', api: 'responses' },
  { name: 'anthropic', provider: 'anthropic', api: null },
  { name: 'gemini', provider: 'gemini', api: null },
] as const;

/** All columns. */
export const TARGETS: readonly Target[] = (['batch', 'realtime'] as const).flatMap((mode) =>
  SERVICES.map((service) => ({ ...service, name: `${service.name}/${mode}`, mode })),
);

/** What stands in every key, every prompt and every answer, to be searched for where it must not be. */
export const MARKS = {
  key: 'sk-faults-KEYMARK-0123456789abcdef',
  prompt: 'PROMPTMARK',
  answer: 'ANSWERMARK',
} as const;

/** The variable that holds the key. */
export const KEY_VARIABLE = 'OCTOBATCH_FAULTS_KEY';

/** What a token costs here, in picodollars: a dollar and four dollars per million. */
export const PRICE: TokenPrice = {
  input: '1',
  output: '4',
  cachedInput: null,
  above: null,
  source: 'pipeline',
};

/** Units of the pipeline. */
export const UNITS = 8;

/** The model of the pipeline. */
export const MODEL = 'faults-model';

/** What a scenario changes in the pipeline. */
export interface Changes {
  /** Of the provider's settings, in the words of the pipeline file. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The ceiling, in US dollars. */
  readonly maxCost?: string;
  readonly attempts?: number;
  /** Answers bear their mark though no context is registered: it stands in the schema. */
  readonly marked?: boolean;
}

const BASE = { openai: '/v1', anthropic: '/anthropic', gemini: '/gemini' } as const;

/** Writes the pipeline for a target whose service is at `url`; gives its folder. */
export async function writePipeline(
  parent: string,
  target: Target,
  url: string,
  changes: Changes,
): Promise<string> {
  const folder = join(parent, 'pipeline');
  const settings = {
    base_url: `${url}${BASE[target.provider]}`,
    key_env: KEY_VARIABLE,
    ...(target.api === null ? {} : { api: target.api }),
    ...changes.settings,
  };
  const step = (name: string, prompt: string, properties: object, simulate: object, more: object = {}) => ({
    name,
    prompt: `${MARKS.prompt} ${prompt} Answer with JSON.`,
    max_tokens: 120,
    schema: { type: 'object', required: Object.keys(properties), properties },
    retry: { max_attempts: changes.attempts ?? 6 },
    simulate,
    ...more,
  });
  const pipeline = {
    name: 'faults',
    seed: 5,
    items: ['north', 'south'].map((id) => ({ id, town: `the ${id} gate` })),
    repeat: UNITS / 2,
    chunk_size: 3,
    provider: target.provider,
    model: MODEL,
    mode: target.mode,
    providers: { [target.provider]: settings },
    prices: { [MODEL]: { input: Number(PRICE.input), output: Number(PRICE.output) } },
    steps: [
      { name: 'ride', expressions: { hours: 'random.randint(2, 9)' } },
      step(
        'letter',
        'A courier rode {{ hours }} hours to {{ town }}.',
        {
          line: changes.marked ? { type: 'string', enum: [MARKS.answer] } : { type: 'string' },
          mood: { type: 'string' },
        },
        // The same answer in every attempt: what went wrong before must not show in the results.
        {
          line: `f'${MARKS.answer}\\nAfter {hours} hours at {town}.'`,
          mood: "'glad' if hours < 6 else 'weary'",
        },
      ),
      step(
        'review',
        'Does "{{ mood }}" fit {{ hours }} hours?',
        { fit: { type: 'number' } },
        { fit: '0.5 + hours / 100' },
        { judge: true, rules: [{ name: 'fits', expr: 'fit >= 0.3', error: 'only {fit}' }] },
      ),
    ],
    report: { outcomes: ['mood'], metrics: ['hours', 'fit'] },
    gates: [{ name: 'valid', valid_share: { at_least: 0 } }],
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pipeline.yaml'), JSON.stringify(pipeline, null, 1));
  return folder;
}

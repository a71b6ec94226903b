// The page about pipelines names every key of both forms, none that is not there, and the defaults that are.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadPipeline } from '../../src/pipeline/load.ts';
import { octobatchSchema } from '../../src/pipeline/octobatch-schema.ts';
import type { LlmStep } from '../../src/pipeline/pipeline.ts';
import { jsonSchema, nativeSchema } from '../../src/pipeline/schema.ts';
import { normalisedText } from '../../src/pipeline/snapshot.ts';
import { memoryFolder } from '../pipeline/memory-folder.ts';
import { blocksOf, codeOf, isThere, rowsOf } from './page.ts';

const PAGE = 'docs/pipelines.md';

/** A pipeline, and lines that change nothing but how its results are seen. */
const SMALL = `items: [{ id: a }]
steps:
  - { name: one, expressions: { x: "1" }, loop_until: x > 0 }
  - { name: two, prompt: "Say {{ x }}." }
`;
const LIGHTS = [
  'report: { metrics: [x] }',
  'gates: [{ name: g, mean: x, at_least: 0 }]',
  'false_alarms: 0.05',
  'post_process: [{ gzip: [results.jsonl] }]',
  'prices: { small: { input: 1, output: 2 } }',
  'max_cost: 3',
  'chunk_size: 10',
];
const CONTENTS = [
  'seed: 5',
  'repeat: 2',
  'globals: { tone: kind }',
  'model: small',
  'mode: realtime',
  'rng: arc4',
];

/** Keys that have a page of their own, with all that stands below them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  providers: 'docs/providers.md',
  prices: 'docs/providers.md',
  report: 'docs/estimates.md',
  gates: 'docs/gates.md',
  stop: 'docs/adaptive-runs.md',
  fan_out: 'docs/fan-out.md',
  script: 'docs/post-processing.md',
  post_process: 'docs/post-processing.md',
};

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly prefixItems?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
}

/** Every key of a schema with the page that tells of it. */
function keysOf(schema: Schema, page: string = PAGE): readonly (readonly [string, string])[] {
  const properties = Object.entries(schema.properties ?? {});
  const names = properties.map(([key]) => key);
  const here = ownPage(names) ?? page;
  const parts = [
    schema.items,
    ...(schema.prefixItems ?? []),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ];
  const more = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  return [
    ...properties.flatMap(([key, value]) => [[key, here] as const, ...keysOf(value, ELSEWHERE[key] ?? here)]),
    ...[...parts, more].flatMap((part) => (part === undefined ? [] : keysOf(part, here))),
  ];
}

/** The page of a kind of step that has one. */
function ownPage(keys: readonly string[]): string | undefined {
  if (keys.includes('scope') || keys.includes('type')) return undefined;
  return keys.flatMap((key) => (key === 'fan_out' || key === 'script' ? ELSEWHERE[key]! : []))[0];
}

/** The words in the pieces of code of a page, and in its blocks. */
function wordsOf(page: string): ReadonlySet<string> {
  if (!isThere(page)) return new Set();
  const code = [...codeOf(page), ...blocksOf(page)].map(({ text }) => text);
  return new Set(code.flatMap((text) => text.split(/[^A-Za-z0-9_]+/)));
}

function missing(keys: readonly (readonly [string, string])[]): readonly string[] {
  return keys.flatMap(([key, page]) =>
    wordsOf(page).has(key) || wordsOf(PAGE).has(key) ? [] : [`${key}: not in ${page}`],
  );
}

describe('the page about pipelines', () => {
  const native = keysOf(jsonSchema() as Schema);
  const octobatch = keysOf(z.toJSONSchema(octobatchSchema, { io: 'input' }) as Schema);

  it('names every key of pipeline.yaml, or the page that does', () => {
    expect(native.length).toBeGreaterThan(80);
    expect([...new Set(missing(native))]).toEqual([]);
  });

  it('names every key of config.yaml', () => {
    expect(octobatch.length).toBeGreaterThan(60);
    expect([...new Set(missing(octobatch))]).toEqual([]);
  });

  it('names no key that is not there', () => {
    const known = new Set([...native, ...octobatch].map(([key]) => key));
    const named = rowsOf(PAGE)
      .map(([first = '']) => first)
      .filter((cell) => cell.startsWith('`') && !/[ {(]/.test(cell.replaceAll('`, `', '')))
      .flatMap((cell) => [...cell.matchAll(/`([a-z_]+)`/g)].map((match) => match[1]!));
    expect(named.length).toBeGreaterThan(45);
    expect(named.filter((key) => !known.has(key) && key !== 'direct')).toEqual([]);
  });

  it('has a row for every key at the top and at a step', () => {
    const cells = rowsOf(PAGE)
      .map(([first = '']) => first)
      .join(' ');
    const steps = (jsonSchema() as { properties: { steps: { items: Schema } } }).properties.steps.items;
    const kinds = steps.anyOf ?? [];
    const ofSteps = kinds.flatMap((kind) => {
      const keys = Object.keys(kind.properties ?? {});
      return ownPage(keys) === undefined ? keys : [];
    });
    for (const key of [...Object.keys(nativeSchema.shape), ...ofSteps]) expect(cells).toContain(`\`${key}\``);
  });

  it('tells the defaults that are', async () => {
    const { pipeline } = await loadPipeline(memoryFolder({ 'pipeline.yaml': SMALL }), {}, () => null);
    const [one, two] = pipeline.steps as [{ maxIterations: number }, LlmStep];
    const actual: Readonly<Record<string, unknown>> = {
      seed: pipeline.seed,
      rng: pipeline.rng,
      repeat: pipeline.repeat,
      max_iterations: one.maxIterations,
      max_tokens: two.maxTokens,
      max_attempts: two.retry.maxAttempts,
      feedback: two.retry.feedback,
      judge: two.judge,
    };
    const told = new Map(rowsOf(PAGE).map((row) => [row[0], row.at(-1)!]));
    for (const [key, value] of Object.entries(actual))
      expect(told.get(`\`${key}\``), key).toBe(`\`${value}\``);
  });

  it('tells what makes another run, and what does not', async () => {
    const keyOf = async (more: string): Promise<string> => {
      const files = memoryFolder({ 'pipeline.yaml': `${SMALL}${more}\n` });
      return normalisedText((await loadPipeline(files, {}, () => null)).pipeline);
    };
    const told = (start: string): string => rowsOf(PAGE).find((row) => row[1]?.startsWith(start))![0]!;
    const same = `${told('the same results')} ${told('the same run')}`;
    const [base = '', ...lights] = await Promise.all(['', ...LIGHTS].map(keyOf));
    expect(new Set([base, ...lights]).size).toBe(1);
    for (const light of LIGHTS) expect(same).toContain(light.split(':')[0]!);
    const contents = await Promise.all(CONTENTS.map(keyOf));
    expect(new Set([base, ...contents]).size).toBe(CONTENTS.length + 1);
  });
});

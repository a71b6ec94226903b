// Pipeline folders that load: what the two forms mean.
import { describe, expect, test } from 'vitest';
import { stringifyJson } from '../../src/expression/json.ts';
import { ConfigurationError, formatDiagnostic } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import type { LlmStep, LoadedPipeline } from '../../src/pipeline/pipeline.ts';
import { itemsToLines, normalisedText } from '../../src/pipeline/snapshot.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

type Texts = Readonly<Record<string, string>>;

async function load(texts: Texts, overrides: Overrides = {}): Promise<LoadedPipeline> {
  return loadPipeline(memoryFolder(texts), overrides, checkSchema);
}

async function mistakes(texts: Texts): Promise<string[]> {
  try {
    await load(texts);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.diagnostics.map(formatDiagnostic);
  }
}

const VERDICT_SCHEMA = '{"type":"object","required":["outcome"],"properties":{"outcome":{"type":"string"}}}';

const NATIVE: Texts = {
  'pipeline.yaml': `
name: bridge-walk
seed: 42
items: [{ id: bridge, scene: Bridge, start: 5 }]
repeat: 1000
globals: { river: Po, width: 10.0 }
steps:
  - name: walk
    init: { position: start, taken: 0 }
    expressions:
      position: position + random.choice([-1, 1])
      taken: taken + 1
    loop_until: position <= 0 or position >= 10
  - name: tell
    prompt: tell.jinja2
    schema: tell.json
    system: You judge walks near the {{ river }}.
    required: [outcome]
    types: { outcome: string }
    enums: { outcome: [fell, crossed, 1.0] }
    ranges: { taken: [1, null], position: { max: 10 } }
    rules:
      - { name: agrees, expr: "(outcome == 'fell') == (position <= 0)", when: taken > 0, error: "{outcome} at {position}" }
      - { expr: taken < 500, level: warning }
    retry: { max_attempts: 2, feedback: false }
    prepare: { half: taken / 2 }
    simulate: { outcome: "'fell' if position <= 0 else 'crossed'" }
    max_tokens: 200
    temperature: 0.5
    model: small-1
report: { group_by: scene, outcomes: [outcome], metrics: [taken] }
gates:
  - { name: half fall, share: outcome == 'fell', between: [0.4, 0.6] }
  - { name: short, mean: taken, at_most: 40, confidence: 0.99 }
  - { name: valid, valid_share: { at_least: 0.95 } }
  - { name: cheap, cost: { at_most: 1 } }
prices: { small-1: { input: 0.10, output: "0.40" } }
max_cost: 2.50
chunk_size: 50
`,
  'tell.jinja2': 'Start {{ start }}, end {{ position }}.{% include "rules.jinja2" %}\n',
  'rules.jinja2': 'Answer in JSON.\n',
  'tell.json': VERDICT_SCHEMA,
  'README.md': 'Not a part of the pipeline.\n',
};

const OCTOBATCH: Texts = {
  'config.yaml': `
pipeline:
  steps:
    - name: write
      prompt_template: write.jinja2
      description: Writes a line
    - name: count
      scope: expression
      expressions:
        words: "len(line.split())"
    - name: score
      prompt_template: score.jinja2
      provider: anthropic
      model: big-2
api:
  provider: openai
  model: small-1
  retry: { max_attempts: 5, initial_delay_seconds: 30, backoff_multiplier: 2.0 }
  realtime: { cost_cap_usd: 50.0 }
processing:
  strategy: cross_product
  chunk_size: 60
  expressions: { dice: "random.randint(1, 6)" }
  positions:
    - name: actor
      source_key: cast
    - name: mood
  items: { source: items.yaml, name_field: id }
prompts:
  template_dir: templates
  templates: { write: write.jinja2, score: score.jinja2 }
  global_context: { polite: yes, code: 010 }
schemas:
  schema_dir: schemas
  files: { write: write.json, score: score.json }
validation:
  write:
    required: [line]
    types: { line: string }
  score:
    required: [quality]
    types: { quality: number }
    ranges: { quality: [0, 1] }
    rules:
      - { name: good_enough, expr: "quality >= 0.6", error: "only {quality}", level: error }
post_process:
  - { name: By mood, script: scripts/analyze_results.py, args: ["--group-by", "mood_name", "--count-field", "tone"] }
  - { name: Scores, script: scripts/analyze_results.py, args: ["--group-by", "actor_name", "--numeric-field", "quality", "--title", "T"] }
  - { name: Mine, script: pipelines/own/post.py }
  - { name: Pack, type: gzip, files: ["*.jsonl"] }
`,
  'items.yaml': `
cast:
  - { id: old smith, name: Smith }
  - { id: elder, name: Elder }
moods:
  - { id: calm/low, gentle: yes, level: 2.0 }
  - { name: angry, gentle: no }
`,
  'templates/write.jinja2': 'A line for {{ actor.name }}, {{ mood.gentle }}, {{ dice }}.\n',
  'templates/score.jinja2': 'Score {{ line }} by {{ actor.name }}.\n',
  'schemas/write.json': '{"type":"object","properties":{"line":{"type":"string"}}}',
  'schemas/score.json': '{"type":"object","properties":{"quality":{"type":"number"}}}',
};

describe('the native form', () => {
  test('is normalised', async () => {
    const { pipeline, items } = await load(NATIVE);
    const text = `${JSON.stringify(pipeline, null, 2)}\n${[...itemsToLines(items)].join('\n')}\n`;
    await expect(text).toMatchFileSnapshot('../golden/pipeline/native.golden.txt');
  });

  test('keeps only the templates that its prompts reach', async () => {
    const { pipeline } = await load(NATIVE);
    expect(Object.keys(pipeline.templates)).toEqual(['inline:tell.system', 'rules.jinja2', 'tell.jinja2']);
  });

  test('keeps every template when an include is decided while rendering', async () => {
    const texts = {
      'pipeline.yaml': 'items: [{ id: a, part: b.jinja2 }]\nsteps: [{ name: ask, prompt: a.jinja2 }]\n',
      'a.jinja2': '{% include part %}',
      'b.jinja2': 'B',
      'data.csv': 'id\n1\n',
    };
    expect(Object.keys((await load(texts)).pipeline.templates)).toEqual(['a.jinja2', 'b.jinja2']);
  });

  test('takes a prompt with Jinja marks, several lines or spaces as the text itself', async () => {
    for (const prompt of ['"Is {{ id }} good?"', '"Is this good?"', '|\n      Is this.txt\n      good?']) {
      const texts = { 'pipeline.yaml': `items: [{ id: a }]\nsteps:\n  - name: ask\n    prompt: ${prompt}\n` };
      const { pipeline } = await load(texts);
      expect(Object.keys(pipeline.templates)).toEqual(['inline:ask.prompt']);
    }
  });

  test('reads numbers and booleans of YAML as the expressions they look like', async () => {
    const texts = {
      'pipeline.yaml':
        'items: [{ id: a }]\nsteps:\n  - name: walk\n    init: { a: 0, b: 1.50, c: true }\n    expressions: { d: a }\n',
    };
    const [step] = (await load(texts)).pipeline.steps;
    expect(step?.kind === 'expression' && step.init).toEqual([
      { name: 'a', expr: '0' },
      { name: 'b', expr: '1.50' },
      { name: 'c', expr: 'True' },
    ]);
  });

  test('names the pipeline after its folder when it has no name', async () => {
    const files = memoryFolder(
      { 'pipeline.yaml': 'items: [{ id: a }]\nsteps: [{ name: s, expressions: { x: 1 } }]\n' },
      'sims/my <walk>',
    );
    expect((await loadPipeline(files, {}, checkSchema)).pipeline.name).toBe('my -walk-');
  });

  test('takes the one list of a file of items without a key', async () => {
    const texts = {
      'pipeline.yaml': 'items: rows.yaml\nsteps: [{ name: s, expressions: { x: 1 } }]\n',
      'rows.yaml': 'note: text\nplaces: [{ id: a }]\n',
    };
    const { pipeline, items } = await load(texts);
    expect(pipeline.strategy).toEqual({ kind: 'direct', group: 'places' });
    expect(items.get('places')?.map(({ id }) => id)).toEqual(['a']);
  });

  test('permutes the items of one list', async () => {
    const texts = {
      'pipeline.yaml':
        'items: [{ id: a }, { id: b }]\nunits: { permutation: [past, future] }\nsteps: [{ name: s, expressions: { x: 1 } }]\n',
    };
    expect((await load(texts)).pipeline.strategy).toEqual({
      kind: 'permutation',
      positions: [
        { name: 'past', group: 'items' },
        { name: 'future', group: 'items' },
      ],
    });
  });
});

describe('the Octobatch form', () => {
  test('is normalised', async () => {
    const { pipeline, items } = await load(OCTOBATCH);
    const text = `${JSON.stringify(pipeline, null, 2)}\n${[...itemsToLines(items)].join('\n')}\n`;
    await expect(text).toMatchFileSnapshot('../golden/pipeline/octobatch.golden.txt');
  });

  test('makes a judge of a step that rejects by a rule what an earlier model wrote', async () => {
    const judges = async (texts: Texts) =>
      (await load(texts)).pipeline.steps.flatMap((step) =>
        step.kind === 'llm' && step.judge ? [step.name] : [],
      );
    expect(await judges(OCTOBATCH)).toEqual(['score']);
    const warning = OCTOBATCH['config.yaml']!.replace('level: error', 'level: warning');
    expect(await judges({ ...OCTOBATCH, 'config.yaml': warning })).toEqual([]);
    expect(await judges({ ...OCTOBATCH, 'templates/score.jinja2': 'Score {{ actor.name }}.' })).toEqual([]);
  });

  test('permutes one list by default, as Octobatch does', async () => {
    const config = `
pipeline: { steps: [{ name: s, scope: expression, expressions: { x: 1 } }] }
processing: { chunk_size: 5, positions: [past, { name: future, name_field: name }], items: { source: items.yaml } }
`;
    const { pipeline, items } = await load({
      'config.yaml': config,
      'items.yaml': '- name: A B\n- name: C\n',
    });
    expect(pipeline.strategy).toEqual({
      kind: 'permutation',
      positions: [
        { name: 'past', group: 'items' },
        { name: 'future', group: 'items' },
      ],
    });
    expect(items.get('items')?.map(({ id }) => id)).toEqual(['A_B', 'C']);
  });

  test('says which unknown keys it ignores, and refuses misspelled ones', async () => {
    const odd = OCTOBATCH['config.yaml']!.replace('  chunk_size: 60', '  chunk_size: 60\n  zebra: 1');
    expect((await load({ ...OCTOBATCH, 'config.yaml': odd })).pipeline.notRun.at(-1)).toEqual({
      name: "configuration key 'processing.zebra'",
      reason: 'not known, and ignored (line 23)',
    });
    const slip = odd.replace('zebra', 'repeet');
    expect(await mistakes({ ...OCTOBATCH, 'config.yaml': slip })).toEqual([
      "pipelines/test/config.yaml:23:3  unknown key 'repeet' in processing  (did you mean 'repeat'?)",
    ]);
  });

  test('does not demand of a model what Octobatch itself puts into answers', async () => {
    const config = OCTOBATCH['config.yaml']!.replace('required: [line]', 'required: [unit_id, line]').replace(
      'types: { line: string }',
      'types: { unit_id: string, line: string }',
    );
    const plain = (await load(OCTOBATCH)).pipeline;
    expect(normalisedText((await load({ ...OCTOBATCH, 'config.yaml': config })).pipeline)).toBe(
      normalisedText(plain),
    );
  });

  test('refuses two positions of one name', async () => {
    const config = OCTOBATCH['config.yaml']!.replace('- name: mood', '- { name: actor, source_key: moods }');
    expect(await mistakes({ ...OCTOBATCH, 'config.yaml': config })).toEqual([
      "pipelines/test/config.yaml:27:7  two positions are named 'actor'  (rename one)",
    ]);
  });

  test('lets the own id of a unit win over an item field of that name', async () => {
    const config = `
pipeline: { steps: [{ name: s, scope: expression, expressions: { x: 1 } }] }
processing: { strategy: direct, chunk_size: 5, items: { source: items.yaml } }
`;
    const { items } = await load({ 'config.yaml': config, 'items.yaml': '- { id: a, unit_id: b, n: 1 }\n' });
    expect(stringifyJson(items.get('items')![0]!.fields)).toBe('{"id":"a","n":1}');
  });
});

describe('both forms', () => {
  test('of one pipeline determine the same results', async () => {
    const native = {
      'pipeline.yaml': `
items: { source: items.yaml, key: places }
repeat: 7
steps:
  - { name: walk, init: { x: start }, expressions: { x: x + 1 }, loop_until: x > 9 }
  - { name: tell, prompt: tell.jinja2, schema: tell.json, required: [outcome] }
`,
      'tell.jinja2': 'End {{ x }}.',
      'tell.json': VERDICT_SCHEMA,
      'items.yaml': 'places: [{ id: a, start: 5 }]\n',
    };
    const octobatch = {
      'config.yaml': `
pipeline:
  steps:
    - { name: walk, scope: expression, init: { x: start }, expressions: { x: x + 1 }, loop_until: x > 9 }
    - { name: tell, prompt_template: tell.jinja2 }
processing: { strategy: direct, repeat: 7, chunk_size: 3, items: { source: items.yaml, key: places } }
prompts: { templates: { tell: tell.jinja2 } }
schemas: { files: { tell: tell.json } }
validation: { tell: { required: [outcome] } }
`,
      'templates/tell.jinja2': 'End {{ x }}.',
      'schemas/tell.json': VERDICT_SCHEMA,
      'items.yaml': 'places: [{ id: a, start: 5 }]\n',
    };
    const [a, b] = [await load(native), await load(octobatch)];
    expect(normalisedText(a.pipeline)).toBe(normalisedText(b.pipeline));
    expect([...itemsToLines(a.items)]).toEqual([...itemsToLines(b.items)]);
  });

  test('mean the same with Windows line ends', async () => {
    for (const texts of [NATIVE, OCTOBATCH]) {
      const windows = Object.fromEntries(
        Object.entries(texts).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]),
      );
      expect(normalisedText((await load(windows)).pipeline)).toBe(
        normalisedText((await load(texts)).pipeline),
      );
    }
  });

  test('yield to the command line, and so do the steps', async () => {
    const { pipeline } = await load(OCTOBATCH, {
      seed: 'other',
      repeat: 3,
      maxUnits: 10,
      provider: 'simulated',
      model: 'tiny',
    });
    expect(pipeline).toMatchObject({
      seed: 'other',
      repeat: 3,
      maxUnits: 10,
      provider: 'simulated',
      model: 'tiny',
    });
    const score = pipeline.steps.find((step): step is LlmStep => step.name === 'score');
    expect([score?.provider, score?.model]).toEqual([null, null]);
  });
});

// Fan-out steps as they are written: both forms, the most children of a unit, and where a fan-out cannot work.
import { describe, expect, test } from 'vitest';
import { ConfigurationError, formatDiagnostic, formatWarning } from '../../src/pipeline/diagnostic.ts';
import { loadPipeline, type Overrides } from '../../src/pipeline/load.ts';
import type { FanOutStep, Pipeline } from '../../src/pipeline/pipeline.ts';
import { memoryFolder } from './memory-folder.ts';
import { checkSchema } from './schema-check.ts';

const ITEMS = 'items: [{ id: inn, songs: [a, b], bards: 2 }, { id: quay, songs: [c, d, e], bards: 3 }]\n';

type Files = Readonly<Record<string, string>>;

async function loadFiles(files: Files, overrides: Overrides = {}) {
  return loadPipeline(memoryFolder(files), overrides, checkSchema);
}

async function pipelineOf(steps: string, files: Files = {}): Promise<Pipeline> {
  return (await loadFiles({ 'pipeline.yaml': `${ITEMS}steps:\n${steps}`, ...files })).pipeline;
}

async function widthOf(steps: string): Promise<number> {
  const step = (await pipelineOf(steps)).steps.find((one): one is FanOutStep => one.kind === 'fan_out');
  return step?.maxChildren ?? 0;
}

async function said(files: Files, overrides: Overrides = {}): Promise<readonly string[]> {
  try {
    return (await loadFiles(files, overrides)).warnings.map(formatWarning);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.diagnostics.map(formatDiagnostic);
    throw error;
  }
}

function saidOf(steps: string, more = '', overrides: Overrides = {}): Promise<readonly string[]> {
  return said({ 'pipeline.yaml': `${ITEMS}${more}steps:\n${steps}` }, overrides);
}

function write(lines: string): string {
  const schema = `{ type: object, additionalProperties: false, required: [lines], properties: { lines: ${lines} } }`;
  return `  - { name: write, prompt: "Write for {{ unit_id }}.", schema: ${schema} }\n`;
}

describe('a fan-out step', () => {
  test('is read from the native form with everything it may have', async () => {
    const steps = `${write('{ type: array, maxItems: 9 }')}  - { name: split, fan_out: lines, as: line, max: 12, retry: { max_attempts: 2 }, retry_from: write }\n`;
    expect((await pipelineOf(steps)).steps[1]).toEqual({
      kind: 'fan_out',
      name: 'split',
      field: 'lines',
      childField: 'line',
      maxChildren: 12,
      retry: { maxAttempts: 2, feedback: true, from: 'write' },
    });
  });

  test('takes the most children from the schema, the items or a list that is written out', async () => {
    const split = (field: string) => `  - { name: split, fan_out: ${field}, as: one }\n`;
    const compute = (expr: string) => `  - { name: make, expressions: { made: ${JSON.stringify(expr)} } }\n`;
    expect(await widthOf(write('{ type: array, maxItems: 9 }') + split('lines'))).toBe(9);
    expect(await widthOf(write('{ type: [array, "null"], maxItems: 7 }') + split('lines'))).toBe(7);
    expect(await widthOf(split('songs'))).toBe(3);
    expect(await widthOf(compute("['x', 'y', bards, 4]") + split('made'))).toBe(4);
    expect(await widthOf(compute('("x", "y")') + split('made'))).toBe(2);
  });

  test('follows references inside the schema, and the elements of a list that is divided again', async () => {
    const scenes = '{ type: array, maxItems: 4, items: { "$ref": "#/$defs/scene" } }';
    const schema = `{ type: object, "$defs": { scene: { type: array, maxItems: 6 } }, properties: { scenes: ${scenes} } }`;
    const steps = `  - { name: write, prompt: Write., schema: ${schema} }
  - { name: scenes, fan_out: scenes, as: scene }
  - { name: lines, fan_out: scene, as: line }
`;
    expect((await pipelineOf(steps)).steps.slice(1)).toMatchObject([{ maxChildren: 4 }, { maxChildren: 6 }]);
  });

  test('of an Octobatch folder has at most what the schema says, else 100, and an element takes the place of the list', async () => {
    const config = (more: string, schema: string): Files => ({
      'config.yaml': `
pipeline:
  steps:
    - { name: write, prompt_template: write.jinja2 }
    - { name: split, scope: fan_out, field: lines${more} }
processing: { strategy: direct, items: { source: items.yaml, key: places, name_field: id } }
prompts: { templates: { write: write.jinja2 } }
schemas: { files: { write: write.json } }
validation: { write: { required: [lines] } }
`,
      'items.yaml': 'places: [{ id: pier }]\n',
      'templates/write.jinja2': 'Write.',
      'schemas/write.json': schema,
    });
    const stepOf = async (more: string, schema: string) =>
      (await loadFiles(config(more, schema))).pipeline.steps[1];
    const open = '{"type":"object","properties":{"lines":{"type":"array"}}}';
    const closed = '{"type":"object","properties":{"lines":{"type":"array","maxItems":5}}}';
    expect(await stepOf(', child_field: line', closed)).toMatchObject({ childField: 'line', maxChildren: 5 });
    expect(await stepOf('', open)).toMatchObject({ childField: 'lines', maxChildren: 100 });
    expect(await stepOf(', max: 8', open)).toMatchObject({ maxChildren: 8 });
    expect(await said(config('', open))).toEqual([]);
  });

  test('gives its fields to all that comes after it', async () => {
    const steps = `  - { name: split, fan_out: songs, as: song }
  - { name: sing, expressions: { loud: "song + str(_fan_index) + _fan_parent_id" } }
  - { name: hear, prompt: "{{ song }}, number {{ _fan_index }} of {{ _fan_parent_id }}", rules: [{ expr: "_fan_index < 3" }] }
`;
    const more =
      'report: { group_by: _fan_index }\ngates: [{ name: first, share: "_fan_index == 0", between: [0, 1] }]\n';
    expect(await saidOf(steps, more)).toEqual([]);
  });

  test('may be followed by one more, as long as their children together can be run', async () => {
    const steps = `  - { name: one, fan_out: songs, as: song }
  - { name: make, expressions: { parts: "[song] * bards" } }
  - { name: two, fan_out: parts, as: part, max: 1000 }
`;
    expect(await saidOf(steps, 'repeat: 1000\n')).toEqual([]);
    expect(await saidOf(steps, 'repeat: 2000\n')).toEqual([
      "pipelines/test/pipeline.yaml:6:49  the fan-out 'two' can make 12,000 x 1,000 = 12,000,000 units; at most 10,000,000 can be run  (lower max, or use fewer items or repetitions)",
    ]);
    expect(await saidOf(steps, 'repeat: 2000\n', { maxUnits: 100 })).toEqual([]);
  });
});

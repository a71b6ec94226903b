// What a run was made from, as the `config/` folder of an Octobatch run directory: configuration, items, templates and
// schemas, written anew from the snapshot. Of the pipeline's own files nothing is read.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunContext } from '../engine/perform-context.ts';
import { readSnapshot } from '../engine/perform-snapshot.ts';
import { fieldsToJson } from '../expression/json.ts';
import { dictEntries, type Value } from '../expression/values.ts';
import type { Assignment, Checks, Item, Items, Pipeline, Step } from '../pipeline/pipeline.ts';
import { modelsOf } from '../pipeline/resolve.ts';
import { fileName } from './octobatch-chunks.ts';
import { JsonText, writeYaml, type YamlData, yamlOfJson } from './octobatch-yaml.ts';

/** The name of the items' id where no field of theirs gives it. */
const OWN_ID = 'item_id';

/** Writes the folder. */
export async function writeConfig(context: RunContext, folder: string): Promise<void> {
  const { pipeline } = context;
  const { items } = await readSnapshot(context.ports.blobs, context.state.snapshot);
  await mkdir(folder, { recursive: true });
  const nameField = nameFieldOf(items);
  await writeFile(join(folder, 'config.yaml'), writeYaml(configOf(pipeline, nameField)));
  await writeFile(join(folder, 'items.json'), itemsText(items, nameField));
  for (const [name, text] of Object.entries(pipeline.templates))
    await writeBelow(join(folder, 'templates'), name, text);
  for (const step of pipeline.steps)
    if (step.kind === 'llm' && step.schema !== null)
      await writeBelow(join(folder, 'schemas'), `${fileName(step.name)}.json`, `${step.schema}\n`);
}

/** Writes a file at a path that may come from a snapshot of somebody else: never outside the folder. */
async function writeBelow(folder: string, path: string, text: string): Promise<void> {
  const file = join(folder, safePath(path));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

function safePath(path: string): string {
  return path
    .split('/')
    .map((part) => (/^\.*$/.test(part) ? '_' : part.replaceAll('\0', '_').replaceAll('\\', '_')))
    .join('/');
}

function configOf(pipeline: Pipeline, nameField: string): YamlData {
  const { steps, strategy, repeat, chunkSize, globals } = pipeline;
  const [asked] = modelsOf(pipeline);
  const models = steps.filter((step) => step.kind === 'llm');
  const attempts = Math.max(1, ...models.map(({ retry }) => retry.maxAttempts));
  const prepare = models.find((step) => step.prepare.length > 0)?.prepare ?? [];
  return {
    pipeline: { name: pipeline.name, steps: steps.map(stepOf) },
    api: {
      provider: asked?.provider,
      model: asked?.model,
      mode: asked?.mode,
      retry: { max_attempts: attempts },
    },
    processing: {
      strategy: strategy.kind,
      chunk_size: chunkSize ?? 100,
      repeat: repeat === 1 ? undefined : repeat,
      expressions: prepare.length === 0 ? undefined : assignmentsOf(prepare),
      positions:
        strategy.kind === 'direct'
          ? undefined
          : strategy.positions.map(({ name, group }) => ({ name, source_key: group })),
      items: {
        source: 'items.json',
        key: strategy.kind === 'cross_product' ? undefined : groupOf(strategy),
        name_field: nameField,
      },
      validation_retry: { max_attempts: attempts },
    },
    prompts: {
      template_dir: 'templates',
      templates: Object.fromEntries(models.map(({ name, template }) => [name, safePath(template)])),
      global_context: globals === '{}' ? undefined : new JsonText(globals),
    },
    schemas: {
      schema_dir: 'schemas',
      files: Object.fromEntries(
        models.filter(({ schema }) => schema !== null).map(({ name }) => [name, `${fileName(name)}.json`]),
      ),
    },
    validation: Object.fromEntries(
      steps.flatMap((step) => {
        const checks = step.kind === 'fan_out' ? null : checksOf(step.checks);
        return checks === null ? [] : [[step.name, checks]];
      }),
    ),
  };
}

function groupOf(strategy: Exclude<Pipeline['strategy'], { kind: 'cross_product' }>): string {
  return strategy.kind === 'direct' ? strategy.group : (strategy.positions[0]?.group ?? '');
}

function stepOf(step: Step): YamlData {
  switch (step.kind) {
    case 'expression':
      return {
        name: step.name,
        scope: 'expression',
        init: step.init.length === 0 ? undefined : assignmentsOf(step.init),
        expressions: assignmentsOf(step.expressions),
        loop_until: step.loopUntil ?? undefined,
        max_iterations: step.loopUntil === null ? undefined : step.maxIterations,
      };
    case 'llm':
      return {
        name: step.name,
        prompt_template: safePath(step.template),
        provider: step.provider ?? undefined,
        model: step.model ?? undefined,
      };
    case 'fan_out':
      return { name: step.name, scope: 'fan_out', field: step.field, child_field: step.childField };
    default:
      return step satisfies never;
  }
}

function assignmentsOf(assignments: readonly Assignment[]): YamlData {
  return Object.fromEntries(assignments.map(({ name, expr }) => [name, expr]));
}

/** Null: nothing is checked, and Octobatch takes the step for one without checks only when it has no entry. */
function checksOf({ required, types, enums, ranges, rules }: Checks): YamlData | null {
  const found = {
    required: required.length === 0 ? undefined : required,
    types: filled(types),
    enums: filled(mapped(enums, (values) => values.map((text) => new JsonText(text)))),
    ranges: filled(
      mapped(ranges, ({ min, max }) => [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY]),
    ),
    rules:
      rules.length === 0
        ? undefined
        : rules.map(({ name, expr, when, error, level }) => ({
            name,
            expr,
            when: when ?? undefined,
            error,
            level,
          })),
  };
  return Object.values(found).every((one) => one === undefined) ? null : found;
}

function mapped<T>(
  record: Readonly<Record<string, T>>,
  change: (value: T) => YamlData,
): Record<string, YamlData> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

function filled(record: Readonly<Record<string, YamlData>>): YamlData | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

/** The field from which Octobatch makes the same ids; else one of our own. */
function nameFieldOf(items: Items): string {
  const all = [...items.values()].flat();
  return ['id', 'name'].find((name) => all.every((item) => idFrom(item, name) === item.id)) ?? OWN_ID;
}

function idFrom({ fields }: Item, name: string): string | null {
  for (const [key, value] of dictEntries(fields))
    if (key === name)
      return typeof value === 'string' ? value.replaceAll(' ', '_').replaceAll('/', '-') : null;
  return null;
}

/** All groups as one JSON object, an item a line. */
function itemsText(items: Items, nameField: string): string {
  const groups = [...items].map(([group, all]) => {
    const lines = all.map((item) => `  ${yamlOfJson(itemText(item, nameField))}`);
    return `${JSON.stringify(group)}: [\n${lines.join(',\n')}\n]`;
  });
  return `{${groups.join(',\n')}}\n`;
}

function itemText({ id, fields }: Item, nameField: string): string {
  const all = new Map<string, Value>();
  for (const [name, value] of dictEntries(fields)) all.set(String(name), value);
  if (nameField === OWN_ID) all.set(OWN_ID, id);
  return fieldsToJson(all);
}

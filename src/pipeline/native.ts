// Reads the native form into the normalised pipeline. Every key is named by the schema's own input type.
import { stringifyJson } from '../expression/json.ts';
import type { CompiledTemplate } from '../template/template.ts';
import { type AnswerSchema, schemaOfFile, schemaOfValue } from './answer-schema.ts';
import { readChecks } from './checks.ts';
import { readDecimal, readPrices, readRng, readSeed } from './claims.ts';
import { couplingPlace, readCoupling } from './coupling.ts';
import type { Cursor } from './cursor.ts';
import { settleFanOuts, UNSETTLED } from './fan-out.ts';
import { readFalseAlarms, readGates } from './gate-claims.ts';
import { type ItemSource, readItemFile, sourceOfTree } from './item-files.ts';
import { type ItemRules, readItems, SOLE_GROUP } from './items.ts';
import { checkNames } from './lint.ts';
import type { Place } from './mistakes.ts';
import { safeName } from './names.ts';
import type {
  Items,
  LlmStep,
  LoadedPipeline,
  Pipeline,
  Retry,
  Step,
  UnitPosition,
  UnitStrategy,
} from './pipeline.ts';
import { isScriptStep, readPostProcess, type ScriptStepInput } from './post-process.ts';
import { readMode, readProviders, readTokensCeiling } from './providers.ts';
import type { Reading } from './reading.ts';
import { readReport } from './report-spec.ts';
import { DEFAULT_PROVIDER } from './resolve.ts';
import type { NativeInput } from './schema.ts';
import {
  checkSteps,
  DEFAULT_ATTEMPTS,
  DEFAULT_MAX_ITERATIONS,
  DEFAULT_MAX_TOKENS,
  producedFields,
  type ReadStep,
  type WrittenStep,
} from './steps.ts';
import { readStop } from './stop-spec.ts';
import { TemplateShelf } from './templates.ts';

type Input = Cursor<NativeInput>;
type StepInput = Cursor<NativeInput['steps'][number]>;

/** The pipeline and its items; the result means nothing when mistakes were added, and is null without usable items. */
export async function readNative(input: Input, reading: Reading): Promise<LoadedPipeline | null> {
  const shelf = new TemplateShelf(reading, '');
  const written: ReadStep[] = [];
  const all = input.at('steps').list();
  for (const step of all)
    if (!isScriptStep(step as ScriptStepInput)) written.push(await readStep(step, shelf, reading));
  const postProcess = await readPostProcess(
    all as ScriptStepInput[],
    input.at('post_process').list(),
    reading,
  );
  checkSteps(written, reading);
  const { strategy, items } = await readUnits(
    input,
    written.some(({ step }) => step.kind === 'fan_out'),
    reading,
  );
  const steps = items === null ? written : settleFanOuts(written, { strategy, items }, null, reading);
  const gates = readGates(input, reading);
  const stop = readStop(input.at('stop'), gates, reading);
  const pipeline: Pipeline = {
    form: 'native',
    name: input.at('name').text() ?? safeName(reading.files.folder.split('/').at(-1) ?? ''),
    seed: readSeed(input),
    rng: readRng(input),
    repeat: input.at('repeat').integer() ?? 1,
    maxUnits: input.at('max_units').integer(),
    strategy,
    chunkSize: input.at('chunk_size').integer(),
    globals: input.at('globals').present ? stringifyJson(input.at('globals').value()) : '{}',
    templates: shelf.kept(),
    steps: steps.map(({ step }) => step),
    provider: input.at('provider').text() ?? DEFAULT_PROVIDER,
    model: input.at('model').text(),
    mode: readMode(input.at('mode')),
    providers: readProviders(input.at('providers'), reading),
    prices: readPrices(input, reading),
    maxCost: readDecimal(input.at('max_cost'), 'max_cost', reading),
    report: readReport(input, reading),
    gates,
    ...readFalseAlarms(input, gates, reading),
    ...(stop === null ? {} : { stop }),
    ...(postProcess.length === 0 ? {} : { postProcess }),
    notRun: [],
  };
  if (items === null) return null;
  const claims = { gates: input.at('gates'), report: input.at('report'), stop: input.at('stop') };
  checkNames({ pipeline, items, steps, shelf, ...claims }, reading);
  return { pipeline, items };
}

async function readStep(input: StepInput, shelf: TemplateShelf, reading: Reading): Promise<ReadStep> {
  const name = input.at('name').text() ?? '';
  const read = await readParts(input, name, shelf, reading);
  const retryFrom = input.at('retry_from');
  const judge = input.at('judge');
  return {
    ...read,
    namePlace: input.at('name').place,
    retryPlace: retryFrom.present ? retryFrom.place : null,
    judgePlace: judge.boolean() === true ? judge.place : null,
    couplingPlace: couplingPlace(input),
  };
}

async function readParts(
  input: StepInput,
  name: string,
  shelf: TemplateShelf,
  reading: Reading,
): Promise<StepParts> {
  if (input.at('prompt').present) return readLlmStep(input, name, shelf, reading);
  if (input.at('expressions').present) return readExpressionStep(input, name, reading);
  return input.at('fan_out').present
    ? readFanOutStep(input, name, reading)
    : readLlmStep(input, name, shelf, reading);
}

type StepParts = Pick<ReadStep, 'step' | 'reads' | 'produces' | 'written'>;

function writtenStep(
  input: StepInput,
  name: string,
  prompts: WrittenStep['prompts'],
  schema: AnswerSchema | null,
): WrittenStep {
  return {
    init: input.at('init'),
    expressions: input.at('expressions'),
    loopUntil: input.at('loop_until'),
    streamBy: input.at('stream_by'),
    checks: input,
    prepare: input.at('prepare'),
    prepareLabel: `${name}.prepare`,
    simulate: input.at('simulate'),
    prompts,
    schema,
    fanOut: null,
  };
}

function readFanOutStep(input: StepInput, name: string, reading: Reading): StepParts {
  const [field, childField, max] = [input.at('fan_out'), input.at('as'), input.at('max')];
  const as = childField.text();
  if (as !== null) reading.fieldName(as, childField.place);
  const step: Step = {
    kind: 'fan_out',
    name,
    field: field.text() ?? '',
    childField: as ?? '',
    maxChildren: max.integer() ?? UNSETTLED,
    retry: readRetry(input),
  };
  const fanOut = {
    field: field.place,
    childField: childField.place,
    max: max.present ? max.place : null,
  };
  const written = { ...writtenStep(input, name, [], null), fanOut };
  return { step, reads: new Set(), produces: new Set(), written };
}

function readExpressionStep(input: StepInput, name: string, reading: Reading): StepParts {
  const loopUntil = input.at('loop_until');
  const checks = readChecks(input, name, reading);
  const coupling = readCoupling(input, name, reading);
  const step: Step = {
    kind: 'expression',
    name,
    init: reading.assignments(input.at('init'), `${name}.init`),
    expressions: reading.assignments(input.at('expressions'), name),
    loopUntil: loopUntil.present ? reading.expression(loopUntil, `${name}.loop_until`) : null,
    maxIterations: input.at('max_iterations').integer() ?? DEFAULT_MAX_ITERATIONS,
    checks,
    retry: readRetry(input),
    ...(coupling === null ? {} : { coupling }),
  };
  return { step, reads: new Set(), produces: new Set(), written: writtenStep(input, name, [], null) };
}

async function readLlmStep(
  input: StepInput,
  name: string,
  shelf: TemplateShelf,
  reading: Reading,
): Promise<StepParts> {
  const checks = readChecks(input, name, reading);
  const prompt = await readTemplate(input.at('prompt'), `${name}.prompt`, shelf, reading);
  const system = await readTemplate(input.at('system'), `${name}.system`, shelf, reading);
  const schema = await readSchema(input, reading);
  const simulate = input.at('simulate');
  const maxTokens = input.at('max_tokens').integer() ?? DEFAULT_MAX_TOKENS;
  const step: LlmStep = {
    kind: 'llm',
    name,
    template: prompt?.name ?? '',
    schema: schema?.text ?? null,
    checks,
    retry: readRetry(input),
    provider: input.at('provider').text(),
    model: input.at('model').text(),
    mode: readMode(input.at('mode')),
    system: system?.name ?? null,
    maxTokens,
    maxTokensCeiling: readTokensCeiling(input.at('max_tokens_ceiling'), maxTokens, reading),
    temperature: input.at('temperature').number(),
    prepare: reading.assignments(input.at('prepare'), `${name}.prepare`),
    simulate: simulate.present ? reading.assignments(simulate, `${name}.simulate`) : null,
    judge: input.at('judge').boolean() ?? false,
  };
  const prompts = Object.entries({ prompt, system }).flatMap(([key, template]) =>
    template === null ? [] : [{ label: `${name}.${key}`, template }],
  );
  return {
    step,
    reads: new Set(prompts.flatMap(({ template }) => [...template.names])),
    produces: producedFields(schema?.fields ?? [], checks),
    written: writtenStep(input, name, prompts, schema),
  };
}

function readRetry(input: StepInput): Retry {
  return {
    maxAttempts: input.at('retry').at('max_attempts').integer() ?? DEFAULT_ATTEMPTS,
    feedback: input.at('retry').at('feedback').boolean() ?? true,
    from: input.at('retry_from').text(),
  };
}

async function readSchema(input: StepInput, reading: Reading): Promise<AnswerSchema | null> {
  const schema = input.at('schema');
  const path = schema.text();
  if (path !== null) return schemaOfFile(path, schema.place, reading);
  return schema.tree?.kind === 'map' ? schemaOfValue(schema, reading) : null;
}

// Text with Jinja marks or several lines is a template; else the name of a file, if it looks like one or is one.
async function readTemplate(
  cursor: Cursor<string>,
  label: string,
  shelf: TemplateShelf,
  reading: Reading,
): Promise<CompiledTemplate | null> {
  const scalar = cursor.scalar;
  const text = cursor.text();
  if (scalar === null || text === null) return null;
  const isText = /\n|\{\{|\{%|\{#/.test(text);
  const looksLikeFile = /^[^\s]+\.[A-Za-z0-9]{1,8}$/.test(text);
  if (!isText && (looksLikeFile || (await reading.files.exists(text)))) return shelf.file(text, cursor.place);
  return shelf.text(`inline:${label}`, scalar);
}

async function readUnits(
  input: Input,
  fansOut: boolean,
  reading: Reading,
): Promise<{ readonly strategy: UnitStrategy; readonly items: Items | null }> {
  const items = input.at('items');
  const key = items.at('key').text();
  const source = await readSource(items, reading);
  const { strategy, groupPlaces } = readStrategy(input, key, source, reading);
  if (source === null || strategy === null) return { strategy: strategy ?? NO_STRATEGY, items: null };
  const id = items.at('id').text();
  const rules: ItemRules = {
    strategy,
    idFields: id === null ? ['id', 'name'] : [id],
    form: 'native',
    groupPlaces,
    place: items.at('key').present ? items.at('key').place : items.place,
    fansOut,
  };
  return { strategy, items: readItems(source, rules, reading.mistakes) };
}

type ItemsInput = NativeInput['items'];

async function readSource(items: Cursor<ItemsInput>, reading: Reading): Promise<ItemSource | null> {
  const path = items.text() ?? items.at('source').text();
  if (path !== null) {
    const place = items.text() === null ? items.at('source').place : items.place;
    return readItemFile(path, place, '1.2', reading);
  }
  return items.tree?.kind === 'list' ? sourceOfTree(items.tree) : null;
}

// Stands in where the strategy could not be read; a mistake was added, so nobody uses it.
const NO_STRATEGY: UnitStrategy = { kind: 'direct', group: SOLE_GROUP };

interface ReadStrategy {
  readonly strategy: UnitStrategy | null;
  readonly groupPlaces: ReadonlyMap<string, Place>;
}

function readStrategy(
  input: Input,
  key: string | null,
  source: ItemSource | null,
  reading: Reading,
): ReadStrategy {
  const units = input.at('units');
  const crossed = units.at('cross_product').entries();
  if (crossed.length > 0) {
    const groupPlaces = new Map<string, Place>();
    const positions: UnitPosition[] = [];
    for (const { name, namePlace, cursor } of crossed) {
      reading.fieldName(name, namePlace);
      const group = cursor.text();
      if (group === null) continue;
      positions.push({ name, group });
      groupPlaces.set(group, cursor.place);
    }
    return { strategy: { kind: 'cross_product', positions }, groupPlaces };
  }
  const group = key ?? soleGroup(source, input.at('items').place, reading);
  if (group === null) return { strategy: null, groupPlaces: new Map() };
  const permuted = units.at('permutation').list();
  if (permuted.length === 0) return { strategy: { kind: 'direct', group }, groupPlaces: new Map() };
  const seen = new Set<string>();
  const positions: UnitPosition[] = permuted.flatMap((position) => {
    const name = position.text();
    if (name === null) return [];
    reading.fieldName(name, position.place);
    if (seen.has(name))
      reading.mistakes.add(position.place, `two positions are named '${name}'`, 'rename one');
    seen.add(name);
    return [{ name, group }];
  });
  return { strategy: { kind: 'permutation', positions }, groupPlaces: new Map() };
}

// Without a key, a file of named lists must hold exactly one.
function soleGroup(source: ItemSource | null, place: Place, reading: Reading): string | null {
  if (source === null || source.kind === 'list') return SOLE_GROUP;
  const [only, second] = [...source.groups].filter(([, rows]) => rows !== null).map(([name]) => name);
  if (only !== undefined && second === undefined) return only;
  const what =
    only === undefined ? 'the file of items holds no list' : 'the file of items holds several lists';
  const names = [...source.groups.keys()].join(', ');
  reading.mistakes.add(place, what, `write items: { source: ..., key: ... } with one of: ${names}`);
  return null;
}

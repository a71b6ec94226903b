// Reads the Octobatch form, `config.yaml`, into the normalised pipeline: same meaning as Octobatch, minus its defects.
import { stringifyJson } from '../expression/json.ts';
import type { CompiledTemplate } from '../template/template.ts';
import { type AnswerSchema, schemaOfFile } from './answer-schema.ts';
import { type ChecksInput, NO_CHECKS, readChecks } from './checks.ts';
import { readDecimal, readPrices, readRng, readSeed } from './claims.ts';
import { Cursor } from './cursor.ts';
import { DEFAULT_CHILDREN, settleFanOuts, UNSETTLED } from './fan-out.ts';
import { readFalseAlarms, readGates } from './gate-claims.ts';
import { readItemFile } from './item-files.ts';
import { type ItemRules, readItems, SOLE_GROUP } from './items.ts';
import { checkNames } from './lint.ts';
import type { Place } from './mistakes.ts';
import { safeName } from './names.ts';
import type { OctobatchInput } from './octobatch-schema.ts';
import type {
  Assignment,
  Checks,
  Items,
  LlmStep,
  LoadedPipeline,
  NotRun,
  Pipeline,
  ReportSpec,
  UnitPosition,
  UnitStrategy,
} from './pipeline.ts';
import { isRunStep, readOctobatchPostProcess } from './post-process-octobatch.ts';
import { readMode, readProviders, readTokensCeiling } from './providers.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import { readReport } from './report-spec.ts';
import { DEFAULT_PROVIDER } from './resolve.ts';
import {
  checkSteps,
  DEFAULT_ATTEMPTS,
  DEFAULT_MAX_ITERATIONS,
  DEFAULT_MAX_TOKENS,
  defaultRetry,
  judgesEarlier,
  producedFields,
  type ReadStep,
  type WrittenStep,
} from './steps.ts';
import { readStop } from './stop-spec.ts';
import { suggestion } from './suggest.ts';
import { TemplateShelf } from './templates.ts';

type Input = Cursor<OctobatchInput>;
type StepInput = Cursor<OctobatchInput['pipeline']['steps'][number]>;

/** The pipeline and its items; the result means nothing when mistakes were added, and is null without usable items. */
export async function readOctobatch(
  input: Input,
  ignored: readonly NotRun[],
  reading: Reading,
): Promise<LoadedPipeline | null> {
  const shelf = new TemplateShelf(
    reading,
    folderOf(input.at('prompts').at('template_dir').text() ?? 'templates'),
  );
  const written: ReadStep[] = [];
  const all = input.at('pipeline').at('steps').list();
  for (const step of all) {
    if (isRunStep(step)) continue;
    const read = await readStep(step, input, shelf, reading);
    if (read !== null) written.push(judged(read, written));
  }
  checkSteps(written, reading);
  checkStepNames(input, reading);
  const strategy = readStrategy(input, reading);
  const items = await readUnits(
    input,
    strategy,
    written.some(({ step }) => step.kind === 'fan_out'),
    reading,
  );
  const steps =
    items === null ? written : settleFanOuts(written, { strategy, items }, DEFAULT_CHILDREN, reading);
  const processing = input.at('processing');
  const globals = input.at('prompts').at('global_context');
  const after = await readOctobatchPostProcess(all, input.at('post_process'), reading);
  const name = input.at('name').text() ?? input.at('pipeline').at('name').text();
  const gates = readGates(input, reading);
  const stop = readStop(input.at('stop'), gates, reading);
  const pipeline: Pipeline = {
    form: 'octobatch',
    name: safeName(name ?? reading.files.folder.split('/').at(-1) ?? ''),
    seed: readSeed(input),
    rng: readRng(input),
    repeat: processing.at('repeat').integer() ?? 1,
    maxUnits: null,
    strategy,
    chunkSize: processing.at('chunk_size').integer(),
    globals: globals.present ? stringifyJson(globals.value()) : '{}',
    templates: shelf.kept(),
    steps: steps.map(({ step }) => step),
    provider: input.at('api').at('provider').text() ?? DEFAULT_PROVIDER,
    model: input.at('api').at('model').text(),
    mode: readMode(input.at('api').at('mode')),
    providers: readProviders(input.at('providers'), reading),
    prices: readPrices(input, reading),
    maxCost: readDecimal(
      input.at('api').at('realtime').at('cost_cap_usd'),
      'api.realtime.cost_cap_usd',
      reading,
    ),
    report: mergeReports(readReport(input, reading), after.report),
    gates,
    ...readFalseAlarms(input, gates, reading),
    ...(stop === null ? {} : { stop }),
    ...(after.postProcess.length === 0 ? {} : { postProcess: after.postProcess }),
    notRun: [...after.notRun, ...ignored],
  };
  if (items === null) return null;
  const claims = { gates: input.at('gates'), report: input.at('report'), stop: input.at('stop') };
  checkNames({ pipeline, items, steps, shelf, ...claims }, reading);
  return { pipeline, items };
}

function folderOf(path: string): string {
  const folder = path.replace(/^\.\//, '').replace(/\/+$/, '');
  return folder === '' || folder === '.' ? '' : `${folder}/`;
}

// What the folder says in our own `report:` stands before what its analyser calls imply.
function mergeReports(own: ReportSpec, implied: ReportSpec): ReportSpec {
  return {
    groupBy: own.groupBy ?? implied.groupBy,
    outcomes: own.outcomes.length > 0 ? own.outcomes : implied.outcomes,
    metrics: own.metrics.length > 0 ? own.metrics : implied.metrics,
    ...(own.figures === undefined ? {} : { figures: own.figures }),
  };
}

function judged(read: ReadStep, earlier: readonly ReadStep[]): ReadStep {
  if (read.step.kind !== 'llm' || !judgesEarlier(read, earlier)) return read;
  return { ...read, step: { ...read.step, judge: true } };
}

async function readStep(
  step: StepInput,
  input: Input,
  shelf: TemplateShelf,
  reading: Reading,
): Promise<ReadStep | null> {
  const name = step.at('name').text();
  if (name === null) return null;
  const scope = step.at('scope').text() ?? 'chunk';
  const places = {
    namePlace: step.at('name').place,
    retryPlace: null,
    judgePlace: null,
    couplingPlace: null,
  };
  if (scope === 'fan_out') return { ...readFanOutStep(step, name, input, reading), ...places };
  const checks = readStepChecks(input, name, reading);
  if (scope === 'expression') {
    return { ...readExpressionStep(step, name, checks, input, reading), ...places };
  }
  return { ...(await readLlmStep(step, name, checks, input, shelf, reading)), ...places };
}

type StepParts = Pick<ReadStep, 'step' | 'reads' | 'produces' | 'written'>;

function writtenStep(
  step: StepInput,
  name: string,
  input: Input,
  prompt: CompiledTemplate | null,
  schema: AnswerSchema | null,
): WrittenStep {
  const checks = entryOf(input.at('validation'), name);
  return {
    init: step.at('init'),
    expressions: step.at('expressions'),
    loopUntil: step.at('loop_until'),
    streamBy: new Cursor<ExpressionInput>(null, step.place),
    checks: checks ?? new Cursor<ChecksInput>(null, step.place),
    prepare: input.at('processing').at('expressions'),
    prepareLabel: 'processing.expressions',
    simulate: step.at('simulate'),
    prompts: prompt === null ? [] : [{ label: `${name}.prompt_template`, template: prompt }],
    schema,
    fanOut: null,
  };
}

function readFanOutStep(step: StepInput, name: string, input: Input, reading: Reading): StepParts {
  const [field, childField, max] = [step.at('field'), step.at('child_field'), step.at('max')];
  if (!field.present)
    reading.mistakes.add(step.place, `the fan-out '${name}' has no field`, "add 'field:' with a list");
  // As in Octobatch, an element without a name of its own takes the place of the list.
  const as = childField.text() ?? field.text();
  if (as !== null) reading.fieldName(as, childField.present ? childField.place : field.place);
  return {
    step: {
      kind: 'fan_out',
      name,
      field: field.text() ?? '',
      childField: as ?? '',
      maxChildren: max.integer() ?? UNSETTLED,
      retry: defaultRetry(attempts(input)),
    },
    reads: new Set(),
    produces: new Set(),
    written: {
      ...writtenStep(step, name, input, null, null),
      fanOut: { field: field.place, childField: childField.place, max: max.present ? max.place : null },
    },
  };
}

function readExpressionStep(
  step: StepInput,
  name: string,
  checks: Checks,
  input: Input,
  reading: Reading,
): StepParts {
  const loopUntil = step.at('loop_until');
  if (!step.at('expressions').present) {
    reading.mistakes.add(step.place, `the step '${name}' has no expressions`, "add 'expressions:'");
  }
  return {
    step: {
      kind: 'expression',
      name,
      init: reading.assignments(step.at('init'), `${name}.init`),
      expressions: reading.assignments(step.at('expressions'), name),
      loopUntil: loopUntil.present ? reading.expression(loopUntil, `${name}.loop_until`) : null,
      maxIterations: step.at('max_iterations').integer() ?? DEFAULT_MAX_ITERATIONS,
      checks,
      retry: defaultRetry(attempts(input)),
    },
    reads: new Set(),
    produces: new Set(),
    written: writtenStep(step, name, input, null, null),
  };
}

async function readLlmStep(
  step: StepInput,
  name: string,
  checks: Checks,
  input: Input,
  shelf: TemplateShelf,
  reading: Reading,
): Promise<StepParts> {
  // prompts.templates is what Octobatch renders; prompt_template alone is enough here.
  const mapped = entryOf(input.at('prompts').at('templates'), name);
  const template = mapped?.present ? mapped : step.at('prompt_template');
  const file = template.text();
  if (file === null) {
    const fix = `add '${name}: <file>' under prompts.templates`;
    reading.mistakes.add(step.place, `the step '${name}' has no template`, fix);
  }
  const prompt = file === null ? null : await shelf.file(file, template.place);
  const schema = await readSchema(input, name, reading);
  const simulate = step.at('simulate');
  const api = input.at('api');
  const maxTokens = step.at('max_tokens').integer() ?? api.at('max_tokens').integer() ?? DEFAULT_MAX_TOKENS;
  const llm: LlmStep = {
    kind: 'llm',
    name,
    template: prompt?.name ?? '',
    schema: schema?.text ?? null,
    checks,
    retry: defaultRetry(attempts(input)),
    provider: step.at('provider').text(),
    model: step.at('model').text(),
    mode: readMode(step.at('mode')),
    system: null,
    maxTokens,
    maxTokensCeiling: readTokensCeiling(step.at('max_tokens_ceiling'), maxTokens, reading),
    temperature: step.at('temperature').number() ?? api.at('temperature').number(),
    prepare: readPrepare(input, reading),
    simulate: simulate.present ? reading.assignments(simulate, `${name}.simulate`) : null,
    judge: false,
  };
  return {
    step: llm,
    reads: prompt?.names ?? new Set(),
    produces: producedFields(schema?.fields ?? [], checks),
    written: writtenStep(step, name, input, prompt, schema),
  };
}

function readPrepare(input: Input, reading: Reading): readonly Assignment[] {
  return reading.assignments(input.at('processing').at('expressions'), 'processing.expressions');
}

function attempts(input: Input): number {
  const validation = input.at('processing').at('validation_retry').at('max_attempts').integer();
  return validation ?? input.at('api').at('retry').at('max_attempts').integer() ?? DEFAULT_ATTEMPTS;
}

function readStepChecks(input: Input, name: string, reading: Reading): Checks {
  const checks = entryOf(input.at('validation'), name);
  return checks?.present ? withoutInjected(readChecks(checks, name, reading)) : NO_CHECKS;
}

// Octobatch puts these two into every answer before it checks it, so a folder may demand them of a model that never
// wrote them.
const INJECTED = ['unit_id', '_metadata'];

function withoutInjected(checks: Checks): Checks {
  return {
    ...checks,
    required: checks.required.filter((field) => !INJECTED.includes(field)),
    types: Object.fromEntries(Object.entries(checks.types).filter(([field]) => !INJECTED.includes(field))),
  };
}

async function readSchema(input: Input, name: string, reading: Reading): Promise<AnswerSchema | null> {
  const schemas = input.at('schemas');
  const file = entryOf(schemas.at('files'), name);
  const path = file?.text() ?? null;
  if (file === undefined || path === null) return null;
  return schemaOfFile(folderOf(schemas.at('schema_dir').text() ?? 'schemas') + path, file.place, reading);
}

function entryOf<T>(mapping: Cursor<Record<string, T>>, name: string): Cursor<T> | undefined {
  return mapping.entries().find((entry) => entry.name === name)?.cursor as Cursor<T> | undefined;
}

// Octobatch ignores an entry for a step that is not there, and the step runs unchecked; here it is a misspelling.
function checkStepNames(input: Input, reading: Reading): void {
  const steps = input.at('pipeline').at('steps').list();
  const names = steps.flatMap((step) => step.at('name').text() ?? []);
  // A step whose name could not be read may be the one that is meant.
  if (names.length < steps.length) return;
  const mappings = {
    'prompts.templates': input.at('prompts').at('templates'),
    'schemas.files': input.at('schemas').at('files'),
    validation: input.at('validation'),
  };
  for (const [label, mapping] of Object.entries(mappings)) {
    for (const { name, namePlace } of mapping.entries()) {
      if (names.includes(name)) continue;
      reading.mistakes.add(
        namePlace,
        `${label} names '${name}', which is no step`,
        suggestion(name, names, 'steps'),
      );
    }
  }
}

function readStrategy(input: Input, reading: Reading): UnitStrategy {
  const processing = input.at('processing');
  const kind = processing.at('strategy').text() ?? 'permutation';
  const group = processing.at('items').at('key').text() ?? SOLE_GROUP;
  if (kind === 'direct') return { kind: 'direct', group };
  const seen = new Set<string>();
  const positions: UnitPosition[] = processing
    .at('positions')
    .list()
    .flatMap((position) => {
      const name = position.text() ?? position.at('name').text();
      if (name === null) return [];
      reading.fieldName(name, position.place);
      if (seen.has(name))
        reading.mistakes.add(position.place, `two positions are named '${name}'`, 'rename one');
      seen.add(name);
      const sourceKey = position.at('source_key').text() ?? `${name}s`;
      return [{ name, group: kind === 'cross_product' ? sourceKey : group }];
    });
  if (positions.length === 0) {
    const what = `processing.positions is missing, which the strategy '${kind}' needs`;
    reading.mistakes.add(processing.place, what, "list the positions, or write 'strategy: direct'");
  }
  return { kind: kind === 'cross_product' ? 'cross_product' : 'permutation', positions };
}

async function readUnits(
  input: Input,
  strategy: UnitStrategy,
  fansOut: boolean,
  reading: Reading,
): Promise<Items | null> {
  const processing = input.at('processing');
  const items = processing.at('items');
  const path = items.at('source').text();
  if (path === null) return null;
  const source = await readItemFile(path, items.at('source').place, '1.1', reading);
  if (source === null || (strategy.kind !== 'direct' && strategy.positions.length === 0)) return null;
  const nameField = items.at('name_field').text() ?? 'name';
  const rules: ItemRules = {
    strategy,
    idFields: strategy.kind === 'permutation' ? [nameField] : [...new Set([nameField, 'id', 'name'])],
    form: 'octobatch',
    groupPlaces: groupPlaces(input),
    place: items.at('key').present ? items.at('key').place : items.place,
    fansOut,
  };
  return readItems(source, rules, reading.mistakes);
}

function groupPlaces(input: Input): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const position of input.at('processing').at('positions').list()) {
    const name = position.text() ?? position.at('name').text();
    const sourceKey = position.at('source_key');
    if (name !== null) places.set(sourceKey.text() ?? `${name}s`, sourceKey.place);
  }
  return places;
}

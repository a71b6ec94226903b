// From a pipeline folder to the normalised pipeline and its items, or to every mistake in it at once.
import { checkAsked } from './asked.ts';
import { couplingDoubts } from './coupling.ts';
import { Cursor } from './cursor.ts';
import { fanOutMistakes } from './fan-out.ts';
import type { PipelineFiles } from './files.ts';
import { checkGates, type GateCheck } from './gate-claims.ts';
import { Mistakes, type Place } from './mistakes.ts';
import { readNative } from './native.ts';
import { readOctobatch } from './octobatch.ts';
import type { OctobatchInput } from './octobatch-schema.ts';
import type { CheckedPipeline, LoadedPipeline, Mode, NotRun, Pipeline, Rng, Step } from './pipeline.ts';
import { checkPolicy, type PlaceOf, type Policy, withPolicy } from './policy.ts';
import { Reading, type SchemaCheck } from './reading.ts';
import { rngNotes } from './rng.ts';
import type { NativeInput } from './schema.ts';
import { checkShape, type UnknownKey } from './shape.ts';
import { SourceText } from './source-text.ts';
import { stopDoubts, stopMistakes } from './stop-spec.ts';
import { placeOf, type Tree } from './tree.ts';
import { CONFIG_LIMITS, readTree } from './tree-reader.ts';

/** What the command line or the Action's inputs say; each stands above the pipeline's own word. */
export interface Overrides {
  readonly seed?: string;
  readonly rng?: Rng;
  readonly repeat?: number;
  readonly maxUnits?: number;
  /** For every step, also those that name their own. */
  readonly provider?: string;
  readonly model?: string;
  readonly mode?: Mode;
}

const NATIVE_FILES = ['pipeline.yaml', 'pipeline.yml'];
const OCTOBATCH_FILES = ['config.yaml', 'config.yml'];

/**
 * Loads a pipeline folder; with a policy, what goes beyond it is a mistake, and with `gateCheck` a gate that could never
 * pass. Throws ConfigurationError with all mistakes, by file and position.
 */
export async function loadPipeline(
  files: PipelineFiles,
  overrides: Overrides,
  checkSchema: SchemaCheck,
  policy: Policy | null = null,
  gateCheck: GateCheck | null = null,
): Promise<CheckedPipeline> {
  const mistakes = new Mistakes();
  const reading = new Reading(files, mistakes, checkSchema);
  const path = await findConfiguration(reading);
  const read = path === null ? null : await readConfiguration(path, reading);
  mistakes.throwIfAny();
  if (path === null || read === null) throw new Error('a pipeline was not loaded and no mistake was said');
  const { loaded, placeOf } = read;
  checkGates(loaded, gateCheck, placeOf, mistakes);
  const wanted = override(loaded.pipeline, overrides);
  for (const breach of policy === null ? [] : checkPolicy(wanted, policy, placeOf))
    mistakes.add(breach, breach.what, breach.fix);
  const pipeline = policy === null ? wanted : withPolicy(wanted, policy);
  const isTrial = overrides.repeat !== undefined || overrides.maxUnits !== undefined;
  for (const { keys, what, fix } of [
    ...stopMistakes({ ...loaded, pipeline }, isTrial),
    ...fanOutMistakes({ ...loaded, pipeline }),
  ])
    mistakes.add(placeOf(keys), what, fix);
  checkAsked(loaded.pipeline, pipeline, overrides, placeOf, mistakes);
  mistakes.throwIfAny();
  // With fewer units than the pipeline says one only tries it out.
  if (overrides.repeat !== undefined || overrides.maxUnits !== undefined)
    checkGates({ ...loaded, pipeline }, gateCheck, placeOf, reading.warnings);
  const notes = rngNotes(pipeline);
  for (const { name, reason } of notes) {
    const place: Place = { file: reading.shown(path), line: null, column: null };
    reading.warnings.add(
      place,
      `${name}: ${reason}`,
      'leave rng: python out, unless you check against Python',
    );
  }
  for (const { keys, what, fix } of [...couplingDoubts(pipeline), ...stopDoubts(pipeline)])
    reading.warnings.add(placeOf(keys), what, fix);
  const notRun = [...pipeline.notRun, ...notes];
  return { ...loaded, pipeline: { ...pipeline, notRun }, warnings: reading.warnings.list() };
}

async function findConfiguration(reading: Reading): Promise<string | null> {
  const found: string[] = [];
  for (const name of [...NATIVE_FILES, ...OCTOBATCH_FILES]) {
    if (await reading.files.exists(name)) found.push(name);
  }
  const [first, second] = found;
  if (first !== undefined && second === undefined) return first;
  const place: Place = { file: reading.files.folder || '.', line: null, column: null };
  if (first === undefined) {
    const fix = 'create pipeline.yaml, or name the folder of an Octobatch pipeline';
    reading.mistakes.add(place, 'the folder holds neither pipeline.yaml nor config.yaml', fix);
  } else {
    reading.mistakes.add(place, `the folder holds both ${found.join(' and ')}`, 'keep one of them');
  }
  return null;
}

interface ReadConfiguration {
  readonly loaded: LoadedPipeline;
  readonly placeOf: PlaceOf;
}

async function readConfiguration(path: string, reading: Reading): Promise<ReadConfiguration | null> {
  const top: Place = { file: reading.shown(path), line: null, column: null };
  const read = await reading.files.read(path);
  if (read.kind !== 'text') {
    await reading.refuseFile('configuration', path, read, top);
    return null;
  }
  const isNative = NATIVE_FILES.includes(path);
  const source = new SourceText(reading.shown(path), read.text);
  const before = reading.mistakes.count;
  const tree = readTree(source, isNative ? '1.2' : '1.1', CONFIG_LIMITS, reading.mistakes);
  if (reading.mistakes.count > before) return null;
  if (tree?.kind !== 'map') {
    const what = tree === null ? 'the file is empty' : 'the file is not a mapping';
    reading.mistakes.add(source.placeAt(0), what, "write keys such as 'items:' and 'steps:'");
    return null;
  }
  const loaded = await (isNative ? native(tree, reading) : octobatch(tree, reading));
  return loaded === null
    ? null
    : { loaded, placeOf: (keys) => nearestPlace(tree, isNative ? keys : inOctobatch(keys)) };
}

/** The same keys in an Octobatch configuration, as far as they stand elsewhere there. */
function inOctobatch(keys: readonly string[]): readonly string[] {
  if (keys[0] === 'steps') return ['pipeline', ...keys];
  return ['provider', 'model', 'mode'].includes(keys[0] ?? '') ? ['api', ...keys] : keys;
}

/** Where a path of keys leads, or the last part of it that is there. */
function nearestPlace(top: Tree, keys: readonly string[]): Place {
  let tree = top;
  for (const key of keys) {
    const next: Tree | undefined =
      tree.kind === 'map'
        ? tree.entries.get(key)?.tree
        : tree.kind === 'list'
          ? tree.items[Number(key)]
          : undefined;
    if (next === undefined) break;
    tree = next;
  }
  return placeOf(tree);
}

// The schemas and their library take longer to load than all the rest of a short command: only who reads a pipeline needs
// them, and only one of the two.
async function native(tree: Tree, reading: Reading): Promise<LoadedPipeline | null> {
  const { nativeSchema } = await import('./schema.ts');
  checkShape(nativeSchema, tree, reading.mistakes);
  return readNative(new Cursor<NativeInput>(tree, placeOf(tree)), reading);
}

async function octobatch(tree: Tree, reading: Reading): Promise<LoadedPipeline | null> {
  const { octobatchSchema } = await import('./octobatch-schema.ts');
  const unknown: UnknownKey[] = [];
  checkShape(octobatchSchema, tree, reading.mistakes, unknown);
  const ignored: NotRun[] = unknown.map(({ name, place }) => ({
    name: `configuration key '${name}'`,
    reason: `not known, and ignored (line ${place.line})`,
  }));
  return readOctobatch(new Cursor<OctobatchInput>(tree, placeOf(tree)), ignored, reading);
}

function override(pipeline: Pipeline, overrides: Overrides): Pipeline {
  return {
    ...pipeline,
    seed: overrides.seed ?? pipeline.seed,
    rng: overrides.rng ?? pipeline.rng,
    repeat: overrides.repeat ?? pipeline.repeat,
    maxUnits: overrides.maxUnits ?? pipeline.maxUnits,
    provider: overrides.provider ?? pipeline.provider,
    model: overrides.model ?? pipeline.model,
    mode: overrides.mode ?? pipeline.mode,
    steps: pipeline.steps.map((step) => overrideStep(step, overrides)),
  };
}

// A step's own provider and model yield to the command line, so that a dry run is simulated throughout.
function overrideStep(step: Step, overrides: Overrides): Step {
  if (step.kind !== 'llm') return step;
  return {
    ...step,
    provider: overrides.provider === undefined ? step.provider : null,
    model: overrides.model === undefined ? step.model : null,
    mode: overrides.mode === undefined ? step.mode : null,
  };
}

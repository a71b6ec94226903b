// Reads how a step's draws hang together across units, and says where that cannot work or is of no use. Draws nothing.

import { nameReads } from '../expression/inspect.ts';
import { drawsIn, MIRRORED_DRAWS, SPREAD_DRAWS, type WrittenDraw } from '../expression/inspect-draws.ts';
import type { Cursor } from './cursor.ts';
import type { Place } from './mistakes.ts';
import type { Coupling, Pipeline } from './pipeline.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import type { NativeInput } from './schema.ts';

type StepInput = Cursor<NativeInput['steps'][number]>;

/** The coupling of an expression step; null when it has none. */
export function readCoupling(input: StepInput, step: string, reading: Reading): Coupling | null {
  const streamBy = input.at('stream_by');
  const antithetic = input.at('antithetic');
  const stratify = input.at('stratify');
  const coupling: Coupling = {
    streamBy: streamBy.present ? reading.expression(streamBy, `${step}.stream_by`) : null,
    antithetic: antithetic.boolean() ?? false,
    stratify: stratify.integer(),
  };
  if (coupling.streamBy === null && !coupling.antithetic && coupling.stratify === null) return null;
  if (coupling.antithetic && coupling.stratify !== null) {
    const what = `'${step}' has both antithetic and stratify, which would undo each other`;
    reading.mistakes.add(stratify.place, what, 'keep one of them');
    return coupling;
  }
  const drawing = writtenDraws(input, reading);
  if (drawing.length === 0) {
    const [place, key] = coupling.antithetic
      ? [antithetic.place, 'antithetic']
      : coupling.stratify !== null
        ? [stratify.place, 'stratify']
        : [streamBy.place, 'stream_by'];
    reading.warnings.add(place, `${key} has no effect: '${step}' draws nothing`, `remove ${key}`);
  }
  if (coupling.antithetic) refuse(drawing.flat(), MIRRORED_DRAWS, 'antithetic', NO_MIRROR, reading);
  if (coupling.stratify !== null) refuse(drawing[0] ?? [], SPREAD_DRAWS, 'stratify', NO_SPREAD, reading);
  return coupling;
}

/** Where the coupling of a step's draws stands; null: there is none. */
export function couplingPlace(input: StepInput): Place | null {
  const written = [input.at('stream_by'), input.at('antithetic'), input.at('stratify')];
  return written.find((one) => one.present && one.boolean() !== false)?.place ?? null;
}

const NO_MIRROR = 'has no mirror image, which antithetic needs';
const NO_SPREAD = 'is no draw whose range can be divided, which stratify needs of the first one';

interface PlacedDraw extends WrittenDraw {
  readonly place: Place;
}

// The draws of each part of the step that has any, in the order in which the parts run.
function writtenDraws(input: StepInput, reading: Reading): PlacedDraw[][] {
  const assigned = [...input.at('init').entries(), ...input.at('expressions').entries()];
  const parts: Cursor<ExpressionInput>[] = [...assigned.map(({ cursor }) => cursor), input.at('loop_until')];
  return parts.flatMap((part) => {
    const written = reading.written(part);
    const draws = written === null ? [] : drawsIn(written.tree);
    if (draws.length === 0) return [];
    return [draws.map((draw) => ({ ...draw, place: written!.placeAt(draw.start) }))];
  });
}

function refuse(
  draws: readonly PlacedDraw[],
  allowed: ReadonlySet<string>,
  key: string,
  why: string,
  reading: Reading,
): void {
  for (const { name, place } of draws) {
    if (name !== null && allowed.has(name)) continue;
    const what =
      name === null
        ? `'random' is handed on here, so that ${key} cannot be checked`
        : `random.${name} ${why}`;
    reading.mistakes.add(place, what, `use one of ${[...allowed].join(', ')}, or remove ${key}`);
  }
}

/**
 * Adds a mistake for each name in `stream_by` that is no matter of the item, and gives these names. `giverOf`: the step
 * that gives a field, when that is not the item or not it alone.
 */
export function refuseNonItems(
  cursor: Cursor<ExpressionInput>,
  label: string,
  giverOf: (name: string) => string | null,
  reading: Reading,
): ReadonlySet<string> {
  const refused = new Set<string>();
  const written = reading.written(cursor);
  for (const { name, start } of written === null ? [] : nameReads(written.tree)) {
    const giver = giverOf(name);
    if (refused.has(name) || (giver === null && name !== 'random')) continue;
    refused.add(name);
    const what =
      giver === null ? `${label} draws` : `${label} reads '${name}', which the step '${giver}' gives`;
    reading.mistakes.add(written!.placeAt(start), what, "name the stream by the item's fields");
  }
  return refused;
}

/** What is doubtful once it is known how often items repeat; `keys` lead to the place. */
export function couplingDoubts(
  pipeline: Pipeline,
): readonly { readonly keys: readonly string[]; readonly what: string; readonly fix: string }[] {
  const { repeat } = pipeline;
  return pipeline.steps.flatMap((step, i) => {
    if (step.kind !== 'expression' || step.coupling === undefined) return [];
    const { antithetic, stratify } = step.coupling;
    if (antithetic && repeat % 2 === 1) {
      const what = `antithetic of '${step.name}': of ${repeat} repetitions the last has no partner`;
      return [{ keys: ['steps', String(i), 'antithetic'], what, fix: 'make repeat an even number' }];
    }
    if (stratify !== null && repeat % stratify !== 0) {
      const what = `stratify of '${step.name}': ${repeat} repetitions are no whole rounds of ${stratify}`;
      return [{ keys: ['steps', String(i), 'stratify'], what, fix: `make repeat a multiple of ${stratify}` }];
    }
    return [];
  });
}

// Reads the gates of a pipeline, each with exactly one claim, and how often they may be wrong. Judges no result.
import { stringifyJson } from '../expression/json.ts';
import type { ClaimsInput } from './claims.ts';
import type { Cursor } from './cursor.ts';
import type { Mistakes, Place } from './mistakes.ts';
import { SAFE_NAME, SAFE_NAME_FIX } from './names.ts';
import type { Gate, LoadedPipeline, Pipeline, Region } from './pipeline.ts';
import type { PlaceOf } from './policy.ts';
import type { Reading } from './reading.ts';
import type { NativeInput } from './schema.ts';

const DEFAULT_CONFIDENCE = 0.95;

type GateInput = NonNullable<NativeInput['gates']>[number];

/** The gates; each makes exactly one claim. */
export function readGates(cursor: Cursor<ClaimsInput>, reading: Reading): Gate[] {
  const seen = new Set<string>();
  return cursor
    .at('gates')
    .list()
    .flatMap((gate) => {
      const name = gate.at('name').text();
      if (name === null) return [];
      if (seen.has(name))
        reading.mistakes.add(gate.at('name').place, `two gates are named '${name}'`, 'rename one');
      if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
        reading.mistakes.add(
          gate.at('name').place,
          'the name of the gate holds a control character',
          'remove it',
        );
      }
      seen.add(name);
      return readGate(gate, name, reading) ?? [];
    });
}

/** How often a change that is none may fail a gate, as a part of the pipeline; nothing when it is not written. */
export function readFalseAlarms(
  cursor: Cursor<ClaimsInput>,
  gates: readonly Gate[],
  reading: Reading,
): Pick<Pipeline, 'falseAlarms'> {
  const written = cursor.at('false_alarms');
  const falseAlarms = written.number();
  if (falseAlarms === null) return {};
  if (!gates.some((gate) => gate.kind === 'share_change' || gate.kind === 'mean_change')) {
    const what = "false_alarms has no effect: no gate has a 'change'";
    reading.warnings.add(written.place, what, 'remove it, or give a gate change: { at_least: ... }');
  }
  return { falseAlarms };
}

/** The claims of a gate that are expressions over a result's fields. */
export const GATE_EXPRESSIONS = ['share', 'mean'] as const;

const CLAIMS = ['share', 'mean', 'valid_share', 'cost'] as const;

function readGate(gate: Cursor<GateInput>, name: string, reading: Reading): Gate | null {
  const claims = CLAIMS.filter((claim) => gate.at(claim).present);
  const [kind, second] = claims;
  if (kind === undefined || second !== undefined) {
    const what = kind === undefined ? 'claims nothing' : `claims two things, '${kind}' and '${second}'`;
    reading.mistakes.add(gate.place, `the gate '${name}' ${what}`, `give it one of ${CLAIMS.join(', ')}`);
    return null;
  }
  switch (kind) {
    case 'share':
    case 'mean':
      return readExpressionGate(kind, gate, name, reading);
    case 'valid_share': {
      refuseOthers(gate, kind, name, reading);
      const region = readRegion(gate.at(kind), SHARE, gate.at(kind).place, name, reading);
      return region === null ? null : { kind, name, region, ...readSureness(gate) };
    }
    case 'cost': {
      refuseOthers(gate, kind, name, reading);
      if (gate.at('on_inconclusive').present) {
        const what = `the gate '${name}' has 'on_inconclusive' beside 'cost', which is no estimate`;
        reading.mistakes.add(gate.at('on_inconclusive').place, what, 'remove it');
      }
      const region = readRegion(gate.at(kind), null, gate.at(kind).place, name, reading);
      return region === null ? null : { kind, name, region };
    }
    default:
      return kind satisfies never;
  }
}

function readExpressionGate(
  kind: 'share' | 'mean',
  gate: Cursor<GateInput>,
  name: string,
  reading: Reading,
): Gate | null {
  const expr = reading.expression(gate.at(kind), `gates.${name}.${kind}`);
  const claim = { name, expr, ...readSureness(gate) };
  const change = gate.at('change');
  const difference = gate.at('difference');
  const scale = kind === 'share' ? POINTS : null;
  if (change.present && difference.present) {
    const what = `the gate '${name}' has both 'change' and 'difference'`;
    reading.mistakes.add(difference.place, what, 'make two gates of it');
    return null;
  }
  if (change.present) {
    refuseOuterBounds(gate, 'change', name, reading);
    const region = readRegion(change, scale, change.place, name, reading);
    return region === null ? null : { kind: `${kind}_change`, ...claim, region };
  }
  if (difference.present) {
    refuseOuterBounds(gate, 'difference', name, reading);
    const groups = readGroups(difference, name, reading);
    const region = readRegion(difference, scale, difference.place, name, reading);
    return region === null ? null : { kind: `${kind}_difference`, ...claim, ...groups, region };
  }
  const region = readRegion(gate, kind === 'share' ? SHARE : null, gate.place, name, reading);
  return region === null ? null : { kind, ...claim, region };
}

type Sureness = { readonly confidence: number; readonly onInconclusive?: 'fail' | 'extend' };

function readSureness(gate: Cursor<GateInput>): Sureness {
  const confidence = gate.at('confidence').number() ?? DEFAULT_CONFIDENCE;
  const written = gate.at('on_inconclusive').text();
  return written === 'fail' || written === 'extend'
    ? { confidence, onInconclusive: written }
    : { confidence };
}

type DifferenceInput = NonNullable<GateInput['difference']>;

function readGroups(
  difference: Cursor<DifferenceInput>,
  name: string,
  reading: Reading,
): { readonly by: string; readonly of: string; readonly minus: string } {
  const by = difference.at('by').text() ?? '';
  if (by !== '' && !SAFE_NAME.test(by)) {
    reading.mistakes.add(difference.at('by').place, `'${by}' cannot name a field`, SAFE_NAME_FIX);
  }
  const [of, minus] = [groupName(difference.at('of')) ?? '', groupName(difference.at('minus')) ?? ''];
  if (of !== '' && of === minus) {
    const what = `the gate '${name}' holds '${of}' against itself`;
    reading.mistakes.add(difference.at('minus').place, what, `name another group of '${by}'`);
  }
  return { by, of, minus };
}

/** The group that is named, null when none is. Groups are told apart by their values as text, as in the report. */
export function groupName({ scalar }: Cursor<unknown>): string | null {
  if (scalar === null) return null;
  return typeof scalar.value === 'string' ? scalar.value : stringifyJson(scalar.value);
}

const BOUNDS = ['between', 'at_least', 'at_most'] as const;
type BoundsInput = Pick<GateInput, (typeof BOUNDS)[number]>;

function refuseOthers(gate: Cursor<GateInput>, kind: string, name: string, reading: Reading): void {
  refuseOuterBounds(gate, kind, name, reading);
  for (const key of ['change', 'difference'] as const) {
    if (!gate.at(key).present) continue;
    const what = `the gate '${name}' has '${key}' beside '${kind}'`;
    reading.mistakes.add(gate.at(key).place, what, `'${key}' goes with 'share' or 'mean'; remove it`);
  }
}

function refuseOuterBounds(gate: Cursor<GateInput>, kind: string, name: string, reading: Reading): void {
  for (const key of BOUNDS) {
    if (gate.at(key).present) {
      const fix = `write ${kind}: { ${key}: ... }`;
      reading.mistakes.add(gate.at(key).place, `the gate '${name}' has '${key}' beside '${kind}'`, fix);
    }
  }
}

/** What the bounds of a quantity may be, and how a person is told. */
interface Scale {
  readonly lowest: number;
  readonly what: string;
  readonly fix: string;
}

const SHARE: Scale = { lowest: 0, what: 'for a share', fix: 'write shares as 0 to 1, such as 0.95 for 95%' };
const POINTS: Scale = {
  lowest: -1,
  what: 'for a difference of shares',
  fix: 'write percentage points as -1 to 1, such as -0.02 for a drop of 2 points',
};

function readRegion(
  cursor: Cursor<BoundsInput>,
  scale: Scale | null,
  place: Place,
  name: string,
  reading: Reading,
): Region | null {
  const [low, high] = cursor.at('between').list();
  const atLeast = low?.number() ?? cursor.at('at_least').number();
  const atMost = high?.number() ?? cursor.at('at_most').number();
  const refuse = (what: string, fix: string): null => {
    reading.mistakes.add(place, `the gate '${name}' ${what}`, fix);
    return null;
  };
  if (cursor.at('between').present && (cursor.at('at_least').present || cursor.at('at_most').present)) {
    return refuse("has 'between' and another bound", "keep 'between', or 'at_least' and 'at_most'");
  }
  if (atLeast === null && atMost === null) {
    return refuse('has no bound', 'add between: [low, high], at_least or at_most');
  }
  if (atLeast !== null && atMost !== null && atLeast > atMost) {
    return refuse(`can never hold: ${atLeast} is above ${atMost}`, 'swap the bounds');
  }
  for (const bound of [atLeast, atMost]) {
    if (scale !== null && bound !== null && (bound < scale.lowest || bound > 1)) {
      return refuse(`has the bound ${bound} ${scale.what}`, scale.fix);
    }
  }
  return { atLeast, atMost };
}

/** A gate that no result of so many units could ever pass: which of the gates it is, why, and how to mend it. */
export interface HopelessGate {
  readonly gate: number;
  readonly what: string;
  readonly fix: string;
}

/** Finds them. Given by the caller, because statistics stand above this folder. */
export type GateCheck = (loaded: LoadedPipeline) => readonly HopelessGate[];

/** Adds a mistake for each gate that asks for more than the pipeline says of the run. */
export function checkGates(
  loaded: LoadedPipeline,
  check: GateCheck | null,
  placeOf: PlaceOf,
  mistakes: Mistakes,
): void {
  const { gates, stop } = loaded.pipeline;
  for (const [at, gate] of gates.entries()) {
    if (gate.kind === 'cost' || gate.onInconclusive !== 'extend' || stop?.rule.kind === 'gates') continue;
    const what = `the gate '${gate.name}' would extend the run, which nothing lets go on`;
    const fix = 'add stop: { every: 100, gates: true } with repeat: as the most, or write neutral or fail';
    mistakes.add(placeOf(['gates', String(at), 'on_inconclusive']), what, fix);
  }
  for (const { gate, what, fix } of check?.(loaded) ?? [])
    mistakes.add(placeOf(['gates', String(gate)]), what, fix);
}

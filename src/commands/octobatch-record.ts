// The records of an Octobatch run directory: a unit with what its steps gave so far, and why a unit was not accepted.
// They are Octobatch's own shapes; what is beside them has names of its own and stands last.

import type { LoopRecord } from '../analysis/record.ts';
import { fieldsToJson } from '../expression/json.ts';
import { dictOf, type Fields, listOf, type Value } from '../expression/values.ts';
import type { Failure } from '../validation/failure.ts';

/**
 * The number of retries at which Octobatch gives a unit up, unless it is told otherwise. It knows failures for good by this
 * number alone; how often a unit was really tried stands in `attempts`.
 */
export const GIVEN_UP = 5;

/** What its latest steps did for a unit, for `_metadata`. */
export interface UnitHistory {
  readonly attempts: number;
  /** The step that computed it last, when that was an expression step. */
  readonly expressionStep: string | null;
  /** By the names of the steps that loop, in the order of the steps. */
  readonly loops: ReadonlyMap<string, LoopRecord>;
}

/** A unit as a line: `unit_id`, all fields, `_metadata` last. */
export function unitLine(unit: string, fields: Fields, history: UnitHistory | null = null): string {
  const line = new Map<string, Value>([['unit_id', unit]]);
  for (const [name, value] of fields) if (name !== 'unit_id' && name !== '_metadata') line.set(name, value);
  if (history !== null) line.set('_metadata', metadataOf(history));
  return fieldsToJson(line);
}

function metadataOf({ attempts, expressionStep, loops }: UnitHistory): Value {
  const last = [...loops.values()].at(-1);
  return dictOf([
    ...(expressionStep === null ? [] : [['expression_step', expressionStep] as const]),
    ...(last === undefined ? [] : loopPairs(last)),
    ['attempts', attempts],
    ['loops', dictOf([...loops].map(([step, loop]) => [step, dictOf(loopPairs(loop))] as const))],
  ]);
}

function loopPairs({ iterations, capped }: LoopRecord): (readonly [string, Value])[] {
  return [
    ['iterations', iterations],
    ['timeout', capped],
  ];
}

/** A failed attempt. `fields`: what the unit had when it came to the step; null where nobody kept them. */
export function failureLine(
  unit: string,
  fields: Fields | null,
  failure: Failure,
  { attempts, retries }: { readonly attempts: number; readonly retries: number },
): string {
  const own = new Map<string, Value>([
    ['unit_id', unit],
    ['failure_stage', failure.kind === 'invalid' ? 'validation' : 'pipeline_internal'],
    ['step', failure.step],
    ['input', fields === null ? dictOf([['unit_id', unit]]) : inputOf(unit, fields)],
    ...(failure.raw === null ? [] : [['raw_response', failure.raw] as const]),
    ['errors', listOf(failure.issues.map(({ path, rule, message }) => issueOf(path, rule, message)))],
    ['retry_count', retries],
    ['kind', failure.kind],
    ['attempts', attempts],
  ]);
  const line = new Map(own);
  // Octobatch repeats them here, so that failures can be counted by any of them.
  for (const [name, value] of fields ?? [])
    if (!name.startsWith('_') && !line.has(name)) line.set(name, value);
  return fieldsToJson(line);
}

function inputOf(unit: string, fields: Fields): Value {
  return dictOf([['unit_id', unit], ...[...fields].filter(([name]) => name !== 'unit_id')]);
}

function issueOf(path: string, rule: string, message: string): Value {
  return dictOf([
    ['path', dollarPath(path)],
    ['rule', rule],
    ['message', message],
  ]);
}

/** `/a/0` as `$.a[0]`. */
function dollarPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return `$${steps
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${step}`))
    .join('')}`;
}

/** A prompt as it was sent. */
export function promptLine(unit: string, system: string | null, prompt: string): string {
  return JSON.stringify({ unit_id: unit, prompt, ...(system === null ? {} : { system }) });
}

/** What came back for a request: the text, what could be read of it, and what it cost in tokens. */
export function resultLine(
  unit: string,
  raw: string | null,
  read: Fields | null,
  usage: { readonly input: number; readonly output: number },
  model: string,
  error: string | null,
): string {
  const line = new Map<string, Value>([['unit_id', unit]]);
  if (raw !== null) line.set('_raw_text', raw);
  for (const [name, value] of read ?? [])
    if (name !== 'unit_id' && !name.startsWith('_')) line.set(name, value);
  if (error !== null) line.set('error', error);
  line.set(
    '_metadata',
    dictOf([
      ['input_tokens', usage.input],
      ['output_tokens', usage.output],
      ['model', model],
    ]),
  );
  return fieldsToJson(line);
}

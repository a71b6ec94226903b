// The result files, line by line: one JSON object per valid unit, one per failed unit. Untrusted text stays as it
// is: JSON is data, and whoever shows it uses a sink.
import type { FailedUnit, ValidUnit } from '../analysis/record.ts';
import { fieldsToJson } from '../expression/json.ts';
import { dictOf, type Fields, listOf, type Value } from '../expression/values.ts';
import type { FailureKind } from '../validation/failure.ts';

/** One line of results.jsonl, without its end: `unit_id`, every field flat, internal ones under `_metadata`, last. */
export function resultLine(record: ValidUnit): string {
  const { open, internal } = split(record.fields);
  const loops = [...record.loops].map(([step, { iterations, capped }]) => {
    const loop = dictOf([
      ['iterations', iterations],
      ['timeout', capped],
    ]);
    return [step, loop] as const;
  });
  const metadata: [string, Value][] = [
    ['attempts', record.attempts],
    ['capped', record.capped],
    ['loops', dictOf(loops)],
    ...internal,
  ];
  return fieldsToJson(
    new Map<string, Value>([['unit_id', record.unit], ...open, ['_metadata', dictOf(metadata)]]),
  );
}

/** One line of failures.jsonl, without its end: Octobatch's failure record, with the kind of the failure. */
export function failureLine(record: FailedUnit): string {
  return fieldsToJson(new Map<string, Value>([['unit_id', record.unit], ...failureFields(record)]));
}

/** What a failure record holds beside the unit's id, in its order. */
export function failureFields(record: FailedUnit): Fields {
  const { failure } = record;
  const errors = failure.issues.map(({ path, rule, message }) =>
    dictOf([
      ['path', path],
      ['rule', rule],
      ['message', message],
    ]),
  );
  return new Map<string, Value>([
    ['stage', stageOf(failure.kind)],
    ['step', failure.step],
    ['kind', failure.kind],
    ['input', dictOf([['unit_id', record.unit], ...split(record.fields).open])],
    ['raw_response', failure.raw],
    ['errors', listOf(errors)],
    ['retry_count', Math.max(0, record.attempts - 1)],
  ]);
}

/** Where on the straight line a unit was lost. */
export function stageOf(kind: FailureKind): 'render' | 'compute' | 'request' | 'answer' | 'validation' {
  switch (kind) {
    case 'template':
      return 'render';
    case 'expression':
      return 'compute';
    case 'rejected':
    case 'expired':
    case 'canceled':
    case 'transport':
    case 'missing':
      return 'request';
    case 'refused':
    case 'truncated':
    case 'malformed':
      return 'answer';
    case 'invalid':
      return 'validation';
    default:
      return kind satisfies never;
  }
}

/** Fields for people, and internal ones (their names begin with `_`). A field `unit_id` never replaces the unit's own. */
function split(fields: Fields): { open: [string, Value][]; internal: [string, Value][] } {
  const open: [string, Value][] = [];
  const internal: [string, Value][] = [];
  for (const [name, value] of fields) {
    if (name.startsWith('_')) internal.push([name, value]);
    else if (name !== 'unit_id') open.push([name, value]);
  }
  return { open, internal };
}

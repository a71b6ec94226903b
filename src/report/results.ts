// The result files, line by line: one JSON object per valid unit, one per failed unit. Untrusted text stays as it
// is: JSON is data, and whoever shows it uses a sink.
import type { FailedUnit, ValidUnit } from '../analysis/record.ts';
import { fieldsToJson, stringifyJson } from '../expression/json.ts';
import { dictOf, type Fields, listOf, type Value } from '../expression/values.ts';
import type { FailureKind } from '../validation/failure.ts';

/** One line of results.jsonl, without its end: `unit_id`, every field flat, internal ones under `_metadata`, last. */
export function resultLine({ unit, attempts, capped, loops, fields }: ValidUnit): string {
  // Written piece by piece: a million units have a million of them.
  let open = '';
  let internal = '';
  for (const [name, value] of fields) {
    if (name === 'unit_id') continue;
    const text = `,${JSON.stringify(name)}:${stringifyJson(value)}`;
    if (name.startsWith('_')) internal += text;
    else open += text;
  }
  const looped: string[] = [];
  for (const [step, { iterations, capped: timeout }] of loops)
    looped.push(`${JSON.stringify(step)}:{"iterations":${iterations},"timeout":${timeout}}`);
  const metadata = `"attempts":${attempts},"capped":${capped},"loops":{${looped.join(',')}}${internal}`;
  return `{"unit_id":${JSON.stringify(unit)}${open},"_metadata":{${metadata}}}`;
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
    ['input', dictOf([['unit_id', record.unit], ...openFields(record.fields)])],
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

/** Fields for people: the names of internal ones begin with `_`. A field `unit_id` never replaces the unit's own. */
function openFields(fields: Fields): [string, Value][] {
  return [...fields].filter(([name]) => !name.startsWith('_') && name !== 'unit_id');
}

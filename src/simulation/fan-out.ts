// One unit becomes its children: a pure function from what it has to what each child gets. It knows neither numbers nor
// journals; that a list is too long, or none, is the unit's failure and comes back as data.
import { fieldsFromJson, stringifyJson } from '../expression/json.ts';
import { listItems, PyList, typeName } from '../expression/values.ts';
import type { FanOutStep } from '../pipeline/pipeline.ts';
import type { StepIssue } from './expression-step.ts';
import type { LocalFailure, LocalUnit } from './local-chunk.ts';

/** What became of one unit. `children`: what each has beside its parent's fields, one JSON object as text. */
export type FanOutOutcome =
  | { readonly kind: 'done'; readonly children: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: LocalFailure };

/** The rule of a failure because the field is not there. */
export const MISSING_RULE = 'fan_out.missing';

/** Fans a unit out; an empty list makes no child. */
export function fanOut(step: FanOutStep, { id, fields }: LocalUnit): FanOutOutcome {
  const { name, field, childField, maxChildren } = step;
  const pointer = `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const failed = (path: string, rule: string, message: string): FanOutOutcome => {
    const issue: StepIssue = { path, rule, message };
    return { kind: 'failed', failure: { kind: 'invalid', step: name, issues: [issue], raw: null } };
  };
  const list = fieldsFromJson(fields).get(field);
  if (list === undefined)
    return failed('', MISSING_RULE, `"${field}" is missing, and nothing else can be fanned out`);
  if (!(list instanceof PyList)) {
    const what = `is of type ${typeName(list)}, and only a list can be fanned out`;
    return failed(pointer, 'fan_out.list', what);
  }
  if (list.length > maxChildren) {
    const what = `has ${list.length} elements, and at most ${maxChildren} can be fanned out`;
    return failed(pointer, 'fan_out.too_many', what);
  }
  const parent = JSON.stringify(id);
  const [key, ...rest] = [childField, '_fan_index', '_fan_parent_id'].map((one) => JSON.stringify(one));
  const children = listItems(list).map(
    (element, place) => `{${key}:${stringifyJson(element)},${rest[0]}:${place},${rest[1]}:${parent}}`,
  );
  return { kind: 'done', children };
}

// Which fields a report can show, and how a value is told apart from others. It reads names and values, no results.
import { parseJson, stringifyJson } from '../expression/json.ts';
import { dictEntries, dictGet, isNumber, PyDict, toNumber, type Value } from '../expression/values.ts';
import type { LlmStep, Pipeline } from '../pipeline/pipeline.ts';

/** Longest text by which two values are told apart, in UTF-16 units. */
export const LABEL_LIMIT = 200;

/** Field names that the steps produce, in the order of steps; item fields are not among them. */
export function producedFields(pipeline: Pipeline): readonly string[] {
  const names = new Set<string>();
  for (const step of pipeline.steps) {
    if (step.kind === 'expression') {
      for (const { name } of [...step.init, ...step.expressions]) names.add(name);
    } else if (step.kind === 'fan_out') names.add(step.childField);
    else {
      for (const name of answeredFields(step)) names.add(name);
    }
  }
  return [...names].filter((name) => !name.startsWith('_'));
}

function answeredFields(step: LlmStep): readonly string[] {
  const fromChecks = [
    ...step.checks.required,
    ...Object.keys(step.checks.types),
    ...Object.keys(step.checks.enums),
  ];
  return [...schemaProperties(step.schema), ...(step.simulate ?? []).map(({ name }) => name), ...fromChecks];
}

function schemaProperties(schema: string | null): readonly string[] {
  if (schema === null) return [];
  const root = parseJson(schema);
  const properties = root instanceof PyDict ? dictGet(root, 'properties') : undefined;
  return properties instanceof PyDict ? [...dictEntries(properties)].map(([name]) => String(name)) : [];
}

/** The text that stands for a value in counts and groups; null for an absent field. */
export function labelOf(value: Value | undefined): string | null {
  if (value === undefined) return null;
  if (typeof value === 'string') return value.slice(0, LABEL_LIMIT);
  try {
    return stringifyJson(value).slice(0, LABEL_LIMIT);
  } catch {
    return null;
  }
}

/** Beyond this a number's square, summed over a run, is none any more. */
export const LARGEST_NUMBER = 1e150;

/** The number in a field that can be estimated from, at most 1e150 either way, or null. A bool is no number here. */
export function numberOf(value: Value | undefined): number | null {
  const number = value === undefined ? null : toNumber(value);
  return number !== null && Math.abs(number) <= LARGEST_NUMBER ? number : null;
}

/** True of a number that is too large to be estimated from; infinity is one. */
export function isTooLarge(value: Value | undefined): boolean {
  return value !== undefined && Math.abs(toNumber(value) ?? 0) > LARGEST_NUMBER;
}

/** What a value could be shown as, when nobody said it: `null` says nothing either way. */
export function guessKind(value: Value | undefined): 'category' | 'number' | 'neither' | 'unknown' {
  if (value === undefined || value === null) return 'unknown';
  if (typeof value === 'string' || typeof value === 'boolean') return 'category';
  return isNumber(value) ? 'number' : 'neither';
}

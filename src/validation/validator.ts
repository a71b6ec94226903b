// From an answer's text to a step's values, or to the failure that says why not: extract, coerce, then hold against
// schema and checks. It knows nothing of attempts, providers or units.
import type { Evaluation } from '../expression/evaluation.ts';
import { dictEntries, type Fields, PyDict, type Value } from '../expression/values.ts';
import type { Checks } from '../pipeline/pipeline.ts';
import { coerce } from './coerce.ts';
import { extractJson, MAX_ANSWER } from './extract.ts';
import type { Failure, FailureKind, Issue } from './failure.ts';
import { typeAllowed } from './json-type.ts';
import { SchemaError } from './keywords.ts';
import { MAX_ISSUES, Run } from './node.ts';
import { type CompiledChecks, compileChecks } from './rules.ts';
import { type CompiledSchema, compileSchema } from './schema.ts';
import { show } from './wording.ts';

/** A step's verdict on one answer. `values` are what the answer adds to the unit; `notes` say how it was read. */
export type Verdict =
  | {
      readonly kind: 'valid';
      readonly values: Map<string, Value>;
      readonly warnings: readonly Issue[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** Checks the answers of one step. Make it once per step and use it for every unit. */
export interface Validator {
  /** Checks a model's text. Rules see `fields`, which is all the unit has so far, and over them the answer. */
  check(text: string, fields: Fields, evaluation: Evaluation): Verdict;
  /** Checks what an expression step computed; here `required` is satisfied by earlier fields too. */
  checkFields(values: Fields, fields: Fields, evaluation: Evaluation): Verdict;
}

/** What is checked of one step. */
export interface ValidatorOptions {
  readonly step: string;
  /** JSON Schema as text, or null. */
  readonly schema: string | null;
  readonly checks: Checks;
}

/**
 * Compiles the checks of a step. A step with neither schema nor checks takes free text: an answer that holds no JSON
 * object then becomes the field `response`, unless it is empty. Throws SchemaError, or ExpressionSyntaxError for a rule.
 */
export function compileValidator({ step, schema: text, checks: plain }: ValidatorOptions): Validator {
  const schema = text === null ? null : compileSchema(text);
  if (schema?.root.types && !typeAllowed('object', schema.root.types)) {
    throw new SchemaError('an answer becomes named fields, so its schema must allow an object', '/type');
  }
  const checks = compileChecks(plain);
  const fail = (kind: FailureKind, issues: readonly Issue[], raw: string | null): Verdict => ({
    kind: 'failed',
    failure: { kind, step, issues: issues.slice(0, MAX_ISSUES), raw },
  });

  return {
    check(answer, fields, evaluation) {
      const readable = answer.trim() !== '' && answer.length <= MAX_ANSWER;
      const freeText = readable && schema === null && checks.empty;
      const extraction = extractJson(answer);
      const found = extraction.kind === 'found' ? extraction.value : null;
      if (freeText && (!(found instanceof PyDict) || isHollow(found, answer))) {
        return { kind: 'valid', values: new Map([['response', answer]]), warnings: [], notes: [] };
      }
      if (extraction.kind === 'none') {
        const message = `The answer is not JSON: ${extraction.reason}.`;
        return fail('malformed', [{ path: '', rule: 'json', message }], answer);
      }
      const coercion = coerceAnswer(extraction.value, schema, checks);
      if (!(coercion.value instanceof PyDict)) {
        const message = `must be a JSON object, but is ${show(coercion.value)}`;
        return fail('invalid', [{ path: '', rule: 'object', message }], answer);
      }
      const { values, names, dropped } = fieldsOf(coercion.value);
      const schemaIssues = schema === null ? [] : schema.check(coercion.value);
      const findings = checks.check(over(fields, values), names, evaluation, schemaIssues);
      if (findings.errors.length > 0) return fail('invalid', findings.errors, answer);
      const notes = [...extraction.notes, ...coercion.notes];
      if (dropped.length > 0) notes.push(`left out the names kept for the engine: ${dropped.join(', ')}`);
      return { kind: 'valid', values, warnings: findings.warnings, notes };
    },

    checkFields(values, fields, evaluation) {
      const all = over(fields, values);
      const findings = checks.check(all, new Set(all.keys()), evaluation, []);
      if (findings.errors.length > 0) return fail('invalid', findings.errors, null);
      return { kind: 'valid', values: new Map(values), warnings: findings.warnings, notes: [] };
    },
  };
}

function coerceAnswer(
  value: Value,
  schema: CompiledSchema | null,
  checks: CompiledChecks,
): ReturnType<typeof coerce> {
  if (schema === null) return coerce(value, [checks.guide], new Run(false, null));
  return coerce(value, [schema.root, checks.guide], schema.createRun(null));
}

/** `{}` found somewhere in prose says nothing, so the prose is the answer. */
function isHollow(found: PyDict, answer: string): boolean {
  return found.entries.size === 0 && answer.trim() !== '{}';
}

/** True for names an answer may not set: the unit's identity and whatever is internal. */
export function isReserved(name: string): boolean {
  return name === 'unit_id' || name.startsWith('_');
}

interface AnswerFields {
  readonly values: Map<string, Value>;
  /** Every name of the answer, reserved ones included: an answer may be asked to repeat them. */
  readonly names: ReadonlySet<string>;
  readonly dropped: readonly string[];
}

function fieldsOf(answer: PyDict): AnswerFields {
  const values = new Map<string, Value>();
  const names = new Set<string>();
  const dropped: string[] = [];
  for (const [key, value] of dictEntries(answer)) {
    const name = String(key);
    names.add(name);
    if (isReserved(name)) dropped.push(show(name));
    else values.set(name, value);
  }
  return { values, names, dropped };
}

function over(fields: Fields, values: Fields): Map<string, Value> {
  const merged = new Map(fields);
  for (const [name, value] of values) merged.set(name, value);
  return merged;
}

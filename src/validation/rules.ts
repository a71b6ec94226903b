// The checks of a step beyond its schema: required, types, enums, ranges and rules. They see values as they are now,
// after coercion; an expression that fails inside a rule is an issue of that rule, never a crash.
import { isTruthy } from '../expression/comparison.ts';
import { ExpressionError } from '../expression/errors.ts';
import type { Evaluation } from '../expression/evaluation.ts';
import { type CompiledExpression, compileExpression } from '../expression/expression.ts';
import { parseJson } from '../expression/json.ts';
import { formatTemplate } from '../expression/string-format.ts';
import { type Fields, PyDict, PyFloat, PyList, PyTuple, type Value } from '../expression/values.ts';
import type { Checks, FieldType, Rule } from '../pipeline/pipeline.ts';
import { canonicalJson } from './canonical.ts';
import { foldCase } from './coerce.ts';
import type { Issue } from './failure.ts';
import { type JsonType, jsonTypeOf, typeAllowed } from './json-type.ts';
import { createNode, escapePointer, type SchemaNode } from './node.ts';
import { shorten, show, showChoices, typeWord } from './wording.ts';

/** What the checks found: errors fail the unit, warnings only tell. */
export interface Findings {
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
}

/** The checks of a step, ready to use. */
export interface CompiledChecks {
  /** True when there is nothing to check. */
  readonly empty: boolean;
  /** What the checks ask of the answer as a schema, to guide coercion. */
  readonly guide: SchemaNode;
  /**
   * Checks fields. `own` are the names that satisfy `required`; everything else is looked up in `fields`. `before` are
   * the schema's issues: they come first, and after any issue a rule that cannot be evaluated says nothing new.
   */
  check(fields: Fields, own: ReadonlySet<string>, evaluation: Evaluation, before: readonly Issue[]): Findings;
}

interface CompiledRule {
  readonly rule: Rule;
  readonly when: CompiledExpression | null;
  readonly expression: CompiledExpression;
}

/** Compiles a step's checks. Throws ExpressionSyntaxError for a rule and JsonError for an enum value. */
export function compileChecks(checks: Checks): CompiledChecks {
  const enums = Object.entries(checks.enums).map(
    ([name, texts]) => [name, texts.map((text) => parseJson(text))] as const,
  );
  const types = Object.entries(checks.types);
  const ranges = Object.entries(checks.ranges);
  const rules = checks.rules.map((rule) => ({
    rule,
    when: rule.when === null ? null : compileExpression(rule.when),
    expression: compileExpression(rule.expr),
  }));
  return {
    empty: checks.required.length + types.length + enums.length + ranges.length + rules.length === 0,
    guide: guideOf(checks, enums),
    check(fields, own, evaluation, before) {
      const errors: Issue[] = [...before];
      const warnings: Issue[] = [];
      for (const name of checks.required) {
        if (!own.has(name)) errors.push({ path: '', rule: 'required', message: `${show(name)} is missing` });
      }
      checkEach(fields, types, 'types', typeProblem, errors);
      checkEach(fields, enums, 'enums', enumProblem, errors);
      checkEach(fields, ranges, 'ranges', rangeProblem, errors);
      const broken = errors.length > 0;
      for (const rule of rules) {
        const problem = ruleProblem(rule, fields, evaluation);
        if (problem === null || (problem.kind === 'unknown' && broken)) continue;
        const found = rule.rule.level === 'warning' ? warnings : errors;
        found.push({ path: '', rule: rule.rule.name, message: problem.message });
      }
      return { errors: withoutRepeats(errors), warnings };
    },
  };
}

function guideOf(checks: Checks, enums: readonly (readonly [string, readonly Value[]])[]): SchemaNode {
  const guide = createNode('');
  const nodeFor = (name: string): SchemaNode => {
    const node = guide.properties.get(name) ?? createNode(`/${escapePointer(name)}`);
    guide.properties.set(name, node);
    return node;
  };
  for (const name of [...checks.required, ...Object.keys(checks.ranges)]) nodeFor(name);
  for (const [name, type] of Object.entries(checks.types)) nodeFor(name).types = [type];
  for (const [name, choices] of enums) nodeFor(name).choices = choices;
  return guide;
}

/** Holds each named field that is there against its demand. */
function checkEach<Demand>(
  fields: Fields,
  demands: readonly (readonly [string, Demand])[],
  rule: string,
  problemOf: (value: Value, demand: Demand) => string | null,
  errors: Issue[],
): void {
  for (const [name, demand] of demands) {
    const value = fields.get(name);
    if (value === undefined) continue;
    const message = problemOf(value, demand);
    if (message !== null) errors.push({ path: `/${escapePointer(name)}`, rule, message });
  }
}

function typeProblem(value: Value, type: FieldType): string | null {
  const actual: JsonType | null = fieldTypeOf(value);
  if (actual !== null && typeAllowed(actual, [type])) return null;
  return `must be ${typeWord(type)}, but is ${show(value)}`;
}

/** The JSON type of any value; a tuple counts as a list. Null for what JSON has no type for. */
function fieldTypeOf(value: Value): JsonType | null {
  if (value === null || typeof value !== 'object') return jsonTypeOf(value);
  if (value instanceof PyTuple) return 'array';
  return value instanceof PyFloat || value instanceof PyList || value instanceof PyDict
    ? jsonTypeOf(value)
    : null;
}

function enumProblem(value: Value, choices: readonly Value[]): string | null {
  const comparable = fieldTypeOf(value) === null || value instanceof PyTuple ? null : sameAs(value);
  if (comparable !== null && choices.some(comparable)) return null;
  return `must be ${choices.length === 1 ? '' : 'one of '}${showChoices(choices)}, but is ${show(value)}`;
}

function sameAs(value: Value): (choice: Value) => boolean {
  if (typeof value === 'string') {
    const folded = foldCase(value);
    return (choice) => typeof choice === 'string' && foldCase(choice) === folded;
  }
  const text = canonicalJson(value);
  return (choice) => typeof choice !== 'string' && canonicalJson(choice) === text;
}

interface Range {
  readonly min: number | null;
  readonly max: number | null;
}

function rangeProblem(value: Value, { min, max }: Range): string | null {
  const n = value instanceof PyFloat ? value.value : value;
  if (typeof n !== 'number' && typeof n !== 'bigint') return `must be a number, but is ${show(value)}`;
  // Written so that NaN, which compares as false with everything, never passes.
  const inside = (min === null || n >= min) && (max === null || n <= max) && !Number.isNaN(n);
  if (inside) return null;
  const limits = [min === null ? '' : `at least ${min}`, max === null ? '' : `at most ${max}`];
  const wanted = limits.filter((limit) => limit !== '').join(' and ');
  return `must be ${wanted === '' ? 'a number' : wanted}, but is ${show(value)}`;
}

/** `broken`: the rule does not hold. `unknown`: its expression failed. */
interface RuleProblem {
  readonly kind: 'broken' | 'unknown';
  readonly message: string;
}

function ruleProblem(rule: CompiledRule, fields: Fields, evaluation: Evaluation): RuleProblem | null {
  try {
    if (rule.when !== null && !isTruthy(rule.when.evaluate(fields, evaluation))) return null;
    if (isTruthy(rule.expression.evaluate(fields, evaluation))) return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { kind: 'unknown', message: shorten(`could not be evaluated: ${error}`, MAX_MESSAGE) };
  }
  const filled = fillPlaces(rule.rule.error, fields, evaluation);
  const message = filled === '' ? `does not hold: ${rule.rule.expr}` : filled;
  return { kind: 'broken', message: shorten(message, MAX_MESSAGE) };
}

/** A schema and the checks often ask for the same thing; it is said once. */
function withoutRepeats(issues: readonly Issue[]): Issue[] {
  const said = new Map<string, Issue>();
  for (const issue of issues) {
    const key = `${issue.path}\n${issue.message}`;
    if (!said.has(key)) said.set(key, issue);
  }
  return [...said.values()];
}

const MAX_MESSAGE = 500;
const MAX_PLACE = 200;

/** Fills `{field}` places as Python's `str.format` would; a place that cannot be filled stays as it is written. */
function fillPlaces(template: string, fields: Fields, evaluation: Evaluation): string {
  return template.replace(/\{\{|\}\}|\{[^{}]*\}/g, (place) => {
    try {
      return shorten(formatTemplate(evaluation, place, [], fields), MAX_PLACE);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      return place;
    }
  });
}

// Follows the fields of a unit through all steps and says what names nothing, what is never read and what can never
// happen. It runs nothing and knows no values, so that it speaks only of what is so for every unit.
import { constantTruth } from '../expression/inspect.ts';
import { fieldsFromJson } from '../expression/json.ts';
import { mayChange } from '../expression/mutation.ts';
import type { AnswerSchema, Extent } from './answer-schema.ts';
import type { ClaimsInput } from './claims.ts';
import { refuseNonItems } from './coupling.ts';
import type { Cursor } from './cursor.ts';
import { type CheckedExpression, type Elsewhere, ExpressionCheck, type Soon } from './expression-check.ts';
import { refuseUnsettled, UNSETTLED } from './fan-out.ts';
import { answeredFields, itemScope, type Scope, unitScope, wider } from './flow.ts';
import { GATE_EXPRESSIONS, groupName } from './gate-claims.ts';
import type { Place } from './mistakes.ts';
import type { ExpressionStep, FanOutStep, Items, LlmStep, Pipeline } from './pipeline.ts';
import type { ExpressionInput, Reading } from './reading.ts';
import { checkReportNames } from './report-spec.ts';
import type { ReadStep, WrittenStep } from './steps.ts';
import { groupsOfItems } from './stop-groups.ts';
import { checkStopNames, type StopInput } from './stop-spec.ts';
import { suggestion } from './suggest.ts';
import type { TemplateShelf } from './templates.ts';

/** A pipeline as read, with what its file says where. */
export interface WrittenPipeline {
  readonly pipeline: Pipeline;
  readonly items: Items;
  readonly steps: readonly ReadStep[];
  readonly shelf: TemplateShelf;
  readonly gates: Cursor<NonNullable<ClaimsInput['gates']>>;
  readonly report: Cursor<NonNullable<ClaimsInput['report']>>;
  readonly stop: Cursor<StopInput>;
}

/** Adds a mistake for each name that nothing gives, and a warning for what is doubtful. */
export function checkNames(written: WrittenPipeline, reading: Reading): void {
  // After a mistake of another kind the steps may not be what was meant, and every name would look unknown.
  if (reading.isWhole) new NameCheck(written, reading).run();
}

/** A value that no later place has read so far. */
interface Unread {
  readonly place: Place;
  readonly label: string;
}

class NameCheck {
  private readonly written: WrittenPipeline;
  private readonly reading: Reading;
  private readonly expressions: ExpressionCheck;
  /** Fields after the parts checked so far. */
  private readonly scope: Scope;
  private readonly globals: readonly string[];
  /** For each field, the last step that gives it. */
  private readonly givers = new Map<string, string>();
  /** The same for the steps checked so far. */
  private readonly given = new Map<string, string>();
  private itemFields: Scope | null = null;
  private readonly prepared = new Map<string, Unread & { used: boolean }>();
  private readonly unread = new Map<string, Unread>();

  constructor(written: WrittenPipeline, reading: Reading) {
    this.written = written;
    this.reading = reading;
    this.scope = unitScope(written.pipeline.strategy, written.items);
    this.globals = [...fieldsFromJson(written.pipeline.globals).keys()];
    for (const { step, written: parts } of written.steps) {
      for (const name of givenFields(step, parts)) {
        // Which child a unit is, every fan-out says; the first one is the place to wait for.
        if (!name.startsWith('_') || !this.givers.has(name)) this.givers.set(name, step.name);
      }
    }
    this.expressions = new ExpressionCheck(reading, this.elsewhere);
  }

  run(): void {
    for (const { step, written } of this.written.steps) {
      if (step.kind === 'expression') this.expressionStep(step, written);
      else if (step.kind === 'llm') this.llmStep(step, written);
      else this.fanOutStep(step, written);
      for (const name of givenFields(step, written)) this.given.set(name, step.name);
    }
    for (const { used, place, label } of this.prepared.values()) {
      if (!used)
        this.reading.warnings.add(place, `nothing reads ${label}`, 'use it in the prompt, or remove it');
    }
    this.gates();
    checkReportNames(this.written.report, this.scope, this.expressions);
    checkStopNames(this.written.stop, this.scope, this.expressions);
  }

  private readonly elsewhere: Elsewhere = (name) => {
    const giver = this.givers.get(name);
    if (giver !== undefined) {
      const what = `'${name}' is not there yet; the step '${giver}' gives it later`;
      return { what, fix: 'read it after that step' };
    }
    if (this.globals.includes(name)) {
      const what = `'${name}' is a variable of the prompts, which is no field`;
      return { what, fix: 'put the value into the items, or write it out' };
    }
    if (
      this.written.steps.some(({ written }) => written.prepare.entries().some((one) => one.name === name))
    ) {
      const what = `'${name}' is prepared for a prompt only`;
      return { what, fix: 'compute it in an expression step' };
    }
    return null;
  };

  private expressionStep(step: ExpressionStep, written: WrittenStep): void {
    const { name: label } = step;
    this.streamBy(step, written);
    const init = written.init.entries();
    const expressions = written.expressions.entries();
    const { scope } = this;
    const reads = new Set<string>();
    const left = new Map<string, number>();
    for (const { name } of [...init, ...expressions]) left.set(name, (left.get(name) ?? 0) + 1);
    for (const { cursor } of [...init, ...expressions]) {
      for (const name of this.storesOf(cursor)) scope.add(name);
    }
    const check = (parts: typeof init, prefix: string, loops: boolean): (CheckedExpression | null)[] =>
      parts.map(({ name, cursor }) => {
        const soon: Soon = { has: (one) => (left.get(one) ?? 0) > 0, loops };
        const checked = this.expressions.check(cursor, `${prefix}.${name}`, scope, soon);
        for (const read of checked?.reads ?? []) reads.add(read.name);
        left.set(name, left.get(name)! - 1);
        scope.add(name, checked?.order ?? null);
        return checked;
      });
    const started = check(init, `${label}.init`, false);
    const computed = check(expressions, label, written.loopUntil.present);
    this.overwrittenInit(step, written, [...started, ...computed]);
    if (written.loopUntil.present) this.loopUntil(step, written, scope, computed, reads);
    this.checks(written, label, scope, reads);
    this.settle(reads);
    for (const { name, namePlace } of [...init, ...expressions]) {
      const before = this.unread.get(name);
      if (before !== undefined && before.label !== `${label}.${name}`) {
        const what = `${before.label} is overwritten by '${label}' before anything reads it`;
        this.reading.warnings.add(before.place, what, 'remove it, or give one of the two another name');
      }
      const isRead = reads.has(name);
      if (isRead) this.unread.delete(name);
      else this.unread.set(name, { place: namePlace, label: `${label}.${name}` });
    }
    // Between steps a set becomes a list.
    for (const { name } of [...init, ...expressions]) {
      if (scope.orderOf(name) === 'set') scope.add(name, 'of set');
    }
  }

  // A stream is named before anything happened to the unit: by what its item says, and nothing else.
  private streamBy(step: ExpressionStep, written: WrittenStep): void {
    if (!written.streamBy.present) return;
    const label = `${step.name}.stream_by`;
    this.itemFields ??= itemScope(this.written.pipeline.strategy, this.written.items);
    const items = this.itemFields.copy();
    const giverOf = (name: string): string | null =>
      this.given.get(name) ?? (items.has(name) ? null : (this.givers.get(name) ?? null));
    // What was said already is known from here on, so that it is not said twice.
    for (const name of refuseNonItems(written.streamBy, label, giverOf, this.reading)) items.add(name);
    this.expressions.check(written.streamBy, label, items);
  }

  // What `:=` fills stays for the rest of the step.
  private storesOf(cursor: Cursor<ExpressionInput>): readonly string[] {
    if (!cursor.scalar?.text.includes(':=')) return [];
    return this.reading.written(cursor)?.stores ?? [];
  }

  private overwrittenInit(
    step: ExpressionStep,
    written: WrittenStep,
    checked: readonly (CheckedExpression | null)[],
  ): void {
    if (checked.includes(null)) return;
    const init = written.init.entries();
    const names = [...init, ...written.expressions.entries()].map(({ name }) => name);
    for (const [i, { name, namePlace }] of init.entries()) {
      const again = names.indexOf(name, init.length);
      if (again < 0) continue;
      const between = checked.slice(i + 1, again + 1);
      if (between.some((one) => one!.reads.some((read) => read.name === name))) continue;
      const what = `${step.name}.init.${name} is overwritten by ${step.name}.${name} before anything reads it`;
      this.reading.warnings.add(namePlace, what, 'remove it from init');
    }
  }

  private loopUntil(
    step: ExpressionStep,
    written: WrittenStep,
    scope: Scope,
    computed: readonly (CheckedExpression | null)[],
    reads: Set<string>,
  ): void {
    const label = `${step.name}.loop_until`;
    const condition = this.expressions.check(written.loopUntil, label, scope);
    if (condition === null) return;
    for (const { name } of condition.reads) reads.add(name);
    const place = condition.placeAt(condition.tree.start);
    const truth = constantTruth(condition.tree, condition.source, (name) => scope.has(name));
    if (truth !== null) {
      const what = truth
        ? `${label} is always true, so that the loop ends after one iteration`
        : `${label} can never become true`;
      this.reading.mistakes.add(place, what, 'compare a field that the expressions change');
      return;
    }
    const changed = new Set(written.expressions.entries().map(({ name }) => name));
    for (const one of computed) for (const name of one?.stores ?? []) changed.add(name);
    const isMoved = condition.reads.some(({ name }) => changed.has(name) || name === 'random');
    if (isMoved || condition.stores.length > 0) return;
    if (computed.some((one) => one === null || mayChange(one.tree)) || mayChange(condition.tree)) return;
    const read = [...new Set(condition.reads.map(({ name }) => name).filter((name) => scope.has(name)))];
    const what = `${label} reads no field that the loop changes${read.length === 0 ? '' : ` (it reads ${read.join(', ')})`}`;
    this.reading.warnings.add(place, what, 'compare a field that the expressions change');
  }

  private llmStep(step: LlmStep, written: WrittenStep): void {
    const reads = new Set<string>();
    const prompt = this.scope.copy();
    for (const name of this.globals) if (!prompt.has(name)) prompt.add(name);
    this.prepare(written, prompt, reads);
    for (const { label, template } of written.prompts) {
      for (const name of template.names) {
        reads.add(name);
        if (prompt.has(name)) continue;
        const place = this.written.shelf.placeOfName(template.name, name);
        if (place !== null) this.expressions.unknown(name, label, place, prompt);
      }
    }
    const choosesOthers = written.prompts.some(({ template }) =>
      this.written.shelf.choosesOthers(template.name),
    );
    for (const { name, namePlace } of written.prepare.entries()) {
      const one = this.prepared.get(keyOf(namePlace));
      if (one !== undefined && (reads.has(name) || choosesOthers)) one.used = true;
    }
    this.simulate(step, written, reads);
    for (const name of answeredFields(step, written.schema)) this.scope.add(name);
    this.scope.extent = wider(this.scope.extent, extentOf(step, written.schema));
    this.checks(written, step.name, this.scope, reads);
    // The simulated provider shows an answer what the fields of the same names hold.
    for (const name of written.schema?.fields ?? []) reads.add(name);
    if (choosesOthers) this.unread.clear();
    this.settle(reads);
  }

  private fanOutStep(step: FanOutStep, { fanOut }: WrittenStep): void {
    if (fanOut === null) return;
    const { name, field, childField } = step;
    const { scope } = this;
    const isNative = this.written.pipeline.form === 'native';
    const { mistakes } = this.reading;
    const said = mistakes.count;
    if (!scope.has(field))
      this.expressions.unknown(field, `${name}.${isNative ? 'fan_out' : 'field'}`, fanOut.field, scope);
    if (step.maxChildren === UNSETTLED && mistakes.count === said) {
      const { pipeline, items } = this.written;
      const before = pipeline.steps.slice(0, pipeline.steps.indexOf(step));
      refuseUnsettled(step, fanOut, before, { strategy: pipeline.strategy, items }, this.reading);
    }
    this.settle(new Set([field]));
    // In an Octobatch folder the element may take the place of the list.
    if (scope.has(childField) && (isNative || childField !== field)) {
      const own = childField === field ? 'the list itself' : 'that value';
      const what = `${name}.${isNative ? 'as' : 'child_field'}: units have '${childField}' already, and each child would lose ${own}`;
      // An Octobatch folder that does so runs, and means it.
      const found = isNative ? mistakes : this.reading.warnings;
      found.add(fanOut.childField, what, 'choose another name');
    }
    for (const given of givenFields(step, null)) scope.add(given);
    this.unread.set(childField, { place: fanOut.childField, label: `${name}.${childField}` });
  }

  private prepare(written: WrittenStep, scope: Scope, reads: Set<string>): void {
    const entries = written.prepare.entries();
    const left = new Map(entries.map(({ name }) => [name, true]));
    for (const { name, namePlace, cursor } of entries) {
      const label = `${written.prepareLabel}.${name}`;
      const soon: Soon = { has: (one) => left.get(one) === true, loops: false };
      const checked = this.expressions.check(cursor, label, scope, soon);
      for (const read of checked?.reads ?? []) reads.add(read.name);
      left.set(name, false);
      scope.add(name, checked?.order ?? null);
      const key = keyOf(namePlace);
      if (!this.prepared.has(key)) this.prepared.set(key, { place: namePlace, label, used: false });
    }
  }

  private simulate(step: LlmStep, written: WrittenStep, reads: Set<string>): void {
    const scope = this.scope.copy();
    for (const name of this.globals) scope.add(name);
    const entries = written.simulate.entries();
    const left = new Map(entries.map(({ name }) => [name, true]));
    const { schema } = written;
    for (const { name, namePlace, cursor } of entries) {
      const label = `${step.name}.simulate`;
      const soon: Soon = { has: (one) => left.get(one) === true, loops: false };
      const checked = this.expressions.check(cursor, `${label}.${name}`, scope, soon);
      for (const read of checked?.reads ?? []) reads.add(read.name);
      left.set(name, false);
      scope.add(name, checked?.order ?? null);
      if (schema === null || schema.extent === 'open' || schema.fields.includes(name)) continue;
      const what = `${label} gives '${name}', which the schema does not know`;
      this.reading.warnings.add(namePlace, what, suggestion(name, schema.fields, 'the schema has'));
    }
  }

  private checks(written: WrittenStep, label: string, scope: Scope, reads: Set<string>): void {
    const { checks } = written;
    const named: { key: string; name: string; place: Place }[] = [];
    for (const field of checks.at('required').list()) {
      const name = field.text();
      if (name !== null) named.push({ key: 'required', name, place: field.place });
    }
    for (const key of ['types', 'enums', 'ranges'] as const) {
      for (const { name, namePlace } of checks.at(key).entries()) named.push({ key, name, place: namePlace });
    }
    for (const { key, name, place } of named) {
      reads.add(name);
      // Octobatch folders may demand of an answer what Octobatch itself writes into it.
      if (scope.has(name) || name === 'unit_id' || name === '_metadata') continue;
      this.expressions.unknown(name, `${label}.${key}`, place, scope);
    }
    for (const [i, rule] of checks.at('rules').list().entries()) {
      const prefix = `${label}.rules.${rule.at('name').text() ?? `rule ${i + 1}`}`;
      for (const key of ['expr', 'when'] as const) {
        const checked = this.expressions.check(rule.at(key), `${prefix}.${key}`, scope);
        for (const { name } of checked?.reads ?? []) reads.add(name);
      }
      for (const [, name] of (rule.at('error').text() ?? '').matchAll(/\{(\w+)/g)) reads.add(name!);
    }
  }

  private settle(reads: ReadonlySet<string>): void {
    for (const name of reads) this.unread.delete(name);
  }

  private gates(): void {
    for (const gate of this.written.gates.list()) {
      const label = `gates.${gate.at('name').text() ?? ''}`;
      for (const key of GATE_EXPRESSIONS)
        this.expressions.checkDrawless(gate.at(key), `${label}.${key}`, this.scope);
      const by = gate.at('difference').at('by');
      const field = by.text();
      if (field === null) continue;
      if (!this.scope.has(field))
        this.expressions.unknown(field, `${label}.difference`, by.place, this.scope);
      else if (!this.givers.has(field) && this.scope.extent !== 'open')
        checkGroups(gate, label, field, this.written, this.reading);
    }
  }
}

/** Groups that only the items make are known before anything runs. */
function checkGroups(
  gate: Cursor<NonNullable<ClaimsInput['gates']>[number]>,
  label: string,
  by: string,
  { pipeline: { strategy }, items }: WrittenPipeline,
  { mistakes }: Reading,
): void {
  const groups = strategy.kind === 'direct' ? groupsOfItems(strategy, items, by) : null;
  if (groups === null) return;
  for (const key of ['of', 'minus'] as const) {
    const wanted = groupName(gate.at('difference').at(key));
    if (wanted === null || groups.includes(wanted)) continue;
    const what = `${label}.difference.${key}: no item has '${wanted}' as its '${by}'`;
    mistakes.add(gate.at('difference').at(key).place, what, suggestion(wanted, groups, 'groups'));
  }
}

function givenFields(step: ReadStep['step'], written: WrittenStep | null): readonly string[] {
  if (step.kind === 'llm') return answeredFields(step, written?.schema ?? null);
  if (step.kind === 'fan_out') return [step.childField, '_fan_index', '_fan_parent_id'];
  return [...step.init, ...step.expressions].map(({ name }) => name);
}

// A step that says what its answer looks like and also what it is, is taken at its word: in a simulated run, any other
// field would be missing.
function extentOf(step: LlmStep, schema: AnswerSchema | null): Extent {
  if (schema === null) return 'open';
  return schema.extent === 'described' && step.simulate !== null ? 'sealed' : schema.extent;
}

function keyOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

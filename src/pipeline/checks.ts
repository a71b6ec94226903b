// Reads what a step demands of its result: required, types, enums, ranges and rules. Runs none of it.

import type { z } from 'zod';
import { stringifyJson } from '../expression/json.ts';
import type { Cursor } from './cursor.ts';
import type { Checks, FieldType, Rule } from './pipeline.ts';
import type { Reading } from './reading.ts';
import type { checkKeys } from './schema.ts';

/** The input type of the check keys. */
export type ChecksInput = { [K in keyof typeof checkKeys]?: z.input<(typeof checkKeys)[K]> };

/** The checks under a step (native form) or under `validation.<step>` (Octobatch form). */
export function readChecks(cursor: Cursor<ChecksInput>, step: string, reading: Reading): Checks {
  const types: [string, FieldType][] = cursor
    .at('types')
    .entries()
    .flatMap(({ name, cursor: type }) => (type.text() === null ? [] : [[name, type.text() as FieldType]]));
  return {
    required: cursor
      .at('required')
      .list()
      .flatMap((field) => field.text() ?? []),
    types: record(types),
    enums: record(readEnums(cursor)),
    ranges: record(readRanges(cursor, step, reading)),
    rules: readRules(cursor, step, reading),
  };
}

/** No checks at all. */
export const NO_CHECKS: Checks = { required: [], types: {}, enums: {}, ranges: {}, rules: [] };

function readEnums(cursor: Cursor<ChecksInput>): [string, readonly string[]][] {
  const fields = cursor.at('enums').entries();
  return fields.map(({ name, cursor: values }) => [
    name,
    values.list().map((value) => stringifyJson(value.value())),
  ]);
}

type Range = { readonly min: number | null; readonly max: number | null };

function readRanges(cursor: Cursor<ChecksInput>, step: string, reading: Reading): [string, Range][] {
  return cursor
    .at('ranges')
    .entries()
    .map(({ name, cursor: range }) => {
      const [low, high] = range.list();
      const min = (low ?? range.at('min')).number();
      const max = (high ?? range.at('max')).number();
      if (min !== null && max !== null && min > max) {
        reading.mistakes.add(
          range.place,
          `${step}.ranges.${name}: ${min} is above ${max}`,
          'swap the bounds',
        );
      }
      return [name, { min, max }];
    });
}

function readRules(cursor: Cursor<ChecksInput>, step: string, reading: Reading): Rule[] {
  const seen = new Set<string>();
  return cursor
    .at('rules')
    .list()
    .map((rule, i) => {
      const name = rule.at('name').text() ?? `rule ${i + 1}`;
      if (seen.has(name)) {
        reading.mistakes.add(rule.at('name').place, `${step} has two rules named '${name}'`, 'rename one');
      }
      seen.add(name);
      const label = `${step}.rules.${name}`;
      const when = rule.at('when');
      return {
        name,
        expr: reading.expression(rule.at('expr'), `${label}.expr`),
        when: when.present ? reading.expression(when, `${label}.when`) : null,
        error: rule.at('error').text() ?? `the rule '${name}' does not hold`,
        level: rule.at('level').text() === 'warning' ? 'warning' : 'error',
      };
    });
}

// Object.fromEntries defines own properties, so a field named __proto__ stays a field.
function record<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(entries);
}

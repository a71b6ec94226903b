// Reads the key `report:` of both forms: what is shown beside the gates. It computes nothing and judges no result.
import type { Cursor } from './cursor.ts';
import type { ExpressionCheck } from './expression-check.ts';
import type { Scope } from './flow.ts';
import type { Place } from './mistakes.ts';
import { SAFE_NAME, SAFE_NAME_FIX } from './names.ts';
import type { FigureSpec, ReportSpec } from './pipeline.ts';
import type { Reading } from './reading.ts';
import type { NativeInput } from './schema.ts';

type ReportInput = NonNullable<NativeInput['report']>;

/** Outcomes, and metrics, of one report: each keeps its values, in all units and in its group. */
const MOST_FIELDS = 100;
/** Figures of one report: each costs time and a row in every group. */
const MOST_FIGURES = 50;

/** What the report shows, as written. */
export function readReport(cursor: Cursor<Pick<NativeInput, 'report'>>, reading: Reading): ReportSpec {
  const report = cursor.at('report');
  const fields = (list: Cursor<string[]>) => {
    const named = list.list().flatMap((field) => readField(field, reading) ?? []);
    if (named.length > MOST_FIELDS) {
      const what = `the report asks for ${named.length} fields in one list`;
      reading.mistakes.add(list.place, what, `keep at most ${MOST_FIELDS}`);
    }
    return named;
  };
  const figures = readFigures(report, reading);
  return {
    groupBy: readField(report.at('group_by'), reading),
    outcomes: fields(report.at('outcomes')),
    metrics: fields(report.at('metrics')),
    ...(figures.length === 0 ? {} : { figures }),
  };
}

function readField(cursor: Cursor<string>, reading: Reading): string | null {
  const name = cursor.text();
  if (name !== null) checkField(name, cursor.place, reading);
  return name;
}

function checkField(name: string, place: Place, reading: Reading): void {
  if (SAFE_NAME.test(name)) return;
  reading.mistakes.add(place, `'${name}' cannot name a field of the report`, SAFE_NAME_FIX);
}

/** A figure where it is written. */
interface WrittenFigure {
  readonly place: Place;
  readonly figure: FigureSpec;
}

function readFigures(report: Cursor<ReportInput>, reading: Reading): readonly FigureSpec[] {
  const written = [
    ...readNets(report, reading),
    ...readQuantiles(report, reading),
    ...readRatios(report, reading),
    ...readRates(report, reading),
    ...readCustom(report, reading),
  ];
  const seen = new Set<string>();
  for (const { place, figure } of written) {
    checkName(figure.name, place, reading);
    if (seen.has(figure.name)) {
      reading.mistakes.add(place, `two figures of the report are named '${figure.name}'`, 'rename one');
    }
    seen.add(figure.name);
  }
  if (written.length > MOST_FIGURES) {
    const what = `the report asks for ${written.length} figures beside outcomes and metrics`;
    reading.mistakes.add(report.place, what, `keep at most ${MOST_FIGURES}`);
  }
  return written.map(({ figure }) => figure);
}

function checkName(name: string, place: Place, reading: Reading): void {
  if (name.length < 1 || name.length > 100) {
    reading.mistakes.add(
      place,
      'a figure of the report needs a name of 1 to 100 characters',
      'choose another name',
    );
  } else if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(name)) {
    reading.mistakes.add(place, 'the name of a figure of the report holds a control character', 'remove it');
  }
}

function readNets(report: Cursor<ReportInput>, reading: Reading): WrittenFigure[] {
  return report
    .at('net')
    .entries()
    .map(({ name: field, namePlace: place, cursor }) => {
      checkField(field, place, reading);
      const values = cursor.entries().map(({ name, cursor: value }) => [name, value.number() ?? 0] as const);
      if (values.length === 0) {
        const fix = 'say what each value counts, such as { win: 1, lose: -1 }';
        reading.mistakes.add(place, `report.net.${field} counts nothing`, fix);
      }
      return {
        place,
        figure: { kind: 'net', name: `net ${field}`, field, values: Object.fromEntries(values) },
      };
    });
}

function readQuantiles(report: Cursor<ReportInput>, reading: Reading): WrittenFigure[] {
  return report
    .at('quantiles')
    .entries()
    .flatMap(({ name: field, namePlace, cursor }) => {
      checkField(field, namePlace, reading);
      return cursor.list().flatMap((share): WrittenFigure[] => {
        const at = share.number();
        if (at === null) return [];
        // 0.07 * 100 is 7.000000000000001.
        const name = `${Number((at * 100).toPrecision(12))}% quantile of ${field}`;
        return [{ place: share.place, figure: { kind: 'quantile', name, field, at } }];
      });
    });
}

function readRatios(report: Cursor<ReportInput>, reading: Reading): WrittenFigure[] {
  return report
    .at('ratios')
    .entries()
    .map(({ name, namePlace: place, cursor }) => {
      const of = reading.expression(cursor.at('of'), `report.ratios.${name}.of`);
      const to = reading.expression(cursor.at('to'), `report.ratios.${name}.to`);
      return { place, figure: { kind: 'ratio', name, of, to } };
    });
}

function readRates(report: Cursor<ReportInput>, reading: Reading): WrittenFigure[] {
  return report
    .at('rates')
    .entries()
    .map(({ name, namePlace: place, cursor }) => {
      const events = reading.expression(cursor.at('events'), `report.rates.${name}.events`);
      const per = reading.expression(cursor.at('per'), `report.rates.${name}.per`);
      return { place, figure: { kind: 'rate', name, events, per } };
    });
}

function readCustom(report: Cursor<ReportInput>, reading: Reading): WrittenFigure[] {
  return report
    .at('custom')
    .entries()
    .map(({ name, namePlace: place, cursor }) => {
      const expr = reading.expression(cursor, `report.custom.${name}`);
      return { place, figure: { kind: 'custom', name, expr } };
    });
}

/** Says which names of the report nothing gives. `scope`: the fields after the last step. */
export function checkReportNames(report: Cursor<ReportInput>, scope: Scope, check: ExpressionCheck): void {
  const keyed = (key: 'net' | 'quantiles') =>
    report
      .at(key)
      .entries()
      .map(({ name, namePlace }) => ({ label: `report.${key}`, name, place: namePlace }));
  const listed = (key: 'outcomes' | 'metrics') =>
    report
      .at(key)
      .list()
      .map((field) => ({ label: `report.${key}`, name: field.text(), place: field.place }));
  const groupBy = report.at('group_by');
  const named = [
    { label: 'report.group_by', name: groupBy.text(), place: groupBy.place },
    ...listed('outcomes'),
    ...listed('metrics'),
    ...keyed('net'),
    ...keyed('quantiles'),
  ];
  for (const { label, name, place } of named) {
    if (name !== null && !scope.has(name)) check.unknown(name, label, place, scope);
  }
  for (const { name, cursor } of report.at('ratios').entries()) {
    for (const key of ['of', 'to'] as const)
      check.checkDrawless(cursor.at(key), `report.ratios.${name}.${key}`, scope);
  }
  for (const { name, cursor } of report.at('rates').entries()) {
    for (const key of ['events', 'per'] as const)
      check.checkDrawless(cursor.at(key), `report.rates.${name}.${key}`, scope);
  }
  // Every field is a list here, whatever a unit has under its name.
  const lists = scope.copy();
  for (const name of scope.names) lists.add(name);
  for (const { name, cursor } of report.at('custom').entries()) {
    check.checkDrawless(cursor, `report.custom.${name}`, lists);
  }
}

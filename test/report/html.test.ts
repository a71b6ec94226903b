// The page of a report: what it says, that it is one file without a way out, and that it stays small.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Change } from '../../src/analysis/comparison-change.ts';
import type { UnitRecord } from '../../src/analysis/record.ts';
import type { UnitColumn } from '../../src/analysis/unit-values.ts';
import { type PageExtras, toHtml } from '../../src/report/html.ts';
import { SCRIPT } from '../../src/report/html-script.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { collectUnits, type ListedUnit } from '../../src/report/html-unit-list.ts';
import type { Report } from '../../src/report/report.ts';
import { fc } from '../property.ts';
import { nasty, poisoned } from './comment-scene.ts';
import {
  createDraws,
  dialogue,
  paused,
  reportOf,
  type Scene,
  sailor,
  shipGate,
  validGate,
  waiting,
} from './fixture.ts';
import { elementsOf, readPage, textOf } from './html-reader.ts';
import { dialogueCompared, listOf, type Page, sailorCompared } from './html-scene.ts';

const LIMIT = 5_000_000;
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

const htmlOf = ({ report, units, extras }: Page) => toHtml(report, units, extras);
const alone = (scene: Scene, units = scene.records.length): Page => ({
  report: reportOf(scene),
  units: listOf(scene.records.slice(0, units)),
  extras: {},
});
const pageOf = (scene: Scene, units = scene.records.length) => htmlOf(alone(scene, units));

const BUDGET = { kind: 'budget', needs: '0.31', left: '0.019', cap: '0.25', enough: '0.55' } as const;
const scenes: Record<string, Scene> = {
  pass: sailor({ simulated: false, gates: [shipGate, validGate] }),
  fail: dialogue(),
  inconclusive: sailor({ simulated: false, units: 100, gates: [shipGate] }),
  pending: waiting(),
  error: paused(BUDGET),
  'dry-run': sailor({ gates: [shipGate, validGate] }),
};

/** Few units each: a page is read as a whole. */
const pages: Record<string, Page> = {
  ...Object.fromEntries(Object.entries(scenes).map(([name, scene]) => [name, alone(scene, 30)])),
  compared: few(sailorCompared()),
  'compared-groups': few(dialogueCompared()),
};

function few(page: Page): Page {
  return { ...page, units: page.units.slice(0, 12) };
}

/** The page without what is the same in all. */
function ownPart(page: string): string {
  return page
    .replace(STYLE, '')
    .replace(SCRIPT, '')
    .replace(/sha256-[A-Za-z0-9+/]{43}=/g, 'sha256-');
}

function matches(file: string, text: string): void {
  const folder = new URL('../golden/report/', import.meta.url);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(new URL(file, folder), text);
  }
  expect(text).toBe(readFileSync(new URL(file, folder), 'utf8'));
}

describe.each(Object.entries(pages))('the page of a run: %s', (name, known) => {
  const page = htmlOf(known);
  const root = readPage(page);
  const elements = elementsOf(root);

  test('reads as its golden file', () => matches(`page-${name}.html`, ownPart(page)));

  test('says its headline first, with the verdict as a word', () => {
    const heading = elements.find((element) => element.name === 'h1')!;
    const { headline } = known.report;
    expect(textOf(heading)).toBe(headline);
    expect(textOf(elements.find((element) => element.name === 'title')!)).toBe(headline);
  });

  test('has every id once, and no reference to one that is not there', () => {
    const ids = elements.flatMap((element) => element.attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = elements.flatMap((element) => [
      ...(element.attributes.get('href')?.match(/(?<=^#).*/) ?? []),
      ...[element.attributes.get('aria-labelledby') ?? [], element.attributes.get('for') ?? []].flat(),
    ]);
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(3);
  });

  test('every drawing says in words what it draws, and those that do not are decoration', () => {
    const drawings = elements.filter((element) => element.name === 'svg');
    expect(drawings.length).toBeGreaterThan(0);
    for (const drawing of drawings) {
      const label = drawing.attributes.get('aria-label');
      if (label === undefined) expect(drawing.attributes.get('aria-hidden')).toBe('true');
      else {
        expect(drawing.attributes.get('role')).toBe('img');
        const title = drawing.children.find((child) => typeof child !== 'string' && child.name === 'title');
        expect(textOf(title!)).toBe(label);
      }
    }
  });

  test('is the same, byte by byte, each time', () => {
    expect(htmlOf(known)).toBe(page);
  });

  test('lets nothing in but its own style and script, which its policy names by their hashes', () => {
    const policy = elements
      .find((element) => element.attributes.has('http-equiv'))!
      .attributes.get('content')!;
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toContain('unsafe');
    const runs = elements.filter(
      ({ name: kind, attributes }) => kind === 'style' || (kind === 'script' && !attributes.has('type')),
    );
    expect(runs.map((element) => element.name)).toEqual(['style', 'script']);
    for (const { children } of runs) {
      const hash = createHash('sha256').update(String(children[0])).digest('base64');
      expect(policy).toContain(`'sha256-${hash}'`);
    }
    for (const { attributes } of elements) expect(attributes.get('href') ?? '#').toMatch(/^(#|data:,$)/);
    expect(page).not.toMatch(/https?:|url\(|@import/);
  });
});

test('the numbers of a chart stand in a table of the same section', () => {
  for (const scene of [scenes.pass!, scenes.fail!]) {
    const sections = elementsOf(readPage(pageOf(scene))).filter((element) => element.name === 'section');
    const results = sections.find((section) => section.attributes.get('id') === 'results')!;
    const inside = elementsOf(results);
    const table = textOf(inside.find((element) => element.name === 'tbody')!);
    const figures = inside.filter((element) => element.attributes.get('class') === 'figure').map(textOf);
    expect(figures.length).toBeGreaterThan(1);
    for (const figure of figures) expect(table).toContain(figure);
  }
});

test('while a run is not over, no result is shown as if it were one', () => {
  const page = pageOf(scenes.pending!);
  expect(page).not.toContain('id="results"');
  expect(page).toContain('Nothing to do.');
  expect(page).toContain('2026-11-23 09:31 UTC');
});

test('a failed unit shows what the model had said, folded, and without a unit list the report’s own failures', () => {
  const folded = (page: string) =>
    elementsOf(readPage(page))
      .filter((element) => element.name === 'details')
      .map(textOf);
  const listed = folded(pageOf(scenes.fail!));
  expect(listed).toHaveLength(28);
  expect(listed[0]).toContain('{"score": 2, "why": "breaks character, see www.example.com"}');
  expect(folded(toHtml(reportOf(scenes.fail!), []))).toHaveLength(3);
});

describe('whatever a model, a provider or a file name says', () => {
  const fail = { ...dialogue(), records: dialogue().records.slice(0, 24) };
  const base = reportOf(fail);
  const pending = reportOf(waiting());
  const blocked = reportOf(paused({ kind: 'blocked', provider: 'x', why: 'x' }));

  /** What is beyond the comment's poison: names and values of fields. */
  function deeper(report: Report, evil: string): Report {
    const slice = (one: Report['overall']): Report['overall'] => ({
      ...one,
      outcomes: one.outcomes.map((outcome) => ({
        ...outcome,
        field: evil,
        values: outcome.values.map((value) => ({ ...value, value: evil })),
      })),
      metrics: one.metrics.map((metric) => ({ ...metric, field: evil })),
    });
    return {
      ...report,
      groupBy: evil,
      overall: slice(report.overall),
      groups: report.groups.map((group) => ({ ...slice(group), group: evil })),
    };
  }

  const compared = dialogueCompared();

  /** A page with all there is, every text that is not ours the nasty one. */
  function comparedPoisoned(evil: string): Page {
    const { report, extras } = compared;
    const { comparison } = report.against!;
    const changes = (all: readonly Change[]) =>
      all.map((change) => ({ ...change, name: evil, label: change.label === null ? null : evil }));
    const against = {
      ...report.against!,
      name: evil,
      comparison: {
        ...comparison!,
        changes: changes(comparison!.changes),
        outcomes: comparison!.outcomes.map((outcome) => ({ ...outcome, name: evil })),
        groups: comparison!.groups.map((group) => ({ group: evil, changes: changes(group.changes) })),
      },
    };
    const named = <T extends { readonly columns: readonly Pick<UnitColumn, 'labels'>[] }>(values: T): T => ({
      ...values,
      columns: values.columns.map((column) => ({
        ...column,
        name: evil,
        labels: column.labels.map(() => evil),
      })),
    });
    const steps = extras.base!.report!.steps.map((step) => ({ ...step, step: evil, cost: evil }));
    return {
      report: deeper({ ...poisoned(report, evil), against }, evil),
      units: listOf(
        recordsOf(evil),
        new Map([[0, [{ name: evil, isMetric: false, base: evil, head: null }]]]),
        9,
      ),
      extras: {
        values: named(extras.values!),
        base: { values: named(extras.base!.values!), report: { ...extras.base!.report!, steps } },
      },
    };
  }

  const notCompared = (evil: string): Page => {
    const report = poisoned(compared.report, evil);
    const against = { name: evil, reason: evil, isSame: false, comparison: null };
    return { ...compared, report: { ...report, against } };
  };

  function unitsOf(evil: string): readonly ListedUnit[] {
    return listOf(recordsOf(evil));
  }

  function recordsOf(evil: string): readonly UnitRecord[] {
    return fail.records.map((record): UnitRecord => {
      const fields = new Map([...record.fields, ['tone', evil] as const, [evil, evil] as const]);
      if (record.kind === 'valid') return { ...record, unit: evil, fields };
      const issues = [{ path: evil, rule: evil, message: evil }];
      const failure = { ...record.failure, step: evil, issues, raw: evil };
      return { ...record, unit: evil, fields, failure };
    });
  }

  const shape = (page: string) =>
    elementsOf(readPage(page))
      .filter((element) => !['code', 'p'].includes(element.name))
      .map((element) => [element.name, [...element.attributes.keys()].join(' ')].join(' '));

  test('it is text on the page: no element, no attribute, no hidden character comes of it', () => {
    const written = (evil: string) => [
      ...[base, pending, blocked].map((report) =>
        toHtml(deeper(poisoned(report, evil), evil), unitsOf(evil)),
      ),
      htmlOf(comparedPoisoned(evil)),
      htmlOf(notCompared(evil)),
    ];
    const plain = written('word').map(shape);
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })), (evil) => {
        for (const [i, page] of written(evil).entries()) {
          expect(page).not.toMatch(INVISIBLE);
          const kinds = new Set(plain[i]!);
          expect(shape(page).filter((element) => !kinds.has(element))).toEqual([]);
          expect(page.match(/<script/g)).toHaveLength(2);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('what tries hardest is shown as it was written', () => {
    const evil = '</script><img src=x onerror="alert(1)"><!-- \u202e &lt; \' "';
    const page = toHtml(deeper(poisoned(base, evil), evil), unitsOf(evil));
    expect(textOf(readPage(page))).toContain(
      '</script><img src=x onerror="alert(1)"><!-- \\u{202e} &lt; \' "',
    );
    const data = /id="unit-data">(.*?)<\/script>/s.exec(page)![1]!;
    expect(data).not.toMatch(/[<>&]/);
    expect(JSON.parse(data).rows[0][0]).toContain('</script>');
  });
});

describe('a page stays below 5 MB', () => {
  const evils = ['&', '\u202e', '"'];
  const many = <T>(list: readonly T[]) =>
    list.length === 0 ? [] : Array.from({ length: 2000 }, (_, i) => list[i % list.length]!);

  function swollen(report: Report): Report {
    const { pending, cost } = report;
    return {
      ...report,
      gates: many(report.gates),
      groups: many(report.groups),
      steps: many(report.steps),
      failures: many(report.failures),
      notRun: many(report.notRun),
      cost: { ...cost, prices: many(cost.prices) },
      pending: pending && {
        ...pending,
        fullQueues: many(pending.fullQueues),
        batches: many(pending.batches),
      },
    };
  }

  /** 100,000 units of which the first answer without end. */
  function unitsOf(long: string): readonly ListedUnit[] {
    const collector = collectUnits();
    for (let i = 0; i < 100_000; i++) {
      const fields = new Map(Array.from({ length: 8 }, (_, f) => [`f${f}`, i < 4000 ? long : 'x'] as const));
      const unit = { unit: `u${i}`, item: `u${i}`, attempts: 1 + (i % 3), fields };
      const issues = [{ path: long, rule: 'json', message: long }];
      const differences = i % 5 === 0 ? [{ name: long, isMetric: i % 10 === 0, base: long, head: long }] : [];
      const attempt = { step: long, attempt: 1, system: long, prompt: long, answer: long, issues };
      const attempts = i < 500 ? [attempt, { ...attempt, attempt: 2 }] : null;
      if (i % 2 === 0) {
        const valid = { kind: 'valid' as const, ...unit, capped: false, loops: new Map() };
        collector.add(valid, differences, attempts);
      } else {
        const failure = { kind: 'malformed' as const, step: 's', issues, raw: long };
        collector.add({ kind: 'failed', ...unit, failure }, differences, attempts);
      }
    }
    return collector.list();
  }

  /** A base with thousands of changes, groups and steps, and 20,000 units in forty quantities. */
  function extrasOf(long: string): PageExtras {
    const draw = createDraws(8);
    const columns = Array.from({ length: 40 }, (_, at): UnitColumn => {
      const kind = (['share', 'mean', 'category'] as const)[at % 3]!;
      const values = Array.from({ length: 20_000 }, () => Math.floor(draw() * (kind === 'mean' ? 1e9 : 2)));
      return { kind, name: `${at}${long}`, isGate: at % 2 === 0, labels: [long, 'b'], values };
    });
    const values = { units: 20_000, items: null, groups: null, columns };
    const steps = many([{ step: long, valid: 1, cost: '1', paid: true }]);
    return { values, base: { values, report: { units: { planned: 100_000 }, steps } } };
  }

  function swollenAgainst(long: string): Report['against'] {
    const { against } = dialogueCompared().report;
    const comparison = against!.comparison!;
    const changes = many(comparison.changes).map((change) => ({ ...change, name: long }));
    const groups = many(comparison.groups).map((group) => ({ ...group, group: long }));
    return { ...against!, name: long, comparison: { ...comparison, changes, groups } };
  }

  test.each(evils)(
    'with 100,000 units and thousands of everything else, all of it %j without end',
    (part) => {
      const long = part.repeat(5000);
      const units = unitsOf(long);
      const extras = extrasOf(long);
      const against = swollenAgainst(long);
      for (const name of ['fail', 'pending', 'error']) {
        const report = swollen(poisoned(reportOf(scenes[name]!), long));
        const counts = { planned: 100_000, valid: 50_000, failed: 50_000, inFlight: 0 };
        const page = toHtml({ ...report, units: counts, against }, units, extras);
        expect(Buffer.byteLength(page)).toBeLessThan(LIMIT);
        expect(page).toMatch(/[\d,]+ more rows are in <code>report\.json<\/code>/);
        expect(page).toMatch(/of 100,000 units, first those that .*; all are in <code>results.jsonl<\/code>/);
        expect(page).toContain('50 of 50,000 failed units; all are in <code>failures.jsonl</code>');
        readPage(page);
      }
    },
  );
});

test('words and signs have enough contrast with the page, light and dark', () => {
  const colours = new Map(
    [...STYLE.matchAll(/--(\w+): light-dark\(#(\w{6}), #(\w{6})\)/g)].map(([, name, ...pair]) => [
      name!,
      pair,
    ]),
  );
  const luminance = (hex: string) => {
    const [r = 0, g = 0, b = 0] = hex.match(/../g)!.map((two) => {
      const c = Number.parseInt(two, 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const ground of ['page', 'soft']) {
    for (const name of ['ink', 'quiet', 'mark', 'pass', 'fail', 'open', 'wait']) {
      for (const mode of [0, 1]) {
        const pair = [colours.get(name)![mode]!, colours.get(ground)![mode]!].map(luminance);
        const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
        expect(ratio, `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  }
});

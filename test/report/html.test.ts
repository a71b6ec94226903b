// The page of a report: what it says, that it is one file without a way out, and that it stays small.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { toHtml } from '../../src/report/html.ts';
import { SCRIPT } from '../../src/report/html-script.ts';
import { STYLE } from '../../src/report/html-style.ts';
import { collectUnits, type ListedUnit } from '../../src/report/html-unit-list.ts';
import type { Report } from '../../src/report/report.ts';
import { nasty, poisoned } from './comment-scene.ts';
import { dialogue, paused, reportOf, type Scene, sailor, shipGate, validGate, waiting } from './fixture.ts';
import { elementsOf, readPage, textOf } from './html-reader.ts';

const LIMIT = 5_000_000;
const INVISIBLE = /[\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?!\n)\p{Cc}/u;

function listOf(records: Iterable<UnitRecord>): readonly ListedUnit[] {
  const collector = collectUnits();
  for (const record of records) collector.add(record);
  return collector.list();
}

const pageOf = (scene: Scene, units = scene.records.length) =>
  toHtml(reportOf(scene), listOf(scene.records.slice(0, units)));

const BUDGET = { kind: 'budget', needs: '0.31', left: '0.019', cap: '0.25', enough: '0.55' } as const;
const scenes: Record<string, Scene> = {
  pass: sailor({ simulated: false, gates: [shipGate, validGate] }),
  fail: dialogue(),
  inconclusive: sailor({ simulated: false, units: 100, gates: [shipGate] }),
  pending: waiting(),
  error: paused(BUDGET),
  'dry-run': sailor({ gates: [shipGate, validGate] }),
};

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

describe.each(Object.entries(scenes))('the page of a run: %s', (name, scene) => {
  const page = pageOf(scene, 30);
  const root = readPage(page);
  const elements = elementsOf(root);

  test('reads as its golden file', () => matches(`page-${name}.html`, ownPart(page)));

  test('says its headline first, with the verdict as a word', () => {
    const heading = elements.find((element) => element.name === 'h1')!;
    const { headline } = reportOf(scene);
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
    expect(pageOf(scene, 30)).toBe(page);
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

  function unitsOf(evil: string): readonly ListedUnit[] {
    return listOf(
      fail.records.map((record): UnitRecord => {
        const fields = new Map([...record.fields, ['tone', evil] as const, [evil, evil] as const]);
        if (record.kind === 'valid') return { ...record, unit: evil, fields };
        const issues = [{ path: evil, rule: evil, message: evil }];
        const failure = { ...record.failure, step: evil, issues, raw: evil };
        return { ...record, unit: evil, fields, failure };
      }),
    );
  }

  const shape = (page: string) =>
    elementsOf(readPage(page))
      .filter((element) => !['code', 'p'].includes(element.name))
      .map((element) => [element.name, [...element.attributes.keys()].join(' ')].join(' '));

  test('it is text on the page: no element, no attribute, no hidden character comes of it', () => {
    const plain = [base, pending, blocked].map((report) =>
      shape(toHtml(deeper(poisoned(report, 'word'), 'word'), unitsOf('word'))),
    );
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary', minLength: 1, maxLength: 60 })), (evil) => {
        for (const [i, report] of [base, pending, blocked].entries()) {
          const page = toHtml(deeper(poisoned(report, evil), evil), unitsOf(evil));
          expect(page).not.toMatch(INVISIBLE);
          const kinds = new Set(plain[i]!);
          expect(shape(page).filter((element) => !kinds.has(element))).toEqual([]);
          expect(page.match(/<script/g)).toHaveLength(2);
        }
      }),
      { numRuns: 40 },
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
      const fields = new Map(Array.from({ length: 12 }, (_, f) => [`f${f}`, i < 4000 ? long : 'x'] as const));
      const unit = { unit: `u${i}`, item: `u${i}`, attempts: 1, fields };
      if (i % 2 === 0) collector.add({ kind: 'valid', ...unit, capped: false, loops: new Map() });
      else {
        const issues = [{ path: '', rule: 'json', message: long }];
        const failure = { kind: 'malformed' as const, step: 's', issues, raw: long };
        collector.add({ kind: 'failed', ...unit, failure });
      }
    }
    return collector.list();
  }

  test.each(evils)(
    'with 100,000 units and thousands of everything else, all of it %j without end',
    (part) => {
      const long = part.repeat(5000);
      const units = unitsOf(long);
      for (const name of ['fail', 'pending', 'error']) {
        const report = swollen(poisoned(reportOf(scenes[name]!), long));
        const counts = { planned: 100_000, valid: 50_000, failed: 50_000, inFlight: 0 };
        const page = toHtml({ ...report, units: counts }, units);
        expect(Buffer.byteLength(page)).toBeLessThan(LIMIT);
        expect(page).toMatch(/[\d,]+ more rows are in <code>report\.json<\/code>/);
        expect(page).toContain('of 100,000 units; all are in <code>results.jsonl</code>');
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

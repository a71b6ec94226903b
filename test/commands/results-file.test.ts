import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { UnitRecord } from '../../src/analysis/record.ts';
import { openResults } from '../../src/commands/result-source.ts';
import { readResultsFile, surveyResultsFile } from '../../src/commands/results-file.ts';
import type { ConfigurationError } from '../../src/pipeline/diagnostic.ts';
import { fc } from '../property.ts';

const folder = mkdtempSync(join(tmpdir(), 'octobatch-results-'));
let files = 0;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string, failures: string | null = null): string {
  const place = mkdtempSync(join(folder, `${files++}-`));
  if (failures !== null) writeFileSync(join(place, 'failures.jsonl'), failures);
  const path = join(place, 'results.jsonl');
  writeFileSync(path, text);
  return path;
}

const REPEATED = '{"unit_id":"a__rep0000","n":1}\r\n\r\n  \n{"unit_id":"a__rep0001","n":2.0}';
const SINGLE = '{"unit_id":"a","n":1}\n{"unit_id":"b","n":"2"}\n';
const FAILED = '{"unit_id":"a__rep0002","kind":"refused","input":{},"errors":[]}\n';

describe('a survey of a results file', () => {
  it('counts what a full reading counts, with ends of lines of any kind and empty lines', async () => {
    for (const [path, valid, repeats] of [
      [fileOf(REPEATED), 2, true],
      [fileOf(SINGLE), 2, false],
      [fileOf(SINGLE, FAILED), 2, true],
      [fileOf(''), 0, false],
    ] as const) {
      expect(await surveyResultsFile(path)).toMatchObject({ repeats });
      const [plain, whole] = await Promise.all(
        [true, false].map((isPlain) => openResults(path, folder, { ...OPTIONS }, isPlain)),
      );
      expect(() => plain?.accounting).toThrow('before its units were read');
      for await (const _ of plain!.records(new Set()));
      expect(plain?.accounting).toEqual(whole?.accounting);
      expect(plain?.accounting).toMatchObject({ valid });
      expect(plain?.pipeline.repeat).toBe(whole?.pipeline.repeat);
    }
  });

  it('says nothing of repetitions where only a later unit may be one', async () => {
    expect(await surveyResultsFile(fileOf(`${SINGLE}{"unit_id":"c__rep0001"}\n`))).toBeNull();
    expect(await surveyResultsFile(fileOf(`${SINGLE}{"unit_id":"c_\\u005frep0001"}\n`))).toBeNull();
  });

  it('says nothing where units are children: what hangs together is seen by reading them', async () => {
    expect(await surveyResultsFile(fileOf('{"unit_id":"a__fan000","n":1}\n'))).toBeNull();
    expect(await surveyResultsFile(fileOf('{"unit_id":"a__rep0000__fan000","n":1}\n'))).toBeNull();
    expect(await surveyResultsFile(fileOf(`${SINGLE}{"unit_id":"a__fan000","n":1}\n`))).toBeNull();
  });

  it('counts failures by kind', async () => {
    const survey = await surveyResultsFile(fileOf(REPEATED, `${FAILED}${FAILED}`));
    expect(survey?.failures).toEqual({ refused: 2 });
  });
});

const OPTIONS = { workerEntry: null, simulatorUrl: null, environment: {} };

/** All units of a file, or the sentence that says what is wrong with it. */
async function unitsOf(
  path: string,
  only: ReadonlySet<string> | null,
): Promise<readonly UnitRecord[] | string> {
  const units: UnitRecord[] = [];
  try {
    for await (const some of readResultsFile(path, only)) units.push(...some);
    return units;
  } catch (error) {
    return (error as ConfigurationError).diagnostics.map(({ what }) => what).join();
  }
}

describe('a results file', () => {
  it('names the line that is no result, also when little of it is read', async () => {
    const path = fileOf(`${SINGLE}\n{"unit_id":"c","n":[1,}\n`);
    for (const only of [null, new Set<string>()])
      expect(await unitsOf(path, only)).toMatch(/^line 4 is no JSON object: /);
  });

  it('gives the same units and the same errors when little of it is read', async () => {
    const value = fc.oneof(fc.json({ maxDepth: 2 }), fc.constantFrom('1', '2.0', '"win"', '"é"', '01', '"a'));
    const id = fc.constantFrom(
      'a',
      'a__rep0000',
      'b__rep12__rep3',
      'c__fan001',
      'd__rep0__fan1',
      '__rep',
      'e1',
    );
    const line = fc.oneof(
      {
        weight: 8,
        arbitrary: fc
          .tuple(id, value, value)
          .map(([unit, n, m]) => `{"unit_id":"${unit}","n":${n},"m":${m}}`),
      },
      { weight: 2, arbitrary: fc.constantFrom('', '  ', '{}', '{"n":1}\r', '{"unit_id":5}', '\u00a0') },
      { weight: 1, arbitrary: fc.string({ maxLength: 5 }).map((text) => text.replaceAll('\n', '')) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.boolean(), async (lines, isEnded) => {
        const path = fileOf(`${lines.join('\n')}${isEnded ? '\n' : ''}`);
        const [some, all] = [await unitsOf(path, new Set(['n'])), await unitsOf(path, null)];
        if (typeof all === 'string' || typeof some === 'string') {
          expect(some).toEqual(all);
          return;
        }
        const asked = (units: readonly UnitRecord[]) =>
          units.map(({ unit, item, fields }) => [unit, item, fields.get('n')]);
        expect(asked(some)).toEqual(asked(all));
        const names = (units: readonly UnitRecord[]) => [
          ...new Set(units.flatMap(({ fields }) => [...fields.keys()])),
        ];
        expect(names(some)).toEqual(names(all));
      }),
      { numRuns: 300 },
    );
  });

  it('may have lines longer than what is read at once', async () => {
    const long = 'x'.repeat(300_000);
    const path = fileOf(['a', 'b', 'c'].map((id) => `{"unit_id":"${id}","n":"${long}${id}"}`).join('\n'));
    for (const only of [null, new Set(['n'])]) {
      const units = await unitsOf(path, only);
      expect(units).toMatchObject([{ unit: 'a' }, { unit: 'b' }, { unit: 'c' }]);
      expect((units as UnitRecord[]).map(({ fields }) => fields.get('n'))).toEqual(
        ['a', 'b', 'c'].map((id) => long + id),
      );
    }
  });
});
